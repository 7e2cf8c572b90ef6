//! Arguments of a call that are repeated in HTTP headers, so that those on the way can route by them (`x-mcp-header`,
//! 2026-07-28).
//!
//! rmcp would do it, had it seen the tools; it never sees a result. A value that no header can carry as it is goes as
//! Base64 between `=?base64?` and `?=`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::json::Json;

/// What the name of such a header begins with.
const PREFIX: &str = "Mcp-Param-";

/// What stands around a value in Base64.
const AROUND: (&str, &str) = ("=?base64?", "?=");

/// The headers that go with a call of a tool with these arguments.
pub(super) fn headers(tool: &Json, arguments: &Json) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Some(schema) = tool.get("inputSchema") {
        collect(schema, arguments, &mut found);
    }
    found
}

/// Follows `properties` down, as far as there are arguments.
fn collect(schema: &Json, value: &Json, found: &mut Vec<(String, String)>) {
    let properties = schema.get("properties").and_then(Json::as_object);
    for (name, schema) in properties.into_iter().flat_map(|all| all.iter()) {
        let Some(value) = value.get(name) else {
            continue;
        };
        if let Some(header) = schema.get_str("x-mcp-header")
            && let Some(text) = plain(value)
        {
            found.push((format!("{PREFIX}{header}"), encoded(&text)));
        }
        collect(schema, value, found);
    }
}

/// A string, number or truth value as text.
fn plain(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.to_string()),
        Json::Number(number) => Some(number.literal().to_owned()),
        Json::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn encoded(text: &str) -> String {
    let is_padded = text.trim_matches([' ', '\t']) != text;
    let is_plain = text.chars().all(|c| matches!(c, ' '..='~'));
    let looks_encoded = text.starts_with(AROUND.0) && text.ends_with(AROUND.1);
    if is_plain && !is_padded && !looks_encoded {
        text.to_owned()
    } else {
        format!("{}{}{}", AROUND.0, STANDARD.encode(text), AROUND.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn marked_arguments_stand_in_headers_and_others_do_not() {
        let tool = json::parse(
            r#"{"inputSchema":{"properties":{
                "region":{"type":"string","x-mcp-header":"Region"},
                "secret":{"type":"string"},
                "page":{"properties":{"size":{"type":"integer","x-mcp-header":"Size"}}},
                "city":{"x-mcp-header":"City"},
                "list":{"x-mcp-header":"List"}}}}"#,
        )
        .expect("JSON");
        let arguments = json::parse(
            r#"{"region":"eu-1","secret":"s","page":{"size":20},"city":"Zürich","list":[1]}"#,
        )
        .expect("JSON");
        let pairs = headers(&tool, &arguments);
        let shown: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}: {v}")).collect();
        assert_eq!(
            shown,
            [
                "Mcp-Param-Region: eu-1",
                "Mcp-Param-Size: 20",
                "Mcp-Param-City: =?base64?WsO8cmljaA==?=",
            ]
        );
    }
}
