//! Objects that satisfy facts: which properties there are, and what their values must be.
//!
//! Properties come in two sorts. Those that some schema names are looked at one by one. All others differ only in which
//! of the patterns in play their names match, so each set of matched patterns stands for all names that match just
//! these.

mod promising;
mod wanted;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Doubt;
use super::arrays::weaker;
use super::assumptions::State;
use super::budget::Exhausted;
use super::formula::{Kind, Literal, Names, Node};
use super::search::{Outcome, Search, better};
use wanted::{Demand, Other, Wanted};

use crate::json::{Json, Object};

/// The most patterns that are told apart at once.
const PATTERNS: usize = 6;

/// The most properties that are added only to reach a count.
const FILLERS: u64 = 64;

/// The properties that are there, while demands are placed.
#[derive(Debug, Clone, Default)]
struct Draft {
    /// Goals of the values of named properties.
    named: BTreeMap<String, Vec<Literal>>,
    /// Properties of other names: goals of the name and of the value.
    other: Vec<Other>,
}

impl Search<'_> {
    /// An object that satisfies the facts.
    pub(super) fn object(&mut self, state: &State) -> Result<Outcome, Exhausted> {
        self.budget.spend(self.object_facts(state))?;
        let Some(wanted) = self.wanted_object(state) else {
            return Ok(Outcome::None);
        };
        let only_named = |demand: &Demand| matches!(demand, Demand::Value(Names::One(_), _));
        let needs_others = wanted.fewest > 0 || !wanted.demands.iter().all(only_named);
        if wanted.patterns.len() > PATTERNS && needs_others {
            return Ok(Outcome::Maybe(Doubt::Budget));
        }
        let mut draft = Draft::default();
        let mut doubt = None;
        for name in &wanted.required {
            let Some(goal) = self.value_goal(&wanted, name)? else {
                return Ok(Outcome::None);
            };
            match self.solve(&goal.literals)? {
                Outcome::None => return Ok(Outcome::None),
                Outcome::Maybe(why) => doubt = doubt.or(Some(why)),
                Outcome::Value(_) | Outcome::Huge => {}
            }
            doubt = doubt.or(goal.doubt);
            draft.named.insert(name.clone(), goal.literals);
        }
        if wanted.most.is_some_and(|most| draft.size() > most) {
            return Ok(Outcome::None);
        }
        let outcome = self.place(&wanted, 0, draft)?;
        Ok(match doubt {
            Some(doubt) => weaker(Outcome::Maybe(doubt), outcome),
            None => outcome,
        })
    }

    /// The work of looking at all facts about an object, in steps.
    fn object_facts(&self, state: &State) -> u64 {
        let work = |literal: &Literal| match self.formulas.node(literal.id) {
            Node::Each(Names::Outside(named, patterns), _) => {
                2 + 3 * named.len() as u64 + patterns.len() as u64
            }
            Node::Each(..) | Node::Has(_) => 4,
            _ => 1,
        };
        state.facts.iter().map(work).sum()
    }

    /// What the value of a named property must satisfy; nothing where it cannot be there.
    fn value_goal(&mut self, wanted: &Wanted, name: &str) -> Result<Option<Goal>, Exhausted> {
        self.budget.spend(1 + wanted.each.len() as u64 / 8)?;
        if wanted.forbidden.contains(name) {
            return Ok(None);
        }
        let mut goal = Goal::default();
        for literal in &wanted.named {
            match self.holds(literal.id, &Json::from(name))? {
                Some(holds) if holds == literal.holds => {}
                Some(_) => return Ok(None),
                None => goal.doubt = Some(Doubt::Pattern),
            }
        }
        for (names, literal) in &wanted.each {
            match self.names(names, name)? {
                Some(true) => goal.literals.push(*literal),
                Some(false) => {}
                None => goal.doubt = Some(Doubt::Pattern),
            }
        }
        Ok(Some(goal))
    }

    /// Places the demands from one on, in properties that are there or new ones.
    fn place(
        &mut self,
        wanted: &Wanted,
        number: usize,
        draft: Draft,
    ) -> Result<Outcome, Exhausted> {
        let Some(demand) = wanted.demands.get(number) else {
            return self.filled(wanted, draft);
        };
        let room = wanted.most.is_none_or(|most| draft.size() < most);
        let mut best = Outcome::None;
        for (name, there) in self.candidates(wanted, demand, &draft) {
            self.budget.spend(2)?;
            if !there && !room {
                continue;
            }
            let mut goal = match draft.named.get(&name) {
                Some(literals) => Goal {
                    literals: literals.clone(),
                    doubt: None,
                },
                None => match self.value_goal(wanted, &name)? {
                    Some(goal) => goal,
                    None => continue,
                },
            };
            match demand {
                Demand::Value(names, literal) => {
                    match self.names(names, &name)? {
                        Some(true) => {}
                        Some(false) => continue,
                        None => goal.doubt = Some(Doubt::Pattern),
                    }
                    goal.literals.push(*literal);
                }
                Demand::Name(literal) => match self.holds(literal.id, &Json::from(&*name))? {
                    Some(holds) if holds == literal.holds => {}
                    Some(_) => continue,
                    None => goal.doubt = Some(Doubt::Pattern),
                },
            }
            let outcome = self.solve(&goal.literals)?;
            if matches!(outcome, Outcome::None) {
                continue;
            }
            self.budget.spend(draft.size())?;
            let mut next = draft.clone();
            next.named.insert(name, goal.literals);
            let placed = self.place(wanted, number + 1, next)?;
            let outcome = match goal.doubt {
                Some(doubt) => weaker(placed, Outcome::Maybe(doubt)),
                None => placed,
            };
            match outcome {
                found @ Outcome::Value(_) => return Ok(found),
                other => best = better(best, other),
            }
        }
        for (index, other) in self.others(wanted, demand, &draft, room)? {
            match (
                self.solve(&other.value)?,
                self.of_kind(Kind::String, &other.name)?,
            ) {
                (Outcome::None, _) | (_, Outcome::None) => continue,
                _ => {}
            }
            self.budget.spend(draft.size())?;
            let mut next = draft.clone();
            match index {
                Some(index) => next.other[index] = other,
                None => next.other.push(other),
            }
            match self.place(wanted, number + 1, next)? {
                found @ Outcome::Value(_) => return Ok(found),
                outcome => best = better(best, outcome),
            }
        }
        Ok(best)
    }

    /// The named properties in which a demand may be placed, and whether each is there already.
    fn candidates(&self, wanted: &Wanted, demand: &Demand, draft: &Draft) -> Vec<(String, bool)> {
        if let Demand::Value(Names::One(name), _) = demand {
            return vec![(name.clone(), draft.named.contains_key(name))];
        }
        let there = draft.named.keys().map(|name| (name.clone(), true));
        let absent = wanted
            .known
            .iter()
            .filter(|name| !draft.named.contains_key(*name))
            .map(|name| (name.clone(), false));
        there.chain(absent).collect()
    }

    /// The properties of other names in which a demand may be placed: those that are there, then new ones.
    fn others(
        &mut self,
        wanted: &Wanted,
        demand: &Demand,
        draft: &Draft,
        room: bool,
    ) -> Result<Vec<(Option<usize>, Other)>, Exhausted> {
        let mut found = Vec::new();
        if matches!(demand, Demand::Value(Names::One(_), _)) {
            return Ok(found);
        }
        for (index, other) in draft.other.iter().enumerate() {
            if let Some(other) = demand.placed(wanted, other.clone()) {
                found.push((Some(index), other));
            }
        }
        if room {
            for matches in 0..1_u32 << wanted.patterns.len() {
                let other = self.other(wanted, matches)?;
                if let Some(other) = demand.placed(wanted, other) {
                    found.push((None, other));
                }
            }
        }
        Ok(found)
    }

    /// A property whose name no schema names and that matches just these patterns.
    fn other(&mut self, wanted: &Wanted, matches: u32) -> Result<Other, Exhausted> {
        let names = wanted.known.len() as u64;
        self.budget
            .spend(4 + 6 * names + wanted.each.len() as u64)?;
        let mut name = wanted.named.clone();
        for (bit, pattern) in wanted.patterns.iter().enumerate() {
            let id = self.formulas.intern(Node::Matches(*pattern));
            name.push(Literal {
                id,
                holds: matches & 1 << bit != 0,
            });
        }
        if !wanted.known.is_empty() {
            let known: Vec<Json> = wanted
                .known
                .iter()
                .map(|name| Json::from(&**name))
                .collect();
            name.push(Literal::no(self.formulas.values(&known)));
        }
        let about = |(names, literal): &(Names, Literal)| {
            wanted.includes(names, matches).then_some(*literal)
        };
        Ok(Other {
            matches,
            name,
            value: wanted.each.iter().filter_map(about).collect(),
        })
    }

    /// The object, with further properties where it has too few.
    fn filled(&mut self, wanted: &Wanted, mut draft: Draft) -> Result<Outcome, Exhausted> {
        let mut doubt = None;
        if wanted.fewest > draft.size() {
            if wanted.fewest - draft.size() > FILLERS {
                return Ok(Outcome::Maybe(Doubt::Budget));
            }
            for name in &wanted.known {
                if draft.size() >= wanted.fewest {
                    break;
                }
                if draft.named.contains_key(name) {
                    continue;
                }
                let Some(goal) = self.value_goal(wanted, name)? else {
                    continue;
                };
                match (self.solve(&goal.literals)?, goal.doubt) {
                    (Outcome::None, _) => {}
                    (Outcome::Maybe(why), _) | (_, Some(why)) => doubt = Some(why),
                    _ => drop(draft.named.insert(name.clone(), goal.literals)),
                }
            }
        }
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut rest = Outcome::Value(Rc::new(Json::Null));
        for (name, goal) in &draft.named {
            match self.solve(goal)? {
                Outcome::Value(value) => members.push((name.clone(), Json::clone(&value))),
                other => rest = weaker(rest, other),
            }
        }
        let mut used: Vec<Json> = Vec::new();
        for other in &draft.other {
            match self.named_other(other, &used)? {
                (Outcome::Value(name), Outcome::Value(value)) => {
                    used.push(Json::clone(&name));
                    let name = name.as_str().unwrap_or_default().to_owned();
                    members.push((name, Json::clone(&value)));
                }
                // Another choice of names might do.
                (Outcome::None, _) if !used.is_empty() => {
                    rest = weaker(rest, Outcome::Maybe(Doubt::Budget));
                }
                (name, value) => rest = weaker(rest, weaker(name, value)),
            }
        }
        if !matches!(rest, Outcome::Value(_)) {
            return Ok(rest);
        }
        let classes = if wanted.fewest > members.len() as u64 {
            1_u32 << wanted.patterns.len()
        } else {
            0
        };
        for matches in 0..classes {
            while (members.len() as u64) < wanted.fewest {
                self.budget.spend(4)?;
                let other = self.other(wanted, matches)?;
                match self.named_other(&other, &used)? {
                    (Outcome::None, _) | (_, Outcome::None) => break,
                    (Outcome::Value(name), Outcome::Value(value)) => {
                        used.push(Json::clone(&name));
                        let name = name.as_str().unwrap_or_default().to_owned();
                        members.push((name, Json::clone(&value)));
                    }
                    _ => {
                        doubt = Some(Doubt::Budget);
                        break;
                    }
                }
            }
        }
        if (members.len() as u64) < wanted.fewest {
            return Ok(doubt.map_or(Outcome::None, Outcome::Maybe));
        }
        if wanted.most.is_some_and(|most| members.len() as u64 > most) {
            return Ok(Outcome::None);
        }
        let object: Object = members.into_iter().collect();
        Ok(Outcome::Value(Rc::new(Json::Object(object))))
    }

    /// A name that is not used yet, and a value, for a property of another name.
    fn named_other(
        &mut self,
        other: &Other,
        used: &[Json],
    ) -> Result<(Outcome, Outcome), Exhausted> {
        let value = self.solve(&other.value)?;
        let mut name = other.name.clone();
        if !used.is_empty() {
            name.push(Literal::no(self.formulas.values(used)));
        }
        Ok((self.of_kind(Kind::String, &name)?, value))
    }
}

/// What a value must satisfy, and why that may not be all.
#[derive(Debug, Default)]
struct Goal {
    literals: Vec<Literal>,
    doubt: Option<Doubt>,
}

impl Draft {
    fn size(&self) -> u64 {
        (self.named.len() + self.other.len()) as u64
    }
}
