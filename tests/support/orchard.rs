//! The server that the old files were taken of.

use serde_json::{Value, json};

use crate::support::{Run, Sandbox};

/// An old file.
pub(crate) fn fixture(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/baselines/typescript");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap_or_else(|error| panic!("{error}"))
}

/// The server that the files were taken of, with what they could not hold.
pub(crate) fn orchard(version: &str) -> Value {
    let prune = json!({
        "name": "prune", "description": "Prunes a tree.", "_meta": { "orchard/ladder": true },
        "inputSchema": { "type": "object", "properties": {} },
    });
    let other = if version == "3.2.0" {
        json!({
            "name": "pick", "title": "Pick", "description": "Picks the apples of a row.",
            "inputSchema": {
                "type": "object",
                "properties": { "row": { "type": "integer", "minimum": 1 }, "basket": { "type": "string" } },
                "required": ["row", "basket"],
            },
            "annotations": { "readOnlyHint": false },
            "icons": [{ "src": "https://example.com/apple.png" }],
        })
    } else {
        json!({
            "name": "count", "description": "Counts the trees of a row.",
            "inputSchema": { "type": "object", "properties": { "row": { "type": "integer" } } },
        })
    };
    json!({
        "initialize": {
            "protocolVersion": "2025-11-25",
            "serverInfo": { "name": "orchard", "version": version, "title": "The orchard" },
            "capabilities": { "tools": { "listChanged": true } },
            "instructions": "Rows are counted from the gate.",
        },
        "tools": [prune, other], "prompts": [], "resources": [], "resourceTemplates": [],
    })
}

/// Lets the server say something else.
pub(crate) fn change(sandbox: &Sandbox, edit: impl Fn(&mut Value)) {
    let mut now: Value = serde_json::from_str(&sandbox.read("now.json")).expect("JSON");
    edit(&mut now);
    sandbox.write("now.json", &now.to_string());
}

/// What a run said, on either stream.
pub(crate) fn said(run: &Run) -> String {
    format!("{}{}", run.stdout, run.stderr)
}
