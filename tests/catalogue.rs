//! What the catalogue says of surfaces as a whole, through the binary: renames, versions, revisions, cost, reach.

mod support;

use serde_json::{Value, json};
use support::{Run, Sandbox};

fn server(version: &str) -> Value {
    json!({
        "protocolVersion": "2025-11-25",
        "serverInfo": { "name": "lamp", "version": version },
        "capabilities": { "tools": {} },
    })
}

fn tool(name: &str, description: &str) -> Value {
    let schema = json!({ "type": "object", "properties": { "room": { "type": "string" } } });
    json!({ "name": name, "description": description, "inputSchema": schema })
}

fn tools(version: &str, tools: &[Value]) -> Value {
    json!({ "initialize": server(version), "tools": tools })
}

fn run(old: &Value, new: &Value, flags: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.write("old.json", &old.to_string());
    sandbox.write("new.json", &new.to_string());
    sandbox.write(
        "bellwether.yaml",
        "server: { command: lamp }\ncheck: { contextBudget: 300 }\n",
    );
    let mut args = vec!["diff", "old.json", "new.json", "--format", "json"];
    args.extend(flags);
    sandbox.run(&args)
}

/// The findings as `severity rule at`, and the report.
fn found(old: &Value, new: &Value) -> (Vec<String>, Value) {
    let report = run(old, new, &["--config", "bellwether.yaml"]).json();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().expect("a list");
    let lines = findings.iter().map(|finding| {
        let [severity, rule, at] = ["severity", "rule", "at"].map(|name| text(finding, name));
        format!("{severity} {rule} {at}")
    });
    (lines.collect(), report)
}

fn message(report: &Value, rule: &str) -> String {
    let findings = report["findings"].as_array().expect("a list");
    let finding = findings.iter().find(|finding| finding["rule"] == rule);
    finding
        .and_then(|finding| finding["message"].as_str())
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_rename_with_an_edit_is_one_rename_and_names_its_evidence() {
    let old = [tool(
        "dim_lamp",
        "Dims the lamp of a room, slowly, to the level that was set last.",
    )];
    let new = [tool(
        "set_level",
        "Dims the lamp of a room, very slowly, to the level that was set last.",
    )];
    let (lines, report) = found(&tools("1.0.0", &old), &tools("2.0.0", &new));
    assert!(
        lines.contains(&"breaking tool-renamed tools/dim_lamp".to_owned()),
        "{lines:?}"
    );
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("tool-removed") || line.contains("tool-added")),
        "{lines:?}"
    );
    let told = message(&report, "tool-renamed");
    assert!(
        told.contains("`set_level`") && told.contains("same schema, description 96 % alike"),
        "{told}"
    );
    // What else is different about it is told besides.
    assert!(
        lines.contains(&"info tool-description-changed tools/dim_lamp".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn two_tools_of_one_kind_are_no_rename() {
    let pairs = [
        // The words of the names were exchanged.
        (
            vec![tool("list_lamps", "Lists all lamps of a room by name.")],
            vec![tool("list_fans", "Lists all fans of a room by name.")],
        ),
        // Two would do.
        (
            vec![tool("dim", "Dims the lamp of a room to a level.")],
            vec![
                tool("fade", "Dims the lamp of a room to a level."),
                tool("lower", "Dims the lamp of a room to a level."),
            ],
        ),
        // One does the opposite of the other.
        (
            vec![tool("start", "Enables the lamp of a room at once.")],
            vec![tool("stop", "Disables the lamp of a room at once.")],
        ),
    ];
    for (old, new) in pairs {
        let (lines, _) = found(&tools("1.0.0", &old), &tools("2.0.0", &new));
        assert!(
            !lines.iter().any(|line| line.contains("renamed")),
            "{lines:?}"
        );
    }
}

#[test]
fn parameters_and_arguments_are_renamed_one_to_one() {
    let with = |names: [&str; 2], article: &str| {
        let mut tool = tool("dim", "Dims.");
        let [room, level] = names;
        tool["inputSchema"]["properties"] = json!({
            room: { "type": "string", "description": format!("{article} room in which the lamp stands") },
            level: { "type": "string", "description": "How bright it is" },
        });
        let arguments: Vec<Value> = names
            .iter()
            .map(|name| json!({ "name": name, "description": format!("About {}", name.len()) }))
            .collect();
        json!({
            "initialize": server("1.0.0"), "tools": [tool],
            "prompts": [{ "name": "p", "description": "P.", "arguments": arguments }],
        })
    };
    let (lines, _) = found(
        &with(["room", "level"], "The"),
        &with(["area", "glare"], "A"),
    );
    let count = |rule: &str| {
        lines
            .iter()
            .filter(|line| line.contains(&format!(" {rule} ")))
            .count()
    };
    assert_eq!(count("input-parameter-renamed"), 2, "{lines:?}");
    assert_eq!(count("prompt-argument-renamed"), 2, "{lines:?}");
}

#[test]
fn a_version_that_promises_too_much_is_told_beside_what_breaks() {
    let (two, one) = ([tool("a", "A."), tool("b", "B.")], [tool("a", "A.")]);
    let told = |before: &str, now: &str, breaks: bool| {
        let (old, new) = if breaks {
            (&two[..], &one[..])
        } else {
            (&one[..], &two[..])
        };
        let (lines, _) = found(&tools(before, old), &tools(now, new));
        lines.contains(&"info breaking-without-major-version server".to_owned())
    };
    assert!(told("1.2.0", "1.3.0", true));
    assert!(told("0.3.1", "0.3.2", true));
    for (before, now) in [
        ("1.2.0", "2.0.0"),
        ("0.3.1", "0.4.0"),
        ("main", "main"),
        ("2026.1.1", "2026.2.1"),
    ] {
        assert!(!told(before, now, true), "{before} {now}");
    }
    assert!(!told("1.2.0", "1.3.0", false));
    // Whoever lets the removal pass has no break to be told about.
    let (old, new) = (tools("1.2.0", &two), tools("1.3.0", &one));
    let sandbox = Sandbox::new();
    sandbox.write("old.json", &old.to_string());
    sandbox.write("new.json", &new.to_string());
    sandbox.write("bellwether.yaml", "rules: { tool-removed: info }\n");
    let report = sandbox
        .run(&[
            "diff",
            "old.json",
            "new.json",
            "--format",
            "json",
            "--config",
            "bellwether.yaml",
        ])
        .expect(1)
        .json();
    assert_eq!(message(&report, "breaking-without-major-version"), "");
}

#[test]
fn a_budget_for_what_a_model_reads_is_held() {
    let old = tools("1.0.0", &[tool("a", "A.")]);
    let new = tools("1.0.0", &[tool("a", "A."), tool("b", &"word ".repeat(60))]);
    let (lines, report) = found(&old, &new);
    assert!(
        lines.contains(&"warning context-cost-grew server".to_owned()),
        "{lines:?}"
    );
    let told = message(&report, "context-cost-grew");
    assert!(
        told.contains("past the budget of 300") && told.contains("tokens"),
        "{told}"
    );
    assert!(
        !found(&new, &old)
            .0
            .iter()
            .any(|line| line.contains("context"))
    );
    let report = run(&old, &new, &[]).json();
    assert_ne!(message(&report, "context-cost-grew"), "");
}

#[test]
fn a_template_that_reaches_further_is_told_by_where_it_reaches() {
    let template = |uri: &str| {
        json!({
            "initialize": server("1.0.0"),
            "resourceTemplates": [{ "uriTemplate": uri, "name": "log", "description": "One log." }],
        })
    };
    for (old, new, expected) in [
        (
            "logs://{day}",
            "logs://{+path}",
            "warning resource-template-widened",
        ),
        (
            "file:///srv/logs/{day}",
            "file:///srv/{+path}",
            "warning resource-template-widened",
        ),
        (
            "file:///srv/logs/{day}",
            "file:///{+path}",
            "breaking resource-template-widened",
        ),
        (
            "file:///home/jo/logs/{day}",
            "file://localhost/home/jo/{+path}",
            "breaking resource-template-moved",
        ),
        (
            "logs://{day}",
            "logs://old/{day}",
            "breaking resource-template-moved",
        ),
    ] {
        let (lines, _) = found(&template(old), &template(new));
        assert!(
            lines.iter().any(|line| line.starts_with(expected)),
            "{old} {new} {lines:?}"
        );
    }
}

#[test]
fn a_revision_is_not_blamed_for_what_it_does_not_have() {
    let info = json!({ "name": "lamp", "version": "1.0.0" });
    let mut old_tool = tool("dim", "Dims.");
    old_tool["execution"] = json!({ "taskSupport": "optional" });
    let mut new_tool = tool("dim", "Dims.");
    new_tool["inputSchema"]["properties"]["room"]["x-mcp-header"] = json!("Room");
    let old = json!({
        "protocolVersion": "2025-11-25",
        "initialize": {
            "protocolVersion": "2025-11-25", "serverInfo": info,
            "capabilities": { "tools": {}, "tasks": { "list": {} } },
        },
        "tools": [old_tool],
    });
    let in_meta = json!({ "io.modelcontextprotocol/serverInfo": info });
    let new = json!({
        "protocolVersion": "2026-07-28",
        "initialize": {
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "ttlMs": 0, "cacheScope": "private",
            "capabilities": { "tools": {}, "extensions": { "io.modelcontextprotocol/tasks": {} } },
            "_meta": in_meta,
        },
        "tools": [new_tool],
        "results": { "tools/list": { "ttlMs": 0, "cacheScope": "private", "_meta": in_meta } },
    });
    let revision = [
        "info protocol-version-changed server",
        "warning protocol-version-downgraded server",
    ];
    for (old, new, revision) in [(&old, &new, revision[0]), (&new, &old, revision[1])] {
        let (mut lines, report) = found(old, new);
        lines.retain(|line| !line.contains("context-cost-grew"));
        lines.sort();
        let mut expected = vec!["info protocol-members-uncompared server", revision];
        expected.sort_unstable();
        assert_eq!(lines, expected);
        let covered = report["findings"].to_string();
        for place in [
            "capabilities/tasks",
            "capabilities/extensions",
            "/execution",
            "x-mcp-header",
            "/ttlMs",
        ] {
            assert!(covered.contains(place), "{place} in {covered}");
        }
    }
    // What both sides sent is compared whatever their revisions are.
    let mut moved = new.clone();
    moved["initialize"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] = json!("torch");
    let (lines, _) = found(&old, &moved);
    assert!(
        lines.contains(&"warning server-name-changed server".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn what_opened_on_three_tools_is_one_finding() {
    let with = |closed: bool| {
        let tools: Vec<Value> = ["a", "b", "c"]
            .iter()
            .map(|name| {
                let mut tool = tool(name, "Does it.");
                let inner = json!({ "type": "object", "properties": { "x": {} } });
                tool["inputSchema"]["properties"] = json!({ *name: inner });
                if closed {
                    tool["inputSchema"]["properties"][*name]["additionalProperties"] = json!(false);
                }
                tool
            })
            .collect();
        json!({ "initialize": server("1.0.0"), "tools": tools })
    };
    let (lines, report) = found(&with(true), &with(false));
    let opened = lines.iter().filter(|line| line.contains("input-opened"));
    assert_eq!(opened.count(), 1, "{lines:?}");
    let covers = report["findings"].to_string();
    assert!(
        covers.contains("tools/b") && covers.contains("tools/c"),
        "{covers}"
    );
}
