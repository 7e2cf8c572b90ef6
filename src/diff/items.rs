//! The lists of a server: which items came, went, took another name, or stand twice.
//!
//! The order of a list means nothing. Items are told apart by name or URI; what is inside them is for `members`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::change::{Alike, Change, What, inside, whole};
use super::ledger::{Ledger, Pair};
use super::members;
use super::renames::{renames, without_key};
use super::template;
use crate::canon;
use crate::json::Json;
use crate::report::Place;
use crate::surface::List;

/// Compares one list that both sides were asked for.
pub(super) fn compare(ledger: &mut Ledger, list: List, old: &[Json], new: &[Json]) {
    if old == new {
        return;
    }
    nameless(ledger, list, old, new);
    let (old, new) = (Keyed::of(list, old), Keyed::of(list, new));
    if list == List::Tools && !old.items.is_empty() && new.items.is_empty() {
        all_gone(ledger, &old);
        return;
    }
    let mut gone = Vec::new();
    let mut came = Vec::new();
    let (mut before, mut now) = (old.groups().peekable(), new.groups().peekable());
    loop {
        let order = match (before.peek(), now.peek()) {
            (Some((old, _)), Some((new, _))) => old.cmp(new),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        match order {
            Ordering::Less => gone.extend(before.next()),
            Ordering::Greater => came.extend(now.next()),
            Ordering::Equal => {
                if let (Some((key, old)), Some((_, new))) = (before.next(), now.next()) {
                    namesakes(ledger, list, key, old, new);
                }
            }
        }
    }
    let renames = renames(list, &gone, &came);
    let old_items: BTreeMap<_, _> = gone.iter().map(|(key, items)| (*key, items[0])).collect();
    let old_keys: BTreeMap<_, _> = renames
        .iter()
        .map(|(old, (new, alike))| (*new, (*old, *alike)))
        .collect();
    for (key, items) in gone.iter().filter(|(key, _)| !renames.contains_key(key)) {
        for item in *items {
            let what = What::ItemRemoved {
                list,
                deprecated: deprecated(item),
            };
            ledger.change(Change::new(what, whole(list.place(key)), Some(item), None));
        }
    }
    for (key, items) in &came {
        if let Some((old_key, alike)) = old_keys.get(key) {
            renamed(
                ledger,
                list,
                (old_key, old_items[old_key]),
                (key, items[0]),
                *alike,
            );
        } else {
            let first = Some(items[0]);
            ledger.change(Change::new(
                What::ItemAdded(list),
                whole(list.place(key)),
                None,
                first,
            ));
            doubled(ledger, list, key, &items[1..]);
        }
        if list == List::Tools && !is_tool_name(key) {
            let place = inside(&whole(list.place(key)), list.key());
            ledger.change(Change::new(
                What::ToolNameInvalid,
                place,
                None,
                Some(&Json::from(*key)),
            ));
        }
    }
}

/// Reports an item under another key, and what else is different about it where that is not all.
fn renamed(
    ledger: &mut Ledger,
    list: List,
    old: (&str, &Json),
    new: (&str, &Json),
    alike: Option<Alike>,
) {
    let (place, new_at) = (whole(list.place(old.0)), list.place(new.0));
    let what = if list == List::ResourceTemplates && template::covers(old.0, new.0) {
        let wider = !template::covers(new.0, old.0);
        What::TemplateReach { wider }
    } else {
        What::ItemRenamed { list, alike }
    };
    let mut change = Change::new(what, place.clone(), Some(old.1), Some(new.1));
    change.new_at = Some(new_at.clone());
    ledger.change(change.covering(whole(new_at.clone())));
    if let (Some(_), Json::Object(before), Json::Object(now)) = (alike, old.1, new.1) {
        let mark = ledger.mark();
        let (before, now) = (without_key(list, before), without_key(list, now));
        ledger.members(&place, &before, &now, |ledger, members| {
            members::compare(ledger, list, new.1, members);
        });
        ledger.sweep(&place, &before.into(), &now.into(), &mark);
        for change in &mut ledger.changes[mark.changes..] {
            change.new_at = Some(new_at.clone());
        }
    }
}

/// The key of an item; nothing for one that has none, which no client can call.
pub(super) fn key(list: List, item: &Json) -> Option<&str> {
    item.get_str(list.key())
}

/// The items of one side that have a key, sorted by it; those of one key in the order they were sent.
struct Keyed<'a> {
    keys: Vec<&'a str>,
    items: Vec<&'a Json>,
}

impl<'a> Keyed<'a> {
    fn of(list: List, items: &'a [Json]) -> Self {
        let keyed = |item| key(list, item).map(|key| (key, item));
        let mut keyed: Vec<_> = items.iter().filter_map(keyed).collect();
        keyed.sort_by_key(|(key, _)| *key);
        let (keys, items) = keyed.into_iter().unzip();
        Self { keys, items }
    }

    /// Each key with its items.
    fn groups(&self) -> impl Iterator<Item = (&'a str, &[&'a Json])> {
        let mut begin = 0;
        self.keys.chunk_by(|a, b| a == b).map(move |keys| {
            let items = &self.items[begin..begin + keys.len()];
            begin += keys.len();
            (keys[0], items)
        })
    }
}

fn all_gone(ledger: &mut Ledger, old: &Keyed<'_>) {
    let everything = old.items.iter().map(|item| (*item).clone()).collect();
    let everything = Json::Array(everything);
    let place = whole(List::Tools.member());
    let mut change = Change::new(What::AllToolsRemoved, place, Some(&everything), None);
    change.covers = old
        .groups()
        .map(|(key, _)| whole(List::Tools.place(key)))
        .collect();
    ledger.change(change);
}

/// Compares the items of one name: equal ones belong together, the others by position.
fn namesakes(ledger: &mut Ledger, list: List, key: &str, old: &[&Json], new: &[&Json]) {
    let (old, new) = without_equal(old, new);
    let place = whole(list.place(key));
    for (before, now) in old.iter().zip(&new) {
        item(ledger, list, &place, before, now);
    }
    let paired = old.len().min(new.len());
    doubled(ledger, list, key, &new[paired..]);
    for before in &old[paired..] {
        let pair = Pair {
            place: place.clone(),
            old: Some(before),
            new: None,
        };
        ledger.unrecognised(&pair);
    }
}

/// Reports items that took a name that stands already.
fn doubled(ledger: &mut Ledger, list: List, key: &str, items: &[&Json]) {
    for item in items {
        let pair = Pair {
            place: whole(list.place(key)),
            old: None,
            new: Some(item),
        };
        if list == List::Tools {
            ledger.pair(&pair, What::ToolNameDuplicated);
        } else {
            ledger.unrecognised(&pair);
        }
    }
}

fn item(ledger: &mut Ledger, list: List, place: &Place, old: &Json, new: &Json) {
    let mark = ledger.mark();
    if let (Json::Object(before), Json::Object(now)) = (old, new) {
        ledger.members(place, before, now, |ledger, members| {
            members::compare(ledger, list, new, members);
        });
    }
    ledger.sweep(place, old, new, &mark);
}

/// Compares items that no name tells apart: equal ones belong together, the others by position.
fn nameless(ledger: &mut Ledger, list: List, old: &[Json], new: &[Json]) {
    let (old, new) = (keyless(list, old), keyless(list, new));
    let (before, now) = without_equal(&values(&old), &values(&new));
    let index = |items: &[(usize, &Json)], wanted: &Json| {
        items
            .iter()
            .find(|(_, item)| std::ptr::eq(*item, wanted))
            .map_or(0, |(index, _)| *index)
    };
    for position in 0..before.len().max(now.len()) {
        let (a, b) = (before.get(position).copied(), now.get(position).copied());
        let index = a.map_or_else(|| b.map_or(0, |b| index(&new, b)), |a| index(&old, a));
        let pair = Pair {
            place: inside(&whole(list.member()), index),
            old: a,
            new: b,
        };
        ledger.unrecognised(&pair);
    }
}

/// The items without a key, each with its index.
fn keyless(list: List, items: &[Json]) -> Vec<(usize, &Json)> {
    let all = items.iter().enumerate();
    all.filter(|(_, item)| key(list, item).is_none()).collect()
}

fn values<'a>(items: &[(usize, &'a Json)]) -> Vec<&'a Json> {
    items.iter().map(|(_, item)| *item).collect()
}

/// What is left of both sides after equal items are taken out in pairs.
pub(super) fn without_equal<'a>(
    old: &[&'a Json],
    new: &[&'a Json],
) -> (Vec<&'a Json>, Vec<&'a Json>) {
    if let ([a], [b]) = (old, new)
        && a == b
    {
        return (Vec::new(), Vec::new());
    }
    if old.len().min(new.len()) > MANY {
        return without_equal_of_many(old, new);
    }
    let mut left = new.to_vec();
    let old = old
        .iter()
        .filter(|item| {
            let found = left.iter().position(|other| other == *item);
            found.map(|index| left.remove(index)).is_none()
        })
        .copied()
        .collect();
    (old, left)
}

/// From how many items on a digest of each is cheaper than comparing each with each.
const MANY: usize = 16;

/// As [`without_equal`], by digest: a server that gives thousands of tools one name costs no square.
fn without_equal_of_many<'a>(old: &[&'a Json], new: &[&'a Json]) -> (Vec<&'a Json>, Vec<&'a Json>) {
    let digests =
        |items: &[&Json]| -> Vec<String> { items.iter().map(|item| canon::digest(item)).collect() };
    let (before, now) = (digests(old), digests(new));
    let unpaired = |items: &[&'a Json], own: &[String], other: &[String]| {
        let mut counts = BTreeMap::<&str, usize>::new();
        for digest in other {
            *counts.entry(digest).or_default() += 1;
        }
        let mut left = Vec::new();
        for (item, digest) in items.iter().zip(own) {
            match counts.get_mut(digest.as_str()) {
                Some(count) if *count > 0 => *count -= 1,
                _ => left.push(*item),
            }
        }
        left
    };
    (unpaired(old, &before, &now), unpaired(new, &now, &before))
}

/// Words by which an item speaks of its own end, wherever in the text they stand.
const ANNOUNCED: [&str; 6] = [
    "this tool is deprecated",
    "this tool is now deprecated",
    "this tool has been deprecated",
    "this prompt is deprecated",
    "this resource is deprecated",
    "this resource template is deprecated",
];

/// Whether an item announces its own end.
fn deprecated(item: &Json) -> bool {
    let flagged = |value: Option<&Json>| {
        value
            .and_then(|v| v.get("deprecated"))
            .and_then(Json::as_bool)
            == Some(true)
    };
    let said = |name| {
        item.get_str(name).is_some_and(|text| {
            let text = text
                .trim_start_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase();
            text.starts_with("deprecated") || ANNOUNCED.iter().any(|words| text.contains(words))
        })
    };
    flagged(Some(item))
        || flagged(item.get("annotations"))
        || flagged(item.get("_meta"))
        || said("description")
        || said("title")
        || item.get_str("title").is_some_and(|title| {
            let title = title.trim_end().to_lowercase();
            title.ends_with("(deprecated)") || title.ends_with("[deprecated]")
        })
}

/// The names that the protocol allows (2025-11-25, "Tool Names").
fn is_tool_name(name: &str) -> bool {
    (1..=128).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}
