//! Claims of a text as words.

use crate::diff::{Change, Claim, ClaimKind, Edit, What};

/// The claims in which a text differs, as words.
pub(super) fn claims(change: &Change) -> String {
    let What::Text {
        edit: Edit::Claim(claims),
        ..
    } = &change.what
    else {
        return String::new();
    };
    let quoted = |words: &[String]| {
        let more = words.len().saturating_sub(4);
        let mut text = words
            .iter()
            .take(4)
            .map(|word| format!("`{}`", short(word)))
            .collect::<Vec<_>>()
            .join(", ");
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
        text
    };
    let clause = |claim: &Claim| {
        let what = kind(claim.kind);
        match (claim.old.is_empty(), claim.new.is_empty()) {
            (true, _) if claim.kind == ClaimKind::SideEffect => {
                format!("it may {}", quoted(&claim.new))
            }
            (true, _) => format!("{what}{} came", quoted(&claim.new)),
            (_, true) => format!("{what}{} went", quoted(&claim.old)),
            _ => format!("{what}{} became {}", quoted(&claim.old), quoted(&claim.new)),
        }
    };
    let mut clauses: Vec<String> = claims.iter().take(SHOWN_AT_MOST).map(clause).collect();
    let more = claims.len().saturating_sub(SHOWN_AT_MOST);
    if more > 0 {
        clauses.push(format!("and {more} more"));
    }
    clauses.join("; ")
}

/// The start of a word, which may be as long as its text.
pub(super) fn short(word: &str) -> String {
    match word.char_indices().nth(LETTERS_AT_MOST) {
        Some((end, _)) => format!("{}...", &word[..end]),
        None => word.to_owned(),
    }
}

/// So many letters of a claim are named.
const LETTERS_AT_MOST: usize = 120;
/// So many claims of one text are named.
const SHOWN_AT_MOST: usize = 6;

fn kind(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Quantity => "quantity ",
        // They name themselves.
        ClaimKind::Default | ClaimKind::Obligation | ClaimKind::SideEffect => "",
        ClaimKind::Destination => "destination ",
        ClaimKind::Error => "error ",
        ClaimKind::Format => "format ",
        ClaimKind::Name => "name ",
        ClaimKind::Word => "word ",
    }
}
