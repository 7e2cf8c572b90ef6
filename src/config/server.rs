//! From a `server:` of the file to what a capture needs: variables filled in, paths joined, words split.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Loaded;
use super::leaf;
use super::problem::Problem;
use super::tree::Node;
use super::types::{Baseline, Config, ServerConfig, TransportName};
use super::vars::{self, Fault, Lookup};
use crate::capture::spec::{CommandSpec, Endpoint, ServerSpec, UrlSpec, VersionChoice};
use crate::secrets::Secrets;
use crate::surface::Transport;

/// How long one request may take where nobody says.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The name of a server that needs none.
pub const DEFAULT_NAME: &str = "default";

/// One server of the file, ready to be asked.
#[derive(Clone)]
pub struct Server {
    /// How to reach it.
    pub spec: ServerSpec,
    /// Its own `baseline`, completed by that of the file.
    pub baseline: Baseline,
}

/// What filling in needs besides the file.
pub(super) struct Surroundings<'a> {
    /// The folder of the file.
    pub dir: &'a Path,
    /// Where variables come from.
    pub env: Lookup<'a>,
    /// This program, to serve a mock.
    pub exe: &'a Path,
}

impl Loaded {
    /// What the environment has for the variables of a server, or of all where none is named, without asking for those
    /// that are unset. No server is to be reached with this.
    pub fn secrets_of(&self, name: Option<&str>, env: Lookup<'_>) -> Secrets {
        let config = &self.config;
        let several = config.servers.iter().flatten();
        let of_name = several.filter(|(listed, _)| name.is_none_or(|name| name == listed.as_str()));
        let servers = of_name.map(|(_, server)| server).chain(&config.server);
        let texts = servers.flat_map(|server| {
            let single = [&server.command, &server.cwd, &server.url];
            let mapped = server.env.values().chain(server.headers.values());
            single
                .into_iter()
                .flatten()
                .chain(&server.args)
                .chain(mapped)
        });
        let mut secrets = Secrets::default();
        for text in texts {
            // What cannot be filled in has no value that could be anywhere.
            let _ = vars::fill(text, env, &mut secrets);
        }
        secrets
    }
}

/// The servers of a tree with their names, in the order of the file.
pub(super) fn listed(tree: &Node) -> Vec<(&str, &Node)> {
    let one = tree.get("server").map(|entry| (DEFAULT_NAME, &entry.node));
    let several = tree
        .get("servers")
        .map_or(&[][..], |entry| entry.node.entries());
    one.into_iter()
        .chain(
            several
                .iter()
                .map(|entry| (entry.key.as_str(), &entry.node)),
        )
        .collect()
}

/// Every reference of a server that cannot be filled in.
pub(super) fn unset(node: &Node, text: &str, env: Lookup<'_>) -> Vec<Problem> {
    let single = ["command", "cwd", "url"]
        .into_iter()
        .filter_map(|key| node.at(&[key]));
    let listed = node.at(&["args"]).map_or(&[][..], Node::items).iter();
    let mapped = ["env", "headers"]
        .into_iter()
        .filter_map(|key| node.at(&[key]))
        .flat_map(Node::entries)
        .map(|entry| &entry.node);
    single
        .chain(listed)
        .chain(mapped)
        .flat_map(|node| {
            let faults = node
                .text()
                .and_then(|value| vars::fill(value, env, &mut Secrets::default()).err());
            let mut from = node.span.start;
            faults
                .into_iter()
                .flatten()
                .map(move |fault| placed(fault, node, text, &mut from))
        })
        .collect()
}

/// Points at the reference itself where it stands in the file as it does in the value.
pub(super) fn placed(fault: Fault, node: &Node, text: &str, from: &mut usize) -> Problem {
    let written = text.get(*from..node.span.end).unwrap_or("");
    let span = match written.find(&fault.text) {
        Some(at) => {
            let start = *from + at;
            *from = start + fault.text.len();
            start..*from
        }
        None => node.span.clone(),
    };
    let problem = Problem::new(span, fault.message);
    match fault.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// A server as a capture needs it.
pub(super) fn resolve(
    name: &str,
    node: &Node,
    config: &Config,
    around: &Surroundings<'_>,
) -> Result<Server, Vec<Problem>> {
    let own = match &config.servers {
        Some(servers) => servers.get(name),
        None => config.server.as_ref(),
    };
    let server = own.cloned().unwrap_or_default();
    let mut filling = Filling {
        node,
        around,
        secrets: Secrets::default(),
        problems: Vec::new(),
    };
    let endpoint = filling.endpoint(&server);
    if !filling.problems.is_empty() {
        return Err(filling.problems);
    }
    Ok(Server {
        spec: ServerSpec {
            name: name.to_owned(),
            endpoint,
            timeout: server.timeout.map_or(DEFAULT_TIMEOUT, |time| time.0),
            version: match server.protocol_version.unwrap_or_default().pinned() {
                Some(version) => VersionChoice::Pinned(version.to_owned()),
                None => VersionChoice::Auto,
            },
            secrets: filling.secrets,
        },
        baseline: match &config.servers {
            Some(_) => completed(name, server.baseline.unwrap_or_default(), &config.baseline),
            None => config.baseline.clone(),
        },
    })
}

struct Filling<'a> {
    node: &'a Node,
    around: &'a Surroundings<'a>,
    secrets: Secrets,
    problems: Vec<Problem>,
}

impl Filling<'_> {
    fn endpoint(&mut self, server: &ServerConfig) -> Endpoint {
        let said = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
        if let Some(file) = said(&server.mock) {
            let path = self.around.dir.join(file);
            if !path.is_file() {
                self.wrong(&["mock"], "there is no such file");
            }
            return Endpoint::Command(CommandSpec {
                program: self.around.exe.to_string_lossy().into_owned(),
                args: vec!["mock".to_owned(), path.to_string_lossy().into_owned()],
                env: Vec::new(),
                cwd: Some(self.around.dir.to_owned()),
            });
        }
        if let Some(url) = said(&server.url) {
            let url = self.fill(&["url"], &url);
            if let Err(message) = leaf::server_url(&url) {
                self.wrong(&["url"], &message);
            }
            return Endpoint::Url(UrlSpec {
                url,
                headers: self.headers(server),
                transport: match server.transport {
                    Some(TransportName::Sse) => Transport::Sse,
                    _ => Transport::StreamableHttp,
                },
            });
        }
        Endpoint::Command(self.command(server))
    }

    fn command(&mut self, server: &ServerConfig) -> CommandSpec {
        // Split first, so that a value with blanks stays one word.
        let words = shell_words::split(server.command.as_deref().unwrap_or("")).unwrap_or_default();
        let mut words: Vec<String> = words
            .iter()
            .map(|word| self.fill(&["command"], word))
            .collect();
        for argument in &server.args {
            let argument = self.fill(&["args"], argument);
            words.push(argument);
        }
        if words.iter().any(|word| leaf::no_nul(word).is_err()) {
            self.wrong(
                &["command"],
                "a NUL character cannot be handed to a process",
            );
        }
        let program = if words.is_empty() {
            String::new()
        } else {
            words.remove(0)
        };
        if program.is_empty() {
            self.wrong(&["command"], "`command` names no program");
        }
        let env = server
            .env
            .iter()
            .map(|(name, value)| (name.clone(), self.fill(&["env", name], value)))
            .collect();
        let cwd = server.cwd.as_deref().filter(|cwd| !cwd.is_empty());
        let cwd = match cwd {
            Some(cwd) => {
                let folder = self.around.dir.join(self.fill(&["cwd"], cwd));
                if !folder.is_dir() {
                    self.wrong(&["cwd"], "there is no such folder");
                }
                folder
            }
            None => self.around.dir.to_owned(),
        };
        CommandSpec {
            program,
            args: words,
            env,
            cwd: Some(tidy(cwd)),
        }
    }

    fn headers(&mut self, server: &ServerConfig) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        for (name, value) in &server.headers {
            let value = self.fill(&["headers", name], value);
            if let Err(message) = leaf::header_value(name, &value) {
                self.wrong(&["headers", name], &message);
            }
            headers.push((name.clone(), value));
        }
        headers
    }

    fn fill(&mut self, keys: &[&str], text: &str) -> String {
        match vars::fill(text, self.around.env, &mut self.secrets) {
            Ok(text) => text,
            Err(faults) => {
                for fault in faults {
                    self.wrong(keys, &fault.message);
                }
                String::new()
            }
        }
    }

    fn wrong(&mut self, keys: &[&str], message: &str) {
        let span = self
            .node
            .at(keys)
            .map_or(self.node.span.clone(), |node| node.span.clone());
        self.problems.push(Problem::new(span, message));
    }
}

/// `folder/.` is `folder`.
fn tidy(path: PathBuf) -> PathBuf {
    path.components().collect()
}

/// A server's own baseline settings, with those of the file where it has none.
pub(super) fn completed(name: &str, own: Baseline, shared: &Baseline) -> Baseline {
    let mut severity = own.severity;
    severity.minimum_severity = severity
        .minimum_severity
        .or(shared.severity.minimum_severity);
    severity.fail_on_severity = severity
        .fail_on_severity
        .or(shared.severity.fail_on_severity);
    severity.suppress_warnings = severity
        .suppress_warnings
        .or(shared.severity.suppress_warnings);
    for (aspect, level) in &shared.severity.aspect_overrides.0 {
        severity
            .aspect_overrides
            .0
            .entry(aspect.clone())
            .or_insert(*level);
    }
    Baseline {
        path: own
            .path
            .filter(|path| !path.is_empty())
            .or_else(|| shared.path.clone())
            .or_else(|| Some(format!("{name}-baseline.json"))),
        compare_path: own.compare_path.or_else(|| shared.compare_path.clone()),
        fail_on_drift: own.fail_on_drift.or(shared.fail_on_drift),
        severity,
    }
}
