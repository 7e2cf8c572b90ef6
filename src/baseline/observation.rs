//! What a server was seen doing, as a member of the file: read, and kept where it did not drift.

use super::{BaselineError, OBSERVED};
use crate::json::{Json, Pointer};
use crate::observed::{Keeping, Observed};
use crate::surface::{List, Listing, Surface};

/// Reads the member, where the file has it.
///
/// # Errors
/// A member of another shape than this program writes.
pub(super) fn read(member: Option<&Json>) -> Result<Option<Observed>, BaselineError> {
    let read = member.map(|json| {
        Observed::from_json(json).map_err(|error| {
            let tokens = error.at.tokens().collect::<Vec<_>>();
            let at =
                (tokens.iter()).fold(Pointer::root().join(OBSERVED), |at, token| at.join(token));
            BaselineError::unknown(at, error.why)
        })
    });
    read.transpose()
}

/// What is to be written: what stands there as far as it is still so, with what is new.
pub(super) fn to_write(
    old: Option<&Observed>,
    new: Option<&Observed>,
    surface: &Surface,
    keeping: &Keeping<'_>,
) -> Option<Observed> {
    let mut observed = match (old, new) {
        (Some(old), Some(new)) => Observed::keeping(old, new, keeping),
        (old, new) => old.or(new)?.clone(),
    };
    observed.retain(|at| is_there(at, surface));
    Some(observed)
}

/// Whether the server still has the thing of a place. A list that was not read takes nothing away.
pub(super) fn is_there(at: &str, surface: &Surface) -> bool {
    let Some((list, name)) = List::of_place(at) else {
        return true;
    };
    // A URI may have been read that no list names but a template allows.
    list == List::Resources
        || !matches!(surface.listing(list), Listing::Read(_))
        || (surface.items(list).iter()).any(|item| item.get_str(list.key()) == Some(name))
}
