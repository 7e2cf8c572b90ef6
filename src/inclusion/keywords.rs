//! The keywords of JSON Schema as formulas.

use super::Doubt;
use super::budget::Exhausted;
use super::dialect::Dialect;
use super::formula::{Id, Kind, Names, Node};
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
        self.budget.spend(members.len() as u64)?;
        let Some(dialect) = self.reading.dialect(place) else {
            let text = format!("dialect at {:?} of {:?}", place.at, place.side);
            return Ok(self.formulas.opaque(text, Doubt::Malformed));
        };
        let mut parts = Vec::new();
        if let Some(reference) = members.get("$ref") {
            parts.push(self.reference(place, "$ref", reference)?);
            if dialect <= Dialect::Draft7 {
                if place.openness == Openness::Closed {
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
        self.types_and_values(place, dialect, members, &mut parts);
        self.numbers(place, dialect, members, &mut parts);
        self.strings(place, members, &mut parts);
        self.elements(place, dialect, members, &mut parts)?;
        self.properties(place, dialect, members, &mut parts)?;
        self.logic(place, dialect, members, &mut parts)?;
        if dialect >= Dialect::Draft201909 {
            self.unevaluated(place, dialect, members, &mut parts)?;
        }
        if place.openness == Openness::Closed {
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
                let target = target.within();
                self.read(target)
            }
            Referred::Remote(uri) => {
                let text = format!("remote {uri}");
                Ok(self.formulas.opaque(text, Doubt::Reference))
            }
            Referred::Nowhere => {
                let text = format!("nowhere {text} at {:?} of {:?}", place.at, place.side);
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
    ) {
        if let Some(value) = members.get("type") {
            let part = match kinds(value) {
                Some((kinds, whole)) => {
                    let kinds = self.formulas.intern(Node::Kinds(kinds));
                    if whole {
                        let one = Node::Multiple(Exact::from(&crate::json::Number::from(1)));
                        let whole = self.formulas.intern(one);
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
                Some(values) => self.formulas.values(values),
                None => self.opaque(place, "enum", value, Doubt::Malformed),
            });
        }
        if let Some(value) = members.get("const").filter(|_| dialect >= Dialect::Draft6) {
            parts.push(self.formulas.values([value]));
        }
    }

    fn numbers(
        &mut self,
        place: Place,
        dialect: Dialect,
        members: &Object,
        parts: &mut Vec<Id>,
    ) {
        for (inclusive, exclusive, low) in [
            ("minimum", "exclusiveMinimum", true),
            ("maximum", "exclusiveMaximum", false),
        ] {
            let flag = match members.get(exclusive) {
                Some(Json::Bool(open)) if dialect == Dialect::Draft4 => *open,
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
            let part = match value {
                Json::Number(number) if !number.decimal().digits.is_empty() && !number.decimal().negative => {
                    self.formulas.intern(Node::Multiple(Exact::from(number)))
                }
                other => self.undecided(place, Kind::Number, "multipleOf", other),
            };
            parts.push(part);
        }
    }

    fn bound(&mut self, place: Place, keyword: &str, value: &Json, low: bool, open: bool) -> Id {
        let Json::Number(number) = value else {
            return self.undecided(place, Kind::Number, keyword, value);
        };
        let bound = Bound {
            at: Exact::from(number),
            open,
        };
        self.formulas.intern(if low {
            Node::Low(bound)
        } else {
            Node::High(bound)
        })
    }

    fn strings(&mut self, place: Place, members: &Object, parts: &mut Vec<Id>) {
        self.sizes(place, members, parts, Kind::String, "minLength", "maxLength", Node::LengthMin);
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

    fn elements(
        &mut self,
        place: Place,
        dialect: Dialect,
        members: &Object,
        parts: &mut Vec<Id>,
    ) -> Result<(), Exhausted> {
        self.sizes(place, members, parts, Kind::Array, "minItems", "maxItems", Node::ItemsMin);
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
                        let openness = place.openness.of_part();
                        let at = index.to_string();
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
                let every = self.reading.below(place, &[keyword], place.openness.of_part());
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
                _ => {
                    let text = format!("contains at {:?} of {:?}", place.at, place.side);
                    let part = self.formulas.opaque(text, Doubt::Malformed);
                    self.only_for(Kind::Array, part)
                }
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

    fn properties(
        &mut self,
        place: Place,
        dialect: Dialect,
        members: &Object,
        parts: &mut Vec<Id>,
    ) -> Result<(), Exhausted> {
        self.sizes(
            place,
            members,
            parts,
            Kind::Object,
            "minProperties",
            "maxProperties",
            Node::PropertiesMin,
        );
        match members.get("required") {
            None => {}
            Some(value) => match strings_of(value) {
                Some(names) => {
                    for name in names {
                        parts.push(self.formulas.intern(Node::Has(name.to_owned())));
                    }
                }
                None => parts.push(self.undecided(place, Kind::Object, "required", value)),
            },
        }
        self.named_properties(place, members, parts)?;
        if members.get("propertyNames").is_some() && dialect >= Dialect::Draft6 {
            let every = self.reading.below(place, &["propertyNames"], Openness::Plain);
            let every = self.read(every)?;
            if every != self.formulas.always() {
                parts.push(self.formulas.intern(Node::Named(every)));
            }
        }
        self.dependencies(place, dialect, members, parts)
    }

    fn named_properties(
        &mut self,
        place: Place,
        members: &Object,
        parts: &mut Vec<Id>,
    ) -> Result<(), Exhausted> {
        let mut names = Vec::new();
        if let Some(value) = members.get("properties") {
            let Some(schemas) = value.as_object() else {
                parts.push(self.undecided(place, Kind::Object, "properties", value));
                return Ok(());
            };
            for name in schemas.by_name().keys() {
                let openness = place.openness.of_part();
                let value = self.reading.below(place, &["properties", name], openness);
                let value = self.read(value)?;
                parts.push(self.each(Names::One((*name).to_owned()), value));
                names.push((*name).to_owned());
            }
        }
        let mut patterns = Vec::new();
        if let Some(value) = members.get("patternProperties") {
            let read = value.as_object().map(|schemas| {
                let read = |text: &&str| self.formulas.read_pattern(text).map(|id| (*text, id));
                schemas.by_name().keys().map(read).collect::<Result<Vec<_>, _>>()
            });
            let Some(Ok(read)) = read else {
                // Which properties are left for `additionalProperties` is then unknown, too.
                let text = format!("patternProperties at {:?} of {:?}", place.at, place.side);
                let doubt = if read.is_some() { Doubt::Pattern } else { Doubt::Malformed };
                let part = self.formulas.opaque(text, doubt);
                parts.push(self.only_for(Kind::Object, part));
                return Ok(());
            };
            for (text, pattern) in read {
                let openness = place.openness.of_part();
                let value = self.reading.below(place, &["patternProperties", text], openness);
                let value = self.read(value)?;
                parts.push(self.each(Names::Matching(pattern), value));
                patterns.push(pattern);
            }
        }
        if members.get("additionalProperties").is_some() {
            let openness = place.openness.of_part();
            let rest = self.reading.below(place, &["additionalProperties"], openness);
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

    fn dependencies(
        &mut self,
        place: Place,
        dialect: Dialect,
        members: &Object,
        parts: &mut Vec<Id>,
    ) -> Result<(), Exhausted> {
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
                        let openness = place.openness.of_neighbour();
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

    fn logic(
        &mut self,
        place: Place,
        dialect: Dialect,
        members: &Object,
        parts: &mut Vec<Id>,
    ) -> Result<(), Exhausted> {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let Some(value) = members.get(keyword) else {
                continue;
            };
            let Some(schemas) = value.as_array() else {
                parts.push(self.opaque(place, keyword, value, Doubt::Malformed));
                continue;
            };
            let mut branches = Vec::new();
            for index in 0..schemas.len() {
                let openness = place.openness.of_neighbour();
                let branch = self.reading.below(place, &[keyword, &index.to_string()], openness);
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
            let mut branch = |keyword: &str| match members.get(keyword) {
                Some(_) => {
                    let openness = place.openness.of_neighbour();
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

    #[expect(clippy::too_many_arguments, reason = "a pair of keywords and what they count")]
    fn sizes(
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

    fn undecided(&mut self, place: Place, kind: Kind, keyword: &str, value: &Json) -> Id {
        let part = self.opaque(place, keyword, value, Doubt::Malformed);
        self.only_for(kind, part)
    }

    /// The formula holds, or the value has another type.
    pub(super) fn only_for(&mut self, kind: Kind, part: Id) -> Id {
        let others = self.formulas.intern(Node::Kinds(ALL_KINDS & !kind.bit()));
        self.formulas.any([others, part])
    }
}

impl Openness {
    /// How a schema for a part of the value is read.
    pub(super) fn of_part(self) -> Self {
        match self {
            Self::Plain => Self::Plain,
            Self::Closed | Self::ClosedWithin => Self::Closed,
        }
    }

    /// How a schema for the same value is read.
    pub(super) fn of_neighbour(self) -> Self {
        match self {
            Self::Plain => Self::Plain,
            Self::Closed | Self::ClosedWithin => Self::ClosedWithin,
        }
    }
}

impl Place {
    /// The same schema as one beside others that speak of the same value.
    pub(super) fn within(self) -> Self {
        Self {
            openness: self.openness.of_neighbour(),
            ..self
        }
    }
}

/// The keywords for the elements by position and for the others, as a dialect has them.
pub(super) fn tuple_keywords(
    dialect: Dialect,
    members: &Object,
) -> (Option<(&'static str, &Json)>, Option<(&'static str, &Json)>) {
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

fn strings_of(value: &Json) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Json::as_str).collect()
}

/// A count, as `maxLength` and the like have it; counts past the largest that can be held count as that one.
fn size(value: &Json) -> Option<u64> {
    let Json::Number(number) = value else {
        return None;
    };
    let decimal = number.decimal();
    if decimal.negative || !decimal.is_integer() {
        return None;
    }
    let held = number.as_i64().map_or(u64::from(u32::MAX) * 1_000, i64::unsigned_abs);
    Some(held.min(u64::from(u32::MAX) * 1_000))
}
