//! Calls a tool, fetches a prompt or reads a resource on an open connection, and says how that ended.
//!
//! Whatever a server does with one call, it ends that call and nothing else: an answer that is too late, too large or
//! illegible is an outcome like any other. What a server asks back meanwhile (sampling, elicitation, roots) is refused.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::connection::{Connection, RequestError, micros};
use super::mirror;
use super::tap::Tap;
use crate::json::{self, Json};
use crate::observed::Outcome;
use crate::scenarios::Target;

/// JSON-RPC's code for a request that nobody here answers.
const METHOD_NOT_FOUND: i64 = -32601;

/// How one call went.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// How it ended.
    pub outcome: Outcome,
    /// How long that took, in microseconds, measured where the bytes arrive.
    pub micros: u64,
}

/// The method that a target is asked for with.
pub fn method(target: &Target) -> &'static str {
    match target {
        Target::Tool(_) => "tools/call",
        Target::Prompt(_) => "prompts/get",
        Target::Resource(_) => "resources/read",
    }
}

/// The arguments as they go onto the wire; nothing where a number in them would not arrive as it stands.
pub fn sendable(arguments: &Json) -> Option<Value> {
    let sent: Value = serde_json::from_str(&json::compact(arguments)).ok()?;
    let arrives = json::parse(&sent.to_string()).ok()?;
    (arrives == *arguments).then_some(sent)
}

impl Connection {
    /// Makes one call, which may take so long. `tool` is what the server says of the tool, for the arguments that are
    /// repeated in headers.
    pub(super) async fn call(
        &mut self,
        target: &Target,
        arguments: &Json,
        tool: Option<&Json>,
        limit: Duration,
    ) -> Called {
        let Some(params) = params(target, arguments) else {
            let reason = "a number in its arguments cannot be sent as it stands";
            return Called {
                outcome: Outcome::Lost(format!("it was not sent: {reason}")),
                micros: 0,
            };
        };
        self.tap.begin_calls();
        // The answers before this one are gone: they take up no memory that had to be limited.
        self.tap.forget_size();
        let mirrored = tool.filter(|_| self.opening.is_stateless());
        self.tap
            .mirror(mirrored.map_or_else(Vec::new, |tool| mirror::headers(tool, arguments)));
        let began = Instant::now();
        let answer = self
            .request_within(method(target), Some(params), limit)
            .await;
        let took = micros(began.elapsed());
        let (outcome, micros) = match answer {
            Ok((body, micros)) => (read(&body), micros),
            Err(error) => (self.outcome(error), took),
        };
        self.tap.mirror(Vec::new());
        Called { outcome, micros }
    }

    fn outcome(&self, error: RequestError) -> Outcome {
        // What kept this one from being answered; the conversation goes on where it can.
        let failure = self.tap.take_failure();
        match error {
            RequestError::Answered { code, message } => Outcome::Refused { code, message },
            RequestError::Status(status) => Outcome::Status(status),
            RequestError::TimedOut(limit) => Outcome::TimedOut {
                limit_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
            },
            RequestError::TooLarge => Outcome::TooLarge {
                limit: Tap::MAX_MESSAGE as u64,
            },
            RequestError::Illegible(reason) => Outcome::Lost(reason),
            RequestError::Broken(reason) => {
                Outcome::Lost(failure.map_or(reason, |failure| failure.to_string()))
            }
        }
    }
}

fn params(target: &Target, arguments: &Json) -> Option<Value> {
    Some(match target {
        Target::Tool(name) | Target::Prompt(name) => {
            json!({ "name": name, "arguments": sendable(arguments)? })
        }
        Target::Resource(uri) => json!({ "uri": uri }),
    })
}

/// The result of a call. One that wants something first (2026-07-28, "Multi Round-Trip Requests") gets nothing.
fn read(body: &str) -> Outcome {
    match json::parse(body) {
        Ok(result) if result.get_str("resultType") == Some("input_required") => Outcome::Refused {
            code: METHOD_NOT_FOUND,
            message: "it wants more input before it answers, which nobody gives it here".to_owned(),
        },
        Ok(result @ Json::Object(_)) => Outcome::Answered(result),
        Ok(other) => Outcome::Lost(format!("its result is no object but {}", other.type_name())),
        Err(error) => Outcome::Lost(format!("its result cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_arrive_as_they_stand_or_are_not_sent() {
        for (text, fits) in [
            (r#"{"a":1.5,"b":[9007199254740993,"x",null,1e2]}"#, true),
            (r#"{"a":12345678901234567890123}"#, false),
            (r#"{"a":1e400}"#, false),
            (r#"{"a":0.1234567890123456789}"#, false),
        ] {
            let arguments = json::parse(text).expect("JSON");
            assert_eq!(sendable(&arguments).is_some(), fits, "{text}");
        }
    }

    #[test]
    fn what_is_no_result_is_none() {
        assert!(matches!(read(r#"{"content":[]}"#), Outcome::Answered(_)));
        assert!(matches!(read("null"), Outcome::Lost(_)));
        assert!(matches!(read("[1]"), Outcome::Lost(_)));
        assert!(matches!(
            read(r#"{"resultType":"input_required"}"#),
            Outcome::Refused { .. }
        ));
    }
}
