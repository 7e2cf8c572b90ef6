//! The configuration file as a tree in which every key and value knows where it stands.
//!
//! It knows YAML and nothing of bellwether's keys: `walk` does.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number};
use serde_yaml::granit_parser::{Event, Parser};
use serde_yaml::{DuplicateKeyPolicy, Location, Spanned};

use super::problem::{Problem, quoted};

/// How deep a configuration may nest, and how much its aliases may repeat. No honest file comes near.
const MAX_DEPTH: usize = 48;
const MAX_NODES: usize = 50_000;

/// A value and the bytes of the file where it stands; for an alias, where the alias stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The value.
    pub value: Value,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// A YAML value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Nothing, `null` or `~`.
    Null,
    /// `true` or `false`, and no other spelling.
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order of the file; the first of equal keys.
    Map(Vec<Entry>),
}

/// One member of a mapping.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The key.
    pub key: String,
    /// Bytes of the file where the key stands.
    pub span: Range<usize>,
    /// The value.
    pub node: Node,
}

/// Reads a file. Keys that occur twice come back as problems beside the tree, bad YAML as one problem instead of it.
///
/// # Errors
/// What keeps the text from being YAML, or from being YAML of a reasonable size.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Problem>), Problem> {
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! { max_depth: MAX_DEPTH, max_nodes: MAX_NODES, max_documents: 1 },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: MAX_NODES },
        duplicate_keys: DuplicateKeyPolicy::FirstWins,
        strict_booleans: true,
        with_snippet: false,
    };
    let raw: Spanned<Raw> = serde_yaml::from_str_with_options(text, options)
        .map_err(|error| syntax_problem(text, &error))?;
    let place = Places::new(text);
    Ok((place.node(raw), duplicates(text, &place)))
}

impl Node {
    /// The member of a mapping; nothing where it is missing or null.
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries()
            .iter()
            .find(|entry| entry.key == key && !matches!(entry.node.value, Value::Null))
    }

    /// The value at the end of a chain of keys.
    pub(super) fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter()
            .try_fold(self, |node, key| node.get(key).map(|entry| &entry.node))
    }

    /// The members of a mapping; none of anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Text that is not empty. An empty string says as little as a missing key.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// What the value is, for people.
    pub(super) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The same as JSON, without members that are null.
    pub(super) fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number.clone().into(),
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Map(entries) => entries
                .iter()
                .filter(|entry| !matches!(entry.node.value, Value::Null))
                .map(|entry| (entry.key.clone(), entry.node.to_json()))
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}

/// The tree as the YAML library gives it.
enum Raw {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
        Number::from_f64(value)
            .map(Raw::Number)
            .ok_or_else(|| E::custom("the number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

/// Turns the library's character positions into bytes of the file.
struct Places<'a> {
    text: &'a str,
    /// Where each line starts.
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        let lines = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, lines }
    }

    fn node(&self, raw: Spanned<Raw>) -> Node {
        let span = self.span(raw.referenced);
        let value = match raw.value {
            Raw::Null => Value::Null,
            Raw::Bool(value) => Value::Bool(value),
            Raw::Number(number) => Value::Number(number),
            Raw::Text(text) => Value::Text(text),
            Raw::List(items) => {
                Value::List(items.into_iter().map(|item| self.node(item)).collect())
            }
            Raw::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| Entry {
                        span: self.span(key.referenced),
                        key: key.value,
                        node: self.node(value),
                    })
                    .collect(),
            ),
        };
        Node { value, span }
    }

    fn span(&self, location: Location) -> Range<usize> {
        let start = self.byte(location.line(), location.column());
        let length = usize::try_from(location.span().len()).unwrap_or(0);
        self.chars(start, length)
    }

    /// The byte of a line and column, both from 1.
    fn byte(&self, line: u64, column: u64) -> usize {
        let index = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let start = self
            .lines
            .get(index(line))
            .copied()
            .unwrap_or(self.text.len());
        self.chars(start, index(column)).end
    }

    /// The bytes of so many characters from a byte on.
    fn chars(&self, start: usize, length: usize) -> Range<usize> {
        let rest = self.text.get(start..).unwrap_or("");
        let bytes = rest
            .char_indices()
            .nth(length)
            .map_or(rest.len(), |(at, _)| at);
        start..start + bytes
    }
}

fn syntax_problem(text: &str, error: &serde_yaml::Error) -> Problem {
    let place = Places::new(text);
    let at = error.location().unwrap_or(Location::UNKNOWN);
    let at = place.byte(at.line(), at.column());
    let message = error.render_with_formatter(&serde_yaml::UserMessageFormatter);
    // The library adds the place in words; the caret says it better.
    let message = message.split(" at line ").next().unwrap_or(&message);
    let first = message.lines().next().unwrap_or("it cannot be read");
    let message = if !first.contains("too large or too complex") {
        format!("not valid YAML: {}", first.trim_end_matches([':', ',']))
    } else if first.contains("Documents") {
        "a second document starts here, and one file holds one configuration".to_owned()
    } else if first.contains("Depth") {
        format!("it nests more than {MAX_DEPTH} deep")
    } else {
        "it is too large, or its aliases repeat too much".to_owned()
    };
    let problem = Problem::new(at..at, message);
    match hint(text, first) {
        Some(hint) => problem.help(hint),
        None => problem,
    }
}

/// What usually lies behind a mistake that the library can only describe.
fn hint(text: &str, message: &str) -> Option<&'static str> {
    let conflicted = |line: &str| {
        ["<<<<<<< ", ">>>>>>> "]
            .iter()
            .any(|mark| line.starts_with(mark))
    };
    if text.lines().any(conflicted) {
        return Some("the file has conflict markers: finish the merge first");
    }
    if message.contains("tabs disallowed") {
        return Some("indent with blanks");
    }
    if message.contains("unexpected character") {
        return Some("put the text in quotes");
    }
    if message.contains("mapping values are not allowed") {
        return Some("look at the indentation; text with a colon in it needs quotes");
    }
    None
}

/// Every key that stands a second time in its mapping. The library stops at the first, and the file may have more.
fn duplicates(text: &str, place: &Places<'_>) -> Vec<Problem> {
    /// A collection that is open: the keys of a mapping so far, and whether a key comes next.
    struct Open {
        keys: Option<Vec<String>>,
        key_next: bool,
    }
    let mut problems = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
            open.pop();
            continue;
        }
        let is_node = matches!(
            event,
            Event::Scalar(..)
                | Event::Alias(..)
                | Event::MappingStart(..)
                | Event::SequenceStart(..)
        );
        if is_node
            && let Some(Open {
                keys: Some(keys),
                key_next,
            }) = open.last_mut()
        {
            if *key_next && let Event::Scalar(name, ..) = &event {
                if keys.iter().any(|known| known == name.as_ref()) {
                    let line = u64::try_from(span.start.line()).unwrap_or(0);
                    let column = u64::try_from(span.start.col()).unwrap_or(0) + 1;
                    let start = place.byte(line, column);
                    problems.push(
                        Problem::new(
                            place.chars(start, span.len()),
                            format!("the key {} occurs twice", quoted(name)),
                        )
                        .help("keep one of the two"),
                    );
                } else {
                    keys.push(name.clone().into_owned());
                }
            }
            *key_next = !*key_next;
        }
        match event {
            Event::MappingStart(..) => open.push(Open {
                keys: Some(Vec::new()),
                key_next: true,
            }),
            Event::SequenceStart(..) => open.push(Open {
                keys: None,
                key_next: false,
            }),
            _ => {}
        }
    }
    problems
}
