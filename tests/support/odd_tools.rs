//! The tools of the server that misbehaves on request, prompts and resources too. Every call is written down in the file
//! that `CALL_LOG` names, before anything else happens.

use std::io::Write as _;

use serde_json::{Value, json};

/// What is offered: all of it, or what the second argument of the program names, by commas.
fn offered() -> Vec<Value> {
    let only = std::env::args().nth(2);
    let read = |name: &str| tool(name, json!({ "readOnlyHint": true }));
    let mut note = read("read_note");
    note["inputSchema"] = json!({
        "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "examples": ["first"] } },
    });
    let mut find = read("find");
    find["inputSchema"] = json!({
        "type": "object", "required": ["query"], "properties": { "query": { "type": "string" } },
    });
    let mut later = read("later");
    later["execution"] = json!({ "taskSupport": "required" });
    let mut turned = read("turned");
    if std::env::var("TURNED").is_err() || has_taken_back() {
        turned["annotations"] = json!({});
    }
    let all = vec![
        tool("delete_everything", Value::Null),
        tool("remove_note", json!({ "destructiveHint": true })),
        tool("add_note", json!({ "destructiveHint": false })),
        note,
        find,
        later,
        read("takes_back"),
        read("crash_back"),
        turned,
        read("hang"),
        read("freeze"),
        read("crash"),
        read("huge"),
        read("flaky"),
        read("chatty"),
        read("asks"),
        read("text"),
        read("counter"),
        read("now"),
    ];
    let wanted = |tool: &Value| {
        only.as_ref().is_none_or(|only| {
            let mut names = only.split(',');
            names.any(|name| tool["name"] == name)
        })
    };
    all.into_iter().filter(wanted).collect()
}

/// Whether a call has made the server take back what it said of `turned`, be it before it was started again.
fn has_taken_back() -> bool {
    let log =
        std::env::var("CALL_LOG").map(|path| std::fs::read_to_string(path).unwrap_or_default());
    log.is_ok_and(|log| log.contains("_back {}"))
}

fn tool(name: &str, annotations: Value) -> Value {
    let mut tool = json!({ "name": name, "inputSchema": { "type": "object" } });
    if !annotations.is_null() {
        tool["annotations"] = annotations;
    }
    tool
}

/// What a tool server answers to a list; nothing where the method is another.
pub(crate) fn list(method: &str) -> Option<Value> {
    let bare = std::env::args().nth(2).is_some();
    Some(match method {
        "tools/list" => json!({ "tools": offered() }),
        "prompts/list" if bare => json!({ "prompts": [] }),
        "resources/list" if bare => json!({ "resources": [] }),
        "prompts/list" => json!({ "prompts": [
            { "name": "hello" }, { "name": "review", "arguments": [{ "name": "file", "required": true }] },
        ] }),
        "resources/list" => json!({ "resources": [{ "uri": "note://first", "name": "first" }] }),
        _ => return None,
    })
}

/// What comes of a call.
pub(crate) enum Came {
    /// The result or the error of a response.
    Answer(&'static str, Value),
    /// Nothing.
    Nothing,
    /// A result that is another server's business: the text is printed as it is.
    Line(String),
}

/// Writes a call down and makes it; nothing where the method is no call.
pub(crate) fn call(method: &str, id: &Value, params: &Value, count: &mut u32) -> Option<Came> {
    let name = params["name"].as_str().or(params["uri"].as_str());
    let name = name.unwrap_or_default().to_owned();
    match method {
        "tools/call" => log(&format!("{name} {}", params["arguments"])),
        "prompts/get" | "resources/read" => log(&name),
        "notifications/cancelled" => {
            log("cancelled");
            return Some(Came::Nothing);
        }
        _ => return None,
    }
    let text = |text: &str| json!({ "content": [{ "type": "text", "text": text }] });
    let answer = |value: Value| Some(Came::Answer("result", value));
    match (method, name.as_str()) {
        ("prompts/get", _) => answer(json!({ "messages": [
            { "role": "user", "content": { "type": "text", "text": "Hello" } },
        ] })),
        ("resources/read", uri) => {
            answer(json!({ "contents": [{ "uri": uri, "text": "a note" }] }))
        }
        (_, "hang") => Some(Came::Nothing),
        (_, "freeze") => {
            let mut ignored = String::new();
            while std::io::stdin()
                .read_line(&mut ignored)
                .is_ok_and(|read| read > 0)
            {}
            std::process::exit(0)
        }
        (_, "takes_back") => {
            println!(r#"{{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}}"#);
            answer(text("done"))
        }
        (_, "crash" | "crash_back") => std::process::exit(9),
        (_, "huge") => Some(Came::Line(format!(
            r#"{{"jsonrpc":"2.0","result":{{"content":[{{"type":"text","text":"{}"}}]}},"id":{id}}}"#,
            "x".repeat(50 << 20)
        ))),
        (_, "flaky") => {
            *count += 1;
            if *count % 2 == 1 {
                return answer(text("fine"));
            }
            let mut failed = text("the disk is full");
            failed["isError"] = json!(true);
            answer(failed)
        }
        (_, "chatty") => loop {
            let progress = json!({
                "jsonrpc": "2.0", "method": "notifications/progress",
                "params": { "progressToken": params["_meta"]["progressToken"], "progress": *count },
            });
            *count = count.wrapping_add(1);
            if writeln!(std::io::stdout(), "{progress}").is_err() {
                std::process::exit(0);
            }
        },
        (_, "asks") => {
            let ask = json!({ "jsonrpc": "2.0", "id": "q", "method": "sampling/createMessage", "params": {
                "messages": [], "maxTokens": 1,
            } });
            println!("{ask}");
            let mut refused = String::new();
            std::io::stdin().read_line(&mut refused).unwrap();
            let refused: Value = serde_json::from_str(&refused).unwrap();
            answer(text(&format!("refused with {}", refused["error"]["code"])))
        }
        (_, "text") => Some(Came::Answer("result", json!("no object"))),
        (_, "counter") => {
            *count += 1;
            answer(json!({ "content": [], "structuredContent": { "count": *count } }))
        }
        (_, "nowhere") => Some(Came::Answer(
            "error",
            json!({ "code": -32602, "message": "Unknown tool: nowhere" }),
        )),
        _ => answer(text("done")),
    }
}

fn log(line: &str) {
    let Ok(path) = std::env::var("CALL_LOG") else {
        return;
    };
    let options = std::fs::File::options()
        .append(true)
        .create(true)
        .open(path);
    writeln!(options.unwrap(), "{line}").unwrap();
}
