//! Is every value that one JSON Schema accepts accepted by another?
//!
//! The judge looks for a *witness*: a value that the first schema accepts and the second refuses. It answers with one
//! of three: there is none (*proven*), here is one (*refuted*), or nobody can say within the budget (*unknown*). It
//! never guesses, and it never reaches for a document that a schema names.

mod applicators;
mod arrays;
mod assertions;
mod assumptions;
mod budget;
mod closing;
mod conformity;
mod dialect;
mod document;
mod exclusive;
mod formula;
mod holds;
mod judge;
mod keywords;
mod metaschemas;
mod numbers;
mod objects;
mod reading;
mod references;
mod scalars;
mod search;
mod types;
mod unevaluated;
mod values;
mod words;

pub use conformity::{Conformity, conforms};
pub use dialect::Dialect;
pub use judge::{Judge, Part, Step, Work};
pub use references::{Lead, References};
pub use types::Type;

use crate::json::Json;

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

/// Whether every value that `inner` accepts is accepted by `outer`, over all JSON values.
///
/// The dialect holds where a schema names none with `$schema`.
pub fn included(inner: &Json, outer: &Json, dialect: Dialect) -> Answer {
    Judge::new(inner, outer, dialect).included(&Work::of_one_pair())
}
