//! Every question has an answer at once, whatever the schemas: no panic, no stack run over, no wait.

use bellwether::inclusion::{Answer, Dialect, Doubt, included};
use serde_json::{Value, json};

use crate::oracle::json;

/// Puts a schema into itself a number of times.
fn nested(times: usize, mut leaf: Value, around: impl Fn(Value) -> Value) -> Value {
    for _ in 0..times {
        leaf = around(leaf);
    }
    leaf
}

#[test]
fn deep_schemas_need_no_more_stack_than_a_thread_has() {
    let around: [fn(Value) -> Value; 6] = [
        |schema| json!({ "type": "object", "properties": { "a": schema }, "required": ["a"] }),
        |schema| json!({ "type": "array", "items": schema, "minItems": 1 }),
        |schema| json!({ "allOf": [schema], "anyOf": [true, { "required": ["b"] }] }),
        |schema| json!({ "not": { "properties": { "a": schema }, "required": ["a"] } }),
        |schema| json!({ "if": { "required": ["a"] }, "then": schema, "unevaluatedProperties": false }),
        |schema| json!({ "oneOf": [{ "required": ["b"] }, schema] }),
    ];
    for around in around {
        let old = json(&nested(100, json!({ "type": "string" }), around));
        let new = json(&nested(
            100,
            json!({ "type": "string", "minLength": 1 }),
            around,
        ));
        let asked = std::thread::Builder::new()
            .stack_size(2 << 20)
            .spawn(move || {
                included(&old, &new, Dialect::Draft202012);
                included(&new, &old, Dialect::Draft202012);
            });
        asked.expect("a thread").join().expect("no panic");
    }
}

/// These took seconds, or would never have ended.
#[test]
fn wide_schemas_end_at_once() {
    let values: Vec<String> = (0..10_000)
        .map(|number| format!("value {number}"))
        .collect();
    let (all, more) = (json!({ "enum": values[1..] }), json!({ "enum": values }));
    let answer = included(&json(&all), &json(&more), Dialect::Draft202012);
    assert_eq!(answer, Answer::Proven);

    let patterns = (0..30).map(|number| (format!("^p{number}"), json!({ "type": "string" })));
    let patterns = json!({ "patternProperties": Value::Object(patterns.collect()) });
    included(
        &json(&patterns),
        &json(&json!({ "minProperties": 1 })),
        Dialect::Draft202012,
    );

    let branches: Vec<Value> = (0..10_000)
        .map(|number| json!({ "minLength": number }))
        .collect();
    let one = json!({ "oneOf": branches });
    included(&json(&one), &json(&json!(false)), Dialect::Draft202012);
    included(&json(&json!(true)), &json(&one), Dialect::Draft202012);
}

/// Who does not know all identifiers of a schema does not know what it means.
#[test]
fn too_many_identifiers_leave_the_question_open() {
    let named = |count: usize| {
        let named = (0..count).map(|number| {
            let id = format!("https://example.com/{number}");
            (format!("d{number}"), json!({ "$id": id, "type": "string" }))
        });
        json(&json!({ "$defs": Value::Object(named.collect()), "$ref": "https://example.com/1" }))
    };
    let text = json(&json!({ "type": "string" }));
    let answer = |count| included(&named(count), &text, Dialect::Draft202012);
    assert_eq!(answer(1_000), Answer::Proven);
    assert_eq!(answer(100_000), Answer::Unknown(Doubt::Budget));
}
