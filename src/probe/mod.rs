//! Calls tools, fetches prompts and reads resources: only what the user's own file allows, in a bounded time.
//!
//! `plan` decides what may be called, `run` makes the calls and measures, through `capture`.

pub mod arguments;
mod effort;
pub mod plan;
mod run;
mod side;
mod suite;

use std::time::Duration;

pub use effort::{Effort, LEAST_CALLS};
pub use plan::{Permit, Plan, output_schema};
pub use run::{Subject, Watched, rehearse, watch, watch_both};
pub use side::Seen;

/// How far the watching of a server is, for people.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// What is asked: a method, a place, a scenario.
    pub what: &'a str,
    /// How often it was.
    pub done: u32,
    /// How often it will be.
    pub of: u32,
    /// How long the rest may take, where anybody can guess.
    pub left: Option<Duration>,
}
