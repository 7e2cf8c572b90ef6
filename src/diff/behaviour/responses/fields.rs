//! What answers hold, place by place.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{self, Answers, Presence};
use super::{Aspect, Facts, ResponseChange, disjoint, names};
use crate::json::{Json, Pointer};
use crate::observed::{Members, NumberFormat, Objects, Seen, TextFormat};

/// Compares what was seen in one place. Where nothing was seen on one side, as in arrays that were all empty, there is
/// nothing to compare.
pub(super) fn compare(facts: &mut Facts, at: &Pointer, old: &Seen, new: &Seen, most: Answers) {
    let answers = Answers(old.answers, new.answers).at_most(most);
    let (before, now) = (old.types(), new.types());
    if before.is_empty() || new.is_empty() {
        return;
    }
    if !before.iter().any(|name| now.contains(name)) {
        // Null now and then is no other type; null each time, where it never was, is one.
        if !now.is_empty() || old.null == 0 {
            let sure = if now.is_empty() {
                answers.are_plenty()
            } else {
                answers.are_enough()
            };
            let what = ResponseChange::TypeChanged;
            facts.tell(what, at, Some(types(old)), Some(types(new)), sure);
        }
        return;
    }
    let other_types = before.len() == 1 && now.len() > 1;
    let nulls = old.null == 0
        && once_each(old)
        && once_each(new)
        && evidence::is_new(new.null, answers.1, answers.0);
    if other_types || nulls {
        let (what, sure) = (ResponseChange::Unstable, answers.was_steady());
        facts.tell(what, at, Some(types(old)), Some(types(new)), sure);
    }
    formats(facts, at, old, new, answers);
    if let (Some(old), Some(new)) = (&old.array, &new.array) {
        compare(facts, &at.join("items"), &old.items, &new.items, answers);
    }
    if old.cut || new.cut {
        return;
    }
    if let (Some(old), Some(new)) = (&old.object, &new.object) {
        members(facts, at, old, new, answers);
    }
}

/// Tells that something is there more often or less often than it was.
pub(super) fn tell_presence(
    facts: &mut Facts,
    presence: Option<Presence>,
    at: &Pointer,
    (old, new): (&Seen, &Seen),
    answers: Answers,
) {
    let schema = |seen: &Seen| Some(seen.to_schema());
    match presence {
        Some(Presence::Lost) => {
            facts.tell(
                ResponseChange::FieldRemoved,
                at,
                schema(old),
                None,
                answers.are_enough(),
            );
        }
        Some(Presence::Gained) => {
            facts.tell(
                ResponseChange::FieldAdded,
                at,
                None,
                schema(new),
                answers.are_enough(),
            );
        }
        Some(Presence::Wavers) => {
            facts.tell(
                ResponseChange::Unstable,
                at,
                schema(old),
                schema(new),
                answers.was_steady(),
            );
        }
        Some(Presence::Settles) => {
            facts.tell(
                ResponseChange::Stable,
                at,
                schema(old),
                schema(new),
                answers.are_enough(),
            );
        }
        None => {}
    }
}

fn members(facts: &mut Facts, at: &Pointer, old: &Objects, new: &Objects, answers: Answers) {
    match (&old.members, &new.members) {
        (Members::Fields(before), Members::Fields(now)) => {
            let nothing = Seen::default();
            let all: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
            for name in all {
                let at = at.join("properties").join(name);
                let pair = (
                    before.get(name).unwrap_or(&nothing),
                    now.get(name).unwrap_or(&nothing),
                );
                let presence =
                    evidence::presence((pair.0.seen(), old.seen), (pair.1.seen(), new.seen));
                tell_presence(facts, presence, &at, pair, answers);
                compare(facts, &at, pair.0, pair.1, answers);
            }
        }
        (Members::Map(before), Members::Map(now)) => {
            compare(
                facts,
                &at.join("additionalProperties"),
                before,
                now,
                answers,
            );
        }
        // A record each of whose fields was always there has no fields any more, but names that are data. Records of
        // records may have been a map before, and too small to show it.
        (Members::Fields(before), Members::Map(_)) => {
            let always = before.values().all(|seen| seen.seen() == old.seen);
            let told_apart = before
                .values()
                .any(|seen| seen.types() != ["object"] && !seen.types().is_empty());
            if always && told_apart {
                let (what, sure) = (ResponseChange::Unstable, answers.are_enough());
                let (before, now) = (schema_of(old), schema_of(new));
                facts.tell(what, at, Some(before), Some(now), sure);
            }
        }
        (Members::Map(_), Members::Fields(_)) => {}
    }
}

fn formats(facts: &mut Facts, at: &Pointer, old: &Seen, new: &Seen, answers: Answers) {
    let says = |format: &TextFormat| *format != TextFormat::Empty;
    if disjoint(&old.string, &new.string, says) {
        let list = |seen: &Seen| {
            let formats = seen.string.keys().filter(|format| says(format));
            Some(names(
                &formats
                    .map(|format| format.name().to_owned())
                    .collect::<Vec<_>>(),
            ))
        };
        let what = ResponseChange::FormatChanged(Aspect::String);
        facts.tell(what, at, list(old), list(new), answers.are_enough());
    }
    let (before, now) = (number_formats(old, new), number_formats(new, old));
    if disjoint(&before, &now, |_| true) {
        let list = |formats: &BTreeMap<NumberFormat, u32>| {
            Some(names(
                &formats
                    .keys()
                    .map(|format| format.name().to_owned())
                    .collect::<Vec<_>>(),
            ))
        };
        let what = ResponseChange::FormatChanged(Aspect::Number);
        facts.tell(what, at, list(&before), list(&now), answers.are_enough());
    }
}

/// How numbers are written. An integer counts as a time only where there is nothing but times on both sides: large
/// integers are in that range by chance.
fn number_formats(seen: &Seen, other: &Seen) -> BTreeMap<NumberFormat, u32> {
    let time = |format: &NumberFormat| {
        matches!(
            format,
            NumberFormat::EpochSeconds | NumberFormat::EpochMilliseconds
        )
    };
    let times = [seen, other]
        .iter()
        .all(|seen| seen.number.len() == 1 && seen.number.keys().all(time));
    let mut formats = BTreeMap::new();
    for (format, count) in &seen.number {
        let format = if time(format) && !times {
            NumberFormat::Integer
        } else {
            *format
        };
        let sum: &mut u32 = formats.entry(format).or_insert(0);
        *sum = sum.saturating_add(*count);
    }
    formats
}

/// Whether there was one value an answer, so that values are counted as answers are.
fn once_each(seen: &Seen) -> bool {
    seen.seen() == seen.answers
}

/// The types of the values, as `type` has them.
fn types(seen: &Seen) -> Json {
    let schema = seen.to_schema();
    schema.get("type").cloned().unwrap_or(Json::Null)
}

fn schema_of(objects: &Objects) -> Json {
    let seen = Seen {
        object: Some(objects.clone()),
        ..Seen::default()
    };
    seen.to_schema()
}
