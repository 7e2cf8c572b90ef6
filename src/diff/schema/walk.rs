//! The walk itself: pairs of schemas, the places they stand in, and what was found there.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::dialect::depends_on_dialect;
use super::node::Node;
use super::order::{definitions_in_order, ordered};
use super::references::{has_reference, references_in, refers_to_nothing_that_differs, resolve};
use super::spot::Spot;
use super::{against_union, bounds, compose, keywords, objects, types};
use crate::canon;
use crate::diff::change::{Change, Same, What, inside};
use crate::diff::ledger::{Ledger, Mark};
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::json::{Json, Pointer};
use crate::report::Place;

/// How deep schemas may stand inside each other before the walk says that it cannot tell.
const DEPTH: usize = 96;

/// How many pairs of schemas one comparison may look at.
const BUDGET: usize = 50_000;

/// How many pairs of schemas all its trial walks together may look at.
const TRIAL_BUDGET: usize = 5_000;

/// How many trial walks may stand inside each other.
const TRIALS: usize = 2;

/// One comparison of two schemas.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) side: Side,
    pub(super) at: String,
    base: Pointer,
    old_root: &'a Json,
    new_root: &'a Json,
    changes: Vec<Change>,
    same: Vec<Same>,
    seen: BTreeMap<(Pointer, Pointer), (usize, usize)>,
    /// Whether equal text means equal schemas, because the text refers to nothing that differs.
    text_tells: bool,
    budget: usize,
    /// How many pairs all trial walks together may still look at.
    trial_budget: usize,
    depth: usize,
    trials: usize,
    /// What the definitions of each side say whatever their order, once somebody asked.
    in_order: [OnceCell<String>; 2],
    /// Whether a reference leads to the same text on both sides, as far as it was asked for.
    agreed: Rc<RefCell<BTreeMap<String, bool>>>,
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
            same: Vec::new(),
            seen: BTreeMap::new(),
            text_tells: refers_to_nothing_that_differs(old, new),
            budget: BUDGET,
            trial_budget: TRIAL_BUDGET,
            depth: 0,
            trials: 0,
            in_order: Default::default(),
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
    pub(super) fn finish(self) -> (Vec<Change>, Vec<Same>) {
        (self.changes, self.same)
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
        self.nodes(spot, a, b);
        self.seen.insert(key, (from, self.changes.len()));
        if respelled {
            self.respelled(spot, old, new, from);
        }
        self.depth -= 1;
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
    }

    /// How many changes there are.
    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }

    /// Lets every change since a count speak for another place.
    pub(super) fn all_since(&mut self, from: usize, pointer: &Pointer) {
        let place = self.place(pointer);
        for change in &mut self.changes[from..] {
            change.covers.push(place.clone());
        }
        if self.changes.len() == from {
            self.equal(pointer, "the order of branches means nothing");
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

    /// Whether two schemas inside the roots have the same text, and what they refer to has.
    pub(super) fn identical(&self, old: &Json, new: &Json) -> bool {
        if old != new {
            return false;
        }
        let mut references = Vec::new();
        if !self.text_tells {
            references_in(old, &mut references);
        }
        references
            .into_iter()
            .all(|reference| self.agrees(reference))
    }

    /// Whether all that two schemas of the same text refer to reads the same on both sides.
    pub(super) fn refers_alike(&self, old: &Json, new: &Json) -> bool {
        let mut references = Vec::new();
        if !self.text_tells {
            references_in(old, &mut references);
            references_in(new, &mut references);
        }
        let mut references = references.into_iter();
        references.all(|reference| self.agrees(reference))
    }

    /// Whether a reference, and all that it leads to, reads the same on both sides.
    fn agrees(&self, reference: &str) -> bool {
        if let Some(known) = self.agreed.borrow().get(reference) {
            return *known;
        }
        let mut reached = BTreeSet::from([reference.to_owned()]);
        let mut open = vec![reference.to_owned()];
        while let Some(next) = open.pop() {
            let old = resolve(self.old_root, &self.base, &next);
            let new = resolve(self.new_root, &self.base, &next);
            let same = match (old, new) {
                (Some((old, _)), Some((new, _))) if old == new => {
                    let mut further = Vec::new();
                    references_in(old, &mut further);
                    let further = further.into_iter().filter(|name| !reached.contains(*name));
                    let further: Vec<_> = further.map(str::to_owned).collect();
                    reached.extend(further.iter().cloned());
                    open.extend(further);
                    true
                }
                // A remote reference says the same on both sides; one to an anchor cannot be followed here.
                (None, None) => !next.starts_with('#'),
                _ => false,
            };
            if !same || self.agreed.borrow().get(&next) == Some(&false) {
                self.agreed.borrow_mut().insert(reference.to_owned(), false);
                return false;
            }
        }
        let all = reached.into_iter().map(|name| (name, true));
        self.agreed.borrow_mut().extend(all);
        true
    }

    /// Texts of schemas that are alike exactly where the schemas differ in nothing but order, and lead to nothing that
    /// differs in more.
    pub(super) fn in_order(&self, old: bool, schemas: &[Json]) -> Vec<String> {
        let root = if old { self.old_root } else { self.new_root };
        let text = |schema: &Json| {
            let mut text = canon::canonical(&ordered(schema));
            if !self.text_tells && has_reference(schema) {
                let all =
                    self.in_order[usize::from(old)].get_or_init(|| definitions_in_order(root));
                text.push_str(all);
            }
            text
        };
        schemas.iter().map(text).collect()
    }

    /// Whether a walk over two schemas finds nothing.
    pub(super) fn walks_alike(&mut self, old: &'a Json, new: &'a Json) -> bool {
        if self.trials >= TRIALS || self.trial_budget == 0 {
            return false;
        }
        let root = Pointer::root();
        let spot = Spot {
            place: root.clone(),
            old: root.join("old"),
            new: root.join("new"),
        };
        let mut trial = Walk {
            side: self.side,
            at: String::new(),
            base: self.base.clone(),
            old_root: self.old_root,
            new_root: self.new_root,
            changes: Vec::new(),
            same: Vec::new(),
            seen: BTreeMap::new(),
            text_tells: self.text_tells,
            budget: self.trial_budget.min(200),
            trial_budget: self.trial_budget.saturating_sub(200),
            depth: self.depth,
            trials: self.trials + 1,
            in_order: self.in_order.clone(),
            agreed: Rc::clone(&self.agreed),
        };
        trial.schemas(&spot, old, new);
        self.trial_budget = trial.trial_budget + trial.budget;
        trial.changes.is_empty()
    }
}

/// Says of definitions that differ and were reported nowhere that they matter only where they are referred to.
pub(super) fn definitions(ledger: &mut Ledger, place: &Place, old: &Json, new: &Json, from: &Mark) {
    for keyword in ["$defs", "definitions"] {
        let place = inside(place, keyword);
        ledger.quiet(
            &place,
            old.get(keyword),
            new.get(keyword),
            from,
            "judged wherever it is referred to",
        );
    }
}

/// Whether a place is another one or stands inside it.
fn within(place: &Pointer, ancestor: &Pointer) -> bool {
    place
        .as_str()
        .strip_prefix(ancestor.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
