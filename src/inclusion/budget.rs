//! The work that one question may cost, counted in steps and not in time, so that every machine gives the same answer.

use std::cell::Cell;

/// The work that is left for a question.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<u64>,
}

/// There is no work left: the question stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exhausted;

impl Budget {
    /// A budget of that many steps. A step is about 100 ns of work on a current machine.
    pub(super) fn new(steps: u64) -> Self {
        Self {
            left: Cell::new(steps),
        }
    }

    /// Takes steps off.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] where fewer are left; then none are left from here on.
    pub(super) fn spend(&self, steps: u64) -> Result<(), Exhausted> {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.map(drop).ok_or(Exhausted)
    }

    /// How many steps are left.
    pub(super) fn left(&self) -> u64 {
        self.left.get()
    }
}
