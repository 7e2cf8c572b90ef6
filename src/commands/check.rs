//! `bellwether check`: capture, compare with the baseline, report, exit code.

use std::path::PathBuf;

use super::target::{self, Selection, Target};
use super::{Context, live, output};
use crate::baseline::{Baseline, Lines};
use crate::capture::{Capture, Sampling};
use crate::cli::{CheckArgs, ConnectionArgs};
use crate::config::shown;
use crate::diff::Behaviour;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::policy::{self, Policy, Subject};
use crate::report::{self, Report};
use crate::surface::Surface;
use crate::{diff, files, last_check};

/// What a server is compared with.
struct Approved {
    text: String,
    baseline: Baseline,
    /// The digest of its surface, which both the report and the kept capture name.
    digest: String,
}

/// One server on its way through a check.
struct Checked<'a> {
    target: &'a Target,
    /// The path of the baseline as the user would write it.
    path: String,
    /// Whether a missing baseline is an error.
    required: bool,
    /// The baseline, where there is one.
    approved: Option<Approved>,
    /// What the server says now.
    capture: Option<Capture>,
    /// What kept it from being judged.
    failure: Option<Failure>,
}

/// Checks the servers and prints the report.
///
/// # Errors
/// What keeps all servers from being checked; what keeps one from it stands in the report.
pub(super) fn run(args: &CheckArgs, context: &Context) -> Result<Exit, Failure> {
    let mut selection = target::select(&args.connection, context)?;
    if args.baseline.is_some() && selection.targets.len() > 1 {
        return Err(Failure::new(
            "usage",
            "`--baseline` names one file, and there are several servers",
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
    let mut checked: Vec<Checked<'_>> = selection
        .targets
        .iter()
        .map(|target| begin(args, &selection, target, context))
        .collect();
    capture(&mut checked, selection.config.sampling(), context)?;
    let typed = advised(args, &selection, &checked);
    for checked in &mut checked {
        if let (None, true, Some(capture)) = (&checked.approved, checked.required, &checked.capture)
        {
            checked.failure = Some(missing(checked, &capture.surface, &typed));
        }
    }
    if !args.no_write {
        remember(&selection, &checked)
            .map_err(|failure| failure.note("`--no-write` checks without writing a file"))?;
    }
    let subjects = checked.iter().map(|checked| {
        let policy = selection.config.policy_for(&checked.target.baseline);
        let policy = output::policy(policy, &args.report, args.fail_on_drift);
        subject(checked, policy, &typed)
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
        .filter_map(|checked| Some(&checked.capture.as_ref()?.surface))
        .collect();
    output::print(&report, &unapproved, args.report.format, context)?;
    Ok(report.verdict.exit_code)
}

/// Reads the baseline of a server.
fn begin<'a>(
    args: &CheckArgs,
    selection: &'a Selection,
    target: &'a Target,
    context: &Context,
) -> Checked<'a> {
    let path: PathBuf = match &args.baseline {
        Some(path) => context.cwd.join(path),
        None => selection.config.baseline_to_read(&target.baseline),
    };
    let asked =
        args.baseline.is_some() || args.fail_on_drift || args.report.fail_on_severity.is_some();
    let mut checked = Checked {
        target,
        path: shown(&path, &context.cwd),
        required: asked || target.baseline.is_required(),
        approved: None,
        capture: None,
        failure: None,
    };
    match files::read_text_if_present(&path) {
        Ok(None) => {}
        Ok(Some(text)) => match Baseline::parse(&text) {
            Ok(baseline) => {
                let digest = baseline.digest();
                checked.approved = Some(Approved {
                    text,
                    baseline,
                    digest,
                });
            }
            Err(error) => {
                let doing = format!("could not compare `{}` with its baseline", target.spec.name);
                checked.failure = Some(error.failure(doing, &checked.path));
            }
        },
        Err(unreadable) => {
            let doing = format!("could not compare `{}` with its baseline", target.spec.name);
            let failure = Failure::new("baseline", doing).cause(&unreadable);
            checked.failure = Some(match unreadable.next {
                Some(next) => failure.next(next),
                None => failure,
            });
        }
    }
    checked
}

/// Captures the servers whose baselines are in order.
fn capture(
    checked: &mut [Checked<'_>],
    sampling: Option<Sampling>,
    context: &Context,
) -> Result<(), Failure> {
    let mut asked: Vec<&mut Checked<'_>> = checked
        .iter_mut()
        .filter(|checked| checked.failure.is_none())
        .collect();
    let wanted: Vec<_> = asked
        .iter()
        .map(|checked| live::Wanted {
            spec: &checked.target.spec,
            approved: checked
                .approved
                .as_ref()
                .map(|approved| &approved.baseline.surface),
            sampling,
        })
        .collect();
    let captures = live::capture_all(&wanted, context)?;
    for (checked, capture) in asked.iter_mut().zip(captures) {
        match capture {
            Ok(capture) => checked.capture = Some(capture),
            Err(failure) => checked.failure = Some(failure),
        }
    }
    Ok(())
}

/// The words that make `baseline save` mean the servers that answered: it saves all that it is asked for, or none.
fn advised(args: &CheckArgs, selection: &Selection, checked: &[Checked<'_>]) -> String {
    let answered: Vec<String> = checked
        .iter()
        .filter(|checked| checked.capture.is_some())
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
                surface: &checked.capture.as_ref()?.surface,
                observed: None,
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
fn subject(checked: &Checked<'_>, policy: Policy, typed: &str) -> Subject {
    let mut target = report::Target {
        name: checked.target.spec.name.clone(),
        typed: typed.to_owned(),
        ..report::Target::default()
    };
    if let Some(capture) = &checked.capture {
        target.describe(&capture.surface);
        target.current = Some(report::Side {
            path: None,
            digest: capture.surface.digest(),
        });
        target.notes.extend(capture.notes.iter().cloned());
    }
    if let Some(approved) = &checked.approved {
        target.baseline = Some(report::Side {
            path: Some(checked.path.clone()),
            digest: approved.digest.clone(),
        });
        target.notes.extend(approved.baseline.notes.iter().cloned());
    }
    if let Some(failure) = &checked.failure {
        target.error = Some(failure.into());
        return Subject {
            target,
            policy,
            ..Subject::default()
        };
    }
    let comparison = match (&checked.approved, &checked.capture) {
        (Some(Approved { baseline, .. }), Some(capture)) => {
            let seen = baseline.project(&capture.surface);
            Some(diff::compare(&baseline.surface, &seen))
        }
        _ => None,
    };
    let measured = checked.capture.as_ref();
    Subject {
        target,
        comparison,
        behaviour: Behaviour::default(),
        measured: measured
            .map(|capture| capture.latency.sampled.clone())
            .unwrap_or_default(),
        policy,
    }
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
        if let (Some(_), Some(Approved { text, .. })) = (findings.peek(), &checked.approved)
            && let Some(lines) = Lines::new(text)
        {
            findings.for_each(|finding| finding.line = Some(lines.line_of(&finding.place)));
        }
    }
}
