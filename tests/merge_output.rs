//! Where a merge writes, over what it never writes, and what it says of that.

#[path = "support/branches.rs"]
mod branches;
mod support;

use branches::{accepted, describe, saved, server, with};
use support::{Run, Sandbox};

/// Two branches that joined without a conflict, and the file with what they come to.
fn branched() -> Sandbox {
    let sandbox = Sandbox::new();
    let base = saved(&server());
    let one = accepted(&base, &with(describe(0, "One.")), "2026-02-01T00:00:00Z");
    let two = accepted(&base, &with(describe(1, "Two.")), "2026-03-01T00:00:00Z");
    sandbox.write("base.json", &base);
    sandbox.write("ours.json", &one);
    sandbox.write("theirs.json", &two);
    sandbox
}

fn merge(sandbox: &Sandbox, more: &[&str]) -> Run {
    let merge = ["baseline", "merge", "base.json", "ours.json", "theirs.json"];
    let by = ["--accepted-by", "Eve <eve@example.com>"];
    sandbox.run(&[&merge[..], &by, more].concat())
}

#[test]
fn no_other_file_is_written_over() {
    let sandbox = branched();
    let other = accepted(
        &saved(&with(describe(2, "Other."))),
        &with(describe(2, "Another.")),
        "2026-01-01T00:00:00Z",
    );
    let capture = r#"{"tools": []}"#;
    for (held, why) in [
        (other.as_str(), "is in none of the files that are merged"),
        (&saved(&with(describe(2, "Other."))), "another surface"),
        (capture, "is no baseline"),
        ("notes of mine\n", "is no baseline"),
        (&other[..other.len() / 2], "is no baseline"),
    ] {
        sandbox.write("out.json", held);
        let run = merge(&sandbox, &["--output", "out.json"]).expect(4);
        let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [
            why,
            "name another file with --output",
            "`out.json` is as it was",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
        assert_eq!(sandbox.read("out.json"), held);
    }
}

#[test]
fn what_belongs_to_the_merge_is_written_over() {
    let sandbox = branched();
    let [base, ours, theirs] = ["base.json", "ours.json", "theirs.json"].map(|f| sandbox.read(f));
    let marked = format!("<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n");
    for held in [&base, &ours, &theirs, &marked, &String::new()] {
        sandbox.write("out.json", held);
        let run = merge(&sandbox, &["--output", "out.json"]).expect(0);
        assert_eq!(run.stdout, "joined both baselines in out.json\n");
        // Once more: the entry of the first merge is no decision that would be lost.
        merge(&sandbox, &["--output", "out.json"]).expect(0);
    }
    for side in ["./theirs.json", "base.json"] {
        merge(&sandbox, &["--output", side]).expect(0);
        assert!(sandbox.read(side).contains("\"merged\""));
        sandbox.write("theirs.json", &theirs);
        sandbox.write("base.json", &base);
    }
    merge(&sandbox, &["--output", "new/out.json"]).expect(0);
}

#[test]
fn a_conflict_names_the_file_that_was_to_be_written() {
    let sandbox = branched();
    let again = accepted(
        &sandbox.read("base.json"),
        &with(describe(0, "Another.")),
        "2026-03-01T00:00:00Z",
    );
    sandbox.write("theirs.json", &again);
    let run = merge(&sandbox, &["--output", "out.json"]).expect(4);
    let command = "merge base.json ours.json theirs.json --output out.json --prefer ours";
    let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(command), "{}", run.stderr);
    assert!(said.contains("there is no `out.json`"), "{}", run.stderr);
    let run = merge(&sandbox, &[]).expect(4);
    assert!(
        run.stderr.contains("`ours.json` is as it was"),
        "{}",
        run.stderr
    );
    let run = merge(&sandbox, &["--path", "kept/x.json"]).expect(4);
    assert!(run.stderr.contains("OURS is as it was"), "{}", run.stderr);
}

#[test]
fn the_name_that_git_hands_over_is_spelled_out() {
    let sandbox = branched();
    let run = merge(&sandbox, &["--path", "\u{1b}[2Jevil\nexit 0: fine"]).expect(0);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
}

#[test]
fn a_merge_that_changes_nothing_says_so() {
    let sandbox = branched();
    merge(&sandbox, &[]).expect(0);
    let joined = sandbox.read("ours.json");
    let run = merge(&sandbox, &[]).expect(0);
    assert!(
        run.stdout.starts_with("nothing to join: ours.json"),
        "{}",
        run.stdout
    );
    assert_eq!(sandbox.read("ours.json"), joined);
}

#[test]
fn what_the_typescript_bellwether_wrote_is_not_merged_even_where_one_side_is_the_base() {
    let sandbox = Sandbox::new();
    let old = r#"{"version": "2.1.0", "server": {"name": "lamp", "version": "1.0.0", "protocolVersion": "2025-11-25", "capabilities": []},
        "capabilities": {"tools": []}}"#;
    let newer = old.replace("1.0.0", "1.1.0");
    for (ours, theirs) in [(old, newer.as_str()), (&newer, old), (old, old)] {
        sandbox.write("base.json", old);
        sandbox.write("ours.json", ours);
        sandbox.write("theirs.json", theirs);
        let run = merge(&sandbox, &[]).expect(4);
        assert!(
            run.stderr.contains("the TypeScript bellwether wrote"),
            "{}",
            run.stderr
        );
        assert_eq!(sandbox.read("ours.json"), ours);
    }
}

#[test]
fn a_side_that_is_empty_is_not_to_be_deleted() {
    let sandbox = branched();
    sandbox.write("ours.json", "");
    let run = merge(&sandbox, &[]).expect(4);
    assert!(run.stderr.contains("git checkout"), "{}", run.stderr);
    assert!(!run.stderr.contains("delete"), "{}", run.stderr);
}
