//! `bellwether compat`, and what it and `diff` say of files that nobody can compare.

use std::fs::File;

use bellwether::diff::{self, Side};
use bellwether::inclusion::{Answer, Doubt};
use bellwether::json::{Json, parse};
use bellwether::policy::{self, Question};
use bellwether::report::{self, Compat, Compatibility, Style, Target};
use serde_json::Value;
use support::{Run, Sandbox};

mod support;

/// Runs `compat` on two schemas.
fn compat(old: &str, new: &str, direction: &str, more: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.write("old.json", old);
    sandbox.write("new.json", new);
    let args = ["compat", "old.json", "new.json", "--direction", direction];
    sandbox.run(&[&args, more].concat())
}

/// Judges two schemas with answers of which the judge of inclusion is not asked.
fn judged(side: Side, old: &str, new: &str, kept: Answer, gained: Option<Answer>) -> Compat {
    let (old, new) = (json(old), json(new));
    policy::compat(Question {
        side,
        old: &old,
        new: &new,
        comparison: diff::schemas(side, &old, &new, None),
        kept,
        gained,
        target: Target {
            name: "default".to_owned(),
            ..Target::default()
        },
    })
}

fn json(text: &str) -> Json {
    parse(text).expect("JSON")
}

fn refuted(witness: &str) -> Answer {
    Answer::Refuted(Some(json(witness)))
}

/// The document that `--format json` prints.
fn document(compat: &Compat) -> Value {
    serde_json::from_str(&report::json::render_compat(compat)).expect("JSON")
}

/// Rule, severity, what was decided and the witness of every finding.
fn told(document: &Value) -> Vec<(String, String, String, Option<Value>)> {
    let findings = document["findings"].as_array().expect("findings");
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|finding| {
            (
                text(finding, "rule"),
                text(finding, "severity"),
                text(finding, "decided"),
                finding.get("witness").cloned(),
            )
        })
        .collect()
}

fn severities(document: &Value) -> Vec<String> {
    told(document)
        .into_iter()
        .map(|(_, severity, ..)| severity)
        .collect()
}

const OLD: &str =
    r#"{"type":"object","properties":{"unit":{"enum":["C","F"]},"n":{"pattern":"^a"}}}"#;
const NEW: &str =
    r#"{"type":"object","properties":{"unit":{"enum":["C"]},"n":{"pattern":"^b"},"more":{}}}"#;

#[test]
fn the_same_schema_is_equivalent() {
    for direction in ["input", "output"] {
        let run = compat(OLD, OLD, direction, &[]).expect(0);
        assert_eq!(
            run.stdout,
            "equivalent: old.json and new.json accept the same values\nexit 0: it is proven in both directions\n"
        );
        let document = compat(OLD, OLD, direction, &["--format", "json"])
            .expect(0)
            .json();
        assert_eq!(
            document,
            serde_json::json!({"formatVersion": 1, "verdict": "equivalent", "direction": direction, "findings": []})
        );
    }
    compat("true", "true", "input", &["--dialect", "draft4"]).expect(0);
}

#[test]
fn verdicts_and_exit_codes_follow_the_judge() {
    let (text, number) = (r#"{"type":"string"}"#, r#"{"type":["string","number"]}"#);
    for (old, new, direction, verdict, code) in [
        (text, number, "input", "compatible", 0),
        (number, text, "input", "breaking", 3),
        (text, number, "output", "breaking", 3),
        (number, text, "output", "compatible", 0),
        (
            r#"{"enum":[1]}"#,
            r#"{"const":1.0}"#,
            "input",
            "equivalent",
            0,
        ),
        (
            r#"{"pattern":"^(a|b)\\1$"}"#,
            r#"{"pattern":"^(b|a)\\1$"}"#,
            "input",
            "unknown",
            2,
        ),
    ] {
        let run = compat(old, new, direction, &["--format", "json"]).expect(code);
        assert_eq!(run.json()["verdict"], verdict, "{old} {new} {direction}");
        compat(old, new, direction, &[]).expect(code);
    }
    let run = compat(number, text, "input", &["--format", "json"]).expect(3);
    let findings = told(&run.json());
    assert!(
        findings.iter().any(|(_, severity, decided, witness)| {
            severity == "breaking"
                && decided == "refuted"
                && witness.as_ref().is_some_and(Value::is_number)
        }),
        "{findings:?}"
    );
}

#[test]
fn the_dialect_holds_where_a_schema_names_none() {
    // Siblings of `$ref` count from 2019-09 on.
    let old = r##"{"$defs":{"a":{}},"definitions":{"a":{}},"$ref":"#/definitions/a"}"##;
    let new =
        r##"{"$defs":{"a":{}},"definitions":{"a":{}},"$ref":"#/definitions/a","type":"string"}"##;
    compat(old, new, "input", &["--dialect", "draft7"]).expect(0);
    compat(old, new, "input", &["--dialect", "2019-09"]).expect(3);
    let named = new.replacen(
        '{',
        r#"{"$schema":"http://json-schema.org/draft-07/schema#","#,
        1,
    );
    compat(old, &named, "input", &[]).expect(0);
}

#[test]
fn without_a_loss_no_finding_is_above_info() {
    for (gained, verdict) in [
        (Answer::Proven, Compatibility::Equivalent),
        (refuted("1"), Compatibility::Compatible),
        (Answer::Unknown(Doubt::Budget), Compatibility::Compatible),
    ] {
        let compat = judged(Side::Input, OLD, NEW, Answer::Proven, Some(gained));
        assert_eq!(compat.verdict, verdict);
        assert_eq!(compat.verdict.exit().code(), 0);
        let document = document(&compat);
        assert_eq!(severities(&document), ["info"; 3]);
        assert!(
            told(&document)
                .iter()
                .all(|(_, _, decided, witness)| decided == "proven" && witness.is_none())
        );
    }
}

#[test]
fn what_nobody_knows_is_a_warning_at_most_and_at_least() {
    let unknown = |old, new| judged(Side::Input, old, new, Answer::Unknown(Doubt::Pattern), None);
    let compat = unknown(OLD, NEW);
    assert_eq!(compat.verdict.exit().code(), 2);
    let document_of_both = document(&compat);
    assert_eq!(document_of_both["verdict"], "unknown");
    assert_eq!(
        severities(&document_of_both),
        ["warning", "warning", "info"]
    );
    assert!(
        told(&document_of_both)
            .iter()
            .all(|(_, _, decided, _)| decided == "unknown")
    );
    // The walk sees an addition alone; the reader still gets a finding for the verdict.
    let compat = unknown(r#"{"enum":[1]}"#, r#"{"enum":[1,2]}"#);
    let found = told(&document(&compat));
    assert_eq!(found[0].0, "input-constraint-changed");
    assert_eq!(
        (found[0].1.as_str(), found[0].2.as_str()),
        ("warning", "unknown")
    );
    let text = report::human::render_compat(&compat, &Style::default());
    for words in [
        "= unknown: a pattern uses look-around",
        "= next: Have the pattern written without",
        "unknown: nobody can say whether NEW accepts all that OLD accepts\nexit 2: a pattern uses look-around",
    ] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn the_witness_stands_under_the_finding_that_it_fits() {
    let breaking = |witness: &str| {
        let compat = judged(Side::Input, OLD, NEW, refuted(witness), None);
        assert_eq!(compat.verdict.exit().code(), 3);
        let document = document(&compat);
        assert_eq!(document["verdict"], "breaking");
        told(&document)
    };
    let shown = |witness: &str| serde_json::from_str::<Value>(witness).expect("JSON");
    let found = breaking(r#"{"unit":"F"}"#);
    assert_eq!(found[0].0, "input-enum-value-removed");
    assert_eq!(found[0].3, Some(shown(r#"{"unit":"F"}"#)));
    // What the structure does not tell is as bad as the witness says.
    let found = breaking(r#"{"n":"a"}"#);
    let pattern = found
        .iter()
        .find(|(rule, ..)| rule == "input-constraint-changed")
        .expect("the pattern");
    assert_eq!(pattern.1, "breaking");
    assert_eq!(
        (pattern.2.as_str(), &pattern.3),
        ("refuted", &Some(shown(r#"{"n":"a"}"#)))
    );
    assert!(
        found
            .iter()
            .filter(|(.., witness)| witness.is_some())
            .count()
            == 1
    );
    // A break that no fact speaks of is told of the whole schema.
    let compat = judged(
        Side::Output,
        r#"{"enum":[1]}"#,
        r#"{"enum":[1],"title":"x"}"#,
        refuted("7"),
        None,
    );
    let document = document(&compat);
    let found = told(&document);
    assert_eq!(found[0].0, "output-constraint-changed");
    assert_eq!(
        (found[0].1.as_str(), found[0].2.as_str()),
        ("breaking", "refuted")
    );
    assert_eq!(found[0].3, Some(7.into()));
    assert_eq!(
        (
            &document["findings"][0]["at"],
            &document["findings"][0]["pointer"]
        ),
        (&"schema".into(), &"".into())
    );
}

#[test]
fn a_parameter_that_must_be_passed_is_missing_in_its_witness() {
    let old = r#"{"type":"object","properties":{"a":{"enum":[1,2]},"b":{}}}"#;
    let new = r#"{"type":"object","properties":{"a":{"enum":[1]},"b":{}},"required":["b"]}"#;
    let rule_of = |witness: &str| {
        let compat = judged(Side::Input, old, new, refuted(witness), None);
        let found = told(&document(&compat));
        let with = found.into_iter().find(|(.., witness)| witness.is_some());
        with.expect("a witness").0
    };
    assert_eq!(rule_of("{}"), "input-parameter-required");
    assert_eq!(rule_of(r#"{"a":2,"b":0}"#), "input-enum-value-removed");
}

#[test]
fn a_loss_that_is_too_large_to_show_is_still_breaking() {
    let compat = judged(Side::Input, "true", "{}", Answer::Refuted(None), None);
    let document = document(&compat);
    let [(rule, severity, decided, witness)] = told(&document).try_into().expect("one finding");
    assert_eq!(
        (rule.as_str(), severity.as_str(), decided.as_str()),
        ("input-constraint-changed", "breaking", "refuted")
    );
    assert_eq!(witness, None);
    let text = report::human::render_compat(&compat, &Style::default());
    assert!(text.contains("too large to be written down"), "{text}");
}

#[test]
fn people_see_the_witness_under_the_finding() {
    let input = judged(Side::Input, OLD, NEW, refuted(r#"{"unit":"F"}"#), None);
    insta::assert_snapshot!(
        "input",
        report::human::render_compat(&input, &Style::default())
    );
    let output = judged(Side::Output, NEW, OLD, refuted(r#"{"unit":"F"}"#), None);
    insta::assert_snapshot!(
        "output",
        report::human::render_compat(&output, &Style::default())
    );
    let quiet = Style {
        verbosity: -1,
        ..Style::default()
    };
    assert!(!report::human::render_compat(&input, &quiet).contains("explain"));
    let silent = Style {
        verbosity: -2,
        ..Style::default()
    };
    assert_eq!(report::human::render_compat(&input, &silent), "");
}

#[test]
fn a_long_witness_is_cut_for_people_alone() {
    let witness = format!(r#"{{"unit":"{}"}}"#, "F".repeat(5_000));
    let compat = judged(Side::Input, OLD, NEW, refuted(&witness), None);
    let cut = report::human::render_compat(&compat, &Style::default());
    assert!(cut.len() < 2_500 && cut.contains("FFF…"), "{cut}");
    assert_eq!(
        document(&compat)["findings"][0]["witness"]["unit"]
            .as_str()
            .map(str::len),
        Some(5_000)
    );
    let verbose = Style {
        verbosity: 1,
        ..Style::default()
    };
    let whole = report::human::render_compat(&compat, &verbose);
    assert!(whole.matches('F').count() > 5_000);
}

/// A file that nobody can compare, what is said of it, and where.
const BAD: [(&str, &str, &str); 14] = [
    ("", "it is empty", "line 1, column 1"),
    (
        "{\n  \"type\": strin}",
        "expected a value",
        "line 2, column 11",
    ),
    ("not json", "it is not JSON", "line 1, column 2"),
    ("{\"a\":1}\n{}", "it is not JSON", "line 2, column 1"),
    ("{\n  'a': 1}", "it is not JSON", "line 2, column 3"),
    ("{\"type\":\n  \"obj", "it is cut off", "line 2, column 7"),
    (
        "{\"type\":\n  \"object\",",
        "it is cut off",
        "line 2, column 12",
    ),
    ("\n [1]", "found array", "line 2, column 2"),
    ("12", "found number", "line 1, column 1"),
    ("null", "found null", "line 1, column 1"),
    (
        "{\n\"a\":\"\\ud800\"}",
        "a lone surrogate",
        "line 2, column 12",
    ),
    (
        "{\n\"a\":\"\\udfff\"}",
        "a lone surrogate",
        "line 2, column 11",
    ),
    (
        "{\n\"\\ud83d\\u0041\":1}",
        "a lone surrogate",
        "line 2, column 13",
    ),
    ("{\n<<<<<<< HEAD\n}", "conflict markers", "line 2, column 1"),
];

/// One error that says which file, what and where; nothing on standard output.
#[track_caller]
fn assert_refused(run: &Run, file: &str, what: &str, place: &str) {
    assert_eq!((run.code, run.stdout.as_str()), (4, ""), "{}", run.stderr);
    let text: String = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [file, what, place] {
        assert!(text.contains(words), "no {words}: {text}");
    }
    assert_eq!(text.matches("error[").count(), 1, "{text}");
    assert!(
        !text.contains("panicked") && text.ends_with(&format!("could not compare `{file}`")),
        "{text}"
    );
}

#[test]
fn every_bad_file_gets_one_error_with_file_line_and_column() {
    let sandbox = Sandbox::new();
    sandbox.write("schema.json", "{}");
    sandbox.write("tools.json", r#"{"tools":[]}"#);
    for (text, what, place) in BAD {
        sandbox.write("bad.json", text);
        for args in [
            ["compat", "bad.json", "schema.json", "--direction=input"],
            ["compat", "schema.json", "bad.json", "--direction=output"],
            ["diff", "bad.json", "tools.json", "--no-progress"],
            ["diff", "tools.json", "bad.json", "--format=json"],
        ] {
            assert_refused(&sandbox.run(&args), "bad.json", what, place);
        }
    }
}

#[test]
fn a_document_of_the_wrong_shape_is_told_with_its_place() {
    let sandbox = Sandbox::new();
    sandbox.write("tools.json", r#"{"tools":[]}"#);
    for (text, what, place) in [
        (
            "{\n \"tools\": {}}",
            "`tools` is not an array but object",
            "line 2, column 11",
        ),
        (
            "{\"tools\": [],\n \"initialize\": 3}",
            "`initialize` is not an object",
            "line 2, column 16",
        ),
        (
            "\n{\"a\": 1}",
            "neither `initialize` nor one of",
            "line 2, column 1",
        ),
        (
            "{\"formatVersion\":\n\"x\"}",
            "`formatVersion` is not a number",
            "line 2, column 1",
        ),
        (
            "{\"version\":\"2.1.0\",\"server\":{},\"capabilities\":{\n\"tools\":1}}",
            "`tools` is not an array but number",
            "line 2, column 9",
        ),
    ] {
        sandbox.write("bad.json", text);
        assert_refused(
            &sandbox.run(&["diff", "bad.json", "tools.json"]),
            "bad.json",
            what,
            place,
        );
    }
    // A schema may have any members: it is the tool's list that has no such thing.
    sandbox.write("bad.json", "{\"tools\": {}}");
    sandbox
        .run(&["compat", "bad.json", "bad.json", "--direction=input"])
        .expect(0);
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let sandbox = Sandbox::new();
    sandbox.write("schema.json", "{}");
    std::fs::write(
        sandbox.path().join("bad.json"),
        b"{\n\"\xc3\xa9\":\"\xff\"}",
    )
    .expect("a file");
    for args in [
        ["compat", "bad.json", "schema.json", "--direction=input"],
        ["diff", "schema.json", "bad.json", "--no-progress"],
    ] {
        let run = sandbox.run(&args);
        if args[0] == "compat" {
            assert!(run.stderr.contains("line 2, column 6"), "{}", run.stderr);
            assert!(
                run.stderr.contains("could not read `bad.json`"),
                "{}",
                run.stderr
            );
        }
        run.expect(4);
    }
}

#[test]
fn a_file_of_200_megabytes_is_refused_unread() {
    let sandbox = Sandbox::new();
    sandbox.write("schema.json", "{}");
    sandbox.write("tools.json", r#"{"tools":[]}"#);
    let huge = File::create(sandbox.path().join("huge.json")).expect("a file");
    huge.set_len(200 << 20).expect("a sparse file");
    for args in [
        ["compat", "huge.json", "schema.json", "--direction=input"],
        ["diff", "tools.json", "huge.json", "--no-progress"],
    ] {
        let run = sandbox.run(&args).expect(4);
        assert!(
            run.stderr.contains("could not read `huge.json`")
                && run.stderr.contains("it is larger than 128 MiB"),
            "{}",
            run.stderr
        );
    }
}

/// A schema that is nested so deep, counted in objects and arrays.
fn nested(depth: usize, keyword: &str) -> String {
    let inner = depth - 1;
    format!(
        "{}{{}}{}",
        format!("{{\"{keyword}\":").repeat(inner),
        "}".repeat(inner)
    )
}

#[test]
fn nesting_is_read_up_to_1024_and_reported_from_64() {
    let sandbox = Sandbox::new();
    let tool = |schema: &str| format!(r#"{{"tools":[{{"name":"t","inputSchema":{schema}}}]}}"#);
    sandbox.write("flat.json", "{}");
    sandbox.write("flat-tool.json", &tool("{}"));
    sandbox.write("no-tool.json", r#"{"tools":[]}"#);
    for keyword in ["not", "items", "additionalProperties", "x-unknown"] {
        for (depth, excessive) in [(63, false), (64, true), (500, true), (1_020, true)] {
            let schema = nested(depth, keyword);
            sandbox.write("deep.json", &schema);
            sandbox.write("deep-tool.json", &tool(&schema));
            for args in [
                [
                    "compat",
                    "flat.json",
                    "deep.json",
                    "--direction=input",
                    "--format=json",
                ],
                [
                    "compat",
                    "deep.json",
                    "deep.json",
                    "--direction=output",
                    "--format=json",
                ],
                [
                    "diff",
                    "flat-tool.json",
                    "deep-tool.json",
                    "--no-progress",
                    "--format=json",
                ],
                [
                    "diff",
                    "no-tool.json",
                    "deep-tool.json",
                    "--no-progress",
                    "--format=json",
                ],
            ] {
                let run = sandbox.run(&args);
                assert_ne!(run.code, 4, "{}", run.stderr);
                // The document is nested too deep for the reader of the tests.
                let told = run.stdout.contains("\"rule\": \"schema-excessive\"");
                assert_eq!(told, excessive, "{args:?} {depth}");
            }
        }
    }
    let same = sandbox.run(&["diff", "deep-tool.json", "deep-tool.json"]);
    same.expect(0);
    sandbox.write("deep.json", &nested(1_024, "not"));
    assert_ne!(
        sandbox
            .run(&["compat", "flat.json", "deep.json", "--direction=input"])
            .code,
        4
    );
    for deep in [
        nested(1_025, "not"),
        "[".repeat(1_000_000),
        "{\"a\":".repeat(1_000_000),
    ] {
        sandbox.write("deep.json", &deep);
        for args in [
            ["compat", "flat.json", "deep.json", "--direction=input"],
            ["diff", "deep.json", "no-tool.json", "--no-progress"],
        ] {
            let what = "nested more than 1024 levels deep";
            assert_refused(&sandbox.run(&args), "deep.json", what, "line 1, column");
        }
    }
}

#[test]
fn repeated_names_are_told_at_every_depth() {
    let sandbox = Sandbox::new();
    let repeated = r#"{"type":"object","type":"object","properties":{"x":{"anyOf":[{"enum":[1],"enum":[1,2]}]}},"x-a":[{"b":1,"b":1}]}"#;
    let single =
        r#"{"type":"object","properties":{"x":{"anyOf":[{"enum":[1,2]}]}},"x-a":[{"b":1}]}"#;
    let tool = |schema: &str| format!(r#"{{"tools":[{{"name":"t","inputSchema":{schema}}}]}}"#);
    for (name, text) in [
        ("old.json", single.to_owned()),
        ("new.json", repeated.to_owned()),
        ("old-tool.json", tool(single)),
        ("new-tool.json", tool(repeated)),
        ("no-tool.json", r#"{"tools":[]}"#.to_owned()),
    ] {
        sandbox.write(name, &text);
    }
    let places = |run: Run| {
        let document = run.json();
        let findings = document["findings"].as_array().expect("findings").clone();
        let mut places: Vec<String> = findings
            .iter()
            .filter(|finding| finding["rule"] == "duplicate-member")
            .map(|finding| finding["pointer"].as_str().expect("a pointer").to_owned())
            .collect();
        places.sort();
        places
    };
    let expected = ["/properties/x/anyOf/0/enum", "/type", "/x-a/0/b"];
    // The last one counts, so that the schemas are the same.
    let run = sandbox
        .run(&[
            "compat",
            "old.json",
            "new.json",
            "--direction=input",
            "--format=json",
        ])
        .expect(0);
    assert_eq!(run.json()["verdict"], "equivalent");
    assert_eq!(severities(&run.json()), ["info"; 3]);
    assert_eq!(places(run), expected);
    for old in ["old-tool.json", "no-tool.json"] {
        let run = sandbox
            .run(&["diff", old, "new-tool.json", "--format=json"])
            .expect(2);
        assert_eq!(
            places(run),
            expected.map(|place| format!("/inputSchema{place}"))
        );
    }
}

/// 100,000 names twice each would take minutes if they were looked for one by one.
#[test]
fn an_object_with_many_repeated_names_is_read() {
    let members: Vec<String> = (0..40_000)
        .map(|number| format!("\"a{number}\":{{}}"))
        .collect();
    let object = members.join(",");
    let schema = format!("{{\"properties\":{{{object},{object}}}}}");
    let run = compat(&schema, &schema, "input", &["-qq"]);
    run.expect(0);
}

#[test]
fn bad_usage_is_exit_4() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", "{}");
    for args in [
        &["compat", "a.json", "a.json"][..],
        &["compat", "a.json", "--direction", "input"],
        &["compat", "a.json", "a.json", "--direction", "sideways"],
        &[
            "compat",
            "a.json",
            "a.json",
            "--direction",
            "input",
            "--dialect",
            "draft5",
        ],
        &["compat", "a.json", "missing.json", "--direction", "input"],
    ] {
        sandbox.run(args).expect(4);
    }
}

#[test]
fn each_fact_is_judged_by_itself() {
    // The pattern wants a character, and the multiples of 1 above 0 are 1 and more: only the maximum takes something away.
    let old = r#"{"properties":{"a":{"type":"string","pattern":"^[^]+$"},"n":{"type":"number","multipleOf":1,"exclusiveMinimum":0,"maximum":200}},"required":["a","n"]}"#;
    let new = r#"{"properties":{"a":{"type":"string","minLength":1},"n":{"type":"integer","minimum":1,"maximum":100}},"required":["a","n"]}"#;
    let document = compat(old, new, "input", &["--format", "json"])
        .expect(3)
        .json();
    let breaking: Vec<&Value> = document["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["severity"] == "breaking")
        .collect();
    assert_eq!(breaking.len(), 1, "{document:#}");
    assert_eq!(breaking[0]["pointer"], "/properties/n/maximum");
    assert_eq!(breaking[0]["decided"], "refuted");
    assert_eq!(breaking[0]["witness"]["n"], 101);
}

#[test]
fn what_is_proven_harmless_is_not_told_as_a_loss() {
    let (old, new) = (
        r#"{"type":"object","properties":{"a":{"enum":["x","y"]}}}"#,
        r#"{"type":"object","properties":{"a":{"type":"string"}}}"#,
    );
    let sandbox = Sandbox::new();
    for (name, schema) in [("old.json", old), ("new.json", new)] {
        let tool = format!(r#"{{"tools":[{{"name":"t","inputSchema":{schema}}}]}}"#);
        sandbox.write(name, &tool);
    }
    let report = sandbox
        .run(&["diff", "old.json", "new.json", "--format", "json"])
        .expect(2)
        .json();
    let alone = compat(old, new, "input", &["--format", "json"])
        .expect(0)
        .json();
    for document in [report, alone] {
        let findings = document["findings"].as_array().expect("findings");
        let typed = findings
            .iter()
            .find(|finding| finding["rule"] == "input-type-changed")
            .expect("the type is new");
        assert_eq!(typed["severity"], "info");
        assert_eq!(typed["decided"], "proven");
        assert_eq!(typed["next"], "Nothing needs to be done.");
        let why = typed["why"].as_str().expect("a reason");
        assert!(
            why.starts_with("Every call that worked goes on working"),
            "{why}"
        );
    }
    let text = compat(old, new, "input", &["-v"]).expect(0).stdout;
    assert!(text.contains("= proven: Every call that worked"), "{text}");
    assert!(!text.contains("are refused."), "{text}");
}

#[test]
fn a_shown_loss_is_told_as_certain() {
    for (old, new, direction, message, why) in [
        (
            r#"{"pattern":"^a+$"}"#,
            r#"{"pattern":"^a{1,5}$"}"#,
            "input",
            "`pattern` of the schema changed from `^a+$` to `^a{1,5}$`",
            "Some calls that work today are refused.",
        ),
        (
            r#"{"properties":{"q":{}}}"#,
            r#"{"properties":{"q":{},"limit":{"type":"integer"}}}"#,
            "input",
            "the schema refuses calls that it accepted",
            "Some calls that work today are refused.",
        ),
        (
            "true",
            "false",
            "input",
            "the schema was tightened from `true` to `false`",
            "Calls with a value that is outside now are refused.",
        ),
        (
            r#"{"pattern":"^a{1,5}$"}"#,
            r#"{"pattern":"^a+$"}"#,
            "output",
            "`pattern` of the result changed from `^a{1,5}$` to `^a+$`",
            "Clients get values that were not possible before.",
        ),
        (
            r#"{"required":["a"]}"#,
            r#"{"required":["b"]}"#,
            "output",
            "`a` is no longer guaranteed in the result",
            "Clients that rely on it fail where it is missing.",
        ),
    ] {
        let document = compat(old, new, direction, &["--format", "json"])
            .expect(3)
            .json();
        let worst = &document["findings"][0];
        assert_eq!(worst["message"], message);
        assert_eq!(worst["why"], why, "{message}");
        assert!(worst.get("witness").is_some(), "{message}");
    }
}

#[test]
fn a_renamed_property_of_a_result_is_as_bad_as_one_that_is_gone() {
    let schema = |name: &str, required: &str| {
        format!(r#"{{"type":"object","properties":{{"{name}":{{"type":"string"}}}}{required}}}"#)
    };
    for (required, severity, rule) in [
        (["", ""], 2, "output-property-removed"),
        (
            [r#","required":["a"]"#, r#","required":["z"]"#],
            3,
            "output-required-property-removed",
        ),
    ] {
        let sandbox = Sandbox::new();
        for (file, name, required) in [
            ("old.json", "a", required[0]),
            ("new.json", "z", required[1]),
        ] {
            let schema = schema(name, required);
            sandbox.write(
                file,
                &format!(r#"{{"tools":[{{"name":"t","inputSchema":{{"type":"object"}},"outputSchema":{schema}}}]}}"#),
            );
        }
        let report = sandbox
            .run(&["diff", "old.json", "new.json", "--format", "json"])
            .expect(severity)
            .json();
        let finding = &report["findings"][0];
        assert_eq!(finding["rule"], rule);
        let message = finding["message"].as_str().expect("a message");
        assert!(message.ends_with("`z` looks the same"), "{message}");
    }
}

#[test]
fn a_schema_that_was_mended_is_not_called_invalid() {
    let broken = r#"{"type":"strin"}"#;
    let mended = r#"{"type":"string"}"#;
    let rules = |old, new| -> Vec<String> {
        let document = compat(old, new, "input", &["--format", "json"])
            .expect(2)
            .json();
        told(&document).into_iter().map(|(rule, ..)| rule).collect()
    };
    assert_eq!(rules(mended, broken), ["schema-invalid"]);
    assert_eq!(rules(broken, mended), ["input-constraint-changed"]);
}

#[test]
fn a_change_behind_a_name_is_told_where_it_matters() {
    let named = [
        r##"{"properties": {"p": {"$ref": "#name"}}, "$defs": {"x": {"$anchor": "name", "type": "string"}}}"##,
        r##"{"$id": "https://a.example/", "properties": {"p": {"$ref": "b.json"}}, "$defs": {"x": {"$id": "b.json", "type": "string"}}}"##,
        r##"{"properties": {"p": {"$dynamicRef": "#name"}}, "$defs": {"x": {"$dynamicAnchor": "name", "type": "string"}}}"##,
    ];
    for old in named {
        let run = compat(
            old,
            &old.replace("string", "integer"),
            "input",
            &["--format", "json"],
        );
        let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let finding = &document["findings"][0];
        assert_eq!(finding["rule"], "input-type-changed", "{old}");
        assert_eq!(finding["pointer"], "/properties/p/type", "{old}");
    }
}

#[test]
fn what_stands_beside_a_reference_counts_from_2019_on() {
    let old = r##"{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"p": {"$ref": "#/definitions/x", "maxLength": 5}},
        "definitions": {"x": {"type": "string"}}}"##;
    let new = old.replace('5', "3");
    let run = compat(old, &new, "input", &["--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(document["verdict"], "equivalent");
    assert_eq!(document["findings"], serde_json::json!([]));
    let later = |text: &str| {
        text.replace(
            "http://json-schema.org/draft-07/schema#",
            "https://json-schema.org/draft/2019-09/schema",
        )
    };
    let run = compat(&later(old), &later(&new), "input", &["--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        document["findings"][0]["rule"],
        "input-constraint-tightened"
    );
}

#[test]
fn what_nobody_looked_at_is_never_cleared() {
    // More than one comparison may look at, and last among it a parameter that is gone: arguments go unheard.
    let many = |last: &str| {
        let parts: Vec<_> = (0..4000)
            .map(|i| format!(r#""p{i}": {{"type": "object", "properties": {{"a": {{"title": "{last}{i}"}}, "{last}": {{}}}}}}"#))
            .collect();
        format!(
            r#"{{"type": "object", "properties": {{{}}}}}"#,
            parts.join(", ")
        )
    };
    let tool = |schema: &str| {
        let text = format!(r#"{{"tools": [{{"name": "t", "inputSchema": {schema}}}]}}"#);
        bellwether::surface::Surface::from_document(&json(&text)).expect("a surface")
    };
    let found = diff::compare(&tool(&many("b")), &tool(&many("c")));
    let open = found
        .changes
        .iter()
        .filter(|change| change.place.pointer.as_str() == "/inputSchema");
    let decided: Vec<_> = open.map(|change| change.decided).collect();
    assert_eq!(decided, [Some(report::Decided::Unknown(Doubt::Budget))]);
}
