//! What must hold between the keys of a configuration, which no schema says.

use std::path::Path;

use super::leaf;
use super::paths::spelled_once;
use super::problem::{Problem, quoted};
use super::tree::{Entry, Node, Value};
use super::vars;

/// Everything that contradicts itself in a tree. What `walk` says about is left to it.
pub(super) fn check(tree: &Node) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let (Some(_), Some(servers)) = (tree.get("server"), tree.get("servers")) {
        problems.push(
            Problem::new(
                servers.span.clone(),
                "`server` and `servers` exclude each other",
            )
            .help("move the one server into `servers`, under a name"),
        );
    }
    if let Some(entry) = tree.get("server") {
        server(entry, &mut problems);
        if let Some(baseline) = entry.node.get("baseline") {
            problems.push(
                Problem::new(
                    baseline.span.clone(),
                    "a single `server` has no `baseline` of its own",
                )
                .help("write `baseline` at the top of the file"),
            );
        }
    }
    if let Some(entry) = tree.get("servers") {
        servers(tree, entry, &mut problems);
    }
    for entry in tree
        .get("ignore")
        .map_or(&[][..], |entry| entry.node.items())
    {
        ignore(entry, &mut problems);
    }
    if tree.at(&["check", "probe"]).and_then(Node::text) == Some("scenarios")
        && tree.at(&["scenarios", "path"]).is_none()
        && let Some(probe) = tree.at(&["check", "probe"])
    {
        problems.push(Problem::new(
            probe.span.clone(),
            "`check.probe: scenarios` needs `scenarios.path`",
        ));
    }
    let probe = tree.at(&["check", "probe"]).and_then(Node::text);
    if let Some(only) = tree.at(&["scenarios", "only"])
        && matches!(only.value, Value::Bool(true))
        && matches!(probe, None | Some("none"))
    {
        problems.push(
            Problem::new(
                only.span.clone(),
                "`scenarios.only: true` runs nothing unless `check.probe` allows it",
            )
            .help("write `check: { probe: scenarios }`"),
        );
    }
    problems
}

fn servers(tree: &Node, servers: &Entry, problems: &mut Vec<Problem>) {
    let entries = servers.node.entries();
    if entries.is_empty() && matches!(servers.node.value, Value::Map(_)) {
        problems.push(Problem::new(
            servers.span.clone(),
            "`servers` names no server",
        ));
    }
    for (index, entry) in entries.iter().enumerate() {
        let name = entry.key.as_str();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.chars().all(allowed) {
            problems.push(
                Problem::new(entry.span.clone(), format!("{} cannot name a server", quoted(name)))
                    .help("use letters, digits, `-`, `_` and `.`, a letter or digit first: the name becomes part of a file name"),
            );
        }
        let same = |other: &&Entry| other.key != name && other.key.eq_ignore_ascii_case(name);
        if entries[..index].iter().any(|other| same(&other)) {
            problems.push(Problem::new(
                entry.span.clone(),
                format!(
                    "{} differs from another server in upper and lower case alone",
                    quoted(name)
                ),
            ));
        }
        server(entry, problems);
        let own = |node: &Node| {
            node.at(&["baseline", "path"])
                .and_then(|path| path.text().map(|path| spelled_once(Path::new(path))))
        };
        if let Some(path) = own(&entry.node)
            && entries[..index]
                .iter()
                .any(|other| own(&other.node).as_ref() == Some(&path))
            && let Some(node) = entry.node.at(&["baseline", "path"])
        {
            problems.push(Problem::new(
                node.span.clone(),
                "another server has the same baseline",
            ));
        }
    }
    for key in ["path", "comparePath"] {
        if entries.len() > 1
            && let Some(shared) = tree.at(&["baseline"]).and_then(|node| node.get(key))
        {
            problems.push(
                Problem::new(
                    shared.span.clone(),
                    "several servers cannot share one baseline",
                )
                .help(format!(
                    "give each of `servers` its own `baseline: {{ {key}: … }}`"
                )),
            );
        }
    }
}

fn server(entry: &Entry, problems: &mut Vec<Problem>) {
    let node = &entry.node;
    if !matches!(node.value, Value::Map(_)) {
        return;
    }
    let set = |key: &str| node.get(key).filter(|entry| says_something(&entry.node));
    let ways: Vec<&Entry> = ["command", "url", "mock"]
        .into_iter()
        .filter_map(set)
        .collect();
    match ways.as_slice() {
        [] => problems.push(
            Problem::new(
                entry.span.clone(),
                format!("{} has no `command`, `url` or `mock`", quoted(&entry.key)),
            )
            .help("write one of the three: how to start the server, or where it is"),
        ),
        [way] => fits(way, &set, problems),
        [first, others @ ..] => problems.extend(others.iter().map(|other| {
            Problem::new(
                other.span.clone(),
                format!("`{}` and `{}` exclude each other", first.key, other.key),
            )
        })),
    }
    if let Some(command) =
        set("command").and_then(|entry| entry.node.text().map(|text| (entry, text)))
    {
        match shell_words::split(command.1) {
            Ok(words) if words.first().is_none_or(String::is_empty) => {
                problems.push(Problem::new(
                    command.0.node.span.clone(),
                    "`command` names no program",
                ));
            }
            Ok(_) => {}
            Err(_) => problems.push(
                Problem::new(
                    command.0.node.span.clone(),
                    "`command` has a quote that is not closed",
                )
                .help("it is split into words like a shell would"),
            ),
        }
    }
    if let Some(url) = set("url")
        && let Some(text) = url.node.text()
        && !text.contains('$')
        && let Err(message) = leaf::server_url(text)
    {
        problems.push(Problem::new(url.node.span.clone(), message));
    }
    for header in set("headers").map_or(&[][..], |entry| entry.node.entries()) {
        let value = header.node.text().filter(|text| !vars::has_reference(text));
        if let Err(message) = leaf::header_name(&header.key) {
            problems.push(Problem::new(header.span.clone(), message));
        } else if let Err(message) =
            value.map_or(Ok(()), |value| leaf::header_value(&header.key, value))
        {
            problems.push(Problem::new(header.node.span.clone(), message));
        }
    }
    for variable in set("env").map_or(&[][..], |entry| entry.node.entries()) {
        if let Err(message) = leaf::env_name(&variable.key) {
            problems.push(Problem::new(variable.span.clone(), message));
        }
    }
}

/// Whether the other keys go with the way that was chosen.
fn fits<'a>(way: &Entry, set: &dyn Fn(&str) -> Option<&'a Entry>, problems: &mut Vec<Problem>) {
    let strangers: &[&str] = match way.key.as_str() {
        "url" => &["args", "env", "cwd"],
        "mock" => &["args", "env", "cwd", "headers"],
        _ => &["headers"],
    };
    for stranger in strangers.iter().filter_map(|key| set(key)) {
        problems.push(Problem::new(
            stranger.span.clone(),
            format!("`{}` means nothing beside `{}`", stranger.key, way.key),
        ));
    }
    if let Some(transport) = set("transport")
        && let Some(name @ ("stdio" | "streamable-http" | "http" | "sse")) = transport.node.text()
        && (name == "stdio") == (way.key == "url")
    {
        problems.push(
            Problem::new(
                transport.node.span.clone(),
                format!("`transport: {name}` does not go with `{}`", way.key),
            )
            .help("leave `transport` out: it follows from the rest"),
        );
    }
}

/// Empty text, lists and mappings stand in files that a program wrote, and mean what a missing key means.
pub(super) fn says_something(node: &Node) -> bool {
    match &node.value {
        Value::Null => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn ignore(node: &Node, problems: &mut Vec<Problem>) {
    if !matches!(node.value, Value::Map(_)) {
        return;
    }
    let beside = node.get("rule").or_else(|| node.get("at"));
    match (node.get("fingerprint"), beside) {
        (Some(_), Some(beside)) => problems.push(Problem::new(
            beside.span.clone(),
            format!(
                "`fingerprint` names one finding alone; `{}` says nothing beside it",
                beside.key
            ),
        )),
        (None, _) if node.get("rule").is_none() => problems.push(
            Problem::new(
                node.span.clone(),
                "an ignored finding needs a `rule` or a `fingerprint`",
            )
            .help("a report shows both; the fingerprint with -v, and in JSON"),
        ),
        _ => {}
    }
    if let Some(reason) = node.get("reason")
        && let Value::Text(text) = &reason.node.value
        && text.trim().is_empty()
    {
        problems.push(Problem::new(
            reason.node.span.clone(),
            "the `reason` is empty",
        ));
    }
}
