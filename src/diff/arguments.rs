//! The arguments of a prompt, told apart by name; their order means nothing.

use std::collections::BTreeMap;

use super::change::{Argument, Change, TextOf, Titled, What, inside};
use super::ledger::{Ledger, Members, Pair};
use super::members::{prose, title};
use crate::json::{Json, Object};

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
    let renamed = match (gone.as_slice(), came.as_slice()) {
        ([(_, (_, before))], [(_, (_, now))]) => {
            nameless(before) == nameless(now) && !nameless(before).is_empty()
        }
        _ => false,
    };
    let before = ledger.mark();
    if renamed {
        let (before, now) = (gone[0].1, came[0].1);
        let place = inside(&pair.place, before.0);
        let change = Change::new(
            What::Argument(Argument::Renamed),
            place,
            Some(&Json::from(before.1.clone())),
            Some(&Json::from(now.1.clone())),
        );
        ledger.change(change.covering(inside(&pair.place, now.0)));
    } else {
        for (_, (index, argument)) in gone {
            let place = inside(&pair.place, index);
            let value = Json::from((*argument).clone());
            ledger.change(Change::new(
                What::Argument(Argument::Removed),
                place,
                Some(&value),
                None,
            ));
        }
        for (_, (index, argument)) in came {
            let place = inside(&pair.place, index);
            let value = Json::from((*argument).clone());
            let required = is_required(argument.get("required"));
            let what = What::Argument(Argument::Added { required });
            ledger.change(Change::new(what, place, None, Some(&value)));
        }
    }
    for (name, (index, before)) in &old {
        if let Some((_, now)) = new.get(name) {
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

/// The arguments by name, each with its index; nothing where they are no list of objects with names of their own.
fn named(value: Option<&Json>) -> Option<BTreeMap<&str, (usize, &Object)>> {
    let Some(value) = value else {
        return Some(BTreeMap::new());
    };
    let mut arguments = BTreeMap::new();
    for (index, argument) in value.as_array()?.iter().enumerate() {
        let argument = argument.as_object()?;
        let name = argument.get("name")?.as_str()?;
        if arguments.insert(name, (index, argument)).is_some() {
            return None;
        }
    }
    Some(arguments)
}

/// An argument without its name.
fn nameless(argument: &Object) -> BTreeMap<&str, &Json> {
    let mut rest = argument.by_name();
    rest.remove("name");
    rest
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
