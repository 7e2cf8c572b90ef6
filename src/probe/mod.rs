//! Calls tools, fetches prompts and reads resources: only what the user's own file allows, in a bounded time.
//!
//! `plan` decides what may be called, `run` makes the calls and measures, through `capture`.

pub mod arguments;
pub mod plan;
