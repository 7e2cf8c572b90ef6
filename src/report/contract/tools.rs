//! The tools of a contract: what each takes, gives, claims, and was seen doing.

use super::effects::{Effects, HINTS};
use super::markdown::{Page, cell, code};
use super::{Contract, gist, schema, seen, sorted, yes};
use crate::json::Json;
use crate::surface::List;

/// Puts the tools, by name.
pub(super) fn put(page: &mut Page, contract: &Contract<'_>) {
    let tools = sorted(contract.surface, List::Tools);
    if tools.is_empty() {
        return;
    }
    page.heading(2, "Tools");
    let rows: Vec<Vec<String>> = tools
        .iter()
        .map(|tool| {
            vec![
                code(List::Tools.key_of(tool)),
                Effects::of(tool).in_words(),
                gist(tool),
            ]
        })
        .collect();
    page.table(&["Tool", "Claims that it", "What it does"], &rows);
    for tool in tools {
        put_tool(page, contract, tool);
    }
}

fn put_tool(page: &mut Page, contract: &Contract<'_>, tool: &Json) {
    let name = List::Tools.key_of(tool);
    page.heading(3, &code(name));
    if let Some(title) = tool
        .get_str("title")
        .filter(|title| !title.trim().is_empty())
    {
        page.paragraph(&format!("Title: {}", cell(title, 200)));
    }
    match tool
        .get_str("description")
        .filter(|text| !text.trim().is_empty())
    {
        Some(text) => page.quote(text),
        None => page.paragraph("It has no description."),
    }
    page.heading(4, "Parameters");
    schema::put_input(page, tool.get("inputSchema"));
    page.heading(4, "Result");
    schema::put_output(page, tool.get("outputSchema"));
    page.heading(4, "Annotations");
    let effects = Effects::of(tool);
    let rows: Vec<Vec<String>> = HINTS
        .iter()
        .map(|(hint, _)| {
            let stated = effects.stated(hint).map_or("unstated", yes);
            vec![
                format!("`{hint}`"),
                yes(effects.holds(hint)).to_owned(),
                stated.to_owned(),
            ]
        })
        .collect();
    page.table(&["Hint", "Holds", "Stated"], &rows);
    if let Some(watched) = seen::at(contract, &format!("tools/{name}")) {
        page.heading(4, "Seen");
        seen::put(page, watched);
    }
}
