//! What a comparison says of input schemas, held against another validator: a call that nobody warned about still works,
//! and a call that is shown as an example of a loss is one.

use bellwether::diff::{SCHEMA, compare};
use bellwether::json::{compact, parse};
use bellwether::policy::{Ignores, Subject, judge};
use bellwether::report::{Severity, Target};
use bellwether::surface::Surface;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-2_i64..6).prop_map(Value::from),
        Just(json!(1.5)),
        prop::sample::select(&["", "a", "b", "ab", "abc"][..]).prop_map(Value::from),
    ]
}

fn parameter() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop::sample::select(&["string", "integer", "number", "boolean", "null"][..])
            .prop_map(|kind| json!({"type": kind})),
        (0_u8..3).prop_map(|length| json!({"type": "string", "maxLength": length})),
        (0_u8..3).prop_map(|length| json!({"minLength": length})),
        (-1_i8..4).prop_map(|bound| json!({"type": "integer", "minimum": bound})),
        (-1_i8..4).prop_map(|bound| json!({"exclusiveMaximum": bound})),
        prop::collection::vec(scalar(), 1..4).prop_map(|values| json!({"enum": values})),
        Just(json!({"pattern": "^a"})),
        Just(json!({"multipleOf": 2})),
        Just(json!({"$ref": "#/$defs/d"})),
        Just(json!({})),
        Just(json!(true)),
    ];
    leaf.prop_recursive(2, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"anyOf": [a, b]})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"oneOf": [a, b]})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"allOf": [a, b]})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"if": a, "then": b})),
            inner.clone().prop_map(|a| json!({"not": a})),
            inner.prop_map(|a| json!({"type": "array", "items": a, "maxItems": 2})),
        ]
    })
}

fn definition() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"type": "string"})),
        Just(json!({"type": ["string", "null"], "maxLength": 2})),
    ]
}

prop_compose! {
    fn schema()(
        a in prop::option::of(parameter()),
        b in parameter(),
        d in definition(),
        required in prop::sample::subsequence(vec!["a", "b"], 0..=2),
        closed in any::<bool>(),
    ) -> Value {
        let mut properties = Map::from_iter([("b".to_owned(), b)]);
        properties.extend(a.map(|a| ("a".to_owned(), a)));
        let mut schema = json!({"type": "object", "properties": properties, "required": required, "$defs": {"d": d}});
        if closed {
            schema["additionalProperties"] = false.into();
        }
        schema
    }
}

fn argument() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => scalar(),
        1 => prop::collection::vec(scalar(), 0..3).prop_map(Value::Array),
    ]
}

fn surface(schema: &Value) -> Surface {
    let document = json!({"tools": [{"name": "t", "inputSchema": schema}]});
    let json = parse(&document.to_string()).expect("JSON");
    Surface::from_document(&json).expect("a surface")
}

fn accepts(schema: &Value, value: &Value) -> bool {
    let validator = jsonschema::draft202012::new(schema).expect("a schema");
    validator.is_valid(value)
}

/// The worst that is said of two schemas, and the calls that are shown to be lost.
fn judged(old: &Value, new: &Value) -> (Option<Severity>, Vec<Value>) {
    let comparison = compare(&surface(old), &surface(new));
    let witnesses = comparison.changes.iter();
    let witnesses = witnesses.filter_map(|change| change.witness.as_ref());
    let witnesses = witnesses.map(|witness| serde_json::from_str(&compact(witness)).expect("JSON"));
    let witnesses = witnesses.collect();
    let subject = Subject {
        target: Target {
            name: SCHEMA.to_owned(),
            ..Target::default()
        },
        comparison: Some(comparison),
        ..Subject::default()
    };
    let report = judge(vec![subject], &Ignores::default());
    let worst = report.findings.iter().map(|finding| finding.severity).max();
    (worst, witnesses)
}

/// Two schemas that are the same but for one parameter, or that have nothing to do with each other.
fn pair() -> impl Strategy<Value = (Value, Value)> {
    let near = (schema(), parameter()).prop_map(|(old, parameter)| {
        let mut new = old.clone();
        new["properties"]["b"] = parameter;
        (old, new)
    });
    prop_oneof![near, (schema(), schema())]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_nobody_warned_about_still_works(
        (old, new) in pair(),
        calls in prop::collection::vec((prop::option::of(argument()), prop::option::of(argument())), 24),
    ) {
        let (worst, witnesses) = judged(&old, &new);
        for witness in &witnesses {
            prop_assert!(accepts(&old, witness), "{witness} never worked\n{old}\n{new}");
            prop_assert!(!accepts(&new, witness), "{witness} still works\n{old}\n{new}");
        }
        if worst.is_some_and(|worst| worst > Severity::Info) {
            return Ok(());
        }
        for (a, b) in calls {
            // A caller sends what the old schema names.
            let a = a.filter(|_| old["properties"].get("a").is_some());
            let arguments = [("a", a), ("b", b)].into_iter();
            let call: Map<_, _> = arguments.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
            let call = Value::Object(call);
            prop_assert!(!accepts(&old, &call) || accepts(&new, &call), "{call} is refused now\n{old}\n{new}");
        }
    }
}
