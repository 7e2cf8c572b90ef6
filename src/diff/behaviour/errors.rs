//! How calls fail, then and now.

use super::super::change::{Change, What, inside, whole};
use crate::json::{Json, Object};
use crate::observed::{Answers, ErrorStep, Watched};

/// Compares the errors of the calls that were made on both sides.
pub(super) fn compare(changes: &mut Vec<Change>, at: &str, before: &Watched, now: &Watched) {
    let (old, new) = (before.shared(now), now.shared(before));
    if old.asked == 0 || new.asked == 0 {
        return;
    }
    let errors = inside(&whole(at), "errors");
    let steps = old.error_steps(&new);
    for (category, step) in &steps {
        let count = |answers: &Answers| {
            let failures = answers.errors.get(category);
            let count = failures.map_or(0, |failures| failures.count);
            (count > 0).then(|| rate(count, answers.answered()))
        };
        let place = inside(&errors, category.name());
        let what = What::Errors(*step);
        changes.push(Change::new(what, place, count(&old).as_ref(), count(&new).as_ref()));
    }
    if old.times_out_more(&new) {
        let count = |answers: &Answers| rate(answers.timed_out, answers.asked);
        let place = inside(&errors, "timedOut");
        let (old, new) = (count(&old), count(&new));
        changes.push(Change::new(What::TimeOuts, place, Some(&old), Some(&new)));
    }
    // A kind of error that comes more often says it already.
    let told = steps.values().any(|step| *step == ErrorStep::Increased);
    if !told && old.succeeds_less(&new) {
        let count = |answers: &Answers| {
            let answered = answers.answered();
            rate(answered - answers.failed().min(answered), answered)
        };
        let (old, new) = (count(&old), count(&new));
        changes.push(Change::new(What::SuccessRate, errors, Some(&old), Some(&new)));
    }
}

/// So many of so many calls.
fn rate(count: u32, of: u32) -> Json {
    let members = [("count", count), ("of", of)];
    let members = members.map(|(name, number)| (name, Json::from(u64::from(number))));
    members.into_iter().collect::<Object>().into()
}
