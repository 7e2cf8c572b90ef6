//! `bellwether completions`: a script that teaches a shell our commands and flags.

use std::io::Write;

use clap::CommandFactory as _;

use crate::cli::{Cli, CompletionsArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::term::unprinted;

/// Prints the script.
///
/// # Errors
/// Output that cannot be written.
pub fn run(args: &CompletionsArgs, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "bellwether", &mut script);
    out.write_all(&script).map_err(|error| unprinted(&error))?;
    Ok(Exit::Clean)
}
