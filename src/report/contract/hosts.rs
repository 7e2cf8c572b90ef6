//! Where a surface leads: the hosts that any text of it names, and schemas elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use crate::inclusion::{Dialect, Lead, References};
use crate::json::{Json, Pointer};
use crate::surface::{List, Surface};

/// The schemes of what lies in a network.
const SCHEMES: [&str; 6] = ["http", "https", "ws", "wss", "ftp", "ftps"];

/// Members that name a dialect or a schema itself; nobody goes there.
const NAMES_ONLY: [&str; 3] = ["$schema", "$id", "id"];

/// The most hosts that are listed.
const HOSTS_AT_MOST: usize = 100;

/// The hosts that are named, as `scheme://host:port`, each with the places that name it. What else stands in a URL may
/// be secret and is left out.
pub(super) fn named(surface: &Surface) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    if let Some(initialize) = &surface.initialize {
        for (name, value) in initialize.iter() {
            let at = if name == "instructions" {
                "instructions"
            } else {
                "server"
            };
            look(&mut found, at, value);
        }
    }
    for list in List::ALL {
        for item in surface.items(list) {
            let at = list.place(list.key_of(item));
            look(&mut found, &at, item);
        }
    }
    while found.len() > HOSTS_AT_MOST {
        found.pop_last();
    }
    found
}

fn look(found: &mut BTreeMap<String, BTreeSet<String>>, at: &str, value: &Json) {
    match value {
        Json::String(text) => {
            for host in hosts(text) {
                found.entry(host).or_default().insert(at.to_owned());
            }
        }
        Json::Array(items) => items.iter().for_each(|item| look(found, at, item)),
        Json::Object(object) => {
            for (_, value) in object.iter().filter(|(name, _)| !NAMES_ONLY.contains(name)) {
                look(found, at, value);
            }
        }
        _ => {}
    }
}

fn hosts(text: &str) -> impl Iterator<Item = String> {
    let around = |c: char| c.is_whitespace() || c.is_control() || "\"'<>()[]{}`,;|\\".contains(c);
    text.split(around).filter_map(|word| {
        let url = Url::parse(word.trim_end_matches(['.', ':', '!', '?'])).ok()?;
        let host = url.host_str()?;
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        SCHEMES
            .contains(&url.scheme())
            .then(|| format!("{}://{host}{port}", url.scheme()))
    })
}

/// Whether a reference in a schema leaves the document.
pub(super) fn refers_elsewhere(schema: &Json) -> bool {
    let references = References::new(schema, Dialect::default());
    leaves(&references, schema, &Pointer::root())
}

fn leaves(references: &References<'_>, value: &Json, at: &Pointer) -> bool {
    match value {
        Json::Object(object) => {
            let own = ["$ref", "$dynamicRef"].iter().any(|keyword| {
                object
                    .get(keyword)
                    .and_then(Json::as_str)
                    .is_some_and(|reference| {
                        references.follow(at, "$ref", reference) == Lead::Remote
                    })
            });
            own || object
                .iter()
                .any(|(name, value)| leaves(references, value, &at.join(name)))
        }
        Json::Array(items) => items
            .iter()
            .enumerate()
            .any(|(index, item)| leaves(references, item, &at.join(index))),
        _ => false,
    }
}
