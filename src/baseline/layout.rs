//! Whether a file is the text that this program writes of its content: then no byte of it can be another one.

use std::borrow::Cow;

use super::spelling::SPELLING;
use super::volatile::VOLATILE;
use super::{Baseline, CATALOGUE, Damage, OBSERVED, verify, written};
use crate::json::{self, Json, Pointer};
use crate::rules::{CATALOGUE_VERSION, CATALOGUE_VERSIONS};

/// Where a text, which has no byte order mark, first differs from what this program writes of its content; nothing
/// where it does not. Carriage returns at the end of every line are git's, on Windows, and no difference.
pub(super) fn difference(text: &str, document: &Json, baseline: &Baseline) -> Option<Damage> {
    if let Some(damage) = catalogue(text, baseline) {
        return Some(damage);
    }
    let ours = baseline.document();
    let (held, wanted) = (with_lf(text), written(&ours));
    let same = held.bytes().zip(wanted.bytes());
    let same = same.take_while(|(held, wanted)| held == wanted).count();
    if same == held.len().max(wanted.len()) {
        return None;
    }
    let is_boundary = |offset: &usize| held.is_char_boundary(*offset);
    let offset = (0..=same).rev().find(is_boundary).unwrap_or_default();
    let position = json::position(&held, offset);
    let spelling = Pointer::root().join("digests").join(SPELLING);
    let stands_there =
        |text: &str| json::locate(text, &spelling).is_some_and(|place| place.line == position.line);
    let passed_over = [OBSERVED, VOLATILE]
        .into_iter()
        .find(|name| document.get(name) != ours.get(name));
    let what = match passed_over {
        Some(name) => format!("`{name}` holds what this version would not write"),
        None if stands_there(&held) || stands_there(&wanted) => {
            "the values are the same, but a number is spelled otherwise than when it was written, or a member is another that a later one of its name overrides".to_owned()
        }
        None => {
            "the values are the same, but the text is not as bellwether writes it (a formatter?)"
                .to_owned()
        }
    };
    Some(Damage {
        position: Some(position),
        what,
    })
}

/// A version of the catalogue of rules that is missing or unknown. No digest covers it.
fn catalogue(text: &str, baseline: &Baseline) -> Option<Damage> {
    let (at, what) = match baseline.catalogue.as_deref() {
        Some(known) if CATALOGUE_VERSIONS.contains(&known) => return None,
        Some(_) => (
            Pointer::root().join(CATALOGUE),
            format!(
                "`{CATALOGUE}` names no catalogue of rules that this version knows: a newer bellwether may have written it"
            ),
        ),
        None => (Pointer::root(), format!("it has no `{CATALOGUE}`")),
    };
    Some(Damage {
        position: json::locate(text, &at),
        what,
    })
}

/// The text of a baseline file as this program writes it, where something else has laid it out since with the same
/// content; nothing where it is so written, is damaged, or is no file of this program.
pub fn written_anew(text: &str) -> Option<String> {
    let found = verify(text);
    found.layout.filter(|_| found.damage.is_empty())?;
    let mut baseline = Baseline::parse(text).ok()?;
    if catalogue(text, &baseline).is_some() {
        baseline.catalogue = Some(CATALOGUE_VERSION.to_owned());
    }
    Some(written(&baseline.document()))
}

/// A text without the carriage returns that git gives every line of it on Windows.
fn with_lf(text: &str) -> Cow<'_, str> {
    let lines = text.bytes().filter(|byte| *byte == b'\n').count();
    if lines > 0 && text.matches("\r\n").count() == lines {
        text.replace("\r\n", "\n").into()
    } else {
        text.into()
    }
}
