//! What kind of error an answer is, and its text without what differs from run to run.

use super::Outcome;

/// What kind of error it is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum ErrorCategory {
    /// The caller sent what the tool does not take.
    Validation,
    /// What the caller asked for is not there.
    NotFound,
    /// The caller may not, or has not said who it is.
    Permission,
    /// It took too long, here or behind the server.
    Timeout,
    /// The caller asked too often, or used up what it may use.
    RateLimit,
    /// The server, or what stands behind it, cannot be reached.
    Unavailable,
    /// The server failed.
    Internal,
    /// Nobody can say.
    Other,
}

impl ErrorCategory {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::Validation,
        Self::NotFound,
        Self::Permission,
        Self::Timeout,
        Self::RateLimit,
        Self::Unavailable,
        Self::Internal,
        Self::Other,
    ];

    /// The name used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Validation => "validation",
            Self::NotFound => "notFound",
            Self::Permission => "permission",
            Self::Timeout => "timeout",
            Self::RateLimit => "rateLimit",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
            Self::Other => "other",
        }
    }

    /// The category of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.name() == name)
    }
}

/// What kind of error an outcome is; nothing where it is none.
pub fn categorise(outcome: &Outcome) -> Option<ErrorCategory> {
    outcome.success().is_none().then_some(ErrorCategory::Other)
}

/// What an outcome says went wrong, as it came; nothing where nothing did, or nothing was said.
pub fn error_text(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Refused { message, .. } => Some(message.clone()),
        _ => None,
    }
}

/// A text without what differs from run to run.
pub fn normalised(text: &str) -> String {
    text.to_owned()
}

/// The digest of the normalised text of an error, which is what a file may hold of it.
pub fn error_digest(outcome: &Outcome) -> Option<String> {
    error_text(outcome).map(|text| crate::canon::digest_text(&normalised(&text)))
}
