//! The prompts, resources and templates of a contract.

use super::markdown::{Page, cell, code, value};
use super::{Contract, seen, sorted, yes};
use crate::json::Json;
use crate::surface::List;

/// Puts the prompts, resources and templates, by name.
pub(super) fn put(page: &mut Page, contract: &Contract<'_>) {
    let prompts = sorted(contract.surface, List::Prompts);
    if !prompts.is_empty() {
        page.heading(2, "Prompts");
    }
    for prompt in prompts {
        put_prompt(page, contract, prompt);
    }
    for (list, title) in [
        (List::Resources, "Resources"),
        (List::ResourceTemplates, "Resource templates"),
    ] {
        let items = sorted(contract.surface, list);
        if items.is_empty() {
            continue;
        }
        page.heading(2, title);
        let rows: Vec<Vec<String>> = items.iter().map(|item| resource(list, item)).collect();
        let place = if list == List::Resources {
            "URI"
        } else {
            "URI template"
        };
        page.table(&[place, "Name", "MIME type", "Description"], &rows);
        for item in items {
            let uri = list.key_of(item);
            if let Some(watched) = seen::at(contract, &list.place(uri)) {
                page.paragraph(&format!("Seen of {}:", code(uri)));
                seen::put(page, watched);
            }
        }
    }
}

fn put_prompt(page: &mut Page, contract: &Contract<'_>, prompt: &Json) {
    let name = List::Prompts.key_of(prompt);
    page.heading(3, &code(name));
    match prompt
        .get_str("description")
        .filter(|text| !text.trim().is_empty())
    {
        Some(text) => page.quote(text),
        None => page.paragraph("It has no description."),
    }
    let arguments = prompt.get("arguments").and_then(Json::as_array);
    let mut arguments: Vec<&Json> = arguments.unwrap_or_default().iter().collect();
    arguments.sort_by_key(|argument| argument.get_str("name").unwrap_or_default());
    let rows: Vec<Vec<String>> = arguments
        .iter()
        .map(|argument| {
            let required = argument.get("required").and_then(Json::as_bool) == Some(true);
            vec![
                value(argument.get_str("name").unwrap_or_default()),
                yes(required).to_owned(),
                cell(argument.get_str("description").unwrap_or_default(), 400),
            ]
        })
        .collect();
    if rows.is_empty() {
        page.paragraph("It takes no arguments.");
    }
    page.table(&["Argument", "Required", "Description"], &rows);
    if let Some(watched) = seen::at(contract, &format!("prompts/{name}")) {
        seen::put(page, watched);
    }
}

fn resource(list: List, item: &Json) -> Vec<String> {
    let text = |member: &str| item.get_str(member).unwrap_or_default();
    let mime = Some(text("mimeType")).filter(|mime| !mime.is_empty());
    vec![
        code(list.key_of(item)),
        cell(text("name"), 200),
        mime.map(value).unwrap_or_default(),
        cell(text("description"), 400),
    ]
}
