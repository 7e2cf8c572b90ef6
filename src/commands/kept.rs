//! What the last `check` kept of the servers that a command is about. No server is asked.

use std::path::{Path, PathBuf};

use super::target::{self, Selection};
use super::{Context, elsewhere, env};
use crate::cli::ConnectionArgs;
use crate::config::{self, Loaded, shown};
use crate::failure::Failure;
use crate::last_check::{self, Recalled};
use crate::policy::Policy;
use crate::secrets::Secrets;

/// One server, and what was kept of it.
pub(super) struct Kept {
    /// Its name in the configuration.
    pub(super) name: String,
    /// The file of its baseline, the one that `check` compares with.
    pub(super) file: PathBuf,
    /// What to do where that file is missing.
    pub(super) missing: String,
    /// What the last check captured and showed; nothing where none did.
    pub(super) recalled: Option<Recalled>,
    /// How its drift is judged.
    pub(super) policy: Policy,
    /// What must not be written anywhere.
    pub(super) secrets: Secrets,
}

/// What was kept of the servers that are asked for, in the order of the configuration.
pub(super) struct Keeping {
    /// The configuration.
    pub(super) config: Loaded,
    /// The servers.
    pub(super) servers: Vec<Kept>,
    /// How the user named configuration and servers, a blank before it.
    pub(super) typed: String,
}

/// Looks up what was kept. Where neither configuration nor command line names a server, it is the only one that was
/// checked here. `baseline` is a file that stands in for the one of the configuration.
///
/// # Errors
/// A configuration with problems, a capture file that is damaged, one baseline for several servers.
pub(super) fn kept(
    args: &ConnectionArgs,
    baseline: Option<&Path>,
    context: &Context,
) -> Result<Keeping, Failure> {
    let keeping = match unnamed(args, context)? {
        Some(keeping) => keeping,
        None => named(target::select(args, context)?, context)?,
    };
    let Some(path) = baseline else {
        return Ok(keeping);
    };
    target::refuse_several(target::ONE_FILE, keeping.servers.len())?;
    let file = context.cwd.join(path);
    let typed = &keeping.typed;
    let option = format!(" --baseline {}", shown(&file, &context.cwd));
    let missing = approve_first(&format!("{option}{typed}"));
    let servers = keeping.servers.into_iter().map(|kept| Kept {
        file: file.clone(),
        missing: missing.clone(),
        ..kept
    });
    Ok(Keeping {
        servers: servers.collect(),
        ..keeping
    })
}

/// What scenarios hand over to a server is as secret as what the configuration does. Scenarios that cannot be read have
/// nothing to hide.
pub(super) fn of_scenarios(config: &Loaded, context: &Context) -> Secrets {
    let scripted = config.scenarios(&context.cwd, &env).ok().flatten();
    scripted
        .map(|scripted| scripted.secrets)
        .unwrap_or_default()
}

fn named(selection: Selection, context: &Context) -> Result<Keeping, Failure> {
    let config = selection.config;
    let folder = config.output_dir();
    let of_scenarios = of_scenarios(&config, context);
    let servers = selection.targets.into_iter().map(|mut target| {
        let endpoint = last_check::endpoint_digest(&target.spec);
        target.spec.secrets.include(&of_scenarios);
        Ok(Kept {
            file: config.baseline_to_read(&target.baseline),
            missing: elsewhere::next(&config, &target.baseline, &selection.typed, context)
                .unwrap_or_else(|| approve_first(&selection.typed)),
            recalled: last_check::recall(&folder, &target.spec.name, &endpoint)?,
            policy: config.policy_for(&target.baseline),
            secrets: target.spec.secrets,
            name: target.spec.name,
        })
    });
    let servers = servers.collect::<Result<_, Failure>>()?;
    Ok(Keeping {
        servers,
        config,
        typed: selection.typed,
    })
}

fn approve_first(typed: &str) -> String {
    format!("approve the server first: bellwether baseline save{typed}")
}

/// The only server that was checked in a folder without a configuration, by its command line.
fn unnamed(args: &ConnectionArgs, context: &Context) -> Result<Option<Keeping>, Failure> {
    if !args.target.is_empty() || !args.server.is_empty() {
        return Ok(None);
    }
    let config = context.configuration(&args.file)?;
    let folder = config.output_dir();
    if config.path.is_some() {
        return Ok(None);
    }
    let Some((name, endpoint)) = last_check::only(&folder)? else {
        return Ok(None);
    };
    let baseline = config::Baseline::clone(&config.config.baseline);
    let kept = Kept {
        recalled: last_check::recall(&folder, &name, &endpoint)?,
        name,
        file: config.baseline_to_read(&baseline),
        missing: approve_first(""),
        policy: config.policy_for(&baseline),
        // Only a configuration refers to variables.
        secrets: Secrets::default(),
    };
    Ok(Some(Keeping {
        servers: vec![kept],
        config,
        typed: String::new(),
    }))
}
