//! The command line of `init`.

use clap::{Args, ValueEnum};

/// `bellwether init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Overwrite an existing bellwether.yaml; scenarios that are there stay.
    #[arg(long)]
    pub force: bool,
    /// Who will use the file.
    #[arg(long, value_name = "PRESET", default_value = "local")]
    pub preset: Preset,
    /// The server's URL, for a server that runs already.
    #[arg(long, value_name = "URL", conflicts_with = "command")]
    pub url: Option<String>,
    /// The command that starts the server, with its arguments.
    #[arg(value_name = "COMMAND", trailing_var_arg = true)]
    pub command: Vec<String>,
}

/// What a new configuration is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// A developer: a check without a baseline passes.
    Local,
    /// A job that gates merges: a missing baseline is an error.
    Ci,
    /// People who approve servers: louder about changes without a new version.
    Security,
}
