//! What a file of the TypeScript bellwether holds and this program has no place for, and what such a file could not hold.

use std::collections::BTreeSet;

use super::sight::Era;
use super::typescript::Items;
use crate::json::{Json, Object};
use crate::surface::List;
use crate::text;

/// Members at the top of the file that are read.
const READ: [&str; 5] = ["version", "server", "capabilities", "hash", "acceptance"];

/// Members of `server` that are read.
const OF_SERVER: [&str; 5] = [
    "name",
    "version",
    "protocolVersion",
    "capabilities",
    "instructions",
];

/// Every member that is there, says something, and is not taken over, by name.
pub(super) fn no_counterpart(object: &Object, lists: &[Items<'_>], era: &Era) -> Vec<String> {
    let nested = object.get("capabilities").and_then(Json::as_object);
    let in_nested = |name: &str| nested.is_some_and(|nested| nested.get(name).is_some());
    let is_list = |name: &str| List::ALL.iter().any(|list| list.member() == name);
    let mut top: BTreeSet<String> = object
        .iter()
        .filter(|(name, value)| !READ.contains(name) && !is_empty(value))
        .filter(|(name, _)| !is_list(name) || in_nested(name))
        .map(|(name, _)| name.to_owned())
        .collect();
    let mut inside = |member: &str, is_read: &dyn Fn(&str) -> bool| {
        let inner = object.get(member).and_then(Json::as_object);
        let names = inner.into_iter().flat_map(Object::iter);
        let unread = names.filter(|(name, value)| !is_read(name) && !is_empty(value));
        top.extend(unread.map(|(name, _)| format!("{member}.{name}")));
    };
    inside("server", &|name| OF_SERVER.contains(&name));
    inside("capabilities", &is_list);
    let mut notes = text::name_lines("not taken over", &top.into_iter().collect::<Vec<_>>());
    for (list, items) in lists {
        let objects = items.iter().filter_map(Json::as_object);
        let lost: BTreeSet<String> = objects.flat_map(|item| era.lost(*list, item)).collect();
        let lead = format!("not taken over of its {}", list.member());
        notes.extend(text::name_lines(
            &lead,
            &lost.into_iter().collect::<Vec<_>>(),
        ));
    }
    notes
}

fn is_empty(value: &Json) -> bool {
    *value == Json::Null
        || value.as_array().is_some_and(<[Json]>::is_empty)
        || value.as_object().is_some_and(Object::is_empty)
}

/// What such a file cannot know of a server, as a note.
pub(super) fn blind_spots(era: &Era) -> String {
    let mut lost = vec![
        "transport",
        "icons",
        "`_meta`",
        "flags of capabilities",
        "unknown members",
    ];
    if !era.later_members {
        lost.extend([
            "titles",
            "annotations",
            "output schemas",
            "task support",
            "instructions",
        ]);
    }
    if !era.resources {
        lost.push("resources");
    }
    if !era.templates {
        lost.push("resource templates");
    }
    let revision = if era.later_members && era.revision.as_str() < "2025-11-25" {
        format!(
            ", nor what is newer than revision {} of the protocol",
            era.revision
        )
    } else {
        String::new()
    };
    format!(
        "files of version {} hold neither {}{revision}: these are not compared",
        era.version,
        lost.join(", nor ")
    )
}
