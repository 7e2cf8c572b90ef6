//! The JSON Schemas of the configuration and of scenarios: for editors, and for `walk`, so that both always say the same.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::scenarios::types::File;
use super::types::Config;

/// The schema (draft 7, which editors understand), with the ids of the rules filled in.
pub fn schema(known_rules: &[&str]) -> Value {
    let mut schema = of::<Config>();
    if !known_rules.is_empty() {
        name_rules(&mut schema, known_rules);
    }
    tidy(&mut schema);
    schema
}

/// The schema of a scenario file (draft 7).
pub fn scenarios() -> Value {
    let mut schema = of::<File>();
    tidy(&mut schema);
    schema
}

fn of<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

/// A key with nothing after it counts as missing, so every member that is not required may be null. What only restates
/// Rust's types (`default: null`, `format: uint64`) goes.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            let is_schema = !object.contains_key("properties") || object.contains_key("type");
            if is_schema {
                object.retain(|key, value| {
                    !(key == "default" && value.is_null() || key == "format" && value != "date")
                });
            }
            let required = object.get("required").cloned().unwrap_or_default();
            let required: Vec<&str> = required
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            if let (true, Some(Value::Object(properties))) =
                (is_schema, object.get_mut("properties"))
            {
                for (name, property) in properties {
                    if !required.contains(&name.as_str()) {
                        allow_null(property);
                    }
                }
            }
            object.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn allow_null(schema: &mut Value) {
    if let Some(mut only) = schema.get_mut("allOf").map(Value::take) {
        if let (Some(object), Some(members)) = (schema.as_object_mut(), only.as_array_mut()) {
            object.remove("allOf");
            members.push(json!({ "type": "null" }));
            object.insert("anyOf".to_owned(), only);
        }
    } else if schema.get("$ref").is_some() {
        *schema = json!({ "anyOf": [schema.take(), { "type": "null" }] });
    } else if let Some(kind) = schema.get_mut("type") {
        match kind {
            Value::Array(kinds) if !kinds.contains(&json!("null")) => kinds.push(json!("null")),
            Value::String(_) => *kind = json!([kind.take(), "null"]),
            _ => {}
        }
    }
}

fn name_rules(schema: &mut Value, known_rules: &[&str]) {
    let definitions = &mut schema["definitions"];
    let level = definitions["Rules"]["additionalProperties"].clone();
    let properties: Map<String, Value> = known_rules
        .iter()
        .map(|id| ((*id).to_owned(), level.clone()))
        .collect();
    definitions["Rules"]["properties"] = properties.into();
    definitions["Rules"]["additionalProperties"] = json!(false);
    definitions["RuleId"]["enum"] = json!(known_rules);
}
