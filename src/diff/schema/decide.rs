//! The facts of the walk, set against what the judge of inclusion can prove.
//!
//! The judge makes a fact milder only where it has proven that nothing is lost, and louder where it has a witness. The
//! rows about properties that are gone, renamed or newly refused are for the rules alone. And where the judge knows of a
//! loss that no fact of the walk explains, it says so itself: the two never contradict each other.

use super::Reading;
use super::bearing::{Bearing, bearing, may_be_respelled};
use super::dialect::depends_on_dialect;
use super::spot::Spot;
use crate::diff::change::{Change, Same, What};
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::inclusion::{Answer, Dialect, Doubt, Judge, Step, Work};
use crate::json::{Json, Pointer};
use crate::report::{Decided, Place};

/// How many facts of one schema the judge is asked about one by one.
const FACTS: usize = 16;

/// The steps that the judge may take for one pair of schemas.
const ALLOWED: u64 = 300_000;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The differences, each with the schemas it was found in.
    pub(super) changes: Vec<(Change, Spot)>,
    /// Differences that change nothing.
    pub(super) same: Vec<Same>,
    /// Whether there was more than one comparison may look at. The last change speaks for that.
    pub(super) unfinished: bool,
}

/// Asks the judge about the facts that a walk found in two schemas at a place.
pub(super) fn decide(
    side: Side,
    reading: Reading,
    place: &Place,
    (old, new): (&Json, &Json),
    work: &Work,
    found: &mut Found,
) {
    let bears = |change: &Change| bearing(side, change) != Bearing::None;
    let told = found.changes.iter().any(|(change, _)| bears(change));
    let defines = ["$defs", "definitions"].map(|name| old.get(name) != new.get(name));
    if !told && found.same.is_empty() && defines == [false, false] {
        return;
    }
    let own = work.lend(ALLOWED);
    let mut asked = Asked::new(side, reading, place, (old, new), &own);
    let rest = found.changes.pop_if(|_| found.unfinished);
    asked.drop_respelled(found);
    let answer = asked.whole();
    let mut unseen = None;
    if let Some((mut change, spot)) = rest {
        // What nobody looked at may hold what the judge does not see, such as a parameter that is gone.
        let refuted = matches!(answer, Answer::Refuted(_));
        let doubt = Answer::Unknown(Doubt::Budget);
        mark(&mut change, if refuted { answer.clone() } else { doubt });
        unseen = Some((change, spot));
    }
    match answer {
        Answer::Proven => {
            for (change, _) in &mut found.changes {
                if bearing(side, change) == Bearing::Loss {
                    mark(change, Answer::Proven);
                }
            }
        }
        // Where a fact about all that was not looked at has the witness, that is enough.
        Answer::Refuted(witness) if !found.unfinished => asked.refute(found, witness),
        Answer::Refuted(_) => asked.doubt(found, Doubt::Budget),
        Answer::Unknown(doubt) => asked.doubt(found, doubt),
    }
    found.changes.extend(unseen);
    work.take_back(own);
}

/// The two schemas of a comparison, before the judge.
struct Asked<'a> {
    side: Side,
    place: &'a Place,
    schemas: (&'a Json, &'a Json),
    work: &'a Work,
    judge: Judge<'a>,
    /// Whether a part of the schemas can be judged without what stands around it.
    parts: bool,
    /// Whether the dialects read the schemas differently and neither says which is meant.
    ambiguous: bool,
}

impl<'a> Asked<'a> {
    fn new(
        side: Side,
        reading: Reading,
        place: &'a Place,
        (old, new): (&'a Json, &'a Json),
        work: &'a Work,
    ) -> Self {
        let unnamed = |schema: &Json| schema.get("$schema").is_none() && depends_on_dialect(schema);
        let ambiguous = reading == Reading::Caller && (unnamed(old) || unnamed(new));
        let plain = |dialect| match side {
            Side::Input => Judge::new(old, new, dialect),
            Side::Output => Judge::new(new, old, dialect),
        };
        Self {
            side,
            place,
            schemas: (old, new),
            work,
            judge: match reading {
                Reading::Caller => judge(side, old, new, Dialect::default()),
                Reading::Plain(dialect) => plain(dialect.unwrap_or_default()),
            },
            parts: !ambiguous && !looks_around(old) && !looks_around(new),
            ambiguous,
        }
    }

    /// Whether nothing is lost between the whole schemas.
    fn whole(&mut self) -> Answer {
        let answer = self.judge.included(self.work);
        if answer != Answer::Proven || !self.ambiguous {
            return answer;
        }
        // A schema that names no dialect is 2020-12; many were written for draft-07 all the same.
        let (old, new) = self.schemas;
        match judge(self.side, old, new, Dialect::Draft7).included(self.work) {
            Answer::Proven => answer,
            _ => Answer::Unknown(Doubt::Malformed),
        }
    }

    /// Turns facts into equivalences where the schemas that they were found in accept the same values.
    fn drop_respelled(&mut self, found: &mut Found) {
        if !self.parts {
            return;
        }
        let mut equal: Vec<Spot> = Vec::new();
        let mut other: Vec<Spot> = Vec::new();
        let facts = std::mem::take(&mut found.changes);
        for (change, spot) in facts {
            if !may_be_respelled(&change) {
                found.changes.push((change, spot));
                continue;
            }
            let known = |spots: &[Spot]| {
                let same = |known: &Spot| known.old == spot.old && known.new == spot.new;
                spots.iter().any(same)
            };
            let same = known(&equal)
                || (!known(&other) && equal.len() + other.len() < FACTS && self.same_at(&spot));
            let list = if same { &mut equal } else { &mut other };
            if !known(list) {
                list.push(spot.clone());
            }
            if !same {
                found.changes.push((change, spot));
                continue;
            }
            let places = std::iter::once(change.place).chain(change.covers);
            found.same.extend(places.map(|place| Same {
                place,
                reason: "accepts the same values, as the judge of inclusion has proven",
            }));
        }
    }

    fn same_at(&mut self, spot: &Spot) -> bool {
        let (Some(old), Some(new)) = (self.inside(&spot.old), self.inside(&spot.new)) else {
            return false;
        };
        let (inner, outer) = match self.side {
            Side::Input => (old, new),
            Side::Output => (new, old),
        };
        self.judge.equal_at(&inner, &outer, self.work)
    }

    /// A pointer inside the schema; a walk writes them from the tool on.
    fn inside(&self, pointer: &Pointer) -> Option<Pointer> {
        Pointer::parse(pointer.as_str().strip_prefix(self.place.pointer.as_str())?)
    }

    /// Something is lost: says of each fact whether it is lost there.
    fn refute(&mut self, found: &mut Found, witness: Option<Json>) {
        let side = self.side;
        let losses = |change: &Change| bearing(side, change) == Bearing::Loss;
        let count = found
            .changes
            .iter()
            .filter(|(change, _)| losses(change))
            .count();
        let alone = count == 1
            && found
                .changes
                .iter()
                .all(|(change, _)| losses(change) || bearing(side, change) == Bearing::None);
        let mut explained = false;
        for bearing in [Bearing::Loss, Bearing::Fixed] {
            for (change, spot) in self.of_bearing(found, bearing) {
                let answer = if alone {
                    Answer::Refuted(witness.clone())
                } else {
                    self.at(change, spot, || Answer::Refuted(witness.clone()))
                };
                explained |= matches!(answer, Answer::Refuted(_));
                // What the rules alone judge can be shown, but not cleared.
                if bearing == Bearing::Loss || matches!(answer, Answer::Refuted(_)) {
                    mark(change, answer);
                }
            }
            if explained {
                return;
            }
        }
        let change = self.unexplained(Answer::Refuted(witness));
        found.changes.push(change);
    }

    /// Nobody knows of the whole; a part may be known.
    fn doubt(&mut self, found: &mut Found, doubt: Doubt) {
        for (change, spot) in self.of_bearing(found, Bearing::Loss) {
            let answer = self.at(change, spot, || Answer::Unknown(doubt));
            mark(change, answer);
        }
    }

    fn of_bearing<'f>(
        &self,
        found: &'f mut Found,
        wanted: Bearing,
    ) -> impl Iterator<Item = (&'f mut Change, &'f Spot)> + use<'f> {
        let side = self.side;
        found
            .changes
            .iter_mut()
            .filter(move |(change, _)| bearing(side, change) == wanted)
            .map(|(change, spot)| (change, &*spot))
            .take(FACTS)
    }

    /// Whether something is lost by a fact about the schemas at a spot; else as the whole has it.
    fn at(&mut self, change: &Change, spot: &Spot, whole: impl FnOnce() -> Answer) -> Answer {
        let asked = self.parts.then(|| self.asked_at(change, spot));
        asked.flatten().unwrap_or_else(whole)
    }

    fn asked_at(&mut self, change: &Change, spot: &Spot) -> Option<Answer> {
        let mut path = path(&self.inside(&spot.place)?)?;
        let (outer, root) = match self.side {
            Side::Input => (&spot.new, self.schemas.1),
            Side::Output => (&spot.old, self.schemas.0),
        };
        let outer = self.inside(outer)?;
        let rest = change.place.pointer.as_str();
        let rest = Pointer::parse(rest.strip_prefix(spot.place.as_str())?)?;
        let mut tokens = rest.tokens();
        let (keyword, name) = (tokens.next()?, tokens.next());
        let What::Schema(_, fact) = change.what else {
            return None;
        };
        use SchemaFact as Fact;
        let keywords = match (fact, self.side, name) {
            (Fact::Required | Fact::PropertyAdded { required: true, .. }, Side::Input, _)
            | (Fact::Optional | Fact::PropertyRemoved { required: true }, Side::Output, _) => {
                vec!["required"]
            }
            // What one side names may be in the way of what the other allows under that name.
            (Fact::PropertyAdded { .. }, Side::Input, Some(name))
            | (Fact::PropertyRemoved { .. }, Side::Output, Some(name)) => {
                path.push(Step::Property(name.to_string()));
                let named = outer.join("properties").join(&name);
                return self.judge.included_at(&path, &named, None, self.work);
            }
            (Fact::PropertyRenamed { .. }, ..) => vec![
                "required",
                "properties",
                "patternProperties",
                "additionalProperties",
            ],
            (Fact::PropertyRemoved { .. }, Side::Input, Some(name))
            | (Fact::PropertyAdded { .. }, Side::Output, Some(name)) => {
                path.push(Step::Property(name.to_string()));
                let others = outer.join("additionalProperties");
                let refused = self.judge.included_at(&path, &others, None, self.work);
                return Some(refused.unwrap_or(Answer::Proven));
            }
            _ => together(&keyword),
        };
        // Where the keyword stands in a schema that holds beside this one, this one is asked as a whole.
        let stands = |schema: &Json| keywords.iter().any(|keyword| schema.get(keyword).is_some());
        let alone = root.at(&outer).is_some_and(stands);
        let keywords = alone.then_some(keywords.as_slice());
        self.judge.included_at(&path, &outer, keywords, self.work)
    }

    /// The fact that something is lost, with nothing said of where.
    fn unexplained(&self, answer: Answer) -> (Change, Spot) {
        let (old, new) = self.schemas;
        let what = What::Schema(self.side, SchemaFact::Changed);
        let mut change = Change::new(what, self.place.clone(), Some(old), Some(new));
        mark(&mut change, answer);
        let pointer = self.place.pointer.clone();
        let spot = Spot {
            place: pointer.clone(),
            old: pointer.clone(),
            new: pointer,
        };
        (change, spot)
    }
}

fn judge<'a>(side: Side, old: &'a Json, new: &'a Json, dialect: Dialect) -> Judge<'a> {
    match side {
        Side::Input => Judge::new(old, new, dialect).closed(),
        Side::Output => Judge::new(new, old, dialect),
    }
}

/// Writes an answer into a fact. What is proven to lose nothing is a gain.
fn mark(change: &mut Change, answer: Answer) {
    use SchemaFact as Fact;
    if let (What::Schema(side, fact), Answer::Proven) = (&mut change.what, &answer) {
        *fact = match (*fact, *side) {
            (Fact::TypeChanged, Side::Input) => Fact::TypeWidened,
            (Fact::TypeChanged, Side::Output) => Fact::TypeNarrowed,
            (Fact::Changed, Side::Input) => Fact::Loosened,
            (Fact::Changed, Side::Output) => Fact::Tightened,
            (fact, _) => fact,
        };
    }
    (change.decided, change.witness) = match answer {
        Answer::Proven => (Some(Decided::Proven), None),
        Answer::Refuted(witness) => (Some(Decided::Refuted), witness),
        Answer::Unknown(doubt) => (Some(Decided::Unknown(doubt)), None),
    };
}

/// The keywords without which a keyword cannot be read.
fn together(keyword: &str) -> Vec<&str> {
    const GROUPS: [&[&str]; 6] = [
        &["properties", "patternProperties", "additionalProperties"],
        &["prefixItems", "items", "additionalItems"],
        &["contains", "minContains", "maxContains"],
        &["if", "then", "else"],
        &["minimum", "exclusiveMinimum"],
        &["maximum", "exclusiveMaximum"],
    ];
    let group = GROUPS.iter().find(|group| group.contains(&keyword));
    group.map_or_else(|| vec![keyword], |group| group.to_vec())
}

/// Whether a schema says anything that depends on what stands around it.
fn looks_around(schema: &Json) -> bool {
    match schema {
        Json::Object(members) => members.iter().any(|(name, value)| {
            matches!(
                name,
                "unevaluatedProperties" | "unevaluatedItems" | "$dynamicRef" | "$recursiveRef"
            ) || looks_around(value)
        }),
        Json::Array(items) => items.iter().any(looks_around),
        _ => false,
    }
}

/// The way from a value to the part that a schema inside the whole one is about; nothing where that is no part, or
/// where the schema says what must not be.
fn path(pointer: &Pointer) -> Option<Vec<Step>> {
    let tokens: Vec<_> = pointer.tokens().collect();
    let mut steps = Vec::new();
    let mut rest = tokens.iter().map(AsRef::as_ref);
    while let Some(keyword) = rest.next() {
        match keyword {
            "properties" => steps.push(Step::Property(rest.next()?.to_owned())),
            "patternProperties" => {
                rest.next()?;
                steps.push(Step::SomeProperty);
            }
            "additionalProperties" => steps.push(Step::SomeProperty),
            "prefixItems" => steps.push(Step::Element(rest.next()?.parse().ok()?)),
            "items" | "additionalItems" => steps.push(Step::SomeElement),
            "allOf" | "anyOf" | "oneOf" | "dependentSchemas" => drop(rest.next()?),
            "$ref" | "then" | "else" => {}
            _ => return None,
        }
    }
    Some(steps)
}
