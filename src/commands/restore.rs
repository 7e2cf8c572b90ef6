//! `bellwether baseline restore`: an earlier state is the expected one again, and the trail says so.

use std::collections::BTreeSet;

use super::kept::of_scenarios;
use super::recorded::{By, recorded};
use super::trails::refuse_damaged;
use super::{Context, env, output, trails};
use crate::baseline::trail::{Action, Decision, Recorded};
use crate::baseline::{Baseline, Format as FileFormat};
use crate::cli::RestoreArgs;
use crate::config::server::DEFAULT_NAME;
use crate::config::{Loaded, shown};
use crate::diff;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::policy::{self, Ignores, Subject};
use crate::report::{Report, Target};
use crate::surface::Surface;

/// Brings a state back.
///
/// # Errors
/// A baseline that is missing or damaged; an entry that is not there, or whose state cannot be rebuilt; nobody named;
/// a file that cannot be written.
pub(super) fn run(args: &RestoreArgs, context: &Context) -> Result<Exit, Failure> {
    let config = context.configuration(&args.file)?;
    let path = match &args.baseline {
        Some(path) => context.cwd.join(path),
        None => config.baseline_to_read(&config.baseline_of(args.server.as_deref())?),
    };
    let shown = shown(&path, &context.cwd);
    let doing = format!("could not restore a state of `{shown}`");
    let failure = || Failure::new("baseline", doing.as_str());
    let reason = recorded("--reason", &args.reason)?;
    let ticket = args.ticket.as_deref();
    let ticket = ticket.map(|ticket| recorded("--ticket", ticket));
    let ticket = ticket.transpose()?;
    let mut secrets = config.secrets_of(args.server.as_deref(), &env);
    secrets.include(&of_scenarios(&config, context));
    let lock = files::lock([path.as_path()])?;
    let text = trails::text(&path, &shown, "restore a state of")?;
    let mut baseline =
        Baseline::parse(&text).map_err(|error| error.failure(doing.as_str(), &shown))?;
    if baseline.format != FileFormat::Bellwether {
        return Err(failure()
            .cause("the TypeScript bellwether wrote it: it holds no earlier state")
            .next(format!(
                "convert it: bellwether baseline save --from {shown}"
            )));
    }
    let found = state(&baseline, &args.entry, &doing, &shown);
    if !args.force {
        refuse_damaged(&baseline, &text, &doing, &shown).map_err(|failure| match &found {
            Ok(_) => failure.note("--force restores all the same"),
            // What is damaged does not tell any more what stood there: force would not help.
            Err(_) => failure,
        })?;
    }
    let (name, surface) = found?;
    let report = judged(&baseline.surface, &surface, &config);
    let changed = diffs(&report);
    // To decide about all of it again settles what ran out.
    let is_due = !baseline.trail.due(&output::today()).is_empty();
    if surface.digest() == baseline.digest() && !is_due {
        context.terminal.say(&format!(
            "{name} is what `{shown}` expects already: it was left as it is"
        ))?;
        return Ok(Exit::Clean);
    }
    if args.dry_run {
        let would = format!("would restore {name} in {shown}: {changed}");
        context.terminal.say(&would)?;
        context.terminal.say("nothing was written")?;
        return Ok(Exit::Clean);
    }
    let by = By {
        ticket,
        ..By::new(args.accepted_by.as_deref(), &doing, context)?
    };
    let states = (&baseline.surface, &surface);
    let decision = Decision {
        verdict: report.verdict.severity,
        findings: report.findings.iter().map(Recorded::of).collect(),
        ..by.decision(Action::Restored, &reason, states, &secrets)
    };
    let entry = baseline.trail.append(decision);
    let hash = entry.short_hash();
    // What was seen of an item says nothing of another definition of it.
    let changed_items = entry.changed.iter().map(|changed| changed.at.clone());
    let changed_items: BTreeSet<String> = changed_items.collect();
    let mut observed = baseline.observed.take();
    if let Some(observed) = &mut observed {
        observed.retain(|at| !changed_items.contains(at));
    }
    let text = baseline
        .render_next(&surface, observed.as_ref(), &baseline.trail)
        .map_err(|error| error.failure(doing, &shown))?;
    lock.write(&path, text.as_bytes())?;
    context.terminal.say(&format!(
        "restored {name} in {shown}, recorded as {} {hash}: {changed}",
        baseline.trail.entries.len()
    ))?;
    let next = "bellwether check tells how the server differs from it";
    context.terminal.say(next)?;
    Ok(Exit::Clean)
}

/// The state that was named, and what to call it.
fn state(
    baseline: &Baseline,
    named: &str,
    doing: &str,
    path: &str,
) -> Result<(String, Surface), Failure> {
    let entries = &baseline.trail.entries;
    let failure = |cause: String| {
        Failure::new("baseline", doing)
            .cause(cause)
            .next("pick a number or a hash of `bellwether baseline log`")
    };
    let states = baseline.trail.states(&baseline.surface);
    let lost = |name: &str| {
        failure(format!(
            "{name} cannot be rebuilt: the file was changed by hand since"
        ))
        .next(format!(
            "take the file from the history of the repository (git log -- {path}), then restore the state"
        ))
    };
    let rebuilt = |digest: &str, name: String| match states.of_digest(digest) {
        Some(surface) => Ok((name, surface.clone())),
        None => Err(lost(&format!("the state of {name}"))),
    };
    // What is no number of a decision may be the beginning of a hash, also of digits alone.
    let number = named.parse::<usize>().ok();
    let number = number.filter(|number| *number <= entries.len());
    let found: Vec<usize> = match number {
        Some(0) => {
            let first = baseline.trail.first(&baseline.surface);
            let name = "the first state".to_owned();
            return match first {
                Some(first) => Ok((name, first)),
                None => Err(lost(&name)),
            };
        }
        Some(number) => vec![number - 1],
        None => {
            let hex = named.strip_prefix("sha256:").unwrap_or(named);
            let begins =
                |hash: &str| !hex.is_empty() && hash.trim_start_matches("sha256:").starts_with(hex);
            let matches = entries
                .iter()
                .enumerate()
                .filter(|(_, entry)| begins(&entry.hash));
            matches.map(|(index, _)| index).collect()
        }
    };
    match found.as_slice() {
        [index] => {
            let entry = &entries[*index];
            rebuilt(
                &entry.digest_after,
                format!("{} {}", index + 1, entry.short_hash()),
            )
        }
        [] => Err(failure(format!("there is no entry `{named}`"))),
        several => Err(failure(format!(
            "{} entries begin with `{named}`",
            several.len()
        ))),
    }
}

/// How the one expected surface differs from the other, in findings.
fn judged(before: &Surface, after: &Surface, config: &Loaded) -> Report {
    let subject = Subject {
        target: Target {
            name: DEFAULT_NAME.to_owned(),
            ..Target::default()
        },
        comparison: Some(diff::compare(before, after)),
        policy: config.policy(),
        ..Subject::default()
    };
    policy::judge(vec![subject], &Ignores::default())
}

/// `2 breaking, 1 warning, 0 info`
fn diffs(report: &Report) -> String {
    let summary = &report.summary;
    format!(
        "{} breaking, {} warning, {} info against what was expected",
        summary.breaking, summary.warning, summary.info
    )
}
