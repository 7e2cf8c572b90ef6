//! A server that was captured and is still there, to be asked more.
//!
//! A server that is lost in the middle of a call is started again for the calls after it, a bounded number of times.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::calls::Called;
use super::connection::{Connection, RequestError};
use super::revision::Opening;
use super::spec::{Endpoint, ServerSpec};
use super::{Capture, open, read, too_slow};
use crate::failure::Failure;
use crate::json::Json;
use crate::observed::Outcome;
use crate::scenarios::Target;
use crate::surface::{List, Surface};

/// How often a server is started again, or reached again, over a whole check.
const MOST_RESTARTS: u32 = 10;

/// How often one tool, prompt or resource may be the end of the server before it is left alone.
const MOST_DEATHS: u32 = 2;

/// How long a server may take to show that it still lives after it has left a call unanswered.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// A conversation with a server whose surface has been read.
pub struct Session<'a> {
    spec: &'a ServerSpec,
    approved: Option<&'a Surface>,
    /// How the conversation began, to begin it the same way again.
    opening: Opening,
    connection: Option<Connection>,
    /// How often each list had changed when it was read.
    changes: [u32; 4],
    restarts: u32,
    /// Whether the server was started again and has not said since what it has.
    is_unread: bool,
    /// What the server did not survive, and how often.
    deaths: BTreeMap<String, u32>,
    /// Why nothing more can be asked.
    gone: Option<String>,
    /// What connections that are over had to say.
    notes: BTreeSet<String>,
}

/// Why there is no call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withheld {
    /// The server did not survive this very thing, more than once.
    Deadly,
    /// The server is gone for good; why.
    Gone(String),
    /// It may not be made by what the server says now; why not.
    Forbidden(String),
}

/// Why there is no sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// What the server said, or did not say.
    pub reason: String,
    /// Whether the conversation is over.
    pub over: bool,
}

impl<'a> Session<'a> {
    /// Opens a conversation and reads the surface. `approved` is what the baseline holds, if there is one: the server is
    /// asked in the same revision, and a list that had items is not taken for one that was never there.
    ///
    /// # Errors
    /// Whatever kept the capture from being complete: nothing of an incomplete one is given out.
    pub async fn open(
        spec: &'a ServerSpec,
        approved: Option<&'a Surface>,
    ) -> Result<(Self, Capture), Failure> {
        let deadline = Instant::now() + spec.timeout.saturating_mul(3);
        let version = approved.and_then(|surface| surface.protocol_version.as_deref());
        let mut connection = open(spec, version, deadline).await?;
        let reading = timeout_at(deadline, read(&mut connection, approved)).await;
        let capture = match reading.unwrap_or_else(|_| Err(too_slow(spec))) {
            Ok(capture) => capture,
            Err(failure) => return Err(connection.give_up(failure).await),
        };
        let session = Self {
            spec,
            approved,
            opening: connection.opening,
            changes: changes(&connection),
            connection: Some(connection),
            restarts: 0,
            is_unread: false,
            deaths: BTreeMap::new(),
            gone: None,
            notes: BTreeSet::new(),
        };
        Ok((session, capture))
    }

    /// Reads the surface once more if the server has said since that it changed.
    ///
    /// # Errors
    /// Whatever kept that from being complete.
    pub async fn reread(&mut self) -> Result<Option<Capture>, Failure> {
        let Some(connection) = &mut self.connection else {
            return Ok(None);
        };
        if changes(connection) == self.changes && !self.is_unread {
            return Ok(None);
        }
        connection.tap.forget_size();
        let deadline = Instant::now() + self.spec.timeout.saturating_mul(3);
        let reading = timeout_at(deadline, read(connection, self.approved)).await;
        match reading.unwrap_or_else(|_| Err(too_slow(self.spec))) {
            Ok(capture) => {
                self.changes = changes(connection);
                self.is_unread = false;
                Ok(Some(capture))
            }
            Err(failure) => {
                let connection = self.connection.take().expect("it was just asked");
                Err(connection.give_up(failure).await)
            }
        }
    }

    /// Sees to it that the server is there for a call, and gives what it says of itself where it was started again or has
    /// said since that a list changed: the call may not be wanted any more.
    ///
    /// # Errors
    /// Why nothing can be called.
    pub async fn news(&mut self, target: &Target) -> Result<Option<Surface>, Withheld> {
        let deaths = self.deaths.get(&target.place()).copied();
        if deaths.unwrap_or_default() >= MOST_DEATHS {
            return Err(Withheld::Deadly);
        }
        if self.connection.is_none() {
            self.revive().await?;
        }
        match self.reread().await {
            Ok(capture) => Ok(capture.map(|capture| capture.surface)),
            Err(failure) => {
                let why = self.gone.insert(failure.to_string());
                Err(Withheld::Gone(why.clone()))
            }
        }
    }

    /// Asks a method that has no side effect and takes no parameters, and gives the microseconds until it was answered.
    ///
    /// # Errors
    /// Why it was not.
    pub async fn sample(&mut self, method: &str) -> Result<u64, Missed> {
        let Some(connection) = &mut self.connection else {
            return Err(Missed {
                reason: "the connection is over".to_owned(),
                over: true,
            });
        };
        // The answers before this one are gone: they take up no memory that had to be limited.
        connection.tap.forget_size();
        match connection.request(method, None).await {
            Ok((_, micros)) => Ok(micros),
            Err(error) => {
                let over = matches!(error, RequestError::TimedOut(_) | RequestError::Broken(_));
                let reason = error.to_string();
                if over {
                    // What is called next must not be blamed for it.
                    self.bury().await;
                } else {
                    // The refusal of one request; the conversation goes on without it.
                    connection.tap.take_failure();
                }
                Err(Missed { reason, over })
            }
        }
    }

    /// Makes one call, which may take as long as one request or as `limit` says. [`Self::news`] comes before it.
    ///
    /// # Errors
    /// Why it was not made.
    pub async fn call(
        &mut self,
        target: &Target,
        arguments: &Json,
        tool: Option<&Json>,
        limit: Option<Duration>,
    ) -> Result<Called, Withheld> {
        let Some(connection) = &mut self.connection else {
            return Err(Withheld::Gone("the connection is over".to_owned()));
        };
        let limit = limit.unwrap_or(self.spec.timeout);
        let called = connection.call(target, arguments, tool, limit).await;
        let lives = match called.outcome {
            Outcome::Answered(_) | Outcome::Refused { .. } | Outcome::Status(_) => true,
            _ => self.lives().await,
        };
        if !lives {
            *self.deaths.entry(target.place()).or_default() += 1;
            self.bury().await;
        }
        Ok(called)
    }

    /// Ends the conversation as the protocol has it, and gives what the reader should know of it.
    pub async fn end(mut self) -> Vec<String> {
        if let Some(connection) = self.connection.take() {
            self.notes.extend(connection.notes());
            connection.end().await;
        }
        self.notes.into_iter().collect()
    }

    /// Ends the conversation at once, because of a failure, to which it adds what is known of the cause.
    pub async fn give_up(mut self, failure: Failure) -> Failure {
        match self.connection.take() {
            Some(connection) => connection.give_up(failure).await,
            None => failure,
        }
    }

    /// Whether the server answers anything at all.
    async fn lives(&mut self) -> bool {
        let Some(connection) = &mut self.connection else {
            return false;
        };
        let method = if self.opening.is_stateless() {
            self.opening.method()
        } else {
            "ping"
        };
        let limit = SIGN_OF_LIFE.min(self.spec.timeout);
        let sign = connection.request_within(method, None, limit).await;
        match sign {
            Ok(_) | Err(RequestError::Answered { .. }) => true,
            Err(RequestError::Status(_)) => {
                connection.tap.take_failure();
                matches!(self.spec.endpoint, Endpoint::Url(_))
            }
            Err(_) => false,
        }
    }

    /// Ends a connection on which nothing comes any more.
    async fn bury(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.notes.extend(connection.notes());
            connection.kill().await;
        }
    }

    /// Starts or reaches the server again.
    async fn revive(&mut self) -> Result<(), Withheld> {
        if let Some(why) = &self.gone {
            return Err(Withheld::Gone(why.clone()));
        }
        let why = if self.restarts == MOST_RESTARTS {
            format!("it was lost more than {MOST_RESTARTS} times")
        } else {
            self.restarts += 1;
            let deadline = Instant::now() + self.spec.timeout.saturating_mul(2);
            match Connection::open(self.spec, self.opening, deadline).await {
                Ok(Ok(connection)) => {
                    self.connection = Some(connection);
                    self.is_unread = true;
                    return Ok(());
                }
                Ok(Err(refusal)) => refusal.failure.to_string(),
                Err(failure) => failure.to_string(),
            }
        };
        self.gone = Some(why.clone());
        Err(Withheld::Gone(why))
    }
}

fn changes(connection: &Connection) -> [u32; 4] {
    List::ALL.map(|list| connection.tap.times_changed(list))
}
