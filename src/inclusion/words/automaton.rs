//! The automaton of a pattern: deterministic, complete, with a step for each character.

use std::collections::BTreeMap;

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::{primitives::StateID, start};

use super::alphabet::Alphabet;
use super::ecma::Part;

/// The state from which no word is accepted.
pub(super) const NOTHING: u32 = 0;

/// The state from which every word is accepted.
pub(super) const EVERYTHING: u32 = 1;

/// How large an automaton may become on its way, in bytes.
const NFA_SIZE: usize = 1 << 20;
const DFA_SIZE: usize = 1 << 20;
const DETERMINIZE_SIZE: usize = 1 << 19;

/// How many transitions the automaton of a pattern may have.
const MOST_TRANSITIONS: usize = 1 << 18;

/// A deterministic automaton over the symbols of its own alphabet.
#[derive(Debug)]
pub(super) struct Automaton {
    pub(super) alphabet: Alphabet,
    pub(super) start: u32,
    /// The state after each state and symbol.
    next: Vec<u32>,
    accepts: Vec<bool>,
    /// What making it has cost, in steps of a budget.
    pub(super) cost: u64,
}

impl Automaton {
    /// The automaton of the texts that are in each part; nothing where it would become too large.
    pub(super) fn of(parts: &[Part]) -> Option<Self> {
        let expressions: Vec<_> = parts.iter().map(|part| &part.hir).collect();
        let alphabet = Alphabet::of(&expressions)?;
        let factors: Option<Vec<Factor>> = parts
            .iter()
            .map(|part| Factor::of(part, &alphabet))
            .collect();
        Product::of(&factors?, &alphabet)?.trim(alphabet)
    }

    /// The state after a symbol.
    pub(super) fn step(&self, state: u32, symbol: u8) -> u32 {
        self.next[state as usize * self.alphabet.bytes.len() + usize::from(symbol)]
    }

    /// Whether a text is accepted.
    pub(super) fn reads(&self, text: &str) -> bool {
        let end = text.chars().fold(self.start, |state, c| {
            self.step(state, self.alphabet.symbol(c))
        });
        self.accepts(end)
    }

    /// Whether a text that ends in the state is accepted.
    pub(super) fn accepts(&self, state: u32) -> bool {
        self.accepts[state as usize]
    }
}

/// The automaton of one part, over the bytes of symbols. It reports a match one byte late.
struct Factor {
    dfa: dense::DFA<Vec<u32>>,
    start: StateID,
    negated: bool,
}

/// Where a factor is: nothing where it has matched, whatever follows.
type Place = Option<StateID>;

impl Factor {
    fn of(part: &Part, alphabet: &Alphabet) -> Option<Self> {
        let nfa = thompson::Compiler::new()
            .configure(
                thompson::Config::new()
                    .utf8(false)
                    .which_captures(thompson::WhichCaptures::None)
                    .nfa_size_limit(Some(NFA_SIZE)),
            )
            .build_from_hir(&alphabet.translate(&part.hir))
            .ok()?;
        let dfa = dense::Builder::new()
            .configure(
                dense::Config::new()
                    .start_kind(StartKind::Unanchored)
                    .accelerate(false)
                    .dfa_size_limit(Some(DFA_SIZE))
                    .determinize_size_limit(Some(DETERMINIZE_SIZE)),
            )
            .build_from_nfa(&nfa)
            .ok()?;
        let start = dfa.start_state(&start::Config::new()).ok()?;
        Some(Self {
            dfa,
            start,
            negated: part.negated,
        })
    }

    fn step(&self, place: Place, byte: u8) -> Place {
        let next = self.dfa.next_state(place?, byte);
        (!self.dfa.is_match_state(next)).then_some(next)
    }

    fn accepts(&self, place: Place) -> bool {
        let matched =
            place.is_none_or(|state| self.dfa.is_match_state(self.dfa.next_eoi_state(state)));
        matched != self.negated
    }
}

/// All factors side by side. The start is state 0.
struct Product {
    next: Vec<u32>,
    accepts: Vec<bool>,
    cost: u64,
}

impl Product {
    fn of(factors: &[Factor], alphabet: &Alphabet) -> Option<Self> {
        let start: Vec<Place> = factors.iter().map(|factor| Some(factor.start)).collect();
        let mut known = BTreeMap::from([(start.clone(), 0)]);
        let mut states = vec![start];
        let mut product = Self {
            next: Vec::new(),
            accepts: Vec::new(),
            cost: 0,
        };
        while let Some(places) = states.get(product.accepts.len()).cloned() {
            let accepts = factors
                .iter()
                .zip(&places)
                .all(|(f, place)| f.accepts(*place));
            product.accepts.push(accepts);
            for byte in &alphabet.bytes {
                let step = |(factor, place): (&Factor, &Place)| factor.step(*place, *byte);
                let after: Vec<Place> = factors.iter().zip(&places).map(step).collect();
                let id = *known.entry(after).or_insert_with_key(|after| {
                    states.push(after.clone());
                    states.len() - 1
                });
                product.next.push(u32::try_from(id).ok()?);
            }
            if product.next.len() > MOST_TRANSITIONS {
                return None;
            }
        }
        let built: usize = factors.iter().map(|f| f.dfa.memory_usage()).sum();
        product.cost = (500 + alphabet.starts.len() + built / 3 + 2 * product.next.len()) as u64;
        Some(product)
    }

    /// The states from which a text can end as wished.
    fn can(&self, symbols: usize, accepted: bool) -> Vec<bool> {
        let mut before = vec![Vec::new(); self.accepts.len()];
        for (transition, target) in self.next.iter().enumerate() {
            before[*target as usize].push(transition / symbols);
        }
        let mut can: Vec<bool> = self.accepts.iter().map(|end| *end == accepted).collect();
        let mut open: Vec<usize> = (0..can.len()).filter(|state| can[*state]).collect();
        while let Some(state) = open.pop() {
            for source in &before[state] {
                if !std::mem::replace(&mut can[*source], true) {
                    open.push(*source);
                }
            }
        }
        can
    }

    /// The same automaton with one state for nothing and one for everything.
    fn trim(self, alphabet: Alphabet) -> Option<Automaton> {
        let symbols = alphabet.bytes.len();
        let can_accept = self.can(symbols, true);
        let can_refuse = self.can(symbols, false);
        let mut names = Vec::new();
        let mut accepts = vec![false, true];
        for state in 0..self.accepts.len() {
            names.push(match (can_accept[state], can_refuse[state]) {
                (false, _) => NOTHING,
                (_, false) => EVERYTHING,
                _ => {
                    accepts.push(self.accepts[state]);
                    u32::try_from(accepts.len() - 1).ok()?
                }
            });
        }
        let mut next = vec![NOTHING; symbols];
        next.resize(2 * symbols, EVERYTHING);
        for (state, name) in names.iter().enumerate() {
            if *name > EVERYTHING {
                let row = &self.next[state * symbols..][..symbols];
                next.extend(row.iter().map(|target| names[*target as usize]));
            }
        }
        Some(Automaton {
            start: names[0],
            alphabet,
            next,
            accepts,
            cost: self.cost,
        })
    }
}
