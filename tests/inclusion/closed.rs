//! The closed reading: a caller sends only the properties that the old schema names.

use bellwether::inclusion::{Answer, Dialect, Judge, Work};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::draw::Draw;
use crate::oracle::{json, validator, value};
use crate::{cases, numbers, values};

/// A schema without references that accepts what callers send who know its names only, beside what it says itself. All
/// of the others speak of the same value, too.
fn closed(schema: &Value, others: &[&Value], whole: bool, arguments: bool) -> Value {
    let Some(members) = schema.as_object() else {
        return schema.clone();
    };
    let near = |schema: &Value| closed(schema, others, false, false);
    let part = |schema: &Value, tokens: &[&str]| {
        let pointer: String = tokens.iter().map(|token| format!("/{token}")).collect();
        let mut all = Vec::new();
        others.iter().for_each(|other| beside(other, &mut all));
        let fellows: Vec<&Value> = all.iter().filter_map(|s| s.pointer(&pointer)).collect();
        closed(schema, &fellows, true, false)
    };
    let list = |value: &Value, of: &dyn Fn(&Value) -> Value| -> Value {
        value.as_array().into_iter().flatten().map(of).collect()
    };
    let map = |value: &Value, of: &dyn Fn(&Value, &str) -> Value| -> Value {
        let members = value.as_object().into_iter().flatten();
        Value::Object(
            members
                .map(|(name, schema)| (name.clone(), of(schema, name)))
                .collect(),
        )
    };
    // Arguments that no schema names are not sent.
    let bare = arguments && !members.contains_key("additionalProperties");
    let mut read = Map::new();
    let mut besides = Vec::new();
    for (keyword, value) in members {
        match keyword.as_str() {
            "anyOf" | "oneOf" => besides.push(json!({ "anyOf": list(value, &near) })),
            "allOf" => besides.push(json!({ "allOf": list(value, &near) })),
            "then" | "else" if members.contains_key("if") => {
                besides.push(json!({ "if": members["if"], keyword: near(value) }));
            }
            "dependentSchemas" => {
                drop(read.insert(keyword.clone(), map(value, &|schema, _| near(schema))))
            }
            "properties" | "patternProperties" => {
                let of = |schema: &Value, name: &str| part(schema, &[keyword, name]);
                read.insert(keyword.clone(), map(value, &of));
            }
            "prefixItems" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                let items = items.map(|(index, item)| part(item, &[keyword, &index.to_string()]));
                read.insert(keyword.clone(), items.collect());
            }
            "additionalProperties" | "items" => {
                read.insert(keyword.clone(), part(value, &[keyword]));
            }
            _ => {}
        }
    }
    let mut names = Vec::new();
    let known = others.iter().all(|other| closable(other, &mut names));
    if whole && known && (!names.is_empty() || bare) {
        besides.push(json!({ "propertyNames": { "enum": names } }));
    }
    if !besides.is_empty() {
        read.insert("allOf".to_owned(), besides.into());
    }
    read.into()
}

/// Collects a schema and those beside it.
fn beside<'v>(schema: &'v Value, all: &mut Vec<&'v Value>) {
    all.push(schema);
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let branches = schema.get(keyword).and_then(Value::as_array);
        branches.into_iter().flatten().for_each(|s| beside(s, all));
    }
    let dependents = schema.get("dependentSchemas").and_then(Value::as_object);
    let dependents = dependents.into_iter().flat_map(Map::values);
    dependents
        .filter(|s| s.is_object())
        .for_each(|s| beside(s, all));
    let conditional = schema.get("if").is_some();
    for keyword in ["if", "then", "else"].iter().filter(|_| conditional) {
        schema.get(keyword).into_iter().for_each(|s| beside(s, all));
    }
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
            validator(&closed(&old, &[&old], true, true), dialect),
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

fn included_when_closed(old: &Value, new: &Value) -> Answer {
    Judge::new(&json(old), &json(new), Dialect::Draft202012)
        .closed()
        .included(&Work::default())
}

/// A caller sends what any schema of a part names, wherever that schema stands.
#[test]
fn a_part_is_closed_over_the_names_of_all_that_speak_of_it() {
    let named = |name: &str| json!({ "properties": { "a": { "properties": { name: {} } } } });
    let old = json!({ "allOf": [named("x"), named("y")] });
    let none = json!({ "properties": { "a": { "maxProperties": 0 } } });
    let answer = included_when_closed(&old, &none);
    assert!(matches!(answer, Answer::Refuted(Some(_))), "{answer:?}");
    let both = json!({ "properties": { "a": { "propertyNames": { "enum": ["x", "y"] } } } });
    assert_eq!(included_when_closed(&old, &both), Answer::Proven);
}

/// What `then` names of a part takes nothing from what the schema itself names of it.
#[test]
fn a_condition_on_a_part_leaves_its_other_names() {
    let schema = |then: Value| {
        json!({
            "properties": { "a": { "properties": { "kind": {}, "size": {} } } },
            "if": { "properties": { "a": { "properties": { "kind": { "const": "p" } } } } },
            "then": { "properties": { "a": { "properties": then } } },
        })
    };
    let (old, new) = (
        schema(json!({ "kind": {} })),
        schema(json!({ "kind": {}, "size": { "type": "integer" } })),
    );
    let answer = included_when_closed(&old, &new);
    assert!(matches!(answer, Answer::Refuted(Some(_))), "{answer:?}");
}

/// A schema that stands inside itself is closed over the same names at every depth.
#[test]
fn names_of_fellows_reach_every_depth() {
    let node = |names: &[&str]| {
        let named = names
            .iter()
            .map(|name| (name.to_string(), json!({ "$ref": "#" })));
        json!({ "properties": Value::Object(named.collect()) })
    };
    let old = json!({ "allOf": [node(&["x"]), node(&["x", "y"])] });
    assert_eq!(
        included_when_closed(&old, &node(&["x", "y"])),
        Answer::Proven
    );
    let shallow =
        json!({ "properties": { "x": { "properties": { "x": { "maxProperties": 1 } } } } });
    let answer = included_when_closed(&old, &shallow);
    assert!(matches!(answer, Answer::Refuted(Some(_))), "{answer:?}");
}
