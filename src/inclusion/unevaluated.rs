//! `unevaluatedProperties` and `unevaluatedItems` (JSON Schema 2019-09 and 2020-12 core, section 11).
//!
//! What was evaluated depends on which of the schemas beside the keyword accept the value. So each of these schemas is
//! a condition, with the properties and elements that it evaluates where it holds.

use std::collections::{BTreeMap, BTreeSet};

use super::Doubt;
use super::applicators::tuple_keywords;
use super::assertions::Keywords;
use super::budget::Exhausted;
use super::dialect::Dialect;
use super::formula::{Id, Kind, Names, Node, PatternId};
use super::reading::{Openness, Place, Reader, Referred};
use crate::json::{Json, Object};

/// The most conditions whose outcomes are told apart at once.
const CONDITIONS: usize = 7;

/// What a schema evaluates of a value.
#[derive(Debug, Clone, Default)]
struct Evaluated {
    names: BTreeSet<String>,
    patterns: BTreeSet<PatternId>,
    every_property: bool,
    /// Elements before this index.
    before: u64,
    /// Elements that satisfy one of these.
    matching: BTreeSet<Id>,
    every_element: bool,
}

/// What is evaluated where all of some formulas hold.
type ByCondition = BTreeMap<BTreeSet<Id>, Evaluated>;

impl Reader<'_, '_> {
    /// The formulas of the unevaluated keywords of a schema.
    pub(super) fn unevaluated(&mut self, schema: &mut Keywords<'_>) -> Result<(), Exhausted> {
        let &mut Keywords {
            place,
            dialect,
            members,
            ref mut parts,
        } = schema;
        let keywords = ["unevaluatedProperties", "unevaluatedItems"];
        if keywords
            .iter()
            .all(|keyword| members.get(keyword).is_none())
        {
            return Ok(());
        }
        let mut found = ByCondition::new();
        let understood = self.evaluated(
            place,
            dialect,
            &BTreeSet::new(),
            &mut vec![place],
            &mut found,
        )?;
        let always = found.remove(&BTreeSet::new()).unwrap_or_default();
        for keyword in keywords {
            if members.get(keyword).is_none() {
                continue;
            }
            let kind = if keyword == "unevaluatedItems" {
                Kind::Array
            } else {
                Kind::Object
            };
            let openness = self.of_part(place, &[keyword])?;
            let every = self.reading.below(place, &[keyword], openness);
            let every = self.read(every)?;
            let part = if !understood {
                None
            } else if kind == Kind::Object {
                self.properties_left(&always, &found, every)?
            } else {
                self.elements_left(&always, &found, every)?
            };
            parts.push(match part {
                Some(part) => self.only_for(kind, part),
                None => self.undecided_here(place, kind, keyword, Doubt::Budget),
            });
        }
        Ok(())
    }

    /// Collects what a schema evaluates, apart from its own unevaluated keywords; false where nobody can say.
    fn evaluated(
        &mut self,
        place: Place,
        dialect: Dialect,
        when: &BTreeSet<Id>,
        path: &mut Vec<Place>,
        found: &mut ByCondition,
    ) -> Result<bool, Exhausted> {
        self.budget.spend(8)?;
        let Json::Object(members) = self.reading.schema(place) else {
            return Ok(true);
        };
        let mut neighbours: Vec<(Place, Option<Id>)> = Vec::new();
        for keyword in ["$ref", "$recursiveRef", "$dynamicRef"] {
            let used = match keyword {
                "$recursiveRef" => dialect == Dialect::Draft201909,
                "$dynamicRef" => dialect == Dialect::Draft202012,
                _ => true,
            };
            let Some(text) = members.get(keyword).and_then(Json::as_str).filter(|_| used) else {
                continue;
            };
            match self.reading.referred(place, keyword, text) {
                Referred::To(target) => neighbours.push((target.read(Openness::Plain), None)),
                Referred::Remote(_) | Referred::Nowhere => return Ok(false),
            }
        }
        if dialect > Dialect::Draft7 || members.get("$ref").is_none() {
            self.own(
                place,
                dialect,
                members,
                found.entry(when.clone()).or_default(),
            )?;
            self.neighbours(place, dialect, members, &mut neighbours)?;
        }
        for (next, condition) in neighbours {
            if path.contains(&next) {
                continue;
            }
            let mut when = when.clone();
            when.extend(condition);
            let Some(dialect) = self.reading.dialect(next) else {
                return Ok(false);
            };
            if let Json::Object(members) = self.reading.schema(next) {
                let reached = found.entry(when.clone()).or_default();
                reached.every_property |= members.get("unevaluatedProperties").is_some();
                reached.every_element |= members.get("unevaluatedItems").is_some();
            }
            path.push(next);
            let understood = self.evaluated(next, dialect, &when, path, found)?;
            path.pop();
            if !understood {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the keywords of a schema evaluate themselves.
    fn own(
        &mut self,
        place: Place,
        dialect: Dialect,
        members: &Object,
        evaluated: &mut Evaluated,
    ) -> Result<(), Exhausted> {
        if let Some(named) = members.get("properties").and_then(Json::as_object) {
            evaluated
                .names
                .extend(named.iter().map(|(name, _)| name.to_owned()));
        }
        if let Some(named) = members.get("patternProperties").and_then(Json::as_object) {
            for (text, _) in named.iter() {
                // A pattern that cannot be read makes the schema undecidable where it stands.
                evaluated.patterns.extend(self.formulas.read_pattern(text));
            }
        }
        evaluated.every_property |= members.get("additionalProperties").is_some();
        let (tuple, rest) = tuple_keywords(dialect, members);
        if let Some(schemas) = tuple.and_then(|(_, value)| value.as_array()) {
            evaluated.before = evaluated.before.max(schemas.len() as u64);
        }
        evaluated.every_element |= rest.is_some();
        if dialect == Dialect::Draft202012 && members.get("contains").is_some() {
            let of = self.reading.below(place, &["contains"], Openness::Plain);
            let of = self.read(of)?;
            evaluated.matching.insert(of);
        }
        Ok(())
    }

    /// The schemas that speak of the same value, each with the formula that must hold for it to count.
    fn neighbours(
        &mut self,
        place: Place,
        dialect: Dialect,
        members: &Object,
        found: &mut Vec<(Place, Option<Id>)>,
    ) -> Result<(), Exhausted> {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let count = members
                .get(keyword)
                .and_then(Json::as_array)
                .map_or(0, <[_]>::len);
            for index in 0..count {
                let branch =
                    self.reading
                        .below(place, &[keyword, &index.to_string()], Openness::Plain);
                let condition = match keyword {
                    "allOf" => None,
                    _ => Some(self.read(branch)?),
                };
                found.push((branch, condition));
            }
        }
        if members.get("if").is_some() && dialect >= Dialect::Draft7 {
            let condition = self.reading.below(place, &["if"], Openness::Plain);
            let holds = self.read(condition)?;
            let fails = self.formulas.not(holds);
            found.push((condition, Some(holds)));
            for (keyword, when) in [("then", holds), ("else", fails)] {
                if members.get(keyword).is_some() {
                    let branch = self.reading.below(place, &[keyword], Openness::Plain);
                    found.push((branch, Some(when)));
                }
            }
        }
        if let Some(dependents) = members.get("dependentSchemas").and_then(Json::as_object) {
            for name in dependents.by_name().keys() {
                let branch =
                    self.reading
                        .below(place, &["dependentSchemas", name], Openness::Plain);
                let object = self.formulas.intern(Node::Kinds(Kind::Object.bit()));
                let has = self.formulas.intern(Node::Has((*name).to_owned()));
                let when = self.formulas.all([object, has]);
                found.push((branch, Some(when)));
            }
        }
        Ok(())
    }

    /// Each property that was not evaluated satisfies a formula.
    fn properties_left(
        &mut self,
        always: &Evaluated,
        found: &ByCondition,
        every: Id,
    ) -> Result<Option<Id>, Exhausted> {
        if always.every_property {
            return Ok(Some(self.formulas.always()));
        }
        let mut parts = Vec::new();
        let named: BTreeSet<&String> = found.values().flat_map(|cover| &cover.names).collect();
        for name in &named {
            let Some(known) = self.covers(always, name)? else {
                return Ok(None);
            };
            if known {
                continue;
            }
            let mut ways = vec![self.each(Names::One((*name).clone()), every)];
            for (when, cover) in found {
                match self.covers(cover, name)? {
                    Some(true) => ways.push(self.formulas.all(when.iter().copied())),
                    Some(false) => {}
                    None => return Ok(None),
                }
            }
            parts.push(self.formulas.any(ways));
        }
        let wide: Vec<(&BTreeSet<Id>, &Evaluated)> = found
            .iter()
            .filter(|(_, cover)| cover.every_property || !cover.patterns.is_empty())
            .collect();
        let names: BTreeSet<&String> = always.names.iter().chain(named).collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let rest = self.by_outcome(&wide, |reader, covers| {
            if covers.iter().any(|cover| cover.every_property) {
                return None;
            }
            let covers = std::iter::once(always).chain(covers.iter().copied());
            let patterns: BTreeSet<PatternId> = covers
                .flat_map(|cover| cover.patterns.iter().copied())
                .collect();
            let left = Names::Outside(names.clone(), patterns.into_iter().collect());
            Some(reader.each(left, every))
        })?;
        Ok(rest.map(|rest| self.formulas.all(parts.into_iter().chain(rest))))
    }

    /// For each set of conditions that may hold: one of the others holds as well, or what is left then satisfies a
    /// formula; nothing is left where there is none. Nothing where these are too many to tell apart.
    fn by_outcome(
        &mut self,
        conditions: &[(&BTreeSet<Id>, &Evaluated)],
        mut left: impl FnMut(&mut Self, &[&Evaluated]) -> Option<Id>,
    ) -> Result<Option<Vec<Id>>, Exhausted> {
        if conditions.len() > CONDITIONS {
            return Ok(None);
        }
        let mut parts = Vec::new();
        for holding in 0..1_u32 << conditions.len() {
            self.budget.spend(4)?;
            let mut covers = Vec::new();
            let mut ways = Vec::new();
            for (bit, (when, cover)) in conditions.iter().enumerate() {
                if holding & 1 << bit == 0 {
                    ways.push(self.formulas.all(when.iter().copied()));
                } else {
                    covers.push(*cover);
                }
            }
            if let Some(left) = left(self, &covers) {
                ways.push(left);
                parts.push(self.formulas.any(ways));
            }
        }
        Ok(Some(parts))
    }

    fn covers(&self, cover: &Evaluated, name: &str) -> Result<Option<bool>, Exhausted> {
        self.budget.spend(1)?;
        if cover.every_property || cover.names.contains(name) {
            return Ok(Some(true));
        }
        let mut any = Some(false);
        for pattern in &cover.patterns {
            let pattern = self.formulas.pattern(*pattern);
            match pattern.matches_within(name, self.budget)? {
                Some(true) => return Ok(Some(true)),
                None => any = None,
                Some(false) => {}
            }
        }
        Ok(any)
    }

    /// Each element that was not evaluated satisfies a formula.
    fn elements_left(
        &mut self,
        always: &Evaluated,
        found: &ByCondition,
        every: Id,
    ) -> Result<Option<Id>, Exhausted> {
        if always.every_element {
            return Ok(Some(self.formulas.always()));
        }
        let wide: Vec<(&BTreeSet<Id>, &Evaluated)> = found
            .iter()
            .filter(|(_, cover)| {
                cover.every_element || cover.before > always.before || !cover.matching.is_empty()
            })
            .collect();
        let parts = self.by_outcome(&wide, |reader, covers| {
            if covers.iter().any(|cover| cover.every_element) {
                return None;
            }
            let covers = std::iter::once(always).chain(covers.iter().copied());
            let mut before = 0;
            let mut accepted = BTreeSet::from([every]);
            for cover in covers {
                before = before.max(cover.before);
                accepted.extend(&cover.matching);
            }
            let accepted = reader.formulas.any(accepted);
            Some(reader.elements_are(before, None, accepted))
        })?;
        Ok(parts.map(|parts| self.formulas.all(parts)))
    }
}
