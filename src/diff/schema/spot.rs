//! Where a keyword stands on both sides.

use super::node::Held;
use crate::json::{Json, Pointer};

/// A place in both schemas: where a reader finds it, and where each side wrote it.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) place: Pointer,
    pub(super) old: Pointer,
    pub(super) new: Pointer,
}

impl Spot {
    /// A place that is the same on both sides.
    pub(super) fn at(place: &Pointer) -> Self {
        Self {
            place: place.clone(),
            old: place.clone(),
            new: place.clone(),
        }
    }

    /// A keyword of the schema at this spot, as it is written on both sides.
    pub(super) fn join(&self, token: impl std::fmt::Display + Copy) -> Self {
        Self {
            place: self.place.join(token),
            old: self.old.join(token),
            new: self.new.join(token),
        }
    }

    /// A keyword of the schema at this spot, wherever each side wrote it.
    pub(super) fn keyword(&self, name: &str, old: Option<&Pointer>, new: Option<&Pointer>) -> Self {
        let place = self.place.join(name);
        let home = |home: Option<&Pointer>| home.cloned().unwrap_or_else(|| place.clone());
        Self {
            old: home(old),
            new: home(new),
            place,
        }
    }
}

/// The value of a keyword that is there.
pub(super) fn value<'a>(held: Option<&Held<'a>>) -> Option<&'a Json> {
    held.map(|held| held.value)
}

/// The place of a keyword that is there.
pub(super) fn home<'h>(held: Option<&'h Held<'_>>) -> Option<&'h Pointer> {
    held.map(|held| &held.home)
}
