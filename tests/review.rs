//! `baseline review`: the conversation line by line, and what it writes.

#![allow(clippy::print_stderr, reason = "a test that cannot run here says so")]

mod support;

use std::process::Command;

use bellwether::baseline::Source;
use bellwether::config::leaf;
use bellwether::diff;
use bellwether::policy::{self, Ignores, Policy};
use bellwether::report::{Report, Style, Target};
use bellwether::review::{Decisions, End, Step, Subject, Walk};
use proptest::prelude::*;
use support::{Run, Sandbox};

/// What was approved: four tools, one of which will go.
const BEFORE: &str = r#"{ "tools": [
  { "name": "legacy", "description": "Reads the old way.", "inputSchema": { "type": "object" } },
  { "name": "note", "description": "Writes a note.", "inputSchema": { "type": "object" } },
  { "name": "search", "description": "Searches the shelves.", "inputSchema": { "type": "object", "properties": { "q": { "type": "string" } } } },
  { "name": "wave", "description": "Waves.", "inputSchema": { "type": "object" } } ] }"#;

/// What the server says now. One text tries to move the cursor and to begin a line of its own.
const NOW: &str = r#"{ "tools": [
  { "name": "note", "description": "Writes a note, kindly.", "inputSchema": { "type": "object" } },
  { "name": "search", "description": "Searches \u001b[2J\n::error::the shelves.", "inputSchema": { "type": "object", "properties": { "q": { "type": "string" }, "limit": { "type": "integer" } }, "required": ["limit"] } },
  { "name": "wave", "description": "Waves a hand.", "inputSchema": { "type": "object" } } ] }"#;

/// Rules about how well things are described, which would make every conversation here longer.
const SILENT: [&str; 4] = [
    "documentation-degraded",
    "documentation-improved",
    "documentation-issue-added",
    "documentation-issue-fixed",
];

const TODAY: &str = "2026-11-21";

fn report(before: &str, now: &str) -> Report {
    let before = Source::parse(before).expect("a surface");
    let now = Source::parse(now).expect("a surface");
    let subject = policy::Subject {
        target: Target {
            name: "default".to_owned(),
            ..Target::default()
        },
        comparison: Some(diff::compare(&before.surface, &now.surface)),
        policy: Policy {
            rules: SILENT.map(|rule| (rule.to_owned(), None)).into(),
            ..Policy::default()
        },
        ..policy::Subject::default()
    };
    policy::judge(vec![subject], &Ignores::default())
}

/// The screen of a conversation with what was typed in it, and how it ended.
fn talk(report: &Report, lines: &[&str]) -> (String, Option<End>) {
    let style = Style::default();
    let subject = Subject {
        report,
        style: &style,
        config: "bellwether.yaml",
        today: TODAY,
        day: &|text| leaf::date(text),
        explain: &|rule| format!("{rule}: explained\n"),
    };
    let (mut walk, Step { mut text, mut end }) = Walk::new(subject);
    for line in lines {
        assert_eq!(end, None, "over before {line:?}: {text}");
        let step = walk.answer(&format!("{line}\n"));
        text.push_str(&format!("{line}\n{}", step.text));
        end = step.end;
    }
    (text, end)
}

#[track_caller]
fn decided(lines: &[&str]) -> Decisions {
    match talk(&report(BEFORE, NOW), lines) {
        (_, Some(End::Write(decisions))) => decisions,
        (text, end) => panic!("{end:?}\n{text}"),
    }
}

#[test]
fn a_whole_conversation() {
    let lines = [
        "",
        "what",
        "?",
        "e",
        "d",
        "a",
        "yes",
        "a",
        "breaking",
        "",
        "retired in v3",
        "maybe",
        "y",
        "b",
        "s",
        "i",
        "7",
        "1",
        "breaking",
        "",
        "known to all callers",
        "2026-02-30",
        "2026-11-20",
        "2027-03-01",
        "n",
        "a",
        "i",
        "fine as it is",
        "",
        "b",
        "s",
        "no way",
        "b",
        "a",
        "yes",
    ];
    let (text, end) = talk(&report(BEFORE, NOW), &lines);
    assert!(!text.contains('\u{1b}') && !text.contains("\n::"));
    assert!(matches!(end, Some(End::Write(_))), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_breaking_comes_first_and_needs_its_word() {
    let (text, _) = talk(&report(BEFORE, NOW), &[]);
    assert!(text.contains("1 of 4: `tools/legacy`"), "{text}");
    for wrong in ["", "y", "yes", "a", "accept", "breaking!"] {
        let (text, end) = talk(&report(BEFORE, NOW), &["a", wrong, "s", "s", "s", "s"]);
        assert!(text.contains("It was not accepted."), "{wrong}: {text}");
        assert_eq!(end, Some(End::Nothing), "{wrong}");
    }
}

#[test]
fn what_is_breaking_is_ignored_by_its_word_alone() {
    let (text, _) = talk(&report(BEFORE, NOW), &["i"]);
    assert!(text.ends_with("Type `breaking` to ignore it in every check from now on: "));
    for wrong in ["", "y", "yes", "i", "retired in v3"] {
        let (text, end) = talk(&report(BEFORE, NOW), &["i", wrong, "s", "s", "s", "s"]);
        assert!(text.contains("It was not ignored."), "{wrong}: {text}");
        assert_eq!(end, Some(End::Nothing), "{wrong}");
    }
    // Of several findings only a mild one is picked.
    let decisions = decided(&["s", "i", "2", "why", "", "n", "s", "s", "yes"]);
    assert_eq!(decisions.ignored.len(), 1);
    let decisions = decided(&["s", "i", "all", "breaking", "why", "", "s", "s", "yes"]);
    assert!(decisions.ignored.len() > 1 && decisions.accepted.is_empty());
}

#[test]
fn a_bare_enter_accepts_nothing_whatever_is_asked() {
    let way = [
        "a",
        "breaking",
        "why",
        "y",
        "a",
        "breaking",
        "i",
        "why",
        "2027-01-01",
        "a",
        "yes",
    ];
    let report = report(BEFORE, NOW);
    assert!(matches!(talk(&report, &way).1, Some(End::Write(_))));
    for far in 0..way.len() {
        let entered = [&way[..far], &[""; 9]].concat();
        let (text, end) = talk(&report, &entered);
        // Enter alone only means no last day.
        assert_eq!(end, None, "{text}");
        let accepted = |text: &str| text.matches("It will be accepted.").count();
        assert_eq!(
            accepted(&text),
            accepted(&talk(&report, &way[..far]).0),
            "{text}"
        );
    }
}

#[test]
fn an_item_is_accepted_with_all_its_findings() {
    let report = report(BEFORE, NOW);
    let of_search = report
        .findings
        .iter()
        .filter(|finding| finding.place.at == "tools/search");
    let of_search = of_search.count();
    assert!(of_search > 1);
    let (text, _) = talk(&report, &["s"]);
    let whole = format!("Accepting takes `tools/search` whole, with its {of_search} findings.");
    assert!(text.contains(&whole), "{text}");
    let decisions = decided(&["s", "a", "breaking", "why", "n", "s", "s", "yes"]);
    assert_eq!(decisions.accepted.len(), 1);
    assert_eq!(decisions.accepted[0].findings.len(), of_search);
    assert_eq!(decisions.accepted[0].things.len(), 1);
}

#[test]
fn the_reason_is_asked_once_or_each_time() {
    let once = decided(&[
        "a", "breaking", "all good", "y", "a", "breaking", "a", "a", "yes",
    ]);
    assert_eq!(once.accepted.len(), 1);
    assert_eq!(once.accepted[0].things.len(), 4);
    let each = decided(&[
        "a", "breaking", "one", "n", "a", "breaking", "two", "a", "three", "a", "one", "yes",
    ]);
    let reasons: Vec<_> = each
        .accepted
        .iter()
        .map(|one| one.reason.as_str())
        .collect();
    assert_eq!(reasons, ["one", "two", "three"]);
    assert_eq!(each.accepted[0].things.len(), 2);
}

#[test]
fn a_decision_can_be_changed_on_the_way_back() {
    let decisions = decided(&[
        "i", "breaking", "known", "", "s", "s", "s", "b", "b", "b", "b", "a", "breaking", "gone",
        "y", "s", "s", "s", "yes",
    ]);
    assert_eq!((decisions.accepted.len(), decisions.ignored.len()), (1, 0));
    let (_, end) = talk(
        &report(BEFORE, NOW),
        &[
            "i", "breaking", "known", "", "s", "s", "s", "b", "b", "b", "b", "s", "s", "s", "s",
        ],
    );
    assert_eq!(end, Some(End::Nothing));
}

#[test]
fn a_rename_and_an_edit_on_many_tools_are_taken_together() {
    let tools = |names: [&str; 4], limit: &str| {
        let tools = names.map(|name| {
            format!(r#"{{ "name": "{name}", "description": "Does {} to a thing that has a long story.", "inputSchema": {{ "type": "object", "properties": {{ "n": {{ "type": "integer", "maximum": {limit} }}, "{}": {{ "type": "string" }} }} }} }}"#, &name[..1], &name[..1])
        });
        format!(r#"{{ "tools": [{}] }}"#, tools.join(","))
    };
    let folded = report(
        &tools(["a", "b", "c", "d"], "9"),
        &tools(["a", "b", "c", "d"], "5"),
    );
    let (text, _) = talk(&folded, &[]);
    assert!(text.contains("Accepting takes 4 things together"), "{text}");
    assert_eq!(folded.findings[0].folds.len(), 3);
    let renamed = report(
        &tools(["a", "b", "c", "d"], "9"),
        &tools(["a", "b", "c", "d2"], "9"),
    );
    let (text, _) = talk(&renamed, &[]);
    assert!(text.contains("1 of 1: `tools/d`, `tools/d2`"), "{text}");
}

#[test]
fn nothing_to_review_is_said() {
    let (text, end) = talk(&report(BEFORE, BEFORE), &[]);
    assert!(text.contains("nothing to review"), "{text}");
    assert_eq!(end, Some(End::Nothing));
}

#[test]
fn keys_that_are_no_text_are_no_reason() {
    let (text, _) = talk(&report(BEFORE, NOW), &["s", "s", "a", "\u{1b}[A"]);
    assert!(text.contains("U+001B"), "{text}");
    assert!(text.ends_with("Why? (b goes back) "), "{text}");
}

proptest! {
    #[test]
    fn whatever_is_typed_only_a_last_yes_writes(
        lines in prop::collection::vec(
            prop::sample::select(vec!["", "a", "s", "i", "n", "b", "breaking", "y", "all", "1", "yes", "why", "2027-01-01", "q", "d"]),
            0..40,
        ),
    ) {
        let report = report(BEFORE, NOW);
        let style = Style::default();
        let subject = Subject {
            report: &report,
            style: &style,
            config: "bellwether.yaml",
            today: TODAY,
            day: &|text| leaf::date(text),
            explain: &|_| String::new(),
        };
        let (mut walk, mut step) = Walk::new(subject);
        let mut last = "";
        for line in lines {
            if step.end.is_some() {
                break;
            }
            prop_assert!(step.text.ends_with(' '), "no question: {}", step.text);
            step = walk.answer(line);
            last = line;
        }
        if let Some(End::Write(decisions)) = step.end {
            prop_assert_eq!(last, "yes");
            prop_assert_ne!(decisions.clone(), Decisions::default());
            let accepted = decisions.accepted.iter().flat_map(|one| one.findings.clone());
            let mut all: Vec<usize> = accepted.chain(decisions.ignored.iter().map(|one| one.finding)).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len(), count);
        }
    }
}

/// Drives a program in a pseudo-terminal: waits for each text, then types what follows it. What begins with `!` is done
/// behind its back instead, by a shell.
const DRIVER: &str = r"
import json, os, pty, signal, sys
said, seen = b'', 0
def give_up(*_):
    sys.stdout.buffer.write(said + b' ... and then it waits for ever')
    sys.stdout.flush()
    os._exit(99)
signal.signal(signal.SIGALRM, give_up)
signal.alarm(60)
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
def hear():
    global said
    try:
        heard = os.read(terminal, 65536)
    except OSError:
        heard = b''
    said += heard
    return heard
for wait, answer in json.loads(sys.argv[1]):
    while wait.encode() not in said[seen:] and hear():
        pass
    if answer.startswith('!'):
        os.system(answer[1:])
        continue
    seen = len(said)
    try:
        os.write(terminal, answer.encode())
    except OSError:
        break
while hear():
    pass
status = os.waitpid(pid, 0)[1]
sys.stdout.buffer.write(said)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status))
";

/// Runs the binary in a pseudo-terminal; nothing where this machine has no Python to make one.
fn in_terminal(sandbox: &Sandbox, args: &[&str], talk: &[(&str, &str)]) -> Option<Run> {
    in_terminal_by(&[], sandbox, args, talk)
}

/// The same, started by another program.
fn in_terminal_by(
    by: &[&str],
    sandbox: &Sandbox,
    args: &[&str],
    talk: &[(&str, &str)],
) -> Option<Run> {
    let has_pty = Command::new("python3")
        .args(["-c", "import pty, os; os.waitstatus_to_exitcode"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !has_pty {
        eprintln!("SKIPPED: no python3 with `pty`, so nothing was tested in a terminal");
        return None;
    }
    let binary = sandbox.command(args);
    let mut command = Command::new("python3");
    command
        .args(["-c", DRIVER])
        .arg(serde_json::to_string(talk).expect("JSON"))
        .args(by)
        .arg(binary.get_program())
        .args(binary.get_args())
        .current_dir(sandbox.path());
    for (name, value) in binary.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(Run::of(command.output().expect("python3 runs")))
}

const CONFIG: &str = "# ours\nserver:\n  mock: now.json   # a recording\nrules:\n  documentation-degraded: off\n  documentation-improved: off\n  documentation-issue-added: off\n  documentation-issue-fixed: off\n";

/// A folder in which a check has just found drift.
fn drifted() -> Sandbox {
    drifted_from(BEFORE, NOW)
}

fn drifted_from(before: &str, now: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("bellwether.yaml", CONFIG);
    sandbox.write("now.json", before);
    sandbox.run(&["baseline", "save"]).expect(0);
    sandbox.write("now.json", now);
    sandbox.run(&["check"]).expect(3);
    sandbox
}

const BASELINE: &str = ".bellwether/bellwether-baseline.json";

const REVIEW: [&str; 4] = [
    "baseline",
    "review",
    "--accepted-by",
    "Ada <ada@example.com>",
];

const CHOICES: &str = "quit (q): ";

#[test]
fn without_a_terminal_it_names_the_other_ways() {
    let sandbox = drifted();
    let run = sandbox.run(&REVIEW).expect(4);
    for way in [
        "no terminal",
        "bellwether baseline accept --reason",
        "--max-severity",
        "`ignore:`",
    ] {
        assert!(run.stderr.contains(way), "{way}: {}", run.stderr);
    }
    assert_eq!(run.stdout, "");
}

#[test]
fn what_was_decided_is_written_at_the_end_and_nothing_else() {
    let sandbox = drifted();
    let (config, baseline) = (sandbox.read("bellwether.yaml"), sandbox.read(BASELINE));
    // What the server says by now is not what was reviewed.
    sandbox.write("now.json", r#"{ "tools": [] }"#);
    let Some(run) = in_terminal(
        &sandbox,
        &REVIEW,
        &[
            (CHOICES, "a\n"),
            ("all the same: ", "breaking\n"),
            ("(b goes back) ", "retired in v3\n"),
            ("(y or n) ", "y\n"),
            (CHOICES, "s\n"),
            (CHOICES, "i\n"),
            ("(b goes back) ", "only \"wording\"\n"),
            ("no end) ", "2999-01-01\n"),
            (CHOICES, "a\n"),
            (CHOICES, "s\n"),
            (CHOICES, "s\n"),
            ("leaves it. ", "yes\n"),
        ],
    ) else {
        return;
    };
    let run = run.expect(0);
    assert!(
        run.stdout.contains("accepted 2 findings of `default`"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("ignored 1 finding in bellwether.yaml"),
        "{}",
        run.stdout
    );
    let edited = sandbox.read("bellwether.yaml");
    assert!(edited.starts_with(&config), "{edited}");
    assert!(
        edited.contains("reason: \"only \\\"wording\\\"\"") && edited.contains("until: 2999-01-01")
    );
    let approved = sandbox.read(BASELINE);
    assert_ne!(approved, baseline);
    let file: serde_json::Value = serde_json::from_str(&approved).expect("JSON");
    let described: Vec<&str> = file["tools"]
        .as_array()
        .expect("tools")
        .iter()
        .filter_map(|tool| tool["description"].as_str())
        .collect();
    let expected = ["Writes a note.", "Searches the shelves.", "Waves a hand."];
    assert_eq!(described, expected);
    assert_eq!(file["trail"].as_array().map(Vec::len), Some(1));
    assert!(approved.contains("retired in v3") && approved.contains("Ada <ada@example.com>"));
    // What was accepted and ignored is no drift any more; what was skipped still is.
    sandbox.write("now.json", NOW);
    let check = sandbox.run(&["check", "--format", "json"]).expect(3);
    let report: serde_json::Value = serde_json::from_str(&check.stdout).expect("JSON");
    let places: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|finding| finding["at"].as_str())
        .collect();
    assert!(places.contains(&"tools/search"), "{places:?}");
    for decided in ["tools/legacy", "tools/note", "tools/wave"] {
        assert!(!places.contains(&decided), "{places:?}");
    }
    assert_eq!(report["summary"]["ignored"], 1);
}

/// What accepts the first item and ignores the third, as an answer to each question.
const ACCEPT_AND_IGNORE: [(&str, &str); 11] = [
    (CHOICES, "a\n"),
    ("all the same: ", "breaking\n"),
    ("(b goes back) ", "retired in v3\n"),
    ("(y or n) ", "y\n"),
    (CHOICES, "s\n"),
    (CHOICES, "i\n"),
    ("(b goes back) ", "only wording\n"),
    ("no end) ", "\n"),
    (CHOICES, "s\n"),
    // What only sums up the others.
    (CHOICES, "s\n"),
    (CHOICES, "s\n"),
];

#[test]
fn leaving_in_any_way_writes_nothing_and_says_so() {
    // A word, the end of the input, an interrupt; as an answer to any question.
    for (far, way) in [
        (4, "q\n"),
        (4, "\u{4}"),
        (4, "\u{3}"),
        (2, "\u{4}"),
        (3, "\u{3}"),
        (ACCEPT_AND_IGNORE.len(), "\u{4}"),
        (ACCEPT_AND_IGNORE.len(), "\u{3}"),
        (ACCEPT_AND_IGNORE.len(), "q\n"),
    ] {
        let sandbox = drifted();
        let before = (sandbox.read("bellwether.yaml"), sandbox.read(BASELINE));
        let asked = ACCEPT_AND_IGNORE
            .get(far)
            .map_or("leaves it. ", |(asked, _)| asked);
        let talk = [&ACCEPT_AND_IGNORE[..far], &[(asked, way)]].concat();
        let Some(run) = in_terminal(&sandbox, &REVIEW, &talk) else {
            return;
        };
        let run = run.expect(0);
        assert!(
            run.stdout.contains("Nothing was written."),
            "{way:?}: {}",
            run.stdout
        );
        assert_eq!(
            (sandbox.read("bellwether.yaml"), sandbox.read(BASELINE)),
            before,
            "{way:?}"
        );
    }
}

#[test]
fn a_baseline_that_somebody_else_has_written_meanwhile_is_not_written_over() {
    for meanwhile in [
        "!printf '\\n' >> .bellwether/bellwether-baseline.json",
        "!rm .bellwether/bellwether-baseline.json",
    ] {
        let sandbox = drifted();
        let config = sandbox.read("bellwether.yaml");
        let last = [("leaves it. ", meanwhile), ("leaves it. ", "yes\n")];
        let talk = [&ACCEPT_AND_IGNORE[..], &last].concat();
        let Some(run) = in_terminal(&sandbox, &REVIEW, &talk) else {
            return;
        };
        let run = run.expect(4);
        let says = format!("`{BASELINE}` was changed meanwhile");
        assert!(run.stdout.contains(&says), "{}", run.stdout);
        assert_eq!(sandbox.read("bellwether.yaml"), config);
        if sandbox.has(BASELINE) {
            let baseline = sandbox.read(BASELINE);
            assert!(baseline.ends_with("}\n\n"), "{baseline}");
            assert!(!baseline.contains("retired in v3"), "{baseline}");
        }
    }
}

#[test]
fn what_somebody_else_has_added_to_the_configuration_meanwhile_stays() {
    let sandbox = drifted();
    let theirs = "!printf '# theirs\n' >> bellwether.yaml";
    let last = [("leaves it. ", theirs), ("leaves it. ", "yes\n")];
    let talk = [&ACCEPT_AND_IGNORE[..], &last].concat();
    let Some(run) = in_terminal(&sandbox, &REVIEW, &talk) else {
        return;
    };
    run.expect(0);
    let config = sandbox.read("bellwether.yaml");
    assert!(config.starts_with(CONFIG), "{config}");
    assert!(
        config.contains("# theirs\n") && config.contains("only wording"),
        "{config}"
    );
}

#[test]
fn every_byte_of_the_configuration_stays_but_for_what_is_added() {
    let config = [
        "# ours",
        "server: { mock: 'now.json' }   # a recording",
        "",
        "ignore:",
        "# the first",
        "  - rule: documentation-degraded   # kept",
        "    reason: \"later\"",
        "",
        "# and the rest",
        "rules:",
        "    documentation-improved: off",
        "    documentation-issue-added: off",
        "    documentation-issue-fixed: off",
        "# the end",
    ];
    let config = &config.join("\r\n");
    let sandbox = drifted();
    sandbox.write("bellwether.yaml", config);
    sandbox.run(&["check"]).expect(3);
    let talk = [&ACCEPT_AND_IGNORE[..], &[("leaves it. ", "yes\n")]].concat();
    let Some(run) = in_terminal(&sandbox, &REVIEW, &talk) else {
        return;
    };
    run.expect(0);
    let edited = sandbox.read("bellwether.yaml");
    let added = edited.split_inclusive('\n').skip_while({
        let mut old = config.split_inclusive('\n');
        move |line| old.next() == Some(*line)
    });
    let added: String = added.take_while(|line| !line.trim().is_empty()).collect();
    assert!(added.contains("only wording"), "{edited}");
    assert_eq!(&edited.replacen(&added, "", 1), config);
    let report = sandbox.run(&["check", "--format", "json"]).expect(3).json();
    assert_eq!(report["summary"]["ignored"], 1);
}

#[test]
fn ticket_and_last_day_are_recorded_with_everything_that_is_accepted() {
    let sandbox = drifted();
    let refused = |flag: &str, value: &str| {
        let args = [&REVIEW[..], &[flag, value]].concat();
        in_terminal(&sandbox, &args, &[]).map(|run| run.expect(4))
    };
    for (flag, value) in [("--ticket", " "), ("--expires", "2020-01-01")] {
        let Some(run) = refused(flag, value) else {
            return;
        };
        assert!(run.stdout.contains(flag), "{}", run.stdout);
    }
    let args = [
        &REVIEW[..],
        &["--ticket", "OPS-7", "--expires", "2999-01-31"],
    ]
    .concat();
    let talk = [&ACCEPT_AND_IGNORE[..], &[("leaves it. ", "yes\n")]].concat();
    in_terminal(&sandbox, &args, &talk)
        .expect("a terminal")
        .expect(0);
    let file: serde_json::Value = serde_json::from_str(&sandbox.read(BASELINE)).expect("JSON");
    let entry = &file["trail"][0];
    assert_eq!(
        (&entry["ticket"], &entry["expires"]),
        (&"OPS-7".into(), &"2999-01-31".into())
    );
}

#[test]
fn what_was_ignored_in_an_accepted_item_is_recorded_too() {
    let sandbox = drifted();
    let config =
        CONFIG.to_owned() + "ignore: [{ rule: tool-description-claim-changed, reason: known }]\n";
    sandbox.write("bellwether.yaml", &config);
    sandbox.run(&["check"]).expect(3);
    let Some(run) = in_terminal(
        &sandbox,
        &REVIEW,
        &[
            (CHOICES, "s\n"),
            (CHOICES, "a\n"),
            ("all the same: ", "breaking\n"),
            ("(b goes back) ", "fine\n"),
            ("(y or n) ", "y\n"),
            (CHOICES, "s\n"),
            (CHOICES, "s\n"),
            (CHOICES, "s\n"),
            (CHOICES, "s\n"),
            ("leaves it. ", "yes\n"),
        ],
    ) else {
        return;
    };
    let run = run.expect(0);
    let says = "with 1 about the same things that the check did not show";
    assert!(run.stdout.contains(says), "{}", run.stdout);
    let file: serde_json::Value = serde_json::from_str(&sandbox.read(BASELINE)).expect("JSON");
    let findings = file["trail"][0]["findings"].to_string();
    assert!(
        findings.contains("tool-description-claim-changed"),
        "{findings}"
    );
}

#[test]
fn of_several_servers_those_without_a_check_are_left_out_by_name() {
    let sandbox = Sandbox::new();
    let config = CONFIG.replace(
        "server:\n  mock: now.json   # a recording\n",
        "servers:\n  one: { mock: one.json }\n  two: { mock: two.json }\n  new: { mock: two.json }\n",
    );
    sandbox.write("bellwether.yaml", &config);
    sandbox.write("one.json", BEFORE);
    sandbox.write("two.json", BEFORE);
    let save = ["baseline", "save", "--server", "one", "--server", "two"];
    sandbox.run(&save).expect(0);
    let Some(run) = in_terminal(&sandbox, &REVIEW, &[]) else {
        return;
    };
    assert!(run.expect(4).stdout.contains("bellwether check"));
    sandbox.write("one.json", NOW);
    sandbox.run(&["check", "--server", "one"]).expect(3);
    let run = in_terminal(
        &sandbox,
        &REVIEW,
        &[
            (CHOICES, "a\n"),
            ("all the same: ", "breaking\n"),
            ("(b goes back) ", "fine\n"),
            ("(y or n) ", "y\n"),
            (CHOICES, "s\n"),
            (CHOICES, "s\n"),
            (CHOICES, "s\n"),
            (CHOICES, "s\n"),
            (CHOICES, "s\n"),
            ("leaves it. ", "yes\n"),
        ],
    );
    let run = run.expect("a terminal").expect(0);
    for left in [
        "no check has captured `two` yet",
        "bellwether check",
        "`.bellwether/new-baseline.json` does not exist",
        "baseline save",
        "accepted 1 finding of `one`",
    ] {
        assert!(run.stdout.contains(left), "{left}: {}", run.stdout);
    }
}

/// The disk takes no file as long as the baseline: a stand-in for one that is full.
#[test]
fn where_the_baseline_cannot_be_written_the_configuration_is_as_it_was() {
    let long = |surface: &str| {
        let tool = format!(
            r#"{{ "name": "long", "description": "{}", "inputSchema": {{ "type": "object" }} }}"#,
            "so ".repeat(27_000)
        );
        surface.replace(r#"{ "tools": ["#, &format!(r#"{{ "tools": [{tool},"#))
    };
    let sandbox = drifted_from(&long(BEFORE), &long(NOW));
    let before = (sandbox.read("bellwether.yaml"), sandbox.read(BASELINE));
    let talk = [&ACCEPT_AND_IGNORE[..], &[("leaves it. ", "yes\n")]].concat();
    let limited = [
        "/bin/sh",
        "-c",
        "ulimit -f 40; trap '' XFSZ; exec \"$0\" \"$@\"",
    ];
    let Some(run) = in_terminal_by(&limited, &sandbox, &REVIEW, &talk) else {
        return;
    };
    let run = run.expect(4);
    for words in ["could not write", "`bellwether.yaml` is as it was"] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    let after = (sandbox.read("bellwether.yaml"), sandbox.read(BASELINE));
    assert_eq!(after, before);
}

#[test]
fn a_review_needs_a_check_of_this_baseline() {
    let sandbox = drifted();
    std::fs::remove_file(sandbox.path().join(".bellwether/last-check.json")).expect("a file");
    let Some(run) = in_terminal(&sandbox, &REVIEW, &[]) else {
        return;
    };
    let run = run.expect(4);
    assert!(run.stdout.contains("bellwether check"), "{}", run.stdout);
    sandbox.run(&["check"]).expect(3);
    sandbox.write("other.json", r#"{ "tools": [] }"#);
    sandbox
        .run(&["baseline", "save", "--force", "--from", "other.json"])
        .expect(0);
    let run = in_terminal(&sandbox, &REVIEW, &[])
        .expect("a terminal")
        .expect(4);
    assert!(run.stdout.contains("another state"), "{}", run.stdout);
}
