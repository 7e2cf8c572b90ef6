//! The keywords that apply schemas to a value or to its parts, as formulas.

use super::Doubt;
use super::assertions::{Keywords, pattern_cost, size, strings_of};
use super::budget::Exhausted;
use super::dialect::Dialect;
use super::formula::{Id, Kind, Names, Node};
use super::reading::{Openness, Reader};
use super::words::Unsupported;
use crate::json::{Json, Object};

impl Reader<'_, '_> {
    pub(super) fn elements(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let counted = ["minItems", "maxItems"];
        self.sizes(schema, Kind::Array, counted, Node::ItemsMin);
        let &mut Keywords {
            place,
            dialect,
            members,
            ref mut parts,
        } = schema;
        match members.get("uniqueItems") {
            None | Some(Json::Bool(false)) => {}
            Some(Json::Bool(true)) => parts.push(self.formulas.intern(Node::Unique)),
            Some(other) => parts.push(self.undecided(place, Kind::Array, "uniqueItems", other)),
        }
        let (tuple, rest) = tuple_keywords(dialect, members);
        let mut named = 0;
        if let Some((keyword, value)) = tuple {
            match value.as_array() {
                Some(schemas) => {
                    named = schemas.len() as u64;
                    for index in 0..schemas.len() {
                        let at = index.to_string();
                        let openness = self.of_part(place, &[keyword, &at])?;
                        let item = self.reading.below(place, &[keyword, &at], openness);
                        let item = self.read(item)?;
                        let index = index as u64;
                        parts.push(self.elements_are(index, Some(index + 1), item));
                    }
                }
                None => parts.push(self.undecided(place, Kind::Array, keyword, value)),
            }
        }
        if let Some((keyword, value)) = rest {
            if matches!(value, Json::Object(_) | Json::Bool(_)) {
                let openness = self.of_part(place, &[keyword])?;
                let every = self.reading.below(place, &[keyword], openness);
                let every = self.read(every)?;
                parts.push(self.elements_are(named, None, every));
            } else {
                parts.push(self.undecided(place, Kind::Array, keyword, value));
            }
        }
        if members.get("contains").is_some() && dialect >= Dialect::Draft6 {
            let of = self.reading.below(place, &["contains"], Openness::Plain);
            let of = self.read(of)?;
            let count = |name: &str| match members.get(name) {
                Some(value) if dialect >= Dialect::Draft201909 => size(value).map(Some),
                _ => Some(None),
            };
            parts.push(match (count("minContains"), count("maxContains")) {
                (Some(least), Some(most)) => {
                    let least = least.unwrap_or(1);
                    if least == 0 && most.is_none() {
                        self.formulas.always()
                    } else {
                        self.formulas.intern(Node::Count(of, least, most))
                    }
                }
                _ => self.undecided_here(place, Kind::Array, "contains", Doubt::Malformed),
            });
        }
        Ok(())
    }

    /// Every element from an index, up to another one, satisfies a formula.
    pub(super) fn elements_are(&mut self, from: u64, to: Option<u64>, every: Id) -> Id {
        if every == self.formulas.always() {
            return every;
        }
        self.formulas.intern(Node::Elements(from, to, every))
    }

    pub(super) fn properties(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let counted = ["minProperties", "maxProperties"];
        self.sizes(schema, Kind::Object, counted, Node::PropertiesMin);
        self.required(schema)?;
        self.named_properties(schema)?;
        self.property_names(schema)?;
        self.dependencies(schema)
    }

    fn required(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let &mut Keywords {
            place,
            members,
            ref mut parts,
            ..
        } = schema;
        match members.get("required") {
            None => {}
            Some(value) => match strings_of(value) {
                Some(names) => {
                    self.budget.spend(4 * names.len() as u64)?;
                    for name in names {
                        parts.push(self.formulas.intern(Node::Has(name.to_owned())));
                    }
                }
                None => parts.push(self.undecided(place, Kind::Object, "required", value)),
            },
        }
        Ok(())
    }

    fn property_names(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let &mut Keywords {
            place,
            dialect,
            members,
            ref mut parts,
        } = schema;
        if members.get("propertyNames").is_some() && dialect >= Dialect::Draft6 {
            let every = self
                .reading
                .below(place, &["propertyNames"], Openness::Plain);
            let every = self.read(every)?;
            if every != self.formulas.always() {
                parts.push(self.formulas.intern(Node::Named(every)));
            }
        }
        Ok(())
    }

    fn named_properties(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let &mut Keywords {
            place,
            members,
            ref mut parts,
            ..
        } = schema;
        let mut names = Vec::new();
        if let Some(value) = members.get("properties") {
            let Some(schemas) = value.as_object() else {
                // Which properties are left for `additionalProperties` is then unknown, too.
                parts.push(self.undecided_here(
                    place,
                    Kind::Object,
                    "properties",
                    Doubt::Malformed,
                ));
                return Ok(());
            };
            for name in schemas.by_name().keys() {
                let openness = self.of_part(place, &["properties", name])?;
                let value = self.reading.below(place, &["properties", name], openness);
                let value = self.read(value)?;
                parts.push(self.each(Names::One((*name).to_owned()), value));
                names.push((*name).to_owned());
            }
        }
        let mut patterns = Vec::new();
        if let Some(value) = members.get("patternProperties") {
            for (text, _) in value.as_object().into_iter().flat_map(Object::written) {
                self.budget.spend(pattern_cost(text))?;
            }
            let read = value.as_object().map(|schemas| {
                let named = schemas.by_name().into_keys();
                named
                    .map(|text| Ok((text, self.formulas.read_pattern(text)?)))
                    .collect::<Result<Vec<_>, Unsupported>>()
            });
            let Some(Ok(read)) = read else {
                // Which properties are left for `additionalProperties` is then unknown, too.
                let doubt = if read.is_some() {
                    Doubt::Pattern
                } else {
                    Doubt::Malformed
                };
                parts.push(self.undecided_here(place, Kind::Object, "patternProperties", doubt));
                return Ok(());
            };
            for (text, pattern) in read {
                let openness = self.of_part(place, &["patternProperties", text])?;
                let value = self
                    .reading
                    .below(place, &["patternProperties", text], openness);
                let value = self.read(value)?;
                parts.push(self.each(Names::Matching(pattern), value));
                patterns.push(pattern);
            }
        }
        if members.get("additionalProperties").is_some() {
            let openness = self.of_part(place, &["additionalProperties"])?;
            let rest = self
                .reading
                .below(place, &["additionalProperties"], openness);
            let rest = self.read(rest)?;
            patterns.sort_unstable();
            patterns.dedup();
            parts.push(self.each(Names::Outside(names, patterns), rest));
        }
        Ok(())
    }

    /// The value of each such property satisfies a formula.
    pub(super) fn each(&mut self, names: Names, every: Id) -> Id {
        if every == self.formulas.always() {
            return every;
        }
        self.formulas.intern(Node::Each(names, every))
    }

    fn dependencies(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let &mut Keywords {
            place,
            dialect,
            members,
            ref mut parts,
        } = schema;
        let keywords: &[&str] = if dialect >= Dialect::Draft201909 {
            &["dependentRequired", "dependentSchemas"]
        } else {
            &["dependencies"]
        };
        for keyword in keywords {
            let Some(value) = members.get(keyword) else {
                continue;
            };
            let Some(dependents) = value.as_object() else {
                parts.push(self.undecided(place, Kind::Object, keyword, value));
                continue;
            };
            for (name, dependent) in dependents.by_name() {
                self.budget.spend(32)?;
                let has = self.formulas.intern(Node::Has(name.to_owned()));
                let then = match strings_of(dependent) {
                    Some(names) if *keyword != "dependentSchemas" => {
                        let all: Vec<Id> = names
                            .into_iter()
                            .map(|name| self.formulas.intern(Node::Has(name.to_owned())))
                            .collect();
                        self.formulas.all(all)
                    }
                    _ if *keyword == "dependentRequired" => {
                        self.undecided(place, Kind::Object, keyword, dependent)
                    }
                    _ => {
                        let openness = self.of_neighbour(place);
                        let then = self.reading.below(place, &[keyword, name], openness);
                        self.read(then)?
                    }
                };
                let lacks = self.formulas.not(has);
                let either = self.formulas.any([lacks, then]);
                parts.push(self.only_for(Kind::Object, either));
            }
        }
        Ok(())
    }

    pub(super) fn logic(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let &mut Keywords {
            place,
            dialect,
            members,
            ref mut parts,
        } = schema;
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let Some(value) = members.get(keyword) else {
                continue;
            };
            let Some(schemas) = value.as_array() else {
                parts.push(self.opaque(place, keyword, value, Doubt::Malformed));
                continue;
            };
            let openness = self.of_neighbour(place);
            let mut branches = Vec::new();
            for index in 0..schemas.len() {
                let branch = self
                    .reading
                    .below(place, &[keyword, &index.to_string()], openness);
                branches.push(self.read(branch)?);
            }
            parts.push(match keyword {
                "allOf" => self.formulas.all(branches),
                // Which branch fits is said by the plain reading, which always stands beside a closed one.
                "oneOf" if place.openness == Openness::Plain => self.formulas.one(branches),
                _ => self.formulas.any(branches),
            });
        }
        if members.get("not").is_some() {
            let inner = self.reading.below(place, &["not"], Openness::Plain);
            let inner = self.read(inner)?;
            parts.push(self.formulas.not(inner));
        }
        if members.get("if").is_some() && dialect >= Dialect::Draft7 {
            let condition = self.reading.below(place, &["if"], Openness::Plain);
            let condition = self.read(condition)?;
            let openness = self.of_neighbour(place);
            let mut branch = |keyword: &str| match members.get(keyword) {
                Some(_) => {
                    let branch = self.reading.below(place, &[keyword], openness);
                    self.read(branch)
                }
                None => Ok(self.formulas.always()),
            };
            let (then, other) = (branch("then")?, branch("else")?);
            parts.push(self.formulas.intern(Node::If(condition, then, other)));
        }
        Ok(())
    }
}

/// A keyword and its value.
type Keyword<'v> = (&'static str, &'v Json);

/// The keywords for the elements by position and for the others, as a dialect has them.
pub(super) fn tuple_keywords(
    dialect: Dialect,
    members: &Object,
) -> (Option<Keyword<'_>>, Option<Keyword<'_>>) {
    let keyword = |name: &'static str| members.get(name).map(|value| (name, value));
    if dialect == Dialect::Draft202012 {
        return (keyword("prefixItems"), keyword("items"));
    }
    match keyword("items") {
        Some((name, value)) if value.as_array().is_some() => {
            (Some((name, value)), keyword("additionalItems"))
        }
        other => (None, other),
    }
}
