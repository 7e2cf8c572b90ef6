//! The promises that carry a comparison: nothing is dropped, order means nothing, one change masks no other.

use std::collections::BTreeSet;

use bellwether::diff::{Change, Comparison, What, compare};
use bellwether::json::parse;
use bellwether::policy::{Ignores, Subject, judge};
use bellwether::report::{self, Target};
use bellwether::surface::Surface;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn surface(document: &Value) -> Surface {
    let json = parse(&document.to_string()).expect("JSON");
    Surface::from_document(&json).expect("a surface")
}

const LISTS: [(&str, &str); 4] = [
    ("tools", "name"),
    ("prompts", "name"),
    ("resources", "uri"),
    ("resourceTemplates", "uriTemplate"),
];

const WORDS: [&str; 12] = [
    "a",
    "b",
    "Reads a file.",
    "Writes 10MB",
    "must not",
    "string",
    "integer",
    "#/$defs/a",
    "https://a.example",
    "null",
    "date",
    "",
];

const NAMES: [&str; 40] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "items",
    "prefixItems",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "pattern",
    "uniqueItems",
    "multipleOf",
    "format",
    "default",
    "description",
    "title",
    "$ref",
    "$defs",
    "$schema",
    "if",
    "propertyNames",
    "patternProperties",
    "dependentRequired",
    "x-unknown",
    "examples",
    "annotations",
    "readOnlyHint",
    "_meta",
    "icons",
    "execution",
    "outputSchema",
    "a",
    "b",
    "arguments",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3_i64..100).prop_map(Value::from),
        Just(json!(1.5)),
        prop::sample::select(&WORDS[..]).prop_map(Value::from),
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::vec((prop::sample::select(&NAMES[..]), inner), 0..3).prop_map(object),
        ]
    })
}

fn object(members: Vec<(&str, Value)>) -> Value {
    Value::Object(
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string"})),
        Just(
            json!({"type": "string", "maxLength": 10, "description": "A name of up to 10 characters."})
        ),
        Just(json!({"type": ["integer", "null"], "minimum": 0})),
        Just(json!({"enum": ["x", "y"]})),
        Just(json!({"const": "x"})),
        Just(json!({"$ref": "#/$defs/a"})),
        Just(json!({"$ref": "#/$defs/b", "description": "Refers."})),
        Just(
            json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}], "default": null})
        ),
        Just(json!({"not": {"$ref": "#/$defs/a"}})),
        Just(json!({})),
        Just(json!(true)),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            (
                prop::collection::vec(
                    (
                        prop::sample::select(&["a", "b", "confirm"][..]),
                        inner.clone()
                    ),
                    0..3
                ),
                any::<bool>(),
                any::<bool>()
            )
                .prop_map(|(properties, required, closed)| {
                    let mut schema = Map::new();
                    schema.insert("type".into(), "object".into());
                    if required {
                        schema.insert(
                            "required".into(),
                            properties.iter().map(|(name, _)| *name).take(1).collect(),
                        );
                    }
                    schema.insert("properties".into(), object(properties));
                    if closed {
                        schema.insert("additionalProperties".into(), false.into());
                    }
                    Value::Object(schema)
                }),
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"anyOf": [a, b]})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"oneOf": [a, b]})),
            inner.clone().prop_map(|a| json!({"allOf": [a]})),
            (inner.clone(), inner).prop_map(|(a, b)| json!({"if": a, "then": b, "title": "T"})),
        ]
    })
}

fn whole_schema() -> impl Strategy<Value = Value> {
    (schema(), schema(), schema()).prop_map(|(root, a, b)| {
        let mut root = root.as_object().cloned().unwrap_or_default();
        root.insert("$defs".into(), json!({"a": a, "b": b}));
        Value::Object(root)
    })
}

fn document() -> impl Strategy<Value = Value> {
    let tool = (whole_schema(), prop::option::of(whole_schema()), any::<bool>()).prop_map(|(input, output, hints)| {
        let mut tool = json!({"description": "Reads a file. Maximum size: 10MB.", "title": "Read", "inputSchema": input});
        if let Some(output) = output {
            tool["outputSchema"] = output;
        }
        if hints {
            tool["annotations"] = json!({"readOnlyHint": true, "title": "Read"});
            tool["_meta"] = json!({"a": {"b": 1}});
            tool["execution"] = json!({"taskSupport": "optional"});
            tool["icons"] = json!([{"src": "data:,"}]);
        }
        tool
    });
    prop::collection::vec(tool, 0..3).prop_map(|tools| {
        let tools: Vec<_> = tools
            .into_iter()
            .enumerate()
            .map(|(index, mut tool)| {
                tool["name"] = format!("tool_{index}").into();
                tool
            })
            .collect();
        json!({
            "initialize": {"protocolVersion": "2025-11-25", "serverInfo": {"name": "s", "version": "1", "title": "S"},
                "capabilities": {"tools": {"listChanged": true}, "experimental": {"a": {"b": 1}}}, "instructions": "Be quick."},
            "tools": tools,
            "prompts": [{"name": "p", "description": "Asks.", "arguments": [{"name": "a", "required": true}, {"name": "b", "description": "B"}]}],
            "resources": [{"uri": "r://a", "name": "a", "mimeType": "text/plain", "annotations": {"audience": ["user"], "priority": 1}}],
            "resourceTemplates": [{"uriTemplate": "r://{a}", "name": "t"}],
            "results": {"tools/list": {"_meta": {"a": 1}}}
        })
    })
}

/// Every place inside a value, as a path of tokens.
fn places(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let mut visit = |token: String, value: &Value| {
        path.push(token);
        found.push(path.clone());
        places(value, path, found);
        path.pop();
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| visit(name.clone(), value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| visit(index.to_string(), value)),
        _ => {}
    }
}

fn pointer(path: &[String]) -> String {
    path.iter()
        .map(|token| format!("/{}", token.replace('~', "~0").replace('/', "~1")))
        .collect()
}

/// A kind of edit at a random place below the lists and `initialize`.
#[derive(Debug, Clone)]
enum Edit {
    Replace(Value),
    Remove,
    Insert(&'static str, Value),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        anything().prop_map(Edit::Replace),
        Just(Edit::Remove),
        (prop::sample::select(&NAMES[..]), anything())
            .prop_map(|(name, value)| Edit::Insert(name, value)),
    ]
}

/// Applies the edit; nothing where it does not fit there or leaves no surface.
fn edited(document: &Value, place: &prop::sample::Index, edit: &Edit) -> Option<Value> {
    let mut all = Vec::new();
    places(document, &mut Vec::new(), &mut all);
    all.retain(|path| path.len() >= 2);
    let path = &all[place.index(all.len())];
    let mut changed = document.clone();
    match edit {
        Edit::Replace(value) => *changed.pointer_mut(&pointer(path))? = value.clone(),
        Edit::Insert(name, value) => {
            let members = changed.pointer_mut(&pointer(path))?.as_object_mut()?;
            members.insert((*name).to_owned(), value.clone());
        }
        Edit::Remove => {
            let (last, parent) = path.split_last()?;
            match changed.pointer_mut(&pointer(parent))? {
                Value::Object(members) => drop(members.remove(last)),
                Value::Array(items) => drop(items.remove(last.parse().ok()?)),
                _ => return None,
            }
        }
    }
    let json = parse(&changed.to_string()).ok()?;
    Surface::from_document(&json).ok()?;
    Some(changed)
}

/// The smallest differences of two values; arrays count as a whole.
fn leaves(
    old: Option<&Value>,
    new: Option<&Value>,
    path: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) {
    let none = Map::new();
    let members = |value: Option<&Value>| match value {
        Some(Value::Object(members)) => Some(members.clone()),
        None => Some(none.clone()),
        Some(_) => None,
    };
    if old == new {
        return;
    }
    match (members(old), members(new)) {
        (Some(a), Some(b)) if !(a.is_empty() && b.is_empty()) => {
            let names: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for name in names {
                path.push(name.clone());
                leaves(a.get(name), b.get(name), path, found);
                path.pop();
            }
        }
        _ => found.push(path.clone()),
    }
}

/// Every difference of two documents as the thing and the pointer inside it.
fn differences(old: &Value, new: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut add = |at: &str, prefix: &str, old: Option<&Value>, new: Option<&Value>| {
        let mut paths = Vec::new();
        leaves(old, new, &mut Vec::new(), &mut paths);
        found.extend(
            paths
                .into_iter()
                .map(|path| (at.to_owned(), format!("{prefix}{}", pointer(&path)))),
        );
    };
    for (list, key) in LISTS {
        let items = |document: &'_ Value| -> Vec<(String, Value)> {
            let items = document[list].as_array().cloned().unwrap_or_default();
            items
                .into_iter()
                .map(|item| (item[key].as_str().unwrap_or("\0").to_owned(), item))
                .collect()
        };
        let (a, b) = (items(old), items(new));
        let names: std::collections::BTreeSet<_> =
            a.iter().chain(&b).map(|(name, _)| name.clone()).collect();
        for name in names {
            let side = |items: &[(String, Value)]| {
                items
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, item)| item.clone())
            };
            let at = if name == "\0" {
                list.to_owned()
            } else {
                format!("{list}/{name}")
            };
            match (side(&a), side(&b)) {
                (Some(a), Some(b)) => add(&at, "", Some(&a), Some(&b)),
                _ => found_whole(&mut add, &at),
            }
        }
    }
    let (a, b) = (&old["initialize"], &new["initialize"]);
    let names = [
        "protocolVersion",
        "serverInfo",
        "capabilities",
        "instructions",
    ];
    for name in names {
        match name {
            "instructions" => add("instructions", "", a.get(name), b.get(name)),
            "capabilities" => {
                let none = Map::new();
                let (a, b) = (
                    a[name].as_object().unwrap_or(&none),
                    b[name].as_object().unwrap_or(&none),
                );
                for top in a.keys().chain(b.keys()) {
                    add(&format!("capabilities/{top}"), "", a.get(top), b.get(top));
                }
            }
            _ => add("server", &format!("/{name}"), a.get(name), b.get(name)),
        }
    }
    found
}

fn found_whole(add: &mut impl FnMut(&str, &str, Option<&Value>, Option<&Value>), at: &str) {
    add(at, "", Some(&Value::Null), Some(&Value::Bool(true)));
}

fn spoken(comparison: &Comparison) -> Vec<(String, String)> {
    let of = |at: &str, pointer: &str| (at.to_owned(), pointer.to_owned());
    let changes = comparison
        .changes
        .iter()
        .filter(|change| !change.what.is_summary())
        .flat_map(|change| {
            let own = std::iter::once(&change.place).chain(&change.covers);
            own.map(|place| of(&place.at, place.pointer.as_str()))
                .chain(change.new_at.iter().map(|at| of(at, "")))
        });
    let same = comparison
        .equivalences
        .iter()
        .map(|same| of(&same.place.at, same.place.pointer.as_str()));
    changes.chain(same).collect()
}

/// Whether one of two pointers is an ancestor of the other.
fn related(a: &str, b: &str) -> bool {
    let above = |a: &str, b: &str| {
        b.strip_prefix(a)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    above(a, b) || above(b, a)
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let orderless = matches!(
                    name.as_str(),
                    "tools" | "required" | "enum" | "arguments" | "audience" | "anyOf" | "oneOf"
                );
                let value = reversed(value);
                let value = match value {
                    Value::Array(items) if orderless => items.into_iter().rev().collect(),
                    Value::Array(items) if name == "type" => items.into_iter().rev().collect(),
                    value => value,
                };
                (name.clone(), value)
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        scalar => scalar.clone(),
    }
}

fn facts(changes: &[Change]) -> Vec<&Change> {
    changes
        .iter()
        .filter(|change| !change.what.is_summary())
        .collect()
}

/// The report on two documents, as `--format json` prints it.
fn report(old: &Value, new: &Value) -> Value {
    let subject = Subject {
        target: Target {
            name: "default".to_owned(),
            ..Target::default()
        },
        comparison: Some(compare(&surface(old), &surface(new))),
        ..Subject::default()
    };
    let report = judge(vec![subject], &Ignores::default());
    serde_json::from_str(&report::json::render(&report)).expect("JSON")
}

/// Every place that a report names, of its findings and equivalences.
fn reported(report: &Value) -> Vec<(String, String)> {
    let place = |value: &Value| {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        (text("at"), text("pointer"))
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut places = Vec::new();
    for entry in list(&report["findings"])
        .iter()
        .chain(&list(&report["equivalences"]))
    {
        places.push(place(entry));
        places.extend(list(&entry["covers"]).iter().map(place));
        if let Some(at) = entry["newAt"].as_str() {
            places.push((at.to_owned(), String::new()));
        }
    }
    places
}

/// Gives a value what another one has at a path. Arrays of another length, or of no objects, are taken whole.
fn patch(value: &mut Value, from: &Value, path: &[String]) {
    let Some((token, rest)) = path.split_first() else {
        *value = from.clone();
        return;
    };
    match (&mut *value, from) {
        (Value::Object(old), Value::Object(new)) => match (old.get_mut(token), new.get(token)) {
            (Some(old), Some(new)) => patch(old, new, rest),
            // It is gone, or came in part: what a report does not name may be left in it.
            (Some(old), None) if !rest.is_empty() => {
                patch(old, &json!({}), rest);
                if *old == json!({}) {
                    value.as_object_mut().expect("an object").remove(token);
                }
            }
            (Some(_), None) => drop(old.remove(token)),
            (None, Some(new)) if !rest.is_empty() && new.is_object() => {
                patch(old.entry(token).or_insert(json!({})), new, rest)
            }
            (None, Some(new)) => drop(old.insert(token.clone(), new.clone())),
            (None, None) => {}
        },
        (Value::Array(old), Value::Array(new))
            if old.len() == new.len() && old.iter().any(Value::is_object) =>
        {
            let index = token.parse().unwrap_or(usize::MAX);
            if let (Some(old), Some(new)) = (old.get_mut(index), new.get(index)) {
                patch(old, new, rest);
            }
        }
        (Value::Array(_), _) | (_, Value::Array(_)) => *value = from.clone(),
        _ => {}
    }
}

/// The tools of a document by name; nothing where two have one name, or one has none.
fn tools(document: &Value) -> Option<Value> {
    let mut tools = Map::new();
    for tool in document["tools"].as_array()? {
        let name = tool["name"].as_str().filter(|name| !name.is_empty())?;
        if tools.insert(name.to_owned(), tool.clone()).is_some() {
            return None;
        }
    }
    Some(Value::Object(tools))
}

/// What becomes of the tools of `old` where they get what `new` has at every place that the report names.
fn applied(report: &Value, old: &Value, new: &Value) -> Value {
    let mut tools = old.clone();
    for (at, pointer) in reported(report) {
        let Some(inside) = at.strip_prefix("tools") else {
            continue;
        };
        let name = inside.strip_prefix('/').map(str::to_owned);
        let tokens = pointer.split('/').skip(1);
        let tokens = tokens.map(|token| token.replace("~1", "/").replace("~0", "~"));
        let path: Vec<_> = name.into_iter().chain(tokens).collect();
        patch(&mut tools, new, &path);
    }
    tools
}

/// The schema with every reference into `$defs` replaced by what it leads to, once.
fn inlined(value: &Value, definitions: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|text| definitions.get(text.strip_prefix("#/$defs/")?));
            match target {
                Some(target) if members.len() == 1 => target.clone(),
                _ => {
                    let inner = |(name, value): (&String, &Value)| {
                        let value = if name == "$defs" {
                            value.clone()
                        } else {
                            inlined(value, definitions)
                        };
                        (name.clone(), value)
                    };
                    Value::Object(members.iter().map(inner).collect())
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .map(|item| inlined(item, definitions))
            .collect(),
        scalar => scalar.clone(),
    }
}

/// Whether no definition of the input schemas refers to itself in place, by whatever road: what such a ring means is
/// left undefined by the specification (2020-12, 9.4.1).
fn definitions_say_something(document: &Value) -> bool {
    let tools = document["tools"].as_array().into_iter().flatten();
    let mut all = tools.filter_map(|tool| tool["inputSchema"]["$defs"].as_object());
    all.all(|definitions| {
        definitions.keys().all(|name| {
            let mut seen = BTreeSet::new();
            let mut next = in_place(&definitions[name]);
            while let Some(reference) = next.pop() {
                let known = reference.strip_prefix("#/$defs/");
                if let Some(known) = known.filter(|known| seen.insert(known.to_string())) {
                    next.extend(definitions.get(known).map(in_place).unwrap_or_default());
                }
            }
            !seen.contains(name)
        })
    })
}

/// What a schema refers to in place, in its own `$ref` or in that of a schema about the same value.
fn in_place(schema: &Value) -> Vec<String> {
    let Some(schema) = schema.as_object() else {
        return Vec::new();
    };
    let mut found: Vec<String> = schema
        .get("$ref")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .into_iter()
        .collect();
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let branches = schema.get(keyword).and_then(Value::as_array);
        found.extend(branches.into_iter().flatten().flat_map(in_place));
    }
    for keyword in ["not", "if", "then", "else"] {
        found.extend(schema.get(keyword).map(in_place).unwrap_or_default());
    }
    found
}

/// A document with something done to each input schema.
fn with_inputs(document: &Value, change: impl Fn(&Value) -> Value) -> Value {
    let mut document = document.clone();
    for tool in document["tools"].as_array_mut().expect("a list") {
        tool["inputSchema"] = change(&tool["inputSchema"]);
    }
    document
}

fn severities(report: &Value) -> Vec<(Value, Value, Value, Value)> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let of = |finding: &Value| {
        let [rule, at, pointer, severity] =
            ["rule", "at", "pointer", "severity"].map(|name| finding[name].clone());
        (rule, at, pointer, severity)
    };
    findings.map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_drifts_from_itself(document in document()) {
        let surface = surface(&document);
        prop_assert_eq!(compare(&surface, &surface), Comparison { complete: true, ..Comparison::default() });
    }

    #[test]
    fn every_difference_is_told(document in document(), edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 1..4)) {
        let mut changed = document.clone();
        for (place, edit) in &edits {
            if let Some(next) = edited(&changed, place, edit) {
                changed = next;
            }
        }
        let comparison = compare(&surface(&document), &surface(&changed));
        let spoken = spoken(&comparison);
        for (at, pointer) in differences(&document, &changed) {
            let all_tools = at.starts_with("tools/") && spoken.iter().any(|(place, _)| place == "tools");
            let told = spoken.iter().any(|(place, inside)| *place == at && related(inside, &pointer))
                || (at.starts_with("capabilities/") && spoken.iter().any(|(place, inside)| place == "server" && related(inside, "/capabilities")));
            prop_assert!(told || all_tools, "{at} {pointer} is told nowhere in {spoken:#?}\n{document}\n{changed}");
        }
    }

    #[test]
    fn order_means_nothing(document in document()) {
        let comparison = compare(&surface(&document), &surface(&reversed(&document)));
        prop_assert_eq!(comparison.changes, Vec::new());
    }

    #[test]
    fn a_harmless_addition_masks_nothing(document in document(), place in any::<prop::sample::Index>(), edit in edit()) {
        let Some(changed) = edited(&document, &place, &edit) else { return Ok(()) };
        let mut more = changed.clone();
        if changed["tools"].as_array().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        let tool = json!({"name": "unrelated", "description": "Another one.", "inputSchema": {"type": "object"}});
        more["tools"].as_array_mut().expect("a list").push(tool);
        let old = surface(&document);
        let (alone, beside) = (compare(&old, &surface(&changed)), compare(&old, &surface(&more)));
        // With one more tool, not every tool is gone.
        prop_assume!(alone.changes.iter().all(|change| change.what != What::AllToolsRemoved));
        for change in facts(&alone.changes) {
            prop_assert!(beside.changes.contains(change), "{change:?} is masked");
        }
    }

    #[test]
    fn the_report_accounts_for_every_difference(document in document(), edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 1..4)) {
        let mut changed = document.clone();
        for (place, edit) in &edits {
            if let Some(next) = edited(&changed, place, edit) {
                changed = next;
            }
        }
        if let (Some(old), Some(new)) = (tools(&document), tools(&changed)) {
            let report = report(&document, &changed);
            prop_assert_eq!(applied(&report, &old, &new), new, "{}\n{}\n{:#}", document, changed, report);
        }
    }

    #[test]
    fn a_reference_means_its_target(document in document().prop_filter("a ring", definitions_say_something)) {
        let direct = with_inputs(&document, |schema| inlined(schema, &schema["$defs"]));
        let changes = compare(&surface(&document), &surface(&direct)).changes;
        prop_assert_eq!(facts(&changes), Vec::<&Change>::new(), "{}\n{}", document, direct);
    }

    #[test]
    fn the_names_of_definitions_mean_nothing(document in document().prop_filter("a ring", definitions_say_something)) {
        let renamed = with_inputs(&document, |schema| {
            let mut text = schema.to_string();
            for name in ["a", "b"] {
                text = text.replace(&format!("\"#/$defs/{name}\""), &format!("\"#/$defs/the_{name}\""));
            }
            let mut schema: Value = serde_json::from_str(&text).expect("JSON");
            let definitions = schema["$defs"].as_object().expect("definitions").clone();
            schema["$defs"] = definitions.into_iter().map(|(name, value)| (format!("the_{name}"), value)).collect();
            schema
        });
        let changes = compare(&surface(&document), &surface(&renamed)).changes;
        prop_assert_eq!(facts(&changes), Vec::<&Change>::new(), "{}\n{}", document, renamed);
    }

    #[test]
    fn harmless_changes_elsewhere_lower_nothing(document in document(), place in any::<prop::sample::Index>(), edit in edit()) {
        let Some(changed) = edited(&document, &place, &edit) else { return Ok(()) };
        // An optional parameter in every tool that can take one, on the new side alone, and a reworded description.
        let mut more = changed.clone();
        for tool in more["tools"].as_array_mut().into_iter().flatten() {
            let Some(schema) = tool.get_mut("inputSchema").and_then(Value::as_object_mut) else { continue };
            let plain = schema.get("type") == Some(&json!("object")) && schema.get("additionalProperties").is_none();
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut).filter(|_| plain) {
                properties.insert("unrelated".to_owned(), json!({"type": "boolean", "description": "Whether to add more of it all."}));
            }
        }
        if let Some(text) = more.pointer_mut("/prompts/0/description").filter(|text| **text == "Asks.") {
            *text = "Asks!".into();
        }
        let (alone, beside) = (report(&document, &changed), report(&document, &more));
        let beside = severities(&beside);
        // A grade is a mean: what is documented well beside it lifts it.
        let told = severities(&alone).into_iter().filter(|(_, _, pointer, _)| pointer != "/documentation");
        for (rule, at, pointer, severity) in told {
            let kept = beside.iter().any(|other| {
                let rank = |severity: &Value| ["info", "warning", "breaking"].iter().position(|name| severity == name);
                other.1 == at && (related(other.2.as_str().unwrap_or_default(), pointer.as_str().unwrap_or_default())) && rank(&other.3) >= rank(&severity)
            });
            prop_assert!(kept, "{rule} {at} {pointer} {severity} is masked\n{document}\n{changed}");
        }
    }
}
