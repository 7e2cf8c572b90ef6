//! Sets of the types of JSON Schema. A node without any accepts all of them.

use std::collections::BTreeSet;

pub(super) use crate::inclusion::Type;
use crate::json::Json;

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
    types.iter().any(|accepted| accepted.includes(kind))
}
