//! How well a surface is documented, then and now.
//!
//! Nearly every release moves the score a little, so only a grade that changes is told. Of the issues those are told
//! whose kind is new in a thing, or gone from it: one more undescribed parameter among many is no news, and what another
//! fact says already is none either.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Hint, What, inside, whole};
use super::ledger::Ledger;
use super::text_fact::Edit;
use crate::documentation::{Issue, Score, issues_of, score, score_of};
use crate::json::{Json, Object};
use crate::surface::{List, Listing, Surface};

/// What an issue has to weigh to be told by itself. That an example or a title is missing is for the score to say.
const WORTH_A_WORD: u64 = 8;

/// How many things are looked at, of those that differ and of all for a grade. Scoring more of them would cost more than
/// all the rest of a comparison, and a grade of so many says nothing about any.
const MOST_SCORED: usize = 1_000;

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
///
/// What stands unchanged on both sides is not looked at, unless a grade may have moved.
pub(super) fn compare(ledger: &mut Ledger, old: &Surface, new: &Surface) {
    let read = |surface: &Surface, list| matches!(surface.listing(list), Listing::Read(_));
    let alike = List::ALL
        .into_iter()
        .all(|list| read(old, list) == read(new, list));
    if ledger.changes.is_empty() || !alike || old.protocol_version != new.protocol_version {
        return;
    }
    let touched = Touched::between(old, new);
    if touched.0.len() > MOST_SCORED {
        return;
    }
    let (before, now) = (touched.issues(old), touched.issues(new));
    let mut by_thing: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in &ledger.changes {
        let at = change.place.at.as_str();
        by_thing.entry(at).or_default().push(change);
    }
    let mut changes = Vec::new();
    for (what, from, to, there) in [
        (Documented::IssuesAdded, &before, &now, old),
        (Documented::IssuesFixed, &now, &before, new),
    ] {
        for (at, issues) in fresh(from, to, &touched.named(there)) {
            let known = by_thing.get(at).map_or(&[][..], Vec::as_slice);
            changes.extend(told(known, what, issues));
        }
    }
    if let Some((what, before, now)) = grade(&touched, (old, &before), (new, &now)) {
        let place = inside(&whole("server"), "documentation");
        let what = What::Documentation(what);
        changes.push(Change::new(
            what,
            place,
            Some(&value(&before)),
            Some(&value(&now)),
        ));
    }
    changes.into_iter().for_each(|change| ledger.change(change));
}

/// What became of the grade, with both scores; nothing where it stayed.
fn grade(
    touched: &Touched<'_>,
    (old, before): (&Surface, &[Issue]),
    (new, now): (&Surface, &[Issue]),
) -> Option<(Documented, Score, Score)> {
    let count = |surface: &Surface| -> usize {
        let lists = List::ALL.into_iter();
        lists.map(|list| surface.items(list).len()).sum()
    };
    if count(old).max(count(new)) > MOST_SCORED {
        return None;
    }
    let lost = |issues: &[Issue]| issues.iter().map(|issue| issue.points).sum::<u64>();
    let same_counts =
        (List::ALL.into_iter()).all(|list| old.items(list).len() == new.items(list).len());
    let may_move = !same_counts || lost(before) != lost(now);
    let whole = may_move.then(|| (score(old), score(new)));
    // A thing that came or went must not hide what became of the others.
    let (there, here) = (touched.named(old), touched.named(new));
    let lasting = (there != here).then(|| {
        let lasts = |list: List, item: &Json| {
            name_of(list, item).is_some_and(|name| {
                let at = (list, name);
                !touched.0.contains(&at) || there.contains(&at) && here.contains(&at)
            })
        };
        (score_of(old, lasts), score_of(new, lasts))
    });
    // Later in the alphabet is worse.
    let fell = |(before, now): &(Score, Score)| now.grade > before.grade;
    let rose = |(before, now): &(Score, Score)| now.grade < before.grade;
    let (what, (before, now)) = match (whole, lasting) {
        (Some(whole), _) if fell(&whole) => (Documented::Worse, whole),
        (_, Some(lasting)) if fell(&lasting) => (Documented::Worse, lasting),
        (Some(whole), _) if rose(&whole) => (Documented::Better, whole),
        _ => return None,
    };
    Some((what, before, now))
}

/// The items by list and name that are not the same on both sides. Of one name that several have, all are.
struct Touched<'a>(BTreeSet<(List, &'a str)>);

impl<'a> Touched<'a> {
    fn between(old: &'a Surface, new: &'a Surface) -> Self {
        let mut touched = BTreeSet::new();
        for list in List::ALL {
            let (olds, news) = (old.items(list), new.items(list));
            // Mostly, nothing moved.
            let both = olds.len().min(news.len());
            let moved = |index: &usize| *index >= both || olds[*index] != news[*index];
            let mut by_name: BTreeMap<&str, [Vec<&Json>; 2]> = BTreeMap::new();
            for (side, items) in [olds, news].into_iter().enumerate() {
                for index in (0..items.len()).filter(moved) {
                    let name = name_of(list, &items[index]).unwrap_or_default();
                    by_name.entry(name).or_default()[side].push(&items[index]);
                }
            }
            let differ = by_name.into_iter().filter(|(_, [old, new])| old != new);
            touched.extend(differ.map(|(name, _)| (list, name)));
        }
        Self(touched)
    }

    fn has(&self, list: List, item: &Json) -> bool {
        let name = name_of(list, item).unwrap_or_default();
        self.0.contains(&(list, name))
    }

    /// What those lack that this surface has of them.
    fn issues(&self, surface: &Surface) -> Vec<Issue> {
        issues_of(surface, |list, item| self.has(list, item))
    }

    /// The names of those that this surface has.
    fn named<'s>(&self, surface: &'s Surface) -> BTreeSet<(List, &'s str)> {
        let lists = List::ALL.into_iter();
        let all = lists.flat_map(|list| {
            let items = surface.items(list).iter();
            items.filter_map(move |item| Some((list, name_of(list, item)?)))
        });
        all.filter(|(list, name)| self.0.contains(&(*list, *name)))
            .collect()
    }
}

fn name_of(list: List, item: &Json) -> Option<&str> {
    item.get_str(list.key())
}

/// The issues by thing that `to` has and `from` has none of the kind of. Things that came or went explain themselves.
fn fresh<'a>(
    from: &[Issue],
    to: &'a [Issue],
    there: &BTreeSet<(List, &str)>,
) -> BTreeMap<&'a str, Vec<&'a Issue>> {
    let kinds: BTreeSet<_> = from
        .iter()
        .map(|issue| (issue.place.at.as_str(), issue.id))
        .collect();
    let things: BTreeSet<_> = there.iter().map(|(list, name)| list.place(name)).collect();
    let mut fresh = BTreeMap::<_, Vec<_>>::new();
    for issue in to {
        let at = issue.place.at.as_str();
        let weighs = issue.kind().weight >= WORTH_A_WORD;
        if weighs && things.contains(at) && !kinds.contains(&(at, issue.id)) {
            fresh.entry(at).or_default().push(issue);
        }
    }
    fresh
}

/// One change for the issues of a thing that no other change tells.
fn told(known: &[&Change], what: Documented, issues: Vec<&Issue>) -> Option<Change> {
    let mut issues = issues.into_iter().filter(|issue| !is_told(known, issue));
    let first = issues.next()?;
    let mut listed = vec![name(first)];
    let added = what == Documented::IssuesAdded;
    let mut change = Change::new(What::Documentation(what), first.place.clone(), None, None);
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

/// Whether a change of the same thing says as much: a description, a title or a schema that came or went.
fn is_told(known: &[&Change], issue: &Issue) -> bool {
    known.iter().any(|change| {
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
        says && inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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
