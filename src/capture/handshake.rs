//! How a conversation begins: what the server said to `initialize` or `server/discover`, and what to make of it where
//! that was no agreement.

use rmcp::RoleClient;
use rmcp::model::{ErrorData, ProtocolVersion};
use rmcp::service::{ClientInitializeError, ClientLifecycleMode, ClientServiceExt, RunningService};
use rmcp::transport::IntoTransport;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::client::Client;
use super::connection::with_last_words;
use super::for_people;
use super::http;
use super::process::ServerProcess;
use super::revision::Opening;
use super::spec::{CommandSpec, Endpoint, ServerSpec};
use super::tap::Tap;
use crate::failure::Failure;
use crate::files;

/// JSON-RPC codes by which a server says that it does not know the method or the revision.
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const UNSUPPORTED_VERSION: i32 = -32022;
/// What a server of 2026-07-28 says over HTTP to a request without its headers, as `initialize` is.
const HEADER_MISMATCH: i32 = -32020;

/// A server's word that it does not speak this way.
pub(super) struct Refusal {
    /// What it was asked.
    pub(super) opening: Opening,
    /// The revisions it says it has.
    pub(super) supported: Vec<String>,
    /// What it said.
    pub(super) failure: Failure,
}

/// How a handshake failed.
pub(super) enum HandshakeError {
    TimedOut,
    Rmcp(Box<ClientInitializeError>),
}

/// Lets rmcp open the conversation on a transport.
pub(super) async fn serve<T, E, A>(
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
    match timeout_at(
        deadline,
        Client { version }.serve_with_lifecycle(transport, mode),
    )
    .await
    {
        Ok(result) => result.map_err(|error| HandshakeError::Rmcp(Box::new(error))),
        Err(_) => Err(HandshakeError::TimedOut),
    }
}

/// Tells a refusal, which allows another try, from a failure, which does not.
pub(super) async fn not_opened(
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
        HandshakeError::TimedOut => {
            let limit = spec.timeout.saturating_mul(2);
            let failure = failure
                .cause(format!("`{method}` was not answered within {}", for_people(limit)))
                .next("if the server is slow to start, raise `timeout` in the configuration or pass --timeout");
            return Err(with_last_words(tap.take_failure().unwrap_or(failure), process, tap).await);
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
            if is_refusal(opening, &error, &supported) && !tap.failed() {
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
            let supported: Vec<String> = server_supported.iter().map(ToString::to_string).collect();
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
            return Err(closed_early(spec, method, tap, process).await);
        }
        // To a child, all that can fail in sending is a pipe that nobody reads any more.
        ClientInitializeError::TransportError { .. } if process.is_some() => {
            return Err(closed_early(spec, method, tap, process).await);
        }
        ClientInitializeError::ExpectedInitResult(_)
        | ClientInitializeError::ExpectedInitResponse(_) => failure
            .cause(format!(
                "`{method}` was answered with something else: no protocol version stands in it"
            ))
            .next("check that the server speaks MCP"),
        error => {
            let refusal = http::Refusal::of(&error);
            let failure = tap.take_failure().unwrap_or_else(|| {
                failure
                    .cause(error)
                    .next("check that the server speaks MCP")
            });
            if refusal.is_some_and(|refusal| refusal.allows_another_opening(opening)) {
                return Ok(Refusal {
                    opening,
                    supported: Vec::new(),
                    failure,
                });
            }
            failure
        }
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
            None => format!("it closed its input or output before it answered `{method}`"),
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

fn is_refusal(opening: Opening, error: &ErrorData, supported: &[String]) -> bool {
    match error.code.0 {
        // A server that has `initialize` may say anything to what came before it.
        _ if matches!(opening, Opening::Discover(_)) => true,
        METHOD_NOT_FOUND | UNSUPPORTED_VERSION | HEADER_MISMATCH => true,
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

/// The failure of a program that the system does not start.
pub(super) fn cannot_start(
    spec: &ServerSpec,
    command: &CommandSpec,
    error: &std::io::Error,
) -> Failure {
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
            .cause(format!("`{program}`: {}", files::reason(error)))
            .next("check that it is a program that may be run"),
    }
}

fn command_line(command: &CommandSpec) -> String {
    shell_words::join(std::iter::once(&command.program).chain(&command.args))
}
