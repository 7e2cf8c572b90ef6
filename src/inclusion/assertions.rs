//! The keywords that assert something of a value themselves, as formulas.

use super::Doubt;
use super::budget::Exhausted;
use super::dialect::Dialect;
use super::formula::{Id, Kind, Node};
use super::holds::weight;
use super::numbers::{Bound, Exact};
use super::reading::{Openness, Place, Reader, Referred};
use crate::json::{Json, Object};

/// A schema that is being read, and what it says so far.
#[derive(Debug)]
pub(super) struct Keywords<'m> {
    pub(super) place: Place,
    pub(super) dialect: Dialect,
    pub(super) members: &'m Object,
    pub(super) parts: Vec<Id>,
}

/// The types, as bits.
const ALL_KINDS: u8 = 0b11_1111;

impl Reader<'_, '_> {
    /// The formula of a schema that was not read yet.
    pub(super) fn schema(&mut self, place: Place) -> Result<Id, Exhausted> {
        let members = match self.reading.schema(place) {
            Json::Bool(true) => return Ok(self.formulas.always()),
            Json::Bool(false) => return Ok(self.formulas.never()),
            Json::Object(members) => members,
            other => return Ok(self.opaque(place, "schema", other, Doubt::Malformed)),
        };
        self.keywords(place, members)
    }

    /// The formula of some keywords of a schema alone.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] when the budget is.
    pub(super) fn only(&mut self, place: Place, keywords: &[String]) -> Result<Id, Exhausted> {
        let Json::Object(members) = self.reading.schema(place) else {
            return self.read(place);
        };
        let kept: Object = members
            .iter()
            .filter(|(name, _)| keywords.iter().any(|keyword| keyword == name))
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        self.keywords(place, &kept)
    }

    fn keywords(&mut self, place: Place, members: &Object) -> Result<Id, Exhausted> {
        self.budget.spend(members.len() as u64)?;
        let Some(dialect) = self.reading.dialect(place) else {
            let text = format!("dialect {}", self.whereabouts(place));
            return Ok(self.formulas.opaque(text, Doubt::Malformed));
        };
        let mut schema = Keywords {
            place,
            dialect,
            members,
            parts: Vec::new(),
        };
        self.references(&mut schema)?;
        if dialect > Dialect::Draft7 || members.get("$ref").is_none() {
            self.types_and_values(&mut schema)?;
            if let Some(text) = members.get("pattern").and_then(Json::as_str) {
                self.budget.spend(pattern_cost(text))?;
            }
            self.numbers(&mut schema);
            self.strings(&mut schema);
            self.elements(&mut schema)?;
            self.properties(&mut schema)?;
            self.logic(&mut schema)?;
            if dialect >= Dialect::Draft201909 {
                self.unevaluated(&mut schema)?;
            }
        }
        let mut parts = schema.parts;
        if matches!(place.openness, Openness::Closed(_)) {
            parts.extend(self.closing(place)?);
        }
        Ok(self.formulas.all(parts))
    }

    /// What the schema leads to.
    fn references(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let &mut Keywords {
            place,
            dialect,
            members,
            ref mut parts,
        } = schema;
        if let Some(reference) = members.get("$ref") {
            parts.push(self.reference(place, "$ref", reference)?);
        }
        let dynamic = match dialect {
            Dialect::Draft201909 => Some("$recursiveRef"),
            Dialect::Draft202012 => Some("$dynamicRef"),
            _ => None,
        };
        if let Some((keyword, reference)) =
            dynamic.and_then(|keyword| Some((keyword, members.get(keyword)?)))
        {
            parts.push(self.reference(place, keyword, reference)?);
        }
        Ok(())
    }

    fn reference(&mut self, place: Place, keyword: &str, value: &Json) -> Result<Id, Exhausted> {
        let Some(text) = value.as_str() else {
            return Ok(self.opaque(place, keyword, value, Doubt::Malformed));
        };
        match self.reading.referred(place, keyword, text) {
            Referred::To(target) => {
                let openness = self.of_neighbour(place);
                self.read(target.read(openness))
            }
            Referred::Remote(uri) => {
                let mut text = format!("remote {uri}");
                // What stands there may lead back here by a dynamic reference.
                if keyword != "$ref" || self.reading.has_dynamic_scope(place) {
                    text.push_str(&format!(" by {keyword} {}", self.whereabouts(place)));
                }
                Ok(self.formulas.opaque(text, Doubt::Reference))
            }
            Referred::Nowhere => {
                let text = format!("nowhere {text} {}", self.whereabouts(place));
                Ok(self.formulas.opaque(text, Doubt::Reference))
            }
        }
    }

    fn types_and_values(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let &mut Keywords {
            place,
            dialect,
            members,
            ref mut parts,
        } = schema;
        for keyword in ["enum", "const"] {
            self.budget.spend(members.get(keyword).map_or(0, weight))?;
        }
        if let Some(value) = members.get("type") {
            let part = match kinds(value) {
                Some((kinds, whole)) => {
                    let kinds = self.formulas.intern(Node::Kinds(kinds));
                    if whole {
                        let whole = self.formulas.intern(Node::Multiple(Exact::from(1)));
                        self.formulas.all([kinds, whole])
                    } else {
                        kinds
                    }
                }
                None => self.opaque(place, "type", value, Doubt::Malformed),
            };
            parts.push(part);
        }
        if let Some(value) = members.get("enum") {
            parts.push(match value.as_array() {
                Some(values) if exactly(value) => self.formulas.values(values),
                _ => self.opaque(place, "enum", value, Doubt::Malformed),
            });
        }
        if let Some(value) = members.get("const").filter(|_| dialect >= Dialect::Draft6) {
            parts.push(if exactly(value) {
                self.formulas.values([value])
            } else {
                self.opaque(place, "const", value, Doubt::Malformed)
            });
        }
        Ok(())
    }

    fn numbers(&mut self, schema: &mut Keywords<'_>) {
        let &mut Keywords {
            place,
            dialect,
            members,
            ref mut parts,
        } = schema;
        for (inclusive, exclusive, low) in [
            ("minimum", "exclusiveMinimum", true),
            ("maximum", "exclusiveMaximum", false),
        ] {
            let flag = match members.get(exclusive) {
                Some(Json::Bool(open)) if dialect == Dialect::Draft4 => *open,
                // Draft-04 has no other.
                Some(value) if dialect == Dialect::Draft4 => {
                    parts.push(self.undecided(place, Kind::Number, exclusive, value));
                    false
                }
                Some(value) => {
                    parts.push(self.bound(place, exclusive, value, low, true));
                    false
                }
                None => false,
            };
            if let Some(value) = members.get(inclusive) {
                parts.push(self.bound(place, inclusive, value, low, flag));
            }
        }
        if let Some(value) = members.get("multipleOf") {
            let positive = exact(value).filter(|of| *of > Exact::zero());
            parts.push(match positive {
                Some(of) => self.formulas.intern(Node::Multiple(of)),
                None => self.undecided(place, Kind::Number, "multipleOf", value),
            });
        }
    }

    fn bound(&mut self, place: Place, keyword: &str, value: &Json, low: bool, open: bool) -> Id {
        let Some(at) = exact(value) else {
            return self.undecided(place, Kind::Number, keyword, value);
        };
        let bound = Bound { at, open };
        self.formulas.intern(if low {
            Node::Low(bound)
        } else {
            Node::High(bound)
        })
    }

    fn strings(&mut self, schema: &mut Keywords<'_>) {
        let counted = ["minLength", "maxLength"];
        self.sizes(schema, Kind::String, counted, Node::LengthMin);
        let place = schema.place;
        if let Some(value) = schema.members.get("pattern") {
            let pattern = value.as_str().map(|text| self.formulas.read_pattern(text));
            let part = match pattern {
                Some(Ok(pattern)) => self.formulas.intern(Node::Matches(pattern)),
                Some(Err(_)) => {
                    let part = self.opaque(place, "pattern", value, Doubt::Pattern);
                    self.only_for(Kind::String, part)
                }
                None => self.undecided(place, Kind::String, "pattern", value),
            };
            schema.parts.push(part);
        }
    }

    /// A pair of keywords that bound a count of values of a type.
    pub(super) fn sizes(
        &mut self,
        schema: &mut Keywords<'_>,
        kind: Kind,
        [least, most]: [&str; 2],
        node: fn(u64) -> Node,
    ) {
        let &mut Keywords {
            place,
            members,
            ref mut parts,
            ..
        } = schema;
        if let Some(value) = members.get(least) {
            match size(value) {
                Some(0) => {}
                Some(count) => parts.push(self.formulas.intern(node(count))),
                None => parts.push(self.undecided(place, kind, least, value)),
            }
        }
        if let Some(value) = members.get(most) {
            let part = match size(value) {
                Some(count) => {
                    let more = self.formulas.intern(node(count + 1));
                    let no_more = self.formulas.not(more);
                    self.only_for(kind, no_more)
                }
                None => self.undecided(place, kind, most, value),
            };
            parts.push(part);
        }
    }

    /// A keyword that has no meaning.
    pub(super) fn undecided(
        &mut self,
        place: Place,
        kind: Kind,
        keyword: &str,
        value: &Json,
    ) -> Id {
        let part = self.opaque(place, keyword, value, Doubt::Malformed);
        self.only_for(kind, part)
    }

    /// What a keyword says here of values of a type, where nobody can decide it and no other place says the same.
    pub(super) fn undecided_here(
        &mut self,
        place: Place,
        kind: Kind,
        keyword: &str,
        doubt: Doubt,
    ) -> Id {
        let text = format!("{keyword} {}", self.whereabouts(place));
        let part = self.formulas.opaque(text, doubt);
        self.only_for(kind, part)
    }

    /// The formula holds, or the value has another type.
    pub(super) fn only_for(&mut self, kind: Kind, part: Id) -> Id {
        let others = self.formulas.intern(Node::Kinds(ALL_KINDS & !kind.bit()));
        self.formulas.any([others, part])
    }
}

/// The work of reading a regular expression, in steps.
pub(super) fn pattern_cost(text: &str) -> u64 {
    40 + text.len() as u64 / 2
}

/// The types that the value of `type` names, and whether numbers must be whole.
fn kinds(value: &Json) -> Option<(u8, bool)> {
    let names = match value {
        Json::String(name) => vec![name.as_str()],
        Json::Array(_) => strings_of(value)?,
        _ => return None,
    };
    let mut kinds = 0;
    for name in &names {
        kinds |= match *name {
            "null" => Kind::Null,
            "boolean" => Kind::Boolean,
            "number" | "integer" => Kind::Number,
            "string" => Kind::String,
            "array" => Kind::Array,
            "object" => Kind::Object,
            _ => return None,
        }
        .bit();
    }
    let whole = names.contains(&"integer") && !names.contains(&"number");
    (!names.is_empty()).then_some((kinds, whole))
}

/// The number, where its exponent can be held.
fn exact(value: &Json) -> Option<Exact> {
    match value {
        Json::Number(number) => Exact::of(number),
        _ => None,
    }
}

/// Whether every number in a value can be told apart from all others.
fn exactly(value: &Json) -> bool {
    match value {
        Json::Number(number) => Exact::of(number).is_some(),
        Json::Array(items) => items.iter().all(exactly),
        Json::Object(members) => members.iter().all(|(_, member)| exactly(member)),
        _ => true,
    }
}

/// The strings of a list of nothing else.
pub(super) fn strings_of(value: &Json) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Json::as_str).collect()
}

/// A count, as `maxLength` and the like have it; counts past the largest that can be held count as that one.
pub(super) fn size(value: &Json) -> Option<u64> {
    let Json::Number(number) = value else {
        return None;
    };
    let decimal = number.decimal();
    if decimal.negative || !decimal.is_integer() {
        return None;
    }
    Some(number.as_i64().unwrap_or(i64::MAX).unsigned_abs())
}
