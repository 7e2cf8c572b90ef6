//! Which servers a command is about: what the command line and the configuration come down to.

use super::Context;
use crate::capture::spec::{CommandSpec, Endpoint, ServerSpec, UrlSpec, VersionChoice};
use crate::capture::{is_known, known_revisions};
use crate::cli::ConnectionArgs;
use crate::config::{self, Baseline, Loaded, Request, Servers};
use crate::failure::Failure;
use crate::rules;
use crate::secrets::Secrets;
use crate::surface::Transport;

/// One server, and where its baseline is.
pub(super) struct Target {
    /// How to reach it.
    pub(super) spec: ServerSpec,
    /// What the configuration says of its baseline.
    pub(super) baseline: Baseline,
}

/// The configuration, and the servers that are asked for.
pub(super) struct Selection {
    /// The configuration, or its defaults where there is no file.
    pub(super) config: Loaded,
    /// The servers, in the order of the configuration.
    pub(super) targets: Vec<Target>,
    /// How the user named configuration and server on the command line, a blank before it.
    pub(super) typed: String,
}

/// Reads the configuration and picks the servers.
///
/// # Errors
/// A configuration with problems, options that contradict each other, and nothing to ask.
pub(super) fn select(args: &ConnectionArgs, context: &Context) -> Result<Selection, Failure> {
    let bare = !args.target.is_empty();
    if bare && !args.server.is_empty() {
        return Err(
            usage("`--server` and a server on the command line exclude each other")
                .next("leave one of them out"),
        );
    }
    let servers = if bare {
        Servers::Unused
    } else {
        Servers::Used {
            names: &args.server,
            env: &super::env,
            exe: &context.exe,
        }
    };
    let ids = rules::ids();
    let config = config::load(&Request {
        explicit: args.file.config.as_deref(),
        cwd: &context.cwd,
        known_rules: &ids,
        servers,
    })?;
    let mut targets: Vec<Target> = if bare {
        vec![Target {
            spec: on_the_line(&args.target)?,
            baseline: config.config.baseline.clone(),
        }]
    } else {
        let listed = config.servers.iter();
        listed
            .map(|server| Target {
                spec: server.spec.clone(),
                baseline: server.baseline.clone(),
            })
            .collect()
    };
    if targets.is_empty() {
        return Err(nothing_to_ask(&config));
    }
    for target in &mut targets {
        apply_options(args, &mut target.spec)?;
    }
    Ok(Selection {
        config,
        targets,
        typed: typed(args),
    })
}

/// The options and words that make another command mean the same servers.
pub(super) fn typed(args: &ConnectionArgs) -> String {
    said(args, &[])
}

/// The same for a command that takes the server behind `--`.
pub(super) fn typed_behind(args: &ConnectionArgs) -> String {
    said(args, &["--"])
}

fn said(args: &ConnectionArgs, before: &[&str]) -> String {
    let before = before.iter().filter(|_| !args.target.is_empty());
    let before = before.map(|word| (*word).to_owned());
    let config = args
        .file
        .config
        .as_ref()
        .map(|path| path.to_string_lossy().into_owned());
    let options = config
        .into_iter()
        .flat_map(|path| ["--config".to_owned(), path]);
    let servers = args
        .server
        .iter()
        .flat_map(|name| ["--server".to_owned(), name.clone()]);
    let words: Vec<String> = options
        .chain(servers)
        .chain(before)
        .chain(args.target.iter().cloned())
        .collect();
    if words.is_empty() {
        String::new()
    } else {
        format!(" {}", shell_words::join(words))
    }
}

fn nothing_to_ask(config: &Loaded) -> Failure {
    let failure = usage("there is no server to ask");
    match &config.path {
        Some(_) => failure
            .cause("the configuration names none")
            .next("add `server:` to it, or name a server: bellwether check npx -y @scope/server"),
        None => failure
            .cause("no server was named, and there is no bellwether.yaml here or above")
            .next("name one: bellwether check npx -y @scope/server; or write a configuration: bellwether init"),
    }
}

/// A URL, or a command with its arguments; a single word with blanks is split as a shell would.
pub(super) fn on_the_line(words: &[String]) -> Result<ServerSpec, Failure> {
    let endpoint = match words {
        [url] if url.starts_with("http://") || url.starts_with("https://") => {
            config::leaf::server_url(url)
                .map_err(|problem| usage("the server cannot be asked").cause(problem))?;
            Endpoint::Url(UrlSpec {
                url: url.clone(),
                headers: Vec::new(),
                transport: Transport::StreamableHttp,
            })
        }
        [url] if is_of_another_scheme(url) => {
            return Err(usage("the server cannot be asked")
                .cause(format!("`{url}` is no `http://` or `https://` URL"))
                .next("name a command, or the URL at which the server listens"));
        }
        words => {
            let split = match words {
                [line]
                    if line.contains(char::is_whitespace)
                        && !std::path::Path::new(line).exists() =>
                {
                    shell_words::split(line)
                        .map_err(|error| usage(format!("`{line}` is no command")).cause(error))?
                }
                words => words.to_vec(),
            };
            let Some((program, args)) = split.split_first() else {
                return Err(usage("the command on the command line is empty")
                    .next("name a program or a URL"));
            };
            Endpoint::Command(CommandSpec {
                program: program.clone(),
                args: args.to_vec(),
                env: Vec::new(),
                cwd: None,
            })
        }
    };
    Ok(ServerSpec {
        name: config::server::DEFAULT_NAME.to_owned(),
        endpoint,
        timeout: config::server::DEFAULT_TIMEOUT,
        version: VersionChoice::Auto,
        secrets: Secrets::default(),
    })
}

/// Whether a single word is a URL, though none over which a server can be asked.
fn is_of_another_scheme(word: &str) -> bool {
    word.split_once("://")
        .is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Options on the command line win over the file.
fn apply_options(args: &ConnectionArgs, spec: &mut ServerSpec) -> Result<(), Failure> {
    let bad = |option: &'static str, example: &'static str| {
        move |problem: String| {
            usage(format!("the value of `{option}` cannot be used"))
                .cause(problem)
                .next(format!("write it like this: {option} {example}"))
        }
    };
    if let Some(timeout) = &args.timeout {
        spec.timeout = config::duration(timeout).map_err(bad("--timeout", "30s"))?;
    }
    match args.protocol_version.as_str() {
        "auto" => {}
        version if is_known(version) => spec.version = VersionChoice::Pinned(version.to_owned()),
        version => {
            let known = known_revisions().collect::<Vec<_>>().join(", ");
            return Err(
                usage(format!("the protocol version `{version}` is not known"))
                    .next(format!("use one of auto, {known}")),
            );
        }
    }
    for header in &args.header {
        let header = config::header(header).map_err(bad("--header", "'X-Team: search'"))?;
        match &mut spec.endpoint {
            Endpoint::Url(url) => {
                url.headers
                    .retain(|(name, _)| !name.eq_ignore_ascii_case(&header.0));
                if is_confidential(&header.0) {
                    // `Bearer TOKEN`: the token alone is secret too.
                    let (name, value) = &header;
                    let token = value.rsplit(' ').next().unwrap_or(value);
                    spec.secrets.add(name.as_str(), token);
                    spec.secrets.add(name.as_str(), value.as_str());
                }
                url.headers.push(header);
            }
            Endpoint::Command(_) => {
                return Err(usage("`--header` is for a server with a URL")
                    .cause(format!("`{}` is a command", spec.name))
                    .next("hand a command its settings with --env NAME=VALUE"));
            }
        }
    }
    for pair in &args.env {
        let pair = config::env_pair(pair).map_err(bad("--env", "LOG_LEVEL=debug"))?;
        match &mut spec.endpoint {
            Endpoint::Command(command) => {
                if is_confidential(&pair.0) {
                    spec.secrets.add(pair.0.as_str(), pair.1.as_str());
                }
                command.env.push(pair);
            }
            Endpoint::Url(_) => {
                return Err(usage("`--env` is for a server that is started here")
                    .cause(format!("`{}` has a URL", spec.name))
                    .next("hand it its settings with --header 'Name: value'"));
            }
        }
    }
    Ok(())
}

/// Whether a header or variable of this name holds what must not leave. Any other value of the command line was typed
/// in the open.
fn is_confidential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["auth", "cookie", "cred", "key", "pass", "secret", "token"]
        .iter()
        .any(|word| name.contains(word))
}

/// What `--baseline` says, for [`refuse_several`].
pub(super) const ONE_FILE: &str = "`--baseline` names one file";

/// Refuses an option that names one thing where it would be that of several servers. `named` says which it names.
///
/// # Errors
/// Several servers.
pub(super) fn refuse_several(named: &str, servers: usize) -> Result<(), Failure> {
    if servers < 2 {
        return Ok(());
    }
    Err(usage(format!("{named}, and there are several servers"))
        .next("pick one with --server NAME, or give each its own `baseline:` in the configuration"))
}

fn usage(message: impl Into<String>) -> Failure {
    Failure::new("usage", message)
}
