//! A surface as a JSON document: the shape that `snapshot` prints and that `diff` and `mock` read.
//!
//! `{"formatVersion":1,"protocolVersion":…,"transport":…,"initialize":{…},"tools":[…],"prompts":[…],"resources":[…],
//! "resourceTemplates":[…],"results":{METHOD:{…}},"errors":{METHOD:{…}}}`. A raw capture lacks the first three; a raw
//! `tools/list` result has `tools` alone.

use std::fmt;

use super::{List, Listing, Surface, Transport};
use crate::json::{Json, Object, Pointer};

/// The version of the document format that this program writes, and the newest it reads.
pub const FORMAT_VERSION: u64 = 1;

/// JSON-RPC's code for a method that is not offered.
const METHOD_NOT_FOUND: i64 = -32601;

/// Members of a list's result that paging and the protocol's own bookkeeping need, which say nothing of the server.
const BOOKKEEPING: [&str; 2] = ["nextCursor", "resultType"];

/// Why a JSON document is no surface, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    /// What is wrong, in a clause.
    pub why: String,
    /// The place in the document.
    pub at: Pointer,
}

impl DocumentError {
    /// Something wrong with a member of the document.
    fn of(member: &str, why: String) -> Self {
        Self {
            why,
            at: Pointer::root().join(member),
        }
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for DocumentError {}

impl Surface {
    /// Reads a snapshot, a raw capture, or the raw result of a list.
    ///
    /// # Errors
    /// Anything that is not an object with at least one list or an `initialize` member of the right type, and
    /// documents of a newer format.
    pub fn from_document(document: &Json) -> Result<Self, DocumentError> {
        Self::from_owned(document.clone())
    }

    /// As [`from_document`](Self::from_document), of a document that nobody else needs.
    ///
    /// # Errors
    /// As [`from_document`](Self::from_document).
    pub fn from_owned(document: Json) -> Result<Self, DocumentError> {
        let wrong = |member: &str, why: String| Err(DocumentError::of(member, why));
        let as_a_whole = |why: String| {
            let at = Pointer::root();
            Err(DocumentError { why, at })
        };
        let Json::Object(mut object) = document else {
            return as_a_whole(format!(
                "expected an object, found {}",
                document.type_name()
            ));
        };
        if let Some(version) = object.get("formatVersion") {
            match version {
                Json::Number(number) if number.as_i64().is_some_and(|v| (1..=1).contains(&v)) => {}
                Json::Number(number) => {
                    let why =
                        format!("format {number} is not known here; this version reads format 1");
                    return wrong("formatVersion", why);
                }
                _ => {
                    return wrong(
                        "formatVersion",
                        "`formatVersion` is not a number".to_owned(),
                    );
                }
            }
        }
        let mut surface = Self::default();
        match object.take("initialize") {
            Some(Json::Object(initialize)) => surface.initialize = Some(initialize),
            Some(other) => {
                let why = format!("`initialize` is not an object but {}", other.type_name());
                return wrong("initialize", why);
            }
            None => {}
        }
        surface.protocol_version = negotiated(&object, surface.initialize.as_ref());
        surface.transport = object
            .get("transport")
            .and_then(Json::as_str)
            .and_then(Transport::of_name);
        for list in List::ALL {
            surface.set_listing(list, read_listing(&mut object, list)?);
            if let Some(Json::Object(beside)) = object
                .get("results")
                .and_then(|results| results.get(list.method()))
            {
                surface.beside.insert(list, beside.clone());
            }
        }
        if surface.initialize.is_none()
            && List::ALL
                .iter()
                .all(|list| *surface.listing(*list) == Listing::Absent)
        {
            return as_a_whole(
                "neither `initialize` nor one of `tools`, `prompts`, `resources`, `resourceTemplates`".to_owned(),
            );
        }
        Ok(surface)
    }

    /// Writes the document; the items stand in the order in which the server sent them.
    pub fn to_document(&self) -> Json {
        let mut document = Object::new();
        document.push("formatVersion", FORMAT_VERSION);
        if let Some(version) = &self.protocol_version {
            document.push("protocolVersion", version.as_str());
        }
        if let Some(transport) = self.transport {
            document.push("transport", transport.name());
        }
        if let Some(initialize) = &self.initialize {
            document.push("initialize", initialize.clone());
        }
        let mut errors = Object::new();
        for list in List::ALL {
            match self.listing(list) {
                Listing::Absent => {}
                Listing::Read(items) => document.push(list.member(), Json::Array(items.clone())),
                Listing::Failed(error) => {
                    document.push(list.member(), Json::Array(Vec::new()));
                    errors.push(list.method(), error.clone());
                }
            }
        }
        if !self.beside.is_empty() {
            let beside = self
                .beside
                .iter()
                .map(|(list, members)| (list.method().to_owned(), members.clone().into()));
            document.push("results", beside.collect::<Object>());
        }
        if !errors.is_empty() {
            document.push("errors", errors);
        }
        document.into()
    }

    /// Adds one page of a list: its items, and what stands beside them.
    ///
    /// # Errors
    /// A result whose member for the items is missing or no array.
    pub fn add_page(&mut self, list: List, result: &Object) -> Result<(), DocumentError> {
        let mut beside = self.beside.remove(&list).unwrap_or_default();
        let mut items = match self.listings.remove(&list) {
            Some(Listing::Read(items)) => items,
            _ => Vec::new(),
        };
        let mut found = false;
        for (name, value) in result.iter() {
            if name == list.member() {
                let page = (value.as_array()).ok_or_else(|| no_array(list, value))?;
                items.extend(page.iter().cloned());
                found = true;
            } else if !BOOKKEEPING.contains(&name) && beside.get(name).is_none() {
                beside.push(name, value.clone());
            }
        }
        if !found {
            return Err(DocumentError {
                why: format!("the result has no `{}`", list.member()),
                at: Pointer::root(),
            });
        }
        self.set_listing(list, Listing::Read(items));
        if !beside.is_empty() {
            self.beside.insert(list, beside);
        }
        Ok(())
    }
}

/// The revision that both sides agreed on. `initialize` says it; `server/discover` does not, so the document does.
fn negotiated(document: &Object, initialize: Option<&Object>) -> Option<String> {
    let version = |object: &Object| {
        object
            .get("protocolVersion")
            .and_then(Json::as_str)
            .map(str::to_owned)
    };
    initialize.and_then(version).or_else(|| version(document))
}

fn read_listing(document: &mut Object, list: List) -> Result<Listing, DocumentError> {
    if let Some(error) = document
        .get("errors")
        .and_then(|errors| errors.get(list.method()))
    {
        let code = error.get("code").and_then(|code| {
            if let Json::Number(code) = code {
                code.as_i64()
            } else {
                None
            }
        });
        return Ok(if code == Some(METHOD_NOT_FOUND) {
            Listing::Read(Vec::new())
        } else {
            Listing::Failed(error.clone())
        });
    }
    match document.take(list.member()) {
        None => Ok(Listing::Absent),
        Some(Json::Array(items)) => Ok(Listing::Read(items)),
        Some(other) => Err(no_array(list, &other)),
    }
}

fn no_array(list: List, found: &Json) -> DocumentError {
    let (member, found) = (list.member(), found.type_name());
    DocumentError::of(member, format!("`{member}` is not an array but {found}"))
}
