//! `bellwether check`: capture, compare with the baseline, report, exit code.

use super::approved::{Against, Approved, against};
use super::checked::{Checked, begin, side_by_side, watch, watch_beside, watching};
use super::target::{self, Selection};
use super::{Context, accept_drift, elsewhere, env, output, probing, rehearsal};
use crate::baseline::Lines;
use crate::baseline::selection::Told;
use crate::cli::{CheckArgs, ConnectionArgs, Format};
use crate::diff::{Behaviour, Comparison, Sighting};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::measure::Conditions;
use crate::observed::{CONNECT, Observed};
use crate::policy::{self, Policy};
use crate::report::{self, Report};
use crate::surface::Surface;
use crate::{diff, last_check};

/// What a check came to, before anything of it is printed or kept.
pub(super) struct Looked<'a> {
    /// The configuration and the servers.
    pub(super) selection: &'a Selection,
    /// The servers, with what they said and did.
    pub(super) checked: Vec<Checked<'a>>,
    /// What to say of them.
    pub(super) report: Report,
}

/// Checks the servers and prints the report.
///
/// # Errors
/// What keeps all servers from being checked; what keeps one from it stands in the report.
pub(super) fn run(args: &CheckArgs, context: &Context) -> Result<Exit, Failure> {
    let accepting = accept_drift::how(&args.accepting, context)?;
    look(args, context, |mut looked| {
        let unkept = match args.no_write {
            true => None,
            false => remember(args, &looked)
                .map_or_else(|failure| unkept(failure, &looked).map(Some), |()| Ok(None))?,
        };
        let taken = match &accepting {
            Some(how) => accept_drift::run(how, &mut looked, context),
            None => Ok(Vec::new()),
        };
        looked.print(args.report.format, context)?;
        for said in taken?.into_iter().chain(unkept) {
            context.terminal.note(&said);
        }
        Ok(looked.report.verdict.exit_code)
    })
}

/// Checks the servers and hands over what that came to. A rehearsal is printed instead.
///
/// # Errors
/// As [`run`].
pub(super) fn look(
    args: &CheckArgs,
    context: &Context,
    then: impl FnOnce(Looked<'_>) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let mut selection = target::select(&args.connection, context)?;
    let named = match (&args.baseline, &args.against) {
        (Some(_), _) => Some(target::ONE_FILE),
        (None, Some(_)) => Some("`--against` names one thing to compare with"),
        (None, None) => None,
    };
    if let Some(named) = named {
        target::refuse_several(named, selection.targets.len())?;
    }
    // What a report advises is to change the file that was compared.
    let file = args.baseline.as_ref().map_or_else(String::new, |path| {
        let path = path.to_string_lossy();
        format!(" --baseline {}", shell_words::quote(&path))
    });
    let calls_any = selection.config.calls_any();
    let scripted = if calls_any {
        selection.config.scenarios(&context.cwd, &env)?
    } else {
        None
    };
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
        let subjects: Vec<_> = match (&beside, checked.as_slice()) {
            (Some(spec), [only]) => side_by_side(only, spec, selection).to_vec(),
            _ => checked.iter().map(|one| watching(one, selection)).collect(),
        };
        return rehearsal::run(&subjects, args.report.format, context);
    }
    match (&beside, checked.as_mut_slice()) {
        (Some(spec), [only]) => watch_beside(only, spec, selection, context)?,
        _ => watch(&mut checked, selection, context)?,
    }
    let answered = answered(args, &checked);
    let typed = format!("{file}{}", target::typed(&answered));
    let accepts = format!("{file}{}", target::typed_behind(&answered));
    for checked in &mut checked {
        if let (None, true, Some(watched)) = (&checked.approved, checked.required, &checked.watched)
        {
            let surface = &watched.capture.surface;
            let mut failure = missing(checked, surface, &typed);
            let baseline = &checked.target.baseline;
            let named = args.baseline.is_none();
            let elsewhere = || elsewhere::next(&selection.config, baseline, &typed, context);
            failure.next = named.then(elsewhere).flatten().or(failure.next);
            checked.failure = Some(failure);
        }
    }
    let only_scenarios = selection.config.config.scenarios.only.unwrap_or(false);
    let subjects = checked.iter().map(|checked| {
        let policy = selection.config.policy_for(&checked.target.baseline);
        let mut policy = output::policy(policy, &args.report, args.fail_on_drift);
        if beside.is_some() {
            policy.limits.conditions = Conditions::SideBySide;
        }
        let mut subject = subject(checked, policy, &typed, only_scenarios);
        subject.target.accepts = args.against.is_none().then(|| accepts.clone());
        subject
    });
    let ignores = selection
        .config
        .ignores(output::today(), selection.config.servers.len());
    let mut report = policy::judge(subjects.collect(), &ignores);
    add_lines(&mut report, &checked);
    if let Some(first) = report.targets.first_mut() {
        first.notes.extend(selection.config.notes.iter().cloned());
        if let (false, Some(path)) = (calls_any, &selection.config.config.scenarios.path) {
            first.notes.push(format!(
                "the scenarios of `{path}` were not run: `check.probe` allows no call"
            ));
        }
    }
    then(Looked {
        selection,
        checked,
        report,
    })
}

impl Looked<'_> {
    /// Prints the report; for people, with the surfaces that nothing was approved of yet.
    pub(super) fn print(&self, format: Format, context: &Context) -> Result<(), Failure> {
        let only_scenarios = self.selection.config.config.scenarios.only.unwrap_or(false);
        let unapproved: Vec<&Surface> = self
            .checked
            .iter()
            .filter(|checked| checked.approved.is_none() && checked.failure.is_none())
            .filter(|_| !only_scenarios)
            .filter_map(|checked| Some(&checked.watched.as_ref()?.capture.surface))
            .collect();
        output::print(&self.report, &unapproved, format, context)
    }
}

/// The servers that answered: the baselines of all that a command is asked for are written, or none.
fn answered(args: &CheckArgs, checked: &[Checked<'_>]) -> ConnectionArgs {
    let answered: Vec<String> = checked
        .iter()
        .filter(|checked| checked.watched.is_some())
        .map(|checked| checked.target.spec.name.clone())
        .collect();
    if answered.is_empty() || answered.len() == checked.len() {
        return args.connection.clone();
    }
    ConnectionArgs {
        server: answered,
        ..args.connection.clone()
    }
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
fn remember(args: &CheckArgs, looked: &Looked<'_>) -> Result<(), Failure> {
    let kept = looked.checked.iter().map(|checked| {
        // What `--against` names is no baseline.
        let approved = checked.approved.as_ref().filter(|_| args.against.is_none());
        let name = &checked.target.spec.name;
        let told = approved.map(|_| Told::of(&looked.report, name));
        let endpoint = last_check::endpoint_digest(&checked.target.spec);
        (endpoint, approved, approved.map(Approved::state), told)
    });
    let kept: Vec<_> = kept.collect();
    let entries: Vec<_> = looked
        .checked
        .iter()
        .zip(&kept)
        .filter_map(|(checked, (endpoint, approved, state, told))| {
            Some(last_check::Entry {
                name: &checked.target.spec.name,
                endpoint,
                surface: checked.shown(*approved)?,
                observed: checked.observed.as_ref(),
                baseline: approved.map(|approved| approved.digest.as_str()),
                state: state.as_deref(),
                told: told.as_deref().unwrap_or_default(),
            })
        })
        .collect();
    if entries.is_empty() {
        Ok(())
    } else {
        last_check::remember(&looked.selection.config.output_dir(), &entries)
    }
}

/// What to say where the captures could not be kept. The drift is what it is: a checkout that is read-only is judged as
/// any other.
///
/// # Errors
/// The failure itself where an older capture of one of the servers is still there: `accept` would take it for this one.
fn unkept(failure: Failure, looked: &Looked<'_>) -> Result<String, Failure> {
    let folder = looked.selection.config.output_dir();
    let is_stale = looked.checked.iter().any(|checked| {
        let spec = &checked.target.spec;
        let endpoint = last_check::endpoint_digest(spec);
        checked.watched.is_some()
            && matches!(
                last_check::recall(&folder, &spec.name, &endpoint),
                Ok(Some(_))
            )
    });
    if is_stale {
        return Err(failure
            .note("it holds what an earlier check captured, which would be accepted for this one")
            .note("`--no-write` checks without writing a file"));
    }
    Ok(format!(
        "what was captured is not kept, so it cannot be accepted ({failure}); `--no-write` does not try"
    ))
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
    let timed = checked
        .watched
        .iter()
        .flat_map(|watched| &watched.seen.timed);
    policy::Subject {
        target,
        comparison: compared(checked, only_scenarios),
        behaviour: behaved(checked, &policy, only_scenarios),
        // One sample a run says nothing about how sure a metric is.
        measured: timed
            .filter(|series| series.metric != CONNECT)
            .cloned()
            .collect(),
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
        ..if only_scenarios {
            Observed::default()
        } else {
            old.clone()
        }
    });
    let failures = probing::failures(watched);
    let mut behaviour = diff::behaviour(
        approved.map(|approved| Sighting::of_file(&approved.source.surface, old.as_ref())),
        Sighting {
            surface: &watched.capture.surface,
            observed: checked.observed.as_ref(),
            failures: Some(&failures),
        },
        &policy.limits,
    );
    if only_scenarios {
        // That nothing else was compared is what the user wants.
        behaviour.notes.clear();
    }
    if let Some(approved) = approved {
        let due = approved.source.trail.due(&output::today());
        behaviour.changes.extend(diff::expired(&due));
    }
    behaviour
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
