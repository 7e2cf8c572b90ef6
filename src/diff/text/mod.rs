//! Two texts that a model or a person reads: what was done to one to get the other.
//!
//! Claims are looked for first, wording last, so that a changed limit never passes for a spelling mistake. Nothing
//! here understands language; it counts what can be counted.

mod claims;
mod compare;
mod effects;
mod lexicon;
mod places;
mod sentences;
mod table;
mod units;
mod verbs;
mod words;

use super::change::{Claim, ClaimKind, Edit, TextOf};
use sentences::{Pairing, Text};
use words::{Kind, normal};

/// What was done to a text of something called NAME. The two differ.
pub(super) fn edit(of: TextOf, name: &str, old: &str, new: &str) -> Edit {
    match (is_blank(old), is_blank(new)) {
        (true, true) => return Edit::Reworded,
        (true, false) => return Edit::Added,
        (false, true) => return Edit::Removed,
        (false, false) => {}
    }
    let (old, new) = (normal(old), normal(new));
    let (old, new) = (sentences::read(&old), sentences::read(&new));
    if compare::only_slips(&old.words, &new.words) {
        return Edit::Reworded;
    }
    let is_prose = reads_as_prose(of);
    let pairing = sentences::pair(&old, &new);
    let mut claims = compare::differing(&old, &new, &pairing, name, is_prose);
    if is_prose {
        claims.extend(compare::new_effects(name, &old, &new));
    }
    match claims.as_slice() {
        [] => Edit::Changed,
        [claim] => limit(claim, &old, &new, &pairing).unwrap_or(Edit::Claim(claims)),
        _ => Edit::Claim(claims),
    }
}

/// Whether a text says of its thing that it sends, writes, deletes, pays or executes.
pub(super) fn says_it_acts(text: &str) -> bool {
    effects::says_it_acts(&sentences::read(&normal(text)))
}

/// A blank text has nothing that a reader could see or a model could read as a word.
fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Of parameters and results only what can be counted is a claim; a word exchanged there is wording.
fn reads_as_prose(of: TextOf) -> bool {
    !matches!(of, TextOf::Input | TextOf::Output | TextOf::PromptArgument)
}

/// Words before a number that are no part of what it counts.
const LEADS_TO_A_NUMBER: [&str; 13] = [
    "is", "are", "of", "to", "was", "up", "at", "than", "by", "a", "an", "the", "g",
];

/// The one quantity that moved, where no other claim is different.
fn limit(claim: &Claim, old: &Text<'_>, new: &Text<'_>, pairing: &Pairing) -> Option<Edit> {
    let ([from], [to], ClaimKind::Quantity) =
        (claim.old.as_slice(), claim.new.as_slice(), claim.kind)
    else {
        return None;
    };
    let (words, at) = pairing.pairs.iter().find_map(|(a, b)| {
        let (a, b) = (old.of(&old.sentences[*a]), new.of(&new.sentences[*b]));
        let moved = |word: &words::Word<'_>| word.kind == Kind::Quantity && word.shown == *from;
        let at = (0..a.len()).find(|at| moved(&a[*at]) && b.get(*at) != Some(&a[*at]))?;
        Some((a, at))
    })?;
    let before = words[..at].iter().rev().enumerate();
    let named = before.take_while(|(back, word)| {
        let parted = matches!(word.after, Some('(' | ',' | ';' | '.'))
            || *back > 0 && word.after == Some(':');
        word.kind == Kind::Plain && !parted
    });
    let mut subject = &words[at - named.count().min(4)..at];
    while let Some((last, rest)) = subject.split_last()
        && LEADS_TO_A_NUMBER.contains(&&*last.folded)
    {
        subject = rest;
    }
    Some(Edit::Limit {
        subject: claims::shown(subject),
        from: from.clone(),
        to: to.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::change::ClaimKind;

    fn tool(old: &str, new: &str) -> Edit {
        edit(TextOf::Tool, "thing", old, new)
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
        let edit = edit(TextOf::Input, "thing", "Up to 10 items", "Up to 20 items");
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
            edit(
                TextOf::Input,
                "thing",
                "The public index",
                "The private index"
            ),
            Edit::Changed
        );
        assert_eq!(tool("1. Read\n2. List", "- Read\n- List"), Edit::Reworded);
    }
}
