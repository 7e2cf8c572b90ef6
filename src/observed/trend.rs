//! What became of the errors of a call, between what was approved and what is now.

use std::collections::BTreeMap;

use super::{Answers, ErrorCategory, Failures};
use crate::measure::{Rate, Trend};

/// What became of one kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStep {
    /// It never came before.
    Added,
    /// It came before, and that it did not come now is no chance.
    Resolved,
    /// It comes more often, and that is no chance.
    Increased,
    /// It says something else.
    Reworded,
}

impl Answers {
    /// What became of each kind of error, from here to `new`; kinds to which nothing happened are left out. A kind of
    /// error that is new is told after one call. Of rates that differ chance has to be ruled out.
    pub fn error_steps(&self, new: &Self) -> BTreeMap<ErrorCategory, ErrorStep> {
        let step = |category: &ErrorCategory| {
            let before = self.errors.get(category).filter(|errors| errors.count > 0);
            let now = new.errors.get(category).filter(|errors| errors.count > 0);
            match (before, now) {
                (None, Some(_)) => Some(ErrorStep::Added),
                (Some(before), None) => {
                    let trend = self.rate(before.count).trend(new.rate(0));
                    let always = before.count == self.answered() && new.answered() > 0;
                    (always || trend == Trend::Down).then_some(ErrorStep::Resolved)
                }
                (Some(before), Some(now)) => {
                    match self.rate(before.count).trend(new.rate(now.count)) {
                        Trend::Up => Some(ErrorStep::Increased),
                        _ => before.says_otherwise(now).then_some(ErrorStep::Reworded),
                    }
                }
                (None, None) => None,
            }
        };
        let all = ErrorCategory::ALL.into_iter();
        all.filter_map(|category| Some((category, step(&category)?)))
            .collect()
    }

    /// Whether more calls get no answer in time: they do where none did before, or where chance does not explain it.
    pub fn times_out_more(&self, new: &Self) -> bool {
        let rate = |answers: &Self| Rate {
            count: answers.timed_out,
            of: answers.asked,
        };
        let first = self.timed_out == 0 && self.asked > 0 && new.timed_out > 0;
        first || rate(self).trend(rate(new)) == Trend::Up
    }

    /// Whether fewer of the calls that were answered succeed, and that is no chance.
    pub fn succeeds_less(&self, new: &Self) -> bool {
        let failed = |answers: &Self| answers.rate(answers.failed());
        failed(self).trend(failed(new)) == Trend::Up
    }

    /// How many calls got an answer, if only an error.
    pub fn answered(&self) -> u32 {
        self.asked.saturating_sub(self.timed_out)
    }

    fn rate(&self, count: u32) -> Rate {
        let of = self.answered();
        Rate { count, of }
    }
}

impl Failures {
    /// Whether what it says now was never said before. An error that says something else every time tells nothing.
    fn says_otherwise(&self, new: &Self) -> bool {
        let varies = |errors: &Self| errors.count > 1 && errors.texts.len() > 1;
        let silent = self.texts.is_empty() && new.texts.is_empty();
        !(silent || varies(self) || varies(new)) && self.texts.is_disjoint(&new.texts)
    }
}
