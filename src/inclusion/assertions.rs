//! The keywords that assert something of a value themselves, as formulas.

use super::Doubt;
use super::budget::Exhausted;
use super::dialect::Dialect;
use super::formula::{Id, Kind, Node};
use super::holds::weight;
use super::numbers::{Bound, Exact};
use super::reading::{Openness, Place, Reader, Referred};
use crate::json::{Json, Object};

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
        let mut parts = Vec::new();
        if let Some(reference) = members.get("$ref") {
            parts.push(self.reference(place, "$ref", reference)?);
            if dialect <= Dialect::Draft7 {
                if matches!(place.openness, Openness::Closed(_)) {
                    parts.extend(self.closing(place)?);
                }
                return Ok(self.formulas.all(parts));
            }
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
        self.types_and_values(place, dialect, members, &mut parts)?;
        if let Some(text) = members.get("pattern").and_then(Json::as_str) {
            self.budget.spend(pattern_cost(text))?;
        }
        self.numbers(place, dialect, members, &mut parts);
        self.strings(place, members, &mut parts);
        self.elements(place, dialect, members, &mut parts)?;
        self.properties(place, dialect, members, &mut parts)?;
        self.logic(place, dialect, members, &mut parts)?;
        if dialect >= Dialect::Draft201909 {
            self.unevaluated(place, dialect, members, &mut parts)?;
        }
        if matches!(place.openness, Openness::Closed(_)) {
            parts.extend(self.closing(place)?);
        }
        Ok(self.formulas.all(parts))
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

    fn types_and_values(
        &mut self,
        place: Place,
        dialect: Dialect,
        members: &Object,
        parts: &mut Vec<Id>,
    ) -> Result<(), Exhausted> {
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

    fn numbers(&mut self, place: Place, dialect: Dialect, members: &Object, parts: &mut Vec<Id>) {
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

    fn strings(&mut self, place: Place, members: &Object, parts: &mut Vec<Id>) {
        self.sizes(
            place,
            members,
            parts,
            Kind::String,
            "minLength",
            "maxLength",
            Node::LengthMin,
        );
        if let Some(value) = members.get("pattern") {
            let pattern = value.as_str().map(|text| self.formulas.read_pattern(text));
            let part = match pattern {
                Some(Ok(pattern)) => self.formulas.intern(Node::Matches(pattern)),
                Some(Err(_)) => {
                    let part = self.opaque(place, "pattern", value, Doubt::Pattern);
                    self.only_for(Kind::String, part)
                }
                None => self.undecided(place, Kind::String, "pattern", value),
            };
            parts.push(part);
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a pair of keywords and what they count"
    )]
    pub(super) fn sizes(
        &mut self,
        place: Place,
        members: &Object,
        parts: &mut Vec<Id>,
        kind: Kind,
        least: &str,
        most: &str,
        node: fn(u64) -> Node,
    ) {
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
