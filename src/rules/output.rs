//! Rules about what a caller gets.

use super::{
    Grade, Rule, as_decided, from_to, name, new_name, only_in, output, unless_proven,
    warning_unless_proven,
};
use crate::diff::{Change, SCHEMA, SchemaFact};
use crate::report::{Category, Decided, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "output-required-property-removed",
        title: "a property that was always in a result is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Clients that read it find nothing, or what is no longer described.",
        next: "Find who reads it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(
                    SchemaFact::PropertyRemoved { required: true }
                        | SchemaFact::PropertyRenamed { required: true, .. }
                )
            )
        },
        message: removed,
    },
    Rule {
        id: "output-property-removed",
        title: "an optional property of a result is gone",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Clients that read it find nothing, or what is no longer described.",
        next: "Find who reads it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(
                    SchemaFact::PropertyRemoved { required: false }
                        | SchemaFact::PropertyRenamed {
                            required: false,
                            ..
                        }
                )
            )
        },
        message: |c| format!("optional {}", removed(c)),
    },
    Rule {
        id: "output-property-optional",
        title: "a property of a result is no longer guaranteed",
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
        category: Category::Schema,
        why: "Clients that rely on it fail where it is missing.",
        next: "Have it handled where it is missing.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(SchemaFact::Optional | SchemaFact::GuardRemoved { confirmation: true })
            )
        },
        message: |c| format!("{} is no longer guaranteed in the result", name(c)),
    },
    Rule {
        id: "output-property-required",
        title: "a property of a result is guaranteed now",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Results read as before.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::Required)),
        message: |c| format!("{} is now guaranteed in the result", name(c)),
    },
    Rule {
        id: "output-property-added",
        title: "a property of a result is new",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Clients that follow the schema ignore what they do not know.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(SchemaFact::PropertyAdded {
                    to_closed: false,
                    ..
                })
            )
        },
        message: |c| format!("{} is new in the result", c.subject()),
    },
    Rule {
        id: "output-property-added-to-closed",
        title: "a property is new in a result that allowed no others",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Clients that hold the old schema refuse the result.",
        next: "Update the schema that clients hold.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(SchemaFact::PropertyAdded {
                    to_closed: true,
                    ..
                })
            )
        },
        message: |c| {
            format!(
                "{} is new in a result that allowed no other properties",
                c.subject()
            )
        },
    },
    Rule {
        id: "output-type-changed",
        title: "a part of a result has more or other types",
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
        category: Category::Schema,
        why: "Clients get values of a type that they do not expect.",
        next: "Have the new type handled.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(SchemaFact::TypeWidened | SchemaFact::TypeChanged)
            )
        },
        message: |c| format!("the type of {} changed{}", part(c), from_to(c)),
    },
    Rule {
        id: "output-type-narrowed",
        title: "a part of a result has fewer types",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Results read as before.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::TypeNarrowed)),
        message: |c| format!("the type of {} was narrowed{}", part(c), from_to(c)),
    },
    Rule {
        id: "output-enum-value-added",
        title: "a result may hold a listed value that is new",
        severity: Grade::Mostly(Severity::Warning, warning_unless_proven),
        category: Category::Schema,
        why: "Clients that handle the known values meet one that they do not know.",
        next: "Have the new value handled.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::ValueAdded)),
        message: |c| {
            format!(
                "{} may now be {}",
                part(c),
                only_in(c.new.as_ref(), c.old.as_ref())
            )
        },
    },
    Rule {
        id: "output-enum-value-removed",
        title: "a result no longer holds one of the listed values",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Results read as before.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::ValueRemoved)),
        message: |c| {
            format!(
                "{} can no longer be {}",
                part(c),
                only_in(c.old.as_ref(), c.new.as_ref())
            )
        },
    },
    Rule {
        id: "output-constraint-loosened",
        title: "a promise about a result is weaker",
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
        category: Category::Schema,
        why: "Clients get values that were not possible before.",
        next: "Check what relies on the old promise.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(
                    SchemaFact::Loosened
                        | SchemaFact::GuardRemoved {
                            confirmation: false
                        }
                )
            )
        },
        message: |c| format!("{} was loosened{}", promise(c), from_to(c)),
    },
    Rule {
        id: "output-constraint-tightened",
        title: "a promise about a result is stronger",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Results read as before.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(SchemaFact::Tightened | SchemaFact::SafeRange)
            )
        },
        message: |c| format!("{} was tightened{}", promise(c), from_to(c)),
    },
    Rule {
        id: "output-constraint-changed",
        title: "a promise about a result is another, or nobody can say",
        severity: Grade::Mostly(Severity::Warning, as_decided),
        category: Category::Schema,
        why: "Clients may get values that were not possible before.",
        next: "Compare the two by hand.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::Changed)),
        message: |c| match (c.is_of_a_whole_schema(), c.decided) {
            (true, Some(Decided::Refuted)) => {
                format!("{} may be what it could not be before", part(c))
            }
            _ => format!("{} changed{}", promise(c), from_to(c)),
        },
    },
    Rule {
        id: "output-closed",
        title: "a result holds no other properties than the named ones any more",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Results read as before.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::Closed)),
        message: |c| format!("{} holds only the named properties now", part(c)),
    },
    Rule {
        id: "output-opened",
        title: "a result may hold other properties than the named ones now",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Clients that hold the old schema refuse results with new properties.",
        next: "Update the schema that clients hold.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::Opened)),
        message: |c| format!("{} may hold other properties now", part(c)),
    },
    Rule {
        id: "output-format-changed",
        title: "a part of a result has a new or another format",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Clients that parse it by its format may fail.",
        next: "Check who parses it.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::FormatChanged)),
        message: |c| format!("the format of {} changed{}", part(c), from_to(c)),
    },
    Rule {
        id: "output-format-removed",
        title: "a part of a result has no format any more",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Clients that parse it by its format may fail.",
        next: "Check who parses it.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::FormatRemoved)),
        message: |c| format!("the format of {} was removed", part(c)),
    },
    Rule {
        id: "output-default-changed",
        title: "a default in a result's schema changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "It tells clients what to assume where the value is missing.",
        next: "Check who assumes it.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::Default(_))),
        message: |c| format!("the default of {} changed{}", part(c), from_to(c)),
    },
    Rule {
        id: "output-annotation-changed",
        title: "something beside the promises about a result changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "The promises are the same.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(
                    SchemaFact::Annotation
                        | SchemaFact::HeaderMirrored
                        | SchemaFact::HeaderUnmirrored
                )
            )
        },
        message: |c| format!("`{}` of {} changed{}", c.member(), part(c), from_to(c)),
    },
    Rule {
        id: "output-title-changed",
        title: "the title of a part of a result changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "People see another title.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(output(c), Some(SchemaFact::Title)),
        message: |c| format!("the title of {} changed{}", part(c), from_to(c)),
    },
];

fn removed(change: &Change) -> String {
    let now = match output(change) {
        Some(SchemaFact::PropertyRenamed { .. }) => new_name(change),
        _ => None,
    };
    let now = now.map_or_else(String::new, |name| format!("; `{name}` looks the same"));
    format!("{} is no longer in the result{now}", change.subject())
}

/// The part of a result that is meant: `` `total` in the result ``, or the result itself.
fn part(change: &Change) -> String {
    if change.name.is_some() || !change.parameter().is_empty() {
        format!("{} in the result", change.subject())
    } else if change.place.at == SCHEMA {
        "the result".to_owned()
    } else {
        format!("the result of {}", change.owner())
    }
}

/// A constraint and the part of a result that it is on.
fn promise(change: &Change) -> String {
    let (member, part) = (change.member(), part(change));
    if change.is_of_a_whole_schema() || change.parameter().split('.').next_back() == Some(&member) {
        part
    } else {
        format!("`{member}` of {part}")
    }
}
