//! Canonical JSON (RFC 8785) and the digests taken over it.
//!
//! One deviation, on purpose: a number that no double holds exactly keeps its exact decimal value, so that two
//! different limits never hash alike.

use std::fmt::{self, Write as _};

use sha2::{Digest as _, Sha256};

use crate::json::{Json, Number, Object};

/// A SHA-256 digest, shown as `sha256:` and 64 hex digits. Digests sort as what they are shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = String::with_capacity("sha256:".len() + 64);
        hex.push_str("sha256:");
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                hex.push(char::from(DIGITS[usize::from(digit)]));
            }
        }
        f.write_str(&hex)
    }
}

/// The canonical text of a value: members sorted by UTF-16 code units, no white space, one spelling a number.
/// Of a repeated name the last member counts.
pub fn canonical(json: &Json) -> String {
    let mut writer = Writer::default();
    writer.write(json);
    writer.text
}

/// `sha256:` and 64 hex digits over the canonical text of a value.
pub fn digest(json: &Json) -> String {
    digest_text(&canonical(json))
}

/// The digest of each of these values; cheaper than one by one, for a large surface has very many.
pub fn digests(values: &[Json]) -> Vec<Digest> {
    let mut writer = Writer::default();
    let digest = |json| {
        writer.text.clear();
        writer.write(json);
        Digest(Sha256::digest(&writer.text).into())
    };
    values.iter().map(digest).collect()
}

/// `sha256:` and 64 hex digits over a text.
pub fn digest_text(text: &str) -> String {
    Digest(Sha256::digest(text).into()).to_string()
}

#[derive(Default)]
struct Writer<'a> {
    text: String,
    /// The members, in their order, of the objects that are being written.
    members: Vec<(&'a str, &'a Json)>,
}

impl<'a> Writer<'a> {
    fn write(&mut self, json: &'a Json) {
        match json {
            Json::Null => self.text.push_str("null"),
            Json::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Json::Number(number) => write_number(number, &mut self.text),
            Json::String(text) => write_string(text, &mut self.text),
            Json::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.text.push(',');
                    }
                    self.write(item);
                }
                self.text.push(']');
            }
            Json::Object(object) => self.write_object(object),
        }
    }

    fn write_object(&mut self, object: &'a Object) {
        let begin = self.members.len();
        if object.repeats() {
            self.members.extend(object.by_name());
        } else {
            self.members.extend(object.written());
            self.members[begin..].sort_unstable_by_key(|(name, _)| *name);
        }
        let members = &mut self.members[begin..];
        // Strings sort alike by code points and by UTF-16 units unless one has a character past the BMP.
        if members.iter().any(|(name, _)| !name.is_ascii()) {
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        }
        self.text.push('{');
        for index in begin..self.members.len() {
            if index > begin {
                self.text.push(',');
            }
            let (name, value) = self.members[index];
            write_string(name, &mut self.text);
            self.text.push(':');
            self.write(value);
        }
        self.text.push('}');
        self.members.truncate(begin);
    }
}

fn write_string(text: &str, out: &mut String) {
    // Most texts hold nothing to escape, and a digest over a large surface writes very many. The bytes are looked at
    // without stopping at the first, many at once.
    let escapes = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    if !text.bytes().fold(false, |any, byte| any | escapes(byte)) {
        out.push('"');
        out.push_str(text);
        out.push('"');
        return;
    }
    out.push_str(&serde_json::to_string(text).expect("a string is always JSON text"));
}

fn write_number(number: &Number, out: &mut String) {
    // Integers that every double holds are written as they are, but for `-0`; they are nearly all there is.
    if let Ok(integer) = number.literal().parse::<i64>()
        && integer.unsigned_abs() <= 1 << 53
    {
        out.push_str(if integer == 0 { "0" } else { number.literal() });
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
