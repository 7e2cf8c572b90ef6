//! A small HTTP server that answers as one test wants and remembers what it was asked.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::capture::spec::{Endpoint, ServerSpec, UrlSpec, VersionChoice};
use crate::capture::{Capture, capture};
use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::surface::Transport;

/// A tool as no library would write it: all of this must arrive.
pub(in crate::capture) const TOOLS: &str =
    r#"{"tools":[{"name":"odd","x":1E2,"big":12345678901234567890123,"b":1,"b":2}]}"#;

/// One request.
pub(in crate::capture) struct Seen {
    pub(in crate::capture) verb: Method,
    pub(in crate::capture) path: String,
    pub(in crate::capture) headers: HeaderMap,
    /// The JSON body, null where there is none.
    pub(in crate::capture) message: Value,
}

impl Seen {
    /// The JSON-RPC method, or the HTTP method where there is no message.
    pub(in crate::capture) fn asks(&self) -> &str {
        self.message["method"]
            .as_str()
            .unwrap_or(self.verb.as_str())
    }

    /// A header, empty where there is none.
    pub(in crate::capture) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// A JSON-RPC message with this result or error that answers the request.
    pub(in crate::capture) fn message_with(&self, member: &str, value: &str) -> String {
        format!(
            r#"{{"jsonrpc":"2.0","id":{},"{member}":{value}}}"#,
            self.message["id"]
        )
    }

    /// What a server with one odd tool answers; nothing to a notification.
    pub(in crate::capture) fn usual_message(&self) -> Option<String> {
        Some(match self.asks() {
            "initialize" => {
                let version = &self.message["params"]["protocolVersion"];
                let result = json!({"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": "s", "version": "1"}});
                self.message_with("result", &result.to_string())
            }
            "tools/list" => self.message_with("result", TOOLS),
            "ping" => self.message_with("result", "{}"),
            _ if self.message["id"].is_null() => return None,
            _ => self.message_with("error", r#"{"code":-32601,"message":"no"}"#),
        })
    }

    /// The usual answer as JSON.
    pub(in crate::capture) fn usual(&self) -> Reply {
        match self.usual_message() {
            Some(message) => Reply::json(message),
            None if self.verb == Method::POST => Reply::status(202),
            None => Reply::status(405),
        }
    }
}

/// One answer.
pub(in crate::capture) struct Reply(Response<UnsyncBoxBody<Bytes, String>>);

impl Reply {
    pub(in crate::capture) fn status(status: u16) -> Self {
        Self::json("").with_status(status)
    }

    pub(in crate::capture) fn json(text: impl Into<String>) -> Self {
        Self::typed("application/json", text)
    }

    pub(in crate::capture) fn events(text: impl Into<String>) -> Self {
        Self::typed("text/event-stream", text)
    }

    pub(in crate::capture) fn typed(kind: &str, text: impl Into<String>) -> Self {
        let body = Full::from(text.into())
            .map_err(|never| match never {})
            .boxed_unsync();
        Self(Response::new(body)).header("content-type", kind)
    }

    pub(in crate::capture) fn with_status(mut self, status: u16) -> Self {
        *self.0.status_mut() = status.try_into().expect("a status");
        self
    }

    pub(in crate::capture) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.0
            .headers_mut()
            .insert(name, value.parse().expect("a header"));
        self
    }

    /// The same head, with a body that sends chunks as they come in and ends with the channel.
    pub(in crate::capture) fn fed_by(self, chunks: mpsc::UnboundedReceiver<String>) -> Self {
        let chunks = stream::unfold(chunks, |mut chunks| async {
            let chunk = chunks.recv().await?;
            Some((Ok(Frame::data(Bytes::from(chunk))), chunks))
        });
        Self(self.0.map(|_| StreamBody::new(chunks).boxed_unsync()))
    }

    /// The same head, with a body that begins so and never ends.
    pub(in crate::capture) fn stalling(self, text: &'static str) -> Self {
        let start = stream::iter([Ok(Frame::data(Bytes::from(text)))]);
        Self(
            self.0
                .map(|_| StreamBody::new(start.chain(stream::pending())).boxed_unsync()),
        )
    }

    /// The same head, with a body of this many megabytes without a length.
    pub(in crate::capture) fn megabytes(self, start: &'static str, count: usize) -> Self {
        let start = stream::iter([Ok(Frame::data(Bytes::from(start)))]);
        let megabyte = Bytes::from(vec![b' '; 1 << 20]);
        let rest = stream::iter(0..count).map(move |_| Ok(Frame::data(megabyte.clone())));
        Self(
            self.0
                .map(|_| StreamBody::new(start.chain(rest)).boxed_unsync()),
        )
    }
}

/// A server on this machine that lives as long as the test.
pub(in crate::capture) struct Server {
    pub(in crate::capture) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Starts it; `answer` decides every answer.
    pub(in crate::capture) async fn start(
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start_closing(u32::MAX, answer).await
    }

    /// Starts one that closes a connection when one more request than these many has come over it.
    pub(in crate::capture) async fn start_closing(
        most: u32,
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/mcp", listener.local_addr().expect("an address"));
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let (record, answer) = (Arc::clone(&seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (record, answer) = (Arc::clone(&record), Arc::clone(&answer));
                let asked = AtomicU32::new(0);
                let service = service_fn(move |request: Request<Incoming>| {
                    let closes = asked.fetch_add(1, Ordering::Relaxed) >= most;
                    let (record, answer) = (Arc::clone(&record), Arc::clone(&answer));
                    async move {
                        let request = read(request).await;
                        if closes {
                            return Err(io::Error::other("closed"));
                        }
                        let Reply(reply) = answer(&request);
                        record.lock().expect("no panic").push(request);
                        Ok(reply)
                    }
                });
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, seen }
    }

    /// What it was asked, in order.
    pub(in crate::capture) fn asked(&self) -> Vec<String> {
        self.with_seen(|seen| seen.iter().map(|seen| seen.asks().to_owned()).collect())
    }

    /// Looks at the requests.
    pub(in crate::capture) fn with_seen<T>(&self, look: impl FnOnce(&[Seen]) -> T) -> T {
        look(&self.seen.lock().expect("no panic"))
    }

    /// How to capture it over streamable HTTP.
    pub(in crate::capture) fn spec(&self) -> ServerSpec {
        spec(&self.url)
    }

    /// Captures it over streamable HTTP.
    pub(in crate::capture) async fn capture(&self) -> Result<Capture, Failure> {
        capture(&self.spec(), None).await
    }

    /// Captures it, which must fail.
    pub(in crate::capture) async fn failure(&self) -> Failure {
        failure(&self.spec()).await
    }
}

/// How to capture a URL over streamable HTTP.
pub(in crate::capture) fn spec(url: &str) -> ServerSpec {
    ServerSpec {
        name: "s".to_owned(),
        endpoint: Endpoint::Url(UrlSpec {
            url: url.to_owned(),
            headers: Vec::new(),
            transport: Transport::StreamableHttp,
        }),
        timeout: Duration::from_secs(20),
        version: VersionChoice::Auto,
        secrets: Secrets::default(),
    }
}

/// The URL part of a specification.
pub(in crate::capture) fn url_of(spec: &mut ServerSpec) -> &mut UrlSpec {
    match &mut spec.endpoint {
        Endpoint::Url(url) => url,
        Endpoint::Command(_) => panic!("no URL"),
    }
}

/// Captures a server, which must fail.
pub(in crate::capture) async fn failure(spec: &ServerSpec) -> Failure {
    match capture(spec, None).await {
        Ok(_) => panic!("a capture that should have failed"),
        Err(failure) => failure,
    }
}

/// All that a failure says.
pub(in crate::capture) fn told(failure: &Failure) -> String {
    let parts =
        [&failure.cause, &failure.body, &failure.next].map(|part| part.clone().unwrap_or_default());
    format!(
        "{}\n{}\n{}",
        failure.message,
        parts.join("\n"),
        failure.notes.join("\n")
    )
}

async fn read(request: Request<Incoming>) -> Seen {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Seen {
        verb: head.method,
        path: head.uri.to_string(),
        headers: head.headers,
        message: serde_json::from_slice(&body).unwrap_or_default(),
    }
}
