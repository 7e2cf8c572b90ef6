//! Any file that `diff` takes: a baseline of either program, a snapshot, a raw capture, a raw result of a list.

use std::borrow::Cow;

use super::{
    Baseline, BaselineError, Format, Sight, Trail, document_of, no_object, refuse_newer, typescript,
};
use crate::json::{Json, Object};
use crate::observed::Observed;
use crate::surface::{List, Surface};

/// A surface from a file, and what kind of file it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The surface. A list that the server failed to give is `Failed`.
    pub surface: Surface,
    /// What the server was seen doing; only a baseline holds that.
    pub observed: Option<Observed>,
    /// Who accepted what; only a baseline holds that.
    pub trail: Trail,
    /// What the file is.
    pub kind: Kind,
    /// How much of a server such a file can know.
    pub sight: Sight,
    /// What the reader should know of the file.
    pub notes: Vec<String>,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A baseline of this program.
    Baseline,
    /// A baseline of the TypeScript bellwether, by its version.
    TypeScript(String),
    /// What `snapshot` prints.
    Snapshot,
    /// A raw capture: `initialize` and lists as they were sent.
    Capture,
    /// The raw result of `tools/list` or another list.
    ListResult,
}

impl Kind {
    /// What to call it: "a snapshot".
    pub fn name(&self) -> &'static str {
        match self {
            Self::Baseline => "a baseline",
            Self::TypeScript(_) => "a baseline of the TypeScript bellwether",
            Self::Snapshot => "a snapshot",
            Self::Capture => "a raw capture",
            Self::ListResult => "the result of a list",
        }
    }
}

impl Source {
    /// Reads a file of any of these kinds (interface.md, `diff`).
    ///
    /// # Errors
    /// As [`Baseline::parse`]; an incomplete capture is none, but its failed lists stay [`crate::surface::Listing::Failed`].
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let object = match document_of(text)? {
            Json::Object(object) => object,
            other => return Err(no_object(&other, text)),
        };
        Self::of_object(object).map_err(|error| error.located(text))
    }

    fn of_object(object: Object) -> Result<Self, BaselineError> {
        if typescript::wrote(&object) {
            return typescript::import(&object).map(Self::from);
        }
        if is_baseline(&object) {
            return Baseline::of_object(object).map(Self::from);
        }
        refuse_newer(&object)?;
        let kind = if object.get("formatVersion").is_some() {
            Kind::Snapshot
        } else if object.get("initialize").is_some() || object.get("errors").is_some() {
            Kind::Capture
        } else {
            Kind::ListResult
        };
        let mut notes = Vec::new();
        if kind == Kind::ListResult && object.get("nextCursor").is_some() {
            notes.push("it holds one page of several: it has a `nextCursor`".to_owned());
        }
        notes.extend(
            object.repeated_names().into_iter().map(|name| {
                format!("`{name}` occurs more than once at its top; the last one counts")
            }),
        );
        let surface = Surface::from_owned(object.into())?;
        Ok(Self {
            surface,
            observed: None,
            trail: Trail::default(),
            kind,
            sight: Sight::Full,
            notes,
        })
    }

    /// A surface that came from no file, with nothing lost.
    pub fn live(surface: Surface) -> Self {
        Self {
            surface,
            observed: None,
            trail: Trail::default(),
            kind: Kind::Capture,
            sight: Sight::Full,
            notes: Vec::new(),
        }
    }

    /// The lists that the server failed to give, which are not compared.
    pub fn failed_lists(&self) -> impl Iterator<Item = List> {
        List::ALL.into_iter().filter(|list| {
            matches!(
                self.surface.listing(*list),
                crate::surface::Listing::Failed(_)
            )
        })
    }
}

/// Both surfaces, each cut down to what the other file can know.
pub fn aligned<'a>(old: &'a Source, new: &'a Source) -> (Cow<'a, Surface>, Cow<'a, Surface>) {
    (
        new.sight.project(&old.surface),
        old.sight.project(&new.surface),
    )
}

impl From<Baseline> for Source {
    fn from(baseline: Baseline) -> Self {
        let kind = match baseline.format {
            Format::Bellwether => Kind::Baseline,
            Format::TypeScript { version } => Kind::TypeScript(version),
        };
        Self {
            surface: baseline.surface,
            observed: baseline.observed,
            trail: baseline.trail,
            kind,
            sight: baseline.sight,
            notes: baseline.notes,
        }
    }
}

fn is_baseline(object: &Object) -> bool {
    object.get("formatVersion").is_some()
        && (object.get("digest").is_some() || object.get("digests").is_some())
}
