//! How well the server is documented, and what costs points.

use std::collections::BTreeMap;

use super::markdown::{Page, code};
use crate::documentation::{Issue, Score};

/// The most places of one kind of issue.
const PLACES_AT_MOST: usize = 8;

/// Puts the score and its issues, the dearest kind first.
pub(super) fn put(page: &mut Page, score: &Score) {
    page.heading(2, "Documentation");
    page.paragraph(&format!(
        "{} of 100 points, grade {}.",
        score.value, score.grade
    ));
    let mut kinds: BTreeMap<&str, Vec<&Issue>> = BTreeMap::new();
    for issue in &score.issues {
        kinds.entry(issue.id).or_default().push(issue);
    }
    let mut kinds: Vec<Vec<&Issue>> = kinds.into_values().collect();
    let cost = |issues: &[&Issue]| issues.iter().map(|issue| issue.points).sum::<u64>();
    kinds.sort_by_key(|issues| std::cmp::Reverse(cost(issues)));
    let rows: Vec<Vec<String>> = kinds
        .iter()
        .map(|issues| {
            let kind = issues[0].kind();
            vec![
                format!("`{}`: {}", kind.id, kind.title),
                points(cost(issues)),
                places(issues),
                kind.next.to_owned(),
            ]
        })
        .collect();
    page.table(&["Issue", "Points lost", "Where", "What to do"], &rows);
}

/// Millionths of a point, to one decimal.
fn points(millionths: u64) -> String {
    let tenths = (millionths + 50_000) / 100_000;
    match tenths {
        0 => "less than 0.1".to_owned(),
        _ => format!("{}.{}", tenths / 10, tenths % 10),
    }
}

fn places(issues: &[&Issue]) -> String {
    let place = |issue: &&Issue| match issue.name.as_str() {
        "" => code(&issue.place.at),
        name => format!("{} of {}", code(name), code(&issue.place.at)),
    };
    let shown: Vec<String> = issues.iter().take(PLACES_AT_MOST).map(place).collect();
    match issues.len().saturating_sub(PLACES_AT_MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
