//! Schemas whatever the order of the lists in them that mean nothing by it.

use std::collections::BTreeMap;

use super::purse::Purse;
use super::references::only_definitions;
use crate::json::{Decimal, Json};

/// A number that two values share exactly where they differ in nothing but such order.
pub(super) type Rank = u32;

/// The values that were looked at, each once, since trial walks meet the same schemas over and over.
#[derive(Debug, Default)]
pub(super) struct Ranks<'a> {
    of_shape: BTreeMap<Shape<'a>, Rank>,
    /// By address: the schemas stay where they are during a walk.
    of_value: BTreeMap<(usize, Role), Rank>,
    /// Whether the values of a rank hold a reference.
    refers: Vec<bool>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape<'a> {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(&'a str),
    List(Vec<Rank>),
    Object(Vec<(&'a str, Rank)>),
}

/// What a value is in a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// A schema, or what holds schemas.
    Schema,
    /// Anything else.
    Data,
    /// A list of schemas or names, in any order.
    Schemas,
    /// A list of data, in any order.
    Values,
}

impl<'a> Ranks<'a> {
    /// The rank of a schema; nothing where that is too much to find out.
    pub(super) fn of(&mut self, schema: &'a Json, purse: &Purse) -> Option<Rank> {
        self.rank(schema, Role::Schema, purse)
    }

    /// The rank of everything that the references of a document can lead to.
    pub(super) fn of_definitions(&mut self, root: &'a Json, purse: &Purse) -> Option<[Rank; 2]> {
        if !only_definitions(root) {
            return Some([self.of(root, purse)?; 2]);
        }
        let mut ranks = [0; 2];
        for (rank, name) in ranks.iter_mut().zip(["$defs", "definitions"]) {
            *rank = match root.get(name) {
                Some(definitions) => self.of(definitions, purse)?,
                None => self.intern(Shape::Null, false),
            };
        }
        Some(ranks)
    }

    /// Whether the values of a rank hold a reference.
    pub(super) fn refers(&self, rank: Rank) -> bool {
        self.refers[rank as usize]
    }

    fn rank(&mut self, value: &'a Json, role: Role, purse: &Purse) -> Option<Rank> {
        let key = (std::ptr::from_ref(value).addr(), role);
        if let Some(known) = self.of_value.get(&key) {
            return Some(*known);
        }
        if !purse.spend(24) {
            return None;
        }
        let mut refers = false;
        let shape = match value {
            Json::Null => Shape::Null,
            Json::Bool(value) => Shape::Bool(*value),
            Json::Number(number) => Shape::Number(number.decimal()),
            Json::String(text) => Shape::Text(text),
            Json::Array(items) => {
                let inner = match role {
                    Role::Schema | Role::Schemas => Role::Schema,
                    Role::Data | Role::Values => Role::Data,
                };
                let mut ranks = Vec::with_capacity(items.len());
                for item in items {
                    let rank = self.rank(item, inner, purse)?;
                    refers |= self.refers(rank);
                    ranks.push(rank);
                }
                if matches!(role, Role::Schemas | Role::Values) {
                    ranks.sort_unstable();
                }
                Shape::List(ranks)
            }
            Json::Object(object) => {
                let mut members = Vec::with_capacity(object.len());
                for (name, value) in object.by_name() {
                    refers |= matches!(name, "$ref" | "$dynamicRef" | "$recursiveRef");
                    let inner = match (role, name, value) {
                        (Role::Data | Role::Values, ..)
                        | (_, "const" | "default" | "examples", _) => Role::Data,
                        (_, "enum", Json::Array(_)) => Role::Values,
                        (_, "required" | "type" | "anyOf" | "oneOf" | "allOf", Json::Array(_)) => {
                            Role::Schemas
                        }
                        _ => Role::Schema,
                    };
                    let rank = self.rank(value, inner, purse)?;
                    refers |= self.refers(rank);
                    members.push((name, rank));
                }
                Shape::Object(members)
            }
        };
        let rank = self.intern(shape, refers);
        self.of_value.insert(key, rank);
        Some(rank)
    }

    fn intern(&mut self, shape: Shape<'a>, refers: bool) -> Rank {
        let next = Rank::try_from(self.refers.len()).expect("fewer than 2^32 values are paid for");
        let rank = *self.of_shape.entry(shape).or_insert(next);
        if rank == next {
            self.refers.push(refers);
        }
        rank
    }
}
