//! One mistake in the configuration, and how all of them are shown: each at the line the human wrote.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::failure::Failure;

/// How much of a name is shown.
const MAX_SHOWN: usize = 60;

/// One mistake in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is wrong, in a clause. Never the value of a variable.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Problem {
    /// A mistake at a place.
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: None,
        }
    }

    /// The same mistake at another place.
    #[must_use]
    pub(super) fn at(mut self, span: Range<usize>) -> Self {
        self.span = span;
        self
    }

    /// Adds what to write instead.
    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All mistakes of a file as one failure, in the order of the file. `path` is shown as it is.
pub(super) fn failure(path: &str, text: &str, mut problems: Vec<Problem>) -> Failure {
    problems.sort_by_key(|problem| problem.span.start);
    problems.dedup();
    let count = match problems.len() {
        1 => "1 problem".to_owned(),
        more => format!("{more} problems"),
    };
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| render(path, text, problem))
        .collect();
    Failure::new("config", format!("could not use `{path}`"))
        .cause(count)
        .body(shown.join("\n\n"))
        .next("correct the file, then run `bellwether validate-config`")
}

/// A name as it may stand in a message: in backticks, short, and without anything a terminal would act on.
pub fn quoted(name: &str) -> String {
    let mut shown = String::new();
    for (count, character) in name.chars().enumerate() {
        if count == MAX_SHOWN {
            shown.push('…');
            break;
        }
        if character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    format!("`{shown}`")
}

fn render(path: &str, text: &str, problem: &Problem) -> String {
    let span = one_line(text, &problem.span);
    let snippet = Snippet::source(text)
        .path(path)
        .annotation(AnnotationKind::Primary.span(span));
    let mut group = Level::ERROR
        .primary_title(&problem.message)
        .element(snippet);
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help));
    }
    let rendered = Renderer::plain().render(&[group]);
    let lines: Vec<&str> = rendered.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// The part of a span on its first line, at least one character where there is one.
fn one_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let mut start = span.start.min(text.len());
    if start == text.len() {
        // Past the end stands nothing to show: the last line that says something is nearer to the mistake.
        start = text.trim_end().len();
    }
    let rest = text.get(start..).unwrap_or("");
    let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let length = span.end.saturating_sub(start).max(first).min(line);
    let length = rest.get(..length).unwrap_or("").trim_end().len();
    start..start + length
}
