//! Nothing in a baseline file can be changed unnoticed: no byte of it, and no part of its trail.

use std::thread;

use bellwether::baseline::accept::{accepted, differing};
use bellwether::baseline::merge::Sides;
use bellwether::baseline::trail::{Action, Decision, Recorded, Who};
use bellwether::baseline::{Baseline, Trail, Verification, Volatile, verify, written_anew};
use bellwether::json::{Json, Object, Pointer, parse, pretty};
use bellwether::observed::Observed;
use bellwether::report::Severity;
use bellwether::surface::{List, Listing, Surface, Transport};
use proptest::prelude::*;

/// What a server says. What no digest sees by itself is in it: odd numbers, and names that stand twice.
fn surface(description: &str, prompt: &str) -> Surface {
    let text = format!(
        r#"{{"formatVersion":1,"transport":"stdio",
        "initialize":{{"protocolVersion":"2025-11-25","serverInfo":{{"name":"bed","version":"1"}}}},
        "tools":[{{"name":"dig","description":"{description}","x":{{"max":1.0,"b":"é","a":1,"b":2}}}},
            {{"name":"odd","x":[-0,1E2,1.10,1e400,18446744073709551617,1e-07,"\u2028\u007f😀\u001f\"\\/\n"]}},
            {{"name":"twin"}},{{"name":"twin","x":0.5}}],
        "prompts":[{{"name":"{prompt}"}}],"resources":[],"results":{{"tools/list":{{"ttlMs":6}}}}}}"#
    );
    Surface::from_document(&parse(&text).expect("JSON")).expect("a surface")
}

fn decision<'a>(action: Action, before: &'a Surface, after: &'a Surface, day: u8) -> Decision<'a> {
    Decision {
        action,
        at: format!("2019-11-{day:02}T15:10:00Z"),
        who: Who {
            name: "Ada <ada@example.com>".to_owned(),
            source: "git".to_owned(),
        },
        reason: "read \"it\"".to_owned(),
        ticket: None,
        expires: None,
        verdict: None,
        findings: Vec::new(),
        before,
        after,
        joins: Vec::new(),
    }
}

const OBSERVED: &str = r#"{"machine":{"os":"linux","arch":"x86_64","cpus":2,"ci":false},
    "places":{"tools/dig":{"latency":{"call":{"samples":[100,200,1000]}}}},"scenarios":{"digs":true}}"#;

/// A file with every member that there is: two branches and their merge, a state that was restored, a change that
/// nobody accepted, what was observed, and what is volatile.
fn rich() -> String {
    rich_with(OBSERVED)
}

fn rich_with(observed: &str) -> String {
    let states = [
        surface("a", "p"),
        surface("b", "p"),
        surface("b", "q"),
        surface("a", "r"),
    ];
    let mut trail = Trail::default();
    let first = decision(Action::Accepted, &states[0], &states[1], 1);
    trail.append(Decision {
        ticket: Some("BED-7".to_owned()),
        expires: Some("2019-12-01".to_owned()),
        verdict: Some(Severity::Warning),
        findings: vec![Recorded {
            rule: "tool-description-changed".to_owned(),
            severity: Severity::Warning,
            at: "tools/dig".to_owned(),
            pointer: "/description".to_owned(),
            fingerprint: "0123456789abcdef".to_owned(),
            message: "changed".to_owned(),
        }],
        ..first
    });
    let mut other = trail.clone();
    let ours = trail
        .append(decision(Action::Accepted, &states[1], &states[2], 2))
        .hash
        .clone();
    let theirs = other
        .append(decision(Action::Restored, &states[1], &states[0], 3))
        .clone();
    trail.entries.push(theirs.clone());
    trail.append(Decision {
        joins: vec![ours, theirs.hash],
        ..decision(Action::Merged, &states[2], &states[2], 4)
    });
    let observed = Observed::from_json(&parse(observed).expect("JSON")).expect("observed");
    let volatile = Volatile::between(&surface("b", "p"), &surface("c", "p")).expect("a text");
    let text = Baseline::render_with(&states[2], Some(&observed), &volatile, &trail);
    let text = text.expect("complete");
    Baseline::render_marking(&text, &states[3], Some(&observed), &volatile).expect("complete")
}

/// A file that was taken over from one of the TypeScript bellwether, with its acceptance, and saved over another such one.
fn taken_over() -> String {
    let old = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/baselines/typescript/2.1.3-accepted.json"
    );
    let old = std::fs::read_to_string(old).expect("a file");
    let [old, other] = [old.clone(), old.replace("Prunes a tree", "Cuts a tree")]
        .map(|text| Baseline::parse(&text).expect("an old file"));
    let text = Baseline::render_imported(&old.surface, None, &old.volatile, &old.trail, &old.sight);
    let text = text.expect("complete");
    Baseline::render_over(&text, &other.surface, None, &old.volatile, &old.sight).expect("complete")
}

/// Whether `verify` fails, whatever it warns of besides.
fn fails(found: &Verification) -> bool {
    !found.is_whole()
}

#[test]
fn a_file_with_every_member_is_whole() {
    let text = rich();
    let found = verify(&text);
    assert!(found.is_whole(), "{found:?}");
    assert_eq!((found.decisions, found.unreviewed.len()), (4, 1));
    for member in ["observed", "volatile", "trail", "unreviewed", "digests"] {
        assert!(text.contains(&format!("\n  \"{member}\": ")), "{member}");
    }
    assert!(text.contains("\"spelling\": \"sha256:"));
    let text = taken_over();
    let found = verify(&text);
    assert!(found.is_whole(), "{found:?}");
    assert_eq!((found.decisions, found.unreviewed.len()), (1, 1));
    assert!(text.contains("\n  \"importedFrom\": \"2.1.3\","));
}

/// Every byte: to some others, away, and one put in before it. Each is tried in one of these ways, its neighbours in
/// others; in all of them where `EVERY_CHANGE` is set, which takes minutes.
#[test]
fn no_byte_can_be_changed_taken_away_or_put_in_unnoticed() {
    for text in [rich(), taken_over()] {
        assert_every_byte_counts(&text);
    }
}

fn assert_every_byte_counts(text: &str) {
    let all = std::env::var_os("EVERY_CHANGE").is_some();
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || {
                for index in (worker..text.len()).step_by(workers) {
                    let changes = changes(text.as_bytes(), index);
                    let turn = index % changes.len();
                    let tried = if all {
                        &changes[..]
                    } else {
                        &changes[turn..=turn]
                    };
                    for changed in tried {
                        assert_noticed(text, changed, index);
                    }
                }
            });
        }
    });
}

/// The text with one byte changed in several ways.
fn changes(text: &[u8], index: usize) -> Vec<Vec<u8>> {
    let byte = text[index];
    let others = [
        byte ^ 0x20,
        byte.wrapping_add(1),
        b' ',
        b'0',
        b'"',
        b'\n',
        b'e',
    ];
    let with = |middle: &[u8], rest: usize| [&text[..index], middle, &text[rest..]].concat();
    let mut changed: Vec<_> = others
        .into_iter()
        .filter(|other| *other != byte)
        .map(|other| with(&[other], index + 1))
        .collect();
    changed.push(with(&[], index + 1));
    changed.extend([byte, b'0', b' ', b'\r'].map(|more| with(&[more], index)));
    changed
}

fn assert_noticed(text: &str, changed: &[u8], index: usize) {
    // What is no text is not read at all.
    let Ok(changed) = std::str::from_utf8(changed) else {
        return;
    };
    if changed == text {
        return;
    }
    let found = verify(changed);
    let around = String::from_utf8_lossy(
        &changed.as_bytes()[index.saturating_sub(30)..(index + 30).min(changed.len())],
    );
    assert!(fails(&found), "byte {index}, {around:?}: {found:?}");
    let places = found.damage.iter().chain(&found.layout);
    let mut positions = places.map(|damage| damage.position);
    assert!(
        positions.any(|position| position.is_some())
            || found.damage[0].what.contains("this version reads format 1")
            || found.damage[0].what.contains("capture"),
        "byte {index}, {around:?}: {found:?}"
    );
}

/// Every place in a document.
fn places(json: &Json, at: &Pointer, found: &mut Vec<Pointer>) {
    found.push(at.clone());
    match json {
        Json::Object(object) => {
            for (name, value) in object.iter() {
                places(value, &at.join(name), found);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &at.join(index), found);
            }
        }
        _ => {}
    }
}

/// What is done to a value: it becomes these members or elements of what holds it.
type Change = fn(&Json) -> Vec<Json>;

/// The document with a change at a place; of an object's member, its name stays with each of the values.
fn with(json: &Json, tokens: &[String], change: Change) -> Json {
    let Some((token, rest)) = tokens.split_first() else {
        return change(json).into_iter().next().unwrap_or(Json::Null);
    };
    let inner = |value: &Json| match rest {
        [] => change(value),
        rest => vec![with(value, rest, change)],
    };
    match json {
        Json::Object(object) => {
            let mut changed = Object::new();
            for (name, value) in object.written() {
                if name == token {
                    for value in inner(value) {
                        changed.push(name, value);
                    }
                } else {
                    changed.push(name, value.clone());
                }
            }
            changed.into()
        }
        Json::Array(items) => {
            let at: usize = token.parse().expect("an index");
            let parts = items.iter().enumerate().flat_map(|(index, item)| {
                if index == at {
                    inner(item)
                } else {
                    vec![item.clone()]
                }
            });
            Json::Array(parts.collect())
        }
        scalar => scalar.clone(),
    }
}

/// The value, another one.
fn edited(value: &Json) -> Vec<Json> {
    vec![match value {
        Json::Null => Json::string("x"),
        Json::Bool(held) => Json::Bool(!held),
        Json::Number(_) => Json::from(987),
        Json::String(text) => Json::string(format!("{text}x")),
        Json::Array(items) => Json::Array(items.iter().rev().cloned().collect()),
        Json::Object(object) => {
            let mut more = object.clone();
            more.push("more", 1);
            more.into()
        }
    }]
}

#[test]
fn no_part_can_be_edited_removed_or_doubled_unnoticed() {
    for text in [rich_with(r#"{"scenarios":{"digs":true}}"#), taken_over()] {
        assert_every_part_counts(&text);
    }
}

fn assert_every_part_counts(text: &str) {
    let document = parse(text).expect("JSON");
    assert_eq!(pretty(&document), text);
    let mut all = Vec::new();
    places(&document, &Pointer::root(), &mut all);
    let changes: [(&str, Change); 3] = [
        ("edited", edited),
        ("removed", |_| Vec::new()),
        ("doubled", |value| vec![value.clone(), value.clone()]),
    ];
    for place in &all[1..] {
        let tokens: Vec<_> = place.tokens().map(|token| token.into_owned()).collect();
        for (how, change) in changes {
            let changed = pretty(&with(&document, &tokens, change));
            if changed == text {
                continue;
            }
            let found = verify(&changed);
            let told = found.damage.iter().chain(&found.layout);
            let told: Vec<_> = match (how, place.as_str()) {
                // The surface is not the accepted one, and nothing says how.
                ("removed", "/unreviewed") => found.unreviewed.iter().collect(),
                _ => told.collect(),
            };
            assert!(!told.is_empty(), "{place} {how}: {found:?}");
            let placed = told.iter().any(|damage| damage.position.is_some());
            let is_whole_file = ["/formatVersion", "/tools", "/initialize"];
            assert!(
                placed || is_whole_file.contains(&place.as_str()),
                "{place} {how}: {found:?}"
            );
        }
    }
}

/// A surface and its file after an attacker put every digest right but the trail: what a program would do, not a person.
fn rewritten(surface: &Surface, trail: &Trail) -> Verification {
    let text = Baseline::render_with(surface, None, &Volatile::default(), trail);
    verify(&text.expect("complete"))
}

/// A trail of two decisions, and the states it leads through.
fn short_trail() -> ([Surface; 3], Trail) {
    let states = [surface("a", "p"), surface("b", "p"), surface("b", "q")];
    let mut trail = Trail::default();
    trail.append(decision(Action::Accepted, &states[0], &states[1], 1));
    trail.append(decision(Action::Accepted, &states[1], &states[2], 2));
    (states, trail)
}

#[test]
fn a_surface_with_new_digests_is_an_unreviewed_change() {
    let ([.., last], trail) = short_trail();
    assert!(rewritten(&last, &trail).unreviewed.is_empty());
    let found = rewritten(&surface("c", "q"), &trail);
    let [change] = found.unreviewed.as_slice() else {
        panic!("{found:?}");
    };
    assert!(change.position.is_some() && change.what.contains("does not tell"));
    // Where the file says how it came there, that has to be so.
    let text = rich();
    let read = Baseline::parse(&text).expect("a baseline");
    let found = rewritten(&surface("c", "q"), &read.trail);
    let wanted = "what is said to be saved without a decision does not hold";
    assert!(found.damage[0].what.contains(wanted), "{found:?}");
    assert!(found.damage[0].position.is_some());
}

#[test]
fn a_trail_with_new_hashes_is_found_unless_all_of_it_is_consistent() {
    let ([first, second, last], trail) = short_trail();
    // The last decision taken out: its surface is one that nobody accepted.
    let mut cut = trail.clone();
    cut.entries.pop();
    assert_eq!(rewritten(&last, &cut).unreviewed.len(), 1);
    // The first one forged, with its hash: the second follows another.
    let mut forged = Trail::default();
    forged.append(Decision {
        reason: "forged".to_owned(),
        ..decision(Action::Accepted, &first, &second, 1)
    });
    forged.entries.push(trail.entries[1].clone());
    let found = rewritten(&last, &forged);
    assert!(found.damage[0].what.contains("is not there"), "{found:?}");
    assert!(found.damage[0].position.is_some());
    // What the file cannot tell: the last one forged, all of it written anew, none of it left. The history of the
    // repository has to (`docs/audit.md`).
    let mut forged = trail.clone();
    forged.entries.pop();
    forged.append(Decision {
        reason: "forged".to_owned(),
        ..decision(Action::Accepted, &second, &last, 2)
    });
    for consistent in [forged, Trail::default()] {
        let found = rewritten(&last, &consistent);
        assert!(found.is_whole() && found.unreviewed.is_empty(), "{found:?}");
    }
    let more = Volatile::between(&last, &surface("c", "q")).expect("a text");
    let loosened = Baseline::render_with(&last, None, &more, &trail).expect("complete");
    assert!(verify(&loosened).is_whole());
}

/// The file as formatters and git leave it: the first difference is named, and nothing is said to be damaged.
#[test]
fn another_layout_is_named_and_no_damage() {
    let text = rich();
    let lines = |text: &str| text.replace('\n', "\r\n");
    for same in [lines(&text), format!("\u{feff}{text}")] {
        assert!(verify(&same).is_whole(), "{:?}", verify(&same));
    }
    let plain = Baseline::render(&surface("a", "p"), None).expect("complete");
    assert!(verify(&plain).is_whole());
    let indented = text.replace("\n  ", "\n    ");
    let spelled = "a number is spelled otherwise";
    let formatted = "(a formatter?)";
    for (changed, line, why) in [
        (indented, 2, formatted),
        (text.trim_end().to_owned(), text.lines().count(), formatted),
        (lines(&text).replacen("\r\n", "\n", 1), 2, formatted),
        (text.replacen("\"bed\"", "\"\\u0062ed\"", 1), 10, formatted),
        (text.replacen(" 1E2", " 1e2", 1), 0, spelled),
        (text.replacen(" 1.10", " 1.1", 1), 0, spelled),
        (
            plain.replacen("\"b\": \"é\"", "\"b\": \"è\"", 1),
            0,
            spelled,
        ),
        (plain.replacen(" 1.0", " 1.00", 1), 0, spelled),
    ] {
        let found = verify(&changed);
        assert_eq!(found.damage, [], "{why}");
        let layout = found.layout.expect("another layout");
        assert!(layout.what.contains(why), "{layout:?}");
        let position = layout.position.expect("a position");
        assert!(line == 0 || position.line == line, "{line}: {layout:?}");
    }
}

/// JSON as servers write it that hide something: odd numbers, names that stand twice, any text.
fn any_json() -> impl Strategy<Value = Json> {
    let numbers = [
        "0",
        "-0",
        "1",
        "1.0",
        "1E2",
        "1e+2",
        "1.10",
        "-1.5e-7",
        "1e400",
        "18446744073709551617",
    ];
    let odd = [
        "\u{2028}",
        "\u{7f}",
        "\u{1f}\u{0}",
        "😀",
        "\u{feff}",
        "\r\n\t\"\\/",
    ];
    let name = prop_oneof![
        prop::sample::select(vec!["name", "type", "properties", "default", "description"])
            .prop_map(str::to_owned),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        prop::sample::select(numbers.to_vec())
            .prop_map(|literal| parse(literal).expect("a number")),
        prop::sample::select(odd.to_vec()).prop_map(Json::string),
        any::<String>().prop_map(Json::string),
    ];
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::vec((name.clone(), inner), 0..5)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

fn any_surface() -> impl Strategy<Value = Surface> {
    let tool = (prop::sample::select(vec!["a", "b", "c"]), any_json());
    let tools = prop::collection::vec(tool, 0..4);
    (tools, any_json(), any_json(), any_json()).prop_map(|(tools, odd, handshake, beside)| {
        let tools = tools.into_iter().map(|(name, schema)| {
            let mut tool = Object::new();
            tool.push("inputSchema", schema);
            tool.push("name", name);
            Json::from(tool)
        });
        let mut surface = Surface::default();
        surface.set_listing(List::Tools, Listing::Read(tools.collect()));
        surface.set_listing(List::Prompts, Listing::Read(vec![odd]));
        surface.transport = Some(Transport::Stdio);
        if let Json::Object(members) = handshake {
            surface.initialize = Some(members);
        }
        if let Json::Object(beside) = beside {
            surface.beside.insert(List::Tools, beside);
        }
        surface
    })
}

/// What was written verifies, and says how many surfaces came without a decision.
fn assert_whole(text: &str, unreviewed: usize, what: &str) -> Baseline {
    let found = verify(text);
    assert!(found.is_whole(), "{what}: {found:?}\n{text}");
    assert_eq!(found.unreviewed.len(), unreviewed, "{what}: {found:?}");
    assert_eq!(written_anew(text), None, "{what}");
    Baseline::parse(text).expect("a baseline")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever is written, by whichever command, is the text that its content is written as.
    #[test]
    fn whatever_was_written_verifies(states in prop::array::uniform4(any_surface())) {
        let none = Volatile::default();
        let write = |surface: &Surface, trail: &Trail| {
            Baseline::render_with(surface, None, &none, trail).expect("complete")
        };
        let [first, second, third, fourth] = &states;
        let saved = write(first, &Trail::default());
        assert_whole(&saved, 0, "save");
        let kept = Baseline::render_keeping(&saved, first, None).expect("complete");
        prop_assert_eq!(&kept, &saved);
        // One thing after the other, then the rest.
        let mut trail = Trail::default();
        let mut now = first.clone();
        for thing in differing(first, second) {
            let after = accepted(&now, second, &[thing].into());
            trail.append(decision(Action::Accepted, &now, &after, 1));
            assert_whole(&write(&after, &trail), 0, "accept in part");
            now = after;
        }
        trail.append(decision(Action::Accepted, &now, second, 2));
        let base = assert_whole(&write(second, &trail), 0, "accept");
        let back = base.trail.surface_at(&base.surface, 0).expect("rebuilt");
        let mut restored = base.trail.clone();
        restored.append(decision(Action::Restored, &base.surface, &back, 3));
        assert_whole(&write(&back, &restored), 0, "restore");
        let forced = Baseline::render_keeping(&write(second, &trail), third, None);
        let forced = forced.expect("complete");
        let differs = usize::from(second.digest() != third.digest());
        let over = assert_whole(&forced, differs, "save by force");
        let mut anew = over.trail.clone();
        anew.append(decision(Action::Accepted, &over.surface, fourth, 4));
        assert_whole(&write(fourth, &anew), differs, "accept after it");
        // Two branches, of which the other drops what is not joined item by item.
        let mut theirs = base.trail.clone();
        let other = accepted(second, third, &["tools/a".to_owned()].into());
        theirs.append(decision(Action::Accepted, second, &other, 5));
        let mut ours = base.trail.clone();
        let our = accepted(second, fourth, &["tools/b".to_owned()].into());
        ours.append(decision(Action::Accepted, second, &our, 6));
        let [our, their] = [(our, ours), (other, theirs)].map(|(surface, trail)| {
            assert_whole(&write(&surface, &trail), 0, "a branch")
        });
        let sides = Sides { base: Some(&base), ours: &our, theirs: &their, prefer: None };
        let who = Who { name: "Ada".to_owned(), source: "git".to_owned() };
        if let Ok(joined) = sides.join("2019-11-07T15:10:00Z", Some(who)) {
            assert_whole(&joined.text(), 0, "merge");
        }
    }
}
