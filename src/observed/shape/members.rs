//! The members of objects: fields, or a map whose names are data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::names;
use super::seen::{PLACES, Seen};

/// Objects of more names than this are maps.
const FIELDS: usize = 200;

/// Names of one stem that differ in their digits alone, as `user1`, `user2`, are fields up to this many.
const FAMILY: usize = 3;

/// The members of the objects in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Members {
    /// By the name of the field.
    #[serde(rename = "properties")]
    Fields(BTreeMap<String, Seen>),
    /// The values under all names as one. The names are data.
    #[serde(rename = "values")]
    Map(Box<Seen>),
}

impl Default for Members {
    fn default() -> Self {
        Self::Fields(BTreeMap::new())
    }
}

impl Members {
    /// One more member of one object. Names come in their order.
    pub(super) fn push(&mut self, name: &str, value: Seen) {
        match self {
            Self::Map(values) => values.absorb_within(&value),
            Self::Fields(fields) => {
                let is_field = names::is_field(name);
                fields.insert(name.to_owned(), value);
                if !is_field || too_many(fields) || self.places() > PLACES {
                    self.unname();
                    self.each(Seen::bound);
                }
            }
        }
    }

    /// Takes up the members of other objects.
    pub(super) fn absorb(&mut self, other: &Self) {
        if matches!(other, Self::Map(_)) {
            self.unname();
        }
        match (&mut *self, other) {
            (Self::Map(own), Self::Map(values)) => own.absorb(values),
            (Self::Map(own), Self::Fields(fields)) => {
                fields.values().for_each(|value| own.absorb(value));
            }
            (Self::Fields(own), Self::Fields(fields)) => {
                for (name, value) in fields {
                    match own.get_mut(name) {
                        Some(own) => own.absorb(value),
                        None => drop(own.insert(name.clone(), value.clone())),
                    }
                }
                if too_many(own) {
                    self.unname();
                }
            }
            (Self::Fields(_), Self::Map(_)) => {}
        }
    }

    /// Drops the names where they are no fields' as far as all the objects together tell.
    pub(super) fn settle(&mut self, objects: u32) {
        if let Self::Fields(fields) = self
            && (names_vary(fields, objects) || values_alike(fields))
        {
            self.unname();
        }
    }

    /// Makes a map of it, in which all values are one.
    pub(super) fn unname(&mut self) {
        if let Self::Fields(fields) = self {
            let mut values = Seen::default();
            fields.values().for_each(|value| values.absorb(value));
            *self = Self::Map(Box::new(values));
        }
    }

    /// The values under all names as one.
    pub fn values(&self) -> Seen {
        let mut members = self.clone();
        members.unname();
        match members {
            Self::Map(values) => *values,
            Self::Fields(_) => Seen::default(),
        }
    }

    /// Does something with what was seen under each name.
    pub(super) fn each(&mut self, mut what: impl FnMut(&mut Seen)) {
        match self {
            Self::Fields(fields) => fields.values_mut().for_each(what),
            Self::Map(values) => what(values),
        }
    }

    /// How many places the members and all inside them are.
    pub(super) fn places(&self) -> usize {
        match self {
            Self::Fields(fields) => fields.values().map(Seen::places).sum(),
            Self::Map(values) if values.is_empty() => 0,
            Self::Map(values) => values.places(),
        }
    }
}

/// Whether there are more names than objects have fields, or more of one family than are fields.
fn too_many(fields: &BTreeMap<String, Seen>) -> bool {
    if fields.len() > FIELDS {
        return true;
    }
    let mut families = BTreeMap::new();
    for stem in fields.keys().filter_map(|name| names::stem(name)) {
        let size = families.entry(stem).or_insert(0);
        *size += 1;
        if *size > FAMILY {
            return true;
        }
    }
    false
}

/// Whether the names differ from object to object beyond what fields do that may be left out.
fn names_vary(fields: &BTreeMap<String, Seen>, objects: u32) -> bool {
    if objects < 2 {
        return false;
    }
    let rare = |seen: &&Seen| u64::from(seen.seen()) * 2 <= u64::from(objects);
    let rare = fields.values().filter(rare).count();
    let common = fields.len() - rare;
    rare >= 3 && common == 0 || rare >= 8 && rare >= 2 * common
}

/// Whether every value is an object of the same fields, as in a dictionary of records.
fn values_alike(fields: &BTreeMap<String, Seen>) -> bool {
    let record = |seen: &Seen| match &seen.object {
        Some(objects) if seen.types() == ["object"] => match &objects.members {
            Members::Fields(inside) if inside.len() >= 2 => {
                Some(inside.keys().cloned().collect::<Vec<_>>())
            }
            _ => None,
        },
        _ => None,
    };
    let mut values = fields.values();
    let first = values.next().and_then(record);
    fields.len() >= 3 && first.is_some() && values.all(|value| record(value) == first)
}
