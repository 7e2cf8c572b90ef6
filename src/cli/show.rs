//! The command line of `baseline show`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ConfigArgs;

/// `bellwether baseline show`
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The baseline; by default the one of the configuration.
    pub path: Option<PathBuf>,
    /// Only this item, its texts in full: tools/NAME, prompts/NAME, resources/URI, resourceTemplates/TEMPLATE (repeatable).
    #[arg(long, value_name = "ITEM")]
    pub item: Vec<String>,
    /// Only this server of `servers:`.
    #[arg(long, value_name = "NAME")]
    pub server: Option<String>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: PageFormat,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
}

/// How what is kept is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// For people.
    #[value(alias = "text")]
    Human,
    /// For programs: one JSON document.
    Json,
    /// For a page, a comment or a pull request.
    Markdown,
}
