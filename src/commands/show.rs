//! `bellwether baseline show`: what was approved.

use super::Context;
use crate::baseline::{Baseline, show_json};
use crate::cli::{PageFormat, ShowArgs};
use crate::config::shown;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::report::contract::{self, Contract};
use crate::report::{listing, observed};

/// Prints a baseline.
///
/// # Errors
/// A baseline that is missing or damaged.
pub(super) fn run(args: &ShowArgs, context: &Context) -> Result<Exit, Failure> {
    let path = match &args.path {
        Some(path) => context.cwd.join(path),
        None => configured(args, context)?,
    };
    let shown = shown(&path, &context.cwd);
    let doing = format!("could not show the baseline `{shown}`");
    let Some(text) = files::read_text_if_present(&path)? else {
        return Err(Failure::new("baseline", doing)
            .cause("there is no such file")
            .next("save one: bellwether baseline save"));
    };
    let baseline = Baseline::parse(&text).map_err(|error| error.failure(doing, &shown))?;
    context.terminal.print(&match args.format {
        PageFormat::Json => show_json(&baseline),
        PageFormat::Human => {
            let style = context.terminal.style();
            let seen = baseline.observed.as_ref();
            let seen = seen.map(|seen| format!("\n{}", observed::render(seen, &style)));
            listing::render(&baseline.surface, &style) + &seen.unwrap_or_default()
        }
        PageFormat::Markdown => contract::render_baseline(&Contract {
            surface: &baseline.surface,
            observed: baseline.observed.as_ref(),
            typed: "",
        }),
    })?;
    for note in &baseline.notes {
        context.terminal.note(note);
    }
    Ok(Exit::Clean)
}

/// The baseline of the configuration, or of the one server that was named.
fn configured(args: &ShowArgs, context: &Context) -> Result<std::path::PathBuf, Failure> {
    let config = context.configuration(&args.file)?;
    Ok(config.baseline_to_read(&config.baseline_of(args.server.as_deref())?))
}
