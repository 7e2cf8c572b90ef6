//! Constraints with an order: what they accept can grow or shrink.

use super::kind::Type;
use super::node::Node;
use super::objects::{Both, take};
use super::spot::{Spot, home, value};
use super::walk::Walk;
use crate::diff::schema_fact::SchemaFact;
use crate::json::{Decimal, Json};

/// Compares bounds of numbers, lengths and counts, `multipleOf`, `uniqueItems` and `pattern`.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    spot: &Spot,
    old: &mut Node<'a>,
    new: &mut Node<'a>,
) {
    let whole = [&*old, &*new].iter().all(|node| {
        node.types.as_ref().is_some_and(|types| {
            types.value.contains(&Type::Integer)
                && types
                    .value
                    .iter()
                    .all(|kind| matches!(kind, Type::Integer | Type::Null))
        })
    });
    range(walk, spot, old, new, whole);
    for (name, low) in [
        ("minLength", true),
        ("minItems", true),
        ("minProperties", true),
        ("maxLength", false),
        ("maxItems", false),
        ("maxProperties", false),
    ] {
        let both = take(old, new, name);
        size(walk, spot, name, low, &both);
    }
    let both = take(old, new, "multipleOf");
    multiple(walk, spot, &both);
    let both = take(old, new, "uniqueItems");
    unique(walk, spot, &both);
    let both = take(old, new, "pattern");
    if value(both.0.as_ref()) != value(both.1.as_ref()) {
        let fact = match (&both.0, &both.1) {
            (None, _) => SchemaFact::Tightened,
            (_, None) => SchemaFact::GuardRemoved {
                confirmation: false,
            },
            _ => SchemaFact::Changed,
        };
        report(walk, spot, "pattern", &both, fact);
    }
}

fn report(walk: &mut Walk<'_>, spot: &Spot, name: &str, both: &Both<'_>, fact: SchemaFact) {
    let (old, new) = (both.0.as_ref(), both.1.as_ref());
    walk.fact(
        fact,
        &spot.keyword(name, home(old), home(new)),
        value(old),
        value(new),
    );
}

/// One end of a range: the last value, and whether it stands outside.
#[derive(Debug, Clone, PartialEq, Eq)]
struct End {
    at: Decimal,
    outside: bool,
}

/// What both keywords of one end say together; an error where one of them is no bound.
fn end(
    low: bool,
    inclusive: Option<&Json>,
    exclusive: Option<&Json>,
    whole: bool,
) -> Result<Option<End>, ()> {
    let decimal = |value: Option<&Json>| match value {
        None => Ok(None),
        Some(Json::Number(number)) => Ok(Some(number.decimal())),
        Some(_) => Err(()),
    };
    let (inner, outer) = match exclusive {
        // Draft-04: a flag beside the bound.
        Some(Json::Bool(outside)) => {
            let at = decimal(inclusive)?;
            return Ok(at.map(|at| {
                stepped(
                    End {
                        at,
                        outside: *outside,
                    },
                    low,
                    whole,
                )
            }));
        }
        other => (decimal(inclusive)?, decimal(other)?),
    };
    let inner = inner.map(|at| stepped(End { at, outside: false }, low, whole));
    let outer = outer.map(|at| stepped(End { at, outside: true }, low, whole));
    Ok(match (inner, outer) {
        (Some(a), Some(b)) => Some(if tighter(&b, &a, low) { b } else { a }),
        (a, b) => a.or(b),
    })
}

/// Among whole numbers, "more than 0" is "1 or more".
fn stepped(end: End, low: bool, whole: bool) -> End {
    if !whole || !end.outside || !end.at.is_integer() {
        return end;
    }
    let step = if low { 1 } else { -1 };
    let next = end
        .at
        .to_string()
        .parse::<i64>()
        .ok()
        .and_then(|at| at.checked_add(step));
    match next.and_then(|at| crate::json::parse(&at.to_string()).ok()) {
        Some(Json::Number(number)) => End {
            at: number.decimal(),
            outside: false,
        },
        _ => end,
    }
}

/// Whether one end accepts less than another.
fn tighter(a: &End, b: &End, low: bool) -> bool {
    match a.at.cmp(&b.at) {
        std::cmp::Ordering::Equal => a.outside && !b.outside,
        order => (order == std::cmp::Ordering::Greater) == low,
    }
}

fn range<'a>(
    walk: &mut Walk<'a>,
    spot: &Spot,
    old: &mut Node<'a>,
    new: &mut Node<'a>,
    whole: bool,
) {
    let mut safe = Vec::new();
    for (low, inclusive, exclusive) in [
        (true, "minimum", "exclusiveMinimum"),
        (false, "maximum", "exclusiveMaximum"),
    ] {
        let (a, b) = (take(old, new, inclusive), take(old, new, exclusive));
        let differs = |both: &Both<'_>| value(both.0.as_ref()) != value(both.1.as_ref());
        if !differs(&a) && !differs(&b) {
            continue;
        }
        let before = end(low, value(a.0.as_ref()), value(b.0.as_ref()), whole);
        let now = end(low, value(a.1.as_ref()), value(b.1.as_ref()), whole);
        let (name, both, other) = if differs(&a) {
            (inclusive, &a, exclusive)
        } else {
            (exclusive, &b, inclusive)
        };
        let both_differ = differs(&a) && differs(&b);
        let fact = match (before, now) {
            (Ok(before), Ok(now)) if before == now => {
                walk.equal(&spot.place.join(name), "the same bound");
                if both_differ {
                    walk.equal(&spot.place.join(other), "the same bound");
                }
                continue;
            }
            (Ok(None), Ok(Some(now))) if whole && is_safe(&now, low) => {
                safe.push((name, both.clone()));
                continue;
            }
            (Ok(None), Ok(_)) => SchemaFact::Tightened,
            (Ok(_), Ok(None)) => SchemaFact::Loosened,
            (Ok(Some(before)), Ok(Some(now))) if tighter(&now, &before, low) => {
                SchemaFact::Tightened
            }
            (Ok(_), Ok(_)) => SchemaFact::Loosened,
            (Ok(_), Err(())) => SchemaFact::Invalid { was_valid: true },
            (Err(()), _) => SchemaFact::Changed,
        };
        report(walk, spot, name, both, fact);
        if both_differ {
            walk.also(&spot.place.join(other));
        }
    }
    if let Some((name, both)) = safe.pop() {
        report(walk, spot, name, &both, SchemaFact::SafeRange);
        if let Some((other, both)) = safe.pop() {
            walk.also(&spot.place.join(other));
            if let Some(held) = &both.1 {
                walk.also(&held.home);
            }
        }
    }
}

/// Whether an end is the last whole number that every reader of JSON holds, ±(2^53−1).
fn is_safe(end: &End, low: bool) -> bool {
    let text = if low {
        "-9007199254740991"
    } else {
        "9007199254740991"
    };
    !end.outside && end.at.to_string() == text
}

fn size(walk: &mut Walk<'_>, spot: &Spot, name: &str, low: bool, both: &Both<'_>) {
    let (old, new) = (value(both.0.as_ref()), value(both.1.as_ref()));
    if old == new {
        return;
    }
    let count = |value: Option<&Json>| match value {
        None => Ok(None),
        Some(Json::Number(number)) => Ok(Some(number.decimal())),
        Some(_) => Err(()),
    };
    let nothing =
        |count: &Option<Decimal>| low && count.as_ref().is_none_or(|count| count.digits.is_empty());
    let fact = match (count(old), count(new)) {
        (Ok(a), Ok(b)) if nothing(&a) && nothing(&b) => {
            walk.equal(&spot.place.join(name), "nothing is shorter than nothing");
            return;
        }
        (Ok(None), Ok(_)) => SchemaFact::Tightened,
        (Ok(_), Ok(None)) if name == "maxLength" => SchemaFact::GuardRemoved {
            confirmation: false,
        },
        (Ok(_), Ok(None)) => SchemaFact::Loosened,
        (Ok(Some(a)), Ok(Some(b))) if (b > a) == low => SchemaFact::Tightened,
        (Ok(_), Ok(_)) => SchemaFact::Loosened,
        (Ok(_), Err(())) => SchemaFact::Invalid { was_valid: true },
        (Err(()), _) => SchemaFact::Changed,
    };
    report(walk, spot, name, both, fact);
}

fn multiple(walk: &mut Walk<'_>, spot: &Spot, both: &Both<'_>) {
    let (old, new) = (value(both.0.as_ref()), value(both.1.as_ref()));
    if old == new {
        return;
    }
    let whole = |value: Option<&Json>| match value {
        Some(Json::Number(number)) => number.as_i64().filter(|number| *number > 0),
        _ => None,
    };
    let fact = match (old, new) {
        (None, _) => SchemaFact::Tightened,
        (_, None) => SchemaFact::Loosened,
        _ => match (whole(old), whole(new)) {
            (Some(a), Some(b)) if b % a == 0 => SchemaFact::Tightened,
            (Some(a), Some(b)) if a % b == 0 => SchemaFact::Loosened,
            _ => SchemaFact::Changed,
        },
    };
    report(walk, spot, "multipleOf", both, fact);
}

fn unique(walk: &mut Walk<'_>, spot: &Spot, both: &Both<'_>) {
    let (old, new) = (value(both.0.as_ref()), value(both.1.as_ref()));
    if old == new {
        return;
    }
    let fact = match (old, new) {
        (None | Some(Json::Bool(false)), None | Some(Json::Bool(false))) => {
            walk.equal(
                &spot.place.join("uniqueItems"),
                "repetition is allowed unless it is forbidden",
            );
            return;
        }
        (None | Some(Json::Bool(false)), Some(Json::Bool(true))) => SchemaFact::Tightened,
        (Some(Json::Bool(true)), None | Some(Json::Bool(false))) => SchemaFact::Loosened,
        _ => SchemaFact::Changed,
    };
    report(walk, spot, "uniqueItems", both, fact);
}
