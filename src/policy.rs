//! From findings to a verdict: the defaults of the rules, then the user's file, then flags.
//!
//! The user's wishes come in as one [`Policy`] value. This module knows no file and no clock.

use std::collections::BTreeMap;

use crate::report::Severity;

/// What the user decided, from configuration file and flags together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Severities by rule id; `None` switches the rule off.
    pub rules: BTreeMap<String, Option<Severity>>,
    /// Severities by category name; `None` switches it off. A rule's own entry wins.
    pub aspects: BTreeMap<String, Option<Severity>>,
    /// Findings below this are hidden and count for nothing; `Some(None)` hides everything.
    pub minimum: Option<Threshold>,
    /// Whether warnings are hidden.
    pub suppress_warnings: bool,
    /// Drift below this exits 0.
    pub fail_on: Option<Threshold>,
    /// Any drift fails, whatever the threshold.
    pub fail_on_drift: bool,
}

/// A threshold that the user named, and where, so that the verdict can say what decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The least severity that counts; `None` lets nothing count.
    pub level: Option<Severity>,
    /// How the user wrote it: `--fail-on-severity breaking`, `failOnSeverity: breaking`.
    pub source: String,
}
