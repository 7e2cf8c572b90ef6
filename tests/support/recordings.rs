//! Recordings to serve, and the messages to ask for them with.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part"
)]

use bellwether::json::{self, Json};

/// The revisions that begin with `initialize`.
pub const HANDSHAKES: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// A tool that most readers of JSON would change: repeated names, digits that a double loses, unknown members.
pub const ODD_TOOL: &str = r#"{"name":"odd","x":1,"x":{"b":1.0,"a":[1E2,-0,12345678901234567890123,1e400]},"name":"odd","inputSchema":{"zeta":"\u0007é😀","maximum":1.10}}"#;

/// A recording of a revision with a handshake, around the items of `tools/list`.
pub fn recording(revision: &str, tools: &str) -> String {
    format!(
        r#"{{"formatVersion":1,"protocolVersion":"{revision}","transport":"stdio","initialize":{{"protocolVersion":"{revision}","capabilities":{{"tools":{{}},"resources":{{}}}},"serverInfo":{{"name":"recorded","version":"1.0"}},"x":1E2}},"tools":[{tools}]}}"#
    )
}

/// A recording of 2026-07-28.
pub fn stateless(tools: &str) -> String {
    format!(
        r#"{{"formatVersion":1,"protocolVersion":"2026-07-28","initialize":{{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{{"tools":{{}}}},"ttlMs":0,"cacheScope":"private","x":1E2}},"tools":[{tools}],"results":{{"tools/list":{{"ttlMs":60,"cacheScope":"public","x":1E2}}}}}}"#
    )
}

/// A request as the revisions with a handshake have it.
pub fn request(id: u32, method: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}"}}"#)
}

/// A request as 2026-07-28 has it.
pub fn with_meta(id: u32, method: &str, revision: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{"_meta":{{"io.modelcontextprotocol/protocolVersion":"{revision}","io.modelcontextprotocol/clientCapabilities":{{}}}}}}}}"#
    )
}

/// The text as JSON.
pub fn parsed(text: &str) -> Json {
    json::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The code of the error that a response is.
#[track_caller]
pub fn error_code(text: &str) -> i64 {
    let answer = parsed(text);
    match answer.get("error").and_then(|error| error.get("code")) {
        Some(Json::Number(code)) => code.as_i64().expect("a whole number"),
        _ => panic!("no error: {text}"),
    }
}
