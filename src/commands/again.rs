//! One more capture before a save, in a fresh process: what a server changes by itself is told from what was approved.

use super::{Context, live};
use crate::baseline::Volatile;
use crate::capture::Capture;
use crate::failure::Failure;
use crate::surface::{List, Listing, Surface};

/// How to do without.
const WITHOUT: &str = "save without the extra capture: --captures 1";

/// How often a server is asked at most to see whether a text that is not as it was captured changes by itself.
const MOST: u8 = 4;

/// A surface that is to be saved, and the server that it came from.
pub(super) struct Subject<'a> {
    /// What is to be saved.
    pub(super) surface: &'a Surface,
    /// What is volatile in the baseline already.
    pub(super) known: Volatile,
    /// The server.
    pub(super) wanted: live::Wanted<'a>,
}

/// What one server gave when it was asked again.
#[derive(Default)]
struct Seen {
    surfaces: Vec<Surface>,
    /// Where these differ from what is to be saved.
    volatile: Volatile,
    /// Where these differ from each other.
    changing: Volatile,
}

/// Captures each server again, so many times, and says what is volatile in the surfaces that are to be saved.
///
/// A text that is not as it was captured may be drawn at random, or have been changed since. So it has to change from
/// one of the new captures to the next as well; a few more are taken where that has not been seen.
///
/// # Errors
/// A server that could not be asked again, or not all of it; one that has changed since.
pub(super) fn volatile(
    subjects: &[Subject<'_>],
    times: u8,
    context: &Context,
) -> Result<Vec<Volatile>, Failure> {
    let mut seen: Vec<Seen> = subjects.iter().map(|_| Seen::default()).collect();
    // What is not complete is not saved, which is no matter of another capture.
    let mut surfaces = subjects.iter().map(|subject| subject.surface);
    if surfaces.any(|surface| !failed_lists(surface).is_empty()) {
        return Ok(seen.into_iter().map(|seen| seen.volatile).collect());
    }
    for round in 0..times.max(MOST) {
        let open: Vec<usize> = (0..subjects.len())
            .filter(|index| round < times || !doubtful(&subjects[*index], &seen[*index]).is_empty())
            .collect();
        if open.is_empty() {
            break;
        }
        let wanted: Vec<_> = open.iter().map(|index| subjects[*index].wanted).collect();
        let captures = live::capture_all(&wanted, context)?;
        for (index, capture) in open.into_iter().zip(captures) {
            seen[index].add(&subjects[index], capture)?;
        }
    }
    for (subject, seen) in subjects.iter().zip(&seen) {
        let doubtful = doubtful(subject, seen);
        if !doubtful.is_empty() {
            let mut places: Vec<_> = doubtful.places().map(|place| place.at).collect();
            places.dedup();
            return Err(changed(&subject.wanted.spec.name, &places));
        }
    }
    Ok(seen.into_iter().map(|seen| seen.volatile).collect())
}

/// Texts and samples that are not as they were captured, and were not seen to change by themselves.
fn doubtful(subject: &Subject<'_>, seen: &Seen) -> Volatile {
    let values = seen.volatile.of_values(subject.surface);
    values.without(&seen.changing).without(&subject.known)
}

impl Seen {
    fn add(
        &mut self,
        subject: &Subject<'_>,
        capture: Result<Capture, Failure>,
    ) -> Result<(), Failure> {
        let name = &subject.wanted.spec.name;
        let again = complete(name, capture)?;
        let between = |one: &Surface, other: &Surface| {
            Volatile::between(one, other).map_err(|places| changed(name, &places))
        };
        self.volatile = self.volatile.and(&between(subject.surface, &again)?);
        for earlier in &self.surfaces {
            self.changing = self.changing.and(&between(earlier, &again)?);
        }
        self.surfaces.push(again);
        Ok(())
    }
}

fn failed_lists(surface: &Surface) -> Vec<&'static str> {
    List::ALL
        .into_iter()
        .filter(|list| matches!(surface.listing(*list), Listing::Failed(_)))
        .map(List::method)
        .collect()
}

/// The surface of one more capture.
fn complete(name: &str, capture: Result<Capture, Failure>) -> Result<Surface, Failure> {
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
    if failed.is_empty() {
        return Ok(again.surface);
    }
    Err(Failure::new("capture", doing())
        .cause(format!(
            "one more capture, to find what changes by itself, is incomplete: {} failed",
            failed.join(", ")
        ))
        .next(WITHOUT))
}

fn changed(name: &str, places: &[String]) -> Failure {
    const SHOWN: usize = 5;
    let rest = match places.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named: Vec<_> = (places.iter().take(SHOWN))
        .map(|at| format!("`{at}`"))
        .collect();
    Failure::new(
        "baseline",
        format!("could not save the baseline of `{name}`"),
    )
    .cause(format!(
        "the server has changed since it was captured: {}{rest}",
        named.join(", ")
    ))
    .next("look at what it says now with bellwether check, then save that")
    .note("`--captures 1` saves what was captured, without asking the server again")
}
