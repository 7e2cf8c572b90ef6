//! Two branches that changed one baseline: joined item by item, by hand and as git's merge driver.

#[path = "support/branches.rs"]
mod branches;
mod support;

use bellwether::baseline::merge::{Joined, Obstacle};
use bellwether::baseline::trail::Action;
use bellwether::baseline::{Baseline, verify};
use branches::{accepted, describe, join, saved, server, surface, with};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::Sandbox;

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
    assert_eq!(text(join(&base, &ours, &theirs)), Ok(saved(&both)));
    assert_eq!(text(join(&base, &theirs, &ours)), Ok(saved(&both)));
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
        let text = joined.text().expect("complete");
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
        let verified = verify(&again.text().expect("complete"));
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
            let text = joined.text().expect("complete");
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
                prop_assert_eq!(text, Ok(saved(&of(&states))));
            }
            None => prop_assert!(matches!(one, Err(Obstacle::Conflicts(_)))),
        }
    }
}
