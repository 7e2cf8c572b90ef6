//! The acceptance in a file of the TypeScript bellwether: who accepted the state that the file holds, when and why.
//!
//! It becomes the first entry of the trail. What was accepted cannot: the file has only names and counts of it, so the
//! entry changes nothing, and a note tells what they are.

use super::trail::{Action, Decision, Who};
use crate::json::Json;
use crate::report::Severity;
use crate::surface::Surface;
use crate::text;

/// What stands in the trail where the file does not say it.
const NOT_RECORDED: &str = "not recorded";

/// The members of an acceptance that are read.
const READ: [&str; 4] = ["acceptedAt", "acceptedBy", "reason", "acceptedDiff"];

/// The lists of an accepted difference, each with what happened to the tools in it.
const TOOLS: [(&str, &str); 3] = [
    ("toolsAdded", "added"),
    ("toolsRemoved", "removed"),
    ("toolsModified", "changed"),
];

/// The acceptance as a decision about this surface, where its time can be read, and what is to be said of it.
pub(super) fn read<'a>(
    acceptance: &Json,
    source: &str,
    surface: &'a Surface,
) -> (Option<Decision<'a>>, Vec<String>) {
    let said = |name: &str| {
        let text = acceptance.get_str(name).map(str::trim);
        text.filter(|text| !text.is_empty())
    };
    let at = said("acceptedAt").and_then(in_seconds);
    let mut notes = vec![match &at {
        Some(_) => {
            "its `acceptance` is the first entry of the trail, as it was recorded".to_owned()
        }
        None => format!(
            "its `acceptance` is not taken over, since `acceptedAt` is no time in UTC: by {}, reason: {}",
            text::quoted(said("acceptedBy").unwrap_or(NOT_RECORDED)),
            text::quoted(said("reason").unwrap_or(NOT_RECORDED)),
        ),
    }];
    let accepted = acceptance.get("acceptedDiff");
    for (member, happened) in TOOLS {
        let names: Vec<String> = accepted
            .and_then(|accepted| accepted.get(member)?.as_array())
            .unwrap_or_default()
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        let lead = format!("of its `acceptance` not taken over, tools that were {happened}");
        notes.extend(text::name_lines(&lead, &names));
    }
    let counts: Vec<String> = ["breaking", "warning", "info"]
        .iter()
        .filter_map(
            |severity| match accepted?.get(&format!("{severity}Count"))? {
                Json::Number(count) => Some(format!("{} {severity}", count.as_f64())),
                _ => None,
            },
        )
        .collect();
    if !counts.is_empty() {
        notes.push(format!(
            "of its `acceptance` not taken over, how many findings there were: {}",
            counts.join(", ")
        ));
    }
    let members = acceptance.as_object();
    let unknown: Vec<String> = members
        .into_iter()
        .flat_map(|members| members.iter())
        .filter(|(name, _)| !READ.contains(name))
        .map(|(name, _)| format!("acceptance.{name}"))
        .collect();
    notes.extend(text::name_lines("not taken over", &unknown));
    let decision = at.map(|at| Decision {
        action: Action::Accepted,
        at,
        who: Who {
            name: said("acceptedBy").unwrap_or(NOT_RECORDED).to_owned(),
            source: source.to_owned(),
        },
        reason: said("reason").unwrap_or(NOT_RECORDED).to_owned(),
        ticket: None,
        expires: None,
        verdict: accepted
            .and_then(|accepted| accepted.get_str("severity"))
            .and_then(severity),
        findings: Vec::new(),
        before: surface,
        after: surface,
        joins: Vec::new(),
    });
    (decision, notes)
}

/// `2026-02-03T10:00:00.123Z` as the trail writes it, `2026-02-03T10:00:00Z`; nothing for any other form.
fn in_seconds(time: &str) -> Option<String> {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    let (seconds, rest) = time.split_at_checked(FORM.len())?;
    let fits = seconds.bytes().zip(FORM).all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        other => byte == *other,
    });
    let fraction = rest.strip_suffix('Z')?;
    let is_fraction = fraction.is_empty()
        || fraction
            .strip_prefix('.')
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let within = |from: usize, most: u8| {
        seconds[from..from + 2]
            .parse::<u8>()
            .is_ok_and(|n| n <= most)
    };
    let exists = || {
        let day = |from| within(from, 31) && &seconds[from..from + 2] != "00";
        within(5, 12) && day(5) && day(8) && within(11, 23) && within(14, 59) && within(17, 59)
    };
    (fits && is_fraction && exists()).then(|| format!("{seconds}Z"))
}

fn severity(word: &str) -> Option<Severity> {
    [Severity::Info, Severity::Warning, Severity::Breaking]
        .into_iter()
        .find(|severity| severity.name() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_time_in_utc_is_taken_over() {
        for (time, read) in [
            ("2026-02-03T10:00:09.123Z", Some("2026-02-03T10:00:09Z")),
            ("2026-02-03T10:00:09Z", Some("2026-02-03T10:00:09Z")),
            ("2026-02-03T10:00:09+01:00", None),
            ("2026-02-03", None),
            ("2026-13-03T10:00:09Z", None),
            ("2026-00-03T10:00:09Z", None),
            ("2026-02-03T24:00:09Z", None),
            ("2026-02-03T10:00:09.Zü", None),
            ("Tue Feb 03 2026 10:00:09 GMT+0100", None),
            ("", None),
        ] {
            assert_eq!(in_seconds(time).as_deref(), read, "{time}");
        }
    }
}
