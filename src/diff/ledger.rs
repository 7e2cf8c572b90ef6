//! Where the areas of a comparison write what they find, and what keeps any difference from getting lost.
//!
//! An area takes the members that it knows from a [`Members`]; what nobody takes is reported as it stands. When an
//! item is done, [`Ledger::sweep`] walks the raw values once more and reports every difference that has no home yet.

use std::collections::BTreeMap;

use super::change::{Change, Same, What, inside, whole};
use super::reach::reach;
use super::revisions::Gate;
use crate::inclusion::Work;
use crate::json::{Json, Object, Pointer};
use crate::report::Place;

/// Everything found so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) changes: Vec<Change>,
    pub(super) same: Vec<Same>,
    pub(super) notes: Vec<String>,
    pub(super) incomplete: bool,
    pub(super) gate: Gate,
    pub(super) not_in_revision: Vec<Place>,
    /// What the judge of inclusion may still do for this comparison.
    pub(super) work: Work,
}

/// A value before and after, with its place. At least one of the two is there, and they differ.
#[derive(Debug, Clone)]
pub(super) struct Pair<'a> {
    pub(super) place: Place,
    pub(super) old: Option<&'a Json>,
    pub(super) new: Option<&'a Json>,
}

impl Pair<'_> {
    /// The pair as a change.
    pub(super) fn change(&self, what: What) -> Change {
        Change::new(what, self.place.clone(), self.old, self.new)
    }
}

impl Ledger {
    /// Records a change.
    pub(super) fn change(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Records a pair as a change.
    pub(super) fn pair(&mut self, pair: &Pair<'_>, what: What) {
        self.changes.push(pair.change(what));
    }

    /// Records a difference that changes nothing.
    pub(super) fn same(&mut self, place: Place, reason: &'static str) {
        self.same.push(Same { place, reason });
    }

    /// Hands the members in which two objects differ to an area, and reports those that it leaves.
    pub(super) fn members(
        &mut self,
        place: &Place,
        old: &Object,
        new: &Object,
        area: impl FnOnce(&mut Self, &mut Members<'_>),
    ) {
        let mut members = Members::between(place, old, new);
        members
            .left
            .retain(|name, pair| !self.outside_revision(name, pair));
        area(self, &mut members);
        for pair in members.left.into_values() {
            self.unrecognised(&pair);
        }
    }

    /// Whether a member is missing only because that side's revision of the protocol does not have it.
    fn outside_revision(&mut self, name: &str, pair: &Pair<'_>) -> bool {
        let outside = self
            .gate
            .excuses(&pair.place, name, pair.old.is_none(), pair.new.is_none());
        if outside {
            let pointer = pair.place.pointer.as_str();
            let capability = pointer.strip_prefix("/capabilities/");
            // A capability is a thing of its own.
            let place = match capability.filter(|_| pair.place.at == "server") {
                Some(_) => whole(format!("capabilities/{name}")),
                None => pair.place.clone(),
            };
            self.not_in_revision.push(place);
        }
        outside
    }

    /// Takes changes, but for those that speak of a member which one side's revision does not have.
    pub(super) fn gated(&mut self, changes: Vec<Change>, name: &str, of: impl Fn(&What) -> bool) {
        for change in changes {
            let (no_old, no_new) = (change.old.is_none(), change.new.is_none());
            if of(&change.what) && self.gate.excuses(&change.place, name, no_old, no_new) {
                self.not_in_revision.push(change.place);
                self.not_in_revision.extend(change.covers);
            } else {
                self.changes.push(change);
            }
        }
    }

    /// Reports a difference that no area knows, leaf by leaf.
    pub(super) fn unrecognised(&mut self, pair: &Pair<'_>) {
        leaves(
            &pair.place.pointer,
            pair.old,
            pair.new,
            &[],
            &mut |pointer, old, new| {
                let place = Place {
                    at: pair.place.at.clone(),
                    pointer,
                };
                let what = What::Unrecognised(reach(old, new));
                self.changes.push(Change::new(what, place, old, new));
            },
        );
    }

    /// Reports every difference of an item that nothing recorded since `from` speaks for.
    pub(super) fn sweep(&mut self, place: &Place, old: &Json, new: &Json, from: &Mark) {
        let known = self.known(&place.at, from);
        if speaks_for(&known, &place.pointer, false) {
            return;
        }
        let mut lost = Vec::new();
        leaves(
            &place.pointer,
            Some(old),
            Some(new),
            &known,
            &mut |pointer, old, new| unspoken(&known, pointer, old, new, &mut lost),
        );
        let lost: Vec<_> = lost
            .into_iter()
            .map(|(pointer, old, new)| (pointer, old.cloned(), new.cloned()))
            .collect();
        for (pointer, old, new) in lost {
            let place = Place {
                at: place.at.clone(),
                pointer,
            };
            let what = What::Unrecognised(reach(old.as_ref(), new.as_ref()));
            self.changes
                .push(Change::new(what, place, old.as_ref(), new.as_ref()));
        }
    }

    /// Records every difference of two values that nothing recorded since `from` speaks for as one that changes
    /// nothing.
    pub(super) fn quiet(
        &mut self,
        place: &Place,
        old: Option<&Json>,
        new: Option<&Json>,
        from: &Mark,
        reason: &'static str,
    ) {
        let known = self.known(&place.at, from);
        if speaks_for(&known, &place.pointer, false) {
            return;
        }
        let mut quiet = Vec::new();
        leaves(&place.pointer, old, new, &known, &mut |pointer, _, _| {
            if !speaks_for(&known, &pointer, false) {
                quiet.push(pointer);
            }
        });
        for pointer in quiet {
            let place = Place {
                at: place.at.clone(),
                pointer,
            };
            self.same(place, reason);
        }
    }

    /// How much is recorded now.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            changes: self.changes.len(),
            same: self.same.len(),
            gated: self.not_in_revision.len(),
        }
    }

    fn known(&self, at: &str, from: &Mark) -> Vec<&Pointer> {
        let changes = self.changes[from.changes..]
            .iter()
            .flat_map(|change| std::iter::once(&change.place).chain(&change.covers));
        let same = self.same[from.same..].iter().map(|same| &same.place);
        let gated = &self.not_in_revision[from.gated..];
        let mut known: Vec<_> = changes
            .chain(same)
            .chain(gated)
            .filter(|place| place.at == at)
            .map(|place| &place.pointer)
            .collect();
        known.sort_unstable();
        known
    }
}

/// How much was recorded at some point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) changes: usize,
    same: usize,
    gated: usize,
}

pub(super) type Unspoken<'a> = Vec<(Pointer, Option<&'a Json>, Option<&'a Json>)>;

/// Collects what no place speaks for. An object that came or went as a whole may have been told member by member.
pub(super) fn unspoken<'a>(
    known: &[&Pointer],
    pointer: Pointer,
    old: Option<&'a Json>,
    new: Option<&'a Json>,
    lost: &mut Unspoken<'a>,
) {
    let array = [old, new].iter().any(|v| matches!(v, Some(Json::Array(_))));
    if speaks_for(known, &pointer, array) {
        return;
    }
    let whole = match (old, new) {
        (Some(Json::Object(object)), None) | (None, Some(Json::Object(object))) => Some(object),
        _ => None,
    };
    match whole.filter(|_| speaks_for(known, &pointer, true)) {
        Some(object) => {
            for (name, value) in object.iter() {
                let side = |there: Option<&Json>| there.map(|_| value);
                unspoken(known, pointer.join(name), side(old), side(new), lost);
            }
        }
        None => lost.push((pointer, old, new)),
    }
}

/// Whether one of the sorted places is the pointer or an ancestor of it; for an array, also something inside it,
/// since its elements are told apart by what they are and not by where they stand.
fn speaks_for(known: &[&Pointer], pointer: &Pointer, array: bool) -> bool {
    let text = pointer.as_str();
    let mut end = text.len();
    loop {
        let ancestor = &text[..end];
        if known
            .binary_search_by(|known| known.as_str().cmp(ancestor))
            .is_ok()
        {
            return true;
        }
        match ancestor.rfind('/') {
            Some(slash) => end = slash,
            None => break,
        }
    }
    array && {
        let below = format!("{text}/");
        let first = known.partition_point(|known| known.as_str() < below.as_str());
        known
            .get(first)
            .is_some_and(|known| known.as_str().starts_with(&below))
    }
}

/// The members in which two objects differ, until somebody takes them.
#[derive(Debug)]
pub(super) struct Members<'a> {
    left: BTreeMap<&'a str, Pair<'a>>,
}

impl<'a> Members<'a> {
    fn between(place: &Place, old: &'a Object, new: &'a Object) -> Self {
        let (old, new) = (old.by_name(), new.by_name());
        let names = old.keys().chain(new.keys()).copied();
        let left = names
            .filter(|name| old.get(name) != new.get(name))
            .map(|name| {
                let pair = Pair {
                    place: inside(place, name),
                    old: old.get(name).copied(),
                    new: new.get(name).copied(),
                };
                (name, pair)
            })
            .collect();
        Self { left }
    }

    /// Takes a member, if the two sides differ in it. Whoever takes it reports it.
    #[must_use]
    pub(super) fn take(&mut self, name: &str) -> Option<Pair<'a>> {
        self.left.remove(name)
    }

    /// Takes all that are left.
    pub(super) fn take_rest(&mut self) -> impl Iterator<Item = (&'a str, Pair<'a>)> + use<'a> {
        std::mem::take(&mut self.left).into_iter()
    }
}

/// The smallest places in which two values differ: members of objects, and elements of arrays of one length. Nobody
/// looks into what one of the sorted known places speaks for.
pub(super) fn leaves<'a>(
    pointer: &Pointer,
    old: Option<&'a Json>,
    new: Option<&'a Json>,
    known: &[&Pointer],
    found: &mut impl FnMut(Pointer, Option<&'a Json>, Option<&'a Json>),
) {
    if known.binary_search(&pointer).is_ok() {
        return;
    }
    match (old, new) {
        (Some(Json::Object(a)), Some(Json::Object(b))) => {
            let (a, b) = (a.by_name(), b.by_name());
            for (name, value) in &a {
                leaves(
                    &pointer.join(name),
                    Some(value),
                    b.get(name).copied(),
                    known,
                    found,
                );
            }
            for (name, value) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
                found(pointer.join(name), None, Some(value));
            }
        }
        (Some(Json::Array(a)), Some(Json::Array(b)))
            if a.len() == b.len() && a.iter().any(|value| value.as_object().is_some()) =>
        {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                leaves(&pointer.join(index), Some(a), Some(b), known, found);
            }
        }
        _ if old == new => {}
        _ => found(pointer.clone(), old, new),
    }
}
