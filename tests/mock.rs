//! `bellwether mock`: a recording answers as the server did, in every revision, over both transports.

#[allow(unreachable_pub, reason = "shared by all test files")]
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};

use bellwether::json::{self, Json};
use bellwether::mock::Script;
use bellwether::mock::message::Incoming;
use bellwether::surface::{List, Surface};
use support::{Run, Sandbox};

const HANDSHAKES: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// A tool that most readers of JSON would change: repeated names, digits that a double loses, unknown members.
const ODD_TOOL: &str = r#"{"name":"odd","x":1,"x":{"b":1.0,"a":[1E2,-0,12345678901234567890123,1e400]},"name":"odd","inputSchema":{"zeta":"\u0007é😀","maximum":1.10}}"#;

/// A recording of a revision with a handshake, around the items of `tools/list`.
fn recording(revision: &str, tools: &str) -> String {
    format!(
        r#"{{"formatVersion":1,"protocolVersion":"{revision}","transport":"stdio","initialize":{{"protocolVersion":"{revision}","capabilities":{{"tools":{{}},"resources":{{}}}},"serverInfo":{{"name":"recorded","version":"1.0"}},"x":1E2}},"tools":[{tools}]}}"#
    )
}

/// A recording of 2026-07-28.
fn stateless(tools: &str) -> String {
    format!(
        r#"{{"formatVersion":1,"protocolVersion":"2026-07-28","initialize":{{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{{"tools":{{}}}},"ttlMs":1E2,"cacheScope":"private"}},"tools":[{tools}],"results":{{"tools/list":{{"ttlMs":6E1,"cacheScope":"public"}}}}}}"#
    )
}

fn request(id: u32, method: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}"}}"#)
}

/// A request as 2026-07-28 has it.
fn with_meta(id: u32, method: &str, revision: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{"_meta":{{"io.modelcontextprotocol/protocolVersion":"{revision}","io.modelcontextprotocol/clientCapabilities":{{}}}}}}}}"#
    )
}

fn script(document: &str) -> Script {
    let document = json::parse(document).expect("JSON");
    Script::from_document(&document).expect("a recording")
}

/// The bytes of the answer; empty where there is none.
fn ask(script: &Script, message: &str) -> String {
    let answer = script.answer(Incoming::read(message.as_bytes()));
    answer.map_or(String::new(), |answer| {
        serde_json::to_string(&answer).expect("JSON")
    })
}

fn parsed(text: &str) -> Json {
    json::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[track_caller]
fn error_code(text: &str) -> i64 {
    let answer = parsed(text);
    match answer.get("error").and_then(|error| error.get("code")) {
        Some(Json::Number(code)) => code.as_i64().expect("a whole number"),
        _ => panic!("no error: {text}"),
    }
}

#[test]
fn a_handshake_answers_the_recorded_revision_whatever_is_asked() {
    for revision in HANDSHAKES {
        let script = script(&recording(revision, ""));
        for asked in HANDSHAKES {
            let message = format!(
                r#"{{"jsonrpc":"2.0","id":"é","method":"initialize","params":{{"protocolVersion":"{asked}","capabilities":{{}},"clientInfo":{{"name":"c","version":"1"}}}}}}"#
            );
            assert_eq!(
                ask(&script, &message),
                format!(
                    r#"{{"jsonrpc":"2.0","id":"é","result":{{"protocolVersion":"{revision}","capabilities":{{"tools":{{}},"resources":{{}}}},"serverInfo":{{"name":"recorded","version":"1.0"}},"x":1E2}}}}"#
                )
            );
        }
        let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        assert_eq!(ask(&script, initialized), "");
        assert_eq!(
            ask(&script, &request(2, "ping")),
            r#"{"jsonrpc":"2.0","id":2,"result":{}}"#
        );
        assert_eq!(
            error_code(&ask(
                &script,
                &with_meta(3, "server/discover", "2026-07-28")
            )),
            -32601
        );
    }
}

#[test]
fn the_stateless_revision_discovers_and_refuses_what_it_lacks() {
    let script = script(&stateless(ODD_TOOL));
    let now = "2026-07-28";
    assert_eq!(
        ask(&script, &with_meta(1, "server/discover", now)),
        r#"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":1E2,"cacheScope":"private"}}"#
    );
    assert_eq!(
        ask(&script, &with_meta(2, "tools/list", now)),
        format!(
            r#"{{"jsonrpc":"2.0","id":2,"result":{{"tools":[{ODD_TOOL}],"ttlMs":6E1,"cacheScope":"public","resultType":"complete"}}}}"#
        )
    );
    assert_eq!(
        error_code(&ask(&script, &with_meta(3, "ping", now))),
        -32601
    );
    let refused = ask(&script, &request(4, "initialize"));
    assert_eq!(error_code(&refused), -32601);
    assert!(refused.contains("2026-07-28"), "{refused}");
    assert_eq!(error_code(&ask(&script, &request(5, "tools/list"))), -32602);

    let unsupported = parsed(&ask(&script, &with_meta(6, "tools/list", "1900-01-01")));
    assert_eq!(
        unsupported.get("error").and_then(|error| error.get("data")),
        Some(&parsed(
            r#"{"supported":["2026-07-28"],"requested":"1900-01-01"}"#
        ))
    );
    assert_eq!(
        error_code(&ask(
            &script,
            &with_meta(7, "server/discover", "2025-11-25")
        )),
        -32022
    );
}

#[test]
fn a_recorded_failure_is_answered_as_it_was() {
    let failed = r#"{"code":-32001,"message":"no database","data":{"n":1E2}}"#;
    let script = script(&format!(
        r#"{{"initialize":{{"protocolVersion":"2025-06-18","capabilities":{{"tools":{{}},"prompts":{{}},"resources":{{}}}}}},"tools":[],"prompts":[],"errors":{{"prompts/list":{failed},"resources/list":{{"code":-32601,"message":"none"}}}}}}"#
    ));
    assert_eq!(
        ask(&script, &request(1, "prompts/list")),
        format!(r#"{{"jsonrpc":"2.0","id":1,"error":{failed}}}"#)
    );
    assert_eq!(
        ask(&script, &request(2, "resources/list")),
        r#"{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"none"}}"#
    );
    assert_eq!(
        ask(&script, &request(3, "tools/list")),
        r#"{"jsonrpc":"2.0","id":3,"result":{"tools":[]}}"#
    );
    // Not recorded: the capability promises it, so it is empty.
    assert_eq!(
        ask(&script, &request(4, "resources/templates/list")),
        r#"{"jsonrpc":"2.0","id":4,"result":{"resourceTemplates":[]}}"#
    );
}

#[test]
fn a_list_alone_is_enough() {
    let script = script(&format!(r#"{{"tools":[{ODD_TOOL}]}}"#));
    assert_eq!(
        ask(&script, &request(1, "initialize")),
        r#"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"mock","version":"0"}}}"#
    );
    assert_eq!(
        ask(&script, &request(2, "tools/list")),
        format!(r#"{{"jsonrpc":"2.0","id":2,"result":{{"tools":[{ODD_TOOL}]}}}}"#)
    );
    assert_eq!(
        error_code(&ask(&script, &request(3, "prompts/list"))),
        -32601
    );
    let second_page = r#"{"jsonrpc":"2.0","id":4,"method":"tools/list","params":{"cursor":"2"}}"#;
    assert_eq!(error_code(&ask(&script, second_page)), -32602);
}

#[test]
fn what_a_recording_cannot_do_is_said() {
    let script = script(&recording("2025-11-25", ""));
    for method in ["tools/call", "prompts/get", "resources/read"] {
        let answer = ask(&script, &request(1, method));
        assert_eq!(error_code(&answer), -32603);
        assert!(answer.contains("recording"), "{answer}");
    }
    assert_eq!(error_code(&ask(&script, &request(1, "no/such"))), -32601);
    assert_eq!(error_code(&ask(&script, "{\"jsonrpc\":")), -32700);
    for wrong in [
        "7",
        "[]",
        "{}",
        r#"{"jsonrpc":"2.0","id":1}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
        r#"{"id":1,"method":"ping"}"#,
    ] {
        assert_eq!(error_code(&ask(&script, wrong)), -32600, "{wrong}");
    }
    assert_eq!(ask(&script, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#), "");
}

#[test]
fn batches_belong_to_one_revision() {
    let batch = format!(
        r#"[{},{{"jsonrpc":"2.0","method":"notifications/initialized"}},{},{}]"#,
        request(1, "ping"),
        request(2, "initialize"),
        request(3, "tools/list")
    );
    let answers = ask(&script(&recording("2025-03-26", "")), &batch);
    let answers = parsed(&answers);
    let answers = answers.as_array().expect("a batch is answered by a batch");
    assert_eq!(answers.len(), 3);
    assert!(answers[0].get("result").is_some() && answers[2].get("result").is_some());
    assert_eq!(error_code(&json::compact(&answers[1])), -32600);
    let quiet = r#"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#;
    assert_eq!(ask(&script(&recording("2025-03-26", "")), quiet), "");
    for revision in ["2024-11-05", "2025-06-18", "2025-11-25"] {
        let answer = ask(&script(&recording(revision, "")), &batch);
        assert_eq!(error_code(&answer), -32600);
    }
}

#[test]
fn the_demo_is_served_and_read_back_unchanged() {
    for file in ["approved", "now"] {
        let path = format!("{}/fixtures/demo/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let document = parsed(&std::fs::read_to_string(path).expect("a fixture"));
        let recorded = Surface::from_document(&document).expect("a snapshot");
        let script = Script::from_document(&document).expect("a snapshot");
        let result = |method| {
            let answer = parsed(&ask(&script, &request(1, method)));
            let result = answer.get("result").and_then(Json::as_object);
            result.expect("a result").clone()
        };
        let mut served = Surface::default();
        served.protocol_version = recorded.protocol_version.clone();
        served.transport = recorded.transport;
        served.initialize = Some(result("initialize"));
        for list in List::ALL {
            let page = result(list.method());
            served.add_page(list, &page).expect("a page");
            assert!(!recorded.items(list).is_empty(), "{file}: {list:?}");
        }
        assert_eq!(served, recorded);
        assert_eq!(json::pretty(&served.to_document()), json::pretty(&document));
    }
}

#[test]
fn stdio_repeats_the_bytes_and_ends_with_its_input() {
    let sandbox = Sandbox::new();
    sandbox.write("recorded.json", &recording("2025-06-18", ODD_TOOL));
    let input = format!(
        "{}\n\n\u{1}\n{}\r\n{}",
        request(1, "initialize"),
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        request(12, "tools/list"),
    );
    let mut child = sandbox
        .command(&["mock", "recorded.json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.as_bytes()).expect("writes");
    drop(stdin);
    let run = Run::of(child.wait_with_output().expect("ends")).expect(0);
    assert_eq!(run.stderr, "");
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.stdout);
    assert_eq!(error_code(lines[1]), -32700);
    assert_eq!(
        lines[2],
        format!(r#"{{"jsonrpc":"2.0","id":12,"result":{{"tools":[{ODD_TOOL}]}}}}"#)
    );
}

#[test]
fn a_client_that_stops_reading_is_an_ordinary_end() {
    let sandbox = Sandbox::new();
    let tool = format!(
        r#"{{"name":"large","description":"{}"}}"#,
        "x".repeat(1 << 20)
    );
    sandbox.write("recorded.json", &recording("2025-06-18", &tool));
    let mut child = sandbox
        .command(&["mock", "recorded.json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("piped");
    writeln!(stdin, "{}", request(1, "tools/list")).expect("writes");
    let run = Run::of(child.wait_with_output().expect("ends")).expect(0);
    assert_eq!(run.stderr, "");
}

#[test]
fn what_cannot_be_served_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("broken.json", "{\n \"tools\": [oops]\n}");
    sandbox.write("other.json", "{\"a\":1}");
    sandbox.write("recorded.json", &recording("2025-06-18", ""));
    let missing = sandbox.run(&["mock", "missing.json"]).expect(4);
    assert!(
        missing.stderr.contains("`missing.json`"),
        "{}",
        missing.stderr
    );
    let broken = sandbox.run(&["mock", "broken.json"]).expect(4);
    assert!(broken.stderr.contains("line 2"), "{}", broken.stderr);
    let other = sandbox.run(&["mock", "other.json"]).expect(4);
    assert!(other.stderr.contains("`tools`"), "{}", other.stderr);

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let refused = sandbox
        .run(&["mock", "recorded.json", "--http", &address])
        .expect(4);
    assert!(refused.stderr.contains(&address), "{}", refused.stderr);
    for run in [missing, broken, other, refused] {
        assert_eq!(run.stdout, "");
    }
}

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
