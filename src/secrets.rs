//! Values that came from the environment: they reach the server and nothing else.

use std::borrow::Cow;

/// The shortest value that is looked for. A shorter one (`1`, `true`) occurs everywhere by chance.
const SHORTEST: usize = 6;

/// How many times over JSON may have escaped a value: in a message, and in a document that a message quotes.
const DEEPEST: usize = 2;

/// The secret values of one server, by the name of the variable that each came from.
///
/// There is no `Debug`, so that no message prints them by accident.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// Remembers a value and the variable it came from.
    pub fn add(&mut self, variable: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        if value.chars().count() >= SHORTEST && !self.0.iter().any(|(_, known)| *known == value) {
            self.0.push((variable.into(), value));
            // Longest first: a secret that contains another is replaced whole.
            self.0
                .sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        }
    }

    /// Remembers all that others know.
    pub fn include(&mut self, others: &Self) {
        for (variable, value) in &others.0 {
            self.add(variable.as_str(), value.as_str());
        }
    }

    /// The text with every secret value replaced by `${VARIABLE}`, however JSON escapes it: encoders differ in what they
    /// escape (`\u00fc`, `\/`), and a server may quote JSON inside its JSON.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for (variable, value) in &self.0 {
            for depth in (0..=DEEPEST).rev() {
                if let Some(hidden) = without(&text, value, depth, &format!("${{{variable}}}")) {
                    text = Cow::Owned(hidden);
                }
            }
        }
        text
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The text with a name for each place where the value stands, escaped so many times over, if there is one.
fn without(text: &str, value: &str, depth: usize, name: &str) -> Option<String> {
    let mut kept = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < text.len() {
        match spelled(&text[at..], value, depth) {
            Some(length) => {
                kept.push_str(&text[copied..at]);
                kept.push_str(name);
                at += length;
                copied = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    (copied > 0).then(|| kept + &text[copied..])
}

/// How many bytes spell the value at the start of the text, if it stands there.
fn spelled(text: &str, value: &str, depth: usize) -> Option<usize> {
    let mut rest = text;
    for wanted in value.chars() {
        let (mut unit, mut length) = character(rest, depth)?;
        if (0xd800..0xdc00).contains(&unit) {
            let (low, more) = character(&rest[length..], depth)?;
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low.checked_sub(0xdc00)? & 0x3ff);
            length += more;
        }
        if unit != u32::from(wanted) {
            return None;
        }
        rest = &rest[length..];
    }
    Some(text.len() - rest.len())
}

/// The first character (or half of a surrogate pair) of a text that JSON has escaped so many times over, and the bytes
/// it takes.
fn character(text: &str, depth: usize) -> Option<(u32, usize)> {
    let Some(outer) = depth.checked_sub(1) else {
        return text
            .chars()
            .next()
            .map(|first| (first.into(), first.len_utf8()));
    };
    let (first, mut length) = character(text, outer)?;
    if first != u32::from('\\') {
        return Some((first, length));
    }
    let (escape, more) = character(&text[length..], outer)?;
    length += more;
    let meant = match char::from_u32(escape)? {
        'b' => 0x08,
        'f' => 0x0c,
        'n' => 0x0a,
        'r' => 0x0d,
        't' => 0x09,
        'u' => {
            let mut unit = 0;
            for _ in 0..4 {
                let (digit, more) = character(&text[length..], outer)?;
                unit = unit * 16 + char::from_u32(digit)?.to_digit(16)?;
                length += more;
            }
            unit
        }
        _ => escape,
    };
    Some((meant, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_named_not_shown() {
        let mut secrets = Secrets::default();
        secrets.add("SHORT", "abc");
        secrets.add("TOKEN", "s3cr\"et-value");
        secrets.add("LONGER", "xs3cr\"et-value");
        assert_eq!(
            secrets.redact("abc s3cr\"et-value xs3cr\"et-value"),
            "abc ${TOKEN} ${LONGER}"
        );
        assert_eq!(
            secrets.redact(r#"{"a":"s3cr\"et-value"}"#),
            r#"{"a":"${TOKEN}"}"#
        );
    }

    #[test]
    fn every_spelling_of_a_secret_is_found() {
        let mut secrets = Secrets::default();
        secrets.add("TOKEN", "/k\u{fc}\u{1f600}y\\t\"");
        for spelling in [
            r#"/k\u00fc\ud83d\ude00y\\t\""#,
            r#"\/k\u00FC\uD83D\uDE00\u0079\u005Ct\u0022"#,
            r#"/k\\u00fc\\ud83d\\ude00y\\\\t\\\""#,
            "/k\u{fc}\u{1f600}y\\\\t\\\"",
            "/k\u{fc}\u{1f600}y\\t\"",
        ] {
            let text = format!(r#"{{"a":"is {spelling}."}}"#);
            assert_eq!(
                secrets.redact(&text),
                r#"{"a":"is ${TOKEN}."}"#,
                "{spelling}"
            );
        }
        for other in [r"\", r"\u", r"\ud83d", r"\ud83d\u0041", "", r"/k\u00f"] {
            assert_eq!(secrets.redact(other), other);
        }
    }
}
