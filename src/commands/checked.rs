//! One server on its way through `check`: its baseline, what may be called there, what it was seen doing.

use std::borrow::Cow;
use std::path::PathBuf;

use super::approved::Approved;
use super::target::{Selection, Target};
use super::{Context, probing};
use crate::capture::spec::ServerSpec;
use crate::cli::CheckArgs;
use crate::config::scenarios::Scripted;
use crate::config::shown;
use crate::failure::Failure;
use crate::observed::Observed;
use crate::probe::{self, Permit, Watched};
use crate::surface::Surface;

/// One server on its way through a check.
pub(super) struct Checked<'a> {
    pub(super) target: &'a Target,
    /// The file of the baseline.
    pub(super) file: PathBuf,
    /// The path of the baseline as the user would write it.
    pub(super) path: String,
    /// Whether a missing baseline is an error.
    pub(super) required: bool,
    /// What it is compared with, where there is something.
    pub(super) approved: Option<Approved>,
    /// What may be called.
    pub(super) permit: Permit,
    /// What the server says and does now.
    pub(super) watched: Option<Watched>,
    /// What it was seen doing; nothing where nobody looked.
    pub(super) observed: Option<Observed>,
    /// What kept it from being judged.
    pub(super) failure: Option<Failure>,
}

/// Reads the baseline of a server, and what may be called there.
pub(super) fn begin<'a>(
    args: &CheckArgs,
    selection: &'a Selection,
    target: &'a Target,
    scripted: Option<&Scripted>,
    context: &Context,
) -> Checked<'a> {
    let path: PathBuf = match &args.baseline {
        Some(path) => context.cwd.join(path),
        None => selection.config.baseline_to_read(&target.baseline),
    };
    let asked =
        args.baseline.is_some() || args.fail_on_drift || args.report.fail_on_severity.is_some();
    let tags = selection.config.config.scenarios.tags.as_deref();
    let suite = scripted.map(|scripted| {
        let tags = tags.unwrap_or_default();
        scripted.suite.only(&target.spec.name, tags)
    });
    let mut checked = Checked {
        target,
        file: path.clone(),
        path: shown(&path, &context.cwd),
        required: asked || target.baseline.is_required(),
        approved: None,
        permit: selection.config.permit(suite.unwrap_or_default()),
        watched: None,
        observed: None,
        failure: None,
    };
    if args.against.is_none() {
        match Approved::baseline(&path, target, context) {
            Ok(approved) => checked.approved = approved,
            Err(failure) => checked.failure = Some(failure),
        }
    }
    checked
}

/// How a server is watched. It is measured where the file says anything about that, where the baseline holds answer
/// times, and where two servers are compared; with nothing but scenarios, it is not.
pub(super) fn watching<'a>(checked: &'a Checked<'_>, selection: &Selection) -> probe::Subject<'a> {
    let approved = checked.approved.as_ref();
    let observed = approved.and_then(Approved::observed);
    let is_timed = observed.is_some_and(|observed| observed.machine.is_some());
    let effort = selection.config.effort(is_timed);
    probe::Subject {
        spec: &checked.target.spec,
        approved: approved.map(|approved| &approved.source.surface),
        observed,
        permit: &checked.permit,
        effort: effort.filter(|_| !checked.permit.only_scenarios),
    }
}

/// Watches the servers whose baselines are in order.
pub(super) fn watch(
    checked: &mut [Checked<'_>],
    selection: &Selection,
    context: &Context,
) -> Result<(), Failure> {
    let asked = checked.iter().filter(|checked| checked.failure.is_none());
    let subjects: Vec<_> = asked.map(|checked| watching(checked, selection)).collect();
    let watched = probing::watch_all(&subjects, context)?;
    let asked = checked
        .iter_mut()
        .filter(|checked| checked.failure.is_none());
    for (checked, watched) in asked.zip(watched) {
        match watched {
            Ok(watched) => checked.saw(watched),
            Err(failure) => checked.failure = Some(failure),
        }
    }
    Ok(())
}

/// How a server is watched beside the one that it is compared with: that one first.
pub(super) fn side_by_side<'a>(
    checked: &'a Checked<'_>,
    spec: &'a ServerSpec,
    selection: &Selection,
) -> [probe::Subject<'a>; 2] {
    let effort = selection.config.effort(true);
    let new = probe::Subject {
        effort: effort.filter(|_| !checked.permit.only_scenarios),
        ..watching(checked, selection)
    };
    let old = probe::Subject {
        spec,
        approved: None,
        observed: None,
        ..new
    };
    [old, new]
}

/// Watches a server beside the one that it is compared with.
pub(super) fn watch_beside(
    checked: &mut Checked<'_>,
    spec: &ServerSpec,
    selection: &Selection,
    context: &Context,
) -> Result<(), Failure> {
    let [old, new] = side_by_side(checked, spec, selection);
    match probing::watch_both(&old, &new, context)? {
        Ok([old, new]) => {
            checked.approved = Some(Approved::server(&spec.name, &old));
            checked.saw(new);
        }
        Err(failure) => checked.failure = Some(failure),
    }
    Ok(())
}

impl Checked<'_> {
    /// What it said, as far as that was compared with what is approved: nothing else of it was shown to anybody.
    pub(super) fn shown<'a>(&'a self, approved: Option<&'a Approved>) -> Option<&'a Surface> {
        let live = &self.watched.as_ref()?.capture.surface;
        let unseen = approved.filter(|_| self.permit.only_scenarios);
        Some(unseen.map_or(live, |approved| &approved.source.surface))
    }

    /// What changes from one run to the next is seen as it was approved, as long as it has the same shape.
    fn saw(&mut self, mut watched: Watched) {
        if let Some(Approved { source, .. }) = &self.approved {
            let live = &watched.capture.surface;
            let settled = source.volatile.settled(&source.surface, live);
            if let Cow::Owned(settled) = settled {
                watched.capture.surface = settled;
            }
        }
        self.observed = probing::observed(&watched);
        self.watched = Some(watched);
    }
}
