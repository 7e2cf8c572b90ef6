//! The catalogue: every rule has an example, every example shows its rule, and one rule judges each change.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bellwether::baseline::Source;
use bellwether::diff::{Behaviour, Comparison, Limits, Sighting, behaviour, compare, expired};
use bellwether::json::parse;
use bellwether::policy::{Ignores, Subject, judge};
use bellwether::report::{Report, Severity, Target};
use bellwether::rules::{self, Grade};
use bellwether::surface::Surface;
use support::Sandbox;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules")
}

fn source(path: &Path) -> Source {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Source::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example(id: &str) -> (Source, Source) {
    let folder = fixtures().join(id);
    (
        source(&folder.join("before.json")),
        source(&folder.join("after.json")),
    )
}

/// What differs in two files, and in what they say a server was seen doing.
fn compared(old: &Source, new: &Source, limits: &Limits) -> (Comparison, Behaviour) {
    let before = Sighting::of_file(&old.surface, old.observed.as_ref());
    let after = Sighting::of_file(&new.surface, new.observed.as_ref());
    (
        compare(&old.surface, &new.surface),
        behaviour(Some(before), after, limits),
    )
}

/// The report on an example, with what some rules need the user to have set.
fn judged(old: &Source, new: &Source) -> Report {
    report(compared_late(old, new))
}

/// What differs on a day on which what was accepted for a time has run out.
fn compared_late(old: &Source, new: &Source) -> (Comparison, Behaviour) {
    let (comparison, mut behaviour) = compared(old, new, &rules::limits_of_examples());
    let due = old.trail.due(rules::DAY_OF_EXAMPLES);
    behaviour.changes.extend(expired(&due));
    (comparison, behaviour)
}

fn report((comparison, behaviour): (Comparison, Behaviour)) -> Report {
    let target = Target {
        name: "default".to_owned(),
        ..Target::default()
    };
    let subject = Subject {
        target,
        comparison: Some(comparison),
        behaviour,
        ..Subject::default()
    };
    judge(vec![subject], &Ignores::default())
}

#[test]
fn every_rule_has_an_example_and_every_example_a_rule() {
    let folders: BTreeSet<String> = std::fs::read_dir(fixtures())
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    let ids: BTreeSet<String> = rules::ids().into_iter().map(str::to_owned).collect();
    assert_eq!(folders, ids);
}

#[test]
fn ids_are_unique_and_texts_are_whole() {
    let ids = rules::ids();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
    for rule in rules::all() {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.id.chars().all(kebab), "{}", rule.id);
        assert!(
            !rule.title.is_empty() && !rule.title.ends_with('.'),
            "{}",
            rule.id
        );
        assert!(
            rule.why.ends_with('.') && rule.why.len() <= 1024,
            "{}",
            rule.id
        );
        assert!(rule.next.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn each_example_yields_its_rule() {
    for id in rules::ids() {
        let (old, new) = example(id);
        let found = judged(&old, &new).findings;
        assert!(
            found.iter().any(|finding| finding.rule == id),
            "{id}: {:?}",
            found.iter().map(|finding| finding.rule).collect::<Vec<_>>()
        );
    }
}

#[test]
fn exactly_one_rule_judges_each_change() {
    for id in rules::ids() {
        let (old, new) = example(id);
        let both = [compared_late(&old, &new), compared_late(&new, &old)];
        let changes = both.into_iter().flat_map(|(comparison, behaviour)| {
            comparison.changes.into_iter().chain(behaviour.changes)
        });
        for change in changes {
            let judges: Vec<_> = rules::all()
                .filter(|rule| (rule.applies)(&change))
                .map(|rule| rule.id)
                .collect();
            assert_eq!(
                judges.len(),
                1,
                "{id}: {:?} is judged by {judges:?}",
                change.what
            );
        }
    }
}

#[test]
fn nothing_drifts_from_itself() {
    for id in rules::ids() {
        let (old, new) = example(id);
        for side in [old, new] {
            let same = compared(&side, &side, &Limits::default());
            let nothing = Comparison {
                complete: true,
                ..Comparison::default()
            };
            assert_eq!(same, (nothing, Behaviour::default()), "{id}");
        }
    }
}

#[test]
fn all_findings_of_all_examples() {
    let mut text = String::new();
    for id in rules::ids() {
        let (old, new) = example(id);
        let report = judged(&old, &new);
        writeln!(text, "{id}").expect("a string");
        for finding in &report.findings {
            let place = format!("{}{}", finding.place.at, finding.place.pointer);
            writeln!(
                text,
                "  {}[{}] {place}: {}",
                finding.severity.name(),
                finding.rule,
                finding.message
            )
            .expect("a string");
        }
        for same in &report.equivalences {
            writeln!(
                text,
                "  same {}{}: {}",
                same.place.at, same.place.pointer, same.reason
            )
            .expect("a string");
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_page_is_the_catalogue() {
    holds("docs/rules.md", &page());
}

#[test]
fn the_program_carries_every_example() {
    let mut text = String::from(
        "//! The example of each rule, for `explain`. Written by `UPDATE=1 cargo test --test rules`.\n\n\
         /// The id of a rule, and the two captures of its example.\n\
         #[rustfmt::skip]\n\
         pub(super) static EXAMPLES: &[(&str, &str, &str)] = &[\n",
    );
    for id in rules::ids() {
        let file = |side| format!("include_str!(\"../../fixtures/rules/{id}/{side}.json\")");
        writeln!(
            text,
            "    (\"{id}\", {}, {}),",
            file("before"),
            file("after")
        )
        .expect("a string");
    }
    text.push_str("];\n");
    holds("src/rules/examples.rs", &text);
}

/// Holds a generated file to its text, or writes it.
fn holds(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).expect("the file");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "{name} is out of date: UPDATE=1 cargo test --test rules"
    );
}

fn page() -> String {
    let mut page = String::from(
        "# Rules\n\nWhat bellwether finds, how bad it is by default, who is hurt, and what to do. This page is written from the\n\
         catalogue (`UPDATE=1 cargo test --test rules`); `bellwether explain RULE` shows the same for one rule.\n\n\
         | rule | default | what |\n|---|---|---|\n",
    );
    for rule in rules::all() {
        let star = if matches!(rule.severity, Grade::Mostly(..)) {
            " *"
        } else {
            ""
        };
        let (id, severity, title) = (rule.id, rule.severity.usual().name(), rule.title);
        writeln!(page, "| [{id}](#{id}) | {severity}{star} | {title} |").expect("a string");
    }
    page.push_str("\n\\* another severity where the details of the change say so\n");
    for rule in rules::all() {
        let (old, new) = example(rule.id);
        let report = judged(&old, &new);
        let finding = report
            .findings
            .iter()
            .find(|finding| finding.rule == rule.id)
            .expect("its example yields it");
        let place = format!("{}{}", finding.place.at, finding.place.pointer);
        let (id, title, why, next, since) = (rule.id, rule.title, rule.why, rule.next, rule.since);
        write!(
            page,
            "\n## {id}\n\n{title} · {usual} by default · since {since}\n\n{why} {next}\n\n\
             [before](../fixtures/rules/{id}/before.json) · [after](../fixtures/rules/{id}/after.json)\n\n\
             ```text\n{severity}[{id}]: {message}\n  --> {place}\n```\n",
            usual = rule.severity.usual().name(),
            severity = finding.severity.name(),
            message = finding.message,
        )
        .expect("a string");
    }
    page
}

#[test]
fn no_rule_is_newer_than_its_catalogue() {
    let numbers = |version: &str| -> Vec<u64> {
        let number = |part: &str| part.parse().expect("a number");
        version.split('.').map(number).collect()
    };
    let catalogue = numbers(rules::CATALOGUE_VERSION);
    assert!(catalogue <= numbers(env!("CARGO_PKG_VERSION")));
    let since = rules::all().map(|rule| rule.since);
    for since in since.chain(rules::RETIRED.iter().map(|rule| rule.since)) {
        assert!(numbers(since) <= catalogue, "{since}");
    }
}

#[test]
fn the_command_lists_and_explains() {
    let sandbox = Sandbox::new();
    let listed = sandbox.run(&["rules", "--format", "json"]).expect(0).json();
    let ids: Vec<_> = listed["rules"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|rule| rule["id"].clone())
        .collect();
    assert_eq!(ids.len(), rules::all().count());
    assert!(
        sandbox
            .run(&["rules"])
            .expect(0)
            .stdout
            .contains("tool-removed")
    );
    let explained = sandbox.run(&["explain", "tool-removed"]).expect(0).stdout;
    assert!(explained.contains("breaking by default"), "{explained}");
    assert!(
        explained.contains("before  {\"name\":\"return_book\"")
            && explained.contains("after   nothing")
            && explained.contains("finds   `return_book` was removed"),
        "{explained}"
    );
    let unknown = sandbox.run(&["explain", "tool-remved"]).expect(4).stderr;
    assert!(unknown.contains("did you mean `tool-removed`"), "{unknown}");
    assert!(
        sandbox
            .run(&["explain", "weather"])
            .expect(4)
            .stderr
            .contains("bellwether rules")
    );
}

#[test]
fn every_explanation_shows_an_example() {
    let sandbox = Sandbox::new();
    for id in rules::ids() {
        let explained = sandbox.run(&["explain", id]).expect(0).stdout;
        let shown = ["example    finds   ", "at      "];
        assert!(
            shown.iter().all(|label| explained.contains(label)),
            "{explained}"
        );
        let longest = explained.lines().map(|line| line.chars().count()).max();
        assert!(
            explained.lines().count() < 25 && longest < Some(1_000),
            "{id}"
        );
    }
}

#[test]
fn the_ignore_that_an_explanation_shows_matches_its_example() {
    let sandbox = Sandbox::new();
    for id in [
        "tool-removed",
        "all-tools-removed",
        "capability-added",
        "instructions-changed",
        "prompt-removed",
        "resource-removed",
        "resource-template-removed",
        "server-name-changed",
        "transport-changed",
    ] {
        let explained = sandbox.run(&["explain", id]).expect(0).stdout;
        let (_, ignore) = explained.split_once("ignore it  ").expect("an ignore");
        sandbox.write("ignoring.yaml", ignore);
        let folder = fixtures().join(id);
        let (before, after) = (folder.join("before.json"), folder.join("after.json"));
        let files = [&before, &after].map(|path| path.to_str().expect("UTF-8"));
        let args = [
            "diff",
            "--config",
            "ignoring.yaml",
            "--format",
            "json",
            files[0],
            files[1],
        ];
        let report = sandbox.run(&args).json();
        let ignored = report["ignored"].as_array().expect("a list");
        assert!(
            ignored.iter().any(|finding| finding["rule"] == id),
            "{ignore}\n{report}"
        );
    }
}

#[test]
fn severities_reach_the_exit_code() {
    let sandbox = Sandbox::new();
    for (id, code) in [
        ("tool-removed", 3),
        ("tool-description-claim-changed", 2),
        ("server-version-changed", 1),
    ] {
        let folder = fixtures().join(id);
        let path = |name: &str| folder.join(name).display().to_string();
        let (before, after) = (path("before.json"), path("after.json"));
        sandbox
            .run(&["diff", &before, &after, "--format", "json"])
            .expect(code);
        sandbox
            .run(&["diff", &before, &before, "--format", "json"])
            .expect(0);
        let below = sandbox
            .run(&[
                "diff",
                &before,
                &after,
                "--format",
                "json",
                "--fail-on-severity",
                "none",
            ])
            .expect(0)
            .json();
        let decided = below["verdict"]["decidedBy"]
            .as_str()
            .expect("a text")
            .to_owned();
        assert!(
            decided.ends_with("below --fail-on-severity none"),
            "{decided}"
        );
    }
    assert_eq!(Severity::Breaking.name(), "breaking");
}

#[test]
fn unions_that_lead_to_each_other_are_judged_all_the_same() {
    let definitions = |last: &str| {
        let mut all = serde_json::Map::new();
        for level in 0..60 {
            let next = serde_json::json!({"$ref": format!("#/$defs/d{}", level + 1)});
            let union =
                serde_json::json!({"anyOf": [next, next, {"type": "array", "items": next}]});
            all.insert(format!("d{level}"), union);
        }
        all.insert("d60".to_owned(), serde_json::json!({"type": last}));
        let schema = serde_json::json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": all});
        let document = serde_json::json!({"tools": [{"name": "t", "inputSchema": schema}]});
        let json = parse(&document.to_string()).expect("JSON");
        Surface::from_document(&json).expect("a surface")
    };
    let comparison = compare(&definitions("string"), &definitions("integer"));
    let report = report((comparison, Behaviour::default()));
    assert_eq!(report.verdict.severity, Some(Severity::Breaking));
}
