//! Two JSON Schemas in, structural facts out, at every depth.
//!
//! The walk compares schemas as they read after local references are followed and a few spellings are brought to one
//! ([`node`]). What it cannot classify it says, as a fact that claims nothing. Whether a difference loses any value
//! is for [`inclusion`] to prove.

mod against_union;
mod bounds;
mod compose;
mod dialect;
mod inclusion;
mod keywords;
mod kind;
mod node;
mod objects;
mod oddities;
mod order;
mod plain_union;
mod references;
mod spot;
mod types;
mod walk;

use super::change::What;
use super::ledger::{Ledger, Pair};
use super::schema_fact::{SchemaFact, Side};
use crate::json::Json;
use walk::Walk;

/// Compares the `inputSchema` of a tool.
pub(super) fn input(ledger: &mut Ledger, pair: &Pair<'_>) {
    match (pair.old, pair.new) {
        (Some(old), Some(new)) => compare(ledger, Side::Input, pair, old, new),
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
        (Some(old), Some(new)) => compare(ledger, Side::Output, pair, old, new),
        (None, _) => ledger.pair(pair, What::OutputSchemaAdded),
        (_, None) => ledger.pair(pair, What::OutputSchemaRemoved),
    }
}

fn compare(ledger: &mut Ledger, side: Side, pair: &Pair<'_>, old: &Json, new: &Json) {
    if !is_schema(new) || !is_schema(old) {
        let was_valid = is_schema(old);
        ledger.pair(pair, What::Schema(side, SchemaFact::Invalid { was_valid }));
        return;
    }
    let from = ledger.mark();
    let mut walk = Walk::new(side, &pair.place, old, new);
    walk.run();
    let (changes, same) = walk.finish();
    ledger.gated(changes, "x-mcp-header", |what| {
        let mirrored = [SchemaFact::HeaderMirrored, SchemaFact::HeaderUnmirrored];
        matches!(what, What::Schema(_, fact) if mirrored.contains(fact))
    });
    ledger.same.extend(same);
    oddities::compare(ledger, side, &pair.place, old, new);
    walk::definitions(ledger, &pair.place, old, new, &from);
}

fn is_schema(value: &Json) -> bool {
    matches!(value, Json::Object(_) | Json::Bool(_))
}
