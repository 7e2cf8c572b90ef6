//! What the last `check` of each server captured (`.bellwether/last-check.json`), so that what is saved or accepted is
//! what was reviewed.
//!
//! The file is never committed and never read by people: it can be thrown away at any time.

use std::path::{Path, PathBuf};

use crate::baseline::selection::{Standing, Told};
use crate::canon;
use crate::capture::spec::{Endpoint, ServerSpec};
use crate::failure::Failure;
use crate::files;
use crate::json::{self, Json, Object};
use crate::observed::Observed;
use crate::report::Severity;
use crate::surface::Surface;

/// The name of the file in the folder for output.
pub const FILE: &str = "last-check.json";

/// What git is told to ignore: the file, and what a run leaves for a moment, or for longer where it was killed.
const IGNORED: &str = "last-check.json\n.bellwether-*\n";

/// The version of the file's format. A file of another version is as good as none.
const FORMAT_VERSION: u64 = 3;

/// The member of a check with the digest by which damage is noticed.
const SEAL: &str = "seal";

/// How many captures are kept besides those of the present run; the oldest go first.
const KEPT: usize = 16;

/// A capture to remember.
pub struct Entry<'a> {
    /// The name of the target in the configuration, `default` where there is only one.
    pub name: &'a str,
    /// The [`endpoint_digest`] of the server.
    pub endpoint: &'a str,
    /// What it said.
    pub surface: &'a Surface,
    /// What it was seen doing; nothing where nobody looked.
    pub observed: Option<&'a Observed>,
    /// The digest of the baseline it was compared with; none where there was none.
    pub baseline: Option<&'a str>,
    /// The [`state`] of that baseline.
    pub state: Option<&'a str>,
    /// What was found, as it was told.
    pub told: &'a [Told],
}

/// A capture that was remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalled {
    /// What the server said.
    pub surface: Surface,
    /// What the server was seen doing; nothing where nobody looked.
    pub observed: Option<Observed>,
    /// The digest of the baseline it was compared with.
    pub baseline: Option<String>,
    /// The [`state`] of that baseline.
    pub state: Option<String>,
    /// What was found, as it was told.
    pub told: Vec<Told>,
}

/// Keeps captures in the folder, and makes sure that git ignores them (`.gitignore`, only where there is none).
///
/// Captures of other targets stay. A damaged file is replaced, as is a link: nobody asked for the file, so a link that
/// came with a repository must not choose what is overwritten.
///
/// # Errors
/// A folder that cannot be written to; the old file is then untouched.
pub fn remember(folder: &Path, entries: &[Entry<'_>]) -> Result<(), Failure> {
    let ignore = folder.join(".gitignore");
    let path = path(folder);
    // Checks of other servers may end at the same moment, and each keeps what the others wrote.
    let lock = files::lock_here(&path)?;
    if std::fs::symlink_metadata(&ignore).is_err() {
        lock.replace(&ignore, IGNORED.as_bytes())?;
    }
    let mut kept: Vec<Json> = files::read_text_if_present(&path)
        .ok()
        .flatten()
        .and_then(|text| checks(&text))
        .unwrap_or_default();
    kept.retain(|check| {
        !entries
            .iter()
            .any(|entry| is_for(check, entry.name, entry.endpoint))
    });
    kept.drain(..kept.len().saturating_sub(KEPT));
    kept.extend(entries.iter().map(document));
    let mut file = Object::new();
    file.push("formatVersion", FORMAT_VERSION);
    file.push("checks", Json::Array(kept));
    let text = json::compact(&file.into()) + "\n";
    lock.replace(&path, text.as_bytes()).map(|_| ())
}

/// The capture of a target, or nothing where none was kept.
///
/// # Errors
/// A file that cannot be read or is damaged.
pub fn recall(folder: &Path, name: &str, endpoint: &str) -> Result<Option<Recalled>, Failure> {
    let path = path(folder);
    let Some(text) = files::read_text_if_present(&path)? else {
        return Ok(None);
    };
    let damaged = || damaged(&path);
    let checks = checks(&text).ok_or_else(damaged)?;
    let Some(check) = checks.iter().find(|check| is_for(check, name, endpoint)) else {
        return Ok(None);
    };
    let surface = check
        .get("surface")
        .and_then(|surface| Surface::from_document(surface).ok());
    let surface = surface.ok_or_else(damaged)?;
    if check.get_str("digest") != Some(surface.digest().as_str()) {
        return Err(damaged());
    }
    if check.get_str(SEAL) != Some(seal(check).as_str()) {
        return Err(damaged());
    }
    let observed = check.get("observed").map(Observed::from_json).transpose();
    let observed = observed.map_err(|_| damaged())?;
    let told = check.get("told").and_then(Json::as_array);
    let told = told.and_then(|told| told.iter().map(told_of).collect());
    let member = |name| check.get_str(name).map(str::to_owned);
    Ok(Some(Recalled {
        surface,
        observed,
        baseline: member("baseline"),
        state: member("state"),
        told: told.ok_or_else(damaged)?,
    }))
}

/// Name and endpoint of the only capture that is kept; nothing where there are several or none.
///
/// # Errors
/// As [`recall`].
pub fn only(folder: &Path) -> Result<Option<(String, String)>, Failure> {
    let path = path(folder);
    let Some(text) = files::read_text_if_present(&path)? else {
        return Ok(None);
    };
    let checks = checks(&text).ok_or_else(|| damaged(&path))?;
    let [check] = checks.as_slice() else {
        return Ok(None);
    };
    let member = |name| check.get_str(name).map(str::to_owned);
    Ok(member("name").zip(member("endpoint")))
}

/// What a capture is compared with, in one digest: the approved surface, by its own digest, and what was observed of it.
pub fn state(digest: &str, observed: Option<&Observed>) -> String {
    let mut state = Object::new();
    state.push("surface", digest);
    if let Some(observed) = observed {
        state.push("observed", observed.to_json());
    }
    canon::digest(&state.into())
}

/// A digest that tells servers apart without keeping what may be secret: over command, arguments and folder, or over
/// URL and transport. Environment and headers are left out, and secrets are replaced by their names.
pub fn endpoint_digest(spec: &ServerSpec) -> String {
    let clean = |text: &str| Json::string(spec.secrets.redact(text).into_owned());
    let mut endpoint = Object::new();
    match &spec.endpoint {
        Endpoint::Command(command) => {
            let words = std::iter::once(&command.program).chain(&command.args);
            endpoint.push(
                "command",
                Json::Array(words.map(|word| clean(word)).collect()),
            );
            if let Some(folder) = &command.cwd {
                endpoint.push("cwd", clean(&folder.to_string_lossy()));
            }
        }
        Endpoint::Url(url) => {
            endpoint.push("url", clean(&url.url));
            endpoint.push("transport", url.transport.name());
        }
    }
    canon::digest(&endpoint.into())
}

fn damaged(path: &Path) -> Failure {
    Failure::new("file", format!("could not use `{}`", path.display()))
        .cause("it is damaged")
        .next("run bellwether check again")
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

fn document(entry: &Entry<'_>) -> Json {
    let mut check = Object::new();
    check.push("name", entry.name);
    check.push("endpoint", entry.endpoint);
    if let Some(baseline) = entry.baseline {
        check.push("baseline", baseline);
    }
    if let Some(state) = entry.state {
        check.push("state", state);
    }
    check.push("digest", entry.surface.digest().as_str());
    check.push("surface", entry.surface.to_document());
    if let Some(observed) = entry.observed {
        check.push("observed", observed.to_json());
    }
    let told = entry.told.iter().map(document_of);
    check.push("told", Json::Array(told.collect()));
    let check = Json::from(check);
    let seal = seal(&check);
    let Json::Object(mut check) = check else {
        return check;
    };
    check.push(SEAL, seal.as_str());
    check.into()
}

/// The digest over the text of a check: canonical JSON would not see a number that is spelled in another way, or a member
/// that a later one overrides.
fn seal(check: &Json) -> String {
    let members = check.as_object().into_iter().flat_map(Object::written);
    let sealed: Object = members
        .filter(|(name, _)| *name != SEAL)
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    canon::digest_text(&json::compact(&sealed.into()))
}

fn document_of(told: &Told) -> Json {
    let mut document = Object::new();
    document.push("rule", told.rule.as_str());
    document.push("severity", told.severity.name());
    document.push("at", told.at.as_str());
    document.push("pointer", told.pointer.as_str());
    if let Some(new_at) = &told.new_at {
        document.push("newAt", new_at.as_str());
    }
    let covers = told.covers.iter().map(Json::string);
    document.push("covers", Json::Array(covers.collect()));
    document.push("fingerprint", told.fingerprint.as_str());
    document.push("message", told.message.as_str());
    document.push("standing", told.standing.name());
    document.into()
}

fn told_of(json: &Json) -> Option<Told> {
    let text = |name| json.get_str(name).map(str::to_owned);
    let severity = json.get_str("severity")?;
    let standing = json.get_str("standing")?;
    let covers = json.get("covers")?.as_array()?.iter();
    Some(Told {
        rule: text("rule")?,
        severity: [Severity::Info, Severity::Warning, Severity::Breaking]
            .into_iter()
            .find(|known| known.name() == severity)?,
        at: text("at")?,
        pointer: text("pointer")?,
        new_at: text("newAt"),
        covers: covers
            .map(|at| at.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
        fingerprint: text("fingerprint")?,
        message: text("message")?,
        standing: Standing::ALL
            .into_iter()
            .find(|known| known.name() == standing)?,
    })
}

/// The captures in a file, or nothing where it is damaged.
fn checks(text: &str) -> Option<Vec<Json>> {
    let file = json::parse(text).ok()?;
    if file.get("formatVersion") != Some(&Json::from(FORMAT_VERSION)) {
        return None;
    }
    file.get("checks")?.as_array().map(<[Json]>::to_vec)
}

fn is_for(check: &Json, name: &str, endpoint: &str) -> bool {
    check.get_str("name") == Some(name) && check.get_str("endpoint") == Some(endpoint)
}
