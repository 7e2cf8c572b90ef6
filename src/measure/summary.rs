//! One metric by itself: its percentiles, how much it varies, and how sure that makes us.

use std::fmt;

/// How sure a measurement is: "Statistics" in what the severities are derived from.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Few samples, or very uneven ones.
    Low,
    /// Enough for a first opinion: 5 samples or more, with a variation under 0.5.
    Medium,
    /// Enough to rely on: 10 samples or more, with a variation under 0.3.
    High,
}

impl Confidence {
    /// The name used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What matters of the samples of one metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// How many samples there are.
    pub count: usize,
    /// Where they lie; nothing without any sample.
    pub percentiles: Option<Percentiles>,
    /// The coefficient of variation: standard deviation (of a sample, n − 1) by mean, without unit. Nothing where
    /// fewer than two samples leave it undefined.
    pub variation: Option<f64>,
}

/// Where the samples of one metric lie, in the unit of the samples.
///
/// Each is a sample that was taken, by nearest rank: the smallest sample that at least so many percent of all samples
/// do not exceed. Nothing is interpolated, so that the numbers stay whole and mean something that happened. With fewer
/// than 20 samples p95 is the slowest one, with fewer than 100 p99 is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percentiles {
    /// The fastest.
    pub min: u64,
    /// Half of the samples are no slower; of an even number, the faster one of the two in the middle.
    pub p50: u64,
    /// 90 of 100 are no slower.
    pub p90: u64,
    /// 95 of 100 are no slower.
    pub p95: u64,
    /// 99 of 100 are no slower.
    pub p99: u64,
}

impl Percentiles {
    /// Reads them off samples in rising order; nothing where there are none.
    pub fn of_sorted(samples: &[u64]) -> Option<Self> {
        let min = *samples.first()?;
        let at = |percent| samples[rank(percent, samples.len()) - 1];
        Some(Self {
            min,
            p50: at(50),
            p90: at(90),
            p95: at(95),
            p99: at(99),
        })
    }
}

/// Which sample a percentile is, counted from 1 for the fastest. At least one sample has to be there.
pub(super) fn rank(percent: usize, count: usize) -> usize {
    (percent * count).div_ceil(100).max(1)
}

impl Summary {
    /// Sums samples up, in any order; their unit does not matter, as long as it is one.
    pub fn of(samples: &[u64]) -> Self {
        let count = samples.len();
        let mut sorted = samples.to_vec();
        sorted.sort_unstable();
        Self {
            count,
            percentiles: Percentiles::of_sorted(&sorted),
            variation: (count >= 2).then(|| variation(samples)),
        }
    }

    /// How sure these samples are.
    ///
    /// Both bounds are those of "Statistics": below them the standard error of a mean is under a tenth of it (0.3 by √10),
    /// or under a quarter (0.5 by √5).
    pub fn confidence(&self) -> Confidence {
        let Some(variation) = self.variation else {
            return Confidence::Low;
        };
        if self.count >= 10 && variation < 0.3 {
            Confidence::High
        } else if self.count >= 5 && variation < 0.5 {
            Confidence::Medium
        } else {
            Confidence::Low
        }
    }
}

impl fmt::Display for Summary {
    /// `12 samples, variation 0.61`; the variation only where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} sample{plural}", self.count)?;
        match self.variation {
            Some(variation) => write!(f, ", variation {variation:.2}"),
            None => Ok(()),
        }
    }
}

/// The coefficient of variation of two samples or more.
fn variation(samples: &[u64]) -> f64 {
    let count = samples.len() as f64;
    let mean = samples.iter().map(|sample| *sample as f64).sum::<f64>() / count;
    if mean == 0.0 {
        // All of them are faster than the clock: they are the same.
        return 0.0;
    }
    let squares: f64 = samples
        .iter()
        .map(|sample| (*sample as f64 - mean).powi(2))
        .sum();
    (squares / (count - 1.0)).sqrt() / mean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confidence(samples: &[u64]) -> Confidence {
        Summary::of(samples).confidence()
    }

    #[test]
    fn few_samples_are_never_sure() {
        assert_eq!(confidence(&[]), Confidence::Low);
        for (count, expected) in [
            (1, Confidence::Low),
            (4, Confidence::Low),
            (5, Confidence::Medium),
            (9, Confidence::Medium),
            (10, Confidence::High),
        ] {
            assert_eq!(confidence(&vec![800; count]), expected, "{count} samples");
        }
    }

    #[test]
    fn uneven_samples_are_less_sure() {
        // Half of them at 1 − x and half at 1 + x: the variation is x times √(n / (n − 1)).
        let spread = |half: usize, x: u64| [vec![1000 - x; half], vec![1000 + x; half]].concat();
        assert_eq!(confidence(&spread(5, 284)), Confidence::High);
        assert_eq!(confidence(&spread(5, 285)), Confidence::Medium);
        assert_eq!(confidence(&spread(5, 474)), Confidence::Medium);
        assert_eq!(confidence(&spread(5, 475)), Confidence::Low);
        assert_eq!(confidence(&spread(3, 456)), Confidence::Medium);
        assert_eq!(confidence(&spread(3, 457)), Confidence::Low);
    }

    #[test]
    fn the_unit_and_the_extremes_do_not_matter() {
        let uneven = [700, 1000, 1300, 900, 1100];
        let summary = Summary::of(&uneven);
        assert_eq!(
            summary.confidence(),
            confidence(&uneven.map(|sample| sample * 1000))
        );
        assert_eq!(Summary::of(&[0; 12]).variation, Some(0.0));
        assert_eq!(confidence(&[u64::MAX; 12]), Confidence::High);
    }

    #[test]
    fn a_summary_reads_well() {
        assert_eq!(Summary::of(&[]).to_string(), "0 samples");
        assert_eq!(Summary::of(&[7]).to_string(), "1 sample");
        assert_eq!(
            Summary::of(&[1, 2, 3]).to_string(),
            "3 samples, variation 0.50"
        );
    }

    #[test]
    fn percentiles_are_samples() {
        let of = |samples: &[u64]| Summary::of(samples).percentiles;
        assert_eq!(of(&[]), None);
        let one = of(&[7]).expect("a sample");
        assert_eq!((one.min, one.p50, one.p99), (7, 7, 7));
        let even = of(&[40, 10, 30, 20]).expect("samples");
        assert_eq!((even.min, even.p50, even.p90), (10, 20, 40));
        let hundred: Vec<u64> = (1..=100).rev().collect();
        let hundred = of(&hundred).expect("samples");
        assert_eq!((hundred.min, hundred.p50, hundred.p90), (1, 50, 90));
        assert_eq!((hundred.p95, hundred.p99), (95, 99));
        let usual: Vec<u64> = (1..=25).collect();
        let usual = of(&usual).expect("samples");
        assert_eq!(
            (usual.p50, usual.p90, usual.p95, usual.p99),
            (13, 23, 24, 25)
        );
    }
}
