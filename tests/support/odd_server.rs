//! An MCP server over stdio that misbehaves in the way its first argument names. For tests.
#![allow(
    missing_docs,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    clippy::unwrap_used,
    clippy::zombie_processes
)]

mod odd_tools;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

fn main() {
    let way = std::env::args().nth(1).unwrap_or_default();
    match way.as_str() {
        "exit-at-start" => {
            eprintln!("fatal: the port is taken");
            std::process::exit(7);
        }
        "flood-without-newline" => flood(),
        "starts-once" if count_start() > 1 => std::process::exit(7),
        "stay-after-eof" => {
            announce_grandchild();
            serve(&way);
            std::thread::sleep(Duration::from_secs(600));
        }
        "grandchild" => {
            announce_grandchild();
            serve(&way);
        }
        _ => serve(&way),
    }
}

/// How often it was started in this folder, this time included.
fn count_start() -> usize {
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open("starts")
        .unwrap();
    file.write_all(b".").unwrap();
    usize::try_from(file.metadata().unwrap().len()).unwrap()
}

/// Starts a child that would live for ten minutes and writes its number, and ours, to the file `pids`.
fn announce_grandchild() {
    let null = || Stdio::null();
    let child = Command::new("sleep")
        .arg("600")
        .stdin(null())
        .stdout(null())
        .stderr(null())
        .spawn()
        .unwrap();
    std::fs::write("pids", format!("{} {}", child.id(), std::process::id())).unwrap();
}

fn flood() {
    let chunk = vec![b'x'; 1 << 20];
    let mut out = std::io::stdout();
    while out.write_all(&chunk).is_ok() {}
}

fn serve(way: &str) {
    let mut changes = 0;
    let start = match way {
        "random" | "random-text" | "random-more" | "counted" => count_start(),
        _ => 0,
    };
    let mut times_listed = 0;
    let mut called = 0;
    // Without the lock of `lines`: a tool may read on by itself.
    let mut lines = std::iter::from_fn(|| {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        read.map(|read| (read > 0).then_some(line)).transpose()
    });
    while let Some(line) = lines.next() {
        let Ok(message) = serde_json::from_str::<Value>(&line.unwrap()) else {
            continue;
        };
        if way == "tools"
            && let Some(method) = message["method"].as_str()
            && let Some(came) =
                odd_tools::call(method, &message["id"], &message["params"], &mut called)
        {
            match came {
                odd_tools::Came::Answer(kind, value) => {
                    send(&json!({ "jsonrpc": "2.0", "id": message["id"], kind: value }));
                }
                odd_tools::Came::Line(line) => println!("{line}"),
                odd_tools::Came::Nothing => {}
            }
            continue;
        }
        let (Some(method), Some(id)) = (message["method"].as_str(), message.get("id")) else {
            continue;
        };
        times_listed += u32::from(method == "tools/list");
        match (way, method) {
            ("silent", "initialize") | ("silent-list", "tools/list") => continue,
            ("die-in-list", "tools/list") => {
                eprintln!("panic: out of memory");
                std::process::exit(9);
            }
            ("die-later", "tools/list") if times_listed > 2 => std::process::exit(9),
            ("refuse-later", "tools/list") if times_listed > 2 => {
                let error = json!({ "code": -32000, "message": "not so often" });
                send(&json!({ "jsonrpc": "2.0", "id": id, "error": error }));
                continue;
            }
            ("change-later", "tools/list") if times_listed == 3 => {
                changes += 1;
                send(&json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" }));
            }
            ("noise", _) => {
                println!("GET /health 200");
                println!("{{\"level\":\"info\"}}");
            }
            ("always-changing", "tools/list") => send(&json!({
                "jsonrpc": "2.0", "method": "notifications/tools/list_changed"
            })),
            ("changing-once", "tools/list") if changes == 0 => {
                changes += 1;
                send(&json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" }));
            }
            ("not-utf8", "tools/list") => {
                let mut bytes =
                    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"tools":[{{"name":""#)
                        .into_bytes();
                bytes.extend_from_slice(b"caf\xe9\"}]}}\n");
                std::io::stdout().write_all(&bytes).unwrap();
                continue;
            }
            ("lone-surrogate", "tools/list") => {
                println!(
                    r#"{{"jsonrpc":"2.0","id":{id},"result":{{"tools":[{{"name":"\ud800"}}]}}}}"#
                );
                continue;
            }
            ("endless-line", "tools/list") => {
                print!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"tools":[""#);
                flood();
                continue;
            }
            ("asks-back", "tools/list") => {
                send(&json!({ "jsonrpc": "2.0", "id": "q1", "method": "roots/list" }));
                let answer = lines.next().unwrap().unwrap();
                std::fs::write("answer", answer).unwrap();
            }
            _ => {}
        }
        let answer = match (way, method) {
            ("random" | "random-text" | "random-more", "initialize") => {
                let mut said = handshake("2025-11-25");
                said["instructions"] = json!(format!("Started {start} times."));
                ("result", said)
            }
            ("random" | "random-text" | "random-more", "tools/list") => {
                ("result", drawn(way, start))
            }
            _ => answer(way, method, &message["params"], changes),
        };
        let id = if way == "string-ids" {
            json!(id.to_string())
        } else {
            id.clone()
        };
        let mut answer = json!({ "jsonrpc": "2.0", "id": id, answer.0: answer.1 });
        if way == "batches" {
            answer = json!([answer]);
        }
        if way == "byte-order-mark" && method == "initialize" {
            print!("\u{feff}");
        }
        send(&answer);
        if way == "answers-twice" && method == "tools/list" {
            let again = json!({ "tools": [{ "name": "again" }] });
            send(&json!({ "jsonrpc": "2.0", "id": id, "result": again }));
        }
    }
}

fn answer(way: &str, method: &str, params: &Value, changes: u32) -> (&'static str, Value) {
    let error = |code: i64, message: &str| ("error", json!({ "code": code, "message": message }));
    let result = |value: Value| ("result", value);
    let asked = params["protocolVersion"].as_str().unwrap_or_default();
    if way == "tools"
        && let Some(list) = odd_tools::list(method)
    {
        return result(list);
    }
    match (way, method) {
        ("modern" | "modern-dies", "initialize") => error(-32601, "no such method"),
        ("modern" | "modern-dies", "server/discover") => result(json!({
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": { "tools": {} },
            "ttlMs": 0, "cacheScope": "private",
            "_meta": { "io.modelcontextprotocol/serverInfo": { "name": "odd", "version": "1" } },
        })),
        ("old-only", "initialize") if asked != "2024-11-05" => (
            "error",
            json!({ "code": -32602, "message": "unsupported", "data": { "supported": ["2024-11-05"], "requested": asked } }),
        ),
        ("future-only", "initialize") => (
            "error",
            json!({ "code": -32022, "message": "unsupported", "data": { "supported": ["2031-01-01"], "requested": asked } }),
        ),
        ("banana", "initialize") => result(handshake("banana")),
        ("refuses", "initialize") => error(-32000, "not today"),
        ("broken-at-start", "initialize") => result(json!({
            "protocolVersion": asked, "capabilities": {}, "serverInfo": { "name": "odd", "version": "1" },
        })),
        ("answers-anything", "prompts/list" | "resources/list") => result(json!({})),
        ("broken-at-start", _) => error(-32000, "not configured"),
        (_, "initialize") => result(handshake(asked)),
        ("one-cursor", "tools/list") => result(json!({ "tools": [], "nextCursor": "again" })),
        ("endless-pages", "tools/list") => {
            let page: u64 = params["cursor"]
                .as_str()
                .map_or(0, |cursor| cursor.parse().unwrap());
            result(json!({ "tools": [], "nextCursor": (page + 1).to_string() }))
        }
        ("three-pages", "tools/list") => match params["cursor"].as_str() {
            None => result(json!({ "tools": [{ "name": "a" }], "nextCursor": "2" })),
            Some("2") => result(json!({ "tools": [{ "name": "b" }], "nextCursor": "3" })),
            Some(_) => result(json!({ "tools": [{ "name": "c" }], "nextCursor": "" })),
        },
        ("list-fails", "tools/list") => error(-32603, "the database is away"),
        ("list-not-offered", "tools/list") => error(-32601, "no such method"),
        ("list-is-no-list", "tools/list") => result(json!({ "tools": "none" })),
        ("changing-once" | "change-later", "tools/list") => {
            result(json!({ "tools": [{ "name": format!("after-{changes}") }] }))
        }
        ("repeats-secret", "tools/list") => {
            let secret = std::env::var("SECRET_TOKEN").unwrap_or_default();
            eprintln!("using {secret}");
            result(json!({ "tools": [{ "name": "a", "description": format!("uses {secret}") }] }))
        }
        (_, "tools/list") => {
            result(json!({ "tools": [{ "name": "a", "inputSchema": { "type": "object" } }] }))
        }
        (_, "ping") => result(json!({})),
        _ => error(-32601, "no such method"),
    }
}

/// A tool that is said differently at each start.
fn drawn(way: &str, start: usize) -> Value {
    let mut required = vec!["seed", "sides"];
    required.rotate_left(start % 2);
    if way == "random-more" {
        required.push("more");
    }
    let default = match way {
        "random-text" => json!("seven"),
        _ => json!(start),
    };
    json!({ "tools": [{ "name": "draw", "description": format!("Draws, such as {start}."), "inputSchema": {
        "type": "object", "required": required, "properties": {
            "seed": { "default": default, "examples": [start, start + 1] },
            "sides": { "type": "integer" }, "more": { "type": "integer" },
        },
    } }] })
}

fn handshake(version: &str) -> Value {
    json!({
        "protocolVersion": version, "capabilities": { "tools": { "listChanged": true } },
        "serverInfo": { "name": "odd", "version": "1" },
    })
}

fn send(message: &Value) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{message}").unwrap();
    out.flush().unwrap();
}
