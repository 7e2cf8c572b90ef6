//! Side effects: verbs of doing that a text says of its thing.

use std::collections::BTreeSet;

use super::lexicon;
use super::sentences::Text;
use super::verbs::{self, Form};
use super::words::{Kind, Word};

/// The effects that a text promises, each with the verb that says so.
pub(super) fn effects(text: &Text<'_>) -> BTreeSet<(&'static str, &'static str)> {
    let mut effects = BTreeSet::new();
    for sentence in &text.sentences {
        let words = text.of(sentence);
        let promised = sentence.example_from - sentence.words.start;
        for at in 0..promised {
            if let Some(verb) = does(words, at) {
                effects.insert((verbs::effect(verb), verb));
            }
        }
    }
    effects
}

/// The effects that a name speaks of: `delete_file`, `sendMail`.
pub(super) fn in_name(name: &str) -> BTreeSet<&'static str> {
    let parts = parts(name);
    let verbs = parts.iter().filter_map(|part| verbs::verb(part));
    verbs.map(|(verb, _)| verbs::effect(verb)).collect()
}

/// Whether a name says that something is sent, written, deleted, paid or executed: `send_mail`, `bulkDelete`, and not
/// `long_running` or `list_posts`.
pub(super) fn name_acts(name: &str) -> bool {
    parts(name).iter().enumerate().any(|(at, part)| {
        verbs::verb(part).is_some_and(|(verb, form)| {
            ACTS.contains(&verb) && form == Form::Base && (at == 0 || !verbs::is_often_a_noun(verb))
        })
    })
}

fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() {
            parts.push(String::new());
        }
        if c.is_alphanumeric() {
            let part = parts.last_mut().expect("there is always one");
            part.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Verbs of sending, writing, deleting, paying and executing.
const ACTS: [&str; 17] = [
    "send",
    "post",
    "upload",
    "publish",
    "notify",
    "write",
    "save",
    "store",
    "delete",
    "remove",
    "overwrite",
    "pay",
    "charge",
    "purchase",
    "execute",
    "run",
    "install",
];

/// Whether a text says that something is sent, written, deleted, paid or executed.
pub(super) fn says_it_acts(text: &Text<'_>) -> bool {
    let mut said = effects(text).into_iter().map(|(_, verb)| verb);
    said.any(|verb| ACTS.contains(&verb))
}

/// Whether a negation holds a word: "does not run or modify".
pub(super) fn is_negated(words: &[Word<'_>], at: usize) -> bool {
    for (by, word) in words[..at].iter().rev().take(4).enumerate() {
        if word.after == Some(',') {
            return false;
        }
        if matches!(
            lexicon::obligation(&word.folded),
            Some("not" | "never" | "without" | "no")
        ) {
            let next = &words[at - by].folded;
            return !matches!(&**next, "only" | "just");
        }
    }
    false
}

/// The verb that a word says of the thing, by its form and its place; nothing where it is a noun, an adjective or
/// negated.
fn does(words: &[Word<'_>], at: usize) -> Option<&'static str> {
    let word = &words[at];
    if word.kind != Kind::Plain || word.is_code {
        return None;
    }
    let (verb, form) = verbs::verb(&word.folded)?;
    let previous = at.checked_sub(1).map(|at| &words[at]);
    let before = previous.map_or("", |word| &*word.folded);
    let next = words.get(at + 1).map_or("", |word| &*word.folded);
    let doubtful = verbs::is_often_a_noun(verb);
    // What somebody else wants or is shown how to do.
    let theirs = at.checked_sub(2).map_or("", |at| &*words[at].folded);
    if before == "to" && is_wish(theirs) {
        return None;
    }
    let says = match form {
        Form::Past => {
            let earlier = at.checked_sub(2).map_or("", |at| &*words[at].folded);
            let between =
                before.ends_with("ly") || matches!(before, "also" | "then" | "now" | "first");
            is_done(before) || between && is_done(earlier)
        }
        Form::Gerund => {
            !doubtful || matches!(before, "by" | "and" | "while" | "is" | "are" | "starts")
        }
        Form::Base | Form::Third if !doubtful => !is_article(before),
        Form::Base | Form::Third => {
            let base = form == Form::Base;
            let apart = previous
                .is_none_or(|word| matches!(word.after, Some(',' | ':' | '(' | '\u{2014}')));
            match before {
                "to" | "will" | "can" | "could" | "must" | "should" | "shall" | "would" | "may"
                | "might" => base,
                "it" | "that" | "which" | "tool" | "server" | "this" | "they" => !base,
                "and" | "or" | "then" | "also" | "now" => takes_object(next),
                "" => !base || takes_object(next),
                _ if apart => takes_object(next),
                _ => before.ends_with("ly") && takes_object(next),
            }
        }
    };
    (says && !is_negated(words, at)).then_some(verb)
}

fn is_done(word: &str) -> bool {
    matches!(
        word,
        "is" | "are" | "be" | "been" | "being" | "was" | "were" | "gets" | "get" | "has" | "have"
    )
}

fn is_wish(word: &str) -> bool {
    matches!(
        word,
        "how"
            | "want"
            | "wants"
            | "wanted"
            | "ask"
            | "asks"
            | "asked"
            | "asking"
            | "wish"
            | "wishes"
            | "trying"
            | "tries"
    )
}

fn is_article(word: &str) -> bool {
    matches!(word, "a" | "an" | "the" | "your" | "its" | "their")
}

fn takes_object(word: &str) -> bool {
    is_article(word)
        || matches!(
            word,
            "it" | "them"
                | "this"
                | "that"
                | "these"
                | "those"
                | "all"
                | "any"
                | "each"
                | "every"
                | "everything"
                | "to"
        )
}
