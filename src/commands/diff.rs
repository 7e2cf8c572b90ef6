//! `bellwether diff` and `bellwether baseline compare`: two files, offline.

use std::path::Path;

use super::{Context, output, read_both};
use crate::baseline::{BaselineError, Lines, Source, aligned};
use crate::cli::{DiffArgs, Format, ReportArgs};
use crate::config::{self, Loaded, shown};
use crate::diff::Sighting;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::policy::{self, Policy, Subject};
use crate::report::{Report, Side, Target};
use crate::{diff, files};

/// One of the two sides.
pub(super) struct File {
    /// The path as the user would write it; nothing for what a check captured.
    pub(super) path: Option<String>,
    /// The text of the file.
    pub(super) text: String,
    /// What it holds.
    pub(super) source: Source,
    /// The digest of its surface; empty where nobody prints it.
    pub(super) digest: String,
}

/// Compares the files and prints the report.
///
/// # Errors
/// A file that cannot be read or holds no surface; a configuration with problems.
pub(super) fn run(args: &DiffArgs, context: &Context) -> Result<Exit, Failure> {
    let config = context.configuration(&args.file)?;
    let (old, new) = read_both((&args.old, &args.new), |path| {
        read(path, args.report.format, context)
    })?;
    let policy = output::policy(config.policy(), &args.report, false);
    let name = config::server::DEFAULT_NAME.to_owned();
    compare(
        vec![(name, old, new, policy)],
        &config,
        &args.report,
        context,
    )
}

/// Compares what was with what is of each server, by its name, and prints one report.
///
/// # Errors
/// A report that cannot be printed.
pub(super) fn compare(
    pairs: Vec<(String, File, File, Policy)>,
    config: &Loaded,
    args: &ReportArgs,
    context: &Context,
) -> Result<Exit, Failure> {
    let subjects = pairs
        .iter()
        .map(|(name, old, new, policy)| subject(name, old, new, policy));
    let ignores = config.ignores(output::today(), pairs.len());
    let mut report = policy::judge(subjects.collect(), &ignores);
    for (name, old, ..) in &pairs {
        add_lines(&mut report, name, old);
    }
    output::print(&report, &[], args.format, context)?;
    let exit = report.verdict.exit_code;
    // The program is about to end: taking large surfaces apart value by value would only make it wait.
    std::mem::forget((pairs, report));
    Ok(exit)
}

fn subject(name: &str, old: &File, new: &File, policy: &Policy) -> Subject {
    let mut target = Target {
        name: name.to_owned(),
        baseline: Some(side(old)),
        current: Some(side(new)),
        ..Target::default()
    };
    target.describe(&new.source.surface);
    for file in [old, new] {
        let path = file.path.as_deref().unwrap_or("the last check");
        let notes = file.source.notes.iter();
        target
            .notes
            .extend(notes.map(|note| format!("{path}: {note}")));
    }
    let (before, after) = aligned(&old.source, &new.source);
    let behaviour = diff::behaviour(
        Some(Sighting::of_file(&before, old.source.observed.as_ref())),
        Sighting::of_file(&after, new.source.observed.as_ref()),
        &policy.limits,
    );
    Subject {
        target,
        comparison: Some(diff::compare(&before, &after)),
        behaviour,
        measured: Vec::new(),
        policy: policy.clone(),
    }
}

/// Says for each finding on which line of OLD the thing stands.
fn add_lines(report: &mut Report, name: &str, old: &File) {
    let findings = report.findings.iter_mut().chain(&mut report.ignored);
    let mut findings = findings.filter(|finding| finding.target == name).peekable();
    if let (Some(_), Some(lines)) = (findings.peek(), Lines::new(&old.text)) {
        findings.for_each(|finding| finding.line = Some(lines.line_of(&finding.place)));
    }
}

fn side(file: &File) -> Side {
    Side {
        path: file.path.clone(),
        digest: file.digest.clone(),
    }
}

/// Reads one side.
///
/// # Errors
/// A file that cannot be read or holds no surface.
pub(super) fn read(path: &Path, format: Format, context: &Context) -> Result<File, Failure> {
    let path = context.cwd.join(path);
    let shown = shown(&path, &context.cwd);
    let text = files::read_text(&path)?;
    let source = Source::parse(&text).map_err(|error| {
        let failure = error.failure(format!("could not compare `{shown}`"), &shown);
        match error {
            BaselineError::Conflict { .. } => failure,
            _ => failure.next("name a whole baseline, snapshot, raw capture or tools/list result"),
        }
    })?;
    // For people no digest is printed, and taking one is a good part of the work on a large file.
    let digest = match format {
        Format::Human => String::new(),
        Format::Json => source.surface.digest(),
    };
    Ok(File {
        path: Some(shown),
        text,
        source,
        digest,
    })
}
