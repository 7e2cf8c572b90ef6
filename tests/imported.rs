//! A baseline that was converted from a file of the TypeScript bellwether: what that file could not hold is not compared
//! until somebody approves it, and no other file can be made blind like that.

#[path = "support/orchard.rs"]
mod orchard;
mod support;

use bellwether::baseline::Baseline;
use orchard::{change, fixture, orchard, said};
use serde_json::{Value, json};
use support::Sandbox;

/// Files that the program itself wrote, each with the version of the server in it and that of the program.
const FILES: [(&str, &str, &str); 3] = [
    ("1.0.3-accepted.json", "3.2.0", "1.0.3"),
    ("2.0.1.json", "3.1.0", "2.0.1"),
    ("2.1.3-accepted.json", "3.2.0", "2.1.3"),
];

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/baselines/typescript");

const CHECK: [&str; 3] = ["check", "--baseline", "new.json"];
const SAVE: [&str; 4] = ["baseline", "save", "--baseline", "new.json"];
const CONVERT: [&str; 6] = [
    "baseline",
    "save",
    "--from",
    "old.json",
    "--baseline",
    "new.json",
];
const VERIFY: [&str; 4] = ["baseline", "verify", "--strict", "new.json"];
const ACCEPT: [&str; 9] = [
    "baseline",
    "accept",
    "--baseline",
    "new.json",
    "--accepted-by",
    "Ada",
    "--reason",
    "moved over",
    "--force",
];

/// The note of a file that knows no more than the old one.
const BLIND: &str =
    "are not compared until bellwether baseline accept, or bellwether baseline save --force";

/// A sandbox with the server as it was, and a converted file.
fn converted(name: &str, version: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("old.json", &fixture(name));
    sandbox.write("now.json", &orchard(version).to_string());
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    sandbox.run(&CONVERT).expect(0);
    sandbox
}

fn drifts(sandbox: &Sandbox) -> String {
    let run = sandbox.run(&CHECK);
    let told = said(&run);
    assert!((1..=3).contains(&run.code), "{told}");
    told
}

/// Whether the file still knows no more than the old one.
fn is_limited(sandbox: &Sandbox) -> bool {
    sandbox.read("new.json").contains("importedFrom")
}

#[test]
fn what_the_old_file_could_not_hold_is_no_drift_until_it_is_accepted() {
    for (name, version, program) in FILES {
        let sandbox = converted(name, version);
        let text = sandbox.read("new.json");
        assert_eq!(
            text.lines().nth(3),
            Some(format!("  \"importedFrom\": \"{program}\",").as_str())
        );
        let told = said(&sandbox.run(&VERIFY).expect(0));
        assert!(told.contains(BLIND), "{told}");
        let told = said(&sandbox.run(&CHECK).expect(0));
        assert!(told.contains(BLIND), "{told}");
        let snapshot = sandbox.run(&["snapshot"]).expect(0).stdout;
        sandbox.write("snapshot.json", &snapshot);
        for compare in [
            ["diff", "new.json", "snapshot.json"].as_slice(),
            &["baseline", "compare", "new.json", "snapshot.json"],
            &["diff", "new.json", "old.json"],
            &["baseline", "show", "new.json"],
        ] {
            sandbox.run(compare).expect(0);
        }
        sandbox.run(&CONVERT).expect(0);
        assert_eq!(sandbox.read("new.json"), text);
        // There is more to approve than is in the file, so nothing is saved in passing.
        let told = said(&sandbox.run(&SAVE).expect(4));
        for part in [program, "take it over with `bellwether check`"] {
            assert!(told.contains(part), "no {part} in {told}");
        }
        assert_eq!(sandbox.read("new.json"), text);
        sandbox.run(&ACCEPT[..8]).expect(0);
        let accepted = sandbox.read("new.json");
        assert!(!is_limited(&sandbox) && accepted.contains("orchard/ladder"));
        sandbox.run(&VERIFY).expect(0);
        let told = said(&sandbox.run(&CHECK).expect(0));
        assert!(!told.contains("TypeScript"), "{told}");
        sandbox.run(&SAVE).expect(0);
        assert_eq!(sandbox.read("new.json"), accepted);
        // From now on it is seen.
        change(&sandbox, |now| {
            now["tools"][0]["_meta"]["orchard/ladder"] = false.into();
        });
        drifts(&sandbox);
    }
}

#[test]
fn what_the_old_file_held_is_compared() {
    for (name, version, _) in FILES {
        let sandbox = converted(name, version);
        change(&sandbox, |now| {
            now["tools"][0]["description"] = "Fells a tree.".into();
            now["tools"].as_array_mut().expect("tools").remove(1);
        });
        let told = drifts(&sandbox);
        for rule in ["tool-removed", "tool-description"] {
            assert!(told.contains(rule), "{name}: no {rule} in {told}");
        }
        sandbox.run(&ACCEPT).expect(0);
        assert!(!is_limited(&sandbox));
        sandbox.run(&VERIFY).expect(0);
        sandbox.run(&CHECK).expect(0);
    }
    for (name, is_seen) in [
        ("2.1.3-accepted.json", true),
        ("1.0.3-accepted.json", false),
    ] {
        let sandbox = converted(name, "3.2.0");
        change(&sandbox, |now| {
            now["initialize"]["instructions"] = "Rows are counted from the barn.".into();
        });
        let run = sandbox.run(&CHECK);
        assert_eq!(run.code > 0, is_seen, "{}", said(&run));
    }
}

/// Every file that there is, and files whose version does not tell all that they kept.
#[test]
fn a_converted_file_knows_what_the_old_one_knew() {
    let files = std::fs::read_dir(FOLDER).expect("the folder");
    let mut texts: Vec<String> = files
        .map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("text"))
        .collect();
    assert!(texts.len() >= 7);
    for (version, revision, member) in [
        ("2.0.0", "2025-11-25", "title"),
        ("2.0.0", "2025-11-25", "execution"),
        ("2.0.0", "2025-03-26", "outputSchema"),
        ("1.1", "2025-06-18", "annotations"),
        ("v2.9.9-beta.1", "2024-11-05", "title"),
    ] {
        let mut file: Value = serde_json::from_str(&fixture("1.0.3-accepted.json")).expect("JSON");
        file["version"] = version.into();
        file["server"]["protocolVersion"] = revision.into();
        file["capabilities"]["tools"][0][member] = json!({ "x": 1 });
        file["capabilities"]["resourceTemplates"] = json!([]);
        texts.push(file.to_string());
    }
    for text in texts {
        let old = Baseline::parse(&text).expect("an old file");
        let new =
            Baseline::render_imported(&old.surface, None, &old.volatile, &old.trail, &old.sight)
                .expect("complete");
        let read = Baseline::parse(&new).expect("a baseline");
        assert_eq!(read.sight, old.sight, "{text}");
        assert_eq!(read.digest(), old.digest());
        let kept = Baseline::render_over(&new, &old.surface, None, &old.volatile, &old.sight);
        assert_eq!(kept.expect("complete"), new);
    }
}

#[test]
fn a_partial_acceptance_and_a_forced_save_end_it() {
    let sandbox = converted("2.1.3-accepted.json", "3.2.0");
    change(&sandbox, |now| {
        now["tools"][1]["description"] = "Picks all.".into();
    });
    drifts(&sandbox);
    let mut args = ACCEPT.to_vec();
    args.insert(2, "tools/pick");
    let told = said(&sandbox.run(&args).expect(0));
    assert!(
        told.contains("still drift: capabilities/tools, server, tools/prune"),
        "{told}"
    );
    assert!(!told.contains(BLIND), "{told}");
    assert!(!is_limited(&sandbox));
    sandbox.run(&VERIFY).expect(0);
    // What was left shows up.
    let told = drifts(&sandbox);
    assert!(told.contains("prune") && !told.contains(BLIND), "{told}");
    sandbox.run(&ACCEPT).expect(0);
    sandbox.run(&CHECK).expect(0);
    // An earlier state comes back as what it is, and all of the server is compared with it.
    let restore = [
        "baseline",
        "restore",
        "1",
        "--baseline",
        "new.json",
        "--accepted-by",
        "Ada",
        "--reason",
        "back",
    ];
    sandbox.run(&restore).expect(0);
    assert!(!is_limited(&sandbox));
    sandbox.run(&VERIFY).expect(0);
    drifts(&sandbox);
    // Over the decisions of a file that is there, an old file does not limit what is seen.
    let mut convert = CONVERT.to_vec();
    convert.push("--force");
    let told = said(&sandbox.run(&convert).expect(0));
    assert!(told.contains("so all will be compared"), "{told}");
    assert!(!is_limited(&sandbox));
    drifts(&sandbox);

    let sandbox = converted("2.1.3-accepted.json", "3.2.0");
    sandbox.run(&CHECK).expect(0);
    let mut save = SAVE.to_vec();
    save.push("--force");
    sandbox.run(&save).expect(0);
    assert!(!is_limited(&sandbox) && sandbox.read("new.json").contains("orchard/ladder"));
    let told = said(&sandbox.run(&["baseline", "verify", "new.json"]).expect(0));
    assert!(told.contains("unreviewed"), "{told}");
    sandbox.run(&CHECK).expect(0);
}

#[test]
fn no_other_file_can_be_made_blind() {
    let sandbox = converted("2.1.3-accepted.json", "3.2.0");
    let imported: Value = serde_json::from_str(&sandbox.read("new.json")).expect("JSON");
    let digest = imported["digests"]["importedFrom"].as_str().expect("one");
    let forge = |text: &str, version: &str, digest: Option<&str>| {
        let member = format!("  \"importedFrom\": \"{version}\",\n  \"digest\":");
        let forged = text.replacen("  \"digest\":", &member, 1);
        match digest {
            Some(digest) => forged.replacen(
                "\"digests\": {",
                &format!("\"digests\": {{\n    \"importedFrom\": \"{digest}\","),
                1,
            ),
            None => forged,
        }
    };
    let limited = sandbox.read("new.json");
    sandbox.run(&CHECK).expect(0);
    sandbox.run(&ACCEPT).expect(0);
    let native = sandbox.read("new.json");
    // A file that nobody has decided about, and one that was accepted in part, which has no transport.
    let mut fresh = SAVE.to_vec();
    fresh[3] = "fresh.json";
    sandbox.run(&fresh).expect(0);
    sandbox.write("new.json", &limited);
    sandbox.run(&CHECK).expect(0);
    let mut part = ACCEPT.to_vec();
    part.insert(2, "tools/pick");
    sandbox.run(&part).expect(0);
    let part = sandbox.read("new.json");
    change(&sandbox, |now| {
        now["tools"][0]["_meta"]["orchard/ladder"] = 7.into();
        now["initialize"]["serverInfo"]["title"] = "The barn".into();
    });
    for text in [native, sandbox.read("fresh.json"), part] {
        for forged in [
            forge(&text, "1.0.0", None),
            forge(&text, "2.1.3", None),
            forge(&text, "2.1.3", Some(digest)),
        ] {
            sandbox.write("new.json", &forged);
            let told = said(&sandbox.run(&VERIFY).expect(4));
            assert!(told.contains("`importedFrom`"), "{told}");
            let told = drifts(&sandbox);
            assert!(!told.contains(BLIND), "{told}");
            let told = said(&sandbox.run(&ACCEPT).expect(4));
            assert!(told.contains("is damaged"), "{told}");
            // Nor by new digests over it.
            let copy = [
                "baseline",
                "save",
                "--from",
                "new.json",
                "--baseline",
                "copy.json",
                "--force",
            ];
            sandbox.run(&copy).expect(0);
            assert!(!sandbox.read("copy.json").contains("importedFrom"));
        }
    }
    // Another version is another sight; without it everything is compared.
    for (changed, what) in [
        (
            limited.replacen(
                "\"importedFrom\": \"2.1.3\"",
                "\"importedFrom\": \"1.1.3\"",
                1,
            ),
            "`importedFrom` is not what its digest was taken of",
        ),
        (
            limited.replacen("  \"importedFrom\": \"2.1.3\",\n", "", 1),
            "there is a digest of `importedFrom`, which is not there",
        ),
    ] {
        sandbox.write("new.json", &changed);
        let told = said(&sandbox.run(&VERIFY).expect(4));
        assert!(told.contains(what), "{told}");
        assert!(!drifts(&sandbox).contains(BLIND));
        sandbox.run(&ACCEPT).expect(4);
    }
    // What is no version is no baseline.
    for member in ["\"3.0.0\"", "\"\"", "7", "null", "{}"] {
        let changed = limited.replacen(
            "\"importedFrom\": \"2.1.3\"",
            &format!("\"importedFrom\": {member}"),
            1,
        );
        sandbox.write("new.json", &changed);
        for args in [
            CHECK.as_slice(),
            &ACCEPT,
            &["baseline", "show", "new.json"],
            &VERIFY,
        ] {
            let told = said(&sandbox.run(args).expect(4));
            assert!(told.contains("`importedFrom`"), "{member}: {told}");
            assert!(
                told.contains("line 4") || told.contains(":4:"),
                "{member}: {told}"
            );
        }
        assert_eq!(sandbox.read("new.json"), changed);
    }
}

#[test]
fn a_merge_keeps_it_where_both_sides_have_it() {
    let sandbox = converted("2.0.1.json", "3.1.0");
    let base = sandbox.read("new.json");
    let merge = |ours: &str, theirs: &str| {
        sandbox.write("base.json", &base);
        sandbox.write("ours.json", ours);
        sandbox.write("theirs.json", theirs);
        let merge = [
            "baseline",
            "merge",
            "base.json",
            "ours.json",
            "theirs.json",
            "--output",
            "new.json",
            "--prefer",
            "ours",
            "--accepted-by",
            "Ada",
        ];
        sandbox.run(&merge).expect(0);
        sandbox.run(&["baseline", "verify", "new.json"]).expect(0);
    };
    // Two branches on which another old file was taken over.
    let from = |edit: &dyn Fn(&mut Value)| {
        let mut old: Value = serde_json::from_str(&fixture("2.0.1.json")).expect("JSON");
        edit(&mut old);
        let old = Baseline::parse(&old.to_string()).expect("an old file");
        Baseline::render_over(&base, &old.surface, None, &old.volatile, &old.sight).expect("whole")
    };
    let ours = from(&|old| old["capabilities"]["tools"][0]["description"] = "A.".into());
    let theirs = from(&|old| old["capabilities"]["tools"][1]["description"] = "B.".into());
    merge(&ours, &theirs);
    assert!(is_limited(&sandbox));
    change(&sandbox, |now| {
        let old = Baseline::parse(&sandbox.read("new.json")).expect("a baseline");
        for tool in now["tools"].as_array_mut().expect("tools") {
            let name = tool["name"].as_str().expect("a name").to_owned();
            let items = old.surface.items(bellwether::surface::List::Tools).iter();
            let mut named = items.filter(|item| item.get_str("name") == Some(&name));
            tool["description"] = named
                .next()
                .and_then(|item| item.get_str("description"))
                .expect("one")
                .into();
        }
    });
    sandbox.run(&CHECK).expect(0);
    // One of them was accepted: what is left of the other shows up.
    sandbox.write("new.json", &ours);
    sandbox.run(&CHECK);
    sandbox.run(&ACCEPT).expect(0);
    let accepted = sandbox.read("new.json");
    for (ours, theirs) in [(&accepted, &theirs), (&theirs, &accepted)] {
        merge(ours, theirs);
        assert!(!is_limited(&sandbox));
    }
}
