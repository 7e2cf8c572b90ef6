//! Which calls have no counterpart on the other side, so that nobody takes silence for sameness.

use std::collections::BTreeSet;

use crate::observed::{Observed, Watched};
use crate::surface::{List, Surface};

/// How many places one note names.
const NAMED: usize = 3;

/// Says which calls were made on one side only. A thing that one surface does not have explains itself.
pub(super) fn note(
    notes: &mut Vec<String>,
    (before, old): (&Surface, &Observed),
    (after, new): (&Surface, &Observed),
) {
    let there = |at: &str| has(before, at) && has(after, at);
    let gone = lonely(old, new, there);
    if !gone.is_empty() {
        let nothing_made = !new.has_calls();
        notes.push(if nothing_made {
            format!(
                "answers were not compared: nothing was called now, and the baseline holds answers of {}",
                named(&gone)
            )
        } else {
            format!("not compared, since it was not called in the same way now: {}", named(&gone))
        });
    }
    let fresh = lonely(new, old, there);
    if !fresh.is_empty() {
        notes.push(format!(
            "not compared, since the baseline holds no answers to these calls: {}",
            named(&fresh)
        ));
    }
}

/// The places with calls that only one side made.
fn lonely<'a>(
    one: &'a Observed,
    other: &Observed,
    there: impl Fn(&str) -> bool,
) -> BTreeSet<&'a str> {
    let nothing = Watched::default();
    let places = one.places.iter().filter(|(at, watched)| {
        let also = other.places.get(*at).unwrap_or(&nothing);
        there(at) && (watched.calls.keys()).any(|key| !also.calls.contains_key(key))
    });
    places.map(|(at, _)| at.as_str()).collect()
}

/// Whether a surface has the thing of a place. What a list leaves open may be there.
fn has(surface: &Surface, at: &str) -> bool {
    let Some((list, name)) = List::of_place(at) else {
        return true;
    };
    let items = surface.items(list);
    list == List::Resources
        || items
            .iter()
            .any(|item| item.get_str(list.key()) == Some(name))
}

fn named(places: &BTreeSet<&str>) -> String {
    let first: Vec<_> = places
        .iter()
        .take(NAMED)
        .map(|at| format!("`{at}`"))
        .collect();
    match places.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
