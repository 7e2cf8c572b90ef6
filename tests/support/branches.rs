//! A server, baselines of it, and what branches make of them.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part"
)]

use bellwether::baseline::Baseline;
use bellwether::baseline::merge::{Joined, Obstacle, Prefer, Sides};
use bellwether::baseline::trail::{Action, Decision, Who};
use bellwether::json::parse;
use bellwether::surface::Surface;
use serde_json::{Value, json};

/// A server with three tools and a prompt.
pub fn server() -> Value {
    let tool = |name: &str| json!({ "name": name, "description": format!("Does {name}."), "inputSchema": { "type": "object" } });
    json!({
        "initialize": {
            "protocolVersion": "2025-11-25",
            "capabilities": { "tools": {}, "logging": {} },
            "serverInfo": { "name": "lamp", "version": "1.0.0" },
            "instructions": "Mind the lamp.",
        },
        "tools": [tool("ask"), tool("dim"), tool("switch")],
        "prompts": [{ "name": "poem" }], "resources": [], "resourceTemplates": [],
    })
}

/// What it says about itself.
pub fn surface(server: &Value) -> Surface {
    let document = parse(&server.to_string()).expect("JSON");
    Surface::from_document(&document).expect("a surface")
}

/// The server with an edit.
pub fn with(edit: impl Fn(&mut Value)) -> Value {
    let mut server = server();
    edit(&mut server);
    server
}

/// An edit of the description of a tool, by its index.
pub fn describe(tool: usize, text: &str) -> impl Fn(&mut Value) {
    let text = text.to_owned();
    move |server| server["tools"][tool]["description"] = json!(text)
}

/// A baseline without any decision.
pub fn saved(server: &Value) -> String {
    Baseline::render(&surface(server), None).expect("complete")
}

/// The baseline after somebody accepted what the server has become.
pub fn accepted(text: &str, server: &Value, at: &str) -> String {
    decided(text, &surface(server), Action::Accepted, at)
}

/// The baseline after a decision that makes this surface the expected one.
pub fn decided(text: &str, after: &Surface, action: Action, at: &str) -> String {
    let mut baseline = Baseline::parse(text).expect("a baseline");
    baseline.trail.append(Decision {
        action,
        at: at.to_owned(),
        who: who(),
        reason: format!("decided at {at}"),
        ticket: None,
        expires: None,
        verdict: None,
        findings: Vec::new(),
        before: &baseline.surface,
        after,
        joins: Vec::new(),
    });
    let observed = baseline.observed.as_ref();
    let volatile = baseline.volatile.still_in(after);
    Baseline::render_with(after, observed, &volatile, &baseline.trail).expect("complete")
}

/// Who decides in these tests.
pub fn who() -> Who {
    Who {
        name: "Ada <ada@example.com>".to_owned(),
        source: "git".to_owned(),
    }
}

/// Joins two texts. A base that is no baseline is none.
pub fn join(base: &str, ours: &str, theirs: &str) -> Result<Joined, Obstacle> {
    join_at(base, ours, theirs, None, "2026-12-24T12:00:00Z")
}

/// As [`join`], at a time, and with a side that holds where both changed the same.
pub fn join_at(
    base: &str,
    ours: &str,
    theirs: &str,
    prefer: Option<Prefer>,
    at: &str,
) -> Result<Joined, Obstacle> {
    let [base, ours, theirs] = [base, ours, theirs].map(|text| Baseline::parse(text).ok());
    Sides {
        base: base.as_ref(),
        ours: &ours.expect("a baseline"),
        theirs: &theirs.expect("a baseline"),
        prefer,
    }
    .join(at, Some(who()))
}
