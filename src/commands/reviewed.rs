//! What there is to review: the findings of the last check, told again from what it kept. No server is asked.

use std::path::PathBuf;

use super::kept::{Kept, kept};
use super::trails::refuse_damaged;
use super::{Context, output};
use crate::baseline::selection::{Standing, Told};
use crate::baseline::{Baseline, Lines};
use crate::cli::ReviewArgs;
use crate::config::{Loaded, shown};
use crate::diff::{self, Sighting};
use crate::failure::Failure;
use crate::files;
use crate::json::Pointer;
use crate::last_check::{self, Recalled};
use crate::policy::{self, Policy};
use crate::report::{self, Finding, Place, Report};
use crate::rules;
use crate::secrets::Secrets;

/// What there is to review.
pub(super) struct Reviewed {
    /// The configuration.
    pub(super) config: Loaded,
    /// The servers, in the order of the configuration.
    pub(super) servers: Vec<Server>,
    /// What the last check found.
    pub(super) report: Report,
}

/// One server.
pub(super) struct Server {
    /// Its name in the configuration.
    pub(super) name: String,
    /// The file of its baseline.
    pub(super) file: PathBuf,
    /// What stands in the file.
    pub(super) text: String,
    /// The same, read.
    pub(super) baseline: Baseline,
    /// What the last check captured.
    pub(super) recalled: Recalled,
    /// How its drift is judged.
    pub(super) policy: Policy,
    /// What must not be written anywhere.
    pub(super) secrets: Secrets,
}

/// Reads the baselines and what the last check captured, and compares them.
///
/// # Errors
/// No baseline, nothing that was checked, a check against another state of the baseline.
pub(super) fn load(args: &ReviewArgs, context: &Context) -> Result<Reviewed, Failure> {
    let keeping = kept(&args.connection(), args.baseline.as_deref(), context)?;
    let config = keeping.config;
    let mut servers = Vec::new();
    for kept in keeping.servers {
        servers.extend(server(kept, &keeping.typed, context)?);
    }
    let subjects = servers.iter().map(|server| subject(server, context));
    let ignores = config.ignores(output::today(), servers.len());
    let mut report = policy::judge(subjects.collect(), &ignores);
    for server in &servers {
        as_told(&mut report, server);
        if let Some(lines) = Lines::new(&server.text) {
            let of_server = |finding: &&mut Finding| finding.target == server.name;
            for finding in report.findings.iter_mut().filter(of_server) {
                finding.line = Some(lines.line_of(&finding.place));
            }
        }
    }
    // Worst first, as every report has them; the sort keeps the order of equals.
    report
        .findings
        .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(Reviewed {
        config,
        servers,
        report,
    })
}

/// Leaves what the last check showed: other flags may have hidden some of what is told now. What it showed and a file
/// cannot tell again (a scenario that failed) is told in the words that were kept.
fn as_told(report: &mut Report, server: &Server) {
    let shown = |told: &&Told| told.standing == Standing::Shown;
    let shown: Vec<&Told> = server.recalled.told.iter().filter(shown).collect();
    report.findings.retain(|finding| {
        let is_told = |told: &&Told| told.fingerprint == finding.fingerprint;
        finding.target != server.name || shown.iter().any(is_told)
    });
    for told in shown {
        let is_there = |finding: &Finding| {
            finding.target == server.name && finding.fingerprint == told.fingerprint
        };
        if !report.findings.iter().any(is_there) {
            report.findings.extend(retold(told, &server.name));
        }
    }
}

/// A finding in the words that were kept of it; nothing where its rule is gone.
fn retold(told: &Told, target: &str) -> Option<Finding> {
    let rule = rules::find(&told.rule)?;
    let place = |at: &str| Place {
        at: at.to_owned(),
        pointer: Pointer::root(),
    };
    Some(Finding {
        rule: rule.id,
        severity: told.severity,
        category: rule.category,
        target: target.to_owned(),
        place: Place {
            at: told.at.clone(),
            pointer: Pointer::parse(&told.pointer).unwrap_or_default(),
        },
        new_at: told.new_at.clone(),
        covers: told.covers.iter().map(|at| place(at)).collect(),
        message: told.message.clone(),
        why: rule.why,
        next: rule.next,
        old: None,
        new: None,
        witness: None,
        decided: None,
        line: None,
        fingerprint: told.fingerprint.clone(),
        folds: Vec::new(),
        ignored: None,
    })
}

/// A server with what the last check kept of it; nothing where that is what is approved already.
fn server(kept: Kept, typed: &str, context: &Context) -> Result<Option<Server>, Failure> {
    let name = &kept.name;
    let doing = || format!("could not review the drift of `{name}`");
    let path = shown(&kept.file, &context.cwd);
    let Some(text) = files::read_text_if_present(&kept.file)? else {
        return Err(Failure::new("baseline", doing())
            .cause(format!("`{path}` does not exist"))
            .next(format!(
                "approve the server first: bellwether baseline save{typed}"
            )));
    };
    let baseline = Baseline::parse(&text).map_err(|error| error.failure(doing(), &path))?;
    refuse_damaged(&baseline, &text, &doing(), &path)?;
    let check = format!("look at it first: bellwether check{typed}");
    let Some(recalled) = kept.recalled else {
        return Err(Failure::new("baseline", doing())
            .cause("no check of it is kept here")
            .next(check));
    };
    let state = last_check::state(&baseline.digest(), baseline.observed.as_ref());
    if recalled.state.as_ref() != Some(&state) {
        if recalled.observed.is_none() && recalled.surface.digest() == baseline.digest() {
            return Ok(None);
        }
        return Err(Failure::new("baseline", doing())
            .cause(format!(
                "the last check compared with another state of `{path}`"
            ))
            .next(check));
    }
    Ok(Some(Server {
        name: kept.name,
        file: kept.file,
        text,
        baseline,
        recalled,
        policy: kept.policy,
        secrets: kept.secrets,
    }))
}

/// What the policy is to judge.
fn subject(server: &Server, context: &Context) -> policy::Subject {
    let approved = &server.baseline;
    let seen = approved.project(&server.recalled.surface);
    let mut target = report::Target {
        name: server.name.clone(),
        baseline: Some(report::Side {
            path: Some(shown(&server.file, &context.cwd)),
            digest: approved.digest(),
        }),
        ..report::Target::default()
    };
    target.describe(&server.recalled.surface);
    policy::Subject {
        target,
        comparison: Some(diff::compare(&approved.surface, &seen)),
        behaviour: diff::behaviour(
            Some(Sighting::of_file(
                &approved.surface,
                approved.observed.as_ref(),
            )),
            Sighting::of_file(&seen, server.recalled.observed.as_ref()),
            &server.policy.limits,
        ),
        measured: Vec::new(),
        policy: server.policy.clone(),
    }
}
