//! The value that shows that something is lost.
//!
//! Its text comes from a server's schemas, so it is made visible like all server text.

use super::values::{room, rows};
use crate::json::compact;
use crate::report::Finding;
use crate::report::style::Style;

/// How many rows of a long witness are shown.
const ROWS: usize = 3;

/// The lines that show a finding's witness; none where it has none.
pub(super) fn lines(style: &Style, finding: &Finding) -> Vec<String> {
    let Some(witness) = &finding.witness else {
        return Vec::new();
    };
    let said = if is_result(finding) {
        "this result is now possible, and was not:"
    } else {
        "this call worked, and is now refused:"
    };
    let charset = style.charset();
    let most = if style.is_verbose() {
        usize::MAX
    } else {
        room(style) * ROWS
    };
    let shown = charset.excerpt(&compact(witness), most);
    let rows = rows(style, &shown)
        .into_iter()
        .map(|row| format!("  {row}"));
    std::iter::once(said.to_owned()).chain(rows).collect()
}

/// Whether a finding is about what a caller gets, and not about what it sends.
fn is_result(finding: &Finding) -> bool {
    finding.rule.starts_with("output-")
        || finding.place.pointer.as_str().starts_with("/outputSchema")
}
