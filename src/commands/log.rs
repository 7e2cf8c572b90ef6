//! `bellwether baseline log`: who accepted what, when and why.

use super::{Context, output, trails};
use crate::baseline::trail::{Changed, Entry, Trail, short};
use crate::baseline::{Baseline, verify_read};
use crate::cli::{LogArgs, PageFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::{Json, Object, pretty};
use crate::report::log::{self, Log, Logged};

/// Prints the decisions, newest first.
///
/// # Errors
/// A baseline that is missing, or cannot be read.
pub(super) fn run(args: &LogArgs, context: &Context) -> Result<Exit, Failure> {
    let path = args.path.as_deref();
    let files = trails::read(path, &args.server, &args.file, "read the trail of", context)?;
    let today = output::today();
    let mut logs = Vec::new();
    let mut documents = Vec::new();
    for file in files {
        let baseline = Baseline::parse(&file.text).map_err(|error| {
            let doing = format!("could not read the trail of `{}`", file.shown);
            error.failure(doing, &file.shown)
        })?;
        match args.format {
            PageFormat::Json => documents.push(document(&file, &baseline, &today)),
            PageFormat::Human | PageFormat::Markdown => logs.push(log_of(file, &baseline, &today)),
        }
    }
    context.terminal.print(&match args.format {
        PageFormat::Json => {
            let mut whole = Object::new();
            whole.push("formatVersion", 1);
            whole.push("baselines", Json::Array(documents));
            pretty(&Json::from(whole))
        }
        PageFormat::Markdown => log::markdown(&logs),
        PageFormat::Human => log::render(&logs, &context.terminal.style()),
    })?;
    Ok(Exit::Clean)
}

fn places(changed: &[Changed]) -> Vec<String> {
    changed.iter().map(|changed| changed.at.clone()).collect()
}

fn log_of(file: trails::File, baseline: &Baseline, today: &str) -> Log {
    let damaged = verify_read(&file.text, baseline).damage.into_iter().next();
    let entries = baseline.trail.entries.iter().enumerate().rev();
    Log {
        name: file.name,
        path: file.shown,
        unreviewed: baseline.trail.unreviewed_in(&baseline.surface).map(places),
        damaged: damaged.map(|damage| damage.what),
        decisions: entries
            .map(|(index, entry)| logged(index, entry, baseline, today))
            .collect(),
    }
}

fn logged(index: usize, entry: &Entry, baseline: &Baseline, today: &str) -> Logged {
    let findings = entry.findings.iter().map(|finding| {
        let (rule, message) = (finding.rule.clone(), finding.message.clone());
        (finding.severity, rule, message)
    });
    let joins = entry.joins.iter();
    let expires = entry.expires.clone();
    Logged {
        number: index + 1,
        hash: entry.short_hash(),
        action: entry.action.name(),
        at: entry.at.clone(),
        by: entry.by.clone(),
        by_source: entry.by_source.clone(),
        reason: entry.reason.clone(),
        ticket: entry.ticket.clone(),
        expires: expires.map(|day| (day, baseline.trail.is_due(index, today))),
        tool: entry.tool.clone(),
        verdict: entry.verdict,
        findings: findings.collect(),
        joins: joins.map(|hash| joined(hash, &baseline.trail)).collect(),
        changed: places(&entry.changed),
        unreviewed: (baseline.trail.follows_unreviewed(index)).then(|| places(&entry.unreviewed)),
        state: entry.digest_after.clone(),
    }
}

/// The number of an entry that a merge joins, nothing where it is not there, and the beginning of its hash.
fn joined(hash: &str, trail: &Trail) -> (Option<usize>, String) {
    let place = trail.entries.iter().position(|entry| entry.hash == hash);
    (place.map(|index| index + 1), short(hash))
}

fn document(file: &trails::File, baseline: &Baseline, today: &str) -> Json {
    let damage = verify_read(&file.text, baseline).damage;
    let mut document = Object::new();
    document.push("name", file.name.as_str());
    document.push("path", file.shown.as_str());
    document.push("digest", baseline.digest().as_str());
    document.push("damaged", Json::Bool(!damage.is_empty()));
    let unreviewed = baseline
        .trail
        .unreviewed_in(&baseline.surface)
        .map(|changed| {
            let named = places(changed).into_iter().map(Json::string);
            Json::Array(named.collect())
        });
    document.push("unreviewed", unreviewed.unwrap_or(Json::Null));
    let entries = baseline.trail.entries.iter().enumerate().rev();
    let decisions = entries.map(|(index, entry)| {
        let mut decision = Object::new();
        decision.push("number", index as u64 + 1);
        let due = baseline.trail.is_due(index, today);
        decision.push("due", Json::Bool(due));
        if let Json::Object(members) = entry.to_json() {
            for (name, value) in members.iter() {
                decision.push(name, value.clone());
            }
        }
        Json::from(decision)
    });
    document.push("decisions", Json::Array(decisions.collect()));
    document.into()
}
