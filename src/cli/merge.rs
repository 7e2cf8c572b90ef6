//! `bellwether baseline merge`

use std::path::PathBuf;

use clap::Args;

/// `bellwether baseline merge`
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// What both sides began with; an empty file where each made the baseline by itself.
    pub base: PathBuf,
    /// The baseline of the branch that is merged into. It is written, unless --output names another file.
    pub ours: PathBuf,
    /// The baseline of the branch that is merged.
    pub theirs: PathBuf,
    /// Write to this file instead of OURS.
    #[arg(long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Who merges, for the entry that joins both trails; by default the git identity.
    #[arg(long, value_name = "WHO")]
    pub accepted_by: Option<String>,
}
