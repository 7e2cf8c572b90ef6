//! From the findings of every server to one exit code, and the sentence that says what decided it.

use super::{Policy, reaches};
use crate::exit::Exit;
use crate::report::{Finding, Severity, Target, Verdict};

/// What there was of a server besides findings that count.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// A baseline.
    pub(super) compared: bool,
    /// Changes that the policy hides.
    pub(super) hides: bool,
    /// Findings that are ignored; filled in here.
    pub(super) ignores: bool,
}

/// What the findings of one server come down to under its own policy.
pub(super) struct Decision {
    target: String,
    seen: Seen,
    /// The worst that is shown and not ignored.
    worst: Option<Severity>,
    exit: Exit,
    /// What decided the exit code; empty where no finding counts.
    why: String,
}

impl Decision {
    /// Decides about one server, whose findings count unless they have a reason to be ignored.
    pub(super) fn of(target: &str, findings: &[Finding], seen: Seen, policy: &Policy) -> Self {
        let seen = Seen {
            ignores: findings.iter().any(|finding| finding.ignored.is_some()),
            ..seen
        };
        let counted = || findings.iter().filter(|finding| finding.ignored.is_none());
        let worst = counted().map(|finding| finding.severity).max();
        let first = counted()
            .filter(|finding| Some(finding.severity) == worst)
            .min_by_key(|finding| (&finding.place, finding.rule, &finding.fingerprint));
        let (exit, why) = match (first, &policy.fail_on) {
            (None, _) => (Exit::Clean, String::new()),
            (Some(finding), Some(threshold))
                if !policy.fail_on_drift && !reaches(finding.severity, threshold) =>
            {
                let article = if finding.severity == Severity::Warning {
                    "a "
                } else {
                    ""
                };
                let why = format!(
                    "the worst drift is {article}{}, below {}",
                    finding.severity.name(),
                    threshold.source
                );
                (Exit::Clean, why)
            }
            (Some(finding), _) => (
                Exit::from(finding.severity),
                format!("rule {}", finding.rule),
            ),
        };
        Self {
            target: target.to_owned(),
            seen,
            worst,
            exit,
            why,
        }
    }
}

impl Seen {
    /// Why no finding counts. Where nothing was approved yet, nothing can have drifted.
    fn sentence(self) -> &'static str {
        match (self.ignores, self.hides, self.compared) {
            (true, true, _) => "no drift but what is ignored or hidden",
            (true, false, _) => "no drift but what is ignored",
            (false, true, _) => "no drift but what is hidden",
            (false, false, true) => "no drift",
            (false, false, false) => "there is no baseline to compare with",
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            compared: self.compared || other.compared,
            hides: self.hides || other.hides,
            ignores: self.ignores || other.ignores,
        }
    }
}

/// The verdict over all servers: the worst decision wins, behind servers that could not be checked and before `doubts`
/// (metrics that are less sure than they should be, each in a clause).
pub(super) fn verdict(
    decisions: &[Decision],
    targets: &[Target],
    doubts: &[String],
    complete: bool,
) -> Verdict {
    let drift = decisions
        .iter()
        .fold(Exit::Clean, |worst, one| worst.worse(one.exit));
    let doubt = if doubts.is_empty() {
        Exit::Clean
    } else {
        Exit::LowConfidence
    };
    let failed: Vec<_> = targets
        .iter()
        .filter(|target| target.error.is_some())
        .collect();
    let (exit_code, decided_by) = match (failed.as_slice(), doubts, drift.worse(doubt)) {
        ([first, rest @ ..], ..) => (Exit::Error, unchecked(first, rest.len())),
        ([], [first, rest @ ..], exit @ Exit::LowConfidence) => {
            let doubt = match rest.len() {
                0 => first.clone(),
                count => format!("{first} (and {count} more)"),
            };
            (exit, doubt)
        }
        ([], _, exit) => (exit, sentence(decisions, drift)),
    };
    Verdict {
        severity: decisions.iter().filter_map(|one| one.worst).max(),
        exit_code,
        decided_by,
        complete,
    }
}

fn unchecked(first: &Target, others: usize) -> String {
    match others {
        0 => format!("`{}` was not checked", first.name),
        count => format!("`{}` and {count} more were not checked", first.name),
    }
}

/// The sentence of the server that decided: of those with this exit code the one with the worst drift, then the first.
fn sentence(decisions: &[Decision], exit: Exit) -> String {
    let deciding = decisions.iter().filter(|one| one.exit == exit);
    // Of equals `max_by_key` gives the last.
    match deciding.rev().max_by_key(|one| one.worst) {
        Some(one) if one.worst.is_some() && decisions.len() > 1 => {
            format!("`{}`: {}", one.target, one.why)
        }
        Some(one) if one.worst.is_some() => one.why.clone(),
        _ => decisions
            .iter()
            .fold(Seen::default(), |all, one| all.or(one.seen))
            .sentence()
            .to_owned(),
    }
}
