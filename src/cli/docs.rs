//! The command line of `docs`.

use clap::Args;

use super::ConfigArgs;

/// `bellwether docs`
#[derive(Debug, Args)]
pub struct DocsArgs {
    /// Write nothing: exit 4 where the file is missing or not what the baseline comes to.
    #[arg(long, conflicts_with = "force")]
    pub check: bool,
    /// Overwrite a file of that name that bellwether did not write.
    #[arg(long)]
    pub force: bool,
    /// Only this server of `servers:` (repeatable).
    #[arg(long, value_name = "NAME")]
    pub server: Vec<String>,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
}
