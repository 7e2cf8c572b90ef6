//! `bellwether-tests.yaml`: calls with known answers, with every mistake in the file named at its line.
//!
//! It goes the way of `bellwether.yaml`: `tree`, then `walk` against the schema of `types`, then `check` for what no
//! schema says, then `build`. It calls nothing.

mod build;
mod check;
mod expect;
pub mod types;

use std::path::Path;

use super::tree::{self, Value};
use super::vars::Lookup;
use super::{Loaded, problem, schema, shown, walk};
use crate::failure::Failure;
use crate::scenarios::Suite;
use crate::secrets::Secrets;

/// The name that `bellwether init` gives the file.
pub const FILE: &str = "bellwether-tests.yaml";

/// A scenario file without mistakes.
#[derive(Clone)]
pub struct Scripted {
    /// The file, as a person names it.
    pub shown: String,
    /// What it asks for.
    pub suite: Suite,
    /// What the environment gave for the arguments: what a server repeats of it must not be kept.
    pub secrets: Secrets,
}

impl Loaded {
    /// The scenarios that the configuration names; nothing where it names no file. `cwd` is what paths are shown from.
    ///
    /// # Errors
    /// A file that is not there, and every problem in it, variables without a value included.
    pub fn scenarios(&self, cwd: &Path, env: Lookup<'_>) -> Result<Option<Scripted>, Failure> {
        let named = self.config.scenarios.path.as_deref();
        let Some(path) = named.filter(|path| !path.is_empty()) else {
            return Ok(None);
        };
        let path = self.dir.join(path);
        let shown = shown(&path, cwd);
        if !path.is_file() {
            return Err(
                Failure::new("config", format!("could not read the scenarios `{shown}`"))
                    .cause("there is no such file")
                    .next(format!(
                        "correct `scenarios.path`, or begin with the {FILE} that `bellwether init` writes"
                    )),
            );
        }
        let text = super::read(&path, &shown, &ADVICE)?;
        let names: Vec<&str> = match &self.config.servers {
            Some(servers) => servers.keys().map(String::as_str).collect(),
            None => vec![super::server::DEFAULT_NAME],
        };
        understand(&text, &shown, Some(&names), env).map(Some)
    }
}

/// What to do about a file that has no scenarios in it.
const ADVICE: super::Advice = super::Advice {
    too_large: "split it, and check the parts one after the other",
    empty: "write `scenarios: []` for no scenario at all, or take `scenarios.path` out of the configuration",
};

/// Reads a text as the scenarios that it would be. `servers` are the names that a call may give; nothing where any will
/// do.
///
/// # Errors
/// Every problem of the text.
pub fn understand(
    text: &str,
    shown: &str,
    servers: Option<&[&str]>,
    env: Lookup<'_>,
) -> Result<Scripted, Failure> {
    let fail = |problems| problem::failure(shown, text, problems);
    let (tree, mut problems) = tree::parse(text).map_err(|problem| fail(vec![problem]))?;
    if matches!(tree.value, Value::Null) {
        return Err(Failure::new("config", format!("could not use `{shown}`"))
            .cause("the file says nothing")
            .next(ADVICE.empty));
    }
    problems.extend(walk::walk(&tree, &schema::scenarios()));
    problems.extend(check::check(&tree, text, servers));
    let mut secrets = Secrets::default();
    problems.extend(build::unset(&tree, text, env));
    if !problems.is_empty() {
        return Err(fail(problems));
    }
    let suite = build::suite(&tree, text, env, &mut secrets);
    Ok(Scripted {
        shown: shown.to_owned(),
        suite,
        secrets,
    })
}
