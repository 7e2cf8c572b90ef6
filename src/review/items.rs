//! What can be accepted on its own: things of a server, with all that was found about them.

use std::collections::{BTreeMap, BTreeSet};

use crate::baseline::selection::SUMMARIES;
use crate::report::{Finding, Report, Severity};

/// Things that can only be accepted together, with every finding about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// The server.
    pub target: String,
    /// The things: `tools/NAME`, `server`, …; none where a finding only sums up the others.
    pub things: BTreeSet<String>,
    /// The findings by their index in the report, worst first.
    pub findings: Vec<usize>,
}

impl Item {
    /// How bad the worst of it is.
    pub(super) fn severity(&self, report: &Report) -> Severity {
        let findings = self.findings.iter().map(|index| &report.findings[*index]);
        let worst = findings.map(|finding| finding.severity).max();
        worst.unwrap_or(Severity::Info)
    }
}

/// The items of a report in the order of their worst findings.
///
/// A finding about several things (a rename, an edit that is the same on many tools) makes one item of them: half of it
/// cannot be accepted.
pub(super) fn of(report: &Report) -> Vec<Item> {
    let mut items: Vec<Option<Item>> = Vec::new();
    let mut owner = BTreeMap::<(String, String), usize>::new();
    for (index, finding) in report.findings.iter().enumerate() {
        let mut item = Item {
            target: finding.target.clone(),
            things: things(finding),
            findings: vec![index],
        };
        let joined: BTreeSet<usize> = item
            .things
            .iter()
            .filter_map(|thing| owner.get(&(item.target.clone(), thing.clone())).copied())
            .collect();
        let place = joined.first().copied().unwrap_or(items.len());
        for other in joined {
            if let Some(other) = items[other].take() {
                item.things.extend(other.things);
                item.findings.extend(other.findings);
            }
        }
        item.findings.sort_unstable();
        for thing in &item.things {
            owner.insert((item.target.clone(), thing.clone()), place);
        }
        if place == items.len() {
            items.push(None);
        }
        items[place] = Some(item);
    }
    let mut items: Vec<Item> = items.into_iter().flatten().collect();
    // The findings of a report stand worst first, so the first of an item is its worst. What only sums up the others
    // comes when they are decided.
    items.sort_by_key(|item| (item.things.is_empty(), item.findings.first().copied()));
    items
}

/// Every thing that a finding speaks of; none where it only sums up the others.
fn things(finding: &Finding) -> BTreeSet<String> {
    if SUMMARIES.contains(&finding.rule) {
        return BTreeSet::new();
    }
    let covers = finding.covers.iter().map(|place| &place.at);
    std::iter::once(&finding.place.at)
        .chain(&finding.new_at)
        .chain(covers)
        .cloned()
        .collect()
}
