//! Two texts that a model or a person reads: what was done to one to get the other.
//!
//! Claims are looked for first, wording last, so that a changed limit never passes for a spelling mistake. Nothing
//! here understands language; it counts what can be counted.

mod claims;
mod words;

use std::collections::BTreeMap;

use super::change::{Claim, Edit, TextOf};
use words::{Word, sentences, words};

/// What was done to a text. The two differ.
pub(super) fn edit(of: TextOf, old: &str, new: &str) -> Edit {
    match (is_blank(old), is_blank(new)) {
        (true, true) => return Edit::Reworded,
        (true, false) => return Edit::Added,
        (false, true) => return Edit::Removed,
        (false, false) => {}
    }
    let (before, now) = (words(old), words(new));
    if let Some(limit) = limit(&before, &now) {
        return limit;
    }
    let mut claims = claims::counted(&before, &now);
    let slips = only_slips(&before, &now);
    if reads_as_prose(of) && !slips {
        claims.extend(claims::side_effects(&before, &now));
        claims.extend(exchanged(old, new));
    }
    if !claims.is_empty() {
        Edit::Claim(claims)
    } else if slips {
        Edit::Reworded
    } else {
        Edit::Changed
    }
}

/// Whether a text says of its thing that it sends, writes, deletes, pays or executes.
pub(super) fn says_it_acts(text: &str) -> bool {
    claims::says_it_acts(&words(text))
}

/// A blank text has nothing that a reader could see or a model could read as a word.
fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Of parameters and results only what can be counted is a claim; a word exchanged there is wording.
fn reads_as_prose(of: TextOf) -> bool {
    !matches!(of, TextOf::Input | TextOf::Output | TextOf::PromptArgument)
}

/// The one quantity that moved, where nothing else did.
fn limit(old: &[Word], new: &[Word]) -> Option<Edit> {
    if old.len() != new.len() {
        return None;
    }
    let mut differing = old.iter().zip(new).enumerate().filter(|(_, (a, b))| a != b);
    let (index, (from, to)) = differing.next()?;
    if differing.next().is_some() {
        return None;
    }
    let (Word::Quantity { text: from, .. }, Word::Quantity { text: to, .. }) = (from, to) else {
        return None;
    };
    let before = old[..index].iter().rev();
    let mut subject: Vec<_> = before
        .map_while(|word| match word {
            Word::Plain { shown, ends, .. } if !ends => Some(shown.as_str()),
            _ => None,
        })
        .take(4)
        .collect();
    while subject.first().is_some_and(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "is" | "are" | "of" | "to" | "was" | "up" | "at" | "than" | "by"
        )
    }) {
        subject.remove(0);
    }
    subject.reverse();
    Some(Edit::Limit {
        subject: subject.join(" "),
        from: from.clone(),
        to: to.clone(),
    })
}

/// Whether the words are the same, but for spelling mistakes and inflections.
fn only_slips(old: &[Word], new: &[Word]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(a, b)| a == b || slip(a, b))
}

fn slip(a: &Word, b: &Word) -> bool {
    let (Word::Plain { folded: a, .. }, Word::Plain { folded: b, .. }) = (a, b) else {
        return false;
    };
    !claims::counts(a)
        && !claims::counts(b)
        // An identifier names one thing and no other.
        && ![a, b].iter().any(|word| word.contains(|c: char| c == '_' || c.is_ascii_digit()))
        && a.chars().count().min(b.chars().count()) >= 4
        && (strsim::osa_distance(a, b) <= 1 || claims::stem(a) == claims::stem(b))
}

/// Words that stand for others in a sentence that is otherwise the same.
fn exchanged(old: &str, new: &str) -> Vec<Claim> {
    let (before, now) = (sentences(old), sentences(new));
    let gone: Vec<_> = before
        .iter()
        .filter(|sentence| !now.contains(sentence))
        .collect();
    let came: Vec<_> = now
        .iter()
        .filter(|sentence| !before.contains(sentence))
        .collect();
    let mut claims = Vec::new();
    for a in &gone {
        for b in &came {
            if a.len() < 3 || a.len() != b.len() {
                continue;
            }
            let differing: Vec<_> = a
                .iter()
                .zip(b.iter())
                .filter(|(a, b)| a != b && !slip(a, b))
                .collect();
            if let [(Word::Plain { shown: from, .. }, Word::Plain { shown: to, .. })] =
                differing.as_slice()
            {
                claims.push(claims::word(from, to));
            }
        }
    }
    claims
}

/// How often each thing occurs, for comparing texts as bags.
fn count<'a>(items: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::change::ClaimKind;

    fn tool(old: &str, new: &str) -> Edit {
        edit(TextOf::Tool, old, new)
    }

    fn kinds(edit: Edit) -> Vec<ClaimKind> {
        match edit {
            Edit::Claim(claims) => claims.into_iter().map(|claim| claim.kind).collect(),
            other => panic!("no claim but {other:?}"),
        }
    }

    #[test]
    fn dress_is_no_change() {
        for (old, new) in [
            ("Reads a file.", "reads  a **file**"),
            ("Returns the host", "Returns the hosts"),
            ("Lists the enviroment", "Lists the environment"),
            ("Reads `path`", "Reads 'path'"),
            ("", "  "),
        ] {
            assert_eq!(tool(old, new), Edit::Reworded, "{old} -> {new}");
        }
    }

    #[test]
    fn a_limit_that_moved_is_named() {
        assert_eq!(
            tool(
                "Reads a file. Maximum file size: 10MB.",
                "Reads a file. Maximum file size: 50 MB."
            ),
            Edit::Limit {
                subject: "Maximum file size".into(),
                from: "10MB".into(),
                to: "50MB".into()
            }
        );
        let edit = edit(TextOf::Input, "Up to 10 items", "Up to 20 items");
        assert!(
            matches!(edit, Edit::Limit { from, to, .. } if from == "10 items" && to == "20 items")
        );
    }

    #[test]
    fn claims_are_never_slips() {
        assert_eq!(
            kinds(tool("You must not call it", "You must call it")),
            [ClaimKind::Obligation]
        );
        assert_eq!(
            kinds(tool("Reads a file", "Reads a file and deletes it")),
            [ClaimKind::SideEffect]
        );
        assert_eq!(
            kinds(tool("See https://a.example/x", "See https://b.example/x")),
            [ClaimKind::Destination]
        );
        assert_eq!(
            kinds(tool(
                "Searches the public index",
                "Searches the private index"
            )),
            [ClaimKind::Word]
        );
        assert_eq!(
            kinds(tool("Up to 10 or 20", "Up to 11 or 21")),
            [ClaimKind::Quantity]
        );
    }

    #[test]
    fn other_words_are_other_words() {
        assert_eq!(
            tool("Reads a file", "Reads the whole file from the folder"),
            Edit::Changed
        );
        assert_eq!(
            edit(TextOf::Input, "The public index", "The private index"),
            Edit::Changed
        );
        assert_eq!(tool("1. Read\n2. List", "- Read\n- List"), Edit::Reworded);
    }
}
