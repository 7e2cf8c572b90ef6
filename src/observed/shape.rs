//! What the successful answers of a tool, prompt or resource look like, over samples.
//!
//! A shape holds kinds, types, formats, counts and names of fields, and one digest where every answer was the same. It
//! never holds a value, and a name that may be data (an address, an identifier, a date) is none of a field.

mod content;
mod formats;
mod members;
mod names;
mod schema;
mod seen;
#[cfg(test)]
mod tests;

pub use content::{Blocks, Content, TextForm};
pub use formats::{NumberFormat, TextFormat};
pub use members::Members;
pub use seen::{Arrays, Objects, Seen};

use serde::{Deserialize, Serialize};

use crate::canon;
use crate::inclusion::{Conformity, conforms};
use crate::json::{self, Json, Object};

/// What answers look like.
///
/// Shapes of samples merge in any order and any grouping to the same shape. What stands in a file is the
/// [settled](Shape::settled) form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Shape {
    /// How many answers it was taken from.
    pub samples: u32,
    /// The digest of the result without its `_meta`, where it was the same each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// How large the results were, as canonical JSON: the lowest and the highest power of ten of their bytes.
    pub magnitude: (u8, u8),
    /// The content blocks (`content`, or those in `messages` and `contents`).
    pub content: Content,
    /// How many answers had `structuredContent`.
    #[serde(skip_serializing_if = "is_zero")]
    pub structured: u32,
    /// What the answers hold: `structuredContent` where there is one, else the JSON in their texts.
    #[serde(skip_serializing_if = "Seen::is_empty")]
    pub body: Seen,
    /// How many answers conformed to the tool's `outputSchema`.
    #[serde(skip_serializing_if = "is_zero")]
    pub conforming: u32,
    /// How many answers contradicted it.
    #[serde(skip_serializing_if = "is_zero")]
    pub contradicting: u32,
}

impl Shape {
    /// The shape of one successful result of `tools/call`, `prompts/get` or `resources/read`.
    pub fn of(result: &Json) -> Self {
        let kept = without_meta(result);
        let text = canon::canonical(kept.as_ref().unwrap_or(result));
        let magnitude = magnitude(text.len());
        let mut read = content::Read::of(result);
        let structured = result.get("structuredContent");
        let mut body = Seen::default();
        match structured {
            Some(value) => body = Seen::of(value),
            None => read
                .bodies
                .drain(..)
                .for_each(|value| body.absorb_within(&Seen::of(&value))),
        }
        body.count_once();
        Self {
            samples: 1,
            digest: Some(canon::digest_text(&text)),
            magnitude: (magnitude, magnitude),
            content: read.content,
            structured: u32::from(structured.is_some()),
            body,
            conforming: 0,
            contradicting: 0,
        }
    }

    /// The shape of one successful result of a tool, with whether it conforms to the tool's `outputSchema`.
    pub fn of_tool(result: &Json, output_schema: Option<&Json>) -> Self {
        let mut shape = Self::of(result);
        match output_schema.map(|schema| violates(schema, result)) {
            Some(Conformity::Holds) => shape.conforming = 1,
            Some(Conformity::Contradicts { .. }) => shape.contradicting = 1,
            Some(Conformity::Unknown) | None => {}
        }
        shape
    }

    /// The shape of all samples of both.
    #[must_use]
    pub fn merge(mut self, other: &Self) -> Self {
        if self.samples == 0 {
            return other.clone();
        }
        if other.samples == 0 {
            return self;
        }
        self.content.absorb(&other.content);
        self.body.absorb(&other.body);
        if self.digest != other.digest {
            self.digest = None;
        }
        self.magnitude = (
            self.magnitude.0.min(other.magnitude.0),
            self.magnitude.1.max(other.magnitude.1),
        );
        for (own, more) in [
            (&mut self.samples, other.samples),
            (&mut self.structured, other.structured),
            (&mut self.conforming, other.conforming),
            (&mut self.contradicting, other.contradicting),
        ] {
            *own = own.saturating_add(more);
        }
        self
    }

    /// The shape as it may be kept: objects whose names are data rather than fields have lost them, and what is too
    /// large is cut.
    #[must_use]
    pub fn settled(&self) -> Self {
        Self {
            body: self.body.settled(),
            ..self.clone()
        }
    }

    /// The settled form as a file holds it, in stable order.
    pub fn to_json(&self) -> Json {
        let text = serde_json::to_string(&self.settled()).expect("a shape is plain data");
        json::parse(&text).expect("what was written as JSON is JSON")
    }

    /// The shape of its form in a file.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn from_json(json: &Json) -> Result<Self, String> {
        serde_json::from_str(&json::compact(json)).map_err(|error| {
            // Its position is one in a text that nobody has seen.
            let text = error.to_string();
            let end = text.rfind(" at line ").unwrap_or(text.len());
            text[..end].to_owned()
        })
    }

    /// What a result looks like, as a JSON Schema (2020-12).
    pub fn to_schema(&self) -> Json {
        schema::of(&self.settled())
    }
}

/// Whether the `structuredContent` of a tool's result satisfies the tool's `outputSchema`. "Tool result" has it that a
/// successful result of a tool with such a schema must have a structured content, so that one without contradicts it.
pub fn violates(output_schema: &Json, result: &Json) -> Conformity {
    if super::call::says_error(result) {
        return Conformity::Holds;
    }
    match result.get("structuredContent") {
        Some(value) => conforms(output_schema, value),
        None => Conformity::Contradicts {
            schema: json::Pointer::root(),
            value: json::Pointer::root(),
        },
    }
}

/// The power of ten at or below a number of bytes.
fn magnitude(bytes: usize) -> u8 {
    let digits = bytes.max(1).ilog10();
    u8::try_from(digits).expect("a length has at most 20 digits")
}

/// A result without what is about the exchange rather than the answer; nothing where it has none of that.
fn without_meta(result: &Json) -> Option<Json> {
    let members = result.as_object()?;
    members.get("_meta")?;
    let kept = members.iter().filter(|(name, _)| *name != "_meta");
    let kept = kept.map(|(name, value)| (name, value.clone()));
    Some(kept.collect::<Object>().into())
}

/// Whether a count need not be written.
fn is_zero(count: &u32) -> bool {
    *count == 0
}
