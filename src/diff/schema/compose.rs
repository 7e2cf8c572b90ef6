//! Schemas inside schemas: elements, unions, intersections, and the schemas of names and remains.

use std::collections::{BTreeMap, BTreeSet};

use super::inclusion::{self, Answer};
use super::node::{ANNOTATIONS, Node};
use super::objects::{Both, take, well_formed};
use super::order::Rank;
use super::spot::{Spot, home, value};
use super::walk::Walk;
use crate::diff::schema_fact::SchemaFact;
use crate::json::{Json, Object};

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
    let members = |side: Option<&'a Json>| {
        let object = side.and_then(Json::as_object);
        object.map(Object::by_name).unwrap_or_default()
    };
    let (a, b) = (members(value(old)), members(value(new)));
    if a.is_empty() && b.is_empty() && value(old) != value(new) {
        walk.equal(&spot.place, "nothing is named");
    }
    let names: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).copied().collect();
    for name in names {
        if walk.is_over() {
            return;
        }
        let spot = spot.join(name);
        match (a.get(name).copied(), b.get(name).copied()) {
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
    let (gone, came) = unmatched(walk, &spot, a, b);
    let moved = before != now;
    if !(gone.is_empty() && came.is_empty()) {
        // Those that belong together may stand elsewhere now, or read otherwise.
        let sides = [(&spot.old, a, b, &gone), (&spot.new, b, a, &came)];
        for (home, own, other, alone) in sides {
            let alone: BTreeSet<_> = alone.iter().copied().collect();
            for index in (0..own.len()).filter(|index| !alone.contains(index)) {
                let there = other.get(index);
                if there.is_none_or(|there| !walk.known.purse.equal(&own[index], there)) {
                    walk.equal(&home.join(index), "the order of branches means nothing");
                }
            }
        }
    }
    match (gone.as_slice(), came.as_slice()) {
        ([], []) => {
            if moved {
                walk.equal(&spot.old.clone(), "the order of branches means nothing");
                walk.equal(&spot.new.clone(), "the order of branches means nothing");
            }
        }
        (gone, came) if gone.len() == came.len() => {
            for (a_index, b_index) in gone.iter().zip(came) {
                if walk.is_over() {
                    return;
                }
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
    walk: &Walk<'a>,
    spot: &Spot,
    old: &'a [Json],
    new: &'a [Json],
) -> (Vec<usize>, Vec<usize>) {
    let mut gone: Vec<usize> = (0..old.len()).collect();
    let mut came: Vec<usize> = (0..new.len()).collect();
    let ranks = (walk.known.in_order(true, old)).zip(walk.known.in_order(false, new));
    let Some((before, now)) = ranks else {
        return (gone, came);
    };
    let mut pair_off = |same: &dyn Fn(usize, usize) -> bool| {
        // Only branches that read the same whatever their order can be the same.
        let mut open: BTreeMap<Rank, Vec<usize>> = BTreeMap::new();
        for b in came.iter().rev() {
            open.entry(now[*b].own).or_default().push(*b);
        }
        gone.retain(|a| {
            let Some(open) = open.get_mut(&before[*a].own) else {
                return true;
            };
            let equal = open.iter().rposition(|b| same(*a, *b));
            equal.map(|position| open.remove(position)).is_none()
        });
        came = open.into_values().flatten().collect();
        came.sort_unstable();
    };
    pair_off(&|a, b| walk.identical(&old[a], &new[b]));
    pair_off(&|a, b| before[a] == now[b]);
    // What is left alone on both sides is compared anyway.
    let few = gone.len() <= 16 && came.len() <= 16 && (gone.len(), came.len()) != (1, 1);
    if few {
        gone.retain(|a| {
            let spot = |b: &usize| Spot {
                place: spot.place.join(a),
                old: spot.old.join(a),
                new: spot.new.join(b),
            };
            let equal = came.iter().position(|b| {
                inclusion::equal(walk, &spot(b), &old[*a], &new[*b]) != Answer::Unknown
            });
            equal.map(|position| came.remove(position)).is_none()
        });
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
