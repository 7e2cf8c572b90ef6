//! Two schemas without a tool around them.

use super::change::{Change, SCHEMA, What, whole};
use super::ledger::Ledger;
use super::schema_fact::{SchemaFact, Side};
use super::{Comparison, duplicates, schema};
use crate::inclusion::{Judge, Work};
use crate::json::Json;

/// Compares two schemas. Every place is [`SCHEMA`] with a pointer from the root of the schema.
///
/// Where there is a judge of what is lost between the two, it is asked about every fact, for that work.
pub fn schemas<'a>(
    side: Side,
    old: &'a Json,
    new: &'a Json,
    judge: Option<(&mut Judge<'a>, &Work)>,
) -> Comparison {
    let mut ledger = Ledger::default();
    let place = whole(SCHEMA);
    if old != new {
        let mark = ledger.mark();
        let reading = schema::Reading::Plain(judge);
        schema::compare(&mut ledger, side, &place, old, new, reading);
        ledger.sweep(&place, old, new, &mark);
    }
    // Nobody has approved OLD here, so that what is odd about both is told as well.
    if schema::oddities::is_excessive(old) && schema::oddities::is_excessive(new) {
        let what = What::Schema(side, SchemaFact::Excessive);
        ledger.change(Change::new(what, place.clone(), None, None));
    }
    duplicates::within(&mut ledger, &place, None, new);
    Comparison {
        changes: ledger.changes,
        equivalences: ledger.same,
        notes: Vec::new(),
        complete: true,
    }
}

impl Change {
    /// The fact about two schemas as a whole that their values differ, with nothing said of where.
    pub fn of_schemas(side: Side, old: &Json, new: &Json) -> Self {
        let what = What::Schema(side, SchemaFact::Changed);
        Self::new(what, whole(SCHEMA), Some(old), Some(new))
    }
}
