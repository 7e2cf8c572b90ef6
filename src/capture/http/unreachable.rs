//! Says why no answer came at all: the name, the connection or the certificate failed.

use std::error::Error;
use std::io;

use super::{Ask, Site, Trouble};
use crate::capture::for_people;
use crate::failure::Failure;

impl Trouble {
    /// No answer at all: the connection, the name or the certificate failed.
    pub(in crate::capture) fn unreachable(site: &Site, ask: &Ask, error: &reqwest::Error) -> Self {
        let failure = Failure::new("capture", format!("could not reach {}", site.shown()));
        let io = find::<io::Error>(error).map(io::Error::kind);
        let failure = if let Some(error) = find::<rustls::Error>(error) {
            bad_tls(failure, error)
        } else if error.is_timeout() {
            let limit = for_people(site.timeout());
            failure
                .cause(format!("there was no connection within {limit}"))
                .next("check the URL and the network, or raise `timeout`")
        } else if is_dns(error) {
            failure
                .cause(format!("the name `{}` was not found", site.host()))
                .next("check the host of the URL")
        } else if io == Some(io::ErrorKind::ConnectionRefused) {
            failure
                .cause("the connection was refused")
                .next("check that the server runs, and its port")
        } else if error.is_connect() {
            failure
                .cause(format!(
                    "no connection was made ({})",
                    site.shown_text(&innermost(error))
                ))
                .next("check the URL and the network")
        } else {
            failure
                .cause(format!(
                    "the connection ended before {} was answered ({})",
                    ask.named(),
                    site.shown_text(&innermost(error))
                ))
                .next(if site.url().scheme() == "http" {
                    "check that it is an HTTP server; if it speaks TLS, write https://"
                } else {
                    "check that the server is up, and its log"
                })
        };
        let failure = match site.proxy() {
            Some(variable) => failure.note(format!(
                "`{variable}` is set, so the request goes through a proxy unless NO_PROXY makes an exception"
            )),
            None => failure,
        };
        Self::from_failure(failure, None)
    }
}

/// Whether the server closed the connection before it answered anything.
pub(super) fn closed_before_answer(error: &reqwest::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    let incomplete = find::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message);
    let io = find::<io::Error>(error).map(io::Error::kind);
    !error.is_connect()
        && (incomplete || matches!(io, Some(BrokenPipe | ConnectionAborted | ConnectionReset)))
}

/// The text of the error at the root of a chain: those above it only repeat the URL.
pub(in crate::capture) fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// The error of this type in a chain, also where an `io::Error` wraps it.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // The source of such an error is not what it wraps but the source of that.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref());
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// Whether looking up the name failed; the layer that does it has no type of its own for that.
fn is_dns(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if error.to_string().starts_with("dns error") {
            return true;
        }
        next = error.source();
    }
    false
}

fn bad_tls(failure: Failure, error: &rustls::Error) -> Failure {
    match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => failure
            .cause("its certificate is from an authority that this machine does not trust")
            .next("set SSL_CERT_FILE to the certificate of your own authority"),
        rustls::Error::InvalidCertificate(reason) => failure
            .cause(format!("its certificate is not valid: {reason}"))
            .next("check the host of the URL, and the certificate of the server"),
        rustls::Error::InvalidMessage(_) => failure
            .cause("it does not speak TLS")
            .next("if it is meant to, check the port; if not, write http://"),
        other => failure
            .cause(format!("TLS failed: {other}"))
            .next("check the TLS settings of the server"),
    }
}
