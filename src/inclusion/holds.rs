//! Whether a value satisfies a formula: validation, in three values.

use super::budget::Exhausted;
use super::formula::{Id, Kind, Names, Node, PatternId};
use super::numbers::{self, Exact};
use super::search::Search;
use crate::json::{Json, Object};

/// How often a schema may lead back to itself for one and the same value.
const LOOPS: usize = 200;

impl Search<'_> {
    /// Whether a formula holds for a value; nothing where that depends on something undecidable.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] when the budget is.
    pub(super) fn holds(&mut self, id: Id, value: &Json) -> Result<Option<bool>, Exhausted> {
        self.holds_here(id, value, 0)
    }

    fn holds_here(
        &mut self,
        id: Id,
        value: &Json,
        loops: usize,
    ) -> Result<Option<bool>, Exhausted> {
        self.budget.spend(1)?;
        let node = self.formulas.shared(id);
        if node.about().is_some_and(|kind| kind != Kind::of(value)) {
            return Ok(Some(true));
        }
        Ok(match &*node {
            Node::All(parts) => self.every(parts, value, loops)?,
            Node::Any(parts) => {
                let mut any = Some(false);
                for part in parts {
                    match self.holds_here(*part, value, loops)? {
                        Some(true) => return Ok(Some(true)),
                        None => any = None,
                        Some(false) => {}
                    }
                }
                any
            }
            Node::One(parts) => {
                let (mut count, mut unsure) = (0, false);
                for part in parts {
                    match self.holds_here(*part, value, loops)? {
                        Some(true) => count += 1,
                        None => unsure = true,
                        Some(false) => {}
                    }
                }
                if unsure && count < 2 {
                    None
                } else {
                    Some(count == 1)
                }
            }
            Node::Not(inner) => self.holds_here(*inner, value, loops)?.map(|holds| !holds),
            Node::If(condition, then, other) => match self.holds_here(*condition, value, loops)? {
                Some(true) => self.holds_here(*then, value, loops)?,
                Some(false) => self.holds_here(*other, value, loops)?,
                None => None,
            },
            Node::Link(_) if loops >= LOOPS => None,
            Node::Link(link) => {
                let inner = self.opened(*link)?;
                self.holds_here(inner, value, loops + 1)?
            }
            Node::Opaque(..) => None,
            Node::Kinds(kinds) => Some(kinds & Kind::of(value).bit() != 0),
            Node::Values(numbers) => {
                self.budget.spend(weight(value))?;
                let number = self.formulas.number_of(value);
                Some(number.is_some_and(|number| numbers.binary_search(&number).is_ok()))
            }
            node => match value {
                Json::Number(number) => {
                    Exact::of(number).and_then(|value| number_holds(node, &value))
                }
                Json::String(text) => self.string_holds(node, text)?,
                Json::Array(items) => self.array_holds(node, items)?,
                Json::Object(members) => self.object_holds(node, members)?,
                Json::Null | Json::Bool(_) => Some(true),
            },
        })
    }

    fn every(
        &mut self,
        parts: &[Id],
        value: &Json,
        loops: usize,
    ) -> Result<Option<bool>, Exhausted> {
        let mut all = Some(true);
        for part in parts {
            match self.holds_here(*part, value, loops)? {
                Some(false) => return Ok(Some(false)),
                None => all = None,
                Some(true) => {}
            }
        }
        Ok(all)
    }

    fn string_holds(&mut self, node: &Node, text: &str) -> Result<Option<bool>, Exhausted> {
        self.budget.spend(text.len() as u64 / 16)?;
        Ok(match node {
            Node::LengthMin(least) => Some(text.chars().count() as u64 >= *least),
            Node::Matches(pattern) => self.matches(*pattern, text)?,
            _ => None,
        })
    }

    fn array_holds(&mut self, node: &Node, items: &[Json]) -> Result<Option<bool>, Exhausted> {
        Ok(match node {
            Node::ItemsMin(least) => Some(items.len() as u64 >= *least),
            Node::Unique => {
                self.budget.spend(items.len() as u64)?;
                for (index, item) in items.iter().enumerate() {
                    self.budget.spend(index as u64 / 4)?;
                    if items[..index].contains(item) {
                        return Ok(Some(false));
                    }
                }
                Some(true)
            }
            Node::Elements(from, to, every) => {
                let mut all = Some(true);
                for (index, item) in items.iter().enumerate() {
                    let index = index as u64;
                    if index < *from || to.is_some_and(|to| index >= to) {
                        continue;
                    }
                    match self.holds(*every, item)? {
                        Some(false) => return Ok(Some(false)),
                        None => all = None,
                        Some(true) => {}
                    }
                }
                all
            }
            Node::Count(of, least, most) => {
                let (mut sure, mut possible) = (0, 0);
                for item in items {
                    match self.holds(*of, item)? {
                        Some(true) => {
                            sure += 1;
                            possible += 1;
                        }
                        None => possible += 1,
                        Some(false) => {}
                    }
                }
                let fits = |count: u64| count >= *least && most.is_none_or(|most| count <= most);
                if sure == possible {
                    Some(fits(sure))
                } else if possible < *least || most.is_some_and(|most| sure > most) {
                    Some(false)
                } else if fits(sure) && fits(possible) {
                    Some(true)
                } else {
                    None
                }
            }
            _ => None,
        })
    }

    fn object_holds(&mut self, node: &Node, members: &Object) -> Result<Option<bool>, Exhausted> {
        // A name is looked for among all, which is faster than sorting them first.
        self.budget.spend(members.len() as u64 / 32)?;
        Ok(match node {
            Node::PropertiesMin(least) => Some(members.by_name().len() as u64 >= *least),
            Node::Has(name) => Some(members.get(name).is_some()),
            Node::Named(every) => {
                let mut all = Some(true);
                for name in members.by_name().into_keys() {
                    match self.holds(*every, &Json::from(name))? {
                        Some(false) => return Ok(Some(false)),
                        None => all = None,
                        Some(true) => {}
                    }
                }
                all
            }
            Node::Each(Names::One(name), every) => match members.get(name) {
                Some(value) => self.holds(*every, value)?,
                None => Some(true),
            },
            Node::Each(names, every) => {
                let mut all = Some(true);
                for (name, value) in members.by_name() {
                    self.budget.spend(1)?;
                    match self.names(names, name)? {
                        Some(false) => {}
                        Some(true) => match self.holds(*every, value)? {
                            Some(false) => return Ok(Some(false)),
                            None => all = None,
                            Some(true) => {}
                        },
                        None => {
                            if self.holds(*every, value)? != Some(true) {
                                all = None;
                            }
                        }
                    }
                }
                all
            }
            _ => None,
        })
    }

    /// Whether a name is among those that an assertion is about.
    pub(super) fn names(&self, names: &Names, name: &str) -> Result<Option<bool>, Exhausted> {
        Ok(match names {
            Names::One(one) => Some(one == name),
            Names::Matching(pattern) => self.matches(*pattern, name)?,
            Names::Outside(named, patterns) => {
                if named
                    .binary_search_by(|known| known.as_str().cmp(name))
                    .is_ok()
                {
                    return Ok(Some(false));
                }
                let mut outside = Some(true);
                for pattern in patterns {
                    match self.matches(*pattern, name)? {
                        Some(true) => return Ok(Some(false)),
                        None => outside = None,
                        Some(false) => {}
                    }
                }
                outside
            }
        })
    }

    fn matches(&self, pattern: PatternId, text: &str) -> Result<Option<bool>, Exhausted> {
        self.formulas
            .pattern(pattern)
            .matches_within(text, &self.budget)
    }
}

/// The work of reading all of a value once, in steps.
pub(super) fn weight(value: &Json) -> u64 {
    match value {
        Json::Array(items) => 2 + items.iter().map(weight).sum::<u64>(),
        Json::Object(members) => {
            let member = |(name, value): (&str, &Json)| 2 + name.len() as u64 / 64 + weight(value);
            2 + members.written().map(member).sum::<u64>()
        }
        Json::String(text) => 2 + text.len() as u64 / 64,
        Json::Number(number) => 3 + number.literal().len() as u64 / 16,
        Json::Null | Json::Bool(_) => 1,
    }
}

fn number_holds(node: &Node, value: &Exact) -> Option<bool> {
    match node {
        Node::Low(bound) => Some(if bound.open {
            *value > bound.at
        } else {
            *value >= bound.at
        }),
        Node::High(bound) => Some(if bound.open {
            *value < bound.at
        } else {
            *value <= bound.at
        }),
        Node::Multiple(of) => numbers::is_multiple(value, of),
        _ => None,
    }
}
