//! What `check` may call on one server, with which arguments, and why it may not call the rest.
//!
//! It calls nothing: the same surface, baseline, configuration and scenarios always give the same plan, which is what
//! `check --dry-run` prints.

use std::collections::{BTreeMap, BTreeSet};

use super::arguments;
use crate::config::types::Probe;
use crate::json::{Json, Object};
use crate::policy::fits;
use crate::scenarios::{Scenario, Step, Suite, Target};
use crate::surface::{List, Surface};

/// What a server says of itself, and what was approved.
pub struct Server<'a> {
    /// What it says now.
    pub now: &'a Surface,
    /// What the baseline holds.
    pub approved: Option<&'a Surface>,
}

/// What the user allows.
#[derive(Debug, Clone, Default)]
pub struct Permit {
    /// `check.probe`
    pub probe: Probe,
    /// `check.allowTools`; nothing means all of them.
    pub allow_tools: Option<Vec<String>>,
    /// The scenarios of this server.
    pub suite: Suite,
    /// `scenarios.only`: nothing but the scenarios.
    pub only_scenarios: bool,
}

/// What is called on one server, in this order: readings, then scenarios.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// What is harmless by the server's own word, each thing once.
    pub readings: Vec<Step>,
    /// The scenarios, with their setup and teardown.
    pub suite: Suite,
    /// The scenarios that are not run, and why: none of their calls is made.
    pub refused: BTreeMap<String, String>,
    /// What else is not called.
    pub withheld: Vec<Withheld>,
}

/// Something that is not called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withheld {
    /// What it is: `tools/NAME`.
    pub at: String,
    /// Why, in a clause.
    pub why: Reason,
}

/// Why something is not called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// `check.probe` does not allow it.
    Off,
    /// It does not say that it only reads.
    MayChange,
    /// `check.allowTools` does not name it.
    NotAllowed,
    /// It says that it only reads, which it did not say when it was approved.
    NewClaim,
    /// Nobody knows what to call it with; what is missing.
    NeedsScenario(String),
    /// It only runs as a task, which nobody here waits for.
    Task,
}

impl Reason {
    /// Whether a report is to say so: where the user might think that it was called.
    pub fn is_worth_a_note(&self) -> bool {
        matches!(self, Self::NewClaim | Self::NeedsScenario(_) | Self::Task)
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Off => "`check.probe` does not allow it",
            Self::MayChange => "it does not say that it only reads",
            Self::NotAllowed => "`check.allowTools` does not name it",
            Self::NewClaim => "it says now that it only reads, and did not when it was approved",
            Self::NeedsScenario(missing) => return write!(f, "needs a scenario: {missing}"),
            Self::Task => "it only runs as a task, and tasks are not started",
        })
    }
}

impl Plan {
    /// Decides what may be called.
    pub fn new(server: &Server<'_>, permit: &Permit) -> Self {
        let mut plan = Self::default();
        if permit.probe != Probe::None {
            plan.suite = permit.suite.clone();
            plan.refuse(server);
        }
        if permit.only_scenarios {
            return plan;
        }
        let named: BTreeSet<String> = plan.steps().map(|step| step.target.place()).collect();
        for name in names(server.now, List::Tools) {
            let target = Target::Tool(name);
            match reading(server, permit, &target) {
                Ok(arguments) => plan.readings.push(harmless_step(target, arguments)),
                Err(why) => plan.withhold(&named, target, why),
            }
        }
        for name in names(server.now, List::Prompts) {
            let target = Target::Prompt(name);
            match fetching(server.now, permit, &target) {
                Ok(()) => plan.readings.push(harmless_step(target, no_arguments())),
                Err(why) => plan.withhold(&named, target, why),
            }
        }
        for uri in names(server.now, List::Resources) {
            let target = Target::Resource(uri);
            if permit.probe == Probe::ReadOnly {
                plan.readings.push(harmless_step(target, no_arguments()));
            } else {
                plan.withhold(&named, target, Reason::Off);
            }
        }
        plan
    }

    /// Whether nothing is called.
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty() && self.suite.scenarios.is_empty()
    }

    /// The scenarios that are run.
    pub fn scenarios(&self) -> impl Iterator<Item = &Scenario> {
        let all = self.suite.scenarios.iter();
        all.filter(|scenario| !self.refused.contains_key(&scenario.name))
    }

    /// Whether any scenario is run, and with them the setup and teardown of all.
    pub fn runs_scenarios(&self) -> bool {
        self.scenarios().next().is_some()
    }

    /// What a report says of what was not called: one sentence a reason.
    pub fn notes(&self) -> Vec<String> {
        let mut by_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for withheld in self.withheld.iter().filter(|one| one.why.is_worth_a_note()) {
            let places = by_reason.entry(withheld.why.to_string()).or_default();
            places.push(&withheld.at);
        }
        (by_reason.iter())
            .map(|(why, places)| format!("not probed: {}: {why}", named(places)))
            .collect()
    }

    /// Every call of the scenarios that are run.
    fn steps(&self) -> impl Iterator<Item = &Step> {
        let scenarios = self.suite.scenarios.iter().flat_map(steps_of);
        let around = self.suite.setup.iter().chain(&self.suite.teardown);
        scenarios.chain(around)
    }

    /// Refuses the scenarios with a call that may not be made.
    fn refuse(&mut self, server: &Server<'_>) {
        let around = self.suite.setup.iter().chain(&self.suite.teardown);
        let shared = around.clone().find_map(|step| forbidden(server, step));
        for scenario in &self.suite.scenarios {
            let own = steps_of(scenario).find_map(|step| forbidden(server, step));
            if let Some(why) = own.or_else(|| shared.clone()) {
                self.refused.insert(scenario.name.clone(), why);
            }
        }
    }

    fn withhold(&mut self, named: &BTreeSet<String>, target: Target, why: Reason) {
        let at = target.place();
        if !named.contains(&at) {
            self.withheld.push(Withheld { at, why });
        }
    }
}

fn steps_of(scenario: &Scenario) -> impl Iterator<Item = &Step> {
    let around = scenario.setup.iter().chain(&scenario.teardown);
    std::iter::once(&scenario.step).chain(around)
}

/// Why a call that a scenario names may not be made all the same.
fn forbidden(server: &Server<'_>, step: &Step) -> Option<String> {
    let Target::Tool(name) = &step.target else {
        return None;
    };
    if runs_as_task(server.now, name) {
        return Some(format!(
            "`{name}` only runs as a task, and tasks are not started"
        ));
    }
    if step.allow_destructive {
        return None;
    }
    let cause = if tool(server.now, name).is_none() {
        "is not among the tools of the server, so nobody knows what it does"
    } else if !all(server.now, name, is_harmless) {
        "may destroy something: it neither says that it only reads nor that it destroys nothing"
    } else if !approved_as(server.approved, name, is_harmless) {
        "says only now that it destroys nothing; it did not when it was approved"
    } else {
        return None;
    };
    Some(format!(
        "`{name}` {cause}; to call it all the same, say `allowDestructive: true`"
    ))
}

/// Whether a call that a scenario lists may be made by what the server says now.
///
/// # Errors
/// Why not, in a clause.
pub(super) fn still_listed(
    server: &Server<'_>,
    _permit: &Permit,
    step: &Step,
) -> Result<(), String> {
    forbidden(server, step).map_or(Ok(()), Err)
}

/// Whether a call that was harmless by the server's own word is so by what it says now.
///
/// # Errors
/// Why not, in a clause.
pub(super) fn still_harmless(
    server: &Server<'_>,
    permit: &Permit,
    step: &Step,
) -> Result<(), String> {
    let list = match step.target {
        Target::Tool(_) => List::Tools,
        Target::Prompt(_) => List::Prompts,
        Target::Resource(_) => List::Resources,
    };
    let listed = names(server.now, list);
    if !listed.iter().any(|name| name == step.target.name()) {
        return Err("the server does not list it any more".to_owned());
    }
    let why = match &step.target {
        Target::Tool(_) => match reading(server, permit, &step.target) {
            Ok(arguments) if arguments == step.arguments => return Ok(()),
            Ok(_) => return Err("its input schema has changed".to_owned()),
            Err(why) => why,
        },
        Target::Prompt(_) => match fetching(server.now, permit, &step.target) {
            Ok(()) => return Ok(()),
            Err(why) => why,
        },
        Target::Resource(_) => return Ok(()),
    };
    Err(format!("by what the server says now, {why}"))
}

/// The arguments to call a tool with that is harmless by its own word.
fn reading(server: &Server<'_>, permit: &Permit, target: &Target) -> Result<Json, Reason> {
    let name = target.name();
    let allows = |pattern: &String| fits(pattern, name);
    if permit.probe != Probe::ReadOnly {
        return Err(Reason::Off);
    }
    if !all(server.now, name, only_reads) {
        return Err(Reason::MayChange);
    }
    if !(permit.allow_tools.as_ref()).is_none_or(|patterns| patterns.iter().any(allows)) {
        return Err(Reason::NotAllowed);
    }
    if !approved_as(server.approved, name, only_reads) {
        return Err(Reason::NewClaim);
    }
    if runs_as_task(server.now, name) {
        return Err(Reason::Task);
    }
    let tool = tool(server.now, name).expect("its name was just read there");
    arguments::build(tool.get("inputSchema")).map_err(Reason::NeedsScenario)
}

/// Whether a prompt can be fetched without arguments.
fn fetching(surface: &Surface, permit: &Permit, target: &Target) -> Result<(), Reason> {
    if permit.probe != Probe::ReadOnly {
        return Err(Reason::Off);
    }
    let named = |item: &&Json| item.get_str("name") == Some(target.name());
    let prompts = surface.items(List::Prompts).iter().filter(named);
    let arguments = prompts.filter_map(|prompt| prompt.get("arguments")?.as_array());
    let required =
        |argument: &&Json| argument.get("required").and_then(Json::as_bool) == Some(true);
    match arguments.flatten().find(required) {
        None => Ok(()),
        Some(argument) => Err(Reason::NeedsScenario(format!(
            "its argument `{}` is required",
            argument.get_str("name").unwrap_or_default()
        ))),
    }
}

fn harmless_step(target: Target, arguments: Json) -> Step {
    Step {
        target,
        shown: arguments.clone(),
        arguments,
        allow_destructive: false,
        server: None,
        timeout: None,
    }
}

fn no_arguments() -> Json {
    Object::new().into()
}

/// The names in a list, each once, in the order sent.
fn names(surface: &Surface, list: List) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let names = surface
        .items(list)
        .iter()
        .filter_map(|item| item.get_str(list.key()));
    names
        .filter(|name| seen.insert(*name))
        .map(str::to_owned)
        .collect()
}

/// Places as a note names them: the first few, and how many more there are.
pub(super) fn named(places: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = places.iter().take(SHOWN).map(|at| format!("`{at}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match places.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What a server says of a tool; of two with one name the first.
pub fn tool<'a>(surface: &'a Surface, name: &str) -> Option<&'a Json> {
    all_named(surface, name).next()
}

/// What a server says of the results of the tool at a place (`outputSchema`).
pub fn output_schema<'a>(surface: &'a Surface, at: &str) -> Option<&'a Json> {
    tool(surface, at.strip_prefix("tools/")?)?.get("outputSchema")
}

fn all_named<'a>(surface: &'a Surface, name: &str) -> impl Iterator<Item = &'a Json> {
    let tools = surface.items(List::Tools).iter();
    tools.filter(move |tool| tool.get_str("name") == Some(name))
}

/// Whether something holds for every tool of that name, and there is one.
fn all(surface: &Surface, name: &str, holds: fn(&Json) -> bool) -> bool {
    all_named(surface, name).next().is_some() && all_named(surface, name).all(holds)
}

/// Whether a claim is as old as the approval. Of a tool that was not there nobody knows better.
fn approved_as(approved: Option<&Surface>, name: &str, holds: fn(&Json) -> bool) -> bool {
    approved.is_none_or(|approved| all_named(approved, name).all(holds))
}

/// Whether a tool says that it only reads.
fn only_reads(tool: &Json) -> bool {
    hint(tool, "readOnlyHint") == Some(true)
}

/// Whether a tool says that it destroys nothing. One that says nothing may (`destructiveHint`, default true).
fn is_harmless(tool: &Json) -> bool {
    only_reads(tool) || hint(tool, "destructiveHint") == Some(false)
}

fn hint(tool: &Json, name: &str) -> Option<bool> {
    tool.get("annotations")?.get(name)?.as_bool()
}

fn runs_as_task(surface: &Surface, name: &str) -> bool {
    let is_task = |tool: &Json| {
        let execution = tool.get("execution");
        execution.and_then(|how| how.get_str("taskSupport")) == Some("required")
    };
    all_named(surface, name).any(is_task)
}

#[cfg(test)]
mod tests;
