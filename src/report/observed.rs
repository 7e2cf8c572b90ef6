//! What a server was seen doing, for people: how often it was asked, how that went, how long it took.

use super::page::Page;
use super::style::{Role, Style};
use crate::measure::{self, Summary};
use crate::observed::{Observed, Watched};

/// The most columns of a name.
const NAME_WIDTH: usize = 80;

/// What was observed in lines; nothing where nothing was.
pub fn render(observed: &Observed, style: &Style) -> String {
    let mut page = Page::new(style);
    if observed.is_empty() {
        return page.finish();
    }
    page.line(&style.paint(Role::Strong, "observed"));
    if let Some(machine) = &observed.machine {
        let machine = page.shown(&machine.to_string(), NAME_WIDTH);
        page.line(&format!("  times taken on {machine}"));
    }
    for (at, watched) in &observed.places {
        let at = page.shown(at, NAME_WIDTH);
        page.line(&format!("  - {at}{}", calls(watched)));
        for (metric, samples) in &watched.latency {
            let metric = page.shown(metric, NAME_WIDTH);
            page.line(&format!("      {metric}: {}", times(samples)));
        }
    }
    for (name, passed) in &observed.scenarios {
        let (name, how) = (
            page.shown(name, NAME_WIDTH),
            if *passed { "passed" } else { "failed" },
        );
        page.line(&format!("  - scenario {name}: {how}"));
    }
    page.finish()
}

/// `: asked 25 times, 2 failed, 1 without an answer in time`
fn calls(watched: &Watched) -> String {
    let all = watched.shared(watched);
    if all.asked == 0 {
        return String::new();
    }
    let plural = if all.asked == 1 { "" } else { "s" };
    let mut words = format!(": asked {} time{plural}", all.asked);
    for (count, how) in [
        (all.failed(), "failed"),
        (all.timed_out, "without an answer in time"),
    ] {
        if count > 0 {
            words.push_str(&format!(", {count} {how}"));
        }
    }
    words
}

/// `p50 8.1 ms, p95 12.0 ms (25 samples, variation 0.12, high confidence)`
fn times(samples: &[u64]) -> String {
    let summary = Summary::of(samples);
    let times = summary.percentiles.map_or_else(String::new, |times| {
        let (p50, p95) = (measure::told(times.p50), measure::told(times.p95));
        format!("p50 {p50}, p95 {p95} ")
    });
    format!(
        "{times}({summary}, {} confidence)",
        summary.confidence().name()
    )
}
