//! How long answers take, then and now, and whether that is within what the user allows.

use super::super::change::{Change, What, inside, whole};
use super::{Behaviour, Limits, Unsure, shared};
use crate::json::{Json, Object};
use crate::measure::{self, Confidence, Percentiles, Quantile, Summary, Verdict};
use crate::observed::{CONNECT, Machine, Observed, SERVER};
use crate::report::Place;

/// What became of the time that answers take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// They take longer.
    Slower {
        /// Which of them.
        by: Quantile,
        /// Whether the samples are too few or too uneven to rely on.
        unreliable: bool,
        /// Whether the user asked for samples to rely on.
        asked: bool,
    },
    /// They take less time.
    Faster {
        /// Which of them.
        by: Quantile,
    },
    /// The samples tell less than those that were approved, if still enough.
    LessSure,
}

/// The slowest that answers may be, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// For half of them.
    pub p50: Option<u64>,
    /// For 95 of 100.
    pub p95: Option<u64>,
    /// For 99 of 100.
    pub p99: Option<u64>,
}

/// How many metrics one note names.
const NAMED: usize = 3;

/// How much more two samples may vary before one is called less sure: around a bound it would come and go.
const MUCH_MORE: f64 = 1.5;

/// Compares the times of every metric that both sides have.
pub(super) fn compare(found: &mut Behaviour, old: &Observed, new: &Observed, limits: &Limits) {
    let metrics = || {
        shared(old, new).flat_map(|(at, before, now)| {
            let both = before.latency.iter().filter_map(move |(metric, old)| {
                let new = now.latency.get(metric)?;
                Some((at, metric.as_str(), old.as_slice(), new.as_slice()))
            });
            // One sample tells nothing.
            both.filter(|(_, metric, ..)| *metric != CONNECT)
        })
    };
    if metrics().next().is_none() {
        return;
    }
    if !comparable(old.machine.as_ref(), new.machine.as_ref()) {
        let on = |machine: &Option<Machine>| {
            machine
                .as_ref()
                .map_or_else(|| "an unknown machine".to_owned(), Machine::to_string)
        };
        found.notes.push(format!(
            "latency was not compared: the approved samples were taken on {}, those of now on {} (to hold it to \
             the latter: bellwether baseline save --force)",
            on(&old.machine),
            on(&new.machine)
        ));
        return;
    }
    let mut other_calls = Vec::new();
    let mut doubtful = Vec::new();
    let mut unsure = Vec::new();
    for (at, metric, before, now) in metrics() {
        let same_calls = old.places[at].asks_the_same(&new.places[at]);
        if !same_calls {
            other_calls.push(format!("`{at}`"));
            continue;
        }
        let place = inside(&inside(&whole(at), "latency"), metric);
        if let Some(doubt) = step(found, &place, before, now, limits) {
            doubtful.push(doubt);
        } else if let Some(doubt) = less_sure(found, &place, before, now, limits) {
            unsure.push(doubt);
        }
    }
    if !other_calls.is_empty() {
        found.notes.push(format!(
            "latency was not compared, since the calls are not those of the baseline: {}",
            other_calls.join(", ")
        ));
    }
    if !doubtful.is_empty() {
        found.notes.push(format!(
            "slower, but too uneven to tell the server from a busy machine, since the fastest answers are as fast as \
             before: {} (to count it all the same: check.sampling.failOnLowConfidence)",
            first(&doubtful)
        ));
    }
    if !unsure.is_empty() {
        found
            .notes
            .push(format!("less sure than before: {}", first(&unsure)));
    }
}

/// Tells of every metric that misses the budget of the user.
pub(super) fn hold_budget(changes: &mut Vec<Change>, new: &Observed, budget: &Budget) {
    for (at, watched) in &new.places {
        for (metric, samples) in watched.latency.iter().filter(|(name, _)| *name != CONNECT) {
            let Some(times) = Percentiles::of_sorted(samples) else {
                continue;
            };
            let missed = [
                ("p50", budget.p50, times.p50),
                ("p95", budget.p95, times.p95),
                ("p99", budget.p99, times.p99),
            ];
            let missed = missed.into_iter().filter_map(|(name, most, time)| {
                Some((name, most.filter(|most| time > *most)?, time))
            });
            let (mut limits, mut takes) = (Object::new(), Object::new());
            for (name, most, time) in missed {
                limits.push(name, most);
                takes.push(name, time);
            }
            if !takes.is_empty() {
                let place = inside(&inside(&whole(at), "latency"), metric);
                let (limits, takes) = (Json::from(limits), Json::from(takes));
                changes.push(Change::new(
                    What::Budget,
                    place,
                    Some(&limits),
                    Some(&takes),
                ));
            }
        }
    }
}

/// The metrics of calls that are less sure than `target`.
pub(super) fn below(new: &Observed, target: Confidence) -> Vec<Unsure> {
    let calls = new.places.iter().filter(|(at, _)| *at != SERVER);
    let metrics = calls.flat_map(|(at, watched)| {
        watched.latency.iter().map(move |(metric, samples)| Unsure {
            at: at.clone(),
            metric: metric.clone(),
            samples: Summary::of(samples),
        })
    });
    metrics
        .filter(|metric| metric.samples.confidence() < target)
        .collect()
}

/// Tells whether one metric became slower or faster. Gives a clause where it may have become slower, and a busy machine
/// explains that as well.
fn step(
    found: &mut Behaviour,
    place: &Place,
    old: &[u64],
    new: &[u64],
    limits: &Limits,
) -> Option<String> {
    let compared = measure::compare(old, new, limits.threshold, limits.conditions);
    let asked = limits.target.is_some();
    let pace = match compared.verdict {
        Verdict::Slower(by) => Pace::Slower {
            by,
            unreliable: compared.confidence == Confidence::Low,
            asked,
        },
        Verdict::Faster(by) => Pace::Faster { by },
        Verdict::Same | Verdict::TooFew => return None,
    };
    if compared.counts(asked) {
        push(found, pace, place, old, new);
        return None;
    }
    let (p50, p95) = (compared.p50, compared.p95);
    matches!(pace, Pace::Slower { .. }).then(|| {
        format!(
            "{} (p50 from {} to {}, p95 from {} to {})",
            named(place),
            measure::told(p50.old),
            measure::told(p50.new),
            measure::told(p95.old),
            measure::told(p95.new)
        )
    })
}

/// A clause where a metric is less sure than it was; a change where the user wants to hear of it. Below the target it
/// is the exit code that says so.
fn less_sure(
    found: &mut Behaviour,
    place: &Place,
    old: &[u64],
    new: &[u64],
    limits: &Limits,
) -> Option<String> {
    let (before, now) = (Summary::of(old), Summary::of(new));
    if now.confidence() >= before.confidence() {
        return None;
    }
    let varies = |summary: &Summary| summary.variation.unwrap_or(f64::INFINITY);
    let fewer = now.count < before.count.min(10);
    let clear = fewer || varies(&now) > varies(&before) * MUCH_MORE;
    match limits.target {
        Some(target) => {
            if clear && now.confidence() >= target {
                push(found, Pace::LessSure, place, old, new);
            }
            None
        }
        None => (clear && now.confidence() == Confidence::Low)
            .then(|| format!("{} ({now})", named(place))),
    }
}

/// What was measured, in back-ticks: the request to the server as a whole, or the thing that was called.
fn named(place: &Place) -> String {
    let metric = place.pointer.tokens().last().unwrap_or_default();
    let name = if place.at == SERVER {
        metric.as_ref()
    } else {
        place.at.as_str()
    };
    format!("`{name}`")
}

/// The first of several clauses, and how many more there are.
fn first(clauses: &[String]) -> String {
    let told = clauses.len().min(NAMED);
    let text = clauses[..told].join("; ");
    match clauses.len() - told {
        0 => text,
        more => format!("{text}; and {more} more"),
    }
}

fn push(found: &mut Behaviour, pace: Pace, place: &Place, old: &[u64], new: &[u64]) {
    let (old, new) = (summary(old), summary(new));
    let what = What::Latency(pace);
    found
        .changes
        .push(Change::new(what, place.clone(), Some(&old), Some(&new)));
}

/// What matters of the samples of one side, times in microseconds.
fn summary(samples: &[u64]) -> Json {
    let summary = Summary::of(samples);
    let mut json = Object::new();
    if let Some(times) = summary.percentiles {
        json.push("p50", times.p50);
        json.push("p95", times.p95);
    }
    json.push("n", samples.len() as u64);
    json.push("confidence", summary.confidence().name());
    json.into()
}

fn comparable(old: Option<&Machine>, new: Option<&Machine>) -> bool {
    matches!((old, new), (Some(old), Some(new)) if old.is_like(new))
}
