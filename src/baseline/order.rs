//! The order in which a baseline is written: the same for equal values, and one that reads well.

use crate::canon;
use crate::json::{Json, Object, compact};
use crate::surface::List;

/// Members that come first, in this order, wherever they stand.
const FIRST: [&str; 24] = [
    "$schema",
    "$id",
    "$ref",
    "protocolVersion",
    "serverInfo",
    "capabilities",
    "uri",
    "uriTemplate",
    "name",
    "type",
    "title",
    "version",
    "description",
    "instructions",
    "mimeType",
    "size",
    "arguments",
    "inputSchema",
    "outputSchema",
    "annotations",
    "execution",
    "icons",
    "properties",
    "required",
];

/// Members that come last, in this order: what the rest refers to, and what machines read.
const LAST: [&str; 3] = ["$defs", "definitions", "_meta"];

/// Members that map names of the server's own choice. Their members are sorted by name alone, so that a parameter
/// called `type` stands where one looks for it.
const MAPS: [&str; 8] = [
    "$defs",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "properties",
    "variables",
];

/// The value with the members of every object in stable order. Arrays keep theirs, and of a repeated name every
/// member stays, in the order sent.
pub(super) fn members(json: &Json) -> Json {
    sorted(json, false)
}

/// Whether the members of an object have names of the server's own choice. The object stands under a name, which may
/// be of its own choice itself.
pub(super) fn maps_names((name, is_own_choice): (&str, bool)) -> bool {
    !is_own_choice && MAPS.contains(&name)
}

/// The items of a list in stable order, by key, then by digest; their order as sent means nothing.
pub(super) fn items(list: List, items: &[Json]) -> Json {
    let mut keyed: Vec<_> = items
        .iter()
        .map(|item| {
            let ordered = members(item);
            (
                list.key_of(item),
                canon::digest(item),
                compact(&ordered),
                ordered,
            )
        })
        .collect();
    // The text tells apart what the digest cannot: members that a later one of the same name overrides.
    keyed.sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
    Json::Array(keyed.into_iter().map(|(.., item)| item).collect())
}

fn sorted(json: &Json, is_map: bool) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(members).collect()),
        Json::Object(object) => {
            let mut written: Vec<_> = object.written().collect();
            written.sort_by_key(|(name, _)| (if is_map { 0 } else { rank(name) }, *name));
            let ordered = written.into_iter().map(|(name, value)| {
                let maps = maps_names((name, is_map));
                (name.to_owned(), sorted(value, maps))
            });
            ordered.collect::<Object>().into()
        }
        scalar => scalar.clone(),
    }
}

fn rank(name: &str) -> usize {
    let first = FIRST.iter().position(|known| *known == name);
    let last = LAST.iter().position(|known| *known == name);
    first
        .or(last.map(|index| FIRST.len() + 1 + index))
        .unwrap_or(FIRST.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn of(text: &str) -> String {
        compact(&members(&parse(text).expect("valid")))
    }

    #[test]
    fn what_a_reader_looks_for_comes_first() {
        assert_eq!(
            of(
                r#"{"zeta":1,"_meta":{},"inputSchema":{"$defs":{},"required":["b","a"],"additionalProperties":false,
                "properties":{},"type":"object"},"description":"d","name":"n"}"#
            ),
            r#"{"name":"n","description":"d","inputSchema":{"type":"object","properties":{},"required":["b","a"],"additionalProperties":false,"$defs":{}},"zeta":1,"_meta":{}}"#
        );
    }

    #[test]
    fn parameters_are_sorted_by_name_whatever_they_are_called() {
        assert_eq!(
            of(
                r#"{"properties":{"type":{"enum":[],"type":"string"},"apple":{},"properties":{"properties":{"b":{},"a":{}},"type":"object"}}}"#
            ),
            r#"{"properties":{"apple":{},"properties":{"type":"object","properties":{"a":{},"b":{}}},"type":{"type":"string","enum":[]}}}"#
        );
    }

    #[test]
    fn repeated_members_stay_in_the_order_sent() {
        assert_eq!(of(r#"{"b":2,"a":1,"b":1}"#), r#"{"a":1,"b":2,"b":1}"#);
    }
}
