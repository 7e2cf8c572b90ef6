//! What a server was seen doing in one place: answer times with their confidence, and errors.

use super::markdown::{Page, cell};
use crate::measure::Confidence;

/// What was seen in one place, ready to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The answer times, by metric.
    pub latency: Vec<Latency>,
    /// How often something was asked here.
    pub asked: u32,
    /// The errors that came, by category.
    pub errors: Vec<Errors>,
}

/// The answer times of one metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latency {
    /// What was timed: `call`, `tools/list`, `ping`, ….
    pub metric: String,
    /// How many samples there are.
    pub samples: usize,
    /// Half of them were no slower, in microseconds.
    pub p50: u64,
    /// 95 of 100 of them were no slower, in microseconds.
    pub p95: u64,
    /// How sure that is.
    pub confidence: Confidence,
}

/// The errors of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errors {
    /// The category: `validation`, `timeout`, ….
    pub category: String,
    /// How often it came.
    pub count: u32,
}

/// Puts what was seen.
pub(super) fn put(page: &mut Page, seen: &Seen) {
    let rows: Vec<Vec<String>> = seen
        .latency
        .iter()
        .map(|latency| {
            vec![
                cell(&latency.metric, 80),
                millis(latency.p50),
                millis(latency.p95),
                latency.samples.to_string(),
                latency.confidence.name().to_owned(),
            ]
        })
        .collect();
    page.table(
        &["Answer time", "P50", "P95", "Samples", "Confidence"],
        &rows,
    );
    if seen.asked > 0 && seen.errors.is_empty() {
        page.paragraph(&format!("Errors seen: none in {} calls.", seen.asked));
    }
    let rows: Vec<Vec<String>> = seen
        .errors
        .iter()
        .map(|errors| {
            vec![
                cell(&errors.category, 80),
                format!("{} of {}", errors.count, seen.asked),
            ]
        })
        .collect();
    page.table(&["Error seen", "Calls"], &rows);
}

/// Microseconds in words: `1.25 ms`.
fn millis(micros: u64) -> String {
    format!("{}.{:02} ms", micros / 1000, micros % 1000 / 10)
}
