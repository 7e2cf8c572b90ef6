//! What `compat` says of two schemas (interface.md, the JSON report).

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::Report;
use crate::exit::Exit;
use crate::inclusion::Doubt;

/// Two schemas, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Compat {
    /// The answer.
    pub verdict: Compatibility,
    /// What was asked.
    pub direction: Direction,
    /// The findings that explain it, and the two files as its one target. Its own verdict counts for nothing.
    pub report: Report,
}

/// How two schemas stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compatibility {
    /// They accept the same values; proven.
    Equivalent,
    /// Nothing that worked is lost; proven.
    Compatible,
    /// Something that worked is lost; a value shows it.
    Breaking,
    /// Nobody can say, and why not.
    Unknown(Doubt),
}

/// Whose schemas they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// What a caller sends.
    Input,
    /// What a caller gets.
    Output,
}

impl Compatibility {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equivalent => "equivalent",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What the process exits with.
    pub fn exit(self) -> Exit {
        match self {
            Self::Equivalent | Self::Compatible => Exit::Clean,
            Self::Breaking => Exit::Breaking,
            Self::Unknown(_) => Exit::Warning,
        }
    }
}

impl Serialize for Compat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Compat", 4)?;
        document.serialize_field("formatVersion", &1_u32)?;
        document.serialize_field("verdict", self.verdict.name())?;
        document.serialize_field("direction", &self.direction)?;
        document.serialize_field("findings", &self.report.findings)?;
        document.end()
    }
}
