//! What a baseline keeps of what was observed before, so that a server that did not change never changes its file.

use std::collections::BTreeMap;

use super::{Answers, Machine, Observed, Shape, Watched};
use crate::measure::{self, Conditions, Verdict};

impl Observed {
    /// What to write where `new` was seen of a server of which `old` stands in the file: what was measured stays as long
    /// as the new samples are no slower and no faster, answers stay as long as they look alike, and what was not seen
    /// this time stays as it is. What is new is added. `threshold` is how much slower, in percent, is drift.
    ///
    /// Times from another kind of machine are neither compared nor added.
    #[must_use]
    pub fn keeping(old: &Self, new: &Self, threshold: f64) -> Self {
        let mut kept = old.clone();
        let timed = match (&old.machine, &new.machine) {
            (Some(before), Some(now)) => before.is_like(now),
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if timed {
            kept.machine.clone_from(&new.machine);
        }
        for (at, seen) in &new.places {
            let watched = kept.places.entry(at.clone()).or_default();
            if timed {
                keep_times(watched, seen, threshold);
            }
            for (key, answers) in &seen.calls {
                match watched.calls.get_mut(key) {
                    Some(known) => known.keep(answers),
                    None => drop(watched.calls.insert(key.clone(), answers.clone())),
                }
            }
        }
        kept.places.retain(|_, watched| !watched.is_empty());
        kept.scenarios.extend(new.scenarios.clone());
        kept
    }
}

impl Machine {
    /// Whether times taken on both can be compared.
    pub fn is_like(&self, other: &Self) -> bool {
        self == other
    }
}

impl Watched {
    fn is_empty(&self) -> bool {
        self.latency.is_empty() && self.calls.is_empty()
    }

    /// Whether the times of both come from the same calls. Other arguments may well take longer.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        self.calls.keys().eq(other.calls.keys())
    }
}

fn keep_times(watched: &mut Watched, seen: &Watched, threshold: f64) {
    let same_calls = watched.asks_the_same(seen);
    let times: &mut BTreeMap<_, _> = &mut watched.latency;
    for (metric, samples) in &seen.latency {
        match times.get(metric) {
            Some(known) if same_calls && is_as_before(known, samples, threshold) => {}
            _ => drop(times.insert(metric.clone(), samples.clone())),
        }
    }
}

/// Whether the samples that stand there are as good as new ones. Those that are too few to be ever judged give way.
fn is_as_before(old: &[u64], new: &[u64], threshold: f64) -> bool {
    match measure::compare(old, new, threshold, Conditions::Apart).verdict {
        Verdict::Same => true,
        Verdict::TooFew => measure::same(old, new),
        Verdict::Slower(_) | Verdict::Faster(_) => false,
    }
}

impl Answers {
    /// Takes over what drifted, part by part.
    fn keep(&mut self, new: &Self) {
        let failing = !self.error_steps(new).is_empty()
            || self.succeeds_less(new)
            || self.times_out_more(new);
        if failing {
            self.asked = new.asked;
            self.timed_out = new.timed_out;
            self.errors.clone_from(&new.errors);
        }
        self.shape = match (self.shape.take(), &new.shape) {
            (Some(old), Some(new)) => Some(keep_shape(old, new)),
            (old, new) => old.or_else(|| new.clone()),
        };
    }
}

/// The shape that stands there, as long as what is new fits into it.
fn keep_shape(old: Shape, new: &Shape) -> Shape {
    let both = old.clone().merge(new);
    if both.to_schema() == old.to_schema() {
        old
    } else {
        new.clone()
    }
}
