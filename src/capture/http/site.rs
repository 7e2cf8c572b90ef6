//! One HTTP server: how it is reached, and how it may be spoken of.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, AUTHORIZATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, RequestBuilder, Response, Url};

use super::Ask;
use super::refusal::Trouble;
use super::unreachable::closed_before_answer;
use crate::capture::spec::UrlSpec;
use crate::failure::Failure;
use crate::secrets::Secrets;

/// How many redirects one request may take.
const MAX_REDIRECTS: usize = 10;

/// How often one request is sent again: the connections that a capture keeps are few, and after them comes a new one.
const MAX_RESENDS: u32 = 3;

/// How much of a text of the server a message shows, in characters.
const MAX_SHOWN: usize = 300;

/// A server and the client that asks it.
#[derive(Clone)]
pub(in crate::capture) struct Site(Arc<Inner>);

struct Inner {
    client: Client,
    url: Url,
    /// The headers of the configuration; a name may come more than once.
    headers: HeaderMap,
    timeout: Duration,
    /// The variable that names a proxy for such URLs, if one does.
    proxy: Option<&'static str>,
    /// The secrets of the configuration, and what else of the request must not be seen.
    hidden: Secrets,
    authorised: bool,
}

impl Site {
    /// Prepares a client for a server; nothing is sent yet. `timeout` bounds connecting.
    ///
    /// Proxies are taken from `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, except for this machine itself.
    ///
    /// # Errors
    ///
    /// When the URL or a header cannot be sent.
    pub(in crate::capture) fn new(
        spec: &UrlSpec,
        secrets: &Secrets,
        timeout: Duration,
    ) -> Result<Self, Failure> {
        let url = Url::parse(&spec.url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| {
            Failure::new("capture", "the URL is not one that can be asked")
                .next("write it as https://host/path")
        })?;
        let mut hidden = secrets.clone();
        let mut headers = HeaderMap::new();
        for (name, value) in &spec.headers {
            let unusable = |what| {
                Failure::new(
                    "capture",
                    format!(
                        "the header `{}` cannot be sent: {what}",
                        secrets.redact(name)
                    ),
                )
            };
            let key = HeaderName::try_from(name).map_err(|_| unusable("its name is not one"))?;
            let mut sent = HeaderValue::try_from(value)
                .map_err(|_| unusable("its value has characters that a header cannot carry"))?;
            sent.set_sensitive(true);
            headers.append(key, sent);
            hidden.add(format!("headers.{name}"), value);
            // A server that repeats a credential does so without its scheme.
            if let Some((_, credential)) = value.split_once(' ') {
                hidden.add(format!("headers.{name}"), credential);
            }
        }
        for (part, value) in [
            ("user", url.username()),
            ("password", url.password().unwrap_or_default()),
        ] {
            hidden.add(format!("url.{part}"), value);
        }
        for (_, value) in url.query_pairs() {
            hidden.add("url.query", value);
        }
        let authorised = headers.contains_key(AUTHORIZATION) || url.password().is_some();
        // Only the first call counts; another provider in this process is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .user_agent(concat!("bellwether/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(timeout)
            .redirect(Policy::custom(same_origin));
        let mut proxy = None;
        if is_this_machine(&url) {
            client = client.no_proxy();
            if url.scheme() == "http" {
                // Nothing here can turn into TLS, and reading the trusted certificates takes longer than all the rest.
                client = client.tls_certs_only([]);
            }
        } else {
            proxy = proxy_variable(&url);
        }
        let client = client.build().map_err(|error| {
            Failure::new("capture", "could not prepare for HTTP")
                .cause(super::unreachable::innermost(&error))
        })?;
        Ok(Self(Arc::new(Inner {
            client,
            url,
            headers,
            timeout,
            proxy,
            hidden,
            authorised,
        })))
    }

    /// A request to the URL of the server, with the headers of the configuration and then these.
    pub(in crate::capture) fn request(&self, method: Method, headers: HeaderMap) -> RequestBuilder {
        self.request_to(method, self.0.url.clone(), headers)
    }

    /// A request to another URL of the same server.
    pub(in crate::capture) fn request_to(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
    ) -> RequestBuilder {
        let mut request = self.0.client.request(method, url);
        // Without it a server may pick any encoding (RFC 9110, section 12.5.3), and none can be read here.
        if !self.0.headers.contains_key(ACCEPT_ENCODING) {
            request = request.header(ACCEPT_ENCODING, "identity");
        }
        for (name, value) in &self.0.headers {
            request = request.header(name, value);
        }
        request.headers(headers)
    }

    /// Sends a request and waits for the head of the answer, of whatever status.
    ///
    /// A server may close a connection that is kept for the next request just as that is sent on it. Nothing that is
    /// asked here changes the server, so such a request is sent again; not the first, whose connection is new.
    pub(in crate::capture) async fn send(
        &self,
        mut request: RequestBuilder,
        ask: &Ask,
    ) -> Result<Response, Trouble> {
        let mut resends = if ask.opens { 0 } else { MAX_RESENDS };
        let mut closed = None;
        loop {
            let again = request.try_clone().filter(|_| resends > 0);
            match (request.send().await, again) {
                (Err(error), Some(again)) if closed_before_answer(&error) => {
                    resends -= 1;
                    request = again;
                    closed.get_or_insert(error);
                }
                // A server that fell over tells more by how it did than by being away now.
                (outcome, _) => {
                    return outcome.map_err(|error| {
                        Trouble::unreachable(self, ask, closed.as_ref().unwrap_or(&error))
                    });
                }
            }
        }
    }

    /// The URL to ask.
    pub(in crate::capture) fn url(&self) -> &Url {
        &self.0.url
    }

    /// The host of the server as messages show it.
    pub(in crate::capture) fn host(&self) -> String {
        self.0
            .hidden
            .redact(self.0.url.host_str().unwrap_or_default())
            .into_owned()
    }

    /// How long one step may take.
    pub(in crate::capture) fn timeout(&self) -> Duration {
        self.0.timeout
    }

    /// The variable that names a proxy for the server, unless `NO_PROXY` makes an exception.
    pub(in crate::capture) fn proxy(&self) -> Option<&'static str> {
        self.0.proxy
    }

    /// Whether the configuration says who is asking.
    pub(in crate::capture) fn is_authorised(&self) -> bool {
        self.0.authorised
    }

    /// The URL of the server as messages show it.
    pub(in crate::capture) fn shown(&self) -> String {
        self.shown_url(&self.0.url)
    }

    /// A URL as messages show it: without user, password, query and fragment.
    pub(in crate::capture) fn shown_url(&self, url: &Url) -> String {
        let mut bare = url.clone();
        let _ = bare.set_username("");
        let _ = bare.set_password(None);
        bare.set_query(None);
        bare.set_fragment(None);
        self.0.hidden.redact(bare.as_str()).into_owned()
    }

    /// Text of the server as messages show it: on one line, cut, harmless, and without what it may repeat of the request.
    pub(in crate::capture) fn shown_text(&self, text: &str) -> String {
        let text = self.0.hidden.redact(text.trim());
        let mut shown = String::new();
        for (count, char) in text.chars().enumerate() {
            if count == MAX_SHOWN {
                shown.push_str("...");
                break;
            }
            match char {
                '"' | '\'' | '\\' => shown.push(char),
                _ => shown.extend(char.escape_debug()),
            }
        }
        shown
    }
}

/// Follows a redirect only within the origin, and only where the request stays what it was.
///
/// Elsewhere the headers of the configuration would go to somebody else; 301, 302 and 303 would turn a POST into a GET.
fn same_origin(attempt: Attempt) -> reqwest::redirect::Action {
    let same = attempt
        .previous()
        .first()
        .is_some_and(|first| first.origin() == attempt.url().origin());
    if same
        && matches!(attempt.status().as_u16(), 307 | 308)
        && attempt.previous().len() <= MAX_REDIRECTS
        // A call that goes in a circle would be made again and again.
        && !attempt.previous().contains(attempt.url())
    {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

/// Whether a URL names this machine, which no proxy can reach for us.
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The variable that names a proxy for a URL, as reqwest looks for it.
fn proxy_variable(url: &Url) -> Option<&'static str> {
    let names = if url.scheme() == "https" {
        ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
    };
    names
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
