//! What a command says next can be done, and leads on.

#[path = "support/branches.rs"]
mod branches;
mod support;

use branches::{accepted, describe, saved, server, with};
use serde_json::Value;
use support::{Run, Sandbox};

/// A folder with a configuration, and the server that it starts.
fn sandbox(config: &str, server: &Value) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("server.json", &server.to_string());
    let program = serde_json::json!(env!("CARGO_BIN_EXE_bellwether"));
    let command = format!("{program}, args: [mock, server.json]");
    sandbox.write("bellwether.yaml", &config.replace("COMMAND", &command));
    sandbox
}

/// What was said, on one line.
fn said(run: &Run) -> String {
    let all = format!("{}{}", run.stdout, run.stderr);
    let words = all.split_whitespace();
    let words = words.filter(|word| *word != "|");
    words.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(run: &Run, wanted: &str) {
    let said = said(run);
    assert!(said.contains(wanted), "{wanted}\nin: {said}");
}

#[track_caller]
fn never_says(run: &Run, unwanted: &str) {
    let said = said(run);
    assert!(!said.contains(unwanted), "{unwanted}\nin: {said}");
}

#[test]
fn a_missing_compare_path_is_to_be_made_of_what_save_wrote() {
    let config = "server: { command: COMMAND }\nbaseline: { path: w.json, comparePath: r.json }\n";
    let sandbox = sandbox(config, &server());
    let run = sandbox.run(&["check"]).expect(4);
    says(
        &run,
        "bellwether baseline save (it writes `baseline.path`, .bellwether/w.json)",
    );
    sandbox.run(&["baseline", "save"]).expect(0);
    let copy = "cp .bellwether/w.json .bellwether/r.json";
    for command in [
        &["check"][..],
        &[
            "baseline",
            "accept",
            "--reason",
            "x",
            "--accepted-by",
            "Ada",
        ],
        &[
            "baseline",
            "accept",
            "--reason",
            "x",
            "--accepted-by",
            "Ada",
            "--refresh",
        ],
        &["baseline", "diff"],
        &["baseline", "diff", "server.json"],
    ] {
        let run = sandbox.run(command).expect(4);
        says(&run, copy);
        never_says(&run, "baseline save");
    }
    let text = sandbox.read(".bellwether/w.json");
    sandbox.write(".bellwether/r.json", &text);
    sandbox.run(&["check"]).expect(0);
}

#[test]
fn one_file_under_two_names_is_no_baseline_of_two_servers() {
    let config = "servers:\n  one: { command: COMMAND, baseline: { path: x/../same.json } }\n  two: { command: COMMAND, baseline: { path: ./same.json } }\n";
    let sandbox = sandbox(config, &server());
    for command in [&["validate-config"][..], &["baseline", "save"]] {
        let run = sandbox.run(command).expect(4);
        says(&run, "another server has the same baseline");
        assert!(run.stderr.contains("bellwether.yaml:3:"), "{}", run.stderr);
        assert!(!sandbox.has("same.json"));
    }
}

#[test]
fn one_file_under_the_names_of_two_folders_is_not_saved_twice() {
    let config = "servers:\n  one: { command: COMMAND, baseline: { path: a/same.json } }\n  two: { command: COMMAND, baseline: { path: x/../b/same.json } }\n";
    let sandbox = sandbox(config, &server());
    std::fs::create_dir(sandbox.path().join("a")).expect("a folder");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a", sandbox.path().join("b")).expect("a link");
        let run = sandbox.run(&["baseline", "save"]).expect(4);
        says(&run, "are one file");
        assert!(!sandbox.has("a/same.json"));
    }
}

#[test]
fn an_empty_baseline_comes_out_of_the_history_first() {
    let sandbox = sandbox("server: { command: COMMAND }\n", &server());
    sandbox.write(".bellwether/bellwether-baseline.json", "");
    for command in [&["check"][..], &["baseline", "save"]] {
        let run = sandbox.run(command).expect(4);
        says(
            &run,
            "restore it (git checkout -- .bellwether/bellwether-baseline.json); only one that was never committed",
        );
    }
    sandbox.write("e.json", "");
    let run = sandbox
        .run(&["baseline", "save", "--from", "e.json"])
        .expect(4);
    says(
        &run,
        "(git checkout -- e.json), or name the file that you mean",
    );
    never_says(&run, "delete");
}

#[test]
fn a_severity_that_stops_at_a_thing_tells_what_to_type() {
    let config = "server: { command: COMMAND }\n";
    let sandbox = sandbox(config, &server());
    sandbox.run(&["check"]).expect(0);
    sandbox.run(&["baseline", "save"]).expect(0);
    let drifted = with(|server| {
        server["tools"][0]["title"] = "Ask".into();
        server["tools"][0]["description"] = "Deletes everything without asking.".into();
        server["tools"][1]["title"] = "Dim".into();
    });
    sandbox.write("server.json", &drifted.to_string());
    sandbox.run(&["check"]);
    let accept = |more: &[&str]| {
        let accept = [
            "baseline",
            "accept",
            "--reason",
            "x",
            "--accepted-by",
            "Ada",
            "--max-severity",
            "info",
        ];
        sandbox.run(&[&accept[..], more].concat())
    };
    let run = accept(&[]).expect(4);
    says(
        &run,
        "name what has nothing worse, without the commas: tools/dim; or name a thing without --max-severity",
    );
    let run = accept(&["tools/dim"]).expect(0);
    assert!(
        run.stdout.starts_with("accepted `default`: tools/dim\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn where_nothing_drifted_a_refresh_has_nothing_to_accept() {
    let sandbox = sandbox("server: { command: COMMAND }\n", &server());
    sandbox.run(&["baseline", "save"]).expect(0);
    let accept = [
        "baseline",
        "accept",
        "--refresh",
        "--reason",
        "x",
        "--accepted-by",
        "Ada",
    ];
    let run = sandbox.run(&accept).expect(0);
    assert!(run.stdout.contains("nothing to accept"), "{}", run.stdout);
    // What nobody has been shown is still not accepted.
    sandbox.write("server.json", &with(describe(0, "Asks.")).to_string());
    let run = sandbox.run(&accept).expect(4);
    says(&run, "is not what the last check showed");
}

#[test]
fn who_accepts_is_named_on_one_line() {
    let sandbox = sandbox("server: { command: COMMAND }\n", &server());
    sandbox.run(&["baseline", "save"]).expect(0);
    sandbox.write("server.json", &with(describe(0, "Asks.")).to_string());
    sandbox.run(&["check"]);
    let accept = ["baseline", "accept", "--reason", "x", "--accepted-by"];
    for (name, why) in [
        ("Ada\nEve", "`--accepted-by` has a line break"),
        ("Ada\u{200b}", "has a character that nobody sees (U+200B)"),
        (" ", "`--accepted-by` names nobody"),
    ] {
        let run = sandbox.run(&[&accept[..], &[name]].concat()).expect(4);
        says(&run, why);
    }
    sandbox.run(&[&accept[..], &["Ada"]].concat()).expect(0);
}

#[test]
fn force_is_offered_only_where_it_restores() {
    let sandbox = Sandbox::new();
    let base = saved(&server());
    let once = accepted(&base, &with(describe(0, "One.")), "2026-02-01T00:00:00Z");
    let edited = once.replace("Does dim.", "By hand.");
    sandbox.write(".bellwether/bellwether-baseline.json", &edited);
    let restore = |more: &[&str]| {
        let restore = [
            "baseline",
            "restore",
            "0",
            "--reason",
            "x",
            "--accepted-by",
            "Ada",
        ];
        sandbox.run(&[&restore[..], more].concat())
    };
    never_says(&restore(&[]).expect(4), "--force");
    let run = restore(&["--force"]).expect(4);
    says(&run, "cause: the first state cannot be rebuilt");
    says(&run, "git log -- .bellwether/bellwether-baseline.json");
    // The reason of an entry says nothing of the surface.
    let reworded = once.replace("decided at", "told at");
    sandbox.write(".bellwether/bellwether-baseline.json", &reworded);
    says(&restore(&[]).expect(4), "--force restores all the same");
    restore(&["--force"]).expect(0);
}

#[test]
fn a_mock_of_a_conflict_names_the_merge() {
    let sandbox = Sandbox::new();
    let side = saved(&server());
    sandbox.write(
        "x.json",
        &format!("<<<<<<< ours\n{side}=======\n{side}>>>>>>> theirs\n"),
    );
    let run = sandbox.run(&["mock", "x.json"]).expect(4);
    says(&run, "conflict markers");
    says(
        &run,
        "bellwether baseline merge base.json ours.json theirs.json --output x.json",
    );
}

#[cfg(unix)]
#[test]
fn a_limit_of_the_shell_is_not_told_as_one_of_reading() {
    let sandbox = sandbox("server: { command: COMMAND }\n", &server());
    let script = format!(
        "trap '' XFSZ; ulimit -f 0; exec '{}' baseline save --captures 1",
        env!("CARGO_BIN_EXE_bellwether")
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(sandbox.path())
        .stdin(std::process::Stdio::null())
        .output()
        .expect("a shell");
    let run = Run::of(output).expect(4);
    says(&run, "it would be larger than a file may be here");
    never_says(&run, "128 MiB");
}
