//! `bellwether diff` and `bellwether baseline compare`: two files, offline.

use std::path::Path;

use super::{Context, output, read_both};
use crate::baseline::{Lines, Source, aligned};
use crate::cli::{DiffArgs, Format};
use crate::config::{self, shown};
use crate::diff::Sighting;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::policy::{self, Subject};
use crate::report::{Side, Target};
use crate::{diff, files};

/// One of the two files.
struct File {
    path: String,
    text: String,
    source: Source,
    digest: String,
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
    let mut target = Target {
        name: config::server::DEFAULT_NAME.to_owned(),
        baseline: Some(side(&old)),
        current: Some(side(&new)),
        ..Target::default()
    };
    target.describe(&new.source.surface);
    for file in [&old, &new] {
        target.notes.extend(
            file.source
                .notes
                .iter()
                .map(|note| format!("{}: {note}", file.path)),
        );
    }
    let (before, after) = aligned(&old.source, &new.source);
    let volatile = old.source.volatile.and(&new.source.volatile);
    let after = volatile.settled(&before, &after);
    let policy = output::policy(config.policy(), &args.report, false);
    let behaviour = diff::behaviour(
        Some(Sighting::of_file(&before, old.source.observed.as_ref())),
        Sighting::of_file(&after, new.source.observed.as_ref()),
        &policy.limits,
    );
    let subject = Subject {
        target,
        comparison: Some(diff::compare(&before, &after)),
        behaviour,
        measured: Vec::new(),
        policy,
    };
    let mut report = policy::judge(vec![subject], &config.ignores(output::today(), 1));
    let mut findings = report
        .findings
        .iter_mut()
        .chain(&mut report.ignored)
        .peekable();
    if let (Some(_), Some(lines)) = (findings.peek(), Lines::new(&old.text)) {
        findings.for_each(|finding| finding.line = Some(lines.line_of(&finding.place)));
    }
    output::print(&report, &[], args.report.format, context)?;
    let exit = report.verdict.exit_code;
    // The program is about to end: taking large surfaces apart value by value would only make it wait.
    std::mem::forget((old, new, report));
    Ok(exit)
}

fn side(file: &File) -> Side {
    Side {
        path: Some(file.path.clone()),
        digest: file.digest.clone(),
    }
}

fn read(path: &Path, format: Format, context: &Context) -> Result<File, Failure> {
    let path = context.cwd.join(path);
    let shown = shown(&path, &context.cwd);
    let text = files::read_text(&path)?;
    let source = Source::parse(&text).map_err(|error| {
        error
            .failure(format!("could not compare `{shown}`"), &shown)
            .next("name a whole baseline, snapshot, raw capture or tools/list result")
    })?;
    // For people no digest is printed, and taking one is a good part of the work on a large file.
    let digest = match format {
        Format::Human => String::new(),
        Format::Json => source.surface.digest(),
    };
    Ok(File {
        path: shown,
        text,
        source,
        digest,
    })
}
