//! A schema as it reads after local references are followed and spellings that mean the same are brought to one.
//!
//! Nothing is lost on the way: every keyword of the schema and of what it refers to ends in the node, with the place
//! where it was written. Where two of them meet that cannot stand side by side, the second stays a part of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::{Json, Object, Pointer};

/// The types of JSON Schema. A node without any accepts all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Type {
    const ALL: [(&'static str, Self); 7] = [
        ("null", Self::Null),
        ("boolean", Self::Boolean),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("string", Self::String),
        ("array", Self::Array),
        ("object", Self::Object),
    ];

    fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, kind)| *kind)
    }

    /// The name that `type` has for it.
    pub(super) fn name(self) -> &'static str {
        let known = Self::ALL.iter().find(|(_, kind)| *kind == self);
        known.map_or("", |(name, _)| name)
    }

    /// The narrowest type of a value.
    pub(super) fn of(value: &Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(_) => Self::Boolean,
            Json::Number(number) if number.decimal().is_integer() => Self::Integer,
            Json::Number(_) => Self::Number,
            Json::String(_) => Self::String,
            Json::Array(_) => Self::Array,
            Json::Object(_) => Self::Object,
        }
    }
}

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

/// How often a reference may lead to a reference.
const CHAIN: usize = 32;

impl<'a> Node<'a> {
    /// Reads a schema that stands at `home`, inside the document `root` that starts at `base`.
    pub(super) fn read(root: &'a Json, base: &Pointer, raw: &'a Json, home: &Pointer) -> Self {
        Reader { root, base }.read(raw, home, CHAIN)
    }
}

struct Reader<'a, 'b> {
    root: &'a Json,
    base: &'b Pointer,
}

impl<'a> Reader<'a, '_> {
    fn read(&self, raw: &'a Json, home: &Pointer, chain: usize) -> Node<'a> {
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
        self.take_own(&mut node, object, home);
        if chain > 0 {
            self.follow(&mut node, home, chain);
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
    fn follow(&self, node: &mut Node<'a>, home: &Pointer, chain: usize) {
        let Some(reference) = node.rest.get("$ref") else {
            return;
        };
        let Some(text) = reference.value.as_str() else {
            return;
        };
        let Some((target, target_home)) = resolve(self.root, self.base, text) else {
            return;
        };
        if target_home == *home {
            return;
        }
        let inner = self.read(target, &target_home, chain - 1);
        if inner.rest.contains_key("$ref") {
            return;
        }
        node.rest.remove("$ref");
        node.respelled = true;
        let whole = Held {
            value: target,
            home: target_home,
        };
        merge(node, inner, whole, "$ref");
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

    /// Reads a union of plain types, of listed values, or of one schema and `null` without the union.
    fn union(&self, node: &mut Node<'a>, keyword: &'static str, chain: usize) {
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
        let one_of_two = branches.len() == 2 && branches.iter().any(is_null_type);
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
            for value in read
                .iter()
                .filter_map(|branch| branch.values.as_ref())
                .flat_map(|values| &values.value)
            {
                if union.contains(value) {
                    if keyword == "oneOf" {
                        return false;
                    }
                } else {
                    union.push(value.clone());
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

/// Whether a branch states types or values and nothing else that counts.
fn is_plain(branch: &Json) -> bool {
    branch.as_object().is_some_and(|object| {
        let plain = ["type", "enum", "const", "title", "description", "$comment"];
        object.iter().all(|(name, _)| plain.contains(&name))
    })
}

/// Puts a schema that holds besides a node into it, or keeps it as a part where the two would clash.
fn merge<'a>(node: &mut Node<'a>, inner: Node<'a>, whole: Held<'a>, through: &str) {
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

/// What a reference inside the document leads to, and where that stands.
pub(super) fn resolve<'a>(
    root: &'a Json,
    base: &Pointer,
    reference: &str,
) -> Option<(&'a Json, Pointer)> {
    let fragment = reference.strip_prefix('#')?;
    let pointer = Pointer::parse(&percent_decoded(fragment)?)?;
    let target = root.at(&pointer)?;
    let home = pointer
        .tokens()
        .fold(base.clone(), |home, token| home.join(token));
    matches!(target, Json::Object(_) | Json::Bool(_)).then_some((target, home))
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

fn types(value: &Json) -> Option<BTreeSet<Type>> {
    match value {
        Json::String(name) => Some(BTreeSet::from([Type::of_name(name)?])),
        Json::Array(names) if !names.is_empty() => names
            .iter()
            .map(|name| Type::of_name(name.as_str()?))
            .collect::<Option<_>>()
            .map(reduced),
        _ => None,
    }
}

/// Without `integer` where `number` says it already.
fn reduced(mut types: BTreeSet<Type>) -> BTreeSet<Type> {
    if types.contains(&Type::Number) {
        types.remove(&Type::Integer);
    }
    types
}

/// Whether a set of types accepts a value of that type.
pub(super) fn accepts(types: &BTreeSet<Type>, kind: Type) -> bool {
    types.contains(&kind) || (kind == Type::Integer && types.contains(&Type::Number))
}

fn object_has(object: &Object, name: &str) -> bool {
    object.get(name).is_some()
}
