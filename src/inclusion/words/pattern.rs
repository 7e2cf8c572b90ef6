//! A regular expression of a schema, with the automaton that decides it.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use super::automaton::Automaton;
use super::ecma::{self, Part};
use super::{Budget, Exhausted};

/// Why a regular expression is no language to compute with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inclusion) enum Unsupported {
    /// ECMA-262 does not know such an expression.
    Malformed,
    /// It uses what no automaton can do, or what this one does not: back-references, look-around in the middle at more
    /// than one character, half a surrogate pair; or it is very long.
    NotRegular,
}

/// A regular expression as the keyword `pattern` has it: a text is accepted where it matches somewhere in it.
#[derive(Clone)]
pub(in crate::inclusion) struct Pattern(Rc<Inner>);

struct Inner {
    text: String,
    parts: Vec<Part>,
    automaton: OnceCell<Option<Automaton>>,
}

impl Pattern {
    /// Reads an ECMA-262 regular expression.
    ///
    /// # Errors
    ///
    /// [`Unsupported`] where it is none, or no regular one.
    pub(in crate::inclusion) fn parse(text: &str) -> Result<Self, Unsupported> {
        Ok(Self(Rc::new(Inner {
            parts: ecma::parts(text)?,
            text: text.to_owned(),
            automaton: OnceCell::new(),
        })))
    }

    /// The expression as it was written.
    pub(in crate::inclusion) fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether the text is accepted; nothing where the pattern is too large for an automaton.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] where making the automaton or reading the text costs more than is left.
    pub(in crate::inclusion) fn matches_within(
        &self,
        text: &str,
        budget: &Budget,
    ) -> Result<Option<bool>, Exhausted> {
        budget.spend(1 + text.len() as u64 / 8)?;
        let made = self.automaton(budget)?;
        Ok(made.map(|automaton| automaton.reads(text)))
    }

    /// The same without a budget.
    #[cfg(test)]
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        Some(self.made()?.reads(text))
    }

    /// The automaton, made on first use; nothing where it is too large.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] where making it costs more than is left.
    pub(super) fn automaton(&self, budget: &Budget) -> Result<Option<&Automaton>, Exhausted> {
        if self.0.automaton.get().is_none() {
            let cost = self.made().map_or(TOO_LARGE_COST, |made| made.cost);
            budget.spend(cost)?;
        }
        Ok(self.made())
    }

    fn made(&self) -> Option<&Automaton> {
        let make = || Automaton::of(&self.0.parts);
        self.0.automaton.get_or_init(make).as_ref()
    }
}

/// What it costs to find out that an automaton is too large, in steps.
const TOO_LARGE_COST: u64 = 200_000;

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.0.text).finish()
    }
}
