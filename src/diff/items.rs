//! The lists of a server: which items came, went, took another name, or stand twice.
//!
//! The order of a list means nothing. Items are told apart by name or URI; what is inside them is for `members`.

use std::collections::BTreeMap;

use super::change::{Change, What, inside, whole};
use super::ledger::{Ledger, Pair};
use super::members;
use crate::canon;
use crate::json::{Json, Object};
use crate::report::Place;
use crate::surface::List;

/// Compares one list that both sides were asked for.
pub(super) fn compare(ledger: &mut Ledger, list: List, old: &[Json], new: &[Json]) {
    if old == new {
        return;
    }
    nameless(ledger, list, old, new);
    let (old, new) = (by_key(list, old), by_key(list, new));
    if list == List::Tools && !old.is_empty() && new.is_empty() {
        all_gone(ledger, &old);
        return;
    }
    let mut gone = Vec::new();
    let mut came = Vec::new();
    for (key, before) in &old {
        match new.get(key) {
            Some(now) => namesakes(ledger, list, key, before, now),
            None => gone.push((*key, before.as_slice())),
        }
    }
    // Where OLD has met every key of NEW already, none came.
    if old.len() - gone.len() < new.len() {
        for (key, now) in &new {
            if !old.contains_key(key) {
                came.push((*key, now.as_slice()));
            }
        }
    }
    let renames = renames(list, &gone, &came);
    for (key, items) in gone.iter().filter(|(key, _)| !renames.contains_key(key)) {
        for item in *items {
            let what = What::ItemRemoved {
                list,
                deprecated: deprecated(item),
            };
            ledger.change(Change::new(what, whole(at(list, key)), Some(item), None));
        }
    }
    for (key, items) in &came {
        let old_key = renames
            .iter()
            .find(|(_, new)| *new == key)
            .map(|(old, _)| *old);
        if let Some(old_key) = old_key {
            let mut change = Change::new(
                What::ItemRenamed(list),
                whole(at(list, old_key)),
                Some(old[old_key][0]),
                Some(items[0]),
            );
            change.new_at = Some(at(list, key));
            ledger.change(change.covering(whole(at(list, key))));
        } else {
            let first = Some(items[0]);
            ledger.change(Change::new(
                What::ItemAdded(list),
                whole(at(list, key)),
                None,
                first,
            ));
            doubled(ledger, list, key, &items[1..]);
        }
        if list == List::Tools && !is_tool_name(key) {
            let place = inside(&whole(at(list, key)), list.key());
            ledger.change(Change::new(
                What::ToolNameInvalid,
                place,
                None,
                Some(&Json::from(*key)),
            ));
        }
    }
}

/// The place of an item.
pub(super) fn at(list: List, key: &str) -> String {
    format!("{}/{key}", list.member())
}

/// The key of an item; nothing for one that has none, which no client can call.
pub(super) fn key(list: List, item: &Json) -> Option<&str> {
    item.get_str(list.key())
}

type Groups<'a> = BTreeMap<&'a str, Vec<&'a Json>>;

fn by_key(list: List, items: &[Json]) -> Groups<'_> {
    let keyed = |item| key(list, item).map(|key| (key, item));
    let mut keyed: Vec<_> = items.iter().filter_map(keyed).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed
        .chunk_by(|(a, _), (b, _)| a == b)
        .map(|group| (group[0].0, group.iter().map(|(_, item)| *item).collect()))
        .collect()
}

fn all_gone(ledger: &mut Ledger, old: &Groups<'_>) {
    let everything = old.values().flatten().map(|item| (*item).clone()).collect();
    let everything = Json::Array(everything);
    let place = whole(List::Tools.member());
    let mut change = Change::new(What::AllToolsRemoved, place, Some(&everything), None);
    change.covers = old.keys().map(|key| whole(at(List::Tools, key))).collect();
    ledger.change(change);
}

/// Compares the items of one name: equal ones belong together, the others by position.
fn namesakes(ledger: &mut Ledger, list: List, key: &str, old: &[&Json], new: &[&Json]) {
    let (old, new) = without_equal(old, new);
    let place = whole(at(list, key));
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
            place: whole(at(list, key)),
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

/// Items that are the same but for the key, old key to new; only where exactly one fits on each side.
fn renames<'a>(
    list: List,
    gone: &[(&'a str, &[&Json])],
    came: &[(&'a str, &[&Json])],
) -> BTreeMap<&'a str, &'a str> {
    let (before, now) = (definitions(list, gone), definitions(list, came));
    before
        .into_iter()
        .filter_map(
            |(digest, keys)| match (keys.as_slice(), now.get(&digest)?.as_slice()) {
                ([old], [new]) => Some((*old, *new)),
                _ => None,
            },
        )
        .collect()
}

/// Keys by the digest of the item without its key, of items that stand once and say enough to be recognised.
fn definitions<'a>(list: List, items: &[(&'a str, &[&Json])]) -> BTreeMap<String, Vec<&'a str>> {
    let mut digests = BTreeMap::<_, Vec<_>>::new();
    for (key, items) in items {
        let [Json::Object(item)] = items else {
            continue;
        };
        let tells = |name: &&str| {
            item.get(name)
                .and_then(Json::as_str)
                .is_some_and(|text| !text.trim().is_empty())
        };
        let telling: &[&str] = match list {
            List::Tools | List::Prompts => &["description"],
            List::Resources | List::ResourceTemplates => &["name", "description"],
        };
        if !telling.iter().any(tells) {
            continue;
        }
        let rest: Object = item
            .iter()
            .filter(|(name, _)| *name != list.key())
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        digests
            .entry(canon::digest(&rest.into()))
            .or_default()
            .push(*key);
    }
    digests
}

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
            text.starts_with("deprecated")
        })
    };
    flagged(Some(item))
        || flagged(item.get("annotations"))
        || flagged(item.get("_meta"))
        || said("description")
        || said("title")
}

/// The names that the protocol allows (2025-11-25, "Tool Names").
fn is_tool_name(name: &str) -> bool {
    (1..=128).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}
