//! The characters that a set of expressions does not tell apart, as one symbol: automata then take a step a character,
//! and `\p{L}` is as small as `a`.

use std::collections::BTreeMap;

use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, Hir, HirKind};

/// The end of the code points.
pub(super) const END: u32 = 0x11_0000;

/// The surrogates, which are no scalar values.
pub(super) const SURROGATES: std::ops::Range<u32> = 0xD800..0xE000;

/// The work on classes that is allowed for one set of expressions, in ranges looked at.
const MOST_RANGES: usize = 100_000;

/// A partition of the code points into intervals, each with its symbol.
#[derive(Debug)]
pub(super) struct Alphabet {
    /// Where each interval begins. The first is 0; the surrogates have intervals of their own, whose symbols mean
    /// nothing.
    pub(super) starts: Vec<u32>,
    /// The symbol of each interval.
    pub(super) symbols: Vec<u8>,
    /// The byte that stands for each symbol in an automaton. Symbols of word characters have bytes that are word
    /// characters, so that ASCII word boundaries keep their meaning.
    pub(super) bytes: Vec<u8>,
}

impl Alphabet {
    /// The coarsest alphabet in which each class of the expressions is a set of symbols; nothing where more symbols
    /// are needed than there are bytes.
    pub(super) fn of(expressions: &[&Hir]) -> Option<Self> {
        let mut classes = Vec::new();
        for hir in expressions {
            collect(hir, &mut classes);
        }
        let words = expressions
            .iter()
            .any(|hir| hir.properties().look_set().contains_word());
        if words {
            classes.push(vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);
        }
        classes.sort();
        classes.dedup();

        let mut starts = vec![0, SURROGATES.start, SURROGATES.end];
        for (first, last) in classes.iter().flatten() {
            starts.extend([u32::from(*first), u32::from(*last) + 1]);
        }
        starts.sort_unstable();
        starts.dedup();
        starts.retain(|start| *start < END);

        let mut within: Vec<Vec<usize>> = vec![Vec::new(); starts.len()];
        let mut looked_at = 0;
        for (class, (first, last)) in classes
            .iter()
            .enumerate()
            .flat_map(|(class, ranges)| ranges.iter().map(move |range| (class, range)))
        {
            let from = starts.partition_point(|start| *start < u32::from(*first));
            let to = starts.partition_point(|start| *start <= u32::from(*last));
            within[from..to]
                .iter_mut()
                .for_each(|list| list.push(class));
            looked_at += to - from;
            if looked_at > MOST_RANGES {
                return None;
            }
        }

        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let mut word_bytes = (0..=255).filter(|byte| !words || is_word(byte));
        let mut other_bytes = (0..=255).filter(|byte| !is_word(byte));
        let mut known: BTreeMap<Vec<usize>, u8> = BTreeMap::new();
        let mut alphabet = Self {
            starts,
            symbols: Vec::new(),
            bytes: Vec::new(),
        };
        for (start, classes) in alphabet.starts.iter().zip(within) {
            let symbol = match known.get(&classes) {
                _ if SURROGATES.contains(start) => 0,
                Some(symbol) => *symbol,
                None => {
                    let symbol = u8::try_from(alphabet.bytes.len()).ok()?;
                    let in_word = u8::try_from(*start).is_ok_and(|byte| is_word(&byte));
                    let byte = if in_word || !words {
                        word_bytes.next()?
                    } else {
                        other_bytes.next()?
                    };
                    alphabet.bytes.push(byte);
                    known.insert(classes, symbol);
                    symbol
                }
            };
            alphabet.symbols.push(symbol);
        }
        Some(alphabet)
    }

    /// The symbol of a character.
    pub(super) fn symbol(&self, c: char) -> u8 {
        let interval = self.starts.partition_point(|start| *start <= u32::from(c)) - 1;
        self.symbols[interval]
    }

    /// The expression over the bytes of the symbols. It accepts the sequence of symbols of each text that the given
    /// one accepts, and no other.
    pub(super) fn translate(&self, hir: &Hir) -> Hir {
        match hir.kind() {
            HirKind::Empty => Hir::empty(),
            HirKind::Literal(literal) => {
                let text =
                    std::str::from_utf8(&literal.0).expect("literals are made of characters");
                let bytes: Vec<u8> = text.chars().map(|c| self.byte(self.symbol(c))).collect();
                Hir::literal(bytes)
            }
            HirKind::Class(Class::Unicode(class)) => Hir::class(Class::Bytes(self.class(class))),
            HirKind::Class(Class::Bytes(_)) => hir.clone(),
            HirKind::Look(look) => Hir::look(*look),
            HirKind::Repetition(repetition) => {
                Hir::repetition(repetition.with(self.translate(&repetition.sub)))
            }
            HirKind::Capture(Capture { sub, .. }) => self.translate(sub),
            HirKind::Concat(subs) => {
                Hir::concat(subs.iter().map(|sub| self.translate(sub)).collect())
            }
            HirKind::Alternation(subs) => {
                Hir::alternation(subs.iter().map(|sub| self.translate(sub)).collect())
            }
        }
    }

    fn byte(&self, symbol: u8) -> u8 {
        self.bytes[usize::from(symbol)]
    }

    fn class(&self, class: &ClassUnicode) -> ClassBytes {
        let mut inside = vec![false; self.bytes.len()];
        for range in class.iter() {
            let (first, last) = (u32::from(range.start()), u32::from(range.end()));
            let from = self.starts.partition_point(|start| *start < first);
            for interval in from..self.starts.len() {
                if self.starts[interval] > last {
                    break;
                }
                if !SURROGATES.contains(&self.starts[interval]) {
                    inside[usize::from(self.symbols[interval])] = true;
                }
            }
        }
        let bytes = inside
            .iter()
            .zip(&self.bytes)
            .filter(|(inside, _)| **inside);
        ClassBytes::new(bytes.map(|(_, byte)| ClassBytesRange::new(*byte, *byte)))
    }
}

/// The classes of an expression, as their ranges; each character of a literal is one.
fn collect(hir: &Hir, classes: &mut Vec<Vec<(char, char)>>) {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).expect("literals are made of characters");
            classes.extend(text.chars().map(|c| vec![(c, c)]));
        }
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.iter().map(|range| (range.start(), range.end()));
            classes.push(ranges.collect());
        }
        _ => hir
            .kind()
            .subs()
            .iter()
            .for_each(|sub| collect(sub, classes)),
    }
}
