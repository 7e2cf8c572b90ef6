//! `bellwether mock`: a recording answers as the server did, in every revision; over stdio also as a process.

#[path = "support/recordings.rs"]
mod recordings;
mod support;

use std::io::Write;
use std::process::Stdio;

use bellwether::json::{self, Json};
use bellwether::mock::Script;
use bellwether::mock::message::Incoming;
use bellwether::surface::{List, Surface};
use recordings::{
    HANDSHAKES, ODD_TOOL, error_code, parsed, recording, request, stateless, with_meta,
};
use support::{Run, Sandbox};

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
        r#"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private","x":1E2}}"#
    );
    assert_eq!(
        ask(&script, &with_meta(2, "tools/list", now)),
        format!(
            r#"{{"jsonrpc":"2.0","id":2,"result":{{"tools":[{ODD_TOOL}],"ttlMs":60,"cacheScope":"public","x":1E2,"resultType":"complete"}}}}"#
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
        missing.stderr.contains("`missing.json`") && missing.stderr.contains("it does not exist"),
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
