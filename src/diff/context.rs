//! What a model has to read of a server before it does anything: how much there is, and what a prompt cache loses.
//!
//! Texts count as they are sent, in bytes of JSON without white space. What only people see or programs read does not
//! count: icons, `_meta`, annotations.

use std::collections::BTreeMap;

use super::change::{Change, What, inside, whole};
use super::ledger::Ledger;
use crate::json::Json;
use crate::surface::{List, Listing, Surface};

/// What a model reads of a server, in bytes of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// How much it was.
    pub before: u64,
    /// How much it is now.
    pub now: u64,
    /// What a prompt cache loses of what it had.
    pub loss: Loss,
    /// How much the user allows; filled in by whoever judges.
    pub budget: Option<u64>,
}

/// What a prompt cache loses of what it had. It keeps a text up to the first byte that is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Nothing: what is new stands behind it.
    Nothing,
    /// Nothing that it had is different; where the new things stand among the old ones is not known.
    Unplaced,
    /// So many bytes, from the first thing that was edited, put in or taken out.
    Edited(u64),
    /// So many bytes, from the first thing that stands elsewhere.
    Reordered(u64),
}

impl Context {
    /// Whether it is more than the user allows.
    pub fn is_past_budget(&self) -> bool {
        self.budget.is_some_and(|budget| self.now > budget)
    }

    /// Whether it is worth a word: past the budget, or more by a quarter and at least 4 KiB.
    pub fn counts(&self) -> bool {
        let more = self.now.saturating_sub(self.before);
        self.is_past_budget() || (more >= 4_096 && more >= self.before.div_ceil(4))
    }
}

impl Loss {
    /// What is lost of two parts together.
    #[must_use]
    fn and(self, other: Self) -> Self {
        let bytes = |loss| match loss {
            Self::Edited(bytes) | Self::Reordered(bytes) => bytes,
            Self::Nothing | Self::Unplaced => 0,
        };
        let sum = bytes(self) + bytes(other);
        match (self, other) {
            (Self::Reordered(_), _) | (_, Self::Reordered(_)) => Self::Reordered(sum),
            (Self::Edited(_), _) | (_, Self::Edited(_)) => Self::Edited(sum),
            _ => self.max(other),
        }
    }
}

/// Notes that a model has more to read. Whether that is worth a word depends on a budget that the user may have set.
pub(super) fn compare(ledger: &mut Ledger, old: &Surface, new: &Surface) {
    if ledger.changes.is_empty() {
        // Nothing is longer where nothing differs, and counting takes a walk over everything.
        return;
    }
    let read = |surface: &Surface, list| matches!(surface.listing(list), Listing::Read(_));
    let lists = List::ALL
        .into_iter()
        .filter(|list| read(old, *list) && read(new, *list));
    let lists: Vec<_> = lists.collect();
    let spoken = |surface: &Surface| surface.instructions().map(Json::from);
    let instructions =
        (old.initialize.is_some() && new.initialize.is_some()).then(|| (spoken(old), spoken(new)));
    let (a, b) = instructions.unwrap_or_default();
    let size = |surface: &Surface, instructions: Option<&Json>| {
        let items = lists.iter().flat_map(|list| {
            let items = surface.items(*list).iter();
            items.map(|item| bytes(members(*list), item))
        });
        items.sum::<u64>() + instructions.map_or(0, written)
    };
    let (before, now) = (size(old, a.as_ref()), size(new, b.as_ref()));
    if now <= before {
        return;
    }
    let parts = lists.iter().map(|list| {
        let known = !(sorted(*list, old) || sorted(*list, new));
        lost(*list, old.items(*list), new.items(*list), known)
    });
    let loss = parts.fold(Loss::Nothing, Loss::and);
    let loss = match a {
        Some(a) if b.as_ref() != Some(&a) => loss.and(Loss::Edited(written(&a))),
        _ => loss,
    };
    ledger.change(Change::new(
        What::Context(Context {
            before,
            now,
            loss,
            budget: None,
        }),
        inside(&whole("server"), "context"),
        Some(&Json::from(before)),
        Some(&Json::from(now)),
    ));
}

/// The members of an item that reach a model.
fn members(list: List) -> &'static [&'static str] {
    match list {
        List::Tools => &[
            "name",
            "title",
            "description",
            "inputSchema",
            "outputSchema",
        ],
        List::Prompts => &["name", "title", "description", "arguments"],
        List::Resources => &["uri", "name", "title", "description", "mimeType"],
        List::ResourceTemplates => &["uriTemplate", "name", "title", "description", "mimeType"],
    }
}

/// How long a value is, written without white space. It is counted and not written, since it is asked of every item.
fn written(value: &Json) -> u64 {
    let text = |text: &str| {
        let long = |byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
            0..0x20 => 6,
            _ => 1,
        };
        // Most texts have nothing to escape, and that is seen fast.
        let plain = |byte: &u8| *byte >= 0x20 && *byte != b'"' && *byte != b'\\';
        if text.as_bytes().iter().filter(|byte| !plain(byte)).count() == 0 {
            return 2 + text.len() as u64;
        }
        2 + text.bytes().map(long).sum::<u64>()
    };
    // Between each two stands a comma, around all a pair of brackets.
    let framed = |(count, sum): (u64, u64)| 2 + sum + count.saturating_sub(1);
    let add = |(count, sum): (u64, u64), more: u64| (count + 1, sum + more);
    match value {
        Json::Null | Json::Bool(true) => 4,
        Json::Bool(false) => 5,
        Json::Number(number) => number.literal().len() as u64,
        Json::String(value) => text(value),
        Json::Array(items) => framed(items.iter().map(written).fold((0, 0), add)),
        Json::Object(object) => {
            let members = object.written();
            let members = members.map(|(name, value)| text(name) + 1 + written(value));
            framed(members.fold((0, 0), add))
        }
    }
}

/// How much a model reads of an item.
fn bytes(members: &[&str], item: &Json) -> u64 {
    let read = members.iter().filter_map(|name| item.get(name));
    read.map(written).sum()
}

/// Whether items stand as a baseline sorts them, which forgets how they were sent.
fn sorted(list: List, surface: &Surface) -> bool {
    let keys = surface.items(list).iter();
    keys.map(|item| item.get_str(list.key())).is_sorted()
}

/// What is lost of one list; `known` is whether its order is the one that was sent.
fn lost(list: List, before: &[Json], now: &[Json], known: bool) -> Loss {
    let members = members(list);
    let same = |(a, b): &(&Json, &Json)| members.iter().all(|name| a.get(name) == b.get(name));
    let kept = before.iter().zip(now).take_while(same).count();
    if kept == before.len() {
        return Loss::Nothing;
    }
    let (before, now) = (&before[kept..], &now[kept..]);
    let all = before.iter().map(|item| bytes(members, item)).sum();
    let ends = before.iter().rev().zip(now.iter().rev());
    let ends = ends.take_while(same).count();
    // What both end with is the same in the same order.
    let (before, now) = (&before[..before.len() - ends], &now[..now.len() - ends]);
    let there: BTreeMap<&str, (usize, &Json)> = now
        .iter()
        .enumerate()
        .filter_map(|(place, item)| Some((item.get_str(list.key())?, (place, item))))
        .collect();
    let kept = |item: &Json| {
        let (place, now) = there.get(item.get_str(list.key())?)?;
        same(&(item, *now)).then_some(*place)
    };
    let places: Vec<Option<usize>> = before.iter().map(kept).collect();
    let gone = before
        .iter()
        .zip(&places)
        .filter(|(_, place)| place.is_none());
    let gone: u64 = gone.map(|(item, _)| bytes(members, item)).sum();
    if !known {
        // Only what is different can be told, not where it stood.
        return if gone == 0 {
            Loss::Unplaced
        } else {
            Loss::Edited(gone)
        };
    }
    if places.iter().flatten().is_sorted() {
        Loss::Edited(all)
    } else {
        Loss::Reordered(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{compact, parse};

    fn loss(before: &str, now: &str, known: bool) -> Loss {
        let items = |names: &str| -> Vec<Json> {
            let item = |name: char| parse(&format!("{{\"name\":\"{name}\"}}")).expect("JSON");
            names.chars().map(item).collect()
        };
        lost(List::Tools, &items(before), &items(now), known)
    }

    #[test]
    fn what_is_counted_is_what_is_written() {
        for text in [
            "{}",
            "[]",
            r#"{"a":[1,2.50,-3e7,true,false,null],"b":{"c":"\u0001\"\\\n\u0008é😀","d":[[],{}]}}"#,
        ] {
            let json = parse(text).expect("JSON");
            assert_eq!(written(&json), compact(&json).len() as u64, "{text}");
        }
    }

    #[test]
    fn a_cache_keeps_what_stands_before_the_first_difference() {
        assert_eq!(loss("cab", "cabd", true), Loss::Nothing);
        assert_eq!(loss("cab", "cxab", true), Loss::Edited(6));
        assert_eq!(loss("cab", "cb", true), Loss::Edited(6));
        assert_eq!(loss("cab", "cba", true), Loss::Reordered(6));
    }

    #[test]
    fn a_sorted_list_says_nothing_about_the_order_that_was_sent() {
        assert_eq!(loss("abc", "abxc", false), Loss::Unplaced);
        assert_eq!(loss("abc", "abx", false), Loss::Edited(3));
    }
}
