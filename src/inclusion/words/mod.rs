//! Strings: is there one that matches these regular expressions and not those, of such a length, and none of these?
//!
//! Lengths are counted in Unicode scalar values. Nothing here knows of schemas.

mod alphabet;
mod automaton;
mod ecma;
mod letters;
mod pattern;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub(super) use pattern::{Pattern, Unsupported};

use super::budget::{Budget, Exhausted};
use letters::Letters;
use search::Search;

/// The longest word that is written out, in characters.
const LONGEST_WRITTEN: u64 = 4096;

/// What is asked of a string.
#[derive(Debug, Clone, Default)]
pub(super) struct Words<'p> {
    /// The patterns that it must match.
    pub(super) must: Vec<&'p Pattern>,
    /// The patterns that it must not match.
    pub(super) must_not: Vec<&'p Pattern>,
    /// The least length, in characters.
    pub(super) shortest: u64,
    /// The greatest length, in characters.
    pub(super) longest: Option<u64>,
    /// The strings that it must not be.
    pub(super) except: BTreeSet<&'p str>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// A shortest one, and among those the most legible one.
    Word(String),
    /// There is one, too long to be written out.
    TooLong,
    /// There is none.
    None,
    /// Nobody can say: a pattern is too large for an automaton.
    Unknown,
}

impl Words<'_> {
    /// Looks for a shortest string. The same question always has the same answer.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] where the budget ran out first.
    pub(super) fn find(&self, budget: &Budget) -> Result<Found, Exhausted> {
        let must = distinct(&self.must);
        let must_not = distinct(&self.must_not);
        let contradicts =
            |pattern: &&Pattern| must_not.iter().any(|no| no.text() == pattern.text());
        if self.longest.is_some_and(|longest| longest < self.shortest)
            || must.iter().any(contradicts)
        {
            return Ok(Found::None);
        }

        let mut automata = Vec::new();
        let mut too_large = false;
        let wanted = must.iter().map(|pattern| (*pattern, true));
        for (pattern, wanted) in wanted.chain(must_not.iter().map(|pattern| (*pattern, false))) {
            match pattern.automaton(budget)? {
                Some(automaton) => automata.push((automaton, wanted)),
                None => too_large = true,
            }
        }
        let letters = Letters::of(&automata, budget)?;
        // What is too long to be written out need not be told from what is found, only from what is not written out.
        let (written, unwritten): (BTreeSet<&str>, BTreeSet<&str>) =
            (self.except.iter()).partition(|word| word.len() as u64 <= 4 * LONGEST_WRITTEN);
        let letters_avoided: usize = written.iter().map(|word| word.len()).sum();
        budget.spend(letters_avoided as u64 / 2)?;
        let mut search = Search::new(automata, letters, &written, budget);
        match search.shortest(self.shortest, self.longest)? {
            // Nothing more to ask for makes what there is none of.
            Found::None => Ok(Found::None),
            Found::TooLong if !unwritten.is_empty() => Ok(Found::Unknown),
            _ if too_large => Ok(Found::Unknown),
            found => Ok(found),
        }
    }
}

/// The patterns without those that are written the same.
fn distinct<'p>(patterns: &[&'p Pattern]) -> Vec<&'p Pattern> {
    let mut seen = BTreeSet::new();
    let mut distinct = patterns.to_vec();
    distinct.retain(|pattern| seen.insert(pattern.text()));
    distinct
}
