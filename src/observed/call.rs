//! One call as it went. It stays in memory: what is kept of it are shapes, counts and digests.

use crate::json::Json;

/// One call of a tool, or one prompt fetched, or one resource read.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What was called: `tools/NAME`, `prompts/NAME`, `resources/URI`.
    pub at: String,
    /// The arguments it was called with.
    pub arguments: Json,
    /// The scenario that asked for it; nothing where the probe did so on its own.
    pub scenario: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// How long that took, in microseconds.
    pub micros: u64,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// With a result, here as a whole. A result that says `isError` is one too.
    Answered(Json),
    /// With a JSON-RPC error.
    Refused {
        /// The code, as `-32602`.
        code: i64,
        /// The message. It comes from the server and is shown only as such.
        message: String,
    },
    /// With an HTTP status that is no success.
    Status(u16),
    /// With nothing, within the time allowed.
    TimedOut {
        /// The time allowed, in milliseconds.
        limit_ms: u64,
    },
    /// With more than may be read.
    TooLarge {
        /// How many bytes may be read.
        limit: u64,
    },
    /// With the end of the connection, or of the server; how that looked from here.
    Lost(String),
}

impl Outcome {
    /// The result, where there is one that is no error.
    pub fn success(&self) -> Option<&Json> {
        match self {
            Self::Answered(result) if !says_error(result) => Some(result),
            _ => None,
        }
    }
}

/// Whether a result calls itself an error (`isError` of "Calling Tools").
pub(super) fn says_error(result: &Json) -> bool {
    result.get("isError").and_then(Json::as_bool) == Some(true)
}
