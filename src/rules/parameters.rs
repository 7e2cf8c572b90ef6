//! Rules about the parameters of a tool: which there are, and which must be passed.

use super::{Grade, Rule, evidence, input, name, new_name, unless_proven};
use crate::diff::{Change, SchemaFact};
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "input-parameter-added",
        title: "an optional parameter is new",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Calls without it go on working.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                input(c),
                Some(SchemaFact::PropertyAdded {
                    required: false,
                    ..
                })
            )
        },
        message: |c| format!("optional parameter {} was added", c.subject()),
    },
    Rule {
        id: "input-required-parameter-added",
        title: "a required parameter is new",
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
        category: Category::Schema,
        why: "Calls that are valid today omit it and will be refused.",
        next: "Add the parameter to every call, or have it made optional.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                input(c),
                Some(SchemaFact::PropertyAdded {
                    required: true,
                    default: false,
                    ..
                })
            )
        },
        message: |c| format!("required parameter {} was added", c.subject()),
    },
    Rule {
        id: "input-required-parameter-added-with-default",
        title: "a required parameter is new, and has a default",
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
        category: Category::Schema,
        why: "A default in a schema is a hint: a server that validates refuses calls that omit a required parameter all the same.",
        next: "Add the parameter to every call, or have it made optional.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                input(c),
                Some(SchemaFact::PropertyAdded {
                    required: true,
                    default: true,
                    ..
                })
            )
        },
        message: |c| {
            format!(
                "required parameter {} was added, with a default",
                c.subject()
            )
        },
    },
    Rule {
        id: "input-parameter-removed",
        title: "a parameter is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Calls that pass it are refused, or it is silently ignored and the call does something else.",
        next: "Find who passes it.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::PropertyRemoved { .. })),
        message: |c| format!("parameter {} was removed", c.subject()),
    },
    Rule {
        id: "input-parameter-renamed",
        title: "a parameter has another name",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Calls that pass it under the old name are refused, or it is silently ignored.",
        next: "Change the name wherever it is passed.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::PropertyRenamed { .. })),
        message: |c| {
            format!(
                "parameter {} was renamed{}: {}",
                c.subject(),
                renamed_to(c),
                evidence_of(c)
            )
        },
    },
    Rule {
        id: "input-parameter-required",
        title: "a parameter must be passed now",
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
        category: Category::Schema,
        why: "Calls that are valid today omit it and will be refused.",
        next: "Add the parameter to every call, or have it made optional.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Required)),
        message: |c| format!("{} is now required", name(c)),
    },
    Rule {
        id: "input-parameter-optional",
        title: "a parameter may be left out now",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Calls that pass it go on working.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Optional)),
        message: |c| format!("{} is now optional", name(c)),
    },
];

/// Why the two are taken for one.
fn evidence_of(change: &Change) -> String {
    match input(change) {
        Some(SchemaFact::PropertyRenamed {
            alike: Some(alike), ..
        }) => evidence(Some(alike), "schema"),
        _ => "its schema is the same".to_owned(),
    }
}

fn renamed_to(change: &Change) -> String {
    new_name(change)
        .map(|name| format!(" to `{name}`"))
        .unwrap_or_default()
}
