//! An acceptance on its way into the baseline: what is taken over, the entry in the trail, the text of the file.

use std::collections::BTreeSet;
use std::path::Path;

use super::Context;
use super::found::Found;
use super::recorded::{By, record};
use super::together::{self, Change};
use super::trails::refuse_damaged;
use crate::baseline::accept::{accepted, differing};
use crate::baseline::selection::{Chosen, Refusal, Standing, Told, Wanted, choose, worst};
use crate::baseline::trail::{Action, Changed, Decision};
use crate::baseline::{Baseline, Sight};
use crate::config::shown;
use crate::diff::{self, Limits};
use crate::failure::Failure;
use crate::observed::Observed;
use crate::report::{Severity, Style};
use crate::secrets::Secrets;
use crate::surface::Surface;
use crate::text;

/// The most names that a line lists.
const NAMES_AT_MOST: usize = 12;

/// What somebody saw of one server and is about to accept.
pub(super) struct Reviewed<'a> {
    /// The name of the server in the configuration.
    pub(super) name: &'a str,
    /// The file of its baseline.
    pub(super) file: &'a Path,
    /// The text of that file, as what the server said was compared with it.
    pub(super) text: &'a str,
    /// The same, read.
    pub(super) baseline: &'a Baseline,
    /// What the server said.
    pub(super) surface: &'a Surface,
    /// What it was seen doing.
    pub(super) observed: Option<&'a Observed>,
    /// What was found, as it was told.
    pub(super) told: &'a [Told],
    /// How times are compared.
    pub(super) limits: &'a Limits,
    /// What must not be written.
    pub(super) secrets: &'a Secrets,
}

impl<'a> Reviewed<'a> {
    /// What the last check showed.
    pub(super) fn of(found: &'a Found) -> Self {
        Self {
            name: &found.name,
            file: &found.file,
            text: &found.text,
            baseline: &found.baseline,
            surface: &found.recalled.surface,
            observed: found.recalled.observed.as_ref(),
            told: &found.recalled.told,
            limits: &found.policy.limits,
            secrets: &found.secrets,
        }
    }
}

/// How it is accepted: by whom, why, and how much of it.
pub(super) struct How {
    /// By whom.
    pub(super) by: By,
    /// Why, on one line.
    pub(super) reason: String,
    /// What is accepted.
    pub(super) wanted: Wanted,
    /// Whether breaking drift is accepted.
    pub(super) force: bool,
}

/// What an acceptance of one server comes to.
pub(super) enum Outcome {
    /// Nothing differs from the baseline.
    Nothing,
    /// What breaks callers is not accepted without `--force`.
    Breaking(Vec<Told>),
    /// A file to write.
    Ready(Box<Plan>),
}

/// A baseline to write.
pub(super) struct Plan {
    /// The name of the server.
    name: String,
    path: String,
    change: Change,
    chosen: Chosen,
    /// What stays drift.
    left: Vec<String>,
    /// The digest of the approved surface from now on.
    digest: String,
}

/// What drifted of one server, before anything of it is selected.
pub(super) struct Drift<'a> {
    /// What was seen.
    pub(super) reviewed: &'a Reviewed<'a>,
    path: String,
    /// The things in which the surfaces differ.
    differing: BTreeSet<String>,
}

/// Whether there is anything to accept of a server; nothing where all of it is approved already.
///
/// # Errors
/// A baseline that is damaged.
pub(super) fn drift<'a>(
    reviewed: &'a Reviewed<'a>,
    context: &Context,
) -> Result<Option<Drift<'a>>, Failure> {
    let path = shown(reviewed.file, &context.cwd);
    let baseline = reviewed.baseline;
    refuse_damaged(baseline, reviewed.text, &doing(reviewed), &path)?;
    let differing = differing(&baseline.surface, reviewed.surface);
    let is_run_out = |told: &Told| told.is_run_out() && told.standing != Standing::Off;
    let has_run_out = reviewed.told.iter().any(is_run_out);
    let stands = |told: &Told| has_run_out || !told.touches().is_empty();
    let is_limited = baseline.sight != Sight::Full;
    if differing.is_empty() && !is_limited && !reviewed.told.iter().any(stands) {
        return Ok(None);
    }
    let drift = Drift {
        reviewed,
        path,
        differing,
    };
    let all = drift.taken(&Chosen::all(reviewed.told, &drift.differing));
    Ok((has_run_out || !drift.is_approved(&all)).then_some(drift))
}

/// What is expected from now on: the surface, and what was seen of it.
type Taken = (Surface, Option<Observed>);

impl Drift<'_> {
    /// Works out what is to be written. Nothing is written yet.
    ///
    /// # Errors
    /// A selection that fits nothing, or would take over what was not selected.
    pub(super) fn plan(&self, how: &How, context: &Context) -> Result<Outcome, Failure> {
        let reviewed = self.reviewed;
        let baseline = reviewed.baseline;
        let chosen = choose(reviewed.told, &self.differing, &how.wanted)
            .map_err(|refusal| refused(reviewed, &refusal, &how.wanted, context))?;
        let taken = self.taken(&chosen);
        if self.is_approved(&taken) && !chosen.findings.iter().any(Told::is_run_out) {
            if let Some(unseen) = unseen(&chosen, &context.terminal.style()) {
                let name = context.terminal.style().charset().visible(reviewed.name);
                context.terminal.note(&format!("`{name}`: {unseen}"));
            }
            return Ok(Outcome::Nothing);
        }
        let (after, observed) = taken;
        if worst(&chosen.findings) == Some(Severity::Breaking) && !how.force {
            return Ok(Outcome::Breaking(chosen.findings));
        }
        let states = (&baseline.surface, &after);
        let mut trail = baseline.trail.clone();
        trail.append(Decision {
            verdict: worst(&chosen.findings),
            findings: chosen.findings.iter().map(record).collect(),
            ..(how.by).decision(Action::Accepted, &how.reason, states, reviewed.secrets)
        });
        let text = baseline
            .render_next(&after, observed.as_ref(), &trail)
            .map_err(|error| error.failure(doing(reviewed), &self.path))?;
        let left = if chosen.is_all {
            Vec::new()
        } else {
            let left = accepted_later(&after, reviewed, &chosen);
            left.into_iter().collect()
        };
        Ok(Outcome::Ready(Box::new(Plan {
            name: reviewed.name.to_owned(),
            path: self.path.clone(),
            change: Change {
                file: reviewed.file.to_owned(),
                old: Some(reviewed.text.to_owned()),
                new: text,
            },
            chosen,
            left,
            digest: after.digest(),
        })))
    }

    /// Tells what is to be known of the baseline, for who was shown no report that does.
    pub(super) fn tell_notes(&self, context: &Context) {
        for note in self.reviewed.baseline.lasting_notes() {
            context.terminal.note(&format!("`{}`: {note}", self.path));
        }
    }

    /// What is expected once this is accepted.
    fn taken(&self, chosen: &Chosen) -> Taken {
        let reviewed = self.reviewed;
        let baseline = reviewed.baseline;
        let after = accepted(&baseline.surface, reviewed.surface, &chosen.things);
        let keeping = diff::keeping(reviewed.limits);
        let selected = (!chosen.is_all).then_some(&chosen.things);
        let observed = baseline.observed_with(&after, reviewed.observed, selected, &keeping);
        (after, observed)
    }

    /// Whether that is what is expected already.
    fn is_approved(&self, (after, observed): &Taken) -> bool {
        let baseline = self.reviewed.baseline;
        baseline.sight == Sight::Full
            && Changed::between(&baseline.surface, after).is_empty()
            && *observed == baseline.observed
    }
}

/// Writes the baselines, all of them or none.
///
/// # Errors
/// A file that cannot be written, or that somebody else has written meanwhile.
pub(super) fn write(plans: &[Box<Plan>], context: &Context) -> Result<(), Failure> {
    let changes: Vec<&Change> = plans.iter().map(|plan| &plan.change).collect();
    let next = "run bellwether check and look at what is left";
    together::write(&changes, next, context)
}

impl Plan {
    /// What was accepted, in a clause.
    pub(super) fn in_short(&self) -> String {
        let findings = text::count(self.chosen.findings.len(), "finding");
        let (name, path) = (&self.name, &self.path);
        format!("accepted the drift of `{name}` ({findings}): wrote {path}")
    }

    /// What was accepted, for people; each line ends.
    pub(super) fn said(&self, is_rehearsal: bool, style: &Style) -> String {
        let charset = style.charset();
        let verb = if is_rehearsal {
            "would accept"
        } else {
            "accepted"
        };
        let things: Vec<&str> = self.chosen.things.iter().map(String::as_str).collect();
        let name = charset.visible(&self.name);
        let accepted = match things.as_slice() {
            [] => "as it is".to_owned(),
            things => listed(things, style),
        };
        let mut lines = vec![format!("{verb} `{name}`: {accepted}")];
        if style.verbosity >= 0 {
            for told in &self.chosen.findings {
                let (severity, rule) = (told.severity.name(), &told.rule);
                let message = charset.excerpt(&told.message, style.width.max(40) * 4);
                let standing = match told.standing {
                    Standing::Shown => String::new(),
                    other => format!(" ({})", other.name()),
                };
                lines.push(format!("  {severity}[{rule}]: {message}{standing}"));
            }
        }
        lines.extend(unseen(&self.chosen, style));
        if !self.left.is_empty() {
            let left: Vec<&str> = self.left.iter().map(String::as_str).collect();
            lines.push(format!("still drift: {}", listed(&left, style)));
        }
        let path = charset.visible(&self.path);
        lines.push(if is_rehearsal {
            format!("nothing was written; {path} would be {}", self.digest)
        } else {
            format!("wrote {path}, now {}", self.digest)
        });
        lines.join("\n") + "\n"
    }
}

/// Why breaking drift was not accepted.
pub(super) fn breaking(name: &str, findings: &[Told]) -> Failure {
    let breaking: Vec<&Told> = findings
        .iter()
        .filter(|told| told.severity == Severity::Breaking && !told.is_summary())
        .collect();
    let first = breaking.first().map_or("", |told| told.message.as_str());
    let more = match breaking.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    Failure::new(
        "baseline",
        format!("did not accept the drift of `{name}`: it is breaking"),
    )
    .cause(format!(
        "what worked can fail, or the ground of the approval has gone: {first}{more}"
    ))
    .next("accept it with --force once whoever relies on it knows; or leave it out with selectors")
    .note("nothing was written")
}

/// What still differs after an acceptance, and what was seen that was not taken over.
fn accepted_later(after: &Surface, reviewed: &Reviewed<'_>, chosen: &Chosen) -> BTreeSet<String> {
    let mut left = differing(after, reviewed.surface);
    let touched = reviewed.told.iter().flat_map(Told::touches);
    left.extend(
        touched
            .filter(|thing| !chosen.things.contains(*thing))
            .map(str::to_owned),
    );
    left.retain(|thing| !chosen.unseen.contains(thing));
    left
}

/// What is left since no report showed it, and how to take it; nothing where there is none.
fn unseen(chosen: &Chosen, style: &Style) -> Option<String> {
    let things: Vec<&str> = chosen.unseen.iter().map(String::as_str).collect();
    let listed = listed(&things, style);
    (!things.is_empty()).then(|| {
        format!(
            "left, since all that was found there is ignored, hidden or off: {listed} (name it to accept it)"
        )
    })
}

fn doing(reviewed: &Reviewed<'_>) -> String {
    format!("could not accept the drift of `{}`", reviewed.name)
}

fn refused(
    reviewed: &Reviewed<'_>,
    refusal: &Refusal,
    wanted: &Wanted,
    context: &Context,
) -> Failure {
    let style = context.terminal.style();
    let next = match refusal {
        Refusal::Unmatched { drifted, .. } => {
            let drifted: Vec<&str> = drifted.iter().map(String::as_str).collect();
            format!("select among what drifted: {}", listed(&drifted, &style))
        }
        Refusal::OnlySummaries => "accept the drift that they sum up".to_owned(),
        Refusal::NoneUpTo(_) => "read them with bellwether check".to_owned(),
        Refusal::Entangled(_) if let Some(most) = wanted.most => {
            let milder = listed(&no_worse_than(most, reviewed.told), &style);
            let rest = "or name a thing without --max-severity to accept all of it";
            match milder.as_str() {
                "" => format!(
                    "nothing that drifted is only {} or milder: {rest}",
                    most.name()
                ),
                milder => {
                    format!("name what has nothing worse, without the commas: {milder}; {rest}")
                }
            }
        }
        Refusal::Entangled(_) => {
            "name the thing itself to accept all of it, or select its other findings, too"
                .to_owned()
        }
    };
    Failure::new("baseline", doing(reviewed))
        .cause(refusal)
        .next(next)
        .note("nothing was written")
}

/// The things that no finding worse than this touches, of those that were shown.
fn no_worse_than(most: Severity, told: &[Told]) -> Vec<&str> {
    let shown = || told.iter().filter(|told| told.standing == Standing::Shown);
    let worse: BTreeSet<&str> = (shown().filter(|told| told.severity > most))
        .flat_map(Told::touches)
        .collect();
    let all: BTreeSet<&str> = shown().flat_map(Told::touches).collect();
    all.difference(&worse).copied().collect()
}

/// Names, cut to a few.
fn listed(names: &[&str], style: &Style) -> String {
    let charset = style.charset();
    let shown = names.iter().take(NAMES_AT_MOST);
    let shown: Vec<String> = shown.map(|name| charset.excerpt(name, 100)).collect();
    match names.len().saturating_sub(NAMES_AT_MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
