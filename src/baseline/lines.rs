//! From a place in a surface to the line of the file where it stands.

use std::cell::OnceCell;

use jiter::{Jiter, Peek};

use super::OBSERVED;
use crate::json::{MAX_DEPTH, Pointer, Text};
use crate::report::Place;
use crate::surface::List;

/// The lines of one file, for any number of questions.
///
/// It takes every file that [`super::Source`] takes. What is inside an item is read when the first question about that
/// item comes: of a large surface few items have drifted.
pub struct Lines<'a> {
    text: &'a str,
    root: Node,
    /// Where the lists stand: at the top, or inside `capabilities`.
    nested: bool,
}

/// One value: the line it begins in, and what is inside.
struct Node {
    line: usize,
    inside: Inside,
}

enum Inside {
    Nothing,
    Text(Text),
    /// Sorted by name, each name once.
    Members(Box<[(Text, Node)]>),
    Elements(Vec<Node>),
    /// The items of a list of the server, sorted by key.
    Items(Vec<Item>),
}

/// An item of a list of the server.
struct Item {
    /// Empty where it has none.
    key: Text,
    /// The line of the key, which says more than that of the bracket.
    key_line: usize,
    /// Where the item begins.
    line: usize,
    offset: usize,
    /// The item itself, once somebody asked for it.
    node: OnceCell<Box<Node>>,
}

impl<'a> Lines<'a> {
    /// Reads a file. A text that is not JSON has no lines.
    pub fn new(text: &'a str) -> Option<Self> {
        let text = super::without_mark(text);
        let mut reader = Reader::at(text, 0, 1);
        let peek = reader.json.peek().ok()?;
        let root = reader.node(peek, 0, Lists::Here)?;
        let nested = root
            .member("capabilities")
            .and_then(|node| node.member("tools"))
            .is_some();
        Some(Self { text, root, nested })
    }

    /// The line, from 1, of a place; where it is not in the file, that of the nearest thing around it that is.
    pub fn line_of(&self, place: &Place) -> usize {
        let Place { at, pointer } = place;
        let (kind, name) = at
            .split_once('/')
            .map_or((at.as_str(), None), |(kind, name)| (kind, Some(name)));
        if let Some(line) = self.line_observed(at, kind, name, pointer) {
            return line;
        }
        if let Some(list) = List::of_member(kind) {
            return self.line_of_item(list, name, pointer);
        }
        let server: &[&[&str]] = &[&["initialize"], &["server"]];
        match (kind, name) {
            ("instructions", None) => self.first(server, &["instructions"]).walk(pointer),
            ("capabilities", Some(name)) => {
                let capabilities = self.first(server, &["capabilities"]);
                capabilities
                    .named(name)
                    .unwrap_or(capabilities)
                    .walk(pointer)
            }
            ("capabilities", None) => self.first(server, &["capabilities"]).walk(pointer),
            ("server", None) => self.line_of_server(pointer),
            _ => self.root.line,
        }
    }

    /// The line, from 1, of a place in a file of any other kind; where it is not there, that of the nearest around it.
    pub fn line_at(&self, pointer: &Pointer) -> usize {
        self.root.walk(pointer)
    }

    /// The line of what was observed: a metric, a scenario, or all the calls of a thing, among which a place is not told.
    fn line_observed(
        &self,
        at: &str,
        kind: &str,
        name: Option<&str>,
        pointer: &Pointer,
    ) -> Option<usize> {
        let observed = self.root.member(OBSERVED)?;
        if let ("scenarios", Some(name)) = (kind, name) {
            let scenarios = observed.member("scenarios")?;
            return Some(scenarios.member(name).unwrap_or(scenarios).line);
        }
        let watched = observed.path(&["places", at])?;
        match pointer.tokens().next()?.as_ref() {
            "latency" => Some(watched.walk(pointer)),
            "errors" | "response" => Some(watched.member("calls").unwrap_or(watched).line),
            _ => None,
        }
    }

    fn line_of_item(&self, list: List, name: Option<&str>, pointer: &Pointer) -> usize {
        let Some(node) = self.list(list) else {
            return self.root.line;
        };
        match name.and_then(|name| node.item(name)) {
            Some(item) if pointer.is_root() => item.key_line,
            Some(item) => self.inside(item).walk(pointer),
            None => node.line,
        }
    }

    /// What is inside an item, read at the first question.
    fn inside<'b>(&self, item: &'b Item) -> &'b Node {
        item.node.get_or_init(|| {
            let mut reader = Reader::at(self.text, item.offset, item.line);
            let peek = reader.json.peek().ok();
            let node = peek.and_then(|peek| reader.node(peek, ITEM_DEPTH, Lists::No));
            Box::new(node.unwrap_or(Node {
                line: item.line,
                inside: Inside::Nothing,
            }))
        })
    }

    /// Things of the server as a whole stand in several places: the first that has the pointer's first token.
    fn line_of_server(&self, pointer: &Pointer) -> usize {
        let bases: [&[&str]; 4] = [
            &["initialize", "serverInfo"],
            &["initialize"],
            &["server"],
            &[],
        ];
        let nodes = bases.iter().filter_map(|path| self.root.path(path));
        let token = pointer.tokens().next();
        let mut fallback = None;
        for node in nodes {
            if token
                .as_ref()
                .is_some_and(|token| node.member(token).is_some())
            {
                return node.walk(pointer);
            }
            fallback = fallback.or(Some(node.line));
        }
        fallback.unwrap_or(self.root.line)
    }

    fn list(&self, list: List) -> Option<&Node> {
        let top = self.root.member(list.member());
        if self.nested {
            self.root.path(&["capabilities", list.member()]).or(top)
        } else {
            top
        }
    }

    /// The first of these nodes that is there, with this member of it where it has it.
    fn first(&self, bases: &[&[&str]], member: &[&str]) -> &Node {
        let base = bases
            .iter()
            .find_map(|path| self.root.path(path))
            .unwrap_or(&self.root);
        base.path(member).unwrap_or(base)
    }
}

impl Node {
    fn member(&self, name: &str) -> Option<&Self> {
        let Inside::Members(members) = &self.inside else {
            return None;
        };
        let index = members
            .binary_search_by(|(known, _)| known.as_str().cmp(name))
            .ok()?;
        Some(&members[index].1)
    }

    /// The item of a key; the first of several.
    fn item(&self, key: &str) -> Option<&Item> {
        let Inside::Items(items) = &self.inside else {
            return None;
        };
        let first = items.partition_point(|item| item.key.as_str() < key);
        items.get(first).filter(|item| item.key == key)
    }

    fn text(&self) -> Option<&str> {
        if let Inside::Text(text) = &self.inside {
            Some(text)
        } else {
            None
        }
    }

    fn path(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |node, name| node.member(name))
    }

    /// The member of a name, or the element of a list that is this text.
    fn named(&self, name: &str) -> Option<&Self> {
        match &self.inside {
            Inside::Elements(items) => items.iter().find(|item| item.text() == Some(name)),
            _ => self.member(name),
        }
    }

    /// The line of the value at a pointer, or of the last value on the way to it.
    fn walk(&self, pointer: &Pointer) -> usize {
        let mut node = self;
        for token in pointer.tokens() {
            let next = match &node.inside {
                Inside::Members(_) => node.member(&token),
                Inside::Elements(items) => token
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| items.get(index)),
                Inside::Nothing | Inside::Text(_) | Inside::Items(_) => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node.line
    }
}

struct Reader<'a> {
    text: &'a str,
    json: Jiter<'a>,
    line: usize,
    offset: usize,
}

/// How deep the items of a list stand, at least.
const ITEM_DEPTH: usize = 2;

/// Whether the lists of the server stand in an object: in the whole file, and in the `capabilities` of it.
#[derive(Clone, Copy, PartialEq)]
enum Lists {
    Here,
    No,
}

impl<'a> Reader<'a> {
    /// Reads on from an offset, which is in that line.
    fn at(text: &'a str, offset: usize, line: usize) -> Self {
        let text = &text[offset..];
        Self {
            text,
            json: Jiter::new(text.as_bytes()),
            line,
            offset: 0,
        }
    }
}

impl Reader<'_> {
    fn node(&mut self, peek: Peek, depth: usize, lists: Lists) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let line = self.here();
        let inside = match peek {
            Peek::Object => {
                let mut members: Vec<(Text, Node)> = Vec::new();
                let mut name = self.json.known_object().ok()?.map(Text::from);
                while let Some(known) = name {
                    let peek = self.json.peek().ok()?;
                    let list = List::of_member(&known);
                    let node = match list.filter(|_| lists == Lists::Here && peek == Peek::Array) {
                        Some(list) => self.list(list)?,
                        None if depth == 0 && known == "capabilities" => {
                            self.node(peek, depth + 1, Lists::Here)?
                        }
                        None => self.node(peek, depth + 1, Lists::No)?,
                    };
                    members.push((known, node));
                    name = self.json.next_key().ok()?.map(Text::from);
                }
                // Of a repeated name the last member counts.
                members.reverse();
                members.sort_by(|(a, _), (b, _)| a.cmp(b));
                members.dedup_by(|(a, _), (b, _)| a == b);
                Inside::Members(members.into())
            }
            Peek::Array => {
                let mut elements = Vec::new();
                let mut peek = self.json.known_array().ok()?;
                while let Some(known) = peek {
                    elements.push(self.node(known, depth + 1, Lists::No)?);
                    peek = self.json.array_step().ok()?;
                }
                Inside::Elements(elements)
            }
            Peek::String => Inside::Text(self.json.known_str().ok()?.into()),
            _ => {
                self.json.known_skip(peek).ok()?;
                Inside::Nothing
            }
        };
        Some(Node { line, inside })
    }

    fn list(&mut self, list: List) -> Option<Node> {
        let line = self.here();
        let mut items = Vec::new();
        let mut peek = self.json.known_array().ok()?;
        while let Some(known) = peek {
            items.push(self.item(known, list)?);
            peek = self.json.array_step().ok()?;
        }
        items.sort_by(|a, b| a.key.cmp(&b.key));
        let inside = Inside::Items(items);
        Some(Node { line, inside })
    }

    fn item(&mut self, peek: Peek, list: List) -> Option<Item> {
        let line = self.here();
        let mut item = Item {
            key: Text::default(),
            key_line: line,
            line,
            offset: self.offset,
            node: OnceCell::new(),
        };
        if peek != Peek::Object {
            self.skip(peek, ITEM_DEPTH)?;
            return Some(item);
        }
        let mut is_key = self
            .json
            .known_object()
            .ok()?
            .map(|name| name == list.key());
        while let Some(known) = is_key {
            let peek = self.json.peek().ok()?;
            if known {
                item.key_line = self.here();
                item.key = Text::default();
            }
            if known && peek == Peek::String {
                item.key = self.json.known_str().ok()?.into();
            } else {
                self.skip(peek, ITEM_DEPTH + 1)?;
            }
            is_key = self.json.next_key().ok()?.map(|name| name == list.key());
        }
        Some(item)
    }

    /// Passes over a value. `known_skip` goes 200 levels deep, which is less than we read.
    fn skip(&mut self, peek: Peek, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match peek {
            Peek::Object => {
                let mut more = self.json.known_object().ok()?.is_some();
                while more {
                    let peek = self.json.peek().ok()?;
                    self.skip(peek, depth + 1)?;
                    more = self.json.next_key().ok()?.is_some();
                }
            }
            Peek::Array => {
                let mut peek = self.json.known_array().ok()?;
                while let Some(known) = peek {
                    self.skip(known, depth + 1)?;
                    peek = self.json.array_step().ok()?;
                }
            }
            _ => self.json.known_skip(peek).ok()?,
        }
        Some(())
    }

    /// The line of the value that comes next. It only ever moves forward, so that reading is linear.
    fn here(&mut self) -> usize {
        let now = self.json.current_index().min(self.text.len());
        let passed = &self.text.as_bytes()[self.offset..now];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.offset = now;
        self.line
    }
}
