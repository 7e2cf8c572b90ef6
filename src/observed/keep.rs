//! What a baseline keeps of what was observed before, so that a server that did not change never changes its file.

use std::collections::BTreeMap;

use super::{Machine, Observed, Shape, Watched};
use crate::measure::{self, Conditions, Verdict};

/// What decides whether something is still as it was.
#[derive(Clone, Copy)]
pub struct Keeping<'a> {
    /// How much slower, in percent, is drift.
    pub threshold: f64,
    /// Whether a rise is drift also where the samples leave it unsure.
    pub doubtful: bool,
    /// Whether times from another kind of machine take the place of those that stand there.
    pub moves: bool,
    /// Whether the answers of a place drifted from one shape to another.
    pub drifted: &'a dyn Fn(&str, &Shape, &Shape) -> bool,
}

impl Observed {
    /// What to write where `new` was seen of a server of which `old` stands in the file: what was measured stays as long
    /// as the new samples are no slower and no faster, answers stay as long as they look alike, and what was not seen
    /// this time stays as it is. What is new is added.
    ///
    /// Times from another kind of machine are neither compared nor added, unless they are to replace all others.
    #[must_use]
    pub fn keeping(old: &Self, new: &Self, keeping: &Keeping<'_>) -> Self {
        let mut kept = old.clone();
        let timed = match (&old.machine, &new.machine) {
            (Some(before), Some(now)) => before.is_like(now),
            (None, Some(_)) => true,
            (_, None) => false,
        };
        let moves = !timed && keeping.moves && new.machine.is_some();
        if moves {
            let watched = kept.places.values_mut();
            watched.for_each(|watched| watched.latency.clear());
        }
        let timed = timed || moves;
        if timed {
            kept.machine.clone_from(&new.machine);
        }
        for (at, seen) in &new.places {
            let watched = kept.places.entry(at.clone()).or_default();
            if timed {
                keep_times(watched, seen, keeping);
            }
            keep_answers(watched, seen, |old, new| (keeping.drifted)(at, old, new));
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

fn keep_times(watched: &mut Watched, seen: &Watched, keeping: &Keeping<'_>) {
    let same_calls = watched.asks_the_same(seen);
    let times: &mut BTreeMap<_, _> = &mut watched.latency;
    for (metric, samples) in &seen.latency {
        match times.get(metric) {
            Some(known) if same_calls && is_as_before(known, samples, keeping) => {}
            _ => drop(times.insert(metric.clone(), samples.clone())),
        }
    }
}

/// Whether the samples that stand there are as good as new ones. Those that are too few to be ever judged give way.
fn is_as_before(old: &[u64], new: &[u64], keeping: &Keeping<'_>) -> bool {
    let compared = measure::compare(old, new, keeping.threshold, Conditions::Apart);
    match compared.verdict {
        Verdict::TooFew => measure::same(old, new),
        _ => !compared.counts(keeping.doubtful),
    }
}

/// Adds the calls that were not made before. All that were made again are taken over where one of them drifted: they
/// are compared together, so that what is told of them would not go away otherwise.
fn keep_answers(watched: &mut Watched, seen: &Watched, drifted: impl Fn(&Shape, &Shape) -> bool) {
    for (key, answers) in &seen.calls {
        let known = watched.calls.entry(key.clone());
        known.or_insert_with(|| answers.clone());
    }
    let (old, new) = (watched.shared(seen), seen.shared(watched));
    let reshaped = match (&old.shape, &new.shape) {
        (Some(old), Some(new)) => drifted(old, new),
        (old, new) => old.is_none() && new.is_some(),
    };
    let fails =
        !old.error_steps(&new).is_empty() || old.succeeds_less(&new) || old.times_out_more(&new);
    if reshaped || fails {
        watched.calls.extend(seen.calls.clone());
    }
}
