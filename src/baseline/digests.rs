//! The digests in a baseline file, by which edits by hand are noticed.

use std::collections::BTreeMap;

use super::OBSERVED;
use super::imported::{self, IMPORTED};
use super::spelling::SPELLING;
use super::trail::{TRAIL, Trail, UNREVIEWED};
use super::volatile::{VOLATILE, Volatile};
use crate::canon;
use crate::json::{Json, Object};
use crate::surface::{List, Surface};

/// The digest of each item by its place, that of what was observed, of what is volatile, of the trail, of what was saved
/// without a decision, and of where it was imported from. What none of these can see is the business of `spelling`.
pub(super) fn of(
    surface: &Surface,
    observed: Option<&Json>,
    volatile: &Volatile,
    trail: &Trail,
    imported_from: Option<&str>,
) -> BTreeMap<String, Json> {
    let mut digests = of_items(surface);
    if let Some(version) = imported_from {
        let digest = Json::string(imported::digest(version));
        digests.insert(IMPORTED.to_owned(), digest);
    }
    if let Some(observed) = observed {
        let digest = Json::string(canon::digest(observed));
        digests.insert(OBSERVED.to_owned(), digest);
    }
    if let Some(volatile) = volatile.to_json() {
        let digest = Json::string(canon::digest(&volatile));
        digests.insert(VOLATILE.to_owned(), digest);
    }
    if let Some(digest) = trail.digest() {
        digests.insert(TRAIL.to_owned(), Json::string(digest));
    }
    if let Some(unreviewed) = trail.unreviewed_json() {
        let digest = Json::string(canon::digest(&unreviewed));
        digests.insert(UNREVIEWED.to_owned(), digest);
    }
    digests
}

/// The digest of each item by its place. Items of one name share an entry, which is then a sorted array.
fn of_items(surface: &Surface) -> BTreeMap<String, Json> {
    let mut by_place = BTreeMap::<String, Vec<String>>::new();
    for list in List::ALL {
        for item in surface.items(list) {
            let place = list.place(list.key_of(item));
            by_place.entry(place).or_default().push(canon::digest(item));
        }
    }
    by_place
        .into_iter()
        .map(|(place, mut digests)| {
            digests.sort_unstable();
            let value = if digests.len() == 1 {
                Json::string(digests.remove(0))
            } else {
                Json::Array(digests.into_iter().map(Json::string).collect())
            };
            (place, value)
        })
        .collect()
}

/// Whether a file has the digest that it should have of one of its members.
pub(super) fn holds(member: &str, recorded: &Object, actual: &BTreeMap<String, Json>) -> bool {
    let recorded = recorded
        .get("digests")
        .and_then(|digests| digests.get(member));
    recorded == actual.get(member)
}

/// Whether the digests of a file are those that it should have, and what to say where they are not. How numbers are
/// spelled changes nothing of what is approved.
pub(super) fn compare(
    recorded: &Object,
    actual: &BTreeMap<String, Json>,
    surface: &Surface,
) -> (bool, Option<String>) {
    let Some(written) = recorded.get("digest") else {
        let note = "it has no digest, so edits by hand cannot be told".to_owned();
        return (false, Some(note));
    };
    let none = Object::new();
    let recorded = recorded
        .get("digests")
        .and_then(Json::as_object)
        .unwrap_or(&none)
        .by_name();
    let mut places: Vec<&str> = actual
        .iter()
        .filter(|(place, digest)| recorded.get(place.as_str()) != Some(digest))
        .map(|(place, _)| place.as_str())
        .chain(
            recorded
                .keys()
                .copied()
                .filter(|place| !actual.contains_key(*place)),
        )
        .filter(|place| *place != SPELLING)
        .collect();
    places.sort_unstable();
    if places.is_empty() && written.as_str() == Some(surface.digest().as_str()) {
        return (true, None);
    }
    let named: Vec<_> = places
        .iter()
        .take(3)
        .map(|place| format!("`{place}`"))
        .collect();
    let rest = match places.len().saturating_sub(named.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = if named.is_empty() {
        String::new()
    } else {
        format!(" ({}{rest})", named.join(", "))
    };
    let note = format!("the digest of the baseline does not match: it was edited by hand{what}");
    (false, Some(note))
}
