//! Acceptances that were given for a time which is over.

use super::change::{Change, What, inside, whole};
use crate::json::Json;

/// The facts about acceptances that have run out: for each the name of its entry in the trail, and what it says
/// (`expires`, `by`, `reason`, `changed`). Which have run out the caller knows, who has a calendar.
pub fn expired(acceptances: &[(String, Json)]) -> Vec<Change> {
    let facts = acceptances.iter().map(|(entry, said)| {
        let place = inside(&inside(&whole("server"), "trail"), entry);
        Change::new(What::AcceptanceExpired, place, Some(said), None)
    });
    facts.collect()
}
