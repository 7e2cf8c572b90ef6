//! Real git merges baselines, with and without the driver.

#[path = "support/branches.rs"]
mod branches;
mod support;

use std::path::Path;
use std::process::Command;

use bellwether::baseline::trail::Action;
use bellwether::baseline::{Baseline, Volatile, verify};
use branches::{accepted, describe, saved, server, surface, with};
use serde_json::{Value, json};
use support::Sandbox;

const BASELINE: &str = ".bellwether/bellwether-baseline.json";

/// A repository with a baseline on `main`.
struct Repository {
    sandbox: Sandbox,
}

impl Repository {
    /// Nothing where there is no git.
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn new(base: &str) -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("skipped: there is no git here");
            return None;
        }
        let sandbox = Sandbox::new();
        let repository = Self { sandbox };
        repository.git("init -q -b main");
        repository.git("config user.name Ada");
        repository.git("config user.email ada@example.com");
        repository.sandbox.write("README", "lamp\n");
        repository.commit(base);
        Some(repository)
    }

    /// A shell line in the repository, with git's own settings and the binary in the path.
    fn shell(&self, line: &str) -> (bool, String) {
        let binary = Path::new(env!("CARGO_BIN_EXE_bellwether"));
        let folder = binary.parent().expect("a folder");
        let path = std::env::var("PATH").expect("a path");
        let output = Command::new("sh")
            .args(["-ec", line])
            .current_dir(self.sandbox.path())
            .env("PATH", format!("{}:{path}", folder.display()))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_EDITOR", "true")
            .env_remove("GITHUB_ACTOR")
            .env_remove("GITLAB_USER_LOGIN")
            .output()
            .expect("a shell");
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        (output.status.success(), said.into_owned())
    }

    #[track_caller]
    fn git(&self, args: &str) -> String {
        let (succeeds, said) = self.shell(&format!("git {args}"));
        assert!(succeeds, "git {args}: {said}");
        said
    }

    /// What git says of a conflict.
    #[track_caller]
    fn conflict(&self, args: &str) -> String {
        let (succeeds, said) = self.shell(&format!("git {args}"));
        assert!(!succeeds, "git {args}: {said}");
        let status = self.git("status --porcelain");
        let unmerged = ["UU", "AA"].map(|mark| format!("{mark} {BASELINE}"));
        assert!(
            unmerged.iter().any(|line| status.contains(line)),
            "{status}"
        );
        said
    }

    fn commit(&self, baseline: &str) {
        self.sandbox.write(BASELINE, baseline);
        self.git("add -A");
        self.git("commit -q -m state");
    }

    /// A branch of `main` with this baseline; `main` is checked out again.
    fn branch(&self, name: &str, baseline: &str) {
        self.git(&format!("checkout -q -b {name} main"));
        self.commit(baseline);
        self.git("checkout -q main");
    }

    /// The two lines that the documentation gives, as they stand there.
    fn with_driver(self) -> Self {
        let (succeeds, said) = self.shell(&documented("It takes two lines"));
        assert!(succeeds, "{said}");
        assert_eq!(said, "");
        self.git("add -A");
        self.git("commit -q -m attributes");
        self
    }

    fn baseline(&self) -> String {
        self.sandbox.read(BASELINE)
    }

    /// A baseline that is whole, without any unreviewed change, and what git has nothing to say about.
    #[track_caller]
    fn merged(&self) -> Baseline {
        assert_eq!(self.git("status --porcelain"), "");
        let text = self.baseline();
        let verified = verify(&text);
        assert!(
            verified.is_whole() && verified.unreviewed.is_empty(),
            "{verified:?}"
        );
        Baseline::parse(&text).expect("a baseline")
    }
}

/// The first shell lines in the documentation after some words.
fn documented(words: &str) -> String {
    let page = include_str!("../docs/baseline.md");
    let (_, after) = page.split_once(words).expect("it says so");
    let (_, block) = after.split_once("```sh\n").expect("shell lines");
    let (block, _) = block.split_once("```").expect("an end");
    block.to_owned()
}

/// What both branches begin with: one decision.
fn base() -> String {
    accepted(
        &saved(&with(describe(0, "Was."))),
        &server(),
        "2026-01-01T00:00:00Z",
    )
}

fn ours() -> String {
    accepted(&base(), &with(describe(0, "One.")), "2026-02-01T00:00:00Z")
}

fn theirs() -> String {
    accepted(&base(), &with(describe(1, "Two.")), "2026-03-01T00:00:00Z")
}

/// Both branches changed the same tool.
fn clashing() -> String {
    accepted(&base(), &with(describe(0, "Two.")), "2026-03-01T00:00:00Z")
}

fn actions(baseline: &Baseline) -> Vec<&'static str> {
    let entries = baseline.trail.entries.iter();
    entries.map(|entry| entry.action.name()).collect()
}

/// Both branches are made, and `ours` is checked out.
fn two(ours: &str, theirs: &str) -> Option<Repository> {
    let repository = Repository::new(&base())?.with_driver();
    repository.branch("ours", ours);
    repository.branch("theirs", theirs);
    repository.git("checkout -q ours");
    Some(repository)
}

#[test]
fn two_branches_are_joined_by_the_documented_driver() {
    let Some(repository) = two(&ours(), &theirs()) else {
        return;
    };
    repository.git("merge -q --no-edit theirs");
    let merged = repository.merged();
    assert_eq!(
        actions(&merged),
        ["accepted", "accepted", "accepted", "merged"]
    );
    let last = &merged.trail.entries[3];
    assert_eq!(
        (last.by.as_str(), last.by_source.as_str()),
        ("Ada <ada@example.com>", "git")
    );
    let text = repository.baseline();
    assert!(text.contains("One.") && text.contains("Two."), "{text}");
    // A folder below is no other case.
    repository.git("reset -q --hard ours@{1}");
    repository.sandbox.write("below/file", "");
    let (succeeds, said) = repository.shell("cd below; git merge -q --no-edit theirs");
    assert!(succeeds, "{said}");
    assert_eq!(
        actions(&Baseline::parse(&repository.baseline()).expect("whole")),
        actions(&merged)
    );
}

#[test]
fn three_branches_and_those_that_were_merged_crosswise_are_joined() {
    let Some(repository) = two(&ours(), &theirs()) else {
        return;
    };
    let third = accepted(
        &base(),
        &with(describe(2, "Three.")),
        "2026-02-15T00:00:00Z",
    );
    repository.git("checkout -q main");
    repository.branch("third", &third);
    repository.git("checkout -q ours");
    repository.git("branch before");
    repository.git("merge -q --no-edit theirs");
    repository.git("merge -q --no-edit third");
    let times = |baseline: &Baseline| -> Vec<String> {
        let decided = baseline.trail.entries.iter();
        let decided = decided.filter(|entry| entry.action != Action::Merged);
        decided.map(|entry| entry.at[5..10].to_owned()).collect()
    };
    let merged = repository.merged();
    assert_eq!(times(&merged), ["01-01", "02-01", "02-15", "03-01"]);
    repository.git("checkout -q theirs");
    repository.git("merge -q --no-edit before");
    repository.git("merge -q --no-edit ours");
    assert_eq!(times(&repository.merged()), times(&merged));
    assert_eq!(repository.merged().surface, merged.surface);
}

#[test]
fn a_rebase_carries_decisions_along() {
    let Some(repository) = two(&ours(), &theirs()) else {
        return;
    };
    repository.git("checkout -q theirs");
    let again = with(|server| {
        describe(1, "Two.")(server);
        describe(2, "Two again.")(server);
    });
    repository.commit(&accepted(&theirs(), &again, "2026-04-01T00:00:00Z"));
    repository.git("rebase -q ours");
    let merged = repository.merged();
    assert_eq!(
        actions(&merged),
        [
            "accepted", "accepted", "accepted", "accepted", "merged", "merged"
        ]
    );
    let text = repository.baseline();
    assert!(
        text.contains("One.") && text.contains("Two again."),
        "{text}"
    );
}

#[test]
fn what_follows_a_decision_that_is_not_here_is_no_cherry_to_pick() {
    let Some(repository) = two(&ours(), &theirs()) else {
        return;
    };
    repository.git("cherry-pick theirs");
    assert_eq!(actions(&repository.merged()).last(), Some(&"merged"));
    repository.git("reset -q --hard ours@{1}");
    repository.git("checkout -q theirs");
    let again = with(|server| {
        describe(1, "Two.")(server);
        describe(2, "Two again.")(server);
    });
    repository.commit(&accepted(&theirs(), &again, "2026-04-01T00:00:00Z"));
    repository.git("checkout -q ours");
    let said = repository.conflict("cherry-pick theirs");
    assert!(said.contains("OURS lacks entry 2"), "{said}");
    assert_eq!(repository.baseline(), ours());
    repository.git("cherry-pick --abort");
    // Taking an earlier decision back is no decision.
    let more = with(|server| {
        describe(0, "One.")(server);
        describe(2, "More.")(server);
    });
    let later = accepted(&ours(), &more, "2026-05-01T00:00:00Z");
    repository.commit(&later);
    let said = repository.conflict("revert --no-edit HEAD~1");
    assert!(
        said.contains("THEIRS lacks entry 2") && said.contains("baseline restore"),
        "{said}"
    );
    assert_eq!(repository.baseline(), later);
}

#[test]
fn a_tool_that_both_added_is_joined_where_it_is_the_same() {
    let adding = |tool: usize, text: &str, added: &str, at: &str| {
        let added = json!({ "name": "glow", "description": added });
        let now = with(|server| {
            describe(tool, text)(server);
            server["tools"]
                .as_array_mut()
                .expect("tools")
                .push(added.clone());
        });
        accepted(&base(), &now, at)
    };
    let one = adding(0, "One.", "Glows.", "2026-02-01T00:00:00Z");
    let Some(repository) = two(&one, &adding(1, "Two.", "Glows.", "2026-03-01T00:00:00Z")) else {
        return;
    };
    repository.git("merge -q --no-edit theirs");
    assert_eq!(
        repository
            .merged()
            .surface
            .items(bellwether::surface::List::Tools)
            .len(),
        4
    );
    let Some(repository) = two(&one, &adding(1, "Two.", "Shines.", "2026-03-01T00:00:00Z")) else {
        return;
    };
    let said = repository.conflict("merge -q --no-edit theirs");
    assert!(
        said.contains("both sides changed `tools/glow`, each"),
        "{said}"
    );
    assert!(
        said.contains(&format!("could not merge `{BASELINE}`")),
        "{said}"
    );
    assert!(!said.contains(".merge_file"), "{said}");
    assert_eq!(repository.baseline(), one);
}

#[test]
fn a_conflict_is_settled_by_the_documented_lines_and_loses_no_decision() {
    let removed = with(|server| {
        server["tools"].as_array_mut().expect("tools").remove(0);
    });
    let removed = accepted(&base(), &removed, "2026-03-01T00:00:00Z");
    for theirs in [clashing(), removed] {
        for has_driver in [true, false] {
            let Some(repository) = two(&ours(), &theirs) else {
                return;
            };
            if !has_driver {
                repository.git("config --unset merge.bellwether.driver");
            }
            let said = repository.conflict("merge -q --no-edit theirs");
            assert!(
                !has_driver || said.contains("changed `tools/ask`, each"),
                "{said}"
            );
            let (succeeds, said) = repository.shell(&documented("### A conflict"));
            assert!(succeeds, "{said}");
            assert!(said.contains("`tools/ask`, taken from OURS"), "{said}");
            repository.git("commit -q --no-edit");
            let merged = repository.merged();
            assert_eq!(
                actions(&merged),
                ["accepted", "accepted", "accepted", "merged"]
            );
            assert!(
                merged.trail.entries[3]
                    .reason
                    .contains("tools/ask, taken from OURS")
            );
            assert_eq!(
                merged.surface,
                Baseline::parse(&ours()).expect("whole").surface
            );
        }
    }
}

#[test]
fn what_was_saved_by_force_and_what_changes_by_itself_come_along() {
    let forced = with(|server| {
        describe(1, "By force.")(server);
    });
    let forced = Baseline::render_keeping(&base(), &surface(&forced), None).expect("complete");
    let Some(repository) = two(&ours(), &forced) else {
        return;
    };
    repository.git("merge -q --no-edit theirs");
    let verified = verify(&repository.baseline());
    assert!(verified.is_whole(), "{verified:?}");
    assert_eq!(verified.unreviewed.len(), 1);
    assert!(repository.baseline().contains("One."));

    let mark = |text: &str, tool: usize| {
        let here = Baseline::parse(text).expect("whole").surface;
        let volatile = Volatile::between(&surface(&server()), &surface(&with(describe(tool, "!"))));
        Baseline::render_marking(text, &here, None, &volatile.expect("a text")).expect("complete")
    };
    let Some(repository) = two(&mark(&ours(), 2), &mark(&base(), 1)) else {
        return;
    };
    repository.git("merge -q --no-edit theirs");
    let merged = repository.merged();
    let places: Vec<_> = merged.volatile.places().map(|place| place.at).collect();
    assert_eq!(places, ["tools/dim", "tools/switch"]);
    assert_eq!(actions(&merged), ["accepted", "accepted"]);
}

#[test]
fn a_baseline_that_each_branch_made_by_itself_is_joined() {
    let Some(repository) = Repository::new("") else {
        return;
    };
    repository.git(&format!("rm -q {BASELINE}"));
    repository.git("commit -q -m none");
    let repository = repository.with_driver();
    let more =
        |server: &mut Value| server["prompts"] = json!([{ "name": "poem" }, { "name": "song" }]);
    repository.branch("ours", &saved(&server()));
    repository.branch("theirs", &saved(&with(more)));
    repository.branch("other", &saved(&with(describe(0, "Other."))));
    repository.git("checkout -q ours");
    repository.git("merge -q --no-edit theirs");
    assert_eq!(repository.baseline(), saved(&with(more)));
    let said = repository.conflict("merge -q --no-edit other");
    assert!(said.contains("changed `tools/ask`, each"), "{said}");
}

#[test]
fn other_line_ends_in_the_work_tree_are_no_change() {
    let Some(repository) = two(&ours(), &theirs()) else {
        return;
    };
    repository.git("config core.autocrlf true");
    repository.git("rm -q --cached -r .");
    repository.git("reset -q --hard");
    assert!(repository.baseline().contains("\r\n"));
    repository.git("merge -q --no-edit theirs");
    assert!(repository.baseline().contains("\r\n"));
    assert_eq!(repository.merged().trail.entries.len(), 4);
}

#[test]
fn a_damaged_side_never_comes_in() {
    let edited = theirs().replace("decided at 2026-03-01", "decided on 2026-03-01");
    let unknown = theirs().replacen("{\n", "{\n  \"extra\": 1,\n", 1);
    let Some(repository) = two(&ours(), &edited) else {
        return;
    };
    for text in [edited, unknown] {
        repository.git("checkout -q theirs");
        repository.sandbox.write(BASELINE, &text);
        repository.git("commit -q -a --allow-empty -m damaged");
        repository.git("checkout -q ours");
        let said = repository.conflict("merge -q --no-edit theirs");
        assert!(said.contains("`THEIRS` is damaged"), "{said}");
        assert!(said.contains(&format!("git show :3:{BASELINE}")), "{said}");
        assert_eq!(repository.baseline(), ours());
        repository.git("merge --abort");
    }
}

#[test]
fn every_command_refuses_conflict_markers_and_names_the_merge() {
    let Some(repository) = two(&ours(), &theirs()) else {
        return;
    };
    let sandbox = &repository.sandbox;
    sandbox.write("now.json", &with(describe(2, "New.")).to_string());
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox.run(&["check"]).expect(1);
    repository.git("config --unset merge.bellwether.driver");
    repository.conflict("merge -q --no-edit theirs");
    let marked = repository.baseline();
    let line = 1 + marked
        .lines()
        .position(|line| line.starts_with("<<<<<<<"))
        .expect("a marker");
    let commands = [
        "check",
        "check --accept-drift --accept-reason x",
        "diff .bellwether/bellwether-baseline.json now.json",
        "docs",
        "baseline accept --reason x",
        "baseline accept --reason x --force --refresh",
        "baseline compare now.json .bellwether/bellwether-baseline.json",
        "baseline diff",
        "baseline log",
        "baseline restore 1 --reason x",
        "baseline restore 1 --reason x --force",
        "baseline save",
        "baseline save --force",
        "baseline save --force --captures 1",
        "baseline save --force --from now.json",
        "baseline show",
        "baseline verify",
    ];
    for command in commands {
        let args: Vec<_> = command.split(' ').collect();
        let run = sandbox.run(&args);
        let said = format!("{command}\n{}{}", run.stdout, run.stderr);
        assert_eq!(run.code, 4, "{said}");
        assert!(said.contains("bellwether baseline merge"), "{said}");
        let told = [format!("line {line}"), format!("json:{line}:1")];
        assert!(told.iter().any(|told| said.contains(told)), "{said}");
        assert_eq!(repository.baseline(), marked, "{said}");
    }
    // The lines that are given join both, from the folder where they were given.
    let said = sandbox.run(&["baseline", "show"]).stderr;
    let (_, given) = said.split_once("item by item: ").expect("lines");
    let (given, _) = given.split_once("\n\n").expect("an end");
    let given = given.split_whitespace().collect::<Vec<_>>().join(" ");
    let (succeeds, said) =
        repository.shell(&given.replace(", then", ";").replace(", git", "; git"));
    assert!(succeeds, "{said}");
    assert!(verify(&repository.baseline()).is_whole());
    sandbox.run(&["check"]).expect(1);
}
