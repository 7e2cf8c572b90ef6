//! How well a surface is documented, then and now.
//!
//! Nearly every release moves the score a little, so only a grade that changes is told. Of the issues those are told
//! whose kind is new in a thing, or gone from it: one more undescribed parameter among many is no news, and what another
//! fact says already is none either.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Hint, What, inside, whole};
use super::ledger::Ledger;
use super::text_fact::Edit;
use crate::documentation::{Issue, Score, score};
use crate::json::{Json, Object};
use crate::surface::{List, Listing, Surface};

/// What an issue has to weigh to be told by itself. That an example or a title is missing is for the score to say.
const WORTH_A_WORD: u64 = 8;

/// What became of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Documented {
    /// The grade fell.
    Worse,
    /// The grade rose.
    Better,
    /// A thing has issues of a kind that it did not have.
    IssuesAdded,
    /// A thing has no issues any more of a kind that it had.
    IssuesFixed,
}

/// Compares the documentation of two surfaces that differ in something. A list that one side did not read, or a revision
/// that has fewer things to document, leaves nothing to compare.
pub(super) fn compare(ledger: &mut Ledger, old: &Surface, new: &Surface) {
    let read = |surface: &Surface, list| matches!(surface.listing(list), Listing::Read(_));
    let alike = List::ALL
        .into_iter()
        .all(|list| read(old, list) == read(new, list));
    if ledger.changes.is_empty() || !alike || old.protocol_version != new.protocol_version {
        return;
    }
    let (before, now) = (score(old), score(new));
    let mut changes = Vec::new();
    for (what, from, to, there) in [
        (Documented::IssuesAdded, &before, &now, old),
        (Documented::IssuesFixed, &now, &before, new),
    ] {
        for (at, issues) in fresh(from, to, there) {
            changes.extend(told(ledger, what, at, issues));
        }
    }
    // A thing that came or went must not hide what became of the others.
    let (old, new) = (shared(old, new), shared(new, old));
    let (lasting, changed) = (score(&old), score(&new));
    let scores = [(&before, &now), (&lasting, &changed)];
    // Later in the alphabet is worse.
    let worse = scores.iter().find(|(before, now)| now.grade > before.grade);
    let moved = match worse {
        Some(scores) => Some((Documented::Worse, *scores)),
        None => (now.grade < before.grade).then_some((Documented::Better, (&before, &now))),
    };
    if let Some((what, (before, now))) = moved {
        let place = inside(&whole("server"), "documentation");
        let (before, now) = (value(before), value(now));
        let what = What::Documentation(what);
        changes.push(Change::new(what, place, Some(&before), Some(&now)));
    }
    changes.into_iter().for_each(|change| ledger.change(change));
}

/// The items of a surface that the other one has, too.
fn shared(surface: &Surface, other: &Surface) -> Surface {
    let mut shared = Surface::default();
    shared
        .protocol_version
        .clone_from(&surface.protocol_version);
    for list in List::ALL {
        let key = |item: &Json| item.get_str(list.key()).map(str::to_owned);
        let names: BTreeSet<_> = other.items(list).iter().filter_map(key).collect();
        let items = surface.items(list).iter();
        let items = items.filter(|item| key(item).is_some_and(|name| names.contains(&name)));
        shared.set_listing(list, Listing::Read(items.cloned().collect()));
    }
    shared
}

/// The issues by thing that `to` has and `from` has none of the kind of. Things that came or went explain themselves.
fn fresh<'a>(from: &Score, to: &'a Score, there: &Surface) -> BTreeMap<&'a str, Vec<&'a Issue>> {
    let kinds: BTreeSet<_> = from
        .issues
        .iter()
        .map(|issue| (issue.place.at.as_str(), issue.id))
        .collect();
    let things: BTreeSet<_> = List::ALL
        .into_iter()
        .flat_map(|list| {
            let key = move |item: &Json| item.get_str(list.key()).map(str::to_owned);
            let names = there.items(list).iter().filter_map(key);
            names.map(move |name| format!("{}/{name}", list.member()))
        })
        .collect();
    let mut fresh = BTreeMap::<_, Vec<_>>::new();
    for issue in &to.issues {
        let at = issue.place.at.as_str();
        let weighs = issue.kind().weight >= WORTH_A_WORD;
        if weighs && things.contains(at) && !kinds.contains(&(at, issue.id)) {
            fresh.entry(at).or_default().push(issue);
        }
    }
    fresh
}

/// One change for the issues of a thing that no other change tells.
fn told(ledger: &Ledger, what: Documented, at: &str, issues: Vec<&Issue>) -> Option<Change> {
    let mut issues = issues.into_iter().filter(|issue| !is_told(ledger, issue));
    let first = issues.next()?;
    let mut listed = vec![name(first)];
    let added = what == Documented::IssuesAdded;
    let mut change = Change::new(What::Documentation(what), first.place.clone(), None, None);
    debug_assert_eq!(change.place.at, at, "issues are told by thing");
    for issue in issues {
        listed.push(name(issue));
        change = change.covering(issue.place.clone());
    }
    let listed = Some(Json::Array(listed));
    (change.old, change.new) = if added {
        (None, listed)
    } else {
        (listed, None)
    };
    Some(change)
}

/// Whether a change says as much: a description, a title or a schema that came or went.
fn is_told(ledger: &Ledger, issue: &Issue) -> bool {
    ledger.changes.iter().any(|change| {
        let says = matches!(
            change.what,
            What::Text {
                edit: Edit::Added | Edit::Removed,
                ..
            } | What::Title(_)
                | What::OutputSchemaAdded
                | What::OutputSchemaRemoved
                | What::Hint(Hint::Flipped | Hint::TrustClaimed { .. } | Hint::SpelledOut)
                | What::ResourceMimeType(_)
        );
        let place = &change.place;
        let (issue, told) = (&issue.place, place.pointer.as_str());
        let of = issue.pointer.as_str();
        let inside = told.strip_prefix(of).or_else(|| of.strip_prefix(told));
        says && place.at == issue.at
            && inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// An issue as its kind and, where it is about a part, the name of that.
fn name(issue: &Issue) -> Json {
    let title = issue.kind().title;
    Json::string(if issue.name.is_empty() {
        title.to_owned()
    } else {
        format!("{}: {title}", issue.name)
    })
}

fn value(score: &Score) -> Json {
    let mut value = Object::new();
    value.push("score", u64::from(score.value));
    value.push("grade", score.grade.name());
    value.into()
}
