//! Exit code 5 through the binary: a metric that is less sure than the user wants it. What decides here is the number
//! of samples, which no slow machine changes.

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{Run, Sandbox};

/// Too few for a medium confidence, however even they are.
const THREE: &str = "{ minSamples: 3, failOnLowConfidence: true }";

/// A server with this surface, checked with this `check.sampling` and these further keys of `baseline.severity`.
struct Lamp {
    sandbox: Sandbox,
}

impl Lamp {
    /// A server with a saved baseline that has become what `edit` makes of it.
    fn drifted(edit: impl Fn(&mut Value)) -> Self {
        let mut surface = json!({
            "initialize": {
                "protocolVersion": "2025-11-25",
                "capabilities": { "tools": {} },
                "serverInfo": { "name": "lamp", "version": "1.0.0" },
            },
            "tools": [{ "name": "switch", "inputSchema": { "type": "object" } }],
        });
        let sandbox = Sandbox::new();
        sandbox.write("now.json", &surface.to_string());
        sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
        sandbox.run(&["baseline", "save"]).expect(0);
        edit(&mut surface);
        sandbox.write("now.json", &surface.to_string());
        Self { sandbox }
    }

    fn check(&self, sampling: &str, args: &[&str]) -> Run {
        let config = format!("server: {{ mock: now.json }}\ncheck: {{ sampling: {sampling} }}\n");
        self.sandbox.write("bellwether.yaml", &config);
        self.sandbox.run(&[&["check"], args].concat())
    }
}

fn add_tool(surface: &mut Value) {
    let tools = surface["tools"].as_array_mut().expect("tools");
    tools.push(json!({ "name": "dim", "inputSchema": { "type": "object" } }));
}

fn notes(report: &Value) -> Vec<&str> {
    let notes = report["targets"][0]["notes"].as_array().expect("notes");
    notes.iter().filter_map(Value::as_str).collect()
}

#[test]
fn too_few_samples_exit_5_where_the_user_asked_for_it() {
    let lamp = Lamp::drifted(|_| {});
    let report = lamp.check(THREE, &["--format", "json"]).expect(5).json();
    let verdict = &report["verdict"];
    assert_eq!(
        (&verdict["exitCode"], &verdict["severity"]),
        (&json!(5), &json!("none"))
    );
    let decided = verdict["decidedBy"].as_str().expect("a reason");
    assert!(
        decided.starts_with("low confidence in `tools/list`: 3 samples, variation "),
        "{decided}"
    );
    let doubted: Vec<_> = notes(&report)
        .into_iter()
        .filter_map(|note| note.split(" samples").next())
        .collect();
    assert_eq!(
        doubted,
        [
            "low confidence in `tools/list`: 3",
            "low confidence in `ping`: 3"
        ],
        "what the server does not offer is not measured"
    );
    let run = lamp.check(THREE, &[]).expect(5);
    let last = run.stdout.trim_end().lines().last().expect("a line");
    assert!(
        last.starts_with("exit 5: low confidence in `tools/list`: 3 samples"),
        "{}",
        run.stdout
    );
}

#[test]
fn nobody_is_bothered_who_did_not_ask() {
    let lamp = Lamp::drifted(|_| {});
    for sampling in [
        "{}",
        "{ minSamples: 3, targetConfidence: high }",
        "{ minSamples: 3, failOnLowConfidence: false }",
        "{ minSamples: 3, targetConfidence: low, failOnLowConfidence: true }",
    ] {
        let report = lamp.check(sampling, &["--format", "json"]).expect(0).json();
        assert_eq!(report["verdict"]["decidedBy"], "no drift", "{sampling}");
        assert_eq!(notes(&report), [""; 0], "{sampling}");
    }
}

#[test]
fn drift_and_errors_come_before_low_confidence() {
    let lamp = Lamp::drifted(add_tool);
    lamp.check(THREE, &[]).expect(1);
    let hidden = ["--fail-on-severity", "breaking", "--format", "json"];
    let report = lamp.check(THREE, &hidden).expect(5).json();
    assert_eq!(report["verdict"]["severity"], "info");
    lamp.check("{}", &hidden).expect(0);
    lamp.check(THREE, &["--min-severity", "breaking"]).expect(5);
    let removed = Lamp::drifted(|surface| surface["tools"] = json!([]));
    removed.check(THREE, &[]).expect(3);

    let config = format!(
        "servers:\n  lamp: {{ mock: now.json }}\n  gone: {{ command: no-such-command }}\ncheck: {{ sampling: {THREE} }}\n"
    );
    lamp.sandbox.write("bellwether.yaml", &config);
    lamp.sandbox.run(&["check"]).expect(4);
    let one = lamp.sandbox.run(&["check", "--server", "lamp"]).expect(5);
    assert!(
        one.stdout.contains("exit 5: low confidence"),
        "{}",
        one.stdout
    );
}

#[test]
fn of_several_servers_the_unsure_one_is_named() {
    let lamp = Lamp::drifted(|_| {});
    let config = format!(
        "servers:\n  a: {{ mock: now.json }}\n  b: {{ mock: now.json }}\ncheck: {{ sampling: {THREE} }}\n"
    );
    lamp.sandbox.write("bellwether.yaml", &config);
    let report = lamp.sandbox.run(&["check", "--format", "json"]);
    let report = report.expect(5).json();
    let decided = report["verdict"]["decidedBy"].as_str().expect("a reason");
    assert!(
        decided.starts_with("`a`: low confidence in `tools/list`")
            && decided.ends_with("(and 3 more)"),
        "{decided}"
    );
}

/// Checks the misbehaving server, which `cargo test` builds beside the binary.
fn check_odd(sandbox: &Sandbox, way: &str, sampling: &str) -> Run {
    let server = Path::new(env!("CARGO_BIN_EXE_bellwether"))
        .parent()
        .expect("a folder")
        .join("examples/odd_server");
    let config = format!(
        "server: {{ command: {}, args: [{way}] }}\ncheck: {{ sampling: {sampling} }}\n",
        server.display()
    );
    sandbox.write("bellwether.yaml", &config);
    sandbox.run(&["check", "--format", "json"])
}

#[test]
fn a_server_that_stops_answering_while_it_is_measured_was_still_captured() {
    for (way, why) in [
        ("refuse-later", "not so often"),
        ("die-later", "closed its output"),
    ] {
        let sandbox = Sandbox::new();
        let quiet = check_odd(&sandbox, way, "{}").expect(0).json();
        assert_eq!(notes(&quiet), [""; 0], "{way}: nothing is asked twice");
        let report = check_odd(&sandbox, way, "{ failOnLowConfidence: true }")
            .expect(5)
            .json();
        assert_eq!(report["targets"][0]["surface"]["tools"], 1, "{way}");
        assert!(
            notes(&report).iter().any(|note| note.contains(why)),
            "{way}: {report:#}"
        );
        let decided = &report["verdict"]["decidedBy"];
        assert!(
            decided
                .as_str()
                .is_some_and(|decided| decided.contains("`tools/list`: 0 samples")),
            "{way}: {decided}"
        );
    }
}

#[test]
fn what_changes_while_it_is_measured_is_read_again() {
    let sandbox = Sandbox::new();
    for (sampling, code, name) in [("{}", 0, "after-0"), (THREE, 5, "after-1")] {
        check_odd(&sandbox, "change-later", sampling).expect(code);
        let kept = sandbox.read(".bellwether/last-check.json");
        assert!(kept.contains(name), "{sampling}: {kept}");
    }
}

#[test]
fn accepting_the_drift_settles_no_doubt() {
    let lamp = Lamp::drifted(add_tool);
    let accept = [
        "--accept-drift",
        "--accept-reason",
        "dim is new",
        "--accepted-by",
        "Ada",
    ];
    lamp.check(THREE, &accept).expect(5);
    let log = lamp.sandbox.run(&["baseline", "log"]).expect(0).stdout;
    assert!(log.contains("dim is new"), "{log}");
}
