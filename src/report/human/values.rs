//! Before and after: two values behind `-` and `+`, or a word diff of two texts.

use super::words;
use crate::json::{Json, compact};
use crate::report::Finding;
use crate::report::style::{Role, Style};
use crate::text;

/// How many columns of what two values share stand beside their difference.
const CONTEXT: usize = 24;

/// The lines of a finding's body; none where its message says it all.
pub(super) fn lines(style: &Style, finding: &Finding) -> Vec<String> {
    match (&finding.old, &finding.new) {
        // What did not change is the point of some rules; the message names it.
        (Some(old), Some(new)) if old == new => Vec::new(),
        (Some(old), Some(new)) => both(style, old, new),
        // A whole item that came or went is named by the message.
        (old, new)
            if finding.place.pointer.is_root() && is_item(old, new) && !style.is_verbose() =>
        {
            Vec::new()
        }
        (Some(old), None) => one(style, Sign::Old, old),
        (None, Some(new)) => one(style, Sign::New, new),
        (None, None) => Vec::new(),
    }
}

fn is_item(old: &Option<Json>, new: &Option<Json>) -> bool {
    let is_object =
        |side: &Option<Json>| side.as_ref().is_some_and(|json| json.as_object().is_some());
    is_object(old) || is_object(new)
}

fn both(style: &Style, old: &Json, new: &Json) -> Vec<String> {
    if let (Json::String(a), Json::String(b)) = (old, new)
        && (is_prose(a) || is_prose(b))
        && let Some(lines) = words::lines(style, a, b)
    {
        return lines;
    }
    let charset = style.charset();
    let (old, new) = (
        charset.visible(&compact(old)),
        charset.visible(&compact(new)),
    );
    let room = room(style);
    if style.is_verbose() || text::width(&old).max(text::width(&new)) <= room {
        return [put(style, Sign::Old, &old), put(style, Sign::New, &new)].concat();
    }
    let (start, end) = shared(&old, &new);
    let cut = |value: &str| {
        let mut shown = String::new();
        let before = text::tail(&value[..start], CONTEXT);
        if before.len() < start {
            shown.push_str(charset.ellipsis());
        }
        shown.push_str(before);
        let after = text::head(&value[value.len() - end..], CONTEXT);
        let rest = format!("{}{after}", &value[start..value.len() - end]);
        shown.push_str(&rest);
        if after.len() < end {
            shown.push_str(charset.ellipsis());
        }
        charset.shorten(&shown, room)
    };
    [
        put(style, Sign::Old, &cut(&old)),
        put(style, Sign::New, &cut(&new)),
    ]
    .concat()
}

fn one(style: &Style, sign: Sign, value: &Json) -> Vec<String> {
    let charset = style.charset();
    let shown = charset.visible(&compact(value));
    let most = if style.is_verbose() {
        usize::MAX
    } else {
        room(style) * 3
    };
    put(style, sign, &charset.shorten(&shown, most))
}

/// Whether a text is read as words; a single word is a value.
fn is_prose(value: &str) -> bool {
    value.split_whitespace().nth(2).is_some() || value.chars().count() > 60
}

#[derive(Clone, Copy)]
enum Sign {
    Old,
    New,
}

/// A visible value behind its sign, in as many lines as it needs.
fn put(style: &Style, sign: Sign, shown: &str) -> Vec<String> {
    let (sign, role) = match sign {
        Sign::Old => ("-", Role::Old),
        Sign::New => ("+", Role::New),
    };
    let mut lines = Vec::new();
    let mut lead = sign;
    for line in rows(style, shown) {
        lines.push(style.paint(role, &format!("{lead} {line}")));
        lead = " ";
    }
    lines
}

/// A visible value in rows that fit behind a sign.
pub(super) fn rows<'v>(style: &Style, shown: &'v str) -> Vec<&'v str> {
    let mut rows = Vec::new();
    let mut rest = shown;
    while !rest.is_empty() {
        // At least one character a line, however narrow it is.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let row = text::head(rest, room(style));
        let row = &rest[..row.len().max(first)];
        rows.push(row);
        rest = &rest[row.len()..];
    }
    rows
}

/// The columns that are left for a value.
pub(super) fn room(style: &Style) -> usize {
    style.width.saturating_sub(8).max(20)
}

/// How many bytes two texts share at their beginning and at their end.
fn shared(a: &str, b: &str) -> (usize, usize) {
    let start = a
        .char_indices()
        .zip(b.chars())
        .find(|((_, x), y)| x != y)
        .map_or(a.len().min(b.len()), |((index, _), _)| index);
    let end = a[start..]
        .chars()
        .rev()
        .zip(b[start..].chars().rev())
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x.len_utf8())
        .sum();
    (start, end)
}
