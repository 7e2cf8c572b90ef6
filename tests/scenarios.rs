//! The promises about `bellwether-tests.yaml`: what loads, what every mistake looks like, and what answers fulfil it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bellwether::config;
use bellwether::config::scenarios::{FILE, Scripted, understand};
use bellwether::failure::Failure;
use bellwether::json::{Json, compact, parse};
use bellwether::observed::{Call, Outcome};
use bellwether::scenarios::{Scenario, Target, check};
use support::Sandbox;

mod support;

const SECRET: &str = "s3cret-value-9";

const CONFIG: &str = "servers:\n  weather: { command: serve }\n  search: { url: \"https://example.com/mcp\" }\n\
                      scenarios: { path: tests.yaml }\n";

fn env(name: &str) -> Option<String> {
    (name == "API_KEY").then(|| SECRET.to_owned())
}

fn fixtures(kind: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("fixtures/scenarios").join(kind);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[track_caller]
fn read(text: &str) -> Scripted {
    let told =
        |failure: Failure| format!("{failure}\n{}", failure.body.clone().unwrap_or_default());
    understand(text, "tests.yaml", None, &env)
        .unwrap_or_else(|failure| panic!("{}\n{text}", told(failure)))
}

fn good(name: &str) -> Scripted {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    read(&fs::read_to_string(root.join("fixtures/scenarios/good").join(name)).unwrap())
}

fn json(text: &str) -> Json {
    parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn every_mistake_is_shown_at_its_line() {
    for path in fixtures("bad") {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let sandbox = Sandbox::new();
        sandbox.write("bellwether.yaml", CONFIG);
        sandbox.write("tests.yaml", &fs::read_to_string(&path).unwrap());
        let mut command = sandbox.command(&["validate-config"]);
        let output = command.env("API_KEY", SECRET).output().unwrap();
        let run = support::Run::of(output).expect(4);
        assert!(!run.stderr.contains(SECRET), "{name}:\n{}", run.stderr);
        assert!(
            !run.stderr.contains(['\u{1b}', '\u{202e}']),
            "{name} reaches the terminal raw"
        );
        assert!(run.stderr.contains("next: "), "{name} names no next step");
        assert_eq!(run.stdout, "", "{name}");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("bad-{name}"), run.stderr);
        });
    }
}

#[test]
fn every_good_file_loads_and_pleases_the_editor_too() {
    let schema = jsonschema::validator_for(&config::schema::scenarios()).unwrap();
    for path in fixtures("good") {
        let text = fs::read_to_string(&path).unwrap();
        read(&text);
        let options = serde_yaml::options! { strict_booleans: true };
        let value: serde_json::Value = serde_yaml::from_str_with_options(&text, options).unwrap();
        let errors = schema.iter_errors(&value).map(|error| error.to_string());
        let errors: Vec<String> = errors.collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
    assert!(good("nothing-yet.yaml").suite.scenarios.is_empty());
}

#[test]
fn a_scenario_says_what_the_file_says() {
    let scripted = good("every-key.yaml");
    let [adds, greets, nowhere, refuses] = scripted.suite.scenarios.as_slice() else {
        panic!("four scenarios")
    };
    assert_eq!(adds.name, "adds two numbers");
    assert_eq!(adds.step.target, Target::Tool("add".into()));
    assert_eq!((adds.repeat, greets.repeat), (3, 1));
    assert_eq!(adds.tags, ["smoke", "fast"]);
    assert_eq!(adds.step.timeout, Some(Duration::from_secs(2)));
    assert_eq!(adds.setup[0].target.place(), "resources/file:///a");
    assert_eq!(
        compact(&adds.teardown[0].arguments),
        r#"{"to":"nobody"}"#,
        "a default is filled in"
    );
    assert_eq!(compact(&greets.step.arguments), r#"{"name":"Ada"}"#);
    assert_eq!(compact(&nowhere.step.arguments), "{}");
    assert_eq!(refuses.expect.schema, Some(json("{}")));
    assert!(scripted.suite.setup[0].allow_destructive && !adds.step.allow_destructive);
    assert_eq!(
        adds.expect.schema.as_ref().map(compact).unwrap(),
        r#"{"type":"object","required":["total"],"properties":{"total":{"type":["integer","null"],"default":null}}}"#
    );
}

#[test]
fn what_comes_from_the_environment_is_sent_and_never_shown() {
    let scripted = good("every-key.yaml");
    let adds = &scripted.suite.scenarios[0];
    let sent = compact(&adds.step.arguments);
    assert_eq!(
        sent,
        r#"{"b":2,"a":1,"note":null,"big":12345678901,"deep":[{"x":[]}],"${KEY}":"s3cret-value-9"}"#
    );
    assert_eq!(
        compact(&adds.step.shown),
        sent.replace(SECRET, "${API_KEY}")
    );
    assert_eq!(scripted.secrets.redact(SECRET), "${API_KEY}");
    assert_eq!(
        adds.expect.contains,
        ["3", "${API_KEY}"],
        "an answer that repeats the value names the variable in its place"
    );
}

#[test]
fn numbers_are_sent_with_the_digits_of_the_file() {
    let numbers = "[12345678901234567890123, 1.10, 1e3, 0x10, -0.5, 007]";
    let text = format!(
        "scenarios:\n  - name: a\n    tool: b\n    arguments: {{ n: {numbers}, again: &x 1.50, alias: *x }}\n"
    );
    let step = &read(&text).suite.scenarios[0].step;
    assert_eq!(
        compact(&step.arguments),
        r#"{"n":[12345678901234567890123,1.10,1e3,16,-0.5,7.0],"again":1.50,"alias":1.5}"#
    );
}

#[test]
fn only_what_concerns_a_server_and_a_tag_is_called() {
    let suite = good("every-key.yaml").suite;
    let names = |server: &str, tags: &[&str]| -> Vec<String> {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let only = suite.only(server, &tags);
        let steps = only.setup.iter().chain(&only.teardown);
        let steps = steps.map(|step| step.target.name().to_owned());
        let scenarios = only.scenarios.iter().map(|one| one.name.clone());
        scenarios.chain(steps).collect()
    };
    let everywhere = ["greets", "says what is not there", "refuses"];
    let weather = [&everywhere[..], &["create_fixture", "delete_fixture"]].concat();
    assert_eq!(names("weather", &[]), weather);
    let search = [&["adds two numbers"], &everywhere[..], &["delete_fixture"]].concat();
    assert_eq!(names("search", &[]), search);
    let smoke = ["adds two numbers", "delete_fixture"];
    assert_eq!(names("search", &["smoke", "slow"]), smoke);
    assert!(
        names("weather", &["smoke"]).is_empty(),
        "without a scenario nothing is set up"
    );
}

#[test]
fn validate_config_says_what_is_in_the_scenarios_and_why_none_is_called() {
    let sandbox = Sandbox::new();
    sandbox.write("bellwether.yaml", CONFIG);
    let missing = sandbox.run(&["validate-config"]).expect(4).stderr;
    for part in [
        "could not read the scenarios `tests.yaml`",
        "there is no such file",
    ] {
        assert!(missing.contains(part), "{missing}");
    }
    sandbox.write(
        "tests.yaml",
        "scenarios:\n  - { name: a, tool: b, tags: [x] }\n  - { name: c, tool: d }\n",
    );
    let said = sandbox.run(&["validate-config"]).expect(0).stdout;
    assert_eq!(
        said,
        "bellwether.yaml: ok\n  servers: weather (stdio), search (streamable-http)\ntests.yaml: ok\n  scenarios: 2\n\
         note: no scenario is called: `check.probe` is `none`; `scenarios` lets `check` call them\n"
    );
    let one = "server: { command: serve }\nscenarios: { path: tests.yaml }\n";
    sandbox.write("one/bellwether.yaml", one);
    sandbox.write(
        "one/tests.yaml",
        "scenarios: [{ name: a, tool: b, server: weather }]\n",
    );
    let run = sandbox
        .run(&["validate-config", "one/bellwether.yaml"])
        .expect(4);
    for part in ["--> one/tests.yaml:1:41", "leave `server` out"] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
    let picked = CONFIG.replace("yaml }", "yaml, tags: [x] }\ncheck: { probe: scenarios }");
    sandbox.write("bellwether.yaml", &picked);
    let said = sandbox.run(&["validate-config"]).expect(0).stdout;
    assert!(
        said.ends_with("tests.yaml: ok\n  scenarios: 1 of 2 (`x`)\n"),
        "{said}"
    );
}

#[test]
fn init_writes_scenarios_that_call_nothing_and_never_over_others() {
    let sandbox = Sandbox::new();
    let said = sandbox.run(&["init", "serve"]).expect(0).stdout;
    assert!(
        said.starts_with(
            "wrote bellwether.yaml\nwrote bellwether-tests.yaml, which calls nothing yet\n"
        ),
        "{said}"
    );
    let starter = sandbox.read(FILE);
    assert!(read(&starter).suite.scenarios.is_empty());

    let config = sandbox.read("bellwether.yaml");
    assert!(
        config.contains("\n#   path: ./bellwether-tests.yaml\n"),
        "{config}"
    );
    sandbox.write(
        "bellwether.yaml",
        &config
            .replace("# scenarios:", "scenarios:")
            .replace("#   path: ./b", "  path: ./b"),
    );
    let said = sandbox.run(&["validate-config"]).expect(0).stdout;
    assert!(
        said.ends_with("bellwether-tests.yaml: ok\n  scenarios: 0\n"),
        "{said}"
    );

    sandbox.write(FILE, "mine");
    let said = sandbox.run(&["init", "--force", "serve"]).expect(0).stdout;
    assert!(
        said.contains("left bellwether-tests.yaml as it is"),
        "{said}"
    );
    assert_eq!(sandbox.read(FILE), "mine", "somebody wrote them");
}

#[test]
fn the_comments_of_the_starter_are_scenarios() {
    let sandbox = Sandbox::new();
    sandbox.run(&["init", "serve"]).expect(0);
    let starter = sandbox.read(FILE);
    let (head, commented) = starter.split_once("scenarios:\n").unwrap();
    let lines = commented.lines().map(|line| match line {
        "#" => "",
        line => line.strip_prefix("# ").unwrap_or(line),
    });
    let filled: Vec<String> = lines
        .map(|line| match line.trim_start().starts_with("# ") {
            true => line.replacen("# ", "", 1),
            false => line.to_owned(),
        })
        .collect();
    let suite = read(&format!("{head}scenarios:\n{}\n", filled.join("\n"))).suite;
    let [adds, missing] = suite.scenarios.as_slice() else {
        panic!("two scenarios: {}", filled.join("\n"))
    };
    assert!(adds.repeat == 3 && adds.step.allow_destructive && adds.tags == ["smoke"]);
    assert!(adds.expect.latency.is_some() && adds.expect.schema.is_some());
    assert!(missing.expect.error.is_some());
    assert!(!suite.setup.is_empty() && !suite.teardown.is_empty());
}

#[test]
fn the_schema_for_editors_is_draft_7_and_in_the_manual() {
    let out = Sandbox::new().run(&["schema", "scenarios"]).expect(0);
    let schema = out.json();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert!(jsonschema::meta::is_valid(&schema));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manual = fs::read_to_string(root.join("docs/scenarios.md")).unwrap();
    let definitions = schema["definitions"].as_object().unwrap();
    let mut keys = 0;
    for holder in definitions.values().chain([&schema]) {
        for (key, property) in holder["properties"].as_object().into_iter().flatten() {
            keys += 1;
            assert!(
                manual.contains(&format!("`{key}`")),
                "docs/scenarios.md lacks {key}"
            );
            assert!(
                property.get("description").is_some() || property == true,
                "{key} has no description"
            );
        }
    }
    assert!(keys > 30, "{keys}");
}

/// One scenario that expects this, in YAML's flow style.
fn expecting(expect: &str) -> Scenario {
    let text = format!("scenarios:\n  - name: a\n    tool: t\n    expect: {{ {expect} }}\n");
    read(&text).suite.scenarios.remove(0)
}

/// What a call with this outcome misses, told as a person reads it.
fn misses(expect: &str, outcome: Outcome) -> Vec<String> {
    let call = Call {
        at: "tools/t".into(),
        arguments: json("{}"),
        scenario: Some("a".into()),
        outcome,
        micros: 12_345,
    };
    let misses = check(&expecting(expect).expect, &call);
    misses.iter().map(ToString::to_string).collect()
}

fn answered(result: &str) -> Outcome {
    Outcome::Answered(json(result))
}

const RESULT: &str = r#"{"content":[{"type":"text","text":"the sum is"},{"type":"image","data":"","mimeType":"a/b"},
    {"type":"text","text":"3"}],"structuredContent":{"total":3.0,"none":null,"list":[1,2.5],"name":"Ada","on":true,"big":1e2}}"#;

#[test]
fn an_answer_is_held_against_every_expectation() {
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        ("isError: false", &[]),
        (
            "isError: true",
            &["expected a result with `isError: true`, got a result without an error"],
        ),
        (
            "error: validation",
            &["expected an error of the category `validation`, got a result without an error"],
        ),
        (r#"contains: [sum, "is\n3"], notContains: [image]"#, &[]),
        (
            "contains: [four, Sum], notContains: [sum]",
            &[
                "expected text that contains `four`, got `the sum is⏎3`",
                "expected text that contains `Sum`, got `the sum is⏎3`",
                "expected text that does not contain `sum`, got `the sum is⏎3`",
            ],
        ),
        (
            r#"pointers: { "/structuredContent/total": { equals: 3, type: integer, exists: true },
               "/structuredContent/big": { equals: 100, type: number }, "/structuredContent/none": { equals: null, type: "null" },
               "/structuredContent/list": { equals: [1.0, 2.5], type: array }, "/structuredContent/list/1": { type: number },
               "/structuredContent/on": { equals: true, type: boolean }, "/content/2/text": { matches: '^\d$', type: string },
               "/nowhere": { exists: false }, "": { type: object } }"#,
            &[],
        ),
        (
            r#"pointers: { "/structuredContent/total": { equals: 4 } }"#,
            &["expected `/structuredContent/total` to be `4`, got `3.0`"],
        ),
        (
            r#"pointers: { "/structuredContent/list/1": { type: integer, matches: "2" } }"#,
            &[
                "expected `/structuredContent/list/1` to be of the type `integer`, got `2.5`",
                "expected `/structuredContent/list/1` to match `2`, got `2.5`",
            ],
        ),
        (
            r#"pointers: { "/structuredContent/none": { exists: false }, "/a": { equals: null }, "/b": { type: array },
               "/c": { matches: x }, "/d": { exists: true } }"#,
            &[
                "expected `/a` to be `null`, got nothing there",
                "expected `/b` to be of the type `array`, got nothing there",
                "expected `/c` to match `x`, got nothing there",
                "expected `/d` to exist, got nothing there",
                "expected `/structuredContent/none` not to exist, got `null`",
            ],
        ),
        (
            r#"pointers: { "/structuredContent/name": { matches: '^[a-z]+$' } }"#,
            &["expected `/structuredContent/name` to match `^[a-z]+$`, got `\"Ada\"`"],
        ),
        (
            "schema: { required: [total], properties: { total: { const: 3 } } }",
            &[],
        ),
        (
            "schema: { required: [sum] }",
            &[
                "expected content that fulfils the schema, got `{\"total\":3.0,\"none\":null,\"list\":[1,2.5],\"name\":\"Ada\",\"on\":true,\"big\":1e2}`, which `/required` refuses",
            ],
        ),
        (
            "schema: { properties: { list: { items: { type: integer } } } }",
            &[
                "expected content that fulfils the schema, got `2.5` at `/list/1`, which `/properties/list/items/type` refuses",
            ],
        ),
        (
            r##"schema: { $ref: "#/nowhere" }"##,
            &[
                "expected content that fulfils the schema, got what nobody can decide: the schema or expression leads elsewhere, is malformed or too hard",
            ],
        ),
        ("latency: 13ms", &[]),
        (
            "latency: 12ms",
            &["expected an answer within 12 ms, got 13 ms"],
        ),
    ];
    for (expect, wanted) in table {
        assert_eq!(misses(expect, answered(RESULT)), *wanted, "{expect}");
    }
}

#[test]
fn what_fails_is_told_once_and_an_expected_failure_is_looked_at() {
    let refused = || Outcome::Refused {
        code: -32602,
        message: "Unknown tool: t".into(),
    };
    let failed =
        || answered(r#"{"isError":true,"content":[{"type":"text","text":"no such city"}]}"#);
    let table: Vec<(&str, Outcome, &[&str])> = vec![
        (
            "contains: [x], latency: 1ms",
            refused(),
            &["expected no error, got the JSON-RPC error -32602: `Unknown tool: t`"],
        ),
        (
            "isError: true",
            refused(),
            &[
                "expected a result with `isError: true`, got the JSON-RPC error -32602: `Unknown tool: t`",
            ],
        ),
        (
            "isError: true, contains: [city], pointers: { /isError: { equals: true } }",
            failed(),
            &[],
        ),
        (
            "isError: false",
            Outcome::Status(503),
            &["expected no error, got the HTTP status 503"],
        ),
        (
            "",
            Outcome::TimedOut { limit_ms: 2000 },
            &["expected no error, got no answer within 2000 ms"],
        ),
        (
            "",
            Outcome::TooLarge { limit: 9 },
            &["expected no error, got an answer of more than 9 bytes"],
        ),
        (
            "",
            Outcome::Lost("the server \u{1b}[31mexited".into()),
            &["expected no error, got the end of the connection: `the server \\u{1b}[31mexited`"],
        ),
    ];
    for (expect, outcome, wanted) in table {
        assert_eq!(misses(expect, outcome), *wanted, "{expect}");
    }
}

#[test]
fn prompts_and_resources_have_text_and_json_too() {
    let prompt = r#"{"messages":[{"role":"user","content":{"type":"text","text":"Hello"}},
        {"role":"assistant","content":[{"type":"text","text":"Ada"}]}]}"#;
    assert!(misses(r#"contains: ["Hello\nAda"]"#, answered(prompt)).is_empty());
    let resource = r#"{"contents":[{"uri":"a","text":"{\"n\": 1}"}]}"#;
    assert!(misses("schema: { required: [n] }", answered(resource)).is_empty());
    let embedded = r#"{"content":[{"type":"resource","resource":{"uri":"a","text":"inside"}}]}"#;
    assert_eq!(
        misses("contains: [inside], schema: {}", answered(embedded)),
        ["expected content that fulfils the schema, got text that is no JSON: `inside`"]
    );
    let image = r#"{"content":[{"type":"image","data":"","mimeType":"a/b"}]}"#;
    assert_eq!(
        misses(
            "contains: [a], notContains: [b], schema: {}",
            answered(image)
        ),
        [
            "expected text that contains `a`, got no text",
            "expected content that fulfils the schema, got neither structured content nor text"
        ]
    );
}

#[test]
fn a_huge_and_hostile_answer_is_told_in_one_short_harmless_line() {
    let text = format!(
        "{}`\u{1b}[2J\u{202e}secret-ish\n::error::{}",
        "a".repeat(70),
        "b".repeat(1 << 20)
    );
    let result = format!(
        r#"{{"content":[{{"type":"text","text":{}}}]}}"#,
        serde_json::to_string(&text).unwrap()
    );
    let told = misses(
        r#"contains: [zzz], notContains: [secret], pointers: { /content: { equals: 1 }, "/content/0/text": { matches: z } }, schema: {}"#,
        answered(&result),
    );
    assert_eq!(told.len(), 5, "{told:?}");
    for miss in told {
        assert!(miss.chars().count() < 300, "{miss}");
        assert!(!miss.contains(['\u{1b}', '\u{202e}', '\n']), "{miss}");
    }
}

mod damaged {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a slip of the hand leaves of a file, the answer is a suite or a message with a place.
        #[test]
        fn no_file_makes_the_reader_panic(
            cut in 0_usize..1800, length in 0_usize..40,
            slip in "[-:{}\\[\\]#&*!|>'\"%@`,? \\t\\n\\r\u{85}\u{2028}é\u{1F600}\\x00a0$/~]{0,6}",
        ) {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let text = fs::read_to_string(root.join("fixtures/scenarios/good/every-key.yaml")).unwrap();
            let text: Vec<char> = text.chars().collect();
            let start = cut.min(text.len());
            let end = (start + length).min(text.len());
            let damaged: String = text[..start].iter().copied().chain(slip.chars()).chain(text[end..].iter().copied()).collect();
            if let Err(failure) = understand(&damaged, "x.yaml", None, &env) {
                let body = failure.body.unwrap_or_default();
                prop_assert!(body.is_empty() || body.contains("--> x.yaml:"), "{body}");
                prop_assert!(!body.contains(SECRET));
            }
        }
    }
}
