//! `baseline show`: what a baseline holds, whole or item by item.

mod support;

use serde_json::{Value, json};
use support::Sandbox;

const LONG: &str = "Lends a book to a reader for as long as the library allows it, which is three weeks \
                    for novels and one week for everything that somebody else has asked for already.";

fn saved() -> Sandbox {
    let sandbox = Sandbox::new();
    let surface = json!({
        "initialize": {
            "protocolVersion": "2025-11-25",
            "capabilities": { "tools": {}, "prompts": {} },
            "serverInfo": { "name": "library", "version": "2.0.0" },
            "instructions": "Be quiet.",
        },
        "tools": [
            { "name": "lend", "description": LONG, "inputSchema": { "type": "object" } },
            { "name": "shelve", "description": "Puts it back.", "inputSchema": { "type": "object" } },
        ],
        "prompts": [{ "name": "lend", "description": "Asks for a book." }],
        "resources": [], "resourceTemplates": [],
    });
    sandbox.write("now.json", &surface.to_string());
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox.run(&["baseline", "save"]).expect(0);
    sandbox
}

fn show(sandbox: &Sandbox, more: &[&str]) -> String {
    let run = sandbox.run(&[&["baseline", "show"], more].concat());
    run.expect(0).stdout
}

#[test]
fn one_item_is_shown_in_full_and_nothing_else() {
    let sandbox = saved();
    let all = show(&sandbox, &[]);
    assert!(!all.contains("somebody else"), "{all}");
    assert!(all.contains("Be quiet.") && all.contains("shelve"), "{all}");
    let one = show(&sandbox, &["--item", "tools/lend"]);
    let words = one.split_whitespace().filter(|word| *word != "|");
    let words = words.collect::<Vec<_>>().join(" ");
    assert!(words.contains(LONG), "{one}");
    assert!(one.starts_with("server library 2.0.0"), "{one}");
    for other in ["shelve", "Be quiet.", "Asks for a book."] {
        assert!(!one.contains(other), "{one}");
    }
    let page = show(&sandbox, &["--item", "tools/lend", "--format", "markdown"]);
    assert!(
        page.contains("Lends a book") && !page.contains("shelve"),
        "{page}"
    );
}

#[test]
fn items_are_documents_with_their_digests() {
    let sandbox = saved();
    let file: Value =
        serde_json::from_str(&sandbox.read(".bellwether/bellwether-baseline.json")).expect("JSON");
    let args = [
        "--format",
        "json",
        "--item",
        "prompts/lend",
        "--item",
        "tools/shelve",
    ];
    let shown: Value = serde_json::from_str(&show(&sandbox, &args)).expect("JSON");
    let expected = json!([
        { "at": "tools/shelve", "digest": file["digests"]["tools/shelve"], "definition": file["tools"][1] },
        { "at": "prompts/lend", "digest": file["digests"]["prompts/lend"], "definition": file["prompts"][0] },
    ]);
    assert_eq!(shown["items"], expected);
}

#[test]
fn an_item_that_is_not_there_is_named() {
    let sandbox = saved();
    for missing in ["tools/burn", "lend", "instructions", ""] {
        let run = sandbox
            .run(&["baseline", "show", "--item", missing])
            .expect(4);
        assert_eq!(run.stdout, "");
        let says = format!("there is no `{missing}` in it");
        assert!(run.stderr.contains(&says), "{}", run.stderr);
    }
}
