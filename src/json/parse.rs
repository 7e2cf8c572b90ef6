//! Text to [`Json`] in one pass, with positions for what is wrong.
//!
//! `jiter` reads the text, since it hands out the digits of a number and every member as written; the `Value` of
//! `serde_json` keeps neither, and its reader gives up on `1e400`.

use std::fmt;

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

use super::{Json, Number, Object, Pointer, Text};

/// How many arrays and objects may stand inside each other. Deeper text is refused.
pub const MAX_DEPTH: usize = 1024;

/// How many values one text may hold, arrays and objects included. They bound the memory that a hostile text costs, at
/// about 100 bytes each; a text of 128 MiB that somebody means has fewer.
const MAX_VALUES: usize = 8_000_000;

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
    /// Whether it may well be JSON, and is past a limit: [`MAX_DEPTH`], or 8 million values.
    pub past_limit: bool,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Reads one JSON text (RFC 8259).
///
/// # Errors
/// Text that is not JSON, strings with lone surrogates, nesting past [`MAX_DEPTH`], and more than 8 million values.
pub fn parse(text: &str) -> Result<Json, ParseError> {
    let mut reader = Reader {
        text,
        json: Jiter::new(text.as_bytes()),
        depth: 0,
        values: 0,
        members: Vec::new(),
    };
    let value = reader.next().and_then(|value| {
        reader
            .json
            .finish()
            .map(|()| value)
            .map_err(|e| reader.error(&e))
    })?;
    Ok(value)
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
    let mut json = Jiter::new(text.as_bytes());
    json.peek().ok()?;
    for token in pointer.tokens() {
        match json.peek().ok()? {
            Peek::Object => {
                let mut found = json.known_object().ok()?.map(|name| name == token);
                while !found? {
                    json.next_skip().ok()?;
                    found = json.next_key().ok()?.map(|name| name == token);
                }
            }
            Peek::Array => {
                json.known_array().ok()??;
                for _ in 0..token.parse::<usize>().ok()? {
                    json.next_skip().ok()?;
                    json.array_step().ok()??;
                }
            }
            _ => return None,
        }
        json.peek().ok()?;
    }
    Some(position(text, json.current_index()))
}

struct Reader<'a> {
    text: &'a str,
    json: Jiter<'a>,
    depth: usize,
    values: usize,
    /// The members so far of the objects that are still open. Each takes its own when it closes, in room that fits.
    members: Vec<(Text, Json)>,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<Json, ParseError> {
        let peek = self.json.peek().map_err(|error| self.error(&error))?;
        self.value(peek)
    }

    fn value(&mut self, peek: Peek) -> Result<Json, ParseError> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(self.refuse(format!(
                "more than {} million values",
                MAX_VALUES / 1_000_000
            )));
        }
        match peek {
            Peek::Object | Peek::Array => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(self.refuse(format!("nested more than {MAX_DEPTH} levels deep")));
                }
                let value = if peek == Peek::Object {
                    self.object()?
                } else {
                    self.array()?
                };
                self.depth -= 1;
                Ok(value)
            }
            _ => self.scalar(peek).map_err(|error| self.error(&error)),
        }
    }

    fn object(&mut self) -> Result<Json, ParseError> {
        let begin = self.members.len();
        let mut name = self.json.known_object().map(|name| name.map(Text::from));
        while let Some(known) = name.map_err(|error| self.error(&error))? {
            let value = self.next()?;
            self.members.push((known, value));
            name = self.json.next_key().map(|name| name.map(Text::from));
        }
        let members = self.members.drain(begin..).collect();
        Ok(Json::Object(Object::from_members(members)))
    }

    fn array(&mut self) -> Result<Json, ParseError> {
        let mut items = Vec::new();
        let mut peek = self.json.known_array();
        while let Some(known) = peek.map_err(|error| self.error(&error))? {
            items.push(self.value(known)?);
            peek = self.json.array_step();
        }
        items.shrink_to_fit();
        Ok(Json::Array(items))
    }

    fn scalar(&mut self, peek: Peek) -> Result<Json, JiterError> {
        Ok(match peek {
            Peek::String => Json::String(self.json.known_str()?.into()),
            Peek::True | Peek::False => Json::Bool(self.json.known_bool(peek)?),
            Peek::Null => {
                self.json.known_null()?;
                Json::Null
            }
            _ => {
                let literal = self.json.known_number_bytes(peek)?;
                Json::Number(Number::from_literal(&String::from_utf8_lossy(literal)))
            }
        })
    }

    fn refuse(&self, message: String) -> ParseError {
        ParseError {
            position: position(self.text, self.json.current_index()),
            message,
            past_limit: true,
        }
    }

    fn error(&self, error: &JiterError) -> ParseError {
        let message = match &error.error_type {
            JiterErrorType::JsonError(
                JsonErrorType::ExpectedSomeValue | JsonErrorType::ExpectedSomeIdent,
            ) => "expected a value".to_owned(),
            JiterErrorType::JsonError(
                JsonErrorType::LoneLeadingSurrogateInHexEscape
                | JsonErrorType::UnexpectedEndOfHexEscape,
            ) => "a `\\u` escape that is no character: a lone surrogate, or cut off".to_owned(),
            other => other.to_string(),
        };
        ParseError {
            position: position(self.text, error.index),
            message,
            past_limit: false,
        }
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
