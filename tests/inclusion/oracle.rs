//! What an independent validator says.

use bellwether::inclusion::Dialect;
use bellwether::json::{Json, parse};
use jsonschema::{Draft, Validator};
use serde_json::Value;

/// The dialects, oldest first.
pub(crate) const DIALECTS: [Dialect; 5] = [
    Dialect::Draft202012,
    Dialect::Draft7,
    Dialect::Draft201909,
    Dialect::Draft6,
    Dialect::Draft4,
];

/// The validator of a schema, or nothing where it is none in its dialect.
pub(crate) fn validator(schema: &Value, dialect: Dialect) -> Option<Validator> {
    let draft = match dialect {
        Dialect::Draft4 => Draft::Draft4,
        Dialect::Draft6 => Draft::Draft6,
        Dialect::Draft7 => Draft::Draft7,
        Dialect::Draft201909 => Draft::Draft201909,
        Dialect::Draft202012 => Draft::Draft202012,
    };
    jsonschema::options()
        .with_draft(draft)
        .should_validate_formats(false)
        .build(schema)
        .ok()
}

/// The value as the judge takes it.
pub(crate) fn json(value: &Value) -> Json {
    parse(&value.to_string()).expect("JSON")
}

/// The value as the validator takes it.
pub(crate) fn value(json: &Json) -> Value {
    serde_json::from_str(&bellwether::json::compact(json)).expect("JSON")
}
