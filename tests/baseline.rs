//! The promises of the baseline file: stable bytes, nothing lost, each kind of damage told apart, older formats read.

use std::hash::{DefaultHasher, Hash, Hasher};

use bellwether::baseline::{
    Baseline, BaselineError, Format, Kind, Lines, Source, aligned, show_json, verify,
};
use bellwether::json::{Json, Object, Pointer, compact, parse};
use bellwether::report::Place;
use bellwether::rules::CATALOGUE_VERSION;
use bellwether::surface::{List, Listing, Surface};
use proptest::prelude::*;

const SNAPSHOT: &str = r#"{"formatVersion":1,"protocolVersion":"2025-11-25","transport":"stdio",
    "initialize":{"serverInfo":{"version":"1.0.0","name":"greenhouse"},"capabilities":{"tools":{"listChanged":true}},
        "protocolVersion":"2025-11-25","instructions":"Water sparingly."},
    "tools":[
        {"name":"water","inputSchema":{"type":"object","required":["bed"],"properties":{"litres":{"maximum":1E1,"type":"number"},"bed":{"type":"integer"}}},"x-new":{"b":12345678901234567890123,"a":[1.0]}},
        {"name":"harvest","description":"Picks what is ripe.","inputSchema":{"type":"object"},"inputSchema":{"type":"object","properties":{}}}],
    "prompts":[],"resources":[{"uri":"plot://1","name":"plot","_meta":{"k":null},"mimeType":"text/plain"}],"resourceTemplates":[],
    "results":{"tools/list":{"ttlMs":60000}}}"#;

fn surface(text: &str) -> Surface {
    Surface::from_document(&parse(text).expect("JSON")).expect("a surface")
}

fn fixture(name: &str) -> String {
    let path = format!(
        "{}/fixtures/baselines/typescript/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn saved() -> String {
    Baseline::render(&surface(SNAPSHOT), None).expect("complete")
}

#[test]
fn the_file_reads_well_in_a_pull_request() {
    insta::assert_snapshot!(saved());
}

#[test]
fn a_file_of_ours_has_nothing_to_remark() {
    let baseline = Baseline::parse(&saved()).expect("a baseline");
    assert_eq!(
        baseline.surface,
        surface(SNAPSHOT).sorted_as(&baseline.surface)
    );
    assert!(baseline.digest_matches);
    assert_eq!(baseline.notes, [""; 0]);
    assert_eq!(show_json(&baseline), saved());
}

#[test]
fn the_version_of_the_catalogue_moves_only_with_the_surface() {
    let current = format!("\"catalogueVersion\": \"{CATALOGUE_VERSION}\"");
    let saved = saved();
    assert!(saved.contains(&current), "{saved}");
    let of_another = saved.replace(&current, "\"catalogueVersion\": \"0.0.9\"");
    let of_none = saved.replace(&format!("  {current},\n"), "");
    let mut changed = surface(SNAPSHOT);
    changed.set_listing(List::Prompts, Listing::Absent);
    for old in [of_another, of_none] {
        assert_ne!(old, saved);
        let found = verify(&old);
        assert!(
            found.damage.is_empty() && found.layout.is_some(),
            "{found:?}"
        );
        let again = Baseline::render_keeping(&old, &surface(SNAPSHOT), None);
        assert_eq!(again.expect("complete"), old);
        let moved = Baseline::render_keeping(&old, &changed, None).expect("complete");
        assert!(moved.contains(&current), "{moved}");
    }
    for broken in ["\"99.0.0\"", "\"00.1.0\"", "\"0.1.0 \"", "1"] {
        let broken = saved.replace(&current, &format!("\"catalogueVersion\": {broken}"));
        assert!(!verify(&broken).is_whole(), "{broken}");
    }
}

/// Equality of surfaces minds the order of items, of which files keep their own.
trait SortedAs {
    fn sorted_as(self, other: &Surface) -> Surface;
}

impl SortedAs for Surface {
    fn sorted_as(mut self, other: &Surface) -> Surface {
        for list in List::ALL {
            if let Listing::Read(theirs) = other.listing(list) {
                let mut ours = self.items(list).to_vec();
                ours.sort_by_key(|item| theirs.iter().position(|theirs| theirs == item));
                self.set_listing(list, Listing::Read(ours));
            }
        }
        self
    }
}

#[test]
fn edits_by_hand_are_compared_and_named() {
    let edited = saved().replace("Picks what is ripe.", "Picks everything.");
    let baseline = Baseline::parse(&edited).expect("still a baseline");
    assert!(!baseline.digest_matches);
    assert_eq!(
        baseline.notes,
        ["the digest of the baseline does not match: it was edited by hand (`tools/harvest`)"]
    );
    let edited = saved().replace("Water sparingly.", "Water a lot.");
    let baseline = Baseline::parse(&edited).expect("still a baseline");
    assert_eq!(
        baseline.notes,
        ["the digest of the baseline does not match: it was edited by hand"]
    );
    // A list that was cut out whole is not compared, and that is said.
    let mut document = parse(&saved()).expect("JSON");
    if let Json::Object(object) = &mut document {
        *object = object
            .iter()
            .filter(|(name, _)| *name != "tools")
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
    }
    let notes = Baseline::parse(&compact(&document))
        .expect("still a baseline")
        .notes;
    assert!(
        notes
            .iter()
            .any(|note| note.contains("it has no `tools`, so that is not compared")),
        "{notes:?}"
    );
}

#[test]
fn an_unchanged_surface_keeps_the_old_bytes() {
    let other_spelling = saved().replace("1E1", "10.0").replace('\n', "\r\n");
    let kept =
        Baseline::render_keeping(&other_spelling, &surface(SNAPSHOT), None).expect("complete");
    assert_eq!(kept, other_spelling);
    // What is not the same surface, or not in order, is written anew.
    for old in [
        saved().replace("sha256:", "sha256:0"),
        String::new(),
        fixture("1.0.json"),
    ] {
        let written = Baseline::render_keeping(&old, &surface(SNAPSHOT), None).expect("complete");
        assert_eq!(written, saved());
    }
    // Nobody decided that it is another surface, and the file says so.
    let edited = saved().replace("ripe", "red");
    let written = Baseline::render_keeping(&edited, &surface(SNAPSHOT), None).expect("complete");
    let unreviewed = Baseline::parse(&written)
        .expect("a baseline")
        .trail
        .unreviewed;
    let places: Vec<_> = unreviewed.iter().map(|changed| &*changed.at).collect();
    assert_eq!(places, ["tools/harvest"]);
    // The digest does not see a member that a later one overrides; the file must.
    let repeated = SNAPSHOT.replace(r#""bed":{"type""#, r#""bed":{},"bed":{"type""#);
    assert_eq!(surface(&repeated).digest(), surface(SNAPSHOT).digest());
    let written = Baseline::render_keeping(&saved(), &surface(&repeated), None).expect("complete");
    assert_ne!(written, saved());
}

#[test]
fn two_tools_of_one_name_are_both_kept() {
    let twins = r#"{"formatVersion":1,"tools":[{"name":"a","x":2},{"name":"a","x":1},{"y":1}]}"#;
    let text = Baseline::render(&surface(twins), None).expect("complete");
    let baseline = Baseline::parse(&text).expect("a baseline");
    assert!(baseline.digest_matches, "{text}");
    assert_eq!(baseline.surface.items(List::Tools).len(), 3);
    let digests = parse(&text).expect("JSON");
    let twins = digests
        .get("digests")
        .and_then(|digests| digests.get("tools/a"));
    assert_eq!(twins.and_then(Json::as_array).map(<[Json]>::len), Some(2));
}

#[test]
fn each_kind_of_damage_has_its_own_error() {
    let whole = saved();
    let middle = whole.len() / 2;
    let conflict = whole.replacen(
        "  \"digest\"",
        "<<<<<<< HEAD\n  \"digest\": \"sha256:1\",\n=======\n  \"digest\"",
        1,
    );
    let cases: [(&str, &str, &str); 14] = [
        ("", "it is empty", "git checkout"),
        (" \n\u{feff}", "it is", "git checkout"),
        ("\u{feff}\n", "it is empty", "git checkout"),
        (
            &whole[..middle],
            "it is cut off: the JSON ends early, in line",
            "git checkout",
        ),
        (&whole[..whole.len() - 2], "it is cut off", "git checkout"),
        (
            &conflict,
            "a merge left its conflict markers in it: line 4, column 1",
            "bellwether baseline merge base.json",
        ),
        (
            "{\n  \"formatVersion\": 1,\n  oops\n}",
            "it is not JSON: line 3, column 3",
            "git checkout",
        ),
        ("[1, 2]", "expected a JSON object, found array", "name"),
        ("{}", "neither `initialize` nor one of", "git checkout"),
        (r#"{"tools":[]}"#, "it is a raw capture", "--from"),
        (
            r#"{"formatVersion":2,"tools":[]}"#,
            "it has format 2, and this version reads format 1",
            "upgrade",
        ),
        (
            r#"{"formatVersion":1,"tools":{}}"#,
            "`tools` is not an array but object",
            "name",
        ),
        (
            r#"{"formatVersion":1,"tools":[],"errors":{"tools/list":{"code":-32603}}}"#,
            "the capture is incomplete: tools/list failed",
            "check",
        ),
        (
            r#"{"version":"3.0.0","server":{},"capabilities":{"tools":[]}}"#,
            "1.x and 2.x can be read",
            "save",
        ),
    ];
    for (text, cause, next) in cases {
        let error = Baseline::parse(text).expect_err(cause);
        assert!(error.to_string().contains(cause), "{error} is not {cause}");
        let failure = error.failure("could not read the baseline `b.json`", "b.json");
        assert!(
            failure
                .next
                .as_ref()
                .is_some_and(|text| text.contains(next)),
            "{failure:?}"
        );
        assert_eq!(failure.stage, "baseline");
    }
    for end in 1..whole.len() - 1 {
        let error = Baseline::parse(&whole[..end]).expect_err("cut off");
        assert!(
            matches!(error, BaselineError::Truncated(_)),
            "cut at {end}: {error}"
        );
    }
}

#[test]
fn an_incomplete_capture_is_never_written() {
    let mut surface = surface(SNAPSHOT);
    surface.set_listing(List::Resources, Listing::Failed(Json::Null));
    let error = Baseline::render(&surface, None).expect_err("incomplete");
    assert_eq!(error, BaselineError::Incomplete(vec!["resources/list"]));
    assert_eq!(
        Baseline::render_keeping(&saved(), &surface, None),
        Err(error)
    );
}

#[test]
fn diff_takes_every_kind_of_file() {
    let capture = r#"{"initialize":{},"tools":[],"errors":{"prompts/list":{"code":-32601},"resources/list":{"code":-32000}}}"#;
    for (text, kind) in [
        (saved().as_str(), Kind::Baseline),
        (&fixture("2.1.json"), Kind::TypeScript("2.1.3".to_owned())),
        (SNAPSHOT, Kind::Snapshot),
        (capture, Kind::Capture),
        (r#"{"tools":[]}"#, Kind::ListResult),
    ] {
        let source = Source::parse(text).expect("a source");
        assert_eq!(source.kind, kind);
    }
    let source = Source::parse(capture).expect("a source");
    assert_eq!(source.failed_lists().collect::<Vec<_>>(), [List::Resources]);
    assert_eq!(
        source.surface.listing(List::Prompts),
        &Listing::Read(Vec::new())
    );
    let page = Source::parse(r#"{"tools":[],"nextCursor":"2"}"#).expect("a source");
    assert_eq!(page.notes.len(), 1);
    assert!(Source::parse("{}").is_err() && Source::parse("7").is_err());
}

#[test]
fn typescript_baselines_of_format_2_load() {
    let baseline = Baseline::parse(&fixture("2.1.json")).expect("a baseline");
    assert_eq!(
        baseline.format,
        Format::TypeScript {
            version: "2.1.3".to_owned()
        }
    );
    assert!(baseline.digest_matches, "{:?}", baseline.notes);
    let surface = &baseline.surface;
    assert_eq!(surface.server_name(), Some("harbour-office"));
    assert_eq!(surface.server_version(), Some("4.0.0"));
    assert_eq!(surface.protocol_version.as_deref(), Some("2025-11-25"));
    assert_eq!(
        surface.instructions(),
        Some("Times are local. Berths count from the pier.")
    );
    let capabilities = surface.capabilities().expect("capabilities");
    let names: Vec<_> = capabilities.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["completions", "prompts", "resources", "tools"]);
    assert_eq!(
        List::ALL.map(|list| surface.items(list).len()),
        [2, 1, 1, 1]
    );
    let tool = &surface.items(List::Tools)[1];
    assert!(tool.get("outputSchema").is_some() && tool.get("execution").is_some());
    assert!(tool.get("schemaHash").is_none() && tool.get("baselineP50Ms").is_none());
    let notes = baseline.notes.join("\n");
    for lost in [
        "`acceptance`",
        "`metadata`",
        "`errorPatterns`",
        "`schemaHash`",
        "icons",
    ] {
        assert!(notes.contains(lost), "{lost} is not in {notes}");
    }
}

#[test]
fn typescript_baselines_of_format_1_load() {
    let baseline = Baseline::parse(&fixture("1.0.json")).expect("a baseline");
    assert!(baseline.digest_matches, "{:?}", baseline.notes);
    assert_eq!(baseline.surface.items(List::Tools).len(), 2);
    assert_eq!(baseline.surface.items(List::Prompts).len(), 1);
    // Version 1 never kept resources, so nothing can be said of them.
    assert_eq!(baseline.surface.listing(List::Resources), &Listing::Absent);
    let baseline = Baseline::parse(&fixture("1.0-lists-at-the-top.json")).expect("a baseline");
    assert_eq!(baseline.surface.items(List::Tools).len(), 1);
}

#[test]
fn a_typescript_hash_that_does_not_verify_is_a_note() {
    let baseline = Baseline::parse(&fixture("2.1-hash-does-not-verify.json")).expect("a baseline");
    assert!(!baseline.digest_matches);
    assert!(
        baseline.notes[0].starts_with("its hash does not verify"),
        "{:?}",
        baseline.notes
    );
}

/// A server that did not change shows no drift, however much of it the old program lost.
#[test]
fn only_what_a_typescript_baseline_can_know_is_compared() {
    let live = r#"{"formatVersion":1,"protocolVersion":"2025-11-25","transport":"stdio","initialize":{"protocolVersion":"2025-11-25",
        "serverInfo":{"name":"harbour-office","version":"4.0.0","title":"Harbour"},"instructions":"Times are local. Berths count from the pier.",
        "capabilities":{"tools":{"listChanged":true},"prompts":{},"resources":{"subscribe":true},"completions":{},"experimental":{"x":{}}}},
        "tools":[{"name":"reserve_berth","description":"Reserves a berth für Gäste.","title":"Reserve a berth","icons":[{"src":"data:,"}],"_meta":{"a":1},
            "inputSchema":{"type":"object","properties":{"berth":{"type":"integer","minimum":1,"maximum":40},"nights":{"type":"number","default":1.50}},"required":["berth"]},
            "outputSchema":{"type":"object","properties":{"9":{"type":"string"},"10":{"type":"string"},"slip":{"type":"string"}},"required":["slip"]},
            "annotations":{"title":"Reserve","readOnlyHint":false,"destructiveHint":false,"x":1},"execution":{"taskSupport":"optional"}},
            {"name":"tide_table"}],
        "prompts":[{"name":"log_entry","title":"Log entry","arguments":[{"name":"watch","title":"Watch"}]}],
        "resources":[{"uri":"harbour://chart","name":"chart","mimeType":"image/png","title":"Chart","annotations":{"audience":["user"],"priority":0.5},"size":2048,"icons":[]}],
        "resourceTemplates":[{"uriTemplate":"harbour://berths/{n}","name":"berth","mimeType":"application/json","annotations":{}}]}"#;
    let old = Source::parse(&fixture("2.1.json")).expect("a baseline");
    let new = Source::live(surface(live));
    let (a, b) = aligned(&old, &new);
    assert_eq!(
        a.digest(),
        b.digest(),
        "{}\n{}",
        compact(&a.to_document()),
        compact(&b.to_document())
    );
    let (b, a) = aligned(&new, &old);
    assert_eq!(a.digest(), b.digest());
    // What it does know is compared.
    let new = Source::live(surface(&live.replace("\"maximum\":40", "\"maximum\":30")));
    let (a, b) = aligned(&old, &new);
    assert_ne!(a.digest(), b.digest());
    // Version 1 kept less: neither resources nor titles nor output schemas of the same server count.
    let old = Baseline::parse(&fixture("1.0.json")).expect("a baseline");
    let live = surface(live);
    let seen = old.project(&live);
    assert_eq!(seen.listing(List::Resources), &Listing::Absent);
    assert_eq!(seen.items(List::Tools), {
        let mut tools = old.surface.items(List::Tools).to_vec();
        tools.reverse();
        tools
    });
    assert_eq!(seen.instructions(), None);
}

#[test]
fn a_place_has_its_line() {
    let place = |at: &str, pointer: &str| Place {
        at: at.to_owned(),
        pointer: Pointer::parse(pointer).expect("a pointer"),
    };
    let text = saved();
    let lines = Lines::new(&text).expect("JSON");
    for (at, pointer, expected) in [
        ("tools/harvest", "", "\"name\": \"harvest\""),
        (
            "tools/water",
            "/inputSchema/properties/bed/type",
            "\"type\": \"integer\"",
        ),
        (
            "tools/water",
            "/inputSchema/properties/gone/type",
            "\"properties\": {",
        ),
        ("tools/added", "/x", "\"tools\": ["),
        ("tools", "", "\"tools\": ["),
        ("resources/plot://1", "/mimeType", "\"mimeType\""),
        ("instructions", "", "\"instructions\""),
        ("capabilities/tools", "/listChanged", "\"listChanged\""),
        ("capabilities/gone", "", "\"capabilities\""),
        ("server", "/version", "\"version\": \"1.0.0\""),
        ("server", "/protocolVersion", "\"protocolVersion\""),
        ("server", "/transport", "\"transport\""),
        ("server", "/latency/connect", "\"serverInfo\""),
        ("elsewhere", "/x", "{"),
    ] {
        let line = lines.line_of(&place(at, pointer));
        let found = text.lines().nth(line - 1).expect("a line");
        assert!(found.contains(expected), "{at} {pointer}: {found}");
    }
    let text = fixture("2.1.json");
    let lines = Lines::new(&text).expect("JSON");
    for (at, pointer, expected) in [
        (
            "tools/reserve_berth",
            "/inputSchema/required",
            "\"required\": [",
        ),
        ("prompts/log_entry", "", "\"name\": \"log_entry\""),
        ("capabilities/prompts", "", "\"prompts\","),
        ("server", "/version", "\"version\": \"4.0.0\""),
        ("instructions", "", "\"instructions\""),
    ] {
        let line = lines.line_of(&place(at, pointer));
        let found = text.lines().nth(line - 1).expect("a line");
        assert!(found.contains(expected), "{at} {pointer}: {found}");
    }
    assert!(Lines::new("{").is_none());
    let deep = format!("{}\n7{}", "[".repeat(900), "]".repeat(900));
    let text = format!("{{\"tools\":[3,{{\"x\":{deep},\n\"name\":\"a\"}},\n{{\"name\":\"a\"}}]}}");
    let lines = Lines::new(&text).expect("JSON");
    let inmost = format!("/x{}", "/0".repeat(900));
    for (pointer, line) in [("", 3), ("/x", 1), (inmost.as_str(), 2), ("/name", 3)] {
        assert_eq!(lines.line_of(&place("tools/a", pointer)), line, "{pointer}");
    }
}

/// JSON as hostile servers write it: odd numbers, repeated names, any text.
fn any_json() -> impl Strategy<Value = Json> {
    let number = proptest::sample::select(vec![
        "0",
        "-0",
        "1",
        "1.0",
        "1E2",
        "0.1",
        "12345678901234567890123",
        "1e400",
        "-1.5e-7",
    ]);
    let name = prop_oneof![
        proptest::sample::select(vec![
            "name",
            "type",
            "properties",
            "$defs",
            "uri",
            "description",
            "_meta"
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        number.prop_map(|literal| parse(literal).expect("a number")),
        any::<String>().prop_map(Json::string),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            proptest::collection::vec((name.clone(), inner), 0..5)
                .prop_map(|members| Json::Object(members.into_iter().collect::<Object>())),
        ]
    })
}

fn any_surface() -> impl Strategy<Value = Surface> {
    let list = proptest::collection::vec(any_json(), 0..5).boxed();
    (list.clone(), list.clone(), list, any_json()).prop_map(|(tools, prompts, resources, other)| {
        let mut surface = surface(r#"{"tools":[]}"#);
        surface.set_listing(List::Tools, Listing::Read(tools));
        surface.set_listing(List::Prompts, Listing::Read(prompts));
        surface.set_listing(List::Resources, Listing::Read(resources));
        if let Json::Object(other) = other {
            if !other.is_empty() {
                surface.beside.insert(List::Tools, other.clone());
            }
            let mut initialize = Object::new();
            initialize.push("capabilities", other);
            surface.initialize = Some(initialize);
        }
        surface
    })
}

/// The same value with its members in another order; members of one name keep theirs, since the last one counts.
fn shuffled(json: &Json, seed: u64) -> Json {
    let rank = |name: &str| {
        let mut hasher = DefaultHasher::new();
        (seed, name).hash(&mut hasher);
        hasher.finish()
    };
    match json {
        Json::Array(items) => Json::Array(items.iter().map(|item| shuffled(item, seed)).collect()),
        Json::Object(object) => {
            let mut members: Vec<_> = object
                .written()
                .map(|(name, value)| (name.to_owned(), shuffled(value, seed)))
                .collect();
            members.sort_by_key(|(name, _)| rank(name));
            Json::Object(members.into_iter().collect())
        }
        scalar => scalar.clone(),
    }
}

fn shuffled_surface(surface: &Surface, seed: u64) -> Surface {
    let mut other = surface.clone();
    for list in List::ALL {
        if let Listing::Read(items) = surface.listing(list) {
            let mut items: Vec<_> = items.iter().map(|item| shuffled(item, seed)).collect();
            let middle = usize::try_from(seed % 7).expect("small") % items.len().max(1);
            items.rotate_left(middle);
            other.set_listing(list, Listing::Read(items));
        }
        if let Some(beside) = surface.beside.get(&list)
            && let Json::Object(beside) = shuffled(&beside.clone().into(), seed)
        {
            other.beside.insert(list, beside);
        }
    }
    if let Some(initialize) = &surface.initialize
        && let Json::Object(initialize) = shuffled(&initialize.clone().into(), seed)
    {
        other.initialize = Some(initialize);
    }
    other
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_server_that_sends_in_random_order_yields_the_same_bytes(surface in any_surface(), seed: u64) {
        let text = Baseline::render(&surface, None).expect("complete");
        let other = Baseline::render(&shuffled_surface(&surface, seed), None).expect("complete");
        prop_assert_eq!(text, other);
    }

    #[test]
    fn what_is_written_is_read_again(surface in any_surface(), seed: u64) {
        let text = Baseline::render(&surface, None).expect("complete");
        let baseline = Baseline::parse(&text).expect("a baseline");
        prop_assert!(baseline.digest_matches, "{:?}", baseline.notes);
        prop_assert_eq!(baseline.surface.digest(), surface.digest());
        for list in List::ALL {
            let mut items = baseline.surface.items(list).to_vec();
            for item in surface.items(list) {
                let found = items.iter().position(|other| other == item);
                prop_assert!(found.is_some(), "{} is lost", compact(item));
                items.remove(found.expect("found"));
            }
            prop_assert!(items.is_empty());
        }
        prop_assert_eq!(Baseline::render(&baseline.surface, None), Ok(text.clone()));
        let again = Baseline::render_keeping(&text, &shuffled_surface(&surface, seed), None).expect("complete");
        prop_assert_eq!(again, text);
    }
}

/// The first file that a newcomer verifies.
#[test]
fn the_baseline_of_the_demo_is_whole() {
    let path = "fixtures/demo/.bellwether/bellwether-baseline.json";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let found = verify(&std::fs::read_to_string(path).expect("the demo"));
    assert!(found.is_whole() && found.notes.is_empty(), "{found:?}");
}
