//! Text as words, quantities and destinations, without its dress.

/// One word of a text. Equality is equality without case and dress.
#[derive(Debug, Clone)]
pub(super) enum Word {
    /// A word.
    Plain {
        /// In lower case.
        folded: String,
        /// As it was written.
        shown: String,
        /// Whether a sentence ends with it.
        ends: bool,
    },
    /// A number with its unit.
    Quantity {
        /// The number and its unit as they are shown: `10MB`, `30 days`.
        text: String,
    },
    /// A URL, a host or an e-mail address.
    Destination(String),
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plain { folded: a, .. }, Self::Plain { folded: b, .. }) => a == b,
            (Self::Quantity { text: a }, Self::Quantity { text: b }) => a.eq_ignore_ascii_case(b),
            (Self::Destination(a), Self::Destination(b)) => a == b,
            _ => false,
        }
    }
}

/// The words of a text in order, without white space, punctuation and Markdown dress.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    for line in text.lines() {
        let mut first = true;
        for piece in line.split_whitespace() {
            // The number of a list entry counts nothing.
            let ordinal = first && is_ordinal(piece);
            first = first && !piece.contains(char::is_alphanumeric);
            if !ordinal {
                split(piece, &mut found);
            }
        }
        end_sentence(&mut found);
    }
    join_units(found)
}

/// The sentences of a text, each as its words; an empty one is none.
pub(super) fn sentences(text: &str) -> Vec<Vec<Word>> {
    let mut sentences = vec![Vec::new()];
    for word in words(text) {
        let ends = matches!(&word, Word::Plain { ends: true, .. });
        sentences
            .last_mut()
            .expect("there is always one")
            .push(word);
        if ends {
            sentences.push(Vec::new());
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn is_ordinal(piece: &str) -> bool {
    piece
        .strip_suffix(['.', ')'])
        .is_some_and(|number| number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Splits what stands between two spaces.
fn split(piece: &str, found: &mut Vec<Word>) {
    let bare = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    if is_destination(bare) {
        found.push(Word::Destination(bare.trim_end_matches('/').to_owned()));
        if piece.ends_with(['.', '!', '?']) {
            end_sentence(found);
        }
        return;
    }
    let chars: Vec<char> = piece.chars().collect();
    let mut index = 0;
    while index < chars.len() {
        let c = chars[index];
        if is_part(c) {
            let start = index;
            while index < chars.len() && (is_part(chars[index]) || joins(&chars, index)) {
                index += 1;
            }
            let mut text: String = chars[start..index].iter().collect();
            if text.starts_with(|c: char| c.is_ascii_digit()) {
                if let Some(sign) = start.checked_sub(1).map(|before| chars[before])
                    && (matches!(sign, '<' | '>' | '≤' | '≥' | '$' | '€' | '£')
                        || (sign == '-' && start == 1))
                {
                    text.insert(0, sign);
                }
                if chars.get(index) == Some(&'%') {
                    text.push('%');
                }
                found.push(Word::Quantity { text });
            } else {
                let folded = text.to_lowercase();
                let possessive = folded
                    .strip_suffix("'s")
                    .or_else(|| folded.strip_suffix("\u{2019}s"));
                found.push(Word::Plain {
                    folded: possessive.unwrap_or(&folded).to_owned(),
                    shown: text,
                    ends: false,
                });
            }
        } else {
            if matches!(c, '.' | '!' | '?' | '。' | ':' | ';')
                && index + 1 == chars.len()
                && c != ':'
            {
                end_sentence(found);
            }
            index += 1;
        }
    }
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a sign belongs to the word around it: `1.5`, `1,000`, `don't`.
fn joins(chars: &[char], index: usize) -> bool {
    let (Some(before), Some(after)) =
        (index.checked_sub(1).map(|i| chars[i]), chars.get(index + 1))
    else {
        return false;
    };
    match chars[index] {
        '.' | ',' => before.is_ascii_digit() && after.is_ascii_digit(),
        '\'' | '\u{2019}' => before.is_alphabetic() && after.is_alphabetic(),
        // A character that shows nothing does not part a word, and is not lost either.
        c => !c.is_whitespace() && !c.is_ascii() && !c.is_alphanumeric() && is_invisible(c),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn is_destination(text: &str) -> bool {
    let is_mail = |text: &str| {
        text.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && host.contains('.') && !host.contains('@')
        })
    };
    text.contains("://") || text.starts_with("www.") || is_mail(text)
}

fn end_sentence(found: &mut [Word]) {
    if let Some(Word::Plain { ends, .. }) = found.last_mut() {
        *ends = true;
    }
}

/// Puts a unit that stands apart to its number: `10 MB` and `10MB` are one quantity.
fn join_units(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        if let (Some(Word::Quantity { text }), Word::Plain { folded, shown, .. }) =
            (joined.last_mut(), &word)
            && text.ends_with(|c: char| c.is_ascii_digit())
        {
            if SHORT_UNITS.contains(&folded.as_str()) {
                text.push_str(shown);
                continue;
            }
            if LONG_UNITS.contains(&folded.trim_end_matches('s')) {
                text.push(' ');
                text.push_str(shown);
                continue;
            }
        }
        joined.push(word);
    }
    joined
}

const SHORT_UNITS: [&str; 14] = [
    "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "ms", "s", "sec", "min", "px", "k",
];

const LONG_UNITS: [&str; 16] = [
    "byte",
    "kilobyte",
    "megabyte",
    "gigabyte",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "year",
    "character",
    "token",
    "item",
    "percent",
];
