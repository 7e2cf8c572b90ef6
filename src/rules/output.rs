//! Rules about what a caller gets.

use super::{
    Grade, Rule, as_decided, constraint, from_to, only_in, output, unless_proven,
    warning_unless_proven,
};
use crate::diff::SchemaFact;
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "output-required-property-removed",
        title: "a property that was always in a result is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Clients that read it find nothing.",
        next: "Find who reads it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(
                    SchemaFact::PropertyRemoved { required: true }
                        | SchemaFact::PropertyRenamed { .. }
                )
            )
        },
        message: |c| format!("{} is no longer in the result", c.subject()),
    },
    Rule {
        id: "output-property-removed",
        title: "an optional property of a result is gone",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Clients that read it find nothing.",
        next: "Find who reads it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                output(c),
                Some(SchemaFact::PropertyRemoved { required: false })
            )
        },
        message: |c| format!("optional {} is no longer in the result", c.subject()),
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
        message: |c| format!("{} is no longer guaranteed in the result", c.subject()),
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
        message: |c| format!("{} is now guaranteed in the result", c.subject()),
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
        message: |c| {
            format!(
                "the type of {} in the result changed{}",
                c.subject(),
                from_to(c)
            )
        },
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
        message: |c| {
            format!(
                "{} in the result has fewer types{}",
                c.subject(),
                from_to(c)
            )
        },
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
                "{} in the result may now be {}",
                c.subject(),
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
                "{} in the result can no longer be {}",
                c.subject(),
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
        message: |c| {
            format!(
                "`{}` of {} in the result promises less{}",
                c.member(),
                c.subject(),
                from_to(c)
            )
        },
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
        message: |c| {
            format!(
                "`{}` of {} in the result promises more{}",
                c.member(),
                c.subject(),
                from_to(c)
            )
        },
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
        message: |c| format!("{} in the result changed{}", constraint(c), from_to(c)),
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
        message: |c| {
            format!(
                "{} in the result holds only the named properties now",
                c.subject()
            )
        },
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
        message: |c| {
            format!(
                "{} in the result may hold other properties now",
                c.subject()
            )
        },
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
        message: |c| {
            format!(
                "the format of {} in the result changed{}",
                c.subject(),
                from_to(c)
            )
        },
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
        message: |c| format!("the format of {} in the result was removed", c.subject()),
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
        message: |c| {
            format!(
                "the default of {} in the result changed{}",
                c.subject(),
                from_to(c)
            )
        },
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
        message: |c| {
            format!(
                "`{}` of {} in the result changed{}",
                c.member(),
                c.subject(),
                from_to(c)
            )
        },
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
        message: |c| {
            format!(
                "the title of {} in the result changed{}",
                c.subject(),
                from_to(c)
            )
        },
    },
];
