//! `bellwether baseline save`: the first approval of a server, or a new one by force.

use std::path::{Path, PathBuf};

use super::target::{self, Selection, Target};
use super::{Context, live};
use crate::baseline::{Baseline, Source};
use crate::cli::SaveArgs;
use crate::config::{self, shown};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::last_check;
use crate::report::listing;
use crate::surface::Surface;

/// One baseline to write.
struct Save {
    name: String,
    surface: Surface,
    path: PathBuf,
    /// Where the surface came from, for the reader.
    origin: &'static str,
}

/// Saves what the last check captured, or a fresh capture, of each server. Nothing is written unless all can be.
///
/// # Errors
/// A baseline that is there already and differs, without `--force`; a capture that is not complete; a file that cannot
/// be read or written.
pub(super) fn run(args: &SaveArgs, context: &Context) -> Result<Exit, Failure> {
    let saves = match &args.from {
        Some(file) => vec![from_file(args, file, context)?],
        None => from_servers(args, context)?,
    };
    let mut texts = Vec::new();
    for save in &saves {
        texts.push(text(save, args.force, context)?);
    }
    for (save, (text, is_first)) in saves.iter().zip(&texts) {
        if *is_first && context.terminal.style().verbosity >= 0 {
            context
                .terminal
                .print(&(listing::render(&save.surface, &context.terminal.style()) + "\n"))?;
        }
        let written = files::write_atomically(&save.path, text.as_bytes())?;
        let path = shown(&save.path, &context.cwd);
        context.terminal.print(&match written {
            Written::Changed => format!("saved `{}` ({}) to {path}\n", save.name, save.origin),
            Written::Unchanged => format!(
                "`{}` is as it was approved: {path} was left as it is\n",
                save.name
            ),
        })?;
    }
    Ok(Exit::Clean)
}

fn from_file(args: &SaveArgs, file: &Path, context: &Context) -> Result<Save, Failure> {
    let config = context.configuration(&args.connection.file)?;
    let path = context.cwd.join(file);
    let shown = shown(&path, &context.cwd);
    let source = Source::parse(&files::read_text(&path)?).map_err(|error| {
        error.failure(format!("could not save a baseline from `{shown}`"), &shown)
    })?;
    for note in &source.notes {
        context.terminal.note(note);
    }
    let path = args.baseline.as_ref().map_or_else(
        || config.baseline_to_write(&config.config.baseline),
        |path| context.cwd.join(path),
    );
    let name = config::server::DEFAULT_NAME.to_owned();
    Ok(Save {
        name,
        surface: source.surface,
        path,
        origin: "from the file",
    })
}

fn from_servers(args: &SaveArgs, context: &Context) -> Result<Vec<Save>, Failure> {
    let selection = target::select(&args.connection, context)?;
    if args.baseline.is_some() && selection.targets.len() > 1 {
        return Err(Failure::new(
            "usage",
            "`--baseline` names one file, and there are several servers",
        )
        .next("pick one with --server NAME"));
    }
    let mut saves: Vec<(PathBuf, Option<Surface>)> = Vec::new();
    for target in &selection.targets {
        let path = match &args.baseline {
            Some(path) => context.cwd.join(path),
            None => selection.config.baseline_to_write(&target.baseline),
        };
        saves.push((
            path,
            if args.refresh {
                None
            } else {
                reviewed(&selection, target)?
            },
        ));
    }
    let approved: Vec<Option<Surface>> = saves.iter().map(|(path, _)| approved_at(path)).collect();
    let wanted: Vec<_> = selection
        .targets
        .iter()
        .zip(&saves)
        .zip(&approved)
        .filter(|((_, (_, reviewed)), _)| reviewed.is_none())
        .map(|((target, _), approved)| live::Wanted {
            spec: &target.spec,
            approved: approved.as_ref(),
            sampling: None,
        })
        .collect();
    let mut captures = live::capture_all(&wanted, context)?.into_iter();
    selection
        .targets
        .iter()
        .zip(saves)
        .map(|(target, (path, reviewed))| {
            let name = target.spec.name.clone();
            if let Some(surface) = reviewed {
                return Ok(Save {
                    name,
                    surface,
                    path,
                    origin: "as the last check captured it",
                });
            }
            let capture = captures
                .next()
                .expect("every server without a reviewed capture was asked")?;
            for note in &capture.notes {
                context.terminal.note(note);
            }
            Ok(Save {
                name,
                surface: capture.surface,
                path,
                origin: "captured now",
            })
        })
        .collect()
}

/// What the last check showed of this server.
fn reviewed(selection: &Selection, target: &Target) -> Result<Option<Surface>, Failure> {
    let endpoint = last_check::endpoint_digest(&target.spec);
    let recalled =
        last_check::recall(&selection.config.output_dir(), &target.spec.name, &endpoint)?;
    Ok(recalled.map(|recalled| recalled.surface))
}

/// What an older baseline at this path holds.
fn approved_at(path: &Path) -> Option<Surface> {
    let text = files::read_text_if_present(path).ok()??;
    Some(Baseline::parse(&text).ok()?.surface)
}

/// The text to write, and whether it is the first at its path.
fn text(save: &Save, force: bool, context: &Context) -> Result<(String, bool), Failure> {
    let path = shown(&save.path, &context.cwd);
    let doing = || format!("could not save the baseline of `{}`", save.name);
    let incomplete = |error: crate::baseline::BaselineError| error.failure(doing(), &path);
    let Some(old) = files::read_text_if_present(&save.path)? else {
        return Ok((Baseline::render(&save.surface).map_err(incomplete)?, true));
    };
    let text = Baseline::render_keeping(&old, &save.surface).map_err(incomplete)?;
    if text != old && !force {
        // A file that cannot be read is no older approval, and `check` could not show how it differs.
        if let Err(error) = Baseline::parse(&old) {
            let next = format!("{}, or overwrite it with --force", error.next(&path));
            return Err(Failure::new("baseline", doing())
                .cause(format!("`{path}` is there already: {error}"))
                .next(next));
        }
        return Err(Failure::new("baseline", doing())
            .cause(format!("`{path}` is there already and holds something else"))
            .next("look at the difference with `bellwether check`, then approve it with `bellwether baseline save --force`"));
    }
    Ok((text, false))
}
