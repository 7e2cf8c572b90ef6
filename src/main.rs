//! Parse, run, exit.

use std::io::Write;
use std::process::ExitCode;

use bellwether::cli::{Cli, Command};
use bellwether::commands;
use bellwether::exit::Exit;
use clap::Parser;

fn main() -> ExitCode {
    let outcome = match &Cli::parse().command {
        Command::Mock(args) => commands::mock::run(args, &mut std::io::stderr()),
        _ => Ok(Exit::Error),
    };
    let exit = outcome.unwrap_or_else(|failure| {
        let _ = writeln!(std::io::stderr(), "error[{}]: {failure}", failure.stage);
        Exit::Error
    });
    exit.into()
}
