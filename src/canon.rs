//! Canonical JSON (RFC 8785) and the digests taken over it.
//!
//! One deviation, on purpose: a number that no double holds exactly keeps its exact decimal value, so that two
//! different limits never hash alike.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::json::{Json, Number};

/// The canonical text of a value: members sorted by UTF-16 code units, no white space, one spelling a number.
/// Of a repeated name the last member counts.
pub fn canonical(json: &Json) -> String {
    let mut text = String::new();
    write(json, &mut text);
    text
}

/// `sha256:` and 64 hex digits over the canonical text of a value.
pub fn digest(json: &Json) -> String {
    digest_text(&canonical(json))
}

/// The [`digest`] of each of these values, which share one buffer: a large surface has very many.
pub fn digests(values: &[Json]) -> Vec<String> {
    let mut text = String::new();
    let digest = |json| {
        text.clear();
        write(json, &mut text);
        digest_text(&text)
    };
    values.iter().map(digest).collect()
}

/// `sha256:` and 64 hex digits over a text.
pub fn digest_text(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = String::with_capacity("sha256:".len() + 64);
    hex.push_str("sha256:");
    for byte in Sha256::digest(text.as_bytes()) {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from(DIGITS[usize::from(digit)]));
        }
    }
    hex
}

fn write(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => write_number(number, out),
        Json::String(text) => write_string(text, out),
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
        Json::Object(object) => {
            let mut members: Vec<_> = if object.repeats() {
                object.by_name().into_iter().collect()
            } else {
                let mut members: Vec<_> = object.written().collect();
                members.sort_unstable_by_key(|(name, _)| *name);
                members
            };
            // Strings sort alike by code points and by UTF-16 units unless one has a character past the BMP.
            if members.iter().any(|(name, _)| !name.is_ascii()) {
                members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            }
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
    }
}

fn write_string(text: &str, out: &mut String) {
    // Most texts hold nothing to escape, and a digest over a large surface writes very many.
    if text
        .bytes()
        .all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\')
    {
        out.push('"');
        out.push_str(text);
        out.push('"');
        return;
    }
    out.push_str(&serde_json::to_string(text).expect("a string is always JSON text"));
}

fn write_number(number: &Number, out: &mut String) {
    // Integers that every double holds are written as they are; they are nearly all there is.
    if let Ok(integer) = number.literal().parse::<i64>()
        && integer.unsigned_abs() <= 1 << 53
    {
        write!(out, "{integer}").expect("writing to a string does not fail");
        return;
    }
    let double = number.as_f64();
    if double.is_finite() {
        let mut buffer = ryu_js::Buffer::new();
        let shortest = buffer.format(double);
        if crate::json::parse(shortest)
            .is_ok_and(|json| matches!(&json, Json::Number(held) if held == number))
        {
            out.push_str(shortest);
            return;
        }
    }
    write!(out, "{}", number.decimal()).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn of(text: &str) -> String {
        canonical(&parse(text).expect("valid"))
    }

    #[test]
    fn the_example_of_the_rfc() {
        let text = r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        // 333333333.33333329 is held by no double; RFC 8785 would round it, we keep it.
        let expected = r#"{"literals":[null,true,false],"numbers":[3.3333333333333329e+8,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(of(text), expected);
    }

    #[test]
    fn members_sort_by_utf16_units() {
        assert_eq!(
            of("{\"\u{fb33}\":1,\"\u{1f600}\":2,\"\\r\":3}"),
            "{\"\\r\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}"
        );
    }

    #[test]
    fn one_value_one_text_and_two_values_two() {
        assert_eq!(of("[1.0, 1E2, -0]"), "[1,100,0]");
        assert_ne!(of("9007199254740993"), of("9007199254740992"));
        assert_eq!(of("12345678901234567890123"), "12345678901234567890123");
        assert_ne!(of("1e400"), of("1e401"));
    }
}
