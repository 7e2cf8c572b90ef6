//! The search for a shortest word: all automata walk side by side, beside the words that are to be avoided.
//!
//! A state is where each automaton is, and where the word so far stands among the avoided ones. The states that words
//! of a length lead to are a *layer*. Below the least length layers are taken as they come, until one comes again: from
//! there on they go round, however long the least length is. From the least length on no state is looked at twice.

use std::collections::{BTreeMap, BTreeSet};

use super::automaton::{Automaton, EVERYTHING, NOTHING};
use super::letters::{Letters, rank};
use super::{Budget, Exhausted, Found, LONGEST_WRITTEN};

/// No beginning of an avoided word.
const ELSEWHERE: usize = 0;

/// The empty beginning.
const ROOT: usize = 1;

/// The beginnings of the avoided words.
#[derive(Debug)]
struct Avoided {
    /// What comes after each beginning: a character with its letter, and the longer beginning.
    longer: Vec<Vec<(char, usize, usize)>>,
    /// Whether it is an avoided word itself.
    whole: Vec<bool>,
}

impl Avoided {
    fn of(words: &BTreeSet<&str>, letters: &Letters) -> Self {
        let mut avoided = Self {
            longer: vec![Vec::new(); 2],
            whole: vec![false; 2],
        };
        for word in words {
            let mut node = ROOT;
            for c in word.chars() {
                // The words are sorted: if this beginning is known, it was the last one added.
                node = match avoided.longer[node].last() {
                    Some((last, _, longer)) if *last == c => *longer,
                    _ => {
                        avoided.longer.push(Vec::new());
                        avoided.whole.push(false);
                        let new = avoided.whole.len() - 1;
                        avoided.longer[node].push((c, letters.index_of(c), new));
                        new
                    }
                };
            }
            avoided.whole[node] = true;
        }
        avoided
    }
}

/// Where each automaton is, and the beginning of an avoided word.
type State = (Vec<u32>, usize);

/// The states reached so far, by number.
pub(super) struct Search<'a> {
    automata: Vec<(&'a Automaton, bool)>,
    letters: Letters,
    avoided: Avoided,
    budget: &'a Budget,
    known: BTreeMap<State, usize>,
    states: Vec<State>,
    /// What comes after each state, once looked at: the most pleasant character for each target, pleasant ones first.
    edges: Vec<Option<Vec<(char, usize)>>>,
}

/// States by number, sorted.
type Layer = Vec<usize>;

/// The layers below the least length, of which the last ones go round.
struct Layers {
    first: Vec<Layer>,
    /// The layer that comes after the last one again.
    back_to: usize,
}

impl Layers {
    fn at(&self, length: u64) -> &Layer {
        let index = usize::try_from(length)
            .ok()
            .filter(|index| *index < self.first.len());
        let index = index.unwrap_or_else(|| {
            let round = (self.first.len() - self.back_to) as u64;
            self.back_to + ((length - self.back_to as u64) % round) as usize
        });
        &self.first[index]
    }
}

impl<'a> Search<'a> {
    /// A search for words that each automaton accepts, or refuses where it comes with `false`.
    pub(super) fn new(
        automata: Vec<(&'a Automaton, bool)>,
        letters: Letters,
        except: &BTreeSet<&str>,
        budget: &'a Budget,
    ) -> Self {
        Self {
            avoided: Avoided::of(except, &letters),
            automata,
            letters,
            budget,
            known: BTreeMap::new(),
            states: Vec::new(),
            edges: Vec::new(),
        }
    }

    /// A shortest word of at least and at most so many characters.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] where the budget ran out first.
    pub(super) fn shortest(&mut self, least: u64, most: Option<u64>) -> Result<Found, Exhausted> {
        let starts = self.automata.iter().map(|(automaton, _)| automaton.start);
        let starts: Vec<u32> = starts.collect();
        if self.is_hopeless(&starts) {
            return Ok(Found::None);
        }
        let start = self.number((starts, ROOT));
        let Some((below, layer)) = self.below(start, least)? else {
            return Ok(Found::None);
        };

        let mut seen = vec![false; self.states.len()];
        let mut from = vec![layer];
        let mut length = least;
        loop {
            let last = from.last().expect("there is always one");
            let ends: Layer = last
                .iter()
                .copied()
                .filter(|state| self.is_end(*state))
                .collect();
            if !ends.is_empty() {
                if length > LONGEST_WRITTEN {
                    return Ok(Found::TooLong);
                }
                return self
                    .word(start, &below, &from, least, ends)
                    .map(Found::Word);
            }
            if most.is_some_and(|most| length >= most) {
                return Ok(Found::None);
            }
            for state in last {
                mark(&mut seen, *state);
            }
            let mut after = self.after(last)?;
            after.retain(|state| !seen.get(*state).is_some_and(|seen| *seen));
            if after.is_empty() {
                return Ok(Found::None);
            }
            from.push(after);
            length = length.saturating_add(1);
        }
    }

    /// The layers below a length, and the one of that length; nothing where no word is that long.
    fn below(&mut self, start: usize, least: u64) -> Result<Option<(Layers, Layer)>, Exhausted> {
        let mut layers = Layers {
            first: Vec::new(),
            back_to: 0,
        };
        let mut seen: BTreeMap<Layer, usize> = BTreeMap::new();
        let mut layer = vec![start];
        while (layers.first.len() as u64) < least {
            if let Some(again) = seen.get(&layer) {
                layers.back_to = *again;
                layer = layers.at(least).clone();
                break;
            }
            let after = self.after(&layer)?;
            if after.is_empty() {
                return Ok(None);
            }
            seen.insert(layer.clone(), layers.first.len());
            layers.first.push(std::mem::replace(&mut layer, after));
        }
        Ok(Some((layers, layer)))
    }

    /// Writes out the most pleasant word that leads to one of the ends, through the layers.
    fn word(
        &mut self,
        start: usize,
        below: &Layers,
        from: &[Layer],
        least: u64,
        ends: Layer,
    ) -> Result<String, Exhausted> {
        let mut ways = vec![ends];
        let length = least + from.len() as u64 - 1;
        for length in (0..length).rev() {
            let layer = match length.checked_sub(least) {
                Some(index) => &from[usize::try_from(index).expect("an index of a layer")],
                None => below.at(length),
            };
            let goal = ways.last().expect("there is always one");
            let mut way = Vec::new();
            for state in layer {
                let edges = self.edges(*state)?;
                let leads = edges
                    .iter()
                    .any(|(_, after)| goal.binary_search(after).is_ok());
                let cost = 1 + edges.len() as u64 / 8;
                self.budget.spend(cost)?;
                if leads {
                    way.push(*state);
                }
            }
            ways.push(way);
        }
        let mut word = String::new();
        let mut state = start;
        for goal in ways.iter().rev().skip(1) {
            let mut edges = self.edges(state)?.iter();
            let (c, after) = edges
                .find(|(_, after)| goal.binary_search(after).is_ok())
                .expect("every state on the way leads on");
            word.push(*c);
            state = *after;
        }
        Ok(word)
    }

    /// The layer after a layer.
    fn after(&mut self, layer: &[usize]) -> Result<Layer, Exhausted> {
        let mut after = Vec::new();
        for state in layer {
            after.extend(self.edges(*state)?.iter().map(|(_, after)| *after));
        }
        self.budget.spend(2 + after.len() as u64 / 8)?;
        after.sort_unstable();
        after.dedup();
        Ok(after)
    }

    fn edges(&mut self, state: usize) -> Result<&[(char, usize)], Exhausted> {
        if self.edges[state].is_none() {
            let edges = self.look(state)?;
            self.edges[state] = Some(edges);
        }
        Ok(self.edges[state].as_deref().expect("just looked at"))
    }

    /// Follows every letter from a state.
    fn look(&mut self, state: usize) -> Result<Vec<(char, usize)>, Exhausted> {
        let (places, node) = self.states[state].clone();
        let longer = self.avoided.longer[node].clone();
        let mut found: Vec<(char, State)> = Vec::new();
        for (index, letter) in self.letters.letters.iter().enumerate() {
            let cost = 2 + self.automata.len() + longer.len() / 16;
            self.budget.spend(cost as u64)?;
            let steps = self.automata.iter().zip(&places).zip(&letter.symbols);
            let after: Vec<u32> = steps
                .map(|(((automaton, _), place), symbol)| automaton.step(*place, *symbol))
                .collect();
            if self.is_hopeless(&after) {
                continue;
            }
            let mut special = Vec::new();
            for (c, _, node) in longer.iter().filter(|(_, of, _)| *of == index) {
                special.push(*c);
                found.push((*c, (after.clone(), *node)));
            }
            if let Some(c) = letter.other_than(&special) {
                found.push((c, (after, ELSEWHERE)));
            }
        }
        found.sort_by_key(|(c, _)| rank(*c));
        let mut edges: Vec<(char, usize)> = Vec::new();
        let mut targets = BTreeSet::new();
        for (c, state) in found {
            let target = self.number(state);
            if targets.insert(target) {
                edges.push((c, target));
            }
        }
        Ok(edges)
    }

    /// Whether no word goes on from there.
    fn is_hopeless(&self, places: &[u32]) -> bool {
        let mut each = self.automata.iter().zip(places);
        each.any(|((_, wanted), place)| *place == if *wanted { NOTHING } else { EVERYTHING })
    }

    /// Whether a word may end there.
    fn is_end(&self, state: usize) -> bool {
        let (places, node) = &self.states[state];
        let mut each = self.automata.iter().zip(places);
        !self.avoided.whole[*node]
            && each.all(|((automaton, wanted), place)| automaton.accepts(*place) == *wanted)
    }

    fn number(&mut self, state: State) -> usize {
        if let Some(number) = self.known.get(&state) {
            return *number;
        }
        let number = self.states.len();
        self.known.insert(state.clone(), number);
        self.states.push(state);
        self.edges.push(None);
        number
    }
}

fn mark(seen: &mut Vec<bool>, state: usize) {
    if seen.len() <= state {
        seen.resize(state + 1, false);
    }
    seen[state] = true;
}
