//! Defaults, formats, errors and names: claims that the words around them tell.

use super::claims::{Reader, Weight};
use super::effects::is_negated;
use super::lexicon::{AFTER_FORMATS, AFTER_NAMES, BEFORE_FORMATS, BEFORE_NAMES, GLUE};
use super::words::{Kind, Word};
use crate::diff::text_fact::ClaimKind;

impl Reader<'_, '_> {
    /// "X by default", "default: X", "defaults to X", "(default X)".
    pub(super) fn default(&mut self, at: usize) {
        let word = &self.words[at];
        let next = (at + 1 < self.words.len()).then_some(at + 1);
        let value = if self.back(at, 1) == "by" {
            let before = at.checked_sub(2);
            let starts = |at: usize| matches!(self.words[at].after, Some(',' | ':' | '('));
            if before.is_none_or(starts) {
                next
            } else {
                before
            }
        } else if word.before == Some('(') && matches!(word.after, Some(')' | ',')) {
            at.checked_sub(1)
        } else {
            let leads = matches!(word.after, Some(':' | '='))
                || word.before == Some('(')
                || matches!(self.folded(at + 1), "to" | "is" | "of" | "are" | "value")
                || matches!(self.words.get(at + 1), Some(next) if next.kind == Kind::Quantity);
            let light = |word: &&Word<'_>| {
                matches!(
                    &*word.folded,
                    "to" | "is" | "are" | "of" | "value" | "the" | "a" | "an" | "set"
                )
            };
            let skipped = self.words[at + 1..].iter().take_while(light).count();
            (leads && at + 1 + skipped < self.words.len()).then_some(at + 1 + skipped)
        };
        let Some(value) = value else { return };
        let (folded, shown) = (&self.words[value].folded, &self.words[value].shown);
        if folded.ends_with("ing") {
            return;
        }
        let (bare, shown) = (format!("default {folded}"), format!("default {shown}"));
        self.add(at, ClaimKind::Default, &bare, shown, Weight::Anywhere);
    }

    /// Whether a format is said of what goes in or comes out.
    pub(super) fn formats(&self, at: usize) -> bool {
        let says = |word: &str| BEFORE_FORMATS.has(word);
        says(self.back(at, 1)) || says(self.back(at, 2)) || AFTER_FORMATS.has(self.folded(at + 1))
    }

    pub(super) fn error(&mut self, at: usize, folded: &str) {
        let shown = &self.words[at].shown;
        let named = shown.len() > 5
            && (shown.ends_with("Error") || shown.ends_with("Exception"))
            && shown.starts_with(char::is_uppercase)
            || shown.len() > 4
                && shown.starts_with('E')
                && shown.bytes().all(|byte| byte.is_ascii_uppercase())
                && self.words[at].is_code;
        if named && folded != "error" && folded != "exception" {
            let shown = shown.to_string();
            self.add(at, ClaimKind::Error, folded, shown, Weight::Anywhere);
            return;
        }
        let near = |wanted: &[&str]| (1..=4).any(|by| wanted.contains(&self.folded(at + by)));
        let raises = match folded {
            "raises" | "raise" | "throws" | "throw" => true,
            "fails" | "rejects" | "aborts" => true,
            "returns" | "return" | "reports" => near(&["error", "errors"]),
            _ => false,
        };
        if raises && !self.in_condition(at) && !is_negated(self.words, at) {
            let shown = self.phrase(at, 4);
            self.add(at, ClaimKind::Error, "an error", shown, Weight::Anywhere);
        }
    }

    /// The name of a tool or a parameter that a model is told to use.
    pub(super) fn name(&mut self, at: usize) {
        let word = &self.words[at];
        let letters = |c: char| c.is_alphabetic();
        let snake = word
            .folded
            .split('_')
            .filter(|part| part.contains(letters))
            .count()
            > 1;
        let camel =
            word.shown.starts_with(char::is_lowercase) && word.shown.contains(char::is_uppercase);
        let (before, next) = (self.back(at, 1), self.folded(at + 1));
        if !(snake || camel || word.is_code) || GLUE.has(&word.folded) {
            return;
        }
        let told = BEFORE_NAMES.has(before)
            || AFTER_NAMES.has(next)
            || matches!(
                self.back(at, 2),
                "call" | "use" | "run" | "invoke" | "using"
            ) && GLUE.has(before);
        if told {
            // A name with hyphens was read as words.
            let (code, end) = (self.words[at].is_code, self.words[at..].iter());
            let parts = end
                .take_while(|word| code && word.after == Some('-'))
                .take(8)
                .count()
                + 1;
            let parts = &self.words[at..(at + parts).min(self.words.len())];
            let join = |part: fn(&Word<'_>) -> String| {
                parts.iter().map(part).collect::<Vec<_>>().join("-")
            };
            let folded = join(|word| word.folded.to_string());
            self.add(
                at,
                ClaimKind::Name,
                &folded,
                join(|word| word.shown.to_string()),
                Weight::Anywhere,
            );
        }
    }
}
