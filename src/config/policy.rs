//! What the file says about severities, as one [`Policy`], and about what is measured for it.

use super::Loaded;
use super::leaf::Time;
use super::types::{Baseline, LatencyBudget, Level, Probe, Sampling};
use crate::diff::{Budget, DEFAULT_THRESHOLD, Limits};
use crate::measure::{Conditions, Confidence};
use crate::policy::{Ignore, Ignores, Policy, Threshold};
use crate::probe::{Effort, Permit};
use crate::scenarios::Suite;

/// Samples of a metric where nobody says.
const DEFAULT_SAMPLES: u32 = 25;

/// Answers that are thrown away first where nobody says.
const DEFAULT_WARMUP: u32 = 1;

impl Loaded {
    /// How much `check` measures; nothing, unless the file says something about measuring or calling, or `always` is true
    /// because the baseline holds answer times or two servers are compared.
    pub fn effort(&self, always: bool) -> Option<Effort> {
        let check = &self.config.check;
        let is_asked = check.performance_threshold.is_some()
            || check.warmup_runs.is_some()
            || check.sampling != Sampling::default()
            || check.latency_budget != LatencyBudget::default()
            || self.calls_any();
        (always || is_asked).then(|| Effort {
            warmup: check.warmup_runs.unwrap_or(DEFAULT_WARMUP),
            samples: check.sampling.min_samples.unwrap_or(DEFAULT_SAMPLES),
            more_at_first: check.sampling.min_samples.is_none(),
            threshold: check.performance_threshold.unwrap_or(DEFAULT_THRESHOLD),
        })
    }

    /// Whether `check` may call anything.
    pub fn calls_any(&self) -> bool {
        let probe = self.config.check.probe;
        probe.is_some_and(|probe| probe != Probe::None)
    }

    /// What `check` may call; the scenarios come from their own file.
    pub fn permit(&self, suite: Suite) -> Permit {
        let check = &self.config.check;
        Permit {
            probe: check.probe.unwrap_or_default(),
            allow_tools: check.allow_tools.clone(),
            suite,
            only_scenarios: self.config.scenarios.only.unwrap_or(false),
        }
    }

    fn fails_on_low_confidence(&self) -> bool {
        let sampling = &self.config.check.sampling;
        sampling.fail_on_low_confidence.unwrap_or(false)
    }

    /// What the file ignores, on a day (`YYYY-MM-DD`) and in a run that looks at so many of its servers.
    pub fn ignores(&self, today: String, looked_at: usize) -> Ignores {
        let entries = self.config.ignore.iter().map(|entry| Ignore {
            rule: entry.rule.as_ref().map(|rule| rule.0.clone()),
            at: entry.at.clone(),
            fingerprint: entry.fingerprint.as_ref().map(|print| print.0.clone()),
            reason: entry.reason.clone(),
            until: entry.until.as_ref().map(|day| day.0.clone()),
        });
        let one = usize::from(self.config.server.is_some());
        let servers = self.config.servers.as_ref().map_or(one, |all| all.len());
        Ignores {
            entries: entries.collect(),
            today,
            sees_all: looked_at >= servers,
        }
    }

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
            ceiling: None,
            suppress_warnings: severity.suppress_warnings.unwrap_or(false),
            fail_on: severity
                .fail_on_severity
                .map(|level| threshold("failOnSeverity", level)),
            fail_on_drift: baseline.fail_on_drift.unwrap_or(false),
            context_budget: self.config.check.context_budget,
            target_confidence: self.target_confidence(),
            limits: self.limits(),
        }
    }

    /// How sure a metric must be, where an unsure one is to fail.
    fn target_confidence(&self) -> Option<Confidence> {
        let sampling = &self.config.check.sampling;
        self.fails_on_low_confidence()
            .then(|| sampling.target_confidence.unwrap_or(Confidence::Medium))
    }

    /// How slow answers may be, and how much slower they may become.
    fn limits(&self) -> Limits {
        let check = &self.config.check;
        let micros = |time: &Option<Time>| {
            let time = time.as_ref()?;
            Some(u64::try_from(time.0.as_micros()).unwrap_or(u64::MAX))
        };
        Limits {
            threshold: check.performance_threshold.unwrap_or(DEFAULT_THRESHOLD),
            budget: Budget {
                p50: micros(&check.latency_budget.p50),
                p95: micros(&check.latency_budget.p95),
                p99: micros(&check.latency_budget.p99),
            },
            target: self.target_confidence(),
            conditions: Conditions::Apart,
        }
    }
}
