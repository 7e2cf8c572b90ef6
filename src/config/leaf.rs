//! The smallest values of a configuration or a command line: durations, dates, headers, variables.
//!
//! Everything here is a pure function from text to value, with an error that says what would be right.

use std::borrow::Cow;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::problem::quoted;
use super::tree::{Node, Value};

/// The longest time that may be asked for. A longer one is a slip of the unit.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A time: a number of milliseconds, or text with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "TimeText")]
pub struct Time(pub Duration);

#[derive(Deserialize)]
#[serde(untagged)]
enum TimeText {
    Millis(u64),
    Text(String),
}

impl TryFrom<TimeText> for Time {
    type Error = String;

    fn try_from(text: TimeText) -> Result<Self, String> {
        match text {
            TimeText::Millis(millis) => duration(&millis.to_string()),
            TimeText::Text(text) => duration(&text),
        }
        .map(Self)
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number of milliseconds, or a number with a unit: 500ms, 30s, 2m.",
            "type": ["integer", "string"],
            "minimum": 1,
            "pattern": "^[0-9]+(\\.[0-9]+)? ?(ms|s|m|h)?$",
        })
    }
}

/// A day such as `2027-03-01`, which exists in the calendar.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub struct Date(pub String);

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A day: YYYY-MM-DD.",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        })
    }
}

/// The fingerprint of a finding, as a report shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl JsonSchema for Fingerprint {
    fn schema_name() -> Cow<'static, str> {
        "Fingerprint".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The fingerprint of a finding: 16 hex digits. Quote it, since digits alone are a number.",
            "type": "string",
            "pattern": "^[0-9a-f]{16}$",
        })
    }
}

/// A time as it is written on a command line or in the file: `30s`, `500ms`, `2m`, `1.5s`; a bare number is milliseconds.
///
/// # Errors
/// What is wrong with it, in a clause.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{} is no duration: write 500ms, 30s or 2m", quoted(text));
    let trimmed = text.trim();
    let digits = trimmed
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(digits);
    let millis = match unit.trim_start() {
        "" | "ms" => 1.0,
        "s" => 1e3,
        "m" => 6e4,
        "h" => 3.6e6,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let millis = (number * millis).round();
    if !(1.0..=LONGEST.as_secs_f64() * 1e3).contains(&millis) {
        return Err(format!("{} is outside 1ms to 24h", quoted(text)));
    }
    Ok(Duration::from_secs_f64(millis / 1e3))
}

/// A header as it is given on a command line: `Name: value`.
///
/// # Errors
/// What is wrong with it; never the value, which may be a secret.
pub fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or("a header is written `Name: value`")?;
    let (name, value) = (name.trim(), value.trim());
    header_name(name)?;
    header_value(name, value)?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Whether HTTP allows this name of a header.
///
/// # Errors
/// What is wrong with it.
pub fn header_name(name: &str) -> Result<(), String> {
    match http::HeaderName::from_bytes(name.as_bytes()) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("{} is no name of an HTTP header", quoted(name))),
    }
}

/// Whether HTTP allows this value of a header.
///
/// # Errors
/// That it does not; never the value.
pub fn header_value(name: &str, value: &str) -> Result<(), String> {
    match http::HeaderValue::from_str(value) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!(
            "the value of the header {} has a character that HTTP does not allow there",
            quoted(name)
        )),
    }
}

/// An environment variable as it is given on a command line: `NAME=VALUE`.
///
/// # Errors
/// What is wrong with it; never the value, which may be a secret.
pub fn env_pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("an environment variable is written `NAME=VALUE`")?;
    env_name(name)?;
    no_nul(value)?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Whether an environment variable may have this name.
///
/// # Errors
/// What is wrong with it.
pub fn env_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.contains(['=', '\0']) || name.chars().any(char::is_whitespace) {
        return Err(format!(
            "{} is no name of an environment variable",
            quoted(name)
        ));
    }
    Ok(())
}

/// Whether a text may be handed to another process.
///
/// # Errors
/// That it may not; never the text.
pub fn no_nul(text: &str) -> Result<(), String> {
    if text.contains('\0') {
        return Err("a NUL character cannot be handed to a process".to_owned());
    }
    Ok(())
}

/// Whether a text is a URL that a server can stand at.
///
/// # Errors
/// What is wrong with it; never the URL, which may hold a secret.
pub fn server_url(text: &str) -> Result<(), String> {
    let wrong = || "the URL must look like `https://host/path` or `http://host/path`".to_owned();
    let url: http::Uri = text.parse().map_err(|_| wrong())?;
    match (url.scheme_str(), url.host()) {
        (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(()),
        _ => Err(wrong()),
    }
}

/// Whether a day exists, `2027-03-01`.
///
/// # Errors
/// What is wrong with it, in a clause.
pub fn date(text: &str) -> Result<(), String> {
    let wrong = || format!("{} is no day: write YYYY-MM-DD", quoted(text));
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) {
                *byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    if !shaped {
        return Err(wrong());
    }
    let part = |range: std::ops::Range<usize>| text[range].parse::<u32>().map_err(|_| wrong());
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(wrong()),
    };
    if (1..=days).contains(&day) {
        Ok(())
    } else {
        Err(wrong())
    }
}

fn fingerprint(text: &str) -> Result<(), String> {
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if text.len() == 16 && text.chars().all(hex) {
        Ok(())
    } else {
        Err(format!(
            "{} is no fingerprint: it has 16 hex digits",
            quoted(text)
        ))
    }
}

/// What must hold of a value beyond its JSON type, by the name of its definition in the schema.
pub(super) fn check(definition: &str, node: &Node) -> Result<(), String> {
    match (definition, &node.value) {
        ("Time", Value::Number(number)) => duration(&number.to_string()).map(|_| ()),
        ("Time", Value::Text(text)) => duration(text).map(|_| ()),
        ("Date", Value::Text(text)) => date(text),
        ("Fingerprint", Value::Text(text)) => fingerprint(text),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_and_bounds() {
        assert_eq!(duration("30000"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("1.5 s"), Ok(Duration::from_millis(1500)));
        for bad in [
            "",
            "s",
            "0",
            "0s",
            "-1s",
            "1e9",
            "30 parsecs",
            "1.2.3s",
            "25h",
            "30S",
            "NaN",
            "١s",
        ] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_exist() {
        for good in ["2027-03-01", "2028-02-29", "2000-02-29"] {
            assert_eq!(date(good), Ok(()), "{good}");
        }
        for bad in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-10",
            "2027-1-1",
            "tomorrow",
            "2027-04-31",
            "20é7-03-1",
        ] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn headers_and_variables_are_split_at_the_first_mark_and_never_shown() {
        assert_eq!(header("X-A:  b:c "), Ok(("X-A".into(), "b:c".into())));
        assert_eq!(env_pair("A=b=c"), Ok(("A".into(), "b=c".into())));
        assert_eq!(env_pair("A="), Ok(("A".into(), String::new())));
        for bad in ["hunter2", ": hunter2", "A: hunter2\n", "A b: hunter2"] {
            let told = header(bad);
            if bad.ends_with('\n') {
                assert!(told.is_ok(), "blanks around a value are no part of it");
            } else {
                assert!(!told.expect_err(bad).contains("hunter2"));
            }
        }
        assert!(header("A: hun\nter2").is_err());
        for bad in ["hunter2", "=hunter2", "A B=hunter2", "A=hunter2\0"] {
            assert!(!env_pair(bad).expect_err(bad).contains("hunter2"));
        }
    }

    #[test]
    fn a_url_has_a_scheme_and_a_host() {
        assert_eq!(server_url("http://127.0.0.1:8080/mcp?key=a"), Ok(()));
        for bad in [
            "example.com/mcp",
            "ftp://example.com",
            "https://",
            "/mcp",
            "https://a b/",
        ] {
            assert!(server_url(bad).is_err(), "{bad}");
        }
    }
}
