//! One more capture before a save, in a fresh process: what a server changes by itself is told from what was approved.

use super::{Context, live};
use crate::baseline::Volatile;
use crate::capture::Capture;
use crate::failure::Failure;
use crate::surface::{List, Listing, Surface};

/// How to do without.
const WITHOUT: &str = "save without the extra capture: --captures 1";

/// A surface that is to be saved, and the server that it came from.
pub(super) struct Subject<'a> {
    /// What is to be saved.
    pub(super) surface: &'a Surface,
    /// The server.
    pub(super) wanted: live::Wanted<'a>,
}

/// Captures each server again, so many times, and says what is volatile in the surfaces that are to be saved.
///
/// # Errors
/// A server that could not be asked again, or not all of it; one that has changed since.
pub(super) fn volatile(
    subjects: &[Subject<'_>],
    times: u8,
    context: &Context,
) -> Result<Vec<Volatile>, Failure> {
    let mut found = vec![Volatile::default(); subjects.len()];
    // What is not complete is not saved, which is no matter of another capture.
    let mut surfaces = subjects.iter().map(|subject| subject.surface);
    if surfaces.any(|surface| !failed_lists(surface).is_empty()) {
        return Ok(found);
    }
    let wanted: Vec<_> = subjects.iter().map(|subject| subject.wanted).collect();
    for _ in 0..times {
        let captures = live::capture_all(&wanted, context)?;
        for ((subject, found), capture) in subjects.iter().zip(&mut found).zip(captures) {
            let name = &subject.wanted.spec.name;
            *found = found.and(&between(name, subject.surface, capture)?);
        }
    }
    Ok(found)
}

fn failed_lists(surface: &Surface) -> Vec<&'static str> {
    List::ALL
        .into_iter()
        .filter(|list| matches!(surface.listing(*list), Listing::Failed(_)))
        .map(List::method)
        .collect()
}

fn between(
    name: &str,
    surface: &Surface,
    capture: Result<Capture, Failure>,
) -> Result<Volatile, Failure> {
    let doing = || format!("could not save the baseline of `{name}`");
    let again = capture.map_err(|failure| {
        let mut told = Failure::new("capture", doing())
            .cause(format!(
                "one more capture, to find what changes by itself, failed: {failure}"
            ))
            .next(WITHOUT);
        told.body.clone_from(&failure.body);
        told.notes.clone_from(&failure.notes);
        told
    })?;
    let failed = failed_lists(&again.surface);
    if !failed.is_empty() {
        return Err(Failure::new("capture", doing())
            .cause(format!(
                "one more capture, to find what changes by itself, is incomplete: {} failed",
                failed.join(", ")
            ))
            .next(WITHOUT));
    }
    Volatile::between(surface, &again.surface).map_err(|changed| {
        const SHOWN: usize = 5;
        let rest = match changed.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named: Vec<_> = changed.iter().take(SHOWN).map(|at| format!("`{at}`")).collect();
        Failure::new("baseline", doing())
            .cause(format!(
                "the server has changed since it was captured: {}{rest}",
                named.join(", ")
            ))
            .next("look at what it says now with bellwether check, then save that")
            .note("`--captures 1` saves what was captured without asking again")
    })
}
