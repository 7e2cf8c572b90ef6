//! Where a configuration says what it ignores: the bytes at which an entry can be put in.
//!
//! It reads the events of the YAML parser, which know where they stand, and changes nothing.

use std::ops::Range;

use serde_yaml::granit_parser::{Event, Parser, StructureStyle};

/// The key whose list is looked for.
const KEY: &str = "ignore";

/// The outline of a configuration, in bytes of its text.
pub(super) struct Outline {
    /// The mapping that the file is; nothing where it is none.
    pub root: Option<Root>,
    /// What `ignore` is; nothing where the key is not there.
    pub ignore: Option<List>,
}

/// The mapping that a file is.
#[derive(Clone, Copy)]
pub(super) enum Root {
    /// `key: value` line by line; where the first key stands.
    Block(usize),
    /// `{ … }`; the byte after the brace.
    Flow(usize),
}

/// How the list is written.
pub(super) enum List {
    /// Nothing after the colon, or a word for nothing: the bytes of the key, and of the word.
    Nothing(Range<usize>, Range<usize>),
    /// `[ … ]`.
    Flow {
        /// The bytes of the key.
        key: Range<usize>,
        /// From the opening bracket to behind the closing one.
        brackets: Range<usize>,
        /// The byte after the last item; nothing where there is none.
        last: Option<usize>,
    },
    /// `- …` line by line.
    Block {
        /// A byte on the line of the first item.
        first: usize,
        /// The byte after the last thing that the last item says.
        last: usize,
    },
    /// Something else: another kind of value, an alias.
    Other,
}

/// Reads the outline. Of text that is no YAML it is as much as could be read.
pub(super) fn outline(text: &str) -> Outline {
    let mut outline = Outline {
        root: None,
        ignore: None,
    };
    let mut depth = 0_usize;
    // In the mapping that the file is: whether a key comes next.
    let mut key_next = true;
    let mut found: Option<Range<usize>> = None;
    let mut inside = false;
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        let (Some(start), Some(end)) = (span.start.byte_offset(), span.end.byte_offset()) else {
            break;
        };
        let opens = matches!(event, Event::MappingStart(..) | Event::SequenceStart(..));
        let closes = matches!(event, Event::MappingEnd | Event::SequenceEnd);
        let is_node = opens || matches!(event, Event::Scalar(..) | Event::Alias(..));
        if !is_node && !closes {
            continue;
        }
        if closes {
            depth = depth.saturating_sub(1);
        }
        if inside {
            outline.grow(depth, start..end, closes);
            inside = !(closes && depth == 1);
        }
        if depth == 0
            && let Event::MappingStart(style, ..) = &event
        {
            outline.root = Some(match style {
                StructureStyle::Block => Root::Block(start),
                StructureStyle::Flow => Root::Flow(end),
            });
        } else if depth == 1 && is_node {
            match &event {
                Event::Scalar(name, ..) if key_next => {
                    found = (name == KEY && outline.ignore.is_none()).then_some(start..end);
                }
                _ if key_next => found = None,
                _ => {
                    if let Some(key) = found.take() {
                        outline.ignore = Some(list(&event, key, start..end));
                        inside = opens;
                    }
                }
            }
            key_next = !key_next;
        }
        if opens {
            depth += 1;
        }
    }
    outline
}

impl Outline {
    /// One more thing inside the list, at so many levels below the document.
    fn grow(&mut self, depth: usize, span: Range<usize>, closes: bool) {
        match &mut self.ignore {
            Some(List::Block { last, .. }) if !span.is_empty() => *last = (*last).max(span.end),
            Some(List::Flow { brackets, .. }) if closes && depth == 1 => brackets.end = span.end,
            Some(List::Flow { last, .. }) if !span.is_empty() => {
                *last = Some(last.map_or(span.end, |last| last.max(span.end)));
            }
            _ => {}
        }
    }
}

/// What a value is, as far as its first event tells.
fn list(event: &Event<'_>, key: Range<usize>, span: Range<usize>) -> List {
    match event {
        Event::Scalar(text, _, 0, None)
            if matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL") =>
        {
            List::Nothing(key, span)
        }
        Event::SequenceStart(StructureStyle::Flow, ..) => List::Flow {
            key,
            brackets: span,
            last: None,
        },
        Event::SequenceStart(StructureStyle::Block, ..) => List::Block {
            first: span.start,
            last: span.end,
        },
        _ => List::Other,
    }
}
