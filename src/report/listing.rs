//! A surface for people: who answers, what it offers, what a call takes. Nothing is judged.

use super::page::{Page, wrap};
use super::style::{Role, Style};
use super::{SurfaceCount, Target};
use crate::json::{Json, compact};
use crate::surface::{List, Listing, Surface};
use crate::text::width;

/// How many lines of the instructions are shown unless everything is asked for.
const INSTRUCTION_LINES: usize = 6;

/// The most columns of a name.
const NAME_WIDTH: usize = 80;

/// The surface in lines; each starts with a word or a sign of ours.
pub fn render(surface: &Surface, style: &Style) -> String {
    let mut page = Page::new(style);
    server(&mut page, surface);
    instructions(&mut page, surface);
    for list in List::ALL {
        put_list(&mut page, surface, list);
    }
    page.gap();
    page.line(&SurfaceCount::of(surface).to_string());
    page.finish()
}

/// `server NAME VERSION (protocol 2025-11-25, stdio)`
fn server(page: &mut Page<'_>, surface: &Surface) {
    let mut who = Target::default();
    who.describe(surface);
    let name = page.shown(
        who.server.name.as_deref().unwrap_or("without a name"),
        NAME_WIDTH,
    );
    let version = page.shown(
        who.server.version.as_deref().unwrap_or_default(),
        NAME_WIDTH,
    );
    let mut how = Vec::new();
    if let Some(version) = &who.server.protocol_version {
        how.push(format!("protocol {}", page.shown(version, NAME_WIDTH)));
    }
    how.extend(who.server.transport.map(str::to_owned));
    let how = if how.is_empty() {
        String::new()
    } else {
        format!(" ({})", how.join(", "))
    };
    let who = page
        .style
        .paint(Role::Strong, format!("{name} {version}").trim());
    page.line(&format!("server {who}{how}"));
}

fn instructions(page: &mut Page<'_>, surface: &Surface) {
    let Some(text) = surface.instructions() else {
        return;
    };
    page.gap();
    page.line(&page.style.paint(Role::Strong, "instructions"));
    let visible = page.style.charset().visible(text);
    let lines = wrap(&visible, page.style.width.saturating_sub(4).max(20));
    let shown = if page.style.is_verbose() {
        lines.len()
    } else {
        INSTRUCTION_LINES
    };
    for line in lines.iter().take(shown) {
        page.line(&format!("  | {line}"));
    }
    if lines.len() > shown {
        page.line(&format!(
            "  ... and {} more lines; -v shows all",
            lines.len() - shown
        ));
    }
}

fn put_list(page: &mut Page<'_>, surface: &Surface, list: List) {
    let title = match list {
        List::Tools => "tools",
        List::Prompts => "prompts",
        List::Resources => "resources",
        List::ResourceTemplates => "resource templates",
    };
    let title = page.style.paint(Role::Strong, title);
    match surface.listing(list) {
        Listing::Absent => {}
        Listing::Failed(error) => {
            page.gap();
            let reason = error.get_str("message").unwrap_or("without a message");
            let reason = page.shown(reason, NAME_WIDTH);
            page.line(&format!("{title}: could not be listed: {reason}"));
        }
        Listing::Read(items) if items.is_empty() => {}
        Listing::Read(items) => {
            page.gap();
            page.line(&format!("{title} ({})", items.len()));
            for item in items {
                put_item(page, list, item);
            }
        }
    }
}

fn put_item(page: &mut Page<'_>, list: List, item: &Json) {
    let name = page.shown(
        item.get_str(list.key()).unwrap_or("without a name"),
        NAME_WIDTH,
    );
    let marks = match list {
        List::Tools => hints(item),
        List::Prompts => Vec::new(),
        List::Resources | List::ResourceTemplates => {
            let mime = item
                .get_str("mimeType")
                .map(|mime| page.shown(mime, NAME_WIDTH));
            mime.into_iter().collect()
        }
    };
    let text = ["description", "title", "name"]
        .into_iter()
        .filter(|member| *member != list.key());
    let text = text
        .filter_map(|member| item.get_str(member))
        .find(|text| !text.trim().is_empty());
    put_entry(page, 2, &name, &marks, text);
    match list {
        List::Tools => tool(page, item),
        List::Prompts => arguments(page, item),
        List::Resources | List::ResourceTemplates => {}
    }
}

/// The hints by which clients approve calls.
fn hints(tool: &Json) -> Vec<String> {
    let annotations = tool.get("annotations");
    [
        ("readOnlyHint", "read-only"),
        ("destructiveHint", "destructive"),
    ]
    .into_iter()
    .filter(|(hint, _)| {
        annotations.and_then(|annotations| annotations.get(hint)?.as_bool()) == Some(true)
    })
    .map(|(_, name)| name.to_owned())
    .collect()
}

fn tool(page: &mut Page<'_>, tool: &Json) {
    let schema = tool.get("inputSchema");
    let required: Vec<&str> = schema
        .and_then(|schema| schema.get("required")?.as_array())
        .unwrap_or_default()
        .iter()
        .filter_map(Json::as_str)
        .collect();
    for (name, property) in properties(schema) {
        let mut marks = vec![page.shown(&kind(property), 40)];
        if required.contains(&name) {
            marks.push("required".to_owned());
        }
        let name = page.shown(name, NAME_WIDTH);
        put_entry(page, 6, &name, &marks, property.get_str("description"));
    }
    if let Some(schema) = tool.get("outputSchema") {
        let fields: Vec<&str> = properties(Some(schema)).map(|(name, _)| name).collect();
        let fields = page.shown(
            &fields.join(", "),
            page.style.width.saturating_sub(16).max(20),
        );
        page.line(format!("      returns {fields}").trim_end());
    }
}

fn properties(schema: Option<&Json>) -> impl Iterator<Item = (&str, &Json)> {
    schema
        .and_then(|schema| schema.get("properties")?.as_object())
        .into_iter()
        .flat_map(|object| object.iter())
}

/// The type of a parameter in a word or two.
fn kind(schema: &Json) -> String {
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        let values: Vec<String> = values.iter().map(compact).collect();
        return values.join(" | ");
    }
    if let Some(value) = schema.get("const") {
        return compact(value);
    }
    for member in ["anyOf", "oneOf"] {
        if let Some(branches) = schema.get(member).and_then(Json::as_array) {
            // One level: what nests deeper is for `snapshot`, not for a line.
            let kinds: Vec<String> = branches.iter().map(type_name).collect();
            return kinds.join(" | ");
        }
    }
    match (type_name(schema), schema.get("items")) {
        (name, Some(items)) if name == "array" => format!("array of {}", type_name(items)),
        (name, _) => name,
    }
}

fn type_name(schema: &Json) -> String {
    match (schema.get("type"), schema.get_str("$ref")) {
        (Some(Json::String(name)), _) => name.to_string(),
        (Some(Json::Array(names)), _) => {
            let names: Vec<&str> = names.iter().filter_map(Json::as_str).collect();
            names.join(" | ")
        }
        (_, Some(reference)) => reference.rsplit('/').next().unwrap_or(reference).to_owned(),
        _ => "any".to_owned(),
    }
}

fn arguments(page: &mut Page<'_>, prompt: &Json) {
    for argument in prompt
        .get("arguments")
        .and_then(Json::as_array)
        .unwrap_or_default()
    {
        let required = argument.get("required").and_then(Json::as_bool) == Some(true);
        let marks: Vec<String> = required
            .then(|| "required".to_owned())
            .into_iter()
            .collect();
        let name = page.shown(
            argument.get_str("name").unwrap_or("without a name"),
            NAME_WIDTH,
        );
        put_entry(page, 6, &name, &marks, argument.get_str("description"));
    }
}

/// `- name (mark, mark): text`, cut to the width unless everything is asked for. Name and marks are visible text, the
/// text is raw.
fn put_entry(page: &mut Page<'_>, indent: usize, name: &str, marks: &[String], text: Option<&str>) {
    let marks = if marks.is_empty() {
        String::new()
    } else {
        format!(" ({})", marks.join(", "))
    };
    let room = page
        .style
        .width
        .saturating_sub(indent + 4 + width(name) + width(&marks))
        .max(20);
    let text = text.map(str::trim).unwrap_or_default();
    let visible = page.style.charset().visible(text);
    let is_long = visible.contains('\n') || width(&visible) > room;
    let whole = if page.style.is_verbose() && is_long {
        wrap(
            &visible,
            page.style.width.saturating_sub(indent + 4).max(20),
        )
    } else {
        Vec::new()
    };
    let beside = match page.shown(text, room) {
        text if text.is_empty() || !whole.is_empty() => String::new(),
        text => format!(": {text}"),
    };
    let name = page.style.paint(Role::Strong, name);
    page.line(&format!("{:indent$}- {name}{marks}{beside}", ""));
    for line in whole {
        page.line(&format!("{:indent$}  | {line}", ""));
    }
}
