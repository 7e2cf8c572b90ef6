//! `bellwether.yaml`: finding it, reading it, naming every mistake in it, filling in variables.
//!
//! A file goes through five steps, and every step adds to one list of problems: `tree` (YAML with positions),
//! `legacy` (old keys are taken out), `walk` (against the schema of `schema`), `check` (what keys say about each
//! other), `server` (variables). A new key is one documented field in `types`.
//!
//! It asks no server and knows no rule: the ids of the rules are handed in.

mod check;
pub mod find;
pub mod ignore_edit;
pub mod leaf;
mod legacy;
pub mod names;
mod paths;
mod policy;
mod problem;
pub mod scenarios;
pub mod schema;
pub mod server;
pub mod suggest;
mod tree;
pub mod types;
mod vars;
mod walk;

use std::io::Read;
use std::path::{Path, PathBuf};

pub use self::find::{find, shown};
pub use self::leaf::{duration, env_pair, header};
pub use self::paths::spelled_once;
use self::problem::Problem;
pub use self::problem::quoted;
pub use self::server::Server;
use self::server::Surroundings;
pub use self::suggest::suggest;
use self::tree::Value;
pub use self::types::{Baseline, Config};
pub use self::vars::Lookup;
use crate::failure::Failure;

/// The largest file that is read. A configuration is written by hand.
const MAX_BYTES: u64 = 1 << 20;

/// What to load.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The file that the user named, by flag or by `BELLWETHER_CONFIG`.
    pub explicit: Option<&'a Path>,
    /// The present folder, absolute.
    pub cwd: &'a Path,
    /// The ids of all rules. Empty: any id will do.
    pub known_rules: &'a [&'a str],
    /// Which servers will be asked.
    pub servers: Servers<'a>,
}

/// Which servers of the file will be asked.
#[derive(Clone, Copy)]
pub enum Servers<'a> {
    /// None: variables stay as they are, and an unset one is no error.
    Unused,
    /// Some.
    Used {
        /// The names that the user picked; empty for all of them.
        names: &'a [String],
        /// Where variables come from.
        env: Lookup<'a>,
        /// This program, to serve a mock.
        exe: &'a Path,
    },
}

/// A configuration without mistakes.
#[derive(Clone)]
pub struct Loaded {
    /// The file; nothing where there is none and the defaults stand.
    pub path: Option<PathBuf>,
    /// The folder that paths in the file are seen from: its own, or the present one.
    pub dir: PathBuf,
    /// What the file says.
    pub config: Config,
    /// What the user should know.
    pub notes: Vec<String>,
    /// The servers of the file that will be asked, in its order.
    pub servers: Vec<Server>,
    /// The ids of all rules.
    known_rules: Vec<String>,
}

/// Finds and reads the configuration. Without a file the defaults stand, and there is no server.
///
/// # Errors
/// Every problem of the file in one failure; a file that was named and is not there; a server name that is not in it.
pub fn load(request: &Request<'_>) -> Result<Loaded, Failure> {
    let known_rules = request
        .known_rules
        .iter()
        .map(|id| (*id).to_owned())
        .collect();
    let Some(path) = find(request.explicit, request.cwd)? else {
        picked(&[], request)?;
        return Ok(Loaded {
            path: None,
            dir: request.cwd.to_owned(),
            config: Config::default(),
            notes: Vec::new(),
            servers: Vec::new(),
            known_rules,
        });
    };
    let shown = shown(&path, request.cwd);
    let text = read(&path, &shown, &ADVICE)?;
    let dir = path.parent().unwrap_or(request.cwd).to_owned();
    let (config, notes, servers) = understand(&text, &shown, &dir, request)?;
    Ok(Loaded {
        path: Some(path),
        dir,
        config,
        notes,
        servers,
        known_rules,
    })
}

/// Reads a text as the configuration that it would be, without filling in variables.
///
/// # Errors
/// Every problem of the text.
pub fn understand_text(
    text: &str,
    shown: &str,
    dir: &Path,
    known_rules: &[&str],
) -> Result<Config, Failure> {
    let request = Request {
        explicit: None,
        cwd: dir,
        known_rules,
        servers: Servers::Unused,
    };
    understand(text, shown, dir, &request).map(|(config, _, _)| config)
}

/// What to do about a file that cannot be used.
struct Advice {
    /// About one that is past the limit.
    too_large: &'static str,
    /// About one that says nothing.
    empty: &'static str,
}

const ADVICE: Advice = Advice {
    too_large: "name another file with --config",
    empty: "fill it with `bellwether init --force`, or remove it: bellwether works without one",
};

fn read(path: &Path, shown: &str, advice: &Advice) -> Result<String, Failure> {
    let failed =
        |cause: String| Failure::new("config", format!("could not use `{shown}`")).cause(cause);
    let mut bytes = Vec::new();
    // Whoever opens a pipe waits for somebody at its other end.
    if path
        .metadata()
        .is_ok_and(|found| !found.is_file() && !found.is_dir())
    {
        return Err(failed("it is a pipe or a device".to_owned()).next("name a file"));
    }
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| failed(error.to_string()).next("check that the file may be read"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(failed("it is larger than 1 MiB".to_owned()).next(advice.too_large));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| {
            failed(format!(
                "it is not UTF-8 text (byte {})",
                error.utf8_error().valid_up_to() + 1
            ))
        })
        .map_err(|failure| failure.next("save it as UTF-8"))?;
    let text = text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text);
    if text.trim().is_empty() {
        return Err(failed("the file is empty".to_owned()).next(advice.empty));
    }
    Ok(text)
}

type Understood = (Config, Vec<String>, Vec<Server>);

fn understand(
    text: &str,
    shown: &str,
    dir: &Path,
    request: &Request<'_>,
) -> Result<Understood, Failure> {
    let fail = |problems: Vec<Problem>| problem::failure(shown, text, problems);
    let (mut tree, mut problems) = tree::parse(text).map_err(|problem| fail(vec![problem]))?;
    if matches!(tree.value, Value::Null) {
        return Err(Failure::new("config", format!("could not use `{shown}`"))
            .cause("the file says nothing")
            .next(ADVICE.empty));
    }
    let notes = legacy::ignore_old_keys(&mut tree);
    problems.extend(walk::walk(&tree, &schema::schema(request.known_rules)));
    problems.extend(check::check(&tree));
    let listed = server::listed(&tree);
    let names: Vec<&str> = listed.iter().map(|(name, _)| *name).collect();
    let picked = picked(&names, request)?;
    let mut used = Vec::new();
    for (name, node) in listed {
        match request.servers {
            Servers::Used { env, .. } if picked.contains(&name) => {
                problems.extend(server::unset(node, text, env));
                used.push((name, node));
            }
            // A reference that nobody could fill in is a mistake even where nobody has to.
            _ => problems.extend(server::unset(node, text, &|_| Some(String::new()))),
        }
    }
    if !problems.is_empty() {
        return Err(fail(problems));
    }
    let config: Config = serde_json::from_value(tree.to_json())
        .map_err(|error| fail(vec![Problem::new(tree.span.clone(), error.to_string())]))?;
    let mut servers = Vec::new();
    if let Servers::Used { env, exe, .. } = request.servers {
        let around = Surroundings { dir, env, exe };
        for (name, node) in used {
            match server::resolve(name, node, &config, &around) {
                Ok(server) => servers.push(server),
                Err(more) => problems.extend(more),
            }
        }
    }
    if problems.is_empty() {
        Ok((config, notes, servers))
    } else {
        Err(fail(problems))
    }
}

/// The names that are asked for, all of which must be in the file.
fn picked<'a>(names: &[&'a str], request: &Request<'_>) -> Result<Vec<&'a str>, Failure> {
    let Servers::Used { names: wanted, .. } = request.servers else {
        return Ok(Vec::new());
    };
    if wanted.is_empty() {
        return Ok(names.to_vec());
    }
    for name in wanted {
        if !names.contains(&name.as_str()) {
            let failure = Failure::new("config", format!("there is no server {}", quoted(name)));
            return Err(match (suggest(name, names.iter().copied()), names) {
                (Some(near), _) => failure.next(format!("did you mean `--server {near}`?")),
                (None, []) => failure
                    .cause("the configuration names no server")
                    .next("add it under `servers:`"),
                (None, _) => failure.next(format!(
                    "the configuration has {}",
                    names
                        .iter()
                        .map(|name| format!("`{name}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                )),
            });
        }
    }
    Ok(names
        .iter()
        .copied()
        .filter(|name| wanted.iter().any(|wanted| wanted == name))
        .collect())
}
