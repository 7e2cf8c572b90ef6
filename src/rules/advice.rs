//! Why a finding matters and what to do, where the judge of inclusion knows it better than the rule alone.

use super::Rule;
use crate::diff::{Change, SchemaFact, Side, What};
use crate::report::{self, Decided, PROVEN_CALLS, PROVEN_RESULTS, Severity};

/// Why a change matters, and the next step. `judged` is its severity before any wish of the user.
///
/// A rule speaks of what it mostly finds. A change that is proven harmless, or shown to be none, must not be told
/// with the words for the other.
pub fn advice(rule: &Rule, change: &Change, judged: Severity) -> (&'static str, &'static str) {
    let What::Schema(side, fact) = change.what else {
        return (rule.why, rule.next);
    };
    let usual = rule.severity.usual();
    match change.decided {
        Some(Decided::Proven) if judged == Severity::Info && usual > Severity::Info => {
            let why = match side {
                Side::Input => PROVEN_CALLS,
                Side::Output => PROVEN_RESULTS,
            };
            (why, "Nothing needs to be done.")
        }
        Some(Decided::Refuted) if fact == SchemaFact::Changed => match side {
            Side::Input => (
                "Some calls that work today are refused.",
                "Change those calls, or have what they pass accepted again.",
            ),
            Side::Output => (
                "Clients get values that were not possible before.",
                "Check what relies on the old promise.",
            ),
        },
        Some(Decided::Unknown(doubt)) if fact == SchemaFact::Changed || judged < usual => {
            let why = match side {
                Side::Input => "Some calls that work today may be refused.",
                Side::Output => "Clients may get values that were not possible before.",
            };
            (why, report::advice(doubt))
        }
        _ => (rule.why, rule.next),
    }
}
