//! A run that is killed while it writes leaves the old file or the new one, and nothing that piles up.
#![cfg(unix)]

mod support;

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use bellwether::baseline::Baseline;
use support::Sandbox;

const BASELINE: &str = ".bellwether/bellwether-baseline.json";
const TIMES: usize = 40;

/// A server with enough tools for the file to take a while, each of them different from one version to the next.
fn capture(version: u32) -> String {
    let mut tools = String::new();
    for number in 0..200 {
        let comma = if number == 0 { "" } else { "," };
        write!(
            tools,
            r#"{comma}{{"name":"tool_{number}","description":"Does the {number}th thing, version {version}.",
                "inputSchema":{{"type":"object","properties":{{"a":{{"type":"string"}},"b":{{"type":"integer"}}}}}}}}"#
        )
        .expect("a string");
    }
    format!(r#"{{"tools":[{tools}]}}"#)
}

/// A length of time that nobody can foresee, up to this one.
fn up_to(longest: Duration) -> Duration {
    let drawn = RandomState::new().hash_one(0_u8);
    longest.mul_f64(f64::from((drawn >> 40) as u32) / f64::from(1_u32 << 24))
}

fn temporary(sandbox: &Sandbox) -> usize {
    let entries = std::fs::read_dir(sandbox.path().join(".bellwether")).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .filter(|name| name.to_string_lossy().ends_with(".tmp"))
        .count()
}

/// Runs a command and kills it: at some moment within this time, or else as soon as there is one more temporary file.
///
/// The moment is the subject here: any is right.
fn run_and_kill(sandbox: &Sandbox, command: &[&str], within: Option<Duration>, left: usize) {
    let mut child = sandbox
        .command(command)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the binary runs");
    if let Some(longest) = within {
        std::thread::sleep(up_to(longest));
    } else {
        while child.try_wait().expect("a child").is_none() && temporary(sandbox) == left {
            std::hint::spin_loop();
        }
    }
    child.kill().expect("killed, or done already");
    child.wait().expect("ended");
}

#[test]
fn a_killed_save_leaves_the_old_file_or_the_new_one() {
    let sandbox = Sandbox::new();
    sandbox.write("one.json", &capture(1));
    sandbox.write("two.json", &capture(2));
    let save = |from| ["baseline", "save", "--force", "--quiet", "--from", from];
    let texts = ["one.json", "two.json"].map(|from| {
        sandbox.run(&save(from)).expect(0);
        sandbox.read(BASELINE)
    });
    assert_ne!(texts[0], texts[1]);
    let begin = Instant::now();
    sandbox.run(&save("one.json")).expect(0);
    let longest = begin.elapsed().mul_f64(1.2);
    let mut left = 0;
    for round in 0..TIMES {
        let from = ["two.json", "one.json"][round % 2];
        run_and_kill(
            &sandbox,
            &save(from),
            (round % 4 < 2).then_some(longest),
            left,
        );
        let held = sandbox.read(BASELINE);
        assert!(texts.contains(&held), "round {round}: half a file");
        assert!(Baseline::parse(&held).expect("a baseline").digest_matches);
        left = temporary(&sandbox);
        assert!(left <= 1, "round {round}: they pile up");
    }
    sandbox.run(&save("two.json")).expect(0);
    assert_eq!(sandbox.read(BASELINE), texts[1]);
    assert_eq!(temporary(&sandbox), 0);
}

#[test]
fn a_killed_acceptance_is_made_or_not_made() {
    let sandbox = Sandbox::new();
    sandbox.write("one.json", &capture(1));
    sandbox.write("two.json", &capture(2));
    sandbox.write("bellwether.yaml", "server: { mock: two.json }\n");
    let save = ["baseline", "save", "--quiet", "--from", "one.json"];
    sandbox.run(&save).expect(0);
    let old = sandbox.read(BASELINE);
    sandbox.run(&["check", "--quiet"]);
    let reviewed = sandbox.read(".bellwether/last-check.json");
    let accept = ["baseline", "accept", "--reason", "meant so"];
    let accept = [&accept[..], &["--accepted-by", "Ada", "--force"]].concat();
    let begin = Instant::now();
    sandbox.run(&accept).expect(0);
    let longest = begin.elapsed().mul_f64(1.2);
    let digest = |text: &str| Baseline::parse(text).expect("a baseline").digest();
    let digests = [digest(&old), digest(&sandbox.read(BASELINE))];
    assert_ne!(digests[0], digests[1]);
    let (mut left, mut made) = (0, 0);
    for round in 0..TIMES {
        sandbox.write(BASELINE, &old);
        sandbox.write(".bellwether/last-check.json", &reviewed);
        run_and_kill(&sandbox, &accept, (round % 4 < 2).then_some(longest), left);
        let held = sandbox.read(BASELINE);
        let is_made = held != old;
        made += usize::from(is_made);
        assert_eq!(
            digest(&held),
            digests[usize::from(is_made)],
            "round {round}"
        );
        sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
        left = temporary(&sandbox);
        assert!(left <= 1, "round {round}: they pile up");
    }
    assert!(made < TIMES, "no moment was early enough");
    sandbox.write(BASELINE, &old);
    sandbox.run(&accept).expect(0);
    assert_eq!(temporary(&sandbox), 0);
}

/// Kills a command that turns one file into another, and looks at what is left: the old text, or the new surface.
fn kill_again_and_again(sandbox: &Sandbox, path: &str, command: &[&str]) {
    let old = sandbox.read(path);
    let begin = Instant::now();
    sandbox.run(command).expect(0);
    let longest = begin.elapsed().mul_f64(1.2);
    let digest = |text: &str| Baseline::parse(text).expect("a baseline").digest();
    let new = digest(&sandbox.read(path));
    assert_ne!(new, digest(&old));
    let (mut left, mut made) = (0, 0);
    for round in 0..TIMES / 2 {
        sandbox.write(path, &old);
        run_and_kill(sandbox, command, (round % 4 < 2).then_some(longest), left);
        let held = sandbox.read(path);
        if held != old {
            made += 1;
            assert_eq!(digest(&held), new, "round {round}");
        }
        sandbox
            .run(&["baseline", "verify", "--strict", path])
            .expect(0);
        left = temporary(sandbox);
        assert!(left <= 1, "round {round}: they pile up");
    }
    assert!(made < TIMES / 2, "no moment was early enough");
    sandbox.write(path, &old);
    sandbox.run(command).expect(0);
    assert_eq!(temporary(sandbox), 0);
}

#[test]
fn a_killed_restore_is_made_or_not_made() {
    let sandbox = Sandbox::new();
    sandbox.write("one.json", &capture(1));
    sandbox.write("two.json", &capture(2));
    sandbox.write("bellwether.yaml", "server: { mock: two.json }\n");
    let save = ["baseline", "save", "--quiet", "--from", "one.json"];
    sandbox.run(&save).expect(0);
    let accept = [
        "check",
        "--quiet",
        "--accept-drift",
        "--accept-reason",
        "meant so",
    ];
    let accept = [&accept[..], &["--accepted-by", "Ada", "--force"]].concat();
    sandbox.run(&accept).expect(0);
    let restore = ["baseline", "restore", "0", "--reason", "not so"];
    let restore = [&restore[..], &["--accepted-by", "Ada"]].concat();
    kill_again_and_again(&sandbox, BASELINE, &restore);
}

#[test]
fn a_killed_merge_is_made_or_not_made() {
    let sandbox = Sandbox::new();
    let one = capture(1);
    let ours = one.replace("the 3th thing", "our thing");
    let theirs = one.replace("the 7th thing", "their thing");
    for (name, text) in [("base", &one), ("ours", &ours), ("theirs", &theirs)] {
        let (from, to) = (format!("{name}.json"), format!(".bellwether/{name}.json"));
        sandbox.write(&from, text);
        let save = [
            "baseline",
            "save",
            "--quiet",
            "--from",
            &from,
            "--baseline",
            &to,
        ];
        sandbox.run(&save).expect(0);
    }
    let sides = ["base", "ours", "theirs"].map(|side| format!(".bellwether/{side}.json"));
    let merge = ["baseline", "merge", &sides[0], &sides[1], &sides[2]];
    kill_again_and_again(&sandbox, &sides[1], &merge);
}
