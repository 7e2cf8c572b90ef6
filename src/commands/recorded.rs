//! What a decision records: who made it, words that its readers see, a day to come, the findings.

use super::who::who;
use super::{Context, output};
use crate::baseline::selection::Told;
use crate::baseline::trail::{Action, Decision, Recorded, Who};
use crate::cli::DecisionArgs;
use crate::config::leaf;
use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::surface::Surface;
use crate::text;

/// Line and paragraph separator, which end a line as a control character does.
const LINE_ENDS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// Who decides, where it is tracked, and how long it holds.
pub(super) struct By {
    /// Who decides.
    pub(super) who: Who,
    /// Where it is tracked.
    pub(super) ticket: Option<String>,
    /// The last day before it is due for review.
    pub(super) expires: Option<String>,
}

impl By {
    /// Who decides here; `doing` says what is not done otherwise.
    ///
    /// # Errors
    /// Nobody is named anywhere, or an empty name was given.
    pub(super) fn new(
        given: Option<&str>,
        doing: &str,
        context: &Context,
    ) -> Result<Self, Failure> {
        Ok(Self {
            who: who(given, doing, context)?,
            ticket: None,
            expires: None,
        })
    }

    /// Who decides, with what the command line says besides.
    ///
    /// # Errors
    /// As [`new`](Self::new) and [`recorded`]; what is no day, or one that has passed.
    pub(super) fn of(args: &DecisionArgs, doing: &str, context: &Context) -> Result<Self, Failure> {
        let by = Self::new(args.accepted_by.as_deref(), doing, context)?;
        let ticket = args.ticket.as_deref();
        let expires = args.expires.as_deref();
        Ok(Self {
            ticket: ticket.map(|text| recorded("--ticket", text)).transpose()?,
            expires: expires
                .map(|day| day_to_come("--expires", day))
                .transpose()?,
            ..by
        })
    }

    /// A decision that is made now and leads from one surface to another, without secrets and without findings yet.
    pub(super) fn decision<'a>(
        &self,
        action: Action,
        reason: &str,
        (before, after): (&'a Surface, &'a Surface),
        secrets: &Secrets,
    ) -> Decision<'a> {
        let clean = |text: &str| secrets.redact(text).into_owned();
        Decision {
            action,
            at: output::now(),
            who: Who {
                name: clean(&self.who.name),
                source: self.who.source.clone(),
            },
            reason: clean(reason),
            ticket: self.ticket.as_deref().map(clean),
            expires: self.expires.clone(),
            verdict: None,
            findings: Vec::new(),
            before,
            after,
            joins: Vec::new(),
        }
    }
}

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
fn day_to_come(option: &str, text: &str) -> Result<String, Failure> {
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
