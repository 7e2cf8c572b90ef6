//! Look-around at one character within a sequence: what stands beside it is narrowed to words that begin or end so.
//!
//! `(?!-)[a-z-]{1,63}` becomes `[a-z][a-z-]{0,62}`. Anything that looks further is not supported.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

use super::{Piece, Unsupported, class};

/// How many pieces a sequence with look-around may have, and how many of them may look around.
const MOST_PIECES: usize = 32;

/// What is asked of the next character, or the one before.
struct Neighbour {
    /// It is after the words that are narrowed, and not before them.
    behind: bool,
    /// The characters it may be.
    set: ClassUnicode,
    /// There may be none: the text begins or ends here.
    edge: bool,
}

/// A sequence as one expression. The outermost one has any text around it.
///
/// # Errors
///
/// [`Unsupported::NotRegular`] where a look-around sees more than what stands beside it.
pub(super) fn sequence(mut pieces: Vec<Piece>, outermost: bool) -> Result<Hir, Unsupported> {
    let arounds = pieces
        .iter()
        .filter(|piece| behind(piece).is_some())
        .count();
    if arounds > 0 && pieces.len() > MOST_PIECES {
        return Err(Unsupported::NotRegular);
    }
    // They take no room, so that they may change places: those that look behind come first.
    for _ in 0..arounds {
        for index in 1..pieces.len() {
            if (behind(&pieces[index - 1]), behind(&pieces[index])) == (Some(false), Some(true)) {
                pieces.swap(index - 1, index);
            }
        }
    }
    while let Some(index) = pieces
        .iter()
        .rposition(|piece| behind(piece) == Some(false))
    {
        let after = pieces.split_off(index + 1);
        let neighbour = Neighbour::of(pieces.pop().expect("the one that was found"))?;
        let (run, rest) = plain_run(after);
        let open = outermost && rest.is_empty();
        pieces.push(Piece::Plain(neighbour.narrowed(&run, open)?));
        pieces.extend(rest);
    }
    while let Some(index) = pieces.iter().position(|piece| behind(piece) == Some(true)) {
        let after = pieces.split_off(index + 1);
        let neighbour = Neighbour::of(pieces.pop().expect("the one that was found"))?;
        let (run, _) = plain_run(pieces);
        pieces = vec![Piece::Plain(neighbour.narrowed(&run, outermost)?)];
        pieces.extend(after);
    }
    Ok(Hir::concat(plain_run(pieces).0))
}

/// Whether the piece looks behind; nothing where it looks nowhere.
fn behind(piece: &Piece) -> Option<bool> {
    match piece {
        Piece::Plain(_) => None,
        Piece::Around { behind, .. } => Some(*behind),
    }
}

/// What stands plainly before the first look-around, and the rest.
fn plain_run(pieces: Vec<Piece>) -> (Vec<Hir>, Vec<Piece>) {
    let mut run = Vec::new();
    let mut rest = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Plain(hir) if rest.is_empty() => run.push(hir),
            other => rest.push(other),
        }
    }
    (run, rest)
}

impl Neighbour {
    fn of(piece: Piece) -> Result<Self, Unsupported> {
        let Piece::Around {
            behind,
            negated,
            hir,
        } = piece
        else {
            return Err(Unsupported::NotRegular);
        };
        let mut neighbour = Self {
            behind,
            set: ClassUnicode::empty(),
            edge: false,
        };
        neighbour.add(&hir)?;
        if negated {
            neighbour.set.negate();
            neighbour.edge = !neighbour.edge;
        }
        Ok(neighbour)
    }

    /// Reads what is asked, where that is one character or an end of the text.
    fn add(&mut self, hir: &Hir) -> Result<(), Unsupported> {
        let edge = if self.behind { Look::Start } else { Look::End };
        match hir.kind() {
            HirKind::Class(Class::Unicode(set)) => self.set.union(set),
            HirKind::Literal(literal) => match chars(&literal.0).as_slice() {
                [c] => self.set.union(&class::of([(*c, *c)])),
                _ => return Err(Unsupported::NotRegular),
            },
            HirKind::Look(look) if *look == edge => self.edge = true,
            HirKind::Alternation(subs) => subs.iter().try_for_each(|sub| self.add(sub))?,
            _ => return Err(Unsupported::NotRegular),
        }
        Ok(())
    }

    /// The words of a sequence that begin as asked, or end so where this looks behind. Beyond an open sequence stands
    /// any text, and otherwise what is not known here.
    fn narrowed(&self, run: &[Hir], open: bool) -> Result<Hir, Unsupported> {
        let Some((near, far)) = (if self.behind {
            run.split_last()
        } else {
            run.split_first()
        }) else {
            let edge = if self.behind { Look::Start } else { Look::End };
            let mut ways = vec![Hir::class(Class::Unicode(self.set.clone()))];
            if self.edge {
                ways.push(Hir::look(edge));
            }
            return if open {
                Ok(Hir::alternation(ways))
            } else {
                Err(Unsupported::NotRegular)
            };
        };
        let edge = if self.behind { Look::Start } else { Look::End };
        match near.kind() {
            HirKind::Look(look) if *look == edge && self.edge => {
                return Ok(Hir::concat(run.to_vec()));
            }
            HirKind::Look(look) if *look == edge => return Ok(Hir::fail()),
            HirKind::Look(_) => return Ok(self.join(near.clone(), self.narrowed(far, open)?)),
            _ => {}
        }
        let mut ways = vec![self.join(self.begun(near)?, Hir::concat(far.to_vec()))];
        if is_nullable(near) {
            ways.push(self.narrowed(far, open)?);
        }
        Ok(Hir::alternation(ways))
    }

    /// The words of an expression that begin (or end) with a character as asked; no empty one.
    fn begun(&self, hir: &Hir) -> Result<Hir, Unsupported> {
        if !hir.properties().look_set().is_empty() {
            return Err(Unsupported::NotRegular);
        }
        Ok(match hir.kind() {
            HirKind::Class(Class::Unicode(class)) => {
                let mut class = class.clone();
                class.intersect(&self.set);
                Hir::class(Class::Unicode(class))
            }
            HirKind::Literal(literal) => {
                let chars = chars(&literal.0);
                let near = if self.behind {
                    chars.last()
                } else {
                    chars.first()
                };
                let near = *near.expect("a literal has a character");
                let mut class = ClassUnicode::new([ClassUnicodeRange::new(near, near)]);
                class.intersect(&self.set);
                if class.ranges().is_empty() {
                    Hir::fail()
                } else {
                    hir.clone()
                }
            }
            HirKind::Repetition(repetition) => {
                if is_nullable(&repetition.sub) {
                    return Err(Unsupported::NotRegular);
                }
                let mut rest = repetition.clone();
                rest.min = rest.min.saturating_sub(1);
                match rest.max {
                    Some(0) => return Ok(Hir::fail()),
                    Some(max) => rest.max = Some(max - 1),
                    None => {}
                }
                self.join(self.begun(&repetition.sub)?, Hir::repetition(rest))
            }
            HirKind::Alternation(subs) => {
                let ways: Result<Vec<Hir>, Unsupported> =
                    subs.iter().map(|sub| self.begun(sub)).collect();
                Hir::alternation(ways?)
            }
            HirKind::Concat(subs) => {
                if subs.len() > MOST_PIECES {
                    return Err(Unsupported::NotRegular);
                }
                let mut far = subs.as_slice();
                let mut ways = Vec::new();
                while let Some((near, farther)) = if self.behind {
                    far.split_last()
                } else {
                    far.split_first()
                } {
                    ways.push(self.join(self.begun(near)?, Hir::concat(farther.to_vec())));
                    far = farther;
                    if !is_nullable(near) {
                        break;
                    }
                }
                Hir::alternation(ways)
            }
            _ => Hir::fail(),
        })
    }

    /// What is near and what is far, in the order of the text.
    fn join(&self, near: Hir, far: Hir) -> Hir {
        Hir::concat(if self.behind {
            vec![far, near]
        } else {
            vec![near, far]
        })
    }
}

fn is_nullable(hir: &Hir) -> bool {
    hir.properties().minimum_len() == Some(0)
}

fn chars(literal: &[u8]) -> Vec<char> {
    let text = std::str::from_utf8(literal).expect("literals are made of characters");
    text.chars().collect()
}
