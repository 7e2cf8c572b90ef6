//! Schemas that not every reader can read: numbers past what a double holds, nesting out of proportion.

use crate::diff::change::{Change, What};
use crate::diff::ledger::Ledger;
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::json::{Json, Number, Pointer, parse};
use crate::report::Place;

/// Nesting from this on is out of all proportion for a schema.
const NESTING: usize = 64;

/// Reports what is new of these.
pub(super) fn compare(ledger: &mut Ledger, side: Side, place: &Place, old: &Json, new: &Json) {
    if nesting(new) >= NESTING && nesting(old) < NESTING {
        let what = What::Schema(side, SchemaFact::Excessive);
        ledger.change(Change::new(what, place.clone(), None, None));
    }
    let mut found = Vec::new();
    numbers(&place.pointer, Some(old), new, &mut found);
    for (pointer, old, new) in found {
        let place = Place {
            at: place.at.clone(),
            pointer,
        };
        let what = What::Schema(side, SchemaFact::NumberNotPortable);
        ledger.change(Change::new(what, place, old, Some(new)));
    }
}

fn nesting(value: &Json) -> usize {
    match value {
        Json::Object(object) => {
            1 + object
                .iter()
                .map(|(_, value)| nesting(value))
                .max()
                .unwrap_or(0)
        }
        Json::Array(items) => 1 + items.iter().map(nesting).max().unwrap_or(0),
        _ => 0,
    }
}

type Found<'a> = Vec<(Pointer, Option<&'a Json>, &'a Json)>;

fn numbers<'a>(pointer: &Pointer, old: Option<&'a Json>, new: &'a Json, found: &mut Found<'a>) {
    match new {
        Json::Object(object) => {
            for (name, value) in object.iter() {
                numbers(
                    &pointer.join(name),
                    old.and_then(|old| old.get(name)),
                    value,
                    found,
                );
            }
        }
        Json::Array(items) => {
            let before = old.and_then(Json::as_array).unwrap_or_default();
            for (index, value) in items.iter().enumerate() {
                numbers(&pointer.join(index), before.get(index), value, found);
            }
        }
        Json::Number(number) if old != Some(new) && !is_portable(number) => {
            found.push((pointer.clone(), old, new))
        }
        _ => {}
    }
}

/// Whether a reader that holds numbers as doubles keeps the value.
fn is_portable(number: &Number) -> bool {
    let double = number.as_f64();
    if !double.is_finite() {
        return false;
    }
    if number.decimal().is_integer() {
        return number
            .as_i64()
            .is_some_and(|whole| whole.unsigned_abs() <= 1 << 53);
    }
    parse(&format!("{double:e}"))
        .is_ok_and(|read| matches!(&read, Json::Number(read) if read == number))
}
