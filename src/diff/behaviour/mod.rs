//! What a server was seen doing, then and now: facts about its answers, errors, times and scenarios.
//!
//! Only calls made on both sides are compared, and only times from the same kind of machine; a note says what was not.

mod errors;
mod latency;
mod missing;
mod responses;
mod scenarios;

use std::collections::BTreeMap;

pub use latency::{Budget, Pace};
pub use responses::{Aspect, ResponseChange, ResponseFact, responses};

use super::change::{Change, What};
use crate::measure::{Conditions, Confidence, Summary};
use crate::observed::{Keeping, Observed, Shape, Watched};
use crate::report::Place;
use crate::surface::Surface;

/// One side: what a server says, and what it was seen doing.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// What it says.
    pub surface: &'a Surface,
    /// What it was seen doing; nothing where nobody looked.
    pub observed: Option<&'a Observed>,
    /// Why each scenario failed that failed just now, by its name, for people. Nothing where the side is a file: there
    /// a scenario that failed is as approved as all the rest.
    pub failures: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Sighting<'a> {
    /// What a file holds.
    pub fn of_file(surface: &'a Surface, observed: Option<&'a Observed>) -> Self {
        Self {
            surface,
            observed,
            failures: None,
        }
    }
}

/// What the user has set about times.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// By how many percent a metric may become slower.
    pub threshold: f64,
    /// The slowest that answers may be, whatever they were before.
    pub budget: Budget,
    /// How sure a metric must be, where the user asked for that: a regression that is less sure counts then, too.
    pub target: Option<Confidence>,
    /// How the samples of the two sides were taken.
    pub conditions: Conditions,
}

/// What `performanceThreshold` is where nobody says, in percent.
pub const DEFAULT_THRESHOLD: f64 = 10.0;

impl Default for Limits {
    fn default() -> Self {
        Self {
            threshold: DEFAULT_THRESHOLD,
            budget: Budget::default(),
            target: None,
            conditions: Conditions::Apart,
        }
    }
}

/// What differs in what a server was seen doing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Behaviour {
    /// The differences, and what the user wants to hear of whatever was before.
    pub changes: Vec<Change>,
    /// What was not compared, and what is too unsure to count, in sentences.
    pub notes: Vec<String>,
    /// The metrics of calls that are less sure than the user wants. Those of the server as a whole are not among them.
    pub unsure: Vec<Unsure>,
}

/// A metric that is less sure than it should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsure {
    /// The thing that was called.
    pub at: String,
    /// What was measured.
    pub metric: String,
    /// What its samples come to.
    pub samples: Summary,
}

/// Compares what a server was seen doing when it was approved with what it does now. Without `old`, only what the user
/// set as absolute is told: scenarios that fail, budgets that are missed.
pub fn behaviour(old: Option<Sighting<'_>>, new: Sighting<'_>, limits: &Limits) -> Behaviour {
    let mut found = Behaviour::default();
    let nothing = Observed::default();
    let seen = new.observed.unwrap_or(&nothing);
    let known = old.and_then(|old| old.observed);
    if let (Some(old), Some(known)) = (old, known) {
        missing::note(&mut found.notes, (old.surface, known), (new.surface, seen));
        for (at, before, now) in shared(known, seen) {
            errors::compare(&mut found.changes, at, before, now);
            answers(&mut found.changes, at, before, now);
        }
        latency::compare(&mut found, known, seen, limits);
    }
    let unknown = known.unwrap_or(&nothing);
    scenarios::compare(&mut found, unknown, seen, new.failures);
    latency::hold_budget(&mut found.changes, seen, &limits.budget);
    if let Some(target) = limits.target {
        found.unsure = latency::below(seen, target);
    }
    found
}

/// What a baseline keeps of what was observed, so that it changes where something is told and nowhere else.
pub fn keeping(limits: &Limits) -> Keeping<'static> {
    Keeping {
        threshold: limits.threshold,
        doubtful: limits.target.is_some(),
        moves: false,
        drifted: &|at, old, new| told(at, Some(old), new).next().is_some(),
    }
}

/// Compares what the answers look like of the calls that were made on both sides.
fn answers(changes: &mut Vec<Change>, at: &str, before: &Watched, now: &Watched) {
    let (old, new) = (before.shared(now), now.shared(before));
    let Some(shape) = &new.shape else {
        return;
    };
    for fact in told(at, old.shape.as_ref(), shape) {
        let place = Place {
            at: at.to_owned(),
            pointer: fact.pointer,
        };
        let what = What::Response {
            change: fact.what,
            sure: fact.sure,
        };
        let (old, new) = (fact.old.as_ref(), fact.new.as_ref());
        changes.push(Change::new(what, place, old, new));
    }
}

/// The facts about two shapes that are worth telling. What comes and goes by its nature takes more than a few answers,
/// and what a tool finds in the data behind it is no drift of the tool.
fn told(at: &str, old: Option<&Shape>, new: &Shape) -> impl Iterator<Item = ResponseFact> + use<> {
    let is_tool = at.starts_with("tools/");
    responses(old, new)
        .into_iter()
        .filter(move |fact| match fact.what {
            ResponseChange::Unstable | ResponseChange::Stable => fact.sure,
            ResponseChange::ContentChanged => fact.sure && !is_tool,
            _ => true,
        })
}

/// The places that were watched on both sides.
fn shared<'a>(
    old: &'a Observed,
    new: &'a Observed,
) -> impl Iterator<Item = (&'a str, &'a Watched, &'a Watched)> {
    old.places.iter().filter_map(|(at, before)| {
        let now = new.places.get(at)?;
        Some((at.as_str(), before, now))
    })
}
