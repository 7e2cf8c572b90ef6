//! Watches servers: captures them, measures, makes the calls that are allowed, and says how far that is.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::{Context, env, live};
use crate::failure::Failure;
use crate::observed::{Machine, Observed};
use crate::probe::{self, Moment, Plan, Subject, Watched};
use crate::report::SurfaceCount;
use crate::term::Progress;

/// Variables by which a machine says that it runs continuous integration.
const CI: [&str; 6] = [
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "BUILDKITE",
    "JENKINS_URL",
    "TF_BUILD",
];

/// Watches servers and gives the results in the same order. Where something is measured it is one at a time: several
/// would measure each other.
///
/// # Errors
/// An interrupt, after which no server runs any more.
pub(super) fn watch_all(
    subjects: &[Subject<'_>],
    context: &Context,
) -> Result<Vec<Result<Watched, Failure>>, Failure> {
    let measures = subjects.iter().any(|subject| subject.effort.is_some());
    let at_once = if measures { 1 } else { live::AT_ONCE };
    let watching = stream::iter(subjects)
        .map(|subject| async move {
            let progress = context.terminal.progress(&subject.spec.name);
            let watched = probe::watch(subject, &|moment| tell(&progress, moment)).await;
            if let Ok(watched) = &watched {
                progress.done(&SurfaceCount::of(&watched.capture.surface).to_string());
            }
            watched
        })
        .buffered(at_once)
        .collect::<Vec<_>>();
    live::unless_interrupted(watching)
}

/// Watches two servers side by side.
///
/// # Errors
/// The outer one is an interrupt, the inner one a capture that is not complete.
pub(super) fn watch_both(
    old: &Subject<'_>,
    new: &Subject<'_>,
    context: &Context,
) -> Result<Result<[Watched; 2], Failure>, Failure> {
    live::unless_interrupted(async {
        let progress = context.terminal.progress(&new.spec.name);
        probe::watch_both(old, new, &|moment| tell(&progress, moment)).await
    })
}

/// Captures servers and says what would be called.
///
/// # Errors
/// An interrupt, after which no server runs any more.
pub(super) fn rehearse_all(
    subjects: &[Subject<'_>],
    context: &Context,
) -> Result<Vec<Result<Plan, Failure>>, Failure> {
    let rehearsing = stream::iter(subjects)
        .map(|subject| async move {
            let _progress = context.terminal.progress(&subject.spec.name);
            probe::rehearse(subject).await
        })
        .buffered(live::AT_ONCE)
        .collect::<Vec<_>>();
    live::unless_interrupted(rehearsing)
}

/// What a server was seen doing; nothing where nobody looked.
pub(super) fn observed(watched: &Watched) -> Option<Observed> {
    let seen = &watched.seen;
    let scenarios = seen.scenarios.iter();
    let scenarios = scenarios.map(|(name, wrong)| (name.clone(), wrong.is_empty()));
    let observed = (seen.observed.clone()).finished(machine(), &seen.timed, scenarios.collect());
    (!observed.is_empty()).then_some(observed)
}

/// Why each scenario failed that did, by its name.
pub(super) fn failures(watched: &Watched) -> BTreeMap<String, String> {
    let scenarios = watched.seen.scenarios.iter();
    let failed = scenarios.filter(|(_, wrong)| !wrong.is_empty());
    failed
        .map(|(name, wrong)| (name.clone(), wrong.join("; ")))
        .collect()
}

/// The kind of machine that this is.
fn machine() -> Machine {
    let cpus = std::thread::available_parallelism().map_or(1, |cpus| cpus.get());
    let says = |value: String| !value.is_empty() && value != "false";
    Machine {
        os: std::env::consts::OS.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        cpus: u32::try_from(cpus).unwrap_or(u32::MAX),
        ci: CI.iter().any(|name| env(name).is_some_and(says)),
    }
}

fn tell(progress: &Progress, moment: &Moment<'_>) {
    progress.at(moment.what, moment.done, moment.of, moment.left);
}
