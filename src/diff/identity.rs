//! Who the server says it is: its name and version, wherever its revision of the protocol puts them.
//!
//! `initialize` answers with `serverInfo`; from 2026-07-28 on it stands in the `_meta` of every result.

use super::change::{Change, What, inside, whole};
use super::ledger::{Ledger, Members, Pair};
use super::reach::reach_of;
use super::server::object_or;
use super::versions::{promises_compatibility, went_back};
use crate::json::{Json, Object};
use crate::surface::Surface;

/// Where a result names the server.
const IN_META: &str = "io.modelcontextprotocol/serverInfo";

/// Compares what the first answer of both sides says about the server, and takes it out of the members.
pub(super) fn compare(ledger: &mut Ledger, members: &mut Members<'_>, old: &Object, new: &Object) {
    let place = inside(&whole("server"), "serverInfo");
    let meta = inside(&whole("server"), "_meta");
    let there = |side: &'_ Object| side.get("serverInfo").is_some();
    let moved = there(old) != there(new) && in_meta(old).is_some() != in_meta(new).is_some();
    if moved {
        let _ = members.take("serverInfo");
        let named = |side| in_meta(side).or_else(|| side.get("serverInfo"));
        let pair = Pair {
            place: place.clone(),
            old: named(old),
            new: named(new),
        };
        if pair.old != pair.new {
            server_info(ledger, &pair);
        }
        let reason = "each revision names the server in a place of its own";
        ledger.same(place, reason);
        ledger.same(inside(&meta, IN_META), reason);
    } else if let Some(pair) = members.take("serverInfo") {
        server_info(ledger, &pair);
    }
    let Some(pair) = members.take("_meta") else {
        return;
    };
    let none = Object::new();
    let (Some(before), Some(now)) = (object_or(pair.old, &none), object_or(pair.new, &none)) else {
        ledger.unrecognised(&pair);
        return;
    };
    let without = |side: &Object| -> Object {
        let left = side.iter().filter(|(name, _)| !(moved && *name == IN_META));
        left.map(|(name, value)| (name.to_owned(), value.clone()))
            .collect()
    };
    ledger.members(
        &pair.place,
        &without(before),
        &without(now),
        |ledger, members| {
            if let Some(pair) = members.take(IN_META) {
                server_info(ledger, &pair);
            }
        },
    );
}

/// Compares the `_meta` of another result, which may name the server once more.
pub(super) fn repeated(ledger: &mut Ledger, pair: &Pair<'_>, old: &Surface, new: &Surface) {
    let none = Object::new();
    let (Some(before), Some(now)) = (object_or(pair.old, &none), object_or(pair.new, &none)) else {
        ledger.unrecognised(pair);
        return;
    };
    ledger.members(&pair.place, before, now, |ledger, members| {
        let Some(member) = members.take(IN_META) else {
            return;
        };
        let repeats = |said: Option<&Json>, surface: &Surface| {
            said.is_none() || said == surface.server_info()
        };
        if repeats(member.old, old) && repeats(member.new, new) {
            ledger.same(member.place, "it only repeats who the server is");
        } else {
            ledger.unrecognised(&member);
        }
    });
}

fn in_meta(side: &Object) -> Option<&Json> {
    side.get("_meta")?.get(IN_META)
}

/// Notes that the surface differs while the server calls itself by the same version, and that its version promises
/// that nothing breaks. What that is worth depends on how bad the other differences are.
pub(super) fn version_steps(ledger: &mut Ledger, old: &Surface, new: &Surface) {
    let (Some(before), Some(now)) = (old.server_version(), new.server_version()) else {
        return;
    };
    let told = |change: &Change| {
        !matches!(
            change.what,
            What::Transport | What::ProtocolVersion { .. } | What::NotInRevision | What::Context(_)
        )
    };
    if !ledger.changes.iter().any(told) {
        return;
    }
    let place = inside(&inside(&whole("server"), "serverInfo"), "version");
    let mut note = |what| {
        let (before, now) = (Json::from(before), Json::from(now));
        ledger.change(Change::new(what, place.clone(), Some(&before), Some(&now)));
    };
    if before == now {
        note(What::SameVersion);
    }
    if promises_compatibility(before, now) {
        note(What::NoMajorStep);
    }
}

fn server_info(ledger: &mut Ledger, pair: &Pair<'_>) {
    let none = Object::new();
    let (Some(old), Some(new)) = (object_or(pair.old, &none), object_or(pair.new, &none)) else {
        ledger.unrecognised(pair);
        return;
    };
    if old == new {
        ledger.same(pair.place.clone(), "an empty `serverInfo` says nothing");
    }
    ledger.members(&pair.place, old, new, |ledger, members| {
        if let Some(member) = members.take("name") {
            ledger.pair(&member, What::ServerName);
        }
        if let Some(member) = members.take("version") {
            let text =
                |value: Option<&Json>| value.and_then(Json::as_str).unwrap_or_default().to_owned();
            let back = went_back(&text(member.old), &text(member.new));
            ledger.pair(&member, What::ServerVersion { back });
        }
        for (name, member) in members.take_rest() {
            let reach = reach_of(name, member.old, member.new);
            ledger.pair(&member, What::ServerInfo(reach));
        }
    });
}
