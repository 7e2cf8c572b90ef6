//! Asks a server what it says about itself and keeps it as it was sent. It has no opinion.
//!
//! rmcp drives lifecycle and transport; what is stored comes from the bytes below it, through the tap. This module
//! calls a tool where `probe` says so, and never by itself.

mod calls;
mod client;
mod connection;
mod handshake;
mod http;
mod lines;
mod lists;
mod mirror;
mod process;
pub mod raw;
mod revision;
mod session;
pub mod spec;
mod sse;
mod tap;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

pub use calls::{Called, method, sendable};
pub use process::kill_all;
pub use revision::{is_known, known as known_revisions};
pub use session::{Missed, Session, Withheld};

use crate::failure::Failure;
use crate::json::{self, Json, Object};
use crate::surface::{List, Listing, Surface, Transport};
use connection::Connection;
use handshake::Refusal;
use revision::Opening;
use spec::{Endpoint, ServerSpec, VersionChoice};

/// Everything that one conversation with a server brought.
pub struct Capture {
    /// What the server says about itself.
    pub surface: Surface,
    /// The result of `initialize` or `server/discover`, byte for byte.
    pub handshake: Box<str>,
    /// The result of each page of each list, byte for byte.
    pub pages: BTreeMap<List, Vec<Box<str>>>,
    /// How long the answers took.
    pub latency: Latency,
    /// What the reader should know besides; what is known of the conversation comes with its end.
    pub notes: Vec<String>,
}

/// How long the answers of one conversation took, in microseconds, measured where the bytes arrive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Latency {
    /// From the start of the child or the connection to the answer of the handshake.
    pub connect: u64,
    /// One sample a page, by list.
    pub lists: BTreeMap<List, Vec<u64>>,
    /// `ping`, where the revision has it and the server answered.
    pub ping: Option<u64>,
}

/// Captures one server and ends the conversation. `approved` is what its baseline holds, as [`Session::open`] has it.
///
/// # Errors
/// Whatever kept the capture from being complete: nothing of an incomplete one is given out.
pub async fn capture(spec: &ServerSpec, approved: Option<&Surface>) -> Result<Capture, Failure> {
    let (session, mut capture) = Session::open(spec, approved).await?;
    capture.notes.extend(session.end().await);
    Ok(capture)
}

fn too_slow(spec: &ServerSpec) -> Failure {
    let limit = for_people(spec.timeout.saturating_mul(3));
    Failure::new(
        "capture",
        format!("the capture of `{}` was stopped", spec.name),
    )
    .cause(format!(
        "it took longer than {limit}, three times the time-out of one request"
    ))
    .next("raise `timeout` in the configuration, or pass --timeout")
}

/// Opens the conversation as `revision` has it, on a fresh child or connection after each refusal.
async fn open(
    spec: &ServerSpec,
    baseline_version: Option<&str>,
    deadline: Instant,
) -> Result<Connection, Failure> {
    let mut opening = Opening::first(&spec.version, baseline_version)
        .ok_or_else(|| unknown_pin(&spec.version))?;
    let mut refusals: Vec<Refusal> = Vec::new();
    loop {
        let refusal = match Connection::open(spec, opening, deadline).await? {
            Ok(connection) => return Ok(connection),
            Err(refusal) => refusal,
        };
        let next = opening.after_refusal(&refusal.supported);
        refusals.push(refusal);
        match next {
            Some(next)
                if spec.version == VersionChoice::Auto
                    && refusals.iter().all(|before| before.opening != next) =>
            {
                opening = next;
            }
            _ => return Err(refused(spec, refusals)),
        }
    }
}

fn unknown_pin(choice: &VersionChoice) -> Failure {
    let version = if let VersionChoice::Pinned(version) = choice {
        version.as_str()
    } else {
        "auto"
    };
    Failure::new(
        "usage",
        format!("the protocol version `{version}` is not known"),
    )
    .next(format!(
        "use one of auto, {}",
        known_revisions().collect::<Vec<_>>().join(", ")
    ))
}

fn refused(spec: &ServerSpec, refusals: Vec<Refusal>) -> Failure {
    let supported: BTreeSet<String> = refusals
        .iter()
        .flat_map(|refusal| refusal.supported.clone())
        .collect();
    if supported.is_empty() && spec.version == VersionChoice::Auto {
        let mut failures = refusals.into_iter().map(|refusal| refusal.failure);
        let first = failures.next().expect("it was refused at least once");
        return failures.fold(first, |first, other| first.note(other.to_string()));
    }
    let causes: Vec<String> = refusals
        .into_iter()
        .map(|refusal| refusal.failure.to_string())
        .collect();
    let failure = Failure::new(
        "capture",
        format!("could not agree with `{}` on a protocol version", spec.name),
    )
    .cause(causes.join("; "));
    if spec.version != VersionChoice::Auto {
        return failure.next("pass `--protocol-version auto`");
    }
    let offered = supported.into_iter().collect::<Vec<_>>().join(", ");
    let known = known_revisions().collect::<Vec<_>>().join(", ");
    failure.next(format!(
        "the server offers {offered}; this version of bellwether knows {known}"
    ))
}

/// Reads all lists, and those again that changed meanwhile.
async fn read(connection: &mut Connection, approved: Option<&Surface>) -> Result<Capture, Failure> {
    let handshake = connection.handshake.clone();
    let initialize = parse_object(connection.opening.method(), &handshake)?;
    let mut surface = Surface::default();
    surface.protocol_version = Some(connection.version.clone());
    surface.transport = Some(match &connection.endpoint {
        Endpoint::Command(_) => Transport::Stdio,
        Endpoint::Url(url) => url.transport,
    });
    surface.initialize = Some(initialize);
    let mut latency = Latency {
        connect: connection.connect,
        ..Latency::default()
    };
    let mut notes = Vec::new();
    let mut pages = BTreeMap::new();
    let mut seen = BTreeMap::new();
    for round in 0.. {
        let stale: Vec<List> = List::ALL
            .into_iter()
            .filter(|list| seen.get(list) != Some(&connection.tap.times_changed(*list)))
            .collect();
        if stale.is_empty() {
            break;
        }
        if round > lists::MOST_REREADS {
            return Err(never_quiet(&stale));
        }
        for list in stale {
            seen.insert(list, connection.tap.times_changed(list));
            surface.set_listing(list, Listing::Absent);
            surface.beside.remove(&list);
            let had_items = approved.is_some_and(|approved| !approved.items(list).is_empty());
            let listed = lists::read(connection, &mut surface, list, had_items).await?;
            latency
                .lists
                .entry(list)
                .or_default()
                .extend(listed.latency);
            pages.insert(list, listed.pages);
            if round == 0 {
                notes.extend(listed.note);
            }
        }
        // Whatever the server had to say before it answers this has been seen when it does.
        latency.ping = connection.ping().await.or(latency.ping);
    }
    Ok(Capture {
        surface,
        handshake,
        pages,
        latency,
        notes,
    })
}

fn never_quiet(lists: &[List]) -> Failure {
    let names = lists
        .iter()
        .map(|list| format!("`{}`", list.method()))
        .collect::<Vec<_>>()
        .join(", ");
    Failure::new("capture", "the capture is not complete")
        .cause(format!(
            "the server kept saying that {names} changed while it was read, four times in a row"
        ))
        .next("check it again when it has settled")
}

/// Reads the result of a method, which must be an object.
fn parse_object(method: &str, result: &str) -> Result<Object, Failure> {
    let wrong = |cause: String| {
        Failure::new(
            "capture",
            format!("the answer to `{method}` cannot be read"),
        )
        .cause(cause)
    };
    match json::parse(result) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(other) => Err(wrong(format!(
            "its result is no object but {}",
            other.type_name()
        ))),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// A duration for people: `30 s`, `500 ms`.
fn for_people(duration: Duration) -> String {
    if duration.subsec_millis() == 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
    }
}
