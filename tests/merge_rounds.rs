//! Two branches that go on and are merged again and again: whatever they do, what comes out is whole, holds what a
//! three-way merge says, and keeps every decision.

#[path = "support/branches.rs"]
mod branches;

use std::collections::{BTreeMap, BTreeSet};

use bellwether::baseline::accept::accepted;
use bellwether::baseline::merge::{Joined, Obstacle, Prefer};
use bellwether::baseline::trail::Action;
use bellwether::baseline::{Baseline, Volatile, verify};
use bellwether::surface::Surface;
use branches::{decided, join_at, surface};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Things of a server, as `accept` names them.
const THINGS: [&str; 12] = [
    "tools/a",
    "tools/b",
    "tools/c/d",
    "prompts/a",
    "prompts/b",
    "resources/x://a",
    "resources/x://b",
    "resourceTemplates/x://{a}",
    "capabilities/logging",
    "capabilities/tools",
    "instructions",
    "server",
];

/// Which text each thing has; those that are not there have none.
type State = BTreeMap<&'static str, u8>;

/// What happens on a branch.
#[derive(Debug, Clone)]
enum Step {
    /// The server changes: each thing gets a text, or goes (0).
    Edit(Vec<(usize, u8)>),
    /// All drift is accepted.
    Accept,
    /// These things are accepted.
    Select(Vec<usize>),
    /// The server is saved without a decision.
    Force,
    /// The state of an entry is brought back.
    Restore(usize),
    /// The description of the first tool is seen to change by itself.
    Mark,
}

/// A branch: its file, and what ought to be in it.
#[derive(Debug, Clone)]
struct Branch {
    text: String,
    /// What the server is.
    live: State,
    /// What is expected.
    expected: State,
    /// What somebody accepted last, or saved first.
    accepted: State,
}

/// What all branches share.
#[derive(Default)]
struct World {
    /// Counts up, so that time never stands still.
    now: u32,
    /// Whether the clocks of those who decide are wrong, now fast, now slow.
    is_skewed: bool,
    /// The states that somebody decided about, by digest.
    states: BTreeMap<String, State>,
}

impl World {
    fn now(&mut self) -> String {
        self.now += 1;
        let now = if self.is_skewed {
            self.now * 37 % 100
        } else {
            self.now
        };
        format!("2026-01-{:02}T00:00:{:02}Z", 1 + now / 60, now % 60)
    }

    fn first(&mut self) -> Branch {
        let state: State = THINGS.into_iter().map(|thing| (thing, 1)).collect();
        let said = said(&state);
        self.states.insert(said.digest(), state.clone());
        Branch {
            text: Baseline::render(&said, None).expect("complete"),
            live: state.clone(),
            expected: state.clone(),
            accepted: state,
        }
    }

    fn go(&mut self, branch: &mut Branch, step: &Step) {
        let baseline = Baseline::parse(&branch.text).expect("a baseline");
        match step {
            Step::Edit(edits) => {
                for (index, text) in edits {
                    let thing = THINGS[*index];
                    if *text == 0 && thing != "server" {
                        branch.live.remove(thing);
                    } else {
                        branch.live.insert(thing, *text);
                    }
                }
            }
            Step::Accept => {
                let all: Vec<usize> = (0..THINGS.len()).collect();
                self.accept(branch, &baseline, &all);
            }
            Step::Select(things) => self.accept(branch, &baseline, things),
            Step::Force => {
                branch.text = Baseline::render_keeping(&branch.text, &said(&branch.live), None)
                    .expect("complete");
                branch.expected = branch.live.clone();
            }
            Step::Restore(index) => {
                let entries = &baseline.trail.entries;
                let Some(entry) = entries.get(index % entries.len().max(1)) else {
                    return;
                };
                let states = baseline.trail.states(&baseline.surface);
                // Two branches that began without a trail cannot tell how each came to its first state.
                let Some(found) = states.of_digest(&entry.digest_after) else {
                    return;
                };
                let state = self.states[&entry.digest_after].clone();
                assert_eq!(found.digest(), said(&state).digest());
                let at = self.now();
                branch.text = decided(&branch.text, found, Action::Restored, &at);
                branch.expected = state.clone();
                branch.accepted = state;
            }
            Step::Mark => {
                let mut other = branch.expected.clone();
                if let Some(text) = other.get_mut(THINGS[0]) {
                    *text += 1;
                }
                let here = &baseline.surface;
                let volatile = Volatile::between(here, &said(&other)).expect("a text");
                branch.text = Baseline::render_marking(&branch.text, here, None, &volatile)
                    .expect("complete");
            }
        }
    }

    fn accept(&mut self, branch: &mut Branch, baseline: &Baseline, things: &[usize]) {
        let selected: BTreeSet<&'static str> = things.iter().map(|index| THINGS[*index]).collect();
        let mut state = branch.expected.clone();
        for thing in &selected {
            match branch.live.get(thing) {
                Some(text) => state.insert(thing, *text),
                None => state.remove(thing),
            };
        }
        if state == branch.expected {
            return;
        }
        let named = selected.iter().map(|thing| (*thing).to_owned()).collect();
        let after = accepted(&baseline.surface, &said(&branch.live), &named);
        assert_eq!(after.digest(), said(&state).digest());
        let at = self.now();
        branch.text = decided(&branch.text, &after, Action::Accepted, &at);
        self.states.insert(after.digest(), state.clone());
        branch.expected = state.clone();
        branch.accepted = state;
    }

    /// Joins two branches and checks everything about what comes out.
    fn join(
        &mut self,
        base: &Branch,
        ours: &Branch,
        theirs: &Branch,
        prefer: Option<Prefer>,
    ) -> Option<Branch> {
        let at = self.now();
        let joined = join_at(&base.text, &ours.text, &theirs.text, prefer, &at);
        let read = |branch: &Branch| Baseline::parse(&branch.text).expect("a baseline");
        let [left, right] = [ours, theirs].map(read);
        let hashes = |baseline: &Baseline| -> BTreeSet<String> {
            let entries = baseline.trail.entries.iter();
            entries.map(|entry| entry.hash.clone()).collect()
        };
        let (in_left, in_right) = (hashes(&left), hashes(&right));
        let are_two = !in_left.is_subset(&in_right) && !in_right.is_subset(&in_left);
        let (expected, mut clashes) =
            three_way([&base.expected, &ours.expected, &theirs.expected], prefer);
        let (mut accepted, mut others) =
            three_way([&base.accepted, &ours.accepted, &theirs.accepted], prefer);
        // Where nobody has decided anything, the states that were saved first are joined.
        let is_decided = !in_left.is_empty() || !in_right.is_empty();
        if !are_two && is_decided {
            others.clear();
            let later = if in_left.is_superset(&in_right) {
                ours
            } else {
                theirs
            };
            accepted = later.accepted.clone();
        }
        if clashes.is_empty() && prefer.is_none() {
            clashes = others;
        } else if prefer.is_some() {
            clashes.append(&mut others);
        }
        let named: Vec<String> = clashes.into_iter().collect();
        let joined = match joined {
            Ok(joined) => joined,
            Err(obstacle) => {
                assert_eq!(prefer, None);
                assert!(!named.is_empty());
                assert_eq!(obstacle, Obstacle::Conflicts(named));
                return None;
            }
        };
        assert_eq!(joined.preferred, named);
        let text = joined.text();
        let verified = verify(&text);
        assert!(verified.is_whole(), "{verified:?}\n{text}");
        assert_eq!(joined.surface.digest(), said(&expected).digest());
        if are_two {
            self.states
                .insert(said(&accepted).digest(), accepted.clone());
        }
        trail(&joined, &left, &right, are_two, self.is_skewed);
        let reviewed = joined.trail.reviewed(&joined.surface);
        let reviewed = reviewed.expect("it can be rebuilt").digest();
        assert_eq!(reviewed, said(&accepted).digest());
        let marks = |volatile: &Volatile| volatile.places().count();
        let both = left.volatile.and(&right.volatile);
        assert!(marks(&joined.volatile.without(&both)) == 0);
        if marks(&left.volatile) == 1 && marks(&right.volatile) == 1 {
            assert_eq!(
                marks(&joined.volatile),
                usize::from(expected.contains_key(THINGS[0]))
            );
        }
        let branch = Branch {
            text,
            live: ours.live.clone(),
            expected,
            accepted,
        };
        // Merging what is merged already changes nothing, whichever base git finds.
        let merged = read(&branch);
        for (base, ours, theirs) in [
            (theirs, &branch, theirs),
            (ours, ours, &branch),
            (ours, &branch, ours),
        ] {
            let again = join_at(&base.text, &ours.text, &theirs.text, None, &at);
            assert!(again.expect("no conflict").is(&merged));
        }
        Some(branch)
    }
}

/// Every decision of both sides is there once, in the order of time, and a merge names the last of both.
fn trail(joined: &Joined, left: &Baseline, right: &Baseline, are_two: bool, is_skewed: bool) {
    let entries = &joined.trail.entries;
    let held: BTreeSet<&str> = entries.iter().map(|entry| entry.hash.as_str()).collect();
    let sides = left.trail.entries.iter().chain(&right.trail.entries);
    let both: BTreeSet<&str> = sides.map(|entry| entry.hash.as_str()).collect();
    assert_eq!(held.len(), entries.len());
    assert!(held.is_superset(&both));
    assert_eq!(held.len(), both.len() + usize::from(are_two));
    assert!(is_skewed || entries.is_sorted_by_key(|entry| &entry.at));
    let place = |hash: &str| entries.iter().position(|entry| entry.hash == hash);
    for side in [left, right] {
        let mut places = side.trail.entries.iter().map(|entry| place(&entry.hash));
        assert!(places.by_ref().is_sorted());
    }
    if are_two {
        let last = joined.trail.last().expect("an entry");
        let ends = [left, right].map(|side| side.trail.last().expect("an entry").hash.clone());
        assert_eq!((last.action, &last.joins), (Action::Merged, &ends.to_vec()));
    }
}

/// What holds of two states that came from one, and what both changed in different ways, as a report names it.
fn three_way(
    [base, ours, theirs]: [&State; 3],
    prefer: Option<Prefer>,
) -> (State, BTreeSet<String>) {
    let mut state = State::new();
    let mut clashes = BTreeSet::new();
    for thing in THINGS {
        let [was, mine, other] = [base, ours, theirs].map(|side| side.get(thing));
        let held = if mine == other || other == was {
            mine
        } else if mine == was {
            other
        } else {
            clashes.insert(match thing {
                "server" => "server/serverInfo/version".to_owned(),
                thing => thing.to_owned(),
            });
            match prefer {
                Some(Prefer::Theirs) => other,
                _ => mine,
            }
        };
        if let Some(text) = held {
            state.insert(thing, *text);
        }
    }
    (state, clashes)
}

/// What a server of that state says.
fn said(state: &State) -> Surface {
    let mut initialize = json!({
        "protocolVersion": "2025-11-25",
        "serverInfo": { "name": "lamp", "version": state["server"].to_string() },
    });
    let mut capabilities = Map::new();
    let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (list, _) in THINGS.iter().filter_map(|thing| thing.split_once('/')) {
        lists.entry(list).or_default();
    }
    for (thing, text) in state {
        let text = format!("Text {text}.");
        match thing.split_once('/') {
            Some(("capabilities", name)) => {
                capabilities.insert(name.to_owned(), json!({ "x": text }));
            }
            Some((list, name)) => {
                let key = match list {
                    "resources" => "uri",
                    "resourceTemplates" => "uriTemplate",
                    _ => "name",
                };
                let items = lists.get_mut(list).expect("every list is there");
                items.push(json!({ key: name, "description": text }));
            }
            None if *thing == "instructions" => initialize["instructions"] = json!(text),
            None => {}
        }
    }
    initialize["capabilities"] = Value::Object(capabilities);
    let mut document = json!({ "initialize": initialize });
    for (list, items) in lists
        .into_iter()
        .filter(|(list, _)| *list != "capabilities")
    {
        document[list] = Value::Array(items);
    }
    surface(&document)
}

fn step() -> impl Strategy<Value = Step> {
    let things = 0..THINGS.len();
    let edits = prop::collection::vec((things.clone(), 0_u8..4), 1..4);
    prop_oneof![
        4 => edits.prop_map(Step::Edit),
        2 => Just(Step::Accept),
        2 => prop::collection::vec(things, 1..4).prop_map(Step::Select),
        1 => Just(Step::Force),
        1 => (0_usize..8).prop_map(Step::Restore),
        1 => Just(Step::Mark),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_two_branches_do_their_merge_is_whole(
        before in steps(),
        ours in steps(),
        theirs in steps(),
        is_skewed: bool,
    ) {
        let mut world = World { is_skewed, ..World::default() };
        let mut base = world.first();
        for step in &before {
            world.go(&mut base, step);
        }
        let (mut left, mut right) = (base.clone(), base.clone());
        for step in &ours {
            world.go(&mut left, step);
        }
        for step in &theirs {
            world.go(&mut right, step);
        }
        let one = world.join(&base, &left, &right, None);
        let other = world.join(&base, &right, &left, None);
        prop_assert_eq!(one.is_some(), other.is_some());
        if let (Some(one), Some(other)) = (one, other) {
            let [one, other] = [one, other].map(|branch| Baseline::parse(&branch.text).expect("a baseline"));
            prop_assert_eq!(one.surface, other.surface);
            prop_assert_eq!(one.volatile, other.volatile);
        }
        let kept = world.join(&base, &left, &right, Some(Prefer::Ours)).expect("one side holds");
        let turned = world.join(&base, &right, &left, Some(Prefer::Theirs)).expect("one side holds");
        prop_assert_eq!(kept.expected, turned.expected);
    }

    /// Both branches merge each other, go on, and merge each other again. Git then joins both of the states before into
    /// a base of its own.
    #[test]
    fn branches_that_are_merged_crosswise_stay_whole(
        rounds in prop::collection::vec((steps(), steps()), 2..5),
        is_skewed: bool,
    ) {
        let mut world = World { is_skewed, ..World::default() };
        let mut base = world.first();
        let (mut left, mut right) = (base.clone(), base.clone());
        for (ours, theirs) in &rounds {
            for step in ours {
                world.go(&mut left, step);
            }
            for step in theirs {
                world.go(&mut right, step);
            }
            let between = world.join(&base, &left, &right, None);
            let (sides, turned) = match &between {
                Some(_) => (None, None),
                None => (Some(Prefer::Ours), Some(Prefer::Theirs)),
            };
            let one = world.join(&base, &left, &right, sides).expect("no conflict is left");
            let other = world.join(&base, &right, &left, turned).expect("no conflict is left");
            prop_assert_eq!(&one.expected, &other.expected);
            // Where they conflict, git takes what the driver left in OURS.
            base = between.unwrap_or(left);
            (left, right) = (one, other);
        }
        let last = world.join(&base, &left, &right, None);
        prop_assert!(last.is_some());
    }
}
