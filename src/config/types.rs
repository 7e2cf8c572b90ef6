//! The keys of `bellwether.yaml`. A doc comment here is what an editor shows, and a field here is all that a new key needs.
//!
//! The values are as the file has them: variables are not filled in, so nothing here is secret unless the file has it in clear.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::leaf::{Date, Fingerprint, Time};
use super::names::{Aspects, RuleId, Rules};
use crate::measure::Confidence;

/// The configuration of bellwether.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "bellwether.yaml")]
pub struct Config {
    /// The server to watch. Use `servers` for more than one.
    pub server: Option<ServerConfig>,
    /// Several servers, each under a name of its own (letters, digits, `-`, `_`, `.`).
    pub servers: Option<BTreeMap<String, ServerConfig>>,
    /// Where the baseline is, and what a difference from it means.
    pub baseline: Baseline,
    /// The severity of a rule, by its id: `tool-description-changed: breaking`. `bellwether rules` lists the ids.
    pub rules: Rules,
    /// Findings that you accept without changing the baseline, each with a reason.
    pub ignore: Vec<Ignore>,
    /// What `bellwether check` measures and may call besides comparing.
    pub check: Check,
    /// Calls with known answers.
    pub scenarios: Scenarios,
    /// Where files are written.
    pub output: Output,
}

/// One server: exactly one of `command`, `url` and `mock`.
///
/// `${VAR}` and `${VAR:-default}` are filled in from the environment in `command`, `args`, `env`, `cwd`, `url` and
/// `headers`; `$$` is a dollar. What comes from the environment is treated as secret.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "Server")]
pub struct ServerConfig {
    /// The program to start. `npx -y pkg` is split into words like a shell would, without a shell.
    pub command: Option<String>,
    /// Arguments after those in `command`.
    pub args: Vec<String>,
    /// Environment variables for the server, on top of those of bellwether itself: `API_KEY: "${API_KEY}"`.
    pub env: BTreeMap<String, String>,
    /// The folder to start the server in, seen from this file. Default: the folder of this file.
    pub cwd: Option<String>,
    /// How to talk: inferred from `command` (stdio) or `url` (streamable-http). The old HTTP+SSE transport must be named.
    pub transport: Option<TransportName>,
    /// The URL of a server that runs already.
    pub url: Option<String>,
    /// HTTP headers to send with every request: `Authorization: "Bearer ${TOKEN}"`.
    pub headers: BTreeMap<String, String>,
    /// A baseline, snapshot or raw capture to serve, instead of a real server: `bellwether mock FILE` over stdio.
    pub mock: Option<String>,
    /// How long one request may take. Start-up may take twice that, a whole capture three times. Default: 30s.
    pub timeout: Option<Time>,
    /// The revision of the protocol to ask for. `auto` asks as the baseline was captured, else for the newest that both
    /// sides know. Default: auto.
    pub protocol_version: Option<ProtocolVersion>,
    /// The baseline of this server, under `servers` only. What is missing here is taken from the `baseline` of the file;
    /// the default path is `NAME-baseline.json`.
    pub baseline: Option<Baseline>,
}

/// How to talk to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Transport")]
pub enum TransportName {
    /// Standard input and output of a program.
    Stdio,
    /// One URL, answers as JSON or as a stream (since 2025-03-26).
    StreamableHttp,
    /// The same as streamable-http.
    Http,
    /// The old HTTP+SSE transport of 2024-11-05.
    Sse,
}

/// A revision of the Model Context Protocol.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum ProtocolVersion {
    /// As the baseline was captured, else the newest that both sides know.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// The first.
    #[serde(rename = "2024-11-05")]
    V20241105,
    /// With streamable HTTP.
    #[serde(rename = "2025-03-26")]
    V20250326,
    /// With output schemas.
    #[serde(rename = "2025-06-18")]
    V20250618,
    /// With icons and tasks.
    #[serde(rename = "2025-11-25")]
    V20251125,
    /// Without a handshake.
    #[serde(rename = "2026-07-28")]
    V20260728,
}

impl ProtocolVersion {
    /// The revision as the protocol writes it; nothing for `auto`.
    pub fn pinned(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::V20241105 => Some("2024-11-05"),
            Self::V20250326 => Some("2025-03-26"),
            Self::V20250618 => Some("2025-06-18"),
            Self::V20251125 => Some("2025-11-25"),
            Self::V20260728 => Some("2026-07-28"),
        }
    }
}

/// Where the baseline is, and what a difference from it means.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Baseline {
    /// Where the baseline is saved. A bare file name stands in `output.dir`, a path is seen from this file.
    /// Default: bellwether-baseline.json.
    pub path: Option<String>,
    /// Compare with this file instead of `path`. A check without it is then an error.
    pub compare_path: Option<String>,
    /// Let any drift fail, whatever `failOnSeverity` says; a check without a baseline is then an error. Default: false.
    pub fail_on_drift: Option<bool>,
    /// How bad a difference is.
    pub severity: SeverityConfig,
}

/// How bad a difference is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "Severity")]
pub struct SeverityConfig {
    /// Hide findings below this; what is hidden counts for nothing. `none` hides nothing, which is the default.
    pub minimum_severity: Option<Level>,
    /// Exit 0 for drift below this. `none` makes every drift exit 0. Default: unset, every drift has its own exit code.
    pub fail_on_severity: Option<Level>,
    /// Hide warnings. Default: false.
    pub suppress_warnings: Option<bool>,
    /// The severity of everything about one aspect. `none` switches it off. An entry of `rules` wins.
    pub aspect_overrides: Aspects,
}

/// A severity, or none: in the file and on the command line.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// None at all.
    None,
    /// Only wording, presentation, or an addition that nobody has to notice.
    Info,
    /// It could behave, mean or allow something else.
    Warning,
    /// Something that worked can fail, or the ground of an approval has gone.
    Breaking,
}

/// A finding that is accepted without changing the baseline. It names a `rule` or a `fingerprint`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ignore {
    /// The rule that reports it.
    pub rule: Option<RuleId>,
    /// Where: `tools/search`, with `*` for any characters. Default: everywhere.
    pub at: Option<String>,
    /// Exactly this finding: the 16 hex digits that a report shows.
    pub fingerprint: Option<Fingerprint>,
    /// Why this is fine. Reports show it.
    pub reason: String,
    /// The last day on which this counts.
    pub until: Option<Date>,
}

/// What `bellwether check` measures and may call besides comparing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Check {
    /// How much slower a server may become before that is a finding, in percent. Default: 10.
    #[schemars(range(min = 0, max = 10000))]
    pub performance_threshold: Option<f64>,
    /// Calls before measuring starts. Default: 1.
    #[schemars(range(min = 0, max = 1000))]
    pub warmup_runs: Option<u32>,
    /// How many samples a measurement needs.
    pub sampling: Sampling,
    /// Active probing with harmless payloads, only against tools that may be called.
    pub security: Security,
    /// The slowest that a call may be, whatever it was before.
    pub latency_budget: LatencyBudget,
    /// The most bytes that a model may have to read from this server: names, descriptions, schemas, instructions.
    pub context_budget: Option<u64>,
    /// Which tools `check` may call. Default: none.
    pub probe: Option<Probe>,
    /// Narrows `probe: readOnly` to these tools; `*` stands for any characters. Default: all of them.
    pub allow_tools: Option<Vec<String>>,
}

/// Which tools `check` may call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Probe {
    /// None.
    #[default]
    None,
    /// Those that a scenario names.
    Scenarios,
    /// Those that the server calls read-only.
    ReadOnly,
}

/// How many samples a measurement needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Sampling {
    /// Samples per measurement. Default: 25.
    #[schemars(range(min = 1, max = 10000))]
    pub min_samples: Option<u32>,
    /// How sure a measurement must be. Default: medium.
    pub target_confidence: Option<Confidence>,
    /// Exit 5 when a measurement is less sure than that. Default: false.
    pub fail_on_low_confidence: Option<bool>,
}

/// Active probing with harmless payloads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Security {
    /// Whether to probe. Default: false.
    pub enabled: Option<bool>,
    /// What to probe for. Default: everything.
    pub categories: Option<Vec<SecurityCategory>>,
}

/// What to probe for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecurityCategory {
    /// Files outside the folder that the tool is for.
    PathTraversal,
    /// A shell that runs what an argument says.
    CommandInjection,
    /// A database that runs what an argument says.
    SqlInjection,
    /// Requests to places that the caller could not reach.
    Ssrf,
    /// Script that comes back as it was sent.
    Xss,
    /// Errors that tell too much.
    ErrorDisclosure,
}

/// The slowest that a call may be, whatever it was before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct LatencyBudget {
    /// For half of the calls.
    pub p50: Option<Time>,
    /// For 95 of 100 calls.
    pub p95: Option<Time>,
    /// For 99 of 100 calls.
    pub p99: Option<Time>,
}

/// Calls with known answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenarios {
    /// The file with the scenarios, seen from this file.
    pub path: Option<String>,
    /// Run the scenarios and nothing else. Default: false.
    pub only: Option<bool>,
    /// Run only the scenarios that have one of these tags. Default: all of them.
    pub tags: Option<Vec<String>>,
}

/// Where files are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Output {
    /// The folder for the baseline and for what the last check captured, seen from this file. Default: .bellwether.
    pub dir: Option<String>,
    /// The folder for `CONTRACT.md`, seen from this file. Default: the folder of this file.
    pub docs_dir: Option<String>,
}
