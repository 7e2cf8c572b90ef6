//! What drawn schemas have found, each under the name of what was wrong.

use bellwether::inclusion::{Answer, Dialect, Doubt, Judge, Work, included};
use serde_json::{Value, json};

use crate::oracle::json;

fn proven(inner: &Value, outer: &Value) -> bool {
    included(&json(inner), &json(outer), Dialect::Draft202012) == Answer::Proven
}

/// An array has no property that calls for a dependent schema, so its elements stay unevaluated.
#[test]
fn dependent_schemas_evaluate_no_element() {
    let old = json!({ "dependentSchemas": { "a": { "items": {} } }, "unevaluatedItems": false });
    assert!(proven(&old, &json!({ "maxItems": 0 })));
}

/// In 2019-09 `contains` evaluates no element, from 2020-12 on those that match.
#[test]
fn contains_evaluates_elements_from_2020_12_on() {
    let old = json!({ "contains": { "const": 1 }, "unevaluatedItems": { "const": 2 } });
    let never = json!({ "not": { "type": "array" } });
    let answer = included(&json(&old), &json(&never), Dialect::Draft201909);
    assert_eq!(answer, Answer::Proven);
    assert!(!proven(&old, &never));
}

/// A dot matches no line end of ECMA-262, of which there are four.
#[test]
fn a_dot_matches_no_line_end() {
    let old = json!({ "enum": ["\n", "\r", "\u{2028}", "\u{2029}"] });
    assert!(proven(&old, &json!({ "not": { "pattern": "^.$" } })));
}

/// Patterns for names cost nothing where one name is asked for, however many they are.
#[test]
fn many_patterns_leave_one_name_decidable() {
    let patterns = (0..40).map(|number| (format!("^p{number}"), json!({ "type": "string" })));
    let old = json!({ "patternProperties": Value::Object(patterns.collect()) });
    let new = json!({ "properties": { "a": { "type": "string" } } });
    let answer = included(&json(&old), &json(&new), Dialect::Draft202012);
    assert!(matches!(answer, Answer::Refuted(Some(_))), "{answer:?}");
    assert!(proven(
        &old,
        &json!({ "properties": { "p1": { "type": "string" } } })
    ));
}

/// A schema with hundreds of properties is decided property by property.
#[test]
fn many_properties_are_decided_one_by_one() {
    let object = |kind: Value| {
        let named = (0..300).map(|number| (format!("p{number}"), json!({ "type": kind })));
        json!({ "type": "object", "properties": Value::Object(named.collect()) })
    };
    let (narrow, wide) = (object(json!("string")), object(json!(["null", "string"])));
    assert!(proven(&narrow, &wide));
    assert!(!proven(&wide, &narrow));
}

/// A `then` without its `if` says nothing, so it opens no object that is closed over its names.
#[test]
fn then_without_if_opens_nothing() {
    let old = json(&json!({
        "properties": { "a": {} }, "then": { "patternProperties": { "^b": {} } }
    }));
    let new = json(&json!({ "maxProperties": 1 }));
    let answer = Judge::new(&old, &new, Dialect::Draft202012)
        .closed()
        .included(&Work::default());
    assert_eq!(answer, Answer::Proven);
}

/// Alternatives that a tag tells apart are decided one by one, however many there are.
#[test]
fn alternatives_with_a_tag_are_decided() {
    let branch = |number: usize, size: Value| {
        json!({
            "type": "object",
            "properties": { "kind": { "const": format!("k{number}") }, "size": size },
            "required": ["kind"],
            "additionalProperties": false,
        })
    };
    let plain = || json!({ "type": "integer" });
    let all = |count: usize| (0..count).map(|number| branch(number, plain())).collect();
    let one_of = |branches: Vec<Value>| json!({ "oneOf": branches });
    let (old, more) = (one_of(all(40)), one_of(all(41)));
    assert!(proven(&old, &more));
    let mut tighter: Vec<Value> = all(40);
    tighter[20] = branch(20, json!({ "type": "integer", "minimum": 3 }));
    for (inner, outer) in [(&more, &old), (&old, &one_of(tighter))] {
        let answer = included(&json(inner), &json(outer), Dialect::Draft202012);
        assert!(matches!(answer, Answer::Refuted(Some(_))), "{answer:?}");
    }
}

/// A value that two alternatives accept is refused by `oneOf`, and one that none accepts as well.
#[test]
fn exactly_one_of_listed_values() {
    let old = json!({ "oneOf": [{ "const": 1 }, { "enum": [1, 2] }] });
    assert!(proven(&old, &json!({ "const": 2 })));
    let apart = json!({ "oneOf": [{ "const": 1 }, { "const": "a" }] });
    assert!(proven(&apart, &json!({ "enum": [1, "a"] })));
    assert!(!proven(&json!(true), &apart));
    assert!(!proven(&json!({ "enum": [1, 3] }), &apart));
}

/// Where `properties` is none, nobody knows what is left for `additionalProperties`; servers write an empty list for an
/// empty object.
#[test]
fn properties_that_are_none_leave_the_others_undecided() {
    let old = json!({ "properties": [], "additionalProperties": true });
    let new = json!({ "properties": [], "additionalProperties": false });
    let answer = included(&json(&old), &json(&new), Dialect::Draft202012);
    assert_eq!(answer, Answer::Unknown(Doubt::Malformed));
}

/// Another document may lead back by a dynamic reference, so the same reference may mean something else.
#[test]
fn a_remote_schema_in_a_dynamic_scope_may_lead_back() {
    let schema = |types: Value| json!({ "$dynamicAnchor": "node", "$ref": "https://example.com/tree", "type": types });
    let (old, new) = (schema(json!("object")), schema(json!(["object", "string"])));
    let answer = included(&json(&old), &json(&new), Dialect::Draft202012);
    assert_eq!(answer, Answer::Unknown(Doubt::Reference));
}

/// In draft-04 `exclusiveMinimum` is a flag; a number there says nothing that can be relied on.
#[test]
fn an_exclusive_bound_of_draft_04_is_a_flag() {
    let (old, new) = (json!({ "exclusiveMinimum": 5 }), json!({ "minimum": 3 }));
    let answer = included(&json(&old), &json(&new), Dialect::Draft4);
    assert_eq!(answer, Answer::Unknown(Doubt::Malformed));
}

/// Sizes far past all that is ever written are told apart all the same.
#[test]
fn sizes_past_all_texts_are_told_apart() {
    let (long, longer) = (
        json!({ "maxLength": 5_000_000_000_000_u64 }),
        json!({ "maxLength": 6_000_000_000_000_u64 }),
    );
    assert!(proven(&long, &longer));
    assert!(!proven(&longer, &long));
    let least = |size: u64| json!({ "minItems": size, "minProperties": size, "minLength": size });
    assert!(proven(&least(1 << 62), &least(1 << 61)));
    assert!(!proven(&least(1 << 61), &least(1 << 62)));
}
