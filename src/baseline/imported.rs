//! What a baseline remembers of the TypeScript bellwether after it was taken over from one of its files: the version, by
//! which is known what such a file could not hold. That is not compared until somebody approves it.
//!
//! No other file may be made blind by it. Such a file has a digest of its own for it, and holds neither what no file of
//! that program has nor a decision that was made here.

use super::script_lost::blind_spots;
use super::sight::{Era, Sight};
use super::{Baseline, BaselineError, Trail};
use crate::canon;
use crate::json::{Json, Pointer};
use crate::surface::Surface;

/// The member with the version, and its entry among the digests.
pub(super) const IMPORTED: &str = "importedFrom";

/// What the program is called as the source of who accepted, before its version.
pub(super) const PROGRAM: &str = "the TypeScript bellwether";

/// What the member says that a file can know; everything where there is none.
///
/// # Errors
/// A value that is not text, and a version that is not known.
pub(super) fn read(member: Option<&Json>, surface: &Surface) -> Result<Sight, BaselineError> {
    let Some(member) = member else {
        return Ok(Sight::Full);
    };
    let wrong = |why: String| BaselineError::unknown(Pointer::root().join(IMPORTED), why);
    let Some(version) = member.as_str() else {
        let found = member.type_name();
        return Err(wrong(format!("its `{IMPORTED}` is not text but {found}")));
    };
    match Era::of(version, surface) {
        Some(era) => Ok(Sight::TypeScript(era)),
        None => Err(wrong(format!(
            "its `{IMPORTED}` is no version of the TypeScript bellwether that can be read: 1.x and 2.x can"
        ))),
    }
}

/// The digest of the member.
pub(super) fn digest(version: &str) -> String {
    canon::digest(&Json::string(version))
}

/// Why a file with this surface and this trail is not one that was taken over, in a clause.
pub(super) fn contradiction(surface: &Surface, trail: &Trail) -> Option<&'static str> {
    if surface.transport.is_some() || !surface.beside.is_empty() {
        return Some("stands over what no file of the TypeScript bellwether can hold");
    }
    let is_here = |source: &str| !source.starts_with(PROGRAM);
    let mut sources = trail.entries.iter().map(|entry| entry.by_source.as_str());
    sources
        .any(is_here)
        .then_some("stands beside a decision that was made here, which ends it")
}

/// The sight of a file with this surface and this trail, of which the surface came from a file of that sight.
pub(super) fn of(sight: &Sight, surface: &Surface, trail: &Trail) -> Sight {
    match contradiction(surface, trail) {
        Some(_) => Sight::Full,
        None => sight.clone(),
    }
}

/// What the reader should know of a file of this program that remembers this sight.
pub(super) fn note(sight: &Sight) -> Option<String> {
    match sight {
        Sight::Full => None,
        Sight::TypeScript(era) => Some(format!(
            "it comes from {PROGRAM}: {} until bellwether baseline accept, or bellwether baseline save --force",
            blind_spots(era)
        )),
    }
}

impl Baseline {
    /// The notes that still hold once another surface was approved: what could not be held before can be from then on.
    pub fn lasting_notes(&self) -> impl Iterator<Item = &String> {
        let limits = note(&self.sight);
        (self.notes.iter()).filter(move |note| Some(*note) != limits.as_ref())
    }
}
