//! Rules about how well things are documented, which models choose and call by.

use super::{Grade, Rule};
use crate::diff::{Documented, What};
use crate::json::Json;
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "documentation-degraded",
        title: "the documentation has a worse grade",
        severity: Grade::Always(Severity::Warning),
        category: Category::Documentation,
        why: "Models choose tools and fill in parameters by what is said of them. Where less is said, they guess.",
        next: "Describe what lost its description, or came without one.",
        since: "0.1.0",
        applies: |c| c.what == What::Documentation(Documented::Worse),
        message: |c| {
            format!(
                "the documentation fell from {} to {}",
                score(&c.old),
                score(&c.new)
            )
        },
    },
    Rule {
        id: "documentation-improved",
        title: "the documentation has a better grade",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "Models choose tools and fill in parameters by what is said of them.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Documentation(Documented::Better),
        message: |c| {
            format!(
                "the documentation rose from {} to {}",
                score(&c.old),
                score(&c.new)
            )
        },
    },
    Rule {
        id: "documentation-issue-added",
        title: "the documentation lacks something that it did not lack",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "It was documented better than this so far.",
        next: "Say what is missing.",
        since: "0.1.0",
        applies: |c| c.what == What::Documentation(Documented::IssuesAdded),
        message: |c| {
            format!(
                "{} has {}: {}",
                c.owner(),
                count(
                    &c.new,
                    "a new documentation issue",
                    "new documentation issues"
                ),
                issues(&c.new)
            )
        },
    },
    Rule {
        id: "documentation-issue-fixed",
        title: "the documentation no longer lacks something",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "It is documented better than before.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Documentation(Documented::IssuesFixed),
        message: |c| {
            format!(
                "{} no longer has {}: {}",
                c.owner(),
                count(&c.old, "a documentation issue", "documentation issues"),
                issues(&c.old)
            )
        },
    },
];

/// How many issues a message names.
const NAMED: usize = 3;

/// `82 (B)`
fn score(side: &Option<Json>) -> String {
    let score = match side.as_ref().and_then(|side| side.get("score")) {
        Some(Json::Number(score)) => score.to_string(),
        _ => String::new(),
    };
    let grade = side.as_ref().and_then(|side| side.get_str("grade"));
    format!("{score} ({})", grade.unwrap_or_default())
}

fn count(side: &Option<Json>, one: &'static str, several: &'static str) -> &'static str {
    match side.as_ref().and_then(Json::as_array) {
        Some([_]) => one,
        _ => several,
    }
}

fn issues(side: &Option<Json>) -> String {
    let all = side.as_ref().and_then(Json::as_array).unwrap_or_default();
    let named: Vec<_> = all.iter().filter_map(Json::as_str).take(NAMED).collect();
    match all.len() - named.len() {
        0 => named.join("; "),
        more => format!("{}; and {more} more", named.join("; ")),
    }
}
