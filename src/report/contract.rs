//! `CONTRACT.md`: what was approved of a server, for people, from the baseline alone.
//!
//! The same baseline gives the same bytes. Server text stands in code, in a table cell or in a block quote, and
//! `markdown` sees to it that it cannot leave them. Nothing is judged here but what `documentation` scores.

mod documented;
mod effects;
mod hosts;
pub(super) mod markdown;
mod offers;
mod schema;
mod security;
mod seen;
mod tools;

use self::markdown::{Page, cell, code};
use super::SurfaceCount;
use crate::documentation::{Score, score};
use crate::json::{Json, compact};
use crate::observed::{Observed, SERVER};
use crate::surface::{List, Listing, Surface};

/// What a file of ours begins with. A file without it is not overwritten.
pub const MARKER: &str = "<!-- bellwether docs";

/// The first line.
const FIRST_LINE: &str =
    "<!-- bellwether docs: written from the baseline; change that, and not this file -->";

/// What a contract is written from.
#[derive(Debug, Clone, Copy)]
pub struct Contract<'a> {
    /// What was approved.
    pub surface: &'a Surface,
    /// What the server was seen doing when that was approved; nothing where nobody looked.
    pub observed: Option<&'a Observed>,
    /// The options that name this server on the command line, a blank before them.
    pub typed: &'a str,
}

/// The text of the file.
pub fn render(contract: &Contract<'_>) -> String {
    let mut page = Page::new(FIRST_LINE);
    let name = contract.surface.server_name().unwrap_or("a server");
    page.heading(1, &format!("Contract of {}", code(name)));
    let typed = contract.typed;
    page.paragraph(&format!(
        "What was approved of this server, written by {} from its baseline. `bellwether docs{typed} --check` tells \
         whether this page is out of date.",
        code(&format!("bellwether docs{typed}"))
    ));
    body(page, contract)
}

/// A baseline as a page or a comment (`baseline show --format markdown`).
pub fn render_baseline(contract: &Contract<'_>) -> String {
    let mut page = Page::new("<!-- bellwether baseline show -->");
    let name = contract.surface.server_name().unwrap_or("a server");
    page.heading(1, &format!("Baseline of {}", code(name)));
    body(page, contract)
}

fn body(mut page: Page, contract: &Contract<'_>) -> String {
    let surface = contract.surface;
    let score = score(surface);
    head(&mut page, contract);
    summary(&mut page, contract, &score);
    if let Some(text) = surface.instructions() {
        page.heading(2, "Instructions for the model");
        page.quote(text);
    }
    tools::put(&mut page, contract);
    offers::put(&mut page, contract);
    documented::put(&mut page, &score);
    security::put(&mut page, surface);
    page.finish()
}

fn head(page: &mut Page, contract: &Contract<'_>) {
    let surface = contract.surface;
    let mut rows = Vec::new();
    let mut row = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            rows.push(vec![name.to_owned(), code(value)]);
        }
    };
    row("Server", surface.server_name());
    row(
        "Title",
        surface.server_info().and_then(|info| info.get_str("title")),
    );
    row("Version", surface.server_version());
    row("Protocol", surface.protocol_version.as_deref());
    row(
        "Transport",
        surface.transport.map(|transport| transport.name()),
    );
    row("Digest of the surface", Some(&surface.digest()));
    page.table(&["What", "Value"], &rows);
}

fn summary(page: &mut Page, contract: &Contract<'_>, score: &Score) {
    let surface = contract.surface;
    page.heading(2, "Summary");
    let capabilities: Vec<String> = surface
        .capabilities()
        .map(|all| all.by_name().into_keys().map(code).collect())
        .unwrap_or_default();
    let capabilities = match capabilities.as_slice() {
        [] => "Capabilities: none stated".to_owned(),
        all => format!("Capabilities: {}", all.join(", ")),
    };
    let seen = match contract.observed.filter(|observed| !observed.is_empty()) {
        None => "Behaviour: nothing was measured or called for this baseline".to_owned(),
        Some(observed) => match &observed.machine {
            None => "Behaviour: as the parts below say".to_owned(),
            Some(machine) => format!(
                "Behaviour: as the parts below say; timed on {}",
                seen::machine(machine)
            ),
        },
    };
    page.list(&[
        SurfaceCount::of(surface).to_string(),
        capabilities,
        format!(
            "Documentation: {} of 100, grade {}",
            score.value, score.grade
        ),
        seen,
    ]);
    for list in List::ALL {
        if let Listing::Failed(_) = surface.listing(list) {
            page.paragraph(&format!("`{}` could not be read.", list.method()));
        }
    }
    if let Some(watched) = seen::at(contract, SERVER) {
        seen::put(page, watched);
    }
    let scenarios = contract.observed.map(|observed| &observed.scenarios);
    let rows: Vec<Vec<String>> = scenarios
        .into_iter()
        .flatten()
        .map(|(name, passed)| vec![cell(name, 200), yes(*passed).to_owned()])
        .collect();
    page.table(&["Scenario", "Passed"], &rows);
}

/// The items of a list by their key, whatever order they came in.
fn sorted(surface: &Surface, list: List) -> Vec<&Json> {
    let mut items: Vec<&Json> = surface.items(list).iter().collect();
    items.sort_by_cached_key(|item| (list.key_of(item).to_owned(), compact(item)));
    items
}

/// Whether a truth value is stated and true, in words.
fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// Names in code, cut to a few.
fn names<'a>(all: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let all: Vec<&str> = all.into_iter().collect();
    let shown: Vec<String> = all.iter().take(most).map(|name| code(name)).collect();
    match all.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The first words of a description, for a table.
fn gist(item: &Json) -> String {
    let text = item.get_str("description").unwrap_or_default();
    cell(text.trim().lines().next().unwrap_or_default(), 160)
}
