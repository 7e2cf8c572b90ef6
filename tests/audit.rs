//! The audit trail: who accepted what stands in the baseline, and nobody can change it there unnoticed.

mod support;

use bellwether::baseline::trail::{Action, Decision, Recorded, Who};
use bellwether::baseline::{Baseline, Trail, Volatile, verify};
use bellwether::json::{Json, parse};
use bellwether::report::Severity;
use bellwether::surface::{List, Listing, Surface};
use support::Sandbox;

const BASELINE: &str = ".bellwether/bellwether-baseline.json";

/// What a server says, with this tool, these instructions and this many prompts.
fn text(description: &str, instructions: &str, prompts: usize) -> String {
    let prompts: Vec<_> = (0..prompts)
        .map(|index| format!(r#"{{"name":"prompt{index}"}}"#))
        .collect();
    let prompts = prompts.join(",");
    format!(
        r#"{{"formatVersion":1,"protocolVersion":"2025-11-25","transport":"stdio",
        "initialize":{{"protocolVersion":"2025-11-25","serverInfo":{{"name":"greenhouse","version":"1.0.0"}},
            "capabilities":{{"tools":{{}},"prompts":{{}}}},"instructions":"{instructions}"}},
        "tools":[{{"name":"water","description":"{description}","inputSchema":{{"type":"object",
            "properties":{{"bed":{{"type":"integer","maximum":12.5}}}}}},"x-note":"line\nbreak"}},
            {{"name":"twin","x":1}},{{"name":"twin","x":2}}],
        "prompts":[{prompts}],"resources":[],"resourceTemplates":[],"results":{{"tools/list":{{"ttlMs":60000}}}}}}"#
    )
}

fn surface(text: &str) -> Surface {
    Surface::from_document(&parse(text).expect("JSON")).expect("a surface")
}

/// The states of a server that drifted three times.
fn states() -> [Surface; 4] {
    [
        surface(&text("Waters a bed.", "Water sparingly.", 0)),
        surface(&text("Waters every bed.", "Water sparingly.", 0)),
        surface(&text("Waters every bed.", "Water at dawn.", 2)),
        surface(&text("Waters nothing.", "Water at dawn.", 1)),
    ]
}

fn decision<'a>(before: &'a Surface, after: &'a Surface, day: u8, reason: &str) -> Decision<'a> {
    Decision {
        action: Action::Accepted,
        at: format!("2019-11-{day:02}T15:10:00Z"),
        who: Who {
            name: "Ada <ada@example.com>".to_owned(),
            source: "git".to_owned(),
        },
        reason: reason.to_owned(),
        ticket: None,
        expires: None,
        verdict: Some(Severity::Warning),
        findings: vec![Recorded {
            rule: "tool-description-changed".to_owned(),
            severity: Severity::Warning,
            at: "tools/water".to_owned(),
            pointer: "/description".to_owned(),
            fingerprint: "0123456789abcdef".to_owned(),
            message: "the description of `water` changed".to_owned(),
        }],
        before,
        after,
        joins: Vec::new(),
    }
}

/// A trail of two decisions that ends at the third state.
fn trail() -> Trail {
    let [first, second, third, _] = states();
    let mut trail = Trail::default();
    trail.append(Decision {
        ticket: Some("PLANT-7".to_owned()),
        expires: Some("2019-12-01".to_owned()),
        ..decision(&first, &second, 1, "read it, it is fine")
    });
    trail.append(decision(&second, &third, 2, "the new prompts are wanted"));
    trail
}

fn file() -> String {
    Baseline::render_with(&states()[2], None, &Volatile::default(), &trail()).expect("complete")
}

/// The file after somebody saved the fourth state over it, without a decision.
fn overwritten() -> String {
    Baseline::render_keeping(&file(), &states()[3], None).expect("complete")
}

#[test]
fn the_trail_reads_well_in_a_pull_request() {
    insta::assert_snapshot!(file());
}

#[test]
fn a_file_without_decisions_is_as_it_always_was() {
    let text = Baseline::render(&states()[0], None).expect("complete");
    assert!(!text.contains("trail") && !text.contains("unreviewed"));
    let found = verify(&text);
    assert!(found.is_whole() && found.notes.is_empty(), "{found:?}");
}

#[test]
fn what_was_written_is_whole_and_reads_back() {
    for text in [file(), overwritten()] {
        let found = verify(&text);
        assert!(found.is_whole(), "{found:?}");
        let read = Baseline::parse(&text).expect("a baseline");
        assert!(read.notes.is_empty(), "{:?}", read.notes);
        let again = Baseline::render_with(&read.surface, None, &Volatile::default(), &read.trail)
            .expect("complete");
        assert_eq!(again, text);
        let kept = Baseline::render_keeping(&text, &read.surface, None).expect("complete");
        assert_eq!(kept, text);
    }
    assert!(verify(&file()).unreviewed.is_empty());
    assert_eq!(verify(&overwritten()).unreviewed.len(), 1);
}

#[test]
fn every_state_can_be_rebuilt_also_behind_a_save_by_force() {
    let all = states();
    let digests = all.clone().map(|state| state.digest());
    let read = Baseline::parse(&overwritten()).expect("a baseline");
    let mut trail = read.trail.clone();
    assert_eq!(
        trail.reviewed(&read.surface).map(|s| s.digest()),
        Some(digests[2].clone())
    );
    // Somebody accepts what comes next, and the gap is still bridged.
    let next = surface(&text("Waters nothing.", "Water sparingly.", 1));
    trail.append(decision(&read.surface, &next, 3, "it is cloudy"));
    let text = Baseline::render_with(&next, None, &Volatile::default(), &trail).expect("complete");
    let found = verify(&text);
    assert!(found.is_whole(), "{found:?}");
    assert!(
        found.unreviewed[0]
            .what
            .contains("before entry 3: `prompts/prompt1`, `tools/water`"),
        "{found:?}"
    );
    let states = trail.states(&next);
    for digest in &digests {
        let rebuilt = states.of_digest(digest).expect("rebuilt");
        assert_eq!(rebuilt.digest(), *digest);
    }
    // Saving what was accepted last takes the remark away again.
    let back = Baseline::render_keeping(&overwritten(), &all[2], None).expect("complete");
    assert_eq!(back, file());
}

#[test]
fn two_branches_that_a_merge_joined_are_whole_and_without_it_they_are_not() {
    let [first, second, third, fourth] = states();
    let mut base = Trail::default();
    base.append(decision(&first, &second, 1, "base"));
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    let our_end = ours.append(decision(&second, &third, 4, "ours")).clone();
    let their_end = theirs
        .append(decision(&second, &fourth, 3, "theirs"))
        .clone();
    let mut joined = base.clone();
    joined.entries.extend([their_end.clone(), our_end.clone()]);
    let unjoined =
        Baseline::render_with(&third, None, &Volatile::default(), &joined).expect("complete");
    let found = verify(&unjoined);
    assert!(
        found
            .damage
            .iter()
            .any(|damage| damage.what.contains("2 ends")),
        "{found:?}"
    );
    joined.append(Decision {
        action: Action::Merged,
        joins: vec![our_end.hash.clone(), their_end.hash.clone()],
        ..decision(&third, &fourth, 5, "both")
    });
    let text =
        Baseline::render_with(&fourth, None, &Volatile::default(), &joined).expect("complete");
    let found = verify(&text);
    assert!(found.is_whole() && found.unreviewed.is_empty(), "{found:?}");
    let read = Baseline::parse(&text).expect("a baseline");
    for (index, state) in [&second, &fourth, &third, &fourth].into_iter().enumerate() {
        let rebuilt = read.trail.surface_at(&read.surface, index);
        assert_eq!(rebuilt.map(|state| state.digest()), Some(state.digest()));
    }
    let sandbox = sandbox(&text);
    let log = |format| {
        let run = sandbox.run(&["baseline", "log", "--format", format]);
        run.expect(0).stdout
    };
    let (ours, theirs) = (our_end.short_hash(), their_end.short_hash());
    let human = log("human");
    let said = format!("= joins: 3 {ours}, 2 {theirs}\n");
    assert!(human.contains(&said), "{human}");
    let markdown = log("markdown");
    let said = format!("merged (joins 3 `{ours}`, 2 `{theirs}`), warning");
    assert!(markdown.contains(&said), "{markdown}");
    // One side was taken out again.
    joined.entries.remove(1);
    let text =
        Baseline::render_with(&fourth, None, &Volatile::default(), &joined).expect("complete");
    assert!(!verify(&text).is_whole());
}

#[test]
fn entries_that_were_removed_reordered_edited_or_forged_are_named() {
    let whole = file();
    let document = parse(&whole).expect("JSON");
    let entries = document
        .get("trail")
        .and_then(Json::as_array)
        .expect("a trail");
    let with = |entries: &[Json]| {
        let trail = Trail::parse(&Json::Array(entries.to_vec())).expect("of the right shape");
        // Whoever does this puts the digest of the trail right as well.
        Baseline::render_with(&states()[2], None, &Volatile::default(), &trail).expect("complete")
    };
    let damage = |text: &str| {
        let found = verify(text);
        assert!(
            found.damage.iter().all(|damage| damage.position.is_some()),
            "{found:?}"
        );
        let all: Vec<_> = found.damage.into_iter().map(|damage| damage.what).collect();
        all.join("; ")
    };
    assert_eq!(damage(&with(entries)), "");
    let removed = damage(&with(&entries[1..]));
    assert!(
        removed.contains("entry 1 follows is not there"),
        "{removed}"
    );
    let swapped = damage(&with(&[entries[1].clone(), entries[0].clone()]));
    assert!(swapped.contains("the order was changed"), "{swapped}");
    let twice = damage(&with(&[
        entries[0].clone(),
        entries[0].clone(),
        entries[1].clone(),
    ]));
    assert!(twice.contains("entry 2 stands twice"), "{twice}");
    let edited = whole.replace("read it, it is fine", "read it, it is good");
    assert!(
        damage(&edited).contains("entry 1 was edited"),
        "{}",
        damage(&edited)
    );
    // The last entry alone, with the digest of the trail left as it was.
    let mut cut = parse(&whole).expect("JSON");
    if let Json::Object(object) = &mut cut {
        let shorter = Json::Array(entries[..1].to_vec());
        *object = object
            .written()
            .map(|(name, value)| {
                let value = if name == "trail" { &shorter } else { value };
                (name.to_owned(), value.clone())
            })
            .collect();
    }
    let cut = damage(&bellwether::json::pretty(&cut));
    assert!(
        cut.contains("`trail` is not what its digest was taken of"),
        "{cut}"
    );
    // Hashes put right, but it does not lead from the one state to the other.
    let [first, second, third, fourth] = states();
    let mut forged = Trail::default();
    forged.append(decision(&first, &second, 1, "read it"));
    let mut second_entry = forged.clone();
    second_entry.append(decision(&fourth, &third, 2, "forged"));
    let forged =
        Baseline::render_with(&third, None, &Volatile::default(), &second_entry).expect("complete");
    assert!(
        verify(&forged)
            .unreviewed
            .iter()
            .any(|found| found.what.contains("before entry 2"))
    );
}

#[test]
fn members_that_nobody_knows_or_that_stand_twice_are_damage() {
    for (old, new, wanted) in [
        (
            r#""formatVersion": 1,"#,
            r#""formatVersion": 1, "x": 2,"#,
            "`x` is no member of a baseline",
        ),
        (
            r#""formatVersion": 1,"#,
            r#""formatVersion": 1, "formatVersion": 1,"#,
            "`formatVersion` stands more than once",
        ),
        (
            r#""protocolVersion": "2025-11-25","#,
            r#""protocolVersion": "2025-11-26","#,
            "is not that of `initialize`",
        ),
        (
            r#""fingerprint":"#,
            r#""seen": 1, "fingerprint":"#,
            "`seen` is no member that this version knows",
        ),
    ] {
        let found = verify(&file().replacen(old, new, 1));
        assert!(
            found
                .damage
                .iter()
                .any(|damage| damage.what.contains(wanted)),
            "{wanted}: {found:?}"
        );
    }
}

const CONFIG: &str = "server:\n  mock: now.json\n";

fn sandbox(baseline: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("bellwether.yaml", CONFIG);
    sandbox.write("now.json", &text("Waters nothing.", "Water at dawn.", 1));
    sandbox.write(BASELINE, baseline);
    sandbox
}

#[test]
fn verify_says_where_and_sets_the_exit_code() {
    let sandbox = sandbox(&file());
    let run = sandbox.run(&["baseline", "verify"]).expect(0);
    assert!(run.stdout.contains("whole (2 decisions)"), "{}", run.stdout);
    sandbox.write(BASELINE, &file().replace("it is fine", "it is good"));
    let run = sandbox.run(&["baseline", "verify"]).expect(4);
    insta::assert_snapshot!(run.stdout);
    let json = sandbox
        .run(&["baseline", "verify", "--format", "json"])
        .expect(4)
        .json();
    assert_eq!(json["exitCode"], 4);
    assert!(
        json["baselines"][0]["damage"][0]["line"].as_u64() > Some(1),
        "{json}"
    );
    sandbox.write(BASELINE, &overwritten());
    let run = sandbox.run(&["baseline", "verify"]).expect(0);
    assert!(
        run.stdout.contains("warning[unreviewed-change]"),
        "{}",
        run.stdout
    );
    sandbox.run(&["baseline", "verify", "--strict"]).expect(4);
    for broken in ["", "{", "<<<<<<< ours\n"] {
        sandbox.write(BASELINE, broken);
        let run = sandbox.run(&["baseline", "verify"]).expect(4);
        assert!(
            run.stdout.contains("bellwether-baseline.json:1:"),
            "{}",
            run.stdout
        );
    }
    std::fs::remove_file(sandbox.path().join(BASELINE)).expect("removed");
    sandbox.run(&["baseline", "verify"]).expect(4);
}

/// Another layout is an error of `verify` and of nothing else, and goes away with the next text that is written.
#[test]
fn a_formatter_is_told_by_verify_alone() {
    let sandbox = sandbox(&file());
    let formatted = file().replace("\n  ", "\n    ");
    sandbox.write(BASELINE, &formatted);
    insta::assert_snapshot!(sandbox.run(&["baseline", "verify"]).expect(4).stdout);
    let json = sandbox
        .run(&["baseline", "verify", "--format", "json"])
        .expect(4)
        .json();
    let found = &json["baselines"][0];
    assert_eq!(found["damage"], serde_json::json!([]));
    assert_eq!(
        (&found["layout"]["line"], &found["layout"]["column"]),
        (&2.into(), &3.into())
    );
    // A server that did not change leaves the file as it is, unless that is forced.
    sandbox.write("now.json", &text("Waters every bed.", "Water at dawn.", 2));
    sandbox
        .run(&["check", "--min-severity", "breaking"])
        .expect(0);
    sandbox.run(&["baseline", "save"]).expect(0);
    assert_eq!(sandbox.read(BASELINE), formatted);
    sandbox.run(&["baseline", "save", "--force"]).expect(0);
    assert_eq!(sandbox.read(BASELINE), file());
    // Who accepts, restores or merges is not kept from it, and the new file is laid out again.
    let who = ["--reason", "r", "--accepted-by", "Bea"];
    let decide = |words: &[&str]| {
        sandbox.write(BASELINE, &formatted);
        sandbox.run(&["check"]);
        sandbox.run(&[words, &who].concat()).expect(0);
        sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
    };
    decide(&["baseline", "restore", "1"]);
    sandbox.write("now.json", &text("Waters nothing.", "Water at dawn.", 1));
    decide(&["baseline", "accept", "--force"]);
    sandbox.write(BASELINE, &formatted);
    let merged = sandbox.run(&["baseline", "merge", BASELINE, BASELINE, BASELINE]);
    merged.expect(0);
}

#[test]
fn what_is_no_baseline_is_exit_4_with_the_line() {
    let sandbox = sandbox(&file());
    let whole = file();
    let middle = whole.lines().count() / 2;
    let cut: Vec<_> = whole.lines().take(middle).collect();
    let cut = cut.join("\n");
    for (broken, line, why) in [
        (String::new(), 1, "it is empty"),
        (" \n\n".to_owned(), 1, "it is empty"),
        (cut, middle, "it is cut off"),
        (
            whole.replacen("\n  \"trail\"", "\n<<<<<<< ours\n  \"trail\"", 1),
            58,
            "conflict markers",
        ),
        (
            whole.replacen("\"formatVersion\": 1", "\"formatVersion\": 2", 1),
            2,
            "it has format 2",
        ),
        (
            whole.replacen("\"formatVersion\": 1", "\"formatVersion\": oops", 1),
            2,
            "it is not JSON",
        ),
        ("\n [1]".to_owned(), 2, "expected a JSON object"),
        ("{\"tools\": []}".to_owned(), 1, "it is a raw capture"),
    ] {
        sandbox.write(BASELINE, &broken);
        let json = sandbox
            .run(&["baseline", "verify", "--format", "json"])
            .expect(4)
            .json();
        let damage = &json["baselines"][0]["damage"];
        assert_eq!(damage.as_array().map(Vec::len), Some(1), "{why}: {json}");
        assert_eq!(damage[0]["line"], line, "{why}: {json}");
        let what = damage[0]["what"].as_str().expect("a clause");
        assert!(what.contains(why), "{what}");
    }
    let path = sandbox.path().join(BASELINE);
    let refused = |why: &str| {
        let run = sandbox.run(&["baseline", "verify"]).expect(4);
        assert!(run.stderr.contains(why), "{}", run.stderr);
        assert!(run.stdout.is_empty(), "{}", run.stdout);
    };
    let mut bytes = whole.clone().into_bytes();
    bytes.insert(whole.find("serverInfo").expect("it is there"), 0xff);
    std::fs::write(&path, bytes).expect("written");
    refused("it is not UTF-8 text: line 9, column 6");
    // Mostly a hole, which takes no room.
    std::fs::File::create(&path)
        .and_then(|file| file.set_len(200 << 20))
        .expect("made");
    refused("it is larger than 128 MiB");
    std::fs::remove_file(&path).expect("removed");
    refused("there is no such file");
    std::fs::create_dir(&path).expect("made");
    refused("it is a folder");
}

/// The same where nobody has ever decided anything: what was saved first was at least looked at.
#[test]
fn a_first_baseline_that_is_saved_over_is_unreviewed_too() {
    let first = Baseline::render(&states()[0], None).expect("complete");
    let sandbox = sandbox(&first);
    sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
    sandbox.run(&["baseline", "save"]).expect(4);
    sandbox.run(&["baseline", "save", "--force"]).expect(0);
    let said = "unreviewed change since it was first saved: `initialize/instructions`, `prompts/prompt0`, `tools/water`";
    let verified = |args: &[&str], exit: i32| {
        let run = sandbox
            .run(&[&["baseline", "verify"], args].concat())
            .expect(exit);
        assert!(run.stdout.contains("unreviewed change"), "{}", run.stdout);
        run.stdout
    };
    assert!(verified(&[], 0).contains(said), "{}", verified(&[], 0));
    verified(&["--strict"], 4);
    let log = sandbox.run(&["baseline", "log"]).expect(0).stdout;
    assert!(
        log.contains("unreviewed-change") && log.contains("tools/water"),
        "{log}"
    );
    // Two in a row are told as one, and going back leaves nothing to tell.
    let other = text("Waters all.", "Water at dawn.", 1);
    sandbox.write("now.json", &other);
    sandbox.run(&["check"]);
    sandbox.run(&["baseline", "save", "--force"]).expect(0);
    assert!(verified(&[], 0).contains(said));
    let twice = sandbox.read(BASELINE);
    sandbox.write("now.json", &first);
    sandbox.run(&["check"]);
    sandbox.run(&["baseline", "save", "--force"]).expect(0);
    assert_eq!(sandbox.read(BASELINE), first);
    // A decision after it holds it, so that the first state can still be rebuilt.
    sandbox.write(BASELINE, &twice);
    let cloudy = text("Waters all.", "Water when it is cloudy.", 1);
    sandbox.write("now.json", &cloudy);
    sandbox.run(&["check"]);
    let accept = [
        "baseline",
        "accept",
        "--reason",
        "so",
        "--accepted-by",
        "Ada",
        "--force",
    ];
    sandbox.run(&accept).expect(0);
    assert!(
        verified(&[], 0).contains("unreviewed change before entry 1: `initialize/instructions`")
    );
    let baseline = Baseline::parse(&sandbox.read(BASELINE)).expect("a baseline");
    let states_of = baseline.trail.states(&baseline.surface);
    assert!(states_of.of_digest(&states()[0].digest()).is_some());
    // To decide that all stays as it is is not to read it; `verify` says how to.
    let restore = |entry: &str| {
        let words = ["baseline", "restore", entry, "--reason", "read"];
        sandbox
            .run(&[&words[..], &["--accepted-by", "Ada"]].concat())
            .expect(0)
            .stdout
    };
    let said = restore("1");
    assert!(said.contains("expects already"), "{said}");
    let said = verified(&["--strict"], 4);
    assert!(said.contains("baseline restore 0 --reason"), "{said}");
    restore("0");
    sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
    let baseline = Baseline::parse(&sandbox.read(BASELINE)).expect("a baseline");
    assert_eq!(baseline.digest(), states()[0].digest());
    // What stood while nobody had read it is as unread when it comes back.
    let undone = sandbox.read(BASELINE);
    restore("1");
    verified(&["--strict"], 4);
    // What is accepted as the drift that it is, is read.
    sandbox.write(BASELINE, &undone);
    sandbox.run(&["check"]);
    sandbox.run(&accept).expect(0);
    sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
    restore("0");
    restore("1");
    sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
}

/// Somebody took away what tells the unreviewed change: there is one all the same.
#[test]
fn an_unreviewed_change_shows_also_where_the_file_does_not_tell_it() {
    let whole = overwritten();
    let begin = whole.find("  \"unreviewed\": [").expect("it is there");
    let end = whole.find("  \"digests\": ").expect("it is there");
    let without = [&whole[..begin], &whole[end..]].concat();
    let sandbox = sandbox(&without);
    let run = sandbox.run(&["baseline", "verify"]).expect(4);
    let missed = "there is a digest of `unreviewed`, which is not there";
    assert!(run.stdout.contains(missed), "{}", run.stdout);
    // And its digest with it.
    let digest = without
        .find(",\n    \"unreviewed\": \"sha256:")
        .expect("it is there");
    let rest = &without[digest + 1..];
    let rest = &rest[rest.find("\"\n").expect("the last") + 1..];
    sandbox.write(BASELINE, &[&without[..digest], rest].concat());
    let run = sandbox.run(&["baseline", "verify"]).expect(0);
    let said = "unreviewed change since the last decision: the surface, in a way that the file does not tell";
    assert!(run.stdout.contains(said), "{}", run.stdout);
    assert!(
        run.stdout.contains("bellwether-baseline.json:"),
        "{}",
        run.stdout
    );
    sandbox.run(&["baseline", "verify", "--strict"]).expect(4);
    for format in ["human", "markdown"] {
        let log = sandbox
            .run(&["baseline", "log", "--format", format])
            .expect(0)
            .stdout;
        assert!(
            log.contains("is not the one that was last accepted"),
            "{log}"
        );
    }
    let log = sandbox
        .run(&["baseline", "log", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(log["baselines"][0]["unreviewed"], serde_json::json!([]));
}

/// A decision about something else, and one that all stays, leave an unreviewed change what it is.
#[test]
fn a_decision_about_something_else_does_not_settle_an_unreviewed_change() {
    let first = text("Waters a bed.", "Water sparingly.", 0);
    let sandbox = sandbox(&Baseline::render(&surface(&first), None).expect("complete"));
    let run = |words: &[&str], exit: i32| {
        let named = ["--reason", "so", "--accepted-by", "Ada"];
        let named = if words[1] == "verify" {
            &[]
        } else {
            &named[..]
        };
        sandbox.run(&[words, named].concat()).expect(exit).stdout
    };
    let says = |text: &str| {
        sandbox.write("now.json", text);
        sandbox.run(&["check"]);
    };
    says(&text("Waters a bed.", "Water at dusk.", 0));
    run(&["baseline", "accept", "--force"], 0);
    says(&text("Waters nothing.", "Water at dusk.", 0));
    sandbox.run(&["baseline", "save", "--force"]).expect(0);
    says(&text("Waters nothing.", "Water at dusk.", 1));
    run(&["baseline", "accept", "--force"], 0);
    run(&["baseline", "verify", "--strict"], 4);
    let said = run(&["baseline", "restore", "2"], 0);
    assert!(said.contains("expects already"), "{said}");
    let said = run(&["baseline", "verify", "--strict"], 4);
    assert!(
        said.contains("bellwether baseline restore 1 --reason"),
        "{said}"
    );
    // What it touched is set back: by the server, as drift that somebody accepts.
    let unread = sandbox.read(BASELINE);
    says(&text("Waters a bed.", "Water at dusk.", 2));
    run(&["baseline", "accept", "--force"], 0);
    run(&["baseline", "verify", "--strict"], 0);
    // Or the way that `verify` names.
    sandbox.write(BASELINE, &unread);
    run(&["baseline", "restore", "1"], 0);
    run(&["baseline", "verify", "--strict"], 0);
    says(&text("Waters nothing.", "Water at dusk.", 1));
    run(&["baseline", "accept", "--force"], 0);
    run(&["baseline", "verify", "--strict"], 0);
    sandbox.run(&["check"]).expect(0);
}

#[test]
fn a_baseline_of_the_typescript_bellwether_is_no_damage_and_tells_its_acceptance() {
    let fixture = "fixtures/baselines/typescript/2.1.json";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture);
    let sandbox = sandbox(&std::fs::read_to_string(path).expect("a fixture"));
    let run = sandbox.run(&["baseline", "verify"]).expect(0);
    assert!(
        run.stdout.contains("all that it has of a trail"),
        "{}",
        run.stdout
    );
    let log = sandbox.run(&["baseline", "log"]).expect(0).stdout;
    assert!(log.contains("(the TypeScript bellwether 2.1.3)"), "{log}");
    // One that somebody edited is not called whole.
    let edited = sandbox
        .read(BASELINE)
        .replacen("\"description\": \"", "\"description\": \"X", 1);
    sandbox.write(BASELINE, &edited);
    for (words, exit) in [
        (&["baseline", "verify"][..], 0),
        (&["baseline", "verify", "--strict"], 4),
    ] {
        let said = sandbox.run(words).expect(exit).stdout;
        assert!(
            said.contains("[hash-mismatch]: its hash does not verify"),
            "{said}"
        );
        assert!(
            !said.contains("whole") && !said.contains("nothing was changed"),
            "{said}"
        );
    }
    let converted = [
        "baseline",
        "save",
        "--from",
        BASELINE,
        "--baseline",
        "new.json",
    ];
    let run = sandbox.run(&converted).expect(0);
    assert!(
        run.stderr.contains("its hash does not verify"),
        "{}",
        run.stderr
    );
}

#[test]
fn verify_looks_at_every_server() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "bellwether.yaml",
        "servers:\n  one:\n    mock: now.json\n    baseline: {path: one.json}\n  two:\n    mock: now.json\n    baseline: {path: two.json}\n",
    );
    sandbox.write("now.json", &text("x", "y", 0));
    sandbox.write(".bellwether/one.json", &file());
    sandbox.write(".bellwether/two.json", &file().replace("Waters", "Drowns"));
    let run = sandbox
        .run(&["baseline", "verify", "--format", "json"])
        .expect(4)
        .json();
    assert_eq!(
        run["baselines"][0]["damage"].as_array().map(Vec::len),
        Some(0)
    );
    assert!(run["baselines"][1]["damage"].as_array().map(Vec::len) > Some(0));
    sandbox
        .run(&["baseline", "verify", "--server", "one"])
        .expect(0);
    sandbox
        .run(&["baseline", "verify", "--server", "two"])
        .expect(4);
    let log = sandbox
        .run(&["baseline", "log", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(log["baselines"][1]["name"], "two");
    let logged = |format: &str, more: &[&str]| {
        let words = ["baseline", "log", "--format", format];
        sandbox.run(&[&words, more].concat()).expect(0).stdout
    };
    for format in ["human", "markdown"] {
        let log = logged(format, &[]);
        let places = ["one.json", "two.json"].map(|name| log.find(name));
        assert!(places[0].is_some() && places[0] < places[1], "{log}");
        let two = logged(format, &["--server", "two"]);
        assert!(!two.contains("one.json"), "{two}");
    }
    // What is wrong with one is told whatever has become of another.
    std::fs::remove_file(sandbox.path().join(".bellwether/one.json")).expect("removed");
    let run = sandbox.run(&["baseline", "verify"]).expect(4);
    for said in [
        "there is no such file",
        "one.json: damaged",
        "two.json: damaged",
    ] {
        assert!(run.stdout.contains(said), "{}", run.stdout);
    }
}

#[test]
fn the_log_tells_the_decisions_newest_first() {
    let sandbox = sandbox(&overwritten());
    let human = sandbox.run(&["baseline", "log"]).expect(0).stdout;
    insta::assert_snapshot!("log_human", human);
    let markdown = sandbox
        .run(&["baseline", "log", "--format", "markdown"])
        .expect(0)
        .stdout;
    insta::assert_snapshot!("log_markdown", markdown);
    let json = sandbox
        .run(&["baseline", "log", "--format", "json"])
        .expect(0)
        .json();
    let baseline = &json["baselines"][0];
    assert_eq!(baseline["decisions"][0]["number"], 2);
    assert_eq!(baseline["decisions"][1]["due"], true);
    assert_eq!(
        baseline["decisions"][1]["changed"][0]["before"]["description"],
        "Waters a bed."
    );
    assert_eq!(baseline["unreviewed"][1], "tools/water");
}

#[test]
fn text_of_servers_and_people_is_harmless_in_the_log() {
    let [first, second, ..] = &states();
    let mut trail = Trail::default();
    let hostile =
        "\u{1b}[31m::stop-commands::x\n::error::y `|` <img src=x> @all [a](http://b) \u{202e}";
    // A tool is called so as well.
    let named = format!(
        r#"{{"name":{}}}"#,
        bellwether::json::compact(&Json::string(hostile))
    );
    let mut tools = second.items(List::Tools).to_vec();
    tools.push(parse(&named).expect("JSON"));
    let mut second = second.clone();
    second.set_listing(List::Tools, Listing::Read(tools));
    let mut decision = decision(first, &second, 1, hostile);
    decision.who.name = hostile.to_owned();
    decision.who.source = hostile.to_owned();
    decision.ticket = Some(hostile.to_owned());
    decision.expires = Some(hostile.to_owned());
    decision.findings[0].rule = hostile.to_owned();
    decision.findings[0].message = hostile.to_owned();
    trail.append(decision);
    let sandbox = sandbox(
        &Baseline::render_with(&second, None, &Volatile::default(), &trail).expect("complete"),
    );
    for format in ["human", "markdown"] {
        let out = sandbox
            .run(&["baseline", "log", "--format", format])
            .expect(0)
            .stdout;
        assert!(
            !out.contains('\u{1b}') && !out.contains('\u{202e}'),
            "{out}"
        );
        assert!(
            !out.lines().any(|line| line.trim_start().starts_with("::")),
            "{out}"
        );
        if format == "markdown" {
            for tag in ["<img", "[a]"] {
                for (at, _) in out.match_indices(tag) {
                    // Escaped, or in a span of code.
                    let line = out[..at].rsplit('\n').next().unwrap_or_default();
                    let is_code = line.matches('`').count() - line.matches("\\`").count();
                    assert!(line.ends_with('\\') || is_code % 2 == 1, "{line}");
                }
            }
            let row = out
                .lines()
                .find(|line| line.contains("accepted,"))
                .expect("a row");
            assert_eq!(row.matches(" | ").count(), 5, "{row}");
        }
    }
}

#[test]
fn a_forged_hash_is_harmless_in_what_a_restore_says() {
    let mut forged: serde_json::Value = serde_json::from_str(&file()).expect("JSON");
    forged["trail"][1]["entry"] = "\u{1b}]0;x\u{7}".into();
    let sandbox = sandbox(&forged.to_string());
    for more in [&["--dry-run"][..], &[]] {
        let words = ["baseline", "restore", "2", "--force", "--reason", "back"];
        let by = ["--accepted-by", "Ada"];
        let said = sandbox
            .run(&[&words[..], &by, more].concat())
            .expect(0)
            .stdout;
        assert!(said.contains("\\u{1b}]0;x\\u{7} in "), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
    }
}

#[test]
fn an_earlier_state_comes_back_and_check_compares_with_it() {
    let sandbox = sandbox(&overwritten());
    // The server says what was saved by force.
    sandbox
        .run(&["check", "--min-severity", "breaking"])
        .expect(0);
    let before = sandbox.read(BASELINE);
    let dry = sandbox
        .run(&[
            "baseline",
            "restore",
            "2",
            "--reason",
            "that was no decision",
            "--accepted-by",
            "Bea",
            "--dry-run",
        ])
        .expect(0);
    assert!(dry.stdout.contains("nothing was written"), "{}", dry.stdout);
    assert_eq!(sandbox.read(BASELINE), before);
    sandbox
        .run(&[
            "baseline",
            "restore",
            "2",
            "--reason",
            "that was no decision",
            "--accepted-by",
            "Bea",
        ])
        .expect(0);
    sandbox.run(&["baseline", "verify"]).expect(0);
    let log = sandbox
        .run(&["baseline", "log", "--format", "json"])
        .expect(0)
        .json();
    let newest = &log["baselines"][0]["decisions"][0];
    assert_eq!(
        (&newest["action"], &newest["by"], &newest["bySource"]),
        (&"restored".into(), &"Bea".into(), &"--accepted-by".into())
    );
    assert_eq!(newest["reason"], "that was no decision");
    let baseline = Baseline::parse(&sandbox.read(BASELINE)).expect("a baseline");
    assert_eq!(baseline.digest(), states()[2].digest());
    let drift = sandbox.run(&["check"]);
    assert!((1..=3).contains(&drift.code), "{}", drift.stdout);
    // By hash, and the state before the first decision.
    let hash = newest["previous"].as_str().expect("a hash")[7..20].to_owned();
    let same = sandbox
        .run(&[
            "baseline",
            "restore",
            &hash,
            "--reason",
            "r",
            "--accepted-by",
            "Bea",
        ])
        .expect(0);
    assert!(same.stdout.contains("expects already"), "{}", same.stdout);
    sandbox
        .run(&[
            "baseline",
            "restore",
            "0",
            "--reason",
            "r",
            "--accepted-by",
            "Bea",
        ])
        .expect(0);
    let baseline = Baseline::parse(&sandbox.read(BASELINE)).expect("a baseline");
    assert_eq!(baseline.digest(), states()[0].digest());
    assert!(verify(&sandbox.read(BASELINE)).is_whole());
}

#[test]
fn a_restore_that_cannot_be_writes_nothing() {
    let sandbox = sandbox(&file());
    let restore = |more: &[&str]| {
        let mut words = vec!["baseline", "restore"];
        words.extend(more);
        sandbox.run(&words).expect(4)
    };
    restore(&["7", "--reason", "r", "--accepted-by", "Bea"]);
    restore(&["1", "--reason", " ", "--accepted-by", "Bea"]);
    restore(&["1", "--reason", "r", "--accepted-by", " "]);
    restore(&["1"]);
    assert_eq!(sandbox.read(BASELINE), file());
    let damaged = file().replace("it is fine", "it is good");
    sandbox.write(BASELINE, &damaged);
    let run = restore(&["1", "--reason", "r", "--accepted-by", "Bea"]);
    assert!(run.stderr.contains("entry 1 was edited"), "{}", run.stderr);
    assert_eq!(sandbox.read(BASELINE), damaged);
}

#[test]
fn who_decides_is_found_and_where_the_name_came_from_is_recorded() {
    let sandbox = sandbox(&file());
    let home = tempfile::tempdir().expect("a folder");
    let restore = |set: &[(&str, &str)]| {
        sandbox.write(BASELINE, &file());
        let mut command = sandbox.command(&["baseline", "restore", "1", "--reason", "r"]);
        for name in [
            "GIT_CONFIG_GLOBAL",
            "GIT_CONFIG_SYSTEM",
            "XDG_CONFIG_HOME",
            "GIT_DIR",
        ] {
            command.env_remove(name);
        }
        command
            .env("HOME", home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command.envs(set.iter().copied());
        let run = support::Run::of(command.output().expect("it runs"));
        let read = Baseline::parse(&sandbox.read(BASELINE)).expect("a baseline");
        let last = read.trail.last().expect("an entry").clone();
        (run.code, last.by, last.by_source)
    };
    assert_eq!(restore(&[]).0, 4);
    assert_eq!(
        restore(&[("GITHUB_ACTOR", "octo")]),
        (0, "octo".to_owned(), "GITHUB_ACTOR".to_owned())
    );
    assert_eq!(
        restore(&[("GITLAB_USER_LOGIN", "tanuki")]),
        (0, "tanuki".to_owned(), "GITLAB_USER_LOGIN".to_owned())
    );
    // Without git itself the accounts still count.
    assert_eq!(restore(&[("PATH", ""), ("GITHUB_ACTOR", "octo")]).0, 0);
    std::fs::write(
        home.path().join(".gitconfig"),
        "[user]\n\tname = Ada\n\temail = ada@example.com\n",
    )
    .expect("a file");
    assert_eq!(
        restore(&[("GITHUB_ACTOR", "octo")]),
        (0, "Ada <ada@example.com>".to_owned(), "git".to_owned())
    );
}

#[test]
fn saving_by_force_keeps_the_trail() {
    let sandbox = sandbox(&file());
    sandbox.run(&["check"]);
    sandbox.run(&["baseline", "save", "--force"]).expect(0);
    assert_eq!(sandbox.read(BASELINE), overwritten());
    let shown = sandbox
        .run(&["baseline", "show", "--format", "json"])
        .expect(0)
        .stdout;
    assert_eq!(shown, overwritten());
    // A damaged trail is compared all the same, and said.
    sandbox.write(BASELINE, &file().replace("it is fine", "it is good"));
    let run = sandbox.run(&["check", "--format", "json"]);
    let notes = run.json()["targets"][0]["notes"].to_string();
    assert!(
        notes.contains("its trail is damaged (entry 1 was edited"),
        "{notes}"
    );
}

#[test]
fn an_acceptance_that_has_run_out_is_due_for_review_until_somebody_confirms_it() {
    let sandbox = sandbox(&file());
    sandbox.write("now.json", &text("Waters every bed.", "Water at dawn.", 2));
    let report = sandbox.run(&["check", "--format", "json"]).expect(2).json();
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "acceptance-expired");
    assert_eq!(
        finding["message"],
        "the acceptance of `tools/water` by Ada <ada@example.com> expired on 2019-12-01"
    );
    let words = [
        "baseline",
        "restore",
        "2",
        "--reason",
        "still fine",
        "--accepted-by",
        "Bea",
    ];
    sandbox.run(&words).expect(0);
    sandbox.run(&["check"]).expect(0);
    sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
    let log = sandbox
        .run(&["baseline", "log", "--format", "json"])
        .expect(0)
        .json();
    let decisions = &log["baselines"][0]["decisions"];
    assert_eq!(
        (&decisions[0]["number"], &decisions[2]["due"]),
        (&3.into(), &false.into())
    );
    let log = sandbox.run(&["baseline", "log"]).expect(0).stdout;
    assert!(log.contains("= changed: nothing\n"), "{log}");
    // Once is enough.
    let again = sandbox.run(&words).expect(0).stdout;
    assert!(again.contains("expects already"), "{again}");
}

#[test]
fn what_has_run_out_is_accepted_for_another_time() {
    let sandbox = sandbox(&file());
    sandbox.write("now.json", &text("Waters every bed.", "Water at dawn.", 2));
    let named = ["--reason", "still fine", "--accepted-by", "Bea"];
    let accept = |more: &[&str]| {
        let words = [&["baseline", "accept"], &named[..], more].concat();
        sandbox.run(&words).expect(0).stdout
    };
    let report = sandbox.run(&["check", "--format", "json"]).expect(2).json();
    let print = report["findings"][0]["fingerprint"]
        .as_str()
        .expect("it has one");
    // Nothing else selects it.
    let mild = [
        &["baseline", "accept", "--max-severity", "info"],
        &named[..],
    ]
    .concat();
    sandbox.run(&mild).expect(4);
    for selector in [&[][..], &[print], &["--rule", "acceptance-expired"]] {
        sandbox.write(BASELINE, &file());
        sandbox.run(&["check"]).expect(2);
        let said = accept(selector);
        assert!(said.contains("[acceptance-expired]"), "{said}");
        sandbox.run(&["check"]).expect(0);
        sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
        let read = Baseline::parse(&sandbox.read(BASELINE)).expect("a baseline");
        let last = read.trail.last().expect("an entry");
        assert_eq!(read.trail.entries.len(), 3);
        assert_eq!(last.findings[0].rule, "acceptance-expired");
        assert_eq!(
            (last.changed.len(), &last.digest_after),
            (0, &states()[2].digest())
        );
        let known = read.trail.states(&read.surface);
        assert!(
            states()[..3]
                .iter()
                .all(|state| known.of_digest(&state.digest()).is_some())
        );
        // Once is enough, also without another check.
        let again = accept(&[]);
        assert!(again.contains("nothing to accept"), "{again}");
        assert_eq!(read.trail.due("2999-01-01"), []);
    }
    // Until another day: what it is about is told then, too.
    sandbox.write(BASELINE, &file());
    sandbox.run(&["check"]).expect(2);
    accept(&["--expires", "2998-12-31"]);
    sandbox.run(&["check"]).expect(0);
    let read = Baseline::parse(&sandbox.read(BASELINE)).expect("a baseline");
    assert_eq!(read.trail.due("2998-12-31"), []);
    let due = read.trail.due("2999-01-01");
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].0, read.trail.last().expect("an entry").short_hash());
    let places = due[0].1.get("changed").and_then(Json::as_array);
    assert_eq!(places, Some(&[Json::string("tools/water")][..]));
}
