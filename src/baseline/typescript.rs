//! Reads the baselines of the TypeScript bellwether, formats 1.x and 2.x.
//!
//! It takes over what the server said of itself. What calls once saw and what models once wrote has no counterpart
//! in a surface; a note names it.

use std::collections::BTreeSet;

use super::sight::{Era, Sight};
use super::{Baseline, BaselineError, Format, Volatile, script_hash};
use crate::json::{Json, Object, Pointer};
use crate::surface::{List, Listing, Surface};

/// Members of the file that are read.
const READ: [&str; 6] = [
    "version",
    "server",
    "capabilities",
    "tools",
    "prompts",
    "hash",
];

/// Whether a document looks like one of its files: it names the program's version and a server.
pub(super) fn wrote(object: &Object) -> bool {
    object.get("formatVersion").is_none()
        && object.get("initialize").is_none()
        && object
            .get("version")
            .is_some_and(|version| version.as_str().is_some())
        && object
            .get("server")
            .is_some_and(|server| server.as_object().is_some())
}

/// Reads such a file.
///
/// # Errors
/// Another major version, and members of the wrong type.
pub(super) fn import(object: &Object) -> Result<Baseline, BaselineError> {
    let version = object
        .get("version")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let (major, minor) = numbers(version);
    if !matches!(major, 1 | 2) {
        return Err(BaselineError::UnknownTypeScript(version.to_owned()));
    }
    let lists = lists(object)?;
    let server = object.get("server").and_then(Json::as_object);
    let later = (major, minor) >= (2, 1);
    let era = Era {
        revision: server
            .and_then(|server| server.get("protocolVersion")?.as_str())
            .unwrap_or_default()
            .to_owned(),
        later_members: later
            || lists
                .iter()
                .any(|(list, items)| has_later_members(*list, items)),
        resources: major >= 2 || lists.iter().any(|(list, _)| *list == List::Resources),
        templates: later
            || lists
                .iter()
                .any(|(list, _)| *list == List::ResourceTemplates),
    };
    let mut surface = Surface::default();
    surface.protocol_version = (!era.revision.is_empty()).then(|| era.revision.clone());
    surface.initialize = server.map(initialize);
    for list in List::ALL {
        let items = lists
            .iter()
            .find(|(known, _)| *known == list)
            .map(|(_, items)| *items);
        // The program leaves an empty list out.
        let listing = match items {
            Some(items) => Listing::Read(items.iter().map(|item| era.item(list, item)).collect()),
            None if era.keeps_list(list) => Listing::Read(Vec::new()),
            None => Listing::Absent,
        };
        surface.set_listing(list, listing);
    }
    let digest_matches =
        object.get("hash").and_then(Json::as_str) == Some(script_hash::of(object).as_str());
    let mut notes = Vec::new();
    if !digest_matches {
        notes.push(format!(
            "its hash does not verify: it was edited, or version {version} of the TypeScript bellwether added findings after hashing"
        ));
    }
    notes.extend(no_counterpart(object, &lists, &era, version));
    notes.push(blind_spots(&era, version));
    Ok(Baseline {
        observed: None,
        volatile: Volatile::default(),
        trail: super::Trail::default(),
        surface,
        catalogue: None,
        digest_matches,
        format: Format::TypeScript {
            version: version.to_owned(),
        },
        sight: Sight::TypeScript(era),
        notes,
    })
}

/// The lists of the file. Format 2 has them in `capabilities`; early files have them at the top.
fn lists(object: &Object) -> Result<Vec<(List, &[Json])>, BaselineError> {
    let mut found = Vec::new();
    for list in List::ALL {
        let nested = object
            .get("capabilities")
            .and_then(|capabilities| capabilities.get(list.member()));
        match nested.or_else(|| object.get(list.member())) {
            None => {}
            Some(Json::Array(items)) => found.push((list, items.as_slice())),
            Some(other) => {
                let (member, found) = (list.member(), other.type_name());
                let top = Pointer::root();
                let holder = if nested.is_some() {
                    top.join("capabilities")
                } else {
                    top
                };
                let at = holder.join(member);
                let why = format!("its `{member}` is not an array but {found}");
                return Err(BaselineError::unknown(at, why));
            }
        }
    }
    if !found.iter().any(|(list, _)| *list == List::Tools) {
        return Err(BaselineError::unknown(Pointer::root(), "it has no `tools`"));
    }
    Ok(found)
}

fn initialize(server: &Object) -> Object {
    let mut initialize = Object::new();
    if let Some(version) = server.get("protocolVersion") {
        initialize.push("protocolVersion", version.clone());
    }
    let info = ["name", "version"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), server.get(name)?.clone())));
    initialize.push("serverInfo", info.collect::<Object>());
    // Only the names were kept.
    let names = server
        .get("capabilities")
        .and_then(Json::as_array)
        .unwrap_or_default();
    let empty = names
        .iter()
        .filter_map(Json::as_str)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|name| (name.to_owned(), Object::new().into()));
    initialize.push("capabilities", empty.collect::<Object>());
    if let Some(instructions) = server.get("instructions") {
        initialize.push("instructions", instructions.clone());
    }
    initialize
}

fn has_later_members(list: List, items: &[Json]) -> bool {
    let later = ["title", "outputSchema", "annotations", "execution"];
    list == List::Tools
        && items
            .iter()
            .any(|item| later.iter().any(|name| item.get(name).is_some()))
}

/// What the file holds and nothing here can take over.
fn no_counterpart(
    object: &Object,
    lists: &[(List, &[Json])],
    era: &Era,
    version: &str,
) -> Option<String> {
    let quoted = |names: &BTreeSet<&str>| {
        names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut parts = Vec::new();
    let top: BTreeSet<_> = object
        .iter()
        .filter(|(name, value)| !READ.contains(name) && !is_empty(value))
        .map(|(name, _)| name)
        .filter(|name| !List::ALL.iter().any(|list| list.member() == *name))
        .collect();
    if !top.is_empty() {
        parts.push(quoted(&top));
    }
    for (list, items) in lists {
        let members: BTreeSet<_> = items
            .iter()
            .filter_map(Json::as_object)
            .flat_map(Object::iter)
            .map(|(name, _)| name)
            .filter(|name| !era.keeps_member(*list, name))
            .collect();
        if !members.is_empty() {
            parts.push(format!("{} of its {}", quoted(&members), list.member()));
        }
    }
    (!parts.is_empty()).then(|| {
        format!(
            "version {version} of the TypeScript bellwether wrote it; not taken over: {}",
            parts.join("; ")
        )
    })
}

fn is_empty(value: &Json) -> bool {
    value.as_array().is_some_and(<[Json]>::is_empty)
        || value.as_object().is_some_and(Object::is_empty)
}

fn blind_spots(era: &Era, version: &str) -> String {
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
        "files of version {version} hold neither {}{revision}: these are not compared",
        lost.join(", nor ")
    )
}

fn numbers(version: &str) -> (u64, u64) {
    let mut parts = version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}
