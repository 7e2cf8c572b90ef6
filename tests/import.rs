//! Files of the TypeScript bellwether through the binary: they load wherever a baseline does, they convert, and what
//! they hold and this program does not is named.

#[path = "support/orchard.rs"]
mod orchard;
mod support;

use bellwether::baseline::Baseline;
use orchard::{change, fixture, orchard, said};
use serde_json::{Value, json};
use support::Sandbox;

/// Files that the program itself wrote, each with the version of the server in it: the orchard.
const FILES: [(&str, &str); 3] = [
    ("1.0.3-accepted.json", "3.2.0"),
    ("2.0.1.json", "3.1.0"),
    ("2.1.3-accepted.json", "3.2.0"),
];

/// A sandbox with an old file, and a server that is as the file says.
fn with(old: &str, version: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("old.json", old);
    sandbox.write("now.json", &orchard(version).to_string());
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox
}

/// Every member name of a file of the old program that stands in `of`, without those of the server's own definitions.
fn members(of: &Value) -> Vec<String> {
    let members = of.as_object().into_iter().flat_map(|object| object.iter());
    let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    members
        .filter(|(_, value)| !is_empty(value))
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn an_unchanged_server_has_no_drift_and_a_changed_one_has() {
    for (name, version) in FILES {
        let old = fixture(name);
        let sandbox = with(&old, version);
        let check = ["check", "--baseline", "old.json"];
        sandbox.run(&check).expect(0);
        let snapshot = sandbox.run(&["snapshot"]).expect(0).stdout;
        sandbox.write("snapshot.json", &snapshot);
        sandbox
            .run(&["diff", "old.json", "snapshot.json"])
            .expect(0);
        sandbox
            .run(&["baseline", "compare", "old.json", "snapshot.json"])
            .expect(0);
        change(&sandbox, |now| {
            now["tools"][0]["description"] = "Fells a tree.".into();
            now["tools"][0]["inputSchema"]["required"] = json!(["tree"]);
            now["tools"][0]["inputSchema"]["properties"]["tree"] = json!({ "type": "string" });
            now["tools"].as_array_mut().expect("tools").remove(1);
        });
        let drift = said(&sandbox.run(&check).expect(3));
        for rule in [
            "tool-removed",
            "input-required-parameter-added",
            "tool-description",
        ] {
            assert!(drift.contains(rule), "{name}: no {rule} in {drift}");
        }
        assert_eq!(sandbox.read("old.json"), old, "a check writes no baseline");
    }
}

/// 2.0.1 kept instructions and titles already, even where no tool in the file shows it.
#[test]
fn what_a_version_kept_is_compared() {
    let sandbox = with(&fixture("2.0.1.json"), "3.1.0");
    change(&sandbox, |now| {
        now["initialize"]["instructions"] = "Rows are counted from the barn.".into();
    });
    let run = sandbox.run(&["check", "--baseline", "old.json"]);
    assert!(
        run.code > 0 && said(&run).contains("instructions-"),
        "{}",
        said(&run)
    );
    let sandbox = with(&fixture("1.0.3-accepted.json"), "3.2.0");
    change(&sandbox, |now| {
        now["initialize"]["instructions"] = "Rows are counted from the barn.".into();
    });
    sandbox.run(&["check", "--baseline", "old.json"]).expect(0);
}

#[test]
fn every_member_is_taken_over_or_named_wherever_the_file_is_read() {
    for (name, version) in FILES {
        let text = fixture(name);
        let old: Value = serde_json::from_str(&text).expect("JSON");
        let sandbox = with(&text, version);
        let mut lost = members(&old);
        lost.retain(|name| {
            !["version", "server", "capabilities", "hash", "acceptance"].contains(&name.as_str())
        });
        for tool in old["capabilities"]["tools"].as_array().expect("tools") {
            lost.extend(members(tool));
        }
        lost.retain(|name| {
            !["name", "title", "description", "inputSchema", "annotations"].contains(&name.as_str())
        });
        assert!(lost.len() > 15, "{lost:?}");
        for args in [
            ["check", "--baseline", "old.json"].as_slice(),
            &["diff", "old.json", "now.json"],
            &["baseline", "show", "old.json"],
            &["baseline", "show", "old.json", "--format", "json"],
            &["baseline", "show", "old.json", "--format", "markdown"],
            &[
                "baseline",
                "save",
                "--from",
                "old.json",
                "--baseline",
                "new.json",
            ],
        ] {
            let told = said(&sandbox.run(args).expect(0));
            for member in &lost {
                assert!(
                    told.contains(&format!("`{member}`")),
                    "{name}: {args:?} does not name `{member}`:\n{told}"
                );
            }
        }
    }
}

#[test]
fn the_old_acceptance_is_the_first_entry_of_the_trail() {
    let sandbox = with(&fixture("2.1.3-accepted.json"), "3.2.0");
    let save = [
        "baseline",
        "save",
        "--from",
        "old.json",
        "--baseline",
        "new.json",
    ];
    let told = said(&sandbox.run(&save).expect(0));
    for lost in [
        "tools that were added: `prune`",
        "tools that were removed: `count`",
        "tools that were changed: `pick`",
        "3 breaking, 1 warning, 2 info",
        "the saved file remembers what such a file could not hold",
    ] {
        assert!(told.contains(lost), "no {lost} in {told}");
    }
    sandbox
        .run(&["baseline", "verify", "--strict", "new.json"])
        .expect(0);
    for file in ["old.json", "new.json"] {
        let log = sandbox
            .run(&["baseline", "log", "--format", "json", file])
            .expect(0)
            .json();
        let decisions = log["baselines"][0]["decisions"].as_array().expect("them");
        assert_eq!(decisions.len(), 1, "{log}");
        for (member, value) in [
            ("action", json!("accepted")),
            ("at", json!("2026-11-21T17:30:45Z")),
            ("by", json!("Ines Gardener")),
            ("bySource", json!("the TypeScript bellwether 2.1.3")),
            ("reason", json!("Baskets are counted now")),
            ("verdict", json!("breaking")),
            ("changed", json!([])),
        ] {
            assert_eq!(decisions[0][member], value, "{file}: {member}");
        }
    }
    // A name that was not recorded is not made up.
    let sandbox = with(&fixture("1.0.3-accepted.json"), "3.2.0");
    let log = said(&sandbox.run(&["baseline", "log", "old.json"]).expect(0));
    assert!(
        log.contains("not recorded (the TypeScript bellwether 1.0.3)"),
        "{log}"
    );
}

#[test]
fn accepting_over_an_old_file_writes_a_native_one_and_keeps_who_accepted_before() {
    for (name, entries) in [("2.1.3-accepted.json", 2), ("2.0.1.json", 1)] {
        let version = if entries == 2 { "3.2.0" } else { "3.1.0" };
        let sandbox = with(&fixture(name), version);
        change(&sandbox, |now| {
            now["tools"][0]["description"] = "Fells a tree.".into()
        });
        let run = sandbox.run(&["check", "--baseline", "old.json"]);
        assert!((1..=3).contains(&run.code), "{}", said(&run));
        let accept = [
            "baseline",
            "accept",
            "--baseline",
            "old.json",
            "--accepted-by",
            "Ada",
            "--reason",
            "fine",
            "--force",
        ];
        let told = said(&sandbox.run(&accept).expect(0));
        assert!(told.contains("`toolProfiles`"), "{told}");
        let written: Value = serde_json::from_str(&sandbox.read("old.json")).expect("JSON");
        assert_eq!(written["formatVersion"], 1);
        let trail = written["trail"].as_array().expect("a trail");
        assert_eq!(trail.len(), entries);
        assert_eq!(trail[entries - 1]["by"], "Ada");
        sandbox
            .run(&["baseline", "verify", "--strict", "old.json"])
            .expect(0);
        sandbox.run(&["check", "--baseline", "old.json"]).expect(0);
    }
}

/// Nothing has drifted, and the file becomes one of this program with all that the server says.
#[test]
fn an_unchanged_server_moves_over_by_a_check_and_an_acceptance() {
    for (name, version) in FILES {
        let sandbox = with(&fixture(name), version);
        let check = ["check", "--baseline", "old.json"];
        sandbox.run(&check).expect(0);
        let save = ["baseline", "save", "--baseline", "old.json"];
        let told = said(&sandbox.run(&save).expect(4));
        assert!(
            told.contains("take it over with `bellwether check`"),
            "{told}"
        );
        let accept = [
            "baseline",
            "accept",
            "--baseline",
            "old.json",
            "--accepted-by",
            "Ada",
            "--reason",
            "moved over",
        ];
        sandbox.run(&accept).expect(0);
        sandbox
            .run(&["baseline", "verify", "--strict", "old.json"])
            .expect(0);
        let told = said(&sandbox.run(&check).expect(0));
        assert!(!told.contains("TypeScript"), "{told}");
        assert!(sandbox.read("old.json").contains("orchard/ladder"));
    }
}

/// The hash is that of the old program: any edit of anything but white space is told.
#[test]
fn an_edit_by_hand_is_told_and_the_file_is_read() {
    let text = fixture("2.1.3-accepted.json");
    let old: Value = serde_json::from_str(&text).expect("JSON");
    let mut leaves = Vec::new();
    places(&old, String::new(), &mut leaves);
    assert!(leaves.len() > 100);
    for leaf in leaves {
        if ["/version", "/hash"].contains(&leaf.as_str()) {
            continue;
        }
        let mut edited = old.clone();
        let place = edited.pointer_mut(&leaf).expect("a place");
        *place = match &*place {
            Value::String(text) => format!("{text}!").into(),
            Value::Bool(value) => (!*value).into(),
            Value::Number(number) => (number.as_f64().expect("a number") + 1.0).into(),
            _ => continue,
        };
        let baseline =
            Baseline::parse(&edited.to_string()).unwrap_or_else(|error| panic!("{leaf}: {error}"));
        assert!(!baseline.digest_matches, "{leaf}");
        assert_eq!(baseline.notes[0], "its hash does not verify: it was edited");
    }
    let sandbox = with(&text.replace("Ines", "Otto"), "3.2.0");
    let told = said(&sandbox.run(&["check", "--baseline", "old.json"]).expect(0));
    assert!(
        told.contains("its hash does not verify: it was edited"),
        "{told}"
    );
    let log = said(&sandbox.run(&["baseline", "log", "old.json"]).expect(0));
    assert!(
        log.contains("in a file whose hash does not verify"),
        "{log}"
    );
    let findings = with(&fixture("2.1-hash-does-not-verify.json"), "3.2.0");
    let told = said(&findings.run(&["baseline", "show", "old.json"]).expect(0));
    assert!(
        told.contains("security findings after hashing, and without them it does"),
        "{told}"
    );
}

/// Every scalar of a document, as JSON Pointers.
fn places(json: &Value, at: String, found: &mut Vec<String>) {
    match json {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                places(
                    value,
                    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        _ => found.push(at),
    }
}

#[test]
fn other_ways_to_write_the_same_file_are_the_same_file() {
    let text = fixture("2.1.3-accepted.json");
    let whole = Baseline::parse(&text).expect("a baseline");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    // serde_json keeps the order of the file; here it is turned round.
    let mut turned = serde_json::Map::new();
    for (name, value) in value.as_object().expect("an object").iter().rev() {
        turned.insert(name.clone(), value.clone());
    }
    for other in [
        value.to_string(),
        Value::Object(turned).to_string(),
        format!("{text}\n"),
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
    ] {
        let read = Baseline::parse(&other).expect("a baseline");
        assert!(read.digest_matches, "{:?}", read.notes);
        assert_eq!(read, whole);
    }
}

#[test]
fn what_is_missing_null_or_unknown_is_no_damage() {
    let old: Value = serde_json::from_str(&fixture("2.1.3-accepted.json")).expect("JSON");
    let read = |edit: &dyn Fn(&mut Value)| {
        let mut edited = old.clone();
        edit(&mut edited);
        Baseline::parse(&edited.to_string()).unwrap_or_else(|error| panic!("{error}: {edited}"))
    };
    let without = |edited: &mut Value, names: &[&str]| {
        for name in names {
            edited.as_object_mut().expect("an object").remove(*name);
        }
    };
    let bare = read(&|edited| {
        without(
            edited,
            &[
                "metadata",
                "interviews",
                "toolProfiles",
                "assertions",
                "summary",
                "hash",
                "documentationScore",
            ],
        );
        without(
            &mut edited["acceptance"],
            &["acceptedBy", "reason", "acceptedDiff"],
        );
        without(
            &mut edited["server"],
            &["instructions", "protocolVersion", "capabilities"],
        );
        edited["capabilities"]["prompts"] = Value::Null;
        edited["capabilities"]["tools"] =
            json!([{ "name": "a" }, {}, { "name": "b", "inputSchema": null }]);
    });
    assert_eq!(bare.notes[0], "its hash does not verify: it has none");
    assert_eq!(bare.trail.entries[0].by, "not recorded");
    assert_eq!(bare.trail.entries[0].verdict, None);
    let empty = read(&|edited| edited["capabilities"]["tools"] = json!([]));
    assert_eq!(empty.surface.items(bellwether::surface::List::Tools), []);
    let explored = read(&|edited| {
        edited["metadata"]["mode"] = "explore".into();
        edited["interviews"] = json!([{ "persona": "qa_engineer" }]);
        edited["server"]["mood"] = 1.into();
        edited["capabilities"]["moods"] = json!([1]);
        edited["capabilities"]["tools"][0]["mood"] = 1.into();
        edited["capabilities"]["tools"][0]["annotations"] = json!({ "mood": 1 });
        edited["capabilities"]["prompts"] =
            json!([{ "name": "p", "arguments": [{ "name": "a", "mood": 1 }] }]);
        edited["acceptance"]["mood"] = 1.into();
        edited["mood`"] = 1.into();
    });
    let notes = explored.notes.join("\n");
    for lost in [
        "`interviews`",
        "`server.mood`",
        "`capabilities.moods`",
        "`mood`",
        "`annotations.mood`",
        "`arguments.mood`",
        "`acceptance.mood`",
        "`mood\\u{60}`",
    ] {
        assert!(notes.contains(lost), "no {lost} in {notes}");
    }
    // A time in another form would be a made-up one.
    let odd = read(&|edited| edited["acceptance"]["acceptedAt"] = "last Tuesday".into());
    assert!(odd.trail.is_empty());
    assert!(
        odd.notes
            .iter()
            .any(|note| note.contains("`Ines Gardener`")
                && note.contains("`Baskets are counted now`")),
        "{:?}",
        odd.notes
    );
    for (version, loads) in [
        (json!("1.0.0"), true),
        (json!("1.1.0"), true),
        (json!("v2.9.9-beta.1"), true),
        (json!(2), true),
        (json!(1.5), true),
        (json!("0.12.0"), false),
        (json!("3.0.0"), false),
        (json!("99999999999999999999999.1"), false),
        (json!(""), false),
    ] {
        let mut edited = old.clone();
        edited["version"] = version.clone();
        let read = Baseline::parse(&edited.to_string());
        assert_eq!(read.is_ok(), loads, "{version}: {read:?}");
    }
}

#[test]
fn a_damaged_old_file_is_an_error_with_its_line_and_stays_as_it_is() {
    let whole = fixture("2.1.3-accepted.json");
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&whole).expect("JSON");
        edit(&mut value);
        serde_json::to_string_pretty(&value).expect("JSON")
    };
    let cases = [
        (whole[..whole.len() / 2].to_owned(), "line "),
        (whole.replacen(':', ";", 40), "line "),
        (
            edited(&|file| file["capabilities"]["tools"] = json!({})),
            "line ",
        ),
        (
            edited(&|file| file["capabilities"]["tools"][1] = json!(7)),
            "line ",
        ),
        (
            edited(&|file| file["capabilities"]["prompts"] = json!("none")),
            "line ",
        ),
        (edited(&|file| file["capabilities"] = json!({})), "`tools`"),
        (edited(&|file| file["server"]["name"] = json!(7)), "line "),
        (
            edited(&|file| file["server"]["capabilities"] = json!({ "tools": {} })),
            "line ",
        ),
        (edited(&|file| file["version"] = json!("7.0.0")), "7.0.0"),
        (format!("<<<<<<< ours\n{whole}\n=======\n"), "line 1"),
    ];
    for (text, expected) in cases {
        let sandbox = with(&text, "3.2.0");
        for args in [
            ["check", "--baseline", "old.json"].as_slice(),
            &["diff", "old.json", "now.json"],
            &["baseline", "show", "old.json"],
            &[
                "baseline",
                "save",
                "--from",
                "old.json",
                "--baseline",
                "new.json",
            ],
        ] {
            let told = said(&sandbox.run(args).expect(4));
            assert!(told.contains(expected), "{args:?}: no {expected} in {told}");
        }
        assert_eq!(sandbox.read("old.json"), text);
        assert!(!sandbox.has("new.json"));
    }
}

#[test]
fn converting_keeps_the_trail_of_a_native_file_and_says_where_it_does_not() {
    let sandbox = with(&fixture("2.1.3-accepted.json"), "3.2.0");
    let save = |from: &str, to: &str| {
        [
            "baseline",
            "save",
            "--force",
            "--from",
            from,
            "--baseline",
            to,
        ]
        .map(str::to_owned)
    };
    let run = |args: [String; 7]| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        said(&sandbox.run(&args).expect(0))
    };
    run(save("old.json", "new.json"));
    run(save("new.json", "copy.json"));
    assert_eq!(sandbox.read("copy.json"), sandbox.read("new.json"));
    // Over a file with another trail, or none, that one stays.
    sandbox.run(&["baseline", "save"]).expect(0);
    let kept = ".bellwether/bellwether-baseline.json";
    let told = run(save("old.json", kept));
    assert!(told.contains("keeps its own trail"), "{told}");
    assert!(!sandbox.read(kept).contains("Ines Gardener"));
    let told = run(save("old.json", "new.json"));
    assert!(!told.contains("keeps its own trail"), "{told}");
    // New digests would make a trail that was tampered with look whole.
    let forged = sandbox
        .read("new.json")
        .replace("Ines Gardener", "Otto Gardener");
    sandbox.write("forged.json", &forged);
    let told = run(save("forged.json", "from-forged.json"));
    assert!(told.contains("its trail is not taken over"), "{told}");
    assert!(!sandbox.read("from-forged.json").contains("Otto"));
}

/// What the program's `init` writes, with what is valid there and a contradiction here.
#[test]
fn an_old_configuration_is_no_error_and_nothing_in_it_is_dropped_silently() {
    let sandbox = with(&fixture("2.1.3-accepted.json"), "3.2.0");
    let check = |config: &str| {
        let program = serde_json::to_string(env!("CARGO_BIN_EXE_bellwether")).expect("text");
        sandbox.write("bellwether.yaml", &config.replace("BELLWETHER", &program));
        said(&sandbox.run(&["check", "--baseline", "old.json"]).expect(0))
    };
    let told = check(
        r#"
server:
  command: BELLWETHER
  args: [mock, now.json]
  transport: stdio
  url: "https://example.com/mcp"
  sessionId: "7"
  headers: { Authorization: "Bearer ${NOBODY_SET_THIS}" }
  env: { HOUSE: "$HOME", COST: "5$$" }
scenarios: { path: there-is-none.yaml, only: true }
baseline:
  path: "${NOBODY_SET_THIS:-a}.json"
  savePath: a.json
  outputFormat: text
  severity: { failOnSeverity: breaking }
output: { format: agents.md, examples: { full: true }, files: { checkReport: r.json } }
check:
  incremental: true
  incrementalCacheHours: 2
  parallel: true
  parallelWorkers: 4
  diffFormat: text
  smartTestValues: true
  statefulTesting: { enabled: true }
  externalServices: { mode: skip }
  assertions: { enabled: true }
  rateLimit: { enabled: false }
  testFixtures: { parameterValues: { row: 3 }, patterns: [{ match: ".*Id$", value: 7 }] }
  metrics: { countValidationAsSuccess: true }
  security: { enabled: true, categories: [xss] }
llm: { provider: ollama }
explore: { personas: [qa_engineer] }
workflows: { discover: false }
watch: { interval: 5000 }
cache: { enabled: true }
logging: { level: info }
discovery: { timeout: 1000 }
registry: { limit: 10 }
golden: { mode: exact }
contract: { mode: strict }
"#,
    );
    for named in [
        "`llm`",
        "`explore`",
        "`workflows`",
        "`watch`",
        "`cache`",
        "`logging`",
        "`discovery`",
        "`registry`",
        "`golden`",
        "`contract`",
        "`server.sessionId`",
        "`server.url`",
        "`server.headers`",
        "`baseline.savePath`",
        "`baseline.outputFormat`",
        "`output.format`",
        "`output.examples`",
        "`output.files`",
        "`check.incremental`",
        "`check.incrementalCacheHours`",
        "`check.parallel`",
        "`check.parallelWorkers`",
        "`check.diffFormat`",
        "`check.smartTestValues`",
        "`check.statefulTesting`",
        "`check.externalServices`",
        "`check.assertions`",
        "`check.rateLimit`",
        "`check.testFixtures`",
        "`check.metrics`",
        "`check.security` probes nothing",
        "`scenarios` is ignored",
        "`$NAME` stays as it is, only `${NAME}` is filled in: `server.env.HOUSE`",
        "`$$` is one dollar here: `server.env.COST`",
        "drift below `breaking` exits 0",
        "`baseline.path` is taken literally",
    ] {
        assert!(told.contains(named), "no {named} in {told}");
    }
    // As `init` writes it where it is told no server: the command line names it.
    let config = "server:\n  command: \"\"\n  args: []\n  transport: stdio\n  timeout: 30000\nlogging: { level: info }\n";
    sandbox.write("bellwether.yaml", config);
    let program = env!("CARGO_BIN_EXE_bellwether");
    let run = sandbox.run(&[
        "check",
        "--baseline",
        "old.json",
        "--",
        program,
        "mock",
        "now.json",
    ]);
    assert!(said(&run.expect(0)).contains("its `command` is empty"));
    // A remote server, with what only a command has.
    sandbox.write(
        "bellwether.yaml",
        "server:\n  command: serve\n  args: [a]\n  env: { A: b }\n  transport: sse\n  url: https://example.com/sse\nlogging: { level: info }\n",
    );
    let told = said(&sandbox.run(&["validate-config"]).expect(0));
    assert!(
        told.contains("`server.command`, `server.args`, `server.env`"),
        "{told}"
    );
    // In a file of this program the same is a mistake.
    sandbox.write(
        "bellwether.yaml",
        "server:\n  command: serve\n  transport: sse\n  url: https://example.com/sse\n",
    );
    sandbox.run(&["validate-config"]).expect(4);
}

/// The report of a check tells them, and so does an acceptance without one.
#[test]
fn who_accepts_is_told_once_what_there_is_to_know_of_an_old_file() {
    let ways = [
        ["baseline", "accept", "--reason", "fine"].as_slice(),
        &["baseline", "accept", "--reason", "fine", "--refresh"],
        &["check", "--accept-drift", "--accept-reason", "fine"],
    ];
    for way in ways {
        let sandbox = with(&fixture("2.0.1.json"), "3.1.0");
        change(&sandbox, |now| {
            now["tools"].as_array_mut().expect("tools").remove(1);
        });
        sandbox.run(&["check", "--baseline", "old.json"]).expect(3);
        let more = ["--baseline", "old.json", "--force", "--accepted-by", "Ada"];
        let told = said(&sandbox.run(&[way, &more].concat()).expect(0));
        let notes = told.matches("of the TypeScript bellwether wrote it");
        assert_eq!(notes.count(), 1, "{told}");
    }
}
