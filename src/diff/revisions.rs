//! What a revision of the protocol does not have, its servers cannot be blamed for leaving out.
//!
//! Only absence is excused: what both sides really sent is compared whatever their revisions promise.

use crate::report::Place;

/// The negotiated revisions of both sides. Unknown ones excuse nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate {
    old: Option<String>,
    new: Option<String>,
}

impl Gate {
    /// A gate between two revisions; it excuses nothing where they are the same or unknown.
    pub(super) fn between(old: Option<&str>, new: Option<&str>) -> Self {
        match (old, new) {
            (Some(old), Some(new)) if old != new => Self {
                old: Some(old.to_owned()),
                new: Some(new.to_owned()),
            },
            _ => Self::default(),
        }
    }

    /// Whether the member is missing on a side whose revision does not have it.
    pub(super) fn excuses(&self, place: &Place, name: &str, no_old: bool, no_new: bool) -> bool {
        let side = if no_old {
            &self.old
        } else if no_new {
            &self.new
        } else {
            return false;
        };
        let (Some(revision), Some(since)) = (side, since(place, name)) else {
            return false;
        };
        is_revision(revision) && revision.as_str() < since
    }
}

/// Revisions are dates and compare as text. A draft's name is no date and is taken to have everything.
pub(super) fn is_revision(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| {
            if matches!(index, 4 | 7) {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
}

/// The revision that brought a member of an item, an argument, `serverInfo` or the capabilities.
fn since(place: &Place, name: &str) -> Option<&'static str> {
    let depth = place.pointer.tokens().count();
    let kind = place.at.split('/').next()?;
    let in_item = depth == 1
        && matches!(
            kind,
            "tools" | "prompts" | "resources" | "resourceTemplates"
        );
    let in_argument =
        kind == "prompts" && place.pointer.as_str().starts_with("/arguments/") && depth == 3;
    let in_server_info =
        kind == "server" && place.pointer.as_str().starts_with("/serverInfo/") && depth == 2;
    match name {
        "annotations" if in_item && kind == "tools" => Some("2025-03-26"),
        "completions" if kind == "capabilities" => Some("2025-03-26"),
        "title" if in_item || in_argument || in_server_info => Some("2025-06-18"),
        "outputSchema" if in_item && kind == "tools" => Some("2025-06-18"),
        "_meta" if in_item => Some("2025-06-18"),
        "icons" if in_item || in_server_info => Some("2025-11-25"),
        "execution" if in_item && kind == "tools" => Some("2025-11-25"),
        "description" | "websiteUrl" if in_server_info => Some("2025-11-25"),
        "tasks" if kind == "capabilities" => Some("2025-11-25"),
        "extensions" if kind == "capabilities" => Some("2026-07-28"),
        _ => None,
    }
}
