//! The characters that a set of automata does not tell apart, and which of them a person likes to read.

use std::collections::BTreeMap;

use unicode_general_category::{GeneralCategory as Category, get_general_category};

use super::alphabet::{END, SURROGATES};
use super::automaton::Automaton;
use super::{Budget, Exhausted};

/// How pleasant a character is in an example: less is better. No two characters have the same rank.
pub(super) type Rank = (u8, u32);

/// The rank of a character: letters, digits, capitals, common punctuation, then what else can be seen, then the rest.
pub(super) fn rank(c: char) -> Rank {
    let code = u32::from(c);
    match c {
        'a'..='z' => (0, code),
        '0'..='9' => (1, code),
        'A'..='Z' => (2, code),
        '!'..='~' => match COMMON.find(c) {
            Some(place) => (3, place as u32),
            None => (4, code),
        },
        ' ' => (5, code),
        '\t' | '\n' | '\r' => (8, code),
        _ if c.is_alphanumeric() => (6, code),
        _ => match get_general_category(c) {
            Category::Control
            | Category::Format
            | Category::PrivateUse
            | Category::Surrogate
            | Category::Unassigned => (9, code),
            Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::SpaceSeparator
            | Category::EnclosingMark
            | Category::NonspacingMark
            | Category::SpacingMark => (8, code),
            _ => (7, code),
        },
    }
}

/// Punctuation, as it is met in identifiers, dates, addresses.
const COMMON: &str = "-_./:@,+=#";

/// Characters that every automaton treats alike.
#[derive(Debug)]
pub(super) struct Letter {
    /// The symbol of each automaton.
    pub(super) symbols: Vec<u8>,
    /// The most pleasant one.
    pub(super) first: char,
    /// All of them, as ranges, ends included.
    ranges: Vec<(char, char)>,
}

/// All characters, as letters.
#[derive(Debug)]
pub(super) struct Letters {
    /// The letters, the most pleasant first.
    pub(super) letters: Vec<Letter>,
    /// Where each interval begins, and the letter of its characters.
    intervals: Vec<(u32, usize)>,
}

impl Letters {
    /// The coarsest letters for those automata.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] where the budget ran out first.
    pub(super) fn of(automata: &[(&Automaton, bool)], budget: &Budget) -> Result<Self, Exhausted> {
        let mut starts = vec![0, SURROGATES.start, SURROGATES.end];
        for (automaton, _) in automata {
            starts.extend(&automaton.alphabet.starts);
        }
        starts.sort_unstable();
        starts.dedup();
        budget.spend((starts.len() * (automata.len() + 2)) as u64)?;

        let mut known: BTreeMap<Vec<u8>, Vec<(char, char)>> = BTreeMap::new();
        let ends = starts[1..].iter().copied().chain([END]);
        for (start, end) in starts.iter().zip(ends) {
            let (Some(first), Some(last)) = (char::from_u32(*start), char::from_u32(end - 1))
            else {
                continue;
            };
            let symbols = automata
                .iter()
                .map(|(automaton, _)| automaton.alphabet.symbol(first))
                .collect();
            known.entry(symbols).or_default().push((first, last));
        }
        let mut letters: Vec<Letter> = known
            .into_iter()
            .map(|(symbols, ranges)| Letter {
                symbols,
                first: most_pleasant(&ranges),
                ranges,
            })
            .collect();
        letters.sort_by_key(|letter| rank(letter.first));
        let mut intervals = Vec::new();
        for (index, letter) in letters.iter().enumerate() {
            intervals.extend(
                letter
                    .ranges
                    .iter()
                    .map(|(first, _)| (u32::from(*first), index)),
            );
        }
        intervals.sort_unstable();
        Ok(Self { letters, intervals })
    }

    /// The letter that a character belongs to.
    pub(super) fn index_of(&self, c: char) -> usize {
        let after = self
            .intervals
            .partition_point(|(start, _)| *start <= u32::from(c));
        self.intervals[after - 1].1
    }
}

impl Letter {
    /// A pleasant character of the letter that is none of those (sorted); nothing where there is no other.
    pub(super) fn other_than(&self, avoided: &[char]) -> Option<char> {
        let free = |c: &char| avoided.binary_search(c).is_err();
        if free(&self.first) {
            return Some(self.first);
        }
        let ascii = ascii_of(&self.ranges).filter(free).min_by_key(|c| rank(*c));
        ascii.or_else(|| {
            let mut all = self.ranges.iter().flat_map(|(first, last)| *first..=*last);
            all.find(free)
        })
    }
}

fn ascii_of(ranges: &[(char, char)]) -> impl Iterator<Item = char> {
    ranges
        .iter()
        .take_while(|(first, _)| first.is_ascii())
        .flat_map(|(first, last)| *first..=(*last).min('\u{7F}'))
}

/// The most pleasant of the characters that are looked at: all of ASCII, and the first few of each range.
fn most_pleasant(ranges: &[(char, char)]) -> char {
    let ascii = ascii_of(ranges).map(|c| (rank(c), c)).min();
    if let Some((_, c)) = ascii.filter(|(rank, _)| rank.0 < 6) {
        return c;
    }
    let mut best: Option<(Rank, char)> = ascii;
    for (first, last) in ranges.iter().take(64) {
        for c in (*first..=*last).skip_while(char::is_ascii).take(64) {
            let this = (rank(c), c);
            best = Some(best.map_or(this, |best| best.min(this)));
            if this.0.0 == 6 {
                return this.1;
            }
        }
    }
    best.map_or(ranges[0].0, |(_, c)| c)
}
