//! The search for a value that satisfies some formulas and refuses others.
//!
//! Type by type: a formula is taken apart into assertions about values of that type and into choices. The assertions
//! alone give a value (`numbers`, `words`, [`arrays`](super::arrays), [`objects`](super::objects)); only a choice that
//! this value fails is branched on. Values inside a value are goals of their own, and each goal is solved once. A goal
//! that needs itself inside itself is given up there: a smallest value never holds a value of the same goal.
//!
//! The idea of deciding inclusion by looking for a witness is that of Attouche, Baazizi, Colazzo, Ghelli, Sartiani and
//! Scherzinger, *Witness Generation for JSON Schema* (VLDB 2022).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Doubt;
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
    plain: BTreeMap<(Id, Kind), Option<bool>>,
    depth: usize,
}

/// Ways to go on, of which one must be gone.
type Choice = Vec<Vec<Literal>>;

/// What a branch of the search assumes about a value of one type.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) kind: Kind,
    /// Assertions about values of the type.
    pub(super) facts: BTreeSet<Literal>,
    choices: Vec<Rc<Choice>>,
    doubt: Option<Doubt>,
}

impl<'a> Search<'a> {
    /// A search over schemas that are read on demand.
    pub(super) fn new(formulas: Formulas, reading: Reading<'a>, budget: Budget) -> Self {
        Self {
            formulas,
            reading,
            budget,
            known: BTreeMap::new(),
            open: BTreeMap::new(),
            leans_on: usize::MAX,
            plain: BTreeMap::new(),
            depth: 0,
        }
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
        let mut state = State {
            kind,
            facts: BTreeSet::new(),
            choices: Vec::new(),
            doubt: None,
        };
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
    fn listed(&self, state: &State) -> Option<Vec<Json>> {
        match state.kind {
            Kind::Null => return Some(vec![Json::Null]),
            Kind::Boolean => return Some(vec![Json::Bool(false), Json::Bool(true)]),
            _ => {}
        }
        let lists = state.facts.iter().filter(|fact| fact.holds);
        let shortest = lists
            .filter_map(|fact| match self.formulas.node(fact.id) {
                Node::Values(numbers) => Some(numbers),
                _ => None,
            })
            .min_by_key(|numbers| numbers.len())?;
        let mut values: Vec<Json> = shortest
            .iter()
            .map(|number| self.formulas.value(*number).clone())
            .filter(|value| Kind::of(value) == state.kind)
            .collect();
        values.sort_by_key(|value| crate::json::compact(value).len());
        Some(values)
    }

    fn among(&mut self, state: &State, listed: Vec<Json>) -> Result<Outcome, Exhausted> {
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
                (Some(true), None) => return Ok(Outcome::Value(Rc::new(value))),
                (_, doubt) => {
                    best = better(best, Outcome::Maybe(doubt.unwrap_or(Doubt::Pattern)));
                }
            }
        }
        Ok(best)
    }

    /// Takes literals apart into facts and choices; false where they contradict each other.
    fn assume(&mut self, state: &mut State, literals: &[Literal]) -> Result<bool, Exhausted> {
        let mut work: Vec<Literal> = literals.to_vec();
        while let Some(literal) = work.pop() {
            self.budget.spend(1)?;
            if state.facts.contains(&literal) {
                continue;
            }
            if state.facts.contains(&literal.opposite()) {
                return Ok(false);
            }
            let node = self.formulas.node(literal.id).clone();
            match node {
                Node::Not(inner) => work.push(Literal {
                    id: inner,
                    holds: !literal.holds,
                }),
                Node::All(parts) if literal.holds => {
                    work.extend(parts.into_iter().map(Literal::yes))
                }
                Node::Any(parts) if !literal.holds => {
                    work.extend(parts.into_iter().map(Literal::no))
                }
                Node::Link(link) => {
                    state.facts.insert(literal);
                    let id = self.opened(link)?;
                    work.push(Literal {
                        id,
                        holds: literal.holds,
                    });
                }
                Node::Kinds(kinds) => {
                    if (kinds & state.kind.bit() != 0) != literal.holds {
                        return Ok(false);
                    }
                }
                Node::Opaque(_, doubt) => {
                    state.facts.insert(literal);
                    state.doubt = Some(doubt);
                }
                Node::Values(numbers) => {
                    if !self.assume_values(state, literal, &numbers) {
                        return Ok(false);
                    }
                }
                node => {
                    let Some(choice) = self.choice(&node, literal) else {
                        let about_this = node.about() == Some(state.kind);
                        if about_this {
                            state.facts.insert(literal);
                        } else if !literal.holds {
                            return Ok(false);
                        }
                        continue;
                    };
                    if node.about().is_some_and(|kind| kind != state.kind) {
                        return Ok(false);
                    }
                    state.facts.insert(literal);
                    self.budget.spend(choice.len() as u64)?;
                    match self.simplified(state, &choice)? {
                        Simplified::Always => {}
                        Simplified::Never => return Ok(false),
                        Simplified::Must(way) => work.extend(way),
                        Simplified::Choice(choice) => state.choices.push(Rc::new(choice)),
                    }
                }
            }
        }
        Ok(true)
    }

    /// The ways in which a formula can hold, or not hold; nothing where it is a plain assertion.
    fn choice(&mut self, node: &Node, literal: Literal) -> Option<Choice> {
        let each = |parts: &[Id], holds: bool| -> Choice {
            parts
                .iter()
                .map(|id| vec![Literal { id: *id, holds }])
                .collect()
        };
        Some(match (node, literal.holds) {
            (Node::All(parts), false) => each(parts, false),
            (Node::Any(parts), true) => each(parts, true),
            (Node::One(parts), true) => (0..parts.len())
                .map(|only| {
                    let literal = |(index, id): (usize, &Id)| Literal {
                        id: *id,
                        holds: index == only,
                    };
                    parts.iter().enumerate().map(literal).collect()
                })
                .collect(),
            (Node::One(parts), false) => {
                let mut ways = vec![parts.iter().copied().map(Literal::no).collect()];
                for (index, a) in parts.iter().enumerate() {
                    for b in &parts[index + 1..] {
                        ways.push(vec![Literal::yes(*a), Literal::yes(*b)]);
                    }
                }
                ways
            }
            (Node::If(condition, then, other), holds) => vec![
                vec![Literal::yes(*condition), Literal { id: *then, holds }],
                vec![Literal::no(*condition), Literal { id: *other, holds }],
            ],
            (Node::Count(of, least, most), false) => {
                let mut ways = Vec::new();
                if *least > 0 {
                    let fewer = Node::Count(*of, 0, Some(least - 1));
                    ways.push(vec![Literal::yes(self.formulas.intern(fewer))]);
                }
                if let Some(most) = most {
                    let more = Node::Count(*of, most + 1, None);
                    ways.push(vec![Literal::yes(self.formulas.intern(more))]);
                }
                ways
            }
            _ => return None,
        })
    }

    fn assume_values(&mut self, state: &mut State, literal: Literal, numbers: &[u32]) -> bool {
        let of_kind: Vec<Json> = numbers
            .iter()
            .map(|number| self.formulas.value(*number))
            .filter(|value| Kind::of(value) == state.kind)
            .cloned()
            .collect();
        if of_kind.is_empty() {
            return !literal.holds;
        }
        state.facts.insert(literal);
        if !literal.holds && matches!(state.kind, Kind::Array | Kind::Object) {
            for value in of_kind {
                let other = self.formulas.other_than(&value);
                let ways = match self.formulas.node(other) {
                    Node::Any(ways) => ways.clone(),
                    _ => vec![other],
                };
                let choice = ways.into_iter().map(|id| vec![Literal::yes(id)]).collect();
                state.choices.push(Rc::new(choice));
            }
        }
        true
    }

    /// Drops from every choice what cannot be gone any more, until nothing is forced.
    fn settle(&mut self, state: &mut State) -> Result<bool, Exhausted> {
        let mut index = 0;
        while index < state.choices.len() {
            let choice = Rc::clone(&state.choices[index]);
            match self.simplified(state, &choice)? {
                Simplified::Always => drop(state.choices.swap_remove(index)),
                Simplified::Never => return Ok(false),
                Simplified::Must(way) => {
                    state.choices.swap_remove(index);
                    if !self.assume(state, &way)? {
                        return Ok(false);
                    }
                    index = 0;
                }
                Simplified::Choice(left) => {
                    if left.len() < choice.len() {
                        state.choices[index] = Rc::new(left);
                    }
                    index += 1;
                }
            }
        }
        Ok(true)
    }

    fn simplified(&mut self, state: &State, choice: &Choice) -> Result<Simplified, Exhausted> {
        let mut left = Vec::new();
        for way in choice {
            let mut open = Vec::new();
            let mut possible = true;
            for literal in way {
                self.budget.spend(1)?;
                let status = if state.facts.contains(literal) {
                    Some(true)
                } else if state.facts.contains(&literal.opposite()) {
                    Some(false)
                } else {
                    self.plainly(literal.id, state.kind, 0)?
                        .map(|holds| holds == literal.holds)
                };
                match status {
                    Some(true) => {}
                    Some(false) => {
                        possible = false;
                        break;
                    }
                    None => open.push(*literal),
                }
            }
            if possible && open.is_empty() {
                return Ok(Simplified::Always);
            }
            if possible {
                left.push(open);
            }
        }
        Ok(match left.len() {
            0 => Simplified::Never,
            1 => Simplified::Must(left.remove(0)),
            _ => Simplified::Choice(left),
        })
    }

    /// Whether a formula holds for every value of a type, or for none, as far as that can be seen at once.
    fn plainly(&mut self, id: Id, kind: Kind, depth: usize) -> Result<Option<bool>, Exhausted> {
        if let Some(known) = self.plain.get(&(id, kind)) {
            return Ok(*known);
        }
        self.budget.spend(1)?;
        if depth > 16 {
            return Ok(None);
        }
        // A formula that stands inside itself is not plain.
        self.plain.insert((id, kind), None);
        let node = self.formulas.node(id).clone();
        let status = match &node {
            Node::Not(inner) => self.plainly(*inner, kind, depth + 1)?.map(|holds| !holds),
            Node::All(parts) => self.plainly_all(parts, true, kind, depth)?,
            Node::Any(parts) => self.plainly_all(parts, false, kind, depth)?,
            Node::If(condition, then, other) => match self.plainly(*condition, kind, depth + 1)? {
                Some(true) => self.plainly(*then, kind, depth + 1)?,
                Some(false) => self.plainly(*other, kind, depth + 1)?,
                None => None,
            },
            Node::Link(link) => {
                let inner = self.opened(*link)?;
                self.plainly(inner, kind, depth + 1)?
            }
            Node::Kinds(kinds) => Some(kinds & kind.bit() != 0),
            Node::Values(numbers) => {
                let formulas = &self.formulas;
                let any = numbers
                    .iter()
                    .any(|number| Kind::of(formulas.value(*number)) == kind);
                if any { None } else { Some(false) }
            }
            Node::Elements(_, _, every) | Node::Each(_, every) => {
                let always =
                    matches!(self.formulas.node(*every), Node::All(parts) if parts.is_empty());
                (node.about() != Some(kind) || always).then_some(true)
            }
            node => match node.about() {
                Some(about) if about != kind => Some(true),
                _ => None,
            },
        };
        self.plain.insert((id, kind), status);
        Ok(status)
    }

    fn plainly_all(
        &mut self,
        parts: &[Id],
        all: bool,
        kind: Kind,
        depth: usize,
    ) -> Result<Option<bool>, Exhausted> {
        let mut status = Some(all);
        for part in parts {
            match self.plainly(*part, kind, depth + 1)? {
                Some(holds) if holds == all => {}
                Some(_) => return Ok(Some(!all)),
                None => status = None,
            }
        }
        Ok(status)
    }
}

/// A choice, as far as the facts leave one.
enum Simplified {
    Always,
    Never,
    Must(Vec<Literal>),
    Choice(Choice),
}

/// Of two outcomes without a value, the one that says more.
pub(super) fn better(a: Outcome, b: Outcome) -> Outcome {
    match (&a, &b) {
        (Outcome::Huge, _) | (_, Outcome::None) => a,
        (_, Outcome::Huge) | (Outcome::None, _) => b,
        _ => a,
    }
}
