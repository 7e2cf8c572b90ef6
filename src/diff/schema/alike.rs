//! Whether two schemas inside the roots of a walk are the same: by their text, whatever its order, or by a trial walk.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::order::{definitions_in_order, ordered};
use super::references::{has_reference, references_in, resolve};
use super::spot::Spot;
use super::walk::Walk;
use crate::canon;
use crate::json::{Json, Pointer};

/// How many trial walks may stand inside each other.
const TRIALS: usize = 2;

impl<'a> Walk<'a> {
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
        // Every reference on the way, and the one that led to it.
        let mut reached = BTreeMap::from([(reference.to_owned(), None)]);
        let mut open = vec![reference.to_owned()];
        while let Some(next) = open.pop() {
            let old = resolve(self.old_root, &self.base, &next);
            let new = resolve(self.new_root, &self.base, &next);
            let same = match (old, new) {
                (Some((old, _)), Some((new, _))) if old == new => {
                    let mut further = Vec::new();
                    references_in(old, &mut further);
                    for name in further {
                        if !reached.contains_key(name) {
                            reached.insert(name.to_owned(), Some(next.clone()));
                            open.push(name.to_owned());
                        }
                    }
                    true
                }
                // A remote reference says the same on both sides; one to an anchor cannot be followed here.
                (None, None) => !next.starts_with('#'),
                _ => false,
            };
            if !same || self.agreed.borrow().get(&next) == Some(&false) {
                // What leads to a difference differs as well.
                let mut agreed = self.agreed.borrow_mut();
                let mut differs = Some(next);
                while let Some(name) = differs {
                    differs = reached.remove(&name).flatten();
                    agreed.insert(name, false);
                }
                return false;
            }
        }
        let all = reached.into_keys().map(|name| (name, true));
        self.agreed.borrow_mut().extend(all);
        true
    }

    /// Digests of schemas that are alike exactly where the schemas differ in nothing but order, and lead to nothing that
    /// differs in more. Each is taken once, since trial walks meet the same schemas over and over.
    pub(super) fn in_order(&self, old: bool, schemas: &'a [Json]) -> Vec<String> {
        let digest = |schema: &'a Json| {
            let key = (old, std::ptr::from_ref(schema).addr());
            if let Some(known) = self.in_order.borrow().get(&key) {
                return known.clone();
            }
            let digest = self.digest_in_order(old, schema);
            self.in_order.borrow_mut().insert(key, digest.clone());
            digest
        };
        schemas.iter().map(digest).collect()
    }

    fn digest_in_order(&self, old: bool, schema: &'a Json) -> String {
        let mut digest = canon::digest(&ordered(schema));
        if !self.text_tells && has_reference(schema) {
            let root = if old { self.old_root } else { self.new_root };
            let all = self.definitions[usize::from(old)].get_or_init(|| definitions_in_order(root));
            digest.push_str(all);
        }
        digest
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
            spots: Vec::new(),
            inside: Vec::new(),
            same: Vec::new(),
            seen: BTreeMap::new(),
            text_tells: self.text_tells,
            budget: self.trial_budget.min(200),
            trial_budget: self.trial_budget.saturating_sub(200),
            depth: self.depth,
            trials: self.trials + 1,
            definitions: self.definitions.clone(),
            in_order: Rc::clone(&self.in_order),
            agreed: Rc::clone(&self.agreed),
        };
        trial.schemas(&spot, old, new);
        self.trial_budget = trial.trial_budget + trial.budget;
        trial.changes.is_empty()
    }
}
