//! The judge of inclusion: is every value that OLD accepts accepted by NEW?
//!
//! It answers *proven* only where it is sure. The walk asks it before it calls two schemas different in a way that it
//! cannot classify; nothing else may make a fact milder.

use super::spot::Spot;
use super::walk::Walk;
use crate::json::Json;

/// An answer to the question of inclusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Every value is, for this reason.
    Proven(&'static str),
    /// Nobody can say.
    Unknown,
}

/// Whether the two schemas, which stand in the roots that the walk compares where the spot says, accept the same values.
pub(super) fn equal<'a>(walk: &Walk<'a>, spot: &Spot, old: &'a Json, new: &'a Json) -> Answer {
    if walk.identical(old, new) {
        Answer::Proven("the same schema")
    } else if walk.walks_alike(spot, old, new) {
        Answer::Proven("the same schema in another spelling")
    } else {
        Answer::Unknown
    }
}
