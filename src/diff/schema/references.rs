//! References: what they lead to inside a document, and which ones a schema holds.

use crate::json::{Json, Pointer};

/// What a reference inside the document leads to, and where that stands.
pub(super) fn resolve<'a>(
    root: &'a Json,
    base: &Pointer,
    reference: &str,
) -> Option<(&'a Json, Pointer)> {
    let fragment = reference.strip_prefix('#')?;
    let pointer = Pointer::parse(&percent_decoded(fragment)?)?;
    let target = root.at(&pointer)?;
    let home = pointer
        .tokens()
        .fold(base.clone(), |home, token| home.join(token));
    matches!(target, Json::Object(_) | Json::Bool(_)).then_some((target, home))
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Whether every reference of both schemas leads into definitions, and these are the same.
pub(super) fn refers_to_nothing_that_differs(old: &Json, new: &Json) -> bool {
    let same = |name| old.get(name) == new.get(name);
    same("$defs") && same("definitions") && only_definitions(old) && only_definitions(new)
}

pub(super) fn only_definitions(value: &Json) -> bool {
    match value {
        Json::Object(object) => object.iter().all(|(name, value)| match (name, value) {
            ("$ref", Json::String(reference)) => {
                reference.starts_with("#/$defs/")
                    || reference.starts_with("#/definitions/")
                    || !reference.starts_with('#')
            }
            ("$dynamicRef" | "$recursiveRef", Json::String(_)) => false,
            _ => only_definitions(value),
        }),
        Json::Array(items) => items.iter().all(only_definitions),
        _ => true,
    }
}

/// Every reference in a text.
pub(super) fn references_in<'v>(value: &'v Json, found: &mut Vec<&'v str>) {
    match value {
        Json::Object(object) => {
            for (name, value) in object.iter() {
                match (name, value) {
                    ("$ref" | "$dynamicRef" | "$recursiveRef", Json::String(reference)) => {
                        found.push(reference)
                    }
                    _ => references_in(value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| references_in(item, found)),
        _ => {}
    }
}

pub(super) fn has_reference(value: &Json) -> bool {
    match value {
        Json::Object(object) => object.iter().any(|(name, value)| {
            matches!(name, "$ref" | "$dynamicRef" | "$recursiveRef") || has_reference(value)
        }),
        Json::Array(items) => items.iter().any(has_reference),
        _ => false,
    }
}
