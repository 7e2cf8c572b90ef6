//! What the file says about severities, as one [`Policy`].

use super::Loaded;
use super::types::{Baseline, Level};
use crate::policy::{Policy, Threshold};

impl Loaded {
    /// The policy of the file.
    pub fn policy(&self) -> Policy {
        self.policy_for(&self.config.baseline)
    }

    /// The policy for one server, whose `baseline` may differ from that of the file.
    pub fn policy_for(&self, baseline: &Baseline) -> Policy {
        let severity = &baseline.severity;
        let overrides = severity.aspect_overrides.resolve(&self.known_rules);
        let mut rules = overrides.rules;
        for (id, level) in &self.config.rules.0 {
            rules.insert(id.clone(), level.severity());
        }
        let threshold = |key: &str, level: Level| Threshold {
            level: level.severity(),
            source: format!("{key}: {}", level.name()),
        };
        Policy {
            rules,
            aspects: overrides.categories,
            minimum: severity
                .minimum_severity
                .filter(|level| *level != Level::None)
                .map(|level| threshold("minimumSeverity", level)),
            suppress_warnings: severity.suppress_warnings.unwrap_or(false),
            fail_on: severity
                .fail_on_severity
                .map(|level| threshold("failOnSeverity", level)),
            fail_on_drift: baseline.fail_on_drift.unwrap_or(false),
        }
    }
}
