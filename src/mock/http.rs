//! The recording over streamable HTTP, for any number of clients at once.
//!
//! Revisions with a handshake get sessions (2025-03-26 and later), 2026-07-28 gets its header checks. There is
//! nothing to stream, so a GET is refused and an answer is JSON unless the client takes events only.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderName, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming as RequestBody};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::message::{Body, HEADER_MISMATCH, Incoming, METHOD_NOT_FOUND, Message, Reply, Request};
use super::{Outgoing, Script, VERSION_KEY};

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 4 << 20;

/// How many sessions are remembered; the oldest goes first.
const MAX_SESSIONS: usize = 1024;

const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");

type Response = http::Response<Full<Bytes>>;

/// Serves until the process is asked to end. `ready` is told the address once connections are taken.
///
/// # Errors
/// An address that cannot be listened on.
pub async fn serve(
    script: Script,
    address: SocketAddr,
    ready: impl FnOnce(SocketAddr) -> io::Result<()>,
) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    let asked_to_end = asked_to_end()?;
    ready(listener.local_addr()?)?;
    let server = Arc::new(Server {
        script,
        sessions: Mutex::default(),
    });
    let accept = async {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Too many open files, or a client that left already. Both pass.
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            };
            // A list in several packets must not wait for the client's acknowledgement of the first.
            let _ = stream.set_nodelay(true);
            let server = Arc::clone(&server);
            let service = service_fn(move |request| {
                let server = Arc::clone(&server);
                async move { Ok::<_, Infallible>(server.respond(request).await) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    };
    tokio::select! {
        () = accept => {}
        () = asked_to_end => {}
    }
    Ok(())
}

/// Takes over the signals at once, so that none is lost between `ready` and the first wait.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

struct Server {
    script: Script,
    sessions: Mutex<VecDeque<String>>,
}

impl Server {
    async fn respond(&self, request: http::Request<RequestBody>) -> Response {
        let (head, body) = request.into_parts();
        let refused = if !is_local(head.headers.get(ORIGIN)) {
            // A page in a browser must not reach a server on this machine (DNS rebinding).
            Some(plain(
                StatusCode::FORBIDDEN,
                "only pages of this machine may ask",
            ))
        } else if head.method == Method::DELETE && self.has_sessions() {
            Some(self.end_session(&head.headers))
        } else if head.method != Method::POST {
            let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "POST a message");
            let allowed = if self.has_sessions() {
                "POST, DELETE"
            } else {
                "POST"
            };
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static(allowed));
            Some(response)
        } else if !is_json(&head.headers) {
            Some(plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Content-Type is not application/json",
            ))
        } else {
            None
        };
        if let Some(response) = refused {
            return response;
        }
        let Some(form) = Form::of(&head.headers) else {
            return plain(
                StatusCode::NOT_ACCEPTABLE,
                "Accept names neither application/json nor text/event-stream",
            );
        };
        match Limited::new(body, MAX_BODY).collect().await {
            Ok(body) => self.post(&head.headers, form, &body.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is over 4 MiB")
            }
            Err(_) => plain(StatusCode::BAD_REQUEST, "the body broke off"),
        }
    }

    fn post(&self, headers: &HeaderMap, form: Form, body: &[u8]) -> Response {
        let incoming = Incoming::read(body);
        if self.script.is_stateless() {
            return self.post_stateless(headers, form, incoming);
        }
        let opens = matches!(&incoming, Incoming::One(Message::Request(request)) if request.method == "initialize");
        if !opens && let Some(refused) = self.refuse_outsider(headers) {
            return refused;
        }
        let status = match &incoming {
            Incoming::One(Message::Wrong(_)) => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        };
        let mut response = match self.script.answer(incoming) {
            Some(answer) => form.response(status, &answer),
            None => accepted(),
        };
        if opens && self.has_sessions() {
            let id = HeaderValue::try_from(self.open_session()).expect("hexadecimal is ASCII");
            response.headers_mut().insert(SESSION_ID, id);
        }
        response
    }

    /// The rules of 2026-07-28: headers repeat the message, and the status repeats the error.
    fn post_stateless(&self, headers: &HeaderMap, form: Form, incoming: Incoming) -> Response {
        let mut malformed = matches!(&incoming, Incoming::One(Message::Wrong(_)));
        if let Incoming::One(Message::Request(request)) = &incoming {
            if let Some(body) = self.header_mismatch(headers, request) {
                let reply = Reply::new(request.id.clone(), body);
                return form.response(StatusCode::BAD_REQUEST, &Outgoing::One(reply));
            }
            malformed = self.script.refusal(request).is_some();
        }
        let Some(answer) = self.script.answer(incoming) else {
            return accepted();
        };
        let status = match &answer {
            _ if malformed => StatusCode::BAD_REQUEST,
            Outgoing::One(reply) if reply.error_code() == Some(METHOD_NOT_FOUND) => {
                StatusCode::NOT_FOUND
            }
            _ => StatusCode::OK,
        };
        form.response(status, &answer)
    }

    fn header_mismatch(&self, headers: &HeaderMap, request: &Request) -> Option<Body<'static>> {
        let header = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let revision = self.script.revision();
        let message = match (header(&PROTOCOL_VERSION), header(&METHOD)) {
            (None, _) => {
                format!("no MCP-Protocol-Version header; this server speaks {revision} alone")
            }
            (_, None) => "no Mcp-Method header".to_owned(),
            (_, Some(method)) if method != request.method => {
                "the Mcp-Method header is not the method of the message".to_owned()
            }
            (version, _) => {
                let said = request.meta(VERSION_KEY).and_then(|said| said.as_str());
                if said.is_none() || said == version {
                    return None;
                }
                "the MCP-Protocol-Version header is not the revision in `_meta`".to_owned()
            }
        };
        Some(Body::error(
            HEADER_MISMATCH,
            format!("Header mismatch: {message}"),
        ))
    }

    /// Sessions came with streamable HTTP and went with the handshake.
    fn has_sessions(&self) -> bool {
        !self.script.is_stateless() && self.script.revision() != "2024-11-05"
    }

    fn refuse_outsider(&self, headers: &HeaderMap) -> Option<Response> {
        if !self.has_sessions() {
            return None;
        }
        let Some(id) = headers.get(SESSION_ID) else {
            return Some(plain(
                StatusCode::BAD_REQUEST,
                "no Mcp-Session-Id header; begin with `initialize`",
            ));
        };
        if !self.sessions().iter().any(|known| *id == **known) {
            return Some(plain(StatusCode::NOT_FOUND, "no such session"));
        }
        let revision = self.script.revision();
        // Before 2025-06-18 there was no such header.
        let version = headers
            .get(PROTOCOL_VERSION)
            .filter(|_| revision != "2025-03-26");
        version.filter(|version| *version != revision).map(|_| {
            plain(
                StatusCode::BAD_REQUEST,
                "another MCP-Protocol-Version was agreed",
            )
        })
    }

    fn open_session(&self) -> String {
        let mut id = String::with_capacity(32);
        for _ in 0..2 {
            // The standard library's source of keys that nobody can guess.
            let random = RandomState::new().build_hasher().finish();
            write!(id, "{random:016x}").expect("a string takes all text");
        }
        let mut sessions = self.sessions();
        if sessions.len() == MAX_SESSIONS {
            sessions.pop_front();
        }
        sessions.push_back(id.clone());
        id
    }

    fn end_session(&self, headers: &HeaderMap) -> Response {
        if let Some(refused) = self.refuse_outsider(headers) {
            return refused;
        }
        let id = headers.get(SESSION_ID);
        self.sessions()
            .retain(|known| id.is_none_or(|id| *id != **known));
        plain(StatusCode::OK, "")
    }

    fn sessions(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How an answer is wrapped.
#[derive(Clone, Copy)]
enum Form {
    Json,
    Events,
}

impl Form {
    /// JSON wherever the client takes it, as without a header; nothing where it takes neither.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let mut accepted = headers
            .get_all(ACCEPT)
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(media_type)
            .peekable();
        if accepted.peek().is_none() {
            return Some(Self::Json);
        }
        let mut form = None;
        for range in accepted {
            match range.as_str() {
                "application/json" | "application/*" | "*/*" => return Some(Self::Json),
                "text/event-stream" | "text/*" => form = Some(Self::Events),
                _ => {}
            }
        }
        form
    }

    fn response(self, status: StatusCode, answer: &Outgoing<'_>) -> Response {
        let json = serde_json::to_string(answer).expect("a JSON value is always JSON text");
        match self {
            Self::Json => respond(status, "application/json", json),
            // JSON on one line is one `data:` line.
            Self::Events => respond(
                status,
                "text/event-stream",
                format!("event: message\ndata: {json}\n\n"),
            ),
        }
    }
}

/// Whether a request comes from a page of this machine, or from no page at all.
fn is_local(origin: Option<&HeaderValue>) -> bool {
    let Some(origin) = origin else { return true };
    let uri = origin.to_str().ok().and_then(|origin| origin.parse().ok());
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value.is_some_and(|value| media_type(value) == "application/json")
}

/// A media type without its parameters.
fn media_type(value: &str) -> String {
    let name = value.split(';').next().unwrap_or_default();
    name.trim().to_ascii_lowercase()
}

fn accepted() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    respond(status, "text/plain; charset=utf-8", text.to_owned())
}

fn respond(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
