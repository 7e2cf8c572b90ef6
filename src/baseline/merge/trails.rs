//! The decisions of both sides in the order of time, and the entry that joins them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clashes, Obstacle, Sides, surfaces};
use crate::baseline::Baseline;
use crate::baseline::trail::{Action, Changed, Decision, Entry, Trail, Who};
use crate::surface::Surface;

/// Why a `merged` entry stands in the trail.
const REASON: &str = "two branches were joined";

/// Joins the trails of both sides. Where each has decisions that the other has not, a `merged` entry follows that names
/// the last of both. What a side saved without a decision stays without one.
pub(super) fn join(
    sides: &Sides<'_>,
    surface: &Surface,
    at: &str,
    who: Option<Who>,
    clashes: &mut Clashes,
) -> Result<Trail, Obstacle> {
    let (ours, theirs) = (&sides.ours.trail, &sides.theirs.trail);
    let mut trail = Trail {
        entries: in_order_of_time(&ours.entries, &theirs.entries),
        unreviewed: Vec::new(),
    };
    let reviewed = match (ours.last(), theirs.last()) {
        (Some(last), Some(other)) if are_two(ours, theirs) => {
            let who = who.ok_or_else(|| Obstacle::Trail("nobody joins the two".to_owned()))?;
            let joins = vec![last.hash.clone(), other.hash.clone()];
            let before = accepted("OURS", sides.ours)?;
            let after = joined_of(sides, &before, clashes)?;
            trail.append(Decision {
                action: Action::Merged,
                at: at.to_owned(),
                who,
                reason: reason(clashes),
                ticket: None,
                expires: None,
                verdict: None,
                findings: Vec::new(),
                before: &before,
                after: &after,
                joins,
            });
            after
        }
        (None, None) => {
            let first = accepted("OURS", sides.ours)?;
            joined_of(sides, &first, clashes)?
        }
        _ if has_own(theirs, ours) => accepted("THEIRS", sides.theirs)?,
        _ => accepted("OURS", sides.ours)?,
    };
    if reviewed.digest() != surface.digest() {
        trail.unreviewed = Changed::between(&reviewed, surface);
    }
    Ok(trail)
}

/// Why the entry stands there, and what was not joined but taken from one side.
fn reason(clashes: &Clashes) -> String {
    match clashes.preference() {
        None => REASON.to_owned(),
        Some(side) => {
            // Names are the server's; a reason stands on one line.
            let named = clashes.preferred().join(", ");
            let named = named.replace(char::is_control, " ");
            let side = side.name();
            format!("{REASON}; both had changed {named}, taken from {side}")
        }
    }
}

/// Whether each has decisions that the other has not.
pub(super) fn are_two(ours: &Trail, theirs: &Trail) -> bool {
    has_own(ours, theirs) && has_own(theirs, ours)
}

/// No side may have lost a decision that both began with.
pub(super) fn kept(sides: &Sides<'_>) -> Result<(), Obstacle> {
    let known = sides.base.map(|base| base.trail.entries.as_slice());
    for (name, side) in [("OURS", sides.ours), ("THEIRS", sides.theirs)] {
        let held = hashes(&side.trail);
        let lost = known
            .unwrap_or_default()
            .iter()
            .position(|entry| entry.action != Action::Merged && !held.contains(&*entry.hash));
        if let Some(index) = lost {
            return Err(Obstacle::Lacks {
                side: name,
                entry: index + 1,
            });
        }
    }
    Ok(())
}

/// The surface that was accepted last, or saved first: the state between which and the next the decisions stand.
fn accepted(name: &str, side: &Baseline) -> Result<Surface, Obstacle> {
    let rebuilt = side.trail.reviewed(&side.surface);
    rebuilt.ok_or_else(|| {
        Obstacle::Trail(format!(
            "the surface that {name} accepted last cannot be rebuilt"
        ))
    })
}

/// What both sides accepted, joined.
fn joined_of(
    sides: &Sides<'_>,
    ours: &Surface,
    clashes: &mut Clashes,
) -> Result<Surface, Obstacle> {
    // Where it was edited by hand and saved anew, both sides have decided about what stands there.
    let began = |base: &Baseline| {
        let rebuilt = base.trail.reviewed(&base.surface);
        rebuilt.unwrap_or_else(|| base.surface.clone())
    };
    let base = sides.base.map(began);
    let theirs = accepted("THEIRS", sides.theirs)?;
    surfaces([base.as_ref(), Some(ours), Some(&theirs)], clashes)
        .ok_or_else(|| Obstacle::Conflicts(clashes.open()))
}

fn hashes(trail: &Trail) -> BTreeSet<&str> {
    let entries = trail.entries.iter();
    entries.map(|entry| entry.hash.as_str()).collect()
}

fn has_own(trail: &Trail, other: &Trail) -> bool {
    !hashes(trail).is_subset(&hashes(other))
}

/// Every entry once. Those of one side keep their order; between the sides the earlier comes first, and of two of the
/// same second the one with the lesser hash.
fn in_order_of_time(ours: &[Entry], theirs: &[Entry]) -> Vec<Entry> {
    let place = |entries: &[Entry]| -> BTreeMap<String, usize> {
        let entries = entries.iter().enumerate();
        entries
            .map(|(index, entry)| (entry.hash.clone(), index))
            .collect()
    };
    let (in_ours, in_theirs) = (place(ours), place(theirs));
    let mut done = BTreeSet::new();
    let mut ordered = Vec::new();
    let (mut i, mut j) = (0, 0);
    loop {
        while ours.get(i).is_some_and(|entry| done.contains(&entry.hash)) {
            i += 1;
        }
        while theirs
            .get(j)
            .is_some_and(|entry| done.contains(&entry.hash))
        {
            j += 1;
        }
        // An entry of both sides waits until it is the next on each.
        let waits = |entry: &&Entry, other: &BTreeMap<String, usize>, reached: usize| {
            other.get(&entry.hash).is_some_and(|index| *index > reached)
        };
        let our_turn = ours.get(i).filter(|entry| !waits(entry, &in_theirs, j));
        let their_turn = theirs.get(j).filter(|entry| !waits(entry, &in_ours, i));
        let next = match (our_turn, their_turn) {
            (Some(a), Some(b)) => Some(if (&a.at, &a.hash) <= (&b.at, &b.hash) {
                a
            } else {
                b
            }),
            (one, other) => one.or(other),
        };
        // Sides that hold the same entries in two orders are taken one after the other.
        let Some(next) = next.or_else(|| ours.get(i)).or_else(|| theirs.get(j)) else {
            return ordered;
        };
        done.insert(next.hash.clone());
        ordered.push(next.clone());
    }
}
