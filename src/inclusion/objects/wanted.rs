//! What facts ask of an object.

use std::collections::BTreeSet;

use super::super::assumptions::State;
use super::super::formula::{Literal, Names, Node, PatternId};
use super::super::search::Search;

/// What the facts ask of an object.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) fewest: u64,
    pub(super) most: Option<u64>,
    pub(super) required: BTreeSet<String>,
    pub(super) forbidden: BTreeSet<String>,
    /// What the values of properties must satisfy.
    pub(super) each: Vec<(Names, Literal)>,
    /// What every name must satisfy.
    pub(super) named: Vec<Literal>,
    /// Properties of which one must be there.
    pub(super) demands: Vec<Demand>,
    /// Every name that a schema names.
    pub(super) known: BTreeSet<String>,
    /// Every pattern that tells names apart.
    pub(super) patterns: Vec<PatternId>,
}

/// A property that must be there: its name among these and its value so, or its name so.
#[derive(Debug, Clone)]
pub(super) enum Demand {
    Value(Names, Literal),
    Name(Literal),
}

/// A property whose name no schema names.
#[derive(Debug, Clone)]
pub(super) struct Other {
    /// Which of the patterns in play its name matches, as bits.
    pub(super) matches: u32,
    pub(super) name: Vec<Literal>,
    pub(super) value: Vec<Literal>,
}

impl Search<'_> {
    /// Reads the facts; nothing where they contradict each other.
    pub(super) fn wanted_object(&self, state: &State) -> Option<Wanted> {
        let mut wanted = Wanted::default();
        for Literal { id, holds } in &state.facts {
            match (self.formulas.node(*id), holds) {
                (Node::PropertiesMin(least), true) => wanted.fewest = wanted.fewest.max(*least),
                (Node::PropertiesMin(least), false) => {
                    let most = least.checked_sub(1)?;
                    wanted.most = Some(wanted.most.map_or(most, |known| known.min(most)));
                }
                (Node::Has(name), true) => drop(wanted.required.insert(name.clone())),
                (Node::Has(name), false) => drop(wanted.forbidden.insert(name.clone())),
                (Node::Each(names, every), true) => {
                    wanted.know(names);
                    wanted.each.push((names.clone(), Literal::yes(*every)));
                }
                (Node::Each(names, every), false) => {
                    wanted.know(names);
                    wanted
                        .demands
                        .push(Demand::Value(names.clone(), Literal::no(*every)));
                }
                (Node::Named(every), true) => wanted.named.push(Literal::yes(*every)),
                (Node::Named(every), false) => {
                    wanted.demands.push(Demand::Name(Literal::no(*every)));
                }
                _ => {}
            }
        }
        wanted.known.extend(wanted.required.iter().cloned());
        wanted.known.extend(wanted.forbidden.iter().cloned());
        wanted.patterns.sort_unstable();
        wanted.patterns.dedup();
        let possible = wanted.most.is_none_or(|most| wanted.fewest <= most);
        possible.then_some(wanted)
    }
}

impl Wanted {
    /// Takes note of what tells names apart.
    fn know(&mut self, names: &Names) {
        match names {
            Names::One(name) => drop(self.known.insert(name.clone())),
            Names::Matching(pattern) => self.patterns.push(*pattern),
            Names::Outside(named, patterns) => {
                self.known.extend(named.iter().cloned());
                self.patterns.extend(patterns.iter().copied());
            }
        }
    }

    /// Whether an assertion is about names that no schema names and that match just these patterns.
    pub(super) fn includes(&self, names: &Names, matches: u32) -> bool {
        let matched = |pattern: &PatternId| {
            let bit = self.patterns.binary_search(pattern);
            bit.is_ok_and(|bit| matches & 1 << bit != 0)
        };
        match names {
            Names::One(_) => false,
            Names::Matching(pattern) => matched(pattern),
            Names::Outside(_, patterns) => !patterns.iter().any(matched),
        }
    }
}

impl Demand {
    /// A property of another name that serves this demand as well; nothing where it cannot.
    pub(super) fn placed(&self, wanted: &Wanted, mut other: Other) -> Option<Other> {
        match self {
            Self::Value(names, literal) => {
                if !wanted.includes(names, other.matches) {
                    return None;
                }
                other.value.push(*literal);
            }
            Self::Name(literal) => other.name.push(*literal),
        }
        Some(other)
    }
}
