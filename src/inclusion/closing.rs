//! Schemas as a caller sees them, who sends only the parameters that a schema names.
//!
//! An object with named properties that says nothing of others is closed over the names that it and the schemas beside
//! it mention. A free-form object stays open; the arguments as a whole are no such object, unless the schema says so.

use std::collections::BTreeSet;

use super::budget::Exhausted;
use super::dialect::Dialect;
use super::formula::{Id, Names};
use super::reading::{Place, Reader, Referred};
use crate::json::Json;

impl Reader<'_, '_> {
    /// That an object has no other properties than the named ones; nothing where it stays open.
    pub(super) fn closing(&mut self, place: Place) -> Result<Option<Id>, Exhausted> {
        let mut names = BTreeSet::new();
        let arguments = place.at == self.reading.document(place.side).root()
            && self
                .reading
                .schema(place)
                .get("additionalProperties")
                .is_none();
        if !self.mentioned(place, &mut vec![place], &mut names)? || (names.is_empty() && !arguments)
        {
            return Ok(None);
        }
        let never = self.formulas.never();
        let names = names.into_iter().collect();
        Ok(Some(self.each(Names::Outside(names, Vec::new()), never)))
    }

    /// Collects the properties that a schema and those beside it name; false where one of them speaks of others, too.
    fn mentioned(
        &mut self,
        place: Place,
        seen: &mut Vec<Place>,
        names: &mut BTreeSet<String>,
    ) -> Result<bool, Exhausted> {
        self.budget.spend(4)?;
        let Json::Object(members) = self.reading.schema(place) else {
            return Ok(true);
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
            return Ok(false);
        }
        let mut next = Vec::new();
        for keyword in ["$ref", "$recursiveRef", "$dynamicRef"] {
            if let Some(text) = members.get(keyword).and_then(Json::as_str) {
                match self.reading.referred(place, keyword, text) {
                    Referred::To(target) => next.push(target.within()),
                    Referred::Remote(_) | Referred::Nowhere => return Ok(false),
                }
            }
        }
        let alone = members.get("$ref").is_some()
            && self
                .reading
                .dialect(place)
                .is_some_and(|dialect| dialect <= Dialect::Draft7);
        if !alone {
            if let Some(named) = members.get("properties").and_then(Json::as_object) {
                names.extend(named.iter().map(|(name, _)| name.to_owned()));
            }
            let openness = place.openness.of_neighbour();
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let count = members
                    .get(keyword)
                    .and_then(Json::as_array)
                    .map_or(0, <[_]>::len);
                for index in 0..count {
                    next.push(
                        self.reading
                            .below(place, &[keyword, &index.to_string()], openness),
                    );
                }
            }
            let conditional = members.get("if").is_some();
            for keyword in ["if", "then", "else"] {
                if conditional && members.get(keyword).is_some() {
                    next.push(self.reading.below(place, &[keyword], openness));
                }
            }
            for keyword in ["dependentSchemas", "dependencies"] {
                let dependents = members.get(keyword).and_then(Json::as_object);
                for (name, dependent) in dependents.map(|d| d.by_name()).unwrap_or_default() {
                    if dependent.as_object().is_some() {
                        next.push(self.reading.below(place, &[keyword, name], openness));
                    }
                }
            }
        }
        for place in next {
            if seen.contains(&place) {
                continue;
            }
            seen.push(place);
            if !self.mentioned(place, seen, names)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
