//! What a server was seen doing in one place: answer times with their confidence, errors, and what answers hold.

use super::markdown::{Page, cell};
use super::{Contract, schema};
use crate::measure::{Summary, told};
use crate::observed::{Answers, Machine, Watched};

/// Whether anything was seen in a place, `tools/NAME`.
pub(super) fn at<'a>(contract: &Contract<'a>, place: &str) -> Option<&'a Watched> {
    contract.observed?.places.get(place)
}

/// The kind of machine that times were taken on, in words.
pub(super) fn machine(machine: &Machine) -> String {
    cell(&machine.to_string(), 200)
}

/// Puts what was seen in one place.
pub(super) fn put(page: &mut Page, watched: &Watched) {
    let rows: Vec<Vec<String>> = watched
        .latency
        .iter()
        .filter_map(|(metric, samples)| {
            let summary = Summary::of(samples);
            let percentiles = summary.percentiles?;
            Some(vec![
                cell(metric, 80),
                told(percentiles.p50),
                told(percentiles.p95),
                summary.count.to_string(),
                summary.confidence().name().to_owned(),
            ])
        })
        .collect();
    page.table(
        &["Answer time", "P50", "P95", "Samples", "Confidence"],
        &rows,
    );
    if watched.calls.is_empty() {
        return;
    }
    let all = watched
        .calls
        .values()
        .fold(Answers::default(), Answers::merge);
    let failed = all.failed().saturating_add(all.timed_out);
    let plural = if all.asked == 1 { "" } else { "s" };
    page.paragraph(&format!("{failed} of {} call{plural} failed.", all.asked));
    let mut rows: Vec<Vec<String>> = all
        .errors
        .iter()
        .map(|(category, failures)| vec![category.name().to_owned(), failures.count.to_string()])
        .collect();
    if all.timed_out > 0 {
        rows.push(vec![
            "no answer in time".to_owned(),
            all.timed_out.to_string(),
        ]);
    }
    page.table(&["Error seen", "Calls"], &rows);
    if let Some(shape) = &all.shape {
        schema::put_seen(page, &shape.to_schema());
    }
}
