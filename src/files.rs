//! Reads and writes files so that nothing is ever half-written and every failure says what was not done.

mod lock;
mod stream;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

pub use lock::{Lock, lock, lock_here};

use crate::config::shown;
use crate::failure::Failure;
use crate::json::position;

/// The largest file that is read, 128 MiB. A whole capture may bring half of that, and a baseline is thousands of times
/// smaller.
pub const MAX_BYTES: u64 = 128 << 20;

/// How many links to links are followed.
const MAX_LINKS: usize = 40;

/// What is said of more.
const CIRCLE: &str = "it is a symbolic link that leads round in a circle";

/// How the name of a temporary file begins and ends, and how many letters and digits stand in between: so many that
/// nobody names a file of their own like it. It is not named after the file that it becomes, whose name may be as long
/// as a name can be.
const PREFIX: &str = ".bellwether-";
const SUFFIX: &str = ".tmp";
const DRAWN: usize = 16;

/// What a write came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The file is new or has changed.
    Changed,
    /// The file held these very bytes already and was not touched.
    Unchanged,
}

/// Reads a text file.
///
/// # Errors
/// Stage `file`: a missing file, a folder, no permission, a file of more than [`MAX_BYTES`], a pipe into which nobody
/// writes, text that is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = read(path).map_err(|error| {
        let failure = cannot_read(path, reason(&error));
        match error.kind() {
            ErrorKind::FileTooLarge | ErrorKind::IsADirectory | ErrorKind::TimedOut => {
                failure.next("check that it is the file you mean")
            }
            _ => failure,
        }
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..offset]);
        let place = position(&text, offset);
        cannot_read(
            path,
            format!("it is not UTF-8 text: {place}: byte {offset} begins no character"),
        )
        .next("save it as UTF-8")
    })
}

/// Reads a text file that need not be there.
///
/// # Errors
/// As [`read_text`], but a missing file is no error. A symbolic link to one is: somebody meant a file to be there.
pub fn read_text_if_present(path: &Path) -> Result<Option<String>, Failure> {
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => match dangling(path) {
            None => Ok(None),
            Some(link) => Err(cannot_read(
                path,
                format!(
                    "`{}` is a symbolic link to what does not exist",
                    named(link)
                ),
            )
            .next("mend the link, or remove it")),
        },
        _ => read_text(path).map(Some),
    }
}

/// Writes a file whole or not at all: a temporary file in the same folder, flushed to the disk, then renamed.
///
/// Missing folders are made. A symbolic link stays, and the file it names is written; another hard link to the old file
/// keeps the old text. An existing file keeps its permissions, a new one gets those of the umask. A device or pipe is
/// written to as it is. The same bytes are not written again. Two runs never write in one folder at the same time; who reads a file first, to write something that
/// depends on it, takes the [`lock`] before.
///
/// # Errors
/// Stage `file`: a folder in the way, no permission, a read-only or full disk, another writer that is not done in time.
/// The old file is then untouched, and no temporary file is left behind.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<Written, Failure> {
    lock([path])?.write(path, bytes)
}

/// Whether a link at the end of a path is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Links {
    /// The file that it names is written.
    Followed,
    /// It is replaced, as is whatever else is no folder.
    Replaced,
}

/// Writes without asking who else does.
fn write(path: &Path, bytes: &[u8], links: Links) -> Result<Written, Failure> {
    let existed = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let written = match links {
        Links::Followed => put(path, bytes),
        Links::Replaced => put_here(path, bytes),
    };
    written.map_err(|error| {
        let failure = Failure::new("file", format!("could not write `{}`", named(path))).cause(
            match error.kind() {
                // Of a write it is no limit of ours.
                ErrorKind::FileTooLarge => {
                    "it would be larger than a file may be here (ulimit -f, or the file system)"
                        .to_owned()
                }
                _ => reason(&error),
            },
        );
        let failure = match error.kind() {
            ErrorKind::FileTooLarge => {
                failure.next("raise the limit (ulimit -f unlimited), or write elsewhere")
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                failure.next("make room and run it again")
            }
            ErrorKind::IsADirectory => failure.next("name a file"),
            ErrorKind::TimedOut => failure.next("check that it is the file you mean"),
            ErrorKind::ReadOnlyFilesystem => {
                failure.next("write elsewhere, or mount it for writing")
            }
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                failure.next("move what is in the way, or name another path")
            }
            _ => failure.next("check the permissions of the file and of its folder"),
        };
        if existed {
            failure.note("the old file is untouched")
        } else {
            failure
        }
    })
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Whoever opens a pipe waits for somebody at its other end.
    if is_stream(&fs::metadata(path).map_err(|error| of_links(path, error))?) {
        return stream::read(path);
    }
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    // A file may grow meanwhile, and some of the system's have no length: the limit is kept while reading as well.
    let mut bytes =
        Vec::with_capacity(usize::try_from(metadata.len().min(MAX_BYTES)).unwrap_or_default());
    if metadata.len() <= MAX_BYTES {
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    }
    if metadata.len() > MAX_BYTES || bytes.len() as u64 > MAX_BYTES {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<Written> {
    let old = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(ErrorKind::IsADirectory.into()),
        Ok(metadata) if is_stream(&metadata) => {
            stream::write(path, bytes)?;
            return Ok(Written::Changed);
        }
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(of_links(path, error)),
    };
    let target = end_of_links(path)?;
    if let Some(old) = &old {
        if old.len() == bytes.len() as u64 && fs::read(&target).is_ok_and(|held| held == bytes) {
            return Ok(Written::Unchanged);
        }
        // A file that its owner made read-only is not replaced behind their back.
        OpenOptions::new().write(true).open(&target)?;
    }
    let folder = folder_of(&target);
    fs::create_dir_all(folder)?;
    replace(&target, folder, old.as_ref(), bytes)?;
    Ok(Written::Changed)
}

/// Writes a file of ours where it is named and nowhere else: whoever put a link there must not choose what is
/// overwritten.
fn put_here(path: &Path, bytes: &[u8]) -> io::Result<Written> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => put(path, bytes),
        Ok(metadata) if metadata.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => {
            let folder = folder_of(path);
            fs::create_dir_all(folder)?;
            replace(path, folder, None, bytes)?;
            Ok(Written::Changed)
        }
    }
}

/// The temporary file is removed when anything here fails.
fn replace(
    target: &Path,
    folder: &Path,
    old: Option<&fs::Metadata>,
    bytes: &[u8],
) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(DRAWN);
    // `tempfile` makes files for one reader only; the umask decides here, as for any other file.
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    let mut temporary = builder.tempfile_in(folder)?;
    if let Some(old) = old {
        // A container that runs as root should not take its user's files away; elsewhere this is refused, which is fine.
        #[cfg(unix)]
        let _ = std::os::unix::fs::fchown(
            temporary.as_file(),
            Some(std::os::unix::fs::MetadataExt::uid(old)),
            Some(std::os::unix::fs::MetadataExt::gid(old)),
        );
        temporary.as_file().set_permissions(old.permissions())?;
    }
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(target).map_err(|error| error.error)?;
    // The rename itself is flushed where the system can; the file is whole either way.
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// The file that a symbolic link names in the end, whether it exists or not.
fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other(CIRCLE))
}

/// The system's error, in better words where it is about links.
fn of_links(path: &Path, error: io::Error) -> io::Error {
    match end_of_links(path) {
        Ok(_) => error,
        Err(circle) => circle,
    }
}

/// The symbolic link to nothing in a path, at its end or on the way.
fn dangling(path: &Path) -> Option<&Path> {
    let is_link = |path: &&Path| {
        fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
            && fs::metadata(path).is_err()
    };
    path.ancestors().find(is_link)
}

/// Whether it is a pipe, a device or a socket.
fn is_stream(metadata: &fs::Metadata) -> bool {
    !metadata.is_file() && !metadata.is_dir()
}

/// The folder of a file.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn cannot_read(path: &Path, cause: String) -> Failure {
    Failure::new("file", format!("could not read `{}`", named(path)))
        .cause(cause)
        .next("check the path and its permissions")
}

/// A path as it would be typed here: a report says the same on every machine.
fn named(path: &Path) -> String {
    match std::env::current_dir() {
        Ok(cwd) => shown(path, &cwd),
        Err(_) => path.display().to_string(),
    }
}

/// Why, in words for people; the system's own where there are no better ones.
pub fn reason(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "it does not exist",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::NotADirectory => "a part of its path is a file, not a folder",
        // Folders are made as needed, so it is never the file itself.
        ErrorKind::AlreadyExists => {
            "a part of its path is no folder, or a symbolic link to a missing one"
        }
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "the disk quota is used up",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::TimedOut => "it is a pipe, and nobody is at its other end",
        ErrorKind::FileTooLarge => "it is larger than 128 MiB, the most that is read",
        _ => return error.to_string(),
    };
    words.to_owned()
}
