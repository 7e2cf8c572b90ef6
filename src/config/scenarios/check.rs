//! What keys of a scenario file say about each other, which no schema says.

use super::super::problem::{Problem, quoted};
use super::super::server::DEFAULT_NAME;
use super::super::suggest::suggest;
use super::super::tree::{Entry, Node, Value};
use super::super::vars;
use super::expect;

/// The three things that a call may name.
const TARGETS: [&str; 3] = ["tool", "prompt", "resource"];

/// Everything that contradicts itself in the tree of a file. `servers` are the names that a call may give; nothing where any will
/// do.
pub(super) fn check(tree: &Node, file: &str, servers: Option<&[&str]>) -> Vec<Problem> {
    let mut check = Check {
        file,
        servers,
        problems: Vec::new(),
    };
    check.steps(tree);
    let mut names: Vec<&str> = Vec::new();
    for scenario in list(tree, "scenarios") {
        check.scenario(scenario, &mut names);
    }
    check.problems
}

struct Check<'a> {
    /// The text of the file.
    file: &'a str,
    servers: Option<&'a [&'a str]>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn steps(&mut self, node: &Node) {
        for key in ["setup", "teardown"] {
            for step in list(node, key) {
                self.step(step, "this call");
            }
        }
    }

    fn scenario<'t>(&mut self, scenario: &'t Node, names: &mut Vec<&'t str>) {
        if !matches!(scenario.value, Value::Map(_)) {
            return;
        }
        let name = scenario.get("name").map(|entry| &entry.node);
        if let Some(node) = name {
            self.name(node, names);
        }
        let what = name.and_then(Node::text).map(quoted);
        let what = what.unwrap_or_else(|| "this scenario".to_owned());
        self.step(scenario, &what);
        self.steps(scenario);
        for tag in list(scenario, "tags") {
            if matches!(&tag.value, Value::Text(text) if text.trim().is_empty()) {
                self.wrong(tag, "a tag is empty");
            }
        }
        if let Some(entry) = scenario.get("expect") {
            let of_tool = scenario.get("tool").is_some();
            self.problems
                .extend(expect::check(&entry.node, self.file, of_tool));
        }
    }

    fn name<'t>(&mut self, node: &'t Node, names: &mut Vec<&'t str>) {
        let Value::Text(name) = &node.value else {
            return;
        };
        if name.trim().is_empty() {
            self.wrong(node, "the `name` is empty");
        } else if name.contains(char::is_control) {
            self.wrong(node, "a `name` is one line without control characters");
        } else if names.contains(&name.as_str()) {
            let message = format!("another scenario is called {}", quoted(name));
            let problem = Problem::new(node.span.clone(), message);
            self.problems
                .push(problem.help("results are kept by name: give each its own"));
        }
        names.push(name);
    }

    /// What is said of every call. `what` names it.
    fn step(&mut self, step: &Node, what: &str) {
        if !matches!(step.value, Value::Map(_)) {
            return;
        }
        let set = |key: &&str| step.get(key).filter(|entry| says_something(&entry.node));
        let named: Vec<&Entry> = TARGETS.iter().filter_map(set).collect();
        match named.as_slice() {
            [] => self.problems.push(
                Problem::new(
                    step.span.clone(),
                    format!("{what} names no `tool`, `prompt` or `resource`"),
                )
                .help("write one of the three: what is called"),
            ),
            [target] => self.fits(target, step),
            [first, others @ ..] => self.problems.extend(others.iter().map(|other| {
                Problem::new(
                    other.span.clone(),
                    format!("`{}` and `{}` exclude each other", first.key, other.key),
                )
            })),
        }
        if let (Some(known), Some(entry)) = (self.servers, step.get("server"))
            && let Some(name) = entry.node.text()
            && !known.contains(&name)
        {
            let message = format!("there is no server {}", quoted(name));
            let problem = Problem::new(entry.node.span.clone(), message);
            self.problems
                .push(match suggest(name, known.iter().copied()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None if known == [DEFAULT_NAME] => {
                        problem.help("the configuration has one server: leave `server` out")
                    }
                    None => problem.help("`servers` of the configuration has the names"),
                });
        }
    }

    /// Whether the other keys go with what is called.
    fn fits(&mut self, target: &Entry, step: &Node) {
        if target.node.text().is_some_and(vars::has_reference) {
            let message = "a variable is filled in only in `arguments`";
            let problem = Problem::new(target.node.span.clone(), message);
            self.problems.push(problem.help("write out what is called"));
        }
        let strangers: &[&str] = match target.key.as_str() {
            "tool" => &[],
            "prompt" => &["allowDestructive"],
            _ => &["allowDestructive", "arguments"],
        };
        for stranger in strangers.iter().filter_map(|key| step.get(key)) {
            self.problems.push(Problem::new(
                stranger.span.clone(),
                format!("`{}` means nothing beside `{}`", stranger.key, target.key),
            ));
        }
        if target.key == "prompt"
            && let Some(arguments) = step.get("arguments")
        {
            for argument in arguments.node.entries() {
                if !matches!(argument.node.value, Value::Text(_)) {
                    let message = format!(
                        "an argument of a prompt is text, not {}",
                        argument.node.kind()
                    );
                    let problem = Problem::new(argument.node.span.clone(), message);
                    self.problems.push(problem.help("put it in quotes"));
                }
            }
        }
    }

    fn wrong(&mut self, node: &Node, message: &str) {
        self.problems.push(Problem::new(node.span.clone(), message));
    }
}

/// The items of a list under a key; none of anything else.
pub(super) fn list<'t>(node: &'t Node, key: &str) -> &'t [Node] {
    node.get(key).map_or(&[][..], |entry| entry.node.items())
}

fn says_something(node: &Node) -> bool {
    !matches!(&node.value, Value::Text(text) if text.is_empty())
}
