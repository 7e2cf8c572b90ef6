//! Calls with known answers: what is called, in which order, and what is expected of the answer.
//!
//! It calls nothing and reads no file: `config` reads `bellwether-tests.yaml`, `probe` makes the calls.

pub mod expectations;
mod miss;

use std::time::Duration;

pub use self::expectations::{Expectations, Expected, check, is_searchable};
pub use self::miss::Miss;
pub use crate::inclusion::Type;
use crate::json::Json;

/// Everything that a scenario file asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suite {
    /// Calls before the first scenario, in order.
    pub setup: Vec<Step>,
    /// The scenarios, in the order of the file.
    pub scenarios: Vec<Scenario>,
    /// Calls after the last scenario, whatever came before, in order.
    pub teardown: Vec<Step>,
}

/// One call and what is expected of its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name, which no other scenario of the file has.
    pub name: String,
    /// What is called.
    pub step: Step,
    /// How often, at least once. Every answer must be as expected.
    pub repeat: u32,
    /// What is expected of every answer.
    pub expect: Expectations,
    /// Calls before the first of its own.
    pub setup: Vec<Step>,
    /// Calls after the last of its own, whatever came before.
    pub teardown: Vec<Step>,
    /// Words to pick scenarios by.
    pub tags: Vec<String>,
}

/// One call. A step of `setup` or `teardown` must not fail.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is called.
    pub target: Target,
    /// The arguments as they are sent: an object. What came from the environment is in them in clear, so they are
    /// neither stored nor shown.
    pub arguments: Json,
    /// The arguments as the file has them, with `${VAR}` where a value comes from the environment: what may be stored,
    /// shown and digested.
    pub shown: Json,
    /// Whether a tool may be called that does not declare itself harmless.
    pub allow_destructive: bool,
    /// The server that is called, by its name; every server where nobody says.
    pub server: Option<String>,
    /// How long the call may take, where it is not the time of the server.
    pub timeout: Option<Duration>,
}

/// What a step calls.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A tool, by its name (`tools/call`).
    Tool(String),
    /// A prompt, by its name (`prompts/get`).
    Prompt(String),
    /// A resource, by its URI (`resources/read`).
    Resource(String),
}

impl Suite {
    /// What concerns one server, and of the scenarios those with one of the tags; without tags, all of them. Where no
    /// scenario is left, nothing is called at all.
    #[must_use]
    pub fn only(&self, server: &str, tags: &[String]) -> Self {
        let here = |steps: &[Step]| -> Vec<Step> {
            let own = steps.iter().filter(|step| step.is_for(server));
            own.cloned().collect()
        };
        let own = self.scenarios.iter().filter(|one| one.step.is_for(server));
        let scenarios: Vec<Scenario> = own.filter(|one| one.is_tagged(tags)).cloned().collect();
        if scenarios.is_empty() {
            return Self::default();
        }
        Self {
            setup: here(&self.setup),
            scenarios,
            teardown: here(&self.teardown),
        }
    }
}

impl Scenario {
    /// Whether it has one of the tags, or there are none to have.
    pub fn is_tagged(&self, tags: &[String]) -> bool {
        tags.is_empty() || self.tags.iter().any(|tag| tags.contains(tag))
    }
}

impl Step {
    /// Whether it is a call of that server.
    pub fn is_for(&self, server: &str) -> bool {
        self.server.as_deref().is_none_or(|own| own == server)
    }
}

impl Target {
    /// The place of what is called: `tools/NAME`, `prompts/NAME`, `resources/URI`.
    pub fn place(&self) -> String {
        match self {
            Self::Tool(name) => format!("tools/{name}"),
            Self::Prompt(name) => format!("prompts/{name}"),
            Self::Resource(uri) => format!("resources/{uri}"),
        }
    }

    /// The name or the URI.
    pub fn name(&self) -> &str {
        match self {
            Self::Tool(name) | Self::Prompt(name) => name,
            Self::Resource(uri) => uri,
        }
    }
}
