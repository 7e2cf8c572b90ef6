//! How far a URI template reaches (RFC 6570): whether one matches all that another does, and what it adds.
//!
//! Only what is proven counts: where this cannot tell that a template still matches everything, it says that it moved.

/// What a template is made of, as far as matching needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// This character.
    Literal(char),
    /// Anything up to the next `/`.
    Segment,
    /// Anything.
    Anything,
}

/// How long a template may be, in pieces, to be compared.
const LONG: usize = 1_000;

/// Whether every URI that OLD matches is matched by NEW.
pub(super) fn covers(old: &str, new: &str) -> bool {
    let (old, new) = (pieces(old), pieces(new));
    if old.len() > LONG || new.len() > LONG {
        return false;
    }
    // Row by row: whether the rest of NEW from here matches all that the rest of OLD from here can be.
    let mut below = vec![false; new.len() + 1];
    for i in (0..=old.len()).rev() {
        let mut row = vec![false; new.len() + 1];
        for j in (0..=new.len()).rev() {
            row[j] = match (old.get(i), new.get(j)) {
                (None, None) => true,
                (None, Some(piece)) => is_open(*piece) && row[j + 1],
                (Some(_), None) => false,
                (Some(old), Some(new)) => match (old, new) {
                    (Piece::Literal(a), Piece::Literal(b)) => a == b && below[j + 1],
                    (_, Piece::Literal(_)) => false,
                    (_, Piece::Anything) => row[j + 1] || below[j],
                    (Piece::Literal('/') | Piece::Anything, Piece::Segment) => row[j + 1],
                    (_, Piece::Segment) => row[j + 1] || below[j],
                },
            };
        }
        below = row;
    }
    below[0]
}

fn is_open(piece: Piece) -> bool {
    !matches!(piece, Piece::Literal(_))
}

fn pieces(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        pieces.extend(literal.chars().map(Piece::Literal));
        let Some((expression, after)) = after.split_once('}') else {
            pieces.extend("{".chars().chain(after.chars()).map(Piece::Literal));
            return without_repeats(pieces);
        };
        pieces.extend(expanded(expression));
        rest = after;
    }
    pieces.extend(rest.chars().map(Piece::Literal));
    // A scheme is the same in upper and lower case.
    for piece in &mut pieces {
        match piece {
            Piece::Literal(c) if *c != ':' => *c = c.to_ascii_lowercase(),
            _ => break,
        }
    }
    without_repeats(pieces)
}

/// What an expression can become.
fn expanded(expression: &str) -> Vec<Piece> {
    let many = expression.ends_with('*');
    match expression.chars().next() {
        Some('+' | '#') => vec![Piece::Anything],
        Some('/') if many || expression.contains(',') => vec![Piece::Anything],
        Some('/') => vec![Piece::Literal('/'), Piece::Segment],
        Some('.') => vec![Piece::Literal('.'), Piece::Segment],
        _ => vec![Piece::Segment],
    }
}

fn without_repeats(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.dedup_by(|a, b| a == b && is_open(*a));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_template_covers_a_narrower_one() {
        for (narrow, wide) in [
            ("shop://books/{isbn}", "shop://books/{id}"),
            ("shop://books/{isbn}", "shop://books/{+path}"),
            ("shop://books/{isbn}", "shop://{kind}/{isbn}"),
            ("shop://books/{isbn}", "shop://{+path}"),
            ("shop://books/{isbn}/cover", "shop://books/{+path}"),
            ("shop://books/{isbn}", "shop://books{/path*}"),
            ("SHOP://books/{isbn}", "shop://books/{isbn}"),
            ("shop://books/b-{isbn}", "shop://books/{isbn}"),
        ] {
            assert!(covers(narrow, wide), "{narrow} {wide}");
        }
    }

    #[test]
    fn what_stands_elsewhere_is_not_covered() {
        for (old, new) in [
            ("shop://books/{+path}", "shop://books/{isbn}"),
            ("shop://books/{isbn}", "shop://films/{isbn}"),
            ("shop://books/{isbn}", "store://books/{isbn}"),
            ("https://a.example/{id}", "https://b.example/{id}"),
            ("shop://{kind}/{isbn}", "shop://books/{isbn}"),
            ("shop://books/{isbn}", "shop://books/{isbn}/cover"),
            ("{kind}://Books", "{kind}://books"),
            ("shop://Books/{isbn}", "shop://books/{isbn}"),
        ] {
            assert!(!covers(old, new), "{old} {new}");
        }
    }
}
