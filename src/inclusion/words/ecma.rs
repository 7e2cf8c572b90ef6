//! Reads a regular expression as ECMA-262 has it, with the meaning that JSON Schema gives to `pattern`: Unicode mode,
//! and a match anywhere in the text.
//!
//! Where Unicode mode refuses what is often written (`\-`, `[\w-.]`, a lone brace), the lenient reading of Annex B
//! stands in. Nothing here is handed to a parser of another dialect: `\d`, `\w`, `\s`, `.` and `$` all differ there.

mod around;
mod class;
mod escape;
mod neighbour;

use regex_syntax::hir::{Class, Hir, Look, Repetition};

use super::Unsupported;

#[cfg(test)]
pub(super) use class::names as property_names;

/// How deep groups may stand in each other.
const DEEPEST: usize = 100;

/// How long an expression may be, in bytes.
const LONGEST: usize = 1 << 14;

/// How many ranges all classes of an expression may have.
const MOST_RANGES: usize = 1 << 16;

/// A language that the text must be in, or not: the expression matches somewhere in the text.
#[derive(Debug)]
pub(super) struct Part {
    /// The expression, made of classes of Unicode scalar values, literals in UTF-8, and assertions.
    pub(super) hir: Hir,
    /// The text must not match.
    pub(super) negated: bool,
}

/// The languages whose conjunction is what the expression accepts; at least one.
///
/// # Errors
///
/// The text is no regular expression, or one that no automaton can decide.
pub(super) fn parts(text: &str) -> Result<Vec<Part>, Unsupported> {
    if text.len() > LONGEST {
        return Err(Unsupported::NotRegular);
    }
    let mut parser = Parser {
        chars: text.chars().collect(),
        at: 0,
        depth: 0,
        ranges: 0,
        flags: Flags::default(),
    };
    let mut alternatives = parser.disjunction()?;
    if parser.at < parser.chars.len() {
        return Err(Unsupported::Malformed);
    }
    if alternatives.len() == 1 {
        return around::conjunction(alternatives.remove(0));
    }
    let hir = either(alternatives, true)?;
    Ok(vec![Part {
        hir,
        negated: false,
    }])
}

/// What stands in a sequence.
enum Piece {
    Plain(Hir),
    /// A look-ahead or look-behind.
    Around {
        behind: bool,
        negated: bool,
        hir: Hir,
    },
}

/// The modifiers in force.
#[derive(Clone, Copy, Default)]
struct Flags {
    ignore_case: bool,
    dot_all: bool,
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    ranges: usize,
    flags: Flags,
}

/// The alternatives as one expression. The outermost ones have any text around them.
fn either(alternatives: Vec<Vec<Piece>>, outermost: bool) -> Result<Hir, Unsupported> {
    let alternatives: Result<Vec<Hir>, Unsupported> = alternatives
        .into_iter()
        .map(|pieces| neighbour::sequence(pieces, outermost))
        .collect();
    Ok(Hir::alternation(alternatives?))
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    /// Reads the characters, or nothing.
    fn eat(&mut self, expected: &str) -> bool {
        let found = self.chars[self.at..]
            .iter()
            .copied()
            .take(expected.len())
            .eq(expected.chars());
        self.at += if found { expected.len() } else { 0 };
        found
    }

    /// Counts ranges of classes, so that a short text cannot ask for endless work.
    fn count(&mut self, ranges: usize) -> Result<(), Unsupported> {
        self.ranges += ranges;
        if self.ranges > MOST_RANGES {
            return Err(Unsupported::NotRegular);
        }
        Ok(())
    }

    /// Alternatives, up to the end or the parenthesis that closes the group.
    fn disjunction(&mut self) -> Result<Vec<Vec<Piece>>, Unsupported> {
        let mut alternatives = vec![Vec::new()];
        loop {
            match self.peek() {
                None | Some(')') => return Ok(alternatives),
                Some('|') => {
                    self.at += 1;
                    alternatives.push(Vec::new());
                }
                Some(_) => {
                    let pieces = alternatives.last_mut().expect("there is always one");
                    self.term(pieces)?;
                }
            }
        }
    }

    /// One term with its quantifier.
    fn term(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unsupported> {
        if self.peek() == Some('(') {
            return self.group(pieces);
        }
        let before = self.at;
        if self.quantifier()?.is_some() {
            return Err(Unsupported::Malformed);
        }
        self.at = before;
        let hir = match self.next().expect("a term begins here") {
            '^' => Hir::look(Look::Start),
            '$' => Hir::look(Look::End),
            '.' => Hir::class(Class::Unicode(class::dot(self.flags.dot_all))),
            '[' => Hir::class(Class::Unicode(self.class()?)),
            '\\' => self.escape()?,
            other => self.literal(other),
        };
        let quantifier = self.quantifier()?;
        if quantifier.is_some() && matches!(hir.kind(), regex_syntax::hir::HirKind::Look(_)) {
            return Err(Unsupported::Malformed);
        }
        pieces.push(Piece::Plain(repeated(hir, quantifier)));
        Ok(())
    }

    fn literal(&self, c: char) -> Hir {
        if self.flags.ignore_case {
            let mut class = class::of([(c, c)]);
            class.case_fold_simple();
            return Hir::class(Class::Unicode(class));
        }
        Hir::literal(c.to_string().into_bytes())
    }

    fn group(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unsupported> {
        if self.depth == DEEPEST {
            return Err(Unsupported::NotRegular);
        }
        self.depth += 1;
        let flags = self.flags;
        self.at += 1;
        let around = if self.eat("?=") {
            Some((false, false))
        } else if self.eat("?!") {
            Some((false, true))
        } else if self.eat("?<=") {
            Some((true, false))
        } else if self.eat("?<!") {
            Some((true, true))
        } else {
            if self.eat("?<") {
                self.name()?;
            } else if self.eat("?") {
                self.modifiers()?;
            }
            None
        };
        let mut alternatives = self.disjunction()?;
        if self.next() != Some(')') {
            return Err(Unsupported::Malformed);
        }
        self.flags = flags;
        self.depth -= 1;

        let quantifier = self.quantifier()?;
        if let Some((behind, negated)) = around {
            if quantifier.is_some() {
                return Err(Unsupported::Malformed);
            }
            let hir = either(alternatives, false)?;
            pieces.push(Piece::Around {
                behind,
                negated,
                hir,
            });
        } else if quantifier.is_none() && alternatives.len() == 1 {
            pieces.append(&mut alternatives[0]);
        } else {
            let hir = either(alternatives, false)?;
            pieces.push(Piece::Plain(repeated(hir, quantifier)));
        }
        Ok(())
    }

    /// The name of a group, after `(?<`.
    fn name(&mut self) -> Result<(), Unsupported> {
        let mut length = 0;
        loop {
            match self.next() {
                Some('>') if length > 0 => return Ok(()),
                Some(c) if c == '$' || c == '_' || c.is_alphabetic() => length += 1,
                Some(c) if length > 0 && c.is_alphanumeric() => length += 1,
                _ => return Err(Unsupported::Malformed),
            }
        }
    }

    /// What follows `(?` where it is neither a look-around nor a name: `:`, or modifiers and `:`.
    fn modifiers(&mut self) -> Result<(), Unsupported> {
        let mut on = true;
        loop {
            match self.next() {
                Some(':') => return Ok(()),
                Some('-') if on => on = false,
                Some('i') => self.flags.ignore_case = on,
                Some('s') => self.flags.dot_all = on,
                Some('m') => return Err(Unsupported::NotRegular),
                _ => return Err(Unsupported::Malformed),
            }
        }
    }

    /// A quantifier, or nothing where none stands here (a brace that begins none is a literal).
    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, Unsupported> {
        let range = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let before = self.at;
                let Some(range) = self.braces() else {
                    self.at = before;
                    return Ok(None);
                };
                self.at -= 1;
                range
            }
            _ => return Ok(None),
        };
        self.at += 1;
        self.eat("?");
        if range.1.is_some_and(|most| most < range.0) {
            return Err(Unsupported::Malformed);
        }
        Ok(Some(range))
    }

    /// `{n}`, `{n,}` or `{n,m}`.
    fn braces(&mut self) -> Option<(u32, Option<u32>)> {
        self.at += 1;
        let least = self.number()?;
        let most = if !self.eat(",") {
            Some(least)
        } else if self.peek() == Some('}') {
            None
        } else {
            Some(self.number()?)
        };
        self.eat("}").then_some((least, most))
    }

    /// A decimal number. One past 32 bits is too large for an automaton whichever it is.
    fn number(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let so_far: u32 = number.unwrap_or(0);
            number = Some(so_far.saturating_mul(10).saturating_add(digit));
            self.at += 1;
        }
        number
    }
}

/// The expression, repeated. All quantifiers are lazy: that is the same language, and the automaton stops early.
fn repeated(hir: Hir, quantifier: Option<(u32, Option<u32>)>) -> Hir {
    match quantifier {
        None => hir,
        Some((min, max)) => Hir::repetition(Repetition {
            min,
            max,
            greedy: false,
            sub: Box::new(hir),
        }),
    }
}
