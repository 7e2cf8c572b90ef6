//! Why a file is no baseline, each case with its own advice.

use std::fmt;

use crate::failure::Failure;
use crate::json::{self, ParseError, Pointer, Position};
use crate::surface::DocumentError;

/// Why a text cannot be read as a baseline or a surface, or a surface not be written as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaselineError {
    /// There is nothing in it.
    Empty,
    /// The JSON ends too early.
    Truncated(Position),
    /// A merge left its conflict markers in it.
    Conflict {
        /// The line of the first marker, from 1.
        line: usize,
    },
    /// It is not JSON.
    Json(ParseError),
    /// It is JSON, but no object; the type it has instead.
    NotAnObject(&'static str, Position),
    /// A format that a later version wrote.
    Newer(String),
    /// A baseline of the TypeScript bellwether of a version whose format is not known.
    UnknownTypeScript(String),
    /// What `diff` takes as well, but no baseline.
    Capture,
    /// An object that is something else.
    Unknown {
        /// Why, in a clause.
        why: String,
        /// The place in the document.
        at: Pointer,
        /// The same in the text, once somebody has looked it up there.
        position: Option<Position>,
    },
    /// The server failed to give these lists (their methods).
    Incomplete(Vec<&'static str>),
}

impl BaselineError {
    /// Something wrong at a place of the document.
    pub(super) fn unknown(at: Pointer, why: impl Into<String>) -> Self {
        Self::Unknown {
            why: why.into(),
            at,
            position: None,
        }
    }

    /// The same error, with the line and column of its place in the text.
    #[must_use]
    pub(super) fn located(mut self, text: &str) -> Self {
        if let Self::Unknown { at, position, .. } = &mut self {
            let text = super::without_mark(text);
            *position = json::locate(text, at);
        }
        self
    }

    /// What to do about it. `path` is the file as the user would write it.
    pub fn next(&self, path: &str) -> String {
        match self {
            Self::Empty | Self::Truncated(_) | Self::Json(_) => {
                format!(
                    "restore it (git checkout -- {path}); only one that was never committed, so that no decision goes with it: delete it and run bellwether baseline save"
                )
            }
            Self::Conflict { .. } => format!(
                "join the two sides item by item: git show :1:./{path} >base.json, git show :2:./{path} >ours.json, git show :3:./{path} >theirs.json, then bellwether baseline merge base.json ours.json theirs.json --output {path}"
            ),
            Self::Newer(_) => "upgrade bellwether".to_owned(),
            Self::UnknownTypeScript(_) => {
                format!("move {path} away and save a new baseline: bellwether baseline save")
            }
            Self::Capture => {
                format!("make a baseline of it: bellwether baseline save --from {path}")
            }
            Self::NotAnObject(..) | Self::Unknown { .. } => {
                format!("restore it (git checkout -- {path}), or name the file that you mean")
            }
            Self::Incomplete(_) => "run bellwether check again when the server answers".to_owned(),
        }
    }

    /// What to do about a file that is only read: nothing is to be saved in its place.
    pub fn next_of_source(&self, path: &str) -> String {
        match self {
            Self::Empty | Self::Truncated(_) | Self::Json(_) => {
                format!("restore it (git checkout -- {path}), or name the file that you mean")
            }
            _ => self.next(path),
        }
    }

    /// The failure to show: `doing` says what was not done ("could not read the baseline `x.json`").
    pub fn failure(&self, doing: impl Into<String>, path: &str) -> Failure {
        let doing = doing.into();
        let is_named = doing.contains(path) || matches!(self, Self::Incomplete(_));
        let failure = match is_named {
            true => Failure::new("baseline", doing).cause(self),
            false => Failure::new("baseline", doing).cause(format!("`{path}`: {self}")),
        };
        failure.next(self.next(path))
    }
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty: there is nothing in line 1, column 1"),
            Self::Truncated(position) => {
                write!(f, "it is cut off: the JSON ends early, in {position}")
            }
            Self::Conflict { line } => {
                let column = 1;
                write!(
                    f,
                    "a merge left its conflict markers in it: {}",
                    Position {
                        line: *line,
                        column
                    }
                )
            }
            Self::Json(error) if error.past_limit => write!(f, "it cannot be read: {error}"),
            Self::Json(error) => write!(f, "it is not JSON: {error}"),
            Self::NotAnObject(found, position) => {
                write!(f, "{position}: expected a JSON object, found {found}")
            }
            Self::Newer(version) => {
                write!(
                    f,
                    "it has format {version}, and this version reads format 1"
                )
            }
            Self::UnknownTypeScript(version) => write!(
                f,
                "it was written by version {version} of the TypeScript bellwether; 1.x and 2.x can be read"
            ),
            Self::Capture => f.write_str("it is a raw capture, not a baseline"),
            Self::Unknown { why, position, .. } => match position {
                Some(position) => write!(f, "{position}: {why}"),
                None => f.write_str(why),
            },
            Self::Incomplete(methods) => {
                write!(
                    f,
                    "the capture is incomplete: {} failed",
                    methods.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for BaselineError {}

impl From<DocumentError> for BaselineError {
    fn from(error: DocumentError) -> Self {
        Self::unknown(error.at, error.why)
    }
}

/// The line of the first conflict marker. No line of valid JSON begins like one, since strings have no line breaks.
pub(super) fn conflict_line(text: &str) -> Option<usize> {
    let marks = |line: &str| {
        ["<<<<<<<", ">>>>>>>", "|||||||"]
            .iter()
            .any(|marker| line.starts_with(marker))
            || line == "======="
    };
    text.lines().position(marks).map(|index| index + 1)
}
