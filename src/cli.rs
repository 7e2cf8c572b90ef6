//! The command line: clap types only.

mod accept;
mod baseline;
mod compat;
mod docs;
mod init;
mod merge;
mod review;
mod show;
mod trail;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use accept::{AcceptArgs, AcceptDriftArgs, BaselineDiffArgs, DecisionArgs, Most};
pub use baseline::{BaselineCommand, SaveArgs};
pub use compat::{CompatArgs, Dialect, Direction};
pub use docs::DocsArgs;
pub use init::{InitArgs, Preset};
pub use merge::{MergeArgs, Side};
pub use review::ReviewArgs;
pub use show::{PageFormat, ShowArgs};
pub use trail::{LogArgs, RestoreArgs, VerifyArgs};

use crate::config::types::Level;

/// Tells you when an MCP server has drifted from what you approved.
#[derive(Debug, Parser)]
#[command(
    name = "bellwether",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 no drift, 1 info, 2 warning, 3 breaking, 4 nothing could be judged, 5 low confidence.\n\n\
                  First steps:\n  \
                    bellwether init npx -y @scope/server   # or a URL: writes bellwether.yaml\n  \
                    bellwether check                       # shows what the server offers\n  \
                    bellwether baseline save               # approves it; commit what this writes\n  \
                    bellwether check                       # from now on: has it drifted?"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to talk.
    #[command(flatten)]
    pub terminal: TerminalArgs,
}

/// Options about output that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct TerminalArgs {
    /// Say less: findings and verdict; -qq: nothing but the exit code.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub quiet: u8,
    /// Say more: whole values, the reasons for infos, differences that change nothing.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Show no progress on standard error.
    #[arg(long, global = true)]
    pub no_progress: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// In a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented bellwether.yaml for a server, and scenarios to fill in
    #[command(after_help = "Examples:\n\
                      \x20 bellwether init npx -y @scope/server\n\
                      \x20 bellwether init --preset ci --url https://example.com/mcp")]
    Init(InitArgs),
    /// Compare a server with its baseline and set the exit code
    #[command(after_help = "Examples:\n\
                      \x20 bellwether check                               # the servers of bellwether.yaml\n\
                      \x20 bellwether check npx -y @scope/server          # a command; flags of bellwether go before it\n\
                      \x20 bellwether check https://example.com/mcp       # a URL\n\
                      \x20 bellwether check --server files --format json  # one of several servers, for a program\n\
                      \x20 bellwether check --dry-run                     # which tools would it call? none of them yet\n\
                      \x20 bellwether check --against 'npx -y @scope/server@1.0.0' node ./server.js\n\
                      \x20 bellwether check --fail-on-severity breaking   # for CI: milder drift exits 0, no baseline 4")]
    Check(CheckArgs),
    /// Print what a server says about itself; judge nothing
    #[command(after_help = "Examples:\n\
                      \x20 bellwether snapshot npx -y @scope/server > before.json\n\
                      \x20 bellwether snapshot --format human https://example.com/mcp\n\
                      \x20 bellwether snapshot --raw --server files       # byte for byte")]
    #[command(visible_alias = "discover")]
    Snapshot(SnapshotArgs),
    /// Compare two files: baselines, snapshots, raw captures or tools/list results
    #[command(after_help = "Examples:\n\
                      \x20 bellwether diff before.json after.json\n\
                      \x20 bellwether diff .bellwether/bellwether-baseline.json after.json --min-severity warning")]
    Diff(DiffArgs),
    /// Compare two JSON Schemas: prove that nothing that worked is lost, or show what is
    ///
    /// It looks for a value that one schema accepts and the other refuses, over all JSON values. The answer is
    /// equivalent or compatible (exit 0, proven), breaking (exit 3, with such a value) or unknown (exit 2, with the
    /// reason). References to other documents are never fetched.
    #[command(after_help = "Examples:\n\
                      \x20 bellwether compat before.schema.json after.schema.json --direction input\n\
                      \x20 bellwether compat old.json new.json --direction output --dialect draft7 --format json\n\n\
                      Exit codes: 0 equivalent or compatible, 2 unknown, 3 breaking, 4 nothing could be judged.")]
    Compat(CompatArgs),
    /// Approve a server, accept its drift with a reason, and prove who did so
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// List the rules that judge a change, with their severities
    Rules(RulesArgs),
    /// Explain one rule: why it matters, what to do, how to change it
    #[command(after_help = "Examples:\n\
                      \x20 bellwether explain tool-removed")]
    Explain(ExplainArgs),
    /// Write CONTRACT.md from the baseline: what was approved, for people
    ///
    /// One file for each of `servers:`, CONTRACT-NAME.md; the folder is `output.docsDir`. No server is asked.
    #[command(after_help = "Examples:\n\
                      \x20 bellwether docs\n\
                      \x20 bellwether docs --check    # for CI: exit 4 where the file is out of date")]
    Docs(DocsArgs),
    /// Report every problem in the configuration and its scenarios; ask no server
    ValidateConfig(ValidateConfigArgs),
    /// Serve a baseline, snapshot or raw capture as an MCP server
    #[command(after_help = "Examples:\n\
                      \x20 bellwether mock .bellwether/bellwether-baseline.json\n\
                      \x20 bellwether mock snapshot.json --http 127.0.0.1:8080   # at http://127.0.0.1:8080/mcp\n\
                      \x20 bellwether check bellwether mock snapshot.json        # check what it serves")]
    Mock(MockArgs),
    /// Print a completion script for a shell
    #[command(after_help = "Examples:\n\
                      \x20 bellwether completions bash > ~/.local/share/bash-completion/completions/bellwether")]
    Completions(CompletionsArgs),
    /// Print the JSON Schema of a file format
    #[command(after_help = "Examples:\n\
                      \x20 bellwether schema config > .bellwether/config.schema.json\n\
                      \x20 bellwether schema scenarios > .bellwether/scenarios.schema.json")]
    Schema(SchemaArgs),
}

/// Which configuration file.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    /// Use this configuration file instead of looking for bellwether.yaml upwards.
    #[arg(long, value_name = "PATH", env = "BELLWETHER_CONFIG")]
    pub config: Option<PathBuf>,
}

/// Which server, and how to reach it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
    /// Only this server of `servers:` (repeatable).
    #[arg(long, value_name = "NAME")]
    pub server: Vec<String>,
    /// Send this HTTP header (repeatable). For secrets better `headers:` and ${VAR} in the configuration.
    #[arg(short = 'H', long, value_name = "NAME: VALUE")]
    pub header: Vec<String>,
    /// Set this environment variable for the server (repeatable). For secrets better `env:` and ${VAR}.
    #[arg(long, value_name = "NAME=VALUE")]
    pub env: Vec<String>,
    /// How long one request may take: 30s, 500ms; start-up may take twice that, a whole capture three times.
    #[arg(long, value_name = "DURATION")]
    pub timeout: Option<String>,
    /// Ask for this revision of the protocol, such as 2025-11-25; `auto` finds one.
    #[arg(long, value_name = "VERSION", default_value = "auto")]
    pub protocol_version: String,
    /// The server: a command with its arguments, or a URL. It replaces `server:` of the configuration.
    // No `allow_hyphen_values`: it would take a mistyped option of ours for the server's command.
    #[arg(
        value_name = "COMMAND|URL",
        help_heading = None::<&'static str>,
        trailing_var_arg = true
    )]
    pub target: Vec<String>,
}

/// `bellwether check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Compare with this baseline file; a missing one is an error.
    #[arg(long, value_name = "PATH")]
    pub baseline: Option<PathBuf>,
    /// Compare with this server or file instead of the baseline: a command, a URL, a snapshot. Two servers are measured
    /// side by side.
    #[arg(long, value_name = "COMMAND|URL|FILE", conflicts_with = "baseline")]
    pub against: Option<String>,
    /// Print every call that `check.probe` and the scenarios allow, and what is not called and why; call nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// What the report looks like.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Let any drift fail, whatever threshold is named; a missing baseline is then an error.
    #[arg(long)]
    pub fail_on_drift: bool,
    /// Write no file, not even .bellwether/last-check.json.
    #[arg(long)]
    pub no_write: bool,
    /// Accepting in the same step.
    #[command(flatten)]
    pub accepting: AcceptDriftArgs,
    /// Which server.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// Options about the report and what counts in it.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// How to print the report.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    /// Exit 0 for drift below this; a missing baseline is then an error.
    #[arg(long, value_name = "LEVEL")]
    pub fail_on_severity: Option<Level>,
    /// Hide findings below this; what is hidden counts for nothing.
    #[arg(long, value_name = "LEVEL")]
    pub min_severity: Option<Level>,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[value(alias = "text")]
    Human,
    /// For programs: one JSON document.
    Json,
}

/// `bellwether snapshot`
#[derive(Debug, Args)]
pub struct SnapshotArgs {
    /// Print each item's bytes as the server sent them.
    #[arg(long, conflicts_with = "format")]
    pub raw: bool,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    pub format: Format,
    /// Which server.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// `bellwether diff` and `bellwether baseline compare`
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The file with what was: a baseline, snapshot, raw capture or tools/list result.
    pub old: PathBuf,
    /// The file with what is now, of any of these kinds.
    pub new: PathBuf,
    /// Which configuration file (for its rules and severities).
    #[command(flatten)]
    pub file: ConfigArgs,
    /// What the report looks like.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// `bellwether rules`
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// How to print the catalogue.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    /// Which configuration file (for severities that it changes).
    #[command(flatten)]
    pub file: ConfigArgs,
}

/// `bellwether explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule's id, as a report shows it in brackets.
    pub rule: String,
    /// Which configuration file (for severities that it changes).
    #[command(flatten)]
    pub file: ConfigArgs,
}

/// `bellwether validate-config`
#[derive(Debug, Args)]
pub struct ValidateConfigArgs {
    /// The file; by default the one that `check` would use.
    pub path: Option<PathBuf>,
    /// Which configuration file.
    #[command(flatten)]
    pub file: ConfigArgs,
}

/// `bellwether mock`
#[derive(Debug, Args)]
pub struct MockArgs {
    /// A baseline, snapshot or raw capture, as `snapshot` and `baseline save` write them.
    pub file: PathBuf,
    /// Serve streamable HTTP on this address (`127.0.0.1:0` picks a free port) instead of stdio.
    #[arg(long, value_name = "ADDR")]
    pub http: Option<std::net::SocketAddr>,
}

/// `bellwether completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// `bellwether schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which format.
    pub format: SchemaFormat,
}

/// A file format with a published schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    /// bellwether.yaml
    Config,
    /// bellwether-tests.yaml
    Scenarios,
}
