//! Says why a server could not be asked over HTTP: one cause, and what to do about it.

use std::error::Error;

use http::header::{LOCATION, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use rmcp::service::ClientInitializeError;
use rmcp::transport::DynamicTransportError;
use rmcp::transport::streamable_http_client::StreamableHttpError;

use super::answers::BodyEnd;
use super::{Ask, Site};
use crate::capture::revision::Opening;
use crate::capture::tap::Tap;
use crate::failure::Failure;

/// What an HTTP failure means for what may be tried next. The words for people are with the tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::capture) struct Refusal {
    /// The status of an answer that refused, without a JSON-RPC error in its body; none where there was no such answer.
    pub(in crate::capture) status: Option<u16>,
    /// Whether the URL speaks the transport of 2024-11-05 instead.
    pub(in crate::capture) old_transport: bool,
}

impl Refusal {
    /// The refusal that kept a connection from starting, if that is why it did not start.
    pub(in crate::capture) fn of(error: &ClientInitializeError) -> Option<Self> {
        let ClientInitializeError::TransportError { error, .. } = error else {
            return None;
        };
        Self::within(error)
    }

    /// The refusal that an error of the transport stands for.
    pub(in crate::capture) fn within(error: &DynamicTransportError) -> Option<Self> {
        if let Some(StreamableHttpError::<Self>::Client(refusal)) = error.error.downcast_ref() {
            return Some(*refusal);
        }
        error.error.downcast_ref().copied()
    }

    /// Whether the server may take the other way to begin: it did not take what it was sent as a request for it.
    ///
    /// The specification gives 400 to a server that does not know the revision; 404 and 405 to `initialize` only say
    /// that nothing is there, but older servers give them to a method they do not know.
    pub(in crate::capture) fn allows_another_opening(self, opening: Opening) -> bool {
        let discovers = matches!(opening, Opening::Discover(_));
        !self.old_transport
            && match self.status {
                Some(400 | 406 | 422 | 426) => true,
                Some(404 | 405) => discovers,
                _ => false,
            }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.status {
            Some(status) => write!(f, "HTTP {status}"),
            None => f.write_str("no usable answer over HTTP"),
        }
    }
}

impl Error for Refusal {}

/// A failure on the way, for people and for rmcp.
pub(in crate::capture) struct Trouble {
    pub(in crate::capture) failure: Failure,
    pub(in crate::capture) refusal: Refusal,
}

impl Trouble {
    /// An answer whose status is a refusal.
    pub(in crate::capture) fn status(
        site: &Site,
        ask: &Ask,
        in_session: bool,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let url = site.shown();
        let failure = Failure::new("capture", format!("{status} on {}", ask.named()));
        let failure = match status.as_u16() {
            401 | 403 => return Self::unauthorised(site, failure, status, headers),
            300..=399 => redirected(site, failure, status, headers),
            404 if in_session => failure
                .cause("the server has ended the session")
                .next("check again; if it stays so, look into the log of the server"),
            404 => failure
                .cause(format!("there is nothing at {url}"))
                .next("check the path of the URL; many servers listen at /mcp"),
            405 => failure
                .cause(format!("{url} takes no such request"))
                .next("check the path and the `transport` of the server"),
            429 => failure
                .cause("the server wants fewer requests")
                .next("try again later"),
            500.. => failure
                .cause(format!("the server at {url} failed"))
                .next("look into the log of the server"),
            _ => failure
                .cause(format!("{url} refused the request"))
                .next("check the URL and the headers that the server wants"),
        };
        Self::from_failure(with_body(site, failure, body), Some(status))
    }

    /// An answer of a type that is neither JSON nor a stream of events.
    pub(in crate::capture) fn content_type(
        site: &Site,
        ask: &Ask,
        named: &str,
        body: &[u8],
    ) -> Self {
        let failure = cannot_use(ask);
        let failure = if is_page(named, body) {
            a_page(site, failure)
        } else if named.is_empty() {
            failure
                .cause(format!("{} answers without a content type", site.shown()))
                .next("check the path of the URL")
        } else {
            let named = site.shown_text(named);
            failure
                .cause(format!(
                    "{} answers with `{named}`, not with JSON or a stream of events",
                    site.shown()
                ))
                .next("check the path of the URL")
        };
        Self::from_failure(with_body(site, failure, body), None)
    }

    /// An answer that is compressed, which was not asked for.
    pub(super) fn compressed(site: &Site, ask: &Ask, named: &str) -> Self {
        let named = site.shown_text(named);
        let failure = cannot_use(ask)
            .cause(format!(
                "{} compresses it (`{named}`), though it was asked not to",
                site.shown()
            ))
            .next("mend the server, or the proxy before it: `Accept-Encoding: identity` allows no other");
        Self::from_failure(failure, None)
    }

    /// A JSON body that holds no message.
    pub(in crate::capture) fn no_message(site: &Site, ask: &Ask, body: &[u8]) -> Self {
        let failure = cannot_use(ask);
        let failure = if body.trim_ascii().is_empty() {
            failure.cause("it is empty")
        } else if is_page("", body) {
            a_page(site, failure)
        } else {
            failure.cause("it is not a JSON-RPC message")
        };
        let failure = match failure.next {
            Some(_) => failure,
            None => failure.next("check that the server speaks MCP"),
        };
        Self::from_failure(with_body(site, failure, body), None)
    }

    /// A body that ended before it was complete, or never would have.
    pub(in crate::capture) fn broken(ask: &Ask, end: &BodyEnd) -> Self {
        let what = if ask.id.is_some() {
            format!("the answer to {}", ask.named())
        } else {
            "the stream of the server's messages".to_owned()
        };
        let failure = Failure::new("capture", format!("{what} is not complete"));
        let failure = match end {
            BodyEnd::TooLarge => failure
                .cause(format!(
                    "it has a message of more than {} MiB",
                    Tap::MAX_MESSAGE >> 20
                ))
                .next("find out what it sends: no list of tools is that large"),
            BodyEnd::Cut => failure
                .cause("the connection ended in the middle of it")
                .next("check again; if it stays so, look into the log of the server"),
            BodyEnd::Malformed => failure
                .cause("it is not a stream of server-sent events, though it says so")
                .next("look into the log of the server"),
        };
        Self::from_failure(failure, None)
    }

    /// A success without an answer, where there is no other way for one to come.
    pub(in crate::capture) fn unanswered(ask: &Ask, status: StatusCode) -> Self {
        let failure = Failure::new("capture", format!("{} was not answered", ask.named()))
            .cause(format!(
                "the server accepted it ({status}) and said no more"
            ))
            .next("check that the server speaks MCP");
        Self::from_failure(failure, None)
    }

    /// The same failure, met when the rest of a broken answer was asked for.
    pub(in crate::capture) fn resuming(mut self, ask: &Ask) -> Self {
        let failure = &mut self.failure;
        failure.notes.push(format!(
            "the server broke off its answer to {} and had to be asked for the rest",
            ask.named()
        ));
        self
    }

    /// The same refusal, by a server that speaks the transport of 2024-11-05.
    pub(in crate::capture) fn old_transport(mut self, site: &Site) -> Self {
        self.refusal.old_transport = true;
        self.failure = self
            .failure
            .cause(format!(
                "{} speaks the older HTTP with server-sent events (2024-11-05)",
                site.shown()
            ))
            .next("set `transport: sse` for this server");
        self
    }

    fn unauthorised(
        site: &Site,
        failure: Failure,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Self {
        let asked = headers
            .get(WWW_AUTHENTICATE)
            .and_then(|challenge| challenge.to_str().ok())
            .and_then(|challenge| challenge_for_people(site, challenge));
        let add = "add headers.Authorization: Bearer ${TOKEN}, and set TOKEN where it runs";
        let failure = match (asked, site.is_authorised()) {
            (Some(asked), false) => failure
                .cause(format!(
                    "the server asked for {asked}; no `Authorization` header is configured"
                ))
                .next(add),
            (None, false) => failure
                .cause("no `Authorization` header is configured")
                .next(add),
            (asked, true) => {
                let asked = asked.map(|asked| format!("; the server asked for {asked}"));
                failure
                    .cause(format!(
                        "the configured `Authorization` was not accepted{}",
                        asked.unwrap_or_default()
                    ))
                    .next("check that the credential is right, has not expired, and allows this")
            }
        };
        Self::from_failure(failure, Some(status))
    }

    pub(super) fn from_failure(failure: Failure, status: Option<StatusCode>) -> Self {
        let refusal = Refusal {
            status: status.map(|status| status.as_u16()),
            old_transport: false,
        };
        Self { failure, refusal }
    }
}

fn redirected(site: &Site, failure: Failure, status: StatusCode, headers: &HeaderMap) -> Failure {
    let target = headers
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| site.url().join(location).ok());
    let Some(target) = target else {
        return failure.cause(format!("{} redirects to nowhere", site.shown()));
    };
    let shown = site.shown_url(&target);
    let why = if target.origin() == site.url().origin() {
        match status.as_u16() {
            307 | 308 => "a redirect that goes in a circle, or too far",
            _ => "a redirect that loses the request",
        }
    } else {
        "another origin, which must not see the headers"
    };
    failure
        .cause(format!(
            "{} redirects to {shown}: {why}, so it was not followed",
            site.shown()
        ))
        .next(format!("if that is the server, set `url: {shown}`"))
}

fn cannot_use(ask: &Ask) -> Failure {
    Failure::new(
        "capture",
        format!("the answer to {} cannot be used", ask.named()),
    )
}

fn a_page(site: &Site, failure: Failure) -> Failure {
    failure
        .cause(format!(
            "{} answers with a web page, not with MCP",
            site.shown()
        ))
        .next("check the path of the URL; many servers listen at /mcp")
}

fn is_page(content_type: &str, body: &[u8]) -> bool {
    let content_type = content_type.to_ascii_lowercase();
    content_type.starts_with("text/html") || body.trim_ascii_start().starts_with(b"<")
}

/// Adds what the server wrote, unless it is a page.
fn with_body(site: &Site, failure: Failure, body: &[u8]) -> Failure {
    if is_page("", body) {
        return failure;
    }
    match site.shown_text(&String::from_utf8_lossy(body)) {
        text if text.is_empty() => failure,
        text => failure.body(text),
    }
}

/// What a `WWW-Authenticate` header asks for: the scheme, and the realm if it has one.
fn challenge_for_people(site: &Site, challenge: &str) -> Option<String> {
    let (scheme, parameters) = challenge
        .trim()
        .split_once(' ')
        .unwrap_or((challenge.trim(), ""));
    if scheme.is_empty() {
        return None;
    }
    let mut asked = format!("`{}`", site.shown_text(scheme.trim_end_matches(',')));
    let realm = parameters
        .to_ascii_lowercase()
        .find("realm=\"")
        .and_then(|at| parameters[at + 7..].split('"').next());
    if let Some(realm) = realm.filter(|realm| !realm.is_empty()) {
        asked.push_str(&format!(" for `{}`", site.shown_text(realm)));
    }
    Some(asked)
}
