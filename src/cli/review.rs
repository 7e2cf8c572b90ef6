//! The command line of `baseline review`.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigArgs, ConnectionArgs, DecisionArgs};

/// `bellwether baseline review`
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// Who accepts, and what the record says besides of all that is accepted.
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Change this baseline file instead of the one of the configuration.
    #[arg(long, value_name = "PATH")]
    pub baseline: Option<PathBuf>,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
    /// Only this server of `servers:` (repeatable).
    #[arg(long, value_name = "NAME")]
    pub server: Vec<String>,
    /// The server that was checked, where it is not in the configuration: a command or URL, as `check` had it.
    #[arg(value_name = "COMMAND|URL", trailing_var_arg = true)]
    pub target: Vec<String>,
}

impl ReviewArgs {
    /// Which servers.
    pub fn connection(&self) -> ConnectionArgs {
        ConnectionArgs::naming(&self.file, &self.server, &self.target)
    }
}
