//! What kind of error an answer is, and its text without what differs from run to run.

mod table;
#[cfg(test)]
mod tests;
mod text;
mod words;

pub use text::normalised;

use self::table::ByCode;
use super::Outcome;
use crate::canon;
use crate::json::{self, Json};

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
    Some(match outcome {
        Outcome::Answered(_) if outcome.success().is_some() => return None,
        Outcome::Answered(result) => of_text(&result_text(result)),
        Outcome::Refused { code, message } => of_code(*code, message),
        Outcome::Status(status) => table::of_status(*status),
        Outcome::TimedOut { .. } => ErrorCategory::Timeout,
        Outcome::TooLarge { .. } => ErrorCategory::Other,
        Outcome::Lost(_) => ErrorCategory::Unavailable,
    })
}

/// What an outcome says went wrong, as it came; nothing where nothing did. It comes from the server and may hold
/// anything.
pub fn error_text(outcome: &Outcome) -> Option<String> {
    Some(match outcome {
        Outcome::Answered(_) if outcome.success().is_some() => return None,
        Outcome::Answered(result) => result_text(result),
        Outcome::Refused { message, .. } => message.clone(),
        Outcome::Status(status) => format!("HTTP status {status}"),
        Outcome::TimedOut { .. } => "timed out".to_owned(),
        Outcome::TooLarge { .. } => "too large".to_owned(),
        Outcome::Lost(how) => how.clone(),
    })
}

/// The digest of the normalised text of an error, which is all that a file may hold of it.
pub fn error_digest(outcome: &Outcome) -> Option<String> {
    error_text(outcome).map(|text| canon::digest_text(&normalised(&text)))
}

/// What a result that is an error says: its texts, or else its structured content.
fn result_text(result: &Json) -> String {
    let blocks = result
        .get("content")
        .and_then(Json::as_array)
        .unwrap_or_default();
    let texts: Vec<&str> = blocks
        .iter()
        .filter_map(|block| block.get_str("text"))
        .collect();
    match result.get("structuredContent") {
        Some(content) if texts.iter().all(|text| text.trim().is_empty()) => json::compact(content),
        _ => texts.join("\n"),
    }
}

fn of_code(code: i64, message: &str) -> ErrorCategory {
    match table::of_code(code) {
        ByCode::Sure(category) => category,
        ByCode::Unless(category) => match of_text(message) {
            ErrorCategory::Other => category,
            said => said,
        },
    }
}

/// What kind of error a text tells of: by the code or status that it names, then by the first phrase of the table.
fn of_text(text: &str) -> ErrorCategory {
    let words = words::of(text);
    let phrase = || {
        let has = |phrase: &str| {
            let mut found = words
                .match_indices(phrase)
                .map(|(at, _)| (at, at + phrase.len()));
            found.any(|(from, to)| words[..from].ends_with(' ') && words[to..].starts_with(' '))
        };
        table::PHRASES
            .iter()
            .find(|(phrase, _)| has(phrase))
            .map(|(_, category)| *category)
    };
    let mut before = "";
    for word in words.split_whitespace() {
        if let Some(ByCode::Sure(category)) = code(word).map(table::of_code) {
            return category;
        }
        if let Some(ByCode::Unless(category)) = code(word).map(table::of_code) {
            return phrase().unwrap_or(category);
        }
        if table::BEFORE_STATUS.contains(&before)
            && let Ok(status @ 400..=599) = word.parse()
        {
            return table::of_status(status);
        }
        before = word;
    }
    phrase().unwrap_or(ErrorCategory::Other)
}

/// The JSON-RPC code that a word is.
fn code(word: &str) -> Option<i64> {
    word.parse()
        .ok()
        .filter(|code| (-32_768..=-32_000).contains(code))
}
