//! How much is measured, and how long that may take.

use std::time::Duration;

/// How long the samples of one metric may take, and its warm-up once more.
pub(super) const METRIC_TIME: Duration = Duration::from_secs(1);

/// How long all calls on a server's own word may take together. What is left then is not called. Scenarios take the time
/// they take: they are listed one by one.
pub(super) const CALLS_TIME: Duration = Duration::from_secs(60);

/// How often a thing is called at least, warm-up included, however slow it is: what differs shows in two answers.
pub const LEAST_CALLS: u32 = 2;

/// How often one scenario may wait in vain before it is not repeated any more.
pub(super) const MOST_TIMEOUTS: u32 = 2;

/// How many samples to take of each metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// How many answers are thrown away first.
    pub warmup: u32,
    /// How many count, as far as a second is enough for them.
    pub samples: u32,
    /// Whether more samples are taken where nothing is approved yet. Whoever says how many wants that many.
    pub more_at_first: bool,
    /// The rise in percent that is a finding; near it, more samples are taken.
    pub threshold: f64,
}
