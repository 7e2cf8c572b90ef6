//! Whether two schemas inside the roots of a walk are the same: by their text, whatever its order, or by a trial walk.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use super::order::{Rank, Ranks};
use super::purse::Purse;
use super::references::{Ends, references_in, refers_to_nothing_that_differs};
use super::spot::Spot;
use super::walk::Walk;
use crate::inclusion::{Dialect, Lead, References};
use crate::json::{Json, Pointer};

/// How many trial walks may stand inside each other.
const TRIALS: usize = 8;

/// What a walk and its trial walks know together of the two schemas.
#[derive(Debug)]
pub(super) struct Known<'a> {
    roots: [&'a Json; 2],
    pub(super) purse: Purse,
    /// Whether equal text means equal schemas, because the text refers to nothing that differs.
    text_tells: bool,
    references: [OnceCell<References<'a>>; 2],
    ranks: RefCell<Ranks<'a>>,
    /// What the definitions of each side say whatever their order, once somebody asked.
    definitions: [OnceCell<Option<[Rank; 2]>>; 2],
    /// Whether a reference leads to the same text on both sides, as far as it was asked for.
    agreed: RefCell<BTreeMap<String, bool>>,
    /// Whether the dialects could read one of the schemas differently.
    pub(super) dialect_matters: OnceCell<bool>,
}

/// What a schema says whatever its order, and all that it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct InOrder {
    pub(super) own: Rank,
    leads_to: Option<[Rank; 2]>,
}

impl<'a> Known<'a> {
    pub(super) fn new(old: &'a Json, new: &'a Json) -> Self {
        Self {
            roots: [old, new],
            purse: Purse::default(),
            text_tells: refers_to_nothing_that_differs(old, new),
            references: Default::default(),
            ranks: RefCell::default(),
            definitions: Default::default(),
            agreed: RefCell::default(),
            dialect_matters: OnceCell::new(),
        }
    }

    /// The root of one side.
    pub(super) fn root(&self, old: bool) -> &'a Json {
        self.roots[usize::from(!old)]
    }

    /// The references of one side.
    pub(super) fn references(&self, old: bool) -> &References<'a> {
        let side = &self.references[usize::from(!old)];
        let references = side.get_or_init(|| References::new(self.root(old), Dialect::default()));
        if !references.known() {
            self.purse.empty();
        }
        references
    }

    /// Whether a side is too large to know where its references lead.
    pub(super) fn is_lost(&self) -> bool {
        let mut asked = self.references.iter().filter_map(OnceCell::get);
        asked.any(|references| !references.known())
    }

    /// Whether two schemas inside the roots have the same text, and what they refer to has.
    pub(super) fn identical(&self, old: &Json, new: &Json) -> bool {
        if !self.purse.equal(old, new) {
            return false;
        }
        let mut references = Vec::new();
        if !self.text_tells {
            references_in(old, &mut references);
        }
        references
            .into_iter()
            .all(|(keyword, reference)| self.agrees(keyword, reference))
    }

    /// Whether all that two schemas of the same text refer to reads the same on both sides.
    pub(super) fn refers_alike(&self, old: &Json, new: &Json) -> bool {
        let mut references = Vec::new();
        if !self.text_tells {
            references_in(old, &mut references);
            references_in(new, &mut references);
        }
        let mut references = references.into_iter();
        references.all(|(keyword, reference)| self.agrees(keyword, reference))
    }

    /// Where a reference leads on one side, from each base that it could be told from.
    pub(super) fn leads(&self, keyword: &str, reference: &str, old: bool) -> Vec<Lead<'a>> {
        Ends::of(self.references(old), keyword, reference).leads
    }

    /// Whether a reference that is written on both sides leads to the same; one that leads nowhere does.
    pub(super) fn leads_alike(&self, keyword: &str, reference: &str) -> bool {
        let nowhere = |old| {
            let leads = self.leads(keyword, reference, old);
            leads.iter().all(|lead| *lead == Lead::Nowhere)
        };
        self.text_tells || (nowhere(true) && nowhere(false)) || self.agrees(keyword, reference)
    }

    /// Whether a reference, and all that it leads to, reads the same on both sides.
    fn agrees(&self, keyword: &str, reference: &str) -> bool {
        let name = |keyword: &str, reference: &str| format!("{keyword} {reference}");
        let first = name(keyword, reference);
        if let Some(known) = self.agreed.borrow().get(&first) {
            return *known;
        }
        // Every reference on the way, and the one that led to it.
        let mut reached = BTreeMap::from([(first, None)]);
        let mut open = vec![(keyword.to_owned(), reference.to_owned())];
        while let Some((keyword, reference)) = open.pop() {
            let next = name(&keyword, &reference);
            let ends =
                [true, false].map(|old| Ends::of(self.references(old), &keyword, &reference));
            let same = self.agreed.borrow().get(&next) != Some(&false)
                && self.purse.spend(40)
                && ends[0].same(&ends[1], |a, b| self.purse.equal(a, b));
            if !same {
                // What leads to a difference differs as well.
                let mut agreed = self.agreed.borrow_mut();
                let mut differs = Some(next);
                while let Some(name) = differs {
                    differs = reached.remove(&name).flatten();
                    agreed.insert(name, false);
                }
                return false;
            }
            let mut further = Vec::new();
            for target in ends[0].schemas() {
                references_in(target, &mut further);
            }
            for (keyword, reference) in further {
                let name = name(keyword, reference);
                if let Entry::Vacant(entry) = reached.entry(name) {
                    entry.insert(Some(next.clone()));
                    open.push((keyword.to_owned(), reference.to_owned()));
                }
            }
        }
        let all = reached.into_keys().map(|name| (name, true));
        self.agreed.borrow_mut().extend(all);
        true
    }

    /// What schemas say whatever its order: equal exactly where they differ in nothing but order, and lead to nothing
    /// that differs in more. Nothing where that is too much to find out.
    pub(super) fn in_order(&self, old: bool, schemas: &'a [Json]) -> Option<Vec<InOrder>> {
        let mut ranks = self.ranks.borrow_mut();
        let mut rank = |schema: &'a Json| {
            let own = ranks.of(schema, &self.purse)?;
            let leads_to = if self.text_tells || !ranks.refers(own) {
                None
            } else {
                let known = &self.definitions[usize::from(!old)];
                Some((*known.get_or_init(|| ranks.of_definitions(self.root(old), &self.purse)))?)
            };
            Some(InOrder { own, leads_to })
        };
        schemas.iter().map(&mut rank).collect()
    }
}

impl<'a> Walk<'a> {
    /// Whether two schemas inside the roots have the same text, and what they refer to has.
    pub(super) fn identical(&self, old: &Json, new: &Json) -> bool {
        self.known.identical(old, new)
    }

    /// Whether a walk over two schemas, which stand where the spot says that each side wrote them, finds nothing.
    pub(super) fn walks_alike(&self, spot: &Spot, old: &'a Json, new: &'a Json) -> bool {
        let depth = 20 * self.inside.len();
        if self.trials >= TRIALS || !self.known.purse.spend(depth) {
            return false;
        }
        let mut trial = Walk {
            side: self.side,
            at: String::new(),
            base: self.base.clone(),
            known: Rc::clone(&self.known),
            changes: Vec::new(),
            spots: Vec::new(),
            inside: self.inside.clone(),
            same: Vec::new(),
            // What is being compared is told of where it differs; inside itself it may be taken for the same.
            seen: (self.inside.iter())
                .map(|spot| ((spot.old.clone(), spot.new.clone()), (0, 0)))
                .collect(),
            depth: self.depth,
            trials: self.trials + 1,
        };
        let found = self.known.purse.on_trial(|| {
            trial.schemas(spot, old, new);
            trial.changes.is_empty()
        });
        found == Some(true)
    }

    /// The pointer from the root of the schema of a place.
    pub(super) fn within_root(&self, home: &Pointer) -> Option<Pointer> {
        Pointer::parse(home.as_str().strip_prefix(self.base.as_str())?)
    }
}
