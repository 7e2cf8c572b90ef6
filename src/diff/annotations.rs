//! The hints by which clients approve calls, compared by their effective values.
//!
//! Defaults of the protocol: `readOnlyHint` false, `destructiveHint` true, `idempotentHint` false, `openWorldHint`
//! true.

use super::change::{Hint, What};
use super::ledger::{Ledger, Pair};
use super::text;
use crate::json::{Json, Object};

/// Compares the annotations of one tool. `new` is the whole tool as it is now.
pub(super) fn compare(ledger: &mut Ledger, pair: &Pair<'_>, new: &Json) {
    let (Some(before), Some(now)) = (stated(pair.old), stated(pair.new)) else {
        ledger.unrecognised(pair);
        return;
    };
    if before == now {
        ledger.same(pair.place.clone(), "empty annotations state nothing");
        return;
    }
    ledger.members(&pair.place, &before, &now, |ledger, members| {
        for (name, member) in members.take_rest() {
            let hint = match name {
                "title" => title(&member, new),
                "readOnlyHint" => trust(&member, false, new),
                "destructiveHint" => trust(&member, true, new),
                "idempotentHint" => other(&member, false),
                "openWorldHint" => other(&member, true),
                _ => Hint::Other,
            };
            ledger.pair(&member, What::Hint(hint));
        }
    });
}

fn stated(value: Option<&Json>) -> Option<Object> {
    match value {
        None | Some(Json::Null) => Some(Object::new()),
        Some(Json::Object(object)) => Some(object.clone()),
        Some(_) => None,
    }
}

/// A hint's stated value; nothing where it is not stated. What is no truth value counts as not stated by clients,
/// but is never taken for one.
fn value(side: Option<&Json>) -> Option<Option<bool>> {
    match side {
        None | Some(Json::Null) => Some(None),
        Some(Json::Bool(value)) => Some(Some(*value)),
        Some(_) => None,
    }
}

fn trust(pair: &Pair<'_>, default: bool, tool: &Json) -> Hint {
    let (Some(old), Some(new)) = (value(pair.old), value(pair.new)) else {
        return Hint::Other;
    };
    if old.unwrap_or(default) == new.unwrap_or(default) {
        Hint::SpelledOut
    } else if old.is_some() {
        Hint::Flipped
    } else {
        Hint::TrustClaimed {
            contradicted: tool.get_str("name").is_some_and(text::name_acts)
                || tool.get_str("description").is_some_and(text::says_it_acts),
        }
    }
}

fn other(pair: &Pair<'_>, default: bool) -> Hint {
    match (value(pair.old), value(pair.new)) {
        (Some(old), Some(new)) if old.unwrap_or(default) == new.unwrap_or(default) => {
            Hint::SpelledOut
        }
        _ => Hint::Other,
    }
}

/// A title may stand in the annotations; it misleads where it says something else than the tool does.
fn title(pair: &Pair<'_>, tool: &Json) -> Hint {
    let Some(now) = pair.new else {
        return Hint::Title { misleading: false };
    };
    let claimed = now.as_str().map(folded);
    let own = tool
        .get_str("title")
        .or_else(|| tool.get_str("name"))
        .map(folded);
    Hint::Title {
        misleading: claimed.is_none() || claimed != own,
    }
}

/// Letters and digits alone, in lower case, so that `read_file`, `readFile` and `Read File` are the same words.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
