//! A failure for people: what was not done, why, and what to try.

use super::page::Page;
use super::style::{Role, Style};
use crate::exit::Exit;
use crate::failure::Failure;

/// The whole message, the exit code with its reason last.
pub fn render(failure: &Failure, style: &Style) -> String {
    let mut page = Page::new(style);
    let Failure {
        stage,
        message,
        cause,
        body,
        next,
        notes,
    } = failure;
    page.heading(Role::Breaking, "error", stage, message);
    if let Some(body) = body {
        put_body(&mut page, body);
    }
    for (label, text) in [("cause", cause), ("next", next)] {
        if let Some(text) = text {
            page.remark(label, text);
        }
    }
    for note in notes {
        page.remark("note", note);
    }
    page.gap();
    let message = page.shown(message, 400);
    page.line(&format!("exit {}: {message}", Exit::Error.code()));
    page.finish()
}

/// A body goes behind a gutter, unless it brings its own as the lines of a file do.
fn put_body(page: &mut Page<'_>, body: &str) {
    let lines: Vec<String> = body
        .lines()
        .map(|line| page.style.charset().visible(line))
        .collect();
    if lines.iter().all(|line| has_gutter(line)) {
        for line in &lines {
            page.line(line);
        }
    } else {
        page.body(&lines);
    }
}

fn has_gutter(line: &str) -> bool {
    let line = line.trim_start();
    let after_number = line.trim_start_matches(|char: char| char.is_ascii_digit());
    line.is_empty()
        || line.starts_with("-->")
        || line.starts_with("= ")
        || after_number.trim_start().starts_with('|')
}
