//! In which claims two texts differ.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::{self, Found, Weight, stem};
use super::effects::{effects, in_name};
use super::lexicon::{self, FORMATS, GLUE};
use super::sentences::{Pairing, Sentence, Text};
use super::verbs;
use super::words::{Kind, Word, is_invisible, is_unspaced};
use crate::diff::text_fact::{Claim, ClaimKind};

/// The claims in which the sentences without an equal differ, in the order of their kinds.
pub(super) fn differing(
    old: &Text<'_>,
    new: &Text<'_>,
    pairing: &Pairing,
    name: &str,
    is_prose: bool,
) -> Vec<Claim> {
    let mut differing: Vec<Claim> = Vec::new();
    let (mut went, mut came) = (Vec::new(), Vec::new());
    for (a, b) in &pairing.pairs {
        let (a, b) = (&old.sentences[*a], &new.sentences[*b]);
        let told = differing.len();
        let (lost, gained) = rewritten((old, a), (new, b), is_prose, &mut differing);
        went.extend(lost.into_iter().map(|found| (found, true)));
        came.extend(gained.into_iter().map(|found| (found, true)));
        if is_prose
            && let Some(claim) = exchanged(old.of(a), new.of(b))
            && !differing[told..]
                .iter()
                .any(|other| other.old == claim.old && other.new == claim.new)
        {
            differing.push(claim);
        }
    }
    let alone = |text: &Text<'_>, sentences: &[usize]| -> Vec<(Found, bool)> {
        let sentences = sentences.iter().map(|index| &text.sentences[*index]);
        let found = sentences.flat_map(|sentence| claims::of(text, sentence, is_prose));
        let found = found.filter(|found| found.weight == Weight::Anywhere);
        found.map(|found| (found, false)).collect()
    };
    went.extend(alone(old, &pairing.gone));
    came.extend(alone(new, &pairing.came));
    // Who stops naming a tool promises nothing else, and a tool may name itself.
    went.retain(|(found, _)| found.kind != ClaimKind::Name);
    let itself = name.to_lowercase();
    came.retain(|(found, _)| found.kind != ClaimKind::Name || found.bare != itself);
    moved(&mut went, &mut came);
    unsaid(&mut went, new, is_prose);
    unsaid(&mut came, old, is_prose);
    for kind in KINDS {
        let of_kind = |side: &[(Found, bool)]| -> Vec<String> {
            let mut seen = BTreeSet::new();
            let found = side.iter().filter(|(found, _)| found.kind == kind);
            let shown = found.map(|(found, _)| found.shown.clone());
            shown.filter(|shown| seen.insert(shown.clone())).collect()
        };
        for (old, new) in [(of_kind(&went), Vec::new()), (Vec::new(), of_kind(&came))] {
            if !old.is_empty() || !new.is_empty() {
                differing.push(Claim { kind, old, new });
            }
        }
    }
    differing.sort_by_key(|claim| KINDS.iter().position(|kind| *kind == claim.kind));
    differing.dedup();
    differing
}

/// Verbs of doing that only NEW says, and that neither OLD nor the name says in another form.
pub(super) fn new_effects(name: &str, old: &Text<'_>, new: &Text<'_>) -> Option<Claim> {
    let fresh = effects(new);
    if fresh.is_empty() {
        return None;
    }
    let mut known = in_name(name);
    known.extend(effects(old).into_iter().map(|(effect, _)| effect));
    let fresh = fresh
        .into_iter()
        .filter(|(effect, _)| !known.contains(effect));
    let fresh: Vec<String> = fresh.map(|(_, verb)| verb.to_owned()).collect();
    (!fresh.is_empty()).then_some(Claim {
        kind: ClaimKind::SideEffect,
        old: Vec::new(),
        new: fresh,
    })
}

/// Whether the words are the same, but for spelling mistakes and inflections.
pub(super) fn only_slips(old: &[Word<'_>], new: &[Word<'_>]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(a, b)| a == b || is_slip(a, b))
}

/// Kinds in the order in which they are told.
const KINDS: [ClaimKind; 9] = [
    ClaimKind::Quantity,
    ClaimKind::Default,
    ClaimKind::Obligation,
    ClaimKind::Destination,
    ClaimKind::Error,
    ClaimKind::Format,
    ClaimKind::SideEffect,
    ClaimKind::Name,
    ClaimKind::Word,
];

/// What a sentence lost and gained on the way to what became of it. What stands in the place of something else goes
/// to EXCHANGED at once.
fn rewritten(
    (old, a): (&Text<'_>, &Sentence),
    (new, b): (&Text<'_>, &Sentence),
    is_prose: bool,
    exchanged: &mut Vec<Claim>,
) -> (Vec<Found>, Vec<Found>) {
    let (mut before, mut now) = (claims::of(old, a, is_prose), claims::of(new, b, is_prose));
    let (words, others) = (old.of(a), new.of(b));
    let same_frame = words.len() == others.len()
        && words.iter().zip(others).all(|(a, b)| {
            a == b || is_slip(a, b) || (a.kind == Kind::Quantity && b.kind == Kind::Quantity)
        });
    let mut moved = BTreeSet::new();
    if same_frame {
        for (a, b) in words.iter().zip(others) {
            if a != b && a.kind == Kind::Quantity {
                moved.extend([a.folded.clone(), b.folded.clone()]);
                exchanged.push(claim(ClaimKind::Quantity, &a.shown, &b.shown));
            }
        }
        before.retain(|found| found.kind != ClaimKind::Quantity);
        now.retain(|found| found.kind != ClaimKind::Quantity);
    }
    let key = |found: &Found| (found.kind as usize, found.bare.clone());
    let mut kept: BTreeMap<_, usize> = BTreeMap::new();
    for found in &now {
        *kept.entry(key(found)).or_default() += 1;
    }
    let mut take = |found: &Found| match kept.get_mut(&key(found)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    };
    let mut lost = Vec::new();
    let mut same: BTreeMap<_, usize> = BTreeMap::new();
    for found in before {
        if take(&found) {
            *same.entry(key(&found)).or_default() += 1;
        } else {
            lost.push(found);
        }
    }
    now.retain(|found| match same.get_mut(&key(found)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    });
    let mut gained = now;
    for kind in KINDS {
        let of_kind = |side: &[Found]| -> Vec<Found> {
            side.iter()
                .filter(|found| found.kind == kind)
                .cloned()
                .collect()
        };
        let (a, b) = (of_kind(&lost), of_kind(&gained));
        if a.len() != b.len() || a.is_empty() || kind == ClaimKind::Obligation {
            continue;
        }
        for (from, to) in a.iter().zip(&b) {
            // A default that is a number was told as a number.
            let value = |found: &Found| found.bare.trim_start_matches("default ").to_owned();
            if kind == ClaimKind::Default && moved.contains(value(from).as_str()) {
                continue;
            }
            if from.shown != to.shown {
                exchanged.push(claim(kind, &from.shown, &to.shown));
            }
        }
        lost.retain(|found| found.kind != kind);
        gained.retain(|found| found.kind != kind);
    }
    lost.retain(|found| found.weight >= Weight::InPlace);
    gained.retain(|found| found.weight >= Weight::InPlace);
    (lost, gained)
}

/// Takes out what went in one place and came in another.
fn moved(went: &mut Vec<(Found, bool)>, came: &mut Vec<(Found, bool)>) {
    let key = |(found, _): &(Found, bool)| (found.kind as usize, found.phrase.clone());
    let mut waiting: BTreeMap<_, [Vec<usize>; 2]> = BTreeMap::new();
    for (index, found) in went.iter().enumerate() {
        waiting.entry(key(found)).or_default()[usize::from(found.1)].push(index);
    }
    let mut settled = BTreeSet::new();
    came.retain(|found| {
        let Some([alone, in_pairs]) = waiting.get_mut(&key(found)) else {
            return true;
        };
        // What two rewritten sentences swapped is no move.
        let from = alone
            .pop()
            .or_else(|| if found.1 { None } else { in_pairs.pop() });
        settled.extend(from);
        from.is_none()
    });
    let mut index = 0;
    went.retain(|_| {
        index += 1;
        !settled.contains(&(index - 1))
    });
}

/// Leaves of what stands in a sentence of its own only what the other text does not say anywhere.
fn unsaid(found: &mut Vec<(Found, bool)>, other: &Text<'_>, is_prose: bool) {
    if found.iter().all(|(_, in_pair)| *in_pair) {
        return;
    }
    let sentences = other.sentences.iter();
    let said: BTreeSet<(usize, String)> = sentences
        .flat_map(|sentence| claims::of(other, sentence, is_prose))
        .map(|found| (found.kind as usize, found.phrase))
        .collect();
    found.retain(|(found, in_pair)| {
        *in_pair || !said.contains(&(found.kind as usize, found.phrase.clone()))
    });
}

/// The word, or the few signs of a script without spaces, that stand for others in a sentence that is otherwise the
/// same.
fn exchanged(old: &[Word<'_>], new: &[Word<'_>]) -> Option<Claim> {
    if old.len().min(new.len()) < 3 {
        return None;
    }
    if old.len() == new.len() {
        let mut differing = old
            .iter()
            .zip(new)
            .filter(|(a, b)| a != b && !is_slip(a, b));
        let (a, b) = differing.next()?;
        if differing.next().is_none() {
            let counted = |word: &Word<'_>| {
                word.kind != Kind::Plain || lexicon::obligation(&word.folded).is_some()
            };
            let glue = GLUE.has(&a.folded) && GLUE.has(&b.folded);
            return (!glue && !counted(a) && !counted(b))
                .then(|| claim(ClaimKind::Word, &a.shown, &b.shown));
        }
    }
    let lead = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[lead..]
        .iter()
        .rev()
        .zip(new[lead..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (a, b) = (&old[lead..old.len() - tail], &new[lead..new.len() - tail]);
    let few = |words: &[Word<'_>]| {
        (1..=4).contains(&words.len())
            && words
                .iter()
                .all(|word| word.folded.chars().all(is_unspaced))
    };
    (few(a) && few(b)).then(|| claim(ClaimKind::Word, &claims::shown(a), &claims::shown(b)))
}

fn claim(kind: ClaimKind, old: &str, new: &str) -> Claim {
    Claim {
        kind,
        old: vec![old.to_owned()],
        new: vec![new.to_owned()],
    }
}

/// The most characters that a word may have in which somebody may have made a spelling mistake.
const WORD: usize = 64;

/// Whether two words are one with a spelling mistake, or one in two forms.
fn is_slip(a: &Word<'_>, b: &Word<'_>) -> bool {
    if a.kind != Kind::Plain || b.kind != Kind::Plain {
        return false;
    }
    let (a, b) = (&*a.folded, &*b.folded);
    let counts = |word: &str| {
        lexicon::obligation(word).is_some() || FORMATS.has(word) || lexicon::is_form(word)
    };
    // An identifier names one thing and no other; in scripts of syllables one sign is a word.
    let is_name = |word: &str| {
        word.contains(|c: char| {
            c == '_'
                || c.is_numeric()
                || is_invisible(c)
                || is_unspaced(c)
                || matches!(c, '\u{ac00}'..='\u{d7a3}')
        })
    };
    if counts(a) || counts(b) || is_name(a) || is_name(b) {
        return false;
    }
    match (verbs::verb(a), verbs::verb(b)) {
        (None, None) => {}
        (verb, other) => return verb.map(|(verb, _)| verb) == other.map(|(verb, _)| verb),
    }
    let (length, other) = (a.chars().count(), b.chars().count());
    // How far two words are apart costs the product of their lengths, and what is longer than this is no word.
    if length.min(other) < 3 || length.abs_diff(other) > 3 || length > WORD {
        return false;
    }
    let swapped =
        length == other && strsim::osa_distance(a, b) == 1 && strsim::levenshtein(a, b) == 2;
    let same_start = a.chars().next() == b.chars().next();
    swapped
        || length.min(other) >= 4 && (one_letter_apart(a, b) && same_start || stem(a) == stem(b))
}

fn one_letter_apart(a: &str, b: &str) -> bool {
    strsim::osa_distance(a, b) <= 1
}
