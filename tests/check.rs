//! The main job through the binary, against its own mock server: verdicts, exit codes, files.

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{Run, Sandbox};

const BASELINE: &str = ".bellwether/bellwether-baseline.json";

/// A small server.
fn surface() -> Value {
    json!({
        "initialize": {
            "protocolVersion": "2025-11-25",
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "lamp", "version": "1.0.0" },
        },
        "tools": [
            {
                "name": "switch",
                "description": "Switches the lamp on or off.",
                "inputSchema": { "type": "object", "properties": { "on": { "type": "boolean" } }, "required": ["on"] },
            },
            {
                "name": "dim",
                "description": "Dims the lamp. At most 3 times an hour.",
                "inputSchema": { "type": "object", "properties": { "level": { "type": "integer" } } },
            },
        ],
        "prompts": [], "resources": [], "resourceTemplates": [],
    })
}

/// A sandbox whose configuration names a mock of this surface.
fn serving(surface: &Value) -> Sandbox {
    let sandbox = Sandbox::new();
    serve(&sandbox, surface);
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox
}

fn serve(sandbox: &Sandbox, surface: &Value) {
    sandbox.write("now.json", &surface.to_string());
}

/// A sandbox with a saved baseline of [`surface`], whose server has become what `edit` makes of it.
fn drifted(edit: impl Fn(&mut Value)) -> Sandbox {
    let sandbox = serving(&surface());
    sandbox.run(&["baseline", "save"]).expect(0);
    let mut now = surface();
    edit(&mut now);
    serve(&sandbox, &now);
    sandbox
}

fn remove_tool(now: &mut Value) {
    now["tools"].as_array_mut().expect("tools").pop();
}

fn change_claim(now: &mut Value) {
    now["tools"][1]["description"] = "Dims the lamp. At most 9 times an hour.".into();
}

fn add_tool(now: &mut Value) {
    let tool = json!({ "name": "colour", "description": "Colours it.", "inputSchema": { "type": "object" } });
    now["tools"].as_array_mut().expect("tools").push(tool);
}

fn rules(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().expect("findings").clone();
    findings
        .iter()
        .map(|finding| finding["rule"].as_str().expect("a rule").to_owned())
        .collect()
}

#[test]
fn each_severity_has_its_exit_code() {
    type Edit = fn(&mut Value);
    let cases: [(Edit, i32, &str); 4] = [
        (|_| {}, 0, "none"),
        (add_tool, 1, "info"),
        (change_claim, 2, "warning"),
        (remove_tool, 3, "breaking"),
    ];
    for (edit, code, severity) in cases {
        let sandbox = drifted(edit);
        for format in ["json", "human"] {
            let run = sandbox.run(&["check", "--format", format]).expect(code);
            if format == "json" {
                let verdict = &run.json()["verdict"];
                assert_eq!(
                    (&verdict["severity"], &verdict["exitCode"]),
                    (&json!(severity), &json!(code))
                );
            } else {
                let last = run
                    .stdout
                    .lines()
                    .rev()
                    .find(|line| line.starts_with("exit "))
                    .expect("the exit code");
                assert!(
                    last.starts_with(&format!("exit {code}: ")),
                    "{}",
                    run.stdout
                );
            }
        }
    }
}

#[test]
fn thresholds_decide_the_exit_code_and_say_so() {
    let sandbox = drifted(change_claim);
    let decided = |args: &[&str], code: i32| -> String {
        let run = sandbox
            .run(&[&["check", "--format", "json"], args].concat())
            .expect(code);
        run.json()["verdict"]["decidedBy"]
            .as_str()
            .expect("a reason")
            .to_owned()
    };
    assert!(
        decided(&["--fail-on-severity", "breaking"], 0).contains("--fail-on-severity breaking")
    );
    decided(&["--fail-on-severity", "warning"], 2);
    decided(&["--fail-on-severity", "none"], 0);
    decided(&["--fail-on-severity", "breaking", "--fail-on-drift"], 2);
    assert_eq!(
        decided(&["--min-severity", "breaking"], 0),
        "no drift but what is hidden"
    );
    let run = sandbox.run(&["check", "--min-severity", "breaking"]);
    assert!(
        run.stdout
            .contains("1 change is hidden by --min-severity breaking"),
        "{}",
        run.stdout
    );
    sandbox.write(
        "bellwether.yaml",
        "server: { mock: now.json }\nbaseline: { severity: { failOnSeverity: breaking } }\n",
    );
    assert!(decided(&[], 0).contains("failOnSeverity: breaking"));
    decided(&["--fail-on-drift"], 2);
    decided(&["--fail-on-severity", "info"], 2);
}

#[test]
fn rules_of_the_file_change_severities() {
    let sandbox = drifted(change_claim);
    let rule = rules(&sandbox.run(&["check", "--format", "json"]).expect(2)).remove(0);
    for (level, code) in [("breaking", 3), ("info", 1), ("off", 0)] {
        sandbox.write(
            "bellwether.yaml",
            &format!("server: {{ mock: now.json }}\nrules: {{ {rule}: {level} }}\n"),
        );
        sandbox.run(&["check"]).expect(code);
    }
}

#[test]
fn without_a_baseline_a_check_shows_the_surface_and_says_what_to_do() {
    let sandbox = serving(&surface());
    let run = sandbox.run(&["check"]).expect(0);
    assert!(
        run.stdout.contains("switch") && run.stdout.contains("bellwether baseline save"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .ends_with("exit 0: there is no baseline to compare with\n"),
        "{}",
        run.stdout
    );
    assert!(
        sandbox.run(&["check", "--format", "json"]).expect(0).json()["targets"][0]["baseline"]
            .is_null()
    );
}

#[test]
fn a_baseline_that_was_asked_for_must_be_there() {
    for args in [
        vec!["--fail-on-drift"],
        vec!["--fail-on-severity", "breaking"],
        vec!["--baseline", "gone.json"],
    ] {
        let sandbox = serving(&surface());
        let run = sandbox.run(&[vec!["check"], args].concat()).expect(4);
        let said = run.stdout + &run.stderr;
        assert!(
            said.contains("does not exist") && said.contains("bellwether baseline save"),
            "{said}"
        );
        sandbox.run(&["baseline", "save"]).expect(0);
    }
    let sandbox = serving(&surface());
    sandbox.write(
        "bellwether.yaml",
        "server: { mock: now.json }\nbaseline: { comparePath: ./gone.json }\n",
    );
    sandbox.run(&["check"]).expect(4);
}

#[test]
fn a_damaged_baseline_is_never_a_first_run() {
    let sandbox = drifted(|_| {});
    let saved = sandbox.read(BASELINE);
    let newer = saved.replacen("\"formatVersion\": 1", "\"formatVersion\": 99", 1);
    let conflict = saved.replacen(
        "  \"tools\"",
        "<<<<<<< ours
=======
>>>>>>> theirs
  \"tools\"",
        1,
    );
    for (damage, text, says) in [
        ("empty", String::new(), "empty"),
        ("truncated", saved[..saved.len() / 2].to_owned(), "line"),
        ("conflict", conflict, "conflict"),
        ("newer", newer, "99"),
        ("not an object", "[]".to_owned(), "object"),
    ] {
        sandbox.write(BASELINE, &text);
        let run = sandbox.run(&["check"]).expect(4);
        let said = run.stdout + &run.stderr;
        assert!(said.contains(says), "{damage}: {said}");
        assert_eq!(
            sandbox.read(BASELINE),
            text,
            "{damage}: the file was touched"
        );
    }
}

#[test]
fn a_baseline_that_cannot_be_read_is_told_without_paths_of_the_machine() {
    let sandbox = drifted(|_| {});
    sandbox.write("folder/x", "");
    for (path, cause) in [
        ("folder", "it is a folder"),
        ("folder/x/y", "a part of its path is a file"),
    ] {
        let run = sandbox.run(&["check", "--format", "json", "--baseline", path]);
        let error = &run.expect(4).json()["targets"][0]["error"];
        assert_eq!(
            error["message"],
            "could not compare `default` with its baseline"
        );
        assert_eq!(
            error["cause"].as_str().map(|told| told.contains(cause)),
            Some(true),
            "{error}"
        );
        assert!(error["next"].is_string(), "{error}");
        let machine = sandbox.path().to_str().expect("UTF-8");
        assert!(!error.to_string().contains(machine), "{error}");
    }
}

#[test]
fn saving_again_changes_no_byte_and_overwrites_nothing_else() {
    let sandbox = drifted(change_claim);
    let saved = sandbox.read(BASELINE);
    let run = sandbox.run(&["baseline", "save", "--refresh"]).expect(4);
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    assert_eq!(sandbox.read(BASELINE), saved);
    serve(&sandbox, &surface());
    sandbox.run(&["baseline", "save", "--refresh"]).expect(0);
    assert_eq!(sandbox.read(BASELINE), saved);
    let elsewhere = serving(&surface());
    let mut command = elsewhere.command(&["baseline", "save"]);
    Run::of(
        command
            .env("TZ", "Asia/Kolkata")
            .env("LC_ALL", "tr_TR.UTF-8")
            .output()
            .expect("runs"),
    )
    .expect(0);
    assert_eq!(
        elsewhere.read(BASELINE),
        saved,
        "another folder, time zone and locale"
    );
}

#[test]
fn save_stores_what_was_reviewed() {
    let sandbox = serving(&surface());
    sandbox.run(&["check"]).expect(0);
    let mut now = surface();
    change_claim(&mut now);
    serve(&sandbox, &now);
    // One more capture shows that it has changed since; nothing is saved then.
    let run = sandbox.run(&["baseline", "save"]).expect(4);
    assert!(run.stderr.contains("`tools/dim`"), "{}", run.stderr);
    assert!(!sandbox.has(BASELINE));
    sandbox
        .run(&["baseline", "save", "--captures", "1"])
        .expect(0);
    assert!(
        sandbox.read(BASELINE).contains("At most 3 times"),
        "what was reviewed is saved, not what is now"
    );
    sandbox.run(&["check"]).expect(2);
    sandbox.run(&["baseline", "save", "--force"]).expect(0);
    sandbox.run(&["check"]).expect(0);
}

#[test]
fn check_writes_two_files_or_none() {
    let sandbox = serving(&surface());
    sandbox.run(&["check", "--no-write"]).expect(0);
    assert!(!sandbox.has(".bellwether"));
    sandbox.run(&["check"]).expect(0);
    let mut names: Vec<_> = std::fs::read_dir(sandbox.path().join(".bellwether"))
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    assert_eq!(names, [".gitignore", "last-check.json"]);
    assert!(
        sandbox
            .read(".bellwether/.gitignore")
            .contains("last-check.json")
    );
}

#[test]
fn the_report_is_the_same_bytes_wherever_it_is_made() {
    let edits = |now: &mut Value| {
        change_claim(now);
        remove_tool(now);
        add_tool(now);
    };
    let reports: Vec<String> = (0..2)
        .map(|round| {
            let sandbox = drifted(edits);
            let mut command = sandbox.command(&["check", "--format", "json"]);
            if round == 1 {
                command
                    .env("TZ", "America/St_Johns")
                    .env("LANG", "de_DE.UTF-8");
            }
            Run::of(command.output().expect("runs")).expect(3).stdout
        })
        .collect();
    assert_eq!(reports[0], reports[1]);
    let path = Path::new(&reports[0]);
    assert!(
        !path.to_string_lossy().contains("/tmp"),
        "a path of the machine: {}",
        reports[0]
    );
}

#[test]
fn several_servers_are_checked_and_the_worst_decides() {
    let sandbox = Sandbox::new();
    let mut other = surface();
    sandbox.write("one.json", &surface().to_string());
    sandbox.write("two.json", &other.to_string());
    let config = "servers:\n  one: { mock: one.json }\n  two: { mock: two.json }\n";
    sandbox.write("bellwether.yaml", config);
    sandbox.run(&["baseline", "save"]).expect(0);
    assert!(
        sandbox.has(".bellwether/one-baseline.json")
            && sandbox.has(".bellwether/two-baseline.json")
    );
    sandbox.run(&["check"]).expect(0);
    remove_tool(&mut other);
    sandbox.write("two.json", &other.to_string());
    let report = sandbox.run(&["check", "--format", "json"]).expect(3).json();
    assert_eq!(report["targets"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["findings"][0]["target"], "two");
    sandbox.run(&["check", "--server", "one"]).expect(0);
    let run = sandbox.run(&["check", "--server", "onne"]).expect(4);
    assert!(
        run.stderr.contains("did you mean") && run.stderr.contains("one"),
        "{}",
        run.stderr
    );

    sandbox.write(
        "bellwether.yaml",
        &config.replace("mock: one.json", "command: no-such-command"),
    );
    let drift = sandbox.run(&["check"]).expect(4).stdout;
    let advice = "approve: bellwether baseline accept --reason 'WHY' --force --server two\n";
    assert!(drift.contains(advice), "the other cannot be saved: {drift}");
    let words: Vec<_> = advice.split_whitespace().skip(2).collect();
    sandbox
        .run(&[&words[..], &["--accepted-by", "Ada"]].concat())
        .expect(0);
    sandbox.write("two.json", &surface().to_string());
    let run = sandbox.run(&["check", "--format", "json"]).expect(4);
    let report = run.json();
    assert!(
        report["targets"][0]["error"]["cause"]
            .as_str()
            .expect("a cause")
            .contains("no-such-command")
    );
    assert_eq!(
        report["findings"][0]["target"], "two",
        "the other server is still judged"
    );
    assert_eq!(report["verdict"]["complete"], false);
}

#[test]
fn misuse_is_exit_4() {
    let sandbox = Sandbox::new();
    for args in [
        vec!["check", "--no-such-flag"],
        vec!["check", "--format", "no-such-format"],
        vec!["no-such-command"],
        vec![],
        vec!["check"],
        vec!["check", "--timeout", "soon", "x"],
        vec!["check", "-H", "A: b", "x"],
        vec!["check", "--env", "A=b", "http://127.0.0.1:9/"],
        vec!["diff", "gone.json", "gone.json"],
        vec!["baseline", "show"],
        vec!["explain", "tool-remved"],
        vec!["check", "--config", "gone.yaml"],
    ] {
        let run = sandbox.run(&args).expect(4);
        assert_eq!(run.stdout, "", "{args:?}");
        let last = run.stderr.lines().last().unwrap_or_default();
        assert!(last.starts_with("exit 4: "), "{args:?}: {}", run.stderr);
    }
    for (args, says) in [
        (vec!["check", "--no-such-flag"], "unexpected argument"),
        (
            vec!["snapshot", "--no-such-flag", "x"],
            "unexpected argument",
        ),
        (vec!["init", "--no-such-flag", "x"], "unexpected argument"),
        (
            vec!["check", "-H", "bad", "http://127.0.0.1:9/"],
            "next: write it like this: --header 'X-Team: search'",
        ),
        (
            vec!["check", "--env", "A", "x"],
            "next: write it like this: --env LOG_LEVEL=debug",
        ),
        (
            vec!["check", "ftp://host/mcp"],
            "no `http://` or `https://` URL",
        ),
    ] {
        let run = sandbox.run(&args).expect(4);
        assert!(run.stderr.contains(says), "{args:?}: {}", run.stderr);
    }
    #[cfg(unix)]
    {
        let run = sandbox.run(&["snapshot", "/"]).expect(4);
        let says = "= cause: `/`: permission denied\n";
        assert!(run.stderr.contains(says), "{}", run.stderr);
    }
    for args in [vec!["--help"], vec!["--version"], vec!["check", "--help"]] {
        assert!(!sandbox.run(&args).expect(0).stdout.is_empty(), "{args:?}");
    }
    assert!(!sandbox.has(".bellwether"), "misuse wrote something");
}

#[test]
fn a_secret_stays_with_the_server() {
    let sandbox = Sandbox::new();
    let server = Path::new(env!("CARGO_BIN_EXE_bellwether"))
        .parent()
        .expect("a folder")
        .join("examples/odd_server");
    let config = format!(
        "server:\n  command: {}\n  args: [repeats-secret]\n  env: {{ SECRET_TOKEN: \"${{SECRET_TOKEN}}\" }}\n",
        server.display()
    );
    sandbox.write("bellwether.yaml", &config);
    let secret = "hunter2-and-more";
    for args in [
        vec!["check"],
        vec!["check", "--format", "json", "-v"],
        vec!["baseline", "save"],
        vec!["snapshot"],
    ] {
        let mut command = sandbox.command(&args);
        let run = Run::of(command.env("SECRET_TOKEN", secret).output().expect("runs")).expect(0);
        assert!(
            !run.stdout.contains(secret) && !run.stderr.contains(secret),
            "{args:?}: {}",
            run.stdout
        );
    }
    for file in [BASELINE, ".bellwether/last-check.json"] {
        let text = sandbox.read(file);
        assert!(
            !text.contains(secret) && text.contains("${SECRET_TOKEN}"),
            "{file}: {text}"
        );
    }
    let unset = sandbox.run(&["check"]).expect(4);
    assert!(
        unset.stderr.contains("`SECRET_TOKEN` is not set")
            && unset.stderr.contains("bellwether.yaml:4")
    );
}

#[test]
fn the_command_that_a_report_advises_can_be_typed() {
    let sandbox = Sandbox::new();
    sandbox.write("now.json", &surface().to_string());
    let binary = env!("CARGO_BIN_EXE_bellwether");
    let run = sandbox
        .run(&["check", binary, "mock", "now.json"])
        .expect(0);
    let advised = format!("bellwether baseline save {binary} mock now.json");
    // The report wraps its lines.
    let said = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(&advised), "{said}");
    let words: Vec<&str> = advised.split(' ').skip(1).collect();
    sandbox.run(&words).expect(0);
    sandbox
        .run(&["check", binary, "mock", "now.json"])
        .expect(0);
}

#[test]
fn the_advice_names_the_baseline_that_was_compared() {
    let sandbox = drifted(remove_tool);
    std::fs::rename(
        sandbox.path().join(".bellwether/bellwether-baseline.json"),
        sandbox.path().join("my approved.json"),
    )
    .expect("moved");
    let drift = sandbox
        .run(&["check", "--baseline", "my approved.json"])
        .expect(3);
    let advised = "bellwether baseline accept --reason 'WHY' --force --baseline 'my approved.json'";
    assert!(drift.stdout.contains(advised), "{}", drift.stdout);
    let missing = sandbox
        .run(&["check", "--baseline", "no/such.json"])
        .expect(4);
    let said = format!("{}{}", missing.stdout, missing.stderr);
    assert!(
        said.contains("baseline save --baseline no/such.json"),
        "{said}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_to_points_at_no_write() {
    let sandbox = serving(&surface());
    std::fs::create_dir_all(sandbox.path().join(".bellwether/last-check.json")).expect("a folder");
    let told = sandbox.run(&["check"]).expect(0);
    assert!(told.stderr.contains("--no-write"), "{}", told.stderr);
    sandbox.run(&["check", "--no-write"]).expect(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_for_help_too() {
    let sandbox = Sandbox::new();
    for args in [
        &["--help"][..],
        &["--version"],
        &["rules"],
        &["schema", "config"],
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("a full device");
        let output = sandbox.command(args).stdout(full).output().expect("runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(
            said.contains("the disk is full") && said.contains("\nexit 4: "),
            "{said}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_gone_is_told() {
    let sandbox = Sandbox::new();
    let gone = sandbox.path().join("gone");
    std::fs::create_dir(&gone).expect("a folder");
    let script = "cd gone && rmdir ../gone && exec \"$0\" rules";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_bellwether")])
        .current_dir(sandbox.path())
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("the present folder is gone"), "{said}");
}

#[test]
fn what_is_typed_for_a_confidential_variable_is_hidden_too() {
    let sandbox = Sandbox::new();
    let binary = Path::new(env!("CARGO_BIN_EXE_bellwether"));
    let server = binary
        .parent()
        .expect("a folder")
        .join("examples/odd_server");
    let server = server.to_str().expect("UTF-8");
    let secret = "hunter2-and-more";
    let run = sandbox
        .run(&[
            "check",
            "--env",
            &format!("SECRET_TOKEN={secret}"),
            server,
            "repeats-secret",
        ])
        .expect(0);
    assert!(
        !run.stdout.contains(secret) && run.stdout.contains("${SECRET_TOKEN}"),
        "{}",
        run.stdout
    );
    assert!(!sandbox.read(".bellwether/last-check.json").contains(secret));
}

#[test]
fn a_verbose_check_names_the_state_that_an_acceptance_can_be_bound_to() {
    let sandbox = drifted(remove_tool);
    let report = sandbox.run(&["check", "--format", "json"]).expect(3).json();
    let digest = report["targets"][0]["current"]["digest"].as_str();
    let bound = format!("--expect {}", digest.expect("a digest"));
    assert!(
        !sandbox
            .run(&["check"])
            .expect(3)
            .stdout
            .contains("--expect")
    );
    let told = sandbox.run(&["check", "-v"]).expect(3).stdout;
    assert!(told.contains(&bound), "{told}");
}

#[test]
fn a_quiet_check_without_a_baseline_lists_nothing() {
    let sandbox = serving(&surface());
    let said = |flags: &[&str]| sandbox.run(&[&["check"], flags].concat()).expect(0).stdout;
    assert!(said(&[]).contains("Switches the lamp"));
    let quiet = said(&["-q"]);
    assert!(
        !quiet.contains("Switches the lamp") && quiet.contains("exit 0"),
        "{quiet}"
    );
    assert_eq!(said(&["-qq"]), "");
}
