//! Names that stand twice in one JSON object: readers disagree about which one counts.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, What, inside, whole};
use super::items;
use super::ledger::Ledger;
use crate::json::{Json, Object};
use crate::report::Place;
use crate::surface::{List, Surface};

/// Reports every name that is newly repeated, anywhere in NEW.
pub(super) fn compare(ledger: &mut Ledger, old: &Surface, new: &Surface) {
    if let Some(now) = &new.initialize {
        let before = old.initialize.clone().map(Json::from);
        walk(
            ledger,
            &whole("server"),
            before.as_ref(),
            &Json::from(now.clone()),
        );
    }
    for list in List::ALL {
        for item in new.items(list) {
            if !repeats(item) {
                continue;
            }
            let key = items::key(list, item);
            let before = old
                .items(list)
                .iter()
                .find(|before| items::key(list, before) == key);
            let place = whole(list.place(key.unwrap_or_default()));
            walk(ledger, &place, before, item);
        }
        if let Some(now) = new.beside.get(&list) {
            let place = inside(&inside(&whole("server"), "results"), list.method());
            let before = old.beside.get(&list).cloned().map(Json::from);
            walk(ledger, &place, before.as_ref(), &Json::from(now.clone()));
        }
    }
}

/// Reports every name that is newly repeated inside a value; without an old one every name.
pub(super) fn within(ledger: &mut Ledger, place: &Place, old: Option<&Json>, new: &Json) {
    if repeats(new) {
        walk(ledger, place, old, new);
    }
}

/// Whether a name is repeated anywhere inside.
fn repeats(value: &Json) -> bool {
    match value {
        Json::Object(object) => {
            !object.repeated_names().is_empty() || object.written().any(|(_, value)| repeats(value))
        }
        Json::Array(items) => items.iter().any(repeats),
        _ => false,
    }
}

fn walk(ledger: &mut Ledger, place: &Place, old: Option<&Json>, new: &Json) {
    match new {
        Json::Object(object) => {
            let old = old.and_then(Json::as_object);
            let known: BTreeSet<_> = old.into_iter().flat_map(Object::repeated_names).collect();
            let before = old.map(Object::by_name).unwrap_or_default();
            for (name, values) in repeated(object) {
                if !known.contains(name) {
                    let change = Change::new(
                        What::DuplicateMember,
                        inside(place, name),
                        before.get(name).copied(),
                        Some(&Json::Array(values)),
                    );
                    ledger.change(change);
                }
            }
            for (name, value) in object.iter() {
                let old = before.get(name).copied();
                walk(ledger, &inside(place, name), old, value);
            }
        }
        Json::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let old = old.and_then(Json::as_array).and_then(|old| old.get(index));
                walk(ledger, &inside(place, index), old, value);
            }
        }
        _ => {}
    }
}

/// The names that occur more than once, each with all its values in the order they were written.
fn repeated(object: &Object) -> BTreeMap<&str, Vec<Json>> {
    let mut values: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    if object.repeats() {
        for (name, value) in object.written() {
            values.entry(name).or_default().push(value.clone());
        }
        values.retain(|_, values| values.len() > 1);
    }
    values
}
