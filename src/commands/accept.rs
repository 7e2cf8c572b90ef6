//! `bellwether baseline accept`: what the last check showed becomes what is approved, with who and why.
//!
//! No server is asked, but with `--refresh`.

use super::acceptance::{self, Drift, How, Outcome, Plan, Reviewed, drift};
use super::check::{Looked, look};
use super::found::{Unusable, found, left_out};
use super::kept::{Keeping, kept};
use super::recorded::{By, recorded};
use super::{Context, accept_drift};
use crate::baseline::selection::{Told, Wanted};
use crate::cli::{AcceptArgs, AcceptDriftArgs, CheckArgs, Format, Most, ReportArgs};
use crate::config::shown;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::rules;

/// What is not done where something is in the way.
const DOING: &str = "nothing was accepted";

/// Accepts the reviewed drift of all servers that have some, or of none.
///
/// # Errors
/// A capture that is missing, damaged, or was taken against another state of the baseline; breaking drift without
/// `--force`; selectors that fit nothing; a file that cannot be read or written.
pub(super) fn run(args: &AcceptArgs, context: &Context) -> Result<Exit, Failure> {
    let how = how(args, context)?;
    let keeping = kept(&args.connection(), args.baseline.as_deref(), context)?;
    if args.refresh {
        return look(&as_check(args), context, |looked| {
            refreshed(args, &how, &keeping, &looked, context)
        });
    }
    let several = keeping.servers.len() > 1;
    let mut seen = Vec::new();
    let mut unseen = None;
    for server in keeping.servers {
        match found(server, "accept", &keeping.typed, context) {
            Ok(found) => seen.push(found),
            // Of several, one that nobody has looked at has no reviewed drift.
            Err(Unusable::Unseen(failure)) if several => {
                left_out(&failure, context);
                unseen = unseen.or(Some(failure));
            }
            Err(
                Unusable::Unseen(failure) | Unusable::Stale(failure) | Unusable::Broken(failure),
            ) => {
                return Err(failure);
            }
            Err(Unusable::Approved) => {}
        }
    }
    match unseen {
        Some(failure) if seen.is_empty() => Err(failure),
        _ => {
            let reviewed: Vec<_> = seen.iter().map(Reviewed::of).collect();
            decide(args, &how, &reviewed, context)
        }
    }
}

/// Accepts what was just captured, where it is what the last check showed.
fn refreshed(
    args: &AcceptArgs,
    how: &How,
    keeping: &Keeping,
    looked: &Looked<'_>,
    context: &Context,
) -> Result<Exit, Failure> {
    looked.print(Format::Human, context)?;
    let seen = accept_drift::Seen::of(looked, context)?;
    if let (true, Some(kept)) = (seen.is_empty(), keeping.servers.first()) {
        let path = shown(&kept.file, &context.cwd);
        return Err(Failure::new("baseline", DOING)
            .cause(format!(
                "`{path}` does not exist, so nothing has drifted from it"
            ))
            .next(&kept.missing));
    }
    for server in &seen {
        let kept = keeping.servers.iter().find(|kept| kept.name == server.name);
        let shown = kept.and_then(|kept| kept.recalled.as_ref());
        let is_shown = shown.is_some_and(|shown| {
            let state = server.approved.state();
            shown.state.as_deref() == Some(state.as_str())
                && shown.surface.digest() == server.surface.digest()
                && places(&shown.told) == places(&server.told)
        });
        // Where nothing drifted there is nothing that nobody has read.
        if !is_shown && !args.force && drift(&server.reviewed(), context)?.is_some() {
            let typed = &keeping.typed;
            return Err(Failure::new("baseline", DOING)
                .cause(format!(
                    "the drift of `{}` is not what the last check showed",
                    server.name
                ))
                .next(format!(
                    "read it above, then accept it with --force; or run bellwether check{typed} and accept what that shows"
                )));
        }
    }
    let reviewed: Vec<_> = seen.iter().map(accept_drift::Seen::reviewed).collect();
    decide(args, how, &reviewed, context)
}

/// What was found where: measured values are another each time.
fn places(told: &[Told]) -> std::collections::BTreeSet<(&str, &str, &str)> {
    let places = told.iter();
    places
        .map(|told| (told.rule.as_str(), told.at.as_str(), told.pointer.as_str()))
        .collect()
}

/// Writes all baselines that are to change, or says what would be written.
fn decide(
    args: &AcceptArgs,
    how: &How,
    reviewed: &[Reviewed<'_>],
    context: &Context,
) -> Result<Exit, Failure> {
    let mut plans: Vec<Box<Plan>> = Vec::new();
    let mut drifted: Vec<Drift<'_>> = Vec::new();
    let mut broken = None;
    for reviewed in reviewed {
        drifted.extend(drift(reviewed, context)?);
    }
    match (drifted.as_slice(), reviewed) {
        // A state that was not the reviewed one is refused, whether it drifted or not.
        ([], [only]) => refuse_ambiguous(args, how, &[only])?,
        _ => {
            let drifted: Vec<_> = drifted.iter().map(|drift| drift.reviewed).collect();
            refuse_ambiguous(args, how, &drifted)?;
        }
    }
    for drift in &drifted {
        match drift.plan(how, context)? {
            Outcome::Nothing => {}
            Outcome::Breaking(findings) => {
                broken = broken.or(Some(acceptance::breaking(drift.reviewed.name, &findings)));
            }
            Outcome::Ready(plan) => {
                if !args.refresh {
                    drift.tell_notes(context);
                }
                plans.push(plan);
            }
        }
    }
    if let Some(failure) = broken {
        return Err(failure);
    }
    if plans.is_empty() {
        let all = match args.refresh {
            true => "nothing to accept: what the server says is what is approved\n",
            false => "nothing to accept: what the last check showed is what is approved\n",
        };
        context.terminal.print(all)?;
        return Ok(Exit::Clean);
    }
    if !args.dry_run {
        acceptance::write(&plans, context)?;
    }
    let style = context.terminal.style();
    for plan in &plans {
        context.terminal.print(&plan.said(args.dry_run, &style))?;
    }
    Ok(Exit::Clean)
}

/// Selectors and a digest speak of one server; `--expect` also of one state of it.
fn refuse_ambiguous(
    args: &AcceptArgs,
    how: &How,
    drifted: &[&Reviewed<'_>],
) -> Result<(), Failure> {
    let names: Vec<String> = (drifted.iter().map(|one| format!("`{}`", one.name))).collect();
    if drifted.len() > 1 && (args.expect.is_some() || !how.wanted.is_all()) {
        let what = if args.expect.is_some() {
            "`--expect` names the state of one server"
        } else {
            "selectors are for one server"
        };
        return Err(Failure::new("usage", DOING)
            .cause(format!("{what}, and {} drifted", names.join(" and ")))
            .next("pick one with --server NAME"));
    }
    let (Some(wanted), [reviewed]) = (&args.expect, drifted) else {
        return Ok(());
    };
    let digest = reviewed.surface.digest();
    if digest == *wanted || digest.strip_prefix("sha256:") == Some(wanted.as_str()) {
        return Ok(());
    }
    Err(Failure::new("baseline", DOING)
        .cause(format!(
            "`{}` was reviewed as {digest}, and --expect names {wanted}",
            reviewed.name
        ))
        .next("run bellwether check, read what it shows, and expect targets[].current.digest of --format json"))
}

fn how(args: &AcceptArgs, context: &Context) -> Result<How, Failure> {
    let reason = recorded("--reason", &args.reason)?;
    let mut wanted = Wanted {
        most: args.max_severity.map(Most::severity),
        ..Wanted::default()
    };
    for rule in &args.rule {
        let known = rules::find(rule).ok_or_else(|| {
            Failure::new("usage", DOING)
                .cause(format!("there is no rule `{rule}`"))
                .next("bellwether rules lists them")
        })?;
        wanted.rules.insert(known.id.to_owned());
    }
    for selector in &args.selectors {
        if !wanted.add(selector) {
            return Err(Failure::new("usage", DOING)
                .cause(format!("`{selector}` selects nothing"))
                .next(
                    "select things by their place (tools/NAME, prompts/NAME, resources/URI, resourceTemplates/TEMPLATE, \
                     capabilities/NAME, scenarios/NAME, instructions, server) or findings by their fingerprint, 16 hex digits",
                ));
        }
    }
    Ok(How {
        by: By::of(&args.decision, DOING, context)?,
        reason,
        wanted,
        force: args.force,
    })
}

/// The check that takes a new capture.
fn as_check(args: &AcceptArgs) -> CheckArgs {
    CheckArgs {
        baseline: args.baseline.clone(),
        against: None,
        dry_run: false,
        report: ReportArgs {
            format: Format::Human,
            fail_on_severity: None,
            min_severity: None,
        },
        fail_on_drift: false,
        no_write: true,
        accepting: AcceptDriftArgs::default(),
        connection: args.connection(),
    }
}
