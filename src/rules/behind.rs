//! Rules that stand behind all the others: what no other rule speaks of.

use super::tools::by_reach;
use super::{Grade, Rule};
use crate::diff::What;
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "duplicate-member",
        title: "a name occurs twice in one JSON object",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Readers of JSON disagree about which one counts, so two clients can see two different servers. Here the last one counts.",
        next: "Have one of them removed.",
        since: "0.1.0",
        applies: |c| c.what == What::DuplicateMember,
        message: |c| {
            format!(
                "`{}` occurs more than once in one object of {}",
                c.member(),
                c.owner()
            )
        },
    },
    Rule {
        id: "unrecognised-change",
        title: "something changed that no rule knows",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Schema,
        why: "It is a member of a newer protocol or of an extension; what it means is for its readers to say.",
        next: "Read it before you accept it.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Unrecognised(_)),
        message: |c| {
            let verb = match (&c.old, &c.new) {
                (None, _) => "was added",
                (_, None) => "was removed",
                _ => "changed",
            };
            if c.place.pointer.is_root() {
                format!("a definition of {} {verb}", c.owner())
            } else {
                format!("`{}` of {} {verb}", c.place.pointer, c.owner())
            }
        },
    },
];
