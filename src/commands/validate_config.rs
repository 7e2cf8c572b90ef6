//! `bellwether validate-config`: every problem of the configuration in one run.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use crate::capture::spec::Endpoint;
use crate::cli::ValidateConfigArgs;
use crate::config::scenarios::Scripted;
use crate::config::types::Probe;
use crate::config::{self, Loaded, Lookup, Request, Servers, quoted, shown};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::surface::Transport;
use crate::term::unprinted;

/// Reads the configuration and the scenarios that it names as `check` would, variables included, and says what is in
/// them. No server is asked.
///
/// # Errors
/// Every problem of the files; no configuration at all.
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
    let scripted = loaded.scenarios(cwd, env)?;
    let mut text = summary(&loaded, &shown(path, cwd));
    if let Some(scripted) = &scripted {
        scenarios(scripted, &loaded, &mut text);
    }
    for note in &loaded.notes {
        let _ = writeln!(text, "note: {note}");
    }
    out.write_all(text.as_bytes())
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
    text
}

/// What is in the scenario file, and why nothing of it would be called.
fn scenarios(scripted: &Scripted, loaded: &Loaded, text: &mut String) {
    let _ = writeln!(text, "{}: ok", scripted.shown);
    let all = &scripted.suite.scenarios;
    let tags = loaded.config.scenarios.tags.as_deref().unwrap_or_default();
    let picked = all.iter().filter(|scenario| scenario.is_tagged(tags));
    let picked = picked.count();
    let _ = match tags {
        [] => writeln!(text, "  scenarios: {}", all.len()),
        tags => writeln!(
            text,
            "  scenarios: {picked} of {} ({})",
            all.len(),
            tags.iter()
                .map(|tag| quoted(tag))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    if loaded.config.check.probe.unwrap_or_default() == Probe::None && picked > 0 {
        text.push_str(
            "note: no scenario is called: `check.probe` is `none`; `scenarios` lets `check` call them\n",
        );
    }
}
