//! The command line of what approves drift: `baseline accept`, `check --accept-drift`, `baseline diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ConfigArgs, ConnectionArgs, ReportArgs};
use crate::report::Severity;

/// `bellwether baseline accept`
#[derive(Debug, Args)]
pub struct AcceptArgs {
    /// What to accept, whole: tools/NAME, prompts/NAME, resources/URI, resourceTemplates/TEMPLATE, instructions,
    /// capabilities/NAME, scenarios/NAME, server, or what a finding with this fingerprint touches. All by default.
    #[arg(value_name = "SELECTOR")]
    pub selectors: Vec<String>,
    /// Accept what findings of this rule touch (repeatable).
    #[arg(long, value_name = "ID")]
    pub rule: Vec<String>,
    /// Accept what findings up to this severity touch. A thing that has a worse one as well is refused by name: to take
    /// the others, name them too (tools/NAME --max-severity info); to take all of it, name it without --max-severity.
    #[arg(long, value_name = "LEVEL")]
    pub max_severity: Option<Most>,
    /// Why this is accepted. It is recorded in the baseline.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who accepts it, and what the record says besides.
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Accept breaking drift, too; with --refresh also what the last check did not show.
    #[arg(long)]
    pub force: bool,
    /// Say what would be accepted; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Ask the server again, print the drift, and accept it where it is what the last check showed.
    #[arg(long)]
    pub refresh: bool,
    /// Accept only the reviewed state with this digest: targets[].current.digest of `check --format json`.
    #[arg(long, value_name = "DIGEST")]
    pub expect: Option<String>,
    /// Change this baseline file instead of the one of the configuration.
    #[arg(long, value_name = "PATH")]
    pub baseline: Option<PathBuf>,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
    /// Only this server of `servers:` (repeatable).
    #[arg(long, value_name = "NAME")]
    pub server: Vec<String>,
    /// The server that was checked, where it is not in the configuration: a command or URL, behind `--`.
    #[arg(last = true, value_name = "COMMAND|URL")]
    pub target: Vec<String>,
}

/// What a decision records besides the reason.
#[derive(Debug, Args)]
pub struct DecisionArgs {
    /// Who accepts it; by default git's user, else $GITHUB_ACTOR or $GITLAB_USER_LOGIN.
    #[arg(long, value_name = "WHO")]
    pub accepted_by: Option<String>,
    /// Where it is tracked.
    #[arg(long, value_name = "TEXT")]
    pub ticket: Option<String>,
    /// The last day before it is due for review: 2027-03-01.
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
}

/// The worst severity that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Most {
    /// Only info.
    Info,
    /// Up to warnings.
    Warning,
    /// Everything.
    Breaking,
}

/// Options of `check` that accept what it found.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Accepting")]
pub struct AcceptDriftArgs {
    /// Accept the drift that is found, and record that in the baseline.
    #[arg(long, requires = "accept_reason", conflicts_with_all = ["no_write", "dry_run", "against"])]
    pub accept_drift: bool,
    /// Why it is accepted.
    #[arg(long, value_name = "TEXT", requires = "accept_drift")]
    pub accept_reason: Option<String>,
    /// Who accepts it; by default git's user, else $GITHUB_ACTOR or $GITLAB_USER_LOGIN.
    #[arg(long, value_name = "WHO", requires = "accept_drift")]
    pub accepted_by: Option<String>,
    /// Accept breaking drift, too.
    #[arg(long, requires = "accept_drift")]
    pub force: bool,
}

/// `bellwether baseline diff`
#[derive(Debug, Args)]
pub struct BaselineDiffArgs {
    /// What to compare the baseline with: a baseline, snapshot, raw capture or tools/list result. By default what the
    /// last check captured.
    pub new: Option<PathBuf>,
    /// The baseline; by default the one of the configuration.
    #[arg(long, value_name = "PATH")]
    pub baseline: Option<PathBuf>,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
    /// Only this server of `servers:`.
    #[arg(long, value_name = "NAME")]
    pub server: Option<String>,
    /// The server that was checked, where it is not in the configuration: a command or URL, behind `--`.
    #[arg(last = true, value_name = "COMMAND|URL")]
    pub target: Vec<String>,
    /// What the report looks like.
    #[command(flatten)]
    pub report: ReportArgs,
}

impl Most {
    /// As a severity.
    pub fn severity(self) -> Severity {
        match self {
            Self::Info => Severity::Info,
            Self::Warning => Severity::Warning,
            Self::Breaking => Severity::Breaking,
        }
    }
}

impl AcceptArgs {
    /// Which servers.
    pub fn connection(&self) -> ConnectionArgs {
        ConnectionArgs::naming(&self.file, &self.server, &self.target)
    }
}

impl BaselineDiffArgs {
    /// Which server.
    pub fn connection(&self) -> ConnectionArgs {
        let server: Vec<String> = self.server.iter().cloned().collect();
        ConnectionArgs::naming(&self.file, &server, &self.target)
    }
}

impl ConnectionArgs {
    /// Names servers and nothing else, for commands that ask none of them.
    pub(super) fn naming(file: &ConfigArgs, server: &[String], target: &[String]) -> Self {
        Self {
            file: file.clone(),
            server: server.to_vec(),
            protocol_version: "auto".to_owned(),
            target: target.to_vec(),
            ..Self::default()
        }
    }
}
