//! What the user's file makes of findings, through the binary: a policy for each server, and findings that are ignored.

mod support;

use serde_json::{Value, json};
use support::{Run, Sandbox};

/// A server with these tools, each with its description.
fn surface(tools: &[(&str, &str)]) -> String {
    let tools: Vec<Value> = tools
        .iter()
        .map(|(name, description)| {
            json!({ "name": name, "description": description, "inputSchema": { "type": "object" } })
        })
        .collect();
    let initialize = json!({
        "protocolVersion": "2025-11-25",
        "capabilities": { "tools": {} },
        "serverInfo": { "name": "lamp", "version": "1.0.0" },
    });
    json!({
        "initialize": initialize, "tools": tools,
        "prompts": [], "resources": [], "resourceTemplates": [],
    })
    .to_string()
}

const DIM: (&str, &str) = ("dim", "Dims the lamp. At most 3 times an hour.");
const DIM_MORE: (&str, &str) = ("dim", "Dims the lamp. At most 9 times an hour.");
const SWITCH: (&str, &str) = ("switch", "Switches the lamp.");
const OLD: (&str, &str) = ("legacy_read", "Reads the switch.");

/// What every drift here is made of: a tool is removed (breaking), a claim of another changes (warning).
const BEFORE: [(&str, &str); 3] = [SWITCH, DIM, OLD];
const AFTER: [(&str, &str); 2] = [SWITCH, DIM_MORE];

/// Two servers that drifted in the same way, and the rest of their configuration.
fn two(weather: &str, search: &str, rest: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let config = |weather: &str, search: &str, rest: &str| {
        format!(
            "servers:\n  weather: {{ mock: weather.json{weather} }}\n  search: {{ mock: search.json{search} }}\n{rest}"
        )
    };
    sandbox.write("bellwether.yaml", &config("", "", ""));
    for name in ["weather.json", "search.json"] {
        sandbox.write(name, &surface(&BEFORE));
    }
    sandbox.run(&["baseline", "save"]).expect(0);
    for name in ["weather.json", "search.json"] {
        sandbox.write(name, &surface(&AFTER));
    }
    sandbox.write("bellwether.yaml", &config(weather, search, rest));
    sandbox
}

/// One server that drifted, with a configuration that ignores this.
fn ignoring(entries: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox.write("now.json", &surface(&BEFORE));
    sandbox.run(&["baseline", "save"]).expect(0);
    sandbox.write("old.json", &surface(&BEFORE));
    sandbox.write("now.json", &surface(&AFTER));
    ignore(&sandbox, entries);
    sandbox
}

fn ignore(sandbox: &Sandbox, entries: &str) {
    let config = format!("server: {{ mock: now.json }}\nignore:\n{entries}");
    sandbox.write("bellwether.yaml", &config);
}

/// `check` and `diff` of the same drift, which must come to the same.
fn both(sandbox: &Sandbox, code: i32) -> Value {
    let check = sandbox.run(&["check", "--format", "json"]).expect(code);
    let diff = ["diff", "old.json", "now.json", "--format", "json"];
    let diff = sandbox.run(&diff).expect(code).json();
    let check = check.json();
    let findings = |report: &Value| (rules(report, "findings"), rules(report, "ignored"));
    assert_eq!(findings(&check), findings(&diff));
    assert_eq!(check["verdict"], diff["verdict"]);
    assert_eq!(check["summary"], diff["summary"]);
    assert_eq!(notes(&check), notes(&diff));
    check
}

fn json_of(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    let run: Run = sandbox.run(&[&["check", "--format", "json"], args].concat());
    run.expect(code).json()
}

fn rules(report: &Value, list: &str) -> Vec<String> {
    let findings = report[list].as_array().cloned().unwrap_or_default();
    let mut rules: Vec<String> = findings
        .iter()
        .map(|finding| finding["rule"].as_str().expect("a rule").to_owned())
        .collect();
    rules.sort();
    rules
}

/// The notes of all targets.
fn notes(report: &Value) -> Vec<String> {
    let targets = report["targets"].as_array().expect("targets");
    targets
        .iter()
        .flat_map(|target| target["notes"].as_array().expect("notes"))
        .map(|note| note.as_str().expect("text").to_owned())
        .collect()
}

fn decided(report: &Value) -> &str {
    report["verdict"]["decidedBy"].as_str().expect("a reason")
}

#[test]
fn each_server_is_judged_by_its_own_policy() {
    const MILD: &str = ", baseline: { severity: { failOnSeverity: none } }";
    const STRICT: &str = ", baseline: { failOnDrift: true }";
    const BLIND: &str =
        ", baseline: { severity: { minimumSeverity: breaking, failOnSeverity: none } }";
    let all = "baseline: { severity: { failOnSeverity: none } }\n";
    let cases = [
        ("", "", "", 3, "`weather`: rule tool-removed"),
        (MILD, "", "", 3, "`search`: rule tool-removed"),
        ("", MILD, "", 3, "`weather`: rule tool-removed"),
        (
            MILD,
            MILD,
            "",
            0,
            "`weather`: the worst drift is breaking, below failOnSeverity: none",
        ),
        ("", STRICT, all, 3, "`search`: rule tool-removed"),
        (
            ", baseline: { severity: { aspectOverrides: { schema: info } } }",
            MILD,
            "",
            2,
            "`weather`: rule limit-changed",
        ),
    ];
    for (weather, search, rest, code, why) in cases {
        let report = json_of(&two(weather, search, rest), &[], code);
        assert_eq!(decided(&report), why, "{weather} {search} {rest}");
    }
    let sandbox = two(BLIND, "", "");
    let report = json_of(&sandbox, &[], 3);
    let of = |name: &str| -> Vec<&str> {
        let findings = report["findings"].as_array().expect("findings");
        let own = findings.iter().filter(|finding| finding["target"] == name);
        own.filter_map(|finding| finding["rule"].as_str()).collect()
    };
    assert_eq!(of("weather"), ["tool-removed"]);
    assert!(of("search").contains(&"limit-changed"));
    let flag = json_of(&sandbox, &["--fail-on-severity", "none"], 0);
    assert!(decided(&flag).ends_with("below --fail-on-severity none"));
    let human = sandbox.run(&["check"]).expect(3).stdout;
    assert!(
        human.ends_with("exit 3: the worst drift is breaking (`search`: rule tool-removed)\n"),
        "{human}"
    );
}

#[test]
fn one_server_that_did_not_drift_does_not_decide_over_another() {
    let sandbox = two(
        "",
        ", baseline: { severity: { failOnSeverity: breaking } }",
        "",
    );
    sandbox.write("weather.json", &surface(&BEFORE));
    sandbox.write("search.json", &surface(&[SWITCH, DIM_MORE, OLD]));
    let report = json_of(&sandbox, &[], 0);
    assert_eq!(
        decided(&report),
        "`search`: the worst drift is a warning, below failOnSeverity: breaking"
    );
    sandbox.write("search.json", &surface(&BEFORE));
    assert_eq!(decided(&json_of(&sandbox, &[], 0)), "no drift");
}

#[test]
fn a_rule_a_place_and_a_fingerprint_are_ignored_with_their_reason() {
    let removed = ["tool-removed"];
    let sandbox = ignoring("");
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    let plain = both(&sandbox, 3);
    assert_eq!(plain.get("ignored"), None);
    let finding = &plain["findings"][0];
    assert_eq!(finding["rule"], removed[0]);
    let fingerprint = finding["fingerprint"].as_str().expect("text");
    for entry in [
        "rule: tool-removed".to_owned(),
        "rule: tool-removed, at: tools/legacy_read".to_owned(),
        "rule: tool-removed, at: 'tools/legacy_*'".to_owned(),
        "rule: tool-removed, at: '*_read', until: 9999-12-31".to_owned(),
        format!("fingerprint: '{fingerprint}'"),
    ] {
        ignore(
            &sandbox,
            &format!("  - {{ {entry}, reason: retired in v3 }}\n"),
        );
        let report = both(&sandbox, 2);
        assert_eq!(rules(&report, "ignored"), removed, "{entry}");
        assert_eq!(report["ignored"][0]["ignored"], "retired in v3");
        assert_eq!(report["summary"]["ignored"], 1);
        assert_eq!(report["summary"]["breaking"], 0);
        assert_eq!(report["verdict"]["severity"], "warning");
        assert!(!rules(&report, "findings").contains(&removed[0].to_owned()));
        assert_eq!(notes(&report), notes(&plain), "{entry}");
    }
    let human = sandbox.run(&["check"]).expect(2).stdout;
    assert!(human.contains("; 1 finding ignored\n"), "{human}");
    assert!(!human.contains("tool-removed"), "{human}");
    let verbose = sandbox.run(&["check", "-v"]).expect(2).stdout;
    for line in ["ignored[tool-removed]: ", "   = reason: retired in v3\n"] {
        assert!(verbose.contains(line), "{verbose}");
    }
}

#[test]
fn where_all_drift_is_ignored_the_exit_code_is_0() {
    let sandbox =
        ignoring("  - { rule: tool-removed, reason: a }\n  - { rule: limit-changed, reason: b }\n");
    let report = both(&sandbox, 0);
    assert_eq!(
        rules(&report, "findings"),
        [""; 0],
        "nothing is left to say about the version"
    );
    assert_eq!(report["summary"]["ignored"], 2);
    assert_eq!(report["verdict"]["severity"], "none");
    assert_eq!(decided(&report), "no drift but what is ignored");
    json_of(&sandbox, &["--fail-on-drift"], 0);
}

#[test]
fn an_ignored_finding_does_not_hide_the_next_change_in_its_place() {
    let sandbox = ignoring("");
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    let report = both(&sandbox, 3);
    let findings = report["findings"].as_array().expect("findings");
    let changed = findings
        .iter()
        .find(|finding| finding["rule"] == "limit-changed");
    let fingerprint = changed.expect("a changed claim")["fingerprint"]
        .as_str()
        .expect("text");
    let entry = format!("  - {{ fingerprint: '{fingerprint}', reason: seen }}\n");
    ignore(&sandbox, &entry);
    assert_eq!(rules(&both(&sandbox, 3), "ignored"), ["limit-changed"]);
    let further = ("dim", "Dims the lamp. At most 99 times an hour.");
    sandbox.write("now.json", &surface(&[SWITCH, further]));
    let report = both(&sandbox, 3);
    assert!(rules(&report, "ignored").is_empty());
    assert_eq!(
        notes(&report),
        [format!(
            "the ignore of `{fingerprint}` matched nothing: remove it"
        )]
    );
}

#[test]
fn an_edit_on_many_things_is_ignored_where_the_entry_says_and_told_once_elsewhere() {
    let many = |limit: u8| {
        let claim = format!("Does it. At most {limit} times an hour.");
        let names = ["a", "b", "c", "d", "legacy_e"];
        surface(&names.map(|name| (name, claim.as_str())))
    };
    let sandbox = ignoring("  - { rule: limit-changed, at: 'tools/legacy_*', reason: retired }\n");
    sandbox.write("old.json", &many(3));
    sandbox.write("now.json", &many(9));
    let run = ["diff", "old.json", "now.json", "--format", "json"];
    let report = sandbox.run(&run).expect(2).json();
    assert_eq!(report["ignored"][0]["at"], "tools/legacy_e");
    let covers = report["findings"][0]["covers"].as_array().expect("covers");
    assert_eq!(covers.len(), 3, "{report}");
    assert!(covers.iter().all(|place| place["at"] != "tools/legacy_e"));
}

#[test]
fn an_expired_entry_counts_for_nothing_and_a_note_says_so() {
    let sandbox = ignoring(
        "  - { rule: tool-removed, at: 'tools/legacy_*', reason: a, until: 2001-01-31 }\n",
    );
    let report = both(&sandbox, 3);
    assert_eq!(report["summary"]["ignored"], 0);
    assert_eq!(
        notes(&report),
        [
            "the ignore of `tool-removed` at `tools/legacy_*` expired on 2001-01-31, so what it held back counts again: renew it or remove it"
        ]
    );
    ignore(
        &sandbox,
        "  - { rule: tool-removed, reason: a, until: 2001-01-31 }\n  - { rule: tool-removed, reason: b }\n",
    );
    let report = both(&sandbox, 2);
    assert_eq!(report["ignored"][0]["ignored"], "b");
    assert!(notes(&report).is_empty(), "the other entry still holds it");
}

#[test]
fn an_entry_that_matches_nothing_is_stale_unless_something_was_not_looked_at() {
    let entry = "  - { rule: prompt-removed, reason: a }\n";
    let stale = ["the ignore of `prompt-removed` matched nothing: remove it"];
    let sandbox = ignoring(entry);
    assert_eq!(notes(&both(&sandbox, 3)), stale);
    ignore(&sandbox, "  - { rule: limit-changed, reason: a }\n");
    let hidden = json_of(&sandbox, &["--min-severity", "breaking"], 3);
    let is_stale = |note: &String| note.contains("matched nothing");
    assert!(!notes(&hidden).iter().any(is_stale), "{hidden}");
    assert_eq!(hidden["summary"]["ignored"], 0);

    let ignore = format!("ignore:\n{entry}");
    let sandbox = two("", "", &ignore);
    assert_eq!(
        notes(&json_of(&sandbox, &[], 3)),
        ["the ignore of `prompt-removed` matched nothing in any server: remove it"]
    );
    let one = json_of(&sandbox, &["--server", "search"], 3);
    assert!(notes(&one).is_empty(), "{one}");
    std::fs::remove_file(sandbox.path().join(".bellwether/search-baseline.json")).expect("a file");
    let unapproved = json_of(&sandbox, &[], 3);
    assert!(notes(&unapproved).is_empty(), "{unapproved}");
}

#[test]
fn an_entry_that_matches_in_one_of_several_servers_is_not_stale() {
    let sandbox = two("", "", "ignore:\n  - { rule: tool-removed, reason: a }\n");
    sandbox.write("weather.json", &surface(&BEFORE));
    let report = json_of(&sandbox, &[], 2);
    assert_eq!(report["ignored"][0]["target"], "search");
    assert!(notes(&report).is_empty());
}
