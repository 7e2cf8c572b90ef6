//! `bellwether diff OLD NEW`: two files compared offline.

use std::io::Write;
use std::path::Path;

use super::put;
use crate::cli::DiffArgs;
use crate::diff::compare;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::parse;
use crate::policy::{Policy, Subject, judge};
use crate::report::{self, Report, ServerIdentity, Side, SurfaceCount, Target};
use crate::surface::{List, Surface};

/// Compares the files, prints the report, and says how bad it is.
///
/// # Errors
/// A file that cannot be read or is no surface.
pub fn run(args: &DiffArgs, policy: &Policy, out: &mut dyn Write) -> Result<Exit, Failure> {
    let report = judged(
        &read(&args.old)?,
        &args.old,
        &read(&args.new)?,
        &args.new,
        policy,
    );
    put(out, &report::json::render(&report))?;
    Ok(report.verdict.exit_code)
}

fn judged(
    old: &Surface,
    old_path: &Path,
    new: &Surface,
    new_path: &Path,
    policy: &Policy,
) -> Report {
    let side = |surface: &Surface, path: &Path| Side {
        path: Some(path.display().to_string()),
        digest: surface.digest(),
    };
    let target = Target {
        name: "default".to_owned(),
        server: ServerIdentity {
            name: new.server_name().map(str::to_owned),
            version: new.server_version().map(str::to_owned),
            protocol_version: new.protocol_version.clone(),
            transport: new.transport.map(crate::surface::Transport::name),
        },
        surface: SurfaceCount {
            tools: new.items(List::Tools).len(),
            prompts: new.items(List::Prompts).len(),
            resources: new.items(List::Resources).len(),
            resource_templates: new.items(List::ResourceTemplates).len(),
        },
        baseline: Some(side(old, old_path)),
        current: Some(side(new, new_path)),
        ..Target::default()
    };
    let comparison = Some(compare(old, new));
    judge(vec![Subject { target, comparison }], policy)
}

fn read(path: &Path) -> Result<Surface, Failure> {
    let name = path.display();
    let failure = || Failure::new("diff", "nothing was compared");
    let text = std::fs::read_to_string(path).map_err(|error| {
        failure()
            .cause(format!("could not read {name}: {error}"))
            .next("check the path")
    })?;
    let json = parse(&text).map_err(|error| {
        failure()
            .cause(format!("{name}, {error}"))
            .next("give two baselines, snapshots, raw captures or tools/list results")
    })?;
    Surface::from_document(&json).map_err(|error| {
        failure()
            .cause(format!("{name} holds no surface: {error}"))
            .next("give two baselines, snapshots, raw captures or tools/list results")
    })
}
