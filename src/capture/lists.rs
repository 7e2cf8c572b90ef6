//! Reads one list of a server, page by page.

use std::collections::BTreeSet;

use serde_json::json;

use super::connection::{Connection, RequestError};
use super::parse_object;
use crate::failure::Failure;
use crate::json::Json;
use crate::surface::{List, Listing, Surface};

/// How often a list that changed while it was read is read again.
pub(super) const MOST_REREADS: u32 = 3;

/// The most pages of one list. A server that has more does not end.
const MOST_PAGES: usize = 1000;

/// JSON-RPC's code for a method that is not offered.
const METHOD_NOT_FOUND: i64 = -32601;

/// What reading one list brought besides its items.
#[derive(Default)]
pub(super) struct Listed {
    /// The result of each page, byte for byte.
    pub(super) pages: Vec<Box<str>>,
    /// Microseconds, one sample a page.
    pub(super) latency: Vec<u64>,
    /// What the reader should know.
    pub(super) note: Option<String>,
}

/// Reads a list into the surface.
///
/// A server that does not offer the list (`-32601`) has an empty one. One that never claimed the capability is asked
/// all the same, since clients do so too; there, any error and any result without the list mean that it has none, unless it had
/// some when it was approved: a server that is broken must not look like one that removed everything.
pub(super) async fn read(
    connection: &mut Connection,
    surface: &mut Surface,
    list: List,
    had_items: bool,
) -> Result<Listed, Failure> {
    let claimed = surface
        .capabilities()
        .is_some_and(|capabilities| capabilities.get(list.capability()).is_some());
    let mut listed = Listed::default();
    let mut cursors = BTreeSet::new();
    let mut cursor: Option<String> = None;
    loop {
        let params = cursor.as_ref().map(|cursor| json!({ "cursor": cursor }));
        let (result, latency) = match connection.request(list.method(), params).await {
            Ok(answer) => answer,
            Err(RequestError::Answered {
                code: METHOD_NOT_FOUND,
                ..
            }) => {
                let (method, capability) = (list.method(), list.capability());
                listed.note = claimed.then(|| {
                    format!("`{method}` is not offered ({METHOD_NOT_FOUND}), though the server claims `{capability}`")
                });
                return Ok(none(listed, surface, list));
            }
            Err(error @ (RequestError::Answered { .. } | RequestError::Status(_)))
                if !claimed && !had_items =>
            {
                // The refusal of one request; the conversation goes on without it.
                connection.tap.take_failure();
                let method = list.method();
                listed.note = Some(format!(
                    "`{method}` failed, which the server never claimed to have: {error}"
                ));
                return Ok(none(listed, surface, list));
            }
            Err(error) => return Err(incomplete(list).cause(error)),
        };
        let page = parse_object(list.method(), &result)?;
        if listed.pages.is_empty() && !claimed && !had_items && page.get(list.member()).is_none() {
            let (method, member) = (list.method(), list.member());
            listed.note = Some(format!(
                "`{method}` brought no `{member}`, which the server never claimed to have"
            ));
            return Ok(none(listed, surface, list));
        }
        surface
            .add_page(list, &page)
            .map_err(|error| incomplete(list).cause(error))?;
        listed.pages.push(result);
        listed.latency.push(latency);
        match page.get("nextCursor") {
            None | Some(Json::Null) => return Ok(listed),
            Some(Json::String(next)) if next.is_empty() => return Ok(listed),
            Some(Json::String(next)) => {
                if !cursors.insert(next.clone()) {
                    return Err(
                        incomplete(list).cause("its pages go in a circle: a cursor came twice")
                    );
                }
                cursor = Some(next.to_string());
            }
            Some(other) => {
                return Err(incomplete(list).cause(format!(
                    "`nextCursor` is no string but {}",
                    other.type_name()
                )));
            }
        }
        if listed.pages.len() >= MOST_PAGES {
            return Err(incomplete(list).cause(format!("it has more than {MOST_PAGES} pages")));
        }
    }
}

/// The list is not offered: it is empty.
fn none(mut listed: Listed, surface: &mut Surface, list: List) -> Listed {
    surface.set_listing(list, Listing::Read(Vec::new()));
    surface.beside.remove(&list);
    listed.pages.clear();
    listed
}

fn incomplete(list: List) -> Failure {
    Failure::new(
        "capture",
        format!(
            "`{}` could not be read, so nothing was compared",
            list.method()
        ),
    )
    .next("look into the server's log; where the server is at fault, tell its authors")
}
