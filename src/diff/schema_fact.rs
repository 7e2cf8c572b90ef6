//! The facts that a comparison finds about a schema.

use super::change::{Alike, Step};

/// Which schema of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What a caller sends.
    Input,
    /// What a caller gets.
    Output,
}

/// A structural fact about a schema; "more" and "less" are about the values that it accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaFact {
    /// A property is new.
    PropertyAdded {
        /// Whether it must be there.
        required: bool,
        /// Whether it has a default.
        default: bool,
        /// Whether OLD forbade properties that it did not name.
        to_closed: bool,
    },
    /// A property is gone; whether it had to be there.
    PropertyRemoved {
        /// Whether it had to be there.
        required: bool,
    },
    /// A property has another name.
    PropertyRenamed {
        /// Whether it had to be there under the old name.
        required: bool,
        /// How alike the two are; nothing where all the rest of them is the same.
        alike: Option<Alike>,
    },
    /// A property must be there now.
    Required,
    /// A property may be left out now.
    Optional,
    /// Fewer types.
    TypeNarrowed,
    /// More types.
    TypeWidened,
    /// Other types.
    TypeChanged,
    /// Values of an enumeration are gone.
    ValueRemoved,
    /// Values of an enumeration are new.
    ValueAdded,
    /// A constraint accepts less.
    Tightened,
    /// A constraint accepts more.
    Loosened,
    /// A constraint accepts other values, or nobody can say.
    Changed,
    /// An integer gained the bounds ±(2^53−1).
    SafeRange,
    /// A guard is gone altogether; whether it was a confirmation that had to be given.
    GuardRemoved {
        /// Whether it was a confirmation that had to be given.
        confirmation: bool,
    },
    /// Properties that are not named are refused now.
    Closed,
    /// Properties that are not named are accepted now.
    Opened,
    /// A format is new or another.
    FormatChanged,
    /// A format is gone.
    FormatRemoved,
    /// A default.
    Default(Step),
    /// A display title.
    Title,
    /// Examples, comments, unknown keywords: nothing that accepts or refuses a value.
    Annotation,
    /// An argument is copied into an HTTP header now, or into another one.
    HeaderMirrored,
    /// An argument is no longer copied into an HTTP header.
    HeaderUnmirrored,
    /// It is no schema; whether it was one.
    Invalid {
        /// Whether OLD's was a schema.
        was_valid: bool,
    },
    /// It refers to another document; whether it did not.
    RemoteReference {
        /// Whether OLD could be read without another document.
        was_local: bool,
    },
    /// A number that not every reader of JSON can hold.
    NumberNotPortable,
    /// Nesting out of all proportion.
    Excessive,
}
