//! `bellwether docs`: the contract of each server, written from its baseline.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use similar::{ChangeTag, TextDiff};

use super::Context;
use crate::baseline::Baseline;
use crate::cli::DocsArgs;
use crate::config::{Loaded, shown};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::report::contract::{self, Contract};

/// The most lines that `--check` shows of what differs.
const LINES_AT_MOST: usize = 12;

/// One file to write or to compare.
struct Page {
    path: PathBuf,
    text: String,
    /// What stands there already, its lines ended as ours are.
    old: Option<String>,
}

/// Writes the contracts, or says which one is out of date. Nothing is written unless all can be.
///
/// # Errors
/// A baseline that is missing or damaged; a file that bellwether did not write, without `--force`; with `--check`, a
/// file that is missing or differs.
pub(super) fn run(args: &DocsArgs, context: &Context) -> Result<Exit, Failure> {
    let config = context.configuration(&args.file)?;
    let mut pages = Vec::new();
    for name in names(args, &config)? {
        pages.push(page(name.as_deref(), &config, context)?);
    }
    let command = command(args);
    for page in &pages {
        let shown = shown(&page.path, &context.cwd);
        if args.check {
            compare(page, &shown, &command)?;
        } else {
            refuse_foreign(page, &shown, args.force, &command)?;
        }
    }
    for page in &pages {
        let shown = shown(&page.path, &context.cwd);
        let shown = context.terminal.style().charset().visible(&shown);
        let said = if args.check || page.old.as_ref() == Some(&page.text) {
            format!("{shown} is up to date\n")
        } else {
            match files::write_atomically(&page.path, page.text.as_bytes())? {
                Written::Changed => format!("wrote {shown}\n"),
                Written::Unchanged => format!("{shown} is up to date\n"),
            }
        };
        context.terminal.print(&said)?;
    }
    Ok(Exit::Clean)
}

/// The servers that are asked for, by name; nothing for the only one of `server:`.
fn names(args: &DocsArgs, config: &Loaded) -> Result<Vec<Option<String>>, Failure> {
    if !args.server.is_empty() {
        for name in &args.server {
            config.baseline_of(Some(name))?;
        }
        let once: BTreeSet<&String> = args.server.iter().collect();
        let one = config.config.servers.is_none();
        let named = once.into_iter().map(|name| (!one).then(|| name.clone()));
        return Ok(named.collect());
    }
    Ok(match &config.config.servers {
        None => vec![None],
        Some(servers) => servers.keys().cloned().map(Some).collect(),
    })
}

fn page(name: Option<&str>, config: &Loaded, context: &Context) -> Result<Page, Failure> {
    let from = config.baseline_to_read(&config.baseline_of(name)?);
    let shown = shown(&from, &context.cwd);
    let file = name.map_or_else(
        || "CONTRACT.md".to_owned(),
        |name| format!("CONTRACT-{name}.md"),
    );
    let doing = format!("could not write `{file}` from the baseline `{shown}`");
    let typed = name.map_or_else(String::new, |name| format!(" --server {name}"));
    let Some(text) = files::read_text_if_present(&from)? else {
        return Err(Failure::new("baseline", doing)
            .cause("there is no such file")
            .next(format!("save one: bellwether baseline save{typed}")));
    };
    let baseline = Baseline::parse(&text).map_err(|error| error.failure(doing, &shown))?;
    for note in &baseline.notes {
        context.terminal.note(&format!("`{shown}`: {note}"));
    }
    let path = config.docs_dir().join(file);
    let old = files::read_text_if_present(&path)?;
    Ok(Page {
        old: old.map(|old| old.replace("\r\n", "\n")),
        text: contract::render(&Contract {
            surface: &baseline.surface,
            observed: baseline.observed.as_ref(),
            typed: &typed,
        }),
        path,
    })
}

/// The command that writes these files, as it would be typed here.
fn command(args: &DocsArgs) -> String {
    let config = args.file.config.as_deref().map(Path::to_string_lossy);
    let config = config
        .into_iter()
        .flat_map(|path| ["--config".into(), path]);
    let servers = args.server.iter();
    let servers = servers.flat_map(|name| ["--server".into(), name.into()]);
    let words = ["bellwether".into(), "docs".into()].into_iter();
    shell_words::join(words.chain(config).chain(servers))
}

fn refuse_foreign(page: &Page, shown: &str, force: bool, command: &str) -> Result<(), Failure> {
    match &page.old {
        Some(old) if !force && !is_ours(old) => Err(Failure::new(
            "docs",
            format!("could not write `{shown}`"),
        )
        .cause("it is there already, and bellwether did not write it")
        .next(format!(
            "move it, name another folder with `output.docsDir`, or overwrite it: {command} --force"
        ))),
        _ => Ok(()),
    }
}

fn compare(page: &Page, shown: &str, command: &str) -> Result<(), Failure> {
    let failure = |cause: &str| {
        Failure::new(
            "docs",
            format!("`{shown}` is not what the baseline comes to"),
        )
        .cause(cause)
        .next(format!("write it anew and commit it: {command}"))
    };
    match &page.old {
        None => Err(failure("there is no such file")),
        Some(old) if *old == page.text => Ok(()),
        Some(old) if !is_ours(old) => Err(failure("bellwether did not write it")
            .next(format!("move it, then write it: {command}"))),
        Some(old) => Err(failure("it is out of date").body(difference(old, &page.text))),
    }
}

fn is_ours(text: &str) -> bool {
    text.trim_start_matches('\u{feff}')
        .starts_with(contract::MARKER)
}

/// The first lines that differ.
fn difference(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let changes = diff.iter_all_changes().filter_map(|change| {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => return None,
        };
        Some(format!("{sign} {}", change.value().trim_end()))
    });
    let mut lines: Vec<String> = changes.collect();
    let more = lines.len().saturating_sub(LINES_AT_MOST);
    lines.truncate(LINES_AT_MOST);
    if more > 0 {
        lines.push(format!("... {more} more lines differ"));
    }
    lines.join("\n")
}
