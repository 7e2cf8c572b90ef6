//! A schema set against a union that it became, or was.

use super::node::{ANNOTATIONS, Node};
use super::spot::Spot;
use super::walk::Walk;
use crate::diff::schema_fact::SchemaFact;
use crate::json::{Json, Object, Pointer};

/// Compares a schema with a union that it became, or was: with the branch that it fits.
pub(super) fn compare<'a>(
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
