//! Is every value that one JSON Schema accepts accepted by another?
//!
//! The judge looks for a *witness*: a value that the first schema accepts and the second refuses. It answers with one
//! of three: there is none (*proven*), here is one (*refuted*), or nobody can say within the budget (*unknown*). It
//! never guesses, and it never reaches for a document that a schema names.

mod applicators;
mod arrays;
mod assertions;
mod budget;
mod closing;
mod dialect;
mod document;
mod formula;
mod holds;
mod keywords;
mod metaschemas;
mod numbers;
mod objects;
mod reading;
mod scalars;
mod search;
mod unevaluated;
mod words;

pub use dialect::Dialect;

use budget::{Budget, Exhausted};
use document::{Document, Location};
use formula::{Formulas, Literal};
use reading::{Openness, Reading, Side};
use search::{Outcome, Search};

use crate::json::{Json, Pointer};

/// How a question of inclusion is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Every value that the inner schema accepts is accepted by the outer one.
    Proven,
    /// It is not. The value is accepted by the inner schema and refused by the outer one; nothing where the judge
    /// knows that there is one, and it is too large to be written down.
    Refuted(Option<Json>),
    /// Nobody can say; why not.
    Unknown(Doubt),
}

/// Why a question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// The work allowed for one question was done.
    Budget,
    /// A regular expression uses what no automaton can do (look-around, back-references), or is none.
    Pattern,
    /// A reference leads to another document, or nowhere.
    Reference,
    /// A schema or keyword has no meaning in its dialect.
    Malformed,
}

/// The work that one question may cost.
const BUDGET: u64 = 200_000;

/// Whether every value that `inner` accepts is accepted by `outer`, over all JSON values.
///
/// The dialect holds where a schema names none with `$schema`.
pub fn included(inner: &Json, outer: &Json, dialect: Dialect) -> Answer {
    Judge::new(inner, outer, dialect).included()
}

/// Two schemas of which one is to accept all that the other does.
#[derive(Debug)]
pub struct Judge<'a> {
    search: Search<'a>,
    inner: Location,
    outer: Location,
    closed: bool,
    equal: bool,
}

impl<'a> Judge<'a> {
    /// Takes two schemas; the dialect holds where one names none.
    pub fn new(inner: &'a Json, outer: &'a Json, dialect: Dialect) -> Self {
        let equal = inner == outer;
        let inner = Document::new(inner, dialect);
        let outer = Document::new(outer, dialect);
        let roots = (inner.root(), outer.root());
        Self {
            search: Search::new(
                Formulas::default(),
                Reading::new(inner, outer),
                Budget::new(BUDGET),
            ),
            inner: roots.0,
            outer: roots.1,
            closed: false,
            equal,
        }
    }

    /// Reads the inner schema as a caller sees it, who sends only the parameters that it names.
    #[must_use]
    pub fn closed(self) -> Self {
        Self {
            closed: true,
            ..self
        }
    }

    /// The answer for the whole schemas.
    pub fn included(&mut self) -> Answer {
        if self.equal {
            return Answer::Proven;
        }
        self.ask(self.inner, self.outer)
    }

    /// The answer for a schema inside each of the two; nothing where there is none.
    pub fn included_at(&mut self, inner: &Pointer, outer: &Pointer) -> Option<Answer> {
        let inner = self.search.reading.document(Side::Inner).at(inner)?;
        let outer = self.search.reading.document(Side::Outer).at(outer)?;
        Some(self.ask(inner, outer))
    }

    fn ask(&mut self, inner: Location, outer: Location) -> Answer {
        self.search.budget = Budget::new(BUDGET);
        match self.searched(inner, outer) {
            Ok(answer) => answer,
            Err(Exhausted) => Answer::Unknown(Doubt::Budget),
        }
    }

    fn searched(&mut self, inner: Location, outer: Location) -> Result<Answer, Exhausted> {
        let mut place = |side, at, openness| {
            let place = self.search.reading.place(side, at, openness);
            self.search.reader().read(place)
        };
        let accepts = place(Side::Inner, inner, Openness::Plain)?;
        let refuses = place(Side::Outer, outer, Openness::Plain)?;
        let mut goal = vec![Literal::yes(accepts), Literal::no(refuses)];
        if self.closed {
            goal.push(Literal::yes(place(Side::Inner, inner, Openness::Closed)?));
        }
        Ok(match self.search.solve(&goal)? {
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
