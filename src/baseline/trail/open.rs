//! Whether what came without a decision still stands unread.
//!
//! Nobody has read it until it was undone: then `check` shows it as drift, and accepting it is a decision about it.

use std::collections::BTreeSet;

use super::{Action, Changed, Entry, Trail};
use crate::baseline::spelling::same_as_written;
use crate::surface::Surface;

impl Trail {
    /// The indices of the entries before which something came without a decision that nobody has read since.
    ///
    /// It is read once a later entry, or the entry itself, has brought back a state from before it, or has set back
    /// every place that it touched: what of it came afterwards was accepted. It is open again where a state is brought
    /// back that stood while it was.
    pub(in crate::baseline) fn open(&self, present: &Surface) -> Vec<usize> {
        let suspects = (0..self.entries.len()).filter(|index| self.follows_unreviewed(*index));
        let suspects: Vec<_> = suspects.collect();
        if suspects.is_empty() {
            return suspects;
        }
        let first = self.first(present).map(|first| first.digest());
        let is_open = |index: &usize| self.is_open(*index, first.as_deref());
        suspects.into_iter().filter(is_open).collect()
    }

    /// The number of the entry whose state was there before anything that nobody has read, 0 for what was saved first;
    /// nothing where all was read.
    pub(in crate::baseline) fn way_back(&self, present: &Surface) -> Option<usize> {
        match self.open(present).first() {
            Some(open) => {
                let followed = self.followed(&self.entries[*open]);
                let is_followed = |entry: &Entry| followed.is_some_and(|it| it.hash == entry.hash);
                let found = self.entries.iter().position(is_followed);
                Some(found.map_or(0, |index| index + 1))
            }
            None => self.unreviewed_in(present).map(|_| self.entries.len()),
        }
    }

    fn is_open(&self, index: usize, first: Option<&str>) -> bool {
        let from = &self.entries[index];
        let (earlier, later) = self.entries.split_at(index);
        let is_earlier = |state: &str| {
            let known = earlier.iter().map(|entry| entry.digest_after.as_str());
            state != from.digest_before && known.chain(first).any(|known| known == state)
        };
        let mut following = BTreeSet::new();
        // The states that stood while it was open.
        let mut unread = BTreeSet::from([from.digest_before.as_str()]);
        let mut left: Vec<&Changed> = from.unreviewed.iter().collect();
        let mut is_open = true;
        for entry in later {
            let state = entry.digest_after.as_str();
            // What stands on another branch undoes nothing.
            let mut followed = entry.previous.iter().chain(&entry.joins);
            if entry.hash != from.hash && !followed.any(|hash| following.contains(hash.as_str())) {
                continue;
            }
            following.insert(entry.hash.as_str());
            if !is_open {
                if entry.action == Action::Restored && unread.contains(state) {
                    is_open = true;
                    left = from.unreviewed.iter().collect();
                } else if entry.action == Action::Accepted {
                    unread.remove(state);
                }
                continue;
            }
            left.retain(|unreviewed| !sets_back(entry, unreviewed));
            let is_undone = !from.unreviewed.is_empty() && left.is_empty();
            is_open = !is_undone && !is_earlier(state);
            if is_open {
                unread.insert(state);
            }
        }
        is_open
    }
}

/// Whether an entry made a place what it was before a change.
fn sets_back(entry: &Entry, unreviewed: &Changed) -> bool {
    let is_it = |changed: &&Changed| changed.at == unreviewed.at;
    let changed = entry.changed.iter().find(is_it);
    changed.is_some_and(|changed| match (&changed.after, &unreviewed.before) {
        (Some(after), Some(before)) => same_as_written(after, before),
        (after, before) => after.is_none() && before.is_none(),
    })
}
