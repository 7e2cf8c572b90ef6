//! How text for people looks: colour, characters, width, how much of it.
//!
//! The caller decides; nothing here asks the terminal.

use anstyle::{AnsiColor, Effects};

use super::Severity;
use crate::text::Charset;

/// What the reader's terminal can show, and how much the reader wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// Whether characters beyond ASCII can be shown.
    pub unicode: bool,
    /// The columns of a line.
    pub width: usize,
    /// −1 and below: findings and verdict only. 0: the usual. 1 and above: everything.
    pub verbosity: i8,
}

impl Default for Style {
    /// No colour, Unicode, 100 columns: what a file gets.
    fn default() -> Self {
        Self {
            color: false,
            unicode: true,
            width: 100,
            verbosity: 0,
        }
    }
}

impl Style {
    /// The characters to use.
    pub fn charset(&self) -> Charset {
        if self.unicode {
            Charset::Unicode
        } else {
            Charset::Ascii
        }
    }

    /// Whether the reader wants to see everything.
    pub fn is_verbose(&self) -> bool {
        self.verbosity > 0
    }

    /// Whether the reader wants findings and verdict alone.
    pub fn is_quiet(&self) -> bool {
        self.verbosity < 0
    }

    /// The text in the colour of a role; as it is where there is no colour.
    pub fn paint(&self, role: Role, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let style = role.style();
        format!("{style}{text}{style:#}")
    }

    /// What stands between the parts of a place.
    pub(super) fn crumb(&self) -> &'static str {
        if self.unicode { " › " } else { " > " }
    }
}

/// What a piece of text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The word `breaking`, and `error`.
    Breaking,
    /// The word `warning`.
    Warning,
    /// The word `info`, and other asides.
    Info,
    /// A value that is gone.
    Old,
    /// A value that is new.
    New,
    /// Words that are gone from a text.
    Struck,
    /// Words that are new in a text.
    Underlined,
    /// Arrows, gutters, equals signs.
    Frame,
    /// What to read first.
    Strong,
}

impl Role {
    fn style(self) -> anstyle::Style {
        let plain = anstyle::Style::new();
        match self {
            Self::Breaking => AnsiColor::BrightRed.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Info => AnsiColor::Cyan.on_default().bold(),
            Self::Old => AnsiColor::Red.on_default(),
            Self::New => AnsiColor::Green.on_default(),
            Self::Struck => AnsiColor::Red.on_default().effects(Effects::STRIKETHROUGH),
            Self::Underlined => AnsiColor::Green.on_default().effects(Effects::UNDERLINE),
            Self::Frame => AnsiColor::BrightBlue.on_default(),
            Self::Strong => plain.bold(),
        }
    }
}

impl From<Severity> for Role {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Breaking => Self::Breaking,
        }
    }
}
