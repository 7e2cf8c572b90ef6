//! One file a command: wiring, no judgement.

mod accept;
mod accept_drift;
mod acceptance;
mod again;
mod approved;
mod baseline_diff;
pub mod check;
mod checked;
pub mod compat;
pub mod completions;
mod decided;
pub mod diff;
pub mod docs;
mod elsewhere;
pub mod explain;
mod found;
pub mod init;
mod kept;
mod live;
mod log;
pub mod merge;
pub mod mock;
mod output;
mod probing;
mod recorded;
mod rehearsal;
mod restore;
mod review;
mod reviewed;
pub mod rules;
pub mod save;
pub mod schema;
pub mod show;
pub mod snapshot;
mod target;
mod together;
mod trails;
pub mod validate_config;
mod verify;
mod who;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::cli::{BaselineCommand, Cli, Command, ConfigArgs};
use crate::config::{self, Loaded, Request, Servers};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::term::Terminal;

/// Room on the stack for the nesting that is read and compared by recursion; pages that are not touched cost nothing.
pub const STACK: usize = 64 << 20;

/// What every command works with.
pub struct Context {
    /// Where it prints.
    pub terminal: Terminal,
    /// The present folder.
    pub cwd: PathBuf,
    /// This program, to serve a mock.
    pub exe: PathBuf,
}

impl Context {
    /// The configuration, for commands that ask no server.
    fn configuration(&self, args: &ConfigArgs) -> Result<Loaded, Failure> {
        config::load(&Request {
            explicit: args.config.as_deref(),
            cwd: &self.cwd,
            known_rules: &crate::rules::ids(),
            servers: Servers::Unused,
        })
    }
}

/// Runs a command, prints what it has to say, and gives the exit code. A failure is printed and is exit 4.
pub fn run(cli: &Cli) -> Exit {
    let terminal = Terminal::new(&cli.terminal);
    let result = match (std::env::current_dir(), std::env::current_exe()) {
        (Ok(cwd), Ok(exe)) => dispatch(
            &cli.command,
            &Context {
                terminal: terminal.clone(),
                cwd,
                exe,
            },
        ),
        (Err(error), _) => Err(Failure::new("usage", "could not run here")
            .cause(match error.kind() {
                ErrorKind::NotFound => "the present folder is gone".to_owned(),
                _ => format!(
                    "the present folder is out of reach: {}",
                    files::reason(&error)
                ),
            })
            .next("change to another folder (cd) and run it again")),
        (_, Err(error)) => Err(Failure::new(
            "usage",
            "could not find out where this program is installed",
        )
        .cause(files::reason(&error))),
    };
    result.unwrap_or_else(|failure| {
        terminal.failure(&failure);
        Exit::Error
    })
}

fn dispatch(command: &Command, context: &Context) -> Result<Exit, Failure> {
    let ids = crate::rules::ids();
    let mut out = context.terminal.stdout();
    match command {
        Command::Init(args) => init::run(args, &context.cwd, &ids, &mut out),
        Command::Check(args) => check::run(args, context),
        Command::Snapshot(args) => snapshot::run(args, context),
        Command::Diff(args) | Command::Baseline(BaselineCommand::Compare(args)) => {
            diff::run(args, context)
        }
        Command::Baseline(BaselineCommand::Save(args)) => save::run(args, context),
        Command::Baseline(BaselineCommand::Merge(args)) => merge::run(args, context),
        Command::Baseline(BaselineCommand::Show(args)) => show::run(args, context),
        Command::Baseline(BaselineCommand::Review(args)) => review::run(args, context),
        Command::Baseline(BaselineCommand::Accept(args)) => accept::run(args, context),
        Command::Baseline(BaselineCommand::Diff(args)) => baseline_diff::run(args, context),
        Command::Baseline(BaselineCommand::Verify(args)) => verify::run(args, context),
        Command::Baseline(BaselineCommand::Log(args)) => log::run(args, context),
        Command::Baseline(BaselineCommand::Restore(args)) => restore::run(args, context),
        Command::Compat(args) => compat::run(args, context),
        Command::Rules(args) => rules::run(args, context),
        Command::Explain(args) => explain::run(args, context),
        Command::Docs(args) => docs::run(args, context),
        Command::ValidateConfig(args) => {
            validate_config::run(args, &context.cwd, &env, &context.exe, &ids, &mut out)
        }
        Command::Mock(args) => mock::run(args, &mut std::io::stderr()),
        Command::Completions(args) => completions::run(args, &mut out),
        Command::Schema(args) => schema::run(args, &ids, &mut out),
    }
}

/// Reads two files at the same time: reading is most of the work. OLD's failure comes first, as if it were read first.
fn read_both<T: Send>(
    (old, new): (&Path, &Path),
    read: impl Fn(&Path) -> Result<T, Failure> + Sync,
) -> Result<(T, T), Failure> {
    std::thread::scope(|scope| {
        let later = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || read(new));
        let old = read(old)?;
        let new = match later {
            Ok(later) => later.join().expect("a panic ends the whole program"),
            // A system that has no thread to spare.
            Err(_) => read(new),
        }?;
        Ok((old, new))
    })
}

/// The value of an environment variable, where it is set and text.
pub(crate) fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
