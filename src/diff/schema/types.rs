//! Types and listed values: what kind of value a schema accepts at all.

use std::collections::BTreeSet;

use super::kind::{Type, accepts};
use super::node::{Node, Spelled};
use super::spot::Spot;
use super::walk::Walk;
use crate::canon::canonical;
use crate::diff::schema_fact::SchemaFact;
use crate::json::{Json, Pointer};

/// Compares `type`, `enum` and `const`.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, spot: &Spot, old: &Node<'a>, new: &Node<'a>) {
    kinds(walk, spot, old, new);
    values(walk, spot, old, new);
}

fn kinds(walk: &mut Walk<'_>, spot: &Spot, old: &Node<'_>, new: &Node<'_>) {
    let (before, now) = (old.types.as_ref(), new.types.as_ref());
    let spot = spot.keyword("type", home(before), home(now));
    let fact = match (before, now) {
        (None, None) => return,
        (Some(a), Some(b)) if a.value == b.value => return,
        // A type that is none is told as such.
        _ if old.rest.contains_key("type") || new.rest.contains_key("type") => return,
        // Where the values are listed, a type that all of them have adds nothing.
        _ if said_by_values(before, old) && said_by_values(now, new) => {
            walk.equal(&spot.place, "the listed values have these types");
            return;
        }
        (None, Some(_)) => SchemaFact::TypeNarrowed,
        (Some(_), None) => SchemaFact::GuardRemoved {
            confirmation: false,
        },
        (Some(a), Some(b)) => match (includes(&a.value, &b.value), includes(&b.value, &a.value)) {
            (true, _) => SchemaFact::TypeNarrowed,
            (_, true) => SchemaFact::TypeWidened,
            _ => SchemaFact::TypeChanged,
        },
    };
    walk.fact(fact, &spot, shown(before).as_ref(), shown(now).as_ref());
}

fn home<T>(spelled: Option<&Spelled<T>>) -> Option<&Pointer> {
    spelled.map(|spelled| &spelled.home)
}

fn said_by_values(types: Option<&Spelled<BTreeSet<Type>>>, node: &Node<'_>) -> bool {
    node.values.as_ref().is_some_and(|values| {
        types.is_none_or(|types| {
            values
                .value
                .iter()
                .all(|value| accepts(&types.value, Type::of(value)))
        })
    })
}

/// Whether every type of `inner` is one that `outer` accepts.
fn includes(outer: &BTreeSet<Type>, inner: &BTreeSet<Type>) -> bool {
    inner.iter().all(|kind| accepts(outer, *kind))
}

fn shown(types: Option<&Spelled<BTreeSet<Type>>>) -> Option<Json> {
    types.map(|types| name_all(&types.value))
}

/// A set of types as `type` would have it.
pub(super) fn name_all(types: &BTreeSet<Type>) -> Json {
    let name = |kind: &Type| Json::from(kind.name());
    match types.first() {
        Some(only) if types.len() == 1 => name(only),
        _ => Json::Array(types.iter().map(name).collect()),
    }
}

fn values(walk: &mut Walk<'_>, spot: &Spot, old: &Node<'_>, new: &Node<'_>) {
    let (before, now) = (old.values.as_ref(), new.values.as_ref());
    let keyword = before.or(now).map_or("enum", |values| {
        if values.home.as_str().ends_with("/const") {
            "const"
        } else {
            "enum"
        }
    });
    let spot = spot.keyword(keyword, home(before), home(now));
    match (before, now) {
        (None, None) => {}
        (None, Some(now)) => {
            let list = Json::Array(now.value.clone());
            walk.fact(SchemaFact::Tightened, &spot, None, Some(&list));
        }
        (Some(before), None) => {
            let list = Json::Array(before.value.clone());
            walk.fact(
                SchemaFact::GuardRemoved {
                    confirmation: false,
                },
                &spot,
                Some(&list),
                None,
            );
        }
        (Some(before), Some(now)) => {
            let (gone, came) = (
                without(walk, &before.value, &now.value),
                without(walk, &now.value, &before.value),
            );
            if gone.is_empty() && came.is_empty() {
                if before.value != now.value
                    || before.home.as_str().rsplit('/').next()
                        != now.home.as_str().rsplit('/').next()
                {
                    walk.equal(&before.home.clone(), "the same values are listed");
                    walk.equal(&now.home.clone(), "the same values are listed");
                }
                return;
            }
            let (a, b) = (
                Json::Array(before.value.clone()),
                Json::Array(now.value.clone()),
            );
            if !gone.is_empty() {
                walk.fact(SchemaFact::ValueRemoved, &spot, Some(&a), Some(&b));
            }
            if !came.is_empty() {
                walk.fact(SchemaFact::ValueAdded, &spot, Some(&a), Some(&b));
            }
        }
    }
}

/// Longer lists are compared by the canonical text of their values.
const LONG: usize = 32;

/// The values of one list that are not in another.
fn without(walk: &Walk<'_>, values: &[Json], other: &[Json]) -> Vec<Json> {
    if other.len() <= LONG {
        let gone = values.iter().filter(|value| !other.contains(value));
        return gone.cloned().collect();
    }
    if !walk.known.purse.spend(20 * (values.len() + other.len())) {
        return Vec::new();
    }
    let other: BTreeSet<String> = other.iter().map(canonical).collect();
    let gone = values
        .iter()
        .filter(|value| !other.contains(&canonical(value)));
    gone.cloned().collect()
}
