//! Which scenarios pass, then and now.

use std::collections::BTreeMap;

use super::super::change::{Change, What, whole};
use super::Behaviour;
use crate::json::Json;
use crate::observed::Observed;

/// Compares how the scenarios went. What the user expects holds whatever was before: a scenario that fails now is told
/// even where nothing is known of it, and in a live run also where it failed when the baseline was saved.
pub(super) fn compare(
    found: &mut Behaviour,
    old: &Observed,
    new: &Observed,
    failures: Option<&BTreeMap<String, String>>,
) {
    for (name, passed) in &new.scenarios {
        let before = old.scenarios.get(name).copied();
        let passed = *passed;
        if passed == before.unwrap_or(true) && (passed || failures.is_none()) {
            continue;
        }
        let why = failures.and_then(|failures| failures.get(name));
        let now = match why {
            Some(why) if !passed => Json::from(why.as_str()),
            _ => Json::from(word(passed)),
        };
        let before = before.map(|before| Json::from(word(before)));
        let place = whole(format!("scenarios/{name}"));
        let what = What::Scenario { passed };
        found
            .changes
            .push(Change::new(what, place, before.as_ref(), Some(&now)));
    }
}

fn word(passed: bool) -> &'static str {
    if passed { "passed" } else { "failed" }
}
