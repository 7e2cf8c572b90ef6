//! Adds entries to `ignore:` of a configuration without touching anything else in it (issue 6, `baseline review`).
//!
//! The text is changed where the parser says that things stand; nothing is written anew, so comments, order, quotes and
//! line ends stay. What comes out is read again and must say what it said before and the new entries, or there is no
//! result.

mod place;

use std::fmt::Write as _;

use self::place::{List, Outline, Root};
use super::tree;
use crate::failure::Failure;
use crate::text;

/// The first lines of a new configuration, which tell an editor where its schema is.
pub const MODELINE: &str = "# yaml-language-server: $schema=.bellwether/config.schema.json
# For completion and checks in your editor: bellwether schema config > .bellwether/config.schema.json
";

/// The most columns of the comment behind an entry.
const COMMENT_WIDTH: usize = 80;

/// How far an entry is indented below its key.
const STEP: usize = 2;

/// One finding to ignore from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The fingerprint of the finding, 16 hex digits.
    pub fingerprint: String,
    /// What the finding is, for the comment behind it: `tool-removed at tools/x`. It may hold server text.
    pub about: String,
    /// Why it is fine.
    pub reason: String,
    /// The last day on which this counts, `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// The configuration with the entries added. Every byte of the old text but a word for nothing (`[]`, `~`) stays, in
/// its order.
///
/// # Errors
/// A text that is no YAML; one in which the entries cannot be added so that all else stays, with the entries to add by
/// hand.
pub fn add(text: &str, additions: &[Addition]) -> Result<String, Failure> {
    if additions.is_empty() {
        return Ok(text.to_owned());
    }
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = &text[..text.len() - body.len()];
    let Ok((old, _)) = tree::parse(body) else {
        return Err(refusal(additions, "it is not valid YAML"));
    };
    let before = old.to_json();
    candidates(body, additions)
        .into_iter()
        .find(|new| says(new, &before, additions))
        .map(|new| format!("{mark}{new}"))
        .ok_or_else(|| {
            refusal(
                additions,
                "its `ignore:` cannot be added to without changing something else in the file",
            )
        })
}

/// A configuration that holds the entries and nothing else.
pub fn new_file(additions: &[Addition]) -> String {
    let ending = Ending("\n");
    format!("{MODELINE}\n{}", ending.section(0, additions))
}

/// Why nothing was added, with what to add.
fn refusal(additions: &[Addition], cause: &str) -> Failure {
    Failure::new("config", "could not add to `ignore:` of the configuration")
        .cause(cause)
        .body(Ending("\n").section(0, additions).trim_end())
        .next("add these lines by hand")
}

/// Whether a text says what another said, and the entries, and nothing else.
fn says(text: &str, before: &serde_json::Value, additions: &[Addition]) -> bool {
    let Ok((tree, problems)) = tree::parse(text) else {
        return false;
    };
    let mut after = tree.to_json();
    let wanted: Vec<serde_json::Value> = additions.iter().map(Addition::to_json).collect();
    let Some(after) = after.as_object_mut() else {
        return false;
    };
    let mut before = match before {
        serde_json::Value::Object(before) => before.clone(),
        _ => return false,
    };
    let kept = match before.remove("ignore") {
        None => Vec::new(),
        Some(serde_json::Value::Array(items)) => items,
        Some(_) => return false,
    };
    let Some(serde_json::Value::Array(now)) = after.remove("ignore") else {
        return false;
    };
    let appended = [kept.clone(), wanted.clone()].concat();
    let prepended = [wanted, kept].concat();
    problems.is_empty() && *after == before && (now == appended || now == prepended)
}

/// The texts that may be it, the most natural first.
fn candidates(text: &str, additions: &[Addition]) -> Vec<String> {
    let Outline { root, ignore } = place::outline(text);
    let ending = Ending::of(text);
    let block = match root {
        Some(Root::Block(at)) => Some(column(text, at)),
        Some(Root::Flow(_)) | None => None,
    };
    let mut all = Vec::new();
    match (ignore, root) {
        (None, Some(Root::Block(at))) => {
            let indent = column(text, at);
            let section = ending.section(indent, additions);
            let gap = if text.is_empty() || text.ends_with("\n\n") || text.ends_with("\n\r\n") {
                ""
            } else {
                ending.0
            };
            all.push(inserted(
                text,
                text.len(),
                &format!("{gap}{section}"),
                ending,
            ));
            all.push(inserted(text, text.len(), &section, ending));
            // A file that says where it ends, or ends in the middle of a text, has room at its top.
            let top = line_start(text, at);
            all.push(inserted(text, top, &section, ending));
        }
        (None, Some(Root::Flow(at))) => {
            let list = format!("\"ignore\": [{}]", flow(additions));
            all.push(inserted(text, at, &format!("{list}, "), ending));
            all.push(inserted(text, at, &list, ending));
        }
        (Some(List::Nothing(key, word)), _) => {
            all.extend(instead(text, block, &key, &word, additions, ending));
            let gap = if word.is_empty() { " " } else { "" };
            let at = if word.is_empty() {
                key.end + 1
            } else {
                word.start
            };
            all.push(spliced(
                text,
                at..word.end.max(at),
                &format!("{gap}[{}]", flow(additions)),
            ));
        }
        (
            Some(List::Flow {
                key,
                brackets,
                last,
            }),
            _,
        ) => match last {
            None => {
                all.extend(instead(text, block, &key, &brackets, additions, ending));
                all.push(inserted(text, brackets.start + 1, &flow(additions), ending));
            }
            Some(last) => {
                all.push(spliced(text, last..last, &format!(", {}", flow(additions))));
                let first = brackets.start + 1;
                all.push(spliced(
                    text,
                    first..first,
                    &format!("{}, ", flow(additions)),
                ));
            }
        },
        (Some(List::Block { first, last }), _) => {
            let top = line_start(text, first);
            let lines = ending.items(indent(text, top), additions);
            all.push(inserted(text, line_after(text, last), &lines, ending));
            all.push(inserted(text, top, &lines, ending));
        }
        (Some(List::Other), _) | (None, None) => {}
    }
    all
}

/// The entries line by line in place of a word for nothing, where lines can stand.
fn instead(
    text: &str,
    block: Option<usize>,
    key: &std::ops::Range<usize>,
    word: &std::ops::Range<usize>,
    additions: &[Addition],
    ending: Ending,
) -> Option<String> {
    let indent = block? + STEP;
    let lines = ending.items(indent, additions);
    let behind = line_after(text, word.end.max(key.end));
    let with_lines = inserted(text, behind, &lines, ending);
    if word.is_empty() {
        return Some(with_lines);
    }
    // Between the brackets somebody may have left a comment.
    if text[word.clone()].contains('#') {
        return None;
    }
    // The blank before the word goes with it.
    let start = text[..word.start].trim_end_matches(' ').len();
    Some(spliced(&with_lines, start..word.end, ""))
}

/// How the lines of a file end.
#[derive(Clone, Copy)]
struct Ending(&'static str);

impl Ending {
    fn of(text: &str) -> Self {
        match text.find('\n') {
            Some(at) if text[..at].ends_with('\r') => Self("\r\n"),
            _ => Self("\n"),
        }
    }

    /// The key with its entries.
    fn section(self, indent: usize, additions: &[Addition]) -> String {
        let items = self.items(indent + STEP, additions);
        format!("{:indent$}ignore:{}{items}", "", self.0)
    }

    /// The entries line by line.
    fn items(self, indent: usize, additions: &[Addition]) -> String {
        let mut lines = String::new();
        let end = self.0;
        for one in additions {
            let about = text::shorten(&text::visible(&one.about), COMMENT_WIDTH);
            let _ = write!(
                lines,
                "{:indent$}- fingerprint: \"{}\"   # {about}{end}{:indent$}  reason: {}{end}",
                "",
                one.fingerprint,
                "",
                scalar(&one.reason),
            );
            if let Some(until) = &one.until {
                let _ = write!(lines, "{:indent$}  until: {until}{end}", "");
            }
        }
        lines
    }
}

/// The entries on one line, without brackets.
fn flow(additions: &[Addition]) -> String {
    let each = additions.iter().map(|one| {
        let until = one.until.as_ref();
        let until = until.map_or_else(String::new, |until| format!(", \"until\": \"{until}\""));
        format!(
            "{{ \"fingerprint\": \"{}\", \"reason\": {}{until} }}",
            one.fingerprint,
            scalar(&one.reason)
        )
    });
    each.collect::<Vec<_>>().join(", ")
}

/// A YAML scalar that says exactly this: JSON's strings are YAML's, but for characters that YAML wants escaped.
fn scalar(value: &str) -> String {
    let json = serde_json::to_string(value).expect("a string is always JSON text");
    let mut quoted = String::new();
    for character in json.chars() {
        let code = u32::from(character);
        let plain =
            !character.is_control() && !matches!(code, 0x2028 | 0x2029 | 0xFEFF | 0xFFFE | 0xFFFF);
        if plain {
            quoted.push(character);
        } else {
            let _ = write!(quoted, "\\u{code:04x}");
        }
    }
    quoted
}

/// Text put in at a byte. Where that is the end of a line that nobody ended, it is ended first.
fn inserted(text: &str, at: usize, what: &str, ending: Ending) -> String {
    let unended = at == text.len() && !text.is_empty() && !text.ends_with('\n');
    let gap = if unended { ending.0 } else { "" };
    spliced(text, at..at, &format!("{gap}{what}"))
}

fn spliced(text: &str, range: std::ops::Range<usize>, what: &str) -> String {
    let head = text.get(..range.start).unwrap_or(text);
    let tail = text.get(range.end..).unwrap_or("");
    format!("{head}{what}{tail}")
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The start of the next line, or this place where it is one.
fn line_after(text: &str, at: usize) -> usize {
    if text[..at].ends_with('\n') {
        return at;
    }
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}

/// The blanks at the beginning of a line.
fn indent(text: &str, line: usize) -> usize {
    let line = &text[line..];
    line.len() - line.trim_start_matches(' ').len()
}

/// How many bytes stand before a place on its line.
fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

impl Addition {
    fn to_json(&self) -> serde_json::Value {
        let mut entry = serde_json::Map::new();
        entry.insert("fingerprint".to_owned(), self.fingerprint.as_str().into());
        entry.insert("reason".to_owned(), self.reason.as_str().into());
        if let Some(until) = &self.until {
            entry.insert("until".to_owned(), until.as_str().into());
        }
        entry.into()
    }
}

#[cfg(test)]
mod tests;
