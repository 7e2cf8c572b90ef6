//! What a server was seen doing: in the file, in `diff`, and what of it a file keeps.

mod support;

use std::collections::BTreeMap;

use bellwether::baseline::Baseline;
use bellwether::diff::{Limits, Sighting, behaviour, keeping};
use bellwether::json::{Json, parse};
use bellwether::measure::Series;
use bellwether::observed::{Call, Machine, Observed, Outcome};
use bellwether::surface::Surface;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Run, Sandbox};

fn surface() -> Surface {
    surface_with(&["find_book", "lend_book"])
}

fn surface_with(tools: &[&str]) -> Surface {
    let tools: Vec<_> = tools
        .iter()
        .map(|name| json!({ "name": name, "inputSchema": { "type": "object" } }))
        .collect();
    let document = json!({
        "initialize": {
            "protocolVersion": "2025-11-25",
            "serverInfo": { "name": "library", "version": "1.0.0" },
            "capabilities": { "tools": {} },
        },
        "tools": tools,
    });
    Surface::from_document(&read(&document)).expect("a surface")
}

fn read(value: &Value) -> Json {
    parse(&value.to_string()).expect("JSON")
}

fn machine() -> Machine {
    Machine {
        os: "linux".to_owned(),
        arch: "x86_64".to_owned(),
        cpus: 4,
        ci: false,
    }
}

fn call(at: &str, arguments: &Value, outcome: Outcome, micros: u64) -> Call {
    Call {
        at: at.to_owned(),
        arguments: read(arguments),
        scenario: None,
        outcome,
        micros,
    }
}

fn answer(content: &Value) -> Outcome {
    Outcome::Answered(read(&json!({
        "content": [{ "type": "text", "text": content.to_string() }],
        "structuredContent": content,
    })))
}

fn refusal(message: &str) -> Outcome {
    Outcome::Refused {
        code: -32603,
        message: message.to_owned(),
    }
}

/// Calls of `find_book`, one answer or failure each, that take about so long.
fn calls(outcomes: &[Outcome], micros: u64) -> Vec<Call> {
    let timed = outcomes.iter().enumerate();
    timed
        .map(|(index, outcome)| {
            let wobble = micros / 50 * (index as u64 * 7 % 10);
            call(
                "tools/find_book",
                &json!({ "title": "Cats" }),
                outcome.clone(),
                micros + wobble,
            )
        })
        .collect()
}

fn observed(calls: &[Call]) -> Observed {
    Observed::of(machine(), &[], calls, |_| None, BTreeMap::new())
}

fn usual() -> Vec<Outcome> {
    vec![answer(&json!({ "isbn": "0-19-853453-1", "copies": 3 })); 25]
}

/// The folder of a user who compares two baselines.
struct Shelf(Sandbox);

impl Shelf {
    fn new(old: &Observed, new: &Observed) -> Self {
        let sandbox = Sandbox::new();
        for (name, observed) in [("old.json", old), ("new.json", new)] {
            let text = Baseline::render(&surface(), Some(observed)).expect("complete");
            sandbox.write(name, &text);
        }
        Self(sandbox)
    }

    fn diff(&self) -> Run {
        self.0
            .run(&["diff", "old.json", "new.json", "--format", "json"])
    }
}

/// Every finding as `severity rule at pointer`.
fn lines(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings
        .iter()
        .map(|found| {
            let at = text(&found["at"]) + &text(&found["pointer"]);
            format!("{} {} {at}", text(&found["severity"]), text(&found["rule"]))
        })
        .collect()
}

fn found(old: &Observed, new: &Observed, code: i32) -> (Vec<String>, Vec<String>) {
    let report = Shelf::new(old, new).diff().expect(code).json();
    let notes = report["targets"][0]["notes"].as_array().expect("notes");
    let notes = notes
        .iter()
        .map(|note| note.as_str().expect("a note").to_owned());
    (lines(&report), notes.collect())
}

#[test]
fn a_slower_tool_is_found_and_an_equal_one_is_not() {
    let before = observed(&calls(&usual(), 8_000));
    let same = observed(&calls(&usual(), 8_100));
    assert_eq!(found(&before, &same, 0), (vec![], vec![]));
    let slower = observed(&calls(&usual(), 16_000));
    assert_eq!(
        found(&before, &slower, 2).0,
        ["warning latency-regressed tools/find_book/latency/call"]
    );
    assert_eq!(
        found(&slower, &before, 1).0,
        ["info latency-improved tools/find_book/latency/call"]
    );
}

#[test]
fn the_threshold_is_the_users() {
    let shelf = Shelf::new(
        &observed(&calls(&usual(), 8_000)),
        &observed(&calls(&usual(), 16_000)),
    );
    shelf
        .0
        .write("bellwether.yaml", "check: { performanceThreshold: 150 }\n");
    shelf.diff().expect(0);
}

#[test]
fn times_of_another_machine_are_a_note() {
    let before = observed(&calls(&usual(), 8_000));
    let mut slower = observed(&calls(&usual(), 80_000));
    slower.machine = Some(Machine {
        ci: true,
        ..machine()
    });
    let (lines, notes) = found(&before, &slower, 0);
    assert_eq!(lines, [""; 0]);
    assert_eq!(
        notes,
        [
            "latency was not compared: the approved samples were taken on linux x86_64 with 4 processors, those of now on \
          linux x86_64 with 4 processors in CI (to hold it to the latter: bellwether baseline save --force)"
        ]
    );
}

#[test]
fn force_moves_a_file_to_another_machine_and_nothing_else_does() {
    let before = observed(&calls(&usual(), 8_000));
    let mut elsewhere = observed(&calls(&usual(), 80_000));
    elsewhere.machine = Some(Machine {
        cpus: 64,
        ..machine()
    });
    let shelf = Shelf::new(&before, &elsewhere);
    let text = shelf.0.read("old.json");
    let save = [
        "baseline",
        "save",
        "--from",
        "new.json",
        "--baseline",
        "old.json",
    ];
    shelf.0.run(&save).expect(0);
    assert_eq!(shelf.0.read("old.json"), text);
    shelf.0.run(&[&save[..], &["--force"]].concat()).expect(0);
    assert_eq!(shelf.0.read("old.json"), shelf.0.read("new.json"));
}

#[test]
fn more_calls_are_saved_without_force_and_drift_is_not() {
    let before = observed(&calls(&usual(), 8_000));
    let mut more = calls(&usual(), 8_000);
    more.push(call("tools/lend_book", &json!({}), usual()[0].clone(), 9));
    let save = [
        "baseline",
        "save",
        "--from",
        "new.json",
        "--baseline",
        "old.json",
    ];
    let shelf = Shelf::new(&before, &observed(&more));
    shelf.0.run(&save).expect(0);
    assert_eq!(shelf.0.read("old.json"), shelf.0.read("new.json"));
    let shelf = Shelf::new(&before, &observed(&calls(&usual(), 80_000)));
    shelf.0.run(&save).expect(4);
    shelf.0.run(&[&save[..], &["--force"]].concat()).expect(0);
    assert_eq!(shelf.0.read("old.json"), shelf.0.read("new.json"));
}

#[test]
fn a_call_that_is_less_sure_than_the_user_wants_exits_5() {
    let few = observed(&calls(&usual()[..3], 8_000));
    let shelf = Shelf::new(&few, &few);
    shelf.diff().expect(0);
    let config = "check: { sampling: { failOnLowConfidence: true } }\n";
    shelf.0.write("bellwether.yaml", config);
    let report = shelf.diff().expect(5).json();
    let decided = report["verdict"]["decidedBy"].to_string();
    assert!(
        decided.contains("low confidence in `call` of `tools/find_book`: 3 samples"),
        "{decided}"
    );
}

#[test]
fn one_connect_a_run_raises_nothing() {
    let connect = |micros| {
        let timed = [Series {
            metric: "connect",
            samples: vec![micros; 1],
        }];
        Observed::of(machine(), &timed, &[], |_| None, BTreeMap::new())
    };
    assert_eq!(
        found(&connect(10_000), &connect(9_000_000), 0),
        (vec![], vec![])
    );
}

#[test]
fn uneven_samples_are_an_unreliable_regression_that_counts_where_the_user_asks() {
    let uneven = |scale: u64| {
        let calls: Vec<_> = (0..25_u64)
            .map(|index| {
                let micros = scale * if index % 5 == 0 { 12 } else { 1 + index % 3 };
                call("tools/find_book", &json!({}), usual()[0].clone(), micros)
            })
            .collect();
        observed(&calls)
    };
    let shelf = Shelf::new(&uneven(8_000), &uneven(80_000));
    let report = shelf.diff().expect(1).json();
    assert_eq!(
        lines(&report),
        ["info latency-regressed tools/find_book/latency/call"]
    );
    shelf.0.write(
        "bellwether.yaml",
        "check: { sampling: { failOnLowConfidence: true } }\n",
    );
    let report = shelf.diff().expect(2).json();
    let message = report["findings"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(message.contains("unreliable"), "{message}");
}

/// Samples of which most wait for a machine that has other work, while some come as fast as ever.
fn busy(fast: u64, waits: u64) -> Observed {
    let micros = (0..25_u64).map(|index| match index % 5 {
        0 => fast,
        step => fast + waits * step * step,
    });
    let calls: Vec<_> = micros
        .map(|micros| {
            call(
                "tools/find_book",
                &json!({ "title": "Cats" }),
                usual()[0].clone(),
                micros,
            )
        })
        .collect();
    observed(&calls)
}

#[test]
fn a_busy_machine_is_no_drift_and_leaves_the_file_alone() {
    let quiet = observed(&calls(&usual(), 2_000));
    let busy = busy(2_000, 4_000);
    let (lines, notes) = found(&quiet, &busy, 0);
    assert_eq!(lines, [""; 0]);
    assert!(
        notes.len() == 1
            && notes[0].contains("too uneven to tell the server from a busy machine")
            && notes[0].contains("`tools/find_book` (p50 from 2.2 ms to "),
        "{notes:?}"
    );
    let save = "baseline save --from new.json --baseline old.json";
    let save: Vec<_> = save.split(' ').collect();
    let stays = |old: &Observed, new: &Observed| {
        let shelf = Shelf::new(old, new);
        let text = shelf.0.read("old.json");
        shelf.0.run(&save).expect(0);
        assert_eq!(shelf.0.read("old.json"), text);
        shelf
    };
    stays(&busy, &quiet).diff().expect(0);
    let shelf = stays(&quiet, &busy);
    // Where the user asks for it, it counts, and is not saved as if it did not.
    shelf.0.write(
        "bellwether.yaml",
        "check: { sampling: { failOnLowConfidence: true } }\n",
    );
    shelf.diff().expect(2);
    shelf.0.run(&save).expect(4);
    shelf.0.run(&[&save[..], &["--force"]].concat()).expect(0);
    assert_eq!(shelf.0.read("old.json"), shelf.0.read("new.json"));
}

#[test]
fn a_budget_holds_whatever_was_before() {
    let slow = observed(&calls(&usual(), 900_000));
    let shelf = Shelf::new(&slow, &slow);
    shelf.diff().expect(0);
    shelf.0.write(
        "bellwether.yaml",
        "check: { latencyBudget: { p50: 2s, p95: 800ms } }\n",
    );
    let report = shelf.diff().expect(2).json();
    assert_eq!(
        lines(&report),
        ["warning latency-budget-exceeded tools/find_book/latency/call"]
    );
    let message = report["findings"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(
        !message.contains("p50") && message.contains("of 800 ms"),
        "{message}"
    );
    // Without anything to compare with it counts as well.
    let found = behaviour(
        None,
        Sighting::of_file(&surface(), Some(&slow)),
        &Limits {
            budget: bellwether::diff::Budget {
                p99: Some(1),
                ..Default::default()
            },
            ..Limits::default()
        },
    );
    assert_eq!(found.changes.len(), 1);
}

#[test]
fn what_answers_look_like_is_compared_and_never_kept() {
    let secret = "tok_4f9a-secret-value";
    let with = |content: &Value| observed(&calls(&vec![answer(content); 5], 8_000));
    let before = with(&json!({ "token": secret, "copies": 3, "due": "2026-03-01" }));
    let after = with(&json!({ "token": secret, "copies": "3" }));
    let (lines, _) = found(&before, &after, 3);
    assert_eq!(
        lines,
        [
            "breaking response-type-changed tools/find_book/response/properties/copies",
            "warning response-field-removed tools/find_book/response/properties/due",
        ]
    );
    let text = Baseline::render(&surface(), Some(&before)).expect("complete");
    assert!(
        !text.contains(secret) && !text.contains("2026-03-01"),
        "{text}"
    );
}

#[test]
fn errors_are_told_by_their_kind_and_never_kept() {
    let secret = "no access for jo@example.org";
    let failing = |count: usize| {
        let outcomes: Vec<_> = (0..25)
            .map(|index| {
                if index < count {
                    refusal(secret)
                } else {
                    usual()[0].clone()
                }
            })
            .collect();
        observed(&calls(&outcomes, 8_000))
    };
    let (lines, _) = found(&failing(0), &failing(1), 2);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("warning error-category-added tools/find_book/errors/"),
        "{lines:?}"
    );
    let (lines, _) = found(&failing(0), &failing(20), 2);
    assert!(
        lines.contains(&"warning success-rate-dropped tools/find_book/errors".to_owned()),
        "{lines:?}"
    );
    let (lines, _) = found(&failing(2), &failing(24), 2);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("warning error-rate-increased"),
        "{lines:?}"
    );
    assert_eq!(found(&failing(2), &failing(4), 0).0, [""; 0], "chance");
    let text = Baseline::render(&surface(), Some(&failing(3))).expect("complete");
    assert!(
        !text.contains("jo@example.org") && !text.contains("no access"),
        "{text}"
    );
}

#[test]
fn time_outs_are_told() {
    let mut outcomes = usual();
    let before = observed(&calls(&outcomes, 8_000));
    outcomes[3] = Outcome::TimedOut { limit_ms: 30_000 };
    let after = observed(&calls(&outcomes, 8_000));
    assert_eq!(
        found(&before, &after, 2).0,
        ["warning timeouts-increased tools/find_book/errors/timedOut"]
    );
}

#[test]
fn only_calls_of_both_sides_are_compared_and_a_note_says_so() {
    let one = |title: &str, outcome: Outcome| {
        call(
            "tools/find_book",
            &json!({ "title": title }),
            outcome,
            8_000,
        )
    };
    let before = observed(&[one("Cats", usual()[0].clone())]);
    let after = observed(&[one("Dogs", refusal("gone"))]);
    let (lines, notes) = found(&before, &after, 0);
    assert_eq!(lines, [""; 0]);
    assert!(
        notes
            .iter()
            .any(|note| note.contains("not called in the same way now: `tools/find_book`")),
        "{notes:?}"
    );
    assert!(
        notes
            .iter()
            .any(|note| note.contains("no answers to these calls: `tools/find_book`")),
        "{notes:?}"
    );
}

#[test]
fn a_tool_that_is_gone_explains_its_missing_answers() {
    let before = observed(&calls(&usual(), 8_000));
    let (old, new) = (surface(), surface_with(&["lend_book"]));
    let nothing = Observed::default();
    let found = behaviour(
        Some(Sighting::of_file(&old, Some(&before))),
        Sighting::of_file(&new, Some(&nothing)),
        &Limits::default(),
    );
    assert_eq!(found, bellwether::diff::Behaviour::default());
}

#[test]
fn scenarios_that_fail_count_without_a_baseline_too() {
    let ran = |passed| {
        let scenarios = BTreeMap::from([("a title is found".to_owned(), passed)]);
        Observed::of(machine(), &[], &[], |_| None, scenarios)
    };
    assert_eq!(
        found(&ran(true), &ran(false), 3).0,
        ["breaking scenario-failed scenarios/a title is found"]
    );
    assert_eq!(
        found(&ran(false), &ran(true), 1).0,
        ["info scenario-recovered scenarios/a title is found"]
    );
    assert_eq!(
        found(&ran(false), &ran(false), 0).0,
        [""; 0],
        "two files that are the same"
    );
    let failures = BTreeMap::from([(
        "a title is found".to_owned(),
        "`/copies` is 2, not 3".to_owned(),
    )]);
    let (surface, failed) = (surface(), ran(false));
    let live = Sighting {
        failures: Some(&failures),
        ..Sighting::of_file(&surface, Some(&failed))
    };
    for old in [None, Some(Sighting::of_file(&surface, Some(&failed)))] {
        let found = behaviour(old, live, &Limits::default());
        assert_eq!(found.changes.len(), 1);
        assert_eq!(
            found.changes[0].new,
            Some(Json::from("`/copies` is 2, not 3"))
        );
    }
}

#[test]
fn a_file_stays_as_it_is_while_nothing_drifts() {
    let keeping = keeping(&Limits::default());
    let before = observed(&calls(&usual(), 8_000));
    let text = Baseline::render(&surface(), Some(&before)).expect("complete");
    let written = |new: Option<&Observed>| {
        let baseline = Baseline::parse(&text).expect("a baseline");
        let observed = baseline.observed_to_write(&surface(), new, &keeping);
        Baseline::render_keeping(&text, &surface(), observed.as_ref()).expect("complete")
    };
    assert_eq!(written(None), text);
    assert_eq!(written(Some(&before)), text);
    assert_eq!(written(Some(&observed(&calls(&usual(), 8_200)))), text);
    let mut elsewhere = observed(&calls(&usual(), 80_000));
    elsewhere.machine = Some(Machine {
        cpus: 64,
        ..machine()
    });
    assert_eq!(
        written(Some(&elsewhere)),
        text,
        "times of another machine are not taken over"
    );
    assert_ne!(written(Some(&observed(&calls(&usual(), 16_000)))), text);
    let changed = vec![answer(&json!({ "isbn": "0-19-853453-1" })); 25];
    let text_of_changed = written(Some(&observed(&calls(&changed, 8_000))));
    assert!(!text_of_changed.contains("copies"), "{text_of_changed}");
    let mut more = calls(&usual(), 8_000);
    more.push(call(
        "tools/lend_book",
        &json!({}),
        usual()[0].clone(),
        9_000,
    ));
    let with_more = written(Some(&observed(&more)));
    assert!(
        with_more.contains("tools/lend_book\": {\n        \"latency\""),
        "{with_more}"
    );
}

#[test]
fn nothing_observed_leaves_the_file_as_it_was_before() {
    let text = Baseline::render(&surface(), None).expect("complete");
    assert!(!text.contains("observed"), "{text}");
    assert_eq!(
        Baseline::render(&surface(), Some(&Observed::default())).expect("complete"),
        text
    );
    let baseline = Baseline::parse(&text).expect("a baseline");
    let keeping = keeping(&Limits::default());
    assert_eq!(baseline.observed_to_write(&surface(), None, &keeping), None);
}

#[test]
fn an_edit_by_hand_is_noticed_and_a_wrong_shape_refused() {
    let before = observed(&calls(&usual(), 8_000));
    let shelf = Shelf::new(&before, &before);
    let text = shelf.0.read("old.json");
    shelf
        .0
        .write("old.json", &text.replace("\"asked\": 25", "\"asked\": 24"));
    let report = shelf.diff().json();
    let notes = report["targets"][0]["notes"].to_string();
    assert!(notes.contains("edited by hand (`observed`)"), "{notes}");
    shelf.0.write(
        "old.json",
        &text.replace("\"asked\": 25", "\"asked\": \"often\""),
    );
    let error = shelf.diff().expect(4).stderr;
    assert!(
        error.contains("expected a whole number, found string") && error.contains("line"),
        "{error}"
    );
}

#[test]
fn what_is_saved_from_a_file_holds_what_was_observed() {
    let before = observed(&calls(&usual(), 8_000));
    let shelf = Shelf::new(&before, &before);
    shelf
        .0
        .run(&[
            "baseline",
            "save",
            "--from",
            "old.json",
            "--baseline",
            "saved.json",
        ])
        .expect(0);
    assert_eq!(shelf.0.read("saved.json"), shelf.0.read("old.json"));
    let shown = shelf
        .0
        .run(&["baseline", "show", "saved.json", "--format", "json"])
        .expect(0);
    assert_eq!(shown.stdout, shelf.0.read("old.json"));
    let shown = shelf.0.run(&["baseline", "show", "saved.json"]).expect(0);
    let lines = ["- tools/find_book: asked 25 times", "call: p50 "];
    assert!(
        lines.iter().all(|line| shown.stdout.contains(line)),
        "{}",
        shown.stdout
    );
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        3 => prop::collection::btree_map("[ab]", prop_oneof![Just(json!(1)), Just(json!("x")), Just(json!([1.5]))], 0..3)
            .prop_map(|members| answer(&json!(members))),
        1 => prop::sample::select(&["no such book 17", "denied", ""][..]).prop_map(refusal),
        1 => Just(Outcome::TimedOut { limit_ms: 10 }),
        1 => Just(Outcome::Lost("it ended".to_owned())),
        1 => Just(Outcome::Status(503)),
    ]
}

fn any_observed() -> impl Strategy<Value = Observed> {
    let calls = prop::collection::vec(
        (
            prop::sample::select(&["tools/find_book", "tools/lend_book"][..]),
            0..3_u8,
            outcome(),
            1..50_000_u64,
        ),
        0..40,
    );
    (calls, any::<bool>(), prop::option::of(any::<bool>())).prop_map(|(calls, timed, scenario)| {
        let calls: Vec<_> = calls
            .into_iter()
            .map(|(at, id, outcome, micros)| call(at, &json!({ "id": id }), outcome, micros))
            .collect();
        let timed = [Series {
            metric: "ping",
            samples: vec![5; usize::from(timed) * 12],
        }];
        let scenarios = scenario
            .map(|passed| ("one".to_owned(), passed))
            .into_iter()
            .collect();
        Observed::of(machine(), &timed, &calls, |_| None, scenarios)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(observed in any_observed()) {
        prop_assert_eq!(Observed::from_json(&observed.to_json()), Ok(observed.clone()));
        let text = Baseline::render(&surface(), Some(&observed)).expect("complete");
        let baseline = Baseline::parse(&text).expect("a baseline");
        prop_assert!(baseline.digest_matches);
        prop_assert_eq!(Baseline::render(&baseline.surface, baseline.observed.as_ref()), Ok(text));
    }

    #[test]
    fn nothing_drifts_from_itself(observed in any_observed()) {
        let surface = surface();
        let side = Sighting::of_file(&surface, Some(&observed));
        let found = behaviour(Some(side), side, &Limits::default());
        prop_assert_eq!(found, bellwether::diff::Behaviour::default());
    }

    /// Nothing is told of what was just approved, and where nothing is told nothing is written.
    #[test]
    fn what_is_kept_is_what_was_approved(old in any_observed(), new in any_observed()) {
        let surface = surface();
        let limits = Limits::default();
        let kept = Observed::keeping(&old, &new, &keeping(&limits));
        prop_assert_eq!(Observed::keeping(&kept, &new, &keeping(&limits)), kept.clone());
        let side = |observed| Sighting::of_file(&surface, Some(observed));
        let found = behaviour(Some(side(&kept)), side(&new), &limits);
        prop_assert_eq!(found.changes, vec![]);
    }
}
