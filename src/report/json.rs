//! The report for programs: the document of the interface, as serde writes the value.
//!
//! Strings are raw: JSON's own escaping is all they get. Whoever prints them elsewhere has to make them harmless.

use super::{Compat, Report};
use crate::json;

/// The document: two-space indentation, members in the documented order, LF, a newline at the end.
pub fn render(report: &Report) -> String {
    json::pretty(report)
}

/// The document of `compat`, in the same dress.
pub fn render_compat(compat: &Compat) -> String {
    json::pretty(compat)
}
