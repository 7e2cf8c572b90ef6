//! What the last check showed of a server, beside the very baseline that it was compared with. No server is asked.

use std::path::PathBuf;

use super::kept::Kept;
use super::{Context, output};
use crate::baseline::Baseline;
use crate::baseline::selection::Told;
use crate::config::shown;
use crate::failure::Failure;
use crate::files;
use crate::last_check::{self, Recalled};
use crate::policy::Policy;
use crate::secrets::Secrets;

/// One server whose drift can be decided about.
pub(super) struct Found {
    /// Its name in the configuration.
    pub(super) name: String,
    /// The file of its baseline.
    pub(super) file: PathBuf,
    /// What stands in the file.
    pub(super) text: String,
    /// The same, read.
    pub(super) baseline: Baseline,
    /// What the last check captured and showed.
    pub(super) recalled: Recalled,
    /// How its drift is judged.
    pub(super) policy: Policy,
    /// What must not be written anywhere.
    pub(super) secrets: Secrets,
}

/// Why there is nothing to decide about.
pub(super) enum Unusable {
    /// Nobody has looked yet.
    Unseen(Failure),
    /// It is what is approved already.
    Approved,
    /// It was compared with something else than what stands there now.
    Stale(Failure),
    /// The baseline cannot be read.
    Broken(Failure),
}

/// Finds what the last check showed of a server. `decide` says what is to come of it: accept, review. `typed` is how the
/// user named the servers.
///
/// # Errors
/// Nothing that was shown, or not of the baseline as it stands now.
pub(super) fn found(
    kept: Kept,
    decide: &str,
    typed: &str,
    context: &Context,
) -> Result<Found, Unusable> {
    let path = shown(&kept.file, &context.cwd);
    let doing = format!("could not {decide} the drift of `{}`", kept.name);
    let failure = |cause: String, next: String| {
        let failure = Failure::new("baseline", doing.as_str());
        failure.cause(cause).next(next)
    };
    let check = format!("run bellwether check{typed}, read what it shows, then {decide} it");
    let text = files::read_text_if_present(&kept.file).map_err(Unusable::Broken)?;
    let Some(text) = text else {
        return Err(Unusable::Unseen(failure(
            format!("`{path}` does not exist, so nothing has drifted from it"),
            kept.missing,
        )));
    };
    let baseline = Baseline::parse(&text)
        .map_err(|error| Unusable::Broken(error.failure(doing.as_str(), &path)))?;
    let Some(mut recalled) = kept.recalled else {
        let cause = format!("no check has captured `{}` yet", kept.name);
        return Err(Unusable::Unseen(failure(cause, check)));
    };
    let state = last_check::state(&baseline.digest(), baseline.observed.as_ref());
    if recalled.state.as_ref() != Some(&state) {
        if recalled.observed.is_none() && recalled.surface.digest() == baseline.digest() {
            return Err(Unusable::Approved);
        }
        let other = match &recalled.state {
            Some(_) => "another state of",
            None => "something else than",
        };
        let cause = format!("the last check compared with {other} `{path}`");
        return Err(Unusable::Stale(failure(cause, check)));
    }
    // To accept anew what has run out leaves the surface, and with it this check, as it is.
    let due = baseline.trail.due(&output::today());
    let is_due = |told: &Told| {
        due.iter()
            .any(|(hash, _)| told.pointer.ends_with(hash.as_str()))
    };
    recalled
        .told
        .retain(|told| !told.is_run_out() || is_due(told));
    Ok(Found {
        name: kept.name,
        file: kept.file,
        text,
        baseline,
        recalled,
        policy: kept.policy,
        secrets: kept.secrets,
    })
}

/// Says which of several servers is left out, and what to run to have it next time.
pub(super) fn left_out(failure: &Failure, context: &Context) {
    let next = failure.next.as_deref().unwrap_or_default();
    let note = format!("left out: {failure} (to have it here: {next})");
    context.terminal.note(&note);
}
