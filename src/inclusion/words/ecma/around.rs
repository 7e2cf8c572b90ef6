//! Look-around at the ends of the text: languages of their own.

use regex_syntax::hir::{Hir, Look};

use super::{Part, Piece, Unsupported, neighbour};

/// The only alternative of an expression as a conjunction: look-aheads at the start of the text and look-behinds at its
/// end are languages of their own. Anywhere else they are a part of the sequence.
pub(super) fn conjunction(pieces: Vec<Piece>) -> Result<Vec<Part>, Unsupported> {
    let is = |piece: &Piece, look| matches!(piece, Piece::Plain(hir) if *hir == Hir::look(look));
    let is_around = |piece: &Piece| matches!(piece, Piece::Around { .. });
    let first = |piece: &&Piece| is_around(piece) || is(piece, Look::Start);
    let last = |piece: &&Piece| is_around(piece) || is(piece, Look::End);
    let head = pieces.iter().take_while(first).count();
    let tail = pieces.len() - pieces.iter().rev().take_while(last).count();
    let until = (head..pieces.len()).find(|index| is_around(&pieces[*index]));
    let since = (0..tail).rev().find(|index| is_around(&pieces[*index]));
    let at_start = plain(&pieces[..until.unwrap_or(pieces.len())])
        .properties()
        .look_set_prefix()
        .contains(Look::Start);
    let at_end = plain(&pieces[since.map_or(0, |index| index + 1)..])
        .properties()
        .look_set_suffix()
        .contains(Look::End);

    let mut sequence = Vec::new();
    let mut others = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        match piece {
            Piece::Around {
                behind: false,
                negated,
                hir,
            } if at_start && index < head => {
                let hir = Hir::concat(vec![Hir::look(Look::Start), hir]);
                others.push(Part { hir, negated });
            }
            Piece::Around {
                behind: true,
                negated,
                hir,
            } if at_end && index >= tail => {
                let hir = Hir::concat(vec![hir, Hir::look(Look::End)]);
                others.push(Part { hir, negated });
            }
            other => sequence.push(other),
        }
    }
    let mut parts = vec![Part {
        hir: neighbour::sequence(sequence, true)?,
        negated: false,
    }];
    parts.append(&mut others);
    Ok(parts)
}

/// What stands plainly in the pieces.
fn plain(pieces: &[Piece]) -> Hir {
    let plain = pieces.iter().filter_map(|piece| match piece {
        Piece::Plain(hir) => Some(hir.clone()),
        Piece::Around { .. } => None,
    });
    Hir::concat(plain.collect())
}
