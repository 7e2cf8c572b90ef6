//! The one value that every output format renders: targets, findings, verdict.
//!
//! A renderer sees a [`Report`] and nothing else. The JSON format is this value as serde writes it, so its members
//! are part of the interface.

pub mod compat;
pub mod contract;
mod decided;
pub mod failure;
pub mod human;
pub mod json;
pub mod listing;
pub mod log;
pub mod observed;
mod page;
mod style;
pub mod verification;

use std::fmt;

use serde::Serialize;

pub use compat::{Compat, Compatibility, Direction};
pub use decided::{Decided, PROVEN_CALLS, PROVEN_RESULTS, advice};
pub use style::{Role, Style};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::{Json, Pointer};
use crate::surface::{List, Surface, Transport};
use crate::text;

/// How bad a finding is, mildest first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Only wording, presentation, or an addition that nobody has to notice.
    Info,
    /// It could behave, mean or allow something else.
    Warning,
    /// Something that worked can fail, or the ground of an approval has gone.
    Breaking,
}

impl Severity {
    /// The name used in files, reports and flags.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Breaking => "breaking",
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// What can be called and how.
    Schema,
    /// What calls do.
    Behavior,
    /// What is trusted.
    Security,
    /// How fast it is.
    Performance,
    /// How it fails.
    Error,
    /// What it answers.
    Response,
    /// What is said to people and models.
    Documentation,
    /// The server as a whole.
    Server,
}

/// Where something stands: the thing, and the place inside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The thing: `tools/NAME`, `instructions`, `capabilities/NAME`, `server`, ….
    pub at: String,
    /// The place inside the thing; the root for the thing itself.
    #[serde(serialize_with = "pointer_text")]
    pub pointer: Pointer,
}

fn pointer_text<S: serde::Serializer>(pointer: &Pointer, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(pointer.as_str())
}

/// One judged change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The id of the rule that judged it.
    pub rule: &'static str,
    /// How bad it is, after the user's policy.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The name of the server in the configuration, `default` where there is only one.
    pub target: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// The new name of something renamed or moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_at: Option<String>,
    /// Every further place this finding speaks for.
    pub covers: Vec<Place>,
    /// What happened, in a clause; server text in it is raw.
    pub message: String,
    /// Who is hurt and why.
    pub why: &'static str,
    /// What the reader does next.
    pub next: &'static str,
    /// The value before; null where there was none.
    pub old: Option<Json>,
    /// The value now; null where there is none.
    pub new: Option<Json>,
    /// A value that used to be accepted and no longer is, or a result that used not to be possible and now is. It is
    /// made of what the server's schemas say, raw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Json>,
    /// What the judge of inclusion says of the schemas that this is about; nothing where nobody asked it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// The line of the baseline file (or of OLD) where the thing stands, from 1; filled in where that file is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// 16 hex digits over rule, target, place and the digests of old and new.
    pub fingerprint: String,
    /// The fingerprints of the findings that this one speaks for, where the same edit stands on many things.
    #[serde(skip)]
    pub folds: Vec<String>,
    /// Why the user's file ignores it, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<String>,
}

/// Two spellings of the same meaning: seen, and no finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Equivalence {
    /// The name of the server.
    pub target: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Why it means the same.
    pub reason: &'static str,
}

/// The decision over all findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The worst severity that is shown; `none` where nothing is.
    #[serde(serialize_with = "severity_or_none")]
    pub severity: Option<Severity>,
    /// What the process exits with.
    pub exit_code: Exit,
    /// What decided the exit code, in a clause.
    pub decided_by: String,
    /// Whether everything that could be compared was.
    pub complete: bool,
}

fn severity_or_none<S: serde::Serializer>(
    severity: &Option<Severity>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.map_or("none", Severity::name))
}

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Breaking findings.
    pub breaking: usize,
    /// Warnings.
    pub warning: usize,
    /// Infos.
    pub info: usize,
    /// Findings that the user's file ignores.
    pub ignored: usize,
}

/// How many items each list has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SurfaceCount {
    /// Tools.
    pub tools: usize,
    /// Prompts.
    pub prompts: usize,
    /// Resources.
    pub resources: usize,
    /// Resource templates.
    pub resource_templates: usize,
}

impl SurfaceCount {
    /// Counts a surface.
    pub fn of(surface: &Surface) -> Self {
        let count = |list| surface.items(list).len();
        Self {
            tools: count(List::Tools),
            prompts: count(List::Prompts),
            resources: count(List::Resources),
            resource_templates: count(List::ResourceTemplates),
        }
    }
}

impl fmt::Display for SurfaceCount {
    /// `13 tools, 1 prompt`: what there is none of is left out, but for tools.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.tools, "tool"),
            (self.prompts, "prompt"),
            (self.resources, "resource"),
            (self.resource_templates, "resource template"),
        ];
        let mut separator = "";
        for (count, noun) in counts {
            if count > 0 || noun == "tool" {
                write!(f, "{separator}{}", text::count(count, noun))?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// Who answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerIdentity {
    /// The name the server gives itself.
    pub name: Option<String>,
    /// The version it gives itself.
    pub version: Option<String>,
    /// The revision of the protocol that was negotiated.
    pub protocol_version: Option<String>,
    /// `stdio`, `streamable-http` or `sse`.
    pub transport: Option<&'static str>,
}

/// A file or capture that was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The path as the user would write it; nothing for a live capture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `sha256:` and the digest over the surface.
    pub digest: String,
}

/// One server of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The name in the configuration, `default` where there is only one.
    pub name: String,
    /// Who answered.
    pub server: ServerIdentity,
    /// How much it offers.
    pub surface: SurfaceCount,
    /// What it was compared with; null without a baseline.
    pub baseline: Option<Side>,
    /// What it is now; null where nothing could be captured.
    pub current: Option<Side>,
    /// What the reader should know besides.
    pub notes: Vec<String>,
    /// How the user named this server on the command line, a blank before it: for the commands that a report advises.
    #[serde(skip)]
    pub typed: String,
    /// The same for `baseline accept`; nothing where what was compared can be approved by none.
    #[serde(skip)]
    pub accepts: Option<String>,
    /// Why this server could not be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<TargetError>,
}

impl Target {
    /// Fills in who answered and how much there is.
    pub fn describe(&mut self, surface: &Surface) {
        self.server = ServerIdentity {
            name: surface.server_name().map(str::to_owned),
            version: surface.server_version().map(str::to_owned),
            protocol_version: surface.protocol_version.clone(),
            transport: surface.transport.map(Transport::name),
        };
        self.surface = SurfaceCount::of(surface);
    }
}

/// Why one server of a run could not be judged. The other servers still are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TargetError {
    /// The stage that failed: `capture`, `baseline`, ….
    pub stage: &'static str,
    /// What was not done.
    pub message: String,
    /// Why.
    pub cause: Option<String>,
    /// Lines that show why: the server's last words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What to try.
    pub next: Option<String>,
    /// What else the reader should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl From<&Failure> for TargetError {
    fn from(failure: &Failure) -> Self {
        Self {
            stage: failure.stage,
            message: failure.message.clone(),
            cause: failure.cause.clone(),
            body: failure.body.clone(),
            next: failure.next.clone(),
            notes: failure.notes.clone(),
        }
    }
}

/// The program that judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// Always `bellwether`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// Everything a run found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The program that judged.
    pub tool: Tool,
    /// The decision.
    pub verdict: Verdict,
    /// The counts.
    pub summary: Summary,
    /// The servers, in the order of the configuration.
    pub targets: Vec<Target>,
    /// The findings, worst first, then by target, place and rule.
    pub findings: Vec<Finding>,
    /// Findings that the user's file ignores, with the reason given there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Finding>,
    /// Findings that the user's thresholds hide, in no order that means anything: for who accepts them with the rest.
    #[serde(skip)]
    pub hidden: Vec<Finding>,
    /// What rules would have found that the user switched off: for who accepts the things that changed by it.
    #[serde(skip)]
    pub off: Vec<Finding>,
    /// What makes the verdict unsure where nothing worse decides it, each in a clause.
    #[serde(skip)]
    pub doubts: Vec<String>,
    /// Differences that change nothing.
    pub equivalences: Vec<Equivalence>,
}
