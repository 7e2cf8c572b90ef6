//! The command line of `baseline`: its commands, and `save`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{
    AcceptArgs, BaselineDiffArgs, ConnectionArgs, DiffArgs, LogArgs, MergeArgs, RestoreArgs,
    ReviewArgs, ShowArgs, VerifyArgs,
};

/// `bellwether baseline …`
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Approve a server: save what the last check captured, or a fresh capture, as its baseline
    #[command(after_help = "Examples:\n\
                      \x20 bellwether baseline save                       # what the last check showed\n\
                      \x20 bellwether baseline save --force               # the same, over an older baseline\n\
                      \x20 bellwether baseline save --refresh             # what the server says now, without a check\n\
                      \x20 bellwether baseline save npx -y @scope/server  # without a configuration\n\
                      \x20 bellwether baseline save --from old.json       # converts a file")]
    Save(SaveArgs),
    /// Decide about each finding of the last check, in a conversation: accept, ignore or leave it
    #[command(after_help = "Examples:\n\
                      \x20 bellwether check\n\
                      \x20 bellwether baseline review\n\n\
                      Nothing is written before the last question is answered with yes. It needs a terminal; without one\n\
                      there are `baseline accept` and `ignore:` in the configuration.")]
    Review(ReviewArgs),
    /// Accept the drift that the last check showed, with a reason; no server is asked
    #[command(after_help = "Examples:\n\
                      \x20 bellwether baseline accept --reason 'search got a limit'           # all that drifted\n\
                      \x20 bellwether baseline accept --reason 'wording' --max-severity info\n\
                      \x20 bellwether baseline accept --reason 'retired' --force tools/legacy")]
    Accept(AcceptArgs),
    /// Compare the baseline with what the last check captured, or with a file
    Diff(BaselineDiffArgs),
    /// List what a baseline holds
    #[command(after_help = "Examples:\n\
                      \x20 bellwether baseline show\n\
                      \x20 bellwether baseline show --item tools/search        # one definition, in full\n\
                      \x20 bellwether baseline show --format markdown > surface.md")]
    Show(ShowArgs),
    /// Compare two baseline files, as `diff` does
    Compare(DiffArgs),
    /// Join what two branches made of one baseline, item by item
    ///
    /// Git's merge driver for baselines. What both sides changed in different ways is a conflict: exit 4, and nothing is
    /// written. The acceptances of both sides stay.
    #[command(after_help = "Examples:\n\
                      \x20 git config merge.bellwether.driver 'bellwether baseline merge %O %A %B'\n\
                      \x20 bellwether baseline merge base.json ours.json theirs.json --output merged.json")]
    Merge(MergeArgs),
    /// Prove that baselines are as they were written and their audit trails whole; exit 4 where not
    #[command(after_help = "Examples:\n\
                      \x20 bellwether baseline verify             # every baseline of the configuration\n\
                      \x20 bellwether baseline verify --strict    # for CI: what nobody accepted fails as well")]
    Verify(VerifyArgs),
    /// List who accepted what, when and why, newest first
    #[command(after_help = "Examples:\n\
                      \x20 bellwether baseline log\n\
                      \x20 bellwether baseline log --format markdown > decisions.md")]
    Log(LogArgs),
    /// Bring an earlier state back as the expected one, and record it
    #[command(after_help = "Examples:\n\
                      \x20 bellwether baseline log                          # numbers and hashes of the decisions\n\
                      \x20 bellwether baseline restore 3 --reason 'rolled back to 2.4'\n\
                      \x20 bellwether check                                 # how does the server differ from it?")]
    Restore(RestoreArgs),
}

/// `bellwether baseline save`
#[derive(Debug, Args)]
pub struct SaveArgs {
    /// Overwrite a baseline that differs.
    #[arg(long)]
    pub force: bool,
    /// Ask the server again instead of saving what the last check captured.
    #[arg(long)]
    pub refresh: bool,
    /// How many captures to compare, each in a fresh process, so that what a server changes at random is told from what
    /// was approved; 1 asks it no more than needed.
    #[arg(long, value_name = "N", default_value_t = 2, conflicts_with = "from",
        value_parser = clap::value_parser!(u8).range(1..=10))]
    pub captures: u8,
    /// Save this file (a snapshot, raw capture or older baseline) instead of a capture.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["refresh", "target"])]
    pub from: Option<PathBuf>,
    /// Save to this path instead of the one of the configuration.
    #[arg(long, value_name = "PATH")]
    pub baseline: Option<PathBuf>,
    /// Which server.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}
