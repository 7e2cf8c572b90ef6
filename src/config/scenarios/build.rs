//! From a tree without mistakes to a suite: variables filled in, values as JSON.

use std::time::Duration;

use super::super::leaf;
use super::super::problem::Problem;
use super::super::server::placed;
use super::super::tree::{Node, Value};
use super::super::vars::{self, Lookup};
use super::check::list;
use crate::json::{Json, Object, Pointer, parse};
use crate::observed::ErrorCategory;
use crate::scenarios::{Expectations, Expected, Scenario, Step, Suite, Target, Type};
use crate::secrets::Secrets;

/// Every reference in arguments that cannot be filled in.
pub(super) fn unset(tree: &Node, text: &str, env: Lookup<'_>) -> Vec<Problem> {
    let scenarios = list(tree, "scenarios");
    let around = std::iter::once(tree).chain(scenarios);
    let steps = around.flat_map(|node| list(node, "setup").iter().chain(list(node, "teardown")));
    let mut problems = Vec::new();
    for step in scenarios.iter().chain(steps) {
        if let Some(arguments) = step.get("arguments") {
            references(&arguments.node, text, env, &mut problems);
        }
    }
    problems
}

/// The suite of a tree in which nobody found a mistake.
pub(super) fn suite(tree: &Node, text: &str, env: Lookup<'_>, secrets: &mut Secrets) -> Suite {
    let mut building = Building { text, env, secrets };
    Suite {
        setup: building.steps(tree, "setup"),
        scenarios: list(tree, "scenarios")
            .iter()
            .map(|node| building.scenario(node))
            .collect(),
        teardown: building.steps(tree, "teardown"),
    }
}

struct Building<'a> {
    /// The text of the file.
    text: &'a str,
    env: Lookup<'a>,
    secrets: &'a mut Secrets,
}

impl Building<'_> {
    fn scenario(&mut self, node: &Node) -> Scenario {
        let expect = node
            .get("expect")
            .map(|entry| expectations(&entry.node, self.text));
        Scenario {
            name: text(node, "name").unwrap_or_default(),
            step: self.step(node),
            repeat: number(node, "repeat").unwrap_or(1),
            expect: expect.unwrap_or_default(),
            setup: self.steps(node, "setup"),
            teardown: self.steps(node, "teardown"),
            tags: texts(node, "tags"),
        }
    }

    fn steps(&mut self, node: &Node, key: &str) -> Vec<Step> {
        list(node, key).iter().map(|step| self.step(step)).collect()
    }

    fn step(&mut self, node: &Node) -> Step {
        let none = || Json::Object(Object::new());
        let arguments = node.get("arguments").map(|entry| &entry.node);
        Step {
            target: text(node, "tool")
                .map(Target::Tool)
                .or_else(|| text(node, "prompt").map(Target::Prompt))
                .or_else(|| text(node, "resource").map(Target::Resource))
                .expect("`check` has seen one of the three"),
            arguments: arguments.map_or_else(none, |node| {
                json(node, self.text, &mut |text| {
                    vars::fill(text, self.env, self.secrets).expect("`unset` has found none")
                })
            }),
            shown: arguments.map_or_else(none, |node| plain(node, self.text)),
            allow_destructive: truth(node, "allowDestructive").unwrap_or(false),
            server: text(node, "server"),
            timeout: time(node, "timeout"),
        }
    }
}

fn expectations(node: &Node, file: &str) -> Expectations {
    let pointers = node.get("pointers").map(|entry| entry.node.entries());
    let pointers = pointers.unwrap_or_default().iter().map(|entry| {
        let pointer = Pointer::parse(&entry.key).expect("`expect` has looked at it");
        (pointer, expected(&entry.node, file))
    });
    Expectations {
        is_error: truth(node, "isError"),
        contains: texts(node, "contains"),
        not_contains: texts(node, "notContains"),
        pointers: pointers.collect(),
        schema: node.get("schema").map(|entry| plain(&entry.node, file)),
        latency: time(node, "latency"),
        error: text(node, "error").and_then(|name| ErrorCategory::parse(&name)),
    }
}

fn expected(node: &Node, file: &str) -> Expected {
    Expected {
        // Here `null` is a value, not a missing one.
        equals: (node.entries().iter())
            .find(|entry| entry.key == "equals")
            .map(|entry| plain(&entry.node, file)),
        exists: truth(node, "exists"),
        kind: text(node, "type").and_then(|name| Type::of_name(&name)),
        matches: text(node, "matches"),
    }
}

fn references(node: &Node, text: &str, env: Lookup<'_>, problems: &mut Vec<Problem>) {
    if let Some(value) = node.text()
        && let Err(faults) = vars::fill(value, env, &mut Secrets::default())
    {
        let mut from = node.span.start;
        problems.extend((faults.into_iter()).map(|fault| placed(fault, node, text, &mut from)));
    }
    for inner in node.items() {
        references(inner, text, env, problems);
    }
    for entry in node.entries() {
        references(&entry.node, text, env, problems);
    }
}

/// The value as JSON: every text as it stands in the file, every number with the digits that it has there.
pub(super) fn plain(node: &Node, file: &str) -> Json {
    json(node, file, &mut str::to_owned)
}

fn json(node: &Node, file: &str, fill: &mut dyn FnMut(&str) -> String) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => digits(node, file)
            .unwrap_or_else(|| parse(&number.to_string()).expect("a finite number is JSON")),
        Value::Text(text) => Json::string(fill(text)),
        Value::List(items) => {
            Json::Array((items.iter()).map(|item| json(item, file, fill)).collect())
        }
        Value::Map(entries) => Json::Object(
            (entries.iter())
                .map(|entry| (entry.key.as_str(), json(&entry.node, file, fill)))
                .collect(),
        ),
    }
}

/// A number as it is written, where that is how JSON writes it; not behind an alias, nor `0x10`.
fn digits(node: &Node, file: &str) -> Option<Json> {
    let written = parse(file.get(node.span.clone())?.trim()).ok()?;
    matches!(written, Json::Number(_)).then_some(written)
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.at(&[key]).and_then(Node::text).map(str::to_owned)
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    let items = list(node, key).iter();
    items.filter_map(Node::text).map(str::to_owned).collect()
}

fn truth(node: &Node, key: &str) -> Option<bool> {
    match node.at(&[key])?.value {
        Value::Bool(value) => Some(value),
        _ => None,
    }
}

fn number(node: &Node, key: &str) -> Option<u32> {
    match &node.at(&[key])?.value {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok(),
        _ => None,
    }
}

fn time(node: &Node, key: &str) -> Option<Duration> {
    match &node.at(&[key])?.value {
        Value::Number(number) => leaf::duration(&number.to_string()).ok(),
        Value::Text(text) => leaf::duration(text).ok(),
        _ => None,
    }
}
