//! The judge: questions about two schemas, and about schemas inside them.

use std::cell::Cell;

use super::budget::{Budget, Exhausted};
use super::document::{Document, Location};
use super::formula::{Formulas, Id, Literal, Names, Node};
use super::reading::{Openness, Reading, Side};
use super::search::{Outcome, Search};
use super::{Answer, Dialect, Doubt};
use crate::json::{Json, Pointer};

/// The work that one question may cost, in steps.
const QUESTION: u64 = 160_000;

/// The work that all questions about one pair of schemas may cost together, in steps.
const PAIR: u64 = 200_000;

/// The work that many questions together may cost; by default that of a hundred hard pairs of schemas.
#[derive(Debug)]
pub struct Work {
    left: Cell<u64>,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            left: Cell::new(100 * PAIR),
        }
    }
}

impl Work {
    /// The work for all questions about one pair of schemas.
    pub fn of_one_pair() -> Self {
        Self {
            left: Cell::new(PAIR),
        }
    }

    /// Lends what one pair of schemas may cost, as far as it is there.
    pub fn lend(&self) -> Self {
        let steps = self.left.get().min(PAIR);
        self.left.set(self.left.get() - steps);
        Self {
            left: Cell::new(steps),
        }
    }

    /// Takes back what is left of what was lent.
    pub fn take_back(&self, lent: Self) {
        self.left.set(self.left.get() + lent.left.get());
    }
}

/// A step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the property of that name.
    Property(String),
    /// To some property.
    SomeProperty,
    /// To some property of another name than these.
    OtherProperty(Vec<String>),
    /// To the element at that index.
    Element(u64),
    /// To some element.
    SomeElement,
}

/// A schema inside the outer one, and where in a value it applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The way from the value to what the schema is about.
    pub path: Vec<Step>,
    /// The schema.
    pub schema: Pointer,
    /// The keywords that count; all where nothing is said.
    pub keywords: Option<Vec<String>>,
}

/// Two schemas of which one is to accept all that the other does.
#[derive(Debug)]
pub struct Judge<'a> {
    search: Search<'a>,
    inner: Location,
    outer: Location,
    closed: bool,
    equal: bool,
    /// What finding the identifiers in both documents has cost; the next question pays for it.
    owed: u64,
    /// The answer for the whole schemas, once somebody asked.
    whole: Option<Answer>,
}

impl<'a> Judge<'a> {
    /// Takes two schemas; the dialect holds where one names none.
    pub fn new(inner: &'a Json, outer: &'a Json, dialect: Dialect) -> Self {
        let equal = inner == outer;
        let inner = Document::new(inner, dialect);
        let outer = Document::new(outer, dialect);
        let roots = (inner.root(), outer.root());
        let owed = inner.cost() + outer.cost();
        Self {
            search: Search::new(Formulas::default(), Reading::new(inner, outer)),
            inner: roots.0,
            outer: roots.1,
            closed: false,
            equal,
            owed,
            whole: None,
        }
    }

    /// Reads the inner schema as a caller sees it, who sends only the parameters that it names.
    #[must_use]
    pub fn closed(self) -> Self {
        Self {
            closed: true,
            whole: None,
            ..self
        }
    }

    /// Whether every value that the inner schema accepts is accepted by the outer one. Who asks again is told the same.
    pub fn included(&mut self, work: &Work) -> Answer {
        if self.equal {
            return Answer::Proven;
        }
        if let Some(known) = &self.whole {
            return known.clone();
        }
        let answer = self.ask(work, |judge| {
            let goal = judge.lost()?;
            judge.answer(&goal)
        });
        self.whole = Some(answer.clone());
        answer
    }

    /// The other way round: whether every value that the outer schema accepts is accepted by the inner one.
    pub fn includes(&mut self, work: &Work) -> Answer {
        if self.equal {
            return Answer::Proven;
        }
        self.ask(work, |judge| {
            let accepts = judge.read(Side::Outer, judge.outer, Openness::Plain)?;
            let refuses = judge.read(Side::Inner, judge.inner, Openness::Plain)?;
            judge.answer(&[Literal::yes(accepts), Literal::no(refuses)])
        })
    }

    /// Whether every value that the inner schema accepts and the outer one refuses satisfies a part of the outer one; the
    /// witness is one that does not. Nothing where there is no such part.
    ///
    /// With a path that leads where the schema applies, this tells whether anything is lost there.
    pub fn included_at(&mut self, part: &Part, work: &Work) -> Option<Answer> {
        let at = (self.search.reading.document(Side::Outer)).at(&part.schema)?;
        Some(self.ask(work, |judge| {
            let mut goal = judge.lost()?;
            goal.push(Literal::yes(judge.refused_at(part, at)?));
            judge.answer(&goal)
        }))
    }

    /// Whether every value that the inner schema accepts and the outer one refuses is refused by one of these parts; the
    /// witness is one that is lost elsewhere. Nothing where there is no such part.
    pub fn included_but_for(&mut self, parts: &[Part], work: &Work) -> Option<Answer> {
        let outer = self.search.reading.document(Side::Outer);
        let at = |part: &Part| outer.at(&part.schema);
        let places: Vec<Location> = parts.iter().map(at).collect::<Option<_>>()?;
        Some(self.ask(work, |judge| {
            let mut goal = judge.lost()?;
            for (part, at) in parts.iter().zip(places) {
                goal.push(Literal::no(judge.refused_at(part, at)?));
            }
            judge.answer(&goal)
        }))
    }

    /// Whether a schema inside the one and a schema inside the other accept the same values, for sure.
    pub fn equal_at(&mut self, inner: &Pointer, outer: &Pointer, work: &Work) -> bool {
        let inner = self.search.reading.document(Side::Inner).at(inner);
        let outer = self.search.reading.document(Side::Outer).at(outer);
        let (Some(inner), Some(outer)) = (inner, outer) else {
            return false;
        };
        let answer = self.ask(work, |judge| {
            let a = judge.read(Side::Inner, inner, Openness::Plain)?;
            let b = judge.read(Side::Outer, outer, Openness::Plain)?;
            Ok(match judge.answer(&[Literal::yes(a), Literal::no(b)])? {
                Answer::Proven => judge.answer(&[Literal::no(a), Literal::yes(b)])?,
                other => other,
            })
        });
        answer == Answer::Proven
    }

    fn ask(
        &mut self,
        work: &Work,
        question: impl FnOnce(&mut Self) -> Result<Answer, Exhausted>,
    ) -> Answer {
        let allowed = work.left.get().min(QUESTION);
        self.search.restart(Budget::new(allowed));
        let paid = (self.search.budget).spend(std::mem::take(&mut self.owed));
        let answer = match paid {
            Ok(()) if self.search.reading.is_whole() => question(self),
            _ => Err(Exhausted),
        };
        // On the way more may have come up than can be found.
        let answer = answer.and_then(|answer| match self.search.reading.is_whole() {
            true => Ok(answer),
            false => Err(Exhausted),
        });
        let spent = allowed - self.search.budget.left();
        work.left.set(work.left.get() - spent);
        answer.unwrap_or(Answer::Unknown(Doubt::Budget))
    }

    fn read(&mut self, side: Side, at: Location, openness: Openness) -> Result<Id, Exhausted> {
        let place = self.search.reading.place(side, at, openness);
        self.search.reader().read(place)
    }

    /// The goal of every value that is lost.
    fn lost(&mut self) -> Result<Vec<Literal>, Exhausted> {
        let accepts = self.read(Side::Inner, self.inner, Openness::Plain)?;
        let refuses = self.read(Side::Outer, self.outer, Openness::Plain)?;
        let mut goal = vec![Literal::yes(accepts), Literal::no(refuses)];
        if self.closed {
            let closed = self.read(Side::Inner, self.inner, Openness::CLOSED)?;
            goal.push(Literal::yes(closed));
        }
        Ok(goal)
    }

    /// What every value satisfies that has something at the end of the path that the schema refuses.
    fn refused_at(&mut self, part: &Part, at: Location) -> Result<Id, Exhausted> {
        let place = (self.search.reading).place(Side::Outer, at, Openness::Plain);
        let mut reader = self.search.reader();
        let accepts = match &part.keywords {
            Some(keywords) => reader.only(place, keywords)?,
            None => reader.read(place)?,
        };
        let formulas = &mut self.search.formulas;
        let mut wanted = formulas.not(accepts);
        for step in part.path.iter().rev() {
            let never = formulas.not(wanted);
            let nowhere = formulas.intern(match step {
                Step::Property(name) => Node::Each(Names::One(name.clone()), never),
                Step::SomeProperty => Node::Each(Names::Outside(Vec::new(), Vec::new()), never),
                Step::OtherProperty(names) => {
                    let mut names = names.clone();
                    names.sort_unstable();
                    names.dedup();
                    Node::Each(Names::Outside(names, Vec::new()), never)
                }
                Step::Element(index) => Node::Elements(*index, Some(index + 1), never),
                Step::SomeElement => Node::Elements(0, None, never),
            });
            wanted = formulas.not(nowhere);
        }
        Ok(wanted)
    }

    /// Whether no value satisfies a goal.
    fn answer(&mut self, goal: &[Literal]) -> Result<Answer, Exhausted> {
        Ok(match self.search.solve(goal)? {
            Outcome::None => Answer::Proven,
            Outcome::Huge => Answer::Refuted(None),
            Outcome::Maybe(doubt) => Answer::Unknown(doubt),
            Outcome::Value(value) => {
                // A witness is shown to people: it is looked at once more, as a validator would.
                for literal in goal {
                    if self.search.holds(literal.id, &value)? != Some(literal.holds) {
                        return Ok(Answer::Unknown(Doubt::Budget));
                    }
                }
                Answer::Refuted(Some(Json::clone(&value)))
            }
        })
    }
}
