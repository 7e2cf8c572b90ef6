//! What both sides changed in different ways: a conflict, unless one side is to hold.

use std::collections::BTreeSet;

/// The side that holds where both changed the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefer {
    /// The side that is merged into.
    Ours,
    /// The side that is merged.
    Theirs,
}

impl Prefer {
    /// The side as the command line names its file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "OURS",
            Self::Theirs => "THEIRS",
        }
    }
}

/// The places that both sides changed.
pub(super) struct Clashes {
    prefer: Option<Prefer>,
    open: BTreeSet<String>,
    preferred: BTreeSet<String>,
}

impl Clashes {
    /// None yet.
    pub(super) fn new(prefer: Option<Prefer>) -> Self {
        Self {
            prefer,
            open: BTreeSet::new(),
            preferred: BTreeSet::new(),
        }
    }

    /// What holds of a value that both changed: that of the preferred side, where it still has one.
    pub(super) fn value<'a, T>(
        &mut self,
        at: &str,
        ours: Option<&'a T>,
        theirs: Option<&'a T>,
    ) -> Option<&'a T> {
        self.side(at, ours, theirs).flatten()
    }

    /// The preferred one of two sides that cannot be joined; nothing where none is preferred.
    pub(super) fn side<T>(&mut self, at: &str, ours: T, theirs: T) -> Option<T> {
        let held = match self.prefer {
            None => &mut self.open,
            Some(_) => &mut self.preferred,
        };
        held.insert(at.to_owned());
        self.prefer.map(|prefer| match prefer {
            Prefer::Ours => ours,
            Prefer::Theirs => theirs,
        })
    }

    /// A place where no side can hold alone.
    pub(super) fn leave_open(&mut self, at: String) {
        self.open.insert(at);
    }

    /// Whether there is no conflict.
    pub(super) fn is_settled(&self) -> bool {
        self.open.is_empty()
    }

    /// The side that holds, where it had to.
    pub(super) fn preference(&self) -> Option<Prefer> {
        self.prefer.filter(|_| !self.preferred.is_empty())
    }

    /// The conflicts, sorted.
    pub(super) fn open(&self) -> Vec<String> {
        self.open.iter().cloned().collect()
    }

    /// What was taken from the preferred side, sorted.
    pub(super) fn preferred(&self) -> Vec<String> {
        self.preferred.iter().cloned().collect()
    }
}
