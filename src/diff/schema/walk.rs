//! The walk itself: pairs of schemas, the places they stand in, and what was found there.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::decide::Found;
use super::dialect::depends_on_dialect;
use super::node::Node;
use super::references::refers_to_nothing_that_differs;
use super::spot::Spot;
use super::{against_union, bounds, compose, keywords, objects, types};
use crate::diff::change::{Change, Same, What};
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::json::{Json, Pointer};
use crate::report::Place;

/// How deep schemas may stand inside each other before the walk says that it cannot tell.
const DEPTH: usize = 96;

/// How many pairs of schemas one comparison may look at.
const BUDGET: usize = 50_000;

/// How many pairs of schemas all its trial walks together may look at.
const TRIAL_BUDGET: usize = 5_000;

/// One comparison of two schemas.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) side: Side,
    pub(super) at: String,
    pub(super) base: Pointer,
    pub(super) old_root: &'a Json,
    pub(super) new_root: &'a Json,
    pub(super) changes: Vec<Change>,
    /// The schemas that each change was found in.
    pub(super) spots: Vec<Spot>,
    /// The schemas that are being compared, the innermost last.
    pub(super) inside: Vec<Spot>,
    pub(super) same: Vec<Same>,
    pub(super) seen: BTreeMap<(Pointer, Pointer), (usize, usize)>,
    /// Whether equal text means equal schemas, because the text refers to nothing that differs.
    pub(super) text_tells: bool,
    pub(super) budget: usize,
    /// How many pairs all trial walks together may still look at.
    pub(super) trial_budget: usize,
    pub(super) depth: usize,
    pub(super) trials: usize,
    /// What the definitions of each side say whatever their order, once somebody asked.
    pub(super) definitions: [OnceCell<String>; 2],
    /// What schemas say whatever their order, as digests, by side and address: they stay where they are during the walk.
    pub(super) in_order: Rc<RefCell<BTreeMap<(bool, usize), String>>>,
    /// Whether a reference leads to the same text on both sides, as far as it was asked for.
    pub(super) agreed: Rc<RefCell<BTreeMap<String, bool>>>,
}

impl<'a> Walk<'a> {
    /// A walk over two whole schemas that stand at `place`.
    pub(super) fn new(side: Side, place: &Place, old: &'a Json, new: &'a Json) -> Self {
        Self {
            side,
            at: place.at.clone(),
            base: place.pointer.clone(),
            old_root: old,
            new_root: new,
            changes: Vec::new(),
            spots: Vec::new(),
            inside: Vec::new(),
            same: Vec::new(),
            seen: BTreeMap::new(),
            text_tells: refers_to_nothing_that_differs(old, new),
            budget: BUDGET,
            trial_budget: TRIAL_BUDGET,
            depth: 0,
            trials: 0,
            definitions: Default::default(),
            in_order: Rc::default(),
            agreed: Rc::default(),
        }
    }

    /// Compares them.
    pub(super) fn run(&mut self) {
        let base = self.base.clone();
        let spot = Spot {
            place: base.clone(),
            old: base.clone(),
            new: base,
        };
        self.schemas(&spot, self.old_root, self.new_root);
    }

    /// What was found.
    pub(super) fn finish(self) -> Found {
        Found {
            changes: self.changes.into_iter().zip(self.spots).collect(),
            same: self.same,
        }
    }

    /// Compares two schemas inside the roots.
    pub(super) fn schemas(&mut self, spot: &Spot, old: &'a Json, new: &'a Json) {
        if self.identical(old, new) {
            return;
        }
        let key = (spot.old.clone(), spot.new.clone());
        if let Some(&(from, to)) = self.seen.get(&key) {
            // Reached by another reference: what was found there holds here, too.
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
        if self.depth >= DEPTH || self.budget == 0 {
            self.fact(SchemaFact::Changed, spot, Some(old), Some(new));
            return;
        }
        self.budget -= 1;
        self.depth += 1;
        let from = self.changes.len();
        self.seen.insert(key.clone(), (from, from));
        let a = Node::read(self.old_root, &self.base, old, &spot.old);
        let b = Node::read(self.new_root, &self.base, new, &spot.new);
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
        let root = if old { self.old_root } else { self.new_root };
        let inside = home.as_str().strip_prefix(self.base.as_str())?;
        root.at(&Pointer::parse(inside)?)
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
        let place = self.place(pointer);
        for change in &mut self.changes[from..] {
            if change.place != place && !change.covers.contains(&place) {
                change.covers.push(place.clone());
            }
        }
    }

    /// Reads a schema of one side.
    pub(super) fn read(&self, old: bool, raw: &'a Json, home: &Pointer) -> Node<'a> {
        Node::read(
            if old { self.old_root } else { self.new_root },
            &self.base,
            raw,
            home,
        )
    }

    /// Whether the dialects that are known could read one of the schemas differently.
    pub(super) fn depends_on_dialect(&self) -> bool {
        depends_on_dialect(self.old_root) || depends_on_dialect(self.new_root)
    }

    /// Lets the last change speak for another place.
    pub(super) fn also(&mut self, pointer: &Pointer) {
        let place = self.place(pointer);
        if let Some(change) = self.changes.last_mut()
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
        let none = crate::json::Object::new();
        let (old, new) = (
            old.as_object().unwrap_or(&none),
            new.as_object().unwrap_or(&none),
        );
        let names: BTreeSet<&str> = old.iter().chain(new.iter()).map(|(name, _)| name).collect();
        for name in names {
            if old.get(name) == new.get(name) {
                continue;
            }
            let written = if old.get(name).is_some() {
                &spot.old
            } else {
                &spot.new
            };
            let home = written.join(name);
            let reported = self.changes[from..]
                .iter()
                .flat_map(|change| std::iter::once(&change.place).chain(&change.covers))
                .any(|place| within(&place.pointer, &home));
            if !reported {
                self.equal(&home, "the same in another spelling");
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
