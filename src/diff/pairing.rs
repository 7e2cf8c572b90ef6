//! Which of the things that are gone are the same as things that came, one to one, without comparing each with each.
//!
//! Only things that share a key are compared. A pair counts where each side is clearly the best for the other; where
//! two would do, neither is taken.

use std::collections::{BTreeMap, BTreeSet};

/// How many pairs things that share one key may make; a key that more share tells nothing apart.
const CROWD: usize = 1_024;

/// How many pairs are compared in all.
const BUDGET: usize = 50_000;

/// By how much the best must be better than the next.
const MARGIN: u32 = 100;

/// Pairs by position, old to new. `score` tells how well two of them fit, where they fit at all; keys are listed for
/// each thing on both sides.
pub(super) fn one_to_one(
    old: &[Vec<String>],
    new: &[Vec<String>],
    mut score: impl FnMut(usize, usize) -> Option<u32>,
) -> BTreeMap<usize, usize> {
    let mut fits = Vec::new();
    for (a, b) in candidates(old, new) {
        if let Some(score) = score(a, b) {
            fits.push((a, b, score));
        }
    }
    let mut best_of_old = BTreeMap::<usize, Best>::new();
    let mut best_of_new = BTreeMap::<usize, Best>::new();
    for (a, b, score) in &fits {
        best_of_old.entry(*a).or_default().meet(*b, *score);
        best_of_new.entry(*b).or_default().meet(*a, *score);
    }
    fits.into_iter()
        .filter(|(a, b, _)| best_of_old[a].is_clearly(*b) && best_of_new[b].is_clearly(*a))
        .map(|(a, b, _)| (a, b))
        .collect()
}

/// The best partner so far, and how good the next one is.
#[derive(Debug, Default)]
struct Best {
    first: Option<(u32, usize)>,
    second: Option<u32>,
}

impl Best {
    fn meet(&mut self, partner: usize, score: u32) {
        match self.first {
            Some((best, _)) if score <= best => self.second = self.second.max(Some(score)),
            first => {
                self.second = first.map(|(score, _)| score);
                self.first = Some((score, partner));
            }
        }
    }

    fn is_clearly(&self, partner: usize) -> bool {
        self.first.is_some_and(|(score, best)| {
            best == partner && self.second.is_none_or(|second| second + MARGIN <= score)
        })
    }
}

/// The pairs that share a key, those of the rarest keys first where there are too many.
fn candidates(old: &[Vec<String>], new: &[Vec<String>]) -> BTreeSet<(usize, usize)> {
    let mut blocks = BTreeMap::<&str, (Vec<usize>, Vec<usize>)>::new();
    for (index, keys) in old.iter().enumerate() {
        for key in keys {
            blocks.entry(key).or_default().0.push(index);
        }
    }
    for (index, keys) in new.iter().enumerate() {
        for key in keys {
            if let Some(block) = blocks.get_mut(key.as_str()) {
                block.1.push(index);
            }
        }
    }
    let mut blocks: Vec<_> = blocks
        .into_iter()
        .map(|(key, (old, new))| (old.len().saturating_mul(new.len()), key, old, new))
        .filter(|(pairs, ..)| (1..=CROWD).contains(pairs))
        .collect();
    blocks.sort_unstable();
    let mut pairs = BTreeSet::new();
    for (_, _, old, new) in blocks {
        if pairs.len() > BUDGET {
            break;
        }
        for a in &old {
            pairs.extend(new.iter().map(|b| (*a, *b)));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(of: &[&str]) -> Vec<Vec<String>> {
        of.iter().map(|key| vec![(*key).to_owned()]).collect()
    }

    #[test]
    fn the_best_is_taken_where_it_is_clear() {
        let scores = BTreeMap::from([((0, 0), 500), ((0, 1), 300), ((1, 1), 450)]);
        let score = |a, b| scores.get(&(a, b)).copied();
        let found = one_to_one(&keys(&["k", "k"]), &keys(&["k", "k"]), score);
        assert_eq!(found, BTreeMap::from([(0, 0), (1, 1)]));
    }

    #[test]
    fn of_two_that_would_do_none_is_taken() {
        let found = one_to_one(&keys(&["k"]), &keys(&["k", "k"]), |_, b| {
            Some(500 + b as u32)
        });
        assert_eq!(found, BTreeMap::new());
    }

    #[test]
    fn what_shares_no_key_or_one_with_everybody_is_not_compared() {
        let crowd = keys(&vec!["k"; 100]);
        for (old, new) in [(keys(&["a"]), keys(&["b"])), (crowd.clone(), crowd)] {
            assert_eq!(one_to_one(&old, &new, |_, _| Some(1)), BTreeMap::new());
        }
    }
}
