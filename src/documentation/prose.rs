//! Whether a description says anything: more than nothing, more than the name, and enough.

use unicode_segmentation::UnicodeSegmentation as _;

/// What there is of a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// None, a blank one, or one without a word.
    Nothing,
    /// The words of the name again, or less.
    Name,
    /// Something, though not enough for a sentence.
    Little,
    /// Enough.
    Enough,
}

/// Words that add nothing to a name: the articles, and what the thing is anyway.
const EMPTY_WORDS: [&str; 32] = [
    "a",
    "an",
    "and",
    "arg",
    "argument",
    "by",
    "field",
    "for",
    "from",
    "function",
    "given",
    "in",
    "input",
    "is",
    "it",
    "its",
    "mcp",
    "of",
    "on",
    "option",
    "optional",
    "param",
    "parameter",
    "prompt",
    "required",
    "resource",
    "the",
    "this",
    "to",
    "tool",
    "value",
    "with",
];

/// Fewer words than this make no sentence about what a tool does.
const SENTENCE_WORDS: usize = 4;

/// Fewer letters than this make none either.
const SENTENCE_LETTERS: usize = 16;

/// What a description says of something called `name`.
pub(super) fn said(description: Option<&str>, name: &str) -> Said {
    let text = description.unwrap_or_default();
    let words = words(text);
    if words.is_empty() {
        return Said::Nothing;
    }
    let known = self::words(name);
    let joined = known.concat();
    let adds_nothing = |word: &String| {
        EMPTY_WORDS.contains(&word.as_str())
            || known.iter().any(|known| same(known, word))
            || (word.len() > 3 && joined.contains(word.as_str()))
    };
    if words.iter().all(adds_nothing) {
        Said::Name
    } else if words.len() < SENTENCE_WORDS || letters(text) < SENTENCE_LETTERS {
        Said::Little
    } else {
        Said::Enough
    }
}

/// Whether a text shows a value that could be sent.
pub(super) fn shows_example(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "e.g",
        "for example",
        "for instance",
        "example:",
        "examples:",
        "example ",
        "such as",
        "例",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
}

/// Whether a text lists the values that are allowed: a phrase that announces them, and then at least two, each in
/// quotes or back-ticks.
pub(super) fn lists_values(text: &str) -> bool {
    let lower = text.to_lowercase();
    let announced = [
        "one of",
        "allowed values",
        "possible values",
        "valid values",
        "must be either",
        "options are",
    ]
    .iter()
    .filter_map(|phrase| lower.find(phrase))
    .min();
    let Some(from) = announced else {
        return false;
    };
    let rest = &lower[from..];
    let rest = rest.split("e.g").next().unwrap_or_default();
    ['"', '\'', '`'].iter().any(|quote| {
        let parts: Vec<&str> = rest.split(*quote).collect();
        let values = parts.iter().skip(1).step_by(2);
        let closed = parts.len().saturating_sub(1) / 2;
        values
            .take(closed)
            .filter(|value| !value.is_empty() && value.len() <= 40 && !value.contains("  "))
            .count()
            >= 2
    })
}

/// The words of a text or name in lower case; `readFile`, `read_file` and `Read file` are the same two.
fn words(text: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut before = None;
    for char in text.chars() {
        if char.is_uppercase() && before.is_some_and(char::is_lowercase) {
            spaced.push(' ');
        }
        spaced.push(if char == '_' { ' ' } else { char });
        before = Some(char);
    }
    spaced.unicode_words().map(str::to_lowercase).collect()
}

/// Whether two words are one but for an ending: `issue` and `issues`, `get` and `gets`.
fn same(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short)
        .is_some_and(|end| ["", "s", "es", "d", "ed", "ing"].contains(&end))
}

/// The letters and digits; one that is a word by itself counts for four.
fn letters(text: &str) -> usize {
    text.chars()
        .filter(|char| char.is_alphanumeric())
        .map(|char| {
            if ('\u{2e80}'..='\u{d7ff}').contains(&char) {
                4
            } else {
                1
            }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_told_from_what_does() {
        for (text, expected) in [
            ("", Said::Nothing),
            (" \n", Said::Nothing),
            ("...", Said::Nothing),
            ("read_file", Said::Name),
            ("Read file", Said::Name),
            ("Reads the file.", Said::Name),
            ("A tool to read files", Said::Name),
            ("readFile tool", Said::Name),
            ("Reader", Said::Little),
            ("Reads text", Said::Little),
            ("Reads a text file and returns it.", Said::Enough),
            ("读取文件的内容", Said::Enough),
        ] {
            assert_eq!(said(Some(text), "read_file"), expected, "{text}");
        }
        assert_eq!(said(None, "x"), Said::Nothing);
        assert_eq!(said(Some("The ID of the user"), "user_id"), Said::Name);
        assert_eq!(said(Some("The issue's title"), "title"), Said::Little);
    }

    #[test]
    fn lists_of_values_are_recognised() {
        assert!(lists_values("Sort order: one of \"asc\", \"desc\""));
        assert!(lists_values("Must be either `open` or `closed`."));
        assert!(!lists_values("The name of one of your repositories"));
        assert!(!lists_values("One of the formats that \"date\" knows"));
    }

    #[test]
    fn examples_are_recognised() {
        assert!(shows_example("A city, e.g. Oslo"));
        assert!(!shows_example("A city"));
    }
}
