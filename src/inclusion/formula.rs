//! What a schema says, as a formula over simple assertions.
//!
//! Equal formulas are stored once, so that a formula meets its own negation by number. An assertion about values of
//! one type holds for every value of another type, as the keywords of JSON Schema do.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use super::Doubt;
use super::numbers::{Bound, Exact};
use super::values::key;
use super::words::{Pattern, Unsupported};
use crate::json::Json;

/// The number of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(u32);

/// A formula that is to hold, or not to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Literal {
    pub(super) id: Id,
    pub(super) holds: bool,
}

impl Literal {
    /// The formula is to hold.
    pub(super) fn yes(id: Id) -> Self {
        Self { id, holds: true }
    }

    /// The formula is not to hold.
    pub(super) fn no(id: Id) -> Self {
        Self { id, holds: false }
    }

    /// The opposite.
    pub(super) fn opposite(self) -> Self {
        Self {
            id: self.id,
            holds: !self.holds,
        }
    }
}

/// The number of a schema that is read when it is needed, because it stands inside itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link(pub(super) u32);

/// The number of a regular expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PatternId(u32);

/// One of the six types of JSON values; whole numbers are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// All types, those with the smallest values first.
    pub(super) const ALL: [Self; 6] = [
        Self::Null,
        Self::Boolean,
        Self::Number,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    /// The type of a value.
    pub(super) fn of(value: &Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(_) => Self::Boolean,
            Json::Number(_) => Self::Number,
            Json::String(_) => Self::String,
            Json::Array(_) => Self::Array,
            Json::Object(_) => Self::Object,
        }
    }

    /// The set of this type alone, as [`Node::Kinds`] has it.
    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Which properties an assertion is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Names {
    /// The one of that name.
    One(String),
    /// Those whose names match.
    Matching(PatternId),
    /// All but those that are named or matched; both sorted.
    Outside(Vec<String>, Vec<PatternId>),
}

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    /// All hold (sorted; none: always true).
    All(Vec<Id>),
    /// At least one holds (sorted; none: never true).
    Any(Vec<Id>),
    /// Exactly one holds.
    One(Vec<Id>),
    /// It does not hold.
    Not(Id),
    /// Where the first holds the second does, elsewhere the third.
    If(Id, Id, Id),
    /// A schema that stands inside itself.
    Link(Link),
    /// Something that nobody can decide; the same number for the same text.
    Opaque(u32, Doubt),
    /// The value has one of these types, as bits of [`Kind::bit`].
    Kinds(u8),
    /// The value is one of these, by their numbers (sorted).
    Values(Vec<u32>),
    /// A number is no less (or more, where open) than this.
    Low(Bound),
    /// A number is no more (or less, where open) than this.
    High(Bound),
    /// A number is a multiple of this.
    Multiple(Exact),
    /// A string has this many code points or more.
    LengthMin(u64),
    /// A string matches somewhere.
    Matches(PatternId),
    /// An array has this many elements or more.
    ItemsMin(u64),
    /// No two elements are equal.
    Unique,
    /// Every element from the first index, and before the second where there is one.
    Elements(u64, Option<u64>, Id),
    /// At least, and at most where there is a second number, this many elements.
    Count(Id, u64, Option<u64>),
    /// An object has this many properties or more.
    PropertiesMin(u64),
    /// An object has a property of that name.
    Has(String),
    /// The value of every such property.
    Each(Names, Id),
    /// The name of every property.
    Named(Id),
}

impl Node {
    /// The type that an assertion is about; nothing for formulas of other kinds.
    pub(super) fn about(&self) -> Option<Kind> {
        Some(match self {
            Self::Low(_) | Self::High(_) | Self::Multiple(_) => Kind::Number,
            Self::LengthMin(_) | Self::Matches(_) => Kind::String,
            Self::ItemsMin(_) | Self::Unique | Self::Elements(..) | Self::Count(..) => Kind::Array,
            Self::PropertiesMin(_) | Self::Has(_) | Self::Each(..) | Self::Named(_) => Kind::Object,
            _ => return None,
        })
    }
}

#[derive(Debug)]
struct Value {
    value: Rc<Json>,
    length: usize,
}

/// All formulas of one judge.
#[derive(Debug, Default)]
pub(super) struct Formulas {
    nodes: Vec<Rc<Node>>,
    numbers: BTreeMap<Rc<Node>, Id>,
    values: Vec<Value>,
    value_numbers: BTreeMap<String, u32>,
    patterns: Vec<Pattern>,
    pattern_numbers: BTreeMap<String, Result<PatternId, Unsupported>>,
    opaque: BTreeMap<String, u32>,
}

impl Formulas {
    /// A formula by its number.
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// A formula by its number, to be held while others are added.
    pub(super) fn shared(&self, id: Id) -> Rc<Node> {
        Rc::clone(&self.nodes[id.0 as usize])
    }

    /// A value by its number.
    pub(super) fn value(&self, number: u32) -> &Rc<Json> {
        &self.values[number as usize].value
    }

    /// How many characters a value takes to write, by its number.
    pub(super) fn length(&self, number: u32) -> usize {
        self.values[number as usize].length
    }

    /// The number of a value, where any formula names it.
    pub(super) fn number_of(&self, value: &Json) -> Option<u32> {
        self.value_numbers.get(&key(value)).copied()
    }

    /// A regular expression by its number.
    pub(super) fn pattern(&self, id: PatternId) -> &Pattern {
        &self.patterns[id.0 as usize]
    }

    /// The number of a formula.
    pub(super) fn intern(&mut self, node: Node) -> Id {
        if let Some(id) = self.numbers.get(&node) {
            return *id;
        }
        let id = Id(u32::try_from(self.nodes.len()).expect("the budget ends before that"));
        let node = Rc::new(node);
        self.nodes.push(Rc::clone(&node));
        self.numbers.insert(node, id);
        id
    }

    /// What every value satisfies.
    pub(super) fn always(&mut self) -> Id {
        self.intern(Node::All(Vec::new()))
    }

    /// What no value satisfies.
    pub(super) fn never(&mut self) -> Id {
        self.intern(Node::Any(Vec::new()))
    }

    fn is_always(&self, id: Id) -> bool {
        matches!(self.node(id), Node::All(parts) if parts.is_empty())
    }

    fn is_never(&self, id: Id) -> bool {
        matches!(self.node(id), Node::Any(parts) if parts.is_empty())
    }

    /// All of them.
    pub(super) fn all(&mut self, parts: impl IntoIterator<Item = Id>) -> Id {
        let mut flat = Vec::new();
        for part in parts {
            match self.node(part) {
                Node::All(inner) => flat.extend(inner.iter().copied()),
                _ => flat.push(part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        self.listed_of_kinds(&mut flat);
        if flat.iter().any(|part| self.is_never(*part)) {
            return self.never();
        }
        match flat.as_slice() {
            [only] => *only,
            _ => self.intern(Node::All(flat)),
        }
    }

    /// Any of them.
    pub(super) fn any(&mut self, parts: impl IntoIterator<Item = Id>) -> Id {
        let mut flat = Vec::new();
        for part in parts {
            match self.node(part) {
                Node::Any(inner) => flat.extend(inner.iter().copied()),
                _ => flat.push(part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        if flat.iter().any(|part| self.is_always(*part)) {
            return self.always();
        }
        self.listed_together(&mut flat);
        match flat.as_slice() {
            [only] => *only,
            _ => self.intern(Node::Any(flat)),
        }
    }

    /// Exactly one of them.
    pub(super) fn one(&mut self, mut parts: Vec<Id>) -> Id {
        parts.retain(|part| !self.is_never(*part));
        parts.sort_unstable();
        match parts.as_slice() {
            [] => self.never(),
            [only] => *only,
            _ => self.intern(Node::One(parts)),
        }
    }

    /// Not this.
    pub(super) fn not(&mut self, part: Id) -> Id {
        match self.node(part) {
            Node::Not(inner) => *inner,
            Node::All(parts) if parts.is_empty() => self.never(),
            Node::Any(parts) if parts.is_empty() => self.always(),
            _ => self.intern(Node::Not(part)),
        }
    }

    /// The value is one of these.
    pub(super) fn values<'v>(&mut self, values: impl IntoIterator<Item = &'v Json>) -> Id {
        let mut numbers: Vec<u32> = values.into_iter().map(|v| self.value_number(v)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.intern_values(numbers)
    }

    /// The value is one of these, by their sorted numbers.
    pub(super) fn intern_values(&mut self, numbers: Vec<u32>) -> Id {
        if numbers.is_empty() {
            return self.never();
        }
        self.intern(Node::Values(numbers))
    }

    fn value_number(&mut self, value: &Json) -> u32 {
        let entry = match self.value_numbers.entry(key(value)) {
            Entry::Occupied(known) => return *known.get(),
            Entry::Vacant(entry) => entry,
        };
        let number = u32::try_from(self.values.len()).expect("the budget ends before that");
        let length = match value {
            Json::String(_) => entry.key().len(),
            other => crate::json::compact(other).len(),
        };
        self.values.push(Value {
            value: Rc::new(value.clone()),
            length,
        });
        *entry.insert(number)
    }

    /// Something undecidable that the text tells apart from others.
    pub(super) fn opaque(&mut self, text: String, doubt: Doubt) -> Id {
        let next = u32::try_from(self.opaque.len()).expect("the budget ends before that");
        let number = *self.opaque.entry(text).or_insert(next);
        self.intern(Node::Opaque(number, doubt))
    }

    /// A regular expression, read once.
    ///
    /// # Errors
    ///
    /// [`Unsupported`] where it is none, or more than an automaton can do.
    pub(super) fn read_pattern(&mut self, text: &str) -> Result<PatternId, Unsupported> {
        if let Some(known) = self.pattern_numbers.get(text) {
            return *known;
        }
        let read = Pattern::parse(text).map(|pattern| {
            let id =
                PatternId(u32::try_from(self.patterns.len()).expect("the budget ends before that"));
            self.patterns.push(pattern);
            id
        });
        self.pattern_numbers.insert(text.to_owned(), read);
        read
    }
}
