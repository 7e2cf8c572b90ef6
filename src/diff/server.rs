//! The server as a whole: who it is, what it can do, what it instructs, and how it was reached.

use super::change::{Change, Step, What, inside, whole};
use super::identity;
use super::ledger::{Ledger, Members, Pair};
use super::members::prose;
use super::revisions::is_revision;
use super::text_fact::TextOf;
use crate::json::{Json, Object};
use crate::surface::{List, Surface};

/// Compares all that stands outside the lists.
pub(super) fn compare(ledger: &mut Ledger, old: &Surface, new: &Surface) {
    let server = whole("server");
    if let (Some(before), Some(now)) = (old.transport, new.transport)
        && before != now
    {
        let (before, now) = (Json::from(before.name()), Json::from(now.name()));
        let place = inside(&server, "transport");
        ledger.change(Change::new(
            What::Transport,
            place,
            Some(&before),
            Some(&now),
        ));
    }
    for list in List::ALL {
        beside(ledger, list, old, new);
    }
    let (before, now) = match (&old.initialize, &new.initialize) {
        (Some(before), Some(now)) => (before, now),
        (None, None) => {
            protocol(ledger, old, new);
            return;
        }
        (before, _) => {
            let side = if before.is_none() { "OLD" } else { "NEW" };
            ledger.notes.push(format!(
                "the server itself was not compared: {side} does not speak of it"
            ));
            return;
        }
    };
    protocol(ledger, old, new);
    let known = old.protocol_version != new.protocol_version;
    ledger.members(&server, before, now, |ledger, members| {
        if known {
            // Told by `protocol`, with the revision that was in force.
            let _ = members.take("protocolVersion");
        }
        identity::compare(ledger, members, before, now);
        if let Some(pair) = members.take("capabilities") {
            capabilities(ledger, &pair);
        }
        if let Some(mut pair) = members.take("instructions") {
            pair.place = whole("instructions");
            prose(ledger, &pair, TextOf::Instructions, "");
        }
    });
}

fn protocol(ledger: &mut Ledger, old: &Surface, new: &Surface) {
    if old.protocol_version == new.protocol_version {
        return;
    }
    let side = |version: &Option<String>| version.as_deref().map(Json::from);
    let (before, now) = (side(&old.protocol_version), side(&new.protocol_version));
    let place = inside(&whole("server"), "protocolVersion");
    let back = match (&old.protocol_version, &new.protocol_version) {
        (Some(before), Some(now)) => is_revision(before) && is_revision(now) && now < before,
        _ => false,
    };
    let what = What::ProtocolVersion { back };
    ledger.change(Change::new(what, place, before.as_ref(), now.as_ref()));
}

/// Compares what stood beside the items of a list.
fn beside(ledger: &mut Ledger, list: List, old: &Surface, new: &Surface) {
    let readable =
        |surface: &Surface| matches!(surface.listing(list), crate::surface::Listing::Read(_));
    if !readable(old) || !readable(new) {
        return;
    }
    let none = Object::new();
    let (before, now) = (old.beside.get(&list), new.beside.get(&list));
    let place = inside(&inside(&whole("server"), "results"), list.method());
    let (before, now) = (before.unwrap_or(&none), now.unwrap_or(&none));
    ledger.members(&place, before, now, |ledger, members| {
        if let Some(pair) = members.take("_meta") {
            identity::repeated(ledger, &pair, old, new);
        }
    });
}

fn capabilities(ledger: &mut Ledger, pair: &Pair<'_>) {
    let none = Object::new();
    let (Some(old), Some(new)) = (object_or(pair.old, &none), object_or(pair.new, &none)) else {
        ledger.unrecognised(pair);
        return;
    };
    if old == new {
        ledger.same(pair.place.clone(), "empty capabilities promise nothing");
    }
    ledger.members(&pair.place, old, new, |ledger, members| {
        for (name, member) in members.take_rest() {
            let tentative = matches!(name, "experimental" | "extensions");
            let place = whole(format!("capabilities/{name}"));
            if tentative && is_empty(member.old) && is_empty(member.new) {
                ledger.same(place, "an empty object here promises nothing");
                continue;
            }
            let mut pair = Pair { place, ..member };
            if tentative {
                let nothing = Json::from(Object::new());
                let (old, new) = (pair.old.unwrap_or(&nothing), pair.new.unwrap_or(&nothing));
                pair = Pair {
                    old: Some(old),
                    new: Some(new),
                    ..pair
                };
                capability(ledger, &pair, tentative);
            } else {
                capability(ledger, &pair, tentative);
            }
        }
    });
}

/// Reports a capability, or the members of one that are different.
fn capability(ledger: &mut Ledger, pair: &Pair<'_>, tentative: bool) {
    let step = match (pair.old, pair.new) {
        (Some(Json::Object(old)), Some(Json::Object(new))) => {
            ledger.members(&pair.place, old, new, |ledger, members| {
                nested(ledger, members, tentative)
            });
            return;
        }
        (None | Some(Json::Bool(false)), None | Some(Json::Bool(false))) => {
            ledger.same(pair.place.clone(), "`false` and absence promise the same");
            return;
        }
        // Only these are known to be relied on; without `listChanged` a client asks again.
        _ if !tentative && !is_relied_on(&pair.place) => Step::Changed,
        (None | Some(Json::Bool(false)), _) => Step::Added,
        (_, None | Some(Json::Bool(false))) => Step::Removed,
        _ => Step::Changed,
    };
    ledger.pair(pair, What::Capability { step, tentative });
}

/// Whether clients are known to rely on a capability, or on this member of one.
fn is_relied_on(place: &crate::report::Place) -> bool {
    let last = place.pointer.tokens().last();
    last.is_none_or(|member| member == "subscribe") || place.at == "capabilities/tasks"
}

fn nested(ledger: &mut Ledger, members: &mut Members<'_>, tentative: bool) {
    for (_, member) in members.take_rest() {
        capability(ledger, &member, tentative);
    }
}

pub(super) fn object_or<'a>(value: Option<&'a Json>, none: &'a Object) -> Option<&'a Object> {
    match value {
        None | Some(Json::Null) => Some(none),
        Some(Json::Object(object)) => Some(object),
        Some(_) => None,
    }
}

fn is_empty(value: Option<&Json>) -> bool {
    value.is_none_or(|value| value.as_object().is_some_and(Object::is_empty))
}
