//! The types of JSON Schema, and sets of them.

use std::collections::BTreeSet;

use crate::json::Json;

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

/// The types that the value of `type` names; nothing where it names any that is none.
pub(super) fn types(value: &Json) -> Option<BTreeSet<Type>> {
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
pub(super) fn reduced(mut types: BTreeSet<Type>) -> BTreeSet<Type> {
    if types.contains(&Type::Number) {
        types.remove(&Type::Integer);
    }
    types
}

/// Whether a set of types accepts a value of that type.
pub(super) fn accepts(types: &BTreeSet<Type>, kind: Type) -> bool {
    types.contains(&kind) || (kind == Type::Integer && types.contains(&Type::Number))
}
