//! The one grammar of everything that is printed for people:
//!
//! ```text
//! severity[rule]: message
//!   --> file:line  where
//!    |
//!    |  body
//!    |
//!    = label: remark
//! ```
//!
//! A page knows the grammar, not what it is used for. Server text never starts a line of it.

use super::style::{Role, Style};
use crate::text;

/// The most columns of a message. It stays on one line, so that it can be searched for.
const MESSAGE_WIDTH: usize = 400;

/// Text for people that grows line by line.
pub(super) struct Page<'a> {
    pub(super) style: &'a Style,
    out: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(style: &'a Style) -> Self {
        Self {
            style,
            out: String::new(),
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// One line as it is. Every other kind of line comes down to this.
    pub(super) fn line(&mut self, line: &str) {
        self.out.push_str(text::disarm(line).trim_end());
        self.out.push('\n');
    }

    /// An empty line between blocks; none at the top, never two.
    pub(super) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// `label[id]: message`, or `label: message` where there is no id.
    pub(super) fn heading(&mut self, role: Role, label: &str, id: &str, message: &str) {
        let id = if id.is_empty() {
            String::new()
        } else {
            format!("[{id}]")
        };
        let label = self.style.paint(role, &format!("{label}{id}"));
        let message = self.message(message);
        let message = self.style.paint(Role::Strong, &message);
        self.line(&format!("{label}: {message}"));
    }

    /// `  --> where`; the place is visible text already.
    pub(super) fn arrow(&mut self, place: &str) {
        let arrow = self.style.paint(Role::Frame, "-->");
        self.line(&format!("  {arrow} {place}"));
    }

    /// The body: lines of visible text behind a gutter, with an empty gutter before and after.
    pub(super) fn body<S: AsRef<str>>(&mut self, lines: &[S]) {
        if lines.is_empty() {
            return;
        }
        let gutter = self.style.paint(Role::Frame, "|");
        self.line(&format!("   {gutter}"));
        for line in lines {
            self.line(&format!("   {gutter}  {}", line.as_ref()));
        }
        self.line(&format!("   {gutter}"));
    }

    /// `   = label: text`, wrapped and indented under its first word.
    pub(super) fn remark(&mut self, label: &str, text: &str) {
        let text = self.style.charset().visible(text);
        let sign = self.style.paint(Role::Frame, "=");
        let name = self.style.paint(Role::Strong, &format!("{label}:"));
        let indent = label.len() + 7;
        let lines = wrap(&text, self.style.width.saturating_sub(indent).max(20));
        for (index, line) in lines.iter().enumerate() {
            if index == 0 {
                self.line(&format!("   {sign} {name} {line}"));
            } else {
                self.line(&format!("{:indent$}{line}", ""));
            }
        }
    }

    /// A message made visible, on one line.
    pub(super) fn message(&self, raw: &str) -> String {
        self.shown(raw, MESSAGE_WIDTH)
    }

    /// Server text made visible and cut to a width.
    pub(super) fn shown(&self, raw: &str, width: usize) -> String {
        let charset = self.style.charset();
        charset.excerpt(raw, width)
    }
}

/// The words of a visible text in lines of at most `width` columns. A word that is longer has a line of its own.
pub(super) fn wrap(visible: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in visible.split_whitespace() {
        match lines.last_mut() {
            Some(line) if text::width(line) + 1 + text::width(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
