//! Calls over streamable HTTP: what goes with them, and what a server can do to one without ending the rest.

use std::time::Duration;

use serde_json::json;

use super::server::{Reply, Seen, Server};
use crate::capture::session::Session;
use crate::capture::spec::VersionChoice;
use crate::json::{self, Json};
use crate::observed::Outcome;
use crate::scenarios::Target;

fn tool(name: &str) -> Target {
    Target::Tool(name.to_owned())
}

fn arguments(text: &str) -> Json {
    json::parse(text).expect("JSON")
}

/// A server whose tools misbehave by their names.
fn odd(seen: &Seen) -> Reply {
    if seen.asks() != "tools/call" {
        return seen.usual();
    }
    match seen.message["params"]["name"].as_str() {
        Some("huge") => Reply::json("").megabytes("{", 50),
        Some("huge-event") => Reply::events("").megabytes("data: {", 50),
        Some("away") => Reply::status(503),
        Some("picky") => {
            let error = r#"{"code":-32602,"message":"no such city"}"#;
            Reply::json(seen.message_with("error", error)).with_status(400)
        }
        Some("stalls") => Reply::events("").stalling(
            "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":1}}\n\n",
        ),
        _ => Reply::json(seen.message_with("result", r#"{"content":[]}"#)),
    }
}

#[tokio::test]
async fn a_call_that_fails_is_the_end_of_itself_alone() {
    let server = Server::start(odd).await;
    let spec = server.spec();
    let (mut session, _) = Session::open(&spec, None).await.expect("a capture");
    let none = arguments("{}");
    let limit = Some(Duration::from_millis(500));
    for (name, expected) in [
        ("huge", "TooLarge { limit: 16777216 }"),
        ("huge-event", "TooLarge { limit: 16777216 }"),
        ("away", "Status(503)"),
        (
            "picky",
            r#"Refused { code: -32602, message: "no such city" }"#,
        ),
        ("stalls", "TimedOut { limit_ms: 500 }"),
    ] {
        let limit = limit.filter(|_| name == "stalls");
        let called = session.call(&tool(name), &none, None, limit).await;
        let called = called.expect("it was called");
        assert_eq!(format!("{:?}", called.outcome), expected, "{name}");
        let next = session.call(&tool("fine"), &none, None, None).await;
        let next = next.expect("it was called");
        assert!(next.outcome.success().is_some(), "after {name}: {next:?}");
    }
    let notes = session.end().await;
    assert_eq!(notes, [""; 0]);
}

#[tokio::test]
async fn a_call_without_a_handshake_names_itself_and_its_marked_arguments_in_headers() {
    let server = Server::start(|seen| match seen.asks() {
        "server/discover" => {
            let result = json!({
                "resultType": "complete", "supportedVersions": ["2026-07-28"],
                "capabilities": {}, "ttlMs": 0, "cacheScope": "private",
            });
            Reply::json(seen.message_with("result", &result.to_string()))
        }
        _ => odd(seen),
    })
    .await;
    let mut spec = server.spec();
    spec.version = VersionChoice::Pinned("2026-07-28".to_owned());
    let (mut session, _) = Session::open(&spec, None).await.expect("a capture");
    let said = arguments(
        r#"{"name":"fine","inputSchema":{"properties":{"region":{"x-mcp-header":"Region"}}}}"#,
    );
    let sent = arguments(r#"{"region":"eu-1","query":"x"}"#);
    let called = session.call(&tool("fine"), &sent, Some(&said), None).await;
    let called = called.expect("it was called");
    assert!(matches!(called.outcome, Outcome::Answered(_)), "{called:?}");
    let resource = Target::Resource("note://first".to_owned());
    let read = session.call(&resource, &sent, None, None).await;
    assert!(matches!(
        read.expect("it was read").outcome,
        Outcome::Refused { code: -32601, .. }
    ));
    session.end().await;
    server.with_seen(|seen| {
        let call = seen.iter().find(|seen| seen.asks() == "tools/call");
        let call = call.expect("it arrived");
        for (name, value) in [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "fine"),
            ("mcp-param-region", "eu-1"),
        ] {
            assert_eq!(call.header(name), value, "{name}");
        }
        assert_eq!(call.message["params"]["arguments"]["query"], "x");
        let read = seen.iter().find(|seen| seen.asks() == "resources/read");
        let read = read.expect("it arrived");
        assert_eq!(read.header("mcp-name"), "note://first");
        assert_eq!(read.header("mcp-param-region"), "");
    });
}
