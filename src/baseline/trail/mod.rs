//! The audit trail of a baseline: who accepted what, when and why, each decision chained to the one before it.
//!
//! It stands in the file itself (`docs/audit.md`). Nothing here knows the clock or the person: both come in.

mod chain;
mod changed;
mod entry;
mod form;
mod open;
pub(super) mod parts;
mod states;

pub use changed::Changed;
pub(super) use entry::unknown_members;
pub use entry::{Action, Entry, Recorded, short};
pub(super) use form::Form;
pub use states::States;

use std::collections::BTreeSet;

use super::BaselineError;
use crate::canon;
use crate::json::{Json, Object, Pointer};
use crate::report::Severity;
use crate::surface::Surface;

/// The member of the file that holds the entries, oldest first, and their digest among the digests.
pub(super) const TRAIL: &str = "trail";

/// The member of the file with what was saved over the last accepted surface without a decision.
pub(super) const UNREVIEWED: &str = "unreviewed";

/// The rule that tells that an acceptance has run out, at `/trail/HASH` of the server, with the beginning of the hash of its
/// entry. Whoever accepts that finding accepts for another time what the entry did.
pub(super) const RUN_OUT: &str = "acceptance-expired";

/// The decisions of a baseline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trail {
    /// Oldest first. After a merge both sides stand here in the order of time, and a `merged` entry joins them.
    pub entries: Vec<Entry>,
    /// How the present surface came from that of the last entry, or from the one that was saved first where there is no
    /// entry, where it was saved over that without a decision.
    pub unreviewed: Vec<Changed>,
}

/// Who decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// A name, with an address where there is one.
    pub name: String,
    /// Where the name came from: `--accepted-by`, `git`, `GITHUB_ACTOR`, `GITLAB_USER_LOGIN`.
    pub source: String,
}

/// A decision to record.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// What was done.
    pub action: Action,
    /// When, in UTC to the second: `2026-11-21T15:10:00Z`.
    pub at: String,
    /// By whom.
    pub who: Who,
    /// Why.
    pub reason: String,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// The day after which it is due for review: `2027-03-01`.
    pub expires: Option<String>,
    /// The worst severity among the findings; nothing where there are none.
    pub verdict: Option<Severity>,
    /// What was accepted.
    pub findings: Vec<Recorded>,
    /// The expected surface before.
    pub before: &'a Surface,
    /// The expected surface from now on.
    pub after: &'a Surface,
    /// The hashes of the last entries of the sides that were joined, ours first; of a merge alone.
    pub joins: Vec<String>,
}

impl Trail {
    /// Reads the `trail` member of a file. Whether the chain holds is the business of `verify`.
    ///
    /// # Errors
    /// A value of another shape than this program writes, with its place in the file. Members of a later version are
    /// kept, and are under the hash of their entry.
    pub fn parse(json: &Json) -> Result<Self, BaselineError> {
        let form = Form::new(json, Pointer::root().join(TRAIL));
        let entries = form.elements()?.into_iter();
        let entries = entries.map(|entry| Entry::read(&entry));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
            unreviewed: Vec::new(),
        })
    }

    /// Reads both members of a file that make a trail.
    pub(super) fn of_members(
        trail: Option<&Json>,
        unreviewed: Option<&Json>,
    ) -> Result<Self, BaselineError> {
        let mut read = trail.map(Self::parse).transpose()?.unwrap_or_default();
        if let Some(json) = unreviewed {
            read.unreviewed =
                Changed::read_all(&Form::new(json, Pointer::root().join(UNREVIEWED)))?;
        }
        Ok(read)
    }

    /// The `trail` member of a file; every entry as it was read, so that its hash stays what it is.
    pub fn to_json(&self) -> Json {
        Json::Array(self.entries.iter().map(Entry::to_json).collect())
    }

    /// The `unreviewed` member of a file, where there is one.
    pub(super) fn unreviewed_json(&self) -> Option<Json> {
        (!self.unreviewed.is_empty()).then(|| Changed::write_all(&self.unreviewed))
    }

    /// The digest over all entries, as it stands among the digests of the file; nothing where there is no entry.
    pub(super) fn digest(&self) -> Option<String> {
        (!self.entries.is_empty()).then(|| canon::digest(&self.to_json()))
    }

    /// Whether nobody has decided anything.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The last decision.
    pub fn last(&self) -> Option<&Entry> {
        self.entries.last()
    }

    /// Records a decision: its changed items, its digests, the hash of the entry before it, and its own.
    ///
    /// What was saved without a decision since the last entry goes into the new one, so that every state can still be
    /// rebuilt. A merge follows the first of what it joins.
    pub fn append(&mut self, decision: Decision<'_>) -> &Entry {
        let previous = match decision.action {
            Action::Merged => decision.joins.first().cloned(),
            Action::Accepted | Action::Restored => self.last().map(|last| last.hash.clone()),
        };
        let unreviewed = std::mem::take(&mut self.unreviewed);
        let entry = Entry::new(decision, previous, unreviewed);
        self.entries.push(entry);
        self.entries.last().expect("an entry was just added")
    }

    /// Whether the acceptance of an index has run out before this day (UTC, `2027-03-01`) and still stands: no later
    /// decision has changed the same items, brought back the present state, or accepted that it has run out.
    pub fn is_due(&self, index: usize, today: &str) -> bool {
        let Some(entry) = self.entries.get(index) else {
            return false;
        };
        let later = &self.entries[index + 1..];
        let later = || later.iter().flat_map(|later| &later.changed);
        let decided_anew = |at: &&str| later().any(|later| later.at == *at);
        // Somebody looked at all of it again and left it as it is.
        let confirmed =
            |later: &Entry| later.action == Action::Restored && later.changed.is_empty();
        let renewed = |later: &Entry| later.renewed().any(|hash| entry.short_hash() == hash);
        if (self.entries[index + 1..].iter()).any(|later| confirmed(later) || renewed(later)) {
            return false;
        }
        let is_over = entry
            .expires
            .as_ref()
            .is_some_and(|day| day.as_str() < today);
        let places = self.places(index);
        is_over && (places.is_empty() || !places.iter().all(decided_anew))
    }

    /// The places that an entry changed, and those of the acceptances that it accepted for another time.
    fn places(&self, index: usize) -> BTreeSet<&str> {
        let mut places = BTreeSet::new();
        let mut wanted = BTreeSet::from([self.entries[index].short_hash()]);
        for entry in self.entries[..=index].iter().rev() {
            if wanted.contains(&entry.short_hash()) {
                places.extend(entry.changed.iter().map(|changed| changed.at.as_str()));
                wanted.extend(entry.renewed().map(str::to_owned));
            }
        }
        places
    }

    /// The acceptances that are due for review on this day: the beginning of the hash of each, and what it says.
    pub fn due(&self, today: &str) -> Vec<(String, Json)> {
        let indices = (0..self.entries.len()).filter(|index| self.is_due(*index, today));
        let told = |index: usize| {
            let entry = &self.entries[index];
            let places = self.places(index).into_iter().map(Json::string);
            let mut said = Object::new();
            said.push("expires", entry.expires.as_deref().unwrap_or_default());
            said.push("by", entry.by.as_str());
            said.push("reason", entry.reason.as_str());
            said.push("changed", Json::Array(places.collect()));
            (entry.short_hash(), said.into())
        };
        indices.map(told).collect()
    }

    /// What was saved without a decision since the last one, or over the baseline that was saved first; nothing where the
    /// present surface is the one that was accepted. It may be more than the file can tell.
    pub fn unreviewed_in(&self, present: &Surface) -> Option<&[Changed]> {
        let is_unreviewed = match self.last() {
            Some(last) => last.digest_after != present.digest(),
            None => !self.unreviewed.is_empty(),
        };
        is_unreviewed.then_some(&self.unreviewed)
    }

    /// Whether the surface that the entry of an index began with came without a decision.
    pub fn follows_unreviewed(&self, index: usize) -> bool {
        let entry = self.entries.get(index);
        entry.is_some_and(|entry| match self.followed(entry) {
            Some(followed) => followed.digest_after != entry.digest_before,
            None => !entry.unreviewed.is_empty(),
        })
    }

    /// The surface that was last accepted, or saved first where nobody has accepted anything, rebuilt from the present
    /// one; nothing where that cannot be.
    pub fn reviewed(&self, present: &Surface) -> Option<Surface> {
        let wanted = self.last().map(|last| &last.digest_after);
        if self.unreviewed.is_empty() && wanted.is_none_or(|wanted| present.digest() == *wanted) {
            return Some(present.clone());
        }
        let rebuilt = changed::backwards(present, &self.unreviewed).ok()?;
        wanted
            .is_none_or(|wanted| rebuilt.digest() == *wanted)
            .then_some(rebuilt)
    }

    /// This trail beside a surface that is saved over `old` without a decision.
    #[must_use]
    pub(super) fn beside(&self, old: &Surface, new: &Surface) -> Self {
        let reviewed = self.reviewed(old);
        let reviewed = reviewed.filter(|reviewed| reviewed.digest() != new.digest());
        Self {
            entries: self.entries.clone(),
            unreviewed: reviewed.map_or_else(Vec::new, |old| Changed::between(&old, new)),
        }
    }
}
