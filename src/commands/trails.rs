//! The baselines whose trails a command reads: one that was named, or those of the configuration.

use std::path::{Path, PathBuf};

use super::Context;
use crate::baseline::{Baseline, Format, verify_read};
use crate::cli::ConfigArgs;
use crate::config::server::DEFAULT_NAME;
use crate::config::shown;
use crate::failure::Failure;
use crate::files;

/// A baseline file, read.
pub(super) struct File {
    /// The name of the server in the configuration, `default` where there is only one.
    pub(super) name: String,
    /// The path as the user would write it.
    pub(super) shown: String,
    pub(super) text: String,
}

/// Reads the baselines. `doing` says what is not done where one is missing.
///
/// # Errors
/// A name that is not in the configuration; a file that is missing or cannot be read.
pub(super) fn read(
    path: Option<&Path>,
    servers: &[String],
    file: &ConfigArgs,
    doing: &str,
    context: &Context,
) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    for (name, path) in places(path, servers, file, context)? {
        let shown = shown(&path, &context.cwd);
        let text = text(&path, &shown, doing)?;
        files.push(File { name, shown, text });
    }
    Ok(files)
}

/// The text of a baseline that has to be there.
///
/// # Errors
/// A file that is missing or cannot be read.
pub(super) fn text(path: &Path, shown: &str, doing: &str) -> Result<String, Failure> {
    files::read_text_if_present(path)?.ok_or_else(|| {
        Failure::new("baseline", format!("could not {doing} `{shown}`"))
            .cause("there is no such file")
            .next("save one: bellwether baseline save")
    })
}

/// Refuses a baseline whose digests or trail do not hold: new ones over it would make what was tampered with look whole.
///
/// # Errors
/// The first damage that `baseline verify` would report.
pub(super) fn refuse_damaged(
    baseline: &Baseline,
    text: &str,
    doing: &str,
    path: &str,
) -> Result<(), Failure> {
    let damage = match baseline.format {
        Format::Bellwether => verify_read(text, baseline).damage.into_iter().next(),
        // It has neither digests of ours nor a trail.
        Format::TypeScript { .. } => None,
    };
    match damage {
        Some(damage) => Err(Failure::new("baseline", doing)
            .cause(format!("`{path}` is damaged: {}", damage.what))
            .next("see what `bellwether baseline verify` says, and take the file from the history of the repository")),
        None => Ok(()),
    }
}

/// Names and paths, in the order of the configuration.
///
/// # Errors
/// A name that is not in the configuration.
pub(super) fn places(
    path: Option<&Path>,
    servers: &[String],
    file: &ConfigArgs,
    context: &Context,
) -> Result<Vec<(String, PathBuf)>, Failure> {
    if let Some(path) = path {
        return Ok(vec![(DEFAULT_NAME.to_owned(), context.cwd.join(path))]);
    }
    let config = context.configuration(file)?;
    let all = config.config.servers.as_ref();
    let names: Vec<Option<&str>> = match (servers, all) {
        ([], None) => vec![None],
        ([], Some(all)) => all.keys().map(|name| Some(name.as_str())).collect(),
        (named, _) => named.iter().map(|name| Some(name.as_str())).collect(),
    };
    let mut places = Vec::new();
    for name in names {
        let path = config.baseline_to_read(&config.baseline_of(name)?);
        places.push((name.unwrap_or(DEFAULT_NAME).to_owned(), path));
    }
    Ok(places)
}
