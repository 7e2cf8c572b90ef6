//! The walk itself: pairs of schemas, the places they stand in, and what was found there.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::alike::Known;
use super::decide::Found;
use super::dialect::depends_on_dialect;
use super::node::Node;
use super::spot::Spot;
use super::{against_union, bounds, compose, keywords, objects, types};
use crate::diff::change::{Change, Same, What};
use crate::diff::ledger::{leaves, unspoken};
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::json::{Json, Pointer};
use crate::report::Place;

/// How deep schemas may stand inside each other before the walk says that it cannot tell.
const DEPTH: usize = 96;

/// One comparison of two schemas.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) side: Side,
    pub(super) at: String,
    pub(super) base: Pointer,
    pub(super) known: Rc<Known<'a>>,
    pub(super) changes: Vec<Change>,
    /// The schemas that each change was found in.
    pub(super) spots: Vec<Spot>,
    /// The schemas that are being compared, the innermost last.
    pub(super) inside: Vec<Spot>,
    pub(super) same: Vec<Same>,
    pub(super) seen: BTreeMap<(Pointer, Pointer), (usize, usize)>,
    pub(super) depth: usize,
    pub(super) trials: usize,
}

impl<'a> Walk<'a> {
    /// A walk over two whole schemas that stand at `place`.
    pub(super) fn new(side: Side, place: &Place, old: &'a Json, new: &'a Json) -> Self {
        Self {
            side,
            at: place.at.clone(),
            base: place.pointer.clone(),
            known: Rc::new(Known::new(old, new)),
            changes: Vec::new(),
            spots: Vec::new(),
            inside: Vec::new(),
            same: Vec::new(),
            seen: BTreeMap::new(),
            depth: 0,
            trials: 0,
        }
    }

    /// Compares them.
    pub(super) fn run(&mut self) {
        let spot = Spot::at(&self.base);
        let (old, new) = (self.known.root(true), self.known.root(false));
        self.schemas(&spot, old, new);
    }

    /// What was found.
    pub(super) fn finish(self) -> Found {
        let unfinished = self.known.purse.is_spent() || self.known.is_lost();
        let mut changes: Vec<_> = self.changes.into_iter().zip(self.spots).collect();
        if unfinished {
            // One fact speaks for all that was not looked at.
            let what = What::Schema(self.side, SchemaFact::Changed);
            let spot = Spot::at(&self.base);
            let place = Place {
                at: self.at,
                pointer: self.base,
            };
            let [old, new] = [true, false].map(|old| Some(self.known.root(old)));
            changes.push((Change::new(what, place, old, new), spot));
        }
        Found {
            changes,
            same: self.same,
            unfinished,
        }
    }

    /// Compares two schemas inside the roots.
    pub(super) fn schemas(&mut self, spot: &Spot, old: &'a Json, new: &'a Json) {
        if self.is_over() || self.identical(old, new) {
            return;
        }
        let key = (spot.old.clone(), spot.new.clone());
        if let Some(&(from, to)) = self.seen.get(&key) {
            // Reached by another reference: what was found there holds here, too.
            self.known.purse.spend(100 * (to - from));
            let at = &self.at;
            for change in &mut self.changes[from..to] {
                if change.covers.len() < 64 && change.place.pointer != spot.place {
                    change.covers.push(Place {
                        at: at.clone(),
                        pointer: spot.place.clone(),
                    });
                }
            }
            return;
        }
        if self.depth >= DEPTH {
            self.fact(SchemaFact::Changed, spot, Some(old), Some(new));
            return;
        }
        self.known.purse.spend(100 + spot.place.as_str().len());
        self.depth += 1;
        let from = self.changes.len();
        self.seen.insert(key.clone(), (from, from));
        let a = self.read(true, old, &spot.old);
        let b = self.read(false, new, &spot.new);
        let respelled = a.respelled || b.respelled;
        self.inside.push(spot.clone());
        self.nodes(spot, a, b);
        self.inside.pop();
        self.seen.insert(key, (from, self.changes.len()));
        if respelled {
            self.respelled(spot, old, new, from);
        }
        if old.as_bool().is_some() != new.as_bool().is_some() {
            self.spelled_out(spot, from);
        }
        self.depth -= 1;
    }

    /// Lets what was found since a count speak for a schema that is `true` or `false` on one side and an object on the
    /// other.
    fn spelled_out(&mut self, spot: &Spot, from: usize) {
        for pointer in [&spot.place, &spot.old, &spot.new] {
            if self.changes.len() == from {
                self.equal(pointer, "accepts the same values");
            }
            self.also_since(from, pointer);
        }
    }

    fn nodes(&mut self, spot: &Spot, mut old: Node<'a>, mut new: Node<'a>) {
        if old.never != new.never {
            let fact = if new.never {
                SchemaFact::Tightened
            } else {
                SchemaFact::Loosened
            };
            let (a, b) = (self.raw(true, &spot.old), self.raw(false, &spot.new));
            self.fact(fact, spot, a, b);
            return;
        }
        against_union::compare(self, spot, &mut old, &mut new);
        types::compare(self, spot, &old, &new);
        bounds::compare(self, spot, &mut old, &mut new);
        objects::compare(self, spot, &mut old, &mut new);
        compose::compare(self, spot, &mut old, &mut new);
        keywords::compare(self, spot, old, new);
    }

    fn raw(&self, old: bool, home: &Pointer) -> Option<&'a Json> {
        self.known.root(old).at(&self.within_root(home)?)
    }

    /// Records a fact.
    pub(super) fn fact(
        &mut self,
        fact: SchemaFact,
        spot: &Spot,
        old: Option<&Json>,
        new: Option<&Json>,
    ) {
        self.record(What::Schema(self.side, fact), spot, old, new);
    }

    /// Records a change that covers the places where both sides wrote it.
    pub(super) fn record(
        &mut self,
        what: What,
        spot: &Spot,
        old: Option<&Json>,
        new: Option<&Json>,
    ) {
        let mut copied = [old, new].into_iter().flatten();
        let paid = copied.all(|value| self.known.purse.copy(value));
        if self.is_over() || !(paid && self.known.purse.spend(200)) {
            return;
        }
        let mut change = Change::new(what, self.place(&spot.place), old, new);
        for (home, there) in [(&spot.old, old), (&spot.new, new)] {
            let known =
                *home == spot.place || change.covers.iter().any(|place| place.pointer == *home);
            if there.is_some() && !known {
                change.covers.push(self.place(home));
            }
        }
        self.changes.push(change);
        let within = self.inside.last().unwrap_or(spot).clone();
        self.spots.push(within);
    }

    /// How many changes there are.
    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }

    /// Lets every change since a count speak for another place.
    pub(super) fn all_since(&mut self, from: usize, pointer: &Pointer) {
        self.also_since(from, pointer);
        if self.changes.len() == from {
            self.equal(pointer, "the order of branches means nothing");
        }
    }

    fn also_since(&mut self, from: usize, pointer: &Pointer) {
        let steps = |change: &Change| 4 + change.covers.len();
        let steps = self.changes[from..].iter().map(steps).sum();
        if !self.known.purse.spend(steps) {
            return;
        }
        let place = self.place(pointer);
        for change in &mut self.changes[from..] {
            if change.place != place && !change.covers.contains(&place) {
                change.covers.push(place.clone());
            }
        }
    }

    /// Reads a schema of one side.
    pub(super) fn read(&self, old: bool, raw: &'a Json, home: &Pointer) -> Node<'a> {
        Node::read(&self.known, old, &self.base, raw, home)
    }

    /// Whether there is nothing more to find: the work is spent, or a trial has found its difference.
    pub(super) fn is_over(&self) -> bool {
        self.known.purse.is_spent() || (self.trials > 0 && !self.changes.is_empty())
    }

    /// Whether the dialects that are known could read one of the schemas differently.
    pub(super) fn depends_on_dialect(&self) -> bool {
        let matters = || [true, false].map(|old| depends_on_dialect(self.known.root(old)));
        *(self.known.dialect_matters).get_or_init(|| matters().contains(&true))
    }

    /// Lets the last change speak for another place.
    pub(super) fn also(&mut self, pointer: &Pointer) {
        let place = self.place(pointer);
        if !self.known.purse.is_spent()
            && let Some(change) = self.changes.last_mut()
            && change.place != place
            && !change.covers.contains(&place)
        {
            change.covers.push(place);
        }
    }

    /// Records a difference that changes nothing.
    pub(super) fn equal(&mut self, pointer: &Pointer, reason: &'static str) {
        let place = self.place(pointer);
        self.same.push(Same { place, reason });
    }

    fn place(&self, pointer: &Pointer) -> Place {
        Place {
            at: self.at.clone(),
            pointer: pointer.clone(),
        }
    }

    /// Says of every keyword that is written differently and was not reported that it means the same: what the
    /// schemas read as has been compared in full.
    fn respelled(&mut self, spot: &Spot, old: &Json, new: &Json, from: usize) {
        let [old, new] = [old, new].map(|schema| {
            let object = schema.as_object();
            object.map(crate::json::Object::by_name).unwrap_or_default()
        });
        let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        let found = self.changes.len() - from;
        for name in names {
            let same = match (old.get(name), new.get(name)) {
                (Some(a), Some(b)) => self.known.purse.equal(a, b),
                _ => false,
            };
            if same {
                continue;
            }
            if !self.known.purse.spend(10 + 8 * found) {
                return;
            }
            let written = if old.contains_key(name) {
                &spot.old
            } else {
                &spot.new
            };
            let home = written.join(name);
            let mut reported: Vec<_> = self.changes[from..]
                .iter()
                .flat_map(|change| std::iter::once(&change.place).chain(&change.covers))
                .map(|place| &place.pointer)
                .filter(|place| within(place, &home) || within(&home, place))
                .collect();
            if reported.is_empty() {
                self.equal(&home, "the same in another spelling");
                continue;
            }
            // A part was told; the rest of the keyword is a matter of spelling.
            reported.sort_unstable();
            let mut rest = Vec::new();
            let [a, b] = [old.get(name), new.get(name)].map(Option::<&&Json>::copied);
            leaves(&home, a, b, &reported, &mut |pointer, a, b| {
                unspoken(&reported, pointer, a, b, &mut rest)
            });
            for (pointer, ..) in rest {
                self.equal(&pointer, "the same in another spelling");
            }
        }
    }
}

/// Whether a place is another one or stands inside it.
fn within(place: &Pointer, ancestor: &Pointer) -> bool {
    place
        .as_str()
        .strip_prefix(ancestor.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
