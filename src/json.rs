//! JSON values that lose nothing: numbers keep their digits, objects keep their order and repeated names.
//!
//! `serde_json` reads the text; this module only decides what is kept of it. It does not judge.

mod number;
mod parse;
mod pointer;
mod write;

pub use number::{Decimal, Number};
pub use parse::{MAX_DEPTH, ParseError, Position, locate, parse, position};
pub use pointer::Pointer;
pub use write::{compact, pretty};

use std::collections::BTreeMap;

/// A text inside a value: most are short, and a short one costs no allocation; a copy of a long one shares it.
pub use smol_str::SmolStr as Text;

/// One JSON value (RFC 8259), exactly as it was written apart from white space and string escapes.
///
/// Equality is equality of values: `1.0` equals `1`, the order of members does not matter, and of a repeated
/// name only the last member counts.
#[derive(Debug, Clone)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, with the digits it was written with.
    Number(Number),
    /// A string, unescaped.
    String(Text),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Object),
}

impl Json {
    /// A string value.
    pub fn string(text: impl Into<Text>) -> Self {
        Self::String(text.into())
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    /// The elements, if this is an array.
    pub fn as_array(&self) -> Option<&[Json]> {
        if let Self::Array(items) = self {
            Some(items)
        } else {
            None
        }
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self {
            Some(object)
        } else {
            None
        }
    }

    /// The member of that name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.as_object()?.get(name)
    }

    /// The string in the member of that name.
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The value at a JSON Pointer (RFC 6901) inside this one.
    pub fn at(&self, pointer: &Pointer) -> Option<&Json> {
        pointer.tokens().try_fold(self, |value, token| match value {
            Self::Object(object) => object.get(&token),
            Self::Array(items) => items.get(token.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The JSON Schema name of this value's type; numbers are all `number`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Json {}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Number(Number::from(value))
    }
}

/// The members of a JSON object in the order they were written, repeated names included.
#[derive(Debug, Clone, Default)]
pub struct Object {
    members: Vec<(Text, Json)>,
    repeats: bool,
}

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a member as it was written, even where the name stands already.
    pub fn push(&mut self, name: impl Into<Text>, value: impl Into<Json>) {
        let name = name.into();
        self.repeats = self.repeats || self.members.iter().any(|(known, _)| *known == name);
        self.members.push((name, value.into()));
    }

    /// The value of a name; of a repeated name the last one, as nearly every reader of JSON has it.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.members
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The members that count, in the order they were written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        // Which member of each name counts; nobody has to ask where no name is repeated.
        let last: Option<BTreeMap<&str, usize>> = self.repeats.then(|| {
            let names = self.members.iter().enumerate();
            names
                .map(|(index, (name, _))| (name.as_str(), index))
                .collect()
        });
        self.members
            .iter()
            .enumerate()
            .filter_map(move |(index, (name, value))| {
                let counts = (last.as_ref()).is_none_or(|last| last[name.as_str()] == index);
                counts.then_some((name.as_str(), value))
            })
    }

    /// Every member as it was written, those that a later one of the same name overrides included.
    pub fn written(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// The members that count, by name.
    pub fn by_name(&self) -> BTreeMap<&str, &Json> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_str(), value))
            .collect()
    }

    /// Whether a name occurs more than once.
    pub fn repeats(&self) -> bool {
        self.repeats
    }

    /// The names that occur more than once, each once, sorted.
    pub fn repeated_names(&self) -> Vec<&str> {
        if !self.repeats {
            return Vec::new();
        }
        let mut count = BTreeMap::new();
        for (name, _) in &self.members {
            *count.entry(name.as_str()).or_insert(0_usize) += 1;
        }
        count
            .into_iter()
            .filter(|(_, times)| *times > 1)
            .map(|(name, _)| name)
            .collect()
    }

    /// Takes a name out, with all that was written for it, and gives the value that counted.
    pub fn take(&mut self, name: &str) -> Option<Json> {
        let (taken, left) = std::mem::take(&mut self.members)
            .into_iter()
            .partition(|(known, _)| known == name);
        *self = Self::from_members(left);
        let taken: Vec<(Text, Json)> = taken;
        taken.into_iter().next_back().map(|(_, value)| value)
    }

    /// How many members were written.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Takes members that are known to be all there is, in one go.
    fn from_members(members: Vec<(Text, Json)>) -> Self {
        let repeats = has_repeats(&members);
        Self { members, repeats }
    }
}

/// Small objects are compared pair by pair; large ones through a set, so that a hostile one costs no square.
fn has_repeats(members: &[(Text, Json)]) -> bool {
    if members.len() <= 16 {
        return members
            .iter()
            .enumerate()
            .any(|(index, (name, _))| members[..index].iter().any(|(n, _)| n == name));
    }
    let mut seen = std::collections::HashSet::with_capacity(members.len());
    members.iter().any(|(name, _)| !seen.insert(name.as_str()))
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        if !self.repeats && !other.repeats && self.members.len() != other.members.len() {
            return false;
        }
        let same_order = self.members.len() == other.members.len()
            && self
                .members
                .iter()
                .zip(&other.members)
                .all(|((a, _), (b, _))| a == b);
        if same_order && !self.repeats {
            return self
                .members
                .iter()
                .zip(&other.members)
                .all(|((_, a), (_, b))| a == b);
        }
        self.by_name() == other.by_name()
    }
}

impl Eq for Object {}

impl<N: Into<Text>> FromIterator<(N, Json)> for Object {
    fn from_iter<T: IntoIterator<Item = (N, Json)>>(members: T) -> Self {
        let members = members.into_iter();
        Self::from_members(members.map(|(name, value)| (name.into(), value)).collect())
    }
}
