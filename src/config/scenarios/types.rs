//! The keys of `bellwether-tests.yaml`. A doc comment here is what an editor shows, and a field here is known to the
//! reader.
//!
//! Only the schema is made of these types. `build` takes the values from the tree, since arguments and expected values
//! are JSON, in which `null` says something and digits count.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::super::leaf::Time;
use crate::observed::ErrorCategory;
use crate::scenarios::Type;

/// Calls with known answers, for bellwether.
#[derive(JsonSchema)]
#[schemars(
    title = "bellwether-tests.yaml",
    rename_all = "camelCase",
    deny_unknown_fields
)]
pub struct File {
    /// The version of this format. Default: 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: Option<u32>,
    /// Calls before the first scenario, in order.
    pub setup: Option<Vec<Step>>,
    /// The calls, each with what is expected of its answer.
    pub scenarios: Option<Vec<Scenario>>,
    /// Calls after the last scenario, whatever came before.
    pub teardown: Option<Vec<Step>>,
}

/// One call, which must not fail: exactly one of `tool`, `prompt` and `resource`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// The tool to call.
    pub tool: Option<String>,
    /// The prompt to get.
    pub prompt: Option<String>,
    /// The URI of the resource to read.
    pub resource: Option<String>,
    /// What is sent. `${VAR}` and `${VAR:-default}` are filled in from the environment in every text; `$$` is a dollar.
    pub arguments: Option<BTreeMap<String, Value>>,
    /// Call the tool even though it does not declare itself harmless. Default: false.
    pub allow_destructive: Option<bool>,
    /// The server to call, by its name under `servers`. Default: each of them.
    pub server: Option<String>,
    /// How long the call may take. Default: the `timeout` of the server.
    pub timeout: Option<Time>,
}

/// One call and what is expected of its answer: exactly one of `tool`, `prompt` and `resource`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    /// A name that no other scenario has. The baseline keeps the result under it.
    pub name: String,
    /// The tool to call.
    pub tool: Option<String>,
    /// The prompt to get.
    pub prompt: Option<String>,
    /// The URI of the resource to read.
    pub resource: Option<String>,
    /// What is sent. `${VAR}` and `${VAR:-default}` are filled in from the environment in every text; `$$` is a dollar.
    pub arguments: Option<BTreeMap<String, Value>>,
    /// Call the tool even though it does not declare itself harmless. Default: false.
    pub allow_destructive: Option<bool>,
    /// The server to call, by its name under `servers`. Default: each of them.
    pub server: Option<String>,
    /// How long one call may take. Default: the `timeout` of the server.
    pub timeout: Option<Time>,
    /// How often to call. Every answer must be as expected. Default: 1.
    #[schemars(range(min = 1, max = 1000))]
    pub repeat: Option<u32>,
    /// Words to pick scenarios by, with `scenarios.tags` in bellwether.yaml.
    pub tags: Option<Vec<String>>,
    /// What is expected of every answer. Default: the call does not fail.
    pub expect: Option<Expect>,
    /// Calls before this scenario, in order.
    pub setup: Option<Vec<Step>>,
    /// Calls after this scenario, whatever came before.
    pub teardown: Option<Vec<Step>>,
}

/// What is expected of an answer.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expect {
    /// What the result of a tool says with `isError`. Default: false, unless `error` is expected.
    pub is_error: Option<bool>,
    /// Texts that must stand in the text of the answer, exactly so.
    pub contains: Option<Vec<String>>,
    /// Texts that must not stand in the text of the answer.
    pub not_contains: Option<Vec<String>>,
    /// What must stand at places inside the answer, by JSON Pointer: `/structuredContent/total`, `/content/0/text`.
    pub pointers: Option<BTreeMap<String, At>>,
    /// A JSON Schema (2020-12 where it names none) that the structured content must fulfil, or else the JSON in the text.
    pub schema: Option<Schema>,
    /// The longest that every single call may take.
    pub latency: Option<Time>,
    /// The category of the error that the call must end in, whichever way the server says so.
    pub error: Option<ErrorCategory>,
}

/// What must stand at one place of an answer.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct At {
    /// Exactly this value: `1.0` is `1`, and the order of members does not matter.
    pub equals: Option<Value>,
    /// Whether anything stands there.
    pub exists: Option<bool>,
    /// A value of this type.
    pub r#type: Option<Type>,
    /// Text in which this regular expression matches (as in JavaScript, with the flag `u`).
    pub matches: Option<String>,
}

/// A JSON Schema. `true` and `false` are ones too, and say nothing worth a scenario.
pub struct Schema;

impl JsonSchema for Schema {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "JsonSchema".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A JSON Schema.",
            "type": "object",
        })
    }
}
