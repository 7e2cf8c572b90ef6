//! Rules about what a server was seen doing: how fast it answers, how it fails, whether it does what is expected.

use super::{Grade, Rule};
use crate::diff::{Change, Pace, What};
use crate::json::Json;
use crate::measure::told as time;
use crate::observed::ErrorStep;
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "latency-regressed",
        title: "answers take longer than before",
        severity: Grade::Mostly(Severity::Warning, |c| match c.what {
            What::Latency(Pace::Slower {
                unreliable: true,
                asked: false,
                ..
            }) => Severity::Info,
            _ => Severity::Warning,
        }),
        category: Category::Performance,
        why: "Whoever waits for it waits longer, and time-outs come closer. Chance, noise and a slower machine do not explain it.",
        next: "Find what became slower, or save a new baseline if it is worth it.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Latency(Pace::Slower { .. })),
        message: |c| {
            let doubt = match c.what {
                What::Latency(Pace::Slower {
                    unreliable: true, ..
                }) => "; unreliable, since the samples are too few or too uneven",
                _ => "",
            };
            format!("{} became slower: {}{doubt}", metric(c), moves(c))
        },
    },
    Rule {
        id: "latency-improved",
        title: "answers take less time than before",
        severity: Grade::Always(Severity::Info),
        category: Category::Performance,
        why: "Nothing that worked fails. A baseline with the old times would not notice when it becomes as slow again.",
        next: "Save a new baseline to hold it to that.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Latency(Pace::Faster { .. })),
        message: |c| format!("{} became faster: {}", metric(c), moves(c)),
    },
    Rule {
        id: "confidence-degraded",
        title: "times tell less than they did",
        severity: Grade::Always(Severity::Info),
        category: Category::Performance,
        why: "Fewer or less even samples hide what became slower. It is only told with `failOnLowConfidence`; below `targetConfidence` the exit code says it instead.",
        next: "Raise `check.sampling.minSamples`, or measure on a quieter machine.",
        since: "0.1.0",
        applies: |c| c.what == What::Latency(Pace::LessSure),
        message: |c| {
            let side = |side: &Option<Json>| {
                let confidence = side.as_ref().and_then(|side| side.get_str("confidence"));
                let confidence = confidence.unwrap_or_default();
                format!("{confidence} ({} samples)", number(side, "n"))
            };
            let (old, new) = (side(&c.old), side(&c.new));
            format!("the confidence in {} fell from {old} to {new}", metric(c))
        },
    },
    Rule {
        id: "latency-budget-exceeded",
        title: "answers take longer than the budget allows",
        severity: Grade::Always(Severity::Warning),
        category: Category::Performance,
        why: "`check.latencyBudget` holds whatever was before: callers get answers later than somebody promised.",
        next: "Make it faster, or raise the budget.",
        since: "0.1.0",
        applies: |c| c.what == What::Budget,
        message: |c| {
            let missed = ["p50", "p95", "p99"].into_iter().filter_map(|name| {
                let (most, takes) = (micros(&c.old, name)?, micros(&c.new, name)?);
                Some(format!("{name} is {} of {}", time(takes), time(most)))
            });
            let missed: Vec<_> = missed.collect();
            format!("{} is past its budget: {}", metric(c), missed.join(", "))
        },
    },
    Rule {
        id: "success-rate-dropped",
        title: "fewer calls succeed than before",
        severity: Grade::Always(Severity::Warning),
        category: Category::Error,
        why: "The same calls with the same arguments fail more often, which chance does not explain.",
        next: "Look at the errors it gives, and mend what fails.",
        since: "0.1.0",
        applies: |c| c.what == What::SuccessRate,
        message: |c| format!("fewer calls of {} succeed: {}", c.owner(), counts(c)),
    },
    Rule {
        id: "timeouts-increased",
        title: "more calls get no answer in time",
        severity: Grade::Always(Severity::Warning),
        category: Category::Performance,
        why: "A call that gets no answer holds up whoever waits for it, for the whole time-out.",
        next: "Find where it hangs, or raise the time-out.",
        since: "0.1.0",
        applies: |c| c.what == What::TimeOuts,
        message: |c| format!("more calls of {} time out: {}", c.owner(), counts(c)),
    },
    Rule {
        id: "error-category-added",
        title: "calls fail in a way they did not before",
        severity: Grade::Always(Severity::Warning),
        category: Category::Error,
        why: "The same call with the same arguments used not to fail like this, so callers do not expect it.",
        next: "Find why it fails, or have callers handle it.",
        since: "0.1.0",
        applies: |c| c.what == What::Errors(ErrorStep::Added),
        message: |c| {
            let now = rate(&c.new);
            format!("{} now fails with {}: {now}", c.owner(), kind(c))
        },
    },
    Rule {
        id: "error-category-resolved",
        title: "calls no longer fail in one of the ways they did",
        severity: Grade::Always(Severity::Info),
        category: Category::Error,
        why: "What used to fail like this no longer does.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Errors(ErrorStep::Resolved),
        message: |c| format!("{} no longer fails with {}", c.owner(), kind(c)),
    },
    Rule {
        id: "error-rate-increased",
        title: "calls fail more often in a way they did before",
        severity: Grade::Always(Severity::Warning),
        category: Category::Error,
        why: "The same calls with the same arguments fail more often, which chance does not explain.",
        next: "Find why it fails more often.",
        since: "0.1.0",
        applies: |c| c.what == What::Errors(ErrorStep::Increased),
        message: |c| {
            format!(
                "{} fails more often with {}: {}",
                c.owner(),
                kind(c),
                counts(c)
            )
        },
    },
    Rule {
        id: "error-text-changed",
        title: "an error says something else",
        severity: Grade::Always(Severity::Info),
        category: Category::Error,
        why: "Models and people read error texts to find out what to do; programs should not.",
        next: "Check that nothing matches the old text.",
        since: "0.1.0",
        applies: |c| c.what == What::Errors(ErrorStep::Reworded),
        message: |c| {
            format!(
                "what {} says when it fails with {} changed",
                c.owner(),
                kind(c)
            )
        },
    },
    Rule {
        id: "scenario-failed",
        title: "a scenario fails",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Behavior,
        why: "The server does not do what your own scenario expects of it.",
        next: "Mend the server, or the scenario if the server is right.",
        since: "0.1.0",
        applies: |c| c.what == What::Scenario { passed: false },
        message: |c| {
            let why = c.new.as_ref().and_then(Json::as_str);
            match why.filter(|why| *why != "failed") {
                Some(why) => format!("scenario {} failed: {why}", c.owner()),
                None => format!("scenario {} failed", c.owner()),
            }
        },
    },
    Rule {
        id: "scenario-recovered",
        title: "a scenario passes again",
        severity: Grade::Always(Severity::Info),
        category: Category::Behavior,
        why: "The server does again what your own scenario expects of it.",
        next: "Save a new baseline to hold it to that.",
        since: "0.1.0",
        applies: |c| c.what == What::Scenario { passed: true },
        message: |c| format!("scenario {} passes again", c.owner()),
    },
];

/// What was measured: `call` of a tool, or a request to the server as a whole.
fn metric(change: &Change) -> String {
    let metric = change.member();
    match change.place.at.as_str() {
        crate::observed::SERVER => format!("`{metric}`"),
        _ => change.owner(),
    }
}

/// Where P50 and P95 went: `p50 from 8.1 ms to 15 ms (+85 %), p95 from …; 25 samples, 25 before`.
fn moves(change: &Change) -> String {
    let percentile = |name| {
        let (old, new) = (micros(&change.old, name)?, micros(&change.new, name)?);
        let percent = if old == 0 {
            String::new()
        } else {
            let rise = (new as f64 / old as f64 - 1.0) * 100.0;
            format!(" ({rise:+.0} %)")
        };
        Some(format!(
            "{name} from {} to {}{percent}",
            time(old),
            time(new)
        ))
    };
    let moves: Vec<_> = ["p50", "p95"].into_iter().filter_map(percentile).collect();
    let (old, new) = (number(&change.old, "n"), number(&change.new, "n"));
    format!("{}; {new} samples, {old} before", moves.join(", "))
}

/// The kind of error, as a reader says it.
fn kind(change: &Change) -> &'static str {
    match change.member().as_str() {
        "validation" => "a validation error",
        "notFound" => "a \"not found\" error",
        "permission" => "a permission error",
        "timeout" => "a time-out error of its own",
        "rateLimit" => "a rate limit error",
        "unavailable" => "an \"unavailable\" error",
        "internal" => "an internal error",
        _ => "an error of another kind",
    }
}

/// So many of so many, before and after.
fn counts(change: &Change) -> String {
    format!("{}, {} before", rate(&change.new), rate(&change.old))
}

fn rate(side: &Option<Json>) -> String {
    format!("{} of {}", number(side, "count"), number(side, "of"))
}

fn number(side: &Option<Json>, name: &str) -> u64 {
    micros(side, name).unwrap_or(0)
}

/// A whole number among the members of a value.
fn micros(side: &Option<Json>, name: &str) -> Option<u64> {
    match side.as_ref()?.get(name)? {
        Json::Number(number) => u64::try_from(number.as_i64()?).ok(),
        _ => None,
    }
}
