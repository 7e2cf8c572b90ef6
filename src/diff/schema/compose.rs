//! Schemas inside schemas: elements, unions, intersections, and the schemas of names and remains.

use super::inclusion::{self, Answer};
use super::node::{ANNOTATIONS, Node};
use super::objects::{Both, take, well_formed};
use super::walk::{Spot, Walk, home, value};
use crate::diff::change::SchemaFact;
use crate::json::{Json, Object, Pointer};

/// Compares every keyword that holds schemas.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    spot: &Spot,
    old: &mut Node<'a>,
    new: &mut Node<'a>,
) {
    for name in [
        "items",
        "contains",
        "propertyNames",
        "unevaluatedProperties",
        "unevaluatedItems",
        "additionalItems",
    ] {
        let both = take(old, new, name);
        one(walk, spot, name, &both);
    }
    let both = take(old, new, "prefixItems");
    if well_formed(walk, spot, "prefixItems", &both, |v| v.as_array().is_some()) {
        tuple(walk, spot, &both);
    }
    for name in ["patternProperties", "dependentSchemas"] {
        let both = take(old, new, name);
        if well_formed(walk, spot, name, &both, |v| v.as_object().is_some()) {
            named(walk, spot, name, &both);
        }
    }
    for name in ["anyOf", "oneOf", "allOf"] {
        let both = take(old, new, name);
        if well_formed(walk, spot, name, &both, |v| v.as_array().is_some()) {
            branches(walk, spot, name, &both);
        }
    }
    parts(walk, spot, old, new);
}

/// A keyword with one schema. Where it is missing, every value is accepted (`contains` apart).
fn one<'a>(walk: &mut Walk<'a>, spot: &Spot, name: &str, both: &Both<'a>) {
    let (old, new) = (both.0.as_ref(), both.1.as_ref());
    let spot = spot.keyword(name, home(old), home(new));
    match (value(old), value(new)) {
        (None, None) => {}
        (Some(a), Some(b)) if is_schema(a) && is_schema(b) => walk.schemas(&spot, a, b),
        (a, b) if name != "contains" && accepts_all(name, a) && accepts_all(name, b) => {
            if a != b {
                walk.equal(&spot.place, "accepts every value");
            }
        }
        (a, Some(b)) if !is_schema(b) => {
            if a != Some(b) {
                walk.fact(
                    SchemaFact::Invalid {
                        was_valid: a.is_none_or(is_schema),
                    },
                    &spot,
                    a,
                    Some(b),
                );
            }
        }
        (None, b) => walk.fact(SchemaFact::Tightened, &spot, None, b),
        (a, None) => walk.fact(SchemaFact::Loosened, &spot, a, None),
        (a, b) => walk.fact(SchemaFact::Changed, &spot, a, b),
    }
}

fn is_schema(value: &Json) -> bool {
    matches!(value, Json::Object(_) | Json::Bool(_))
}

/// Whether the schema under a keyword accepts all that the keyword ever looks at.
fn accepts_all(keyword: &str, schema: Option<&Json>) -> bool {
    match schema {
        None | Some(Json::Bool(true)) => true,
        Some(Json::Object(object)) if object.is_empty() => true,
        // Names are strings anyway.
        Some(Json::Object(object)) => {
            keyword == "propertyNames"
                && object.len() == 1
                && object.get("type").and_then(Json::as_str) == Some("string")
        }
        Some(_) => false,
    }
}

fn tuple<'a>(walk: &mut Walk<'a>, spot: &Spot, both: &Both<'a>) {
    let (old, new) = (both.0.as_ref(), both.1.as_ref());
    let spot = spot.keyword("prefixItems", home(old), home(new));
    let list = |value: Option<&'a Json>| value.and_then(Json::as_array).unwrap_or_default();
    let (a, b) = (list(value(old)), list(value(new)));
    if a.is_empty() && b.is_empty() {
        if value(old) != value(new) {
            walk.equal(&spot.place, "no element is named");
        }
        return;
    }
    if a.len() != b.len() {
        walk.fact(SchemaFact::Changed, &spot, value(old), value(new));
        return;
    }
    for (index, (a, b)) in a.iter().zip(b).enumerate() {
        walk.schemas(&spot.join(index), a, b);
    }
}

/// A keyword with schemas by name.
fn named<'a>(walk: &mut Walk<'a>, spot: &Spot, name: &str, both: &Both<'a>) {
    let (old, new) = (both.0.as_ref(), both.1.as_ref());
    let spot = spot.keyword(name, home(old), home(new));
    let none = Object::new();
    let (a, b) = (
        value(old)
            .and_then(Json::as_object)
            .unwrap_or(&none)
            .by_name(),
        value(new)
            .and_then(Json::as_object)
            .unwrap_or(&none)
            .by_name(),
    );
    if a.is_empty() && b.is_empty() && value(old) != value(new) {
        walk.equal(&spot.place, "nothing is named");
    }
    let names: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).copied().collect();
    for name in names {
        let spot = spot.join(name);
        // The schemas live as long as the roots; the maps over them do not.
        let find = |side: Option<&'a Json>| side.and_then(|side| side.get(name));
        match (find(value(old)), find(value(new))) {
            (Some(a), Some(b)) => walk.schemas(&spot, a, b),
            (None, b) => walk.fact(SchemaFact::Tightened, &spot, None, b),
            (a, None) => walk.fact(SchemaFact::Loosened, &spot, a, None),
        }
    }
}

/// A union or an intersection: equal branches belong together in any order, the others by position.
fn branches<'a>(walk: &mut Walk<'a>, spot: &Spot, name: &str, both: &Both<'a>) {
    let (old, new) = (both.0.as_ref(), both.1.as_ref());
    let (before, now) = (value(old), value(new));
    let spot = spot.keyword(name, home(old), home(new));
    if before.is_none() && now.is_none() {
        return;
    }
    let (Some(Json::Array(a)), Some(Json::Array(b))) = (before, now) else {
        let fact = if before.is_none() {
            SchemaFact::Tightened
        } else {
            SchemaFact::Loosened
        };
        walk.fact(fact, &spot, before, now);
        return;
    };
    let (gone, came) = unmatched(walk, a, b);
    let moved = before != now;
    match (gone.as_slice(), came.as_slice()) {
        ([], []) => {
            if moved {
                walk.equal(&spot.old.clone(), "the order of branches means nothing");
                walk.equal(&spot.new.clone(), "the order of branches means nothing");
            }
        }
        (gone, came) if gone.len() == came.len() => {
            for (a_index, b_index) in gone.iter().zip(came) {
                let place = Spot {
                    place: spot.place.join(a_index),
                    old: spot.old.join(a_index),
                    new: spot.new.join(b_index),
                };
                let from = walk.count();
                walk.schemas(&place, &a[*a_index], &b[*b_index]);
                if a_index != b_index {
                    walk.all_since(from, &spot.new.clone());
                }
            }
        }
        ([], _) if name == "anyOf" => walk.fact(added(b, &came), &spot, before, now),
        (_, []) if name == "anyOf" => walk.fact(SchemaFact::Tightened, &spot, before, now),
        ([], _) if name == "allOf" => walk.fact(SchemaFact::Tightened, &spot, before, now),
        (_, []) if name == "allOf" => walk.fact(SchemaFact::Loosened, &spot, before, now),
        _ => walk.fact(SchemaFact::Changed, &spot, before, now),
    }
}

/// A branch that states no more than a type lets anything of a kind through.
fn added(branches: &[Json], came: &[usize]) -> SchemaFact {
    let bare = |index: &usize| match &branches[*index] {
        Json::Object(object) => {
            object
                .iter()
                .all(|(name, _)| name == "type" || ANNOTATIONS.contains(&name))
                && !matches!(
                    object.get("type").and_then(Json::as_str),
                    Some("null" | "boolean")
                )
        }
        Json::Bool(accepts) => *accepts,
        _ => false,
    };
    if came.iter().any(bare) {
        SchemaFact::GuardRemoved {
            confirmation: false,
        }
    } else {
        SchemaFact::Loosened
    }
}

/// The branches of both sides that have no equal on the other, by index.
fn unmatched<'a>(
    walk: &mut Walk<'a>,
    old: &'a [Json],
    new: &'a [Json],
) -> (Vec<usize>, Vec<usize>) {
    let mut came: Vec<usize> = (0..new.len()).collect();
    let mut gone: Vec<usize> = (0..old.len()).collect();
    let mut pair_off = |same: &mut dyn FnMut(usize, usize) -> bool| {
        gone.retain(|a| {
            let equal = came.iter().position(|b| same(*a, *b));
            equal.map(|position| came.remove(position)).is_none()
        });
    };
    pair_off(&mut |a, b| walk.identical(&old[a], &new[b]));
    let (before, now) = (walk.in_order(true, old), walk.in_order(false, new));
    pair_off(&mut |a, b| before[a] == now[b]);
    if old.len() <= 16 && new.len() <= 16 {
        pair_off(&mut |a, b| inclusion::equal(walk, &old[a], &new[b]) != Answer::Unknown);
    }
    (gone, came)
}

/// Schemas that hold besides the node, in the order they were met.
fn parts<'a>(walk: &mut Walk<'a>, spot: &Spot, old: &Node<'a>, new: &Node<'a>) {
    for index in 0..old.parts.len().max(new.parts.len()) {
        let (a, b) = (old.parts.get(index), new.parts.get(index));
        let inner = spot.keyword("allOf", home(a), home(b));
        match (a, b) {
            (Some(a), Some(b)) => walk.schemas(&inner, a.value, b.value),
            (None, b) => walk.fact(SchemaFact::Tightened, &inner, None, value(b)),
            (a, None) => walk.fact(SchemaFact::Loosened, &inner, value(a), None),
        }
    }
}

/// Compares a schema with a union that it became, or was: with the branch that it fits.
pub(super) fn against_union<'a>(
    walk: &mut Walk<'a>,
    spot: &Spot,
    old: &mut Node<'a>,
    new: &mut Node<'a>,
) {
    for keyword in ["anyOf", "oneOf"] {
        let (in_old, in_new) = (
            old.rest.contains_key(keyword),
            new.rest.contains_key(keyword),
        );
        if in_old == in_new {
            continue;
        }
        let (union, plain) = if in_new {
            (&mut *new, &mut *old)
        } else {
            (&mut *old, &mut *new)
        };
        // Only a union that stands alone can be set against a whole schema.
        let alone = union.types.is_none()
            && union.values.is_none()
            && union.parts.is_empty()
            && union
                .rest
                .keys()
                .all(|name| *name == keyword || ANNOTATIONS.contains(name));
        let states = plain.types.is_some() || plain.values.is_some();
        let Some(held) = union.rest.get(keyword).cloned().filter(|_| alone && states) else {
            continue;
        };
        let Some(list) = held.value.as_array() else {
            continue;
        };
        let fits = list
            .iter()
            .position(|branch| fits(walk, branch, &held.home, in_new, plain));
        let (a, b) = (shown(plain), Some(held.value));
        let whole = spot.keyword(
            keyword,
            (!in_new).then_some(&held.home),
            in_new.then_some(&held.home),
        );
        let same_types = list.iter().enumerate().all(|(index, branch)| {
            let branch = walk.read(!in_new, branch, &held.home.join(index));
            let types = |node: &Node<'_>| node.types.as_ref().map(|types| types.value.clone());
            types(&branch) == types(plain)
        });
        let fact = match (fits, in_new, keyword) {
            (Some(_), true, "anyOf") if same_types => SchemaFact::Loosened,
            (Some(_), false, "anyOf") if same_types => SchemaFact::Tightened,
            (Some(_), true, "anyOf") => SchemaFact::TypeWidened,
            (Some(_), false, "anyOf") => SchemaFact::TypeNarrowed,
            _ if same_types => SchemaFact::Changed,
            _ => SchemaFact::TypeChanged,
        };
        union.rest.remove(keyword);
        let types = plain.types.take();
        let values = plain.values.take();
        let written: Vec<_> = types
            .iter()
            .map(|t| t.home.clone())
            .chain(values.iter().map(|v| v.home.clone()))
            .collect();
        let constraints: Vec<&str> = plain
            .rest
            .keys()
            .copied()
            .filter(|name| !ANNOTATIONS.contains(name))
            .collect();
        let mut moved = Vec::new();
        for held in constraints
            .iter()
            .filter_map(|name| plain.rest.remove(name))
        {
            members(held.value, &held.home, &mut moved);
            moved.push(held.home);
        }
        if in_new {
            walk.fact(fact, &whole, a.as_ref(), b);
        } else {
            walk.fact(fact, &whole, b, a.as_ref());
        }
        for home in written.iter().chain(&moved) {
            walk.also(home);
        }
        walk.also(&spot.place.join("type"));
    }
}

/// The places of the properties named inside a keyword, so that the finding speaks for each by name.
fn members(value: &Json, home: &Pointer, places: &mut Vec<Pointer>) {
    if places.len() >= 64 {
        return;
    }
    match value {
        Json::Object(object) => {
            for (name, value) in object.iter() {
                let home = home.join(name);
                members(value, &home, places);
                if value.as_object().is_some() {
                    places.push(home);
                }
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                members(item, &home.join(index), places);
            }
        }
        _ => {}
    }
}

/// Whether a branch says what a node says, annotations apart.
fn fits<'a>(
    walk: &mut Walk<'a>,
    branch: &'a Json,
    home: &Pointer,
    in_new: bool,
    node: &Node<'a>,
) -> bool {
    let branch = walk.read(!in_new, branch, home);
    let types = |node: &Node<'_>| node.types.as_ref().map(|types| types.value.clone());
    let values = |node: &Node<'_>| node.values.as_ref().map(|values| values.value.clone());
    let constraints = |node: &Node<'a>| -> std::collections::BTreeMap<&'a str, &'a Json> {
        let stated = node
            .rest
            .iter()
            .filter(|(name, _)| !ANNOTATIONS.contains(name));
        stated.map(|(name, held)| (*name, held.value)).collect()
    };
    !branch.never
        && branch.parts.is_empty()
        && node.parts.is_empty()
        && types(&branch) == types(node)
        && values(&branch) == values(node)
        && {
            let (a, b) = (constraints(&branch), constraints(node));
            a.keys().eq(b.keys()) && a.iter().all(|(name, a)| walk.identical(a, b[name]))
        }
}

/// A node's types and values as one value to show.
fn shown(node: &Node<'_>) -> Option<Json> {
    let mut object = Object::new();
    let whole = node
        .types
        .as_ref()
        .map(|types| super::types::name_all(&types.value));
    if let Some(types) = whole {
        object.push("type", types);
    }
    if let Some(values) = &node.values {
        object.push("enum", Json::Array(values.value.clone()));
    }
    for (name, held) in node
        .rest
        .iter()
        .filter(|(name, _)| !ANNOTATIONS.contains(name))
    {
        object.push(*name, held.value.clone());
    }
    Some(object.into())
}
