//! Parse, run, exit.

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use bellwether::cli::Cli;
use bellwether::exit::Exit;
use bellwether::report::{self, Style};
use bellwether::term::unprinted;
use bellwether::{capture, commands};
use clap::Parser as _;

/// A surface is a great many small values, read on one thread and compared on another. This allocator halves what that
/// costs beside that of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    end_servers_on_panic();
    let worker = std::thread::Builder::new()
        .stack_size(commands::STACK)
        .spawn(run);
    let exit = worker
        .ok()
        .and_then(|worker| worker.join().ok())
        .unwrap_or(Exit::Error);
    exit.into()
}

fn run() -> Exit {
    match Cli::try_parse() {
        Ok(cli) => commands::run(&cli),
        Err(help_or_error) => {
            let printed = help_or_error.print();
            match printed {
                _ if help_or_error.use_stderr() => {
                    let last = "\nexit 4: the command line is incomplete or has a mistake\n";
                    let _ = std::io::stderr().write_all(last.as_bytes());
                    Exit::Error
                }
                // A reader that went away is no error of ours.
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    let failure = report::failure::render(&unprinted(&error), &Style::default());
                    let _ = std::io::stderr().write_all(failure.as_bytes());
                    Exit::Error
                }
                _ => Exit::Clean,
            }
        }
    }
}

/// A panic is our own fault: it leaves no server behind, says where it happened, and is exit 4 like every failure.
#[allow(
    clippy::exit,
    reason = "the release build aborts on a panic, which would not be one of our exit codes"
)]
fn end_servers_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        capture::kill_all();
        let _ = writeln!(
            std::io::stderr(),
            "error[internal]: bellwether {} has a bug; nothing was judged\n  = cause: {panic}\n  \
             = next: report it with the command and this text\nexit 4: a bug",
            env!("CARGO_PKG_VERSION"),
        );
        std::process::exit(Exit::Error.code().into());
    }));
}
