//! From findings to a verdict: the defaults of the rules, then the user's file, then flags, then what is ignored.
//!
//! The user's wishes come in as one [`Policy`] a server and the [`Ignores`] of them all. This module knows no file and
//! no clock.

mod compat;
mod fold;
mod ignore;
mod verdict;

use std::collections::BTreeMap;

pub use self::compat::{Question, compat};
pub use self::ignore::{Ignore, Ignores, fits};

use self::fold::fold;
use self::ignore::Ignoring;
use self::verdict::{Decision, Seen, verdict};
use crate::canon;
use crate::diff::{Behaviour, Change, Comparison, Limits, Unsure, What};
use crate::json::Json;
use crate::measure::{Confidence, Series, Summary as Samples};
use crate::report::{Category, Equivalence, Finding, Report, Severity, Summary, Target, Tool};
use crate::rules::{self, Rule};

/// What the user decided about one server, from configuration file and flags together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// Severities by rule id; `None` switches the rule off.
    pub rules: BTreeMap<String, Option<Severity>>,
    /// Severities by category name; `None` switches it off. A rule's own entry wins.
    pub aspects: BTreeMap<String, Option<Severity>>,
    /// Findings below this are hidden and count for nothing; `Some(None)` hides everything.
    pub minimum: Option<Threshold>,
    /// No finding is worse than this: what somebody has proven stands above any rule.
    pub ceiling: Option<Severity>,
    /// Whether warnings are hidden.
    pub suppress_warnings: bool,
    /// Drift below this exits 0.
    pub fail_on: Option<Threshold>,
    /// Any drift fails, whatever the threshold.
    pub fail_on_drift: bool,
    /// How many bytes a model may have to read of the server; nothing where the user set no budget.
    pub context_budget: Option<u64>,
    /// A metric that is less sure than this exits 5; nothing where the user did not ask for it.
    pub target_confidence: Option<Confidence>,
    /// How slow answers may be, and how much slower they may become.
    pub limits: Limits,
}

/// A threshold that the user named, and where, so that the verdict can say what decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The least severity that counts; `None` lets nothing count.
    pub level: Option<Severity>,
    /// How the user wrote it: `--fail-on-severity breaking`, `failOnSeverity: breaking`.
    pub source: String,
}

/// One server to judge.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// Who it is; with an error where it could not be looked at.
    pub target: Target,
    /// What differs; nothing without a baseline, or where the target failed.
    pub comparison: Option<Comparison>,
    /// What differs in what it was seen doing, and what the user set as absolute; empty where nobody looked.
    pub behaviour: Behaviour,
    /// What was measured; nothing where nobody asked for it.
    pub measured: Vec<Series>,
    /// How to judge it.
    pub policy: Policy,
}

impl Policy {
    /// The severity of a rule's findings, or of one change by it; nothing where it is switched off.
    pub fn severity(&self, rule: &Rule, change: Option<&Change>) -> Option<Severity> {
        if let Some(wish) = self.rules.get(rule.id) {
            return *wish;
        }
        if let Some(wish) = self.aspects.get(category_name(rule.category)) {
            return *wish;
        }
        Some(change.map_or_else(|| rule.severity.usual(), |change| rule.severity.of(change)))
    }

    /// The severity of a change before any wish of the user.
    fn judged(&self, rule: &Rule, change: &Change) -> Severity {
        let severity = rule.severity.of(change);
        (self.ceiling).map_or(severity, |ceiling| severity.min(ceiling))
    }

    /// Whether a finding of that severity is shown and counts.
    fn shows(&self, severity: Severity) -> bool {
        let reached = self
            .minimum
            .as_ref()
            .is_none_or(|minimum| reaches(severity, minimum));
        reached && (severity != Severity::Warning || !self.suppress_warnings)
    }

    /// Says that so many changes are hidden, and by what: they count for nothing, but they are there.
    fn hides(&self, count: usize) -> String {
        let changes = if count == 1 {
            "change is"
        } else {
            "changes are"
        };
        let warnings = self.suppress_warnings.then_some("suppressWarnings");
        let minimum = self.minimum.as_ref().map(|minimum| minimum.source.as_str());
        let by: Vec<&str> = minimum.into_iter().chain(warnings).collect();
        format!("{count} {changes} hidden by {}", by.join(" and "))
    }
}

/// Judges what differs between servers and their baselines.
pub fn judge(subjects: Vec<Subject>, ignores: &Ignores) -> Report {
    let mut findings = Vec::new();
    let mut all_hidden = Vec::new();
    let mut all_off = Vec::new();
    let mut equivalences = Vec::new();
    let mut targets = Vec::new();
    let mut decisions = Vec::new();
    let mut doubts = Vec::new();
    let mut ignoring = Ignoring::new(ignores);
    let mut complete = true;
    let mut all_compared = true;
    let several = subjects.len() > 1;
    for (order, subject) in subjects.into_iter().enumerate() {
        let Subject {
            mut target,
            comparison,
            behaviour,
            measured,
            policy,
        } = subject;
        let mut seen = Seen {
            compared: comparison.is_some(),
            ..Seen::default()
        };
        let mut changes = Vec::new();
        if let Some(comparison) = comparison {
            complete = complete && comparison.complete;
            target.notes.extend(comparison.notes);
            changes = comparison.changes;
            equivalences.extend(comparison.equivalences.into_iter().map(|same| Equivalence {
                target: target.name.clone(),
                place: same.place,
                reason: same.reason,
            }));
        }
        changes.extend(behaviour.changes);
        target.notes.extend(behaviour.notes);
        let Judged {
            findings: found,
            count,
            hidden,
            off,
        } = judged(&target.name, changes, &policy, &mut ignoring);
        if count > 0 {
            seen.hides = true;
            target.notes.push(policy.hides(count));
        }
        all_hidden.extend(hidden);
        all_off.extend(off);
        target.notes.extend(ignoring.expired(&found));
        let found = fold(found);
        all_compared = all_compared && seen.compared;
        decisions.push(Decision::of(&target.name, &found, seen, &policy));
        findings.extend(found.into_iter().map(|finding| (order, finding)));
        for doubt in unsure(&measured, &behaviour.unsure, &policy) {
            doubts.push(if several {
                format!("`{}`: {doubt}", target.name)
            } else {
                doubt.clone()
            });
            target.notes.push(doubt);
        }
        complete = complete && target.error.is_none();
        targets.push(target);
    }
    if let (Some(first), true, true) = (targets.first_mut(), complete, all_compared) {
        first.notes.extend(ignoring.stale(several));
    }
    findings.sort_by(|(a_order, a), (b_order, b)| {
        let places = (&a.place, a.rule, &a.fingerprint).cmp(&(&b.place, b.rule, &b.fingerprint));
        b.severity
            .cmp(&a.severity)
            .then(a_order.cmp(b_order))
            .then(places)
    });
    let findings = findings.into_iter().map(|(_, finding)| finding);
    let (ignored, findings): (Vec<_>, Vec<_>) =
        findings.partition(|finding| finding.ignored.is_some());
    equivalences
        .sort_by(|a, b| (&a.target, &a.place, a.reason).cmp(&(&b.target, &b.place, b.reason)));
    equivalences.dedup();
    Report {
        format_version: 1,
        tool: Tool {
            name: "bellwether",
            version: env!("CARGO_PKG_VERSION"),
        },
        verdict: verdict(&decisions, &targets, &doubts, complete),
        summary: summary(&findings, ignored.len()),
        targets,
        findings,
        ignored,
        hidden: all_hidden,
        off: all_off,
        doubts,
        equivalences,
    }
}

/// What was judged of one server.
struct Judged {
    /// What the policy shows; those that are ignored have their reason.
    findings: Vec<Finding>,
    /// How many changes it hides.
    count: usize,
    /// The findings that it hides, those that only speak of others too.
    hidden: Vec<Finding>,
    /// What rules would have found that the user switched off.
    off: Vec<Finding>,
}

/// The findings of one server.
fn judged(
    target: &str,
    changes: Vec<Change>,
    policy: &Policy,
    ignoring: &mut Ignoring<'_>,
) -> Judged {
    let mut findings = Vec::new();
    let mut hidden = Vec::new();
    let mut off = Vec::new();
    let mut count = 0;
    let mut companions = Vec::new();
    for mut change in changes {
        if let What::Context(context) = &mut change.what {
            context.budget = policy.context_budget;
            if !context.counts() {
                continue;
            }
        }
        let rule = rules::of(&change);
        let judged = policy.judged(rule, &change);
        let advice = rules::advice(rule, &change, judged);
        let Some(severity) = policy.severity(rule, Some(&change)) else {
            off.push(finding(target, rule, judged, advice, change));
            continue;
        };
        let severity = (policy.ceiling).map_or(severity, |ceiling| severity.min(ceiling));
        // Some only say something about the other findings, so they need one that counts.
        let needs = match change.what {
            What::NoMajorStep => Some(Severity::Breaking),
            What::SameVersion => Some(Severity::Info),
            _ => None,
        };
        let mut finding = finding(target, rule, severity, advice, change);
        ignoring.mark(&mut finding);
        match needs {
            _ if !policy.shows(severity) => {
                count += usize::from(needs.is_none());
                hidden.push(finding);
            }
            Some(needs) => companions.push((needs, finding)),
            None => findings.push(finding),
        }
    }
    let counted = findings.iter().filter(|finding| finding.ignored.is_none());
    if let Some(worst) = counted.map(|finding| finding.severity).max() {
        let told = companions.into_iter().filter(|(needs, _)| worst >= *needs);
        findings.extend(told.map(|(_, finding)| finding));
    }
    Judged {
        findings,
        count,
        hidden,
        off,
    }
}

fn finding(
    target: &str,
    rule: &'static Rule,
    severity: Severity,
    (why, next): (&'static str, &'static str),
    change: Change,
) -> Finding {
    let digest = |value: Option<&Json>| Json::string(value.map(canon::digest).unwrap_or_default());
    let identity = Json::Array(vec![
        Json::from(rule.id),
        Json::from(target),
        Json::from(change.place.at.as_str()),
        Json::from(change.place.pointer.as_str()),
        digest(change.old.as_ref()),
        digest(change.new.as_ref()),
    ]);
    let fingerprint = canon::digest(&identity);
    let fingerprint = fingerprint
        .trim_start_matches("sha256:")
        .chars()
        .take(16)
        .collect();
    Finding {
        rule: rule.id,
        severity,
        category: rule.category,
        target: target.to_owned(),
        message: (rule.message)(&change),
        why,
        next,
        place: change.place,
        new_at: change.new_at,
        covers: change.covers,
        old: change.old,
        new: change.new,
        witness: change.witness,
        decided: change.decided,
        line: None,
        fingerprint,
        folds: Vec::new(),
        ignored: None,
    }
}

/// The metrics of one server that are less sure than they should be, each in a clause.
fn unsure(measured: &[Series], called: &[Unsure], policy: &Policy) -> Vec<String> {
    let Some(target) = policy.target_confidence else {
        return Vec::new();
    };
    let of_server = measured.iter().map(|series| {
        let samples = Samples::of(&series.samples);
        (format!("`{}`", series.metric), samples)
    });
    let of_calls = called.iter().map(|unsure| {
        let metric = format!("`{}` of `{}`", unsure.metric, unsure.at);
        (metric, unsure.samples)
    });
    of_server
        .chain(of_calls)
        .filter(|(_, samples)| samples.confidence() < target)
        .map(|(metric, samples)| {
            let (confidence, target) = (samples.confidence().name(), target.name());
            format!("{confidence} confidence in {metric}: {samples}; targetConfidence is {target}")
        })
        .collect()
}

fn summary(findings: &[Finding], ignored: usize) -> Summary {
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    Summary {
        breaking: count(Severity::Breaking),
        warning: count(Severity::Warning),
        info: count(Severity::Info),
        ignored,
    }
}

/// Whether a severity counts under a threshold.
fn reaches(severity: Severity, threshold: &Threshold) -> bool {
    threshold.level.is_some_and(|level| severity >= level)
}

/// The name of a category in files and reports.
pub fn category_name(category: Category) -> &'static str {
    match category {
        Category::Schema => "schema",
        Category::Behavior => "behavior",
        Category::Security => "security",
        Category::Performance => "performance",
        Category::Error => "error",
        Category::Response => "response",
        Category::Documentation => "documentation",
        Category::Server => "server",
    }
}
