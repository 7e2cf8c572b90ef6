//! A surface in parts, each with a place of its own: what an entry of the trail can say has changed.
//!
//! Places are those of the file: `tools/NAME` and the like for items, `tools` for the list itself, `initialize/MEMBER`,
//! `protocolVersion`, `transport`, `results/METHOD`. No two surfaces that differ have the same parts.

use std::collections::BTreeMap;

use crate::baseline::order;
use crate::json::{Json, Object};
use crate::surface::{List, Listing, Surface, Transport};

/// The parts of a surface by place, each in the stable order of the file.
pub(in crate::baseline) type Parts = BTreeMap<String, Json>;

const PROTOCOL: &str = "protocolVersion";
const TRANSPORT: &str = "transport";
const INITIALIZE: &str = "initialize";
const RESULTS: &str = "results";

/// Takes a surface apart.
pub(in crate::baseline) fn of(surface: &Surface) -> Parts {
    let mut parts = Parts::new();
    if let Some(version) = &surface.protocol_version {
        parts.insert(PROTOCOL.to_owned(), Json::string(version.as_str()));
    }
    if let Some(transport) = surface.transport {
        parts.insert(TRANSPORT.to_owned(), transport.name().into());
    }
    if let Some(initialize) = &surface.initialize {
        add_initialize(initialize, &mut parts);
    }
    for list in List::ALL {
        if let Listing::Read(items) = surface.listing(list) {
            add_items(list, items, &mut parts);
        }
        if let Some(beside) = surface.beside.get(&list) {
            let place = format!("{RESULTS}/{}", list.method());
            parts.insert(place, order::members(&beside.clone().into()));
        }
    }
    parts
}

/// Puts a surface together again.
///
/// # Errors
/// The first place that can be no part of a surface.
pub(in crate::baseline) fn surface(parts: &Parts) -> Result<Surface, String> {
    let mut surface = Surface::default();
    let mut lists = BTreeMap::<List, Vec<Json>>::new();
    for (place, part) in parts {
        add(place, part, &mut surface, &mut lists).ok_or_else(|| place.clone())?;
    }
    for (list, items) in lists {
        surface.set_listing(list, Listing::Read(items));
    }
    Ok(surface)
}

/// A member that is `null`, or stands twice, has no place of its own: such an object is one part.
fn add_initialize(initialize: &Object, parts: &mut Parts) {
    let whole = initialize.repeats() || initialize.iter().any(|(_, value)| *value == Json::Null);
    let held = if whole {
        initialize.clone()
    } else {
        Object::new()
    };
    parts.insert(INITIALIZE.to_owned(), order::members(&held.into()));
    if !whole {
        for (name, value) in initialize.iter() {
            // The stable order of a member depends on its name.
            let named: Object = [(name.to_owned(), value.clone())].into_iter().collect();
            let ordered = order::members(&named.into());
            let value = ordered.get(name).expect("it was just put there");
            parts.insert(format!("{INITIALIZE}/{name}"), value.clone());
        }
    }
}

/// Items of one name share a place, which then holds an array.
fn add_items(list: List, items: &[Json], parts: &mut Parts) {
    parts.insert(list.member().to_owned(), Json::Array(Vec::new()));
    let ordered = order::items(list, items);
    let mut by_place = BTreeMap::<String, Vec<Json>>::new();
    for item in ordered.as_array().unwrap_or_default() {
        let place = list.place(list.key_of(item));
        by_place.entry(place).or_default().push(item.clone());
    }
    for (place, mut items) in by_place {
        let part = match items.as_slice() {
            [Json::Object(_)] => items.remove(0),
            _ => Json::Array(items),
        };
        parts.insert(place, part);
    }
}

fn add(
    place: &str,
    part: &Json,
    surface: &mut Surface,
    lists: &mut BTreeMap<List, Vec<Json>>,
) -> Option<()> {
    // Parts come in the order of their places, so a list comes before its items and `initialize` before its members.
    match place.split_once('/') {
        None if place == PROTOCOL => surface.protocol_version = Some(part.as_str()?.to_owned()),
        None if place == TRANSPORT => surface.transport = Some(Transport::of_name(part.as_str()?)?),
        None if place == INITIALIZE => surface.initialize = Some(part.as_object()?.clone()),
        None => {
            let list = List::of_member(place)?;
            if !part.as_array()?.is_empty() {
                return None;
            }
            lists.insert(list, Vec::new());
        }
        Some((INITIALIZE, name)) => surface.initialize.as_mut()?.push(name, part.clone()),
        Some((RESULTS, method)) => {
            let list = List::of_method(method)?;
            surface.beside.insert(list, part.as_object()?.clone());
        }
        Some((member, key)) => {
            let list = List::of_member(member)?;
            let items = match part {
                Json::Array(items) => items.clone(),
                item => vec![item.clone()],
            };
            let named = |item: &Json| list.key_of(item) == key;
            if items.is_empty() || !items.iter().all(named) {
                return None;
            }
            lists.get_mut(&list)?.extend(items);
        }
    }
    Some(())
}
