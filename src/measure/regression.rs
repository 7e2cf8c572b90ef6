//! Is NEW slower than OLD? Or faster? Told only where neither chance nor a machine in another mood explains it.
//!
//! Slower means all of these at once:
//!
//! * **More than the threshold.** The P50 rose by more than the user's percentage.
//! * **More than noise.** It rose by more than [`NOISE`], below which clock and scheduler have the say.
//! * **More than chance.** A rank test (Mann-Whitney, exact) of NEW against OLD slowed down by half of the threshold, as a
//!   factor. It counts which samples are larger, not by how much, so that no outlier decides and no shape of distribution
//!   is assumed. Half of the threshold: the rise is proven to be a good part of what the user worries about and estimated to
//!   be all of it, so that one of half the threshold stays quiet, and one of well over it needs no hundreds of samples.
//! * **More than the machine.** Where the two runs were not side by side, a rank test against OLD on a machine that runs at
//!   any speed within ±10 % of its usual one, in either run, averaged over all such pairs of speeds. One run at 0.9 and one
//!   at 1.1 differ by 22 %, which no number of samples shows to be innocent: the runs have to differ by more.
//!
//! A P95 that rises alone is judged by how many new samples lie above the P95 of before, again exact. Few samples say little
//! about a tail, so it takes many slow calls: that is what 25 samples can know.
//!
//! How often this is wrong and how often it finds what is there is simulated (`tests/simulation.rs`, and at length
//! `cargo run --release --example simulation`).

use super::chance::{self, Wins};
use super::summary::{Confidence, Percentiles, Summary, rank};

/// How unlikely it has to be that a P50 of a server as before looks like this: 40 in a million.
///
/// A server with 20 tools is to raise at most one false alarm in 1,000 runs, all of its metrics together: 50 in a million
/// for each. The P50 has 40 of them, a P95 by itself 4, and two rates (`rates`) have 3 each.
const MEDIAN_ALPHA: f64 = 4e-5;

/// The same averaged over the speeds of the machine.
///
/// Half of the above, as that average rests on a picture of machines while the rest is counted: a server that, on top of a
/// machine in another mood, always answers slowly at first stays within the promise, too.
const AT_ANY_SPEED_ALPHA: f64 = 2e-5;

/// The same for a P95.
const TAIL_ALPHA: f64 = 4e-6;

/// The least rise of a percentile that is worth a word, in microseconds.
///
/// A process that wakes up while another one computes waits for a slice of the scheduler, 0.75 to 3 ms on Linux with 1 to 8
/// processors and about 1 ms elsewhere; a busier machine moves half of all samples by about that. No caller of a tool
/// notices 1 ms.
pub const NOISE: u64 = 1_000;

/// How many more samples of NEW are worth taking where a rise is [`suspected`], and how many a baseline is better off with
/// from the start.
pub const MORE_SAMPLES: u32 = 40;

/// A machine runs at this part of its usual speed, at worst, and at this much more, at best.
const SPEEDS: (f64, f64) = (0.9, 1.1);

/// Into how many steps each half of the speeds is cut to average over them. Each step counts as its slowest end, which makes
/// the test stricter by half a step: a quarter of a percent.
const STEPS: i32 = 40;

/// So many times as many samples make a baseline that was too small for any judgement out of date.
const OUTGROWN: usize = 4;

/// How the samples of the two sides were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conditions {
    /// In two runs, of which the machine may have done one faster: a check against a baseline.
    Apart,
    /// In turn, A B A B, in one run on one machine: a check of two servers against each other.
    SideBySide,
}

/// Of which part of the samples a verdict speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantile {
    /// The usual call: half of the calls are no slower.
    P50,
    /// The slow calls: 5 of 100 are slower still.
    P95,
}

impl Quantile {
    /// The name used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::P50 => "p50",
            Self::P95 => "p95",
        }
    }
}

/// What became of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// So few samples that even the clearest difference could be chance.
    TooFew,
    /// Nothing that chance, noise, the machine or the threshold does not cover.
    Same,
    /// Slower, and by which part of the samples: the P95 only where the P50 does not show it.
    Slower(Quantile),
    /// Faster, by the same evidence with the sides exchanged.
    Faster(Quantile),
}

/// A percentile before and after, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Before; 0 where there are no samples.
    pub old: u64,
    /// After; 0 where there are no samples.
    pub new: u64,
}

impl Move {
    /// By how many percent of OLD it rose; below 0 where it fell. Nothing where OLD is 0.
    pub fn percent(self) -> Option<f64> {
        (self.old > 0).then(|| (self.new as f64 / self.old as f64 - 1.0) * 100.0)
    }

    /// Whether it rose by more than a factor says, and by more than noise.
    fn passes(self, factor: f64) -> bool {
        self.new.saturating_sub(self.old) > NOISE && self.new as f64 > self.old as f64 * factor
    }
}

/// Two sets of samples of one metric, compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// What became of it.
    pub verdict: Verdict,
    /// Where the P50 went.
    pub p50: Move,
    /// Where the P95 went.
    pub p95: Move,
    /// How likely, at most, a server as before looks like this by chance; only where it is slower or faster.
    pub chance: Option<f64>,
    /// How sure the less sure side is.
    pub confidence: Confidence,
    /// Whether even the fastest answers take longer, by the threshold and by more than noise. Where other work keeps a
    /// machine busy, some answers still come as fast as ever.
    pub throughout: bool,
}

impl Comparison {
    /// Whether it is worth a finding. Samples that are too few or too uneven to rely on show a busy machine more often than
    /// a slower server: they count where all answers became slower, and where `doubtful` ones are wanted, too.
    pub fn counts(&self, doubtful: bool) -> bool {
        let sure = self.confidence > Confidence::Low;
        match self.verdict {
            Verdict::Slower(_) => sure || doubtful || self.throughout,
            Verdict::Faster(_) => sure,
            Verdict::Same | Verdict::TooFew => false,
        }
    }
}

/// Compares two sets of samples in microseconds, in any order, by a threshold in percent.
///
/// Where a rise is [`suspected`] and time allows, NEW is to be sampled further first and then judged as a whole. That leaves
/// the rate of false alarms as it is: what alarms would have done so had all samples been taken at once.
///
/// Faster is slower with the sides exchanged: with a threshold of 25 %, OLD has to take 1.25 times what NEW takes.
pub fn compare(
    old: &[u64],
    new: &[u64],
    threshold_percent: f64,
    conditions: Conditions,
) -> Comparison {
    let (before, after) = (Side::of(old), Side::of(new));
    let threshold = factor(threshold_percent);
    let (verdict, chance) = if !enough(old.len(), new.len(), conditions) {
        (Verdict::TooFew, None)
    } else if let Some((quantile, chance)) = slower(&before, &after, threshold, conditions) {
        (Verdict::Slower(quantile), Some(chance))
    } else if let Some((quantile, chance)) = slower(&after, &before, threshold, conditions) {
        (Verdict::Faster(quantile), Some(chance))
    } else {
        (Verdict::Same, None)
    };
    let went = |of: fn(&Percentiles) -> u64| Move {
        old: before.percentiles.as_ref().map_or(0, of),
        new: after.percentiles.as_ref().map_or(0, of),
    };
    Comparison {
        verdict,
        p50: went(|percentiles| percentiles.p50),
        p95: went(|percentiles| percentiles.p95),
        chance,
        confidence: Summary::of(old)
            .confidence()
            .min(Summary::of(new).confidence()),
        throughout: went(|percentiles| percentiles.min).passes(threshold),
    }
}

/// Whether NEW may be slower, so that [`MORE_SAMPLES`] of it are worth their time.
///
/// Meant to be generous: it asks for half of the threshold and for a chance of 1 in 20, and is there whenever [`compare`]
/// calls NEW slower. Silent where even with more samples nothing could be proven.
pub fn suspected(old: &[u64], new: &[u64], threshold_percent: f64) -> bool {
    const ONE_IN_20: f64 = 0.05;
    let more = new.len() + MORE_SAMPLES as usize;
    if new.is_empty() || !enough(old.len(), more, Conditions::SideBySide) {
        return false;
    }
    let (before, after) = (Side::of(old), Side::of(new));
    let (Some(old), Some(new)) = (before.percentiles, after.percentiles) else {
        return false;
    };
    let went = |old, new| Move { old, new };
    let usual = || {
        went(old.p50, new.p50).passes(factor(threshold_percent / 2.0))
            && before.roughly(&after, 1.0) <= ONE_IN_20
    };
    let slow = || {
        went(old.p95, new.p95).passes(factor(threshold_percent))
            && before.exceeded(&after, 1.0) <= ONE_IN_20
    };
    usual() || slow()
}

/// Whether NEW is statistically the same as OLD, so that OLD is kept in the baseline.
///
/// It is where nobody can tell that the server became slower or faster by anything, however little, also because there are
/// too few samples. Keeping the first samples has a second use: a server that becomes a little slower again and again is
/// compared with what was approved, not with yesterday.
///
/// Two exceptions let a baseline improve: no samples are not the same as some, and samples too few to be ever judged give
/// way to four times as many.
pub fn same(old: &[u64], new: &[u64]) -> bool {
    if old.is_empty() {
        return new.is_empty();
    }
    let useful = enough(old.len(), old.len(), Conditions::Apart);
    if !useful && new.len() >= OUTGROWN * old.len() {
        return false;
    }
    let verdict = compare(old, new, 0.0, Conditions::Apart).verdict;
    matches!(verdict, Verdict::Same | Verdict::TooFew)
}

/// Whether so many samples could prove anything, were each new one slower than each old one: 10 a side, or 9 side by side.
fn enough(olds: usize, news: usize, conditions: Conditions) -> bool {
    let alpha = match conditions {
        Conditions::Apart => AT_ANY_SPEED_ALPHA,
        Conditions::SideBySide => MEDIAN_ALPHA,
    };
    chance::smallest(olds, news) <= alpha
}

/// One side of a comparison.
struct Side {
    /// In rising order.
    samples: Vec<u64>,
    percentiles: Option<Percentiles>,
}

impl Side {
    fn of(samples: &[u64]) -> Self {
        let mut samples = samples.to_vec();
        samples.sort_unstable();
        Self {
            percentiles: Percentiles::of_sorted(&samples),
            samples,
        }
    }

    /// How likely chance explains the wins of `other` against this side slowed down by a factor, roughly.
    fn roughly(&self, other: &Self, factor: f64) -> f64 {
        let wins = self.wins(other, factor);
        chance::roughly(self.samples.len(), other.samples.len(), wins)
    }

    /// How many pairs `other` wins against this side slowed down by a factor.
    fn wins(&self, other: &Self, factor: f64) -> usize {
        chance::wins(&self.samples, &other.samples, factor)
    }

    /// How likely chance alone brings so many samples of `other` above this side's P95 slowed down by a factor.
    fn exceeded(&self, other: &Self, factor: f64) -> f64 {
        let count = self.samples.len();
        let rank = rank(95, count);
        let limit = self.samples[rank - 1] as f64 * factor;
        let below = other.samples.partition_point(|s| *s as f64 <= limit);
        let above = other.samples.len() - below;
        chance::exceeding(count, rank, other.samples.len(), above)
    }
}

/// Whether `after` is slower than `before`, by what, and how likely that is chance.
fn slower(
    before: &Side,
    after: &Side,
    threshold: f64,
    conditions: Conditions,
) -> Option<(Quantile, f64)> {
    let (old, new) = (before.percentiles?, after.percentiles?);
    let went = |old, new| Move { old, new };
    // Half of the way from no change to the threshold, as factors go.
    let half = threshold.sqrt();
    // Counting is worth its time only where the rough answer leaves anything open: where 1 in 100 has become 40 in a million.
    if went(old.p50, new.p50).passes(threshold) && before.roughly(after, half) <= 0.01 {
        let ranks = Wins::new(before.samples.len(), after.samples.len());
        let chance = ranks.chance(before.wins(after, half));
        if chance <= MEDIAN_ALPHA {
            let machine = match conditions {
                Conditions::SideBySide => 0.0,
                Conditions::Apart => at_any_speed(before, after, &ranks),
            };
            if machine <= AT_ANY_SPEED_ALPHA {
                return Some((Quantile::P50, chance.max(machine)));
            }
        }
    }
    if went(old.p95, new.p95).passes(threshold) {
        let slowest = match conditions {
            Conditions::SideBySide => 1.0,
            // The worst pair of speeds: few samples say too little about a tail to weigh all of them.
            Conditions::Apart => SPEEDS.1 / SPEEDS.0,
        };
        let chance = before.exceeded(after, half.max(slowest));
        if chance <= TAIL_ALPHA {
            return Some((Quantile::P95, chance));
        }
    }
    None
}

/// How likely chance explains the wins of `after`, averaged over the speeds at which the machine may have run either side.
fn at_any_speed(before: &Side, after: &Side, ranks: &Wins) -> f64 {
    let step = (SPEEDS.1 / SPEEDS.0).powf(1.0 / f64::from(STEPS));
    let mut chance = 0.0;
    // From the slowest on, which counts most, as long as there is anything left to decide.
    for end in (1 - STEPS..=STEPS).rev() {
        let ratio = step.powi(end);
        let share = slower_machine(ratio / step) - slower_machine(ratio);
        chance += share * ranks.chance(before.wins(after, ratio));
        if chance > AT_ANY_SPEED_ALPHA {
            break;
        }
    }
    chance
}

/// How likely the second run takes more than `ratio` times as long as the first by the machine alone, where both take any time
/// within [`SPEEDS`] equally often.
fn slower_machine(ratio: f64) -> f64 {
    if ratio < 1.0 {
        return 1.0 - slower_machine(1.0 / ratio);
    }
    // The triangle of those pairs in the square of all of them.
    let (least, most) = SPEEDS;
    (most - ratio * least).max(0.0).powi(2) / (2.0 * ratio * (most - least).powi(2))
}

/// A rise in percent as a factor; a threshold below 0 is one of 0.
fn factor(percent: f64) -> f64 {
    1.0 + percent.max(0.0) / 100.0
}

#[cfg(test)]
mod tests;
