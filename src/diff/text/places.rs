//! How URLs, hosts, e-mail addresses, paths and forms of dates look.

use super::lexicon::TOP_LEVELS;
use super::words::is_unspaced;

/// Where the first URL of a piece stands.
pub(super) fn url(piece: &str) -> Option<(usize, usize)> {
    let from = match piece.find("://") {
        Some(colon) => {
            let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
            let scheme = piece[..colon].rfind(|c| !scheme(c)).map_or(0, |at| {
                at + piece[at..].chars().next().map_or(0, char::len_utf8)
            });
            (scheme < colon).then_some(scheme)?
        }
        None => {
            let at = piece.find("www.")?;
            let fresh = !piece[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.');
            fresh.then_some(at)?
        }
    };
    let stop = |c: char| {
        matches!(
            c,
            ')' | ']' | '>' | '<' | '"' | '\'' | '`' | '|' | '}' | '*'
        ) || is_unspaced(c)
    };
    let to = piece[from..].find(stop).map_or(piece.len(), |at| from + at);
    Some((from, to))
}

/// Whether a text is an e-mail address.
pub(super) fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains(['@', '/', ':'])
    })
}

/// Whether a text without a scheme is a host, alone or with a port and a path. A file name is none.
pub(super) fn is_host(text: &str) -> bool {
    let (host, behind) = text.split_at(text.find(['/', ':']).unwrap_or(text.len()));
    // `apps.example.io/v1` is a group of an API and its version.
    let version = behind.strip_prefix("/v").unwrap_or_default();
    if version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains('/') {
        return false;
    }
    if !host.contains('.') {
        return false;
    }
    let mut labels = host.split('.');
    let last = labels.next_back().unwrap_or_default();
    let named = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok()) {
        return true;
    }
    // `Example.io` with a capital is a company.
    let is_brand = behind.is_empty() && host.starts_with(|c: char| c.is_ascii_uppercase());
    !is_brand
        && labels.all(named)
        && host.contains(|c: char| c.is_ascii_alphabetic())
        && TOP_LEVELS.has(&last.to_ascii_lowercase())
}

/// Whether a text names a place in a file system.
pub(super) fn is_path(text: &str) -> bool {
    let named =
        |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_'));
    let bytes = text.as_bytes();
    let drive = bytes.len() > 3
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'\\' | b'/');
    drive
        || [
            "/",
            "~/",
            "../",
            "./",
            "~\\",
            "\\\\",
            "$HOME/",
            "%APPDATA%\\",
        ]
        .iter()
        .any(|start| text.strip_prefix(start).is_some_and(named))
        || (text.starts_with('.') && text[1..].contains('/') && named(&text[1..]))
}

/// Whether a text is a form of dates or times: `YYYY-MM-DD`, `hh:mm`.
pub(super) fn is_date_form(text: &str) -> bool {
    let letter = |c: char| {
        matches!(
            c.to_ascii_lowercase(),
            'y' | 'm' | 'd' | 'h' | 's' | 't' | 'z'
        )
    };
    text.len() >= 5
        && text.contains(['-', '/', ':', '.'])
        && text
            .chars()
            .all(|c| letter(c) || matches!(c, '-' | '/' | ':' | '.'))
        && ["yy", "dd", "mm", "hh"]
            .iter()
            .filter(|part| text.to_ascii_lowercase().contains(*part))
            .count()
            >= 2
}
