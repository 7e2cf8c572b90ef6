//! Schemas that not every reader can read: numbers past what a double holds, nesting out of proportion.

use std::collections::BTreeSet;

use crate::diff::change::{Change, What, inside, whole};
use crate::diff::items;
use crate::diff::ledger::Ledger;
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::json::{Json, Number, Object, Pointer, parse};
use crate::report::Place;
use crate::surface::List;

/// Nesting from this on is out of all proportion for a schema.
const NESTING: usize = 64;

/// Reports what is new of these.
pub(super) fn compare(ledger: &mut Ledger, side: Side, place: &Place, old: &Json, new: &Json) {
    if is_excessive(new) && !is_excessive(old) {
        let what = What::Schema(side, SchemaFact::Excessive);
        ledger.change(Change::new(what, place.clone(), None, None));
    }
    let mut found = Vec::new();
    if has_odd_number(new) {
        numbers(&place.pointer, Some(old), new, &mut found);
    }
    for (pointer, old, new) in found {
        let place = Place {
            at: place.at.clone(),
            pointer,
        };
        let what = What::Schema(side, SchemaFact::NumberNotPortable);
        ledger.change(Change::new(what, place, old, Some(new)));
    }
}

/// Reports new tools whose schemas are out of all proportion.
pub(in crate::diff) fn of_new_tools(ledger: &mut Ledger, old: &[Json], new: &[Json]) {
    let known: BTreeSet<_> = old
        .iter()
        .map(|tool| items::key(List::Tools, tool))
        .collect();
    for tool in new {
        let key = items::key(List::Tools, tool);
        if known.contains(&key) {
            continue;
        }
        for (member, side) in [("inputSchema", Side::Input), ("outputSchema", Side::Output)] {
            if tool.get(member).is_some_and(is_excessive) {
                let tool = whole(List::Tools.place(key.unwrap_or_default()));
                let what = What::Schema(side, SchemaFact::Excessive);
                ledger.change(Change::new(what, inside(&tool, member), None, None));
            }
        }
    }
}

/// Whether a schema is nested out of all proportion.
pub(in crate::diff) fn is_excessive(schema: &Json) -> bool {
    nesting(schema) >= NESTING
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

fn has_odd_number(value: &Json) -> bool {
    match value {
        Json::Object(object) => object.written().any(|(_, value)| has_odd_number(value)),
        Json::Array(items) => items.iter().any(has_odd_number),
        Json::Number(number) => !is_portable(number),
        _ => false,
    }
}

type Found<'a> = Vec<(Pointer, Option<&'a Json>, &'a Json)>;

fn numbers<'a>(pointer: &Pointer, old: Option<&'a Json>, new: &'a Json, found: &mut Found<'a>) {
    match new {
        Json::Object(object) => {
            let before = old.and_then(Json::as_object).map(Object::by_name);
            let before = before.unwrap_or_default();
            for (name, value) in object.iter() {
                let old = before.get(name).copied();
                numbers(&pointer.join(name), old, value, found);
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
