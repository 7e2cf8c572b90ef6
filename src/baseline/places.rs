//! Where places of a document stand in its text, all of them in one pass: what is damaged everywhere names very many.

use std::collections::{BTreeMap, BTreeSet};

use jiter::{Jiter, Peek};

use crate::json::{Pointer, Position};

/// The positions of some places in a text.
pub(super) struct Places {
    found: BTreeMap<String, Position>,
}

impl Places {
    /// Looks places up in a JSON text. Of a name that stands twice the last member counts.
    pub(super) fn of<'a>(text: &str, wanted: impl Iterator<Item = &'a Pointer>) -> Self {
        let wanted = wanted.flat_map(|pointer| around(pointer.as_str()));
        let mut walk = Walk {
            text: text.as_bytes(),
            json: Jiter::new(text.as_bytes()),
            wanted: wanted.map(str::to_owned).collect(),
            found: BTreeMap::new(),
            reached: 0,
            position: Position { line: 1, column: 1 },
        };
        // What follows text that is no JSON has no place.
        let _ = walk.value(&mut String::new());
        Self { found: walk.found }
    }

    /// The position of a place, or of the nearest thing around it that is there.
    pub(super) fn at(&self, pointer: &Pointer) -> Option<Position> {
        around(pointer.as_str()).find_map(|near| self.found.get(near).copied())
    }
}

/// A pointer, and those to all that it stands in, innermost first.
fn around(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |inner| {
        inner.rfind('/').map(|end| &inner[..end])
    })
}

struct Walk<'a> {
    text: &'a [u8],
    json: Jiter<'a>,
    wanted: BTreeSet<String>,
    found: BTreeMap<String, Position>,
    /// How far lines and columns are counted, and what they come to there.
    reached: usize,
    position: Position,
}

impl Walk<'_> {
    fn value(&mut self, at: &mut String) -> Option<()> {
        let peek = self.json.peek().ok()?;
        if self.wanted.contains(at) {
            let here = self.here();
            self.found.insert(at.clone(), here);
        }
        match peek {
            Peek::Object if self.is_wanted_below(at) => {
                let mut name = self.json.known_object().ok()?.map(str::to_owned);
                while let Some(known) = name {
                    self.inside(at, &known)?;
                    name = self.json.next_key().ok()?.map(str::to_owned);
                }
            }
            Peek::Array if self.is_wanted_below(at) => {
                let mut more = self.json.known_array().ok()?;
                let mut index = 0;
                while more.is_some() {
                    self.inside(at, &index.to_string())?;
                    index += 1;
                    more = self.json.array_step().ok()?;
                }
            }
            peek => self.json.known_skip(peek).ok()?,
        }
        Some(())
    }

    fn inside(&mut self, at: &mut String, token: &str) -> Option<()> {
        let length = at.len();
        at.push_str(Pointer::root().join(token).as_str());
        let done = self.value(at);
        at.truncate(length);
        done
    }

    fn is_wanted_below(&self, at: &str) -> bool {
        let inside = format!("{at}/");
        let next = self.wanted.range(inside.clone()..).next();
        next.is_some_and(|next| next.starts_with(&inside))
    }

    /// The position of the value that comes next. It only ever moves forward, so that counting is linear.
    fn here(&mut self) -> Position {
        let now = self.json.current_index().min(self.text.len());
        for byte in &self.text[self.reached..now] {
            match byte {
                b'\n' => {
                    self.position.line += 1;
                    self.position.column = 1;
                }
                // What goes on with a character begins none.
                0x80..=0xbf => {}
                _ => self.position.column += 1,
            }
        }
        self.reached = now;
        self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::locate;

    #[test]
    fn they_are_where_each_is_found_by_itself() {
        let text = "{\"a\": [\n 1, {\"é/\": \"ü\", \"b~\": [true]}],\n \"\": {\"c\": null}, \"d\": \"\\u0041\"}";
        let top = Pointer::root();
        let inner = top.join("a").join(1);
        let there = [
            top.clone(),
            top.join("a"),
            inner.clone(),
            inner.join("é/"),
            inner.join("b~").join(0),
            top.join("").join("c"),
            top.join("d"),
        ];
        let places = Places::of(text, there.iter());
        for pointer in &there {
            let position = locate(text, pointer);
            assert!(position.is_some());
            assert_eq!(places.at(pointer), position, "{}", pointer.as_str());
        }
        let gone = inner.join("x").join("y");
        let places = Places::of(text, [&gone].into_iter());
        assert_eq!(places.at(&gone), locate(text, &inner));
        assert_eq!(Places::of("", [&gone].into_iter()).at(&gone), None);
    }
}
