//! Takes single things of a captured surface over into an approved one, and leaves the rest as it was approved.
//!
//! A thing is what a finding's `at` names: `tools/NAME`, `prompts/NAME`, `resources/URI`, `resourceTemplates/TEMPLATE`
//! (all items of one name together), `instructions`, `capabilities/NAME`, and `server` for all the rest. What is
//! taken over is taken whole.

use std::collections::{BTreeMap, BTreeSet};

use super::{Baseline, BaselineError, Trail};
use crate::json::{Json, Object};
use crate::observed::{Keeping, Observed};
use crate::surface::{List, Listing, Surface};

/// The thing that holds all that no other does: name, version, protocol, transport, what stands beside the lists.
pub const SERVER: &str = "server";

/// The instructions for the model.
const INSTRUCTIONS: &str = "instructions";

/// The capabilities, a thing each.
const CAPABILITIES: &str = "capabilities";

/// The scenarios, a thing each; they stand in what was observed and not in the surface.
const SCENARIOS: &str = "scenarios";

/// The approved surface with the selected things as they were captured.
///
/// With every thing that [`differing`] names it is the captured surface, by its digest. Accepting some things and then the
/// others comes to the same, in whatever order.
pub fn accepted(baseline: &Surface, captured: &Surface, selected: &BTreeSet<String>) -> Surface {
    let takes = |at: &str| selected.contains(at);
    let whole = takes(SERVER);
    let mut surface = Surface::default();
    let frame = if whole { captured } else { baseline };
    surface.protocol_version.clone_from(&frame.protocol_version);
    surface.transport = frame.transport;
    surface.beside.clone_from(&frame.beside);
    surface.initialize = initialize(baseline, captured, &takes);
    for list in List::ALL {
        let items = merged(
            keyed(list, baseline.items(list)),
            keyed(list, captured.items(list)),
            |key| takes(&list.place(key)),
        );
        let items: Vec<Json> = items.into_iter().map(|(_, item)| item.clone()).collect();
        // A list that has lost its last item is what it is captured as; one that had none goes with the server.
        let had_some = !baseline.items(list).is_empty();
        let frame = if had_some { captured } else { frame };
        let listing = match frame.listing(list) {
            other @ (Listing::Absent | Listing::Failed(_)) if items.is_empty() => other.clone(),
            _ => Listing::Read(items),
        };
        surface.set_listing(list, listing);
    }
    surface
}

impl Baseline {
    /// What is to be written of what was seen of a captured server where this surface came of it: of the selected things,
    /// or of all where none are named. What stands here of the others stays.
    pub fn observed_with(
        &self,
        surface: &Surface,
        captured: Option<&Observed>,
        selected: Option<&BTreeSet<String>>,
        keeping: &Keeping<'_>,
    ) -> Option<Observed> {
        let taken = match (captured, selected) {
            (Some(captured), Some(selected)) => Some(observed_of(captured, selected)),
            (captured, _) => captured.cloned(),
        };
        self.observed_to_write(surface, taken.as_ref(), keeping)
    }

    /// The text of the file that takes the place of this one: another surface, with what was seen of it and the trail that
    /// leads to it. What is volatile here stays so where it is still there.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn render_next(
        &self,
        surface: &Surface,
        observed: Option<&Observed>,
        trail: &Trail,
    ) -> Result<String, BaselineError> {
        let volatile = self.volatile.still_in(surface);
        Self::render_with(surface, observed, &volatile, trail)
    }
}

/// The things in which two surfaces differ, sorted. The order of items and of members is no difference, and neither is a
/// name that stands twice, of which the last one counts.
pub fn differing(old: &Surface, new: &Surface) -> BTreeSet<String> {
    let mut differing = BTreeSet::new();
    for list in List::ALL {
        let (before, now) = (by_key(list, old), by_key(list, new));
        for key in before.keys().chain(now.keys()) {
            if !same_items(before.get(key), now.get(key)) {
                differing.insert(list.place(key));
            }
        }
    }
    let empty = Object::new();
    let (before, now) = (
        old.initialize.as_ref().unwrap_or(&empty),
        new.initialize.as_ref().unwrap_or(&empty),
    );
    if before.get(INSTRUCTIONS) != now.get(INSTRUCTIONS) {
        differing.insert(INSTRUCTIONS.to_owned());
    }
    if let Some((before, now)) = capabilities(before, now) {
        let (before, now) = (&before, &now);
        for name in before.by_name().keys().chain(now.by_name().keys()) {
            if before.get(name) != now.get(name) {
                differing.insert(format!("{CAPABILITIES}/{name}"));
            }
        }
    }
    // All else differs where the approved surface with these things taken over is not the captured one yet.
    let reached = accepted(old, new, &differing);
    if unread(&reached) != unread(new) || reached.digest() != new.digest() {
        differing.insert(SERVER.to_owned());
    }
    differing
}

/// What was observed of the selected things, as it is to be offered to a baseline: all the rest is left out, so that what
/// stands there stays. The scenarios are things of their own: `scenarios/NAME`.
pub fn observed_of(captured: &Observed, selected: &BTreeSet<String>) -> Observed {
    let scenario = |name: &str| selected.contains(&format!("{SCENARIOS}/{name}"));
    Observed {
        machine: captured.machine.clone(),
        places: (captured.places.iter())
            .filter(|(at, _)| selected.contains(*at))
            .map(|(at, watched)| (at.clone(), watched.clone()))
            .collect(),
        scenarios: (captured.scenarios.iter())
            .filter(|(name, _)| scenario(name))
            .map(|(name, passed)| (name.clone(), *passed))
            .collect(),
    }
}

/// What stands instead of each list that was not read.
fn unread(surface: &Surface) -> [Option<&Listing>; 4] {
    List::ALL.map(|list| {
        let listing = surface.listing(list);
        (!matches!(listing, Listing::Read(_))).then_some(listing)
    })
}

fn initialize(
    baseline: &Surface,
    captured: &Surface,
    takes: &impl Fn(&str) -> bool,
) -> Option<Object> {
    let whole = takes(SERVER);
    let frame = if whole { captured } else { baseline };
    let empty = Object::new();
    let old = baseline.initialize.as_ref().unwrap_or(&empty);
    let new = captured.initialize.as_ref().unwrap_or(&empty);
    let from_new = |name: &str| match name {
        INSTRUCTIONS => takes(INSTRUCTIONS),
        _ => whole,
    };
    let mut members: Vec<(&str, Json)> = merged(written(old), written(new), from_new)
        .into_iter()
        .map(|(name, value)| (name, value.clone()))
        .collect();
    if let Some((before, now)) = capabilities(old, new) {
        // As with lists: a last capability takes the member with it, an empty one goes with the server.
        let side = if before.is_empty() { frame } else { captured };
        let side = side.initialize.as_ref();
        let framed = side.and_then(|side| side.get(CAPABILITIES));
        let taken = merged(written(&before), written(&now), |name| {
            takes(&format!("{CAPABILITIES}/{name}"))
        });
        let taken: Object = taken
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        let wanted = (framed.is_some() || !taken.is_empty()).then(|| Json::from(taken));
        let is_it = |(name, _): &(&str, Json)| *name == CAPABILITIES;
        let stands = members.iter().rfind(|member| is_it(member));
        // What stands there already stays as it is written: a name that stands twice does so still.
        if stands.map(|(_, value)| value) != wanted.as_ref() {
            let at = members.iter().position(is_it).unwrap_or(members.len());
            members.retain(|member| !is_it(member));
            if let Some(wanted) = wanted {
                members.insert(at, (CAPABILITIES, wanted));
            }
        }
    }
    if members.is_empty() && frame.initialize.is_none() {
        return None;
    }
    Some(members.into_iter().collect())
}

/// The capabilities of both sides where they can be told apart by name; one that has none has an empty object.
fn capabilities(old: &Object, new: &Object) -> Option<(Object, Object)> {
    let of = |side: &Object| match side.get(CAPABILITIES) {
        None => Some(Object::new()),
        Some(value) => value.as_object().cloned(),
    };
    Some((of(old)?, of(new)?))
}

/// The members of an object as they were written.
fn written(object: &Object) -> Vec<(&str, &Json)> {
    object.written().collect()
}

/// Items with what tells them from the others.
fn keyed(list: List, items: &[Json]) -> Vec<(&str, &Json)> {
    items.iter().map(|item| (list.key_of(item), item)).collect()
}

fn by_key(list: List, surface: &Surface) -> BTreeMap<&str, Vec<&Json>> {
    let mut by_key = BTreeMap::<_, Vec<_>>::new();
    for item in surface.items(list) {
        by_key.entry(list.key_of(item)).or_default().push(item);
    }
    by_key
}

/// Whether the items of one name are the same ones, whatever their order.
fn same_items(old: Option<&Vec<&Json>>, new: Option<&Vec<&Json>>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) if old.len() == 1 && new.len() == 1 => old == new,
        (Some(old), Some(new)) => {
            let sorted = |items: &[&Json]| {
                let mut digests: Vec<_> = items
                    .iter()
                    .map(|item| crate::canon::digest(item))
                    .collect();
                digests.sort_unstable();
                digests
            };
            old.len() == new.len() && sorted(old) == sorted(new)
        }
        _ => false,
    }
}

/// Named values of both sides, each name whole from one of them: from `new` where it is taken. They stand in the order of
/// `new`, those that only `old` has at the end.
fn merged<'a>(
    old: Vec<(&'a str, &'a Json)>,
    new: Vec<(&'a str, &'a Json)>,
    takes: impl Fn(&str) -> bool,
) -> Vec<(&'a str, &'a Json)> {
    let mut kept = BTreeMap::<&str, Vec<&Json>>::new();
    for (name, value) in &old {
        if !takes(name) {
            kept.entry(name).or_default().push(value);
        }
    }
    let mut merged = Vec::new();
    for (name, value) in new {
        if takes(name) {
            merged.push((name, value));
        } else {
            let kept = kept.remove(name).unwrap_or_default();
            merged.extend(kept.into_iter().map(|value| (name, value)));
        }
    }
    let left = old.into_iter().filter(|(name, _)| kept.contains_key(name));
    merged.extend(left);
    merged
}
