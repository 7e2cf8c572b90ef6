//! Why a selection comes to nothing.

use std::fmt;

use super::Told;
use crate::report::Severity;

/// Why nothing is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A selector fits nothing that drifted.
    Unmatched {
        /// The selector as it was written.
        selector: String,
        /// What drifted.
        drifted: Vec<String>,
    },
    /// Only findings that sum up others were selected.
    OnlySummaries,
    /// Findings were selected by a severity that none has.
    NoneUpTo(Severity),
    /// Things that would be taken over have findings that were not selected: each with one of these.
    Entangled(Vec<(String, Told)>),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmatched { selector, .. } => {
                write!(f, "`{selector}` fits nothing that drifted")
            }
            Self::OnlySummaries => {
                f.write_str("what was selected only sums up what other findings tell")
            }
            Self::NoneUpTo(most) => {
                write!(
                    f,
                    "no finding that was selected is {} or milder",
                    most.name()
                )
            }
            Self::Entangled(things) => {
                let named: Vec<String> = things
                    .iter()
                    .map(|(thing, told)| {
                        let (severity, rule) = (told.severity.name(), &told.rule);
                        format!("`{thing}` has another finding, {severity}[{rule}]")
                    })
                    .collect();
                f.write_str(&named.join("; "))
            }
        }
    }
}

impl std::error::Error for Refusal {}
