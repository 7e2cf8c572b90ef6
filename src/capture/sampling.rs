//! Asks a server the same harmless questions again, to measure how long the answers take. Only where the user wants
//! it; the answers themselves are thrown away.

use std::time::Duration;

use tokio::time::Instant;

use super::Capture;
use super::connection::{Connection, RequestError};
use crate::measure::Series;
use crate::surface::List;

/// How long the samples of one metric may take, and its warm-up once more.
const MOST_TIME: Duration = Duration::from_secs(1);

/// How many samples to take of each metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// How many answers are thrown away first.
    pub warmup: u32,
    /// How many count, as far as a second is enough for them.
    pub samples: u32,
}

/// What was measured.
pub(super) struct Sampled {
    /// One series a metric, also where it stayed empty.
    pub(super) series: Vec<Series>,
    /// Why there are fewer samples than wanted, where the server is to blame.
    pub(super) notes: Vec<String>,
}

/// Measures every list that the server offers, by its first page, and `ping` where it answered one.
///
/// The surface has been read: a server that refuses to answer again leaves few samples, and no error.
pub(super) async fn take(
    connection: &mut Connection,
    capture: &Capture,
    sampling: Sampling,
) -> Sampled {
    let offered = List::ALL.into_iter().filter(|list| {
        let pages = capture.pages.get(list);
        pages.is_some_and(|pages| !pages.is_empty())
    });
    // Last, since what the server had to say before it answers a ping has been seen when it does.
    let ping = capture.latency.ping.map(|_| "ping");
    let metrics: Vec<_> = offered.map(List::method).chain(ping).collect();
    let mut sampled = Sampled {
        series: Vec::new(),
        notes: Vec::new(),
    };
    let mut lost = false;
    for metric in metrics {
        let mut samples = Vec::new();
        if !lost && let Err(error) = sample(connection, metric, sampling, &mut samples).await {
            match error {
                // The refusal of one request; the conversation goes on without it.
                RequestError::Answered { .. } | RequestError::Status(_) => {
                    connection.tap.take_failure();
                }
                RequestError::TimedOut(_) | RequestError::Broken(_) => lost = true,
            }
            sampled.notes.push(format!(
                "`{metric}` was answered at first, but not while it was measured: {error}"
            ));
        }
        sampled.series.push(Series { metric, samples });
    }
    sampled
}

/// Warms up, then takes the samples of one metric.
async fn sample(
    connection: &mut Connection,
    method: &str,
    sampling: Sampling,
    samples: &mut Vec<u64>,
) -> Result<(), RequestError> {
    ask(connection, method, sampling.warmup, &mut Vec::new()).await?;
    ask(connection, method, sampling.samples, samples).await
}

/// Asks up to `most` times, as long as the time is not up.
async fn ask(
    connection: &mut Connection,
    method: &str,
    most: u32,
    samples: &mut Vec<u64>,
) -> Result<(), RequestError> {
    let began = Instant::now();
    for _ in 0..most {
        if began.elapsed() >= MOST_TIME {
            break;
        }
        // The answers before this one are gone: they take up no memory that had to be limited.
        connection.tap.forget_size();
        let (_, latency) = connection.request(method, None).await?;
        samples.push(latency);
    }
    Ok(())
}
