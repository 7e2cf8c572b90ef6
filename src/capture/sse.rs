//! HTTP with server-sent events as 2024-11-05 had it, which rmcp no longer has: a GET opens the stream on which every
//! message of the server comes, its first event says where to POST the messages to the server.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use futures_util::StreamExt;
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE};
use reqwest::Url;
use rmcp::RoleClient;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::Transport;

use super::for_people;
use super::http::{
    Ask, BodyEnd, EVENT_STREAM, EventStream, JSON, Kind, Refusal, Site, Trouble, body_end,
    error_body, headers, is_message, kind, parse,
};
use super::spec::UrlSpec;
use super::tap::Tap;
use crate::failure::Failure;
use crate::secrets::Secrets;

/// Opens the stream and learns where to send messages. `timeout` bounds that as a whole.
///
/// # Errors
///
/// When the server cannot be reached, gives no such stream, or wants messages sent to somebody else.
pub(super) async fn connect(
    spec: &UrlSpec,
    secrets: &Secrets,
    tap: Tap,
    timeout: Duration,
) -> Result<SseTransport, Failure> {
    let site = Site::new(spec, secrets, timeout)?;
    let opening = tokio::time::timeout(timeout, open(&site)).await;
    let (events, endpoint) = opening.unwrap_or_else(|_| {
        Err(no_stream(&site)
            .cause(format!(
                "no `endpoint` event came within {}",
                for_people(timeout)
            ))
            .next("check the URL, and whether the server speaks streamable HTTP"))
    })?;
    Ok(SseTransport {
        site,
        tap,
        endpoint,
        events: Some(events),
        ready: VecDeque::new(),
    })
}

/// A conversation over the two. It has no task of its own: dropping it closes the connection.
pub(super) struct SseTransport {
    site: Site,
    tap: Tap,
    /// Where messages to the server go.
    endpoint: Url,
    /// What the server sends; none once that has ended.
    events: Option<EventStream>,
    ready: VecDeque<ServerJsonRpcMessage>,
}

impl Transport<RoleClient> for SseTransport {
    type Error = Refusal;

    fn send(
        &mut self,
        message: ClientJsonRpcMessage,
    ) -> impl Future<Output = Result<(), Refusal>> + Send + 'static {
        let (site, tap, endpoint) = (self.site.clone(), self.tap.clone(), self.endpoint.clone());
        async move {
            let ask = Ask::of(&message);
            match post(&site, endpoint, &ask, &message).await {
                Err(trouble) if ask.needed => {
                    tap.fail(trouble.failure);
                    Err(trouble.refusal)
                }
                _ => Ok(()),
            }
        }
    }

    async fn receive(&mut self) -> Option<ServerJsonRpcMessage> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            let end = match self.events.as_mut()?.next().await {
                Some(Ok(event)) => {
                    let data = event.data.as_deref().filter(|_| is_message(&event));
                    let messages = data.map(|data| self.tap.admit(data.as_bytes()));
                    self.ready.extend(
                        messages
                            .iter()
                            .flatten()
                            .filter_map(|message| parse(message)),
                    );
                    if self.tap.failed() {
                        self.events = None;
                    }
                    continue;
                }
                Some(Err(error)) => body_end(&error),
                None => BodyEnd::Cut,
            };
            self.events = None;
            if let BodyEnd::TooLarge = end {
                self.tap.note_too_large();
            }
            self.tap
                .fail(Trouble::broken(&Ask::notices(), &end).failure);
        }
    }

    async fn close(&mut self) -> Result<(), Refusal> {
        self.events = None;
        Ok(())
    }
}

/// Sends one message. The answer comes on the stream; what the server writes back here is of no account.
async fn post(
    site: &Site,
    endpoint: Url,
    ask: &Ask,
    message: &ClientJsonRpcMessage,
) -> Result<(), Trouble> {
    let body = serde_json::to_vec(message).expect("a message of rmcp is always JSON");
    let headers = headers(HashMap::new(), [(CONTENT_TYPE, Some(JSON))]);
    let request = site.request_to(Method::POST, endpoint, headers);
    let response = site.send(request.body(body), ask).await?;
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let headers = response.headers().clone();
    let body = error_body(response, site.timeout()).await;
    Err(Trouble::status(site, ask, false, status, &headers, &body))
}

/// Opens the stream and reads its first event.
async fn open(site: &Site) -> Result<(EventStream, Url), Failure> {
    let ask = Ask::notices();
    let headers = headers(HashMap::new(), [(ACCEPT, Some(EVENT_STREAM))]);
    let request = site.request(Method::GET, headers);
    let response = site
        .send(request, &ask)
        .await
        .map_err(|trouble| trouble.failure)?;
    let status = response.status();
    let kind = kind(&response);
    if !status.is_success() || kind != Kind::Events {
        let headers = response.headers().clone();
        let body = error_body(response, site.timeout()).await;
        let trouble = match kind {
            Kind::Other(named) if status.is_success() => {
                Trouble::content_type(site, &ask, &named, &body)
            }
            Kind::Json if status.is_success() => Trouble::content_type(site, &ask, JSON, &body),
            _ => Trouble::status(site, &ask, false, status, &headers, &body),
        };
        let failure = trouble.failure;
        return Err(match status.as_u16() {
            // What a server of streamable HTTP says to a GET outside a session.
            400 | 405 | 406 => {
                failure.next("if it speaks streamable HTTP, set `transport: streamable-http`")
            }
            _ => failure,
        });
    }
    let mut events = EventStream::new(response, Tap::MAX_MESSAGE);
    loop {
        let event = match events.next().await {
            Some(Ok(event)) => event,
            Some(Err(error)) => return Err(Trouble::broken(&ask, &body_end(&error)).failure),
            None => return Err(Trouble::broken(&ask, &BodyEnd::Cut).failure),
        };
        match (event.event.as_deref(), event.data) {
            (Some("endpoint"), Some(data)) => return Ok((events, endpoint(site, data.trim())?)),
            // A comment or a retry time may come first, a message may not: nobody has asked anything.
            (None, None) => {}
            _ => {
                return Err(no_stream(site)
                    .cause("the first event is not `endpoint`")
                    .next("if it speaks streamable HTTP, set `transport: streamable-http`"));
            }
        }
    }
}

/// Where to send messages, by the first event: a URL of the same origin, often relative.
fn endpoint(site: &Site, data: &str) -> Result<Url, Failure> {
    let url = site.url().join(data).map_err(|_| {
        no_stream(site).cause("its `endpoint` event names no URL to send messages to")
    })?;
    if url.origin() == site.url().origin() {
        Ok(url)
    } else {
        Err(no_stream(site)
            .cause(format!(
                "it wants messages sent to {}, which is another origin and must not see the headers",
                site.shown_url(&url)
            ))
            .next("ask that server by its own URL, or mend the address that this one gives out"))
    }
}

fn no_stream(site: &Site) -> Failure {
    Failure::new(
        "capture",
        format!("could not begin a conversation at {}", site.shown()),
    )
}

#[cfg(test)]
mod tests;
