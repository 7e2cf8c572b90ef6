//! The verbs of doing, in all their forms.

use std::sync::LazyLock;

use super::table::Table;

/// The verb of doing that a word is a form of, and which form.
pub(super) fn verb(word: &str) -> Option<(&'static str, Form)> {
    static TABLE: LazyLock<Table<(&str, Form)>> = LazyLock::new(|| {
        let mut table = Vec::new();
        for verb in VERBS {
            let stem = verb.strip_suffix('e').unwrap_or(verb);
            let third = match verb {
                "notify" | "modify" => format!("{}ies", &verb[..verb.len() - 1]),
                "publish" => "publishes".to_owned(),
                "index" => "indexes".to_owned(),
                _ => format!("{verb}s"),
            };
            let past = match verb {
                "notify" | "modify" => format!("{}ied", &verb[..verb.len() - 1]),
                _ => format!("{stem}ed"),
            };
            table.push((verb.to_owned(), (verb, Form::Base)));
            table.push((third, (verb, Form::Third)));
            table.push((past, (verb, Form::Past)));
            table.push((format!("{stem}ing"), (verb, Form::Gerund)));
        }
        for (form, verb, kind) in IRREGULAR {
            table.push((form.to_owned(), (verb, kind)));
        }
        Table::new(table)
    });
    TABLE.get(word)
}

/// Verbs that say the same effect share a name.
pub(super) fn effect(verb: &'static str) -> &'static str {
    match verb {
        "remove" => "delete",
        "run" => "execute",
        "store" | "save" => "write",
        "replace" => "overwrite",
        "rename" => "move",
        "pay" | "purchase" => "charge",
        other => other,
    }
}

/// Whether the verb is as often a noun or an adjective, so that its place must tell.
pub(super) fn is_often_a_noun(verb: &str) -> bool {
    matches!(
        verb,
        "index"
            | "log"
            | "cache"
            | "store"
            | "post"
            | "run"
            | "move"
            | "charge"
            | "grant"
            | "open"
            | "close"
            | "transfer"
            | "upload"
            | "purchase"
            | "install"
            | "pay"
    )
}

/// A form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `delete`.
    Base,
    /// `deletes`.
    Third,
    /// `deleted`.
    Past,
    /// `deleting`.
    Gerund,
}

/// The verbs of doing.
const VERBS: [&str; 29] = [
    "create",
    "write",
    "store",
    "save",
    "index",
    "log",
    "cache",
    "send",
    "post",
    "upload",
    "publish",
    "notify",
    "delete",
    "remove",
    "overwrite",
    "replace",
    "move",
    "rename",
    "execute",
    "run",
    "install",
    "charge",
    "pay",
    "open",
    "close",
    "grant",
    "modify",
    "purchase",
    "transfer",
];

const IRREGULAR: [(&str, &str, Form); 15] = [
    ("wrote", "write", Form::Third),
    ("written", "write", Form::Past),
    ("sent", "send", Form::Past),
    ("ran", "run", Form::Third),
    ("running", "run", Form::Gerund),
    ("paid", "pay", Form::Past),
    ("logged", "log", Form::Past),
    ("logging", "log", Form::Gerund),
    ("overwritten", "overwrite", Form::Past),
    ("overwrote", "overwrite", Form::Third),
    ("indices", "index", Form::Third),
    ("transferred", "transfer", Form::Past),
    ("transferring", "transfer", Form::Gerund),
    ("modifying", "modify", Form::Gerund),
    ("notifying", "notify", Form::Gerund),
];
