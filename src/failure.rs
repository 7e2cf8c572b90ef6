//! What went wrong, told so that the reader knows what was not done, why, and what to try next.
//!
//! Every failure ends the process with exit code 4. It prints nothing itself: `term` does.

use std::fmt;

/// One failure: an error that no retry of ours can mend.
#[derive(Debug)]
pub struct Failure {
    /// The stage that failed: `config`, `capture`, `baseline`, `usage`, … shown as `error[stage]`.
    pub stage: &'static str,
    /// What was not done, in a clause: "could not start `weather`".
    pub message: String,
    /// The cause, in a clause.
    pub cause: Option<String>,
    /// Text that shows the cause: lines of a config file with a caret, the server's last words. Already harmless.
    pub body: Option<String>,
    /// What to do about it, in an imperative sentence or a command.
    pub next: Option<String>,
    /// What else the reader should know.
    pub notes: Vec<String>,
}

impl Failure {
    /// A failure of a stage, with what was not done.
    pub fn new(stage: &'static str, message: impl Into<String>) -> Self {
        Self {
            stage,
            message: message.into(),
            cause: None,
            body: None,
            next: None,
            notes: Vec::new(),
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Adds text that shows the cause.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// Adds something else worth knowing.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl fmt::Display for Failure {
    /// The message and its cause on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
