//! Two JSON Schemas in, structural facts out, at every depth.
//!
//! The walk compares schemas as they read after local references are followed and a few spellings are brought to one
//! ([`node`]). What it cannot classify it says, as a fact that claims nothing. Whether a difference loses any value
//! is for [`inclusion`] to prove.

mod against_union;
mod alike;
mod bearing;
mod bounds;
mod compose;
mod decide;
mod dialect;
mod inclusion;
mod keywords;
mod kind;
mod node;
mod objects;
pub(super) mod oddities;
mod order;
mod parts;
mod plain_union;
mod purse;
mod references;
mod spot;
mod types;
mod walk;

use super::change::{Change, What, inside};
use super::ledger::{Ledger, Mark, Pair};
use super::schema_fact::{SchemaFact, Side};
use crate::inclusion::{Judge, Work};
use crate::json::Json;
use crate::report::Place;
use walk::Walk;

/// Compares the `inputSchema` of a tool.
pub(super) fn input(ledger: &mut Ledger, pair: &Pair<'_>) {
    match (pair.old, pair.new) {
        (Some(old), Some(new)) => {
            compare(ledger, Side::Input, &pair.place, old, new, Reading::Caller)
        }
        (old, None) => {
            let was_valid = old.is_some_and(is_schema);
            ledger.pair(
                pair,
                What::Schema(Side::Input, SchemaFact::Invalid { was_valid }),
            );
        }
        (None, Some(_)) => ledger.pair(pair, What::Schema(Side::Input, SchemaFact::Changed)),
    }
}

/// Compares the `outputSchema` of a tool.
pub(super) fn output(ledger: &mut Ledger, pair: &Pair<'_>) {
    match (pair.old, pair.new) {
        (Some(old), Some(new)) => {
            compare(ledger, Side::Output, &pair.place, old, new, Reading::Caller)
        }
        (None, _) => ledger.pair(pair, What::OutputSchemaAdded),
        (_, None) => ledger.pair(pair, What::OutputSchemaRemoved),
    }
}

/// How the values are read that schemas accept.
#[derive(Debug)]
pub(super) enum Reading<'q, 'a> {
    /// As a caller of a tool has it: arguments are those that are named. The judge is asked about every fact.
    Caller,
    /// As they stand. Where there is a judge of the two, it is asked about every fact, for that work.
    Plain(Option<(&'q mut Judge<'a>, &'q Work)>),
}

/// Compares two schemas that stand at a place.
pub(super) fn compare<'a>(
    ledger: &mut Ledger,
    side: Side,
    place: &Place,
    old: &'a Json,
    new: &'a Json,
    reading: Reading<'_, 'a>,
) {
    if !is_schema(new) || !is_schema(old) {
        let fact = if is_schema(new) {
            SchemaFact::Changed
        } else {
            SchemaFact::Invalid {
                was_valid: is_schema(old),
            }
        };
        let what = What::Schema(side, fact);
        ledger.change(Change::new(what, place.clone(), Some(old), Some(new)));
        return;
    }
    let from = ledger.mark();
    let mut walk = Walk::new(side, place, old, new);
    walk.run();
    let mut found = walk.finish();
    decide::decide(side, reading, place, (old, new), &ledger.work, &mut found);
    let changes = found
        .changes
        .into_iter()
        .map(|(change, _)| change)
        .collect();
    ledger.gated(changes, "x-mcp-header", |what| {
        let mirrored = [SchemaFact::HeaderMirrored, SchemaFact::HeaderUnmirrored];
        matches!(what, What::Schema(_, fact) if mirrored.contains(fact))
    });
    ledger.same.extend(found.same);
    oddities::compare(ledger, side, place, old, new);
    definitions(ledger, place, old, new, &from);
}

/// Says of definitions that differ and were reported nowhere that they matter only where they are referred to.
fn definitions(ledger: &mut Ledger, place: &Place, old: &Json, new: &Json, from: &Mark) {
    for keyword in ["$defs", "definitions"] {
        let place = inside(place, keyword);
        ledger.quiet(
            &place,
            old.get(keyword),
            new.get(keyword),
            from,
            "judged wherever it is referred to",
        );
    }
}

fn is_schema(value: &Json) -> bool {
    matches!(value, Json::Object(_) | Json::Bool(_))
}
