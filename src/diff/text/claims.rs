//! The claims that one sentence makes, each with how much weight it has.

use super::lexicon::{
    self, CALLERS, CONDITIONS, FORMATS, GLUED, LIGHT, NUMBERED, NUMBERS, OF_ACCESS, OF_ERRORS,
};
use super::sentences::{Sentence, Text};
use super::units;
use super::words::{Kind, Word, is_unspaced};
use crate::diff::text_fact::ClaimKind;

/// A claim that a sentence makes.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What it is about.
    pub kind: ClaimKind,
    /// The claim alone, for comparing a sentence with what became of it: `only`, `10mb`.
    pub bare: String,
    /// The claim with what it is said of, for comparing sentences that have nothing to do with each other.
    pub phrase: String,
    /// As a reader is told.
    pub shown: String,
    /// What it takes to report it.
    pub weight: Weight,
}

/// What it takes to report a claim that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It must stand in the place of another: an example shows and does not promise, a version only names.
    Exchanged,
    /// Its sentence must stand in both texts: a condition tells of circumstances.
    InPlace,
    /// Nothing: it counts wherever it comes or goes.
    Anywhere,
}

/// The claims of a sentence in order. Of what is no prose, only what the fine print of the specification lists.
pub(super) fn of(text: &Text<'_>, sentence: &Sentence, is_prose: bool) -> Vec<Found> {
    let words = text.of(sentence);
    let mut reader = Reader {
        words,
        example_from: sentence.example_from - sentence.words.start,
        is_heading: sentence.is_heading,
        is_prose,
        found: Vec::new(),
    };
    for (at, word) in words.iter().enumerate() {
        match word.kind {
            Kind::Quantity => reader.quantity(at),
            Kind::Destination => reader.destination(at),
            Kind::Path if is_prose => {
                let (folded, shown) = (&word.folded, word.shown.to_string());
                reader.add(at, ClaimKind::Destination, folded, shown, Weight::Anywhere);
            }
            Kind::Path => {}
            Kind::Plain => reader.plain(at),
        }
    }
    reader.glued();
    reader.found
}

/// A sentence while its claims are looked for.
pub(super) struct Reader<'a, 'b> {
    /// Its words.
    pub(super) words: &'b [Word<'a>],
    /// From which word on the sentence is an example.
    example_from: usize,
    is_heading: bool,
    is_prose: bool,
    found: Vec<Found>,
}

impl Reader<'_, '_> {
    /// Notes a claim that is the same whatever it is said of.
    pub(super) fn add(
        &mut self,
        at: usize,
        kind: ClaimKind,
        bare: &str,
        shown: String,
        weight: Weight,
    ) {
        self.add_said_of(at, kind, bare, String::new(), shown, weight);
    }

    fn add_said_of(
        &mut self,
        at: usize,
        kind: ClaimKind,
        bare: &str,
        of: String,
        shown: String,
        weight: Weight,
    ) {
        let weight = if at >= self.example_from {
            Weight::Exchanged
        } else {
            weight
        };
        self.found.push(Found {
            kind,
            bare: bare.to_owned(),
            phrase: format!("{bare} {of}"),
            shown,
            weight,
        });
    }

    /// A folded word; empty where there is none.
    pub(super) fn folded(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.folded)
    }

    /// The folded word so many before; empty where there is none.
    pub(super) fn back(&self, at: usize, by: usize) -> &str {
        at.checked_sub(by).map_or("", |at| self.folded(at))
    }

    /// The words near one.
    fn around(&self, at: usize) -> &[Word<'_>] {
        &self.words[at.saturating_sub(16)..(at + 16).min(self.words.len())]
    }

    /// The stem of the next word that says something.
    fn said_of(&self, at: usize) -> String {
        let mut rest = self.words[at + 1..].iter();
        rest.find(|word| !LIGHT.has(&word.folded))
            .map(|word| stem(&word.folded).to_owned())
            .unwrap_or_default()
    }

    /// A word with a few that follow, as they are written.
    pub(super) fn phrase(&self, at: usize, count: usize) -> String {
        let (from, to) = if at + 1 == self.words.len() {
            (at.saturating_sub(2), at + 1)
        } else {
            (at, (at + count).min(self.words.len()))
        };
        shown(&self.words[from..to])
    }

    fn quantity(&mut self, at: usize) {
        let word = &self.words[at];
        let is_code = word.folded.len() == 3
            && word.folded.starts_with(['4', '5'])
            && word.folded.bytes().all(|byte| byte.is_ascii_digit());
        let of_errors = |word: &Word<'_>| OF_ERRORS.has(&word.folded);
        let listed = word.after == Some(':');
        if is_code && self.is_prose && (listed || self.around(at).iter().any(of_errors)) {
            let shown = word.shown.to_string();
            self.add(
                at,
                ClaimKind::Error,
                &word.folded.clone(),
                shown,
                Weight::Anywhere,
            );
            return;
        }
        let digits = word.folded.trim_start_matches(|c: char| !c.is_alphabetic());
        let is_measured = units::unit(digits).is_some() || digits.is_empty();
        let glued = word
            .before
            .is_some_and(|c| matches!(c, '-' | '/' | '.' | '_' | '#' | '{'))
            && at > 0
            && self.words[at - 1].after == word.before;
        let names = NUMBERED.has(self.back(at, 1));
        let is_date = word.folded.len() >= 7
            && (word.folded.starts_with("20") || word.folded.starts_with("19"))
            && word.folded.as_bytes().get(4) == Some(&b'-');
        let is_word = NUMBERS.has(&word.folded);
        let is_measured = is_measured || word.folded.contains(' ');
        let is_quoted = matches!(word.before, Some('\'' | '"' | '\u{201c}' | '\u{2018}'));
        let only_names = names || glued || is_date || is_quoted || self.is_heading;
        let weight = if only_names || !is_measured {
            Weight::Exchanged
        } else {
            Weight::Anywhere
        };
        let of = if digits.is_empty() || is_word {
            self.said_of(at)
        } else {
            String::new()
        };
        let (folded, shown) = (word.folded.to_string(), word.shown.to_string());
        self.add_said_of(at, ClaimKind::Quantity, &folded, of, shown, weight);
    }

    fn destination(&mut self, at: usize) {
        let word = &self.words[at];
        // A scheme of its own leads nowhere but to the server: what is behind it is a name.
        let key = match word.folded.split_once("://") {
            Some((scheme, _)) if !LEADS_OUT.contains(&scheme) => scheme.to_owned(),
            _ => word.folded.to_string(),
        };
        let shown = word.shown.to_string();
        let promised = at < self.example_from;
        let reserved = ["example.com", "example.org", "example.net", "localhost"]
            .iter()
            .any(|host| host_of(&key).ends_with(host));
        let weight = if promised || !reserved {
            Weight::Anywhere
        } else {
            Weight::Exchanged
        };
        self.found.push(Found {
            kind: ClaimKind::Destination,
            phrase: key.clone(),
            bare: key,
            shown,
            weight,
        });
    }

    fn plain(&mut self, at: usize) {
        let folded = self.folded(at).to_owned();
        if let Some(meaning) = lexicon::obligation(&folded) {
            self.obligation(at, meaning);
        }
        match folded.as_str() {
            "default" | "defaults" | "standardmäßig" => self.default(at),
            "may" => self.may(at),
            _ => {}
        }
        if lexicon::is_form(&folded) || (FORMATS.has(&folded) && self.formats(at)) {
            let shown = self.words[at].shown.to_string();
            self.add(at, ClaimKind::Format, &folded, shown, Weight::Anywhere);
        }
        if self.is_prose {
            self.error(at, &folded);
            self.name(at);
        }
    }

    fn obligation(&mut self, at: usize, meaning: &'static str) {
        let (before, next) = (self.back(at, 1), self.folded(at + 1));
        let hyphened = self.words[at].before == Some('-') && at > 0;
        let weight = match meaning {
            // `HTTPS-only` names a thing, `read-only` promises.
            "only" if hyphened && !matches!(before, "read" | "write") => return,
            "only" if before == "not" && self.folded(at) == "only" => return,
            "not"
                if matches!(
                    next,
                    "only" | "just" | "necessarily" | "recommended" | "limited"
                ) =>
            {
                Weight::InPlace
            }
            "not" if matches!(before, "or" | "if" | "why") => Weight::InPlace,
            "not" if self.words[at].after == Some('-') => return,
            "without" if next == "serif" => return,
            "required" if matches!(before, "that" | "which") => Weight::InPlace,
            "no" if next == "matter" => return,
            "scope"
                if !self
                    .around(at)
                    .iter()
                    .any(|word| OF_ACCESS.has(&word.folded)) =>
            {
                return;
            }
            "allowed"
                if !(is_be(before)
                    || is_be(self.back(at, 2))
                    || matches!(next, "to" | "only" | "for")) =>
            {
                Weight::InPlace
            }
            "not" | "no" | "without" | "except" | "only" | "always" | "required"
                if self.in_condition(at) =>
            {
                Weight::InPlace
            }
            _ => Weight::Anywhere,
        };
        let weight = if self.is_heading {
            weight.min(Weight::InPlace)
        } else {
            weight
        };
        let (of, shown) = (self.said_of(at), self.phrase(at, 4));
        self.add_said_of(at, ClaimKind::Obligation, meaning, of, shown, weight);
    }

    /// "You may …" permits; what "may happen" does not.
    fn may(&mut self, at: usize) {
        let subject = self.back(at, 1);
        if CALLERS.has(subject) {
            let (of, shown) = (self.said_of(at), self.phrase(at, 4));
            self.add_said_of(
                at,
                ClaimKind::Obligation,
                "may",
                of,
                shown,
                Weight::Anywhere,
            );
        }
    }

    /// Whether a word stands in a clause that tells of circumstances: "if …", "when …".
    pub(super) fn in_condition(&self, at: usize) -> bool {
        for word in self.words[..at].iter().rev().take(16) {
            if word.after == Some(',') {
                return false;
            }
            if CONDITIONS.has(&word.folded) {
                return true;
            }
        }
        false
    }

    /// Obligations inside text without spaces.
    fn glued(&mut self) {
        let speaks = |word: &Word<'_>| {
            word.folded
                .chars()
                .next()
                .is_some_and(|c| is_unspaced(c) || matches!(c, '\u{ac00}'..='\u{d7a3}'))
        };
        if !self.words.iter().any(speaks) {
            return;
        }
        let text: String = self.words.iter().map(|word| &*word.folded).collect();
        for sign in GLUED {
            for (from, _) in text.match_indices(sign) {
                let shown: String = text[from..]
                    .chars()
                    .take(sign.chars().count() + 4)
                    .collect();
                // A word of this kind has no number among the words: take the claim for a promise unless all is shown.
                let at = if self.example_from == 0 {
                    0
                } else {
                    usize::MAX
                };
                let weight = if at == 0 {
                    Weight::Exchanged
                } else {
                    Weight::Anywhere
                };
                self.found.push(Found {
                    kind: ClaimKind::Obligation,
                    bare: sign.to_owned(),
                    phrase: shown.clone(),
                    shown,
                    weight,
                });
            }
        }
    }
}

/// Schemes of URLs that lead out of the server.
const LEADS_OUT: [&str; 12] = [
    "http", "https", "ws", "wss", "ftp", "ftps", "sftp", "ssh", "git", "file", "smb", "s3",
];

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?', '#']).next().unwrap_or(rest)
}

fn is_be(word: &str) -> bool {
    matches!(
        word,
        "is" | "are" | "be" | "was" | "were" | "been" | "being"
    )
}

/// Words as they are written, with spaces where their script has them.
pub(super) fn shown(words: &[Word<'_>]) -> String {
    let mut text = String::new();
    for word in words {
        let glued = word.shown.chars().next().is_some_and(is_unspaced);
        let joined = text.is_empty() || glued && text.ends_with(is_unspaced);
        if !joined {
            text.push(' ');
        }
        text.push_str(&word.shown);
    }
    text
}

/// A word without the commonest endings, for telling inflections from other words.
pub(super) fn stem(word: &str) -> &str {
    let cut = |ending| {
        word.strip_suffix(ending)
            .filter(|stem: &&str| stem.chars().count() >= 4)
    };
    cut("ing")
        .or_else(|| cut("ed"))
        .or_else(|| cut("es"))
        .or_else(|| cut("s"))
        .or_else(|| cut("e"))
        .unwrap_or(word)
}
