//! A shape as a JSON Schema (2020-12) of the results it was taken from.

use super::formats::{NumberFormat, TextFormat};
use super::members::Members;
use super::seen::Seen;
use super::{Shape, TextForm};
use crate::json::{Json, Object};

/// What results look like.
pub(super) fn of(shape: &Shape) -> Json {
    let mut properties = Object::new();
    let mut required = Vec::new();
    if shape.structured > 0 {
        properties.push("structuredContent", of_seen(&shape.body));
        if shape.structured == shape.samples {
            required.push(Json::from("structuredContent"));
        }
    }
    if !shape.content.kinds.is_empty() {
        let kinds = shape.content.kinds.iter();
        let kinds = kinds.map(|(kind, blocks)| {
            let mut inside = Object::new();
            inside.push("type", object([("const", Json::from(kind.as_str()))]));
            let json = blocks.texts.contains_key(&TextForm::Json);
            if json && blocks.texts.len() == 1 && shape.structured == 0 {
                inside.push(
                    "text",
                    object([
                        ("type", Json::from("string")),
                        ("contentMediaType", Json::from("application/json")),
                        ("contentSchema", of_seen(&shape.body)),
                    ]),
                );
            }
            object([
                ("type", Json::from("object")),
                ("properties", inside.into()),
            ])
        });
        let items = object([("anyOf", Json::Array(kinds.collect()))]);
        properties.push(
            "content",
            object([("type", Json::from("array")), ("items", items)]),
        );
    }
    let mut schema = Object::new();
    schema.push("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.push("type", "object");
    schema.push("properties", properties);
    if !required.is_empty() {
        schema.push("required", Json::Array(required));
    }
    schema.into()
}

impl Seen {
    /// What the values look like, as a JSON Schema.
    pub fn to_schema(&self) -> Json {
        of_seen(self)
    }
}

fn of_seen(seen: &Seen) -> Json {
    let mut schema = Object::new();
    if let Some(types) = types(seen) {
        schema.push("type", types);
    }
    if let Some(format) = format(seen) {
        schema.push("format", format);
    }
    if let Some(arrays) = seen
        .array
        .as_ref()
        .filter(|arrays| !arrays.items.is_empty())
    {
        schema.push("items", of_seen(&arrays.items));
    }
    match seen
        .object
        .as_ref()
        .map(|objects| (objects.seen, &objects.members))
    {
        Some((count, Members::Fields(fields))) if !fields.is_empty() => {
            let properties = fields
                .iter()
                .map(|(name, seen)| (name.as_str(), of_seen(seen)));
            schema.push("properties", properties.collect::<Object>());
            let always = fields.iter().filter(|(_, seen)| seen.seen() == count);
            let required: Vec<Json> = always.map(|(name, _)| Json::from(name.as_str())).collect();
            if !required.is_empty() {
                schema.push("required", Json::Array(required));
            }
        }
        Some((_, Members::Map(values))) if !values.is_empty() => {
            schema.push("additionalProperties", of_seen(values));
        }
        _ => {}
    }
    schema.into()
}

/// The types, as the value of `type`; nothing where there was no value.
fn types(seen: &Seen) -> Option<Json> {
    let whole = !seen.number.contains_key(&NumberFormat::Fraction);
    let mut types: Vec<Json> = seen
        .types()
        .into_iter()
        .map(|name| {
            Json::from(if name == "number" && whole {
                "integer"
            } else {
                name
            })
        })
        .collect();
    if seen.null > 0 {
        types.push(Json::from("null"));
    }
    match types.len() {
        0 => None,
        1 => types.pop(),
        _ => Some(Json::Array(types)),
    }
}

/// The one format of all strings, where JSON Schema has it.
fn format(seen: &Seen) -> Option<&'static str> {
    let mut formats = seen.string.keys();
    match (formats.next(), formats.next()) {
        (Some(format), None) => TextFormat::in_schemas(*format).then(|| format.name()),
        _ => None,
    }
}

fn object<const N: usize>(members: [(&'static str, Json); N]) -> Json {
    members.into_iter().collect::<Object>().into()
}
