//! What there is to review: the findings of the last check, told again from what it kept. No server is asked.

use std::path::PathBuf;

use super::{Context, output, target};
use crate::baseline::{Baseline, Lines};
use crate::cli::ReviewArgs;
use crate::config::{Loaded, shown};
use crate::diff::{self, Sighting};
use crate::failure::Failure;
use crate::files;
use crate::last_check::{self, Recalled};
use crate::policy::{self, Policy};
use crate::report::{self, Report};
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
    let selection = target::select(&args.connection(), context)?;
    if args.baseline.is_some() && selection.targets.len() > 1 {
        return Err(Failure::new(
            "usage",
            "`--baseline` names one file, and there are several servers",
        )
        .next("pick one with --server NAME"));
    }
    let config = selection.config;
    let folder = config.output_dir();
    let mut servers = Vec::new();
    for target in selection.targets {
        let endpoint = last_check::endpoint_digest(&target.spec);
        let recalled = last_check::recall(&folder, &target.spec.name, &endpoint)?;
        let file = match &args.baseline {
            Some(path) => context.cwd.join(path),
            None => config.baseline_to_read(&target.baseline),
        };
        servers.push(server(
            target.spec.name,
            file,
            recalled,
            config.policy_for(&target.baseline),
            target.spec.secrets,
            (&selection.typed, context),
        )?);
    }
    let subjects = servers.iter().map(|server| subject(server, context));
    let ignores = config.ignores(output::today(), servers.len());
    let mut report = policy::judge(subjects.collect(), &ignores);
    for server in &servers {
        if let Some(lines) = Lines::new(&server.text) {
            let of_server = |finding: &&mut report::Finding| finding.target == server.name;
            for finding in report.findings.iter_mut().filter(of_server) {
                finding.line = Some(lines.line_of(&finding.place));
            }
        }
    }
    Ok(Reviewed {
        config,
        servers,
        report,
    })
}

fn server(
    name: String,
    file: PathBuf,
    recalled: Option<Recalled>,
    policy: Policy,
    secrets: Secrets,
    (typed, context): (&str, &Context),
) -> Result<Server, Failure> {
    let doing = || format!("could not review the drift of `{name}`");
    let path = shown(&file, &context.cwd);
    let Some(text) = files::read_text_if_present(&file)? else {
        return Err(Failure::new("baseline", doing())
            .cause(format!("`{path}` does not exist"))
            .next(format!(
                "approve the server first: bellwether baseline save{typed}"
            )));
    };
    let baseline = Baseline::parse(&text).map_err(|error| error.failure(doing(), &path))?;
    let check = format!("look at it first: bellwether check{typed}");
    let Some(recalled) = recalled else {
        return Err(Failure::new("baseline", doing())
            .cause("no check of it is kept here")
            .next(check));
    };
    if recalled.baseline != Some(baseline.digest()) {
        return Err(Failure::new("baseline", doing())
            .cause(format!(
                "the last check compared with another state of `{path}`"
            ))
            .next(check));
    }
    Ok(Server {
        name,
        file,
        text,
        baseline,
        recalled,
        policy,
        secrets,
    })
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
