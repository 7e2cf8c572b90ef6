//! Parameters of a tool and arguments of a prompt that stand under another name.
//!
//! What they accept must be the same; what they say about themselves may be nearly the same.

use std::collections::BTreeMap;

use super::change::Alike;
use super::likeness::{Name, Prose, speak_of_two};
use super::pairing::one_to_one;
use crate::canon;
use crate::json::{Json, Object};

/// What a part says about itself, besides what it accepts.
const TEXTS: [&str; 2] = ["description", "title"];

/// A parameter or an argument that is gone or came.
#[derive(Debug)]
pub(super) struct Part<'a> {
    name: &'a str,
    words: Name,
    prose: Prose<'a>,
    /// What it accepts and whether it must be there, as one text.
    accepts: String,
    /// Whether it says anything at all.
    says_something: bool,
    texts: [Option<&'a Json>; 2],
}

impl<'a> Part<'a> {
    /// Reads one; `required` is whether it must be there, where `definition` does not say so itself.
    pub(super) fn new(name: &'a str, definition: &'a Json, required: bool) -> Self {
        let none = Object::new();
        let own = definition.as_object().unwrap_or(&none);
        let rest: Object = own
            .iter()
            .filter(|(member, _)| *member != "name" && !TEXTS.contains(member))
            .map(|(member, value)| (member.to_owned(), value.clone()))
            .collect();
        let texts = TEXTS.map(|text| definition.get(text));
        Self {
            name,
            words: Name::of(name),
            prose: Prose::of(definition.get_str("description")),
            says_something: !rest.is_empty() || texts.iter().any(Option::is_some),
            accepts: format!("{required} {}", canon::canonical(&rest.into())),
            texts,
        }
    }
}

/// Which parts stand under another name, old to new by position; `identical` tells whether what they accept is the
/// same where it is written the same. How alike the two are is told where their texts differ.
pub(super) fn renames(
    gone: &[Part<'_>],
    came: &[Part<'_>],
    mut identical: impl FnMut(usize, usize) -> bool,
) -> BTreeMap<usize, (usize, Option<Alike>)> {
    if gone.is_empty() || came.is_empty() {
        return BTreeMap::new();
    }
    let alone = gone.len() == 1 && came.len() == 1;
    let keys = |parts: &[Part<'_>]| -> Vec<Vec<String>> {
        let of = |part: &Part<'_>| {
            let text = part.prose.words().join(" ");
            vec![
                part.accepts.clone(),
                format!("{} {text}", part.accepts),
                format!("{} named {}", part.accepts, part.words.key()),
            ]
        };
        parts.iter().map(of).collect()
    };
    let mut evidence = BTreeMap::new();
    let pairs = one_to_one(&keys(gone), &keys(came), |a, b| {
        let (old, new) = (&gone[a], &came[b]);
        let text = same(old, new, alone).filter(|_| identical(a, b))?;
        let alike = (old.texts != new.texts).then_some(Alike {
            definition: 100,
            text: (!old.prose.words().is_empty()).then_some(text),
            respelled: old.words == new.words,
        });
        evidence.insert((a, b), alike);
        Some(10 * u32::from(text) + 3 * u32::from(old.words.alike(&new.words)))
    });
    pairs
        .into_iter()
        .map(|(a, b)| (a, (b, evidence[&(a, b)])))
        .collect()
}

/// How alike the texts of two parts are, where the parts are to be taken for one.
fn same(old: &Part<'_>, new: &Part<'_>, alone: bool) -> Option<u8> {
    if old.accepts != new.accepts || !old.says_something || old.name == new.name {
        return None;
    }
    let least = old.prose.words().len().min(new.prose.words().len());
    let text = old.prose.alike(&new.prose, 75);
    let fits = match (least, text) {
        // Two that say nothing about themselves are one only where no other could be.
        (0, 100) => alone,
        (1.., 100) => true,
        (3.., 75..) => !speak_of_two((&old.words, &old.prose), (&new.words, &new.prose)),
        _ => false,
    };
    fits.then_some(text)
}
