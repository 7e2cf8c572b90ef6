//! Findings that the user accepts without changing the baseline.
//!
//! An entry is matched with every finding, hidden ones too: one that only speaks of what this run hides is not stale.

use std::fmt;

use crate::report::{Category, Finding};
use crate::rules;

/// The entries of the user's file, and what they are held against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignores {
    /// In the order of the file; of several that match, the first gives the reason.
    pub entries: Vec<Ignore>,
    /// The day of the run in UTC, `YYYY-MM-DD`. Empty: nothing expires.
    pub today: String,
    /// Whether the run looks at everything that the entries may be about, so that one without a match can go.
    pub sees_all: bool,
}

/// What is accepted: everything that is set must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignore {
    /// The id of the rule.
    pub rule: Option<String>,
    /// The thing, `tools/NAME`, with `*` for any characters.
    pub at: Option<String>,
    /// The fingerprint of the finding.
    pub fingerprint: Option<String>,
    /// Why it is fine.
    pub reason: String,
    /// The last day on which this counts, `YYYY-MM-DD`.
    pub until: Option<String>,
}

impl Ignore {
    fn matches(&self, finding: &Finding) -> bool {
        self.rule.as_ref().is_none_or(|rule| rule == finding.rule)
            && (self.at.as_ref()).is_none_or(|pattern| fits(pattern, &finding.place.at))
            && (self.fingerprint.as_ref()).is_none_or(|print| *print == finding.fingerprint)
    }
}

impl fmt::Display for Ignore {
    /// ``the ignore of `tool-removed` at `tools/x` ``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the ignore")?;
        if let Some(what) = self.rule.as_ref().or(self.fingerprint.as_ref()) {
            write!(f, " of `{what}`")?;
        }
        match &self.at {
            Some(at) => write!(f, " at `{at}`"),
            None => Ok(()),
        }
    }
}

/// The entries at work: which of them have matched so far.
pub(super) struct Ignoring<'a> {
    ignores: &'a Ignores,
    matched: Vec<bool>,
}

impl<'a> Ignoring<'a> {
    pub(super) fn new(ignores: &'a Ignores) -> Self {
        Self {
            ignores,
            matched: vec![false; ignores.entries.len()],
        }
    }

    /// Gives the finding the reason of the first entry that matches it and still counts.
    pub(super) fn mark(&mut self, finding: &mut Finding) {
        for (entry, matched) in self.ignores.entries.iter().zip(&mut self.matched) {
            if entry.matches(finding) {
                *matched = true;
                if finding.ignored.is_none() && !self.ignores.is_over(entry) {
                    finding.ignored = Some(entry.reason.clone());
                }
            }
        }
    }

    /// What to say of the entries that no longer hold back what they were written for.
    pub(super) fn expired(&self, findings: &[Finding]) -> Vec<String> {
        let mut notes = Vec::new();
        for entry in &self.ignores.entries {
            let again = |finding: &Finding| finding.ignored.is_none() && entry.matches(finding);
            if let Some(until) = &entry.until
                && self.ignores.is_over(entry)
                && findings.iter().any(again)
            {
                notes.push(format!(
                    "{entry} expired on {until}, so what it held back counts again: renew it or remove it"
                ));
            }
        }
        notes
    }

    /// What to say of the entries without a match, after everything was looked at.
    pub(super) fn stale(&self, several: bool) -> Vec<String> {
        let place = if several { " in any server" } else { "" };
        let entries = self.ignores.entries.iter().zip(&self.matched);
        entries
            .filter(|(entry, matched)| self.ignores.sees_all && !**matched && !entry.may_be_quiet())
            .map(|(entry, _)| format!("{entry} matched nothing{place}: remove it"))
            .collect()
    }
}

impl Ignore {
    /// Whether it is about what a server was seen doing, which is not the same each time, nor looked at each time.
    fn may_be_quiet(&self) -> bool {
        let rule = self.rule.as_deref().and_then(rules::find);
        rule.is_some_and(|rule| {
            matches!(
                rule.category,
                Category::Behavior | Category::Error | Category::Performance | Category::Response
            )
        })
    }
}

impl Ignores {
    fn is_over(&self, entry: &Ignore) -> bool {
        // Days of this form sort as text.
        entry
            .until
            .as_ref()
            .is_some_and(|until| *until < self.today)
    }
}

/// Whether a text is of a pattern, in which `*` stands for any characters, none too, and nothing else is special.
pub fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    // The first place of each piece leaves the most for the pieces after it.
    for piece in middle.split('*') {
        let Some(at) = text.find(piece) else {
            return false;
        };
        text = &text[at + piece.len()..];
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_characters_and_nothing_else_is_special() {
        for (pattern, text) in [
            ("tools/search", "tools/search"),
            ("*", ""),
            ("*", "tools/a"),
            ("tools/*", "tools/"),
            ("tools/legacy_*", "tools/legacy_read"),
            ("*/search", "prompts/search"),
            ("tools/*_*_v1", "tools/a_b_c_v1"),
            ("a*a", "aa"),
            ("a**b", "a-b"),
            ("*ab*ab", "abab"),
            ("tools/é*ü", "tools/éüü"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "tools/a"),
            ("tools/search", "tools/searches"),
            ("tools/search", "Tools/search"),
            ("tools/legacy_*", "tools/new_legacy_read"),
            ("a*a", "a"),
            ("*ab*ab", "ab"),
            ("tools/?", "tools/a"),
            ("tools/.*", "tools/a"),
            ("tools/*x*", "tools/abc"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
