//! Several files that change together: all of them are written, or none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Context;
use crate::config::{shown, spelled_once};
use crate::failure::Failure;
use crate::files::{self, Lock};

/// A file to write, and what stood in it when the new text was worked out.
pub(super) struct Change {
    /// The file.
    pub(super) file: PathBuf,
    /// Its text; nothing where there was no file.
    pub(super) old: Option<String>,
    /// The text that it gets.
    pub(super) new: String,
}

/// Writes all the files. Where one of them cannot be written, those before it get their old text back.
///
/// # Errors
/// Two names of one file, of which the second would take what the first got; a file that somebody else has changed
/// meanwhile, whose old text is no longer what would be replaced (`next` says what to do about it); one that cannot be
/// written.
pub(super) fn write(changes: &[&Change], next: &str, context: &Context) -> Result<(), Failure> {
    refuse_shared(changes, context)?;
    let lock = files::lock(changes.iter().map(|change| change.file.as_path()))?;
    let mut before = Vec::new();
    for change in changes {
        let held = files::read_text_if_present(&change.file)?;
        // Somebody who wrote the same took nothing away.
        if held != change.old && held.as_ref() != Some(&change.new) {
            let path = shown(&change.file, &context.cwd);
            return Err(Failure::new("file", "nothing was written")
                .cause(format!("`{path}` was changed meanwhile"))
                .next(next));
        }
        before.push(held);
    }
    for (written, change) in changes.iter().enumerate() {
        if let Err(failure) = lock.write(&change.file, change.new.as_bytes()) {
            let written = before.iter().zip(changes).take(written);
            return Err(take_back(&lock, written.collect(), failure, context));
        }
    }
    Ok(())
}

fn refuse_shared(changes: &[&Change], context: &Context) -> Result<(), Failure> {
    let mut names = BTreeMap::new();
    for Change { file, .. } in changes {
        if let Some(other) = names.insert(place(file), file) {
            let (one, other) = (shown(other, &context.cwd), shown(file, &context.cwd));
            return Err(Failure::new("file", "nothing was written")
                .cause(format!("`{one}` and `{other}` are one file"))
                .next("give each server a baseline of its own, or pick one with --server NAME"));
        }
    }
    Ok(())
}

/// Where a file is, or will be once it is written.
fn place(file: &Path) -> PathBuf {
    let plain = spelled_once(file);
    let real = || {
        let folder = plain.parent()?.canonicalize().ok()?;
        Some(folder.join(plain.file_name()?))
    };
    let there = file.canonicalize().or_else(|_| plain.canonicalize());
    there.ok().or_else(real).unwrap_or_else(|| plain.clone())
}

/// Gives the files that were written back what they held: the old text, or what somebody else had written meanwhile.
fn take_back(
    lock: &Lock,
    written: Vec<(&Option<String>, &&Change)>,
    mut failure: Failure,
    context: &Context,
) -> Failure {
    for (held, change) in written.into_iter().rev() {
        let restored = match held {
            Some(held) => lock.write(&change.file, held.as_bytes()).is_ok(),
            None => std::fs::remove_file(&change.file).is_ok(),
        };
        let path = shown(&change.file, &context.cwd);
        failure = failure.note(if restored {
            format!("`{path}` is as it was")
        } else {
            format!("`{path}` was written and could not be taken back")
        });
    }
    failure
}
