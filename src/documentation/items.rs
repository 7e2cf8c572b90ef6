//! What each kind of item should say of itself, and what it costs where it does not.

use super::parameters::{Parameter, parameters};
use super::prose::{self, Said};
use super::{Issue, kinds};
use crate::json::{Json, Pointer};
use crate::report::Place;
use crate::surface::List;

/// What the negotiated revision of the protocol has. One that is unknown, or a draft, has everything.
#[derive(Debug, Clone, Copy)]
pub(super) struct Revision {
    annotations: bool,
    titles: bool,
}

impl Revision {
    /// What a revision has; they are dates and compare as text.
    pub(super) fn of(version: Option<&str>) -> Self {
        let since = |first: &str| version.is_none_or(|version| version >= first);
        Self {
            annotations: since("2025-03-26"),
            titles: since("2025-06-18"),
        }
    }
}

/// Adds what an item lacks, of the points that it can lose.
pub(super) fn review(list: List, item: &Json, has: Revision, points: u64, issues: &mut Vec<Issue>) {
    let mut lacks = Lacks {
        at: format!(
            "{}/{}",
            list.member(),
            item.get_str(list.key()).unwrap_or_default()
        ),
        points,
        issues,
    };
    match list {
        List::Tools => tool(&mut lacks, item, has),
        List::Prompts => prompt(&mut lacks, item, has),
        List::Resources | List::ResourceTemplates => resource(&mut lacks, item, has),
    }
}

struct Lacks<'a> {
    at: String,
    points: u64,
    issues: &'a mut Vec<Issue>,
}

impl Lacks<'_> {
    /// The item lacks something: `part` of `whole` of what such an issue weighs.
    fn put(&mut self, id: &'static str, name: &str, pointer: Pointer, part: u64, whole: u64) {
        let place = Place {
            at: self.at.clone(),
            pointer,
        };
        self.issues.push(Issue {
            id,
            place,
            name: name.to_owned(),
            points: self.points * kinds::of(id).weight * part / (100 * whole),
        });
    }

    fn whole(&mut self, id: &'static str, member: &str) {
        self.put(id, "", Pointer::root().join(member), 1, 1);
    }
}

fn tool(lacks: &mut Lacks<'_>, tool: &Json, has: Revision) {
    let name = tool.get_str("name").unwrap_or_default();
    let description = tool.get_str("description");
    let parameters = tool.get("inputSchema").map(parameters).unwrap_or_default();
    // What a tool without parameters cannot lose by them, it can lose by its description.
    let whole = if parameters.is_empty() {
        100 - 32 - 8 - 4
    } else {
        100
    };
    let id = match prose::said(description, name) {
        Said::Nothing => Some("tool-undescribed"),
        Said::Name => Some("tool-description-repeats-name"),
        Said::Little => Some("tool-description-short"),
        Said::Enough => None,
    };
    if let Some(id) = id {
        lacks.put(id, "", Pointer::root().join("description"), 100, whole);
    }
    let all: u64 = parameters.iter().map(share).sum();
    for parameter in &parameters {
        self::parameter(lacks, parameter, all);
    }
    if !parameters.is_empty() && !shows_example(description, &parameters) {
        lacks.whole("tool-without-example", "inputSchema");
    }
    let annotations = tool.get("annotations");
    let hint = |name: &str| {
        annotations
            .and_then(|all| all.get(name)?.as_bool())
            .is_some()
    };
    if has.annotations && !hint("readOnlyHint") && !hint("destructiveHint") {
        lacks.whole("tool-without-annotations", "annotations");
    }
    if has.titles && tool.get("outputSchema").and_then(Json::as_object).is_none() {
        lacks.whole("tool-without-output-schema", "outputSchema");
    }
    let titled = annotations.is_some_and(|all| is_text(all, "title")) || is_text(tool, "title");
    if has.titles && !titled {
        lacks.whole("tool-untitled", "title");
    }
}

/// What stands at the top is met by every caller.
fn share(parameter: &Parameter<'_>) -> u64 {
    if parameter.path.len() == 1 { 2 } else { 1 }
}

fn parameter(lacks: &mut Lacks<'_>, parameter: &Parameter<'_>, all: u64) {
    let shown = parameter.shown();
    let at = |member: &str| {
        let inside = Pointer::parse(&format!("/inputSchema{}", parameter.pointer));
        inside.expect("a pointer below another").join(member)
    };
    let part = share(parameter);
    let id = match prose::said(parameter.description(), parameter.name()) {
        Said::Nothing => Some("parameter-undescribed"),
        Said::Name => Some("parameter-description-repeats-name"),
        Said::Little | Said::Enough => None,
    };
    if let Some(id) = id {
        lacks.put(id, &shown, at("description"), part, all);
    }
    let states = |names: &[&str]| names.iter().any(|name| parameter.keyword(name).is_some());
    if !states(&["type", "enum", "const"]) {
        lacks.put("parameter-untyped", &shown, at("type"), part, all);
    } else if parameter
        .keyword("type")
        .is_some_and(|kind| names(kind, "array"))
        && !states(&["items", "prefixItems", "contains", "enum", "const"])
    {
        lacks.put("parameter-items-untyped", &shown, at("items"), part, all);
    } else if parameter
        .keyword("type")
        .is_some_and(|kind| names(kind, "string"))
        && !states(&["enum", "const", "pattern", "format"])
        && parameter.description().is_some_and(prose::lists_values)
    {
        lacks.put("parameter-enum-unstated", &shown, at("enum"), part, all);
    }
}

/// Whether a `type`, a name or a list of names, has this name.
fn names(kind: &Json, name: &str) -> bool {
    kind.as_str() == Some(name)
        || kind
            .as_array()
            .is_some_and(|kinds| kinds.iter().any(|kind| kind.as_str() == Some(name)))
}

/// Whether a reader sees a value that can be sent. Enumerations and truth values show theirs by themselves.
fn shows_example(description: Option<&str>, parameters: &[Parameter<'_>]) -> bool {
    let shown = |parameter: &Parameter<'_>| {
        ["examples", "example", "default", "enum", "const"]
            .iter()
            .any(|keyword| parameter.keyword(keyword).is_some())
            || parameter.description().is_some_and(prose::shows_example)
    };
    let needs = |parameter: &Parameter<'_>| {
        let kind = parameter.keyword("type");
        !kind.is_some_and(|kind| names(kind, "boolean") || names(kind, "object"))
    };
    description.is_some_and(prose::shows_example)
        || parameters.iter().any(shown)
        || !parameters.iter().any(needs)
}

fn prompt(lacks: &mut Lacks<'_>, prompt: &Json, has: Revision) {
    let name = prompt.get_str("name").unwrap_or_default();
    let arguments = prompt.get("arguments").and_then(Json::as_array);
    let arguments = arguments.unwrap_or_default();
    let whole = if arguments.is_empty() { 100 - 40 } else { 100 };
    let id = match prose::said(prompt.get_str("description"), name) {
        Said::Nothing => Some("prompt-undescribed"),
        Said::Name => Some("prompt-description-repeats-name"),
        Said::Little | Said::Enough => None,
    };
    if let Some(id) = id {
        lacks.put(id, "", Pointer::root().join("description"), 100, whole);
    }
    for (index, argument) in arguments.iter().enumerate() {
        let own = argument.get_str("name").unwrap_or_default();
        let id = match prose::said(argument.get_str("description"), own) {
            Said::Nothing => Some("argument-undescribed"),
            Said::Name => Some("argument-description-repeats-name"),
            Said::Little | Said::Enough => None,
        };
        if let Some(id) = id {
            let at = Pointer::root().join("arguments").join(index);
            lacks.put(id, own, at.join("description"), 1, arguments.len() as u64);
        }
    }
    if has.titles && !is_text(prompt, "title") {
        lacks.whole("prompt-untitled", "title");
    }
}

/// A resource or a template.
fn resource(lacks: &mut Lacks<'_>, resource: &Json, has: Revision) {
    let name = resource.get_str("name").unwrap_or_default();
    match prose::said(resource.get_str("description"), name) {
        Said::Nothing => lacks.whole("resource-undescribed", "description"),
        Said::Name => lacks.whole("resource-description-repeats-name", "description"),
        Said::Little | Said::Enough => {}
    }
    if !is_text(resource, "mimeType") {
        lacks.whole("resource-without-mime-type", "mimeType");
    }
    if has.titles && !is_text(resource, "title") {
        lacks.whole("resource-untitled", "title");
    }
}

/// Whether a member is a text that is not blank.
fn is_text(item: &Json, member: &str) -> bool {
    item.get_str(member)
        .is_some_and(|text| !text.trim().is_empty())
}
