//! The document of a baseline file: its members, in their stable order.

use super::imported::IMPORTED;
use super::sight::Sight;
use super::spelling::{self, SPELLING};
use super::trail::{TRAIL, Trail, UNREVIEWED};
use super::volatile::{VOLATILE, Volatile};
use super::{CATALOGUE, OBSERVED, digests, order};
use crate::json::{Json, Object};
use crate::observed::Observed;
use crate::surface::{List, Surface};

/// The members of a baseline file, in the order in which they are written.
///
/// The digest over everything stands at the top and those of the items at the end, apart from the definitions, so
/// that two branches which change different tools conflict in one line.
pub(super) const MEMBERS: [&str; 17] = [
    "formatVersion",
    CATALOGUE,
    IMPORTED,
    "digest",
    "protocolVersion",
    "transport",
    "initialize",
    "tools",
    "prompts",
    "resources",
    "resourceTemplates",
    "results",
    OBSERVED,
    VOLATILE,
    TRAIL,
    UNREVIEWED,
    "digests",
];

/// The document of the file, everything in its stable order.
pub(super) fn document(
    surface: &Surface,
    observed: Option<&Observed>,
    volatile: &Volatile,
    trail: &Trail,
    sight: &Sight,
    catalogue: Option<&str>,
) -> Json {
    let whole = surface.to_document();
    let observed = observed.filter(|observed| !observed.is_empty());
    let observed = observed.map(Observed::to_json);
    let mut digests = digests::of(surface, observed.as_ref(), volatile, trail, sight.version());
    if let Some(digest) = spelling::digest(surface, trail) {
        digests.insert(SPELLING.to_owned(), Json::string(digest));
    }
    let digests: Object = digests.into_iter().collect();
    let mut document = Object::new();
    for name in MEMBERS {
        match name {
            CATALOGUE => {
                if let Some(catalogue) = catalogue {
                    document.push(name, catalogue);
                }
            }
            IMPORTED => {
                if let Some(version) = sight.version() {
                    document.push(name, version);
                }
            }
            "digest" => document.push(name, surface.digest().as_str()),
            "digests" if digests.is_empty() => {}
            "digests" => document.push(name, digests.clone()),
            OBSERVED => {
                if let Some(observed) = &observed {
                    document.push(name, observed.clone());
                }
            }
            VOLATILE => {
                if let Some(volatile) = volatile.to_json() {
                    document.push(name, volatile);
                }
            }
            TRAIL if trail.is_empty() => {}
            TRAIL => document.push(name, trail.to_json()),
            UNREVIEWED => {
                if let Some(unreviewed) = trail.unreviewed_json() {
                    document.push(name, unreviewed);
                }
            }
            _ => match (whole.get(name), List::of_member(name)) {
                (Some(Json::Array(items)), Some(list)) => {
                    document.push(name, order::items(list, items));
                }
                (Some(value), _) => document.push(name, order::members(value)),
                (None, _) => {}
            },
        }
    }
    document.into()
}
