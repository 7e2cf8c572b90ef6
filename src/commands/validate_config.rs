//! `bellwether validate-config`: every problem of the configuration in one run.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use crate::capture::spec::Endpoint;
use crate::cli::ValidateConfigArgs;
use crate::config::{self, Loaded, Lookup, Request, Servers, shown};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::surface::Transport;
use crate::term::unprinted;

/// Reads the configuration as `check` would, variables included, and says what is in it. No server is asked.
///
/// # Errors
/// Every problem of the file; no file at all.
pub fn run(
    args: &ValidateConfigArgs,
    cwd: &Path,
    env: Lookup<'_>,
    exe: &Path,
    known_rules: &[&str],
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let loaded = config::load(&Request {
        explicit: args.path.as_deref().or(args.file.config.as_deref()),
        cwd,
        known_rules,
        servers: Servers::Used {
            names: &[],
            env,
            exe,
        },
    })?;
    let Some(path) = &loaded.path else {
        return Err(
            Failure::new("config", "there is no configuration to validate")
                .cause("no bellwether.yaml in this folder or above it")
                .next("write one with `bellwether init`, or name one with --config"),
        );
    };
    out.write_all(summary(&loaded, &shown(path, cwd)).as_bytes())
        .map_err(|error| unprinted(&error))?;
    Ok(Exit::Clean)
}

fn summary(loaded: &Loaded, path: &str) -> String {
    let mut text = format!("{path}: ok\n");
    let servers: Vec<String> = loaded
        .servers
        .iter()
        .map(|server| {
            let transport = match &server.spec.endpoint {
                Endpoint::Command(_) => Transport::Stdio,
                Endpoint::Url(url) => url.transport,
            };
            format!("{} ({})", server.spec.name, transport.name())
        })
        .collect();
    let servers = match servers.len() {
        0 => "none: give `check` a command or a URL".to_owned(),
        _ => servers.join(", "),
    };
    let _ = writeln!(text, "  servers: {servers}");
    for (what, count) in [
        ("rules changed", loaded.config.rules.0.len()),
        ("findings ignored", loaded.config.ignore.len()),
    ] {
        if count > 0 {
            let _ = writeln!(text, "  {what}: {count}");
        }
    }
    for note in &loaded.notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
}
