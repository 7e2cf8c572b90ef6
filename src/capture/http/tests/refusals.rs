//! Servers that cannot be captured over streamable HTTP, each told by its own cause.

use std::time::Duration;

use super::server::{Reply, Server, TOOLS, failure, spec, told, url_of};
use super::tools;

#[tokio::test]
async fn a_missing_credential_is_named_with_what_the_server_asks_for() {
    let server = Server::start(|_| {
        Reply::status(401).header(
            "www-authenticate",
            r#"Bearer realm="acme", resource_metadata="https://a/b?c=secret""#,
        )
    })
    .await;
    let failure = server.failure().await;
    assert_eq!(failure.message, "401 Unauthorized on `initialize`");
    assert_eq!(
        failure.cause.as_deref(),
        Some("the server asked for `Bearer` for `acme`; no `Authorization` header is configured")
    );
    assert!(
        failure
            .next
            .as_deref()
            .expect("advice")
            .starts_with("add headers.Authorization: Bearer ${TOKEN}")
    );
    assert_eq!(server.asked(), ["initialize"]);
}

#[tokio::test]
async fn a_compressed_answer_is_named_and_not_printed() {
    let server = Server::start(|seen| seen.usual().header("content-encoding", "gzip")).await;
    let failure = server.failure().await;
    assert_eq!(failure.message, "the answer to `initialize` cannot be used");
    assert!(told(&failure).contains("compresses it (`gzip`)"));
    assert_eq!(failure.body, None);
    server.with_seen(|seen| assert_eq!(seen[0].header("accept-encoding"), "identity"));
}

#[tokio::test]
async fn a_wrong_credential_is_not_shown() {
    let server = Server::start(|seen| {
        Reply::typed(
            "text/plain",
            format!(
                "no: {} {} token-in-query",
                seen.header("authorization"),
                seen.path
            ),
        )
        .with_status(422)
    })
    .await;
    let mut spec = server.spec();
    let url = url_of(&mut spec);
    url.url =
        url.url.replace("http://", "http://user-name:pass-word@") + "?key=token-in-query#part";
    url.headers = vec![(
        "Authorization".to_owned(),
        "Bearer token-in-header".to_owned(),
    )];
    let all = told(&failure(&spec).await);
    for hidden in [
        "token-in-query",
        "token-in-header",
        "user-name",
        "pass-word",
    ] {
        assert!(!all.contains(hidden), "{all}");
    }
    assert!(all.contains("422 Unprocessable Entity"), "{all}");
}

#[tokio::test]
async fn each_unusable_answer_has_its_own_cause() {
    type Case = (fn() -> Reply, &'static str, &'static str);
    let page = || Reply::typed("text/html; charset=utf-8", "<!doctype html><p>Welcome");
    let cases: [Case; 9] = [
        (
            || Reply::status(404),
            "404 Not Found on `initialize`",
            "there is nothing at http://",
        ),
        (
            || Reply::status(500),
            "500 Internal Server Error on `initialize`",
            "failed",
        ),
        (
            || Reply::status(429),
            "429 Too Many Requests on `initialize`",
            "fewer requests",
        ),
        (
            page,
            "the answer to `initialize` cannot be used",
            "a web page",
        ),
        (
            || Reply::json(" <html>"),
            "the answer to `initialize` cannot be used",
            "a web page",
        ),
        (
            || Reply::typed("text/plain", "hello"),
            "the answer to `initialize` cannot be used",
            "`text/plain`",
        ),
        (
            || Reply::status(200),
            "the answer to `initialize` cannot be used",
            "it is empty",
        ),
        (
            || Reply::json("{\"ok\":true}"),
            "the answer to `initialize` cannot be used",
            "not a JSON-RPC message",
        ),
        (
            || Reply::status(202),
            "`initialize` was not answered",
            "202 Accepted",
        ),
    ];
    for (reply, message, cause) in cases {
        let failure = Server::start(move |_| reply()).await.failure().await;
        assert_eq!(failure.message, message);
        assert!(
            failure.cause.as_deref().unwrap_or_default().contains(cause),
            "{}",
            told(&failure)
        );
        assert!(failure.next.is_some(), "{}", told(&failure));
    }
}

#[tokio::test]
async fn a_session_that_the_server_ends_is_said() {
    let server = Server::start(|seen| match seen.asks() {
        "initialize" => seen.usual().header("mcp-session-id", "abc"),
        "tools/list" => Reply::status(404),
        _ => seen.usual(),
    })
    .await;
    let failure = server.failure().await;
    assert_eq!(failure.message, "404 Not Found on `tools/list`");
    assert_eq!(
        failure.cause.as_deref(),
        Some("the server has ended the session")
    );
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let endless: [fn() -> Reply; 2] = [
        || Reply::json("").megabytes("", 1 << 20),
        || Reply::events("").megabytes("id: 1\ndata: ", 1 << 20),
    ];
    for reply in endless {
        let server = Server::start(move |seen| match seen.asks() {
            "tools/list" => reply(),
            _ => seen.usual(),
        })
        .await;
        let failure = server.failure().await;
        assert_eq!(
            failure.message,
            "the answer to `tools/list` is not complete"
        );
        assert_eq!(
            failure.cause.as_deref(),
            Some("it has a message of more than 16 MiB")
        );
    }
}

#[tokio::test]
async fn a_stalled_error_is_told_by_its_status() {
    let server = Server::start(|_| Reply::status(503).stalling("so")).await;
    let mut spec = server.spec();
    spec.timeout = Duration::from_millis(300);
    let failure = failure(&spec).await;
    assert_eq!(failure.message, "503 Service Unavailable on `initialize`");
    assert_eq!(failure.body.as_deref(), Some("so"));
}

#[tokio::test]
async fn redirects_are_followed_within_the_origin_only() {
    let other = Server::start(|seen| seen.usual()).await;
    let target = other.url.clone();
    let server = Server::start(move |_| Reply::status(308).header("location", &target)).await;
    let failure = server.failure().await;
    assert!(
        failure
            .cause
            .as_deref()
            .unwrap_or_default()
            .contains("another origin"),
        "{}",
        told(&failure)
    );
    assert!(
        failure
            .next
            .as_deref()
            .unwrap_or_default()
            .contains(&other.url),
        "{}",
        told(&failure)
    );
    assert!(other.asked().is_empty());

    let server = Server::start(|seen| match seen.path.as_str() {
        "/mcp" => Reply::status(307).header("location", "/mcp/"),
        _ => seen.usual(),
    })
    .await;
    assert_eq!(tools(&server).await, TOOLS);
}

#[tokio::test]
async fn a_redirect_in_a_circle_sends_nothing_twice() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/mcp" => Reply::status(307).header("location", "/there"),
        _ => Reply::status(307).header("location", "/mcp"),
    })
    .await;
    let failure = server.failure().await;
    let cause = failure.cause.as_deref().unwrap_or_default();
    assert!(cause.contains("in a circle"), "{}", told(&failure));
    let paths: Vec<String> =
        server.with_seen(|seen| seen.iter().map(|seen| seen.path.clone()).collect());
    assert_eq!(paths, ["/mcp", "/there"]);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_from_one_without_tls() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/mcp", listener.local_addr().expect("an address"));
    drop(listener);
    let refused = failure(&spec(&url)).await;
    assert_eq!(refused.message, format!("could not reach {url}"));
    assert_eq!(refused.cause.as_deref(), Some("the connection was refused"));

    let server = Server::start(|seen| seen.usual()).await;
    let plain = failure(&spec(&server.url.replace("http://", "https://"))).await;
    assert_eq!(
        plain.cause.as_deref(),
        Some("it does not speak TLS"),
        "{}",
        told(&plain)
    );
}

#[tokio::test]
async fn a_server_of_the_old_transport_is_recognised() {
    let server = Server::start(|seen| match seen.asks() {
        "GET" => Reply::events("event: endpoint\ndata: /messages\n\n"),
        _ => Reply::status(405),
    })
    .await;
    let failure = server.failure().await;
    assert_eq!(
        failure.next.as_deref(),
        Some("set `transport: sse` for this server")
    );
}
