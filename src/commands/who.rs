//! Who decides: named on the command line, else the git identity, else the account that runs the job.

use std::path::Path;
use std::process::{Command, Stdio};

use super::recorded::recorded;
use super::{Context, env};
use crate::baseline::trail::Who;
use crate::failure::Failure;
use crate::text;

/// The option that names somebody.
const OPTION: &str = "--accepted-by";

/// Variables in which continuous integration names the account that started the job.
const ACCOUNTS: [&str; 2] = ["GITHUB_ACTOR", "GITLAB_USER_LOGIN"];

/// Who decides here, and where the name came from. `doing` says what is not done otherwise.
///
/// # Errors
/// Nobody is named anywhere; a name was given that is empty, or not on one line of characters that are seen.
pub(super) fn who(given: Option<&str>, doing: &str, context: &Context) -> Result<Who, Failure> {
    let named = |name: String, source: &str| Who {
        name,
        source: source.to_owned(),
    };
    if let Some(given) = given {
        if given.trim().is_empty() {
            return Err(Failure::new("usage", doing)
                .cause(format!("`{OPTION}` names nobody"))
                .next(format!("give a name: {OPTION} 'Ada <ada@example.com>'")));
        }
        return recorded(OPTION, given).map(|name| named(name, OPTION));
    }
    if let Some(name) = git_identity(&context.cwd) {
        return Ok(named(name, "git"));
    }
    for account in ACCOUNTS {
        if let Some(name) = env(account).as_deref().and_then(one_line) {
            return Ok(named(name, account));
        }
    }
    Err(Failure::new("usage", doing)
        .cause(format!(
            "nobody is named: there is no git identity here, and neither {} is set",
            ACCOUNTS.join(" nor ")
        ))
        .next(format!(
            "say who decides: {OPTION} 'Ada <ada@example.com>', or set git's user.name and user.email"
        )))
}

/// The name and address of git's configuration, as git would sign a commit here. No git is no error.
fn git_identity(folder: &Path) -> Option<String> {
    let name = git_value(folder, "user.name");
    let email = git_value(folder, "user.email");
    match (name, email) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.or(email),
    }
}

fn git_value(folder: &Path, key: &str) -> Option<String> {
    let output = Command::new("git")
        .args(["config", "--get", key])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    one_line(&text).filter(|_| output.status.success())
}

/// A name without what would break a line, and with what nobody would see spelled out; nothing where nothing is left.
fn one_line(text: &str) -> Option<String> {
    let words: Vec<_> = text
        .split(|char: char| char.is_whitespace() || char.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then(|| text::visible(&words.join(" ")))
}
