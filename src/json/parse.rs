//! Text to [`Json`], with positions for what is wrong.
//!
//! `serde_json` cuts the text into slices (`RawValue`), which keeps every digit of a number and every repeated name;
//! its own `Value` keeps neither.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Json, Number, Object, Pointer};

/// How many arrays and objects may stand inside each other. Deeper text is refused.
pub const MAX_DEPTH: usize = 1024;

/// A place in a text: line and column, both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Why a text is not JSON that can be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Where the trouble was noticed.
    pub position: Position,
    /// What is wrong, in a clause.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(f, "line {line}, column {column}: {}", self.message)
    }
}

impl std::error::Error for ParseError {}

/// Reads one JSON text (RFC 8259).
///
/// # Errors
/// Text that is not JSON, strings with lone surrogates, and nesting past [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Json, ParseError> {
    let document: &RawValue =
        serde_json::from_str(text).map_err(|error| syntax_error(text, text, &error))?;
    value(text, document.get(), 0)
}

/// The line and column of a byte offset in a text.
pub fn position(text: &str, offset: usize) -> Position {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    Position {
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        column: String::from_utf8_lossy(&before[line_start..])
            .chars()
            .count()
            + 1,
    }
}

/// Where the value at a pointer begins in a JSON text, or nothing where there is none.
pub fn locate(text: &str, pointer: &Pointer) -> Option<Position> {
    let mut slice = serde_json::from_str::<&RawValue>(text).ok()?.get();
    for token in pointer.tokens() {
        slice = if slice.starts_with('{') {
            let Members(members) = serde_json::from_str(slice).ok()?;
            members
                .into_iter()
                .rev()
                .find(|(name, _)| *name == token)?
                .1
                .get()
        } else {
            let items: Vec<&RawValue> = serde_json::from_str(slice).ok()?;
            items.get(token.parse::<usize>().ok()?)?.get()
        };
    }
    Some(position(text, offset_of(text, slice)))
}

fn value(text: &str, slice: &str, depth: usize) -> Result<Json, ParseError> {
    if depth > MAX_DEPTH {
        let message = format!("nested more than {MAX_DEPTH} levels deep");
        return Err(ParseError {
            position: position(text, offset_of(text, slice)),
            message,
        });
    }
    let failed = |error: serde_json::Error| syntax_error(text, slice, &error);
    Ok(match slice.as_bytes()[0] {
        b'{' => {
            let Members(members) = serde_json::from_str(slice).map_err(failed)?;
            let members = members
                .into_iter()
                .map(|(name, slice)| Ok((name.into_owned(), value(text, slice.get(), depth + 1)?)))
                .collect::<Result<Object, _>>()?;
            Json::Object(members)
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(slice).map_err(failed)?;
            Json::Array(
                items
                    .into_iter()
                    .map(|slice| value(text, slice.get(), depth + 1))
                    .collect::<Result<_, _>>()?,
            )
        }
        b'"' => Json::String(serde_json::from_str(slice).map_err(failed)?),
        b't' => Json::Bool(true),
        b'f' => Json::Bool(false),
        b'n' => Json::Null,
        _ => Json::Number(Number::from_literal(slice)),
    })
}

/// The position of an error that `serde_json` met in a slice of the text.
fn syntax_error(text: &str, slice: &str, error: &serde_json::Error) -> ParseError {
    let start = offset_of(text, slice);
    let line_start: usize = slice
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let offset = start + line_start + error.column().saturating_sub(1);
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
    ParseError {
        position: position(text, offset),
        message,
    }
}

fn offset_of(text: &str, slice: &str) -> usize {
    (slice.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// An object cut into names and slices, in the order written.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key::<Name<'de>>()? {
                    members.push((name.0, map.next_value()?));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}

/// A member's name, borrowed where it holds no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::super::compact;
    use super::*;

    #[test]
    fn nothing_is_lost() {
        let text =
            r#"{"b":1.0,"a":[1E2,-0,12345678901234567890123],"b":{"é":"😀\n"},"n":null,"t":true}"#;
        let json = parse(text).expect("valid");
        assert_eq!(compact(&json), text);
        assert_eq!(
            json.as_object().map(Object::repeated_names),
            Some(vec!["b"])
        );
        assert_eq!(
            json.get("b"),
            Some(&parse(r#"{"é":"😀\n"}"#).expect("valid"))
        );
    }

    #[test]
    fn errors_name_line_and_column() {
        let error = parse("{\n  \"a\": [1,\n   oops]\n}").expect_err("invalid");
        assert_eq!(
            (error.position.line, error.position.column),
            (3, 4),
            "{error}"
        );
        let error = parse("[1,\n {\"é\": \"\\ud800\"}]").expect_err("a lone surrogate");
        assert_eq!(error.position.line, 2, "{error}");
        assert!(parse("").is_err() && parse("[1]x").is_err() && parse("\u{feff}1").is_err());
    }

    #[test]
    fn depth_is_bounded() {
        // The program works on a stack of its own size as well (`main.rs`).
        let thread = std::thread::Builder::new()
            .stack_size(64 << 20)
            .spawn(check_depth)
            .expect("spawns");
        thread.join().expect("no overflow");
    }

    fn check_depth() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert!(
            parse(&nested(MAX_DEPTH + 2))
                .expect_err("too deep")
                .message
                .contains("1024")
        );
        assert!(parse(&nested(1_000_000)).is_err());
    }

    #[test]
    fn a_pointer_finds_its_line() {
        let text = "{\n  \"tools\": [\n    {},\n    {\"a/b\": 7}\n  ]\n}";
        let pointer = Pointer::root().join("tools").join(1).join("a/b");
        assert_eq!(
            locate(text, &pointer),
            Some(Position {
                line: 4,
                column: 13
            })
        );
        assert_eq!(locate(text, &pointer.join("x")), None);
    }
}
