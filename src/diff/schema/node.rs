//! A schema as it reads after local references are followed and spellings that mean the same are brought to one.
//!
//! Nothing is lost on the way: every keyword of the schema and of what it refers to ends in the node, with the place
//! where it was written. Where two of them meet that cannot stand side by side, the second stays a part of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::alike::Known;
use super::kind::{Type, types};
use super::references::resolve;
use crate::inclusion::Dialect;
use crate::json::{Json, Object, Pointer};

/// A keyword's value and the place where it was written.
#[derive(Debug, Clone)]
pub(super) struct Held<'a> {
    pub(super) value: &'a Json,
    pub(super) home: Pointer,
}

/// Something brought to one spelling, and the keyword that it was written with.
#[derive(Debug, Clone)]
pub(super) struct Spelled<T> {
    pub(super) value: T,
    pub(super) home: Pointer,
}

/// A schema to compare.
#[derive(Debug, Clone, Default)]
pub(super) struct Node<'a> {
    /// It accepts nothing at all.
    pub(super) never: bool,
    /// The types it accepts; nothing where it accepts all.
    pub(super) types: Option<Spelled<BTreeSet<Type>>>,
    /// The values it accepts, of `enum` and `const`; nothing where it lists none.
    pub(super) values: Option<Spelled<Vec<Json>>>,
    /// Every other keyword.
    pub(super) rest: BTreeMap<&'a str, Held<'a>>,
    /// Annotations that a nearer one hides, by where they would stand.
    pub(super) hidden: BTreeMap<String, Held<'a>>,
    /// Schemas that hold besides this one.
    pub(super) parts: Vec<Held<'a>>,
    /// Whether it reads otherwise than it is written.
    pub(super) respelled: bool,
}

/// Keywords that accept and refuse nothing.
pub(super) const ANNOTATIONS: [&str; 16] = [
    "title",
    "description",
    "default",
    "examples",
    "example",
    "$comment",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$schema",
    "$id",
    "id",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "markdownDescription",
];

/// How often a reference may lead to a reference.
const CHAIN: usize = 32;

impl<'a> Node<'a> {
    /// Reads a schema that stands at `home`, inside the document `root` that starts at `base`.
    pub(super) fn read(
        known: &Known<'a>,
        old: bool,
        base: &Pointer,
        raw: &'a Json,
        home: &Pointer,
    ) -> Self {
        Reader { known, old, base }.read(raw, home, CHAIN)
    }
}

pub(super) struct Reader<'a, 'b> {
    known: &'b Known<'a>,
    old: bool,
    base: &'b Pointer,
}

impl<'a> Reader<'a, '_> {
    pub(super) fn read(&self, raw: &'a Json, home: &Pointer, chain: usize) -> Node<'a> {
        let mut node = Node::default();
        let object = match raw {
            Json::Object(object) => object,
            Json::Bool(accepts) => {
                node.never = !accepts;
                return node;
            }
            _ => {
                node.rest.insert(
                    "",
                    Held {
                        value: raw,
                        home: home.clone(),
                    },
                );
                return node;
            }
        };
        let length = 12 + home.as_str().len() / 16;
        if !self.known.purse.spend(20 + object.len() * length) {
            return node;
        }
        self.take_own(&mut node, object, home);
        if chain > 0 {
            for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
                self.follow(&mut node, keyword, home, chain);
            }
            self.sole_all_of(&mut node, chain);
            self.union(&mut node, "anyOf", chain);
            self.union(&mut node, "oneOf", chain);
        }
        tuple(&mut node);
        node
    }

    fn take_own(&self, node: &mut Node<'a>, object: &'a Object, home: &Pointer) {
        for (name, value) in object.by_name() {
            let held = Held {
                value,
                home: home.join(name),
            };
            match name {
                "type" => match types(value) {
                    Some(types) => {
                        node.respelled = node.respelled || value.as_array().is_some();
                        node.types = Some(Spelled {
                            value: types,
                            home: held.home,
                        })
                    }
                    None => drop(node.rest.insert(name, held)),
                },
                "enum" if value.as_array().is_some() && !object_has(object, "const") => {
                    let values = value.as_array().unwrap_or_default().to_vec();
                    node.values = Some(Spelled {
                        value: values,
                        home: held.home,
                    });
                }
                "const" if !object_has(object, "enum") => {
                    node.values = Some(Spelled {
                        value: vec![value.clone()],
                        home: held.home,
                    });
                }
                _ => drop(node.rest.insert(name, held)),
            }
        }
    }

    /// Puts what a local reference leads to in its place.
    fn follow(&self, node: &mut Node<'a>, keyword: &'static str, home: &Pointer, chain: usize) {
        let Some(reference) = node.rest.get(keyword) else {
            return;
        };
        let Some(text) = reference.value.as_str() else {
            return;
        };
        let references = self.known.references(self.old);
        let resolved = resolve(references, self.base, home, (keyword, text));
        let Some((target, target_home)) = resolved else {
            return;
        };
        if target_home == *home {
            return;
        }
        let inner = self.read(target, &target_home, chain - 1);
        if inner.rest.contains_key(keyword) {
            return;
        }
        if keyword == "$ref" && references.dialect().is_some_and(|it| it <= Dialect::Draft7) {
            node.drop_siblings();
        }
        node.rest.remove(keyword);
        node.respelled = true;
        let whole = Held {
            value: target,
            home: target_home,
        };
        merge(node, inner, whole, keyword);
    }

    /// Puts the only branch of an `allOf` in its place.
    fn sole_all_of(&self, node: &mut Node<'a>, chain: usize) {
        let Some(held) = node.rest.get("allOf").cloned() else {
            return;
        };
        let Some([only]) = held.value.as_array() else {
            return;
        };
        let home = held.home.join(0);
        let inner = self.read(only, &home, chain - 1);
        node.rest.remove("allOf");
        node.respelled = true;
        merge(node, inner, Held { value: only, home }, "allOf");
    }
}

impl Node<'_> {
    /// Takes what stands beside a `$ref` for what it was before 2019-09: nothing that accepts or refuses a value. What
    /// people and models read stays. That the rest is left out counts as another spelling.
    fn drop_siblings(&mut self) {
        self.types = None;
        self.values = None;
        self.rest.retain(|name, _| {
            ANNOTATIONS.contains(name)
                || name.starts_with("x-")
                || matches!(*name, "$ref" | "$defs" | "definitions")
        });
    }
}

/// Puts a schema that holds besides a node into it, or keeps it as a part where the two would clash.
pub(super) fn merge<'a>(node: &mut Node<'a>, inner: Node<'a>, whole: Held<'a>, through: &str) {
    let clash = inner.never
        || (inner.types.is_some() && node.types.is_some())
        || (inner.values.is_some() && node.values.is_some())
        || inner
            .rest
            .keys()
            .any(|name| node.rest.contains_key(name) && !ANNOTATIONS.contains(name));
    if clash {
        node.parts.push(whole);
        return;
    }
    node.types = node.types.take().or(inner.types);
    node.values = node.values.take().or(inner.values);
    for (name, held) in inner.rest {
        if node.rest.contains_key(name) {
            node.hidden.insert(format!("{through}/{name}"), held);
        } else {
            node.rest.insert(name, held);
        }
    }
    node.hidden.extend(inner.hidden);
    node.parts.extend(inner.parts);
}

/// Tuples as 2020-12 writes them.
fn tuple(node: &mut Node<'_>) {
    let is_tuple = node
        .rest
        .get("items")
        .is_some_and(|items| items.value.as_array().is_some());
    if !is_tuple || node.rest.contains_key("prefixItems") {
        return;
    }
    if let Some(items) = node.rest.remove("items") {
        node.rest.insert("prefixItems", items);
        node.respelled = true;
    }
    if let Some(rest) = node.rest.remove("additionalItems") {
        node.rest.insert("items", rest);
    }
}

fn object_has(object: &Object, name: &str) -> bool {
    object.get(name).is_some()
}
