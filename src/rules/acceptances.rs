//! Rules about what was accepted, and until when.

use super::{Grade, Rule};
use crate::diff::{Change, What};
use crate::json::Json;
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "acceptance-expired",
    title: "drift was accepted until a day that has passed",
    severity: Grade::Always(Severity::Warning),
    category: Category::Server,
    why: "Whoever accepted it wanted somebody to look at it again by then. Nobody has, and the baseline still expects it.",
    next: "Look at what was accepted, then accept it for another time: `bellwether baseline accept --reason TEXT --expires DAY`, without a day for good. Or accept what has taken its place.",
    since: "0.1.0",
    applies: |c| c.what == What::AcceptanceExpired,
    message: |c| {
        let (by, day) = (said(c, "by"), said(c, "expires"));
        format!("the acceptance of {} by {by} expired on {day}", changed(c))
    },
}];

/// What the entry of the trail says.
fn said<'a>(change: &'a Change, member: &str) -> &'a str {
    let text = change.old.as_ref().and_then(|old| old.get_str(member));
    text.unwrap_or_default()
}

/// The places that were accepted, the first few by name.
fn changed(change: &Change) -> String {
    let places = change
        .old
        .as_ref()
        .and_then(|old| old.get("changed")?.as_array());
    let places = places.unwrap_or_default();
    let named = places.iter().filter_map(Json::as_str).take(3);
    let mut named: Vec<_> = named.map(|place| format!("`{place}`")).collect();
    if places.len() > named.len() {
        named.push(format!("{} more", places.len() - named.len()));
    }
    if named.is_empty() {
        return "the baseline as it is".to_owned();
    }
    named.join(", ")
}
