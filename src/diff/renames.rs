//! Items that stand under another name or URI: the rest of their definition is the same, or nearly.
//!
//! A wrong guess would hide that one item went and another came, so two that cannot be told apart are no rename.

use std::collections::BTreeMap;

use super::change::Alike;
use super::likeness::{Name, Prose, common, percent, speak_of_two};
use super::pairing::one_to_one;
use super::template;
use crate::canon;
use crate::json::{Json, Object};
use crate::surface::List;

/// What an item is called now, and how alike the two are where they are not the same in all the rest.
pub(super) type Renames<'a> = BTreeMap<&'a str, (&'a str, Option<Alike>)>;

/// The items that are gone and came under another key.
pub(super) fn renames<'a>(
    list: List,
    gone: &[(&'a str, &[&'a Json])],
    came: &[(&'a str, &[&'a Json])],
) -> Renames<'a> {
    if gone.is_empty() || came.is_empty() {
        return Renames::new();
    }
    let (before, now) = (definitions(list, gone), definitions(list, came));
    let mut found: Renames<'a> = before
        .into_iter()
        .filter_map(
            |(digest, keys)| match (keys.as_slice(), now.get(&digest)?.as_slice()) {
                ([old], [new]) => Some((*old, (*new, None))),
                _ => None,
            },
        )
        .collect();
    let taken: Vec<&str> = found.values().map(|(new, _)| *new).collect();
    let (old, new) = (
        looked_at(list, gone, |key| !found.contains_key(key)),
        looked_at(list, came, |key| !taken.contains(&key)),
    );
    let keys =
        |items: &[Item<'_>]| -> Vec<_> { items.iter().map(|item| item.keys(list)).collect() };
    let mut evidence = BTreeMap::new();
    let pairs = one_to_one(&keys(&old), &keys(&new), |a, b| {
        let alike = same(list, &old[a], &new[b])?;
        evidence.insert((a, b), alike);
        let name = u32::from(old[a].name.alike(&new[b].name));
        let parts = u32::from(alike.definition) + u32::from(alike.text.unwrap_or(100));
        Some(10 * parts + 3 * name)
    });
    for (a, b) in pairs {
        found.insert(old[a].key, (new[b].key, evidence.get(&(a, b)).copied()));
    }
    found
}

/// An item without the member that tells it from the others.
pub(super) fn without_key(list: List, item: &Object) -> Object {
    item.iter()
        .filter(|(name, _)| *name != list.key())
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// Keys by the digest of the item without its key, of items that stand once and say enough to be recognised.
fn definitions<'a>(list: List, items: &[(&'a str, &[&'a Json])]) -> BTreeMap<String, Vec<&'a str>> {
    let mut digests = BTreeMap::<_, Vec<_>>::new();
    for (key, items) in items {
        let [Json::Object(item)] = items else {
            continue;
        };
        if tells(list, item) {
            let rest = without_key(list, item);
            let digest = canon::digest(&rest.into());
            digests.entry(digest).or_default().push(*key);
        }
    }
    digests
}

fn tells(list: List, item: &Object) -> bool {
    let telling: &[&str] = match list {
        List::Tools | List::Prompts => &["description"],
        List::Resources | List::ResourceTemplates => &["name", "description"],
    };
    telling
        .iter()
        .any(|name| !text(item, name).trim().is_empty())
}

fn text<'a>(item: &'a Object, name: &str) -> &'a str {
    item.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// An item, read for comparing it with many others.
struct Item<'a> {
    key: &'a str,
    name: Name,
    /// What a person calls a resource; empty for the others.
    called: &'a str,
    prose: Prose<'a>,
    /// What it takes, without a word of text: place and value of every leaf of a schema, or of the arguments. Sorted.
    leaves: Vec<String>,
    /// The names of its parameters.
    parameters: Vec<String>,
}

fn looked_at<'a>(
    list: List,
    items: &[(&'a str, &[&'a Json])],
    left: impl Fn(&str) -> bool,
) -> Vec<Item<'a>> {
    let mut found = Vec::new();
    for (key, items) in items {
        let [Json::Object(item)] = items else {
            continue;
        };
        if !left(key) || !tells(list, item) {
            continue;
        }
        let mut leaves = Vec::new();
        let mut parameters = Vec::new();
        let name = match list {
            List::Tools => {
                let schema = item.get("inputSchema");
                leaves_of("", schema, &mut leaves);
                let named = schema.and_then(|schema| schema.get("properties"));
                let named = named.and_then(Json::as_object);
                parameters.extend(named.iter().flat_map(|named| named.by_name().into_keys()));
                Name::of(key)
            }
            List::Prompts => {
                let arguments = item.get("arguments").and_then(Json::as_array);
                for argument in arguments.unwrap_or_default() {
                    let name = argument.get_str("name").unwrap_or_default();
                    leaves_of(name, Some(argument), &mut leaves);
                    parameters.push(name);
                }
                Name::of(key)
            }
            List::Resources | List::ResourceTemplates => {
                leaves.push(text(item, "mimeType").to_owned());
                Name::of(text(item, "name"))
            }
        };
        leaves.sort_unstable();
        parameters.sort_unstable();
        let is_resource = matches!(list, List::Resources | List::ResourceTemplates);
        found.push(Item {
            key,
            name,
            called: if is_resource { text(item, "name") } else { "" },
            prose: Prose::of(Some(text(item, "description"))),
            leaves,
            parameters: parameters.into_iter().map(str::to_owned).collect(),
        });
    }
    found
}

/// Writes down what a schema or an argument says besides texts, place by place; the order of its lists means nothing.
fn leaves_of(place: &str, value: Option<&Json>, into: &mut Vec<String>) {
    match value {
        Some(Json::Object(object)) => {
            for (name, value) in object.by_name() {
                let is_text = matches!(name, "description" | "title" | "$comment" | "$schema");
                if !(is_text && value.as_str().is_some()) {
                    leaves_of(&format!("{place}/{name}"), Some(value), into);
                }
            }
        }
        Some(Json::Array(items)) => {
            for item in items {
                leaves_of(&format!("{place}/-"), Some(item), into);
            }
        }
        Some(value) => into.push(format!("{place}={}", canon::canonical(value))),
        None => {}
    }
}

impl Item<'_> {
    /// What another must have in common with it to be looked at.
    fn keys(&self, list: List) -> Vec<String> {
        let mut keys = vec![format!("name {}", self.name.key())];
        if !self.parameters.is_empty() {
            keys.push(format!("parameters {:?}", self.parameters));
            let leaves = self.leaves.join("\n");
            keys.push(format!("definition {}", canon::digest_text(&leaves)));
        }
        let words = self.prose.words();
        if words.len() >= 5 {
            keys.push(format!("starts {:?}", &words[..5]));
            keys.push(format!("ends {:?}", &words[words.len() - 5..]));
        }
        if list == List::Tools || list == List::Prompts {
            keys
        } else {
            keys.retain(|key| key.starts_with("name "));
            keys
        }
    }
}

/// How alike two items are, where that is enough to call them one.
fn same(list: List, old: &Item<'_>, new: &Item<'_>) -> Option<Alike> {
    let definition = if old.leaves == new.leaves {
        100
    } else {
        let total = old.leaves.len() + new.leaves.len();
        percent(2 * common(&old.leaves, &new.leaves), total).min(99)
    };
    let silent = old.prose.words().is_empty() && new.prose.words().is_empty();
    if matches!(list, List::Resources | List::ResourceTemplates) {
        let called = !old.called.trim().is_empty() && old.called == new.called;
        let text = old.prose.alike(&new.prose, 75);
        // One that still matches all that it matched is the same, whatever it says of itself.
        let near =
            text >= 75 || (list == List::ResourceTemplates && template::covers(old.key, new.key));
        return (called && definition == 100 && near).then_some(Alike {
            definition,
            text: (!silent).then_some(text),
            respelled: false,
        });
    }
    let telling = !old.parameters.is_empty() && !new.parameters.is_empty();
    let respelled = old.name == new.name;
    let least = match definition {
        _ if !telling => 90,
        // The same words make the same name, whatever became of the description.
        100 if respelled => 0,
        50.. if respelled => 50,
        100 => 75,
        85.. => 80,
        75.. => 90,
        _ => return None,
    };
    let words = old.prose.words().len().min(new.prose.words().len());
    let few = !respelled && words < if telling { 3 } else { 5 };
    let text = old.prose.alike(&new.prose, least);
    let together = !few && text >= least && (telling || definition == 100);
    let fits = together && !speak_of_two((&old.name, &old.prose), (&new.name, &new.prose));
    fits.then_some(Alike {
        definition,
        text: Some(text),
        respelled,
    })
}
