//! What the judge of inclusion says of the schemas that a finding is about.

use serde::{Serialize, Serializer};

use crate::inclusion::Doubt;

/// An answer of the judge: `proven`, `refuted` or `unknown` in a report (interface.md, the JSON report).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Nothing that worked is lost.
    Proven,
    /// Something that worked is lost.
    Refuted,
    /// Nobody can say, and why not.
    Unknown(Doubt),
}

impl Decided {
    /// The name in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Refuted => "refuted",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl Serialize for Decided {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Why a change of what callers send matters that is proven harmless.
pub const PROVEN_CALLS: &str =
    "Every call that worked goes on working, although a change like this can refuse some.";

/// Why a change of what callers get matters that is proven harmless.
pub const PROVEN_RESULTS: &str = "Every result that is possible now was possible before, although a change like this can allow others.";

/// Why nobody can say, in a clause.
pub(super) fn why(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Budget => "the question takes more work than one question may cost",
        Doubt::Pattern => {
            "a pattern uses look-around or back-references, which cannot be compared, or is no regular expression"
        }
        Doubt::Reference => {
            "a reference leads to another document, which is never fetched, or leads nowhere"
        }
        Doubt::Malformed => "a keyword has no meaning in the dialect of its schema",
    }
}

/// What a reader can do about it, in an imperative sentence.
pub fn advice(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Budget => {
            "Compare the two by hand, or one part of them after the other with bellwether compat."
        }
        Doubt::Pattern => "Have the pattern written without them, or compare the two by hand.",
        Doubt::Reference => "Have what it refers to put into the document, under `$defs`.",
        Doubt::Malformed => {
            "Have the schema mended, or its dialect named in `$schema`; bellwether compat also has --dialect."
        }
    }
}
