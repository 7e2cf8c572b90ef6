//! The arguments of a prompt, told apart by name; their order means nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Argument, Change, Titled, What, inside};
use super::ledger::{Ledger, Members, Pair};
use super::members::{prose, title};
use super::renamed_parts::{Part, renames};
use super::text_fact::TextOf;
use crate::json::Json;

/// Compares the `arguments` of one prompt.
pub(super) fn compare(ledger: &mut Ledger, pair: &Pair<'_>) {
    let (Some(old), Some(new)) = (named(pair.old), named(pair.new)) else {
        ledger.unrecognised(pair);
        return;
    };
    let gone: Vec<_> = old
        .iter()
        .filter(|(name, _)| !new.contains_key(*name))
        .collect();
    let came: Vec<_> = new
        .iter()
        .filter(|(name, _)| !old.contains_key(*name))
        .collect();
    let renames = renames(&parts(&gone), &parts(&came), |_, _| true);
    let renamed: BTreeSet<usize> = renames.values().map(|(to, _)| *to).collect();
    let before = ledger.mark();
    for (from, (name, (index, argument))) in gone.iter().enumerate() {
        let place = inside(&pair.place, index);
        let value = (*argument).clone();
        let Some((to, alike)) = renames.get(&from).copied() else {
            let what = What::Argument(Argument::Removed);
            ledger.change(Change::new(what, place, Some(&value), None));
            continue;
        };
        let (_, (new_index, now)) = came[to];
        let what = What::Argument(Argument::Renamed { alike });
        let new = (*now).clone();
        let mut change = Change::new(what, place.clone(), Some(&value), Some(&new));
        change.name = Some((**name).to_owned());
        ledger.change(change.covering(inside(&pair.place, new_index)));
    }
    for (to, (_, (index, value))) in came.iter().enumerate() {
        if renamed.contains(&to) {
            continue;
        }
        let place = inside(&pair.place, index);
        let required = is_required(value.get("required"));
        let what = What::Argument(Argument::Added { required });
        let value = (*value).clone();
        ledger.change(Change::new(what, place, None, Some(&value)));
    }
    for (name, (index, before)) in &old {
        if let Some((_, now)) = new.get(name)
            && let (Json::Object(before), Json::Object(now)) = (before, now)
        {
            let from = ledger.mark().changes;
            ledger.members(&inside(&pair.place, index), before, now, argument);
            for change in &mut ledger.changes[from..] {
                change.name = Some((*name).to_owned());
            }
        }
    }
    if ledger.mark().changes == before.changes {
        ledger.same(pair.place.clone(), "the order of arguments means nothing");
    }
}

type Named<'a, 'b> = (&'b &'a str, &'b (usize, &'a Json));

fn parts<'a>(arguments: &[Named<'a, '_>]) -> Vec<Part<'a>> {
    let part = |(name, (_, argument)): &Named<'a, '_>| Part::new(name, argument, false);
    arguments.iter().map(part).collect()
}

/// The arguments by name, each with its index; nothing where they are no list of objects with names of their own.
fn named(value: Option<&Json>) -> Option<BTreeMap<&str, (usize, &Json)>> {
    let Some(value) = value else {
        return Some(BTreeMap::new());
    };
    let mut arguments = BTreeMap::new();
    for (index, argument) in value.as_array()?.iter().enumerate() {
        let name = argument.as_object()?.get("name")?.as_str()?;
        if arguments.insert(name, (index, argument)).is_some() {
            return None;
        }
    }
    Some(arguments)
}

fn argument(ledger: &mut Ledger, members: &mut Members<'_>) {
    if let Some(pair) = members.take("description") {
        prose(ledger, &pair, TextOf::PromptArgument, "");
    }
    if let Some(pair) = members.take("title") {
        title(ledger, &pair, Titled::PromptArgument);
    }
    if let Some(pair) = members.take("required") {
        match (is_required(pair.old), is_required(pair.new)) {
            (false, true) => ledger.pair(&pair, What::Argument(Argument::Required)),
            (true, false) => ledger.pair(&pair, What::Argument(Argument::Optional)),
            _ if is_flag(pair.old) && is_flag(pair.new) => {
                ledger.same(
                    pair.place,
                    "an argument is optional unless it says otherwise",
                );
            }
            _ => ledger.unrecognised(&pair),
        }
    }
}

fn is_required(value: Option<&Json>) -> bool {
    value.and_then(Json::as_bool) == Some(true)
}

fn is_flag(value: Option<&Json>) -> bool {
    value.is_none_or(|value| value.as_bool().is_some())
}
