//! What a server was seen doing: calls as they went, the shapes of answers, the categories of errors, answer times.
//!
//! An [`Observed`] stands beside the surface in a baseline file. It holds no value of any answer.

mod call;
mod errors;
mod json;
mod keep;
mod shape;
mod trend;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use call::{Call, Outcome};
pub use errors::{ErrorCategory, categorise, error_digest, error_text, normalised};
pub use json::FormError;
pub use keep::Keeping;
pub use shape::{
    Arrays, Blocks, Content, Members, NumberFormat, Objects, Seen, Shape, TextForm, TextFormat,
    violates,
};
pub use trend::ErrorStep;

use crate::canon;
use crate::json::Json;
use crate::measure::Series;

/// The place of what concerns no single item: answer times of the handshake, the lists and `ping`.
pub const SERVER: &str = "server";

/// The metric of the handshake. It has one sample a run, which tells nothing by itself.
pub const CONNECT: &str = "connect";

/// How many different texts of one kind of error are kept: one that says something else every time needs no more.
const MOST_TEXTS: usize = 16;

/// What a server was seen doing over one check or several.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// Where the times were taken.
    pub machine: Option<Machine>,
    /// By place: `server`, `tools/NAME`, `prompts/NAME`, `resources/URI`.
    pub places: BTreeMap<String, Watched>,
    /// Whether each scenario passed, by its name.
    pub scenarios: BTreeMap<String, bool>,
}

/// The kind of machine that times are taken on. Times of two kinds are not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The operating system, `linux`.
    pub os: String,
    /// The architecture of its processors, `x86_64`.
    pub arch: String,
    /// How many processors it has.
    pub cpus: u32,
    /// Whether it runs continuous integration.
    pub ci: bool,
}

/// What was seen in one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watched {
    /// Sorted samples in microseconds by metric: `connect`, `ping`, the method of a list; `call`, `get` and `read` for
    /// what tools, prompts and resources are asked.
    pub latency: BTreeMap<String, Vec<u64>>,
    /// What came back, by the [`key`] of the arguments.
    pub calls: BTreeMap<String, Answers>,
}

/// What came back from one call, made once or several times.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// How often it was made.
    pub asked: u32,
    /// How often nothing came within the time allowed.
    pub timed_out: u32,
    /// What the answers look like that are no errors; nothing where there was none.
    pub shape: Option<Shape>,
    /// The errors, by their kind. A call that timed out here is none of them.
    pub errors: BTreeMap<ErrorCategory, Failures>,
}

/// Errors of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failures {
    /// How often it came.
    pub count: u32,
    /// Digests of what it said, without what differs from run to run.
    pub texts: BTreeSet<String>,
}

impl Observed {
    /// What calls and answer times come down to. `timed` are the metrics of the server as a whole, in any order;
    /// `output_schema` gives what a tool says of its results, by its place; of a scenario that ran more than once the
    /// caller says how it went as a whole.
    pub fn of<'s>(
        machine: Machine,
        timed: &[Series],
        calls: &[Call],
        output_schema: impl Fn(&str) -> Option<&'s Json>,
        scenarios: BTreeMap<String, bool>,
    ) -> Self {
        let mut observed = Self::default();
        for call in calls {
            observed.record(call, output_schema(&call.at));
        }
        observed.finished(machine, timed, scenarios)
    }

    /// Takes one call in, of which nothing else has to be kept then: answers may be large, and many.
    pub fn record(&mut self, call: &Call, output_schema: Option<&Json>) {
        let watched = self.places.entry(call.at.clone()).or_default();
        let answers = watched.calls.entry(key(&call.arguments)).or_default();
        answers.add(&call.outcome, output_schema);
        if call.outcome.success().is_some() {
            self.time(&call.at, metric_of(&call.at), &[call.micros]);
        }
    }

    /// What the recorded calls come down to, with the rest of what [`Self::of`] takes.
    #[must_use]
    pub fn finished(
        mut self,
        machine: Machine,
        timed: &[Series],
        scenarios: BTreeMap<String, bool>,
    ) -> Self {
        self.scenarios = scenarios;
        for series in timed {
            self.time(SERVER, series.metric, &series.samples);
        }
        let places = self.places.values_mut();
        for answers in places.flat_map(|watched| watched.calls.values_mut()) {
            answers.shape = answers.shape.as_ref().map(Shape::settled);
        }
        let is_timed = |watched: &Watched| !watched.latency.is_empty();
        self.machine = (self.places.values().any(is_timed)).then_some(machine);
        self
    }

    /// Whether nothing was observed.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.scenarios.is_empty()
    }

    /// Whether something was called, or a scenario ran.
    pub fn has_calls(&self) -> bool {
        let called = |watched: &Watched| !watched.calls.is_empty();
        !self.scenarios.is_empty() || self.places.values().any(called)
    }

    /// Drops the places that are not wanted.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.places.retain(|at, _| wanted(at));
    }

    fn time(&mut self, at: &str, metric: &str, samples: &[u64]) {
        if samples.is_empty() {
            return;
        }
        let watched = self.places.entry(at.to_owned()).or_default();
        let all = watched.latency.entry(metric.to_owned()).or_default();
        all.extend(samples);
        all.sort_unstable();
    }
}

impl Watched {
    /// What came back from the calls that `also` has too, taken together.
    pub fn shared(&self, also: &Self) -> Answers {
        let shared = self
            .calls
            .iter()
            .filter(|(key, _)| also.calls.contains_key(*key));
        shared.fold(Answers::default(), |all, (_, answers)| all.merge(answers))
    }
}

impl Answers {
    /// How many calls ended in an error, those without any answer left out.
    pub fn failed(&self) -> u32 {
        self.errors.values().map(|failures| failures.count).sum()
    }

    /// What came back from both.
    #[must_use]
    pub fn merge(mut self, other: &Self) -> Self {
        self.asked = self.asked.saturating_add(other.asked);
        self.timed_out = self.timed_out.saturating_add(other.timed_out);
        self.shape = match (self.shape, &other.shape) {
            (Some(shape), Some(other)) => Some(shape.merge(other)),
            (shape, other) => shape.or_else(|| other.clone()),
        };
        for (category, failures) in &other.errors {
            let all = self.errors.entry(*category).or_default();
            all.count = all.count.saturating_add(failures.count);
            all.texts.extend(failures.texts.iter().cloned());
            all.cut();
        }
        self
    }

    fn add(&mut self, outcome: &Outcome, output_schema: Option<&Json>) {
        self.asked = self.asked.saturating_add(1);
        if let Some(result) = outcome.success() {
            let shape = Shape::of_tool(result, output_schema);
            self.shape = Some(match self.shape.take() {
                Some(known) => known.merge(&shape),
                None => shape,
            });
        } else if matches!(outcome, Outcome::TimedOut { .. }) {
            self.timed_out = self.timed_out.saturating_add(1);
        } else {
            let category = categorise(outcome).unwrap_or(ErrorCategory::Other);
            let failures = self.errors.entry(category).or_default();
            failures.count = failures.count.saturating_add(1);
            failures.texts.extend(error_digest(outcome));
            failures.cut();
        }
    }
}

impl Failures {
    /// Keeps no more texts than are needed.
    fn cut(&mut self) {
        while self.texts.len() > MOST_TEXTS {
            self.texts.pop_last();
        }
    }
}

/// What tells the calls of one thing apart: the first 16 hex digits of the digest of the arguments.
pub fn key(arguments: &Json) -> String {
    let digest = canon::digest(arguments);
    let hex = digest.trim_start_matches("sha256:");
    hex.chars().take(16).collect()
}

/// The metric of what is asked of a thing.
pub fn metric_of(at: &str) -> &'static str {
    match at.split('/').next() {
        Some("prompts") => "get",
        Some("resources") => "read",
        _ => "call",
    }
}

impl fmt::Display for Machine {
    /// `linux x86_64 with 8 processors in CI`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.cpus == 1 { "" } else { "s" };
        let ci = if self.ci { " in CI" } else { "" };
        let Self { os, arch, cpus, .. } = self;
        write!(f, "{os} {arch} with {cpus} processor{plural}{ci}")
    }
}
