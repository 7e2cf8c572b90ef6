//! Schemas as a caller sees them, who sends only the parameters that a schema names.
//!
//! An object with named properties that says nothing of others is closed over the names that it and the schemas beside
//! it mention, wherever these stand: two branches may speak of the same property. A free-form object stays open; the arguments as a whole are no such object, unless the schema says so.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::budget::Exhausted;
use super::dialect::Dialect;
use super::formula::{Id, Names};
use super::reading::{Openness, Place, Reader, Referred};
use crate::json::Json;

impl Reader<'_, '_> {
    /// How a schema for the same value is read.
    pub(super) fn of_neighbour(&mut self, place: Place) -> Openness {
        match place.openness {
            Openness::Plain => Openness::Plain,
            Openness::Closed(_) | Openness::ClosedWithin(_) => {
                let starts = self.reading.starts(place);
                Openness::ClosedWithin(self.reading.fellows(starts))
            }
        }
    }

    /// How a schema for a part of the value is read: others beside this one may speak of that part, too.
    pub(super) fn of_part(&mut self, place: Place, tokens: &[&str]) -> Result<Openness, Exhausted> {
        if place.openness == Openness::Plain {
            return Ok(Openness::Plain);
        }
        let mut parts = BTreeSet::new();
        let starts = self.reading.starts(place);
        for start in &starts {
            let Some(all) = self.beside(*start)? else {
                continue;
            };
            if starts.len() == 1 && all.len() == 1 {
                break;
            }
            self.budget.spend(1 + all.len() as u64 / 8)?;
            for schema in all.iter() {
                if has(self.reading.schema(*schema), tokens) {
                    parts.insert(self.reading.below(*schema, tokens, Openness::Plain));
                }
            }
        }
        if parts.len() < 2 {
            return Ok(Openness::CLOSED);
        }
        Ok(Openness::Closed(self.reading.fellows(parts)))
    }

    /// That an object has no other properties than the named ones; nothing where it stays open.
    pub(super) fn closing(&mut self, place: Place) -> Result<Option<Id>, Exhausted> {
        let arguments = place.at == self.reading.document(place.side).root()
            && self
                .reading
                .schema(place)
                .get("additionalProperties")
                .is_none();
        let mut names = BTreeSet::new();
        for start in self.reading.starts(place) {
            let Some(all) = self.beside(start)? else {
                return Ok(None);
            };
            for schema in all.iter() {
                self.budget.spend(4)?;
                if !self.mentioned(*schema, &mut names) {
                    return Ok(None);
                }
            }
        }
        if names.is_empty() && !arguments {
            return Ok(None);
        }
        let never = self.formulas.never();
        let names = names.into_iter().collect();
        Ok(Some(self.each(Names::Outside(names, Vec::new()), never)))
    }

    /// Collects the properties that a schema names; false where it speaks of others, too.
    fn mentioned(&mut self, place: Place, names: &mut BTreeSet<String>) -> bool {
        let Json::Object(members) = self.reading.schema(place) else {
            return true;
        };
        let open = match members.get("additionalProperties") {
            None | Some(Json::Bool(_)) => false,
            Some(Json::Object(rest)) => !rest.is_empty(),
            Some(_) => true,
        };
        if open
            || members.get("patternProperties").is_some()
            || members.get("unevaluatedProperties").is_some()
        {
            return false;
        }
        if !self.only_refers(place)
            && let Some(named) = members.get("properties").and_then(Json::as_object)
        {
            names.extend(named.iter().map(|(name, _)| name.to_owned()));
        }
        true
    }

    /// Whether nothing counts beside the `$ref` of a schema.
    fn only_refers(&mut self, place: Place) -> bool {
        self.reading.schema(place).get("$ref").is_some()
            && self
                .reading
                .dialect(place)
                .is_some_and(|dialect| dialect <= Dialect::Draft7)
    }

    /// A schema and all that speak of the same value beside it; nothing where one of them is not here.
    fn beside(&mut self, start: Place) -> Result<Option<Rc<Vec<Place>>>, Exhausted> {
        if let Some(known) = self.reading.beside.get(&start) {
            return Ok(known.clone());
        }
        let mut all = vec![start];
        let mut here = true;
        let mut index = 0;
        while let Some(place) = all.get(index).copied() {
            index += 1;
            self.budget.spend(4)?;
            for next in self.next_to(place, &mut here) {
                if !all.contains(&next) {
                    all.push(next);
                }
            }
        }
        let all = here.then(|| Rc::new(all));
        self.reading.beside.insert(start, all.clone());
        Ok(all)
    }

    /// The schemas that a schema puts beside itself.
    fn next_to(&mut self, place: Place, here: &mut bool) -> Vec<Place> {
        let mut next = Vec::new();
        let Json::Object(members) = self.reading.schema(place) else {
            return next;
        };
        for keyword in ["$ref", "$recursiveRef", "$dynamicRef"] {
            if let Some(text) = members.get(keyword).and_then(Json::as_str) {
                match self.reading.referred(place, keyword, text) {
                    Referred::To(target) => next.push(target),
                    Referred::Remote(_) | Referred::Nowhere => *here = false,
                }
            }
        }
        if self.only_refers(place) {
            return next;
        }
        let mut below = |tokens: &[&str]| {
            next.push(self.reading.below(place, tokens, Openness::Plain));
        };
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let branches = members.get(keyword).and_then(Json::as_array);
            for index in 0..branches.map_or(0, <[_]>::len) {
                below(&[keyword, &index.to_string()]);
            }
        }
        let conditional = members.get("if").is_some();
        for keyword in ["if", "then", "else"] {
            if conditional && members.get(keyword).is_some() {
                below(&[keyword]);
            }
        }
        for keyword in ["dependentSchemas", "dependencies"] {
            let dependents = members.get(keyword).and_then(Json::as_object);
            for (name, dependent) in dependents.map(|d| d.by_name()).unwrap_or_default() {
                if dependent.as_object().is_some() {
                    below(&[keyword, name]);
                }
            }
        }
        next
    }
}

/// Whether a schema has anything there.
fn has(schema: &Json, tokens: &[&str]) -> bool {
    let mut value = schema;
    for token in tokens {
        let next = match value {
            Json::Object(members) => members.get(token),
            Json::Array(items) => token.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return false,
        }
    }
    true
}
