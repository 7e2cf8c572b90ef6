//! The baseline file: what was approved, in a form that people read in a pull request.
//!
//! It reads and writes text and judges nothing; files and folders are the business of `files`. `docs/baseline.md`
//! describes the format.

pub mod accept;
mod digests;
mod document;
mod error;
mod imported;
mod layout;
mod lines;
pub mod merge;
mod observation;
mod order;
mod places;
mod rows;
mod script_acceptance;
mod script_hash;
mod script_lost;
pub mod selection;
mod sight;
mod source;
mod spelling;
pub mod trail;
mod typescript;
mod unread;
mod verify;
mod volatile;

use std::borrow::Cow;

pub use error::BaselineError;
pub use layout::written_anew;
pub use lines::Lines;
pub use sight::Sight;
pub use source::{Kind, Source, aligned};
pub use trail::Trail;
pub use verify::{Damage, Verification, verify, verify_read};
pub use volatile::Volatile;

use crate::json::{self, Json, Object, Pointer};
use crate::observed::{Keeping, Observed};
use crate::rules::CATALOGUE_VERSION;
use crate::surface::{FORMAT_VERSION, List, Listing, Surface};
use document::{MEMBERS, document};
use imported::IMPORTED;
use spelling::same_as_written;
use trail::{TRAIL, UNREVIEWED};
use volatile::VOLATILE;

/// The member with the version of the catalogue of rules.
const CATALOGUE: &str = "catalogueVersion";

/// The member with what the server was seen doing, and its entry among the digests.
const OBSERVED: &str = "observed";

/// What was approved, as a file tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// The approved surface. None of its lists is [`Listing::Failed`].
    pub surface: Surface,
    /// What the server was seen doing when it was approved; nothing where nobody looked.
    pub observed: Option<Observed>,
    /// What the server changes from one run to the next, which is compared by shape only.
    pub volatile: Volatile,
    /// Who accepted what, when and why; empty where nobody has accepted anything.
    pub trail: Trail,
    /// The version of the catalogue of rules that it was approved with; nothing where the file does not say.
    pub catalogue: Option<String>,
    /// Whether the digests in the file are those of its definitions; false where a person edited it.
    pub digest_matches: bool,
    /// Who wrote it.
    pub format: Format,
    /// How much of a server such a file can know.
    pub sight: Sight,
    /// What the reader should know of the file, each a sentence without its full stop.
    pub notes: Vec<String>,
}

/// Who wrote a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// This program.
    Bellwether,
    /// The TypeScript program of the same name (formats 1.x and 2.x).
    TypeScript {
        /// Its version, `2.1.3`.
        version: String,
    },
}

impl Baseline {
    /// Reads a baseline file of this program or of the TypeScript bellwether (interface.md, Files).
    ///
    /// A file that was edited by hand is read; a note says that its digest does not match.
    ///
    /// # Errors
    /// Text that is empty, cut off, marked with merge conflicts or no JSON, a newer format, an incomplete capture,
    /// and anything that is no baseline.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        Self::of_document(document_of(text)?, text)
    }

    /// Reads the document in a text.
    fn of_document(document: Json, text: &str) -> Result<Self, BaselineError> {
        let object = match document {
            Json::Object(object) => object,
            other => return Err(no_object(&other, text)),
        };
        Self::of_any(object).map_err(|error| error.located(text))
    }

    fn of_any(object: Object) -> Result<Self, BaselineError> {
        if typescript::wrote(&object) {
            return typescript::import(&object);
        }
        if object.get("formatVersion").is_none() {
            return Err(match Surface::from_owned(object.into()) {
                Ok(_) => BaselineError::Capture,
                Err(error) => error.into(),
            });
        }
        Self::of_object(object)
    }

    /// The text of a baseline file with this surface, and what was observed of it: the same text for equal surfaces, in
    /// whatever order the server sent them.
    ///
    /// # Errors
    /// A surface with a list that the server failed to give.
    pub fn render(surface: &Surface, observed: Option<&Observed>) -> Result<String, BaselineError> {
        Self::render_with(surface, observed, &Volatile::default(), &Trail::default())
    }

    /// As [`render`](Self::render), with what is volatile and the trail of decisions. The last of them should be the one
    /// that made this surface the expected one.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn render_with(
        surface: &Surface,
        observed: Option<&Observed>,
        volatile: &Volatile,
        trail: &Trail,
    ) -> Result<String, BaselineError> {
        Self::render_imported(surface, observed, volatile, trail, &Sight::Full)
    }

    /// As [`render_with`](Self::render_with), of a surface that was taken over from a file of this sight. The file
    /// remembers it unless a decision was made since.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn render_imported(
        surface: &Surface,
        observed: Option<&Observed>,
        volatile: &Volatile,
        trail: &Trail,
        sight: &Sight,
    ) -> Result<String, BaselineError> {
        refuse_incomplete(surface)?;
        let sight = imported::of(sight, surface, trail);
        let catalogue = Some(CATALOGUE_VERSION);
        Ok(written(&document(
            surface, observed, volatile, trail, &sight, catalogue,
        )))
    }

    /// As [`render`](Self::render), but the old text byte for byte where it holds the same, so that saving an unchanged
    /// server changes no file, whichever version of this program wrote it. What was observed anew is never the same to
    /// the last digit: [`observed_to_write`](Self::observed_to_write) says what of it is to be written.
    ///
    /// The trail of the old text stays, and says what was saved without a decision. What is volatile there stays so.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn render_keeping(
        old_text: &str,
        surface: &Surface,
        observed: Option<&Observed>,
    ) -> Result<String, BaselineError> {
        Self::render_marking(old_text, surface, observed, &Volatile::default())
    }

    /// As [`render_keeping`](Self::render_keeping), with more that is volatile.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn render_marking(
        old_text: &str,
        surface: &Surface,
        observed: Option<&Observed>,
        volatile: &Volatile,
    ) -> Result<String, BaselineError> {
        Self::render_over(old_text, surface, observed, volatile, &Sight::Full)
    }

    /// As [`render_marking`](Self::render_marking), of a surface that came from a file of this sight, as
    /// [`render_imported`](Self::render_imported) has it.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn render_over(
        old_text: &str,
        surface: &Surface,
        observed: Option<&Observed>,
        volatile: &Volatile,
        sight: &Sight,
    ) -> Result<String, BaselineError> {
        refuse_incomplete(surface)?;
        let old = Self::parse(old_text).ok();
        let volatile = old.as_ref().map_or_else(
            || volatile.clone(),
            |old| volatile.and(&old.volatile.still_in(surface)),
        );
        // What the other program wrote is no decision of anybody here.
        let trail = (old.as_ref())
            .filter(|old| old.format == Format::Bellwether)
            .map(|old| old.trail.beside(&old.surface, surface));
        let trail = trail.unwrap_or_default();
        let sight = imported::of(sight, surface, &trail);
        let document =
            |catalogue| document(surface, observed, &volatile, &trail, &sight, catalogue);
        // Another catalogue alone is no reason to touch the file.
        let keep = old.as_ref().is_some_and(|old| {
            let after = document(old.catalogue.as_deref());
            let [before, after] = [old.document(), after].map(spelling::without);
            old.is_trusted() && same_as_written(&before, &after)
        });
        Ok(if keep {
            old_text.to_owned()
        } else {
            written(&document(Some(CATALOGUE_VERSION)))
        })
    }

    /// What is to be written over this baseline where that surface and these observations were approved: what stands
    /// here already as far as it is still so, with what is new.
    pub fn observed_to_write(
        &self,
        surface: &Surface,
        observed: Option<&Observed>,
        keeping: &Keeping<'_>,
    ) -> Option<Observed> {
        let old = self.observed.as_ref().filter(|_| self.is_trusted());
        observation::to_write(old, observed, surface, keeping)
    }

    /// The document of the file, as this version writes it.
    fn document(&self) -> Json {
        let observed = self.observed.as_ref();
        let catalogue = self.catalogue.as_deref();
        document(
            &self.surface,
            observed,
            &self.volatile,
            &self.trail,
            &self.sight,
            catalogue,
        )
    }

    /// Whether this program wrote it and nobody has edited it since.
    fn is_trusted(&self) -> bool {
        self.format == Format::Bellwether && self.digest_matches
    }

    /// The digest over the surface, `sha256:` and 64 hex digits. It is computed, not read from the file.
    pub fn digest(&self) -> String {
        self.surface.digest()
    }

    /// The part of another surface that this file can be compared with.
    pub fn project<'a>(&self, live: &'a Surface) -> Cow<'a, Surface> {
        self.sight.project(live)
    }

    /// Reads a document that is known to have a `formatVersion`.
    fn of_object(mut object: Object) -> Result<Self, BaselineError> {
        refuse_newer(&object)?;
        let unread_members = unread::members(&object);
        let catalogue = object
            .get(CATALOGUE)
            .and_then(Json::as_str)
            .map(str::to_owned);
        let mut recorded = Object::new();
        for name in ["digest", "digests"] {
            if let Some(value) = object.take(name) {
                recorded.push(name, value);
            }
        }
        let behaviour = object.take(OBSERVED);
        let observed = observation::read(behaviour.as_ref())?;
        let volatile = Volatile::read(object.take(VOLATILE).as_ref())?;
        let entries = object.take(TRAIL);
        let unreviewed = object.take(UNREVIEWED);
        let trail = Trail::of_members(entries.as_ref(), unreviewed.as_ref())?;
        let imported_from = object.take(IMPORTED);
        let surface = Surface::from_owned(object.into())?;
        refuse_incomplete(&surface)?;
        let claimed = imported::read(imported_from.as_ref(), &surface)?;
        let actual = digests::of(
            &surface,
            behaviour.as_ref(),
            &volatile,
            &trail,
            claimed.version(),
        );
        let (digest_matches, note) = digests::compare(&recorded, &actual, &surface);
        let mut notes: Vec<_> = note.into_iter().collect();
        // What somebody put in by hand makes no file blind.
        let is_sealed = digests::holds(IMPORTED, &recorded, &actual);
        let sight = match is_sealed {
            true => imported::of(&claimed, &surface, &trail),
            false => Sight::Full,
        };
        if is_sealed && sight != claimed {
            notes.push(format!(
                "its `{IMPORTED}` is not regarded: bellwether baseline verify tells more"
            ));
        }
        if let Some(broken) = trail.chain().first() {
            notes.push(format!(
                "its trail is damaged ({}): bellwether baseline verify tells more",
                broken.what
            ));
        }
        notes.extend(unread_members);
        notes.extend(unread::lists(&recorded, &surface));
        notes.extend(volatile.note());
        notes.extend(imported::note(&sight));
        Ok(Self {
            surface,
            observed,
            volatile,
            trail,
            catalogue,
            digest_matches,
            format: Format::Bellwether,
            sight,
            notes,
        })
    }
}

/// The baseline as a document of this program's format, whichever program wrote it (`baseline show --format json`).
pub fn show_json(baseline: &Baseline) -> String {
    written(&baseline.document())
}

/// The JSON document in a text, which may begin with a byte order mark.
///
/// # Errors
/// Text that is empty, cut off, marked with merge conflicts or no JSON.
pub fn document_of(text: &str) -> Result<Json, BaselineError> {
    let text = without_mark(text);
    if text.trim().is_empty() {
        return Err(BaselineError::Empty);
    }
    if let Some(line) = error::conflict_line(text) {
        return Err(BaselineError::Conflict { line });
    }
    json::parse(text).map_err(|error| {
        if error.position == json::position(text, text.trim_end().len())
            || error.message.starts_with("EOF")
        {
            BaselineError::Truncated(error.position)
        } else {
            BaselineError::Json(error)
        }
    })
}

/// A text without the byte order mark that some editors put before it.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn no_object(document: &Json, text: &str) -> BaselineError {
    let text = without_mark(text);
    let beginning = json::locate(text, &Pointer::root());
    let position = beginning.unwrap_or_else(|| json::position(text, 0));
    BaselineError::NotAnObject(document.type_name(), position)
}

fn refuse_newer(object: &Object) -> Result<(), BaselineError> {
    let wrong = |why: String| BaselineError::unknown(Pointer::root().join("formatVersion"), why);
    match object.get("formatVersion") {
        Some(Json::Number(number)) => match number.as_i64() {
            Some(version) if version == FORMAT_VERSION.cast_signed() => Ok(()),
            Some(version) if version < FORMAT_VERSION.cast_signed() => {
                Err(wrong(format!("there is no format {version}")))
            }
            _ => Err(BaselineError::Newer(number.to_string())),
        },
        Some(_) => Err(wrong("its `formatVersion` is not a number".to_owned())),
        None => Ok(()),
    }
}

fn refuse_incomplete(surface: &Surface) -> Result<(), BaselineError> {
    let failed: Vec<_> = List::ALL
        .into_iter()
        .filter(|list| matches!(surface.listing(*list), Listing::Failed(_)))
        .map(List::method)
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(BaselineError::Incomplete(failed))
    }
}

/// The text of the file.
fn written(document: &Json) -> String {
    json::pretty(&rows::File(document))
}
