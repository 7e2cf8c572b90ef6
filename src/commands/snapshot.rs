//! `bellwether snapshot`: what a server says about itself, unjudged.

use super::target::{self, Selection};
use super::{Context, live};
use crate::capture::raw;
use crate::cli::{Format, SnapshotArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json;
use crate::report::listing;

/// Captures one server and prints its surface.
///
/// # Errors
/// A selection of no or several servers; a capture that is not complete.
pub(super) fn run(args: &SnapshotArgs, context: &Context) -> Result<Exit, Failure> {
    let selection = target::select(&args.connection, context)?;
    let target = only(&selection, "print one snapshot")?;
    let wanted = [live::Wanted {
        spec: &target.spec,
        approved: None,
    }];
    let capture = live::capture_all(&wanted, context)?.remove(0)?;
    let text = match args.format {
        _ if args.raw => raw::document(&capture),
        Format::Json => json::pretty(&capture.surface.to_document()),
        Format::Human => listing::render(&capture.surface, &context.terminal.style()),
    };
    context.terminal.print(&text)?;
    for note in selection.config.notes.iter().chain(&capture.notes) {
        context.terminal.note(note);
    }
    Ok(Exit::Clean)
}

/// The one server that was picked.
pub(super) fn only<'a>(
    selection: &'a Selection,
    purpose: &str,
) -> Result<&'a target::Target, Failure> {
    match selection.targets.as_slice() {
        [target] => Ok(target),
        several => {
            let names = several
                .iter()
                .map(|target| format!("`{}`", target.spec.name))
                .collect::<Vec<_>>()
                .join(", ");
            Err(Failure::new("usage", format!("could not {purpose}"))
                .cause(format!("the configuration has several servers: {names}"))
                .next("pick one with --server NAME"))
        }
    }
}
