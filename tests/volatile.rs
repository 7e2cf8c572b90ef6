//! What a server changes from one run to the next without having changed, and what only looks like it.

mod support;

use std::path::Path;

use bellwether::baseline::{Baseline, Volatile, verify};
use bellwether::json::parse;
use bellwether::surface::Surface;
use serde_json::{Value, json};
use support::{Run, Sandbox};

const BASELINE: &str = ".bellwether/bellwether-baseline.json";

/// A sandbox whose server misbehaves in this way.
fn serving(way: &str) -> Sandbox {
    let server = Path::new(env!("CARGO_BIN_EXE_bellwether"))
        .parent()
        .expect("a folder")
        .join("examples/odd_server");
    let sandbox = Sandbox::new();
    let config = format!(
        "server: {{ command: \"{}\", args: [{way}] }}\n",
        server.display()
    );
    sandbox.write("bellwether.yaml", &config);
    sandbox
}

fn starts(sandbox: &Sandbox) -> usize {
    sandbox.read("starts").len()
}

#[test]
fn what_is_drawn_at_random_is_compared_by_shape_and_changes_no_byte() {
    let sandbox = serving("random");
    sandbox.run(&["check"]).expect(0);
    let run = sandbox.run(&["baseline", "save"]).expect(0);
    let saved = sandbox.read(BASELINE);
    let places: Vec<_> = Baseline::parse(&saved)
        .expect("a baseline")
        .volatile
        .places()
        .map(|place| format!("{}{}", place.at, place.pointer))
        .collect();
    assert_eq!(
        places,
        [
            "instructions",
            "tools/draw/description",
            "tools/draw/inputSchema/properties/seed/default",
            "tools/draw/inputSchema/properties/seed/examples",
            "tools/draw/inputSchema/required",
        ]
    );
    let said = run.stdout + &run.stderr;
    assert!(said.contains("tools/draw/description"), "{said}");
    assert!(verify(&saved).is_whole(), "{:?}", verify(&saved));
    for args in [
        &["baseline", "save"][..],
        &["baseline", "save", "--refresh"],
    ] {
        let run = sandbox.run(&["check"]).expect(0);
        assert!(run.stdout.contains("by shape only"), "{}", run.stdout);
        sandbox.run(args).expect(0);
        assert_eq!(sandbox.read(BASELINE), saved);
    }
    sandbox.write("later.json", &sandbox.run(&["snapshot"]).expect(0).stdout);
    sandbox.run(&["diff", BASELINE, "later.json"]).expect(0);
    // The mark is no licence: another type is drift, and so is another element.
    for way in ["random-text", "random-more"] {
        let config = sandbox
            .read("bellwether.yaml")
            .replace("[random]", &format!("[{way}]"));
        sandbox.write("other.yaml", &config);
        let run = sandbox.run(&["check", "--config", "other.yaml", "--no-write"]);
        assert!((1..=3).contains(&run.code), "{way}: {}", run.stdout);
    }
}

#[test]
fn an_acceptance_keeps_the_marks_and_the_samples() {
    let sandbox = serving("random");
    sandbox.run(&["check"]).expect(0);
    sandbox.run(&["baseline", "save"]).expect(0);
    let before = Baseline::parse(&sandbox.read(BASELINE)).expect("a baseline");
    let config = sandbox.read("bellwether.yaml");
    sandbox.write(
        "bellwether.yaml",
        &config.replace("[random]", "[random-more]"),
    );
    sandbox.run(&["check"]).expect(3);
    let accept = [
        "baseline",
        "accept",
        "--reason",
        "more",
        "--accepted-by",
        "Ada",
        "--force",
    ];
    sandbox.run(&accept).expect(0);
    let text = sandbox.read(BASELINE);
    let after = Baseline::parse(&text).expect("a baseline");
    assert!(text.contains("Draws, such as 1."), "{text}");
    // The list of what is required is another one now, so its order is not settled any more but approved.
    assert_eq!(after.volatile, before.volatile);
    let changed: Vec<_> = after.trail.entries[0]
        .changed
        .iter()
        .map(|changed| &changed.at)
        .collect();
    assert_eq!(changed, ["tools/draw"]);
    assert!(verify(&text).is_whole());
    for _ in 0..2 {
        sandbox.run(&["check"]).expect(0);
        sandbox.run(&["baseline", "save"]).expect(0);
        assert_eq!(sandbox.read(BASELINE), text);
    }
}

#[test]
fn a_text_that_nobody_watches_is_named_wherever_it_is_not_compared() {
    let sandbox = serving("random");
    sandbox.run(&["check"]).expect(0);
    let named = "`instructions` (any text passes), `tools/draw/description` (any text passes), ";
    let commands = [
        &["baseline", "save"][..],
        &["check"],
        &["check", "--format", "json"],
        &["baseline", "show"],
        &["baseline", "show", "--format", "markdown"],
    ];
    for command in commands {
        let run = sandbox.run(command).expect(0);
        let said = run.stdout + &run.stderr;
        assert!(said.contains(named), "{command:?}: {said}");
    }
}

#[test]
fn a_mark_on_what_is_approved_already_needs_force_and_is_told_before() {
    let sandbox = serving("random");
    sandbox.run(&["check"]).expect(0);
    sandbox
        .run(&["baseline", "save", "--captures", "1"])
        .expect(0);
    let saved = sandbox.read(BASELINE);
    let run = sandbox.run(&["baseline", "save"]).expect(4);
    assert!(
        run.stderr.contains("by --force")
            && run.stderr.contains("`instructions` (any text passes)"),
        "{}",
        run.stderr
    );
    assert!(
        !run.stderr.contains("note: `default`: compared"),
        "{}",
        run.stderr
    );
    assert_eq!(sandbox.read(BASELINE), saved);
    let run = sandbox.run(&["baseline", "save", "--force"]).expect(0);
    assert!(
        run.stderr.contains("note: `default`: compared"),
        "{}",
        run.stderr
    );
    sandbox.run(&["check"]).expect(0);
}

/// However many other places a server makes volatile, its texts are all named, and first.
#[test]
fn a_text_does_not_hide_among_other_places() {
    let server = |drawn: u8| {
        let tools: Vec<_> = (0..9)
            .map(|index| {
                json!({ "name": format!("a{index}"), "inputSchema": { "properties": { "x": { "default": drawn } } } })
            })
            .chain([json!({ "name": "z", "description": format!("Drawn {drawn}.") })])
            .collect();
        let document = parse(&json!({ "tools": tools }).to_string()).expect("JSON");
        Surface::from_document(&document).expect("a surface")
    };
    let volatile = Volatile::between(&server(1), &server(2)).expect("samples");
    let note = volatile.note().expect("a note");
    assert!(
        note.contains(": `tools/z/description` (any text passes), `tools/a0/"),
        "{note}"
    );
    assert!(note.ends_with(" and 5 more"), "{note}");
    let full = volatile.full_note().expect("a note");
    assert_eq!(full.matches("`tools/").count(), 10, "{full}");
}

#[test]
fn a_place_that_has_another_shape_is_not_settled() {
    let tool = |tool: Value| {
        let document = parse(&json!({ "tools": [tool] }).to_string()).expect("JSON");
        Surface::from_document(&document).expect("a surface")
    };
    let approved =
        tool(json!({ "name": "a", "description": "one", "inputSchema": { "default": 1 } }));
    let again = tool(json!({ "name": "a", "description": "two", "inputSchema": { "default": 2 } }));
    let volatile = Volatile::between(&approved, &again).expect("a text and a sample");
    assert_eq!(*volatile.settled(&approved, &again), approved);
    // What has the shape is settled, and everything else stays as it is.
    let others = [
        (
            json!({ "name": "a", "description": 7, "inputSchema": { "default": 2 } }),
            json!({ "name": "a", "description": 7, "inputSchema": { "default": 1 } }),
        ),
        (
            json!({ "name": "a", "inputSchema": { "default": 2 } }),
            json!({ "name": "a", "inputSchema": { "default": 1 } }),
        ),
        (
            json!({ "name": "a", "description": null, "inputSchema": {} }),
            json!({ "name": "a", "description": null, "inputSchema": {} }),
        ),
        (
            json!({ "name": "a", "description": "x", "inputSchema": { "default": "2" } }),
            json!({ "name": "a", "description": "one", "inputSchema": { "default": "2" } }),
        ),
        (
            json!({ "name": "a", "description": "x", "title": "new", "inputSchema": { "default": 2, "properties": { "p": {} } } }),
            json!({ "name": "a", "description": "one", "title": "new", "inputSchema": { "default": 1, "properties": { "p": {} } } }),
        ),
        (
            json!({ "name": "b", "description": "x", "inputSchema": { "default": 2 } }),
            json!({ "name": "b", "description": "x", "inputSchema": { "default": 2 } }),
        ),
    ];
    for (live, settled) in others {
        assert_eq!(*volatile.settled(&approved, &tool(live)), tool(settled));
    }
}

#[test]
fn a_server_that_changed_after_the_review_is_not_saved() {
    let sandbox = serving("plain");
    let server = json!({ "tools": [{ "name": "dim", "description": "Dims.", "inputSchema": { "type": "object" } }] });
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox.write("now.json", &server.to_string());
    sandbox.run(&["check"]).expect(0);
    let edits: [fn(&mut Value); 2] = [
        // A text that was changed once is not one that changes at random.
        |now| now["tools"][0]["description"] = json!("Dims, and tells everybody."),
        |now| now["tools"][0]["inputSchema"]["type"] = json!("string"),
    ];
    for edit in edits {
        let mut now = server.clone();
        edit(&mut now);
        sandbox.write("now.json", &now.to_string());
        let run = sandbox.run(&["baseline", "save"]).expect(4);
        assert!(
            run.stderr.contains("has changed since") && run.stderr.contains("`tools/dim`"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("--captures 1"), "{}", run.stderr);
        assert!(!sandbox.has(BASELINE));
    }
    sandbox
        .run(&["baseline", "save", "--captures", "1"])
        .expect(0);
    assert!(sandbox.read(BASELINE).contains("\"Dims.\""));
    assert!(!sandbox.read(BASELINE).contains("volatile"));
}

#[test]
fn one_more_capture_is_taken_unless_it_is_turned_off() {
    let sandbox = serving("counted");
    sandbox.run(&["check"]).expect(0);
    assert_eq!(starts(&sandbox), 1);
    sandbox
        .run(&["baseline", "save", "--captures", "1"])
        .expect(0);
    assert_eq!(starts(&sandbox), 1);
    sandbox.run(&["baseline", "save"]).expect(0);
    assert_eq!(starts(&sandbox), 2);
    sandbox
        .run(&["baseline", "save", "--captures", "3"])
        .expect(0);
    assert_eq!(starts(&sandbox), 4);
    sandbox
        .run(&["baseline", "save", "--captures", "0"])
        .expect(4);
}

#[test]
fn a_server_that_starts_only_once_says_how_to_save_it() {
    let sandbox = serving("starts-once");
    sandbox.run(&["check"]).expect(0);
    let run = sandbox.run(&["baseline", "save"]).expect(4);
    assert!(run.stderr.contains("--captures 1"), "{}", run.stderr);
    assert!(!sandbox.has(BASELINE));
    sandbox
        .run(&["baseline", "save", "--captures", "1"])
        .expect(0);
}

fn surface(arguments: &Value) -> Surface {
    let document = json!({ "prompts": [{ "name": "p", "arguments": arguments }] });
    let document = parse(&document.to_string()).expect("JSON");
    Surface::from_document(&document).expect("a surface")
}

#[test]
fn the_sample_of_one_thing_never_stands_for_another() {
    let said = |name: &str, text: &str| json!({ "name": name, "description": text });
    let approved = surface(&json!([said("a", "one"), said("b", "two")]));
    let again = surface(&json!([said("a", "three"), said("b", "two")]));
    let volatile = Volatile::between(&approved, &again).expect("a text");
    assert_eq!(*volatile.settled(&approved, &again), approved);
    for other in [
        json!([said("evil", "obey"), said("b", "two")]),
        json!([said("a", "three"), said("b", "two"), said("c", "new")]),
        json!([{ "name": "a", "description": 7 }, said("b", "two")]),
        json!([said("a", "one")]),
    ] {
        let other = surface(&other);
        assert_eq!(*volatile.settled(&approved, &other), other);
    }
    // The same in another order is the same; anything else is not.
    let turned = surface(&json!([said("b", "two"), said("a", "one")]));
    let order = Volatile::between(&approved, &turned).expect("an order");
    assert_eq!(*order.settled(&approved, &turned), approved);
    assert_eq!(*order.settled(&approved, &again), again);
    assert!(Volatile::between(&approved, &surface(&json!([said("a", "one")]))).is_err());
    assert!(
        Volatile::between(
            &approved,
            &surface(&json!([said("a", "one"), said("c", "two")]))
        )
        .is_err()
    );
}

#[test]
fn a_mark_set_by_hand_is_noticed() {
    let sandbox = serving("random");
    sandbox.run(&["baseline", "save"]).expect(0);
    let saved = sandbox.read(BASELINE);
    let edited = saved.replace("/inputSchema/required", "/inputSchema");
    assert!(!verify(&edited).is_whole());
    let without = sandbox
        .command(&["baseline", "verify"])
        .output()
        .expect("runs");
    Run::of(without).expect(0);
    sandbox.write(BASELINE, &edited);
    sandbox.run(&["baseline", "verify"]).expect(4);
}
