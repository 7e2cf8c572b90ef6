//! Accepting drift through the binary: what was reviewed is what is stored, and nothing else.

mod support;

use serde_json::{Value, json};
use support::{Run, Sandbox};

const BASELINE: &str = ".bellwether/bellwether-baseline.json";
const LAST_CHECK: &str = ".bellwether/last-check.json";

/// A small server.
fn surface() -> Value {
    json!({
        "initialize": {
            "protocolVersion": "2025-11-25",
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "lamp", "version": "1.0.0" },
        },
        "tools": [
            tool("dim", "Dims the lamp. At most 3 times an hour."),
            tool("switch", "Switches the lamp on or off."),
        ],
        "prompts": [], "resources": [], "resourceTemplates": [],
    })
}

fn tool(name: &str, description: &str) -> Value {
    json!({
        "name": name,
        "description": description,
        "inputSchema": { "type": "object", "properties": { "level": { "type": "integer" } } },
    })
}

fn tools(surface: &mut Value) -> &mut Vec<Value> {
    surface["tools"].as_array_mut().expect("tools")
}

fn serve(sandbox: &Sandbox, surface: &Value) {
    sandbox.write("now.json", &surface.to_string());
}

/// A sandbox with an approved server, which has become what `edit` makes of it, and was checked.
fn drifted(code: i32, edit: impl Fn(&mut Value)) -> Sandbox {
    let sandbox = Sandbox::new();
    serve(&sandbox, &surface());
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox.run(&["baseline", "save"]).expect(0);
    change(&sandbox, edit);
    sandbox.run(&["check"]).expect(code);
    sandbox
}

fn change(sandbox: &Sandbox, edit: impl Fn(&mut Value)) {
    let mut now: Value = serde_json::from_str(&sandbox.read("now.json")).expect("JSON");
    edit(&mut now);
    serve(sandbox, &now);
}

/// A new tool: info.
fn add(now: &mut Value) {
    tools(now).push(tool("colour", "Colours it."));
}

/// Another limit in the text of `dim`: a warning.
fn raise(now: &mut Value) {
    tools(now)[0]["description"] = "Dims the lamp. At most 9 times an hour.".into();
}

/// `switch` is gone: breaking.
fn remove(now: &mut Value) {
    tools(now).retain(|tool| tool["name"] != "switch");
}

fn accept(sandbox: &Sandbox, more: &[&str]) -> Run {
    let args = [
        "baseline",
        "accept",
        "--accepted-by",
        "Ada",
        "--reason",
        "fine",
    ];
    sandbox.run(&[&args, more].concat())
}

fn baseline(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.read(BASELINE)).expect("JSON")
}

fn entry(sandbox: &Sandbox) -> Value {
    let baseline = baseline(sandbox);
    let entries = baseline["trail"].as_array().expect("a trail");
    entries.last().expect("an entry").clone()
}

/// The run fails, says all of this, and the baseline stays as it is.
#[track_caller]
fn refused(sandbox: &Sandbox, before: &str, run: Run, says: &[&str]) {
    let run = run.expect(4);
    for words in says {
        assert!(
            run.stderr.contains(words),
            "no {words:?} in:\n{}",
            run.stderr
        );
    }
    assert_eq!(sandbox.read(BASELINE), before);
}

#[test]
fn what_was_reviewed_is_stored_though_the_server_changed_again() {
    let sandbox = drifted(2, raise);
    change(&sandbox, add);
    accept(&sandbox, &[]).expect(0);
    let text = sandbox.read(BASELINE);
    assert!(
        text.contains("9 times") && !text.contains("colour"),
        "{text}"
    );
    let report = sandbox.run(&["check", "--format", "json"]).expect(1).json();
    let findings = report["findings"].to_string();
    assert!(
        findings.contains("tools/colour") && !findings.contains("tools/dim"),
        "{findings}"
    );
}

#[test]
fn no_server_is_asked() {
    let sandbox = drifted(2, raise);
    std::fs::remove_file(sandbox.path().join("now.json")).expect("removed");
    sandbox.write("now.json", "no server starts with this");
    accept(&sandbox, &[]).expect(0);
}

#[test]
fn the_entry_says_who_why_what_and_from_where_to_where() {
    let sandbox = drifted(3, |now| {
        raise(now);
        remove(now);
    });
    let before = baseline(&sandbox)["digest"].clone();
    let more = ["--force", "--ticket", "OPS-7", "--expires", "2999-01-31"];
    accept(&sandbox, &more).expect(0);
    let (entry, now) = (entry(&sandbox), baseline(&sandbox));
    for (member, value) in [
        ("action", "accepted"),
        ("by", "Ada"),
        ("bySource", "--accepted-by"),
        ("reason", "fine"),
        ("ticket", "OPS-7"),
        ("expires", "2999-01-31"),
        ("verdict", "breaking"),
    ] {
        assert_eq!(entry[member], value, "{member}");
    }
    assert_eq!(entry["digestBefore"], before);
    assert_eq!(entry["digestAfter"], now["digest"]);
    let rules: Vec<_> = (entry["findings"].as_array().expect("findings").iter())
        .map(|finding| finding["rule"].as_str().expect("a rule"))
        .collect();
    assert!(
        rules.contains(&"tool-removed") && rules.contains(&"limit-changed"),
        "{rules:?}"
    );
    let changed = entry["changed"].as_array().expect("changed items");
    let at = |at: &str| changed.iter().find(|one| one["at"] == at).expect("changed");
    assert_eq!(at("tools/switch")["before"], surface()["tools"][1]);
    assert_eq!(at("tools/switch")["after"], Value::Null);
    assert!(
        at("tools/dim")["after"]["description"]
            .as_str()
            .expect("text")
            .contains("9 times")
    );
    sandbox.run(&["check"]).expect(0);
}

#[test]
fn breaking_drift_needs_force_and_the_message_says_why() {
    let sandbox = drifted(3, remove);
    let before = sandbox.read(BASELINE);
    let says = ["breaking", "`switch` was removed", "--force", "can fail"];
    refused(&sandbox, &before, accept(&sandbox, &[]), &says);
    accept(&sandbox, &["--force"]).expect(0);
}

#[test]
fn a_capture_that_is_missing_or_damaged_or_of_another_state_is_refused() {
    let sandbox = drifted(2, raise);
    let before = sandbox.read(BASELINE);
    let capture = sandbox.read(LAST_CHECK);
    let damages = [
        String::new(),
        capture[..capture.len() / 2].to_owned(),
        capture.replace("9 times", "8 times"),
        capture.replace("\"severity\":\"warning\"", "\"severity\":\"info\""),
    ];
    for damaged in damages {
        sandbox.write(LAST_CHECK, &damaged);
        refused(
            &sandbox,
            &before,
            accept(&sandbox, &[]),
            &["damaged", "bellwether check"],
        );
    }
    std::fs::remove_file(sandbox.path().join(LAST_CHECK)).expect("removed");
    refused(
        &sandbox,
        &before,
        accept(&sandbox, &[]),
        &["no check", "bellwether check"],
    );
    let other = before.replace("on or off", "off or on");
    sandbox.write(LAST_CHECK, &capture);
    sandbox.write(BASELINE, &other);
    refused(
        &sandbox,
        &other,
        accept(&sandbox, &[]),
        &["another state", "bellwether check"],
    );
}

/// Every byte of what a check kept, changed: none of it is believed any more.
#[test]
fn no_byte_of_a_capture_can_be_changed_unnoticed() {
    let sandbox = drifted(2, raise);
    let folder = sandbox.path().join(".bellwether");
    let kept = sandbox.read(LAST_CHECK);
    let check: Value = serde_json::from_str(&kept).expect("JSON");
    let member = |name: &str| check["checks"][0][name].as_str().expect("text").to_owned();
    let (name, endpoint) = (member("name"), member("endpoint"));
    let recalled = || bellwether::last_check::recall(&folder, &name, &endpoint);
    let whole = recalled().expect("whole").expect("kept");
    for mask in [1, 0x20] {
        for index in 0..kept.len() - 1 {
            let mut bytes = kept.clone().into_bytes();
            bytes[index] ^= mask;
            std::fs::write(folder.join("last-check.json"), bytes).expect("written");
            let around = &kept[index.saturating_sub(20)..(index + 5).min(kept.len())];
            // A check of another name, or one that nobody kept, is none of this server.
            if let Ok(Some(found)) = recalled() {
                panic!("byte {index} of {around:?}: {}", found == whole);
            }
        }
    }
}

#[test]
fn what_was_compared_with_something_else_is_refused() {
    let sandbox = drifted(2, raise);
    let before = sandbox.read(BASELINE);
    sandbox.write("other.json", &surface().to_string());
    sandbox.run(&["check", "--against", "other.json"]).expect(2);
    refused(
        &sandbox,
        &before,
        accept(&sandbox, &[]),
        &["something else", "bellwether check"],
    );
}

#[test]
fn a_server_without_a_baseline_is_to_be_saved_first() {
    let sandbox = Sandbox::new();
    serve(&sandbox, &surface());
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox.run(&["check"]).expect(0);
    let run = accept(&sandbox, &[]).expect(4);
    assert!(
        run.stderr.contains("bellwether baseline save"),
        "{}",
        run.stderr
    );
    assert!(!sandbox.has(BASELINE));
}

#[test]
fn an_empty_cut_off_or_conflict_marked_baseline_is_no_first_run() {
    let sandbox = drifted(2, raise);
    let whole = sandbox.read(BASELINE);
    let conflict = format!("<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> other\n");
    for (damaged, says) in [
        ("", "empty"),
        (&whole[..whole.len() / 2], "cut off"),
        (conflict.as_str(), "baseline merge"),
    ] {
        sandbox.write(BASELINE, damaged);
        refused(&sandbox, damaged, accept(&sandbox, &[]), &[says]);
        refused(
            &sandbox,
            damaged,
            sandbox.run(&["baseline", "diff"]),
            &[says],
        );
        let run = sandbox.run(&["check"]).expect(4);
        assert!(run.stdout.contains(says), "{}", run.stdout);
        sandbox
            .run(&["check", "--accept-drift", "--accept-reason", "fine"])
            .expect(4);
        assert_eq!(sandbox.read(BASELINE), damaged);
    }
}

#[test]
fn whole_things_are_selected_and_the_rest_stays_drift() {
    let sandbox = drifted(2, |now| {
        raise(now);
        add(now);
    });
    let run = accept(&sandbox, &["tools/colour"]).expect(0);
    assert!(
        run.stdout.contains("still drift: tools/dim"),
        "{}",
        run.stdout
    );
    let text = sandbox.read(BASELINE);
    assert!(
        text.contains("colour") && text.contains("\"description\": \"Dims the lamp. At most 3")
    );
    let report = sandbox.run(&["check", "--format", "json"]).expect(2).json();
    let findings = report["findings"].as_array().expect("findings");
    assert!(findings.iter().any(|finding| finding["at"] == "tools/dim"));
    assert!(
        findings
            .iter()
            .all(|finding| finding["at"] != "tools/colour")
    );
    accept(&sandbox, &["tools/dim"]).expect(0);
    sandbox.run(&["check"]).expect(0);
    let trail = baseline(&sandbox)["trail"]
        .as_array()
        .expect("a trail")
        .clone();
    assert_eq!(trail.len(), 2);
    assert_eq!(
        trail[1]["previous"], trail[0]["entry"],
        "each names the one before it"
    );
}

#[test]
fn a_finding_is_selected_by_fingerprint_by_rule_and_by_severity() {
    let edit = |now: &mut Value| {
        raise(now);
        add(now);
    };
    let sandbox = drifted(2, edit);
    let report = sandbox.run(&["check", "--format", "json"]).expect(2).json();
    let findings = report["findings"].as_array().expect("findings");
    let added = findings
        .iter()
        .find(|finding| finding["rule"] == "tool-added");
    let print = added.expect("a finding")["fingerprint"]
        .as_str()
        .expect("a fingerprint");
    for selector in [
        &[print][..],
        &["--rule", "tool-added"],
        &["--max-severity", "info"],
    ] {
        let sandbox = drifted(2, edit);
        accept(&sandbox, selector).expect(0);
        let changed = entry(&sandbox)["changed"]
            .as_array()
            .expect("changed")
            .clone();
        assert_eq!(changed.len(), 1, "{selector:?}: {changed:?}");
        assert_eq!(changed[0]["at"], "tools/colour", "{selector:?}");
        sandbox.run(&["check"]).expect(2);
    }
}

#[test]
fn a_thing_with_another_finding_that_was_not_selected_is_refused_by_name() {
    let sandbox = drifted(2, |now| {
        raise(now);
        tools(now)[0]["inputSchema"]["properties"]["slowly"] = json!({ "type": "boolean" });
    });
    let before = sandbox.read(BASELINE);
    for selector in [
        &["--rule", "input-parameter-added"][..],
        &["--max-severity", "info"],
    ] {
        let run = accept(&sandbox, selector);
        refused(
            &sandbox,
            &before,
            run,
            &["`tools/dim` has another finding", "limit-changed"],
        );
    }
    let both = ["--rule", "input-parameter-added", "--rule", "limit-changed"];
    accept(&sandbox, &[&both[..], &["--dry-run"]].concat()).expect(0);
    accept(&sandbox, &["tools/dim"]).expect(0);
    sandbox.run(&["check"]).expect(0);
}

#[test]
fn a_rename_takes_both_names() {
    let sandbox = drifted(3, |now| tools(now)[1]["name"] = "toggle".into());
    accept(&sandbox, &["--force", "tools/switch"]).expect(0);
    let tools = baseline(&sandbox)["tools"].clone();
    let names: Vec<_> = tools
        .as_array()
        .expect("tools")
        .iter()
        .map(|tool| &tool["name"])
        .collect();
    assert_eq!(names, ["dim", "toggle"]);
    sandbox.run(&["check"]).expect(0);
}

#[test]
fn a_selector_that_fits_nothing_is_refused_with_what_drifted() {
    let sandbox = drifted(2, raise);
    let before = sandbox.read(BASELINE);
    for selector in ["tools/swich", "tools/switch", "0123456789abcdef"] {
        let run = accept(&sandbox, &[selector]);
        refused(&sandbox, &before, run, &[selector, "tools/dim"]);
    }
    refused(
        &sandbox,
        &before,
        accept(&sandbox, &["dim"]),
        &["selects nothing", "tools/NAME"],
    );
    let run = accept(&sandbox, &["--rule", "no-such-rule"]);
    refused(&sandbox, &before, run, &["there is no rule `no-such-rule`"]);
}

#[test]
fn a_rehearsal_writes_nothing() {
    let sandbox = drifted(2, raise);
    let (before, capture) = (sandbox.read(BASELINE), sandbox.read(LAST_CHECK));
    let run = accept(&sandbox, &["--dry-run"]).expect(0);
    assert!(run.stdout.contains("would accept") && run.stdout.contains("limit-changed"));
    assert_eq!(
        (sandbox.read(BASELINE), sandbox.read(LAST_CHECK)),
        (before, capture)
    );
}

/// New digests over a file that was tampered with would make it look whole.
#[test]
fn a_baseline_that_was_tampered_with_is_not_accepted_over() {
    for tamper in [
        &(|baseline: &mut Value| baseline["trail"] = json!([])) as &dyn Fn(&mut Value),
        &|baseline| baseline["trail"][0]["reason"] = json!("somebody else's"),
        &|baseline| {
            baseline["volatile"] = json!([{ "at": "tools/search", "pointer": "/description" }]);
        },
        &|baseline| baseline["tools"][0]["description"] = json!("Something else."),
    ] {
        let sandbox = drifted(1, add);
        accept(&sandbox, &[]).expect(0);
        let mut tampered = baseline(&sandbox);
        tamper(&mut tampered);
        sandbox.write(BASELINE, &tampered.to_string());
        let before = sandbox.read(BASELINE);
        sandbox.run(&["baseline", "verify"]).expect(4);
        change(&sandbox, raise);
        sandbox.run(&["check"]);
        let run = accept(&sandbox, &["--force"]);
        refused(&sandbox, &before, run, &["is damaged", "baseline verify"]);
        let drift = [
            "check",
            "--accept-drift",
            "--accept-reason",
            "so",
            "--force",
        ];
        let drift = [&drift[..], &["--accepted-by", "Ada"]].concat();
        let run = sandbox.run(&drift);
        let says = "exit 4: the drift could not be accepted (--accept-drift)";
        assert!(run.stdout.contains(says), "{}", run.stdout);
        refused(&sandbox, &before, run, &["is damaged"]);
        let run = sandbox.run(&[&drift[..], &["--format", "json"]].concat());
        assert_eq!(run.json()["verdict"]["exitCode"], 4);
        refused(&sandbox, &before, run, &["is damaged"]);
    }
}

#[test]
fn expect_binds_to_the_digest_that_check_prints() {
    let sandbox = drifted(2, raise);
    let before = sandbox.read(BASELINE);
    let report = sandbox.run(&["check", "--format", "json"]).expect(2).json();
    let digest = report["targets"][0]["current"]["digest"]
        .as_str()
        .expect("a digest");
    let other = format!("sha256:{}", "0".repeat(64));
    let run = accept(&sandbox, &["--expect", &other]);
    refused(&sandbox, &before, run, &[digest, &other]);
    accept(&sandbox, &["--expect", digest]).expect(0);
    assert_eq!(baseline(&sandbox)["digest"], digest);
}

#[test]
fn nothing_to_accept_leaves_the_file_as_it_is() {
    let sandbox = drifted(0, |_| {});
    let before = sandbox.read(BASELINE);
    let run = accept(&sandbox, &[]).expect(0);
    assert!(run.stdout.contains("nothing to accept"), "{}", run.stdout);
    assert_eq!(sandbox.read(BASELINE), before);
    let other = format!("sha256:{}", "0".repeat(64));
    let run = accept(&sandbox, &["--expect", &other]);
    refused(&sandbox, &before, run, &[&other]);
}

#[test]
fn a_reason_is_needed_and_fits_on_a_line() {
    let sandbox = drifted(2, raise);
    let before = sandbox.read(BASELINE);
    let with = |more: &[&str]| {
        sandbox.run(&[&["baseline", "accept", "--accepted-by", "Ada"], more].concat())
    };
    refused(&sandbox, &before, with(&[]), &["--reason"]);
    for reason in [
        "",
        " \t",
        "one\ntwo",
        "a\u{1b}[2J",
        "one\u{2028}two",
        "\u{200b}",
        "\u{202e}enif",
    ] {
        refused(
            &sandbox,
            &before,
            with(&["--reason", reason]),
            &["--reason"],
        );
    }
    refused(
        &sandbox,
        &before,
        accept(&sandbox, &["--ticket", "a\nb"]),
        &["--ticket"],
    );
    let long = "so ".repeat(33_000);
    let run = with(&["--dry-run", "--reason", &long]).expect(0);
    assert!(run.stdout.len() < 2_000, "{}", run.stdout);
    with(&["--dry-run", "--reason", "copied\u{a0}text, ❤\u{fe0f}"]).expect(0);
    for day in ["2020-01-01", "2999-02-30", "tomorrow"] {
        refused(
            &sandbox,
            &before,
            accept(&sandbox, &["--expires", day]),
            &["--expires"],
        );
    }
}

#[test]
fn refresh_accepts_what_was_shown_and_refuses_what_was_not() {
    let sandbox = drifted(2, raise);
    let before = sandbox.read(BASELINE);
    change(&sandbox, add);
    let run = accept(&sandbox, &["--refresh"]);
    assert!(
        run.stdout.contains("`colour` was added"),
        "it prints the drift: {}",
        run.stdout
    );
    refused(
        &sandbox,
        &before,
        run,
        &["not what the last check showed", "--force"],
    );
    accept(&sandbox, &["--refresh", "--force"]).expect(0);
    sandbox.run(&["check"]).expect(0);
    change(&sandbox, |now| {
        tools(now)[1]["description"] = "Switches it.".into()
    });
    sandbox.run(&["check"]);
    accept(&sandbox, &["--refresh"]).expect(0);
    sandbox.run(&["check"]).expect(0);
}

#[test]
fn what_is_ignored_or_hidden_in_a_thing_is_taken_with_it_and_recorded() {
    let sandbox = drifted(2, |now| {
        raise(now);
        tools(now)[0]["inputSchema"]["properties"]["slowly"] = json!({ "type": "boolean" });
    });
    sandbox.write(
        "bellwether.yaml",
        "server: { mock: now.json }\nignore: [{ rule: limit-changed, reason: known }]\n",
    );
    sandbox.run(&["check"]).expect(1);
    accept(&sandbox, &["--rule", "input-parameter-added"]).expect(0);
    let entry = entry(&sandbox);
    let rules = entry["findings"].to_string();
    assert!(
        rules.contains("limit-changed") && rules.contains("input-parameter-added"),
        "{rules}"
    );
    assert_eq!(entry["verdict"], "warning", "it is taken, so it counts");
}

/// All that was found of a tool is ignored, hidden or switched off: nobody read it, so nobody accepts it by accident.
#[test]
fn what_nobody_was_shown_is_accepted_by_its_name_alone() {
    let both = |now: &mut Value| {
        raise(now);
        remove(now);
    };
    for (config, flags) in [
        ("ignore: [{ rule: tool-removed, reason: known }]\n", vec![]),
        ("rules: { tool-removed: off }\n", vec![]),
        ("", vec!["--min-severity", "breaking"]),
    ] {
        let sandbox = drifted(3, both);
        let before = sandbox.read(BASELINE);
        sandbox.write(
            "bellwether.yaml",
            &format!("server: {{ mock: now.json }}\n{config}"),
        );
        sandbox.run(&[&["check"], &flags[..]].concat());
        let left = if flags.is_empty() {
            "tools/switch"
        } else {
            "tools/dim"
        };
        let run = accept(&sandbox, &["--dry-run", "--force"]).expect(0);
        let said = format!("{}{}", run.stdout, run.stderr);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains("ignored, hidden or off") && said.contains(left),
            "{said}"
        );
        assert_eq!(sandbox.read(BASELINE), before);
    }
    // The other tool is accepted; this one is what it was until somebody names it, and knows that it breaks.
    let sandbox = drifted(3, both);
    sandbox.write(
        "bellwether.yaml",
        "server: { mock: now.json }\nignore: [{ rule: tool-removed, reason: known }]\n",
    );
    sandbox.run(&["check"]).expect(2);
    accept(&sandbox, &[]).expect(0);
    assert_eq!(
        baseline(&sandbox)["tools"].as_array().map(Vec::len),
        Some(2)
    );
    sandbox.run(&["check"]).expect(0);
    let before = sandbox.read(BASELINE);
    let run = accept(&sandbox, &[]).expect(0);
    assert!(run.stderr.contains("tools/switch"), "{}", run.stderr);
    assert_eq!(sandbox.read(BASELINE), before);
    let run = accept(&sandbox, &["tools/switch"]);
    refused(&sandbox, &before, run, &["breaking", "--force"]);
    accept(&sandbox, &["tools/switch", "--force"]).expect(0);
    assert_eq!(entry(&sandbox)["verdict"], "breaking");
    assert_eq!(
        baseline(&sandbox)["tools"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn of_several_servers_all_are_accepted_or_none() {
    let sandbox = Sandbox::new();
    for name in ["one", "two"] {
        sandbox.write(&format!("{name}.json"), &surface().to_string());
    }
    sandbox.write(
        "bellwether.yaml",
        "servers:\n  one: { mock: one.json, baseline: { path: one-baseline.json } }\n  \
         two: { mock: two.json, baseline: { path: two-baseline.json } }\n",
    );
    sandbox.run(&["baseline", "save"]).expect(0);
    let (mut one, mut two) = (surface(), surface());
    raise(&mut one);
    remove(&mut two);
    sandbox.write("one.json", &one.to_string());
    sandbox.write("two.json", &two.to_string());
    sandbox.run(&["check"]).expect(3);
    let read = |name: &str| sandbox.read(&format!(".bellwether/{name}-baseline.json"));
    let before = (read("one"), read("two"));
    let run = accept(&sandbox, &[]).expect(4);
    assert!(run.stderr.contains("`two`"), "{}", run.stderr);
    assert_eq!(
        (read("one"), read("two")),
        before,
        "the one is not written either"
    );
    let run = accept(&sandbox, &["tools/dim"]).expect(4);
    assert!(run.stderr.contains("--server"), "{}", run.stderr);
    accept(&sandbox, &["--server", "one"]).expect(0);
    assert!(read("one").contains("9 times") && read("two") == before.1);
    accept(&sandbox, &["--force"]).expect(0);
    sandbox.run(&["check"]).expect(0);
}

#[test]
fn what_was_not_looked_at_is_not_accepted() {
    let sandbox = drifted(3, remove);
    let before = sandbox.read(BASELINE);
    // A call that may not be made fails, which is breaking.
    sandbox.write(
        "scenarios.yaml",
        "scenarios: [{ name: dims, tool: dim, arguments: { level: 1 } }]\n",
    );
    sandbox.write(
        "bellwether.yaml",
        "server: { mock: now.json }\ncheck: { probe: scenarios }\n\
         scenarios: { path: scenarios.yaml, only: true }\n",
    );
    let run = sandbox.run(&["check"]).expect(3);
    assert!(!run.stdout.contains("tool-removed"), "{}", run.stdout);
    let step = [
        "check",
        "--accept-drift",
        "--accept-reason",
        "fine",
        "--force",
    ];
    let step = [&step[..], &["--accepted-by", "Ada"]].concat();
    let ways: [&dyn Fn() -> Run; 3] = [
        &|| accept(&sandbox, &["--force"]),
        &|| accept(&sandbox, &["--refresh", "--force"]),
        &|| sandbox.run(&step),
    ];
    for way in ways {
        sandbox.write(BASELINE, &before);
        way().expect(0);
        assert_eq!(entry(&sandbox)["findings"][0]["rule"], "scenario-failed");
        let digest = &baseline(&sandbox)["digest"];
        assert!(before.contains(digest.as_str().expect("a digest")));
    }
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    let report = sandbox.run(&["check", "--format", "json"]).expect(3).json();
    assert!(report["findings"].to_string().contains("tool-removed"));
}

#[test]
fn without_a_baseline_there_is_nothing_to_accept() {
    let sandbox = Sandbox::new();
    serve(&sandbox, &surface());
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    let run = accept(&sandbox, &["--refresh"]).expect(4);
    assert!(run.stderr.contains("baseline save"), "{}", run.stderr);
    let step = [
        "check",
        "--accept-drift",
        "--accept-reason",
        "fine",
        "--accepted-by",
        "Ada",
    ];
    let run = sandbox.run(&step).expect(0);
    assert!(run.stderr.contains("baseline save"), "{}", run.stderr);
    assert!(!sandbox.has(BASELINE));
}

/// Something of every kind drifts, and each is taken alone.
#[test]
fn every_kind_of_thing_is_selected_by_its_name() {
    let describe = |now: &mut Value, text: &str| {
        now["prompts"] = json!([{ "name": "greet", "description": text }]);
        now["resources"] = json!([{ "uri": "file:///a b.txt", "name": "a", "description": text }]);
        now["resourceTemplates"] =
            json!([{ "uriTemplate": "file:///{x}", "name": "t", "description": text }]);
        now["initialize"]["instructions"] = text.into();
        now["initialize"]["capabilities"]["logging"] = json!({ "kind": text });
        now["initialize"]["serverInfo"]["version"] = text.into();
    };
    let sandbox = Sandbox::new();
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    let mut now = surface();
    describe(&mut now, "Of the first kind.");
    serve(&sandbox, &now);
    sandbox.run(&["baseline", "save"]).expect(0);
    describe(&mut now, "Of the second kind.");
    raise(&mut now);
    serve(&sandbox, &now);
    sandbox.run(&["check"]).expect(2);
    let kinds = [
        "tools/dim",
        "prompts/greet",
        "resources/file:///a b.txt",
        "resourceTemplates/file:///{x}",
        "instructions",
        "capabilities/logging",
        "server",
    ];
    for (taken, thing) in kinds.iter().enumerate() {
        let run = accept(&sandbox, &[thing]).expect(0);
        for left in &kinds[taken + 1..] {
            let line = run
                .stdout
                .lines()
                .find(|line| line.starts_with("still drift: "));
            assert!(line.expect("a rest").contains(left), "{}", run.stdout);
        }
        let entry = entry(&sandbox);
        let findings = entry["findings"].as_array().expect("findings");
        assert!(
            findings.iter().any(|finding| finding["at"] == *thing),
            "{thing}"
        );
        let code = sandbox.run(&["check"]).code;
        assert_eq!(code == 0, taken + 1 == kinds.len(), "{thing}");
    }
    assert_eq!(
        sandbox.read(BASELINE).matches("\"action\"").count(),
        kinds.len()
    );
}

#[test]
fn tools_of_one_name_are_taken_together() {
    let sandbox = drifted(3, |now| {
        let other = tool("dim", "Dims another lamp, and says which.");
        tools(now).push(other);
    });
    accept(&sandbox, &["tools/dim"]).expect(4);
    accept(&sandbox, &["tools/dim", "--force"]).expect(0);
    assert_eq!(
        baseline(&sandbox)["tools"].as_array().map(Vec::len),
        Some(3)
    );
    sandbox.run(&["check"]).expect(0);
    sandbox.run(&["baseline", "verify"]).expect(0);
}

/// What a later check hides was shown by an earlier one; the later one counts.
#[test]
fn the_last_of_two_checks_says_what_was_shown() {
    let sandbox = drifted(2, |now| {
        raise(now);
        add(now);
    });
    sandbox
        .run(&["check", "--min-severity", "warning"])
        .expect(2);
    let before = sandbox.read(BASELINE);
    let run = accept(&sandbox, &["--rule", "tool-added"]);
    refused(&sandbox, &before, run, &["`tool-added` fits nothing"]);
    let run = accept(&sandbox, &["--max-severity", "info"]);
    refused(
        &sandbox,
        &before,
        run,
        &["no finding that was selected is info"],
    );
    let run = accept(&sandbox, &["--dry-run", "tools/colour"]).expect(0);
    assert!(
        run.stdout.contains("`colour` was added (hidden)"),
        "{}",
        run.stdout
    );
    accept(&sandbox, &["--max-severity", "warning"]).expect(0);
    assert!(!sandbox.read(BASELINE).contains("colour"), "it stays drift");
    sandbox.run(&["check"]).expect(1);
}

#[test]
fn nothing_is_accepted_of_a_capture_that_is_incomplete() {
    let sandbox = drifted(2, raise);
    let (before, capture) = (sandbox.read(BASELINE), sandbox.read(LAST_CHECK));
    let odd = std::path::Path::new(env!("CARGO_BIN_EXE_bellwether"))
        .with_file_name("examples")
        .join("odd_server");
    sandbox.write(
        "bellwether.yaml",
        &format!(
            "server: {{ command: '{}', args: [list-fails] }}\n",
            odd.display()
        ),
    );
    sandbox.run(&["check"]).expect(4);
    assert_eq!(sandbox.read(LAST_CHECK), capture);
    refused(
        &sandbox,
        &before,
        accept(&sandbox, &[]),
        &["no check has captured"],
    );
    let run = accept(&sandbox, &["--refresh", "--force"]);
    refused(&sandbox, &before, run, &["was not checked"]);
    let step = [
        "check",
        "--accept-drift",
        "--accept-reason",
        "fine",
        "--force",
    ];
    let run = sandbox.run(&[&step[..], &["--accepted-by", "Ada"]].concat());
    refused(&sandbox, &before, run, &["was not checked"]);
}

#[test]
fn nobody_decides_without_a_name() {
    let sandbox = drifted(2, raise);
    let before = sandbox.read(BASELINE);
    for args in [
        &["baseline", "accept", "--reason", "fine"][..],
        &["check", "--accept-drift", "--accept-reason", "fine"],
    ] {
        let mut command = sandbox.command(args);
        let nowhere = sandbox.path().join("no-such-file");
        for config in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
            command.env(config, &nowhere);
        }
        let run = Run::of(command.output().expect("the binary runs"));
        let says = ["nobody is named", "GITHUB_ACTOR", "--accepted-by"];
        refused(&sandbox, &before, run, &says);
        command
            .env("GITLAB_USER_LOGIN", "lab\u{202e}")
            .env("GITHUB_ACTOR", " ");
        command.arg("--force");
        Run::of(command.output().expect("the binary runs")).expect(0);
        let entry = entry(&sandbox);
        assert_eq!(entry["by"], "lab\\u{202e}");
        assert_eq!(entry["bySource"], "GITLAB_USER_LOGIN");
        sandbox.write(BASELINE, &before);
    }
}

/// Whoever decides may paste what only the server should know.
#[test]
fn the_values_of_variables_are_recorded_by_no_decision() {
    let secret = "hunter2-and-more";
    let sandbox = Sandbox::new();
    serve(&sandbox, &surface());
    let exe = env!("CARGO_BIN_EXE_bellwether");
    sandbox.write(
        "bellwether.yaml",
        &format!(
            "server: {{ command: '{exe}', args: [mock, now.json], env: {{ TOKEN: '${{TOKEN}}' }} }}\n\
             scenarios: {{ path: scenarios.yaml }}\n"
        ),
    );
    sandbox.write(
        "scenarios.yaml",
        "scenarios:\n  - name: dims\n    tool: dim\n    arguments: { key: '${KEY}' }\n",
    );
    let with = |args: &[&str]| {
        let mut command = sandbox.command(args);
        command.env("TOKEN", secret).env("KEY", "scripted-password");
        Run::of(command.output().expect("the binary runs"))
    };
    let by = [
        "--accepted-by",
        "Ada hunter2-and-more",
        "--ticket",
        "T-hunter2-and-more",
    ];
    let because = ["--reason", "hunter2-and-more and scripted-password"];
    with(&["baseline", "save"]).expect(0);
    change(&sandbox, raise);
    with(&["check"]).expect(2);
    with(&[&["baseline", "accept"][..], &by, &because].concat()).expect(0);
    with(&[&["baseline", "restore", "0"][..], &by, &because].concat()).expect(0);
    let drift = ["check", "--accept-drift", "--accept-reason", because[1]];
    with(&[&drift[..], &by[..2]].concat()).expect(0);
    let text = sandbox.read(BASELINE);
    assert!(
        !text.contains(secret) && !text.contains("scripted"),
        "{text}"
    );
    let trail = baseline(&sandbox)["trail"].clone();
    for entry in trail.as_array().expect("a trail") {
        assert_eq!(entry["by"], "Ada ${TOKEN}");
        assert_eq!(entry["reason"], "${TOKEN} and ${KEY}");
    }
    assert_eq!(trail[0]["ticket"], "T-${TOKEN}");
    assert_eq!(trail[1]["ticket"], "T-${TOKEN}");
    // Nothing is asked, so nothing has to be set.
    let back = ["baseline", "restore", "0", "--reason", "back"];
    sandbox.run(&[&back[..], &by[..2]].concat()).expect(0);
}

/// Two servers that drifted, the second with a tool whose text takes 80 kB.
#[cfg(unix)]
fn two_drifted() -> Sandbox {
    let sandbox = Sandbox::new();
    let serve = |edit: &dyn Fn(&mut Value)| {
        let (mut one, mut two) = (surface(), surface());
        tools(&mut two).push(tool("long", &"so ".repeat(27_000)));
        edit(&mut one);
        edit(&mut two);
        sandbox.write("one.json", &one.to_string());
        sandbox.write("two.json", &two.to_string());
    };
    sandbox.write(
        "bellwether.yaml",
        "servers:\n  one: { mock: one.json, baseline: { path: one-baseline.json } }\n  \
         two: { mock: two.json, baseline: { path: two-baseline.json } }\n",
    );
    serve(&|_| {});
    sandbox.run(&["baseline", "save"]).expect(0);
    serve(&raise);
    sandbox.run(&["check"]).expect(2);
    sandbox
}

/// The disk takes no file as long as the second one: a stand-in for one that is full.
#[test]
#[cfg(unix)]
fn where_a_later_baseline_cannot_be_written_the_earlier_one_is_as_it_was() {
    let sandbox = two_drifted();
    let read = |name: &str| sandbox.read(&format!(".bellwether/{name}-baseline.json"));
    let before = (read("one"), read("two"));
    let accept = [
        "baseline",
        "accept",
        "--accepted-by",
        "Ada",
        "--reason",
        "fine",
    ];
    let binary = sandbox.command(&accept);
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", "ulimit -f 40; trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(binary.get_program())
        .args(binary.get_args())
        .current_dir(sandbox.path());
    let run = Run::of(limited.output().expect("a shell")).expect(4);
    assert_eq!(run.stdout, "");
    for words in [
        "could not write `.bellwether/two-baseline.json`",
        "`.bellwether/one-baseline.json` is as it was",
    ] {
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    assert_eq!((read("one"), read("two")), before);
    sandbox.run(&accept).expect(0);
    sandbox.run(&["check"]).expect(0);
}

#[test]
#[cfg(unix)]
fn two_servers_do_not_write_over_each_other_in_one_file() {
    let sandbox = two_drifted();
    let second = sandbox.path().join(".bellwether/two-baseline.json");
    std::fs::remove_file(&second).expect("removed");
    std::os::unix::fs::symlink("one-baseline.json", &second).expect("a link");
    sandbox.run(&["check"]).expect(2);
    let first = ".bellwether/one-baseline.json";
    let before = sandbox.read(first);
    let run = accept(&sandbox, &[]).expect(4);
    assert!(run.stderr.contains("are one file"), "{}", run.stderr);
    assert_eq!(sandbox.read(first), before);
    accept(&sandbox, &["--server", "one"]).expect(0);
}

#[test]
fn a_server_of_the_command_line_is_found_again() {
    let sandbox = Sandbox::new();
    serve(&sandbox, &surface());
    let exe = env!("CARGO_BIN_EXE_bellwether");
    let server = [exe, "mock", "now.json"];
    sandbox
        .run(&[&["baseline", "save"][..], &server].concat())
        .expect(0);
    change(&sandbox, raise);
    let check = [&["check"][..], &server].concat();
    let run = sandbox.run(&check).expect(2);
    assert!(
        run.stdout
            .contains(&format!("--reason 'WHY' -- {exe} mock now.json")),
        "{}",
        run.stdout
    );
    accept(&sandbox, &[&["--dry-run", "--"][..], &server].concat()).expect(0);
    accept(&sandbox, &[]).expect(0);
    sandbox.run(&check).expect(0);
}

#[test]
fn a_check_accepts_in_one_step_but_nothing_breaking_without_force() {
    let step = [
        "check",
        "--accept-drift",
        "--accept-reason",
        "fine",
        "--accepted-by",
        "Ada",
    ];
    let sandbox = drifted(2, raise);
    let run = sandbox.run(&step).expect(0);
    assert!(
        run.stdout.contains("exit 0: the drift was accepted"),
        "{}",
        run.stdout
    );
    assert_eq!(entry(&sandbox)["reason"], "fine");
    sandbox.run(&["check"]).expect(0);

    change(&sandbox, remove);
    let before = sandbox.read(BASELINE);
    let run = sandbox.run(&step).expect(3);
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    assert_eq!(sandbox.read(BASELINE), before);
    let run = sandbox
        .run(&[&step[..], &["--force", "--format", "json"]].concat())
        .expect(0);
    assert_eq!(run.json()["verdict"]["exitCode"], 0);
    sandbox.run(&["check"]).expect(0);
    sandbox.run(&["check", "--accept-drift"]).expect(4);
    sandbox
        .run(&["check", "--accept-drift", "--accept-reason", " "])
        .expect(4);
}

#[test]
fn a_baseline_is_compared_with_the_last_check_or_a_file() {
    let sandbox = drifted(3, remove);
    serve(&sandbox, &surface());
    let json = |args: &[&str], code: i32| {
        let run = sandbox.run(&[args, &["--format", "json"]].concat());
        run.expect(code).json()
    };
    let report = json(&["baseline", "diff"], 3);
    assert_eq!(report["findings"][0]["rule"], "tool-removed");
    json(&["baseline", "diff", "--fail-on-severity", "none"], 0);
    let as_file = json(&["baseline", "diff", "now.json"], 0);
    assert_eq!(as_file, json(&["diff", BASELINE, "now.json"], 0));
    std::fs::remove_file(sandbox.path().join(LAST_CHECK)).expect("removed");
    let run = sandbox.run(&["baseline", "diff"]).expect(4);
    assert!(run.stderr.contains("bellwether check"), "{}", run.stderr);
    std::fs::remove_file(sandbox.path().join(BASELINE)).expect("removed");
    let run = sandbox.run(&["baseline", "diff", "now.json"]).expect(4);
    assert!(run.stderr.contains("baseline save"), "{}", run.stderr);
}

#[test]
fn a_baseline_is_shown_as_markdown_that_server_text_cannot_leave() {
    let sandbox = Sandbox::new();
    let mut hostile = surface();
    tools(&mut hostile)[0]["description"] =
        "# Not a heading\n<b>@everyone</b>\n::error::forged".into();
    serve(&sandbox, &hostile);
    sandbox
        .run(&["baseline", "save", "--from", "now.json"])
        .expect(0);
    let page = sandbox
        .run(&["baseline", "show", "--format", "markdown"])
        .expect(0)
        .stdout;
    assert!(
        page.contains("# Baseline of `lamp`") && page.contains("### `switch`"),
        "{page}"
    );
    let lines = |sign: &str| page.lines().filter(|line| line.starts_with(sign)).count();
    assert_eq!(
        (lines("# "), lines("::"), lines("<b>")),
        (1, 0, 0),
        "{page}"
    );
}

#[test]
fn saving_over_a_trail_keeps_it() {
    let sandbox = drifted(2, raise);
    accept(&sandbox, &[]).expect(0);
    let trail = baseline(&sandbox)["trail"].clone();
    change(&sandbox, remove);
    sandbox.run(&["check"]).expect(3);
    let before = sandbox.read(BASELINE);
    refused(
        &sandbox,
        &before,
        sandbox.run(&["baseline", "save"]),
        &["--force"],
    );
    sandbox.run(&["baseline", "save", "--force"]).expect(0);
    assert_eq!(baseline(&sandbox)["trail"], trail);
}

mod properties {
    use std::collections::BTreeSet;

    use bellwether::baseline::accept::{accepted, differing};
    use bellwether::json::{Json, Object, parse};
    use bellwether::surface::{List, Listing, Surface};
    use proptest::prelude::*;

    /// Items of few names, so that they are often the same, often edited, and several have one name.
    fn items(list: List) -> impl Strategy<Value = Vec<Json>> {
        let item = (0..4_u8, 0..3_u8).prop_map(move |(name, text)| {
            let key = list.key();
            let text = format!(r#"{{"{key}":"n{name}","description":"{text}","x":1,"x":{text}}}"#);
            parse(&text).expect("JSON")
        });
        prop::collection::vec(item, 0..5)
    }

    fn initialize() -> impl Strategy<Value = Object> {
        let texts = prop::option::of(0..3_u8);
        let names = prop::option::of(prop::collection::btree_map("[abc]", 0..3_u64, 0..3));
        (texts, names, 0..3_u64).prop_map(|(text, names, version)| {
            let mut initialize = Object::new();
            initialize.push("version", version);
            if let Some(names) = names {
                let named = names
                    .into_iter()
                    .map(|(name, value)| (name, Json::from(value)));
                initialize.push("capabilities", named.collect::<Object>());
            }
            if let Some(text) = text {
                initialize.push("instructions", text.to_string().as_str());
            }
            initialize
        })
    }

    /// A surface with all its lists, as every capture has them.
    fn whole() -> impl Strategy<Value = Surface> {
        let lists = (
            items(List::Tools),
            items(List::Prompts),
            items(List::Resources),
        );
        let version = prop::option::of(prop::sample::select(vec!["2025-06-18", "2025-11-25"]));
        (lists, initialize(), version).prop_map(|((tools, prompts, resources), first, version)| {
            let mut surface = Surface::default();
            for (list, items) in [
                (List::Tools, tools),
                (List::Prompts, prompts),
                (List::Resources, resources),
                (List::ResourceTemplates, Vec::new()),
            ] {
                surface.set_listing(list, Listing::Read(items));
            }
            surface.initialize = Some(first);
            surface.protocol_version = version.map(str::to_owned);
            surface
        })
    }

    /// A surface that may lack lists, or what the server says of itself, as files may.
    fn partial() -> impl Strategy<Value = Surface> {
        (whole(), any::<[bool; 3]>()).prop_map(|(mut surface, [tools, prompts, first])| {
            for (list, is_missing) in [(List::Tools, tools), (List::Prompts, prompts)] {
                if is_missing {
                    surface.set_listing(list, Listing::Absent);
                }
            }
            if first {
                surface.initialize = None;
            }
            surface
        })
    }

    /// Every second bit takes a thing.
    fn some(things: &BTreeSet<String>, bits: u32) -> BTreeSet<String> {
        let taken = things
            .iter()
            .enumerate()
            .filter(|(index, _)| bits >> (index % 32) & 1 == 1);
        taken.map(|(_, thing)| thing.clone()).collect()
    }

    proptest! {
        #[test]
        fn accepting_everything_gives_exactly_the_captured_surface(old in partial(), new in partial()) {
            let all = differing(&old, &new);
            let reached = accepted(&old, &new, &all);
            prop_assert_eq!(reached.digest(), new.digest());
        }

        #[test]
        fn accepting_some_things_and_then_the_rest_gives_the_captured_surface(
            old in partial(), new in partial(), bits: u32,
        ) {
            let part = accepted(&old, &new, &some(&differing(&old, &new), bits));
            let reached = accepted(&part, &new, &differing(&part, &new));
            prop_assert_eq!(reached.digest(), new.digest());
        }

        #[test]
        fn the_order_of_acceptances_makes_no_difference(
            old in whole(), new in whole(), one: u32, two: u32,
        ) {
            let all = differing(&old, &new);
            let (one, two) = (some(&all, one), some(&all, two));
            let step = |from: &Surface, things: &BTreeSet<String>| accepted(from, &new, things);
            let together = step(&old, &one.union(&two).cloned().collect());
            prop_assert_eq!(step(&step(&old, &one), &two).digest(), together.digest());
            prop_assert_eq!(step(&step(&old, &two), &one).digest(), together.digest());
        }

        #[test]
        fn what_is_not_accepted_stays_as_it_was_and_still_differs(
            old in whole(), new in whole(), bits: u32,
        ) {
            let all = differing(&old, &new);
            prop_assert_eq!(accepted(&old, &new, &BTreeSet::new()).digest(), old.digest());
            let taken = some(&all, bits);
            let left: BTreeSet<String> = all.difference(&taken).cloned().collect();
            prop_assert_eq!(differing(&accepted(&old, &new, &taken), &new), left);
        }
    }
}
