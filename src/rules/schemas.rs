//! Rules about schemas on either side: whether they are any, and whether readers agree on them.

use super::{Grade, Rule, value};
use crate::diff::{SCHEMA, SchemaFact, What};
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "schema-invalid",
        title: "something is no schema",
        severity: Grade::Mostly(Severity::Warning, |c| {
            if matches!(
                c.what,
                What::Schema(_, SchemaFact::Invalid { was_valid: true })
            ) {
                Severity::Breaking
            } else {
                Severity::Warning
            }
        }),
        category: Category::Schema,
        why: "Clients refuse a tool whose schema they cannot read, or take it for one that accepts everything.",
        next: "Have the schema mended.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Schema(_, SchemaFact::Invalid { .. })),
        message: |c| match c.place.pointer.as_str() {
            "" => format!("{} is no schema", c.owner()),
            pointer => format!("`{pointer}` of {} is no valid schema", c.owner()),
        },
    },
    Rule {
        id: "schema-remote-reference",
        title: "a schema refers to another document",
        severity: Grade::Mostly(Severity::Warning, |c| {
            if matches!(
                c.what,
                What::Schema(_, SchemaFact::RemoteReference { was_local: true })
            ) {
                Severity::Breaking
            } else {
                Severity::Warning
            }
        }),
        category: Category::Schema,
        why: "What it accepts is decided elsewhere and can change without any drift here. Remote references are never fetched.",
        next: "Have the schema put into the document.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Schema(_, SchemaFact::RemoteReference { .. })),
        message: |c| {
            format!(
                "{} refers to another document, {}",
                c.subject(),
                value(c.new.as_ref())
            )
        },
    },
    Rule {
        id: "number-not-portable",
        title: "a number that not every reader of JSON holds",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Readers that hold numbers as doubles round it, so that two sides disagree about the same schema.",
        next: "Have a number used that a double holds.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Schema(_, SchemaFact::NumberNotPortable)),
        message: |c| {
            format!(
                "`{}` of {} is no number that every reader of JSON holds",
                c.member(),
                c.subject()
            )
        },
    },
    Rule {
        id: "schema-excessive",
        title: "a schema is nested out of all proportion",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Validators give up on it or take very long.",
        next: "Have the schema made flatter.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Schema(_, SchemaFact::Excessive)),
        message: |c| {
            let of = match c.place.at.as_str() {
                SCHEMA => String::new(),
                _ => format!(" of {}", c.owner()),
            };
            format!("the schema{of} is nested 64 deep or more")
        },
    },
];
