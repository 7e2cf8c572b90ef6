//! What stands inside an item: texts, titles, icons, `_meta`, and what only one kind of item has.

use super::change::{Titled, What};
use super::ledger::{Ledger, Members, Pair};
use super::reach::{reach, reach_of};
use super::text_fact::TextOf;
use super::{annotations, arguments, schema, text};
use crate::json::{Json, Object};
use crate::surface::List;

/// Takes every member that an item of this list is known to have. `new` is the whole item as it is now.
pub(super) fn compare(ledger: &mut Ledger, list: List, new: &Json, members: &mut Members<'_>) {
    if let Some(pair) = members.take("description") {
        let name = new.get_str("name").unwrap_or_default();
        prose(ledger, &pair, text_of(list), name);
    }
    if let Some(pair) = members.take("title") {
        title(ledger, &pair, Titled::Item(list));
    }
    if let Some(pair) = members.take("icons") {
        ledger.pair(&pair, What::Icons(list, reach(pair.old, pair.new)));
    }
    if let Some(pair) = members.take("_meta") {
        meta(ledger, &pair, list);
    }
    match list {
        List::Tools => tool(ledger, new, members),
        List::Prompts => {
            if let Some(pair) = members.take("arguments") {
                arguments::compare(ledger, &pair);
            }
        }
        List::Resources | List::ResourceTemplates => resource(ledger, list, members),
    }
}

/// Compares a text that a model reads, of something called NAME. What is no text on either side is left as it stands.
pub(super) fn prose(ledger: &mut Ledger, pair: &Pair<'_>, of: TextOf, name: &str) {
    match (words(pair.old), words(pair.new)) {
        (Some(old), Some(new)) => {
            let edit = text::edit(of, name, old, new);
            ledger.pair(pair, What::Text { of, edit });
        }
        _ => ledger.unrecognised(pair),
    }
}

/// Compares a display title.
pub(super) fn title(ledger: &mut Ledger, pair: &Pair<'_>, of: Titled) {
    if words(pair.old).is_some() && words(pair.new).is_some() {
        ledger.pair(pair, What::Title(of));
    } else {
        ledger.unrecognised(pair);
    }
}

/// The text of a member; empty where there is none, nothing where it is something else.
pub(super) fn words(value: Option<&Json>) -> Option<&str> {
    match value {
        None | Some(Json::Null) => Some(""),
        Some(Json::String(text)) => Some(text),
        Some(_) => None,
    }
}

fn text_of(list: List) -> TextOf {
    match list {
        List::Tools => TextOf::Tool,
        List::Prompts => TextOf::Prompt,
        List::Resources => TextOf::Resource,
        List::ResourceTemplates => TextOf::ResourceTemplate,
    }
}

/// Reports each member of `_meta` that differs; an empty one says nothing.
fn meta(ledger: &mut Ledger, pair: &Pair<'_>, list: List) {
    let empty = Object::new();
    let object = |value: Option<&'_ Json>| match value {
        None | Some(Json::Null) => Some(Object::new()),
        Some(Json::Object(object)) => Some(object.clone()),
        Some(_) => None,
    };
    let (Some(old), Some(new)) = (object(pair.old), object(pair.new)) else {
        ledger.unrecognised(pair);
        return;
    };
    if old == empty && new == empty {
        ledger.same(pair.place.clone(), "an empty `_meta` says nothing");
        return;
    }
    ledger.members(&pair.place, &old, &new, |ledger, members| {
        for (name, member) in members.take_rest() {
            let reach = reach_of(name, member.old, member.new);
            ledger.pair(&member, What::Meta(list, reach));
        }
    });
}

fn tool(ledger: &mut Ledger, new: &Json, members: &mut Members<'_>) {
    if let Some(pair) = members.take("annotations") {
        annotations::compare(ledger, &pair, new);
    }
    if let Some(pair) = members.take("inputSchema") {
        schema::input(ledger, &pair);
    }
    if let Some(pair) = members.take("outputSchema") {
        schema::output(ledger, &pair);
    }
    if let Some(pair) = members.take("execution") {
        execution(ledger, &pair);
    }
}

/// Compares `execution`: `taskSupport` by effective value (absent is `forbidden`), the rest as it stands.
fn execution(ledger: &mut Ledger, pair: &Pair<'_>) {
    let object = |value: Option<&Json>| match value {
        None => Some(Object::new()),
        Some(Json::Object(object)) => Some(object.clone()),
        Some(_) => None,
    };
    let (Some(old), Some(new)) = (object(pair.old), object(pair.new)) else {
        ledger.unrecognised(pair);
        return;
    };
    if old.is_empty() && new.is_empty() {
        ledger.same(pair.place.clone(), "an empty `execution` says nothing");
    }
    ledger.members(&pair.place, &old, &new, |ledger, members| {
        let Some(member) = members.take("taskSupport") else {
            return;
        };
        let effective = |value: Option<&Json>| match value {
            None => Some("forbidden".to_owned()),
            Some(value) => value.as_str().map(str::to_owned),
        };
        match (effective(member.old), effective(member.new)) {
            (Some(old), Some(new)) if old == new => {
                ledger.same(member.place, "a tool without `taskSupport` forbids tasks");
            }
            (Some(old), Some(new)) => {
                let refuses = new == "required" || (new == "forbidden" && old != "forbidden");
                ledger.pair(&member, What::TaskSupport { refuses });
            }
            _ => ledger.unrecognised(&member),
        }
    });
}

fn resource(ledger: &mut Ledger, list: List, members: &mut Members<'_>) {
    if let Some(pair) = members.take("name") {
        ledger.pair(&pair, What::ResourceName(list));
    }
    if let Some(pair) = members.take("mimeType") {
        ledger.pair(&pair, What::ResourceMimeType(list));
    }
    if list == List::Resources
        && let Some(pair) = members.take("size")
    {
        ledger.pair(&pair, What::ResourceDetail(list));
    }
    let Some(pair) = members.take("annotations") else {
        return;
    };
    let none = Json::from(Object::new());
    let side = |value: Option<&'_ Json>| value.cloned().unwrap_or_else(|| none.clone());
    let (Json::Object(old), Json::Object(new)) = (side(pair.old), side(pair.new)) else {
        ledger.unrecognised(&pair);
        return;
    };
    if old == new {
        ledger.same(pair.place.clone(), "empty annotations say nothing");
    }
    ledger.members(&pair.place, &old, &new, |ledger, members| {
        if let Some(member) = members.take("audience") {
            if same_set(member.old, member.new) {
                ledger.same(member.place, "the order of an audience means nothing");
            } else {
                ledger.pair(&member, What::ResourceAudience(list));
            }
        }
        for name in ["priority", "lastModified"] {
            if let Some(member) = members.take(name) {
                ledger.pair(&member, What::ResourceDetail(list));
            }
        }
    });
}

/// Whether two arrays hold the same elements in any order.
fn same_set(old: Option<&Json>, new: Option<&Json>) -> bool {
    let (Some(Json::Array(old)), Some(Json::Array(new))) = (old, new) else {
        return false;
    };
    old.iter().all(|item| new.contains(item)) && new.iter().all(|item| old.contains(item))
}
