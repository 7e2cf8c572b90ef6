//! Markdown in which server text stays text: what it is written with here has no way out of its place.
//!
//! Three forms: code (names and values), a table cell, and a block quote (prose). In none of them does a character of
//! the server's begin a heading, list, table, link, image, HTML, autolink, mention, formula or code block. It is made
//! visible first (`crate::text`), so nothing unseen is left, and no line is a command to a CI runner.

use crate::text::{disarm, quoted, shorten, visible};

/// The most characters of one prose; the rest is in the baseline.
const PROSE_AT_MOST: usize = 6_000;

/// The most columns of a name or value in code.
const CODE_WIDTH: usize = 200;

/// A page that grows from top to bottom, its blocks parted by a blank line.
pub(in crate::report) struct Page {
    text: String,
}

impl Page {
    /// A page that begins with a line of ours.
    pub(in crate::report) fn new(first: &str) -> Self {
        Self {
            text: format!("{first}\n"),
        }
    }

    /// A heading; its words are Markdown.
    pub(in crate::report) fn heading(&mut self, level: usize, words: &str) {
        self.block(&format!("{} {words}", "#".repeat(level)));
    }

    /// A paragraph of Markdown on one line.
    pub(in crate::report) fn paragraph(&mut self, words: &str) {
        self.block(words);
    }

    /// A list; each entry is Markdown on one line.
    pub(in crate::report) fn list(&mut self, entries: &[String]) {
        let lines: Vec<String> = entries.iter().map(|entry| format!("* {entry}")).collect();
        if !lines.is_empty() {
            self.block(&lines.join("\n"));
        }
    }

    /// A table; the cells are Markdown from [`cell`], [`code`] or of ours. Nothing where it has no row.
    pub(in crate::report) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
        let mut lines = vec![line(&head), format!("|{}", "---|".repeat(head.len()))];
        lines.extend(rows.iter().map(|row| line(row)));
        self.block(&lines.join("\n"));
    }

    /// Server prose in a block quote, its lines kept. Nothing where it is blank.
    pub(super) fn quote(&mut self, raw: &str) {
        let end = raw.char_indices().nth(PROSE_AT_MOST);
        let (shown, cut) = raw.split_at(end.map_or(raw.len(), |(index, _)| index));
        let lines: Vec<String> = shown.trim().lines().map(prose).collect();
        let mut out: Vec<String> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let goes_on = lines.get(index + 1).is_some_and(|next| !next.is_empty());
            out.push(match (line.is_empty(), goes_on) {
                (true, _) => ">".to_owned(),
                (false, true) => format!("> {line}\\"),
                (false, false) => format!("> {line}"),
            });
        }
        if !out.is_empty() {
            self.block(&out.join("\n"));
        }
        if !cut.is_empty() {
            self.paragraph(&format!(
                "Cut here: {} more characters stand in the baseline.",
                cut.chars().count()
            ));
        }
    }

    /// The whole text, with a newline at its end.
    pub(in crate::report) fn finish(self) -> String {
        self.text
    }

    fn block(&mut self, text: &str) {
        self.text.push('\n');
        for line in text.lines() {
            self.text.push_str(&disarm(line));
            self.text.push('\n');
        }
    }
}

/// A name or a short value in code.
pub(in crate::report) fn code(raw: &str) -> String {
    if raw.is_empty() {
        return "(without a name)".to_owned();
    }
    // A pipe would end a cell even here, and `\|` is read in two ways behind a backslash.
    shorten(&quoted(raw).replace('|', "\\u{7c}"), CODE_WIDTH + 2)
        .trim_end_matches('`')
        .to_owned()
        + "`"
}

/// A value for a table cell: in code, or in plain text where it has signs that code could not show as they are.
pub(super) fn value(raw: &str) -> String {
    if raw.contains(['|', '`']) {
        cell(raw, CODE_WIDTH)
    } else {
        code(raw)
    }
}

/// Server prose on one line for a table cell, cut to a width.
pub(in crate::report) fn cell(raw: &str, width: usize) -> String {
    escaped(&shorten(&visible(raw.trim()), width), "&#124;")
}

/// A line of server prose.
fn prose(raw: &str) -> String {
    let line = escaped(&visible(raw.trim()), "\\|");
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if line.starts_with(['-', '+', '=', '>', ':']) {
        format!("\\{line}")
    } else if digits > 0 && line[digits..].starts_with(['.', ')']) {
        format!("{}\\{}", &line[..digits], &line[digits..])
    } else {
        line
    }
}

/// Visible text with every sign escaped that means something inside a line.
fn escaped(visible: &str, pipe: &str) -> String {
    let words: Vec<String> = visible
        .split(' ')
        .map(|word| escaped_word(word, pipe))
        .collect();
    words.join(" ")
}

/// A word that would be made a link or a mention is code, since nothing else stops every renderer.
fn escaped_word(word: &str, pipe: &str) -> String {
    if !leads_somewhere(word) {
        return escaped_signs(word, pipe);
    }
    let inner = word.trim_start_matches(['(', '[', '{', '<', '"', '\'', '*', '`']);
    let before = &word[..word.len() - inner.len()];
    let core = inner.trim_end_matches([
        '.', ',', ';', ':', '!', '?', ')', ']', '}', '>', '"', '\'', '*', '`',
    ]);
    if core.is_empty() {
        return escaped_signs(word, pipe);
    }
    let after = &inner[core.len()..];
    [
        escaped_signs(before, pipe),
        code(core),
        escaped_signs(after, pipe),
    ]
    .concat()
}

fn leads_somewhere(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let issue =
        |(index, _): (usize, &str)| lower[index + 1..].starts_with(|c: char| c.is_ascii_digit());
    lower.contains('@')
        || ["://", "www.", "mailto:", "xmpp:"]
            .iter()
            .any(|sign| lower.contains(sign))
        || lower.match_indices('#').any(issue)
}

fn escaped_signs(text: &str, pipe: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let inside_word = before.is_some_and(char::is_alphanumeric)
            && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match char {
            '|' => out.push_str(pipe),
            '_' if inside_word => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '#' | '~' | '&' | '$' => {
                out.push('\\');
                out.push(char);
            }
            _ => out.push(char),
        }
        before = Some(char);
    }
    out
}
