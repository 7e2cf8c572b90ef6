//! Tells people when a Model Context Protocol server has drifted from what they approved.
//!
//! ```text
//! cli → config → capture → surface → baseline → diff → rules → policy → report → exit code
//! ```
//!
//! Everything from `surface` to `report` is a pure core without input, output, clock or environment; the modules
//! after it are the shell around it. `docs/architecture.md` draws the lines, `tests/architecture.rs` holds them.

pub mod baseline;
pub mod canon;
pub mod capture;
pub mod cli;
pub mod commands;
pub mod config;
pub mod diff;
pub mod documentation;
pub mod exit;
pub mod failure;
pub mod files;
pub mod inclusion;
pub mod json;
pub mod last_check;
pub mod measure;
pub mod mock;
pub mod observed;
pub mod policy;
pub mod probe;
pub mod report;
pub mod review;
pub mod rules;
pub mod scenarios;
pub mod secrets;
pub mod surface;
pub mod term;
pub mod text;
