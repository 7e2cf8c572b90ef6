//! Sees every message the server sends, keeps the answers as they were sent, and hands rmcp a stand-in it cannot
//! choke on.
//!
//! rmcp drops unknown members, refuses a whole list for one odd tool and removes tools from it; none of that may
//! reach a capture. So it never sees a result: it drives the lifecycle and matches answers to requests, no more.

mod calling;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::Notify;

use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::surface::List;

pub(crate) use calling::Spoilt;

use calling::is_chatter;

/// The note on a capture in which the server repeated what only it was to know.
const HID_SECRETS: &str = "a value from the environment stood in what the server sent; the variable's name is kept instead";

/// What some runtimes write before the first byte of UTF-8. A reader of JSON may pass over it (RFC 8259, section 8.1).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The JSON-RPC code that stands for an error without a legible one.
const INTERNAL_ERROR: i32 = -32603;

/// One answer as it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The `result`, or the `error` member.
    pub(crate) body: Result<Box<str>, Box<str>>,
    /// When its last byte had come.
    pub(crate) arrived: Instant,
}

/// The shared record of one connection.
#[derive(Clone)]
pub(crate) struct Tap {
    record: Arc<Mutex<Record>>,
    /// Wakes whoever waits for an answer that cannot be kept.
    spoilt: Arc<Notify>,
}

#[derive(Default)]
struct Record {
    secrets: Secrets,
    answers: BTreeMap<i64, Answer>,
    handshake: Option<Answer>,
    /// Whether the handshake is over: from then on no answer is taken for one.
    opened: bool,
    changed: BTreeMap<List, u32>,
    noise: u32,
    bytes: usize,
    failure: Option<Failure>,
    hid_secrets: bool,
    /// Whether tools are called: an answer that cannot be kept is then the end of one call, not of the conversation.
    calling: bool,
    /// Why the answer to the request that is under way cannot be kept.
    spoilt: Option<Spoilt>,
    /// The headers that repeat arguments of the call that is under way.
    mirrored: Vec<(String, String)>,
    /// Whether a message began with a byte order mark.
    marked: bool,
}

impl Tap {
    /// The largest single message, in bytes.
    pub(crate) const MAX_MESSAGE: usize = 16 << 20;
    /// The most that one capture takes in, in bytes.
    const MAX_TOTAL: usize = 64 << 20;

    /// A record that hides these values from the first byte on.
    pub(crate) fn new(secrets: Secrets) -> Self {
        let record = Record {
            secrets,
            ..Record::default()
        };
        Self {
            record: Arc::new(Mutex::new(record)),
            spoilt: Arc::default(),
        }
    }

    /// Takes one message (a line, a JSON body, the data of one SSE event) and gives back the messages that rmcp is
    /// to see: none for noise, several for a batch (2025-03-26).
    pub(crate) fn admit(&self, message: &[u8]) -> Vec<Vec<u8>> {
        let arrived = Instant::now();
        let mut record = self.record();
        if record.calling && is_chatter(message) {
            return Vec::new();
        }
        record.bytes = record.bytes.saturating_add(message.len());
        if record.bytes > Self::MAX_TOTAL {
            drop(record);
            self.spoil(Spoilt::TooLarge, || {
                too_much("the server sent", Self::MAX_TOTAL)
            });
            return Vec::new();
        }
        let unmarked = message.strip_prefix(BYTE_ORDER_MARK);
        record.marked |= unmarked.is_some();
        let message = unmarked.unwrap_or(message);
        let text = match std::str::from_utf8(message) {
            Ok(text) => text.trim(),
            Err(_) if message.trim_ascii_start().starts_with(b"{") => {
                drop(record);
                self.spoil(Spoilt::NotText, || {
                    Failure::new("capture", "a message of the server cannot be read")
                        .cause("it is not UTF-8")
                });
                return Vec::new();
            }
            Err(_) => {
                record.noise += 1;
                return Vec::new();
            }
        };
        if text.is_empty() {
            return Vec::new();
        }
        let secrets = record.secrets.clone();
        let text = secrets.redact(text);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            record.hid_secrets = true;
        }
        if text.starts_with('[')
            && let Ok(batch) = serde_json::from_str::<Vec<&RawValue>>(&text)
        {
            return batch
                .iter()
                .filter_map(|message| record.take(message.get(), arrived))
                .collect();
        }
        record.take(&text, arrived).into_iter().collect()
    }

    /// Lets what has come so far count no more towards the most that a capture takes in: nothing of it is kept.
    pub(crate) fn forget_size(&self) {
        self.record().bytes = 0;
    }

    /// Records why the connection cannot go on. The first reason stands.
    pub(crate) fn fail(&self, reason: Failure) {
        self.record().fail(reason);
    }

    /// Records that a message was larger than [`Self::MAX_MESSAGE`].
    pub(crate) fn fail_too_large(&self) {
        self.spoil(Spoilt::TooLarge, || {
            too_much("one message of the server is", Self::MAX_MESSAGE)
        });
    }

    /// Why the connection cannot go on, taken out of the record.
    pub(crate) fn take_failure(&self) -> Option<Failure> {
        self.record().failure.take()
    }

    /// Whether the connection cannot go on.
    pub(crate) fn failed(&self) -> bool {
        self.record().failure.is_some()
    }

    /// Lets go of the answers that have come so far: none of them can belong to a request that is yet to be sent.
    pub(crate) fn forget_answers(&self) {
        let mut record = self.record();
        record.answers.clear();
        record.spoilt = None;
    }

    /// The answer to the request with this id, the first if it was answered more than once, taken out of the record.
    pub(crate) fn take_answer(&self, id: i64) -> Option<Answer> {
        self.record().answers.remove(&id)
    }

    /// The answer to `initialize` or `server/discover`, taken out of the record.
    pub(crate) fn take_handshake(&self) -> Option<Answer> {
        let mut record = self.record();
        record.opened = record.handshake.is_some();
        record.handshake.take()
    }

    /// How often the server has said that a list changed.
    pub(crate) fn times_changed(&self, list: List) -> u32 {
        self.record().changed.get(&list).copied().unwrap_or(0)
    }

    /// A text of the server without the values that must not leave.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.record().secrets.redact(text).into_owned()
    }

    /// What the reader of a report should know about the messages, which came over `channel`.
    pub(crate) fn notes(&self, channel: &str) -> Vec<String> {
        let record = self.record();
        let noise = match record.noise {
            0 => None,
            1 => Some(format!("{channel} carried 1 line that is no message")),
            lines => Some(format!(
                "{channel} carried {lines} lines that are no messages"
            )),
        };
        let mark = record.marked.then(|| {
            format!("{channel} carried a byte order mark before a message; many clients cannot read such a message")
        });
        noise
            .into_iter()
            .chain(mark)
            .chain(record.hid_secrets.then(|| HID_SECRETS.to_owned()))
            .collect()
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        // A panic elsewhere leaves the record whole: every change to it is one assignment.
        self.record
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn too_much(subject: &str, limit: usize) -> Failure {
    Failure::new("capture", "the capture was stopped")
        .cause(format!("{subject} more than {} MiB", limit >> 20))
        .next("find out what it sends: no list of tools is that large")
}

/// The members of a JSON-RPC message, uncut.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    method: Option<String>,
    #[serde(borrow, default, deserialize_with = "also_null")]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// What of a handshake's result rmcp has to know.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HandshakeResult<'a> {
    #[serde(borrow)]
    protocol_version: Option<&'a RawValue>,
    #[serde(borrow)]
    supported_versions: Option<&'a RawValue>,
}

impl Record {
    fn fail(&mut self, reason: Failure) {
        self.failure.get_or_insert(reason);
    }

    /// Keeps one message and says what rmcp is to see of it.
    fn take(&mut self, message: &str, arrived: Instant) -> Option<Vec<u8>> {
        let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(message) else {
            self.noise += 1;
            return None;
        };
        if let Some(method) = &envelope.method {
            if envelope.id.is_none() {
                self.note_change(method);
            }
            return Some(message.as_bytes().to_vec());
        }
        let body = match (envelope.result, envelope.error) {
            (Some(result), None) => Ok(result.get()),
            (_, Some(error)) => Err(error.get()),
            (None, None) => {
                self.noise += 1;
                return None;
            }
        };
        let answer = Answer {
            body: body.map(Into::into).map_err(Into::into),
            arrived,
        };
        let Ok(result) = body else {
            let Some(id) = envelope.id.map(RawValue::get) else {
                return Some(message.as_bytes().to_vec());
            };
            if let Some(id) = numeric_id(id) {
                self.answers.entry(id).or_insert(answer);
            }
            let stand_in = error_stand_in(envelope.error?.get());
            return Some(
                format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{stand_in}}}"#).into_bytes(),
            );
        };
        let id = envelope.id?.get();
        let stand_in = if let Some(stand_in) = self.handshake_stand_in(result) {
            self.handshake.get_or_insert(answer);
            stand_in
        } else {
            if let Some(id) = numeric_id(id) {
                self.answers.entry(id).or_insert(answer);
            }
            "{}".to_owned()
        };
        Some(format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{stand_in}}}"#).into_bytes())
    }

    /// The least that rmcp takes for the result of a handshake, if this is one.
    fn handshake_stand_in(&self, result: &str) -> Option<String> {
        if self.opened {
            return None;
        }
        let result: HandshakeResult<'_> = serde_json::from_str(result).ok()?;
        if let Some(version) = result.protocol_version {
            let version = version.get();
            return Some(format!(
                r#"{{"protocolVersion":{version},"capabilities":{{}},"serverInfo":{{"name":"","version":""}}}}"#
            ));
        }
        let versions = result.supported_versions?.get();
        Some(format!(
            r#"{{"resultType":"complete","supportedVersions":{versions},"capabilities":{{}},"ttlMs":0,"cacheScope":"private"}}"#
        ))
    }

    fn note_change(&mut self, method: &str) {
        let changed: &[List] = match method {
            "notifications/tools/list_changed" => &[List::Tools],
            "notifications/prompts/list_changed" => &[List::Prompts],
            "notifications/resources/list_changed" => &[List::Resources, List::ResourceTemplates],
            _ => &[],
        };
        for list in changed {
            *self.changed.entry(*list).or_default() += 1;
        }
    }
}

/// `null` is a result too, though none of ours: who sends it has answered.
fn also_null<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// The error as rmcp can read it: one that it cannot, it would wait past for ever.
fn error_stand_in(error: &str) -> String {
    #[derive(Deserialize)]
    struct Legible {
        #[serde(rename = "code")]
        _code: i32,
        #[serde(rename = "message")]
        _message: String,
    }
    if serde_json::from_str::<Legible>(error).is_ok() {
        return error.to_owned();
    }
    serde_json::json!({ "code": INTERNAL_ERROR, "message": format!("no JSON-RPC error: {error}") })
        .to_string()
}

/// Ids of ours are numbers; some servers send them back as strings.
fn numeric_id(id: &str) -> Option<i64> {
    id.trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(tap: &Tap, message: &str) -> Vec<String> {
        tap.admit(message.as_bytes())
            .into_iter()
            .map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
            .collect()
    }

    #[test]
    fn results_are_kept_as_sent_and_rmcp_sees_none_of_them() {
        let tap = Tap::new(Secrets::default());
        let result = r#"{"tools":[{"x":1E2,"x":12345678901234567890123}]}"#;
        let seen = admitted(
            &tap,
            &format!(r#"{{"jsonrpc":"2.0","result":{result},"id":"7"}}"#),
        );
        assert_eq!(seen, [r#"{"jsonrpc":"2.0","id":"7","result":{}}"#]);
        assert_eq!(
            tap.take_answer(7)
                .expect("kept")
                .body
                .expect("a result")
                .as_ref(),
            result
        );
    }

    #[test]
    fn noise_is_counted_and_a_batch_is_taken_apart() {
        let tap = Tap::new(Secrets::default());
        for noise in [
            "listening on 3000",
            "{\"level\":\"info\"}",
            "{\"jsonrpc\":",
            "[1,2",
        ] {
            assert!(admitted(&tap, noise).is_empty(), "{noise}");
        }
        assert!(admitted(&tap, "  ").is_empty());
        assert_eq!(
            tap.notes("stdout"),
            ["stdout carried 4 lines that are no messages"]
        );
        let batch = r#"[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":""}}]"#;
        assert_eq!(admitted(&tap, batch).len(), 2);
        assert!(tap.take_answer(2).expect("kept").body.is_err());
    }

    #[test]
    fn a_byte_order_mark_does_not_make_noise_of_a_message() {
        let tap = Tap::new(Secrets::default());
        let message = "\u{feff}{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
        assert_eq!(admitted(&tap, message).len(), 1);
        assert!(tap.take_answer(1).is_some());
        let notes = tap.notes("stdout");
        assert!(notes.len() == 1 && notes[0].contains("byte order mark"));
    }

    #[test]
    fn the_first_of_two_answers_stands_and_one_without_a_request_is_forgotten() {
        let tap = Tap::new(Secrets::default());
        admitted(&tap, r#"{"jsonrpc":"2.0","id":2,"result":"too early"}"#);
        tap.forget_answers();
        for result in [1, 2] {
            admitted(
                &tap,
                &format!(r#"{{"jsonrpc":"2.0","id":2,"result":{result}}}"#),
            );
        }
        let answer = tap.take_answer(2).expect("kept").body.expect("a result");
        assert_eq!(answer.as_ref(), "1");
        for version in ["2025-06-18", "2025-11-25"] {
            let result = format!(r#"{{"protocolVersion":"{version}"}}"#);
            admitted(
                &tap,
                &format!(r#"{{"jsonrpc":"2.0","id":0,"result":{result}}}"#),
            );
        }
        let handshake = tap.take_handshake().expect("kept").body.expect("a result");
        assert_eq!(handshake.as_ref(), r#"{"protocolVersion":"2025-06-18"}"#);
    }

    #[test]
    fn changes_of_lists_are_counted() {
        let tap = Tap::new(Secrets::default());
        admitted(
            &tap,
            r#"{"jsonrpc":"2.0","method":"notifications/resources/list_changed"}"#,
        );
        assert_eq!(List::ALL.map(|list| tap.times_changed(list)), [0, 0, 1, 1]);
    }

    #[test]
    fn a_secret_that_the_server_repeats_is_hidden() {
        let mut secrets = Secrets::default();
        secrets.add("TOKEN", "s3cret-value");
        let tap = Tap::new(secrets);
        admitted(
            &tap,
            r#"{"jsonrpc":"2.0","id":1,"result":{"a":"uses s3cret-value"}}"#,
        );
        let answer = tap.take_answer(1).expect("kept").body.expect("a result");
        assert_eq!(answer.as_ref(), r#"{"a":"uses ${TOKEN}"}"#);
        assert_eq!(tap.notes("stdout").len(), 1);
    }

    #[test]
    fn bytes_that_are_not_utf8_stop_the_capture_unless_they_are_noise() {
        let tap = Tap::new(Secrets::default());
        assert!(tap.admit(b"caf\xe9 started").is_empty() && !tap.failed());
        assert!(
            tap.admit(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"\xe9\"}}")
                .is_empty()
                && tap.failed()
        );
    }
}
