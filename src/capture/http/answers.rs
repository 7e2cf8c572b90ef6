//! Reads what a server sends back, within limits.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use http::HeaderName;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use sse_stream::{Error as SseError, Sse, SseStream};

use super::{EVENT_STREAM, JSON};

/// The largest body of an error that is read.
const MAX_ERROR: usize = 64 * 1024;

/// How long the body of an error may take; its status alone says enough.
const ERROR_WAIT: Duration = Duration::from_secs(3);

/// What a body is, by its content type.
#[derive(PartialEq, Eq)]
pub(in crate::capture) enum Kind {
    Json,
    Events,
    /// Neither; the content type as sent, empty where there is none.
    Other(String),
}

/// What the body of an answer is.
pub(in crate::capture) fn kind(answer: &reqwest::Response) -> Kind {
    let named = text(answer, CONTENT_TYPE);
    let essence = named.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(JSON) {
        Kind::Json
    } else if essence.eq_ignore_ascii_case(EVENT_STREAM) {
        Kind::Events
    } else {
        Kind::Other(named)
    }
}

/// How a body is compressed, if it is; nothing here can undo that.
pub(in crate::capture) fn compression(answer: &reqwest::Response) -> Option<String> {
    let named = text(answer, CONTENT_ENCODING);
    let plain = named.is_empty() || named.eq_ignore_ascii_case("identity");
    (!plain).then_some(named)
}

/// A header of an answer, empty where there is none.
fn text(answer: &reqwest::Response, name: HeaderName) -> String {
    let value = answer.headers().get(name);
    let text = value.map(|value| String::from_utf8_lossy(value.as_bytes()));
    text.unwrap_or_default().trim().to_owned()
}

/// How reading ended before it was complete.
pub(in crate::capture) enum BodyEnd {
    /// One message is larger than [`Tap::MAX_MESSAGE`](crate::capture::tap::Tap::MAX_MESSAGE).
    TooLarge,
    /// The connection ended.
    Cut,
    /// The stream is not made of server-sent events.
    Malformed,
}

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
///
/// [`BodyEnd::TooLarge`] as soon as it is known, [`BodyEnd::Cut`] when the connection ends early.
pub(in crate::capture) async fn read(
    response: reqwest::Response,
    limit: usize,
) -> Result<Vec<u8>, BodyEnd> {
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(BodyEnd::TooLarge);
    }
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyEnd::Cut)?;
        if chunk.len() > limit - body.len() {
            return Err(BodyEnd::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The start of a body that can only explain a refusal: what came in time and within 64 KiB.
pub(in crate::capture) async fn error_body(
    response: reqwest::Response,
    timeout: Duration,
) -> Vec<u8> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    let reading = async {
        while let Some(Ok(chunk)) = chunks.next().await {
            let room = MAX_ERROR - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.len() == MAX_ERROR {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(timeout.min(ERROR_WAIT), reading).await;
    body
}

/// Whether the data of an event is a message: control events have other names.
pub(in crate::capture) fn is_message(event: &Sse) -> bool {
    matches!(event.event.as_deref(), None | Some("" | "message"))
}

/// The server-sent events of a body, each of limited size.
pub(in crate::capture) struct EventStream(BoxStream<'static, Result<Sse, SseError>>);

impl EventStream {
    /// Reads events of at most `limit` bytes each; the stream itself may be endless.
    pub(in crate::capture) fn new(response: reqwest::Response, limit: usize) -> Self {
        let mut meter = Meter::new(limit);
        let bounded = response.bytes_stream().map(move |chunk| match chunk {
            Ok(chunk) if meter.holds(&chunk) => Ok(chunk),
            Ok(_) => Err(Broken::TooLarge),
            Err(_) => Err(Broken::Off),
        });
        Self(SseStream::from_bytes_stream(bounded).boxed())
    }
}

impl Stream for EventStream {
    type Item = Result<Sse, SseError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

/// Why a stream of events gave an error.
pub(in crate::capture) fn body_end(error: &SseError) -> BodyEnd {
    match error {
        SseError::Body(error) => match error.downcast_ref() {
            Some(Broken::TooLarge) => BodyEnd::TooLarge,
            _ => BodyEnd::Cut,
        },
        _ => BodyEnd::Malformed,
    }
}

/// Why the bytes below a stream of events stopped.
#[derive(Debug)]
enum Broken {
    TooLarge,
    Off,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "an event is too large",
            Self::Off => "the connection ended",
        })
    }
}

impl std::error::Error for Broken {}

/// Measures one event at a time, since the parser above keeps an event until it is whole.
struct Meter {
    limit: usize,
    /// Bytes of the event that the parser holds, but for the present line.
    event: usize,
    /// Bytes of the present line.
    line: usize,
    /// Whether the last byte was a CR, so that an LF after it ends no line of its own.
    after_cr: bool,
}

impl Meter {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            event: 0,
            line: 0,
            after_cr: false,
        }
    }

    /// Counts a chunk; false once the present event is larger than the limit.
    ///
    /// A comment counts like a field, so that an event cannot be spun out with them; between events it is forgotten.
    fn holds(&mut self, mut chunk: &[u8]) -> bool {
        while let Some(first) = chunk.first() {
            if std::mem::take(&mut self.after_cr) && *first == b'\n' {
                chunk = &chunk[1..];
                continue;
            }
            let end = chunk.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            self.line += end.unwrap_or(chunk.len());
            if self.event + self.line > self.limit {
                return false;
            }
            let Some(end) = end else { break };
            self.event = if self.line == 0 {
                0
            } else {
                self.event + self.line + 1
            };
            self.line = 0;
            self.after_cr = chunk[end] == b'\r';
            chunk = &chunk[end + 1..];
        }
        true
    }
}
