//! What comes of a review.

use std::collections::BTreeSet;

use super::items::Item;

/// What a reviewer decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// What is accepted: one for each server and reason, in the order of the review.
    pub accepted: Vec<Accepted>,
    /// What is ignored, in the order of the review.
    pub ignored: Vec<Ignored>,
}

/// Things of one server that are accepted for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The server.
    pub target: String,
    /// The things: `tools/NAME`, `server`, ….
    pub things: BTreeSet<String>,
    /// The findings by their index in the report.
    pub findings: Vec<usize>,
    /// Why.
    pub reason: String,
}

/// A finding that is ignored from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The finding by its index in the report.
    pub finding: usize,
    /// Why.
    pub reason: String,
    /// The last day on which that counts, `YYYY-MM-DD`.
    pub until: Option<String>,
}

impl Decisions {
    pub(super) fn accept(&mut self, item: &Item, reason: &str) {
        let same = |one: &&mut Accepted| one.target == item.target && one.reason == reason;
        if let Some(one) = self.accepted.iter_mut().find(same) {
            one.things.extend(item.things.iter().cloned());
            one.findings.extend(&item.findings);
        } else {
            self.accepted.push(Accepted {
                target: item.target.clone(),
                things: item.things.clone(),
                findings: item.findings.clone(),
                reason: reason.to_owned(),
            });
        }
    }
}
