//! How calls fail, then and now.

use super::super::change::{Change, What, inside, whole};
use crate::json::{Json, Object};
use crate::observed::{Answers, ErrorStep, Failures, Watched};

/// Compares the errors of the calls that were made on both sides.
pub(super) fn compare(changes: &mut Vec<Change>, at: &str, before: &Watched, now: &Watched) {
    let (old, new) = (before.shared(now), now.shared(before));
    if old.asked == 0 || new.asked == 0 {
        return;
    }
    let errors = inside(&whole(at), "errors");
    let steps = old.error_steps(&new);
    for (category, step) in &steps {
        let side = |answers: &Answers| {
            let failures = answers.errors.get(category)?;
            let counts = failures.count > 0;
            counts.then(|| match step {
                ErrorStep::Reworded => texts(failures),
                _ => rate(failures.count, answers.answered()),
            })
        };
        let place = inside(&errors, category.name());
        let what = What::Errors(*step);
        let (old, new) = (side(&old), side(&new));
        changes.push(Change::new(what, place, old.as_ref(), new.as_ref()));
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
        changes.push(Change::new(
            What::SuccessRate,
            errors,
            Some(&old),
            Some(&new),
        ));
    }
}

/// What tells the texts of errors apart, which are not kept themselves.
fn texts(failures: &Failures) -> Json {
    let texts = failures.texts.iter().map(|text| Json::from(text.as_str()));
    Json::Array(texts.collect())
}

/// So many of so many calls.
fn rate(count: u32, of: u32) -> Json {
    let members = [("count", count), ("of", of)];
    let members = members.map(|(name, number)| (name, Json::from(u64::from(number))));
    members.into_iter().collect::<Object>().into()
}
