//! The text of an error without what differs from run to run.

use crate::observed::TextFormat;

/// So much of a text counts.
const READ: usize = 4_096;

/// A quoted value is at most this long; a quote that is open longer is none.
const QUOTED: usize = 400;

/// What stands for what was taken out. A text that has them already keeps them.
const PLACEHOLDERS: [&str; 8] = [
    "<value>",
    "<url>",
    "<email>",
    "<id>",
    "<time>",
    "<address>",
    "<path>",
    "<number>",
];

/// What ends a word.
const ENDS: &str = "()[]{}<>,;|=\"`'“”‘’«»";

/// Units that a number is followed by, after a blank; those after none belong to its word.
const UNITS: [&str; 18] = [
    "ms",
    "milliseconds",
    "s",
    "sec",
    "second",
    "seconds",
    "min",
    "minute",
    "minutes",
    "hour",
    "hours",
    "%",
    "byte",
    "bytes",
    "kB",
    "KB",
    "MB",
    "GB",
];

/// A text with placeholders for paths, URLs, addresses, identifiers, times, numbers and quoted values, and single
/// blanks between its words: two runs of one error read the same. Of a long text the beginning counts.
pub fn normalised(text: &str) -> String {
    let end = text
        .char_indices()
        .nth(READ)
        .map_or(text.len(), |(at, _)| at);
    let mut rest = &text[..end];
    let mut out = String::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = rest.trim_start();
            if !out.is_empty() && !rest.is_empty() {
                out.push(' ');
            }
        } else if let Some(known) = PLACEHOLDERS.iter().find(|known| rest.starts_with(**known)) {
            push(&mut out, known);
            rest = &rest[known.len()..];
        } else if let Some(length) = quoted(&out, rest) {
            push(&mut out, "<value>");
            rest = &rest[length..];
        } else if ENDS.contains(first) {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            let word = word(rest);
            push_word(&mut out, word);
            rest = &rest[word.len()..];
        }
    }
    out
}

/// The length of the quoted value that a text begins with, quotes included.
fn quoted(before: &str, text: &str) -> Option<usize> {
    let open = text.chars().next()?;
    let close = match open {
        '"' | '`' | '\'' => open,
        '“' => '”',
        '‘' => '’',
        '«' => '»',
        _ => return None,
    };
    // An apostrophe is no quote.
    let inside_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if open == '\'' && inside_word(before.chars().next_back()) {
        return None;
    }
    let mut characters = text.char_indices().skip(1).take(QUOTED).peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '\n' => return None,
            c if c == close => {
                let next = characters.peek().map(|(_, next)| *next);
                if !(close == '\'' && inside_word(next)) {
                    return Some(at + close.len_utf8());
                }
            }
            _ => {}
        }
    }
    None
}

/// The word that a text begins with; a URL with all that belongs to it.
fn word(text: &str) -> &str {
    let whole = text
        .split(|c: char| c.is_whitespace() || "\"`<>“”«»".contains(c))
        .next()
        .unwrap_or(text);
    let short = whole
        .split(|c: char| ENDS.contains(c))
        .next()
        .unwrap_or(whole);
    if short.contains("://") { whole } else { short }
}

fn push_word(out: &mut String, word: &str) {
    // What belongs to the sentence stays.
    let core = word.trim_end_matches(['.', ':', '!', '?', ')', ']', '}', ',', ';']);
    // 999 ms of one run are 1 second of another.
    if out.ends_with("<number> ") && UNITS.contains(&core) {
        out.pop();
        out.push_str(&word[core.len()..]);
        return;
    }
    match placeholder(core) {
        Some(placeholder) => push(out, placeholder),
        None => out.push_str(core),
    }
    out.push_str(&word[core.len()..]);
}

/// Adds a placeholder, but none twice in a row: a date and its time are one.
fn push(out: &mut String, placeholder: &str) {
    let before = out.trim_end_matches(' ');
    if before.ends_with(placeholder) {
        out.truncate(before.len());
    } else {
        out.push_str(placeholder);
    }
}

/// What stands for a word that differs from run to run; nothing for one that does not.
fn placeholder(word: &str) -> Option<&'static str> {
    use TextFormat as F;
    if word.contains("://") {
        return Some("<url>");
    }
    match TextFormat::of(word) {
        F::Email => return Some("<email>"),
        F::Uuid | F::Hex => return Some("<id>"),
        F::DateTime | F::DateTimeLocal | F::Date | F::LocalDate | F::Time => return Some("<time>"),
        F::Ipv4 | F::Ipv6 => return Some("<address>"),
        F::Number => return Some("<number>"),
        _ => {}
    }
    if is_path(word) {
        return Some("<path>");
    }
    if let Some((host, port)) = word.rsplit_once(':')
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        let clock = host
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b':');
        return Some(match host.rsplit_once('.') {
            _ if clock => "<time>",
            // `server.py:12` and `index.js:10:3`.
            Some((_, end))
                if end.starts_with(|c: char| c.is_ascii_alphabetic()) && end.len() <= 5 =>
            {
                "<path>"
            }
            _ => "<address>",
        });
    }
    if !word.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = word.trim_start_matches(['+', '-', '#', '~', '$', '€', 'v']);
    let unit = number.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '.' | ',' | '_' | '/' | ':')
    });
    let short = unit.chars().count() <= 4 && unit.chars().all(|c| c.is_alphabetic() || c == '%');
    let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && short;
    Some(if is_number { "<number>" } else { "<id>" })
}

/// Whether a word is a path in a file system.
fn is_path(word: &str) -> bool {
    let bytes = word.as_bytes();
    let drive = bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'\\' | b'/');
    let begins = ["/", "./", "../", "~/", "\\\\", "@/"]
        .iter()
        .any(|begin| word.starts_with(begin));
    let slashes = word.matches(['/', '\\']).count();
    let last = word.rsplit(['/', '\\']).next().unwrap_or_default();
    drive || begins && word.len() > 1 || slashes >= 2 || slashes == 1 && last.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_of_one_error_read_the_same() {
        for (one, other, normal) in [
            (
                "ENOENT: no such file or directory, open '/tmp/a1/x.txt'",
                "ENOENT: no such file or directory, open '/tmp/b2/y.txt'",
                "ENOENT: no such file or directory, open <value>",
            ),
            (
                "File /home/jane/a.txt not found.",
                "File C:\\Users\\joe\\b.txt not found.",
                "File <path> not found.",
            ),
            (
                "GET https://api.example.com/v1/users/17?x=1,2 failed",
                "GET http://localhost:8080/ failed",
                "GET <url> failed",
            ),
            (
                "Request req_8fK2 failed after 1532 ms",
                "Request req_x91Q failed after 20ms",
                "Request <id> failed after <number>",
            ),
            (
                "at 2026-01-31T12:00:00.123Z: lost",
                "at 2025-12-01 09:30:01: lost",
                "at <time>: lost",
            ),
            (
                "user 3fa85f64-5717-4562-b3fc-2c963f66afa6 is gone",
                "user 00000000-0000-4000-8000-000000000000 is gone",
                "user <id> is gone",
            ),
            (
                "connect ECONNREFUSED 127.0.0.1:5432",
                "connect ECONNREFUSED localhost:6000",
                "connect ECONNREFUSED <address>",
            ),
            (
                "<object at 0x7f3a2c10>",
                "<object at 0x55d0aa>",
                "<object at <id>>",
            ),
            (
                "No user jane@example.com",
                "No user joe@example.org",
                "No user <email>",
            ),
            (
                "relation \"orders\" does not exist (line 3)",
                "relation “users” does not exist (line 17)",
                "relation <value> does not exist (line <number>)",
            ),
            (
                "It doesn't work, 'it isn't there'",
                "It doesn't work, 'x'",
                "It doesn't work, <value>",
            ),
            ("  spaced\n\tout ", "spaced out", "spaced out"),
            (
                "at run (server.py:12)",
                "at run (main.py:7)",
                "at run (<path>)",
            ),
            (
                "used 45% of 1.5GB",
                "used 7% of 20MB",
                "used <number> of <number>",
            ),
            (
                "commit deadbeef01 missing",
                "commit 12ab34cd56 missing",
                "commit <id> missing",
            ),
            (
                "true/false and either/or",
                "true/false and either/or",
                "true/false and either/or",
            ),
        ] {
            assert_eq!(normalised(one), normal, "{one}");
            assert_eq!(normalised(other), normal, "{other}");
            assert_eq!(normalised(normal), normal, "{normal}");
        }
        assert_ne!(
            normalised("City is unknown"),
            normalised("Country is unknown")
        );
    }

    #[test]
    fn any_text_can_be_normalised_and_only_once() {
        let hostile = [
            "",
            "'",
            "\"\\",
            "<",
            "<<value>>",
            "\u{202e}“",
            "a'b'c",
            "::1",
            "é'é'",
            "((((",
            "…/…",
            "https://",
            "1:2:3:",
            "\u{0}",
            "=;=,",
        ];
        for a in hostile {
            for b in hostile {
                for text in [format!("{a}{b}"), format!("{a} {b} {a}")] {
                    let once = normalised(&text);
                    assert_eq!(normalised(&once), once, "{text:?}");
                }
            }
        }
        assert!(normalised(&"é".repeat(1 << 20)).len() <= 2 * READ);
    }
}
