//! Captures over the transport of 2024-11-05.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedSender};

use crate::capture::capture;
use crate::capture::http::tests::server::{
    Reply, Seen, Server, TOOLS, failure, spec, told, url_of,
};
use crate::capture::spec::ServerSpec;
use crate::surface::{List, Transport};

/// The stream of the server that is open, if one is.
type Stream = Arc<Mutex<Option<UnboundedSender<String>>>>;

/// Answers as the revision has it: a GET opens the stream, each POST is accepted and answered there.
fn usual(seen: &Seen, stream: &Stream) -> Reply {
    if seen.asks() == "GET" {
        let (sender, chunks) = mpsc::unbounded_channel();
        let hello = ": hello\n\nevent: endpoint\ndata: /messages?session=s3cret\n\n";
        sender.send(hello.to_owned()).expect("a reader");
        *stream.lock().expect("no panic") = Some(sender);
        return Reply::events("").fed_by(chunks);
    }
    if let Some(message) = seen.usual_message() {
        let event = format!("event: message\ndata: {message}\n\n");
        let stream = stream.lock().expect("no panic");
        stream
            .as_ref()
            .expect("opened")
            .send(event)
            .expect("a reader");
    }
    Reply::typed("text/plain", "Accepted").with_status(202)
}

/// A server that answers so, except where the test does.
async fn start(
    answer: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
) -> (Server, Stream) {
    let stream = Stream::default();
    let kept = Arc::clone(&stream);
    let server =
        Server::start(move |seen| answer(seen).unwrap_or_else(|| usual(seen, &stream))).await;
    (server, kept)
}

/// How to capture it over the old transport.
fn sse(server: &Server) -> ServerSpec {
    let mut spec = spec(&server.url.replace("/mcp", "/sse"));
    url_of(&mut spec).transport = Transport::Sse;
    spec
}

#[tokio::test]
async fn answers_arrive_as_sent_and_the_stream_is_closed_at_the_end() {
    let (server, stream) = start(|_| None).await;
    let mut spec = sse(&server);
    url_of(&mut spec).headers = vec![("X-Team".to_owned(), "one".to_owned())];
    let capture = capture(&spec, None)
        .await
        .unwrap_or_else(|failure| panic!("{}", told(&failure)));
    assert_eq!(&*capture.pages[&List::Tools][0], TOOLS);
    assert_eq!(capture.surface.transport, Some(Transport::Sse));
    server.with_seen(|seen| {
        assert!(seen.iter().all(|seen| seen.header("x-team") == "one"));
        assert!(
            seen[1..]
                .iter()
                .all(|seen| seen.path == "/messages?session=s3cret")
        );
    });
    let stream = stream.lock().expect("no panic").take().expect("opened");
    stream.closed().await;
}

#[tokio::test]
async fn messages_are_sent_to_the_same_origin_only() {
    let (other, _) = start(|_| None).await;
    let elsewhere = other.url.clone();
    let (server, _) = start(move |_| {
        Some(Reply::events(format!(
            "event: endpoint\ndata: {elsewhere}?token=s3cret\n\n"
        )))
    })
    .await;
    let failure = failure(&sse(&server)).await;
    let all = told(&failure);
    assert!(
        all.contains("another origin") && all.contains(&other.url),
        "{all}"
    );
    assert!(!all.contains("s3cret"), "{all}");
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn a_stream_that_never_begins_is_given_up() {
    let (server, _) = start(|_| Some(Reply::events("").stalling(": wait\n\n"))).await;
    let mut spec = sse(&server);
    spec.timeout = Duration::from_millis(300);
    let failure = failure(&spec).await;
    assert_eq!(
        failure.cause.as_deref(),
        Some("no `endpoint` event came within 300 ms")
    );
}

#[tokio::test]
async fn what_is_no_such_stream_is_told_apart() {
    type Case = (fn() -> Reply, &'static str, &'static str);
    let cases: [Case; 6] = [
        (
            || Reply::status(405),
            "405 Method Not Allowed on GET",
            "`transport: streamable-http`",
        ),
        (
            || Reply::status(401),
            "401 Unauthorized on GET",
            "headers.Authorization",
        ),
        (
            || Reply::typed("text/html", "<p>"),
            "the answer to GET cannot be used",
            "a web page",
        ),
        (
            || Reply::events("data: {}\n\n"),
            "could not begin a conversation",
            "first event is not `endpoint`",
        ),
        (
            || Reply::events("event: endpoint\ndata: http://\n\n"),
            "could not begin a conversation",
            "names no URL",
        ),
        (
            || Reply::events(""),
            "the stream of the server's messages is not complete",
            "connection ended",
        ),
    ];
    for (reply, message, hint) in cases {
        let (server, _) = start(move |_| Some(reply())).await;
        let failure = failure(&sse(&server)).await;
        assert!(failure.message.starts_with(message), "{}", told(&failure));
        assert!(told(&failure).contains(hint), "{}", told(&failure));
    }
}

#[tokio::test]
async fn a_refused_message_ends_the_capture() {
    let (server, _) = start(|seen| (seen.asks() == "tools/list").then(|| Reply::status(404))).await;
    let failure = failure(&sse(&server)).await;
    assert_eq!(failure.message, "404 Not Found on `tools/list`");
    assert!(!told(&failure).contains("s3cret"), "{}", told(&failure));
}

#[tokio::test]
async fn a_stream_that_ends_early_ends_the_capture() {
    for method in ["initialize", "resources/templates/list"] {
        let stream = Stream::default();
        let server = Server::start(move |seen| {
            if seen.asks() == method {
                *stream.lock().expect("no panic") = None;
                return Reply::status(202);
            }
            usual(seen, &stream)
        })
        .await;
        let failure = failure(&sse(&server)).await;
        assert_eq!(
            failure.message, "the stream of the server's messages is not complete",
            "{method}"
        );
    }
}
