//! Arrays of which no two elements are equal.

use std::rc::Rc;

use super::super::Doubt;
use super::super::budget::Exhausted;
use super::super::formula::{Id, Literal};
use super::super::search::{Outcome, Search};
use crate::json::Json;

impl Search<'_> {
    /// An array of values that all differ: each goal offers as many values as there are elements, which is enough for
    /// any goal that has them; the rest is a matching of elements to values.
    pub(super) fn distinct(&mut self, goals: &[&[Literal]]) -> Result<Outcome, Exhausted> {
        let mut values: Vec<Json> = Vec::new();
        let mut offers: Vec<Vec<usize>> = Vec::new();
        let mut doubt = None;
        for (index, goal) in goals.iter().enumerate() {
            if let Some(equal) = goals[..index].iter().position(|other| other == goal) {
                offers.push(offers[equal].clone());
                continue;
            }
            let mut offer = Vec::new();
            let mut except: Vec<Json> = Vec::new();
            while offer.len() < goals.len() {
                let mut narrowed = goal.to_vec();
                let known: Id = self.formulas.values(&except);
                if !except.is_empty() {
                    narrowed.push(Literal::no(known));
                }
                match self.solve(&narrowed)? {
                    Outcome::Value(value) => {
                        let value = Json::clone(&value);
                        let number = values.iter().position(|known| *known == value);
                        offer.push(number.unwrap_or_else(|| {
                            values.push(value.clone());
                            values.len() - 1
                        }));
                        except.push(value);
                    }
                    Outcome::None => break,
                    Outcome::Huge => {
                        doubt = Some(Doubt::Budget);
                        break;
                    }
                    Outcome::Maybe(why) => {
                        doubt = Some(why);
                        break;
                    }
                }
            }
            offers.push(offer);
        }
        let mut taken = vec![None; values.len()];
        for element in 0..offers.len() {
            self.budget.spend((values.len() + offers.len()) as u64)?;
            let mut tried = vec![false; values.len()];
            if !matched(element, &offers, &mut taken, &mut tried) {
                return Ok(doubt.map_or(Outcome::None, Outcome::Maybe));
            }
        }
        let mut items = vec![Json::Null; offers.len()];
        for (value, element) in values.into_iter().zip(taken) {
            if let Some(element) = element {
                items[element] = value;
            }
        }
        Ok(Outcome::Value(Rc::new(Json::Array(items))))
    }
}

/// Finds a value for an element, moving others to another of theirs where needed (an augmenting path).
fn matched(
    element: usize,
    offers: &[Vec<usize>],
    taken: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for value in &offers[element] {
        if std::mem::replace(&mut tried[*value], true) {
            continue;
        }
        let free = match taken[*value] {
            None => true,
            Some(other) => matched(other, offers, taken, tried),
        };
        if free {
            taken[*value] = Some(element);
            return true;
        }
    }
    false
}
