//! The work that one comparison may cost, counted in steps and not in time, so that every machine tells the same.

use std::cell::Cell;

use crate::json::Json;

/// The steps that one comparison may take; one is some 25 ns of work.
const COMPARISON: u64 = 600_000;

/// The steps that its trial walks may take together, and each of them.
const TRIALS: u64 = 200_000;
const TRIAL: u64 = 20_000;

/// The work that is left for a comparison.
#[derive(Debug)]
pub(super) struct Purse {
    left: Cell<u64>,
    for_trials: Cell<u64>,
    emptied: Cell<bool>,
}

impl Default for Purse {
    fn default() -> Self {
        Self {
            left: Cell::new(COMPARISON),
            for_trials: Cell::new(TRIALS),
            emptied: Cell::new(false),
        }
    }
}

impl Purse {
    /// Takes steps off; whether there were as many. If not, none are left from here on.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.left.get().checked_sub(steps as u64);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Takes all that is left, where something cannot be found out that everything else rests on.
    pub(super) fn empty(&self) {
        self.left.set(0);
        self.emptied.set(true);
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// Does some work on trial, which may run out of what a trial has without an end to the comparison; then there is no
    /// answer.
    pub(super) fn on_trial<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let before = self.left.get();
        let allowed = before.min(TRIAL).min(self.for_trials.get());
        if allowed == 0 {
            return None;
        }
        self.left.set(allowed);
        let answer = work();
        let left = self.left.get();
        let spent = allowed - left;
        let after = if self.emptied.get() {
            0
        } else {
            before - spent
        };
        self.left.set(after);
        let for_trials = self.for_trials.get();
        self.for_trials.set(for_trials.saturating_sub(spent));
        (left > 0).then_some(answer)
    }

    /// Whether two values are equal; never, where that is too much to find out.
    pub(super) fn equal(&self, a: &Json, b: &Json) -> bool {
        if !self.spend(1) {
            return false;
        }
        match (a, b) {
            (Json::Array(a), Json::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.equal(a, b))
            }
            (Json::Object(a), Json::Object(b)) => {
                let plain = !a.repeats() && !b.repeats();
                if plain && a.len() != b.len() {
                    return false;
                }
                let in_order = || a.written().zip(b.written()).all(|((a, _), (b, _))| a == b);
                if plain && in_order() {
                    let mut members = a.written().zip(b.written());
                    return members.all(|((_, a), (_, b))| self.equal(a, b));
                }
                if !self.spend(8 * (a.len() + b.len())) {
                    return false;
                }
                let (a, b) = (a.by_name(), b.by_name());
                a.len() == b.len()
                    && a.keys().eq(b.keys())
                    && a.values().zip(b.values()).all(|(a, b)| self.equal(a, b))
            }
            (Json::String(a), Json::String(b)) => {
                self.spend(a.len() / 256);
                a == b
            }
            _ => a == b,
        }
    }

    /// Pays for a copy of a value.
    pub(super) fn copy(&self, value: &Json) -> bool {
        self.spend(1)
            && match value {
                Json::Array(items) => items.iter().all(|item| self.copy(item)),
                Json::Object(object) => object.written().all(|(_, value)| self.copy(value)),
                _ => true,
            }
    }
}
