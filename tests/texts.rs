//! What became of the texts that a model reads, as a person is told.

mod support;

use std::fmt::Write as _;

use serde_json::{Value, json};
use support::Sandbox;

fn tool(name: &str, description: &str) -> Value {
    json!({ "name": name, "description": description, "inputSchema": { "type": "object" } })
}

fn capture(tools: &[Value]) -> String {
    json!({
        "initialize": {
            "protocolVersion": "2025-11-25",
            "serverInfo": { "name": "files", "version": "1.0.0" },
            "capabilities": { "tools": {} }
        },
        "tools": tools
    })
    .to_string()
}

fn diff(sandbox: &Sandbox, old: &[Value], new: &[Value], code: i32) -> String {
    sandbox.write("old.json", &capture(old));
    sandbox.write("new.json", &capture(new));
    sandbox
        .run(&["diff", "old.json", "new.json"])
        .expect(code)
        .stdout
}

#[test]
fn each_level_comes_by_name() {
    let sandbox = Sandbox::new();
    let old = [
        tool("delete_file", "Deletes a file."),
        tool("read_file", "Reads a file. Maximum file size 10MB."),
        tool("list_files", "Lists the files."),
    ];
    let new = [
        tool("read_file", "Reads a file. Maximum file size 50MB."),
        tool(
            "list_files",
            "Lists the files of a folder, in the order of their names.",
        ),
    ];
    let shown = diff(&sandbox, &old, &new, 3);
    for line in [
        "breaking[tool-removed]: `delete_file` was removed",
        "warning[limit-changed]: Maximum file size changed from 10MB to 50MB",
        "info[tool-description-changed]: the description of `list_files` changed",
    ] {
        assert!(shown.contains(line), "{line} is not in\n{shown}");
    }
    let shown = diff(&sandbox, &old[1..], &new, 2);
    assert!(shown.contains("limit-changed"), "{shown}");
    diff(&sandbox, &old[2..], &new[1..], 1);
}

#[test]
fn a_claim_is_named_in_its_finding() {
    let sandbox = Sandbox::new();
    let shown = diff(
        &sandbox,
        &[tool(
            "read_file",
            "Reads a file. Sorted by name by default.",
        )],
        &[tool(
            "read_file",
            "Reads a file. Sorted by date by default. Only works below /srv/notes. Parent folders are created.",
        )],
        2,
    );
    for part in [
        "`default name` became `default date`",
        "`Only works below /srv/notes`",
        "destination `/srv/notes`",
        "it may `create`",
    ] {
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(part), "{part} is not in\n{shown}");
    }
}

#[test]
fn a_long_text_is_judged_and_shown_in_part() {
    let sandbox = Sandbox::new();
    let text = |unit: &str| {
        let mut text = String::new();
        for line in 0..4_000 {
            let _ = write!(text, "Row {line} holds {line}{unit} of notes. ");
        }
        text
    };
    let shown = diff(
        &sandbox,
        &[tool("read_file", &text("MB"))],
        &[tool("read_file", &text("GB"))],
        2,
    );
    assert!(shown.contains("and 3994 more"), "{shown:.2000}");
    assert!(shown.len() < 10_000, "{} bytes are shown", shown.len());
}
