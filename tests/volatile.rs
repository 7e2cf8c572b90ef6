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
