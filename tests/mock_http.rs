//! `bellwether mock --http`: sessions, header checks and forms of answers, as each revision has them.

#[path = "support/recordings.rs"]
mod recordings;
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};

use recordings::{
    HANDSHAKES, ODD_TOOL, error_code, parsed, recording, request, stateless, with_meta,
};
use rmcp::model::{ClientConfig, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt};
use rmcp::transport::StreamableHttpClientTransport;
use support::Sandbox;

/// `bellwether mock FILE --http 127.0.0.1:0`, killed at the end of the test.
struct Served {
    child: Child,
    address: SocketAddr,
    _sandbox: Sandbox,
}

impl Served {
    fn start(document: &str) -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("recorded.json", document);
        let mut child = sandbox
            .command(&["mock", "recorded.json", "--http", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        BufReader::new(child.stderr.take().expect("piped"))
            .read_line(&mut line)
            .expect("a line");
        let address = line
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.strip_suffix("/mcp\n"))
            .unwrap_or_else(|| panic!("{line:?}"));
        Self {
            address: address.parse().expect("an address"),
            child,
            _sandbox: sandbox,
        }
    }

    fn send(&self, method: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut text = format!(
            "{method} /mcp HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.address,
            body.len()
        );
        let json = ("Content-Type", "application/json");
        let plain = headers.iter().any(|(name, _)| *name == json.0);
        for (name, value) in headers.iter().chain((!plain).then_some(&json)) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(self.address).expect("connects");
        // A server that refuses by the headers may hang up before it has read the body.
        let _ = stream.write_all(format!("{text}\r\n{body}").as_bytes());
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a response");
        let status = head.get(9..12).and_then(|code| code.parse().ok());
        Response {
            status: status.unwrap_or_else(|| panic!("{head}")),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    fn post(&self, headers: &[(&str, &str)], body: &str) -> Response {
        self.send("POST", headers, body)
    }

    /// Opens a session and says which.
    fn initialize(&self) -> String {
        let response = self.post(&[], &request(1, "initialize"));
        assert_eq!(response.status, 200);
        let id = response.header("mcp-session-id");
        id.expect("a session").to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Response {
    status: u16,
    head: String,
    body: String,
}

impl Response {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

#[test]
fn http_has_sessions_where_the_revision_has_them() {
    for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let served = Served::start(&recording(revision, ODD_TOOL));
        let list = request(7, "tools/list");
        assert_eq!(served.post(&[], &list).status, 400);
        assert_eq!(served.post(&[("Mcp-Session-Id", "x")], &list).status, 404);

        let (first, second) = (served.initialize(), served.initialize());
        assert_ne!(first, second);
        let session = ("Mcp-Session-Id", first.as_str());
        let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        let accepted = served.post(&[session], initialized);
        assert_eq!((accepted.status, accepted.body.as_str()), (202, ""));
        let listed = served.post(&[session, ("MCP-Protocol-Version", revision)], &list);
        assert_eq!(listed.status, 200);
        assert_eq!(listed.header("content-type"), Some("application/json"));
        assert_eq!(
            listed.body,
            format!(r#"{{"jsonrpc":"2.0","id":7,"result":{{"tools":[{ODD_TOOL}]}}}}"#)
        );
        let other = served.post(&[session, ("MCP-Protocol-Version", "2099-01-01")], &list);
        assert_eq!(
            other.status,
            if revision == "2025-03-26" { 200 } else { 400 }
        );

        assert_eq!(served.send("GET", &[session], "").status, 405);
        assert_eq!(served.send("DELETE", &[session], "").status, 200);
        assert_eq!(served.post(&[session], &list).status, 404);
        let session = ("Mcp-Session-Id", second.as_str());
        assert_eq!(served.post(&[session], &list).status, 200);
    }
    let oldest = Served::start(&recording("2024-11-05", ""));
    let opened = oldest.post(&[], &request(1, "initialize"));
    assert_eq!(
        (opened.status, opened.header("mcp-session-id")),
        (200, None)
    );
    assert_eq!(oldest.post(&[], &request(2, "tools/list")).status, 200);
}

#[test]
fn http_answers_in_the_form_that_the_client_takes() {
    let served = Served::start(&recording("2025-03-26", ODD_TOOL));
    let session = served.initialize();
    let session = ("Mcp-Session-Id", session.as_str());
    let list = request(7, "tools/list");
    let both = ("Accept", "text/event-stream, application/json;q=0.9");
    assert!(served.post(&[session, both], &list).body.starts_with('{'));
    let events = served.post(&[session, ("Accept", "text/event-stream")], &list);
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    assert_eq!(
        events.body,
        format!(
            "event: message\ndata: {{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{{\"tools\":[{ODD_TOOL}]}}}}\n\n"
        )
    );
    assert_eq!(
        served
            .post(&[session, ("Accept", "text/html")], &list)
            .status,
        406
    );
    assert_eq!(
        served
            .post(&[session, ("Content-Type", "text/plain")], &list)
            .status,
        415
    );
    let batch = format!("[{},{}]", request(1, "ping"), request(2, "ping"));
    let answers = parsed(&served.post(&[session], &batch).body);
    assert_eq!(answers.as_array().map(<[_]>::len), Some(2));
    let broken = served.post(&[session], "{");
    assert_eq!((broken.status, error_code(&broken.body)), (400, -32700));
    let large = format!(r#"{{"jsonrpc":"2.0","id":"{}"}}"#, "x".repeat(5 << 20));
    assert_eq!(served.post(&[session], &large).status, 413);
}

#[test]
fn pages_of_other_hosts_are_refused() {
    let served = Served::start(&recording("2025-11-25", ""));
    let opening = request(1, "initialize");
    for (origin, status) in [
        ("http://localhost:3000", 200),
        ("http://127.0.0.1", 200),
        ("http://[::1]:8080", 200),
        ("https://example.com", 403),
        ("http://127.0.0.1.example.com", 403),
        ("http://localhost@example.com", 403),
        ("null", 403),
    ] {
        let response = served.post(&[("Origin", origin)], &opening);
        assert_eq!(response.status, status, "{origin}");
    }
}

#[test]
fn http_of_the_stateless_revision_checks_its_headers() {
    let served = Served::start(&stateless(ODD_TOOL));
    let now = "2026-07-28";
    let version = ("MCP-Protocol-Version", now);
    let method = ("Mcp-Method", "tools/list");
    let list = with_meta(7, "tools/list", now);

    let listed = served.post(&[version, method, ("Mcp-Session-Id", "x")], &list);
    assert_eq!(
        (listed.status, listed.header("mcp-session-id")),
        (200, None)
    );
    assert!(listed.body.contains(ODD_TOOL), "{}", listed.body);
    for (headers, message) in [
        (vec![method], &list),
        (vec![version], &list),
        (vec![version, ("Mcp-Method", "server/discover")], &list),
        (vec![("MCP-Protocol-Version", "2025-11-25"), method], &list),
    ] {
        let refused = served.post(&headers, message);
        assert_eq!((refused.status, error_code(&refused.body)), (400, -32020));
    }
    let older = [("MCP-Protocol-Version", "2025-11-25"), method];
    let refused = served.post(&older, &with_meta(7, "tools/list", "2025-11-25"));
    assert_eq!((refused.status, error_code(&refused.body)), (400, -32022));
    let bare = served.post(&[version, method], &request(7, "tools/list"));
    assert_eq!((bare.status, error_code(&bare.body)), (400, -32602));
    let unknown = served.post(
        &[version, ("Mcp-Method", "ping")],
        &with_meta(7, "ping", now),
    );
    assert_eq!((unknown.status, error_code(&unknown.body)), (404, -32601));
    // A client that only knows the handshake.
    let opening = served.post(&[], &request(1, "initialize"));
    assert_eq!((opening.status, error_code(&opening.body)), (400, -32020));
    assert!(opening.body.contains(now), "{}", opening.body);
    for method in ["GET", "DELETE"] {
        assert_eq!(served.send(method, &[], "").status, 405);
    }
}

#[test]
fn http_serves_two_clients_at_once_on_connections_that_stay_open() {
    let served = Served::start(&recording("2024-11-05", ODD_TOOL));
    let mut clients: Vec<_> = (0..2)
        .map(|_| TcpStream::connect(served.address).expect("connects"))
        .collect();
    let body = request(7, "tools/list");
    let expected = format!(r#"{{"jsonrpc":"2.0","id":7,"result":{{"tools":[{ODD_TOOL}]}}}}"#);
    let head = format!(
        "POST / HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    for _ in 0..2 {
        // Both are in the middle of a request before either is answered.
        for client in &mut clients {
            client.write_all(head.as_bytes()).expect("writes");
        }
        for client in clients.iter_mut().rev() {
            client.write_all(body.as_bytes()).expect("writes");
        }
        for client in &mut clients {
            let mut reader = BufReader::new(client);
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                reader.read_line(&mut line).expect("a header");
            }
            let mut answer = vec![0; expected.len()];
            reader.read_exact(&mut answer).expect("the body");
            assert_eq!(String::from_utf8_lossy(&answer), expected);
        }
    }
}

#[cfg(unix)]
#[test]
fn http_ends_when_it_is_asked_to() {
    use rustix::process::{Pid, Signal, kill_process};

    for signal in [Signal::TERM, Signal::INT] {
        let mut served = Served::start(&recording("2025-11-25", ""));
        let _open = TcpStream::connect(served.address).expect("connects");
        kill_process(Pid::from_child(&served.child), signal).expect("it runs");
        let status = served.child.wait().expect("ends");
        assert_eq!(status.code(), Some(0), "{signal:?}");
    }
}

/// The client library that many real clients are made of, over both transports.
#[test]
fn a_real_client_is_content_in_every_revision() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let tool = r#"{"name":"plain","inputSchema":{"type":"object"}}"#;
    for revision in HANDSHAKES {
        let recorded = recording(revision, tool);
        let version = version(revision);
        runtime.block_on(list_tools(
            &recorded,
            ClientLifecycleMode::Initialize,
            version.clone(),
        ));
        let probing = ClientLifecycleMode::Auto {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
            legacy_version: Some(version.clone()),
        };
        runtime.block_on(list_tools(&recorded, probing, version));
    }
    let discover = ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
    };
    let now = ProtocolVersion::V_2026_07_28;
    runtime.block_on(list_tools(&stateless(tool), discover, now));
}

fn version(revision: &str) -> ProtocolVersion {
    serde_json::from_value(revision.into()).expect("a revision")
}

async fn list_tools(recorded: &str, lifecycle: ClientLifecycleMode, version: ProtocolVersion) {
    let mut info = ClientConfig::default();
    info.protocol_version = version;

    let sandbox = Sandbox::new();
    sandbox.write("recorded.json", recorded);
    let mut child = tokio::process::Command::from(sandbox.command(&["mock", "recorded.json"]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let transport = (output.expect("piped"), input.expect("piped"));
    let client = info
        .clone()
        .serve_with_lifecycle(transport, lifecycle.clone())
        .await;
    let mut client = client.expect("agrees over stdio");
    assert_eq!(client.list_all_tools().await.expect("a list").len(), 1);
    client.close().await.expect("closes");
    assert!(child.wait().await.expect("ends").success());

    let served = Served::start(recorded);
    let url = format!("http://{}/mcp", served.address);
    let transport = StreamableHttpClientTransport::from_uri(url);
    let client = info.serve_with_lifecycle(transport, lifecycle).await;
    let mut client = client.expect("agrees over HTTP");
    assert_eq!(client.list_all_tools().await.expect("a list").len(), 1);
    client.close().await.expect("closes");
}
