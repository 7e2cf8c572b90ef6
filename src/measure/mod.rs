//! Statistics over measurements: where samples lie, how sure they make us, and whether a server became slower.
//!
//! Samples come in as whole numbers of microseconds; there is no clock here, and no chance: the same samples give the
//! same verdict.

mod chance;
mod rates;
mod regression;
mod summary;
mod time;

pub use self::rates::{Rate, Trend};
pub use self::regression::{
    Comparison, Conditions, MORE_SAMPLES, Move, NOISE, Quantile, Verdict, compare, same, suspected,
};
pub use self::summary::{Confidence, Percentiles, Summary};
pub use self::time::told;

/// The samples of one metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// What was measured, by the method that was asked: `tools/list`, `ping`.
    pub metric: &'static str,
    /// Microseconds, in the order they were taken.
    pub samples: Vec<u64>,
}
