//! Captures over streamable HTTP from servers that answer in every way that is allowed, and some that are not.

mod calls;
mod refusals;
pub(in crate::capture) mod server;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::Method;
use serde_json::json;

use super::super::capture;
use crate::surface::{List, Surface};
use server::{Reply, Server, TOOLS, failure, told, url_of};

/// The single page of tools.
async fn tools(server: &Server) -> String {
    let capture = server
        .capture()
        .await
        .unwrap_or_else(|failure| panic!("{}", told(&failure)));
    capture.pages[&List::Tools][0].to_string()
}

#[tokio::test]
async fn json_answers_arrive_as_sent_in_a_session_that_is_ended() {
    let server = Server::start(|seen| match seen.asks() {
        "initialize" => seen.usual().header("mcp-session-id", "abc"),
        _ => seen.usual(),
    })
    .await;
    let mut spec = server.spec();
    url_of(&mut spec).headers = vec![
        ("X-Team".to_owned(), "one".to_owned()),
        ("X-Team".to_owned(), "two".to_owned()),
    ];
    let capture = capture(&spec, None)
        .await
        .unwrap_or_else(|failure| panic!("{}", told(&failure)));
    assert_eq!(&*capture.pages[&List::Tools][0], TOOLS);
    server.with_seen(|seen| {
        for request in seen {
            let values: Vec<_> = request.headers.get_all("x-team").iter().collect();
            assert_eq!(values, ["one", "two"], "{}", request.asks());
            assert!(request.header("user-agent").starts_with("bellwether/"));
        }
        let (first, later) = seen.split_first().expect("requests");
        assert_eq!(
            (first.asks(), first.header("mcp-session-id")),
            ("initialize", "")
        );
        assert!(
            later
                .iter()
                .all(|seen| seen.header("mcp-session-id") == "abc")
        );
        assert!(
            later
                .iter()
                .all(|seen| seen.header("mcp-protocol-version") == "2025-11-25")
        );
        assert_eq!(later.last().expect("requests").verb, Method::DELETE);
    });
}

#[tokio::test]
async fn a_request_on_a_connection_that_the_server_then_closes_is_sent_again() {
    let server = Server::start_closing(1, |seen| match seen.asks() {
        "initialize" => seen.usual().header("mcp-session-id", "abc"),
        _ => seen.usual(),
    })
    .await;
    assert_eq!(tools(&server).await, TOOLS);
}

#[tokio::test]
async fn answers_in_events_arrive_as_sent() {
    let server = Server::start(|seen| match seen.usual_message() {
        Some(message) => {
            let (start, end) = message.split_once(',').expect("members");
            Reply::events(format!(
                ": hello\r\n\r\nevent: ping\r\ndata: {{\"jsonrpc\":1}}\r\n\r\nevent: message\r\ndata: {start},\r\ndata:{end}\r\n\r\n"
            ))
        }
        None => seen.usual(),
    })
    .await;
    assert_eq!(tools(&server).await, TOOLS);
}

#[tokio::test]
async fn a_batch_is_taken_apart_and_a_change_in_it_is_seen() {
    let asked = AtomicU32::new(0);
    let server = Server::start(move |seen| match seen.asks() {
        "tools/list" if asked.fetch_add(1, Ordering::Relaxed) == 0 => {
            let changed = r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#;
            let old = seen.message_with("result", r#"{"tools":[]}"#);
            Reply::json(format!("[{changed},{old}]"))
        }
        _ => seen.usual(),
    })
    .await;
    assert_eq!(tools(&server).await, TOOLS);
}

#[tokio::test]
async fn a_question_of_the_server_is_answered_whether_it_takes_the_answer_or_not() {
    let server = Server::start(|seen| match seen.asks() {
        "tools/list" => {
            let question = r#"{"jsonrpc":"2.0","id":"q","method":"roots/list"}"#;
            let answer = seen.usual_message().expect("an answer");
            Reply::events(format!("data: {question}\n\ndata: {answer}\n\n"))
        }
        "POST" => Reply::status(400),
        _ => seen.usual(),
    })
    .await;
    assert_eq!(tools(&server).await, TOOLS);
    server.with_seen(|seen| {
        let answer = seen.iter().find(|seen| seen.asks() == "POST");
        let answer = &answer.expect("an answer").message;
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&json!("q"), &json!(-32601))
        );
    });
}

#[tokio::test]
async fn an_answer_that_never_comes_ends_the_capture() {
    let stalled: [fn() -> Reply; 2] = [
        || Reply::json("").stalling("{"),
        || Reply::events("").stalling(": wait\n\n"),
    ];
    for reply in stalled {
        let server = Server::start(move |seen| match seen.asks() {
            "tools/list" => reply(),
            _ => seen.usual(),
        })
        .await;
        let mut spec = server.spec();
        spec.timeout = Duration::from_millis(300);
        let failure = failure(&spec).await;
        assert!(
            told(&failure).contains("not answered within 300 ms"),
            "{}",
            told(&failure)
        );
    }
}

#[tokio::test]
async fn many_events_may_be_larger_than_one() {
    let server = Server::start(|seen| match seen.asks() {
        "tools/list" => {
            let noise = format!("data: {}\n\n", " ".repeat(9 << 20)).repeat(2);
            let message = seen.usual_message().expect("an answer");
            Reply::events(format!("{noise}data: {message}\n\n"))
        }
        _ => seen.usual(),
    })
    .await;
    assert_eq!(tools(&server).await, TOOLS);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_resumed() {
    let server = Server::start(|seen| match (seen.asks(), seen.header("last-event-id")) {
        ("tools/list", _) => Reply::events(format!(
            "id: list-{}\nretry: 1\ndata:\n\n",
            seen.message["id"]
        )),
        ("GET", "again") => Reply::events(format!(
            "data: {{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{TOOLS}}}\n\n"
        )),
        ("GET", id) if id.starts_with("list-") => Reply::events("id: again\nretry: 1\ndata:\n\n"),
        _ => seen.usual(),
    })
    .await;
    assert_eq!(tools(&server).await, TOOLS);
}

#[tokio::test]
async fn an_answer_that_cannot_be_resumed_ends_the_capture() {
    let server = Server::start(|seen| match seen.asks() {
        "tools/list" => Reply::events("id: 7\nretry: 1\ndata:\n\n"),
        "GET" => Reply::status(400),
        _ => seen.usual(),
    })
    .await;
    let failure = server.failure().await;
    assert!(
        failure.message.starts_with("400 Bad Request"),
        "{}",
        told(&failure)
    );
    assert!(
        failure.notes[0].contains("`tools/list`"),
        "{}",
        told(&failure)
    );
}

#[tokio::test]
async fn a_list_whose_answer_ends_early_is_not_an_empty_list() {
    // Also the last thing that is asked, and of a server that never claimed to have it.
    for method in ["tools/list", "resources/templates/list"] {
        let server = Server::start(move |seen| match seen.asks() {
            asked if asked == method => Reply::events(": nothing\n\n"),
            _ => seen.usual(),
        })
        .await;
        let failure = server.failure().await;
        assert_eq!(
            failure.message,
            format!("the answer to `{method}` is not complete")
        );
    }
}

#[tokio::test]
async fn a_server_without_initialize_is_asked_the_new_way() {
    const BAD_TOOL: &str = r#"{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"t","inputSchema":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"Bad Header!"}}}}]}"#;
    for (status, body) in [
        (
            400,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32020,"message":"Header mismatch"}}"#,
        ),
        (400, "unsupported"),
        (
            404,
            r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32601,"message":"no such method"}}"#,
        ),
    ] {
        let server = Server::start(move |seen| match seen.asks() {
            "server/discover" => Reply::json(seen.message_with(
                "result",
                r#"{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"}"#,
            )),
            "tools/list" => Reply::json(seen.message_with("result", BAD_TOOL)),
            "initialize" => Reply::json(body).with_status(status),
            _ => seen.usual(),
        })
        .await;
        assert_eq!(tools(&server).await, BAD_TOOL);
        server.with_seen(|seen| {
            let list = seen
                .iter()
                .find(|seen| seen.asks() == "tools/list")
                .expect("asked");
            assert_eq!(
                (
                    list.header("mcp-protocol-version"),
                    list.header("mcp-method")
                ),
                ("2026-07-28", "tools/list")
            );
        });
    }
}

#[tokio::test]
async fn a_server_that_went_back_to_initialize_is_asked_so() {
    for reply in [
        || Reply::status(404),
        || {
            Reply::json(
                r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no session"}}"#,
            )
            .with_status(400)
        },
    ] {
        let server = Server::start(move |seen| match seen.asks() {
            "server/discover" => reply(),
            _ => seen.usual(),
        })
        .await;
        let mut approved = Surface::default();
        approved.protocol_version = Some("2026-07-28".to_owned());
        let capture = capture(&server.spec(), Some(&approved)).await;
        let capture = capture.unwrap_or_else(|failure| panic!("{}", told(&failure)));
        assert_eq!(&*capture.pages[&List::Tools][0], TOOLS);
    }
}

#[tokio::test]
async fn a_server_without_ping_is_captured_all_the_same() {
    for reply in [|| Reply::status(404), || Reply::events(": nothing\n\n")] {
        let server = Server::start(move |seen| match seen.asks() {
            "ping" => reply(),
            _ => seen.usual(),
        })
        .await;
        let capture = server.capture().await;
        let capture = capture.unwrap_or_else(|failure| panic!("{}", told(&failure)));
        assert_eq!(capture.latency.ping, None);
    }
}
