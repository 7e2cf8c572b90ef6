//! Two surfaces in, facts out: every difference, with its place, and no opinion about it.
//!
//! A difference ends in a change's own place, in a place that a change covers, or in a [`Same`]; the ledger sees to
//! it. `docs/architecture.md` has the invariants.

mod acceptances;
mod annotations;
mod arguments;
mod bare;
mod behaviour;
mod change;
mod context;
mod documentation;
mod duplicates;
mod identity;
mod items;
mod ledger;
mod likeness;
mod members;
mod pairing;
mod reach;
mod renamed_parts;
mod renames;
mod revisions;
mod schema;
mod schema_fact;
mod server;
mod template;
mod text;
mod text_fact;
mod versions;

pub use acceptances::expired;
pub use bare::schemas;
pub use behaviour::{
    Aspect, Behaviour, Budget, DEFAULT_THRESHOLD, Limits, Pace, ResponseChange, ResponseFact,
    Sighting, Unsure, behaviour, keeping, responses,
};
pub use change::{Alike, Argument, Change, Hint, Reach, SCHEMA, Same, Step, Titled, What};
pub use context::{Context, Loss};
pub use documentation::Documented;
pub use schema_fact::{SchemaFact, Side};
pub use text_fact::{Claim, ClaimKind, Edit, TextOf};

use change::whole;
use ledger::Ledger;

use crate::surface::{List, Listing, Surface};

/// What two surfaces differ in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// The differences.
    pub changes: Vec<Change>,
    /// Differences that change nothing.
    pub equivalences: Vec<Same>,
    /// What was not compared, in sentences.
    pub notes: Vec<String>,
    /// Whether every list was read on both sides; a list that a file does not speak of is not missed.
    pub complete: bool,
}

/// Compares what was approved with what is now.
pub fn compare(old: &Surface, new: &Surface) -> Comparison {
    let mut ledger = Ledger {
        gate: revisions::Gate::between(
            old.protocol_version.as_deref(),
            new.protocol_version.as_deref(),
        ),
        ..Ledger::default()
    };
    for list in List::ALL {
        if both_read(&mut ledger, list, old.listing(list), new.listing(list)) {
            items::compare(&mut ledger, list, old.items(list), new.items(list));
        }
    }
    server::compare(&mut ledger, old, new);
    duplicates::compare(&mut ledger, old, new);
    if let (Listing::Read(old), Listing::Read(new)) =
        (old.listing(List::Tools), new.listing(List::Tools))
    {
        schema::oddities::of_new_tools(&mut ledger, old, new);
    }
    if !ledger.not_in_revision.is_empty() {
        let mut change = Change::new(
            What::NotInRevision,
            change::inside(&whole("server"), "protocolVersion"),
            None,
            None,
        );
        change.covers = std::mem::take(&mut ledger.not_in_revision);
        ledger.change(change);
    }
    documentation::compare(&mut ledger, old, new);
    context::compare(&mut ledger, old, new);
    identity::version_steps(&mut ledger, old, new);
    Comparison {
        changes: ledger.changes,
        equivalences: ledger.same,
        notes: ledger.notes,
        complete: !ledger.incomplete,
    }
}

/// Whether a list can be compared; says so where it cannot.
fn both_read(ledger: &mut Ledger, list: List, old: &Listing, new: &Listing) -> bool {
    let mut comparable = true;
    for (side, listing) in [("OLD", old), ("NEW", new)] {
        match listing {
            Listing::Read(_) => {}
            Listing::Absent => {
                if old != new {
                    ledger.notes.push(format!(
                        "`{}` was not compared: {side} does not speak of it",
                        list.member()
                    ));
                }
                comparable = false;
            }
            Listing::Failed(_) => {
                ledger.notes.push(format!(
                    "`{}` was not compared: `{}` failed when {side} was captured",
                    list.member(),
                    list.method()
                ));
                ledger.incomplete = true;
                comparable = false;
            }
        }
    }
    comparable
}
