//! Keys of the TypeScript bellwether that mean nothing here: they are named once, and are no error.

use super::tree::{Node, Value};
use super::vars;

/// The keys, each with the keys above it.
const IGNORED: [&[&str]; 29] = [
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
    &["check", "metrics"],
    &["baseline", "severity", "customRules"],
    &["mode"],
];

/// Where the TypeScript bellwether filled in variables and this one does not.
const LITERAL: [&[&str]; 5] = [
    &["baseline", "path"],
    &["baseline", "comparePath"],
    &["scenarios", "path"],
    &["output", "dir"],
    &["output", "docsDir"],
];

/// Takes the ignored keys out of the tree and says so in at most one note, and one more for each variable that stays text.
pub(super) fn ignore_old_keys(tree: &mut Node) -> Vec<String> {
    let found: Vec<String> = IGNORED
        .iter()
        .filter(|keys| remove(tree, keys))
        .map(|keys| format!("`{}`", keys.join(".")))
        .collect();
    let mut notes = Vec::new();
    if !found.is_empty() {
        let mut note = format!("ignored, as it has no meaning here: {}", found.join(", "));
        if found.iter().any(|key| key == "`baseline.savePath`") {
            note.push_str(" (`check` never writes the baseline; `bellwether baseline save` does)");
        }
        notes.push(note);
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
