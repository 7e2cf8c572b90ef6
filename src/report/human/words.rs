//! A word diff of two texts: `… [-ten minutes-]{+one hour+} …` in lines.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::report::style::{Role, Style};
use crate::text;

/// Texts with more pieces are not compared word by word: the time for it grows with the square.
const PIECES_AT_MOST: usize = 6_000;
/// Edits with fewer common words between them read as one.
const WORDS_BETWEEN: usize = 3;
/// Common words shown on each side of an edit.
const WORDS_BESIDE: usize = 5;
/// How many lines are shown unless everything is asked for.
const LINES_AT_MOST: usize = 12;

/// The lines; nothing where the words show no difference or are too many.
pub(super) fn lines(style: &Style, old: &str, new: &str) -> Option<Vec<String>> {
    // No more than it takes to see that they are too many.
    let (old, new): (Vec<&str>, Vec<&str>) = (
        old.split_word_bounds().take(PIECES_AT_MOST + 1).collect(),
        new.split_word_bounds().take(PIECES_AT_MOST + 1).collect(),
    );
    if old.len() + new.len() > PIECES_AT_MOST {
        return None;
    }
    let runs = runs(&old, &new);
    let charset = style.charset();
    let differs = runs.iter().any(|run| match run {
        Run::Same(_) => false,
        Run::Edit(a, b) => {
            let (a, b) = (old[a.clone()].concat(), new[b.clone()].concat());
            charset.visible(&a).trim() != charset.visible(&b).trim()
        }
    });
    if !differs {
        return None;
    }
    let mut sheet = Sheet::new(style);
    for (index, run) in runs.iter().enumerate() {
        match run {
            Run::Same(range) => {
                let pieces = &old[range.clone()];
                let edges = (index > 0, index + 1 < runs.len());
                put_same(&mut sheet, pieces, edges);
            }
            Run::Edit(a, b) => {
                sheet.put(Kind::Old, &old[a.clone()].concat());
                sheet.put(Kind::New, &new[b.clone()].concat());
            }
        }
    }
    Some(sheet.finish())
}

/// A stretch of pieces.
enum Run {
    /// In both texts; the range is that of the old one.
    Same(Range<usize>),
    /// Gone from the old text, come into the new one.
    Edit(Range<usize>, Range<usize>),
}

/// Common stretches and edits in turn; edits that stand close to each other are one.
fn runs(old: &[&str], new: &[&str]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let (a, b) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            runs.push(Run::Same(a));
            continue;
        }
        // An edit right after another, or after too few common words, goes on with it.
        let bridge = match runs.as_slice() {
            [.., Run::Edit(..)] => 1,
            [.., Run::Edit(..), Run::Same(between)]
                if words(&old[between.clone()]) < WORDS_BETWEEN =>
            {
                2
            }
            _ => 0,
        };
        let start = match runs.get(runs.len() - bridge) {
            Some(Run::Edit(first_a, first_b)) => (first_a.start, first_b.start),
            _ => (a.start, b.start),
        };
        runs.truncate(runs.len() - bridge);
        runs.push(Run::Edit(start.0..a.end, start.1..b.end));
    }
    runs
}

fn words(pieces: &[&str]) -> usize {
    pieces.iter().filter(|piece| is_word(piece)).count()
}

fn is_word(piece: &str) -> bool {
    piece.chars().any(char::is_alphanumeric)
}

/// A common stretch: some words after the edit before it, an ellipsis, some words before the edit after it.
fn put_same(sheet: &mut Sheet<'_>, pieces: &[&str], (after_edit, before_edit): (bool, bool)) {
    let beside = |wanted: bool| if wanted { WORDS_BESIDE } else { 0 };
    let first = position_after_words(pieces.iter(), beside(after_edit));
    let last = pieces.len() - position_after_words(pieces.iter().rev(), beside(before_edit));
    if first >= last || words(&pieces[first..last]) < WORDS_BETWEEN {
        sheet.put(Kind::Same, &pieces.concat());
        return;
    }
    sheet.put(Kind::Same, &pieces[..first].concat());
    sheet.fold();
    sheet.put(Kind::Same, &pieces[last..].concat());
}

/// How many pieces hold the first `count` words.
fn position_after_words<'a>(pieces: impl Iterator<Item = &'a &'a str>, count: usize) -> usize {
    let mut seen = 0;
    let mut position = 0;
    for (index, piece) in pieces.enumerate() {
        if seen == count {
            break;
        }
        if is_word(piece) {
            seen += 1;
        }
        position = index + 1;
    }
    position
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Same,
    Old,
    New,
}

/// Lines that fill up word by word. Marks open and close on every line, so that each can be read alone.
struct Sheet<'a> {
    style: &'a Style,
    room: usize,
    lines: Vec<Vec<(Kind, String)>>,
    used: usize,
}

impl<'a> Sheet<'a> {
    fn new(style: &'a Style) -> Self {
        Self {
            style,
            room: style.width.saturating_sub(6).max(20),
            lines: vec![Vec::new()],
            used: 0,
        }
    }

    fn put(&mut self, kind: Kind, raw: &str) {
        let mut shown = self.style.charset().visible(raw);
        // The text must not forge the marks.
        for (mark, broken) in [
            ("[-", "[\\-"),
            ("-]", "-\\]"),
            ("{+", "{\\+"),
            ("+}", "+\\}"),
        ] {
            shown = shown.replace(mark, broken);
        }
        for word in shown.split_inclusive(' ') {
            self.word(kind, word);
        }
    }

    fn fold(&mut self) {
        let ellipsis = self.style.charset().ellipsis();
        let gap = |here: bool| if here { " " } else { "" };
        let text = format!("{}{ellipsis} ", gap(self.used > 0 && !self.ends_in_space()));
        self.word(Kind::Same, &text);
    }

    fn ends_in_space(&self) -> bool {
        let line = self.lines.last().expect("there is always a line");
        line.last().is_some_and(|(_, text)| text.ends_with(' '))
    }

    fn word(&mut self, kind: Kind, word: &str) {
        let marks = if kind == Kind::Same || self.style.color {
            0
        } else {
            4
        };
        let mut rest = word;
        loop {
            let opens = self.open_kind() != Some(kind);
            let wide = text::width(rest.trim_end()) + if opens { marks } else { 0 };
            if self.used + wide <= self.room {
                self.push(kind, rest, if opens { marks } else { 0 });
                return;
            }
            if self.used > 0 {
                self.lines.push(Vec::new());
                self.used = 0;
                continue;
            }
            // A word that is wider than a line is cut, at least one character a line.
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let fits = text::head(rest, self.room - marks).len().max(first);
            self.push(kind, &rest[..fits], marks);
            rest = &rest[fits..];
            if rest.is_empty() {
                return;
            }
        }
    }

    fn open_kind(&self) -> Option<Kind> {
        let line = self.lines.last().expect("there is always a line");
        line.last().map(|(kind, _)| *kind)
    }

    fn push(&mut self, kind: Kind, text: &str, marks: usize) {
        self.used += text::width(text) + marks;
        let open = self.open_kind() == Some(kind);
        let line = self.lines.last_mut().expect("there is always a line");
        match line.last_mut() {
            Some((_, words)) if open => words.push_str(text),
            _ => line.push((kind, text.to_owned())),
        }
    }

    fn finish(self) -> Vec<String> {
        let mut lines: Vec<String> = self.lines.iter().map(|line| self.line(line)).collect();
        if !self.style.is_verbose() && lines.len() > LINES_AT_MOST {
            let hidden = lines.len() - LINES_AT_MOST;
            lines.truncate(LINES_AT_MOST);
            lines.push(format!("... and {hidden} more lines; -v shows all"));
        }
        lines
    }

    fn line(&self, line: &[(Kind, String)]) -> String {
        let bare: String = line.iter().map(|(_, text)| text.as_str()).collect();
        // Whoever strips the colours must not find a command between the pieces.
        let color = self.style.color && text::disarm(&bare) == bare;
        let last = line.len().saturating_sub(1);
        let pieces = line.iter().enumerate().map(|(index, (kind, text))| {
            let text = if index == last { text.trim_end() } else { text };
            self.marked(*kind, text, color)
        });
        pieces.collect()
    }

    fn marked(&self, kind: Kind, text: &str, color: bool) -> String {
        match (kind, color) {
            _ if text.is_empty() => String::new(),
            (Kind::Same, _) => text.to_owned(),
            (Kind::Old, true) => self.style.paint(Role::Struck, text),
            (Kind::New, true) => self.style.paint(Role::Underlined, text),
            (Kind::Old, false) => format!("[-{text}-]"),
            (Kind::New, false) => format!("{{+{text}+}}"),
        }
    }
}
