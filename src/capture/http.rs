//! Streamable HTTP, as every revision since 2025-03-26 has it: rmcp keeps the session, what the server sends passes the tap first.
//!
//! rmcp decides what to send, which session and version headers go with it, when to resume a stream and when to end
//! the session. This module only carries it: it sends the request, reads the answer within limits, gives it to the
//! [`Tap`] byte for byte, and hands rmcp the stand-ins. What goes wrong on the way becomes one [`Failure`] with one cause.

mod answers;
mod ask;
mod reading;
mod refusal;
mod site;
mod unreachable;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::common::client_side_sse::ExponentialBackoff;
use rmcp::transport::streamable_http_client::{
    StreamableHttpClient, StreamableHttpClientTransportConfig, StreamableHttpError,
    StreamableHttpPostResponse,
};
use sse_stream::Sse;

use super::spec::UrlSpec;
use super::tap::Tap;
use crate::failure::Failure;
use crate::secrets::Secrets;

use reading::Events;

pub(super) use answers::{BodyEnd, EventStream, Kind, body_end, error_body, is_message, kind};
pub(super) use ask::Ask;
pub(super) use refusal::{Refusal, Trouble};
pub(super) use site::Site;

pub(super) const EVENT_STREAM: &str = "text/event-stream";
pub(super) const JSON: &str = "application/json";
const EITHER: &str = "application/json, text/event-stream";
const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How long the question may take whether a URL that refuses `initialize` speaks the old transport.
const PROBE: Duration = Duration::from_secs(3);

/// A transport to one server over streamable HTTP; nothing is sent yet. `timeout` bounds connecting, in TCP and TLS.
///
/// Must be called inside a tokio runtime: rmcp starts a task for the transport, which ends when the transport is dropped.
///
/// # Errors
///
/// When the URL or a header cannot be sent at all.
pub(super) fn connect(
    spec: &UrlSpec,
    secrets: &Secrets,
    tap: Tap,
    timeout: Duration,
) -> Result<StreamableHttpClientTransport<TapHttp>, Failure> {
    let site = Site::new(spec, secrets, timeout)?;
    let mut resumption = ExponentialBackoff::default();
    resumption.max_times = Some(3);
    resumption.base_duration = Duration::from_millis(500);
    let mut config = StreamableHttpClientTransportConfig::with_uri(site.url().as_str())
        .max_sse_event_size(Tap::MAX_MESSAGE)
        .reinit_on_expired_session(false);
    config.allow_stateless = true;
    config.retry_config = Arc::new(resumption);
    let client = TapHttp {
        site,
        tap,
        cut: Arc::default(),
    };
    Ok(StreamableHttpClientTransport::with_client(client, config))
}

/// The HTTP client that rmcp's transport drives.
#[derive(Clone)]
pub(super) struct TapHttp {
    site: Site,
    tap: Tap,
    /// The last event ids of answers that broke off before they were complete: a GET with one of them resumes an
    /// answer that somebody waits for. Any other GET is for the stream of notices, which a server need not have.
    cut: Arc<Mutex<Vec<(String, Ask)>>>,
}

type HttpError = StreamableHttpError<Refusal>;

impl StreamableHttpClient for TapHttp {
    type Error = Refusal;

    async fn post_message(
        &self,
        _uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        _auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, HttpError> {
        let ask = Ask::of(&message);
        match self.post(&ask, &message, session_id, custom_headers).await {
            Ok(answer) => Ok(answer),
            Err(trouble) if ask.needed => Err(HttpError::Client(self.give_up(trouble))),
            Err(trouble) if ask.id.is_some() => Err(HttpError::Client(trouble.refusal)),
            // A server that takes no cancellation and no answer to its own question can still be captured.
            Err(_) => Ok(StreamableHttpPostResponse::Accepted),
        }
    }

    async fn post_message_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
        _max_sse_event_size: usize,
    ) -> Result<StreamableHttpPostResponse, HttpError> {
        self.post_message(uri, message, session_id, auth_header, custom_headers)
            .await
    }

    async fn delete_session(
        &self,
        _uri: Arc<str>,
        session_id: Arc<str>,
        _auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), HttpError> {
        // A courtesy: whether the server takes it (405 is allowed) changes nothing about what was captured.
        let headers = headers(custom_headers, [(SESSION_ID, Some(&*session_id))]);
        let _ = self.site.request(Method::DELETE, headers).send().await;
        Ok(())
    }

    async fn get_stream(
        &self,
        _uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        _auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<Events, HttpError> {
        // For rmcp this error means: do without the stream, and do not ask again.
        let none = Err(HttpError::ServerDoesNotSupportSse);
        if self.tap.failed() {
            return none;
        }
        let awaited = last_event_id.as_ref().and_then(|id| {
            let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
            let at = cut.iter().position(|(known, _)| known == id)?;
            Some(cut.swap_remove(at).1)
        });
        let headers = headers(
            custom_headers,
            [
                (ACCEPT, Some(EVENT_STREAM)),
                (SESSION_ID, session_id.as_deref()),
                (LAST_EVENT_ID, last_event_id.as_deref()),
            ],
        );
        let request = self.site.request(Method::GET, headers);
        match (self.stream(request).await, awaited) {
            (Ok(response), awaited) => Ok(self.events(response, awaited, last_event_id)),
            (Err(_), None) => none,
            (Err(trouble), Some(ask)) => {
                self.give_up(trouble.resuming(&ask));
                none
            }
        }
    }

    async fn get_stream_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
        _max_sse_event_size: usize,
    ) -> Result<Events, HttpError> {
        self.get_stream(uri, session_id, last_event_id, auth_header, custom_headers)
            .await
    }
}

impl TapHttp {
    /// Sends one message and reads the answer, or the start of it where it is a stream.
    async fn post(
        &self,
        ask: &Ask,
        message: &ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Trouble> {
        let body = serde_json::to_vec(message).expect("a message of rmcp is always JSON");
        let in_session = session_id.is_some();
        let mut headers = headers(
            custom_headers,
            [
                (ACCEPT, Some(EITHER)),
                (CONTENT_TYPE, Some(JSON)),
                (SESSION_ID, session_id.as_deref()),
            ],
        );
        if ask.calls_tool {
            for (name, value) in self.tap.mirrored() {
                if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
                    headers.insert::<HeaderName>(name, value);
                }
            }
        }
        let request = self.site.request(Method::POST, headers);
        let response = self.site.send(request.body(body), ask).await?;
        let status = response.status();
        let kind = kind(&response);
        if !status.is_success() {
            let headers = response.headers().clone();
            let body = error_body(response, self.site.timeout()).await;
            let auth = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
            if !auth
                && kind == Kind::Json
                && let Some(error) = self.error_answer(ask, &body)
            {
                return Ok(StreamableHttpPostResponse::Json(error, None));
            }
            let mut trouble = Trouble::status(&self.site, ask, in_session, status, &headers, &body);
            if ask.initializes
                && matches!(status.as_u16(), 400 | 404 | 405)
                && self.speaks_old_transport().await
            {
                trouble = trouble.old_transport(&self.site);
            }
            return Err(trouble);
        }
        if ask.id.is_none() {
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        if matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) {
            // The answer may still come over the stream of notices, which there is none of before the session.
            return if ask.opens {
                Err(Trouble::unanswered(ask, status))
            } else {
                Ok(StreamableHttpPostResponse::Accepted)
            };
        }
        if let Some(named) = answers::compression(&response) {
            return Err(Trouble::compressed(&self.site, ask, &named));
        }
        let session = response
            .headers()
            .get(SESSION_ID)
            .and_then(|id| id.to_str().ok())
            .map(str::to_owned);
        match kind {
            Kind::Events => Ok(StreamableHttpPostResponse::Sse(
                self.events(response, Some(ask.clone()), None),
                session,
            )),
            Kind::Json => {
                let body = answers::read(response, Tap::MAX_MESSAGE)
                    .await
                    .map_err(|end| self.broken(ask, &end))?;
                self.json_answer(ask, &body, session)
            }
            Kind::Other(named) => {
                let body = error_body(response, self.site.timeout()).await;
                Err(Trouble::content_type(&self.site, ask, &named, &body))
            }
        }
    }

    /// What rmcp is to see of a JSON body that answers a request: one message, or several of a batch.
    fn json_answer(
        &self,
        ask: &Ask,
        body: &[u8],
        session: Option<String>,
    ) -> Result<StreamableHttpPostResponse, Trouble> {
        let mut messages: Vec<_> = self
            .tap
            .admit(body)
            .iter()
            .filter_map(|message| parse(message))
            .collect();
        match messages.len() {
            0 => Err(Trouble::no_message(&self.site, ask, body)),
            1 => {
                let message = correlate(messages.remove(0), ask);
                Ok(StreamableHttpPostResponse::Json(message, session))
            }
            _ => {
                let events: Vec<_> = messages
                    .iter()
                    .map(|message| Ok(Sse::default().data(text(message))))
                    .collect();
                Ok(StreamableHttpPostResponse::Sse(
                    stream::iter(events).boxed(),
                    session,
                ))
            }
        }
    }

    /// The JSON-RPC error in the body of an HTTP error, as the answer to the request that it belongs to.
    fn error_answer(&self, ask: &Ask, body: &[u8]) -> Option<ServerJsonRpcMessage> {
        ask.id.as_ref()?;
        parse(body).filter(|message| matches!(message, ServerJsonRpcMessage::Error(_)))?;
        let message = parse(self.tap.admit(body).first()?)?;
        Some(correlate(message, ask))
    }

    /// Sends a GET and gives its answer where that is a stream of events.
    async fn stream(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Trouble> {
        let response = self.site.send(request, &Ask::notices()).await?;
        let (status, kind) = (response.status(), kind(&response));
        match kind {
            Kind::Events if status.is_success() => Ok(response),
            _ => Err(Trouble::status(
                &self.site,
                &Ask::notices(),
                false,
                status,
                response.headers(),
                b"",
            )),
        }
    }

    /// Whether a GET of the same URL begins as the transport of 2024-11-05 does, with an `endpoint` event.
    async fn speaks_old_transport(&self) -> bool {
        let probe = async {
            let headers = headers(HashMap::new(), [(ACCEPT, Some(EVENT_STREAM))]);
            let request = self.site.request(Method::GET, headers);
            let response = self.stream(request).await.ok()?;
            EventStream::new(response, Tap::MAX_MESSAGE)
                .next()
                .await?
                .ok()
        };
        let first = tokio::time::timeout(self.site.timeout().min(PROBE), probe).await;
        first
            .ok()
            .flatten()
            .is_some_and(|event| event.event.as_deref() == Some("endpoint"))
    }

    /// The trouble of an answer that broke off.
    fn broken(&self, ask: &Ask, end: &BodyEnd) -> Trouble {
        if let BodyEnd::TooLarge = end {
            self.tap.note_too_large();
        }
        Trouble::broken(ask, end)
    }

    /// Ends the capture with a failure, and gives what rmcp carries to the session.
    fn give_up(&self, trouble: Trouble) -> Refusal {
        self.tap.fail(trouble.failure);
        trouble.refusal
    }
}

/// The headers that rmcp wants, and ours. A value that no header can carry, from a server, is left out.
pub(super) fn headers<const N: usize>(
    custom: HashMap<HeaderName, HeaderValue>,
    ours: [(HeaderName, Option<&str>); N],
) -> HeaderMap {
    let mut headers: HeaderMap = custom.into_iter().collect();
    for (name, value) in ours {
        if let Some(Ok(value)) = value.map(HeaderValue::from_str) {
            headers.insert(name, value);
        }
    }
    headers
}

/// A message of the server, where it is one.
pub(super) fn parse(message: &[u8]) -> Option<ServerJsonRpcMessage> {
    serde_json::from_slice(message).ok()
}

fn text(message: &ServerJsonRpcMessage) -> String {
    serde_json::to_string(message).expect("a message of rmcp is always JSON")
}

/// An error in the body of the answer belongs to the request, whatever id it carries: a server that could not read the
/// request cannot repeat the id.
fn correlate(mut message: ServerJsonRpcMessage, ask: &Ask) -> ServerJsonRpcMessage {
    if let ServerJsonRpcMessage::Error(error) = &mut message {
        error.id = ask.id.clone();
    }
    message
}

#[cfg(test)]
pub(in crate::capture) mod tests;
