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
        let (Some(revision), Some((since, until))) = (side, known(place, name)) else {
            return false;
        };
        let revision = revision.as_str();
        is_revision(revision) && (revision < since || until.is_some_and(|until| revision >= until))
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

/// The revision that brought a member and the one that retired it, where not all of them have it.
fn known(place: &Place, name: &str) -> Option<(&'static str, Option<&'static str>)> {
    let inside = place.pointer.as_str();
    let depth = place.pointer.tokens().count();
    let kind = place.at.split('/').next()?;
    let is_item = matches!(
        kind,
        "tools" | "prompts" | "resources" | "resourceTemplates"
    );
    let in_item = depth == 1 && is_item;
    let in_tool = depth == 1 && kind == "tools";
    let in_argument = kind == "prompts" && inside.starts_with("/arguments/") && depth == 3;
    let server = kind == "server";
    let in_server_info = server && inside.starts_with("/serverInfo/") && depth == 2;
    let in_capabilities = server && inside.starts_with("/capabilities/") && depth == 2;
    let in_result = server && (depth == 1 || (inside.starts_with("/results/") && depth == 3));
    let since = |revision| Some((revision, None));
    match name {
        "annotations" if in_tool => since(R2025_03),
        "completions" if in_capabilities => since(R2025_03),
        "title" if in_item || in_argument || in_server_info => since(R2025_06),
        "outputSchema" if in_tool => since(R2025_06),
        "_meta" if in_item => since(R2025_06),
        "lastModified" if is_item && inside == "/annotations/lastModified" => since(R2025_06),
        "icons" if in_item || in_server_info => since(R2025_11),
        "description" | "websiteUrl" if in_server_info => since(R2025_11),
        // Tasks were in the core for one revision and are an extension since.
        "execution" if in_tool => Some((R2025_11, Some(R2026_07))),
        "taskSupport" if kind == "tools" && inside == "/execution/taskSupport" => {
            Some((R2025_11, Some(R2026_07)))
        }
        "tasks" if in_capabilities => Some((R2025_11, Some(R2026_07))),
        "extensions" if in_capabilities => since(R2026_07),
        "supportedVersions" | "resultType" | "ttlMs" | "cacheScope" if in_result => since(R2026_07),
        "io.modelcontextprotocol/serverInfo" if server => since(R2026_07),
        "x-mcp-header" if kind == "tools" => since(R2026_07),
        _ => None,
    }
}

/// With hints and completions.
const R2025_03: &str = "2025-03-26";

/// With titles and output schemas.
const R2025_06: &str = "2025-06-18";

/// With icons and tasks.
const R2025_11: &str = "2025-11-25";

/// With `server/discover`, extensions and hints for caches.
const R2026_07: &str = "2026-07-28";
