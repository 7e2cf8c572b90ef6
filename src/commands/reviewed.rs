//! What there is to review: the findings of the last check, told again from what it kept. No server is asked.

use std::collections::BTreeSet;

use super::found::{Found, Unusable, found, left_out};
use super::kept::kept;
use super::trails::refuse_damaged;
use super::{Context, output};
use crate::baseline::Lines;
use crate::baseline::selection::{Standing, Told};
use crate::cli::ReviewArgs;
use crate::config::{Loaded, shown};
use crate::diff::{self, Sighting};
use crate::failure::Failure;
use crate::json::Pointer;
use crate::policy;
use crate::report::{self, Finding, Place, Report};
use crate::rules;

/// What there is to review.
pub(super) struct Reviewed {
    /// The configuration.
    pub(super) config: Loaded,
    /// The servers, in the order of the configuration.
    pub(super) servers: Vec<Found>,
    /// What the last check found.
    pub(super) report: Report,
}

/// Reads the baselines and what the last check captured, and compares them. Of several servers, those that no check of
/// their present baseline is kept of are left out, and a note says so.
///
/// # Errors
/// A damaged baseline; no server with a check of the baseline as it stands now.
pub(super) fn load(args: &ReviewArgs, context: &Context) -> Result<Reviewed, Failure> {
    let keeping = kept(&args.connection(), args.baseline.as_deref(), context)?;
    let config = keeping.config;
    let several = keeping.servers.len() > 1;
    let mut servers = Vec::new();
    let mut unseen = Vec::new();
    for kept in keeping.servers {
        match found(kept, "review", &keeping.typed, context) {
            Ok(found) => servers.push(whole(found, context)?),
            Err(Unusable::Unseen(failure) | Unusable::Stale(failure)) if several => {
                unseen.push(failure);
            }
            Err(
                Unusable::Unseen(failure) | Unusable::Stale(failure) | Unusable::Broken(failure),
            ) => {
                return Err(failure);
            }
            Err(Unusable::Approved) => {}
        }
    }
    for failure in &unseen {
        left_out(failure, context);
    }
    if let (true, Some(failure)) = (servers.is_empty(), unseen.into_iter().next()) {
        return Err(failure);
    }
    let subjects = servers.iter().map(|server| subject(server, context));
    let ignores = config.ignores(output::today(), servers.len());
    let mut report = policy::judge(subjects.collect(), &ignores);
    for server in &servers {
        as_told(&mut report, server);
        if let Some(lines) = Lines::new(&server.text) {
            let of_server = |finding: &&mut Finding| finding.target == server.name;
            for finding in report.findings.iter_mut().filter(of_server) {
                finding.line = Some(lines.line_of(&finding.place));
            }
        }
    }
    // Worst first, as every report has them; the sort keeps the order of equals.
    report
        .findings
        .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(Reviewed {
        config,
        servers,
        report,
    })
}

/// Leaves what the last check showed: other flags may have hidden some of what is told now. What it showed and a file
/// cannot tell again (a scenario that failed) is told in the words that were kept.
fn as_told(report: &mut Report, server: &Found) {
    // What has run out is accepted for another time by `accept`.
    let shown = |told: &&Told| told.standing == Standing::Shown && !told.is_run_out();
    let shown: Vec<&Told> = server.recalled.told.iter().filter(shown).collect();
    let wanted = shown.iter().map(|told| &told.fingerprint);
    let wanted: BTreeSet<&String> = wanted.collect();
    let mut there = BTreeSet::new();
    report.findings.retain(|finding| {
        let is_other = finding.target != server.name;
        let is_told = !is_other && wanted.contains(&finding.fingerprint);
        if is_told {
            there.insert(finding.fingerprint.clone());
        }
        is_other || is_told
    });
    for told in shown {
        if there.insert(told.fingerprint.clone()) {
            report.findings.extend(retold(told, &server.name));
        }
    }
}

/// A finding in the words that were kept of it; nothing where its rule is gone.
fn retold(told: &Told, target: &str) -> Option<Finding> {
    let rule = rules::find(&told.rule)?;
    let place = |at: &str| Place {
        at: at.to_owned(),
        pointer: Pointer::root(),
    };
    Some(Finding {
        rule: rule.id,
        severity: told.severity,
        category: rule.category,
        target: target.to_owned(),
        place: Place {
            at: told.at.clone(),
            pointer: Pointer::parse(&told.pointer).unwrap_or_default(),
        },
        new_at: told.new_at.clone(),
        covers: told.covers.iter().map(|at| place(at)).collect(),
        message: told.message.clone(),
        why: rule.why,
        next: rule.next,
        old: None,
        new: None,
        witness: None,
        decided: None,
        line: None,
        fingerprint: told.fingerprint.clone(),
        folds: Vec::new(),
        ignored: None,
    })
}

/// A server whose baseline nobody has tampered with.
fn whole(found: Found, context: &Context) -> Result<Found, Failure> {
    let path = shown(&found.file, &context.cwd);
    let doing = format!("could not review the drift of `{}`", found.name);
    refuse_damaged(&found.baseline, &found.text, &doing, &path)?;
    Ok(found)
}

/// What the policy is to judge.
fn subject(server: &Found, context: &Context) -> policy::Subject {
    let approved = &server.baseline;
    let seen = approved.project(&server.recalled.surface);
    let mut target = report::Target {
        name: server.name.clone(),
        baseline: Some(report::Side {
            path: Some(shown(&server.file, &context.cwd)),
            digest: approved.digest(),
        }),
        ..report::Target::default()
    };
    target.describe(&server.recalled.surface);
    policy::Subject {
        target,
        comparison: Some(diff::compare(&approved.surface, &seen)),
        behaviour: diff::behaviour(
            Some(Sighting::of_file(
                &approved.surface,
                approved.observed.as_ref(),
            )),
            Sighting::of_file(&seen, server.recalled.observed.as_ref()),
            &server.policy.limits,
        ),
        measured: Vec::new(),
        policy: server.policy.clone(),
    }
}
