//! Which ways of a choice about properties are open at all, told property by property.
//!
//! Where a schema with hundreds of properties is refused, any of them may be what is wrong: each is a way of its own.
//! To build the whole object for each way would cost a square.

use std::collections::BTreeMap;

use crate::inclusion::assumptions::{Choice, State};
use crate::inclusion::budget::Exhausted;
use crate::inclusion::formula::{Kind, Literal, Names, Node};
use crate::inclusion::search::{Outcome, Search};

impl Search<'_> {
    /// A choice without the ways that ask of a property what none of its values can satisfy.
    pub(in crate::inclusion) fn promising(
        &mut self,
        state: &State,
        choice: &Choice,
    ) -> Result<Choice, Exhausted> {
        if state.kind != Kind::Object || choice.len() < 3 {
            return Ok(choice.clone());
        }
        self.budget
            .spend((state.facts.len() + choice.len()) as u64)?;
        let mut of_one: BTreeMap<String, Vec<Literal>> = BTreeMap::new();
        let mut of_many = Vec::new();
        for fact in state.facts.iter().filter(|fact| fact.holds) {
            match &*self.formulas.shared(fact.id) {
                Node::Each(Names::One(name), every) => {
                    let asked = of_one.entry(name.clone()).or_default();
                    asked.push(Literal::yes(*every));
                }
                Node::Each(_, every) => {
                    of_many.push((self.formulas.shared(fact.id), Literal::yes(*every)));
                }
                _ => {}
            }
        }
        let mut open = Vec::new();
        'ways: for way in choice {
            for literal in way.iter().filter(|literal| !literal.holds) {
                let node = self.formulas.shared(literal.id);
                let Node::Each(Names::One(name), every) = &*node else {
                    continue;
                };
                let mut goal = vec![Literal::no(*every)];
                goal.extend(of_one.get(name).into_iter().flatten());
                for (fact, asked) in &of_many {
                    if let Node::Each(names, _) = &**fact
                        && self.names(names, name)? == Some(true)
                    {
                        goal.push(*asked);
                    }
                }
                if matches!(self.solve(&goal)?, Outcome::None) {
                    continue 'ways;
                }
            }
            open.push(way.clone());
        }
        Ok(open)
    }
}
