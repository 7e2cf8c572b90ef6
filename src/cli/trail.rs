//! The command lines about the audit trail of a baseline.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigArgs, Format, PageFormat};

/// `bellwether baseline verify`
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The baseline; by default every one of the configuration.
    pub path: Option<PathBuf>,
    /// Let an unreviewed change fail as damage does.
    #[arg(long)]
    pub strict: bool,
    /// How to print what was found.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    /// Only this server of `servers:` (repeatable).
    #[arg(long, value_name = "NAME")]
    pub server: Vec<String>,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
}

/// `bellwether baseline log`
#[derive(Debug, Args)]
pub struct LogArgs {
    /// The baseline; by default every one of the configuration.
    pub path: Option<PathBuf>,
    /// How to print the decisions.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: PageFormat,
    /// Only this server of `servers:` (repeatable).
    #[arg(long, value_name = "NAME")]
    pub server: Vec<String>,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
}

/// `bellwether baseline restore`
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The state to bring back: the number of a decision in the log, the beginning of its hash, or 0 for what was saved
    /// first.
    pub entry: String,
    /// Why; it is recorded.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who decides, instead of the git identity.
    #[arg(long, value_name = "WHO")]
    pub accepted_by: Option<String>,
    /// Where it is tracked; it is recorded.
    #[arg(long, value_name = "TEXT")]
    pub ticket: Option<String>,
    /// Show what would change; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Restore from a baseline that is damaged.
    #[arg(long)]
    pub force: bool,
    /// Restore this file instead of the one of the configuration.
    #[arg(long, value_name = "PATH")]
    pub baseline: Option<PathBuf>,
    /// Only this server of `servers:`.
    #[arg(long, value_name = "NAME")]
    pub server: Option<String>,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
}
