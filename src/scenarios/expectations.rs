//! What is expected of an answer, and whether it is so.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::json::{Json, Pointer};

/// What is expected of an answer. Where neither `is_error` nor `error` says otherwise, the call must not fail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expectations {
    /// What the result of a tool says with `isError`; a missing one is `false`.
    pub is_error: Option<bool>,
    /// What the text of the answer must have in it.
    pub contains: Vec<String>,
    /// What the text of the answer must not have in it.
    pub not_contains: Vec<String>,
    /// What must stand at places inside the answer.
    pub pointers: BTreeMap<Pointer, Expected>,
    /// The JSON Schema that the structured content must fulfil, or else the JSON in the text.
    pub schema: Option<Json>,
    /// The longest that every single call may take.
    pub latency: Option<Duration>,
}

/// What must stand at one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expected {
    /// This value, compared as JSON compares: `1.0` is `1`, the order of members does not matter.
    pub equals: Option<Json>,
    /// Something, or nothing at all.
    pub exists: Option<bool>,
    /// A value of this type.
    pub kind: Option<Kind>,
    /// Text in which this regular expression (ECMA-262, Unicode mode) matches.
    pub matches: Option<String>,
}

/// A type of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without a fraction, however it is written.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}
