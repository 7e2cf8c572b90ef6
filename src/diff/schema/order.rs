//! Schemas whatever the order of the lists in them that mean nothing by it.

use super::references::only_definitions;
use crate::canon;
use crate::json::{Json, Object};

/// A digest of everything that references can lead to, whatever its order.
pub(super) fn definitions_in_order(root: &Json) -> String {
    if !only_definitions(root) {
        return canon::digest(&ordered(root));
    }
    let all = ["$defs", "definitions"].map(|name| root.get(name).map_or(Json::Null, ordered));
    canon::digest(&Json::Array(all.to_vec()))
}

/// A schema with every list whose order means nothing in one order.
pub(super) fn ordered(value: &Json) -> Json {
    let list = |name: &str, items: &[Json]| {
        // What stands in `enum` is data, not schema.
        let inner = |item: &Json| {
            if name == "enum" {
                item.clone()
            } else {
                ordered(item)
            }
        };
        let mut items: Vec<_> = items.iter().map(inner).collect();
        if matches!(
            name,
            "required" | "enum" | "type" | "anyOf" | "oneOf" | "allOf"
        ) {
            items.sort_by_cached_key(canon::canonical);
        }
        Json::Array(items)
    };
    match value {
        Json::Object(object) => {
            let member = |(name, value): (&str, &Json)| {
                let value = match value {
                    _ if matches!(name, "const" | "default" | "examples") => value.clone(),
                    Json::Array(items) => list(name, items),
                    value => ordered(value),
                };
                (name.to_owned(), value)
            };
            object.iter().map(member).collect::<Object>().into()
        }
        Json::Array(items) => list("", items),
        scalar => scalar.clone(),
    }
}
