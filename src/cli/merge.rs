//! `bellwether baseline merge`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `bellwether baseline merge`
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// What both sides began with; an empty file where each made the baseline by itself.
    pub base: PathBuf,
    /// The baseline of the branch that is merged into. It is written, unless --output names another file.
    pub ours: PathBuf,
    /// The baseline of the branch that is merged.
    pub theirs: PathBuf,
    /// Write to this file instead of OURS. Another one that is there is replaced only where none of its decisions is lost.
    #[arg(long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Where both sides changed the same thing, take it from this one; without it that is a conflict.
    #[arg(long, value_name = "SIDE")]
    pub prefer: Option<Side>,
    /// Where the baseline stands in the repository, for what is said of it (git's %P).
    #[arg(long, value_name = "PATH")]
    pub path: Option<String>,
    /// Who merges, for the entry that joins both trails; by default the git identity.
    #[arg(long, value_name = "WHO")]
    pub accepted_by: Option<String>,
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Side {
    /// The branch that is merged into.
    Ours,
    /// The branch that is merged.
    Theirs,
}
