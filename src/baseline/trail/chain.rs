//! Whether the chain of a trail is whole: every entry as it was written, each behind the one it follows.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Trail};
use crate::json::Pointer;
use crate::surface::Surface;

/// Something that is wrong with a trail, or worth a warning: its place inside the file, and what it is.
pub(in crate::baseline) struct Remark {
    pub(in crate::baseline) at: Pointer,
    pub(in crate::baseline) what: String,
}

/// What is to be said of a trail.
#[derive(Default)]
pub(in crate::baseline) struct Remarks {
    /// What cannot be unless somebody changed the file by hand.
    pub(in crate::baseline) damage: Vec<Remark>,
    /// Where a surface came without a decision.
    pub(in crate::baseline) unreviewed: Vec<Remark>,
}

impl Trail {
    /// The damage that can be told from the entries alone, each with its place in the file.
    pub(in crate::baseline) fn chain(&self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let mut say = |index: usize, member: &str, what: String| {
            let at = self.place(index).join(member);
            remarks.push(Remark { at, what });
        };
        let places: BTreeMap<&str, usize> = (self.entries.iter().enumerate())
            .map(|(index, entry)| (entry.hash.as_str(), index))
            .collect();
        let mut seen = BTreeSet::new();
        // The entries that no other follows yet. A merge joins several to one.
        let mut ends = BTreeSet::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let number = index + 1;
            if entry.computed_hash() != entry.hash {
                say(
                    index,
                    "entry",
                    format!("entry {number} was edited: its hash is not that of its members"),
                );
            }
            if !seen.insert(entry.hash.as_str()) {
                say(index, "entry", format!("entry {number} stands twice"));
            }
            let followed = entry.previous.iter().chain(&entry.joins);
            for previous in followed {
                match places.get(previous.as_str()) {
                    None => say(
                        index,
                        "previous",
                        format!(
                            "the entry that entry {number} follows is not there: one was removed, or edited with its hash"
                        ),
                    ),
                    Some(place) if *place >= index => say(
                        index,
                        "previous",
                        format!(
                            "entry {number} stands before entry {}, which it follows: the order was changed",
                            place + 1
                        ),
                    ),
                    Some(_) => {}
                }
                ends.remove(previous.as_str());
            }
            let is_merge = entry.action == Action::Merged;
            if is_merge == entry.joins.is_empty()
                || (is_merge && entry.joins.first() != entry.previous.as_ref())
            {
                say(
                    index,
                    "action",
                    format!("entry {number} does not say rightly what it joins"),
                );
            }
            ends.insert(entry.hash.as_str());
        }
        if ends.len() > 1
            && let Some(last) = self.entries.len().checked_sub(1)
        {
            say(
                last,
                "previous",
                format!(
                    "the trail has {} ends, and no merge joins them: an entry was removed, inserted or moved",
                    ends.len()
                ),
            );
        }
        remarks
    }

    /// Whether the trail ends at the present surface and leads from each state to the next.
    pub(in crate::baseline) fn ways(&self, present: &Surface) -> Remarks {
        let mut remarks = Remarks::default();
        let states = self.states(present);
        for (index, why) in &states.broken {
            remarks.damage.push(Remark {
                at: self.place(*index).join("changed"),
                what: format!("entry {} does not hold: {why}", index + 1),
            });
        }
        let unaccepted = self.unreviewed_in(present);
        let at = Pointer::root().join(super::UNREVIEWED);
        match &states.broken_unreviewed {
            Some(why) => remarks.damage.push(Remark {
                at: at.clone(),
                what: format!("what is said to be saved without a decision does not hold: {why}"),
            }),
            None if unaccepted.is_none() && !self.unreviewed.is_empty() => {
                remarks.damage.push(Remark {
                    at: at.clone(),
                    what: "it names changes without a decision, and the surface is that of the last decision".to_owned(),
                });
            }
            None => {}
        }
        if let Some(changed) = unaccepted {
            let at = match self.entries.len().checked_sub(1) {
                Some(last) if changed.is_empty() => self.place(last).join("digestAfter"),
                _ => at,
            };
            let when = if self.is_empty() {
                "since it was first saved"
            } else {
                "since the last decision"
            };
            let what = unreviewed(changed, when);
            remarks.unreviewed.push(Remark { at, what });
        }
        let open = self.open(present);
        for (index, entry) in self.entries.iter().enumerate() {
            if open.contains(&index) {
                let named = if entry.unreviewed.is_empty() {
                    "digestBefore"
                } else {
                    "unreviewed"
                };
                remarks.unreviewed.push(Remark {
                    at: self.place(index).join(named),
                    what: unreviewed(&entry.unreviewed, &format!("before entry {}", index + 1)),
                });
            } else if !self.follows_unreviewed(index) && !entry.unreviewed.is_empty() {
                remarks.damage.push(Remark {
                    at: self.place(index).join("unreviewed"),
                    what: format!(
                        "entry {} names changes without a decision, and there were none",
                        index + 1
                    ),
                });
            }
        }
        remarks
    }

    fn place(&self, index: usize) -> Pointer {
        Pointer::root().join(super::TRAIL).join(index)
    }
}

fn unreviewed(changed: &[super::Changed], when: &str) -> String {
    let named: Vec<_> = changed
        .iter()
        .take(3)
        .map(|changed| format!("`{}`", changed.at))
        .collect();
    let more = match changed.len().saturating_sub(named.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = if named.is_empty() {
        "the surface, in a way that the file does not tell".to_owned()
    } else {
        format!("{}{more}", named.join(", "))
    };
    format!("unreviewed change {when}: {what}")
}
