//! What a review decided, on its way into the files: the configuration first, then the baselines.
//!
//! Everything is worked out and checked before anything is written. Should the process die in between, the configuration ignores what somebody gave a
//! reason to ignore, and nothing is approved: the approval is the last thing that is written.

use std::collections::BTreeSet;

use super::found::Found;
use super::recorded::{By, record};
use super::reviewed::Reviewed;
use super::together::{self, Change};
use super::{Context, output};
use crate::baseline::accept::{accepted, differing};
use crate::baseline::selection::{SUMMARIES, Standing, Told, worst};
use crate::baseline::trail::{Action, Decision};
use crate::config::ignore_edit::{self, Addition};
use crate::config::{self, shown};
use crate::diff;
use crate::failure::Failure;
use crate::files;
use crate::report::{Finding, Report};
use crate::review::{Accepted, Decisions, Ignored};
use crate::text;

/// The configuration that is written where there is none.
pub(super) const CONFIG: &str = "bellwether.yaml";

/// A file to write, and what to say once it is written.
type Said = (Change, String);

/// Writes what was decided, all or nothing, and says what was written, a line for each file.
///
/// # Errors
/// A configuration that cannot be added to; a file that changed since the review began, or cannot be written.
pub(super) fn write(
    decisions: &Decisions,
    report: &Report,
    reviewed: &Reviewed,
    by: &By,
    context: &Context,
) -> Result<Vec<String>, Failure> {
    let mut changes = Vec::new();
    if !decisions.ignored.is_empty() {
        changes.push(ignoring(&decisions.ignored, report, reviewed, context)?);
    }
    for server in &reviewed.servers {
        let accepted = decisions.accepted.iter();
        let accepted: Vec<_> = accepted.filter(|one| one.target == server.name).collect();
        if !accepted.is_empty() {
            let is_all = leaves_nothing(&accepted, report, server);
            changes.push(accepting(&accepted, is_all, server, by, context)?);
        }
    }
    let next = "review again: bellwether baseline review";
    let files: Vec<&Change> = changes.iter().map(|(change, _)| change).collect();
    together::write(&files, next, context)?;
    Ok(changes.into_iter().map(|(_, said)| said).collect())
}

/// The configuration with what is ignored.
fn ignoring(
    ignored: &[Ignored],
    report: &Report,
    reviewed: &Reviewed,
    context: &Context,
) -> Result<Said, Failure> {
    let mut additions = Vec::new();
    for one in ignored {
        let finding = &report.findings[one.finding];
        let server = reviewed.servers.iter();
        let server = server.clone().find(|server| server.name == finding.target);
        let reason = server.map_or_else(
            || one.reason.clone(),
            |server| server.secrets.redact(&one.reason).into_owned(),
        );
        for fingerprint in std::iter::once(&finding.fingerprint).chain(&finding.folds) {
            additions.push(Addition {
                fingerprint: fingerprint.clone(),
                about: about(finding, *fingerprint != finding.fingerprint),
                reason: reason.clone(),
                until: one.until.clone(),
            });
        }
    }
    let file = match &reviewed.config.path {
        Some(path) => path.clone(),
        None => context.cwd.join(CONFIG),
    };
    let path = shown(&file, &context.cwd);
    let old = files::read_text_if_present(&file)?;
    let new = match &old {
        Some(old) => ignore_edit::add(old, &additions)
            .map_err(|failure| failure.note("nothing was written"))?,
        None => ignore_edit::new_file(&additions),
    };
    let read = new.strip_prefix('\u{feff}').unwrap_or(&new);
    config::understand_text(read, &path, &reviewed.config.dir, &crate::rules::ids())
        .map_err(|failure| failure.note("nothing was written"))?;
    let findings = text::count(ignored.len(), "finding");
    Ok((
        Change { file, old, new },
        format!("ignored {findings} in {path}"),
    ))
}

fn about(finding: &Finding, is_other: bool) -> String {
    let also = if is_other { "the same as " } else { "" };
    format!("{also}{} at {}", finding.rule, finding.place.at)
}

/// Whether nothing of a server's drift is left: what is the same in other words can then be taken over, too.
fn leaves_nothing(accepted: &[&Accepted], report: &Report, server: &Found) -> bool {
    let taken: BTreeSet<usize> = accepted
        .iter()
        .flat_map(|one| &one.findings)
        .copied()
        .collect();
    let of_server = |finding: &Finding| finding.target == server.name;
    let mut findings = report.findings.iter().enumerate();
    let all = findings.all(|(index, finding)| {
        !of_server(finding) || taken.contains(&index) || SUMMARIES.contains(&finding.rule)
    });
    let told = &server.recalled.told;
    let is_shown = |told: &Told| told.standing == Standing::Shown || told.is_run_out();
    all && told.iter().all(is_shown)
}

/// The baseline with what is accepted, one entry of the trail for each reason.
fn accepting(
    acceptances: &[&Accepted],
    is_all: bool,
    server: &Found,
    by: &By,
    context: &Context,
) -> Result<Said, Failure> {
    let path = shown(&server.file, &context.cwd);
    let doing = || format!("could not accept the drift of `{}`", server.name);
    let captured = &server.recalled.surface;
    let secrets = &server.secrets;
    let at = output::now();
    let mut surface = server.baseline.surface.clone();
    let mut trail = server.baseline.trail.clone();
    let mut taken = BTreeSet::new();
    let (mut count, mut unseen) = (0, 0);
    for (order, one) in acceptances.iter().enumerate() {
        let mut things = one.things.clone();
        let is_last = is_all && order + 1 == acceptances.len();
        if is_last {
            things.extend(differing(&surface, captured));
        }
        // What was ignored or hidden is taken with the rest of its thing, and told as such.
        let meets = |told: &Told| told.touches().iter().any(|at| things.contains(*at));
        let findings: Vec<Told> = (server.recalled.told.iter())
            .filter(|told| meets(told) || (is_last && told.is_summary()))
            .filter(|told| told.standing != Standing::Off)
            .cloned()
            .collect();
        let after = accepted(&surface, captured, &things);
        trail.append(Decision {
            at: at.clone(),
            verdict: worst(&findings),
            findings: findings.iter().map(record).collect(),
            ..by.decision(Action::Accepted, &one.reason, (&surface, &after), secrets)
        });
        count += one.findings.len();
        let is_unseen = |told: &&Told| told.standing != Standing::Shown;
        unseen += findings.iter().filter(is_unseen).count();
        surface = after;
        taken.extend(things);
    }
    let (baseline, captured) = (&server.baseline, server.recalled.observed.as_ref());
    let keeping = diff::keeping(&server.policy.limits);
    let selected = (!is_all).then_some(&taken);
    let observed = baseline.observed_with(&surface, captured, selected, &keeping);
    let new = baseline
        .render_next(&surface, observed.as_ref(), &trail)
        .map_err(|error| error.failure(doing(), &path))?;
    let findings = text::count(count, "finding");
    let unseen = match unseen {
        0 => String::new(),
        unseen => format!(", with {unseen} about the same things that the check did not show"),
    };
    let change = Change {
        file: server.file.clone(),
        old: Some(server.text.clone()),
        new,
    };
    let said = format!("accepted {findings} of `{}` in {path}{unseen}", server.name);
    Ok((change, said))
}
