//! Text as words, quantities, destinations and paths, without its dress.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_general_category::{GeneralCategory, get_general_category};

use super::lexicon::NUMBERS;
use super::places::{is_date_form, is_host, is_mail, is_path, url};
use super::units;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A word.
    Plain,
    /// A number with its unit.
    Quantity,
    /// A URL, a host or an e-mail address.
    Destination,
    /// A place in a file system.
    Path,
}

/// One word of a text. Equality is equality without case and dress.
#[derive(Debug, Clone)]
pub(super) struct Word<'a> {
    /// What it is.
    pub kind: Kind,
    /// Without case; a number without the signs that group its digits, a unit by its short name.
    pub folded: Cow<'a, str>,
    /// As it was written.
    pub shown: Cow<'a, str>,
    /// The sign right before it, where there is one.
    pub before: Option<char>,
    /// The sign right after it, where there is one.
    pub after: Option<char>,
    /// Whether it stands in backquotes.
    pub is_code: bool,
    /// Whether a sentence ends with it.
    pub ends: bool,
}

impl PartialEq for Word<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.folded == other.folded
    }
}

/// The text in one Unicode form, so that two ways of writing a letter are one.
pub(super) fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfkc().normalize(text)
}

/// Puts the words of a line to FOUND, without white space, punctuation and Markdown dress. The line is in normal form.
pub(super) fn read_line<'a>(line: &'a str, found: &mut Vec<Word<'a>>) {
    let start = found.len();
    let mut pieces = line.split_whitespace().peekable();
    let mut first = true;
    let mut in_code = false;
    while let Some(piece) = pieces.next() {
        // The number of a list entry counts nothing.
        let ordinal = first && pieces.peek().is_some() && is_ordinal(piece);
        first = first && !piece.contains(char::is_alphanumeric);
        if !ordinal {
            Reader {
                found,
                start,
                in_code,
            }
            .piece(piece);
        }
        if piece.matches('`').count() % 2 == 1 {
            in_code = !in_code;
        }
    }
}

/// Whether the script of a character is written without spaces between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character shows nothing.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn is_ordinal(piece: &str) -> bool {
    piece
        .strip_suffix(['.', ')'])
        .is_some_and(|number| number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

struct Reader<'a, 'b> {
    found: &'b mut Vec<Word<'a>>,
    /// Where the words of this line start.
    start: usize,
    in_code: bool,
}

impl<'a> Reader<'a, '_> {
    /// Reads what stands between two spaces.
    fn piece(&mut self, piece: &'a str) {
        // Most pieces are a word and perhaps a sign.
        let letters = piece.bytes().take_while(|byte| byte.is_ascii_alphabetic());
        let (word, sign) = piece.split_at(letters.count());
        if !word.is_empty() && matches!(sign, "" | "." | "," | ";" | ":" | "!" | "?") {
            self.word(word, None, self.in_code);
            if let Some(sign) = sign.chars().next() {
                if let Some(last) = self.found.last_mut() {
                    last.after = Some(sign);
                }
                if is_stop(sign) {
                    self.end();
                }
            }
            return;
        }
        let mut rest = piece;
        // A destination may stand inside Markdown: `[page](https://…)`.
        while let Some((from, to)) = url(rest) {
            self.plain(&rest[..from]);
            self.whole(Kind::Destination, &rest[from..to], piece);
            rest = &rest[to..];
        }
        let bare = rest.trim_matches(|c: char| {
            !c.is_alphanumeric() && !matches!(c, '/' | '~' | '\\' | '.' | '%' | '$' | '_')
        });
        let bare = bare.trim_end_matches(['.', '%', '$']);
        if is_path(bare) {
            self.whole(Kind::Path, bare, rest);
        } else if is_mail(bare) || is_host(bare) {
            self.whole(Kind::Destination, bare.trim_end_matches('/'), rest);
        } else if is_date_form(bare) {
            self.whole(Kind::Plain, bare, rest);
        } else {
            self.plain(rest);
            return;
        }
        if ends_a_sentence(rest) {
            self.end();
        }
    }

    fn whole(&mut self, kind: Kind, text: &'a str, piece: &str) {
        let text = text.trim_end_matches(['/', '.', ',', ';', ':', '!', '?']);
        let folded = if kind == Kind::Destination || kind == Kind::Plain {
            fold(text)
        } else {
            Cow::Borrowed(text)
        };
        self.found.push(Word {
            kind,
            folded,
            shown: Cow::Borrowed(text),
            before: None,
            after: None,
            is_code: self.in_code || piece.contains('`'),
            ends: false,
        });
    }

    fn plain(&mut self, piece: &'a str) {
        let mut chars = piece.char_indices().peekable();
        let mut before = None;
        let mut ticks = 0;
        while let Some((from, c)) = chars.next() {
            if c == '`' {
                ticks += 1;
            }
            if !is_part(c) {
                if is_stop(c) {
                    let rest = &piece[from + c.len_utf8()..];
                    if !c.is_ascii() || !rest.contains(char::is_alphanumeric) {
                        self.end();
                    }
                }
                if let Some(last) = self.found[self.start..].last_mut()
                    && last.after.is_none()
                    && before.is_some_and(is_part)
                {
                    last.after = Some(c);
                }
                before = Some(c);
                continue;
            }
            let mut to = from + c.len_utf8();
            let mut last = c;
            let is_number = c.is_numeric();
            while let Some(&(at, next)) = chars.peek() {
                let after = piece[at + next.len_utf8()..].chars().next();
                let goes_on = if is_unspaced(next) || is_unspaced(c) {
                    is_unspaced(c) && is_mark(next)
                } else {
                    is_part(next) || joins(last, next, after, is_number)
                };
                if !goes_on {
                    break;
                }
                to = at + next.len_utf8();
                last = next;
                chars.next();
            }
            let text = &piece[from..to];
            let in_code = self.in_code != (ticks % 2 == 1);
            if is_number {
                let sign = quantity_sign(&piece[..from], before);
                let follows = piece[to..]
                    .chars()
                    .next()
                    .filter(|c| matches!(c, '%' | '+'));
                self.number(text, sign, follows, before, in_code);
            } else {
                self.word(text, before, in_code);
            }
            before = Some(last);
        }
    }

    fn number(
        &mut self,
        text: &'a str,
        sign: Option<char>,
        follows: Option<char>,
        before: Option<char>,
        is_code: bool,
    ) {
        let shown = match (sign, follows) {
            (None, None) => Cow::Borrowed(text),
            _ => Cow::Owned(
                sign.into_iter()
                    .chain(text.chars())
                    .chain(follows)
                    .collect(),
            ),
        };
        // `ISO 8601` and `RFC 3339` are names.
        if let Some(name) = self.last()
            && name.kind == Kind::Plain
            && matches!(&*name.folded, "iso" | "rfc")
        {
            name.folded = Cow::Owned(format!("{} {text}", name.folded));
            name.shown = Cow::Owned(format!("{} {text}", name.shown));
            return;
        }
        let folded = units::plain_quantity(&shown).map_or(shown.clone(), Cow::Owned);
        self.found.push(Word {
            kind: Kind::Quantity,
            folded,
            shown,
            before,
            after: None,
            is_code,
            ends: false,
        });
    }

    fn word(&mut self, text: &'a str, before: Option<char>, is_code: bool) {
        let folded = fold(text);
        // A unit that stands apart belongs to its number: `10 MB` and `10MB` are one quantity.
        if let Some(number) = self.last()
            && number.kind == Kind::Quantity
            && (number
                .folded
                .ends_with(|c: char| c.is_numeric() || c == '+')
                || NUMBERS.has(&number.folded))
            && let Some(unit) = units::unit(&folded)
        {
            let space = if text.len() <= 3 && unit == folded {
                ""
            } else {
                " "
            };
            let gap = if NUMBERS.has(&number.folded) { " " } else { "" };
            number.folded = Cow::Owned(format!("{}{gap}{unit}", number.folded));
            number.shown = Cow::Owned(format!("{}{space}{text}", number.shown));
            number.after = None;
            return;
        }
        let kind = if NUMBERS.has(&folded) {
            Kind::Quantity
        } else {
            Kind::Plain
        };
        self.found.push(Word {
            kind,
            folded,
            shown: Cow::Borrowed(text),
            before,
            after: None,
            is_code,
            ends: false,
        });
    }

    /// The word before on this line, in the same sentence.
    fn last(&mut self) -> Option<&mut Word<'a>> {
        self.found[self.start..]
            .last_mut()
            .filter(|word| !word.ends)
    }

    fn end(&mut self) {
        if let Some(word) = self.found[self.start..].last_mut() {
            let abbreviated = matches!(&*word.folded, "e" | "g" | "i" | "eg" | "ie" | "etc" | "vs");
            word.ends = word.ends || !abbreviated;
        }
    }
}

/// Lower case, a straight apostrophe, no possessive.
fn fold(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut folded = text.to_lowercase().replace('\u{2019}', "'");
    if folded.ends_with("'s") {
        folded.truncate(folded.len() - 2);
    }
    Cow::Owned(folded)
}

fn is_part(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c == '_'
    } else {
        c.is_alphanumeric() || is_mark(c)
    }
}

fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && !matches!(c, '\u{fe00}'..='\u{fe0f}')
        && matches!(
            get_general_category(c),
            GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark
        )
}

fn is_stop(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | ';' | '。' | '؟' | '۔' | '।' | '؛' | '\u{0589}' | '\u{1362}'
    )
}

fn ends_a_sentence(piece: &str) -> bool {
    let tail = piece.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_stop(c) && c != '/');
    tail.ends_with(is_stop)
}

/// Whether a sign belongs to the word around it: `1.5`, `1,000`, `1-100`, `don't`.
fn joins(before: char, sign: char, after: Option<char>, in_number: bool) -> bool {
    let digits = before.is_numeric() && after.is_some_and(char::is_numeric);
    match sign {
        '.' | ',' => digits,
        '-' | '\u{2013}' | ':' => digits && in_number,
        '\'' | '\u{2019}' => before.is_alphabetic() && after.is_some_and(char::is_alphabetic),
        // A character that shows nothing does not part a word, and is not lost either.
        c => is_invisible(c) && after.is_some(),
    }
}

/// The sign that says more of a number than the digits do.
fn quantity_sign(lead: &str, before: Option<char>) -> Option<char> {
    let sign = before?;
    if matches!(
        sign,
        '<' | '>' | '\u{2264}' | '\u{2265}' | '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}'
    ) {
        return Some(sign);
    }
    let stands_alone = !lead.contains(char::is_alphanumeric);
    (matches!(sign, '-' | '\u{2212}') && stands_alone).then_some('-')
}
