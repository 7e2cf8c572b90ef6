//! What `check` calls on a server, and what it does not, by the server's own log; and that no call is the end of a check.

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Run, Sandbox};

/// A server with tools that keeps a log of the calls.
struct Toolbox {
    sandbox: Sandbox,
    /// What the server offers, by commas; everything where it is empty.
    tools: &'static str,
    /// Further keys of the configuration.
    keys: String,
}

impl Toolbox {
    fn new(tools: &'static str, keys: &str) -> Self {
        Self {
            sandbox: Sandbox::new(),
            tools,
            keys: keys.to_owned(),
        }
    }

    /// One with these scenarios, of which nothing is called but what they list.
    fn with_scenarios(tools: &'static str, scenarios: &str) -> Self {
        let toolbox = Self::new(
            tools,
            "check: { probe: scenarios }\nscenarios: { path: tests.yaml }",
        );
        toolbox.sandbox.write("tests.yaml", scenarios);
        toolbox
    }

    fn run(&self, args: &[&str]) -> Run {
        let server = odd_server();
        let log = self.sandbox.path().join("calls");
        let args_of_server = match self.tools {
            "" => "[tools]".to_owned(),
            tools => format!("[tools, '{tools}']"),
        };
        let config = format!(
            "server:\n  command: {}\n  args: {args_of_server}\n  timeout: 2s\n  env: {{ CALL_LOG: {} }}\n{}\n",
            server.display(),
            log.display(),
            self.keys
        );
        self.sandbox.write("bellwether.yaml", &config);
        self.sandbox.run(args)
    }

    fn check(&self) -> Run {
        self.run(&["check", "--format", "json"])
    }

    /// The calls that were made since the last look.
    fn calls(&self) -> Vec<String> {
        if !self.sandbox.has("calls") {
            return Vec::new();
        }
        let log = self.sandbox.read("calls");
        self.sandbox.write("calls", "");
        log.lines().map(str::to_owned).collect()
    }

    /// The calls that were made since the last look, each once, in order.
    fn called(&self) -> Vec<String> {
        let mut calls = self.calls();
        let mut seen = std::collections::BTreeSet::new();
        calls.retain(|call| seen.insert(call.clone()));
        calls
    }
}

/// The misbehaving server, which `cargo test` builds beside the binary.
fn odd_server() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_bellwether"));
    let folder = binary.parent().expect("a folder");
    folder.join("examples/odd_server")
}

const READ_ONLY: &str = "check: { probe: readOnly, sampling: { minSamples: 3 } }";

fn notes(report: &Value) -> String {
    let notes = report["targets"][0]["notes"].as_array().expect("notes");
    let notes: Vec<&str> = notes.iter().filter_map(Value::as_str).collect();
    notes.join("\n")
}

/// The messages of the findings of a rule.
fn found<'a>(report: &'a Value, rule: &str) -> Vec<&'a Value> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter(|one| one["rule"] == rule).collect()
}

#[test]
fn a_check_calls_nothing_unless_the_user_says_so() {
    for keys in [
        "",
        "check: { probe: none }",
        "check: { performanceThreshold: 20, latencyBudget: { p95: 10s } }",
        "check: { allowTools: ['*'] }",
    ] {
        let toolbox = Toolbox::new("", keys);
        toolbox.check().expect(0);
        toolbox.run(&["baseline", "save"]).expect(0);
        toolbox.check().expect(0);
        assert_eq!(toolbox.calls(), [""; 0], "{keys}");
    }
}

#[test]
fn read_only_calls_what_says_so_and_nothing_else() {
    let toolbox = Toolbox::new(
        "",
        "check: { probe: readOnly, sampling: { minSamples: 3 }, allowTools: [read_*, now, find, later, '*_everything'] }",
    );
    let report = toolbox.check().expect(0).json();
    assert_eq!(
        toolbox.called(),
        [
            r#"read_note {"name":"first"}"#,
            "now {}",
            "hello",
            "note://first"
        ]
    );
    let notes = notes(&report);
    assert!(
        notes.contains(
            "`tools/find`: needs a scenario: its required argument `query` has no example"
        ),
        "{notes}"
    );
    assert!(
        notes.contains("`prompts/review`: needs a scenario"),
        "{notes}"
    );
    assert!(
        notes.contains("`tools/later`: it only runs as a task"),
        "{notes}"
    );
    assert!(!notes.contains("delete_everything"), "{notes}");
}

#[test]
fn a_dry_run_says_what_would_be_called_and_calls_nothing() {
    let toolbox = Toolbox::new("", READ_ONLY);
    let run = toolbox.run(&["check", "--dry-run"]).expect(0);
    assert_eq!(toolbox.calls(), [""; 0]);
    for line in [
        r#"  tools/call read_note {"name":"first"}, 2 to 4 times: `check.probe: readOnly`"#,
        "  prompts/get hello {}, 2 to 4 times: `check.probe: readOnly`",
        "  resources/read note://first {}, 2 to 4 times: `check.probe: readOnly`",
        "  not: tools/delete_everything: it does not say that it only reads",
        "  not: tools/find: needs a scenario: its required argument `query` has no example",
    ] {
        assert!(run.stdout.contains(line), "{line}\n{}", run.stdout);
    }
    let told = toolbox.run(&["check", "--dry-run", "--format", "json"]);
    let told = told.expect(0).json();
    let calls = told["targets"][0]["calls"].as_array().expect("calls");
    let first = &calls[0];
    assert_eq!(first["method"], "tools/call");
    assert_eq!(first["arguments"]["name"], "first");
    assert!(!toolbox.sandbox.has(".bellwether"), "it writes nothing");
}

#[test]
fn scenarios_are_called_as_they_are_listed_and_nothing_besides() {
    let toolbox = Toolbox::with_scenarios(
        "",
        "setup: [{ tool: add_note, arguments: { n: 0 } }]
scenarios:
  - { name: second, tool: now, repeat: 2, expect: { contains: [done] } }
  - { name: first, resource: 'note://first', setup: [{ tool: add_note, arguments: { n: 1 } }], teardown: [{ tool: add_note, arguments: { n: 2 } }] }
  - { name: greets, prompt: hello }
  - { name: dares, tool: delete_everything, allowDestructive: true }
teardown: [{ tool: remove_note, allowDestructive: true }]
",
    );
    let report = toolbox.check().expect(0).json();
    assert_eq!(found(&report, "scenario-failed"), [&Value::Null; 0]);
    assert_eq!(
        toolbox.calls(),
        [
            r#"add_note {"n":0}"#,
            "now {}",
            "now {}",
            r#"add_note {"n":1}"#,
            "note://first",
            r#"add_note {"n":2}"#,
            "hello",
            "delete_everything {}",
            "remove_note {}",
        ]
    );
    let dry = toolbox.run(&["check", "--dry-run"]).expect(0);
    assert!(
        dry.stdout
            .contains("  tools/call delete_everything {}, once: scenario `dares`"),
        "{}",
        dry.stdout
    );
    assert_eq!(toolbox.calls(), [""; 0]);
}

#[test]
fn a_destructive_tool_is_not_called_because_a_scenario_forgot_to_say_so() {
    let toolbox = Toolbox::with_scenarios(
        "",
        "scenarios:
  - { name: forgets, tool: delete_everything }
  - { name: also forgets, tool: now, teardown: [{ tool: remove_note }] }
  - { name: reads, tool: now }
",
    );
    let report = toolbox.check().expect(3).json();
    assert_eq!(toolbox.calls(), ["now {}"]);
    let failed = found(&report, "scenario-failed");
    assert_eq!(failed.len(), 2, "{report:#}");
    assert!(
        failed
            .iter()
            .all(|one| one.to_string().contains("allowDestructive: true")),
        "{failed:#?}"
    );
}

#[test]
fn a_claim_to_only_read_that_nobody_approved_is_not_believed() {
    let toolbox = Toolbox::new("turned,now", "");
    toolbox.check().expect(0);
    toolbox.run(&["baseline", "save"]).expect(0);
    let toolbox = Toolbox {
        keys: format!("{READ_ONLY}\n"),
        ..toolbox
    };
    let report = Run::of(
        {
            toolbox.run(&["check", "--dry-run"]);
            let mut command = toolbox.sandbox.command(&["check", "--format", "json"]);
            command.env("TURNED", "1");
            command
        }
        .output()
        .expect("the binary runs"),
    )
    .json();
    assert_eq!(toolbox.called(), ["now {}"]);
    assert!(
        notes(&report).contains("`tools/turned`: it says now that it only reads"),
        "{report:#}"
    );
}

#[test]
fn a_claim_that_is_taken_back_during_the_calls_is_not_relied_on() {
    // Once the server says that its tools changed, once it is started again and says something else.
    for tools in ["takes_back,turned,now", "crash_back,turned,now"] {
        let toolbox = Toolbox::new(tools, READ_ONLY);
        toolbox.run(&["check", "--dry-run"]);
        let mut command = toolbox.sandbox.command(&["check", "--format", "json"]);
        let report = Run::of(
            command
                .env("TURNED", "1")
                .output()
                .expect("the binary runs"),
        );
        let report = report.expect(0).json();
        let called = toolbox.called();
        assert!(!called.contains(&"turned {}".to_owned()), "{called:?}");
        assert!(called.contains(&"now {}".to_owned()), "{called:?}");
        let said = "`tools/turned` was not called any more: by what the server says now, it does not say that it only reads";
        assert!(notes(&report).contains(said), "{report:#}");
    }
}

#[test]
fn a_scenario_relies_on_no_claim_that_was_taken_back_either() {
    let toolbox = Toolbox::with_scenarios(
        "takes_back,turned,now",
        "scenarios:
  - { name: takes it back, tool: takes_back }
  - { name: relies on it, tool: turned }
  - { name: knows, tool: turned, allowDestructive: true }
",
    );
    toolbox.run(&["check", "--dry-run"]);
    let mut command = toolbox.sandbox.command(&["check", "--format", "json"]);
    let report = Run::of(
        command
            .env("TURNED", "1")
            .output()
            .expect("the binary runs"),
    );
    let report = report.expect(3).json();
    assert_eq!(toolbox.calls(), ["takes_back {}", "turned {}"]);
    let failed = found(&report, "scenario-failed");
    assert_eq!(failed.len(), 1, "{report:#}");
    let failed = failed[0].to_string();
    assert!(
        failed.contains("relies on it") && failed.contains("was not called"),
        "{failed}"
    );
}

#[test]
fn whatever_a_tool_does_the_rest_is_called_and_the_report_names_it() {
    for (tools, named) in [
        ("hang,now", "`tools/hang` was not answered within 2000 ms"),
        (
            "freeze,now",
            "`tools/freeze` was not answered within 2000 ms",
        ),
        (
            "chatty,now",
            "`tools/chatty` was not answered within 2000 ms",
        ),
        (
            "crash,now",
            "`tools/crash` was the end of the server, twice",
        ),
        ("huge,now", "`tools/huge` answered with more than 16 MiB"),
        (
            "flaky,now",
            "`tools/flaky` answered some calls with an error",
        ),
        ("text,now", "`tools/text` answered every call with an error"),
    ] {
        let toolbox = Toolbox::new(tools, READ_ONLY);
        let report = toolbox.check().expect(0).json();
        let notes = notes(&report);
        assert!(notes.contains(named), "{tools}: {notes}");
        let calls = toolbox.calls();
        let now = calls.iter().filter(|call| *call == "now {}").count();
        assert!(now >= 2, "{tools}: {calls:?}");
        assert_eq!(report["targets"][0]["surface"]["tools"], 2, "{tools}");
    }
}

#[test]
fn a_call_that_takes_too_long_is_cancelled() {
    let toolbox = Toolbox::new("hang,now", READ_ONLY);
    toolbox.check().expect(0);
    assert_eq!(toolbox.called(), ["hang {}", "cancelled", "now {}"]);
}

#[test]
fn what_a_server_asks_back_is_refused() {
    let toolbox = Toolbox::with_scenarios(
        "asks",
        "scenarios:
  - { name: asks, tool: asks, expect: { contains: ['refused with -32601'] } }
",
    );
    toolbox.check().expect(0);
}

#[test]
fn scenarios_go_on_after_a_server_that_died() {
    let toolbox = Toolbox::with_scenarios(
        "crash,now",
        "scenarios:
  - { name: dies, tool: crash, repeat: 5 }
  - { name: lives, tool: now }
",
    );
    let report = toolbox.check().expect(3).json();
    assert_eq!(toolbox.calls(), ["crash {}", "crash {}", "now {}"]);
    let failed = found(&report, "scenario-failed");
    assert_eq!(failed.len(), 1, "{report:#}");
}

#[test]
fn only_scenarios_means_nothing_else() {
    let toolbox = Toolbox::with_scenarios("", "scenarios: [{ name: reads, tool: now }]\n");
    toolbox.check().expect(0);
    toolbox.run(&["baseline", "save"]).expect(0);
    let toolbox = Toolbox {
        tools: "now",
        keys: "check: { probe: readOnly }\nscenarios: { path: tests.yaml, only: true }".to_owned(),
        ..toolbox
    };
    toolbox.calls();
    let report = toolbox.check().expect(0).json();
    assert_eq!(toolbox.calls(), ["now {}"]);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn two_servers_are_watched_side_by_side_instead_of_a_baseline() {
    let toolbox = Toolbox::new("now,text", READ_ONLY);
    let server = odd_server();
    let old = format!("{} tools now", server.display());
    let run = toolbox.run(&["check", "--format", "json", "--against", &old]);
    let report = run.expect(1).json();
    let added = found(&report, "tool-added");
    assert_eq!(added.len(), 1, "{report:#}");
    assert_eq!(added[0]["at"], "tools/text");
    assert_eq!(report["targets"][0]["baseline"]["path"], old.as_str());
    // Both are called, in turn: each as often as the other.
    let calls = toolbox.calls();
    let now = calls.iter().filter(|call| *call == "now {}").count();
    assert!(now >= 4 && now % 2 == 0, "{calls:?}");
    let same = format!("{} tools now,text", server.display());
    let report = toolbox.run(&["check", "--format", "json", "--against", &same]);
    let report = report.expect(0).json();
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0));

    toolbox
        .run(&["check", "--against", "no-such-command-here"])
        .expect(4);
    let clash = ["check", "--against", "x", "--baseline", "y"];
    toolbox.run(&clash).expect(4);
}

#[test]
fn a_file_takes_the_place_of_the_baseline() {
    let toolbox = Toolbox::new("now", "");
    let before = toolbox.run(&["snapshot"]).expect(0).stdout;
    toolbox.sandbox.write("before.json", &before);
    let toolbox = Toolbox {
        tools: "now,text",
        ..toolbox
    };
    let run = toolbox.run(&["check", "--format", "json", "--against", "before.json"]);
    let report = run.expect(1).json();
    assert_eq!(found(&report, "tool-added").len(), 1, "{report:#}");
    assert_eq!(report["targets"][0]["baseline"]["path"], "before.json");
}

#[test]
fn what_was_observed_is_saved_and_an_unchanged_server_is_no_drift() {
    let toolbox = Toolbox::new("now,read_note,counter", READ_ONLY);
    toolbox.check().expect(0);
    toolbox.run(&["baseline", "save"]).expect(0);
    let saved = toolbox.sandbox.read(".bellwether/bellwether-baseline.json");
    assert!(saved.contains("\"tools/now\""), "{saved}");
    for _ in 0..2 {
        // Times on a busy machine are another matter; what was answered is not.
        let run = toolbox.run(&["check", "--format", "json"]);
        let report = run.json();
        for rule in [
            "response-type-changed",
            "response-unstable",
            "error-category-added",
        ] {
            assert_eq!(found(&report, rule), [&Value::Null; 0], "{report:#}");
        }
    }
    // From now on it is measured and called because of the file alone, and never without it.
    let toolbox = Toolbox {
        keys: String::new(),
        ..toolbox
    };
    toolbox.calls();
    let report = toolbox.run(&["check", "--format", "json"]).json();
    assert_eq!(toolbox.calls(), [""; 0]);
    assert!(
        notes(&report).contains("nothing was called now"),
        "{report:#}"
    );
}

#[test]
fn scenarios_that_nobody_allows_are_named_and_not_run() {
    let toolbox = Toolbox::new("now", "scenarios: { path: tests.yaml }");
    toolbox
        .sandbox
        .write("tests.yaml", "scenarios: [{ name: reads, tool: now }]\n");
    let report = toolbox.check().expect(0).json();
    assert_eq!(toolbox.calls(), [""; 0]);
    assert!(
        notes(&report).contains("`tests.yaml` were not run"),
        "{report:#}"
    );
    let toolbox = Toolbox {
        keys: "scenarios: { path: tests.yaml, only: true }".to_owned(),
        ..toolbox
    };
    let run = toolbox.check().expect(4);
    assert!(run.stderr.contains("check.probe"), "{}", run.stderr);
}

#[test]
fn a_dry_run_of_two_servers_speaks_of_both() {
    let toolbox = Toolbox::new("now", READ_ONLY);
    let old = format!("{} tools now", odd_server().display());
    let run = toolbox.run(&["check", "--dry-run", "--format", "json", "--against", &old]);
    let told = run.expect(0).json();
    assert_eq!(told["targets"].as_array().map(Vec::len), Some(2));
    assert_eq!(told["targets"][0]["name"], old.as_str());
    assert_eq!(toolbox.calls(), [""; 0]);
}
