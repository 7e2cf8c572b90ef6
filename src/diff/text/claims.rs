//! The claims that can be counted: quantities, obligations, destinations, and verbs of doing.

use super::count;
use super::words::Word;
use crate::diff::change::{Claim, ClaimKind};

/// Claims in which two texts differ, whoever reads them.
pub(super) fn counted(old: &[Word], new: &[Word]) -> Vec<Claim> {
    let quantity = |word: &Word| match word {
        Word::Quantity { text } => Some(text.to_lowercase()),
        _ => None,
    };
    let obligation = |word: &Word| match word {
        Word::Plain { folded, .. } if obliges(folded) => Some(meaning(folded).to_owned()),
        _ => None,
    };
    let destination = |word: &Word| match word {
        Word::Destination(text) => Some(text.clone()),
        _ => None,
    };
    [
        difference(ClaimKind::Quantity, old, new, quantity),
        difference(ClaimKind::Obligation, old, new, obligation),
        difference(ClaimKind::Destination, old, new, destination),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Verbs of doing that only NEW uses.
pub(super) fn side_effects(old: &[Word], new: &[Word]) -> Option<Claim> {
    let mut fresh: Vec<_> = verbs(new).collect();
    let known: Vec<_> = verbs(old).collect();
    fresh.retain(|verb| !known.contains(verb));
    fresh.sort_unstable();
    fresh.dedup();
    (!fresh.is_empty()).then(|| Claim {
        kind: ClaimKind::SideEffect,
        old: Vec::new(),
        new: fresh.into_iter().map(str::to_owned).collect(),
    })
}

/// One word for another.
pub(super) fn word(old: &str, new: &str) -> Claim {
    Claim {
        kind: ClaimKind::Word,
        old: vec![old.to_owned()],
        new: vec![new.to_owned()],
    }
}

/// Whether a text says that something is sent, written, deleted, paid or executed.
pub(super) fn says_it_acts(words: &[Word]) -> bool {
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
    words.iter().any(|word| match word {
        Word::Plain { folded, .. } => folded.split('_').any(|part| {
            ACTS.contains(&stem(part)) || verb(part).is_some_and(|verb| ACTS.contains(&verb))
        }),
        _ => false,
    })
}

/// Whether a word makes a claim of its own, so that it is never a spelling mistake.
pub(super) fn counts(word: &str) -> bool {
    obliges(word) || verb(word).is_some()
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

fn difference(
    kind: ClaimKind,
    old: &[Word],
    new: &[Word],
    claim: impl Fn(&Word) -> Option<String>,
) -> Option<Claim> {
    let before: Vec<_> = old.iter().filter_map(&claim).collect();
    let now: Vec<_> = new.iter().filter_map(&claim).collect();
    let (a, b) = (
        count(before.iter().map(String::as_str)),
        count(now.iter().map(String::as_str)),
    );
    let surplus = |of: &std::collections::BTreeMap<&str, usize>,
                   than: &std::collections::BTreeMap<&str, usize>|
     -> Vec<String> {
        of.iter()
            .filter(|(text, times)| than.get(*text).is_none_or(|others| others < *times))
            .map(|(text, _)| (*text).to_owned())
            .collect()
    };
    let claim = Claim {
        kind,
        old: surplus(&a, &b),
        new: surplus(&b, &a),
    };
    (!claim.old.is_empty() || !claim.new.is_empty()).then_some(claim)
}

fn obliges(word: &str) -> bool {
    matches!(
        meaning(word),
        "must"
            | "never"
            | "only"
            | "always"
            | "not"
            | "no"
            | "cannot"
            | "without"
            | "except"
            | "forbidden"
            | "mandatory"
            | "required"
            | "shall"
    )
}

/// Contractions say what they contract.
fn meaning(word: &str) -> &str {
    if word.ends_with("n't") || word.ends_with("n\u{2019}t") || word == "cannot" {
        "not"
    } else {
        word
    }
}

fn verbs<'a>(words: &'a [Word]) -> impl Iterator<Item = &'static str> + use<'a> {
    words.iter().filter_map(|word| match word {
        Word::Plain { folded, .. } => verb(folded),
        _ => None,
    })
}

/// The verb of doing that a word is a form of.
fn verb(word: &str) -> Option<&'static str> {
    const VERBS: [&str; 29] = [
        "create",
        "write",
        "store",
        "save",
        "index",
        "log",
        "cache",
        "send",
        "post",
        "upload",
        "publish",
        "notify",
        "delete",
        "remove",
        "overwrite",
        "replace",
        "move",
        "rename",
        "execute",
        "run",
        "install",
        "charge",
        "pay",
        "open",
        "close",
        "grant",
        "modify",
        "purchase",
        "transfer",
    ];
    const IRREGULAR: [(&str, &str); 9] = [
        ("wrote", "write"),
        ("written", "write"),
        ("sent", "send"),
        ("ran", "run"),
        ("running", "run"),
        ("paid", "pay"),
        ("logged", "log"),
        ("logging", "log"),
        ("overwritten", "overwrite"),
    ];
    if let Some((_, verb)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return Some(verb);
    }
    VERBS.into_iter().find(|verb| {
        let Some(ending) = word.strip_prefix(verb.strip_suffix(['e', 'y']).unwrap_or(verb)) else {
            return false;
        };
        let last = verb.chars().last();
        match last {
            Some('e') => matches!(ending, "e" | "es" | "ed" | "ing"),
            Some('y') => matches!(ending, "y" | "ies" | "ied" | "ying" | "ys"),
            _ => matches!(ending, "" | "s" | "es" | "ed" | "ing"),
        }
    })
}
