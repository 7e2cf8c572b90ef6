//! Arrays that satisfy facts: how long, and which element where.

mod distinct;

use std::rc::Rc;

use super::Doubt;
use super::assumptions::State;
use super::budget::Exhausted;
use super::formula::{Literal, Node};
use super::search::{Outcome, Search, better};
use crate::json::Json;

/// The longest array that is built element by element.
const LENGTH: u64 = 64;

/// The most elements that are written down where one is repeated.
const WRITTEN: u64 = 1_000;

/// The most demands (`contains` and elements that must differ from a schema) that are placed at once.
const DEMANDS: usize = 8;

/// What the facts ask of an array.
#[derive(Debug, Default)]
struct Wanted {
    shortest: u64,
    longest: Option<u64>,
    unique: bool,
    repeated: bool,
    /// What elements from an index, up to another one, must satisfy.
    everywhere: Vec<(u64, Option<u64>, Literal)>,
    demands: Vec<Demand>,
    /// The first index from which all elements are asked the same.
    alike_from: u64,
}

/// Elements that must, or must not, be there in some number.
#[derive(Debug, Clone)]
struct Demand {
    of: Literal,
    from: u64,
    to: Option<u64>,
    least: u64,
    most: Option<u64>,
}

impl Search<'_> {
    /// An array that satisfies the facts.
    pub(super) fn array(&mut self, state: &State) -> Result<Outcome, Exhausted> {
        let Some(wanted) = self.wanted(state) else {
            return Ok(Outcome::None);
        };
        let needed: u64 = wanted
            .demands
            .iter()
            .map(|demand| demand.least)
            .fold(u64::from(wanted.repeated) * 2, u64::saturating_add);
        if wanted.demands.len() > DEMANDS || wanted.alike_from > LENGTH || needed > LENGTH {
            return Ok(Outcome::Maybe(Doubt::Budget));
        }
        let enough = wanted.alike_from + needed;
        if wanted.shortest > LENGTH.max(enough) {
            return self.long_array(&wanted, enough + 1);
        }
        // More elements than these are never needed: each further one could be left out.
        let last = if needed == 0 {
            wanted.shortest
        } else {
            wanted.shortest.max(wanted.alike_from) + needed
        };
        let last = wanted.longest.map_or(last, |longest| longest.min(last));
        let mut best = Outcome::None;
        for length in wanted.shortest..=last {
            self.budget.spend(1 + length)?;
            match self.fill(&mut Filling::of(&wanted, length, 0))? {
                found @ Outcome::Value(_) => return Ok(found),
                other => best = better(best, other),
            }
        }
        Ok(best)
    }

    /// An array that is longer than what is built element by element: of the elements from `length` on, which are all
    /// asked the same, each repeats the last one before them.
    fn long_array(&mut self, wanted: &Wanted, length: u64) -> Result<Outcome, Exhausted> {
        for index in 0..length {
            if matches!(self.solve(&wanted.at(index))?, Outcome::None) {
                return Ok(Outcome::None);
            }
        }
        if wanted.unique {
            return Ok(Outcome::Maybe(Doubt::Budget));
        }
        let mut filling = Filling::of(wanted, length, wanted.shortest - length);
        let bounded = wanted.demands.iter().any(|demand| demand.most.is_some());
        Ok(match self.fill(&mut filling)? {
            // Where no more than some may be there, repeating one of those might do.
            Outcome::None if bounded => Outcome::Maybe(Doubt::Budget),
            other => other,
        })
    }

    fn wanted(&self, state: &State) -> Option<Wanted> {
        let mut wanted = Wanted::default();
        let mut repeated = false;
        for Literal { id, holds } in &state.facts {
            match (self.formulas.node(*id), holds) {
                (Node::ItemsMin(least), true) => wanted.shortest = wanted.shortest.max(*least),
                (Node::ItemsMin(least), false) => {
                    let most = least.checked_sub(1)?;
                    wanted.longest = Some(wanted.longest.map_or(most, |known| known.min(most)));
                }
                (Node::Unique, true) => wanted.unique = true,
                (Node::Unique, false) => repeated = true,
                (Node::Elements(from, to, every), true) => {
                    wanted.alike_from = wanted.alike_from.max(to.unwrap_or(*from));
                    wanted.everywhere.push((*from, *to, Literal::yes(*every)));
                }
                (Node::Elements(from, to, every), false) => {
                    wanted.alike_from = wanted.alike_from.max(to.unwrap_or(*from));
                    wanted.demands.push(Demand {
                        of: Literal::no(*every),
                        from: *from,
                        to: *to,
                        least: 1,
                        most: None,
                    });
                }
                (Node::Count(of, least, most), true) => wanted.demands.push(Demand {
                    of: Literal::yes(*of),
                    from: 0,
                    to: None,
                    least: *least,
                    most: *most,
                }),
                _ => {}
            }
        }
        wanted.repeated = repeated;
        let possible = !(wanted.unique && wanted.repeated)
            && wanted
                .longest
                .is_none_or(|longest| wanted.shortest <= longest);
        possible.then_some(wanted)
    }

    /// Chooses which demands each element serves, from the first element to the last.
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<Outcome, Exhausted> {
        let index = filling.goals.len() as u64;
        let to_come = filling.length - index;
        if filling.left.iter().any(|(least, _)| *least > to_come) {
            return Ok(Outcome::None);
        }
        if to_come == 0 {
            return self.built(filling);
        }
        let demands = filling.wanted.demands.len();
        let mut best = Outcome::None;
        for marks in 0..1_u32 << demands {
            self.budget.spend(1)?;
            let Some((goal, left)) = filling.marked(index, marks) else {
                continue;
            };
            // Only an element that serves no demand can be repeated at will.
            if to_come == 1 && filling.repeats > 0 && marks != 0 {
                continue;
            }
            // Elements that are asked the same are told apart by their marks only: the more marked ones come first.
            let ordered = index > filling.wanted.alike_from
                && filling
                    .goals
                    .last()
                    .is_some_and(|(_, before)| *before < marks);
            if ordered {
                continue;
            }
            match self.solve(&goal)? {
                Outcome::None => continue,
                Outcome::Maybe(doubt) => best = better(best, Outcome::Maybe(doubt)),
                Outcome::Value(_) | Outcome::Huge => {}
            }
            filling.goals.push((goal, marks));
            let before = std::mem::replace(&mut filling.left, left);
            let outcome = self.fill(filling)?;
            filling.left = before;
            filling.goals.pop();
            match outcome {
                found @ Outcome::Value(_) => return Ok(found),
                other => best = better(best, other),
            }
        }
        Ok(best)
    }

    /// An array whose elements satisfy the goals that were chosen for them.
    fn built(&mut self, filling: &Filling<'_>) -> Result<Outcome, Exhausted> {
        let goals: Vec<&[Literal]> = filling
            .goals
            .iter()
            .map(|(goal, _)| goal.as_slice())
            .collect();
        if filling.wanted.unique {
            return self.distinct(&goals);
        }
        if !filling.wanted.repeated {
            return self.plain_array(filling, &goals, None);
        }
        let mut best = Outcome::None;
        for second in 1..goals.len() {
            for first in 0..second {
                let mut both = goals[first].to_vec();
                both.extend_from_slice(goals[second]);
                let same = match self.solve(&both)? {
                    Outcome::Value(same) => same,
                    other => {
                        best = better(best, other);
                        continue;
                    }
                };
                match self.plain_array(filling, &goals, Some((first, second, &same)))? {
                    found @ Outcome::Value(_) => return Ok(found),
                    other => best = better(best, other),
                }
            }
        }
        Ok(best)
    }

    fn plain_array(
        &mut self,
        filling: &Filling<'_>,
        goals: &[&[Literal]],
        same: Option<(usize, usize, &Rc<Json>)>,
    ) -> Result<Outcome, Exhausted> {
        let mut items = Vec::new();
        let mut rest = None;
        for (index, goal) in goals.iter().enumerate() {
            if let Some((_, _, value)) = same.filter(|(a, b, _)| *a == index || *b == index) {
                items.push(Json::clone(value));
                continue;
            }
            match self.solve(goal)? {
                Outcome::Value(value) => items.push(Json::clone(&value)),
                Outcome::None => return Ok(Outcome::None),
                other => rest = Some(rest.map_or(other.clone(), |known| weaker(known, other))),
            }
        }
        if let Some(rest) = rest {
            return Ok(rest);
        }
        if filling.repeats > WRITTEN {
            return Ok(Outcome::Huge);
        }
        self.budget.spend(filling.repeats)?;
        if let Some(last) = items.last().cloned() {
            items.extend((0..filling.repeats).map(|_| last.clone()));
        }
        Ok(Outcome::Value(Rc::new(Json::Array(items))))
    }
}

/// Of two outcomes that a whole needs both of, the less sure one.
pub(super) fn weaker(a: Outcome, b: Outcome) -> Outcome {
    match (&a, &b) {
        (Outcome::None, _) | (_, Outcome::Value(_)) => a,
        (_, Outcome::None) | (Outcome::Value(_), _) => b,
        (Outcome::Maybe(_), _) => a,
        _ => b,
    }
}

impl Wanted {
    /// What every array asks of the element at an index.
    fn at(&self, index: u64) -> Vec<Literal> {
        self.everywhere
            .iter()
            .filter(|(from, to, _)| index >= *from && to.is_none_or(|to| index < to))
            .map(|(_, _, literal)| *literal)
            .collect()
    }
}

/// How many more elements a demand needs, and how many more it bears.
type Left = (u64, Option<u64>);

/// An array of a certain length while its elements are chosen.
struct Filling<'w> {
    wanted: &'w Wanted,
    length: u64,
    /// How often the last element is repeated.
    repeats: u64,
    /// The goal of each element so far, and which demands it serves.
    goals: Vec<(Vec<Literal>, u32)>,
    left: Vec<Left>,
}

impl<'w> Filling<'w> {
    /// An array without any element yet.
    fn of(wanted: &'w Wanted, length: u64, repeats: u64) -> Self {
        Self {
            wanted,
            length,
            repeats,
            goals: Vec::new(),
            left: wanted.demands.iter().map(|d| (d.least, d.most)).collect(),
        }
    }

    /// The goal of the next element if it serves these demands, and what the demands then still need.
    fn marked(&self, index: u64, marks: u32) -> Option<(Vec<Literal>, Vec<Left>)> {
        let mut goal = self.wanted.at(index);
        let mut left = self.left.clone();
        for (number, demand) in self.wanted.demands.iter().enumerate() {
            let (least, most) = &mut left[number];
            if marks & 1 << number == 0 {
                // It must not count where no more may.
                if most.is_some() {
                    goal.push(demand.of.opposite());
                }
                continue;
            }
            if index < demand.from || demand.to.is_some_and(|to| index >= to) {
                return None;
            }
            match most {
                Some(0) => return None,
                Some(most) => *most -= 1,
                // Once enough elements serve it, a further one need not.
                None if *least == 0 => return None,
                None => {}
            }
            if demand.least > 0 {
                goal.push(demand.of);
            }
            *least = least.saturating_sub(1);
        }
        goal.sort_unstable();
        goal.dedup();
        Some((goal, left))
    }
}
