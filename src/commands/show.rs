//! `bellwether baseline show`: what was approved.

use std::collections::BTreeSet;

use super::{Context, trails};
use crate::baseline::accept::{SERVER, accepted, observed_of};
use crate::baseline::{Baseline, show_json};
use crate::canon;
use crate::cli::{PageFormat, ShowArgs};
use crate::config::shown;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::{self, Json, Object};
use crate::report::contract::{self, Contract};
use crate::report::{listing, observed};
use crate::surface::{List, Surface};

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
    let text = trails::text(&path, &shown, "show the baseline")?;
    let failure = |cause: String| {
        Failure::new("baseline", doing.as_str())
            .cause(cause)
            .next("list what it holds: bellwether baseline show")
    };
    let mut baseline =
        Baseline::parse(&text).map_err(|error| error.failure(doing.as_str(), &shown))?;
    let items: BTreeSet<String> = args.item.iter().cloned().collect();
    let held: BTreeSet<String> = items_of(&baseline.surface).map(|(at, _)| at).collect();
    if let Some(missing) = items.difference(&held).next() {
        return Err(failure(format!("there is no `{missing}` in it")));
    }
    let mut style = context.terminal.style();
    if !items.is_empty() {
        narrow(&mut baseline, items);
        style.verbosity = style.verbosity.max(1);
    }
    context.terminal.print(&match args.format {
        PageFormat::Json if args.item.is_empty() => show_json(&baseline),
        PageFormat::Json => json::pretty(&items_json(&baseline.surface)),
        PageFormat::Human => {
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

/// Leaves these items and who serves them.
fn narrow(baseline: &mut Baseline, mut items: BTreeSet<String>) {
    let observed = baseline.observed.take();
    baseline.observed = observed.map(|observed| observed_of(&observed, &items));
    items.insert(SERVER.to_owned());
    baseline.surface = accepted(&Surface::default(), &baseline.surface, &items);
}

/// Every item, with its place.
fn items_of(surface: &Surface) -> impl Iterator<Item = (String, &Json)> {
    List::ALL.into_iter().flat_map(|list| {
        let items = surface.items(list).iter();
        items.map(move |item| (list.place(list.key_of(item)), item))
    })
}

/// `{"formatVersion": 1, "items": [{"at": "tools/x", "digest": "sha256:…", "definition": {…}}]}`
fn items_json(surface: &Surface) -> Json {
    let items = items_of(surface).map(|(at, item)| {
        let mut object = Object::new();
        object.push("at", at.as_str());
        object.push("digest", canon::digest(item).as_str());
        object.push("definition", item.clone());
        object.into()
    });
    let mut whole = Object::new();
    whole.push("formatVersion", 1);
    whole.push("items", Json::Array(items.collect()));
    whole.into()
}

/// The baseline of the configuration, or of the one server that was named.
fn configured(args: &ShowArgs, context: &Context) -> Result<std::path::PathBuf, Failure> {
    let config = context.configuration(&args.file)?;
    Ok(config.baseline_to_read(&config.baseline_of(args.server.as_deref())?))
}
