//! `bellwether check`: capture, compare with the baseline, report, exit code.

use std::path::PathBuf;

use super::approved::{Against, Approved, against};
use super::target::{self, Selection, Target};
use super::{Context, env, output, probing, rehearsal};
use crate::baseline::Lines;
use crate::cli::{CheckArgs, ConnectionArgs};
use crate::config::scenarios::Scripted;
use crate::config::shown;
use crate::diff::{Behaviour, Comparison, Sighting};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::measure::Conditions;
use crate::observed::{CONNECT, Observed};
use crate::policy::{self, Policy};
use crate::probe::{self, Permit, Watched};
use crate::report::{self, Report};
use crate::surface::Surface;
use crate::{diff, last_check};

/// One server on its way through a check.
struct Checked<'a> {
    target: &'a Target,
    /// The path of the baseline as the user would write it.
    path: String,
    /// Whether a missing baseline is an error.
    required: bool,
    /// What it is compared with, where there is something.
    approved: Option<Approved>,
    /// What may be called.
    permit: Permit,
    /// What the server says and does now.
    watched: Option<Watched>,
    /// What it was seen doing; nothing where nobody looked.
    observed: Option<Observed>,
    /// What kept it from being judged.
    failure: Option<Failure>,
}

/// Checks the servers and prints the report.
///
/// # Errors
/// What keeps all servers from being checked; what keeps one from it stands in the report.
pub(super) fn run(args: &CheckArgs, context: &Context) -> Result<Exit, Failure> {
    let mut selection = target::select(&args.connection, context)?;
    let named = match (&args.baseline, &args.against) {
        (Some(_), _) => Some("`--baseline` names one file"),
        (None, Some(_)) => Some("`--against` names one thing to compare with"),
        (None, None) => None,
    };
    if let (Some(named), true) = (named, selection.targets.len() > 1) {
        return Err(Failure::new(
            "usage",
            format!("{named}, and there are several servers"),
        )
        .next(
            "pick one with --server NAME, or give each its own `baseline:` in the configuration",
        ));
    }
    if let Some(path) = &args.baseline {
        // What a report advises is to save to the file that was compared.
        let path = path.to_string_lossy();
        let path = shell_words::quote(&path);
        selection.typed = format!(" --baseline {path}{}", selection.typed);
    }
    let scripted = selection.config.scenarios(&context.cwd, &env)?;
    for target in &mut selection.targets {
        if let Some(scripted) = &scripted {
            target.spec.secrets.include(&scripted.secrets);
        }
    }
    let selection = &selection;
    let mut checked: Vec<Checked<'_>> = selection
        .targets
        .iter()
        .map(|target| begin(args, selection, target, scripted.as_ref(), context))
        .collect();
    let mut beside = None;
    if let (Some(words), [only]) = (&args.against, checked.as_mut_slice()) {
        match against(words, only.target, context)? {
            Against::File(approved) => only.approved = Some(*approved),
            Against::Server(spec) => beside = Some(spec),
        }
    }
    if args.dry_run {
        if let Some(failure) = checked.iter_mut().find_map(|one| one.failure.take()) {
            return Err(failure);
        }
        let subjects: Vec<_> = checked.iter().map(|one| watching(one, selection)).collect();
        return rehearsal::run(&subjects, args.report.format, context);
    }
    match (&beside, checked.as_mut_slice()) {
        (Some(spec), [only]) => watch_beside(only, spec, selection, context)?,
        _ => watch(&mut checked, selection, context)?,
    }
    let typed = advised(args, selection, &checked);
    for checked in &mut checked {
        if let (None, true, Some(watched)) = (&checked.approved, checked.required, &checked.watched)
        {
            checked.failure = Some(missing(checked, &watched.capture.surface, &typed));
        }
    }
    if !args.no_write {
        remember(selection, &checked)
            .map_err(|failure| failure.note("`--no-write` checks without writing a file"))?;
    }
    let only_scenarios = selection.config.config.scenarios.only.unwrap_or(false);
    let subjects = checked.iter().map(|checked| {
        let policy = selection.config.policy_for(&checked.target.baseline);
        let mut policy = output::policy(policy, &args.report, args.fail_on_drift);
        if beside.is_some() {
            policy.limits.conditions = Conditions::SideBySide;
        }
        subject(checked, policy, &typed, only_scenarios)
    });
    let ignores = selection
        .config
        .ignores(output::today(), selection.config.servers.len());
    let mut report = policy::judge(subjects.collect(), &ignores);
    add_lines(&mut report, &checked);
    if let Some(first) = report.targets.first_mut() {
        first.notes.extend(selection.config.notes.iter().cloned());
    }
    let unapproved: Vec<&Surface> = checked
        .iter()
        .filter(|checked| checked.approved.is_none() && checked.failure.is_none())
        .filter(|_| !only_scenarios)
        .filter_map(|checked| Some(&checked.watched.as_ref()?.capture.surface))
        .collect();
    output::print(&report, &unapproved, args.report.format, context)?;
    Ok(report.verdict.exit_code)
}

/// Reads the baseline of a server, and what may be called there.
fn begin<'a>(
    args: &CheckArgs,
    selection: &'a Selection,
    target: &'a Target,
    scripted: Option<&Scripted>,
    context: &Context,
) -> Checked<'a> {
    let path: PathBuf = match &args.baseline {
        Some(path) => context.cwd.join(path),
        None => selection.config.baseline_to_read(&target.baseline),
    };
    let asked =
        args.baseline.is_some() || args.fail_on_drift || args.report.fail_on_severity.is_some();
    let suite = scripted.map(|scripted| scripted.suite.only(&target.spec.name, &[]));
    let mut checked = Checked {
        target,
        path: shown(&path, &context.cwd),
        required: asked || target.baseline.is_required(),
        approved: None,
        permit: selection.config.permit(suite.unwrap_or_default()),
        watched: None,
        observed: None,
        failure: None,
    };
    if args.against.is_none() {
        match Approved::baseline(&path, target, context) {
            Ok(approved) => checked.approved = approved,
            Err(failure) => checked.failure = Some(failure),
        }
    }
    checked
}

/// How a server is watched. It is measured where the file says anything about that, where the baseline holds answer
/// times, and where two servers are compared; with nothing but scenarios, it is not.
fn watching<'a>(checked: &'a Checked<'_>, selection: &Selection) -> probe::Subject<'a> {
    let approved = checked.approved.as_ref();
    let observed = approved.and_then(Approved::observed);
    let is_timed = observed.is_some_and(|observed| observed.machine.is_some());
    let effort = selection.config.effort(is_timed);
    probe::Subject {
        spec: &checked.target.spec,
        approved: approved.map(|approved| &approved.source.surface),
        observed,
        permit: &checked.permit,
        effort: effort.filter(|_| !checked.permit.only_scenarios),
    }
}

/// Watches the servers whose baselines are in order.
fn watch(
    checked: &mut [Checked<'_>],
    selection: &Selection,
    context: &Context,
) -> Result<(), Failure> {
    let asked = checked.iter().filter(|checked| checked.failure.is_none());
    let subjects: Vec<_> = asked.map(|checked| watching(checked, selection)).collect();
    let watched = probing::watch_all(&subjects, context)?;
    let asked = checked.iter_mut().filter(|checked| checked.failure.is_none());
    for (checked, watched) in asked.zip(watched) {
        match watched {
            Ok(watched) => checked.saw(watched),
            Err(failure) => checked.failure = Some(failure),
        }
    }
    Ok(())
}

/// Watches a server beside the one that it is compared with.
fn watch_beside(
    checked: &mut Checked<'_>,
    spec: &crate::capture::spec::ServerSpec,
    selection: &Selection,
    context: &Context,
) -> Result<(), Failure> {
    let effort = selection.config.effort(true);
    let new = probe::Subject {
        effort: effort.filter(|_| !checked.permit.only_scenarios),
        ..watching(checked, selection)
    };
    let old = probe::Subject {
        spec,
        approved: None,
        observed: None,
        ..new
    };
    match probing::watch_both(&old, &new, context)? {
        Ok([old, new]) => {
            checked.approved = Some(Approved::server(&spec.name, &old));
            checked.saw(new);
        }
        Err(failure) => checked.failure = Some(failure),
    }
    Ok(())
}

impl Checked<'_> {
    fn saw(&mut self, watched: Watched) {
        self.observed = probing::observed(&watched);
        self.watched = Some(watched);
    }
}

/// The words that make `baseline save` mean the servers that answered: it saves all that it is asked for, or none.
fn advised(args: &CheckArgs, selection: &Selection, checked: &[Checked<'_>]) -> String {
    let answered: Vec<String> = checked
        .iter()
        .filter(|checked| checked.watched.is_some())
        .map(|checked| checked.target.spec.name.clone())
        .collect();
    if answered.is_empty() || answered.len() == checked.len() {
        return selection.typed.clone();
    }
    target::typed(&ConnectionArgs {
        server: answered,
        ..args.connection.clone()
    })
}

fn missing(checked: &Checked<'_>, surface: &Surface, typed: &str) -> Failure {
    let count = report::SurfaceCount::of(surface);
    Failure::new(
        "baseline",
        format!(
            "could not compare `{}` with its baseline",
            checked.target.spec.name
        ),
    )
    .cause(format!("`{}` does not exist", checked.path))
    .next(format!(
        "save it, read it, commit it: bellwether baseline save{typed}"
    ))
    .note(format!(
        "the server answered ({count}), but there is nothing to compare it with"
    ))
}

/// Keeps what was captured, so that what is saved is what was reviewed.
fn remember(selection: &Selection, checked: &[Checked<'_>]) -> Result<(), Failure> {
    let endpoints: Vec<_> = checked
        .iter()
        .map(|checked| last_check::endpoint_digest(&checked.target.spec))
        .collect();
    let entries: Vec<_> = checked
        .iter()
        .zip(&endpoints)
        .filter_map(|(checked, endpoint)| {
            let approved = checked.approved.as_ref();
            Some(last_check::Entry {
                name: &checked.target.spec.name,
                endpoint,
                surface: &checked.watched.as_ref()?.capture.surface,
                observed: checked.observed.as_ref(),
                baseline: approved.map(|approved| approved.digest.as_str()),
            })
        })
        .collect();
    if entries.is_empty() {
        Ok(())
    } else {
        last_check::remember(&selection.config.output_dir(), &entries)
    }
}

/// What the policy is to judge.
fn subject(
    checked: &Checked<'_>,
    policy: Policy,
    typed: &str,
    only_scenarios: bool,
) -> policy::Subject {
    let mut target = report::Target {
        name: checked.target.spec.name.clone(),
        typed: typed.to_owned(),
        ..report::Target::default()
    };
    if let Some(watched) = &checked.watched {
        let surface = &watched.capture.surface;
        target.describe(surface);
        target.current = Some(report::Side {
            path: None,
            digest: surface.digest(),
        });
        target.notes.extend(watched.capture.notes.iter().cloned());
    }
    if let Some(approved) = &checked.approved {
        target.baseline = Some(report::Side {
            path: Some(approved.path.clone()),
            digest: approved.digest.clone(),
        });
        target.notes.extend(approved.source.notes.iter().cloned());
    }
    if let Some(failure) = &checked.failure {
        target.error = Some(failure.into());
        return policy::Subject {
            target,
            policy,
            ..policy::Subject::default()
        };
    }
    if only_scenarios && checked.approved.is_some() {
        let note = "`scenarios.only`: nothing but the scenarios was looked at";
        target.notes.push(note.to_owned());
    }
    let timed = checked.watched.iter().flat_map(|watched| &watched.seen.timed);
    policy::Subject {
        target,
        comparison: compared(checked, only_scenarios),
        behaviour: behaved(checked, &policy, only_scenarios),
        // One sample a run says nothing about how sure a metric is.
        measured: timed.filter(|series| series.metric != CONNECT).cloned().collect(),
        policy,
    }
}

/// What differs between the surfaces.
fn compared(checked: &Checked<'_>, only_scenarios: bool) -> Option<Comparison> {
    let approved = &checked.approved.as_ref()?.source;
    let watched = checked.watched.as_ref()?;
    if only_scenarios {
        return Some(Comparison {
            complete: true,
            ..Comparison::default()
        });
    }
    let seen = approved.sight.project(&watched.capture.surface);
    Some(diff::compare(&approved.surface, &seen))
}

/// What differs in what the server was seen doing.
fn behaved(checked: &Checked<'_>, policy: &Policy, only_scenarios: bool) -> Behaviour {
    let Some(watched) = &checked.watched else {
        return Behaviour::default();
    };
    let approved = checked.approved.as_ref();
    let old = approved.and_then(Approved::observed).map(|old| Observed {
        scenarios: old.scenarios.clone(),
        ..if only_scenarios { Observed::default() } else { old.clone() }
    });
    let failures = probing::failures(watched);
    diff::behaviour(
        approved.map(|approved| Sighting::of_file(&approved.source.surface, old.as_ref())),
        Sighting {
            surface: &watched.capture.surface,
            observed: checked.observed.as_ref(),
            failures: Some(&failures),
        },
        &policy.limits,
    )
}

/// Says for each finding on which line of the baseline the thing stands.
fn add_lines(report: &mut Report, checked: &[Checked<'_>]) {
    for checked in checked {
        let name = &checked.target.spec.name;
        let mut findings = report
            .findings
            .iter_mut()
            .chain(&mut report.ignored)
            .filter(|finding| finding.target == *name)
            .peekable();
        let text = checked.approved.as_ref().and_then(|one| one.text.as_ref());
        if let (Some(_), Some(text)) = (findings.peek(), text)
            && let Some(lines) = Lines::new(text)
        {
            findings.for_each(|finding| finding.line = Some(lines.line_of(&finding.place)));
        }
    }
}
