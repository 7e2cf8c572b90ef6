//! Keys of the TypeScript bellwether that mean nothing here: they are named, and are no error.
//!
//! A file that has one of them, and none that only this program has, was written for that program. In such a file what
//! is valid there and a contradiction here is no error either: the part that has no effect is taken out, and a note
//! names it.

use super::check::says_something;
use super::tree::{Node, Value};
use super::vars;
use crate::text;

/// The keys, each with the keys above it.
const IGNORED: [&[&str]; 30] = [
    &["llm"],
    &["explore"],
    &["workflows"],
    &["watch"],
    &["cache"],
    &["logging"],
    &["discovery"],
    &["registry"],
    &["golden"],
    &["contract"],
    &["server", "sessionId"],
    &["baseline", "savePath"],
    &["baseline", "outputFormat"],
    &["output", "format"],
    &["output", "examples"],
    &["output", "files"],
    &["check", "incremental"],
    &["check", "incrementalCacheHours"],
    &["check", "parallel"],
    &["check", "parallelWorkers"],
    &["check", "diffFormat"],
    &["check", "smartTestValues"],
    &["check", "statefulTesting"],
    &["check", "externalServices"],
    &["check", "assertions"],
    &["check", "rateLimit"],
    &["check", "testFixtures"],
    &["check", "metrics"],
    &["baseline", "severity", "customRules"],
    &["mode"],
];

/// Keys that only this program has: a file with one of them was written, or gone over, for it.
const OURS: [&[&str]; 4] = [&["servers"], &["rules"], &["ignore"], &["check", "probe"]];

/// Where the TypeScript bellwether filled in variables and this one does not.
const LITERAL: [&[&str]; 5] = [
    &["baseline", "path"],
    &["baseline", "comparePath"],
    &["scenarios", "path"],
    &["output", "dir"],
    &["output", "docsDir"],
];

/// Takes what means nothing here out of the tree, and says so; one more note for each variable that stays text.
pub(super) fn ignore_old_keys(tree: &mut Node) -> Vec<String> {
    let found: Vec<String> = IGNORED
        .iter()
        .filter(|keys| remove(tree, keys))
        .map(|keys| keys.join("."))
        .collect();
    let mut notes = text::name_lines("ignored, as it has no meaning here", &found);
    if found.iter().any(|key| key == "baseline.savePath") {
        notes.push(
            "`check` never writes the baseline, whatever `baseline.savePath` says: `bellwether baseline save` does"
                .to_owned(),
        );
    }
    if !found.is_empty() && OURS.iter().all(|keys| tree.at(keys).is_none()) {
        contradictions(tree, &mut notes);
        dollars(tree, &mut notes);
    }
    for keys in LITERAL {
        if tree
            .at(keys)
            .and_then(Node::text)
            .is_some_and(vars::has_reference)
        {
            notes.push(format!(
                "`{}` is taken literally: variables are filled in only in `command`, `args`, `env`, `cwd`, `url` and `headers`",
                keys.join(".")
            ));
        }
    }
    notes
}

/// What that program accepts side by side although only one of it counts, or none.
fn contradictions(tree: &mut Node, notes: &mut Vec<String>) {
    let says = |tree: &Node, keys: &[&str]| tree.at(keys).is_some_and(says_something);
    let is_remote = matches!(
        tree.at(&["server", "transport"]).and_then(Node::text),
        Some("sse" | "streamable-http" | "http")
    );
    let (way, others) = if is_remote {
        ("url", ["command", "args", "env"].as_slice())
    } else {
        ("command", ["url", "headers"].as_slice())
    };
    if says(tree, &["server", way]) {
        let unused: Vec<String> = others
            .iter()
            .filter(|key| says(tree, &["server", key]) && remove(tree, &["server", key]))
            .map(|key| format!("server.{key}"))
            .collect();
        let lead = format!("ignored, since `server.{way}` counts for this transport");
        notes.extend(text::name_lines(&lead, &unused));
    } else if tree.at(&["server", "command"]).is_some()
        && !["command", "url", "mock"]
            .iter()
            .any(|way| says(tree, &["server", way]))
        && remove(tree, &["server"])
    {
        // What `init` writes where it was told no server.
        notes.push("`server` is ignored, since its `command` is empty: name the server on the command line, or there".to_owned());
    }
    let threshold = tree.at(&["baseline", "severity", "failOnSeverity"]);
    if let Some(level @ ("warning" | "breaking" | "none")) = threshold.and_then(Node::text) {
        notes.push(match level {
            "none" => {
                "`baseline.severity.failOnSeverity` counts here: with `none` every drift exits 0"
                    .to_owned()
            }
            level => format!(
                "`baseline.severity.failOnSeverity` counts here: drift below `{level}` exits 0"
            ),
        });
    }
    let is_true = |keys: &[&str]| {
        matches!(
            tree.at(keys).map(|node| &node.value),
            Some(Value::Bool(true))
        )
    };
    if is_true(&["check", "security", "enabled"]) {
        notes.push("`check.security` probes nothing: `check.probe` allows no call".to_owned());
    }
    let names_scenarios = says(tree, &["scenarios", "path"]);
    if (names_scenarios || is_true(&["scenarios", "only"])) && remove(tree, &["scenarios"]) {
        notes.push(
            "`scenarios` is ignored, and none is run: `check.probe` allows no call, and their file is written differently here"
                .to_owned(),
        );
    }
}

/// Names the values with a dollar that is read in another way here.
fn dollars(tree: &Node, notes: &mut Vec<String>) {
    let Some(server) = tree.at(&["server"]) else {
        return;
    };
    let mut values: Vec<(String, &Node)> = Vec::new();
    for entry in server.entries() {
        let key = format!("server.{}", entry.key);
        match &entry.node.value {
            Value::List(items) => values.extend(items.iter().map(|item| (key.clone(), item))),
            Value::Map(members) => {
                let members = members.iter();
                values.extend(members.map(|inner| (format!("{key}.{}", inner.key), &inner.node)));
            }
            _ => values.push((key, &entry.node)),
        }
    }
    let those = |is: fn(&str) -> bool| {
        let mut names: Vec<String> = values
            .iter()
            .filter(|(_, node)| node.text().is_some_and(is))
            .map(|(key, _)| key.clone())
            .collect();
        names.dedup();
        names
    };
    let bare = those(has_bare_variable);
    notes.extend(text::name_lines(
        "`$NAME` stays as it is, only `${NAME}` is filled in",
        &bare,
    ));
    let doubled = those(|text| text.contains("$$"));
    notes.extend(text::name_lines("`$$` is one dollar here", &doubled));
}

/// Whether a text has a `$NAME` without braces.
fn has_bare_variable(text: &str) -> bool {
    text.replace("$$", "")
        .split('$')
        .skip(1)
        .any(|behind| behind.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_'))
}

fn remove(node: &mut Node, keys: &[&str]) -> bool {
    let Value::Map(entries) = &mut node.value else {
        return false;
    };
    let Some((key, below)) = keys.split_first() else {
        return false;
    };
    let Some(at) = entries.iter().position(|entry| entry.key == *key) else {
        return false;
    };
    if below.is_empty() {
        entries.remove(at);
        return true;
    }
    remove(&mut entries[at].node, below)
}
