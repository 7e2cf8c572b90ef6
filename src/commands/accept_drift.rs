//! `check --accept-drift`: a check and the acceptance of what it found in one step.

use super::Context;
use super::acceptance::{self, How, Outcome, Reviewed, drift};
use super::approved::Approved;
use super::check::Looked;
use super::kept::of_scenarios;
use super::recorded::{By, recorded};
use crate::baseline::Baseline;
use crate::baseline::selection::{Told, Wanted};
use crate::cli::AcceptDriftArgs;
use crate::diff::Limits;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::observed::Observed;
use crate::secrets::Secrets;
use crate::surface::Surface;
use std::path::Path;

/// One server as a check has just seen it.
pub(super) struct Seen<'a> {
    pub(super) name: &'a str,
    /// What it was compared with.
    pub(super) approved: &'a Approved,
    pub(super) surface: &'a Surface,
    pub(super) told: Vec<Told>,
    text: &'a str,
    baseline: Baseline,
    file: &'a Path,
    observed: Option<&'a Observed>,
    limits: Limits,
    secrets: Secrets,
}

impl<'a> Seen<'a> {
    /// The servers that have a baseline.
    ///
    /// # Errors
    /// A server that could not be checked: what is accepted is accepted of all.
    pub(super) fn of(looked: &'a Looked<'_>, context: &Context) -> Result<Vec<Self>, Failure> {
        let mut seen = Vec::new();
        let of_scenarios = of_scenarios(&looked.selection.config, context);
        for checked in &looked.checked {
            let spec = &checked.target.spec;
            if checked.failure.is_some() {
                return Err(Failure::new("baseline", "nothing was accepted")
                    .cause(format!("`{}` was not checked", spec.name))
                    .next(
                        "mend what keeps it from being checked, or pick others with --server NAME",
                    ));
            }
            let approved = checked.approved.as_ref();
            let (Some(approved), Some(surface)) = (approved, checked.shown(approved)) else {
                continue;
            };
            // What `--against` names is no baseline, and has no text here.
            let Some(text) = &approved.text else {
                continue;
            };
            let doing = || format!("could not accept the drift of `{}`", spec.name);
            let baseline =
                Baseline::parse(text).map_err(|error| error.failure(doing(), &approved.path))?;
            let mut secrets = spec.secrets.clone();
            secrets.include(&of_scenarios);
            let policy = looked.selection.config.policy_for(&checked.target.baseline);
            seen.push(Self {
                name: &spec.name,
                approved,
                surface,
                told: Told::of(&looked.report, &spec.name),
                text,
                baseline,
                file: &checked.file,
                observed: checked.observed.as_ref(),
                limits: policy.limits,
                secrets,
            });
        }
        Ok(seen)
    }

    /// As what is to be accepted.
    pub(super) fn reviewed(&self) -> Reviewed<'_> {
        Reviewed {
            name: self.name,
            file: self.file,
            text: self.text,
            baseline: &self.baseline,
            surface: self.surface,
            observed: self.observed,
            told: &self.told,
            limits: &self.limits,
            secrets: &self.secrets,
        }
    }
}

/// How the drift is accepted, where it is to be. No server is asked for a decision that could not be recorded.
///
/// # Errors
/// A reason that is blank; nobody who decides.
pub(super) fn how(args: &AcceptDriftArgs, context: &Context) -> Result<Option<How>, Failure> {
    if !args.accept_drift {
        return Ok(None);
    }
    let reason = args.accept_reason.as_deref().unwrap_or_default();
    Ok(Some(How {
        reason: recorded("--accept-reason", reason)?,
        by: By::new(args.accepted_by.as_deref(), "nothing was accepted", context)?,
        wanted: Wanted::default(),
        force: args.force,
    }))
}

/// Accepts what was found and makes the verdict say so, or that it could not be; breaking drift without `--force` stays
/// what it is. Gives what to tell the reader besides the report.
///
/// # Errors
/// A server that could not be checked, a baseline that is damaged, a file that cannot be written.
pub(super) fn run(
    how: &How,
    looked: &mut Looked<'_>,
    context: &Context,
) -> Result<Vec<String>, Failure> {
    let taken = take(how, looked, context);
    let verdict = &mut looked.report.verdict;
    match &taken {
        Ok(Taken::Nothing(_)) => {}
        Ok(Taken::Accepted(_)) => {
            verdict.exit_code = Exit::Clean;
            verdict.decided_by = "the drift was accepted (--accept-drift)".to_owned();
            // A doubt about what was measured is no drift, and stays one.
            if let Some(doubt) = looked.report.doubts.first() {
                verdict.exit_code = Exit::LowConfidence;
                verdict.decided_by.clone_from(doubt);
            }
        }
        // What kept a server from being checked stands there already.
        Err(_) if verdict.exit_code == Exit::Error => {}
        Err(_) => {
            verdict.exit_code = Exit::Error;
            verdict.decided_by = "the drift could not be accepted (--accept-drift)".to_owned();
        }
    }
    taken.map(|(Taken::Nothing(said) | Taken::Accepted(said))| said)
}

/// What came of it, in notes for the reader.
enum Taken {
    /// The drift stays what it is.
    Nothing(Vec<String>),
    /// All of it was accepted.
    Accepted(Vec<String>),
}

fn take(how: &How, looked: &Looked<'_>, context: &Context) -> Result<Taken, Failure> {
    let seen = Seen::of(looked, context)?;
    let mut plans = Vec::new();
    let mut broken = Vec::new();
    for one in &seen {
        let reviewed = one.reviewed();
        let Some(drift) = drift(&reviewed, context)? else {
            continue;
        };
        match drift.plan(how, context)? {
            Outcome::Nothing => {}
            Outcome::Breaking(_) => broken.push(format!("`{}`", one.name)),
            Outcome::Ready(plan) => plans.push(plan),
        }
    }
    if !broken.is_empty() {
        let note = format!(
            "nothing was accepted: the drift of {} is breaking; --force accepts it once whoever relies on it knows",
            broken.join(" and ")
        );
        return Ok(Taken::Nothing(vec![note]));
    }
    if plans.is_empty() {
        let why = if seen.is_empty() {
            "there was nothing to accept: without a baseline nothing drifts; save one: bellwether baseline save"
        } else {
            "there was nothing to accept"
        };
        return Ok(Taken::Nothing(vec![why.to_owned()]));
    }
    acceptance::write(&plans, context)?;
    let said = plans.iter().map(|plan| plan.in_short());
    Ok(Taken::Accepted(said.collect()))
}
