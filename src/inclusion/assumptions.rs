//! What a branch of the search assumes: formulas taken apart into facts and choices.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Doubt;
use super::budget::Exhausted;
use super::formula::{Id, Kind, Literal, Node};
use super::holds::weight;
use super::search::Search;
use crate::json::Json;

/// Ways to go on, of which one must be gone.
pub(super) type Choice = Vec<Vec<Literal>>;

/// What a branch of the search assumes about a value of one type.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) kind: Kind,
    /// Assertions about values of the type, and the formulas that were taken apart.
    pub(super) facts: BTreeSet<Literal>,
    /// What is left to choose.
    pub(super) choices: Vec<Rc<Choice>>,
    /// Why no value can be said to satisfy the facts for sure.
    pub(super) doubt: Option<Doubt>,
}

impl State {
    /// Nothing but the type.
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            facts: BTreeSet::new(),
            choices: Vec::new(),
            doubt: None,
        }
    }
}

impl Search<'_> {
    /// Takes literals apart into facts and choices; false where they contradict each other.
    pub(super) fn assume(
        &mut self,
        state: &mut State,
        literals: &[Literal],
    ) -> Result<bool, Exhausted> {
        let mut work: Vec<Literal> = literals.to_vec();
        while let Some(literal) = work.pop() {
            self.budget.spend(1)?;
            if state.facts.contains(&literal) {
                continue;
            }
            if state.facts.contains(&literal.opposite()) {
                return Ok(false);
            }
            let node = self.formulas.shared(literal.id);
            match &*node {
                Node::Not(inner) => work.push(Literal {
                    id: *inner,
                    holds: !literal.holds,
                }),
                Node::All(parts) if literal.holds => {
                    self.budget.spend(parts.len() as u64 / 4)?;
                    work.extend(parts.iter().copied().map(Literal::yes));
                }
                Node::Any(parts) if !literal.holds => {
                    self.budget.spend(parts.len() as u64 / 4)?;
                    work.extend(parts.iter().copied().map(Literal::no));
                }
                Node::Link(link) => {
                    state.facts.insert(literal);
                    let id = self.opened(*link)?;
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
                    state.doubt = Some(*doubt);
                }
                Node::Values(numbers) => {
                    if !self.assume_values(state, literal, numbers)? {
                        return Ok(false);
                    }
                }
                node => {
                    let instead = match node {
                        Node::One(parts) => Some(self.exclusive(parts, state.kind)?),
                        _ => None,
                    };
                    let node = instead.as_ref().unwrap_or(node);
                    if let (Node::Any(parts), false) = (node, literal.holds) {
                        state.facts.insert(literal);
                        work.extend(parts.iter().copied().map(Literal::no));
                        continue;
                    }
                    self.budget.spend(ways_to_write(node))?;
                    let Some(choice) = self.choice(node, literal) else {
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

    fn assume_values(
        &mut self,
        state: &mut State,
        literal: Literal,
        numbers: &[u32],
    ) -> Result<bool, Exhausted> {
        self.budget.spend(numbers.len() as u64 / 16)?;
        let of_kind: Vec<Rc<Json>> = numbers
            .iter()
            .map(|number| self.formulas.value(*number))
            .filter(|value| Kind::of(value) == state.kind)
            .cloned()
            .collect();
        if of_kind.is_empty() {
            return Ok(!literal.holds);
        }
        state.facts.insert(literal);
        if !literal.holds && matches!(state.kind, Kind::Array | Kind::Object) {
            for value in of_kind {
                self.budget.spend(4 * weight(&value))?;
                let other = self.formulas.other_than(&value);
                let ways = match self.formulas.node(other) {
                    Node::Any(ways) => ways.clone(),
                    _ => vec![other],
                };
                let choice = ways.into_iter().map(|id| vec![Literal::yes(id)]).collect();
                state.choices.push(Rc::new(choice));
            }
        }
        Ok(true)
    }

    /// Drops from every choice what cannot be gone any more, until nothing is forced.
    pub(super) fn settle(&mut self, state: &mut State) -> Result<bool, Exhausted> {
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
    pub(super) fn plainly(
        &mut self,
        id: Id,
        kind: Kind,
        depth: usize,
    ) -> Result<Option<bool>, Exhausted> {
        if let Some(known) = self.plain.get(&(id, kind)) {
            return Ok(*known);
        }
        self.budget.spend(1)?;
        if depth > 16 {
            return Ok(None);
        }
        // A formula that stands inside itself is not plain.
        self.plain.insert((id, kind), None);
        let node = self.formulas.shared(id);
        let status = match &*node {
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
                self.budget.spend(numbers.len() as u64 / 32)?;
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

/// The work of writing down the ways in which a formula can hold or not hold, in steps.
fn ways_to_write(node: &Node) -> u64 {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.len() as u64,
        Node::One(parts) => (parts.len() as u64).pow(2) / 2,
        _ => 1,
    }
}

/// A choice, as far as the facts leave one.
enum Simplified {
    Always,
    Never,
    Must(Vec<Literal>),
    Choice(Choice),
}
