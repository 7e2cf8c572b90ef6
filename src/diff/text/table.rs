//! Sets of words, so that asking for a word that is in none of them costs next to nothing.

use std::sync::LazyLock;

/// Words and what they stand for, by length and first letter: most words meet an empty row.
#[derive(Debug)]
pub(super) struct Table<V>(Vec<Vec<(String, V)>>);

/// A set of words that is built when it is first asked.
pub(super) type Set = LazyLock<Table<()>>;

impl<V: Copy> Table<V> {
    /// Builds a table. Of two rows for one word the last one counts.
    pub(super) fn new(rows: impl IntoIterator<Item = (String, V)>) -> Self {
        let mut table = Self(vec![Vec::new(); ROWS]);
        for (word, value) in rows {
            let row = &mut table.0[row(&word)];
            row.retain(|(other, _)| *other != word);
            row.push((word, value));
        }
        table
    }

    /// What a word stands for.
    pub(super) fn get(&self, word: &str) -> Option<V> {
        let mut row = self.0[row(word)].iter();
        row.find(|(other, _)| other == word)
            .map(|(_, value)| *value)
    }

    /// Whether the word is here.
    pub(super) fn has(&self, word: &str) -> bool {
        self.get(word).is_some()
    }
}

impl Table<()> {
    /// The set of the words in a text.
    pub(super) fn of(words: &str) -> Self {
        Self::new(words.split_whitespace().map(|word| (word.to_owned(), ())))
    }
}

const ROWS: usize = 16 * 32;

fn row(word: &str) -> usize {
    let first = word.bytes().next().unwrap_or_default();
    (word.len() % 16) * 32 + usize::from(first % 32)
}
