//! Numbers and strings that satisfy facts.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Doubt;
use super::assumptions::State;
use super::budget::Exhausted;
use super::formula::{Literal, Node};
use super::numbers::{self, Bound, Exact, Numbers};
use super::search::{Outcome, Search};
use super::words::{self, Words};
use crate::json::Json;

impl Search<'_> {
    /// A number that satisfies the facts.
    pub(super) fn number(&mut self, state: &State) -> Result<Outcome, Exhausted> {
        let mut range = Numbers {
            low: None,
            high: None,
            multiples: Vec::new(),
            not_multiples: Vec::new(),
            except: BTreeSet::new(),
        };
        let beyond = |bound: &Bound| Bound {
            at: bound.at.clone(),
            open: !bound.open,
        };
        for Literal { id, holds } in &state.facts {
            match (self.formulas.node(*id), holds) {
                (Node::Low(bound), true) => range.at_least(bound.clone()),
                (Node::High(bound), true) => range.at_most(bound.clone()),
                (Node::Low(bound), false) => range.at_most(beyond(bound)),
                (Node::High(bound), false) => range.at_least(beyond(bound)),
                (Node::Multiple(of), true) => range.multiples.push(of.clone()),
                (Node::Multiple(of), false) => range.not_multiples.push(of.clone()),
                (Node::Values(values), false) => {
                    for value in values {
                        if let Json::Number(number) = &**self.formulas.value(*value) {
                            range.except.extend(Exact::of(number));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(match range.find(&self.budget)? {
            numbers::Found::Number(value) => Outcome::Value(Rc::new(value)),
            numbers::Found::None => Outcome::None,
            numbers::Found::Unknown => Outcome::Maybe(Doubt::Budget),
        })
    }

    /// A string that satisfies the facts.
    pub(super) fn string(&mut self, state: &State) -> Result<Outcome, Exhausted> {
        let mut words = Words {
            must: Vec::new(),
            must_not: Vec::new(),
            shortest: 0,
            longest: None,
            except: BTreeSet::new(),
        };
        for Literal { id, holds } in &state.facts {
            match (self.formulas.node(*id), holds) {
                (Node::LengthMin(least), true) => words.shortest = words.shortest.max(*least),
                (Node::LengthMin(0), false) => return Ok(Outcome::None),
                (Node::LengthMin(least), false) => {
                    let most = least - 1;
                    words.longest = Some(words.longest.map_or(most, |known| known.min(most)));
                }
                (Node::Matches(pattern), true) => {
                    words.must.push(self.formulas.pattern(*pattern));
                }
                (Node::Matches(pattern), false) => {
                    words.must_not.push(self.formulas.pattern(*pattern));
                }
                (Node::Values(values), false) => {
                    let texts = values.iter().map(|value| self.formulas.value(*value));
                    words
                        .except
                        .extend(texts.filter_map(|value| value.as_str()));
                }
                _ => {}
            }
        }
        Ok(match words.find(&self.budget)? {
            words::Found::Word(text) => Outcome::Value(Rc::new(Json::string(text))),
            words::Found::TooLong => Outcome::Huge,
            words::Found::None => Outcome::None,
            words::Found::Unknown => Outcome::Maybe(Doubt::Pattern),
        })
    }
}
