//! What a decision records: words that its readers see, a day to come, the findings.

use super::output;
use crate::baseline::selection::Told;
use crate::baseline::trail::Recorded;
use crate::config::leaf;
use crate::failure::Failure;
use crate::text;

/// Line and paragraph separator, which end a line as a control character does.
const LINE_ENDS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// A text that is recorded: on one line, and every character of it is one that its readers see.
///
/// # Errors
/// A blank text, or one with a control character or another that nobody sees.
pub(super) fn recorded(option: &str, text: &str) -> Result<String, Failure> {
    // Blanks of other widths come with text that was copied from a page.
    let is_blank = |c: char| c.is_whitespace() && !c.is_control() && !LINE_ENDS.contains(&c);
    let text = text.trim().replace(is_blank, " ");
    let wrong = |cause: String, next: String| {
        Err(Failure::new("usage", "nothing was written")
            .cause(format!("`{option}` {cause}"))
            .next(next))
    };
    if text.is_empty() {
        return wrong(
            "is blank".to_owned(),
            format!("say it: {option} 'in a few words'"),
        );
    }
    match text::unseen(&text) {
        None => Ok(text),
        Some(c) if c.is_control() || LINE_ENDS.contains(&c) => wrong(
            "has a line break or another control character".to_owned(),
            "write it on one line".to_owned(),
        ),
        Some(c) => wrong(
            format!("has a character that nobody sees (U+{:04X})", u32::from(c)),
            "type it anew".to_owned(),
        ),
    }
}

/// A day that has not passed yet.
///
/// # Errors
/// What is no day, or one that has passed.
pub(super) fn day_to_come(option: &str, text: &str) -> Result<String, Failure> {
    let wrong = |cause: String| {
        Failure::new("usage", "nothing was accepted")
            .cause(format!("`{option}`: {cause}"))
            .next(format!("give a day to come: {option} 2027-03-01"))
    };
    let day = leaf::date(text).map(|()| text.to_owned()).map_err(&wrong)?;
    if day < output::today() {
        return Err(wrong(format!("{day} has passed")));
    }
    Ok(day)
}

/// A finding as the trail keeps it.
pub(super) fn record(told: &Told) -> Recorded {
    Recorded {
        rule: told.rule.clone(),
        severity: told.severity,
        at: told.at.clone(),
        pointer: told.pointer.clone(),
        fingerprint: told.fingerprint.clone(),
        message: told.message.clone(),
    }
}
