//! Which file is the configuration.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The names that are looked for, the best first.
pub const NAMES: [&str; 4] = [
    "bellwether.yaml",
    "bellwether.yml",
    ".bellwether.yaml",
    ".bellwether.yml",
];

/// The configuration for a folder: the file that was named, else the nearest one on the way up to the root of the
/// repository (the folder with `.git`). Outside a repository the way goes on up, but above the present folder only a
/// file of the same owner counts: what a stranger left in a shared folder must not decide what is started.
///
/// # Errors
/// A file that was named and is not there; a folder of that name, or a link to nothing; two of the names in one folder.
pub fn find(explicit: Option<&Path>, cwd: &Path) -> Result<Option<PathBuf>, Failure> {
    if let Some(path) = explicit {
        let path = cwd.join(path);
        if path.is_file() {
            return Ok(Some(path));
        }
        if path.is_dir() {
            return Err(is_folder(&path, cwd));
        }
        return Err(Failure::new("config", "could not read the configuration")
            .cause(format!("there is no file `{}`", shown(&path, cwd)))
            .next("name a file with --config (or BELLWETHER_CONFIG), or write one with `bellwether init`"));
    }
    let root = cwd.ancestors().find(|folder| folder.join(".git").exists());
    for folder in cwd.ancestors() {
        let trusted = |path: &Path| root.is_some() || folder == cwd || same_owner(path, cwd);
        let mut there = NAMES
            .iter()
            .map(|name| folder.join(name))
            .filter(|path| path.symlink_metadata().is_ok() && trusted(path));
        if let Some(path) = there.next() {
            // Passing it over would say that there is none, or take a file further up for it.
            if path.is_dir() {
                return Err(is_folder(&path, cwd));
            }
            if !path.exists() {
                return Err(leads_nowhere(&path, cwd));
            }
            if let Some(other) = there.next() {
                return Err(Failure::new("config", "could not choose a configuration")
                    .cause(format!(
                        "there are both `{}` and `{}`",
                        shown(&path, cwd),
                        shown(&other, cwd)
                    ))
                    .next("remove one of them, or name one with --config"));
            }
            return Ok(Some(path));
        }
        if Some(folder) == root {
            break;
        }
    }
    Ok(None)
}

fn is_folder(path: &Path, cwd: &Path) -> Failure {
    Failure::new("config", format!("could not use `{}`", shown(path, cwd)))
        .cause("it is a folder")
        .next("rename the folder, or name a file with --config")
}

fn leads_nowhere(path: &Path, cwd: &Path) -> Failure {
    Failure::new("config", format!("could not use `{}`", shown(path, cwd)))
        .cause("it is a symbolic link to what does not exist or cannot be reached")
        .next("mend the link or remove it, or name a file with --config")
}

#[cfg(unix)]
fn same_owner(path: &Path, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = |path: &Path| path.metadata().map(|metadata| metadata.uid()).ok();
    owner(path).is_some_and(|uid| Some(uid) == owner(folder))
}

#[cfg(not(unix))]
fn same_owner(_: &Path, _: &Path) -> bool {
    false
}

/// A path as the user would write it: seen from `cwd`, also above it.
pub fn shown(path: &Path, cwd: &Path) -> String {
    let path: PathBuf = path.components().collect();
    for (up, folder) in cwd.ancestors().enumerate() {
        // The root of the file system is no neighbourhood.
        if folder.parent().is_none() {
            break;
        }
        if let Ok(below) = path.strip_prefix(folder) {
            let mut seen = PathBuf::new();
            seen.extend(std::iter::repeat_n("..", up));
            seen.push(below);
            let seen = seen.to_string_lossy().replace('\\', "/");
            return if seen.is_empty() {
                ".".to_owned()
            } else {
                seen
            };
        }
    }
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_they_would_be_typed() {
        let cwd = Path::new("/home/ada/project/sub");
        assert_eq!(
            shown(Path::new("/home/ada/project/sub/a.yaml"), cwd),
            "a.yaml"
        );
        assert_eq!(
            shown(Path::new("/home/ada/project/./x/a.yaml"), cwd),
            "../x/a.yaml"
        );
        assert_eq!(shown(Path::new("/home/ada/project/sub"), cwd), ".");
        assert_eq!(shown(Path::new("/etc/a.yaml"), cwd), "/etc/a.yaml");
    }
}
