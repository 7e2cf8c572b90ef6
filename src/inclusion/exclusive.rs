//! Branches that no value can satisfy together, as far as that can be seen at once.
//!
//! Where all branches of a `oneOf` exclude each other, exactly one is the same as any. Most do by a tag: a property that
//! each requires and of which each lists other values.

use std::collections::BTreeMap;

use super::budget::Exhausted;
use super::formula::{Formulas, Id, Kind, Names, Node};
use super::search::Search;

/// The values that a branch lists of the properties that it requires, by name.
type Tags<'f> = BTreeMap<&'f str, &'f [u32]>;

impl Search<'_> {
    /// Exactly one of these branches, for values of a type: any of them where they exclude each other for sure.
    pub(super) fn exclusive(&mut self, parts: &[Id], kind: Kind) -> Result<Node, Exhausted> {
        let mut possible = Vec::new();
        for part in parts {
            if self.plainly(*part, kind, 0)? != Some(false) {
                possible.push(*part);
            }
        }
        // The same branch twice is satisfied together.
        let mut excluded = possible.windows(2).all(|pair| pair[0] != pair[1]);
        if excluded && possible.len() > 1 {
            self.budget
                .spend((possible.len() * possible.len()) as u64 / 4)?;
            let all = &self.formulas;
            excluded = match kind {
                Kind::Object => {
                    let tags: Vec<_> = possible.iter().map(|part| tags(all, *part)).collect();
                    pairs(&tags, |a, b| {
                        a.iter()
                            .any(|(name, values)| b.get(name).is_some_and(|v| apart(values, v)))
                    })
                }
                _ => {
                    let listed: Vec<_> = possible.iter().map(|part| listed(all, *part)).collect();
                    pairs(
                        &listed,
                        |a, b| matches!((a, b), (Some(a), Some(b)) if apart(a, b)),
                    )
                }
            };
        }
        Ok(if excluded {
            Node::Any(possible)
        } else {
            Node::One(possible)
        })
    }
}

fn pairs<T>(of: &[T], hold: impl Fn(&T, &T) -> bool) -> bool {
    of.iter()
        .enumerate()
        .all(|(index, a)| of[index + 1..].iter().all(|b| hold(a, b)))
}

/// Whether two sorted lists have nothing in common.
fn apart(a: &[u32], b: &[u32]) -> bool {
    !a.iter().any(|number| b.binary_search(number).is_ok())
}

/// The formulas that all hold where one does.
fn conjuncts(formulas: &Formulas, id: Id) -> Vec<&Node> {
    match formulas.node(id) {
        Node::All(parts) => parts.iter().map(|part| formulas.node(*part)).collect(),
        node => vec![node],
    }
}

fn listed(formulas: &Formulas, id: Id) -> Option<&[u32]> {
    conjuncts(formulas, id)
        .into_iter()
        .find_map(|node| match node {
            Node::Values(numbers) => Some(numbers.as_slice()),
            _ => None,
        })
}

fn tags(formulas: &Formulas, id: Id) -> Tags<'_> {
    let nodes = conjuncts(formulas, id);
    let required: Vec<&str> = nodes
        .iter()
        .filter_map(|node| match node {
            Node::Has(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    nodes
        .into_iter()
        .filter_map(|node| match node {
            Node::Each(Names::One(name), every) if required.contains(&name.as_str()) => {
                Some((name.as_str(), listed(formulas, *every)?))
            }
            _ => None,
        })
        .collect()
}
