//! The surfaces that were expected once, rebuilt from the present one by what each entry changed.

use std::collections::{BTreeMap, BTreeSet};

use super::changed::{backwards, forwards};
use super::{Entry, Trail};
use crate::surface::Surface;

/// The states that a trail can rebuild.
pub struct States {
    /// By digest.
    surfaces: BTreeMap<String, Surface>,
    /// The indices of the entries that were used.
    walked: BTreeSet<usize>,
    /// Why the changes of an entry do not lead from the one state to the other, by the entry's index.
    pub(super) broken: BTreeMap<usize, String>,
    /// Why what was saved without a decision does not lead to the last accepted surface.
    pub(super) broken_unreviewed: Option<String>,
}

impl States {
    /// The surface of a digest, where it can be rebuilt.
    pub fn of_digest(&self, digest: &str) -> Option<&Surface> {
        self.surfaces.get(digest)
    }
}

impl Trail {
    /// Every state that can be rebuilt from the present surface. Where the file was edited by hand between two
    /// decisions, what came before is out of reach.
    pub fn states(&self, present: &Surface) -> States {
        let mut states = States {
            surfaces: BTreeMap::from([(present.digest(), present.clone())]),
            walked: BTreeSet::new(),
            broken: BTreeMap::new(),
            broken_unreviewed: None,
        };
        if !self.unreviewed.is_empty() {
            let rebuilt = backwards(present, &self.unreviewed);
            let wanted = self.last().map(|last| last.digest_after.as_str());
            states.broken_unreviewed = states.keep(rebuilt, wanted).err();
        }
        // A branch that was merged is reached from where it forked, after that was reached from the merge.
        while self.walk(&mut states) {}
        states
    }

    /// The surface after an entry, by its index; nothing where it cannot be rebuilt.
    pub fn surface_at(&self, present: &Surface, index: usize) -> Option<Surface> {
        let entry = self.entries.get(index)?;
        self.states(present).of_digest(&entry.digest_after).cloned()
    }

    /// The surface that was saved first; nothing where it cannot be rebuilt.
    pub fn first(&self, present: &Surface) -> Option<Surface> {
        let Some(first) = self.entries.first() else {
            return self.reviewed(present);
        };
        let states = self.states(present);
        backwards(states.of_digest(&first.digest_before)?, &first.unreviewed).ok()
    }

    /// Goes through the entries once, newest first; whether one could be used that could not before.
    fn walk(&self, states: &mut States) -> bool {
        let before = states.walked.len();
        for (index, entry) in self.entries.iter().enumerate().rev() {
            if states.walked.contains(&index) {
                continue;
            }
            match self.step(entry, states) {
                Ok(false) => continue,
                Ok(true) => {}
                Err(why) => {
                    states.broken.insert(index, why);
                }
            }
            states.walked.insert(index);
        }
        states.walked.len() > before
    }

    /// Uses one entry in whichever direction it can be used; whether there is one.
    fn step(&self, entry: &Entry, states: &mut States) -> Result<bool, String> {
        let (before, after) = (&entry.digest_before, &entry.digest_after);
        if let Some(surface) = states.surfaces.get(after) {
            let rebuilt = backwards(surface, &entry.changed);
            states.keep(rebuilt, Some(before))?;
        } else if let Some(surface) = states.surfaces.get(before) {
            let rebuilt = forwards(surface, &entry.changed);
            states.keep(rebuilt, Some(after))?;
        } else {
            return Ok(false);
        }
        if !entry.unreviewed.is_empty() {
            let rebuilt = backwards(&states.surfaces[before], &entry.unreviewed);
            let followed = self.followed(entry);
            states.keep(rebuilt, followed.map(|entry| entry.digest_after.as_str()))?;
        }
        Ok(true)
    }

    /// The entry that an entry follows.
    pub(super) fn followed(&self, entry: &Entry) -> Option<&Entry> {
        let previous = entry.previous.as_ref()?;
        self.entries.iter().find(|known| known.hash == *previous)
    }
}

impl States {
    /// Keeps a surface, where it has the digest that it should have. Of the one that was saved first nobody knows that.
    fn keep(
        &mut self,
        rebuilt: Result<Surface, String>,
        wanted: Option<&str>,
    ) -> Result<(), String> {
        let rebuilt =
            rebuilt.map_err(|at| format!("`{at}` is not in the surface as it says it was"))?;
        let digest = rebuilt.digest();
        if wanted.is_some_and(|wanted| wanted != digest) {
            return Err(
                "the changed items do not lead from the digest before to the digest after"
                    .to_owned(),
            );
        }
        self.surfaces.entry(digest).or_insert(rebuilt);
        Ok(())
    }
}
