//! A text as sentences, and which sentence of the new text stands for which of the old one.

use std::collections::BTreeMap;
use std::ops::Range;

use super::words::{Kind, Word, read_line};

/// A text that was read.
#[derive(Debug, Default)]
pub(super) struct Text<'a> {
    /// Its words in order.
    pub words: Vec<Word<'a>>,
    /// Its sentences in order; none is empty.
    pub sentences: Vec<Sentence>,
}

/// A sentence, or an entry of a list, a heading, a line of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Its words.
    pub words: Range<usize>,
    /// Where its example starts; everything from there on shows and does not promise.
    pub example_from: usize,
    /// Whether it heads what follows.
    pub is_heading: bool,
}

impl<'a> Text<'a> {
    /// The words of a sentence.
    pub(super) fn of(&self, sentence: &Sentence) -> &[Word<'a>] {
        &self.words[sentence.words.clone()]
    }
}

/// Reads a text that is in normal form.
pub(super) fn read(text: &str) -> Text<'_> {
    let mut read = Text::default();
    let mut in_code = false;
    let mut in_examples = false;
    let mut before = "";
    let mut marks: Vec<(usize, bool, bool)> = Vec::new();
    for line in text.lines() {
        let bare = line.trim();
        let fence = bare.starts_with("```") || bare.starts_with("~~~");
        if !goes_on(before, bare) || fence || in_code {
            end(&mut read.words);
        }
        in_code ^= fence;
        let is_heading = !in_code && bare.starts_with('#');
        if bare.is_empty() || is_heading {
            in_examples = false;
        }
        let from = read.words.len();
        read_line(line, &mut read.words);
        if bare.ends_with(':') && announces_example(&read.words[from..]) {
            in_examples = true;
        }
        if read.words.len() > from {
            marks.push((from, in_code || fence || in_examples, is_heading));
        }
        before = bare;
    }
    end(&mut read.words);
    let mut from = 0;
    for to in 1..=read.words.len() {
        if !read.words[to - 1].ends {
            continue;
        }
        let line = marks.partition_point(|(start, ..)| *start <= from) - 1;
        let (_, shows, is_heading) = marks[line];
        let shown = if shows {
            from
        } else {
            example(&read.words[from..to]).map_or(to, |at| from + at)
        };
        read.sentences.push(Sentence {
            words: from..to,
            example_from: shown,
            is_heading,
        });
        from = to;
    }
    read
}

/// Which sentences have no equal in the other text, and which of those are one sentence that was rewritten.
pub(super) struct Pairing {
    /// Rewritten sentences: their numbers in both texts.
    pub pairs: Vec<(usize, usize)>,
    /// Sentences that are gone.
    pub gone: Vec<usize>,
    /// Sentences that came.
    pub came: Vec<usize>,
}

/// Pairs the sentences of two texts. The work grows with their length, not with its square.
pub(super) fn pair(old: &Text<'_>, new: &Text<'_>) -> Pairing {
    let (mut gone, mut came) = unequal(old, new);
    let (bags, others) = (bags(old, &gone), bags(new, &came));
    let mut taken = vec![false; came.len()];
    let mut pairs = Vec::new();
    let all = gone.len() * came.len() <= COMPARED_AT_MOST;
    let mut left = Vec::new();
    for (index, bag) in bags.iter().enumerate() {
        let near = index * came.len() / gone.len().max(1);
        let window = if all {
            0..came.len()
        } else {
            near.saturating_sub(BESIDE)..(near + BESIDE).min(came.len())
        };
        let best = window
            .filter(|other| !taken[*other])
            .map(|other| (likeness(bag, &others[other]), other))
            .filter(|(likeness, _)| *likeness >= LIKE)
            .max_by_key(|(likeness, other)| (*likeness, std::cmp::Reverse(other.abs_diff(near))));
        match best {
            Some((_, other)) => {
                taken[other] = true;
                pairs.push((gone[index], came[other]));
            }
            None => left.push(gone[index]),
        }
    }
    gone = left;
    let mut taken = taken.into_iter();
    came.retain(|_| !taken.next().unwrap_or(false));
    Pairing { pairs, gone, came }
}

/// Up to so many pairs of sentences are compared each with each; beyond, each with its neighbours.
const COMPARED_AT_MOST: usize = 10_000;
/// How many neighbours on each side.
const BESIDE: usize = 8;
/// From this likeness on, in hundredths, two sentences are one that was rewritten.
const LIKE: usize = 50;

/// A line goes on with the sentence of the line before where that is a wrapped paragraph.
fn goes_on(before: &str, line: &str) -> bool {
    let starts = line.chars().next();
    let wrapped = before.chars().count() >= 40 || starts.is_some_and(char::is_lowercase);
    let closed = before.ends_with(['.', ':', ';', '!', '?', '。', '|']);
    let ordinal = line
        .split(['.', ')'])
        .next()
        .is_some_and(|number| number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit()));
    wrapped && !closed && !ordinal && starts.is_some_and(|c| c.is_alphanumeric() || c == '(')
}

fn end(words: &mut [Word<'_>]) {
    if let Some(word) = words.last_mut() {
        word.ends = true;
    }
}

fn announces_example(words: &[Word<'_>]) -> bool {
    words
        .iter()
        .rev()
        .take(2)
        .any(|word| is_example(&word.folded))
}

fn is_example(word: &str) -> bool {
    matches!(
        word,
        "example"
            | "examples"
            | "beispiel"
            | "exemple"
            | "exemples"
            | "ejemplo"
            | "ejemplos"
            | "esempio"
            | "exemplo"
    )
}

/// Where an example starts inside a sentence: after "e.g." or "for example", or at a label like "Usage example:".
fn example(words: &[Word<'_>]) -> Option<usize> {
    words.iter().enumerate().find_map(|(at, word)| {
        let next = words.get(at + 1).map(|word| &*word.folded);
        let shows = match &*word.folded {
            "e" => next == Some("g"),
            "eg" => true,
            "for" => matches!(next, Some("example" | "instance")),
            other => is_example(other) && word.after == Some(':') && at < 3,
        };
        shows.then_some(at)
    })
}

/// The sentences that the other text does not have, or has less often.
fn unequal(old: &Text<'_>, new: &Text<'_>) -> (Vec<usize>, Vec<usize>) {
    let mut seen: BTreeMap<Vec<(Kind, &str)>, Vec<usize>> = BTreeMap::new();
    for (index, sentence) in old.sentences.iter().enumerate().rev() {
        seen.entry(folded(old.of(sentence)))
            .or_default()
            .push(index);
    }
    let mut came = Vec::new();
    for (index, sentence) in new.sentences.iter().enumerate() {
        let same = seen.get_mut(&folded(new.of(sentence))).and_then(Vec::pop);
        if same.is_none() {
            came.push(index);
        }
    }
    let mut gone: Vec<_> = seen.into_values().flatten().collect();
    gone.sort_unstable();
    (gone, came)
}

fn folded<'b>(words: &'b [Word<'_>]) -> Vec<(Kind, &'b str)> {
    words
        .iter()
        .map(|word| (word.kind, &*word.folded))
        .collect()
}

/// The words of each sentence in alphabetical order; quantities are alike.
fn bags<'b>(text: &'b Text<'_>, sentences: &[usize]) -> Vec<Vec<&'b str>> {
    let bag = |index: &usize| {
        let mut bag: Vec<_> = text
            .of(&text.sentences[*index])
            .iter()
            .map(|word| match word.kind {
                Kind::Quantity => "#",
                _ => &*word.folded,
            })
            .collect();
        bag.sort_unstable();
        bag
    };
    sentences.iter().map(bag).collect()
}

/// How much two bags of words have in common, in hundredths.
fn likeness(a: &[&str], b: &[&str]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    200 * common / (a.len() + b.len()).max(1)
}
