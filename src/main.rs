//! Parse, run, exit.
#![allow(clippy::print_stderr, reason = "stands in for the real dispatcher")]

use std::process::ExitCode;

use bellwether::cli::{Cli, Command};
use bellwether::commands;
use bellwether::exit::Exit;
use bellwether::policy::{Policy, Threshold};
use clap::Parser as _;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Error
            } else {
                Exit::Clean
            }
            .into();
        }
    };
    let mut policy = Policy::default();
    let mut out = std::io::stdout().lock();
    let done = match &cli.command {
        Command::Diff(args) => {
            let flag = |level: Option<bellwether::cli::Level>, name: &str| {
                level.map(|level| Threshold {
                    level: level.severity(),
                    source: format!("{name} {}", level.name()),
                })
            };
            policy.fail_on = flag(args.report.fail_on_severity, "--fail-on-severity");
            policy.minimum = flag(args.report.min_severity, "--min-severity");
            commands::diff::run(args, &policy, &mut out)
        }
        Command::Rules(args) => commands::rules::run(args, &policy, &mut out),
        Command::Explain(args) => commands::explain::run(args, &policy, &mut out),
        _ => return Exit::Error.into(),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("error[{}]: {failure}", failure.stage);
            if let Some(next) = &failure.next {
                eprintln!("   = next: {next}");
            }
            Exit::Error.into()
        }
    }
}
