//! One conversation with a server: opened one way, asked for results, and ended so that nothing is left behind.

use std::fmt;
use std::time::Duration;

use rmcp::RoleClient;
use rmcp::model::{ClientRequest, CustomRequest, ErrorData, ProtocolVersion, RequestId};
use rmcp::service::{
    ClientInitializeError, ClientLifecycleMode, ClientServiceExt, PeerRequestOptions,
    RunningService, ServiceError,
};
use rmcp::transport::IntoTransport;
use rmcp::transport::async_rw::AsyncRwTransport;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::client::Client;
use super::lines::TappedLines;
use super::process::ServerProcess;
use super::revision::{Opening, is_known, known};
use super::spec::{CommandSpec, Endpoint, ServerSpec};
use super::tap::Tap;
use super::{for_people, http, sse};
use crate::failure::Failure;
use crate::surface::Transport;

/// How long the end of a conversation may take before it is cut off.
const FAREWELL: Duration = Duration::from_secs(1);

/// JSON-RPC codes by which a server says that it does not know the method or the revision.
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const UNSUPPORTED_VERSION: i32 = -32022;

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

/// A server's word that it does not speak this way.
pub(super) struct Refusal {
    /// What it was asked.
    pub(super) opening: Opening,
    /// The revisions it says it has.
    pub(super) supported: Vec<String>,
    /// What it said.
    pub(super) failure: Failure,
}

/// Why a request has no result.
pub(super) enum RequestError {
    /// The server answered with a JSON-RPC error.
    Answered { code: i64, message: String },
    /// No answer came in time.
    TimedOut(Duration),
    /// The connection broke.
    Broken(String),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { code, message } => {
                write!(f, "the server answered with error {code}: {message}")
            }
            Self::TimedOut(limit) => write!(f, "it was not answered within {}", for_people(*limit)),
            Self::Broken(reason) => f.write_str(reason),
        }
    }
}

/// How a handshake failed.
enum HandshakeError {
    TimedOut(Duration),
    Rmcp(Box<ClientInitializeError>),
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
                return Self::not_opened(spec, opening, &tap, process, error)
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
        let request = ClientRequest::CustomRequest(CustomRequest::new(method, params));
        let sent = std::time::Instant::now();
        let options = PeerRequestOptions::with_timeout(self.timeout);
        let (id, outcome) = match self
            .service
            .send_request_with_option(request, options)
            .await
        {
            Ok(handle) => (handle.id.clone(), handle.await_response().await),
            Err(error) => return Err(self.broken(&error)),
        };
        let answer = if let RequestId::Number(id) = id {
            self.tap.take_answer(id)
        } else {
            None
        };
        match (answer.map(|answer| (answer.body, answer.arrived)), outcome) {
            (Some((Ok(result), arrived)), _) => {
                Ok((result, micros(arrived.saturating_duration_since(sent))))
            }
            (Some((Err(error), _)), _) => Err(answered(&error)),
            (None, Err(ServiceError::McpError(error))) => Err(RequestError::Answered {
                code: error.code.0.into(),
                message: error.message.into_owned(),
            }),
            (None, Err(ServiceError::Timeout { timeout })) if !self.tap.failed() => {
                Err(RequestError::TimedOut(timeout))
            }
            (None, Err(error)) => Err(self.broken(&error)),
            (None, Ok(_)) => Err(RequestError::Broken("its answer was lost".to_owned())),
        }
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
            ServiceError::TransportClosed => "the connection was closed".to_owned(),
            other => other.to_string(),
        })
    }

    /// Tells a refusal, which allows another try, from a failure, which does not.
    async fn not_opened(
        spec: &ServerSpec,
        opening: Opening,
        tap: &Tap,
        process: Option<ServerProcess>,
        error: HandshakeError,
    ) -> Result<Refusal, Failure> {
        let method = opening.method();
        let failure = Failure::new(
            "capture",
            format!("could not open a conversation with `{}`", spec.name),
        );
        let error = match error {
            HandshakeError::Rmcp(error) => *error,
            HandshakeError::TimedOut(limit) => {
                let failure = failure
                    .cause(format!("`{method}` was not answered within {}", for_people(limit)))
                    .next("if the server is slow to start, raise `timeout` in the configuration or pass --timeout");
                return Err(
                    with_last_words(tap.take_failure().unwrap_or(failure), process, tap).await,
                );
            }
        };
        let failure = match error {
            ClientInitializeError::JsonRpcError(error) => {
                let supported = supported_versions(&error);
                let failure = failure
                    .cause(format!(
                        "`{method}` was answered with error {}: {}",
                        error.code.0, error.message
                    ))
                    .next("check that the server speaks MCP, and what it wrote to its log");
                if is_refusal(&error, &supported) && !tap.failed() {
                    return Ok(Refusal {
                        opening,
                        supported,
                        failure,
                    });
                }
                failure
            }
            ClientInitializeError::NoCompatibleProtocolVersion {
                server_supported, ..
            } => {
                let supported: Vec<String> =
                    server_supported.iter().map(ToString::to_string).collect();
                let failure = failure.cause(format!(
                    "`{method}` was answered with {}",
                    supported.join(", ")
                ));
                return Ok(Refusal {
                    opening,
                    supported,
                    failure,
                });
            }
            ClientInitializeError::ConnectionClosed(_) => {
                return Err(Self::closed_early(spec, method, tap, process).await);
            }
            ClientInitializeError::ExpectedInitResult(_)
            | ClientInitializeError::ExpectedInitResponse(_) => failure
                .cause(format!(
                    "`{method}` was answered with something else: no protocol version stands in it"
                ))
                .next("check that the server speaks MCP"),
            error => failure
                .cause(error)
                .next("check that the server speaks MCP"),
        };
        let failure = tap.take_failure().unwrap_or(failure);
        Err(with_last_words(failure, process, tap).await)
    }

    async fn closed_early(
        spec: &ServerSpec,
        method: &str,
        tap: &Tap,
        mut process: Option<ServerProcess>,
    ) -> Failure {
        let failure = Failure::new("capture", format!("could not start `{}`", spec.name));
        let failure = match &mut process {
            Some(process) => failure.cause(match process.ended().await {
                Some(status) => format!("it ended before it answered `{method}` ({status})"),
                None => format!("it closed its output before it answered `{method}`"),
            }),
            None => failure.cause(format!(
                "the connection was closed before `{method}` was answered"
            )),
        };
        let failure = failure.next(match &spec.endpoint {
            Endpoint::Command(command) => format!(
                "run it yourself: {}",
                spec.secrets.redact(&command_line(command))
            ),
            Endpoint::Url(_) => "check that the server is up and speaks MCP".to_owned(),
        });
        with_last_words(tap.take_failure().unwrap_or(failure), process, tap).await
    }
}

/// Lets rmcp open the conversation on a transport.
async fn serve<T, E, A>(
    transport: T,
    opening: Opening,
    deadline: Instant,
) -> Result<RunningService<RoleClient, Client>, HandshakeError>
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    let version: ProtocolVersion =
        serde_json::from_value(opening.version().into()).expect("a version is a string");
    let mode = match opening {
        Opening::Initialize(_) => ClientLifecycleMode::Initialize,
        Opening::Discover(_) => ClientLifecycleMode::Discover {
            preferred_versions: vec![version.clone()],
        },
    };
    let limit = deadline.saturating_duration_since(Instant::now());
    match timeout_at(
        deadline,
        Client { version }.serve_with_lifecycle(transport, mode),
    )
    .await
    {
        Ok(result) => result.map_err(|error| HandshakeError::Rmcp(Box::new(error))),
        Err(_) => Err(HandshakeError::TimedOut(limit)),
    }
}

fn is_refusal(error: &ErrorData, supported: &[String]) -> bool {
    match error.code.0 {
        METHOD_NOT_FOUND | UNSUPPORTED_VERSION => true,
        INVALID_PARAMS => !supported.is_empty(),
        _ => false,
    }
}

/// The revisions in the data of an error, as the specification of `initialize` and of -32022 has them.
fn supported_versions(error: &ErrorData) -> Vec<String> {
    let listed = error
        .data
        .as_ref()
        .and_then(|data| data.get("supported"))
        .and_then(Value::as_array);
    listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
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

async fn with_last_words(failure: Failure, process: Option<ServerProcess>, tap: &Tap) -> Failure {
    let mut failure = tap.notes().into_iter().fold(failure, Failure::note);
    if let Some(process) = process {
        let words = process.last_words().await;
        if !words.trim().is_empty() && failure.body.is_none() {
            failure.body = Some(tap.redact(&words));
        }
    }
    failure
}

fn cannot_start(spec: &ServerSpec, command: &CommandSpec, error: &std::io::Error) -> Failure {
    let program = spec.secrets.redact(&command.program).into_owned();
    let failure = Failure::new("capture", format!("could not start `{}`", spec.name));
    match (error.kind(), &command.cwd) {
        (std::io::ErrorKind::NotFound, Some(folder)) if !folder.is_dir() => failure
            .cause(format!("there is no folder `{}`", folder.display()))
            .next("mend `cwd` in the configuration"),
        (std::io::ErrorKind::NotFound, _) => failure
            .cause(format!("there is no command `{program}`"))
            .next("check the spelling, and that it is installed and in PATH"),
        _ => failure
            .cause(format!("`{program}`: {error}"))
            .next("check that it is a program that may be run"),
    }
}

fn command_line(command: &CommandSpec) -> String {
    shell_words::join(std::iter::once(&command.program).chain(&command.args))
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
