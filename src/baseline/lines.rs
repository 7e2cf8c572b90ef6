//! From a place in a surface to the line of the file where it stands.

use std::collections::BTreeMap;

use jiter::{Jiter, Peek};

use crate::json::{MAX_DEPTH, Pointer};
use crate::report::Place;
use crate::surface::List;

/// The lines of one file, read once for any number of questions.
///
/// It takes every file that [`super::Source`] takes.
pub struct Lines {
    root: Node,
    /// The index of an item in its list, by list and key; the first of several.
    items: BTreeMap<(List, String), usize>,
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
    Text(String),
    /// Sorted by name, each name once.
    Members(Box<[(Box<str>, Node)]>),
    Items(Vec<Node>),
}

impl Lines {
    /// Reads a file. A text that is not JSON has no lines.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader {
            text,
            json: Jiter::new(text.as_bytes()),
            line: 1,
            offset: 0,
        };
        let peek = reader.json.peek().ok()?;
        let root = reader.node(peek, 0)?;
        let nested = root
            .member("capabilities")
            .and_then(|node| node.member("tools"))
            .is_some();
        let mut lines = Self {
            root,
            items: BTreeMap::new(),
            nested,
        };
        for list in List::ALL {
            let Some(Node {
                inside: Inside::Items(nodes),
                ..
            }) = lines.list(list)
            else {
                continue;
            };
            let keys: Vec<_> = nodes
                .iter()
                .map(|node| {
                    node.member(list.key())
                        .and_then(Node::text)
                        .map(str::to_owned)
                })
                .collect();
            for (index, key) in keys.into_iter().enumerate() {
                lines
                    .items
                    .entry((list, key.unwrap_or_default()))
                    .or_insert(index);
            }
        }
        Some(lines)
    }

    /// The line, from 1, of a place; where it is not in the file, that of the nearest thing around it that is.
    pub fn line_of(&self, place: &Place) -> usize {
        let Place { at, pointer } = place;
        let (kind, name) = at
            .split_once('/')
            .map_or((at.as_str(), None), |(kind, name)| (kind, Some(name)));
        if let Some(list) = List::ALL.into_iter().find(|list| list.member() == kind) {
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

    fn line_of_item(&self, list: List, name: Option<&str>, pointer: &Pointer) -> usize {
        let Some(node) = self.list(list) else {
            return self.root.line;
        };
        let item = name
            .and_then(|name| self.items.get(&(list, name.to_owned())))
            .and_then(|index| node.item(*index));
        match item {
            // The line with the name says more than the one with the bracket.
            Some(item) if pointer.is_root() => item.member(list.key()).unwrap_or(item).line,
            Some(item) => item.walk(pointer),
            None => node.line,
        }
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
            .binary_search_by(|(known, _)| known.as_ref().cmp(name))
            .ok()?;
        Some(&members[index].1)
    }

    fn item(&self, index: usize) -> Option<&Self> {
        if let Inside::Items(items) = &self.inside {
            items.get(index)
        } else {
            None
        }
    }

    /// Drops a text that nothing is found by: descriptions are most of a file.
    fn forget_text(&mut self) {
        if let Inside::Text(_) = self.inside {
            self.inside = Inside::Nothing;
        }
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
            Inside::Items(items) => items.iter().find(|item| item.text() == Some(name)),
            _ => self.member(name),
        }
    }

    /// The line of the value at a pointer, or of the last value on the way to it.
    fn walk(&self, pointer: &Pointer) -> usize {
        let mut node = self;
        for token in pointer.tokens() {
            let next = match &node.inside {
                Inside::Members(_) => node.member(&token),
                Inside::Items(items) => token
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| items.get(index)),
                Inside::Nothing | Inside::Text(_) => None,
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

impl Reader<'_> {
    fn node(&mut self, peek: Peek, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let line = self.here();
        let inside = match peek {
            Peek::Object => {
                let mut members: Vec<(Box<str>, Node)> = Vec::new();
                let mut name = self.json.known_object().ok()?.map(Box::from);
                while let Some(known) = name {
                    let peek = self.json.peek().ok()?;
                    let mut node = self.node(peek, depth + 1)?;
                    if !List::ALL.iter().any(|list| list.key() == &*known) {
                        node.forget_text();
                    }
                    members.push((known, node));
                    name = self.json.next_key().ok()?.map(Box::from);
                }
                // Of a repeated name the last member counts.
                members.reverse();
                members.sort_by(|(a, _), (b, _)| a.cmp(b));
                members.dedup_by(|(a, _), (b, _)| a == b);
                Inside::Members(members.into())
            }
            Peek::Array => {
                let mut items = Vec::new();
                let mut peek = self.json.known_array().ok()?;
                while let Some(known) = peek {
                    items.push(self.node(known, depth + 1)?);
                    peek = self.json.array_step().ok()?;
                }
                Inside::Items(items)
            }
            Peek::String => Inside::Text(self.json.known_str().ok()?.to_owned()),
            Peek::True | Peek::False => {
                self.json.known_bool(peek).ok()?;
                Inside::Nothing
            }
            Peek::Null => {
                self.json.known_null().ok()?;
                Inside::Nothing
            }
            _ => {
                self.json.known_number_bytes(peek).ok()?;
                Inside::Nothing
            }
        };
        Some(Node { line, inside })
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
