//! `bellwether baseline diff`: the baseline against what the last check captured, or against a file.

use std::path::PathBuf;

use super::diff::{self, File};
use super::kept::{Kept, kept};
use super::{Context, elsewhere, output};
use crate::baseline::{BaselineError, Kind, Source};
use crate::cli::BaselineDiffArgs;
use crate::config::{self, shown};
use crate::exit::Exit;
use crate::failure::Failure;

/// Compares and prints the report of `diff`.
///
/// # Errors
/// A baseline or file that is missing or damaged; nothing that a check captured.
pub(super) fn run(args: &BaselineDiffArgs, context: &Context) -> Result<Exit, Failure> {
    if let Some(new) = &args.new {
        let config = context.configuration(&args.file)?;
        let of_server = config.baseline_of(args.server.as_deref());
        let mut missing = None;
        let (path, policy) = match &args.baseline {
            Some(path) => (context.cwd.join(path), config.policy()),
            None => {
                let baseline = of_server?;
                missing = elsewhere::next(&config, &baseline, "", context);
                (
                    config.baseline_to_read(&baseline),
                    config.policy_for(&baseline),
                )
            }
        };
        let old = baseline(path, missing, args, context)?;
        let new = diff::read(new, args.report.format, context)?;
        let policy = output::policy(policy, &args.report, false);
        let name = args
            .server
            .as_deref()
            .unwrap_or(config::server::DEFAULT_NAME);
        return diff::compare(
            vec![(name.to_owned(), old, new, policy)],
            &config,
            &args.report,
            context,
        );
    }
    let keeping = kept(&args.connection(), args.baseline.as_deref(), context)?;
    let mut pairs = Vec::new();
    for server in keeping.servers {
        let old = baseline(
            server.file.clone(),
            Some(server.missing.clone()),
            args,
            context,
        )?;
        let policy = output::policy(server.policy.clone(), &args.report, false);
        let name = server.name.clone();
        let new = captured(server, &keeping.typed)?;
        pairs.push((name, old, new, policy));
    }
    diff::compare(pairs, &keeping.config, &args.report, context)
}

/// Reads the baseline. `missing` says what to do where it is not there.
fn baseline(
    path: PathBuf,
    missing: Option<String>,
    args: &BaselineDiffArgs,
    context: &Context,
) -> Result<File, Failure> {
    if std::fs::symlink_metadata(&path).is_err() {
        let path = shown(&path, &context.cwd);
        return Err(Failure::new(
            "baseline",
            format!("could not compare the baseline `{path}`"),
        )
        .cause("there is no such file")
        .next(missing.unwrap_or_else(|| "save one: bellwether baseline save".to_owned())));
    }
    let file = diff::read(&path, args.report.format, context)?;
    if matches!(file.source.kind, Kind::Capture | Kind::ListResult) {
        let path = shown(&path, &context.cwd);
        let doing = format!("could not compare the baseline `{path}`");
        return Err(BaselineError::Capture.failure(doing, &path));
    }
    Ok(file)
}

/// What the last check captured. It has no path: it is not for people to open.
fn captured(kept: Kept, typed: &str) -> Result<File, Failure> {
    let name = kept.name;
    let Some(recalled) = kept.recalled else {
        return Err(Failure::new(
            "baseline",
            format!("could not compare the baseline of `{name}`"),
        )
        .cause("no check has captured the server yet")
        .next(format!(
            "run bellwether check{typed}, or name a file to compare with"
        )));
    };
    let digest = recalled.surface.digest();
    let mut source = Source::live(recalled.surface);
    source.observed = recalled.observed;
    Ok(File {
        path: None,
        text: String::new(),
        source,
        digest,
    })
}
