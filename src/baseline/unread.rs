//! What of a file is not read, for the reader to know.

use super::MEMBERS;
use crate::json::{Json, Object};
use crate::surface::{List, Listing, Surface};

/// Members that this version does not read, and members that stand twice.
pub(super) fn members(object: &Object) -> Vec<String> {
    let quoted = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let mut notes = Vec::new();
    let unknown: Vec<_> = object
        .iter()
        .map(|(name, _)| name)
        .filter(|name| !MEMBERS.contains(name) && *name != "errors")
        .collect();
    if !unknown.is_empty() {
        notes.push(format!(
            "this version does not read its {}",
            quoted(&unknown)
        ));
    }
    let repeated = object.repeated_names();
    if !repeated.is_empty() {
        notes.push(format!(
            "it has {} more than once; the last one counts",
            quoted(&repeated)
        ));
    }
    notes
}

/// Lists that the file should have and has not. They are not compared, which must not pass in silence.
pub(super) fn lists(recorded: &Object, surface: &Surface) -> Option<String> {
    let digests = recorded.get("digests").and_then(Json::as_object);
    let missing: Vec<_> = List::ALL
        .into_iter()
        .filter(|list| *surface.listing(*list) == Listing::Absent)
        .filter(|list| {
            let prefix = format!("{}/", list.member());
            let recorded = digests
                .is_some_and(|digests| digests.iter().any(|(place, _)| place.starts_with(&prefix)));
            let promised = surface
                .capabilities()
                .is_some_and(|capabilities| capabilities.get(list.capability()).is_some());
            recorded || promised
        })
        .map(|list| format!("`{}`", list.member()))
        .collect();
    (!missing.is_empty()).then(|| {
        format!(
            "it has no {}, so that is not compared",
            missing.join(" and no ")
        )
    })
}
