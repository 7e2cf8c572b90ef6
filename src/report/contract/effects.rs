//! What a tool's annotations come to: the protocol's defaults stand where nothing is stated.

use crate::json::Json;

/// The hints, with the value that holds where none is stated.
pub(super) const HINTS: [(&str, bool); 4] = [
    ("readOnlyHint", false),
    ("destructiveHint", true),
    ("idempotentHint", false),
    ("openWorldHint", true),
];

/// What a tool claims to do to the world.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effects<'a> {
    annotations: Option<&'a Json>,
}

impl<'a> Effects<'a> {
    /// The claims of a tool.
    pub(super) fn of(tool: &'a Json) -> Self {
        Self {
            annotations: tool.get("annotations"),
        }
    }

    /// What is stated of a hint.
    pub(super) fn stated(&self, hint: &str) -> Option<bool> {
        self.annotations?.get(hint)?.as_bool()
    }

    /// What holds of a hint. What only reads destroys nothing.
    pub(super) fn holds(&self, hint: &str) -> bool {
        let default = HINTS
            .iter()
            .any(|(name, default)| *name == hint && *default);
        let reads = self.stated("readOnlyHint") == Some(true);
        !(hint == "destructiveHint" && reads) && self.stated(hint).unwrap_or(default)
    }

    /// In a few words.
    pub(super) fn in_words(&self) -> String {
        let does = if self.holds("readOnlyHint") {
            "reads"
        } else if !self.holds("destructiveHint") {
            "adds or changes"
        } else if self.stated("destructiveHint").is_some() {
            "may destroy"
        } else {
            "may destroy (unstated)"
        };
        let world = match self.stated("openWorldHint") {
            Some(false) => "closed world",
            Some(true) => "open world",
            None => "open world (unstated)",
        };
        format!("{does}, {world}")
    }
}
