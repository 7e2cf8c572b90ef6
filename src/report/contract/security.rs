//! What someone who approves the server should look at: what tools claim, and where the surface leads.
//!
//! It repeats claims and counts places; it looks for no attack.

use super::effects::Effects;
use super::markdown::{Page, code};
use super::{hosts, names, sorted};
use crate::surface::{List, Surface};

/// The most names in one line.
const NAMES_AT_MOST: usize = 20;

/// Puts the notes.
pub(super) fn put(page: &mut Page, surface: &Surface) {
    page.heading(2, "Security notes");
    page.paragraph("Annotations are what the server claims; clients approve calls by them, and nothing here proves them.");
    let tools = sorted(surface, List::Tools);
    let of = |wanted: &dyn Fn(&Effects<'_>) -> bool| {
        let chosen = tools.iter().filter(|tool| wanted(&Effects::of(tool)));
        names(chosen.map(|tool| List::Tools.key_of(tool)), NAMES_AT_MOST)
    };
    let reads = of(&|effects| effects.holds("readOnlyHint"));
    let destroys = of(&|effects| {
        effects.holds("destructiveHint") && effects.stated("destructiveHint").is_some()
    });
    let unstated = of(&|effects| {
        effects.holds("destructiveHint") && effects.stated("destructiveHint").is_none()
    });
    let open = of(&|effects| effects.stated("openWorldHint") == Some(true));
    let unknown = of(&|effects| effects.stated("openWorldHint").is_none());
    let lines = [
        ("Claim to only read", reads),
        ("Say that they may destroy", destroys),
        (
            "Say nothing of it, so clients must expect that they destroy",
            unstated,
        ),
        ("Say that they reach an open world", open),
        (
            "Say nothing of it, so clients must expect an open world",
            unknown,
        ),
        (
            "Refer to schemas elsewhere, which bellwether never fetches",
            remote(surface),
        ),
    ];
    let lines: Vec<String> = lines
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| format!("{what}: {names}"))
        .collect();
    page.list(&lines);
    let named = hosts::named(surface);
    if named.is_empty() {
        page.paragraph("The surface names no host.");
        return;
    }
    let rows: Vec<Vec<String>> = named
        .iter()
        .map(|(host, places)| vec![code(host), names(places.iter().map(String::as_str), 6)])
        .collect();
    page.table(&["Host named", "Where"], &rows);
}

/// The tools with a reference that leaves the document.
fn remote(surface: &Surface) -> String {
    let tools = sorted(surface, List::Tools);
    let leaves = tools.iter().filter(|tool| {
        ["inputSchema", "outputSchema"]
            .iter()
            .any(|member| tool.get(member).is_some_and(hosts::refers_elsewhere))
    });
    names(leaves.map(|tool| List::Tools.key_of(tool)), NAMES_AT_MOST)
}
