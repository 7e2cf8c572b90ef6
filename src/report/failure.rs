//! A failure for people: what was not done, why, and what to try.

use super::TargetError;
use super::page::Page;
use super::style::{Role, Style};
use crate::exit::Exit;
use crate::failure::Failure;

/// The most columns of a line that a server wrote.
const BODY_WIDTH: usize = 400;

/// The whole message, the exit code with its reason last.
pub fn render(failure: &Failure, style: &Style) -> String {
    let mut page = Page::new(style);
    put(&mut page, &failure.into());
    page.gap();
    let reason = page.message(&failure.message);
    page.line(&format!("exit {}: {reason}", Exit::Error.code()));
    page.finish()
}

/// The block of one failure.
pub(super) fn put(page: &mut Page<'_>, error: &TargetError) {
    page.heading(Role::Breaking, "error", error.stage, &error.message);
    if let Some(body) = &error.body {
        put_body(page, error.stage, body);
    }
    for (label, text) in [("cause", &error.cause), ("next", &error.next)] {
        if let Some(text) = text {
            page.remark(label, text);
        }
    }
    for note in &error.notes {
        page.remark("note", note);
    }
}

/// How many of the last lines of a server are shown.
const BODY_LINES: usize = 20;

/// What a server said goes behind a gutter. The lines of the user's own file bring theirs.
fn put_body(page: &mut Page<'_>, stage: &str, body: &str) {
    let charset = page.style.charset();
    let lines: Vec<String> = body
        .lines()
        .map(|line| charset.excerpt(line, BODY_WIDTH))
        .collect();
    if stage != "config" {
        page.body(&last(lines, page.style.is_verbose()));
    } else {
        page.gap();
        for line in &lines {
            page.line(line);
        }
        page.gap();
    }
}

/// The last lines of what a server said, where the cause mostly stands.
fn last(mut lines: Vec<String>, all: bool) -> Vec<String> {
    let before = lines.len().saturating_sub(BODY_LINES);
    if before > 1 && !all {
        lines.drain(..before);
        lines.insert(0, format!("... {before} lines before; -v shows all"));
    }
    lines
}
