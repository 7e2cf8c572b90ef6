//! Where the files are that the configuration names.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::Loaded;
use super::problem::quoted;
use super::server::{DEFAULT_NAME, completed};
use super::types::Baseline;
use crate::failure::Failure;

/// The folder for what bellwether writes, where nobody says.
const OUTPUT_DIR: &str = ".bellwether";

/// The baseline of a single server, where nobody says.
const BASELINE: &str = "bellwether-baseline.json";

impl Loaded {
    /// The folder for the baseline and for what the last check captured.
    pub fn output_dir(&self) -> PathBuf {
        self.dir
            .join(said(self.config.output.dir.as_deref()).unwrap_or(OUTPUT_DIR))
    }

    /// The folder for `CONTRACT.md`.
    pub fn docs_dir(&self) -> PathBuf {
        let folder = said(self.config.output.docs_dir.as_deref()).unwrap_or(".");
        self.dir.join(folder).components().collect()
    }

    /// The file to compare with: `comparePath` where it is set, else `path`. It need not be there.
    pub fn baseline_to_read(&self, baseline: &Baseline) -> PathBuf {
        let path = said(baseline.compare_path.as_deref()).or(said(baseline.path.as_deref()));
        self.place(path.unwrap_or(BASELINE))
    }

    /// The file to save to.
    pub fn baseline_to_write(&self, baseline: &Baseline) -> PathBuf {
        self.place(said(baseline.path.as_deref()).unwrap_or(BASELINE))
    }

    /// What the file says of the baseline of one server, by its name; without a name, of the only one.
    ///
    /// # Errors
    /// A name that is not in the file, and no name where there are several servers.
    pub fn baseline_of(&self, name: Option<&str>) -> Result<Baseline, Failure> {
        let Some(servers) = &self.config.servers else {
            return match name {
                None | Some(DEFAULT_NAME) => Ok(self.config.baseline.clone()),
                Some(name) => Err(Failure::new(
                    "config",
                    format!("there is no server {}", quoted(name)),
                )
                .next("the configuration has one server without a name: leave out --server")),
            };
        };
        let names = || {
            servers
                .keys()
                .map(|name| quoted(name))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let several = |message: String| {
            Failure::new("config", message).next(format!("pick one with --server: {}", names()))
        };
        let (name, server) = match (name, servers.iter().next()) {
            (Some(name), _) => {
                let server = servers.get(name);
                (
                    name,
                    server
                        .ok_or_else(|| several(format!("there is no server {}", quoted(name))))?,
                )
            }
            (None, Some((name, server))) if servers.len() == 1 => (name.as_str(), server),
            (None, _) => return Err(several("the configuration has several servers".to_owned())),
        };
        Ok(completed(
            name,
            server.baseline.clone().unwrap_or_default(),
            &self.config.baseline,
        ))
    }

    /// A relative path is looked up under `output.dir` first, then where it stands. Where neither is there, a bare file
    /// name belongs into `output.dir` and a path with a folder where it stands.
    fn place(&self, path: &str) -> PathBuf {
        let path = Path::new(path);
        let under = self.output_dir().join(path);
        let stands = self.dir.join(path);
        let bare = path
            .parent()
            .is_some_and(|folder| folder.as_os_str().is_empty());
        // A link to nothing stands for a file, too, and what cannot be looked at may be one.
        let is_there = |path: &Path| {
            path.symlink_metadata().map_or_else(
                |error| error.kind() == ErrorKind::PermissionDenied,
                |_| true,
            )
        };
        let chosen = match (is_there(&under), is_there(&stands)) {
            (true, _) => under,
            (false, true) => stands,
            (false, false) if bare => under,
            (false, false) => stands,
        };
        chosen.components().collect()
    }
}

impl Baseline {
    /// Whether a check without a baseline is an error, because the file asks for drift.
    pub fn is_required(&self) -> bool {
        said(self.compare_path.as_deref()).is_some() || self.fail_on_drift == Some(true)
    }
}

/// A path without `.` and without a folder that `..` leaves again, as it is spelled: no link is followed.
pub fn spelled_once(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match (part, plain.components().next_back()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                plain.pop();
            }
            _ => plain.push(part),
        }
    }
    plain
}

/// An empty path says as little as none.
fn said(path: Option<&str>) -> Option<&str> {
    path.filter(|path| !path.is_empty())
}
