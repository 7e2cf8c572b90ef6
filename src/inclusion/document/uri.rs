//! URIs of schemas: what a reference names, told from its base (RFC 3986; JSON Schema core, section 8 or 9).

use percent_encoding::percent_decode_str;
use url::Url;

/// Where a schema is that does not say where.
const UNNAMED: &str = "bellwether:/";

/// Longer URIs name nothing, so that many short names below a long base cost no square.
const LONGEST: usize = 1024;

/// The URI of a document that nobody named.
pub(super) fn unnamed() -> Url {
    Url::parse(UNNAMED).expect("a constant URI")
}

/// A reference without its fragment, and the fragment. An empty fragment is as good as none.
pub(super) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// What a fragment says, without its percent signs; nothing where that is no text.
pub(super) fn decoded(fragment: &str) -> Option<String> {
    let text = percent_decode_str(fragment).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// The URI that a reference without fragment names, or nothing where it names none. Where no base is known, the
/// reference has to be absolute.
pub(super) fn join(base: Option<&Url>, reference: &str) -> Option<Url> {
    if reference.len() > LONGEST {
        return None;
    }
    let joined = match base {
        None => Url::parse(reference),
        Some(base) => base.join(reference).or_else(|error| {
            if base.cannot_be_a_base() {
                // A path told from `urn:name` takes the place of the name (RFC 3986, section 5.2.3).
                Url::parse(&format!("{}:{reference}", base.scheme()))
            } else {
                Err(error)
            }
        }),
    };
    joined.ok().filter(|uri| uri.as_str().len() <= LONGEST)
}

/// The text of a URI with its fragment; relative again where it was told from a document that nobody named.
pub(super) fn text(uri: &Url, fragment: &str) -> String {
    let uri = uri.as_str();
    let uri = uri.strip_prefix(UNNAMED).unwrap_or(uri);
    if fragment.is_empty() {
        uri.to_owned()
    } else {
        format!("{uri}#{fragment}")
    }
}
