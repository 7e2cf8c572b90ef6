//! One conversation with a server: opened one way, asked for results, and ended so that nothing is left behind.

use std::fmt;
use std::time::Duration;

use rmcp::RoleClient;
use rmcp::model::{ClientRequest, CustomRequest, RequestId};
use rmcp::service::{PeerRequestOptions, RunningService, ServiceError};
use rmcp::transport::async_rw::AsyncRwTransport;
use serde_json::Value;
use tokio::time::Instant;

use super::client::Client;
use super::handshake::{Refusal, cannot_start, not_opened, serve};
use super::lines::TappedLines;
use super::process::ServerProcess;
use super::revision::{Opening, is_known, known};
use super::spec::{Endpoint, ServerSpec};
use super::tap::{Spoilt, Tap};
use super::{for_people, http, sse};
use crate::failure::Failure;
use crate::surface::Transport;

/// How long the end of a conversation may take before it is cut off.
const FAREWELL: Duration = Duration::from_secs(1);

/// A conversation that is open.
pub(super) struct Connection {
    /// Where the server is.
    pub(super) endpoint: Endpoint,
    /// How the conversation began.
    pub(super) opening: Opening,
    /// The revision that was agreed on.
    pub(super) version: String,
    /// The result of the handshake, byte for byte.
    pub(super) handshake: Box<str>,
    /// Microseconds from the start to the answer of the handshake.
    pub(super) connect: u64,
    /// What the server sent.
    pub(super) tap: Tap,
    timeout: Duration,
    service: RunningService<RoleClient, Client>,
    process: Option<ServerProcess>,
}

/// Why a request has no result.
pub(super) enum RequestError {
    /// The server answered with a JSON-RPC error.
    Answered { code: i64, message: String },
    /// The server answered with an HTTP status and no JSON-RPC error.
    Status(u16),
    /// No answer came in time.
    TimedOut(Duration),
    /// The answer is larger than [`Tap::MAX_MESSAGE`]. Only while tools are called: else it ends the capture.
    TooLarge,
    /// The answer cannot be read. Only while tools are called.
    Illegible(String),
    /// The connection broke.
    Broken(String),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { code, message } => {
                write!(f, "the server answered with error {code}: {message}")
            }
            Self::Status(status) => write!(f, "the server answered with HTTP status {status}"),
            Self::TimedOut(limit) => write!(f, "it was not answered within {}", for_people(*limit)),
            Self::TooLarge => {
                let limit = Tap::MAX_MESSAGE >> 20;
                write!(f, "its answer is larger than {limit} MiB")
            }
            Self::Illegible(reason) | Self::Broken(reason) => f.write_str(reason),
        }
    }
}

impl From<Spoilt> for RequestError {
    fn from(spoilt: Spoilt) -> Self {
        match spoilt {
            Spoilt::TooLarge => Self::TooLarge,
            Spoilt::NotText => Self::Illegible("its answer is not UTF-8".to_owned()),
        }
    }
}

impl Connection {
    /// Starts or reaches the server and opens the conversation.
    ///
    /// # Errors
    /// The outer error ends the capture; the inner one allows another try.
    pub(super) async fn open(
        spec: &ServerSpec,
        opening: Opening,
        deadline: Instant,
    ) -> Result<Result<Self, Refusal>, Failure> {
        let tap = Tap::new(spec.secrets.clone());
        let began = std::time::Instant::now();
        let deadline = deadline.min(Instant::now() + spec.timeout.saturating_mul(2));
        let mut process = None;
        let served = match &spec.endpoint {
            Endpoint::Command(command) => {
                let (started, stdout, stdin) = ServerProcess::start(command)
                    .map_err(|error| cannot_start(spec, command, &error))?;
                process = Some(started);
                let lines = TappedLines::new(stdout, tap.clone());
                serve(
                    AsyncRwTransport::new_client(lines, stdin),
                    opening,
                    deadline,
                )
                .await
            }
            Endpoint::Url(url) if url.transport == Transport::Sse => {
                let transport = sse::connect(url, &spec.secrets, tap.clone(), spec.timeout).await?;
                serve(transport, opening, deadline).await
            }
            Endpoint::Url(url) => {
                serve(
                    http::connect(url, &spec.secrets, tap.clone(), spec.timeout)?,
                    opening,
                    deadline,
                )
                .await
            }
        };
        let service = match served {
            Ok(service) => service,
            Err(error) => {
                return not_opened(spec, opening, &tap, process, error)
                    .await
                    .map(Err);
            }
        };
        let answer = tap
            .take_handshake()
            .expect("rmcp only sees an answer that the tap has kept");
        let handshake = answer.body.expect("an error is no handshake");
        let version = service
            .peer_info()
            .map(|info| info.protocol_version.to_string())
            .unwrap_or_default();
        let connection = Self {
            endpoint: spec.endpoint.clone(),
            opening,
            version,
            handshake,
            connect: micros(answer.arrived.saturating_duration_since(began)),
            tap,
            timeout: spec.timeout,
            service,
            process,
        };
        match connection.wrong_version(spec) {
            Some(failure) => Err(connection.give_up(failure).await),
            None => Ok(Ok(connection)),
        }
    }

    /// Asks for a result and gives its bytes, with the microseconds until they had come.
    pub(super) async fn request(
        &mut self,
        method: &str,
        params: Option<Value>,
    ) -> Result<(Box<str>, u64), RequestError> {
        self.request_within(method, params, self.timeout).await
    }

    /// Asks for a result that must come within a time. One that does not is cancelled as the protocol has it.
    pub(super) async fn request_within(
        &mut self,
        method: &str,
        params: Option<Value>,
        limit: Duration,
    ) -> Result<(Box<str>, u64), RequestError> {
        let request = ClientRequest::CustomRequest(CustomRequest::new(method, params));
        self.tap.forget_answers();
        let sent = std::time::Instant::now();
        let options = PeerRequestOptions::with_timeout(limit);
        let handle = match self
            .service
            .send_request_with_option(request, options)
            .await
        {
            Ok(handle) => handle,
            Err(error) => return Err(self.broken(&error)),
        };
        let id = handle.id.clone();
        let outcome = tokio::select! {
            biased;
            outcome = handle.await_response() => outcome,
            spoilt = self.tap.spoilt() => return Err(spoilt.into()),
            // A server that reads nothing takes no cancellation either.
            () = tokio::time::sleep(limit + FAREWELL) => return Err(RequestError::TimedOut(limit)),
        };
        let answer = if let RequestId::Number(id) = id {
            self.tap.take_answer(id)
        } else {
            None
        };
        if answer.is_none()
            && let Some(spoilt) = self.tap.take_spoilt()
        {
            return Err(spoilt.into());
        }
        match (answer.map(|answer| (answer.body, answer.arrived)), outcome) {
            (Some((Ok(result), arrived)), _) => {
                Ok((result, micros(arrived.saturating_duration_since(sent))))
            }
            (Some((Err(error), _)), _) => Err(answered(&error)),
            // rmcp makes up such an error of its own where the answer broke off.
            (None, Err(ServiceError::McpError(error))) if !self.tap.failed() => {
                Err(RequestError::Answered {
                    code: error.code.0.into(),
                    message: error.message.into_owned(),
                })
            }
            (None, Err(ServiceError::Timeout { timeout })) if !self.tap.failed() => {
                Err(RequestError::TimedOut(timeout))
            }
            (None, Err(ServiceError::TransportSend(error))) => {
                match http::Refusal::within(&error).and_then(|refusal| refusal.status) {
                    Some(status) => Err(RequestError::Status(status)),
                    None => Err(RequestError::Broken(error.to_string())),
                }
            }
            (None, Err(error)) => Err(self.broken(&error)),
            (None, Ok(_)) => Err(RequestError::Broken("its answer was lost".to_owned())),
        }
    }

    /// What the reader should know about the messages.
    pub(super) fn notes(&self) -> Vec<String> {
        self.tap.notes(channel(self.process.as_ref()))
    }

    /// Asks for a sign of life, where the revision has `ping`; gives microseconds. No answer is no error.
    pub(super) async fn ping(&mut self) -> Option<u64> {
        match self.opening {
            Opening::Initialize(_) => self
                .request("ping", None)
                .await
                .ok()
                .map(|(_, latency)| latency),
            Opening::Discover(_) => None,
        }
    }

    /// Ends the conversation as the protocol has it.
    pub(super) async fn end(mut self) {
        let _ = self.service.close_with_timeout(FAREWELL).await;
        if let Some(process) = self.process {
            process.end().await;
        }
    }

    /// Ends the conversation at once and adds to the failure what is known of its cause.
    pub(super) async fn give_up(mut self, failure: Failure) -> Failure {
        let failure = self.tap.take_failure().unwrap_or(failure);
        let _ = self.service.close_with_timeout(FAREWELL).await;
        with_last_words(failure, self.process, &self.tap).await
    }

    /// Ends a conversation on which nothing comes any more, at once.
    pub(super) async fn kill(mut self) {
        if let Some(process) = self.process.take() {
            let _ = process.last_words().await;
        }
        let _ = self.service.close_with_timeout(FAREWELL).await;
    }

    /// What is wrong with the revision that the server answered with: rmcp takes anything.
    fn wrong_version(&self, spec: &ServerSpec) -> Option<Failure> {
        let version = &self.version;
        let failure = Failure::new(
            "capture",
            format!("could not agree with `{}` on a protocol version", spec.name),
        );
        if !is_known(version) {
            return Some(
                failure
                    .cause(format!(
                        "it answered `{}` with version `{version}`, which nobody knows",
                        self.opening.method()
                    ))
                    .next(format!(
                        "this version of bellwether knows {}",
                        known().collect::<Vec<_>>().join(", ")
                    )),
            );
        }
        let pinned = matches!(spec.version, super::VersionChoice::Pinned(_));
        (pinned && version != self.opening.version()).then(|| {
            failure
                .cause(format!(
                    "it was asked for {} and answered with {version}",
                    self.opening.version()
                ))
                .next("pass `--protocol-version auto`, or the version it answered with")
        })
    }

    fn broken(&self, error: &ServiceError) -> RequestError {
        RequestError::Broken(match error {
            ServiceError::TransportClosed if self.process.is_some() => {
                "the server closed its output".to_owned()
            }
            ServiceError::TransportSend(_) if self.process.is_some() => {
                "the server closed its input".to_owned()
            }
            ServiceError::TransportClosed => "the connection was closed".to_owned(),
            other => other.to_string(),
        })
    }
}

fn answered(error: &str) -> RequestError {
    #[derive(serde::Deserialize)]
    struct Body {
        code: i64,
        #[serde(default)]
        message: String,
    }
    match serde_json::from_str::<Body>(error) {
        Ok(Body { code, message }) => RequestError::Answered { code, message },
        Err(_) => {
            RequestError::Broken("the server answered with an error that has no code".to_owned())
        }
    }
}

/// What messages come over, for people.
pub(super) fn channel(process: Option<&ServerProcess>) -> &'static str {
    if process.is_some() {
        "stdout"
    } else {
        "the connection"
    }
}

/// Ends the child and adds to a failure what it last said.
pub(super) async fn with_last_words(
    failure: Failure,
    process: Option<ServerProcess>,
    tap: &Tap,
) -> Failure {
    let mut failure = tap
        .notes(channel(process.as_ref()))
        .into_iter()
        .fold(failure, Failure::note);
    if let Some(process) = process {
        let words = process.last_words().await;
        if !words.trim().is_empty() && failure.body.is_none() {
            failure.body = Some(tap.redact(&words));
        }
    }
    failure
}

/// A duration in microseconds.
pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
