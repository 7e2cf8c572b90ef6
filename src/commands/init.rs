//! `bellwether init`: a commented `bellwether.yaml` for a server, and a `bellwether-tests.yaml` that calls nothing yet.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use crate::cli::{InitArgs, Preset};
use crate::config::{self, find::NAMES, ignore_edit::MODELINE, scenarios};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::term::unprinted;

/// The file that is written.
const FILE: &str = "bellwether.yaml";

/// What the scenario file begins as: comments, and an empty list.
const STARTER: &str = include_str!("starter.yaml");

/// Names of variables, one a line, that a project asks its users to set.
const ENV_EXAMPLE: &str = ".env.example";

/// The rule that people who approve servers want louder: a surface that changes under one version.
const UNVERSIONED: &str = "surface-changed-without-version";

/// Writes the files into `cwd` and names the next command. An existing configuration is overwritten with `--force` only,
/// and scenarios never: somebody wrote them.
///
/// # Errors
/// A configuration that is there already; a folder that cannot be written; a command that no configuration can hold.
pub fn run(
    args: &InitArgs,
    cwd: &Path,
    known_rules: &[&str],
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    // A link to nothing is somebody's as well.
    let is_there = |name: &str| cwd.join(name).symlink_metadata().is_ok();
    let there = NAMES.into_iter().find(|name| is_there(name));
    match there {
        Some(name) if !args.force => {
            return Err(Failure::new("config", format!("could not write `{FILE}`"))
                .cause(format!("`{name}` is there already"))
                .next("edit it, or overwrite it with `bellwether init --force`"));
        }
        Some(name) if name != FILE => {
            return Err(Failure::new("config", format!("could not write `{FILE}`"))
                .cause(format!(
                    "`{name}` is there already, and only one of the two may be"
                ))
                .next(format!("rename `{name}` to `{FILE}` first")));
        }
        _ => {}
    }
    let server = ServerText::of(args, &variables(cwd))?;
    let text = document(args.preset, &server, known_rules);
    config::understand_text(&text, FILE, cwd, known_rules).map_err(|failure| {
        failure.next("quote the command as a shell would, and write `$$` for a dollar")
    })?;
    files::write_atomically(&cwd.join(FILE), text.as_bytes())?;
    let scenarios = cwd.join(scenarios::FILE);
    let begins = !is_there(scenarios::FILE);
    if begins {
        files::write_atomically(&scenarios, STARTER.as_bytes())?;
    }
    out.write_all(goodbye(args.preset, &server, begins).as_bytes())
        .map_err(|error| unprinted(&error))?;
    Ok(Exit::Clean)
}

/// The `server:` part of the file.
struct ServerText {
    /// Its lines.
    yaml: String,
    /// Whether the user has to fill in the server.
    placeholder: bool,
    /// How many variables it refers to.
    variables: usize,
}

impl ServerText {
    fn of(args: &InitArgs, variables: &[String]) -> Result<Self, Failure> {
        let url = args.url.as_deref().or(match args.command.as_slice() {
            [only] if only.starts_with("http://") || only.starts_with("https://") => Some(only),
            _ => None,
        });
        if let Some(url) = url {
            config::leaf::server_url(url).map_err(|message| {
                Failure::new("usage", format!("could not write `{FILE}`")).cause(message)
            })?;
            let yaml = format!(
                "  url: {}\n  # transport: sse            # only for the old HTTP+SSE transport\n  # headers: {{ Authorization: \"Bearer ${{TOKEN}}\" }}\n",
                text(url)
            );
            return Ok(Self {
                yaml,
                placeholder: false,
                variables: 0,
            });
        }
        let placeholder = args.command.is_empty();
        let mut yaml = match args.command.as_slice() {
            [] => "  command: npx -y @scope/server   # how to start your server, or `url:` where it runs already\n".to_owned(),
            [line] => format!("  command: {}\n", text(line)),
            [program, arguments @ ..] => {
                let list: Vec<String> = arguments.iter().map(|argument| text(argument)).collect();
                format!("  command: {}\n  args: [{}]\n", text(&shell_words::quote(program)), list.join(", "))
            }
        };
        if variables.is_empty() {
            yaml.push_str("  # env: { API_KEY: \"${API_KEY}\" }   # filled in from the environment, never shown\n");
        } else {
            let _ = writeln!(
                yaml,
                "  env:   # the names of {ENV_EXAMPLE}, filled in from the environment, never shown"
            );
            for name in variables {
                let _ = writeln!(yaml, "    {}: \"${{{name}}}\"", key(name));
            }
        }
        Ok(Self {
            yaml,
            placeholder,
            variables: variables.len(),
        })
    }
}

/// The names in `.env.example`, in its order.
fn variables(cwd: &Path) -> Vec<String> {
    let text = files::read_text(&cwd.join(ENV_EXAMPLE)).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, _)) = line.split_once('=') else {
            continue;
        };
        let name = name.trim();
        let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let rest = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if first && rest && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn document(preset: Preset, server: &ServerText, known_rules: &[&str]) -> String {
    let compare = match preset {
        Preset::Ci => {
            "  comparePath: bellwether-baseline.json   # a check without this file is an error, so that a lost file never passes\n"
        }
        Preset::Local | Preset::Security => {
            "  # comparePath: bellwether-baseline.json   # a check without this file is then an error\n"
        }
    };
    let rules = match preset {
        Preset::Security if known_rules.contains(&UNVERSIONED) => {
            format!("rules:\n  {UNVERSIONED}: warning\n")
        }
        _ => "# rules:                        # breaking | warning | info | off; `bellwether rules` lists them\n#   tool-description-changed: breaking\n".to_owned(),
    };
    let check = match preset {
        Preset::Security => {
            "check:\n  probe: none                   # which tools `check` may call: none | scenarios | readOnly\n  security:\n    enabled: false              # true: harmless payloads against the tools that may be called\n"
        }
        Preset::Local | Preset::Ci => {
            "# check:\n#   probe: none                 # which tools `check` may call: none | scenarios | readOnly\n"
        }
    };
    format!(
        "{MODELINE}
server:
{server}  # timeout: 30s               # for one request

baseline:
  path: bellwether-baseline.json   # in .bellwether; commit it
{compare}  # failOnDrift: true           # any drift fails
  # severity:
  #   failOnSeverity: breaking    # milder drift exits 0
  #   minimumSeverity: warning    # hides what is milder

{rules}
# ignore:                       # findings you accept, each with a reason
#   - {{ rule: tool-removed, at: \"tools/legacy_*\", reason: \"retired in v3\", until: 2027-03-01 }}

{check}
# scenarios:                    # calls with known answers; `check.probe: scenarios` makes them
#   path: ./{tests}
",
        tests = scenarios::FILE,
        server = server.yaml,
    )
}

/// A YAML scalar that says exactly this: JSON's strings are YAML's.
fn text(value: &str) -> String {
    serde_json::to_string(value).expect("a string is always JSON text")
}

/// A YAML key that is this name, also for readers to whom `NO` is a truth value.
fn key(name: &str) -> String {
    let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    if words.iter().any(|word| name.eq_ignore_ascii_case(word)) {
        return text(name);
    }
    name.to_owned()
}

fn goodbye(preset: Preset, server: &ServerText, begins: bool) -> String {
    let mut said = format!("wrote {FILE}\n");
    let _ = if begins {
        writeln!(said, "wrote {}, which calls nothing yet", scenarios::FILE)
    } else {
        writeln!(said, "left {} as it is", scenarios::FILE)
    };
    if server.variables > 0 {
        let _ = writeln!(
            said,
            "it takes {} from the environment, as {ENV_EXAMPLE} names them",
            match server.variables {
                1 => "1 variable".to_owned(),
                more => format!("{more} variables"),
            }
        );
    }
    if server.placeholder {
        said.push_str("fill in `server:` first\n");
    }
    said.push_str(match preset {
        Preset::Ci => "next: bellwether baseline save   (commit what it writes; from then on `bellwether check` compares)\n",
        Preset::Local | Preset::Security => "next: bellwether check\n",
    });
    said
}
