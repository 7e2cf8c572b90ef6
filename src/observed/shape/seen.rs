//! The values that were seen in one place of the answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::formats::{NumberFormat, TextFormat};
use super::is_zero;
use super::members::Members;
use crate::json::Json;

/// Values nested deeper than this are only counted by type.
const DEPTH: usize = 16;

/// How many places one shape may speak of.
pub(super) const PLACES: usize = 2_000;

/// What was seen in one place: how many values of which type, and what stands inside them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Seen {
    /// In how many answers there was a value here. In a map, whose names are not told apart, it may be too many.
    pub answers: u32,
    /// How many values were null.
    #[serde(skip_serializing_if = "is_zero")]
    pub null: u32,
    /// How many were true or false.
    #[serde(skip_serializing_if = "is_zero")]
    pub boolean: u32,
    /// How many were numbers, by the way they are written.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub number: BTreeMap<NumberFormat, u32>,
    /// How many were strings, by what they are the text of.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub string: BTreeMap<TextFormat, u32>,
    /// Those that were arrays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array: Option<Arrays>,
    /// Those that were objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<Objects>,
    /// Whether what stands inside was too much to be told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// Arrays in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Arrays {
    /// How many.
    pub seen: u32,
    /// How many of them had no element.
    #[serde(skip_serializing_if = "is_zero")]
    pub empty: u32,
    /// Their elements, all as one.
    #[serde(skip_serializing_if = "Seen::is_empty")]
    pub items: Box<Seen>,
}

/// Objects in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Objects {
    /// How many.
    pub seen: u32,
    /// Their members.
    #[serde(flatten)]
    pub members: Members,
}

impl Seen {
    /// One value. What it holds is counted; in how many answers, the caller says.
    pub(super) fn of(value: &Json) -> Self {
        Self::at(value, 0)
    }

    fn at(value: &Json, depth: usize) -> Self {
        let mut seen = Self::default();
        match value {
            Json::Null => seen.null = 1,
            Json::Bool(_) => seen.boolean = 1,
            Json::Number(number) => {
                seen.number.insert(NumberFormat::of(number), 1);
            }
            Json::String(text) => {
                seen.string.insert(TextFormat::of(text), 1);
            }
            Json::Array(items) => {
                let mut arrays = Arrays {
                    seen: 1,
                    empty: u32::from(items.is_empty()),
                    ..Arrays::default()
                };
                seen.cut = depth >= DEPTH && !items.is_empty();
                for item in items.iter().filter(|_| depth < DEPTH) {
                    arrays.items.absorb_within(&Self::at(item, depth + 1));
                }
                seen.array = Some(arrays);
            }
            Json::Object(object) => {
                seen.cut = depth >= DEPTH && !object.is_empty();
                let mut members = Members::default();
                for (name, value) in object.by_name().into_iter().filter(|_| depth < DEPTH) {
                    members.push(name, Self::at(value, depth + 1));
                }
                seen.object = Some(Objects { seen: 1, members });
            }
        }
        seen
    }

    /// Whether no value was seen here.
    pub fn is_empty(&self) -> bool {
        self.seen() == 0
    }

    /// How many values were seen here.
    pub fn seen(&self) -> u32 {
        self.null.saturating_add(self.typed())
    }

    /// How many values other than null were seen here.
    pub fn typed(&self) -> u32 {
        let numbers = self.number.values();
        let counts = numbers.chain(self.string.values()).copied();
        let nested = [
            self.boolean,
            self.array.as_ref().map_or(0, |arrays| arrays.seen),
            self.object.as_ref().map_or(0, |objects| objects.seen),
        ];
        counts.chain(nested).fold(0, u32::saturating_add)
    }

    /// The types that were seen, but for null, by their names in JSON Schema, sorted.
    pub fn types(&self) -> Vec<&'static str> {
        let types = [
            ("array", self.array.is_some()),
            ("boolean", self.boolean > 0),
            ("number", !self.number.is_empty()),
            ("object", self.object.is_some()),
            ("string", !self.string.is_empty()),
        ];
        types
            .into_iter()
            .filter_map(|(name, seen)| seen.then_some(name))
            .collect()
    }

    /// Takes up what was seen in other values.
    pub(super) fn absorb(&mut self, other: &Self) {
        for (own, more) in [
            (&mut self.answers, other.answers),
            (&mut self.null, other.null),
            (&mut self.boolean, other.boolean),
        ] {
            *own = own.saturating_add(more);
        }
        add(&mut self.number, &other.number);
        add(&mut self.string, &other.string);
        if let Some(theirs) = &other.array {
            let own = self.array.get_or_insert_default();
            own.seen = own.seen.saturating_add(theirs.seen);
            own.empty = own.empty.saturating_add(theirs.empty);
            own.items.absorb(&theirs.items);
        }
        if let Some(theirs) = &other.object {
            let own = self.object.get_or_insert_default();
            own.seen = own.seen.saturating_add(theirs.seen);
            own.members.absorb(&theirs.members);
        }
        self.cut |= other.cut;
        if self.cut {
            self.forget_inside();
        }
    }

    /// Takes up what was seen in another value of the same answer, and stays within bounds.
    pub(super) fn absorb_within(&mut self, other: &Self) {
        self.absorb(other);
        self.bound();
    }

    /// Forgets what is inside where that is too much.
    pub(super) fn bound(&mut self) {
        if self.places() > PLACES {
            self.cut = true;
            self.forget_inside();
        }
    }

    fn forget_inside(&mut self) {
        if let Some(arrays) = &mut self.array {
            *arrays.items = Self::default();
        }
        if let Some(objects) = &mut self.object {
            objects.members = Members::default();
        }
    }

    /// How many places this speaks of, itself included.
    pub(super) fn places(&self) -> usize {
        let items = self
            .array
            .as_ref()
            .filter(|arrays| !arrays.items.is_empty());
        let members = self.object.as_ref();
        1 + items.map_or(0, |arrays| arrays.items.places())
            + members.map_or(0, |objects| objects.members.places())
    }

    /// Counts everything that was seen as seen in one answer.
    pub(super) fn count_once(&mut self) {
        self.answers = u32::from(!self.is_empty());
        if let Some(arrays) = &mut self.array {
            arrays.items.count_once();
        }
        if let Some(objects) = &mut self.object {
            objects.members.each(Self::count_once);
        }
    }

    /// What may be kept of it.
    #[must_use]
    pub(super) fn settled(&self) -> Self {
        let mut settled = self.clone();
        settled.settle();
        settled
    }

    fn settle(&mut self) {
        if let Some(arrays) = &mut self.array {
            arrays.items.settle();
        }
        if let Some(objects) = &mut self.object {
            // First: what is one place inside a map is settled as one.
            objects.members.settle(objects.seen);
            objects.members.each(Self::settle);
        }
        self.bound();
    }
}

/// Adds counts.
pub(super) fn add<K: Ord + Clone>(own: &mut BTreeMap<K, u32>, more: &BTreeMap<K, u32>) {
    for (key, count) in more {
        let own = own.entry(key.clone()).or_insert(0);
        *own = own.saturating_add(*count);
    }
}
