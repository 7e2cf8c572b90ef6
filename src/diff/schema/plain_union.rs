//! Unions that say no more than a list would: of plain types, of listed values, of one schema and `null`.

use std::collections::BTreeSet;

use super::kind::{Type, accepts, reduced};
use super::node::{ANNOTATIONS, Held, Node, Reader, Spelled, merge};
use crate::canon::canonical;
use crate::json::Json;

/// Keywords that hold for values of every type, so that `null` cannot simply be added beside them.
const EVERY_TYPE: [&str; 10] = [
    "not",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "then",
    "else",
    "$ref",
    "$dynamicRef",
    "$recursiveRef",
];

impl<'a> Reader<'a, '_> {
    /// Reads a union of plain types, of listed values, or of one schema and `null` without the union.
    pub(super) fn union(&self, node: &mut Node<'a>, keyword: &'static str, chain: usize) {
        let Some(held) = node.rest.get(keyword).cloned() else {
            return;
        };
        let Some(branches) = held.value.as_array() else {
            return;
        };
        if branches.is_empty() || node.types.is_some() || node.values.is_some() {
            return;
        }
        // Reading every branch of every union would double the work with each one that leads to another.
        let one_of_two = branches.len() == 2
            && branches.iter().any(is_null_type)
            && branches.iter().all(may_be_bound);
        if !one_of_two && !branches.iter().all(is_plain) {
            return;
        }
        let read: Vec<_> = branches
            .iter()
            .enumerate()
            .map(|(index, branch)| self.read(branch, &held.home.join(index), chain - 1))
            .collect();
        if self.plain_union(node, keyword, &held, &read) {
            return;
        }
        let is_null = |branch: &Node<'_>| {
            branch.values.is_none()
                && branch.rest.is_empty()
                && branch.parts.is_empty()
                && branch.hidden.is_empty()
                && branch
                    .types
                    .as_ref()
                    .is_some_and(|types| types.value.iter().eq([&Type::Null]))
        };
        let [first, second] = read.as_slice() else {
            return;
        };
        let (index, inner) = if is_null(second) {
            (0, first)
        } else if is_null(first) {
            (1, second)
        } else {
            return;
        };
        let bound = |inner: &Node<'_>| {
            let excludes_null = inner
                .types
                .as_ref()
                .is_some_and(|types| !types.value.contains(&Type::Null))
                || inner
                    .values
                    .as_ref()
                    .is_some_and(|values| !values.value.contains(&Json::Null));
            excludes_null
                && !inner.never
                && inner.parts.is_empty()
                && !inner.rest.keys().any(|name| {
                    EVERY_TYPE.contains(name) || matches!(*name, "type" | "enum" | "const" | "")
                })
        };
        if !bound(inner) {
            return;
        }
        let mut inner = inner.clone();
        if let Some(types) = &mut inner.types {
            types.value.insert(Type::Null);
            types.home = held.home.clone();
        }
        if let Some(values) = &mut inner.values {
            values.value.push(Json::Null);
        }
        let clash = inner
            .rest
            .keys()
            .any(|name| node.rest.contains_key(name) && !ANNOTATIONS.contains(name));
        if clash {
            return;
        }
        node.rest.remove(keyword);
        node.respelled = true;
        let whole = Held {
            value: &branches[index],
            home: held.home.join(index),
        };
        merge(node, inner, whole, keyword);
    }

    /// A union whose branches state nothing but types, or nothing but values.
    fn plain_union(
        &self,
        node: &mut Node<'a>,
        keyword: &'static str,
        held: &Held<'a>,
        read: &[Node<'a>],
    ) -> bool {
        let plain = |branch: &Node<'_>| {
            !branch.never
                && branch.parts.is_empty()
                && branch.hidden.is_empty()
                && branch
                    .rest
                    .keys()
                    .all(|name| matches!(*name, "title" | "description" | "$comment"))
        };
        if !read.iter().all(plain) {
            return false;
        }
        let all_types = read
            .iter()
            .all(|branch| branch.values.is_none() && branch.types.is_some());
        let all_values = read
            .iter()
            .all(|branch| match (&branch.values, &branch.types) {
                (Some(values), types) => values.value.iter().all(|value| {
                    types
                        .as_ref()
                        .is_none_or(|types| accepts(&types.value, Type::of(value)))
                }),
                _ => false,
            });
        if all_types {
            let lists: Vec<_> = read
                .iter()
                .filter_map(|branch| branch.types.as_ref())
                .collect();
            let union: BTreeSet<Type> = lists
                .iter()
                .flat_map(|types| types.value.iter().copied())
                .collect();
            let count: usize = lists.iter().map(|types| types.value.len()).sum();
            // Of overlapping branches `oneOf` accepts less than their union.
            let overlap = union.len() != count
                || (union.contains(&Type::Integer) && union.contains(&Type::Number));
            if keyword == "oneOf" && overlap {
                return false;
            }
            node.types = Some(Spelled {
                value: reduced(union),
                home: held.home.clone(),
            });
        } else if all_values {
            let mut union: Vec<Json> = Vec::new();
            let mut known = BTreeSet::new();
            let values = read.iter().filter_map(|branch| branch.values.as_ref());
            for value in values.flat_map(|values| &values.value) {
                if known.insert(canonical(value)) {
                    union.push(value.clone());
                } else if keyword == "oneOf" {
                    return false;
                }
            }
            node.values = Some(Spelled {
                value: union,
                home: held.home.clone(),
            });
        } else {
            return false;
        }
        for (index, branch) in read.iter().enumerate() {
            for (name, annotation) in &branch.rest {
                node.hidden
                    .insert(format!("{keyword}/{index}/{name}"), annotation.clone());
            }
        }
        node.rest.remove(keyword);
        node.respelled = true;
        true
    }
}

/// Whether a branch accepts `null` and nothing else, at first sight.
fn is_null_type(branch: &Json) -> bool {
    branch.get_str("type") == Some("null")
}

/// Whether a branch may come to state types or values, so that it is worth reading.
fn may_be_bound(branch: &Json) -> bool {
    branch.as_object().is_some_and(|object| {
        object.iter().any(|(name, value)| match name {
            "type" | "enum" | "const" | "$ref" | "$dynamicRef" | "$recursiveRef" => true,
            "allOf" => value.as_array().is_some_and(|parts| parts.len() == 1),
            "anyOf" | "oneOf" => {
                let branches = value.as_array().unwrap_or_default();
                branches.iter().all(is_plain)
            }
            _ => false,
        })
    })
}

/// Whether a branch states types or values and nothing else that counts.
fn is_plain(branch: &Json) -> bool {
    branch.as_object().is_some_and(|object| {
        let plain = ["type", "enum", "const", "title", "description", "$comment"];
        object.iter().all(|(name, _)| plain.contains(&name))
    })
}
