//! One writer at a time: whoever reads a file to write it anew holds the lock of its folder meanwhile.
//!
//! The folder itself is locked, so no lock file is ever left behind. Only where a folder cannot be opened like a file
//! (Windows) one file of a fixed name stands in for it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{DRAWN, Links, PREFIX, SUFFIX, Written, end_of_links, folder_of, named, write};
use crate::failure::Failure;

/// How long another writer is waited for. Each holds the lock for as long as a file takes to be written.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often it is looked whether the other one is done.
const PAUSE: Duration = Duration::from_millis(10);

/// The right to write some files, until it is dropped. The system takes it back from a process that was killed.
#[derive(Debug)]
pub struct Lock {
    _held: Vec<File>,
}

impl Lock {
    /// As [`super::write_atomically`], of a file whose folder this locks.
    ///
    /// # Errors
    /// As [`super::write_atomically`].
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<Written, Failure> {
        write(path, bytes, Links::Followed)
    }

    /// As [`write`](Self::write), but a symbolic link at the end of the path is replaced and never followed: for a file
    /// that nobody asked for.
    ///
    /// # Errors
    /// As [`super::write_atomically`].
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> Result<Written, Failure> {
        write(path, bytes, Links::Replaced)
    }
}

/// As [`lock`], of the folder that a path names, also where the file itself is a link to elsewhere.
///
/// # Errors
/// As [`lock`].
pub fn lock_here(path: &Path) -> Result<Lock, Failure> {
    let folder = folder_of(path);
    let made = fs::create_dir_all(folder).and_then(|()| folder.canonicalize());
    let held = match made {
        Ok(made) => held(&made, path)?,
        Err(_) => None,
    };
    Ok(Lock {
        _held: held.into_iter().collect(),
    })
}

/// Waits for the right to write these files, so that what is read of them from now on is still so when they are
/// written. Missing folders are made. What a run left behind that was killed while it wrote is removed.
///
/// A folder that cannot be locked (it is out of reach, or its file system knows no locks) is left unlocked: writing
/// says what is wrong with it.
///
/// # Errors
/// Stage `file`: another writer that is not done in time.
pub fn lock<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<Lock, Failure> {
    let mut folders: Vec<(PathBuf, &Path)> = Vec::new();
    for path in paths {
        if let Some(folder) = folder_to_lock(path) {
            folders.push((folder, path));
        }
    }
    // Two runs that want the same folders wait for each other in the same order.
    folders.sort();
    folders.dedup_by(|a, b| a.0 == b.0);
    let mut held = Vec::new();
    for (folder, path) in &folders {
        held.extend(self::held(folder, path)?);
    }
    Ok(Lock { _held: held })
}

/// The lock of a folder, which is swept as soon as it is held.
fn held(folder: &Path, path: &Path) -> Result<Option<File>, Failure> {
    let file = hold(folder, path)?;
    if file.is_some() {
        sweep(folder);
    }
    Ok(file)
}

/// The folder in which the file is replaced; nothing where the path names no file that could be.
fn folder_to_lock(path: &Path) -> Option<PathBuf> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return None;
    }
    let target = end_of_links(path).ok()?;
    let folder = folder_of(&target);
    fs::create_dir_all(folder).ok()?;
    folder.canonicalize().ok()
}

fn hold(folder: &Path, path: &Path) -> Result<Option<File>, Failure> {
    #[cfg(unix)]
    let file = File::open(folder);
    #[cfg(not(unix))]
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(".bellwether-lock"));
    let Ok(file) = file else {
        return Ok(None);
    };
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if begin.elapsed() < PATIENCE => {
                std::thread::sleep(PAUSE);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(
                    Failure::new("file", format!("could not write `{}`", named(path)))
                        .cause(format!(
                            "another bellwether has been writing in its folder for {} s",
                            PATIENCE.as_secs()
                        ))
                        .next("run it again when that one is done"),
                );
            }
        }
    }
}

/// Removes temporary files: nobody else writes here now, so whoever made them was killed.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && name.to_str().is_some_and(is_temporary) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_temporary(name: &str) -> bool {
    let drawn = name
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX));
    drawn.is_some_and(|drawn| {
        drawn.len() == DRAWN && drawn.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
