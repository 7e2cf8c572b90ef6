//! A capture over stdio: complete and exact, or an error that says why; and nothing outlives it.

mod support;

use std::path::PathBuf;
use std::process::Stdio;

use support::{Run, Sandbox};

/// The misbehaving server, which `cargo test` builds beside the binary.
fn odd_server() -> String {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_bellwether"));
    let path = binary
        .parent()
        .expect("a folder")
        .join("examples")
        .join("odd_server");
    path.to_str().expect("UTF-8").to_owned()
}

fn snapshot(sandbox: &Sandbox, options: &[&str], way: &str) -> Run {
    let server = odd_server();
    sandbox.run(&[&["snapshot"], options, &["--", &server, way]].concat())
}

fn names(run: &Run) -> Vec<String> {
    let tools = run.json()["tools"].as_array().expect("a list").clone();
    tools
        .iter()
        .map(|tool| tool["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn peculiar_but_legal_servers_are_captured() {
    for (way, expected) in [
        ("plain", vec!["a"]),
        ("noise", vec!["a"]),
        ("string-ids", vec!["a"]),
        ("batches", vec!["a"]),
        ("byte-order-mark", vec!["a"]),
        ("answers-twice", vec!["a"]),
        ("asks-back", vec!["a"]),
        ("three-pages", vec!["a", "b", "c"]),
        ("list-not-offered", vec![]),
        ("changing-once", vec!["after-1"]),
        ("modern", vec!["a"]),
        ("old-only", vec!["a"]),
    ] {
        let run = snapshot(&Sandbox::new(), &[], way).expect(0);
        assert_eq!(names(&run), expected, "{way}");
    }
}

#[test]
fn notes_say_what_was_tolerated() {
    let run = snapshot(&Sandbox::new(), &[], "noise").expect(0);
    assert!(
        run.stderr.contains("lines that are no messages"),
        "{}",
        run.stderr
    );
    let run = snapshot(&Sandbox::new(), &[], "answers-anything").expect(0);
    assert!(
        run.stderr
            .contains("`prompts/list` brought no `prompts`, which the server never claimed"),
        "{}",
        run.stderr
    );
    let run = snapshot(&Sandbox::new(), &[], "list-not-offered").expect(0);
    assert!(
        run.stderr.contains("`tools/list` is not offered (-32601)"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_incomplete_capture_is_an_error_that_names_its_cause() {
    for (way, causes) in [
        (
            "exit-at-start",
            vec![
                "before it answered `initialize`",
                "exit status: 7",
                "fatal: the port is taken",
            ],
        ),
        ("refuses", vec!["-32000", "not today"]),
        ("banana", vec!["banana", "2025-11-25"]),
        ("future-only", vec!["2031-01-01"]),
        ("die-in-list", vec!["tools/list", "panic: out of memory"]),
        (
            "list-fails",
            vec!["tools/list", "-32603", "the database is away"],
        ),
        ("list-is-no-list", vec!["tools/list", "not an array"]),
        ("one-cursor", vec!["tools/list", "a cursor came twice"]),
        ("endless-pages", vec!["tools/list", "more than 1000 pages"]),
        (
            "always-changing",
            vec!["`tools/list` changed", "four times in a row"],
        ),
        ("not-utf8", vec!["not UTF-8"]),
        ("lone-surrogate", vec!["tools/list", "surrogate"]),
        ("endless-line", vec!["16 MiB"]),
        ("flood-without-newline", vec!["16 MiB"]),
    ] {
        let run = snapshot(&Sandbox::new(), &[], way).expect(4);
        assert_eq!(run.stdout, "", "{way}");
        for cause in causes {
            assert!(
                run.stderr.contains(cause),
                "{way}: no {cause:?} in\n{}",
                run.stderr
            );
        }
    }
}

#[test]
fn a_silent_server_runs_into_the_time_out() {
    for (way, method) in [("silent", "`initialize`"), ("silent-list", "`tools/list`")] {
        let run = snapshot(&Sandbox::new(), &["--timeout", "200ms"], way).expect(4);
        assert!(
            run.stderr.contains(method) && run.stderr.contains("within"),
            "{way}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_pinned_version_is_asked_for_and_held_to() {
    let version = |run: &Run| {
        run.json()["protocolVersion"]
            .as_str()
            .expect("a version")
            .to_owned()
    };
    for pinned in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let run = snapshot(&Sandbox::new(), &["--protocol-version", pinned], "plain").expect(0);
        assert_eq!(version(&run), pinned);
    }
    let run = snapshot(
        &Sandbox::new(),
        &["--protocol-version", "2026-07-28"],
        "modern",
    )
    .expect(0);
    assert_eq!(version(&run), "2026-07-28");
    let run = snapshot(
        &Sandbox::new(),
        &["--protocol-version", "2025-06-18"],
        "old-only",
    )
    .expect(4);
    assert!(run.stderr.contains("protocol version"), "{}", run.stderr);
    let run = snapshot(
        &Sandbox::new(),
        &["--protocol-version", "2099-01-01"],
        "plain",
    )
    .expect(4);
    assert!(run.stderr.contains("2099-01-01"), "{}", run.stderr);
}

#[test]
fn a_request_for_what_we_do_not_offer_is_refused() {
    let sandbox = Sandbox::new();
    snapshot(&sandbox, &[], "asks-back").expect(0);
    assert!(
        sandbox.read("answer").contains("-32601"),
        "{}",
        sandbox.read("answer")
    );
}

#[test]
fn a_command_that_is_not_there_is_named() {
    let run = Sandbox::new()
        .run(&["snapshot", "no-such-command-here"])
        .expect(4);
    assert!(
        run.stderr.contains("no command `no-such-command-here`"),
        "{}",
        run.stderr
    );
}

#[cfg(unix)]
#[test]
fn an_answer_of_no_use_is_told_and_not_waited_for() {
    for (answer, cause) in [
        (r#""result":null"#, "was answered with something else"),
        (
            r#""result":{},"error":{"code":-5,"message":"not today"}"#,
            "-5: not today",
        ),
        (r#""error":"not today""#, "no JSON-RPC error: \"not today\""),
        (
            r#""error":{"message":"not today"}"#,
            r#"no JSON-RPC error: {"message":"not today"}"#,
        ),
    ] {
        let script =
            format!(r#"read line; echo '{{"jsonrpc":"2.0","id":0,{answer}}}'; cat > /dev/null"#);
        let run = Sandbox::new()
            .run(&["snapshot", "--", "sh", "-c", &script])
            .expect(4);
        let told = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(cause), "{answer}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_command_that_ends_at_once_says_so_however_the_race_ends() {
    let sandbox = Sandbox::new();
    for _ in 0..8 {
        let run = sandbox.run(&["snapshot", "true"]).expect(4);
        assert!(
            run.stderr
                .contains("it ended before it answered `initialize` (exit status: 0)"),
            "{}",
            run.stderr
        );
    }
}

#[cfg(unix)]
mod processes {
    use super::*;
    use rustix::process::{Pid, Signal, kill_process, test_kill_process};

    fn pids(sandbox: &Sandbox) -> Vec<Pid> {
        let text = sandbox.read("pids");
        text.split_whitespace()
            .map(|pid| Pid::from_raw(pid.parse().expect("a number")).expect("not zero"))
            .collect()
    }

    /// A killed process may be a zombie for a moment, until its parent or init takes note.
    fn is_alive(pid: Pid) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
            .unwrap_or_default();
        test_kill_process(pid).is_ok() && !stat.contains(") Z ")
    }

    /// A process that was killed is gone a moment later, which on a busy machine may come after our own end.
    #[track_caller]
    fn assert_gone(sandbox: &Sandbox) {
        for pid in pids(sandbox) {
            let began = std::time::Instant::now();
            while is_alive(pid) {
                assert!(began.elapsed().as_secs() < 60, "{pid:?} is still there");
                std::thread::yield_now();
            }
        }
    }

    #[test]
    fn nothing_outlives_a_success() {
        for way in ["grandchild", "stay-after-eof"] {
            let sandbox = Sandbox::new();
            snapshot(&sandbox, &[], way).expect(0);
            assert_gone(&sandbox);
        }
    }

    /// Starts a capture that cannot end and waits until the server has said who its processes are.
    fn hanging(sandbox: &Sandbox) -> std::process::Child {
        let script = "sleep 600 & echo $! $$ > pids.new; mv pids.new pids; wait";
        let mut command =
            sandbox.command(&["snapshot", "--timeout", "60s", "--", "sh", "-c", script]);
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        while !sandbox.has("pids") {
            std::thread::yield_now();
        }
        child
    }

    #[test]
    fn nothing_outlives_an_interrupt() {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
            let sandbox = Sandbox::new();
            let child = hanging(&sandbox);
            kill_process(Pid::from_child(&child), signal).expect("it runs");
            let run = Run::of(child.wait_with_output().expect("ends"));
            assert!(run.stderr.contains("interrupted"), "{}", run.stderr);
            run.expect(4);
            assert_gone(&sandbox);
        }
    }

    #[test]
    fn nothing_outlives_a_killed_server() {
        let sandbox = Sandbox::new();
        let child = hanging(&sandbox);
        let server = pids(&sandbox)[1];
        kill_process(server, Signal::KILL).expect("it runs");
        let run = Run::of(child.wait_with_output().expect("ends")).expect(4);
        assert!(run.stderr.contains("signal: 9"), "{}", run.stderr);
        assert_gone(&sandbox);
    }

    #[test]
    fn nothing_outlives_a_time_out() {
        let sandbox = Sandbox::new();
        snapshot(&sandbox, &["--timeout", "100ms"], "silent").expect(4);
        let run = sandbox.run(&[
            "snapshot",
            "--timeout",
            "300ms",
            "--",
            "sh",
            "-c",
            "sleep 600 & echo $! $$ > pids; wait",
        ]);
        run.expect(4);
        assert_gone(&sandbox);
    }
}

#[test]
fn a_server_that_broke_down_did_not_remove_its_tools() {
    let sandbox = Sandbox::new();
    let server = odd_server();
    let config = |way: &str| format!("server: {{ command: \"{server}\", args: [{way}] }}\n");
    sandbox.write("bellwether.yaml", &config("plain"));
    sandbox.run(&["baseline", "save"]).expect(0);
    sandbox.write("bellwether.yaml", &config("broken-at-start"));
    let run = sandbox.run(&["check"]).expect(4);
    assert!(
        run.stdout.contains("`tools/list` could not be read"),
        "{}",
        run.stdout
    );
    // Without a baseline that had items, a list that was never claimed is one that is not there.
    let run = snapshot(&Sandbox::new(), &[], "broken-at-start").expect(0);
    assert!(
        run.stderr
            .contains("which the server never claimed to have"),
        "{}",
        run.stderr
    );
}
