//! What an entry changed: whole parts of the surface, before and after.

use super::form::Form;
use super::parts::{self, Parts};
use crate::baseline::BaselineError;
use crate::baseline::spelling::same_as_written;
use crate::json::{Json, Object};
use crate::surface::Surface;

/// One part of a surface that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Its place: `tools/NAME` and the like for an item (an array where several share a name), `tools` for a list that
    /// came or went, `initialize/MEMBER`, `protocolVersion`, `transport`, `results/METHOD`.
    pub at: String,
    /// What stood there before; nothing where it was added.
    pub before: Option<Json>,
    /// What stands there after; nothing where it was removed.
    pub after: Option<Json>,
}

impl Changed {
    /// The parts in which two surfaces differ, sorted by place.
    pub fn between(before: &Surface, after: &Surface) -> Vec<Self> {
        let (before, after) = (parts::of(before), parts::of(after));
        let places = before
            .keys()
            .chain(after.keys().filter(|at| !before.contains_key(*at)));
        let differs = |at: &&String| match (before.get(*at), after.get(*at)) {
            (Some(before), Some(after)) => !same_as_written(before, after),
            _ => true,
        };
        let mut changed: Vec<_> = places
            .filter(differs)
            .map(|at| Self {
                at: at.clone(),
                before: before.get(at).cloned(),
                after: after.get(at).cloned(),
            })
            .collect();
        changed.sort_by(|a, b| a.at.cmp(&b.at));
        changed
    }

    /// Reads the changed parts of an entry.
    pub(super) fn read_all(form: &Form<'_>) -> Result<Vec<Self>, BaselineError> {
        form.elements()?.iter().map(Self::read).collect()
    }

    /// The changed parts as an entry holds them.
    pub(super) fn write_all(changed: &[Self]) -> Json {
        Json::Array(changed.iter().map(Self::to_json).collect())
    }

    fn read(form: &Form<'_>) -> Result<Self, BaselineError> {
        let side = |name: &str| -> Result<Option<Json>, BaselineError> {
            let json = form.member(name)?.json();
            Ok((*json != Json::Null).then(|| json.clone()))
        };
        Ok(Self {
            at: form.text_of("at")?,
            before: side("before")?,
            after: side("after")?,
        })
    }

    fn to_json(&self) -> Json {
        let side = |side: &Option<Json>| side.clone().unwrap_or(Json::Null);
        let mut changed = Object::new();
        changed.push("at", self.at.as_str());
        changed.push("before", side(&self.before));
        changed.push("after", side(&self.after));
        changed.into()
    }
}

/// The surface before these changes, from the one after them.
///
/// # Errors
/// The place at which the surface is not what the changes say it was.
pub(super) fn backwards(after: &Surface, changed: &[Changed]) -> Result<Surface, String> {
    step(after, changed, |changed| (&changed.after, &changed.before))
}

/// The surface after these changes, from the one before them.
///
/// # Errors
/// As [`backwards`].
pub(super) fn forwards(before: &Surface, changed: &[Changed]) -> Result<Surface, String> {
    step(before, changed, |changed| (&changed.before, &changed.after))
}

fn step(
    from: &Surface,
    changed: &[Changed],
    sides: impl Fn(&Changed) -> (&Option<Json>, &Option<Json>),
) -> Result<Surface, String> {
    let mut parts: Parts = parts::of(from);
    for changed in changed {
        let (expected, wanted) = sides(changed);
        let stands = match (parts.get(&changed.at), expected) {
            (Some(part), Some(expected)) => same_as_written(part, expected),
            (None, None) => true,
            _ => false,
        };
        if !stands {
            return Err(changed.at.clone());
        }
        match wanted {
            Some(part) => parts.insert(changed.at.clone(), part.clone()),
            None => parts.remove(&changed.at),
        };
    }
    parts::surface(&parts)
}
