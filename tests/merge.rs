//! Two branches that changed one baseline: joined item by item, by hand and as git's merge driver.

#[path = "support/branches.rs"]
mod branches;
mod support;

use bellwether::baseline::merge::{Joined, Obstacle, Prefer};
use bellwether::baseline::trail::Action;
use bellwether::baseline::{Baseline, verify};
use bellwether::json::parse;
use bellwether::observed::Observed;
use bellwether::rules::CATALOGUE_VERSION;
use bellwether::surface::List;
use branches::{accepted, describe, join, join_at, saved, server, surface, with};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Run, Sandbox};

fn conflicts(base: &Value, ours: &Value, theirs: &Value) -> Vec<String> {
    let [base, ours, theirs] = [base, ours, theirs].map(saved);
    match join(&base, &ours, &theirs) {
        Err(Obstacle::Conflicts(places)) => places,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_one_side_changed_is_taken_from_it() {
    let ours = with(|server| {
        server["tools"][0]["description"] = json!("Asks.");
        server["initialize"]["capabilities"]["prompts"] = json!({});
        server["initialize"]["instructions"] = json!("Mind it well.");
    });
    let theirs = with(|server| {
        server["tools"].as_array_mut().expect("tools").remove(1);
        server["initialize"]["capabilities"]["logging"] = json!({ "x": 1 });
        server["initialize"]["serverInfo"]["version"] = json!("1.1.0");
        server["prompts"] = json!([{ "name": "poem" }, { "name": "song" }]);
    });
    let both = with(|server| {
        server["tools"][0]["description"] = json!("Asks.");
        server["tools"].as_array_mut().expect("tools").remove(1);
        server["initialize"]["instructions"] = json!("Mind it well.");
        server["initialize"]["capabilities"] =
            json!({ "tools": {}, "logging": { "x": 1 }, "prompts": {} });
        server["initialize"]["serverInfo"]["version"] = json!("1.1.0");
        server["prompts"] = json!([{ "name": "poem" }, { "name": "song" }]);
    });
    let (base, ours, theirs) = (saved(&server()), saved(&ours), saved(&theirs));
    let text = |joined: Result<Joined, Obstacle>| joined.expect("no conflict").text();
    assert_eq!(text(join(&base, &ours, &theirs)), saved(&both));
    assert_eq!(text(join(&base, &theirs, &ours)), saved(&both));
    assert!(verify(&saved(&both)).is_whole());
}

#[test]
fn what_both_changed_is_a_conflict_with_its_name() {
    let ours = with(|server| {
        server["tools"][0]["description"] = json!("Asks ours.");
        server["tools"].as_array_mut().expect("tools").remove(1);
        server["tools"][1]["description"] = json!("The same.");
        server["initialize"]["serverInfo"]["version"] = json!("1.1.0");
        server["initialize"]["instructions"] = json!("Ours.");
        server["initialize"]["capabilities"]["logging"] = json!({ "x": 1 });
        server["prompts"] = json!([{ "name": "poem" }, { "name": "song", "title": "Ours" }]);
    });
    let theirs = with(|server| {
        server["tools"][0]["description"] = json!("Asks theirs.");
        server["tools"][1]["description"] = json!("Dims more.");
        server["tools"][2]["description"] = json!("The same.");
        server["initialize"]["serverInfo"]["version"] = json!("1.2.0");
        server["initialize"]["instructions"] = json!("Theirs.");
        server["initialize"]["capabilities"]["logging"] = json!({ "x": 2 });
        server["prompts"] = json!([{ "name": "poem" }, { "name": "song", "title": "Theirs" }]);
    });
    let named = [
        "capabilities/logging",
        "instructions",
        "prompts/song",
        "server/serverInfo/version",
        "tools/ask",
        "tools/dim",
    ];
    assert_eq!(conflicts(&server(), &ours, &theirs), named);
    assert_eq!(conflicts(&server(), &theirs, &ours), named);
}

#[test]
fn both_sides_decisions_stay_in_the_order_of_time() {
    let base = accepted(
        &saved(&with(describe(0, "Was."))),
        &server(),
        "2026-01-01T00:00:00Z",
    );
    let ours = accepted(
        &accepted(&base, &with(describe(0, "One.")), "2026-02-01T00:00:00Z"),
        &with(describe(0, "Three.")),
        "2026-04-01T00:00:00Z",
    );
    let theirs = accepted(&base, &with(describe(1, "Two.")), "2026-03-01T00:00:00Z");
    for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
        let joined = join(&base, ours, theirs).expect("no conflict");
        let text = joined.text();
        let entries = &joined.trail.entries;
        let months: Vec<_> = entries.iter().map(|entry| &entry.at[5..7]).collect();
        assert_eq!(months, ["01", "02", "03", "04", "12"]);
        let last = |text: &str| {
            let baseline = Baseline::parse(text).expect("a baseline");
            baseline.trail.last().expect("an entry").hash.clone()
        };
        let merged = &entries[4];
        assert_eq!(merged.action, Action::Merged);
        assert_eq!(merged.joins, [last(ours), last(theirs)]);
        assert_eq!(merged.previous.as_deref(), Some(last(ours).as_str()));
        assert_eq!(merged.digest_after, joined.surface.digest());
        let verified = verify(&text);
        assert!(verified.is_whole(), "{verified:?}");
        assert_eq!(verified.unreviewed, []);
        // Both branches go on and are joined once more.
        let further = |tool, at| {
            let mut now = with(describe(0, "Three."));
            describe(1, "Two.")(&mut now);
            describe(tool, at)(&mut now);
            accepted(&text, &now, at)
        };
        let (left, right) = (
            further(2, "2027-01-01T00:00:00Z"),
            further(0, "2027-02-01T00:00:00Z"),
        );
        let again = join(&text, &left, &right).expect("no conflict");
        assert_eq!(again.trail.entries.len(), 8);
        let verified = verify(&again.text());
        assert!(
            verified.is_whole() && verified.unreviewed.is_empty(),
            "{verified:?}"
        );
    }
}

#[test]
fn what_nobody_accepted_is_not_accepted_by_a_merge() {
    let base = accepted(
        &saved(&with(describe(0, "Was."))),
        &server(),
        "2026-01-01T00:00:00Z",
    );
    let ours = accepted(&base, &with(describe(0, "One.")), "2026-02-01T00:00:00Z");
    let accepted_theirs = accepted(&base, &with(describe(1, "Two.")), "2026-03-01T00:00:00Z");
    let forced = with(|server| {
        describe(1, "Two.")(server);
        describe(2, "By force.")(server);
    });
    let force =
        |text: &str| Baseline::render_keeping(text, &surface(&forced), None).expect("complete");
    for theirs in [force(&accepted_theirs), force(&base)] {
        for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
            let joined = join(&base, ours, theirs).expect("no conflict");
            let text = joined.text();
            assert!(text.contains("By force.") && text.contains("One."));
            let verified = verify(&text);
            assert!(verified.is_whole(), "{verified:?}");
            assert_eq!(verified.unreviewed.len(), 1, "{verified:?}");
            assert!(verified.unreviewed[0].what.contains("tools/switch"));
        }
    }
}

#[test]
fn a_side_that_lost_a_decision_is_not_merged() {
    let base = accepted(
        &saved(&server()),
        &with(describe(0, "One.")),
        "2026-01-01T00:00:00Z",
    );
    let ours = accepted(&base, &with(describe(0, "Two.")), "2026-02-01T00:00:00Z");
    let theirs = saved(&with(describe(1, "Three.")));
    match join(&base, &ours, &theirs) {
        Err(Obstacle::Lacks { side, entry }) => assert_eq!((side, entry), ("THEIRS", 1)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_member_whose_object_the_other_side_removed_is_a_conflict() {
    let none = with(|server| {
        let handshake = server["initialize"].as_object_mut().expect("an object");
        handshake.remove("capabilities");
    });
    let more = with(|server| server["initialize"]["capabilities"]["prompts"] = json!({}));
    assert_eq!(conflicts(&server(), &none, &more), ["capabilities/prompts"]);
    assert_eq!(conflicts(&server(), &more, &none), ["capabilities/prompts"]);
    let unlisted = with(|server| {
        server.as_object_mut().expect("an object").remove("prompts");
    });
    let song = with(|server| server["prompts"] = json!([{ "name": "poem" }, { "name": "song" }]));
    assert_eq!(conflicts(&server(), &unlisted, &song), ["prompts/song"]);
}

#[test]
fn a_member_with_the_place_of_another_stays_what_it_is() {
    let odd = |server: &mut Value| {
        server["initialize"]["capabilities/logging"] = json!("no capability");
        server["initialize"]["serverInfo/name"] = json!("no name");
    };
    let ours = with(|server| {
        odd(server);
        describe(0, "One.")(server);
    });
    let theirs = with(|server| {
        odd(server);
        server["initialize"]["capabilities"]["prompts"] = json!({});
    });
    let both = with(|server| {
        odd(server);
        describe(0, "One.")(server);
        server["initialize"]["capabilities"]["prompts"] = json!({});
    });
    let text = join(&saved(&with(odd)), &saved(&ours), &saved(&theirs));
    let text = text.expect("no conflict").text();
    assert_eq!(text, saved(&both));
}

#[test]
fn one_side_holds_where_both_changed_the_same_and_the_trail_says_so() {
    let base = accepted(
        &saved(&with(describe(0, "Was."))),
        &server(),
        "2026-01-01T00:00:00Z",
    );
    let ours = with(|server| {
        describe(0, "Ours.")(server);
        describe(1, "One.")(server);
    });
    let theirs = with(|server| {
        describe(2, "Two.")(server);
        server["tools"].as_array_mut().expect("tools").remove(0);
    });
    let held = |prefer| {
        join_at(
            &base,
            &accepted(&base, &ours, "2026-02-01T00:00:00Z"),
            &accepted(&base, &theirs, "2026-03-01T00:00:00Z"),
            Some(prefer),
            "2026-04-01T00:00:00Z",
        )
        .expect("one side holds")
    };
    for (prefer, wanted) in [(Prefer::Ours, true), (Prefer::Theirs, false)] {
        let joined = held(prefer);
        assert_eq!(joined.preferred, ["tools/ask"]);
        let text = joined.text();
        let verified = verify(&text);
        assert!(
            verified.is_whole() && verified.unreviewed.is_empty(),
            "{verified:?}"
        );
        let now = joined.surface.items(List::Tools);
        let named = |name: &str| now.iter().any(|tool| tool.get_str("name") == Some(name));
        assert_eq!(named("ask"), wanted);
        assert!(named("dim") && text.contains("One.") && text.contains("Two."));
        let last = joined.trail.last().expect("an entry");
        let reason = format!(
            "two branches were joined; both had changed tools/ask, taken from {}",
            prefer.name()
        );
        assert_eq!((joined.trail.entries.len(), &last.reason), (4, &reason));
    }
}

/// What was edited by hand and then saved anew has lost the state that was accepted last.
#[test]
fn a_side_whose_accepted_state_is_lost_has_to_decide_first() {
    let first = accepted(
        &saved(&with(describe(0, "Was."))),
        &server(),
        "2026-01-01T00:00:00Z",
    );
    let edited = with(describe(2, "By hand."));
    let anew = |text: &str, edited: &Value| {
        let by_hand = text.replace("Does switch.", "By hand.");
        Baseline::render_keeping(&by_hand, &surface(edited), None).expect("complete")
    };
    let base = anew(&first, &edited);
    assert!(verify(&base).is_whole());
    let and = |tool: usize, text: &'static str| {
        with(|server| {
            describe(2, "By hand.")(server);
            describe(tool, text)(server);
        })
    };
    let ours = accepted(&base, &and(0, "One."), "2026-02-01T00:00:00Z");
    let theirs = accepted(&base, &and(1, "Two."), "2026-03-01T00:00:00Z");
    let joined = join(&base, &ours, &theirs).expect("no conflict").text();
    let verified = verify(&joined);
    assert!(verified.is_whole(), "{verified:?}");
    assert_eq!(verified.unreviewed.len(), 2, "{verified:?}");
    // A side that nobody has decided about since is not joined: it would look accepted.
    let ours = accepted(&first, &with(describe(0, "One.")), "2026-02-01T00:00:00Z");
    let theirs = accepted(&first, &with(describe(1, "Two.")), "2026-03-01T00:00:00Z");
    let theirs = anew(
        &theirs,
        &with(|server| {
            describe(1, "Two.")(server);
            describe(2, "By hand.")(server);
        }),
    );
    for (ours, theirs, side) in [(&ours, &theirs, "THEIRS"), (&theirs, &ours, "OURS")] {
        let why = format!("the surface that {side} accepted last cannot be rebuilt");
        assert_eq!(join(&first, ours, theirs), Err(Obstacle::Trail(why)));
    }
}

#[test]
fn no_damaged_file_is_joined_in_any_of_the_three_places() {
    let sandbox = Sandbox::new();
    let base = accepted(
        &saved(&with(describe(0, "Was."))),
        &server(),
        "2026-01-01T00:00:00Z",
    );
    let one = accepted(&base, &with(describe(0, "One.")), "2026-02-01T00:00:00Z");
    let whole = accepted(&one, &with(describe(0, "Two.")), "2026-03-01T00:00:00Z");
    let change = |edit: fn(&mut Value)| {
        let mut document: Value = serde_json::from_str(&whole).expect("JSON");
        edit(&mut document);
        serde_json::to_string_pretty(&document).expect("JSON") + "\n"
    };
    let damaged = [
        change(|document| document["extra"] = json!(1)),
        change(|document| document["tools"][0]["description"] = json!("By hand.")),
        change(|document| document["trail"][0]["reason"] = json!("By hand.")),
        change(|document| drop(trail(document).remove(0))),
        change(|document| drop(trail(document).pop())),
        change(|document| trail(document).swap(0, 1)),
        change(|document| document["trail"][1]["extra"] = json!(1)),
    ];
    for text in &damaged {
        for place in 0..3 {
            for other in [&base, &whole] {
                let texts: Vec<_> = (0..3)
                    .map(|index| if index == place { text } else { other })
                    .collect();
                let names = ["base.json", "ours.json", "theirs.json"];
                for (name, text) in names.iter().zip(&texts) {
                    sandbox.write(name, text);
                }
                let merge = [&["baseline", "merge"][..], &names].concat();
                let run = sandbox.run(&merge).expect(4);
                let cause = format!("`{}` is damaged: ", names[place]);
                assert!(run.stderr.contains(&cause), "{}", run.stderr);
                let git = [&merge[..], &["--path", "kept/x.json"]].concat();
                let run = sandbox.run(&git).expect(4);
                let role = ["BASE", "OURS", "THEIRS"][place];
                assert!(
                    run.stderr.contains(&format!("`{role}` is damaged: ")),
                    "{}",
                    run.stderr
                );
                assert!(
                    run.stderr.contains("could not merge `kept/x.json`"),
                    "{}",
                    run.stderr
                );
                assert_eq!(&sandbox.read("ours.json"), texts[1]);
            }
        }
    }
}

fn trail(document: &mut Value) -> &mut Vec<Value> {
    document["trail"].as_array_mut().expect("entries")
}

#[test]
fn who_merges_is_asked_only_where_two_trails_are_joined() {
    let sandbox = Sandbox::new();
    let base = saved(&server());
    let one = accepted(&base, &with(describe(0, "One.")), "2026-02-01T00:00:00Z");
    let two = accepted(&base, &with(describe(1, "Two.")), "2026-03-01T00:00:00Z");
    sandbox.write("base.json", &base);
    sandbox.write("one.json", &one);
    sandbox.write("two.json", &two);
    sandbox.write("three.json", &saved(&with(describe(2, "Three."))));
    let merge = |ours: &str, theirs: &str, more: &[&str]| {
        let merge = [
            "baseline",
            "merge",
            "base.json",
            ours,
            theirs,
            "--output",
            "out.json",
        ];
        let output = sandbox
            .command(&[&merge[..], more].concat())
            .env("HOME", sandbox.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("runs");
        Run::of(output)
    };
    let run = merge("one.json", "two.json", &[]).expect(4);
    assert!(run.stderr.contains("--accepted-by"), "{}", run.stderr);
    assert!(!sandbox.has("out.json"));
    merge("one.json", "two.json", &["--accepted-by", " "]).expect(4);
    merge("one.json", "three.json", &[]).expect(0);
    merge(
        "one.json",
        "two.json",
        &["--accepted-by", "Eve <eve@example.com>"],
    )
    .expect(0);
    let merged = Baseline::parse(&sandbox.read("out.json")).expect("whole");
    let last = merged.trail.last().expect("an entry");
    assert_eq!(
        (
            last.by.as_str(),
            last.by_source.as_str(),
            last.reason.as_str()
        ),
        (
            "Eve <eve@example.com>",
            "--accepted-by",
            "two branches were joined"
        )
    );
    let changed: Vec<_> = last
        .changed
        .iter()
        .map(|changed| changed.at.as_str())
        .collect();
    assert_eq!(changed, ["tools/dim"]);
}

#[test]
fn what_is_merged_already_stays_byte_for_byte() {
    let sandbox = Sandbox::new();
    let base = saved(&server());
    let one = accepted(&base, &with(describe(0, "One.")), "2026-02-01T00:00:00Z");
    let two = accepted(&base, &with(describe(1, "Two.")), "2026-03-01T00:00:00Z");
    let merged = join(&base, &one, &two).expect("no conflict").text();
    let merged = merged.replace('\n', "\r\n");
    sandbox.write("base.json", &base);
    sandbox.write("merged.json", &merged);
    for side in [&one, &two] {
        sandbox.write("side.json", side);
        for base in ["base.json", "side.json"] {
            sandbox
                .run(&["baseline", "merge", base, "merged.json", "side.json"])
                .expect(0);
            assert_eq!(sandbox.read("merged.json"), merged);
        }
        sandbox
            .run(&["baseline", "merge", "base.json", "side.json", "merged.json"])
            .expect(0);
        assert_eq!(sandbox.read("side.json"), merged);
    }
}

/// Nobody has ever accepted anything: what one side saved over the first state stays unreviewed beside what the other has.
#[test]
fn what_was_saved_over_a_first_state_stays_unreviewed() {
    let base = saved(&server());
    let over =
        |server: &Value| Baseline::render_keeping(&base, &surface(server), None).expect("complete");
    let ours = over(&with(describe(0, "One.")));
    let theirs = over(&with(describe(1, "Two.")));
    let anew = saved(&with(describe(1, "Two.")));
    for (ours, theirs, named) in [
        (&ours, &theirs, vec!["tools/ask", "tools/dim"]),
        (&theirs, &ours, vec!["tools/ask", "tools/dim"]),
        (&ours, &anew, vec!["tools/ask"]),
        (&anew, &ours, vec!["tools/ask"]),
    ] {
        let joined = join(&base, ours, theirs).expect("no conflict");
        let unreviewed = joined.trail.unreviewed.iter();
        let places: Vec<_> = unreviewed.map(|changed| &*changed.at).collect();
        assert_eq!(places, named);
        let found = verify(&joined.text());
        assert!(found.is_whole() && found.unreviewed.len() == 1, "{found:?}");
    }
}

#[test]
fn the_later_catalogue_holds() {
    let at = |text: &str, version: &str| {
        let now = text.replacen(CATALOGUE_VERSION, version, 1);
        assert_ne!(now, text);
        now
    };
    let base = at(&saved(&server()), "0.0.1");
    let ours = at(&saved(&with(describe(0, "One."))), "7.9.0");
    let theirs = at(&saved(&with(describe(1, "Two."))), "7.10.0");
    for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
        let joined = join(&base, ours, theirs).expect("no conflict");
        assert!(joined.text().contains("\"catalogueVersion\": \"7.10.0\""));
    }
}

#[test]
fn times_of_two_kinds_of_machine_are_not_mixed() {
    let observed = |arch: &str, tool: &str| {
        let metric = json!({ "samples": [5], "n": 1, "min": 5, "p50": 5, "p90": 5, "p95": 5, "p99": 5, "cv": 0 });
        let json = json!({
            "machine": { "os": "linux", "arch": arch, "cpus": 4, "ci": true },
            "places": { (format!("tools/{tool}")): { "latency": { "call": metric } } },
            "scenarios": { "it lights": arch == "x86_64" },
        });
        let read = Observed::from_json(&parse(&json.to_string()).expect("JSON"));
        Baseline::render(&surface(&server()), Some(&read.expect("observations"))).expect("complete")
    };
    let base = saved(&server());
    let joined = join(
        &base,
        &observed("x86_64", "ask"),
        &observed("x86_64", "dim"),
    );
    let seen = joined.expect("no conflict").observed.expect("observations");
    assert_eq!(seen.places.len(), 2);
    let (ours, theirs) = (observed("x86_64", "ask"), observed("aarch64", "dim"));
    let places = match join(&base, &ours, &theirs) {
        Err(Obstacle::Conflicts(places)) => places,
        other => panic!("{other:?}"),
    };
    assert_eq!(places, ["observed/machine", "observed/scenarios/it lights"]);
    let kept = join_at(
        &base,
        &ours,
        &theirs,
        Some(Prefer::Theirs),
        "2026-04-01T00:00:00Z",
    );
    let kept = kept.expect("one side holds");
    assert_eq!(kept.text(), theirs);
}

#[test]
fn the_command_writes_ours_or_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("base.json", &saved(&server()));
    sandbox.write("ours.json", &saved(&with(describe(0, "One."))));
    sandbox.write("theirs.json", &saved(&with(describe(1, "Two."))));
    let merge = ["baseline", "merge", "base.json", "ours.json", "theirs.json"];
    let both = with(|server| {
        describe(0, "One.")(server);
        describe(1, "Two.")(server);
    });
    sandbox
        .run(&[&merge[..], &["--output", "out.json"]].concat())
        .expect(0);
    assert_eq!(sandbox.read("out.json"), saved(&both));
    assert_eq!(sandbox.read("ours.json"), saved(&with(describe(0, "One."))));
    sandbox.run(&merge).expect(0);
    assert_eq!(sandbox.read("ours.json"), saved(&both));
    // Each made the file by itself: git hands over an empty base.
    sandbox.write("base.json", "");
    sandbox.write("theirs.json", &saved(&both));
    sandbox.run(&merge).expect(0);

    let conflicting = saved(&with(describe(0, "Another.")));
    sandbox.write("base.json", &saved(&server()));
    sandbox.write("theirs.json", &conflicting);
    let run = sandbox.run(&merge).expect(4);
    assert!(run.stderr.contains("`tools/ask`"), "{}", run.stderr);
    assert!(!run.stderr.contains("tools/dim"), "{}", run.stderr);
    assert_eq!(sandbox.read("ours.json"), saved(&both));
    for damaged in [
        String::new(),
        conflicting[..400].to_owned(),
        conflicting.replace("Another.", "By hand."),
        format!("<<<<<<< ours\n{conflicting}"),
    ] {
        sandbox.write("theirs.json", &damaged);
        let run = sandbox.run(&merge).expect(4);
        assert!(run.stderr.contains("theirs.json"), "{}", run.stderr);
        assert_eq!(sandbox.read("ours.json"), saved(&both));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Each of six tools is as it was, gone, or one of two others on either side.
    #[test]
    fn a_merge_takes_every_change_and_is_the_same_from_both_sides(
        ours in prop::collection::vec(0_u8..4, 6),
        theirs in prop::collection::vec(0_u8..4, 6),
    ) {
        let of = |states: &[u8]| {
            let tools = states.iter().enumerate().filter(|(_, state)| **state != 1);
            let tools: Vec<_> = tools
                .map(|(index, state)| json!({ "name": format!("t{index}"), "description": format!("{state}") }))
                .collect();
            json!({ "tools": tools })
        };
        let wanted: Option<Vec<u8>> = ours
            .iter()
            .zip(&theirs)
            .map(|(ours, theirs)| match (ours, theirs) {
                (a, b) if a == b => Some(*a),
                (a, 0) => Some(*a),
                (0, b) => Some(*b),
                _ => None,
            })
            .collect();
        let (base, left, right) = (saved(&of(&[0; 6])), saved(&of(&ours)), saved(&of(&theirs)));
        let (one, other) = (join(&base, &left, &right), join(&base, &right, &left));
        prop_assert_eq!(&one, &other);
        match wanted {
            Some(states) => {
                let text = one.expect("no conflict").text();
                prop_assert_eq!(text, saved(&of(&states)));
            }
            None => prop_assert!(matches!(one, Err(Obstacle::Conflicts(_)))),
        }
    }
}
