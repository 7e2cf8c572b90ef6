//! The search for a value that satisfies some formulas and refuses others.
//!
//! Type by type: a formula is taken apart into assertions about values of that type and into choices. The assertions
//! alone give a value (`numbers`, `words`, [`arrays`](super::arrays), [`objects`](super::objects)); only a choice that
//! this value fails is branched on. Values inside a value are goals of their own, and each goal is solved once. A goal
//! that needs itself inside itself is given up there: a smallest value never holds a value of the same goal.
//!
//! The idea of deciding inclusion by looking for a witness is that of Attouche, Baazizi, Colazzo, Ghelli, Sartiani and
//! Scherzinger, *Witness Generation for JSON Schema* (VLDB 2022).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Doubt;
use super::assumptions::{Choice, State};
use super::budget::{Budget, Exhausted};
use super::formula::{Formulas, Id, Kind, Literal, Node};
use super::reading::Reading;
use crate::json::Json;

/// What the search for a value ends in.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// There is this one.
    Value(Rc<Json>),
    /// There is one, and it is too large to be written down.
    Huge,
    /// There is none.
    None,
    /// Nobody can say.
    Maybe(Doubt),
}

/// How deep goals and branches may stand inside each other.
const DEPTH: usize = 300;

/// Formulas, and what is known about them.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) formulas: Formulas,
    pub(super) reading: Reading<'a>,
    pub(super) budget: Budget,
    known: BTreeMap<Vec<Literal>, Outcome>,
    /// Goals that are being solved, and how deep they stand.
    open: BTreeMap<Vec<Literal>, usize>,
    /// The outermost open goal that something found since was given up for.
    leans_on: usize,
    pub(super) plain: BTreeMap<(Id, Kind), Option<bool>>,
    depth: usize,
}

impl<'a> Search<'a> {
    /// A search over schemas that are read on demand.
    pub(super) fn new(formulas: Formulas, reading: Reading<'a>) -> Self {
        Self {
            formulas,
            reading,
            budget: Budget::new(0),
            known: BTreeMap::new(),
            open: BTreeMap::new(),
            leans_on: usize::MAX,
            plain: BTreeMap::new(),
            depth: 0,
        }
    }

    /// Begins a new question; what is known stays known, and nothing is open.
    pub(super) fn restart(&mut self, budget: Budget) {
        self.budget = budget;
        self.open.clear();
        self.leans_on = usize::MAX;
        self.depth = 0;
        self.reading.restart();
    }

    /// Looks for a value, of whatever type, of which every literal holds.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] when the budget is.
    pub(super) fn solve(&mut self, goal: &[Literal]) -> Result<Outcome, Exhausted> {
        let mut goal = goal.to_vec();
        goal.sort_unstable();
        goal.dedup();
        self.budget.spend(2 + goal.len() as u64)?;
        if goal.windows(2).any(|pair| pair[0].id == pair[1].id) {
            return Ok(Outcome::None);
        }
        if let Some(known) = self.known.get(&goal) {
            return Ok(known.clone());
        }
        if let Some(depth) = self.open.get(&goal) {
            self.leans_on = self.leans_on.min(*depth);
            return Ok(Outcome::None);
        }
        if self.depth >= DEPTH {
            return Ok(Outcome::Maybe(Doubt::Budget));
        }
        let here = self.open.len();
        self.open.insert(goal.clone(), here);
        let outer = std::mem::replace(&mut self.leans_on, usize::MAX);
        self.depth += 1;
        let outcome = self.of_any_kind(&goal);
        self.depth -= 1;
        self.open.remove(&goal);
        let leans_on = std::mem::replace(&mut self.leans_on, outer);
        let outcome = outcome?;
        // What was given up for an outer goal that is still open says nothing about other places.
        let holds_anywhere =
            leans_on >= here || matches!(outcome, Outcome::Value(_) | Outcome::Huge);
        if holds_anywhere {
            self.known.insert(goal, outcome.clone());
        } else {
            self.leans_on = self.leans_on.min(leans_on);
        }
        Ok(outcome)
    }

    fn of_any_kind(&mut self, goal: &[Literal]) -> Result<Outcome, Exhausted> {
        let mut best = Outcome::None;
        for kind in Kind::ALL {
            match self.of_kind(kind, goal)? {
                Outcome::None => {}
                found @ Outcome::Value(_) => return Ok(found),
                other => best = better(best, other),
            }
        }
        Ok(best)
    }

    /// Looks for a value of one type of which every literal holds.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] when the budget is.
    pub(super) fn of_kind(&mut self, kind: Kind, goal: &[Literal]) -> Result<Outcome, Exhausted> {
        let mut state = State::of(kind);
        if !self.assume(&mut state, goal)? {
            return Ok(Outcome::None);
        }
        self.explore(state)
    }

    fn explore(&mut self, mut state: State) -> Result<Outcome, Exhausted> {
        if !self.settle(&mut state)? {
            return Ok(Outcome::None);
        }
        if let Some(listed) = self.listed(&state) {
            return self.among(&state, listed);
        }
        self.depth += 1;
        let outcome = if self.depth > DEPTH {
            Ok(Outcome::Maybe(Doubt::Budget))
        } else {
            self.branch(state)
        };
        self.depth -= 1;
        outcome
    }

    fn branch(&mut self, mut state: State) -> Result<Outcome, Exhausted> {
        let model = match state.kind {
            Kind::Number => self.number(&state)?,
            Kind::String => self.string(&state)?,
            Kind::Array => self.array(&state)?,
            Kind::Object => self.object(&state)?,
            Kind::Null | Kind::Boolean => unreachable!("their values are listed"),
        };
        let failed = match &model {
            Outcome::None => return Ok(model),
            Outcome::Value(value) => self.failed_choice(&state, value)?,
            Outcome::Huge | Outcome::Maybe(_) => {
                (0..state.choices.len()).min_by_key(|index| state.choices[*index].len())
            }
        };
        let Some(failed) = failed else {
            return Ok(match state.doubt {
                Some(doubt) => Outcome::Maybe(doubt),
                None => model,
            });
        };
        let choice = state.choices.remove(failed);
        let choice = self.promising(&state, &choice)?;
        let mut best = Outcome::None;
        for way in choice.iter() {
            let mut next = state.clone();
            self.budget
                .spend(4 + (next.facts.len() + next.choices.len()) as u64)?;
            if !self.assume(&mut next, way)? {
                continue;
            }
            match self.explore(next)? {
                found @ Outcome::Value(_) => return Ok(found),
                other => best = better(best, other),
            }
        }
        Ok(best)
    }

    /// The first choice that a value does not satisfy for sure.
    fn failed_choice(&mut self, state: &State, value: &Json) -> Result<Option<usize>, Exhausted> {
        for (index, choice) in state.choices.iter().enumerate() {
            if self.satisfies(choice, value)? != Some(true) {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    fn satisfies(&mut self, choice: &Choice, value: &Json) -> Result<Option<bool>, Exhausted> {
        let mut any = Some(false);
        for way in choice {
            match self.all_hold(way, value)? {
                Some(true) => return Ok(Some(true)),
                None => any = None,
                Some(false) => {}
            }
        }
        Ok(any)
    }

    fn all_hold<'l>(
        &mut self,
        literals: impl IntoIterator<Item = &'l Literal>,
        value: &Json,
    ) -> Result<Option<bool>, Exhausted> {
        let mut all = Some(true);
        for literal in literals {
            match self.holds(literal.id, value)? {
                None => all = None,
                Some(holds) if holds == literal.holds => {}
                Some(_) => return Ok(Some(false)),
            }
        }
        Ok(all)
    }

    /// The only values that can be meant, where the facts list them.
    fn listed(&self, state: &State) -> Option<Vec<Rc<Json>>> {
        match state.kind {
            Kind::Null => return Some(vec![Rc::new(Json::Null)]),
            Kind::Boolean => return Some([false, true].map(Json::Bool).map(Rc::new).to_vec()),
            _ => {}
        }
        let lists = state.facts.iter().filter(|fact| fact.holds);
        let shortest = lists
            .filter_map(|fact| match self.formulas.node(fact.id) {
                Node::Values(numbers) => Some(numbers),
                _ => None,
            })
            .min_by_key(|numbers| numbers.len())?;
        let mut numbers: Vec<u32> = shortest
            .iter()
            .copied()
            .filter(|number| Kind::of(self.formulas.value(*number)) == state.kind)
            .collect();
        numbers.sort_by_key(|number| self.formulas.length(*number));
        let value = |number: &u32| Rc::clone(self.formulas.value(*number));
        Some(numbers.iter().map(value).collect())
    }

    fn among(&mut self, state: &State, listed: Vec<Rc<Json>>) -> Result<Outcome, Exhausted> {
        self.budget.spend(listed.len() as u64)?;
        let mut best = Outcome::None;
        for value in listed {
            let mut all = self.all_hold(&state.facts, &value)?;
            for choice in &state.choices {
                match self.satisfies(choice, &value)? {
                    Some(true) => {}
                    None => all = all.and(None),
                    Some(false) => all = Some(false),
                }
                if all == Some(false) {
                    break;
                }
            }
            match (all, state.doubt) {
                (Some(false), _) => {}
                (Some(true), None) => return Ok(Outcome::Value(value)),
                (_, doubt) => {
                    best = better(best, Outcome::Maybe(doubt.unwrap_or(Doubt::Pattern)));
                }
            }
        }
        Ok(best)
    }
}

/// Of two outcomes without a value, the one that says more.
pub(super) fn better(a: Outcome, b: Outcome) -> Outcome {
    match (&a, &b) {
        (Outcome::Huge, _) | (_, Outcome::None) => a,
        (_, Outcome::Huge) | (Outcome::None, _) => b,
        _ => a,
    }
}
