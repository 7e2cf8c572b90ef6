//! The closed reading: a caller sends only the properties that the old schema names.

use bellwether::inclusion::{Answer, Dialect, Judge, Work};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::draw::Draw;
use crate::oracle::{json, validator, value};
use crate::{cases, numbers, values};

/// A schema without references that accepts what callers send who know its names only, beside what it says itself.
fn closed(schema: &Value, whole: bool, arguments: bool) -> Value {
    let Some(members) = schema.as_object() else {
        return schema.clone();
    };
    let near = |schema: &Value| closed(schema, false, false);
    let part = |schema: &Value| closed(schema, true, false);
    let list = |value: &Value, of: &dyn Fn(&Value) -> Value| -> Value {
        value.as_array().into_iter().flatten().map(of).collect()
    };
    let map = |value: &Value, of: &dyn Fn(&Value) -> Value| -> Value {
        let members = value.as_object().into_iter().flatten();
        Value::Object(
            members
                .map(|(name, schema)| (name.clone(), of(schema)))
                .collect(),
        )
    };
    // Arguments that no schema names are not sent.
    let bare = arguments && !members.contains_key("additionalProperties");
    let mut read = Map::new();
    let mut beside = Vec::new();
    for (keyword, value) in members {
        match keyword.as_str() {
            "anyOf" | "oneOf" => beside.push(json!({ "anyOf": list(value, &near) })),
            "allOf" => beside.push(json!({ "allOf": list(value, &near) })),
            "then" | "else" if members.contains_key("if") => {
                beside.push(json!({ "if": members["if"], keyword: near(value) }));
            }
            "dependentSchemas" => drop(read.insert(keyword.clone(), map(value, &near))),
            "properties" | "patternProperties" => {
                read.insert(keyword.clone(), map(value, &part));
            }
            "prefixItems" => drop(read.insert(keyword.clone(), list(value, &part))),
            "additionalProperties" | "items" => drop(read.insert(keyword.clone(), part(value))),
            _ => {}
        }
    }
    let mut names = Vec::new();
    if whole && closable(schema, &mut names) && (!names.is_empty() || bare) {
        beside.push(json!({ "propertyNames": { "enum": names } }));
    }
    if !beside.is_empty() {
        read.insert("allOf".to_owned(), beside.into());
    }
    read.into()
}

/// Collects the properties that a schema and those beside it name; false where one speaks of other properties.
fn closable(schema: &Value, names: &mut Vec<String>) -> bool {
    let Some(members) = schema.as_object() else {
        return true;
    };
    let rest = members
        .get("additionalProperties")
        .and_then(Value::as_object);
    if rest.is_some_and(|rest| !rest.is_empty())
        || members.contains_key("patternProperties")
        || members.contains_key("unevaluatedProperties")
    {
        return false;
    }
    members
        .iter()
        .all(|(keyword, value)| match keyword.as_str() {
            "properties" => {
                names.extend(value.as_object().into_iter().flat_map(Map::keys).cloned());
                true
            }
            "allOf" | "anyOf" | "oneOf" => {
                let mut branches = value.as_array().into_iter().flatten();
                branches.all(|branch| closable(branch, names))
            }
            "dependentSchemas" => {
                let mut branches = value.as_object().into_iter().flat_map(Map::values);
                branches.all(|branch| closable(branch, names))
            }
            "if" => closable(value, names),
            "then" | "else" => !members.contains_key("if") || closable(value, names),
            _ => true,
        })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_value_of_known_names_contradicts_the_closed_reading(
        numbers in numbers(), more in numbers(), whole in any::<bool>()
    ) {
        let dialect = Dialect::Draft202012;
        let mut draw = Draw::new(&numbers, dialect);
        let old = draw.schema(2);
        let new = if whole { draw.schema(2) } else { draw.changed(&old) };
        let (Some(accepts), Some(still_accepts), Some(known)) = (
            validator(&old, dialect),
            validator(&new, dialect),
            validator(&closed(&old, true, true), dialect),
        ) else {
            return Ok(());
        };
        // What is left unevaluated takes a reading of its own.
        if old.to_string().contains("unevaluated") {
            return Ok(());
        }
        let is_lost = |value: &Value| {
            accepts.is_valid(value) && known.is_valid(value) && !still_accepts.is_valid(value)
        };
        let answer = Judge::new(&json(&old), &json(&new), dialect)
            .closed()
            .included(&Work::default());
        match answer {
            Answer::Proven => {
                let mut draw = Draw::new(&more, dialect);
                let suggested: Vec<Value> =
                    (0..10).map(|_| values::suggested(&mut draw, &old, &old, 5)).collect();
                let mut all = values::small_values().into_iter().chain(suggested);
                let lost = all.find(is_lost);
                prop_assert!(lost.is_none(), "{old} in {new}: {lost:?}");
            }
            Answer::Refuted(Some(witness)) => {
                let witness = value(&witness);
                prop_assert!(is_lost(&witness), "{old} in {new}: {witness}");
            }
            Answer::Refuted(None) | Answer::Unknown(_) => {}
        }
    }
}
