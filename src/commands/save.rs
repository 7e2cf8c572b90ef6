//! `bellwether baseline save`: the first approval of a server, or a new one by force.

use std::path::{Path, PathBuf};

use super::target::{self, Selection, Target};
use super::together::{self, Change};
use super::{Context, again, live};
use crate::baseline::{
    Baseline, BaselineError, Format, Kind, Sight, Source, Trail, Volatile, verify, written_anew,
};
use crate::cli::SaveArgs;
use crate::config::{self, shown};
use crate::diff::{self, Limits, Sighting};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::last_check::{self, Recalled};
use crate::observed::{Keeping, Observed};
use crate::report::listing;
use crate::surface::Surface;

/// One baseline to write.
struct Save {
    name: String,
    surface: Surface,
    /// What the server was seen doing; nothing where nobody looked.
    observed: Option<Observed>,
    /// What differs from one capture to the next although the server did not change.
    volatile: Volatile,
    /// Who accepted it before, where it comes from a baseline.
    trail: Trail,
    /// How much of the server it can show; less than everything where it comes from a file that could hold no more.
    sight: Sight,
    path: PathBuf,
    /// Where the surface came from, for the reader.
    origin: &'static str,
}

/// Saves what the last check captured, or a fresh capture, of each server. Nothing is written unless all can be.
///
/// # Errors
/// A baseline that is there already and differs, without `--force`; one that is damaged; a capture that is not complete;
/// a file that cannot be read or written.
pub(super) fn run(args: &SaveArgs, context: &Context) -> Result<Exit, Failure> {
    let (saves, limits) = match &args.from {
        Some(file) => from_file(args, file, context)?,
        None => from_servers(args, context)?,
    };
    let mut changes = Vec::new();
    for save in &saves {
        changes.push(change(save, &limits, args.force, context)?);
    }
    // Of a file the notes were told when it was read.
    for save in saves.iter().filter(|_| args.from.is_none()) {
        if let Some(note) = save.volatile.full_note() {
            context.terminal.note(&format!("`{}`: {note}", save.name));
        }
    }
    let style = context.terminal.style();
    for (save, change) in saves.iter().zip(&changes) {
        if change.old.is_none() && style.verbosity >= 0 {
            let listed = listing::render(&save.surface, &style) + "\n";
            context.terminal.print(&listed)?;
        }
    }
    let all: Vec<&Change> = changes.iter().collect();
    together::write(&all, "save again: bellwether baseline save", context)?;
    for (save, change) in saves.iter().zip(&changes) {
        let path = shown(&save.path, &context.cwd);
        let is_same = change.old.as_ref() == Some(&change.new);
        context.terminal.say(&if is_same {
            format!(
                "`{}` is as it was approved: {path} was left as it is",
                save.name
            )
        } else {
            format!("saved `{}` ({}) to {path}", save.name, save.origin)
        })?;
    }
    Ok(Exit::Clean)
}

fn from_file(
    args: &SaveArgs,
    file: &Path,
    context: &Context,
) -> Result<(Vec<Save>, Limits), Failure> {
    let config = context.configuration(&args.connection.file)?;
    let path = context.cwd.join(file);
    let shown = shown(&path, &context.cwd);
    let text = files::read_text(&path)?;
    let source = Source::parse(&text).map_err(|error| {
        error
            .failure(format!("could not save a baseline from `{shown}`"), &shown)
            .next(error.next_of_source(&shown))
    })?;
    for note in &source.notes {
        context.terminal.note(note);
    }
    let (mut trail, mut sight) = (source.trail, source.sight);
    match source.kind {
        Kind::TypeScript(_) => context.terminal.note(
            "the saved file remembers what such a file could not hold; to approve that as well: bellwether check, then bellwether baseline accept",
        ),
        // New digests over what was tampered with would make it look whole.
        Kind::Baseline if !verify(&text).damage.is_empty() => {
            for (there, what) in [
                (!trail.is_empty(), "trail"),
                (sight != Sight::Full, "`importedFrom`"),
            ] {
                if there {
                    let note = format!("its {what} is not taken over, since the file is damaged");
                    context.terminal.note(&note);
                }
            }
            (trail, sight) = (Trail::default(), Sight::Full);
        }
        _ => {}
    }
    let path = args.baseline.as_ref().map_or_else(
        || config.baseline_to_write(&config.config.baseline),
        |path| context.cwd.join(path),
    );
    let name = config::server::DEFAULT_NAME.to_owned();
    let save = Save {
        name,
        surface: source.surface,
        observed: source.observed,
        volatile: source.volatile,
        trail,
        sight,
        path,
        origin: "from the file",
    };
    Ok((vec![save], config.policy().limits))
}

fn from_servers(args: &SaveArgs, context: &Context) -> Result<(Vec<Save>, Limits), Failure> {
    let selection = target::select(&args.connection, context)?;
    if args.baseline.is_some() {
        target::refuse_several(target::ONE_FILE, selection.targets.len())?;
    }
    let mut saves: Vec<(PathBuf, Option<Recalled>)> = Vec::new();
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
    let names = selection.targets.iter().map(|target| &target.spec.name);
    let approved = names
        .zip(&saves)
        .map(|(name, (path, _))| approved_at(path, name, context));
    let approved = approved.collect::<Result<Vec<Option<Baseline>>, Failure>>()?;
    let wanted: Vec<_> = selection
        .targets
        .iter()
        .zip(&saves)
        .zip(&approved)
        .filter(|((_, (_, reviewed)), _)| reviewed.is_none())
        .map(|((target, _), approved)| live::Wanted {
            spec: &target.spec,
            approved: approved.as_ref().map(|approved| &approved.surface),
        })
        .collect();
    let mut captures = live::capture_all(&wanted, context)?.into_iter();
    let limits = selection.config.policy().limits;
    let saves: Result<Vec<_>, Failure> = selection
        .targets
        .iter()
        .zip(saves)
        .map(|(target, (path, reviewed))| {
            let name = target.spec.name.clone();
            if let Some(reviewed) = reviewed {
                return Ok(Save {
                    name,
                    surface: reviewed.surface,
                    observed: reviewed.observed,
                    volatile: Volatile::default(),
                    trail: Trail::default(),
                    sight: Sight::Full,
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
                observed: None,
                volatile: Volatile::default(),
                trail: Trail::default(),
                sight: Sight::Full,
                path,
                origin: "captured now",
            })
        })
        .collect();
    let mut saves = saves?;
    if args.captures > 1 {
        let subjects = saves.iter().zip(&selection.targets).zip(&approved);
        let subjects: Vec<_> = subjects
            .map(|((save, target), approved)| again::Subject {
                surface: &save.surface,
                known: approved
                    .as_ref()
                    .map(|approved| approved.volatile.clone())
                    .unwrap_or_default(),
                wanted: live::Wanted {
                    spec: &target.spec,
                    approved: approved.as_ref().map(|approved| &approved.surface),
                },
            })
            .collect();
        let volatile = again::volatile(&subjects, args.captures - 1, context)?;
        for (save, volatile) in saves.iter_mut().zip(volatile) {
            save.volatile = volatile;
        }
    }
    Ok((saves, limits))
}

/// What the last check showed of this server.
fn reviewed(selection: &Selection, target: &Target) -> Result<Option<Recalled>, Failure> {
    let endpoint = last_check::endpoint_digest(&target.spec);
    last_check::recall(&selection.config.output_dir(), &target.spec.name, &endpoint)
}

/// What an older baseline at this path holds. Where it cannot be read, no server is asked.
///
/// # Errors
/// A file that is there and is no baseline, or cannot be read.
fn approved_at(path: &Path, name: &str, context: &Context) -> Result<Option<Baseline>, Failure> {
    let Some(text) = files::read_text_if_present(path)? else {
        return Ok(None);
    };
    let path = shown(path, &context.cwd);
    let baseline = Baseline::parse(&text).map_err(|error| unreadable(&error, name, &path))?;
    Ok(Some(baseline))
}

/// What to write.
fn change(save: &Save, limits: &Limits, force: bool, context: &Context) -> Result<Change, Failure> {
    let old = files::read_text_if_present(&save.path)?;
    let new = match &old {
        Some(old) => text_over(old, save, limits, force, context)?,
        None => {
            let observed = save.observed.as_ref();
            let (volatile, trail) = (&save.volatile, &save.trail);
            Baseline::render_imported(&save.surface, observed, volatile, trail, &save.sight)
                .map_err(|error| incomplete(&error, save, context))?
        }
    };
    let file = save.path.clone();
    Ok(Change { file, old, new })
}

fn incomplete(error: &BaselineError, save: &Save, context: &Context) -> Failure {
    let doing = format!("could not save the baseline of `{}`", save.name);
    error.failure(doing, &shown(&save.path, &context.cwd))
}

/// The text to write over an older baseline.
fn text_over(
    old: &str,
    save: &Save,
    limits: &Limits,
    force: bool,
    context: &Context,
) -> Result<String, Failure> {
    let path = shown(&save.path, &context.cwd);
    let doing = || format!("could not save the baseline of `{}`", save.name);
    // Also by force: who decided what would be gone with it.
    let approved = Baseline::parse(old).map_err(|error| unreadable(&error, &save.name, &path))?;
    let known = &approved.trail.entries;
    if !(save.trail.entries.iter()).all(|entry| known.contains(entry)) {
        context.terminal.note(&format!(
            "`{path}` keeps its own trail: that of the file is not added to it"
        ));
    }
    let surface = approved.volatile.settled(&approved.surface, &save.surface);
    let new = New {
        surface: &surface,
        observed: save.observed.as_ref(),
        volatile: &save.volatile,
        sight: &save.sight,
    };
    // Where nothing else is to be forced, it is the machine.
    let keeping = Keeping {
        moves: force && new.is_only_more(&approved, old, limits),
        ..diff::keeping(limits)
    };
    let observed = approved.observed_to_write(new.surface, new.observed, &keeping);
    let text =
        (new.over(old, observed.as_ref())).map_err(|error| incomplete(&error, save, context))?;
    let is_whole = || Baseline::parse(&text).is_ok_and(|new| new.sight == Sight::Full);
    if force && save.sight != Sight::Full && is_whole() {
        context.terminal.note(&format!(
            "`{path}` holds decisions of its own, so all will be compared: what the file could not hold shows up as added in the next check"
        ));
    }
    if let (true, Some(anew)) = (force, written_anew(&text)) {
        return Ok(anew);
    }
    if text != old && !force {
        if new.is_only_more(&approved, old, limits) {
            return Ok(text);
        }
        let origin = match (&approved.format, approved.sight.version()) {
            (Format::TypeScript { .. }, Some(version)) => Some(format!(
                "version {version} of the TypeScript bellwether wrote it"
            )),
            (Format::Bellwether, Some(version)) => Some(format!(
                "it holds no more than a file of version {version} of the TypeScript bellwether could"
            )),
            (_, None) => None,
        };
        if let Some(origin) = origin {
            return Err(Failure::new("baseline", doing())
                .cause(format!("`{path}` is there already, and {origin}"))
                .next("take it over with `bellwether check` and `bellwether baseline accept`, or overwrite it with --force"));
        }
        let failure = Failure::new("baseline", doing())
            .cause(format!("`{path}` is there already and holds something else"))
            .next("look at the difference with `bellwether check`, then accept it with `bellwether baseline accept --reason WHY`; `--force` saves it without a reason");
        // No check shows these.
        let marks = save.volatile.without(&approved.volatile).full_note();
        return Err(match marks {
            Some(marks) => failure.note(format!("by --force there would be more {marks}")),
            None => failure,
        });
    }
    Ok(text)
}

/// Why nothing is saved over a file that is there and cannot be read: it may be an older approval, with its trail.
fn unreadable(error: &BaselineError, name: &str, path: &str) -> Failure {
    Failure::new(
        "baseline",
        format!("could not save the baseline of `{name}`"),
    )
    .cause(format!("`{path}` is there already: {error}"))
    .next(match error {
        BaselineError::Capture => format!("move {path} away, then save"),
        other => other.next(path),
    })
    .note("`--force` saves over another approval, and never over what cannot be read")
}

/// What is to be saved over an older baseline.
struct New<'a> {
    surface: &'a Surface,
    observed: Option<&'a Observed>,
    volatile: &'a Volatile,
    sight: &'a Sight,
}

impl New<'_> {
    /// The text of the file, with these observations.
    fn over(&self, old: &str, observed: Option<&Observed>) -> Result<String, BaselineError> {
        Baseline::render_over(old, self.surface, observed, self.volatile, self.sight)
    }

    /// Whether all that is approved still holds, so that what is new is only more of it: calls that were not made
    /// before.
    fn is_only_more(&self, approved: &Baseline, old: &str, limits: &Limits) -> bool {
        let known = approved.observed.as_ref();
        let same = self.over(old, known).is_ok_and(|text| text == old);
        let limits = Limits {
            threshold: limits.threshold,
            target: limits.target,
            ..Limits::default()
        };
        same && diff::behaviour(
            Some(Sighting::of_file(&approved.surface, known)),
            Sighting::of_file(self.surface, self.observed),
            &limits,
        )
        .changes
        .is_empty()
    }
}
