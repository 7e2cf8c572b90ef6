//! The content blocks of answers: which kinds, how many, of which media types, and what their texts are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::seen::add;
use crate::json::{self, Json};

/// So many changes of kind within one answer are told, in their order.
const RUNS: usize = 8;

/// So many media types of one kind are told apart.
const MEDIA_TYPES: usize = 16;

/// What stands for media types where there are too many.
const ANY_TYPE: &str = "*/*";

/// The content blocks of answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Content {
    /// The kinds of one answer in their order, a run of one kind once; nothing where answers differ in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Vec<String>>,
    /// The blocks by kind: `text`, `image`, `audio`, `resource`, `resource_link`, `blob`, or `other`.
    pub kinds: BTreeMap<String, Blocks>,
}

/// Content blocks of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Blocks {
    /// How many answers have some.
    pub answers: u32,
    /// The fewest and the most that an answer has that has some.
    pub count: (u32, u32),
    /// How many are of which media type.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub media_types: BTreeMap<String, u32>,
    /// How many answers have a text of which form.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<TextForm, u32>,
}

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TextForm {
    /// White space at most, which says nothing about the others.
    Empty,
    /// A JSON object or array.
    Json,
    /// Prose with headings, tables, lists or blocks of code in Markdown.
    Markdown,
    /// HTML or XML.
    Markup,
    /// Anything else.
    Plain,
}

impl TextForm {
    /// The name used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Markup => "markup",
            Self::Plain => "plain",
        }
    }

    /// What a text that is no JSON is written in.
    fn of_prose(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            Self::Empty
        } else if text.starts_with('<')
            && text.ends_with('>')
            && (text.contains("</") || text.contains("/>"))
        {
            Self::Markup
        } else if is_markdown(text) {
            Self::Markdown
        } else {
            Self::Plain
        }
    }
}

/// The content of one answer, and the JSON in its texts.
pub(super) struct Read {
    pub(super) content: Content,
    pub(super) bodies: Vec<Json>,
}

impl Read {
    /// Reads one result.
    pub(super) fn of(result: &Json) -> Self {
        let mut read = Self {
            content: Content::default(),
            bodies: Vec::new(),
        };
        let mut order: Vec<String> = Vec::new();
        for block in blocks(result) {
            let kind = kind(block);
            if order.last().is_none_or(|last| last != kind) && order.len() < RUNS {
                order.push(kind.to_owned());
            }
            read.block(kind, block);
        }
        read.content.order = Some(order);
        read
    }

    fn block(&mut self, kind: &str, block: &Json) {
        let blocks = self.content.kinds.entry(kind.to_owned()).or_default();
        blocks.answers = 1;
        blocks.count.1 = blocks.count.1.saturating_add(1);
        blocks.count.0 = blocks.count.1;
        // An embedded resource has its text and its type inside.
        let inside = block.get("resource").unwrap_or(block);
        if let Some(media_type) = inside.get_str("mimeType") {
            let count = blocks
                .media_types
                .entry(media_type_of(media_type))
                .or_insert(0);
            *count = count.saturating_add(1);
            limit(&mut blocks.media_types);
        }
        if let Some(text) = inside.get_str("text") {
            let body = json_in(text);
            let form = match body {
                Some(_) => TextForm::Json,
                None => TextForm::of_prose(text),
            };
            blocks.texts.insert(form, 1);
            self.bodies.extend(body);
        }
    }
}

impl Content {
    /// Takes up the content of other answers.
    pub(super) fn absorb(&mut self, other: &Self) {
        if self.order != other.order {
            self.order = None;
        }
        for (kind, theirs) in &other.kinds {
            let Some(own) = self.kinds.get_mut(kind) else {
                self.kinds.insert(kind.clone(), theirs.clone());
                continue;
            };
            own.answers = own.answers.saturating_add(theirs.answers);
            own.count = (
                own.count.0.min(theirs.count.0),
                own.count.1.max(theirs.count.1),
            );
            add(&mut own.media_types, &theirs.media_types);
            limit(&mut own.media_types);
            add(&mut own.texts, &theirs.texts);
        }
    }
}

/// The blocks of a result: of a tool's `content`, of the `messages` of a prompt, of the `contents` of a resource.
fn blocks(result: &Json) -> Vec<&Json> {
    let list = |name: &str| {
        result
            .get(name)
            .and_then(Json::as_array)
            .unwrap_or_default()
    };
    let mut blocks: Vec<&Json> = list("content").iter().collect();
    for message in list("messages") {
        match message.get("content") {
            Some(Json::Array(several)) => blocks.extend(several),
            one => blocks.extend(one),
        }
    }
    blocks.extend(list("contents"));
    blocks
}

/// The kind of a block. The contents of a resource have no `type`: they are a text or a blob.
fn kind(block: &Json) -> &'static str {
    const KINDS: [&str; 5] = ["text", "image", "audio", "resource", "resource_link"];
    match block.get_str("type") {
        Some(own) => KINDS
            .into_iter()
            .find(|kind| *kind == own)
            .unwrap_or("other"),
        None if block.get("text").is_some() => "text",
        None if block.get("blob").is_some() => "blob",
        None => "other",
    }
}

/// A media type without its parameters, where it is one.
fn media_type_of(text: &str) -> String {
    let bare = text
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+/".contains(&byte);
    if bare.len() <= 100 && bare.matches('/').count() == 1 && bare.bytes().all(letters) {
        bare
    } else {
        "invalid".to_owned()
    }
}

/// Stops telling media types apart where there are too many.
fn limit(types: &mut BTreeMap<String, u32>) {
    if types.len() > MEDIA_TYPES || types.contains_key(ANY_TYPE) {
        let all = types.values().copied().fold(0, u32::saturating_add);
        *types = BTreeMap::from([(ANY_TYPE.to_owned(), all)]);
    }
}

/// The object or array that a text is.
fn json_in(text: &str) -> Option<Json> {
    let text = text.trim();
    let looks = text.starts_with('{') && text.ends_with('}')
        || text.starts_with('[') && text.ends_with(']');
    looks.then(|| json::parse(text).ok()).flatten()
}

/// Whether a text has what nobody writes but in Markdown: a heading, a fence, a table, or a list with something
/// emphasised or linked.
fn is_markdown(text: &str) -> bool {
    // Enough to tell by.
    let lines = || text.lines().take(200).map(str::trim_start);
    let heading = |line: &str| {
        let rest = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
    };
    let rule = |line: &str| {
        line.contains("---")
            && line.contains('|')
            && line.bytes().all(|byte| b"|-: \t".contains(&byte))
    };
    let list = || {
        lines()
            .any(|line| line.starts_with("- ") || line.starts_with("* ") || line.starts_with("1. "))
    };
    let inline = || {
        lines().any(|line| {
            line.contains("](") && line.contains('[') || line.matches("**").count() >= 2
        })
    };
    lines().any(|line| heading(line) || line.starts_with("```") || rule(line)) || list() && inline()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_has_a_form() {
        use TextForm as F;
        for (text, form) in [
            (" \n", F::Empty),
            ("It is sunny.", F::Plain),
            ("# Weather\n\nSunny.", F::Markdown),
            ("#1 in the list", F::Plain),
            ("Look:\n```json\n{}\n```", F::Markdown),
            ("| a | b |\n|---|---|\n| 1 | 2 |", F::Markdown),
            ("- one\n- **two**", F::Markdown),
            ("- one\n- two", F::Plain),
            ("<p>Hello</p>", F::Markup),
            ("<not found>", F::Plain),
            ("{not json}", F::Plain),
        ] {
            assert_eq!(TextForm::of_prose(text), form, "{text}");
        }
        assert!(
            json_in(" [1, 2]\n").is_some()
                && json_in("42").is_none()
                && json_in("{oops}").is_none()
        );
    }

    #[test]
    fn media_types_lose_their_parameters() {
        assert_eq!(media_type_of("Text/HTML; charset=utf-8"), "text/html");
        assert_eq!(media_type_of("jane@example.com"), "invalid");
    }
}
