//! JSON-RPC 2.0 as a server reads and writes it: messages in, responses out.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::json::{self, Json};

/// The message is not JSON.
pub const PARSE_ERROR: i64 = -32700;
/// The message is JSON but no JSON-RPC message.
pub const INVALID_REQUEST: i64 = -32600;
/// The method is not offered.
pub const METHOD_NOT_FOUND: i64 = -32601;
/// The parameters make no sense; since 2026-07-28 also: required metadata is missing.
pub const INVALID_PARAMS: i64 = -32602;
/// The server could not do it.
pub const INTERNAL_ERROR: i64 = -32603;
/// The HTTP headers contradict the message (2026-07-28).
pub const HEADER_MISMATCH: i64 = -32020;
/// The revision that the request names is not spoken here (2026-07-28).
pub const UNSUPPORTED_PROTOCOL_VERSION: i64 = -32022;

/// What arrived in one line or one HTTP body.
#[derive(Debug)]
pub enum Incoming {
    /// A single message.
    One(Message),
    /// A JSON array of messages, as 2025-03-26 has them.
    Batch(Vec<Message>),
}

/// One message of a client.
#[derive(Debug)]
pub enum Message {
    /// Something that has to be answered.
    Request(Request),
    /// A notification or a response, which nobody answers.
    Quiet,
    /// Something else; the answer says so.
    Wrong(Reply<'static>),
}

/// A request of a client.
#[derive(Debug)]
pub struct Request {
    /// A string or a number, which the answer repeats as it was written.
    pub id: Json,
    /// The method.
    pub method: String,
    /// The parameters.
    pub params: Option<Json>,
}

/// The answer to one request.
#[derive(Debug)]
pub struct Reply<'a> {
    id: Json,
    body: Body<'a>,
}

/// What an answer says, as JSON text.
#[derive(Debug)]
pub enum Body<'a> {
    /// The result.
    Result(Cow<'a, RawValue>),
    /// The error object and the code in it.
    Error(i64, Cow<'a, RawValue>),
}

impl Incoming {
    /// Reads one line or one HTTP body.
    pub fn read(bytes: &[u8]) -> Self {
        let value = match std::str::from_utf8(bytes) {
            Ok(text) => json::parse(text).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match value {
            Ok(Json::Array(messages)) if !messages.is_empty() => {
                Self::Batch(messages.into_iter().map(Message::of).collect())
            }
            Ok(value) => Self::One(Message::of(value)),
            Err(error) => {
                let body = Body::error(PARSE_ERROR, format!("not JSON: {error}"));
                Self::One(Message::Wrong(Reply::new(Json::Null, body)))
            }
        }
    }
}

impl Message {
    fn of(value: Json) -> Self {
        let id = value.get("id").cloned();
        let wrong = |id: Option<Json>, what: &str| {
            let id = id.filter(is_id).unwrap_or(Json::Null);
            Self::Wrong(Reply::new(id, Body::error(INVALID_REQUEST, what)))
        };
        if value.get_str("jsonrpc") != Some("2.0") {
            return wrong(id, "not a JSON-RPC 2.0 message");
        }
        let Some(method) = value.get_str("method") else {
            return if value.get("result").is_some() || value.get("error").is_some() {
                Self::Quiet
            } else {
                wrong(id, "a message without a method")
            };
        };
        match id {
            None => Self::Quiet,
            Some(id) if is_id(&id) => Self::Request(Request {
                id,
                method: method.to_owned(),
                params: value.get("params").cloned(),
            }),
            Some(_) => wrong(None, "the id is neither a string nor a number"),
        }
    }
}

impl Request {
    /// A member of the parameters.
    pub fn param(&self, name: &str) -> Option<&Json> {
        self.params.as_ref()?.get(name)
    }

    /// A member of the parameters' `_meta`.
    pub fn meta(&self, name: &str) -> Option<&Json> {
        self.param("_meta")?.get(name)
    }
}

impl<'a> Reply<'a> {
    /// The answer to the request of that id.
    pub fn new(id: Json, body: Body<'a>) -> Self {
        Self { id, body }
    }

    /// The code of the error, if it is one.
    pub fn error_code(&self) -> Option<i64> {
        match self.body {
            Body::Result(_) => None,
            Body::Error(code, _) => Some(code),
        }
    }
}

impl Serialize for Reply<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Envelope<'a> {
            jsonrpc: &'static str,
            id: &'a Json,
            #[serde(skip_serializing_if = "Option::is_none")]
            result: Option<&'a RawValue>,
            #[serde(skip_serializing_if = "Option::is_none")]
            error: Option<&'a RawValue>,
        }
        let (result, error) = match &self.body {
            Body::Result(result) => (Some(result.as_ref()), None),
            Body::Error(_, error) => (None, Some(error.as_ref())),
        };
        let envelope = Envelope {
            jsonrpc: "2.0",
            id: &self.id,
            result,
            error,
        };
        envelope.serialize(serializer)
    }
}

impl<'a> Body<'a> {
    /// An error without data.
    pub fn error(code: i64, message: impl Into<String>) -> Self {
        Self::error_with(code, message, None)
    }

    /// An error with data.
    pub fn error_with(code: i64, message: impl Into<String>, data: Option<Json>) -> Self {
        #[derive(Serialize)]
        struct RpcError {
            code: i64,
            message: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            data: Option<Json>,
        }
        let message = message.into();
        let error = RpcError {
            code,
            message,
            data,
        };
        Self::Error(code, Cow::Owned(text_of(&error)))
    }

    /// The same body, borrowed.
    pub fn borrowed(&'a self) -> Self {
        match self {
            Self::Result(result) => Self::Result(Cow::Borrowed(result)),
            Self::Error(code, error) => Self::Error(*code, Cow::Borrowed(error)),
        }
    }
}

/// JSON text of a value, kept as it is from here on.
pub(super) fn text_of(value: &impl Serialize) -> Box<RawValue> {
    to_raw_value(value).expect("a JSON value is always JSON text")
}

/// MCP narrows JSON-RPC's ids: never null.
fn is_id(id: &Json) -> bool {
    matches!(id, Json::String(_) | Json::Number(_))
}
