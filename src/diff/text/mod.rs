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
mod told;
mod units;
mod verbs;
mod words;

use super::text_fact::{Claim, ClaimKind, Edit, TextOf};
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

/// Whether a name says it of its thing.
pub(super) fn name_acts(name: &str) -> bool {
    effects::name_acts(name)
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
    let signs = words[..at]
        .last()
        .is_some_and(|word| word.shown.chars().all(words::is_unspaced));
    let shown = named.count().min(if signs { 12 } else { 4 });
    let mut subject = &words[at - shown..at];
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
    use proptest::prelude::*;

    fn tool(old: &str, new: &str) -> Edit {
        edit(TextOf::Tool, "thing", old, new)
    }

    fn parameter(old: &str, new: &str) -> Edit {
        edit(TextOf::Input, "", old, new)
    }

    fn kinds(edit: Edit) -> Vec<ClaimKind> {
        match edit {
            Edit::Claim(claims) => claims.into_iter().map(|claim| claim.kind).collect(),
            Edit::Limit { .. } => vec![ClaimKind::Quantity],
            _ => Vec::new(),
        }
    }

    #[test]
    fn dress_is_no_change() {
        for (old, new) in [
            ("Reads a file.", "reads  a **file**"),
            (
                "Reads the page (see [here](https://a.example/x))",
                "Reads the page, see here: https://a.example/x",
            ),
            ("Returns the host", "Returns the hosts"),
            ("Deletes the file", "Delete the file"),
            ("Lists the enviroment", "Lists the environment"),
            ("Lists teh files", "Lists the files"),
            ("Reads `path`", "Reads 'path'"),
            ("Reads \u{201c}all\u{201d} of it", "Reads \"all\" of it"),
            ("Up to 10 MB", "Up to 10MB"),
            ("Up to 30 seconds", "Up to 30s"),
            ("At most 1,000 rows", "At most 1000 rows"),
            ("Opens the caf\u{e9}", "Opens the cafe\u{301}"),
            ("Finds the file", "Finds the \u{fb01}le"),
            ("Up to 10MB", "Up to \u{ff11}\u{ff10}MB"),
            (
                "A long line that was wrapped at some column, here,\nand goes on.",
                "A long line that was wrapped at some column, here, and goes on.",
            ),
            ("1. Read\n2. List", "- Read\n- List"),
            (
                "\u{8bfb}\u{53d6}\u{6587}\u{4ef6}\u{3002}",
                "\u{8bfb}\u{53d6}\u{6587}\u{4ef6}",
            ),
            ("", "  "),
        ] {
            assert_eq!(tool(old, new), Edit::Reworded, "{old} -> {new}");
        }
    }

    #[test]
    fn a_limit_that_moved_is_named() {
        let named = |edit: Edit| match edit {
            Edit::Limit { subject, from, to } => format!("{subject}: {from} -> {to}"),
            other => panic!("no limit but {other:?}"),
        };
        for (old, new, moved) in [
            (
                "Reads a file. Maximum file size: 10MB.",
                "Reads a file. Maximum file size: 50 MB.",
                "Maximum file size: 10MB -> 50MB",
            ),
            (
                "Maximum file size is 10MB. Reads text.",
                "Maximum file size is 50MB. Reads all text.",
                "Maximum file size: 10MB -> 50MB",
            ),
            (
                "Cached for ten minutes",
                "Cached for two hours",
                "Cached for: ten minutes -> two hours",
            ),
            (
                "Waits up to 30 seconds",
                "Waits up to 30 minutes",
                "Waits: 30 seconds -> 30 minutes",
            ),
            (
                "\u{5d2}\u{5d5}\u{5d3}\u{5dc} \u{5de}\u{5e8}\u{5d1}\u{5d9}: 10MB",
                "\u{5d2}\u{5d5}\u{5d3}\u{5dc} \u{5de}\u{5e8}\u{5d1}\u{5d9}: 50MB",
                "\u{5d2}\u{5d5}\u{5d3}\u{5dc} \u{5de}\u{5e8}\u{5d1}\u{5d9}: 10MB -> 50MB",
            ),
            (
                "\u{6700}\u{5927}\u{6587}\u{4ef6}10MB\u{3002}",
                "\u{6700}\u{5927}\u{6587}\u{4ef6}50MB\u{3002}",
                "\u{6700}\u{5927}\u{6587}\u{4ef6}: 10MB -> 50MB",
            ),
        ] {
            assert_eq!(named(tool(old, new)), moved);
            assert_eq!(named(parameter(old, new)), moved);
        }
    }

    #[test]
    fn a_claim_is_named_by_its_kind() {
        use ClaimKind::{
            Default, Destination, Error, Format, Name, Obligation, Quantity, SideEffect, Word,
        };
        for (old, new, kind) in [
            ("Lists up to 10 or 20", "Lists up to 20 or 10", Quantity),
            ("Lists notes", "Lists notes, 20 a page", Quantity),
            ("You must not call it", "You must call it", Obligation),
            (
                "Lists the notes",
                "Lists the notes. Only admins are served.",
                Obligation,
            ),
            (
                "Reads a note",
                "Reads a note. Requires the scope notes.read.",
                Obligation,
            ),
            (
                "Reads a note",
                "Reads a note. Callers may read all notes.",
                Obligation,
            ),
            ("Writing is allowed", "Writing is not allowed", Obligation),
            ("Reads a file", "Reads a file and deletes it", SideEffect),
            (
                "Reads a file",
                "Reads a file. Parent folders are created.",
                SideEffect,
            ),
            (
                "See https://a.example/x",
                "See https://b.example/x",
                Destination,
            ),
            (
                "Reads the notes",
                "Reads the notes of notes.evil.example",
                Destination,
            ),
            (
                "Reads the notes",
                "Reads the notes. Write to me@notes.example.",
                Destination,
            ),
            (
                "Reads the notes",
                "Reads the notes and ~/.ssh/id_rsa too",
                Destination,
            ),
            ("Reads C:\\notes\\all", "Reads D:\\notes\\all", Destination),
            (
                "Sorts by name by default",
                "Sorts by date by default",
                Default,
            ),
            (
                "The order, default: name",
                "The order, default: date",
                Default,
            ),
            (
                "Lists notes",
                "Lists notes. The order defaults to date.",
                Default,
            ),
            (
                "Returns the notes as JSON",
                "Returns the notes as CSV",
                Format,
            ),
            ("The day as YYYY-MM-DD", "The day as DD-MM-YYYY", Format),
            ("The day as ISO 8601", "The day as RFC 3339", Format),
            ("Lists the times", "Lists the times in UTC", Format),
            ("Reads a note", "Reads a note. Raises NotFoundError.", Error),
            (
                "Reads a note",
                "Reads a note. Returns an error when it is gone.",
                Error,
            ),
            (
                "Reads a note",
                "Reads a note. Answers with HTTP 404.",
                Error,
            ),
            (
                "Reads a note",
                "Reads a note. First call `send_note` with it.",
                Name,
            ),
            (
                "Searches the public index",
                "Searches the private index",
                Word,
            ),
            (
                "\u{8bfb}\u{53d6}\u{516c}\u{5f00}\u{6587}\u{4ef6}",
                "\u{8bfb}\u{53d6}\u{79c1}\u{6709}\u{6587}\u{4ef6}",
                Word,
            ),
            (
                "\u{4e0d}\u{8981}\u{5220}\u{9664}\u{6587}\u{4ef6}\u{3002}",
                "\u{5220}\u{9664}\u{6587}\u{4ef6}\u{3002}",
                Obligation,
            ),
            (
                "\u{524a}\u{9664}\u{3057}\u{307e}\u{305b}\u{3093}\u{3002}",
                "\u{524a}\u{9664}\u{3057}\u{307e}\u{3059}\u{3002}",
                Obligation,
            ),
            (
                "\u{c0ad}\u{c81c}\u{d558}\u{c9c0} \u{b9c8}\u{c138}\u{c694}",
                "\u{c0ad}\u{c81c}\u{d558}\u{c138}\u{c694}",
                Obligation,
            ),
            (
                "\u{644}\u{627} \u{62a}\u{62d}\u{630}\u{641} \u{627}\u{644}\u{645}\u{644}\u{641}",
                "\u{62a}\u{62d}\u{630}\u{641} \u{627}\u{644}\u{645}\u{644}\u{641}",
                Obligation,
            ),
            (
                "Die Datei wird nicht gelesen",
                "Die Datei wird gelesen",
                Obligation,
            ),
            (
                "\u{41d}\u{435} \u{443}\u{434}\u{430}\u{43b}\u{44f}\u{435}\u{442} \u{444}\u{430}\u{439}\u{43b}",
                "\u{423}\u{434}\u{430}\u{43b}\u{44f}\u{435}\u{442} \u{444}\u{430}\u{439}\u{43b}",
                Obligation,
            ),
        ] {
            let found = kinds(tool(old, new));
            assert!(found.contains(&kind), "{old} -> {new}: {found:?}");
        }
    }

    #[test]
    fn other_words_make_no_claim() {
        for (old, new) in [
            ("Reads a file", "Reads the whole file from the folder"),
            ("Reads a file.", "Reads a file. It is a text."),
            // What was said already, elsewhere or in another form.
            ("Only reads. Up to 10 items.", "Up to 10 items. Only reads."),
            (
                "Removes a note.",
                "Takes a note away. The note is deleted for good.",
            ),
            // What shows, and what tells of circumstances.
            (
                "Reads a page.",
                "Reads a page.\n\n```json\n{\"limit\": 5, \"id\": \"550e8400-e29b\"}\n```",
            ),
            (
                "Reads a page.",
                "Reads a page (e.g. page 5, never the cover).",
            ),
            (
                "Reads a page.",
                "Reads a page.\nExample: must read page 7 of https://example.com/x",
            ),
            (
                "Reads a page.",
                "Reads a page. Takes the cover where the page is not given.",
            ),
            (
                "Reads a page.",
                "Reads a page. Speaks version 3 of the protocol.",
            ),
            // Nouns and adjectives that look like verbs, and verbs of others.
            (
                "Lists the pages.",
                "Lists the indexed pages of an open store.",
            ),
            (
                "Lists the pages.",
                "Lists the pages for users who want to delete one.",
            ),
        ] {
            assert_eq!(tool(old, new), Edit::Changed, "{old} -> {new}");
        }
        assert_eq!(
            edit(
                TextOf::Tool,
                "delete_note",
                "Takes a note away",
                "Now deletes a note for good"
            ),
            Edit::Changed
        );
    }

    #[test]
    fn of_a_parameter_only_what_can_be_counted_is_a_claim() {
        for (old, new) in [
            ("The public index", "The private index"),
            ("The file", "The file that it deletes"),
            ("The file", "The file; raises NotFoundError"),
            ("The file", "The file, as `send_note` tool reads it"),
            ("The file in /etc/notes", "The file in /srv/notes"),
        ] {
            assert_eq!(parameter(old, new), Edit::Changed, "{old} -> {new}");
        }
        for (old, new) in [
            ("The file", "The file, up to 10MB"),
            ("The file", "The file, never a folder"),
            ("The file", "The file at https://a.example/x"),
            ("Sorted by name by default", "Sorted by date by default"),
            ("The day as YYYY-MM-DD", "The day as DD-MM-YYYY"),
        ] {
            assert!(!kinds(parameter(old, new)).is_empty(), "{old} -> {new}");
        }
    }

    #[test]
    fn the_work_grows_with_the_length() {
        let long = |word: &str, count: usize| word.repeat(count);
        for (old, new) in [
            (long("not ", 4_000), long("must ", 4_000)),
            (long("400 error ", 2_000), long("404 error ", 2_000)),
            (
                long("Reads all notes. ", 2_000),
                long("Reads no notes. ", 2_000),
            ),
            (long("`a-b-", 4_000), long("`a-c-", 4_000)),
            (long("\u{5220}", 4_000), long("\u{4e0d}", 4_000)),
        ] {
            assert!(!kinds(tool(&old, &new)).is_empty() || tool(&old, &new) == Edit::Changed);
        }
    }

    /// Words between which a number may stand.
    fn prose() -> impl Strategy<Value = Vec<String>> {
        let word = prop::sample::select(vec![
            "reads",
            "the",
            "file",
            "Note",
            "maximum",
            "size",
            "must",
            "not",
            "e.g.",
            "version",
            "default",
            "returns",
            "deletes",
            "if",
            "for",
            "example",
            "(see",
            "it)",
            "JSON",
            "\u{5220}\u{9664}",
            "\u{5dc}\u{5d0}",
            "every",
            "up",
            "to",
        ]);
        prop::collection::vec(word.prop_map(str::to_owned), 1..24)
    }

    proptest! {
        #[test]
        fn another_dress_is_never_more_than_wording(words in prose(), dress in prop::collection::vec(0..7_usize, 24)) {
            let old = words.join(" ");
            let dressed = words.iter().zip(dress).map(|(word, dress)| match dress {
                0 => format!("**{word}**"),
                1 => format!("`{word}`"),
                2 => word.to_uppercase(),
                3 => format!("{word}  "),
                4 => format!("_{word}_").replace('_', "*"),
                5 => format!("{word},"),
                _ => word.clone(),
            });
            let new = dressed.collect::<Vec<_>>().join(" ");
            prop_assert!(matches!(tool(&old, &new), Edit::Reworded), "{old} -> {new}");
            prop_assert!(matches!(parameter(&old, &new), Edit::Reworded), "{old} -> {new}");
        }

        #[test]
        fn another_number_is_always_a_claim(words in prose(), at in 0..24_usize, old in 0..2_000_u32, by in 1..2_000_u32, unit in prop::sample::select(vec!["", "MB", " seconds", "%", " files"])) {
            let text = |number: u32| {
                let mut words = words.clone();
                words.insert(at.min(words.len()), format!("{number}{unit}"));
                format!("It {}.", words.join(" "))
            };
            prop_assert!(!kinds(tool(&text(old), &text(old + by))).is_empty(), "{}", text(old));
            prop_assert!(!kinds(parameter(&text(old), &text(old + by))).is_empty(), "{}", text(old));
        }
    }
}
