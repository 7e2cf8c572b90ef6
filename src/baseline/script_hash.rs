//! The hash in the files of the TypeScript bellwether, computed as a JavaScript engine would.

use std::fmt::Write as _;

use crate::canon;
use crate::json::{Json, Object};

/// How many hex digits of the SHA-256 it keeps.
const DIGITS: usize = 16;

/// What it added to tools after hashing, and again refused when it read its own file.
const FINDINGS: &str = "securityFingerprint";

/// Why the hash in a file of this version is not to be trusted, as a note; nothing where it verifies.
pub(super) fn doubt(document: &Object, version: &str) -> Option<String> {
    let Some(written) = document.get("hash") else {
        return Some("its hash does not verify: it has none".to_owned());
    };
    let is = |document: &Object| written.as_str() == Some(of(document).as_str());
    if is(document) {
        return None;
    }
    let why = if without_findings(document).is_some_and(|rest| is(&rest)) {
        format!(
            "version {version} of the TypeScript bellwether added security findings after hashing, and without them it does"
        )
    } else {
        "it was edited".to_owned()
    };
    Some(format!("its hash does not verify: {why}"))
}

/// The document without the security findings of its tools; nothing where there are none.
fn without_findings(document: &Object) -> Option<Object> {
    let mut rest = document.clone();
    let Some(Json::Object(mut capabilities)) = rest.take("capabilities") else {
        return None;
    };
    let Some(Json::Array(mut tools)) = capabilities.take("tools") else {
        return None;
    };
    let mut found = false;
    for tool in &mut tools {
        if let Json::Object(tool) = tool {
            found |= tool.take(FINDINGS).is_some();
        }
    }
    capabilities.push("tools", Json::Array(tools));
    rest.push("capabilities", capabilities);
    found.then_some(rest)
}

/// The hash over a document: its members without `hash`, sorted at every depth, compact, UTF-8.
fn of(document: &Object) -> String {
    let mut text = String::new();
    let rest = document.by_name();
    write_members(
        rest.into_iter().filter(|(name, _)| *name != "hash"),
        &mut text,
    );
    let digest = canon::digest_text(&text);
    let hex = digest.strip_prefix("sha256:").unwrap_or(&digest);
    hex[..DIGITS].to_owned()
}

fn write(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => write!(out, "{value}").expect("writing to a string does not fail"),
        Json::String(text) => write_string(text, out),
        Json::Number(number) => {
            let double = number.as_f64();
            if double.is_finite() {
                out.push_str(ryu_js::Buffer::new().format(double));
            } else {
                out.push_str("null");
            }
        }
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(object) => write_members(object.by_name().into_iter(), out),
    }
}

fn write_members<'a>(members: impl Iterator<Item = (&'a str, &'a Json)>, out: &mut String) {
    // Putting a member of this name into a JavaScript object puts none in.
    let mut members: Vec<_> = members.filter(|(name, _)| *name != "__proto__").collect();
    // A JavaScript object lists names that look like array indices first, by value, whatever was put in first.
    members.sort_by(|(a, _), (b, _)| {
        let by_index = match (array_index(a), array_index(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        by_index.then_with(|| a.encode_utf16().cmp(b.encode_utf16()))
    });
    out.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(name, out);
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

fn write_string(text: &str, out: &mut String) {
    out.push_str(&serde_json::to_string(text).expect("a string is always JSON text"));
}

fn array_index(name: &str) -> Option<u32> {
    let index: u32 = name.parse().ok()?;
    (index < u32::MAX && index.to_string() == name).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn members_stand_as_a_javascript_engine_lists_them() {
        let json = parse(
            r#"{"b":1.0,"10":1E2,"a":[-0,1e400,"\u001fé"],"9":{"z":null,"y":true,"__proto__":{"x":1}},"01":0.5}"#,
        );
        let mut text = String::new();
        write(&json.expect("valid"), &mut text);
        assert_eq!(
            text,
            r#"{"9":{"y":true,"z":null},"10":100,"01":0.5,"a":[0,null,"\u001fé"],"b":1}"#
        );
    }
}
