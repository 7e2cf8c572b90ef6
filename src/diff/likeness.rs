//! How alike two texts or two names are, by their words.
//!
//! A likeness is a percentage; 100 is kept for what is the same word by word. Nothing here knows what a word means.

use std::cmp::Ordering;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::text;
use super::text_fact::{Claim, ClaimKind, Edit, TextOf};

/// From how many words on their order is not looked at: texts of that length come from nobody who renames a tool.
const LONG: usize = 400;

/// Words that may stand for each other without another thing being meant.
const ARTICLES: [&str; 6] = ["a", "an", "each", "the", "this", "your"];

/// A text as its words, ready to be compared with many others.
#[derive(Debug, Clone)]
pub(super) struct Prose<'a> {
    text: &'a str,
    words: Vec<String>,
    sorted: Vec<String>,
}

impl<'a> Prose<'a> {
    /// Reads a text; one that is missing has no words.
    pub(super) fn of(text: Option<&'a str>) -> Self {
        let text = text.unwrap_or_default();
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let mut sorted = words.clone();
        sorted.sort_unstable();
        Self {
            text,
            words,
            sorted,
        }
    }

    /// The words in order, in lower case.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// How alike two texts are, in per cent; less than `least` may be told as any smaller number.
    pub(super) fn alike(&self, other: &Self, least: u8) -> u8 {
        if self.words == other.words {
            return 100;
        }
        let total = self.words.len() + other.words.len();
        let shared = percent(2 * common(&self.sorted, &other.sorted), total);
        if shared < least || self.words.len().max(other.words.len()) > LONG {
            return shared.min(99);
        }
        let kept: usize = capture_diff_slices(Algorithm::Myers, &self.words, &other.words)
            .iter()
            .map(|step| match step {
                DiffOp::Equal { len, .. } => *len,
                _ => 0,
            })
            .sum();
        percent(2 * kept, total).min(99)
    }

    fn says(&self, word: &str) -> bool {
        let stem = |text: &str| text.chars().count() >= 4;
        self.words.iter().any(|other| {
            other == word
                || (stem(word) && other.starts_with(word))
                || (stem(other) && word.starts_with(other.as_str()))
        })
    }
}

/// A name as its words: `readFile`, `read_file` and `Read-File` are the same two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    sorted: Vec<String>,
}

impl Name {
    /// Reads a name.
    pub(super) fn of(name: &str) -> Self {
        let mut sorted: Vec<String> = Vec::new();
        let mut word = String::new();
        let mut lower = false;
        for c in name.chars() {
            if !c.is_alphanumeric() || (lower && c.is_uppercase()) {
                sorted.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
            lower = c.is_lowercase() || c.is_numeric();
        }
        sorted.extend(Some(word).filter(|word| !word.is_empty()));
        sorted.sort_unstable();
        Self { sorted }
    }

    /// The words, sorted, as one key.
    pub(super) fn key(&self) -> String {
        self.sorted.join(" ")
    }

    /// How many of the words of two names are the same, in per cent.
    pub(super) fn alike(&self, other: &Self) -> u8 {
        let total = self.sorted.len() + other.sorted.len();
        percent(2 * common(&self.sorted, &other.sorted), total)
    }

    /// Whether one of two names is the other with words added, or in another spelling.
    fn extends(&self, other: &Self) -> bool {
        let least = self.sorted.len().min(other.sorted.len());
        least > 0 && common(&self.sorted, &other.sorted) == least
    }

    /// The words that another name has not.
    fn own<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = &'s String> {
        let words = self.sorted.iter();
        words.filter(|word| word.chars().count() >= 3 && !other.sorted.contains(word))
    }
}

/// Whether two texts that are nearly the same speak of two things all the same: `list_users` and `list_groups`
/// differ in what their names say, and so do two tools of which one enables and the other disables.
pub(super) fn speak_of_two(old: (&Name, &Prose<'_>), new: (&Name, &Prose<'_>)) -> bool {
    if old.0.extends(new.0) || old.1.words == new.1.words {
        return false;
    }
    let gave_up = |(name, prose): (&Name, &Prose<'_>), (other, instead): (&Name, &Prose<'_>)| {
        name.own(other)
            .any(|word| prose.says(word) && !instead.says(word))
    };
    if gave_up(old, new) && gave_up(new, old) {
        return true;
    }
    let tells_apart = |claim: &Claim| match claim.kind {
        ClaimKind::Word => {
            let mut words = claim.old.iter().chain(&claim.new);
            !words.all(|word| ARTICLES.contains(&word.to_lowercase().as_str()))
        }
        kind => kind == ClaimKind::SideEffect,
    };
    match text::edit(TextOf::Tool, "", old.1.text, new.1.text) {
        Edit::Claim(claims) => claims.iter().any(tells_apart),
        _ => false,
    }
}

/// How many elements two sorted lists have in common, counted as often as both have them.
pub(super) fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut found) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                (i, j, found) = (i + 1, j + 1, found + 1);
            }
        }
    }
    found
}

/// A share in whole per cent, rounded down.
pub(super) fn percent(part: usize, whole: usize) -> u8 {
    let share = (part * 100).checked_div(whole).unwrap_or(100);
    u8::try_from(share.min(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> u8 {
        Prose::of(Some(a)).alike(&Prose::of(Some(b)), 0)
    }

    fn two(old: (&str, &str), new: (&str, &str)) -> bool {
        let side = |(name, text): (&str, &'static str)| (Name::of(name), Prose::of(Some(text)));
        let old: (&str, &'static str) = (old.0, String::leak(old.1.to_owned()));
        let new: (&str, &'static str) = (new.0, String::leak(new.1.to_owned()));
        let ((a, b), (c, d)) = (side(old), side(new));
        speak_of_two((&a, &b), (&c, &d))
    }

    #[test]
    fn words_count_and_dress_does_not() {
        assert_eq!(alike("Reads a *file*.", "reads a file"), 100);
        assert_eq!(
            alike("Reads a file from the shelf", "Reads a file from a shelf"),
            83
        );
        assert_eq!(alike("one two", "three four"), 0);
        assert_eq!(
            alike(&"word ".repeat(500), &("word ".repeat(499) + "other")),
            99
        );
    }

    #[test]
    fn spellings_of_a_name_are_one_name() {
        for name in ["readFile", "read_file", "Read-File", "file.read"] {
            assert_eq!(Name::of(name).key(), "file read", "{name}");
        }
        assert_eq!(
            Name::of("list_users").alike(&Name::of("acme_list_users")),
            80
        );
    }

    #[test]
    fn siblings_are_two_things() {
        let users = ("list_users", "Lists all users of the workspace by name.");
        let groups = ("list_groups", "Lists all groups of the workspace by name.");
        assert!(two(users, groups));
        assert!(two(
            ("on", "Enables the firewall of a host."),
            ("off", "Disables the firewall of a host.")
        ));
        assert!(!two(
            users,
            (
                "people",
                "Lists all users of the workspace by name and mail."
            )
        ));
        assert!(!two(
            users,
            (
                "acme_list_users",
                "Lists all members of the workspace by name."
            )
        ));
    }
}
