//! A file that is there and cannot be used is an error for every command that reads it: never a first run, never
//! overwritten, and the message says which file, why, and what to do.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::time::SystemTime;

use support::{Run, Sandbox};

const BASELINE: &str = ".bellwether/bellwether-baseline.json";
const LAST_CHECK: &str = ".bellwether/last-check.json";

/// Every command that reads the baseline of the configuration, or is given it by its path.
const COMMANDS: &[&[&str]] = &[
    &["check"],
    &["check", "--format", "json"],
    &["check", "--no-write"],
    &["check", "--dry-run"],
    &["check", "--baseline", BASELINE],
    &[
        "check",
        "--accept-drift",
        "--accept-reason",
        "why",
        "--force",
    ],
    &["baseline", "accept", "--reason", "why", "--force"],
    &["baseline", "accept", "--reason", "why", "--dry-run"],
    &[
        "baseline",
        "accept",
        "--reason",
        "why",
        "--refresh",
        "--force",
    ],
    &["baseline", "diff"],
    &["baseline", "diff", "two.json"],
    &["baseline", "show"],
    &["baseline", "show", "--format", "json"],
    &["baseline", "show", "--format", "markdown", BASELINE],
    &["baseline", "save"],
    &["baseline", "save", "--refresh", "--captures", "1"],
    &["baseline", "save", "--force"],
    &["baseline", "save", "--from", "one.json"],
    &["baseline", "save", "--from", "one.json", "--force"],
    &["baseline", "verify"],
    &[
        "baseline", "verify", "--strict", "--format", "json", BASELINE,
    ],
    &["baseline", "log"],
    &["baseline", "log", "--format", "json", BASELINE],
    &["baseline", "restore", "0", "--reason", "why"],
    &["baseline", "restore", "0", "--reason", "why", "--force"],
    &["baseline", "merge", "whole.json", BASELINE, "other.json"],
    &["baseline", "merge", "whole.json", "other.json", BASELINE],
    &["docs"],
    &["docs", "--check"],
];

/// Commands that read a capture as well as a baseline.
const COMPARING: &[&[&str]] = &[
    &["check", "--against", BASELINE],
    &["diff", BASELINE, "two.json"],
    &["diff", "two.json", BASELINE],
    &["baseline", "compare", BASELINE, "other.json"],
    &["baseline", "compare", "other.json", BASELINE],
    &[
        "baseline",
        "save",
        "--from",
        BASELINE,
        "--baseline",
        "new.json",
    ],
    &["mock", BASELINE],
];

fn capture(version: u32) -> String {
    let tools: Vec<_> = ["read", "write", "list"]
        .iter()
        .map(|name| {
            format!(
                r#"{{"name":"{name}","description":"Version {version}.","inputSchema":{{"type":"object"}}}}"#
            )
        })
        .collect();
    format!(r#"{{"tools":[{}]}}"#, tools.join(","))
}

/// A project with drift that was checked, and a baseline with a decision in it.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    for version in 1..=3 {
        let name = ["one.json", "two.json", "three.json"][version - 1];
        sandbox.write(name, &capture(u32::try_from(version).expect("small")));
    }
    let save = |from, to| {
        let save = [
            "baseline",
            "save",
            "--quiet",
            "--from",
            from,
            "--baseline",
            to,
        ];
        sandbox.run(&save).expect(0);
    };
    save("one.json", "whole.json");
    save("three.json", "other.json");
    save("one.json", BASELINE);
    sandbox.write("bellwether.yaml", "server: { mock: two.json }\n");
    sandbox.run(&["check", "--quiet"]);
    accept(&sandbox).expect(0);
    fs::remove_file(sandbox.path().join(LAST_CHECK)).expect("a file");
    sandbox.write("bellwether.yaml", "server: { mock: three.json }\n");
    sandbox.run(&["check", "--quiet"]);
    sandbox
}

fn run(sandbox: &Sandbox, command: &[&str]) -> Run {
    let mut process = sandbox.command(command);
    process.env("GITHUB_ACTOR", "ada");
    Run::of(process.output().expect("the binary runs"))
}

fn accept(sandbox: &Sandbox) -> Run {
    let accept = ["baseline", "accept", "--reason", "meant so", "--force"];
    run(sandbox, &accept)
}

/// Every file below a folder: when it was written, and how long it is.
fn files(folder: &Path) -> BTreeMap<String, (SystemTime, u64)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let metadata = fs::symlink_metadata(&path).expect("there");
        if metadata.is_dir() {
            found.extend(files(&path));
        }
        let time = metadata.modified().expect("a time");
        // A folder changes with what is in it, which is seen there.
        let length = if metadata.is_dir() { 0 } else { metadata.len() };
        found.insert(path.to_string_lossy().into_owned(), (time, length));
    }
    found
}

/// Exit 4, the file and a cause and a next step on one of the streams, and not a byte written.
#[track_caller]
fn refuses(sandbox: &Sandbox, what: &str, command: &[&str]) -> String {
    let before = files(sandbox.path());
    let run = run(sandbox, command);
    let said = run.stdout + &run.stderr;
    let case = format!("{what}: {command:?}\n{said}");
    assert_eq!(run.code, 4, "{case}");
    assert_eq!(files(sandbox.path()), before, "{case}");
    assert!(!said.contains("panicked"), "{case}");
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_about = [
        "bellwether-baseline.json",
        "last-check.json",
        "bellwether.yaml",
    ];
    assert!(is_about.iter().any(|name| words.contains(name)), "{case}");
    let is_report = command.contains(&"json") && words.starts_with('{');
    let has_next = words.contains("next:") || words.contains("help:");
    assert!(
        is_report || has_next || command.contains(&"verify"),
        "{case}"
    );
    words
}

fn whole(sandbox: &Sandbox) -> String {
    sandbox.read(BASELINE)
}

/// Puts this in the place of the baseline, and runs all commands.
fn all_refuse(sandbox: &Sandbox, what: &str, bytes: &[u8], line: Option<usize>) {
    fs::write(sandbox.path().join(BASELINE), bytes).expect("a file");
    for command in COMMANDS.iter().chain(COMPARING) {
        let said = refuses(sandbox, what, command);
        if let (Some(line), false) = (line, command[0] == "mock") {
            let named = ["line {}", "\"line\": {}", ".json:{}:"];
            let named = named.map(|form| form.replace("{}", &line.to_string()));
            let is_named = named.iter().any(|named| said.contains(named));
            assert!(
                is_named,
                "{what}: {command:?} names no line {line}:\n{said}"
            );
        }
    }
}

fn with_markers(text: &str, markers: &str) -> (String, usize) {
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.len() / 2;
    let (before, after) = lines.split_at(at);
    let text = format!("{}\n{markers}{}\n", before.join("\n"), after.join("\n"));
    (text, at + 1)
}

#[test]
fn what_is_no_json_is_no_baseline() {
    let sandbox = project();
    let text = whole(&sandbox);
    let middle = text.len() / 2;
    let (before, after) = text.as_bytes().split_at(middle);
    let spliced = |between: &[u8]| [before, between, after].concat();
    let line = text[..middle].lines().count();
    all_refuse(&sandbox, "empty", b"", Some(1));
    all_refuse(&sandbox, "blank", b" \n\t\r\n", Some(1));
    all_refuse(&sandbox, "a mark only", b"\xef\xbb\xbf", Some(1));
    all_refuse(&sandbox, "not UTF-8", &spliced(b"\xff\xfe"), Some(line));
    all_refuse(&sandbox, "a NUL", &spliced(b"\0"), Some(line));
    all_refuse(&sandbox, "NULs", &[0; 4096], Some(1));
    let end = text.lines().count() + 1;
    let behind = |more: &str| [text.as_str(), more].concat();
    all_refuse(&sandbox, "a ^Z", behind("\x1a").as_bytes(), Some(end));
    all_refuse(&sandbox, "more", behind("{}").as_bytes(), Some(end));
}

#[test]
fn what_is_json_and_something_else_is_no_baseline() {
    let sandbox = project();
    let text = whole(&sandbox);
    for other in ["{}", "[]", "null", "\"text\"", "7", r#"{"name":"package"}"#] {
        all_refuse(&sandbox, other, other.as_bytes(), Some(1));
    }
    let format = |version: &str| {
        let newer = text.replace(
            "\"formatVersion\": 1",
            &format!("\"formatVersion\": {version}"),
        );
        assert_ne!(newer, text);
        newer
    };
    all_refuse(&sandbox, "newer", format("2").as_bytes(), None);
    all_refuse(&sandbox, "older", format("0").as_bytes(), None);
    all_refuse(&sandbox, "a text", format("\"1\"").as_bytes(), None);
    fs::write(sandbox.path().join(BASELINE), capture(1)).expect("a file");
    for command in COMMANDS {
        refuses(&sandbox, "a capture", command);
    }
}

#[test]
fn what_is_cut_off_is_no_baseline() {
    let sandbox = project();
    let text = whole(&sandbox);
    for round in 0..20_u8 {
        let drawn = usize::try_from(RandomState::new().hash_one(round) >> 33).expect("31 bits");
        let length = 1 + drawn % (text.len() - 2);
        let what = format!("cut off after {length} bytes");
        all_refuse(&sandbox, &what, &text.as_bytes()[..length], None);
    }
}

#[test]
fn conflict_markers_are_told_by_their_line() {
    let sandbox = project();
    let text = whole(&sandbox);
    let two = "<<<<<<< HEAD\n  1\n=======\n  2\n>>>>>>> theirs\n";
    let three = "<<<<<<< HEAD\n  1\n||||||| base\n  0\n=======\n  2\n>>>>>>> theirs\n";
    for markers in [two, three] {
        let (marked, line) = with_markers(&text, markers);
        all_refuse(&sandbox, "two sides", marked.as_bytes(), Some(line));
        let windows = marked.replace('\n', "\r\n");
        all_refuse(&sandbox, "with CRLF", windows.as_bytes(), Some(line));
    }
    let said = refuses(&sandbox, "a conflict", &["check"]);
    assert!(said.contains("bellwether baseline merge"), "{said}");
}

#[test]
fn what_is_no_file_of_a_sane_size_is_no_baseline() {
    let sandbox = project();
    let path = sandbox.path().join(BASELINE);
    let huge = fs::File::create(&path).expect("a file");
    huge.set_len(200 << 20).expect("a sparse file");
    for command in COMMANDS {
        refuses(&sandbox, "200 MB", command);
    }
    fs::remove_file(&path).expect("a file");
    fs::create_dir(&path).expect("a folder");
    for command in COMMANDS.iter().chain(COMPARING) {
        refuses(&sandbox, "a folder", command);
    }
}

#[test]
fn force_never_saves_over_what_cannot_be_read() {
    let sandbox = project();
    let text = whole(&sandbox);
    sandbox.write(BASELINE, &text[..text.len() - 9]);
    let said = refuses(&sandbox, "cut off", &["baseline", "save", "--force"]);
    assert!(said.contains("never over what cannot be read"), "{said}");
    fs::remove_file(sandbox.path().join(BASELINE)).expect("a file");
    run(&sandbox, &["baseline", "save"]).expect(0);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_link_to_nothing_is_no_first_run() {
        let sandbox = project();
        let path = sandbox.path().join(BASELINE);
        fs::remove_file(&path).expect("a file");
        for target in ["nowhere.json", "bellwether-baseline.json"] {
            symlink(target, &path).expect("a link");
            for command in COMMANDS {
                refuses(&sandbox, target, command);
            }
            fs::remove_file(&path).expect("a link");
        }
        fs::rename(sandbox.path().join(".bellwether"), sandbox.path().join("x")).expect("moved");
        symlink("nowhere", sandbox.path().join(".bellwether")).expect("a link");
        refuses(&sandbox, "its folder", &["check", "--no-write"]);
        refuses(&sandbox, "its folder", &["baseline", "save"]);
    }

    #[test]
    fn a_configuration_that_is_a_link_to_nothing_or_a_pipe_is_not_passed_over() {
        let sandbox = project();
        let path = sandbox.path().join("bellwether.yaml");
        let commands: [&[&str]; 4] = [
            &["check", "bellwether", "mock", "three.json"],
            &["baseline", "save"],
            &["baseline", "verify"],
            &["init", "npx", "x"],
        ];
        for target in ["nowhere.yaml", "bellwether.yaml"] {
            fs::remove_file(&path).expect("a file");
            symlink(target, &path).expect("a link");
            for command in commands {
                refuses(&sandbox, target, command);
            }
        }
        fs::remove_file(&path).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo").success());
        for command in commands {
            refuses(&sandbox, "a pipe", command);
        }
    }

    #[test]
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn what_may_not_be_read_is_no_first_run() {
        let sandbox = project();
        let path = sandbox.path().join(BASELINE);
        let permit = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        };
        permit(&path, 0o000);
        if fs::File::open(&path).is_ok() {
            eprintln!("skipped: root may read everything");
            return;
        }
        for command in COMMANDS.iter().chain(COMPARING) {
            let said = refuses(&sandbox, "unreadable", command);
            assert!(said.contains("permission denied"), "{said}");
        }
        let folder = sandbox.path().join(".bellwether");
        permit(&folder, 0o600);
        let run = run(&sandbox, &["check", "--no-write"]);
        permit(&folder, 0o700);
        run.expect(4);
    }
}

#[test]
fn a_capture_that_is_damaged_is_accepted_by_nobody() {
    let reading: &[&[&str]] = &[
        &["baseline", "accept", "--reason", "why", "--force"],
        &[
            "baseline",
            "accept",
            "--reason",
            "why",
            "--refresh",
            "--force",
        ],
        &["baseline", "diff"],
        &["baseline", "save", "--force"],
    ];
    let sandbox = project();
    let kept = sandbox.read(LAST_CHECK);
    let changed = kept.replace("Version 3.", "Version 4.");
    assert_ne!(changed, kept);
    let newer = kept.replace("{\"formatVersion\":3", "{\"formatVersion\":4");
    assert_ne!(newer, kept);
    let cut = &kept[..kept.len() / 2];
    let damaged = ["", " \n", "{}", "[]", "null", "\0", cut, &changed, &newer];
    for text in damaged {
        for command in reading {
            sandbox.write(LAST_CHECK, text);
            refuses(&sandbox, text, command);
        }
        // It is thrown away by the next check, which shows the same drift.
        run(&sandbox, &["check"]).expect(2);
        assert_eq!(sandbox.read(LAST_CHECK), kept);
    }
    fs::remove_file(sandbox.path().join(LAST_CHECK)).expect("a file");
    run(&sandbox, reading[0]).expect(4);
    fs::create_dir(sandbox.path().join(LAST_CHECK)).expect("a folder");
    for command in reading {
        refuses(&sandbox, "a folder", command);
    }
}

#[test]
fn a_configuration_that_is_damaged_is_not_passed_over() {
    let sandbox = project();
    let configured = COMMANDS
        .iter()
        .filter(|command| !command.contains(&"merge"));
    let configured: Vec<_> = configured
        .filter(|command| command.last() != Some(&BASELINE) || command[0] == "check")
        .collect();
    let broken: [&[u8]; 9] = [
        b"",
        b" \n",
        b"# nothing\n",
        b"[]",
        b"server: [",
        b"server: { mock: three.json }\nsurprise: 1\n",
        b"<<<<<<< HEAD\nserver: { mock: one.json }\n=======\nserver: { mock: two.json }\n>>>>>>> b\n",
        b"server: \xff\n",
        b"server: \0\n",
    ];
    for bytes in broken {
        fs::write(sandbox.path().join("bellwether.yaml"), bytes).expect("a file");
        for command in &configured {
            refuses(&sandbox, &String::from_utf8_lossy(bytes), command);
        }
    }
}

#[test]
fn drift_that_failed_a_gate_is_drift_again() {
    let sandbox = project();
    let approved = whole(&sandbox);
    let gates: &[&[&str]] = &[
        &["check"],
        &["check", "--format", "json"],
        &["check", "--no-write"],
        &["check", "--fail-on-drift", "--quiet"],
        &["check", "--fail-on-severity", "info"],
        &["check"],
    ];
    for gate in gates.iter().chain(gates) {
        run(&sandbox, gate).expect(2);
        assert_eq!(whole(&sandbox), approved);
    }
    // Nor does a save without --force approve it.
    refuses(&sandbox, "drift", &["baseline", "save"]);
    // Where nothing can be kept, it is drift all the same.
    fs::remove_file(sandbox.path().join(LAST_CHECK)).expect("a file");
    fs::create_dir(sandbox.path().join(LAST_CHECK)).expect("a folder");
    for _ in 0..2 {
        let gate = run(&sandbox, &["check"]).expect(2);
        assert!(gate.stdout.contains("Version 3."), "{}", gate.stdout);
        assert!(gate.stderr.contains("is not kept"), "{}", gate.stderr);
    }
}
