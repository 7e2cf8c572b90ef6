//! A server that is nothing but a recording: it repeats what a surface says and can do nothing else.
//!
//! This file decides what is answered; it reads and writes nothing. [`stdio`] and [`http`] carry it.

pub mod http;
pub mod message;
pub mod stdio;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::json::{Json, Object};
use crate::surface::{DocumentError, List, Listing, Surface};
use message::{
    Body, INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST, Incoming, METHOD_NOT_FOUND, Message,
    Reply, Request, UNSUPPORTED_PROTOCOL_VERSION, text_of,
};

/// The revision of a recording that names none.
const DEFAULT_REVISION: &str = "2025-11-25";

/// The first revision without a handshake.
const FIRST_STATELESS: &str = "2026-07-28";

/// The only revision in which a message may be an array of messages.
const BATCHES: &str = "2025-03-26";

/// Where a request since 2026-07-28 says which revision it speaks.
const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";

/// Where a request since 2026-07-28 says what its client can do.
const CAPABILITIES_KEY: &str = "io.modelcontextprotocol/clientCapabilities";

/// Methods that make a server do something, which a recording cannot.
const DEEDS: [&str; 4] = [
    "tools/call",
    "prompts/get",
    "resources/read",
    "completion/complete",
];

/// Everything a recording answers. It speaks the revision that was recorded and no other.
#[derive(Debug)]
pub struct Script {
    revision: String,
    stateless: bool,
    /// The answer to `initialize` or `server/discover`.
    opening: Body<'static>,
    lists: BTreeMap<List, Body<'static>>,
    /// Methods that change nothing here and succeed, since the recorded capabilities promise them.
    trivial: Vec<&'static str>,
}

/// What goes back for one line or one HTTP body.
#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
pub enum Outgoing<'a> {
    /// The answer to a request.
    One(Reply<'a>),
    /// The answers to a batch.
    Batch(Vec<Reply<'a>>),
}

impl Script {
    /// Reads a snapshot, a raw capture or the raw result of a list.
    ///
    /// # Errors
    /// Anything that [`Surface::from_document`] refuses.
    pub fn from_document(document: &Json) -> Result<Self, DocumentError> {
        let mut script = Self::new(&Surface::from_document(document)?);
        // A surface knows a list that is not offered as an empty one; the recording knows how it was refused.
        for list in List::ALL {
            if let Some(error) = document
                .get("errors")
                .and_then(|errors| errors.get(list.method()))
            {
                script.lists.insert(list, recorded_error(error));
            }
        }
        Ok(script)
    }

    /// A server with this surface.
    pub fn new(surface: &Surface) -> Self {
        let recorded = surface.initialize.as_ref();
        let revision = surface
            .protocol_version
            .as_deref()
            .unwrap_or(DEFAULT_REVISION);
        let stateless = revision == FIRST_STATELESS
            || recorded.is_some_and(|opening| opening.get("supportedVersions").is_some());
        let opening = match recorded {
            Some(recorded) => with_version(recorded, revision, stateless),
            None => invented_opening(surface, revision, stateless),
        };
        let capability = |name: &str| opening.get("capabilities").and_then(|all| all.get(name));
        let mut lists = BTreeMap::new();
        for list in List::ALL {
            let body = match surface.listing(list) {
                Listing::Read(items) => list_result(surface, list, items, stateless),
                Listing::Failed(error) => recorded_error(error),
                Listing::Absent if capability(list.capability()).is_some() => {
                    list_result(surface, list, &[], stateless)
                }
                Listing::Absent => continue,
            };
            lists.insert(list, body);
        }
        let mut trivial = Vec::new();
        if !stateless {
            trivial.push("ping");
            if capability("logging").is_some() {
                trivial.push("logging/setLevel");
            }
            if capability("resources").and_then(|r| r.get("subscribe")) == Some(&Json::Bool(true)) {
                trivial.extend(["resources/subscribe", "resources/unsubscribe"]);
            }
        }
        Self {
            revision: revision.to_owned(),
            stateless,
            opening: result(&opening),
            lists,
            trivial,
        }
    }

    /// The revision of the protocol that it speaks.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Whether it speaks as servers do since 2026-07-28: no handshake, metadata in every request.
    pub fn is_stateless(&self) -> bool {
        self.stateless
    }

    /// What goes back for one line or one HTTP body; nothing where all of it needs no answer.
    pub fn answer(&self, incoming: Incoming) -> Option<Outgoing<'_>> {
        match incoming {
            Incoming::One(message) => self.answer_one(message).map(Outgoing::One),
            Incoming::Batch(_) if self.revision != BATCHES => {
                let body = Body::error(
                    INVALID_REQUEST,
                    format!("revision {} has no batches", self.revision),
                );
                Some(Outgoing::One(Reply::new(Json::Null, body)))
            }
            Incoming::Batch(messages) => {
                let replies: Vec<_> = messages
                    .into_iter()
                    .filter_map(|message| match message {
                        Message::Request(request) if request.method == "initialize" => {
                            let body = Body::error(
                                INVALID_REQUEST,
                                "`initialize` cannot be part of a batch",
                            );
                            Some(Reply::new(request.id, body))
                        }
                        message => self.answer_one(message),
                    })
                    .collect();
                (!replies.is_empty()).then_some(Outgoing::Batch(replies))
            }
        }
    }

    /// Why a request cannot be taken at all: it lacks the metadata of 2026-07-28, or names another revision.
    pub fn refusal(&self, request: &Request) -> Option<Body<'static>> {
        if !self.stateless || request.method == "initialize" {
            return None;
        }
        let missing = |key: &str| {
            let message = format!("`params._meta` has no `{key}`");
            Some(Body::error(INVALID_PARAMS, message))
        };
        let Some(requested) = request.meta(VERSION_KEY).and_then(Json::as_str) else {
            return missing(VERSION_KEY);
        };
        if requested != self.revision {
            let mut data = self.supported();
            data.push("requested", requested);
            return Some(Body::error_with(
                UNSUPPORTED_PROTOCOL_VERSION,
                "Unsupported protocol version",
                Some(data.into()),
            ));
        }
        if request
            .meta(CAPABILITIES_KEY)
            .and_then(Json::as_object)
            .is_none()
        {
            return missing(CAPABILITIES_KEY);
        }
        None
    }

    fn answer_one(&self, message: Message) -> Option<Reply<'_>> {
        match message {
            Message::Request(request) => {
                let body = self
                    .refusal(&request)
                    .unwrap_or_else(|| self.body(&request));
                Some(Reply::new(request.id, body))
            }
            Message::Quiet => None,
            Message::Wrong(reply) => Some(reply),
        }
    }

    fn body(&self, request: &Request) -> Body<'_> {
        let method = request.method.as_str();
        let opening = if self.stateless {
            "server/discover"
        } else {
            "initialize"
        };
        if method == opening {
            return self.opening.borrowed();
        }
        if method == "initialize" {
            // A client of the older kind shows its user this message and nothing else.
            let message = format!(
                "Method not found: this server speaks {}, which has no `initialize`",
                self.revision
            );
            return Body::error_with(METHOD_NOT_FOUND, message, Some(self.supported().into()));
        }
        if let Some(body) = List::of_method(method).and_then(|list| self.lists.get(&list)) {
            return match request.param("cursor") {
                None | Some(Json::Null) => body.borrowed(),
                Some(_) => Body::error(INVALID_PARAMS, "there is only one page, without a cursor"),
            };
        }
        if self.trivial.contains(&method) {
            return result(&Object::new());
        }
        if DEEDS.contains(&method) {
            let message = format!("`{method}` needs the real server: this one is a recording");
            return Body::error(INTERNAL_ERROR, message);
        }
        Body::error(METHOD_NOT_FOUND, format!("Method not found: {method}"))
    }

    fn supported(&self) -> Object {
        let mut data = Object::new();
        data.push("supported", Json::Array(vec![Json::string(&self.revision)]));
        data
    }
}

fn result(object: &Object) -> Body<'static> {
    Body::Result(Cow::Owned(text_of(&Json::Object(object.clone()))))
}

fn recorded_error(error: &Json) -> Body<'static> {
    let code = match error.get("code") {
        Some(Json::Number(code)) => code.as_i64(),
        _ => None,
    };
    Body::Error(code.unwrap_or(INTERNAL_ERROR), Cow::Owned(text_of(error)))
}

fn list_result(surface: &Surface, list: List, items: &[Json], stateless: bool) -> Body<'static> {
    let mut page = Object::new();
    page.push(list.member(), Json::Array(items.to_vec()));
    for (name, value) in surface
        .beside
        .get(&list)
        .into_iter()
        .flat_map(Object::written)
    {
        // A cursor would promise a second page.
        if name != list.member() && name != "nextCursor" {
            page.push(name, value.clone());
        }
    }
    if stateless && page.get("resultType").is_none() {
        page.push("resultType", "complete");
    }
    result(&page)
}

/// The recorded opening. A handshake cannot do without the revision, so one that was kept elsewhere is put back.
fn with_version(recorded: &Object, revision: &str, stateless: bool) -> Object {
    let mut opening = recorded.clone();
    if !stateless && opening.get("protocolVersion").is_none() {
        opening.push("protocolVersion", revision);
    }
    opening
}

/// The opening of a recording that holds lists alone.
fn invented_opening(surface: &Surface, revision: &str, stateless: bool) -> Object {
    let mut capabilities = Object::new();
    for list in List::ALL {
        if *surface.listing(list) != Listing::Absent
            && capabilities.get(list.capability()).is_none()
        {
            capabilities.push(list.capability(), Object::new());
        }
    }
    let mut server = Object::new();
    server.push("name", "mock");
    server.push("version", "0");
    let mut opening = Object::new();
    if stateless {
        let mut meta = Object::new();
        meta.push("io.modelcontextprotocol/serverInfo", server);
        opening.push("resultType", "complete");
        opening.push(
            "supportedVersions",
            Json::Array(vec![Json::string(revision)]),
        );
        opening.push("capabilities", capabilities);
        opening.push("ttlMs", 0_u64);
        opening.push("cacheScope", "private");
        opening.push("_meta", meta);
    } else {
        opening.push("protocolVersion", revision);
        opening.push("capabilities", capabilities);
        opening.push("serverInfo", server);
    }
    opening
}
