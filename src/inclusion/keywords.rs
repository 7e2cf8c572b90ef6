//! The keywords that hold schemas, dialect by dialect.

use super::Dialect;

/// How a keyword holds schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// One schema.
    Schema,
    /// An array of schemas.
    List,
    /// An object of schemas by name.
    Map,
    /// One schema, or an array of them.
    SchemaOrList,
    /// An object of schemas by name, in which an array of names may stand for a schema (`dependencies`).
    MapOrNames,
}

/// How a keyword holds schemas in a dialect, or nothing where it holds none there.
///
/// `definitions` counts in every dialect: the later ones kept it in their metaschemas, as it is in wide use.
pub(super) fn holds(dialect: Dialect, keyword: &str) -> Option<Holds> {
    use Dialect::{Draft4, Draft6, Draft7, Draft201909, Draft202012};
    use Holds::{List, Map, MapOrNames, Schema, SchemaOrList};
    let (first, last, holds) = match keyword {
        "additionalProperties" | "not" => (Draft4, Draft202012, Schema),
        "allOf" | "anyOf" | "oneOf" => (Draft4, Draft202012, List),
        "definitions" | "patternProperties" | "properties" => (Draft4, Draft202012, Map),
        "items" if dialect == Draft202012 => (Draft202012, Draft202012, Schema),
        "items" => (Draft4, Draft201909, SchemaOrList),
        "additionalItems" => (Draft4, Draft201909, Schema),
        "dependencies" => (Draft4, Draft7, MapOrNames),
        "contains" | "propertyNames" => (Draft6, Draft202012, Schema),
        "else" | "if" | "then" => (Draft7, Draft202012, Schema),
        "$defs" | "dependentSchemas" => (Draft201909, Draft202012, Map),
        "contentSchema" | "unevaluatedItems" | "unevaluatedProperties" => {
            (Draft201909, Draft202012, Schema)
        }
        "prefixItems" => (Draft202012, Draft202012, List),
        _ => return None,
    };
    (first <= dialect && dialect <= last).then_some(holds)
}
