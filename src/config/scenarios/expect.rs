//! What is wrong with what a scenario expects, beyond the types of its keys.

use std::ops::Range;

use super::super::problem::{Problem, quoted};
use super::super::tree::{Entry, Node, Value};
use super::build::plain;
use super::check::list;
use crate::inclusion::{Conformity, Dialect, conforms};
use crate::json::{Json, Object, Pointer};
use crate::scenarios::is_searchable;

/// Keywords whose value is a schema.
const ONE: [&str; 13] = [
    "additionalItems",
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "extends",
];

/// Keywords whose value is a mapping of names to schemas, or a list of schemas.
const MANY: [&str; 10] = [
    "$defs",
    "allOf",
    "anyOf",
    "definitions",
    "dependentSchemas",
    "items",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
];

/// Every mistake of one `expect` of the file, for a tool or for something else.
pub(super) fn check(expect: &Node, file: &str, of_tool: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let told = expect.get("isError");
    if let Some(entry) = told.filter(|_| !of_tool) {
        problems.push(
            Problem::new(
                entry.span.clone(),
                "only the result of a tool has `isError`",
            )
            .help("`error: notFound` expects an error of that category"),
        );
    } else if let Some(entry) = told
        && let Value::Bool(false) = entry.node.value
        && let Some(error) = expect.get("error")
    {
        problems.push(Problem::new(
            error.span.clone(),
            "`isError: false` and `error` exclude each other",
        ));
    }
    for key in ["contains", "notContains"] {
        for text in list(expect, key) {
            if matches!(&text.value, Value::Text(text) if text.is_empty()) {
                problems.push(Problem::new(
                    text.span.clone(),
                    "an empty text stands in every text",
                ));
            }
        }
    }
    for entry in expect
        .get("pointers")
        .map_or(&[][..], |entry| entry.node.entries())
    {
        place(entry, &mut problems);
    }
    if let Some(entry) = expect.get("schema")
        && matches!(entry.node.value, Value::Map(_))
    {
        schema(&entry.node, file, &mut problems);
    }
    problems
}

fn place(entry: &Entry, problems: &mut Vec<Problem>) {
    if !is_pointer(&entry.key) {
        problems.push(
            Problem::new(
                entry.span.clone(),
                format!("{} is no JSON Pointer", quoted(&entry.key)),
            )
            .help("it begins with `/`, and `~` is written `~0`: `/structuredContent/total`, `/content/0/text`"),
        );
    }
    let expected = &entry.node;
    if !matches!(expected.value, Value::Map(_)) {
        return;
    }
    let others = ["equals", "type", "matches"];
    // `equals: null` says something, so the members are looked at and not `get`.
    let stated = |key: &str| expected.entries().iter().find(|entry| entry.key == key);
    let other = others.into_iter().find_map(stated);
    let exists = expected.get("exists").map(|entry| &entry.node.value);
    let says_nothing = |entry: &Entry| matches!(entry.node.value, Value::Null);
    match (exists, other) {
        // A key that nobody knows is a mistake of its own.
        (None, None) if expected.entries().iter().all(says_nothing) => problems.push(
            Problem::new(entry.span.clone(), "nothing is expected at this place")
                .help("say `equals`, `exists`, `type` or `matches`"),
        ),
        (Some(Value::Bool(false)), Some(other)) => problems.push(Problem::new(
            other.span.clone(),
            format!("`exists: false` and `{}` exclude each other", other.key),
        )),
        _ => {}
    }
    if let Some(node) = expected.at(&["matches"])
        && let Value::Text(text) = &node.value
    {
        problems.extend(expression(text, &node.span));
    }
}

/// RFC 6901: `~` stands before `0` or `1` only.
fn is_pointer(text: &str) -> bool {
    let escapes = text.split('~').skip(1);
    Pointer::parse(text).is_some() && { escapes }.all(|rest| rest.starts_with(['0', '1']))
}

/// Points at the innermost schema that its own dialect does not allow.
fn schema(node: &Node, file: &str, problems: &mut Vec<Problem>) {
    let json = plain(node, file);
    let named = json.get_str("$schema");
    if named.is_some_and(|uri| Dialect::of_uri(uri).is_none()) {
        let at = node.at(&["$schema"]).unwrap_or(node);
        problems.push(
            Problem::new(at.span.clone(), "this dialect of JSON Schema is not known")
                .help("leave `$schema` out for 2020-12"),
        );
        return;
    }
    let dialect = named.unwrap_or("https://json-schema.org/draft/2020-12/schema");
    let meta = Object::from_iter([("$ref", Json::from(dialect))]).into();
    faults(node, file, &meta, problems);
    // To its dialect an expression is any text.
    patterns(node, problems);
}

fn faults(node: &Node, file: &str, meta: &Json, problems: &mut Vec<Problem>) {
    if allowed(&plain(node, file), meta) {
        return;
    }
    let before = problems.len();
    for entry in node.entries() {
        let alone = Object::from_iter([(entry.key.as_str(), plain(&entry.node, file))]);
        if allowed(&alone.into(), meta) {
            continue;
        }
        let deeper = problems.len();
        for inner in inside(entry) {
            faults(inner, file, meta, problems);
        }
        if problems.len() == deeper {
            problems.push(Problem::new(
                entry.node.span.clone(),
                format!("JSON Schema does not allow this as `{}`", entry.key),
            ));
        }
    }
    if problems.len() == before {
        problems.push(Problem::new(node.span.clone(), "this is no JSON Schema"));
    }
}

/// Whether a schema is one, as far as anybody can say.
fn allowed(schema: &Json, meta: &Json) -> bool {
    !matches!(conforms(meta, schema), Conformity::Contradicts { .. })
}

/// The schemas that stand in a keyword.
fn inside(entry: &Entry) -> Vec<&Node> {
    let (key, node) = (entry.key.as_str(), &entry.node);
    if ONE.contains(&key) && matches!(node.value, Value::Map(_)) {
        return vec![node];
    }
    if !MANY.contains(&key) {
        return Vec::new();
    }
    let named = node.entries().iter().map(|entry| &entry.node);
    node.items().iter().chain(named).collect()
}

/// Every regular expression of a schema and of those in it that cannot be searched for.
fn patterns(node: &Node, problems: &mut Vec<Problem>) {
    for entry in node.entries() {
        let written: Vec<(&str, &Range<usize>)> = match entry.key.as_str() {
            "pattern" => (entry.node.text().into_iter())
                .map(|text| (text, &entry.node.span))
                .collect(),
            "patternProperties" => (entry.node.entries().iter())
                .map(|entry| (entry.key.as_str(), &entry.span))
                .collect(),
            _ => Vec::new(),
        };
        for (text, span) in written {
            problems.extend(expression(text, span));
        }
        for inner in inside(entry) {
            patterns(inner, problems);
        }
    }
}

/// What is wrong with a regular expression.
fn expression(text: &str, span: &Range<usize>) -> Option<Problem> {
    if is_searchable(text) {
        return None;
    }
    let message = format!(
        "{} is no regular expression that can be searched for",
        quoted(text)
    );
    Some(Problem::new(span.clone(), message).help(
        "it is read as in JavaScript with the flag `u`; back-references and look-around inside are not known",
    ))
}
