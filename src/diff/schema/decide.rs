//! The facts of the walk, set against what the judge of inclusion can prove.
//!
//! The judge makes a fact milder only where it has proven that nothing is lost, and louder where it has a witness. The
//! rows about properties that are gone, renamed or newly refused are for the rules alone. And where the judge knows of a
//! loss that no fact of the walk explains, it says so itself: the two never contradict each other.

use super::Reading;
use super::bearing::{Bearing, bearing, is_soft, may_be_respelled, may_lead_elsewhere};
use super::dialect::depends_on_dialect;
use super::parts::{Asking, inside, lost_in};
use super::spot::Spot;
use crate::diff::change::{Change, Same, What};
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::inclusion::{Answer, Dialect, Doubt, Judge, Part, Work};
use crate::json::{Json, Pointer};
use crate::report::{Decided, Place};

/// How many facts of one schema the judge is asked about one by one.
const FACTS: usize = 16;

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
pub(super) fn decide<'a>(
    side: Side,
    reading: Reading<'_, 'a>,
    place: &Place,
    (old, new): (&'a Json, &'a Json),
    ledger: &Work,
    found: &mut Found,
) {
    let bears =
        |change: &Change| bearing(side, change) != Bearing::None || may_lead_elsewhere(change);
    let told = found.changes.iter().any(|(change, _)| bears(change));
    let defines = ["$defs", "definitions"].map(|name| old.get(name) != new.get(name));
    if !told && found.same.is_empty() && defines == [false, false] {
        return;
    }
    let asked = |ours, work, ambiguous: bool| Asked {
        side,
        place,
        schemas: (old, new),
        work,
        judge: ours,
        parts: !looks_around(old) && !looks_around(new),
        other: ambiguous.then(|| judge(side, old, new, Dialect::Draft7)),
    };
    match reading {
        Reading::Caller => {
            let unnamed =
                |schema: &Json| schema.get("$schema").is_none() && depends_on_dialect(schema);
            let ambiguous = unnamed(old) || unnamed(new);
            let work = ledger.lend();
            let mut judge = judge(side, old, new, Dialect::default());
            asked(&mut judge, &work, ambiguous).about(found);
            ledger.take_back(work);
        }
        Reading::Plain(Some((judge, work))) => asked(judge, work, false).about(found),
        Reading::Plain(None) => {}
    }
}

/// The two schemas of a comparison, before the judge.
struct Asked<'q, 'a> {
    side: Side,
    place: &'q Place,
    schemas: (&'a Json, &'a Json),
    work: &'q Work,
    judge: &'q mut Judge<'a>,
    /// Whether a part of the schemas can be judged without what stands around it.
    parts: bool,
    /// One that reads the schemas as draft-07, where the dialects read them differently and neither says which is meant: a
    /// schema that names no dialect is 2020-12, and many were written for draft-07 all the same.
    other: Option<Judge<'a>>,
}

impl Asked<'_, '_> {
    /// Asks about everything that was found.
    fn about(&mut self, found: &mut Found) {
        let rest = found.changes.pop_if(|_| found.unfinished);
        self.drop_respelled(found);
        let answer = self.whole();
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
                    if bearing(self.side, change) == Bearing::Loss {
                        mark(change, Answer::Proven);
                    }
                }
            }
            // Where a fact about all that was not looked at has the witness, that is enough.
            Answer::Refuted(witness) if !found.unfinished => self.refute(found, witness),
            Answer::Refuted(_) => self.doubt(found, Doubt::Budget),
            Answer::Unknown(doubt) => self.doubt(found, doubt),
        }
        found.changes.extend(unseen);
    }

    /// Whether nothing is lost between the whole schemas.
    fn whole(&mut self) -> Answer {
        let answer = self.judge.included(self.work);
        match &mut self.other {
            Some(other) if answer == Answer::Proven => match other.included(self.work) {
                Answer::Proven => answer,
                _ => Answer::Unknown(Doubt::Malformed),
            },
            _ => answer,
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
        let also = |other: &mut Judge<'_>| other.equal_at(&inner, &outer, self.work);
        self.judge.equal_at(&inner, &outer, self.work) && self.other.as_mut().is_none_or(also)
    }

    /// A pointer inside the schema; a walk writes them from the tool on.
    fn inside(&self, pointer: &Pointer) -> Option<Pointer> {
        inside(pointer, &self.place.pointer)
    }

    /// Something is lost: says of each fact whether it is lost there.
    fn refute(&mut self, found: &mut Found, witness: Option<Json>) {
        let side = self.side;
        let answer = match self.explained(found, &witness) {
            Explained::No => Some(Answer::Refuted(witness)),
            Explained::Softly(parts) => {
                let gains = |change: &Change| bearing(side, change) == Bearing::Gain;
                let besides = found.changes.iter().any(|(change, _)| gains(change));
                besides
                    .then(|| self.judge.included_but_for(&parts, self.work))
                    .flatten()
            }
            Explained::Yes => None,
        };
        if let Some(answer @ Answer::Refuted(_)) = answer {
            let change = self.unexplained(answer);
            found.changes.push(change);
        }
    }

    /// Asks of each fact whether something is lost there, and tells whether these explain the loss.
    fn explained(&mut self, found: &mut Found, witness: &Option<Json>) -> Explained {
        let alone = self.has_one_suspect(found);
        let mut explained = Explained::No;
        for bearing in [Bearing::Loss, Bearing::Fixed] {
            for (change, spot) in self.of_bearing(found, bearing) {
                let whole = || Answer::Refuted(witness.clone());
                let answer = if alone {
                    whole()
                } else {
                    self.at(change, spot, whole)
                };
                let refuted = matches!(answer, Answer::Refuted(_));
                if refuted && !adds_optional(change) {
                    let soft = is_soft(self.side, change);
                    let part = soft.then(|| self.lost_in(change, spot)).flatten();
                    explained = explained.and(soft, part);
                }
                // What the rules alone judge can be shown, but not cleared.
                if bearing == Bearing::Loss || refuted {
                    mark(change, answer);
                }
            }
            if !matches!(explained, Explained::No) {
                break;
            }
        }
        explained
    }

    /// Whether only one fact can have to do with a loss.
    fn has_one_suspect(&self, found: &Found) -> bool {
        let bearings = found.changes.iter();
        let bearings: Vec<_> = bearings
            .map(|(change, _)| bearing(self.side, change))
            .filter(|bearing| *bearing != Bearing::None)
            .collect();
        bearings == [Bearing::Loss]
    }

    /// Nobody knows of the whole; a part may be known.
    fn doubt(&mut self, found: &mut Found, doubt: Doubt) {
        for (change, spot) in self.of_bearing(found, Bearing::Loss) {
            let answer = self.at(change, spot, || Answer::Unknown(doubt));
            mark(change, answer);
        }
        // Facts about values say for themselves how sure they are; a new name of a schema does not.
        let silent = |change: &Change| bearing(self.side, change) == Bearing::None;
        let leads = |change: &Change| silent(change) && may_lead_elsewhere(change);
        let mut changes = found.changes.iter().map(|(change, _)| change);
        if changes.clone().any(leads) && changes.all(silent) {
            let change = self.unexplained(Answer::Unknown(doubt));
            found.changes.push(change);
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
        let parts = self.parts && self.other.is_none();
        let asking = parts.then(|| self.lost_in(change, spot)).flatten();
        let answer = asking.and_then(|asking| match asking {
            Asking::At(part) => self.judge.included_at(&part, self.work),
            Asking::Nowhere => Some(Answer::Proven),
        });
        answer.unwrap_or_else(whole)
    }

    fn lost_in(&self, change: &Change, spot: &Spot) -> Option<Asking> {
        let accepting = match self.side {
            Side::Input => (&spot.new, self.schemas.1),
            Side::Output => (&spot.old, self.schemas.0),
        };
        lost_in(self.side, change, spot, &self.place.pointer, accepting)
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

/// Whether facts explain a loss.
enum Explained {
    /// None does.
    No,
    /// One does, of a row for which a loss is no break; something else may be lost besides. In these parts it is lost.
    Softly(Vec<Part>),
    /// One does.
    Yes,
}

impl Explained {
    /// With one more fact that explains it, in a part where that is known.
    fn and(self, soft: bool, asking: Option<Asking>) -> Self {
        let parts = match self {
            _ if !soft => return Self::Yes,
            Self::Yes => return Self::Yes,
            Self::No => Vec::new(),
            Self::Softly(parts) => parts,
        };
        let part = match asking {
            Some(Asking::At(part)) => Some(part),
            _ => None,
        };
        Self::Softly(parts.into_iter().chain(part).collect())
    }
}

/// Whether a fact is that of a parameter that came and need not be given. Who adds one takes nothing away, unless callers
/// could send it before: that is more than a row about additions says.
fn adds_optional(change: &Change) -> bool {
    use SchemaFact::PropertyAdded;
    matches!(
        change.what,
        What::Schema(
            Side::Input,
            PropertyAdded {
                required: false,
                ..
            }
        )
    )
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
