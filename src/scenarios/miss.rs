//! What was expected and what came instead, in words that are short and harmless.

use std::fmt;

use crate::json::{Json, Pointer, compact};
use crate::observed::Outcome;
use crate::text::{Charset, quoted};

/// How much of a text or a value is shown, in columns.
const SHOWN: usize = 100;

/// How much of a text is shown before what it should not have in it, in bytes.
const BEFORE: usize = 30;

/// One expectation that an answer does not fulfil. Both texts are short, on one line and harmless in a terminal; what
/// the server sent stands in back-ticks in them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Miss {
    /// What was expected, as what follows "expected": "no error", "`/total` to be `3`".
    pub expected: String,
    /// What came instead: "`4`", "nothing there".
    pub came: String,
}

impl Miss {
    /// A miss of texts that are harmless.
    pub(super) fn new(expected: impl Into<String>, came: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            came: came.into(),
        }
    }
}

impl fmt::Display for Miss {
    /// "expected no error, got the HTTP status 503".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, got {}", self.expected, self.came)
    }
}

/// The beginning of a text.
pub(super) fn text(text: &str) -> String {
    quoted(&Charset::Unicode.excerpt(text, SHOWN))
}

/// The part of a text around a byte of it.
pub(super) fn text_around(whole: &str, at: usize) -> String {
    let mut starts = at.saturating_sub(BEFORE)..=at;
    let start = starts
        .find(|byte| whole.is_char_boundary(*byte))
        .unwrap_or(at);
    let cut = if start > 0 { "…" } else { "" };
    text(&format!("{cut}{}", &whole[start..]))
}

/// The beginning of a value.
pub(super) fn value(value: &Json) -> String {
    text(&compact(value))
}

/// A place inside an answer.
pub(super) fn place(pointer: &Pointer) -> String {
    if pointer.is_root() {
        return "the whole answer".to_owned();
    }
    text(pointer.as_str())
}

/// A text that should stand in the answer.
pub(super) fn having(wanted: &str) -> String {
    format!("text that contains {}", text(wanted))
}

/// A text that should not stand in the answer.
pub(super) fn not_having(unwanted: &str) -> String {
    format!("text that does not contain {}", text(unwanted))
}

/// How a call ended.
pub(super) fn ending(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered(result) if outcome.success().is_none() => {
            let said = crate::observed::error_text(outcome);
            let said = said.unwrap_or_else(|| compact(result));
            format!("a result that calls itself an error: {}", text(&said))
        }
        Outcome::Answered(_) => "a result without an error".to_owned(),
        Outcome::Refused { code, message } => {
            format!("the JSON-RPC error {code}: {}", text(message))
        }
        Outcome::Status(status) => format!("the HTTP status {status}"),
        Outcome::TimedOut { limit_ms } => {
            format!("no answer within {}", millis(u128::from(*limit_ms) * 1000))
        }
        Outcome::TooLarge { limit } => format!("an answer of more than {limit} bytes"),
        Outcome::Lost(how) => format!("the end of the connection: {}", text(how)),
    }
}

/// A time in microseconds, rounded up to milliseconds, so that what is over a budget looks so.
pub(super) fn millis(micros: u128) -> String {
    format!("{} ms", micros.div_ceil(1000))
}

/// A value that a schema does not accept: where in the answer, and by which part of the schema.
pub(super) fn refused(at: &Pointer, there: &Json, schema: &Pointer) -> String {
    let what = value(there);
    let by = match schema.is_root() {
        true => "it".to_owned(),
        false => text(schema.as_str()),
    };
    match at.is_root() {
        true => format!("{what}, which {by} refuses"),
        false => format!("{what} at {}, which {by} refuses", text(at.as_str())),
    }
}

/// What came where nobody can say whether it is as expected.
pub(super) const UNDECIDED: &str =
    "what nobody can decide: the schema or expression leads elsewhere, is malformed or too hard";
