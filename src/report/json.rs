//! The report for programs.

use super::Report;

/// The report as one JSON document.
pub fn render(report: &Report) -> String {
    crate::json::pretty(report)
}
