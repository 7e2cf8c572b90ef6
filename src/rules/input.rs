//! Rules about what a caller sends, and about schemas on either side.

use super::{Grade, Rule, from_to, input, only_in};
use crate::diff::{Change, SchemaFact, Step, What};
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
        severity: Grade::Always(Severity::Breaking),
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
        severity: Grade::Always(Severity::Breaking),
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
        applies: |c| matches!(input(c), Some(SchemaFact::PropertyRenamed)),
        message: |c| {
            format!(
                "parameter {} was renamed{}: its schema is the same",
                c.subject(),
                renamed_to(c)
            )
        },
    },
    Rule {
        id: "input-parameter-required",
        title: "a parameter must be passed now",
        severity: Grade::Always(Severity::Breaking),
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
    Rule {
        id: "input-type-changed",
        title: "a parameter accepts fewer or other types",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Calls that pass a value of a type that is gone are refused.",
        next: "Change the calls, or have the old type accepted again.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                input(c),
                Some(SchemaFact::TypeNarrowed | SchemaFact::TypeChanged)
            )
        },
        message: |c| format!("the type of {} changed{}", c.subject(), from_to(c)),
    },
    Rule {
        id: "input-type-widened",
        title: "a parameter accepts more types",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Calls that work today go on working.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::TypeWidened)),
        message: |c| format!("{} accepts more types{}", c.subject(), from_to(c)),
    },
    Rule {
        id: "input-enum-value-removed",
        title: "a listed value is no longer accepted",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Calls that pass it are refused.",
        next: "Change the calls, or have the value accepted again.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::ValueRemoved)),
        message: |c| {
            format!(
                "{} no longer accepts {}",
                c.subject(),
                only_in(c.old.as_ref(), c.new.as_ref())
            )
        },
    },
    Rule {
        id: "input-enum-value-added",
        title: "a listed value is new",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Calls that work today go on working.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::ValueAdded)),
        message: |c| {
            format!(
                "{} now accepts {}",
                c.subject(),
                only_in(c.new.as_ref(), c.old.as_ref())
            )
        },
    },
    Rule {
        id: "input-constraint-tightened",
        title: "a constraint on a parameter accepts less",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Calls with a value that is outside now are refused.",
        next: "Check the values that you pass.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Tightened)),
        message: |c| {
            format!(
                "`{}` of {} is tighter{}",
                c.member(),
                c.subject(),
                from_to(c)
            )
        },
    },
    Rule {
        id: "input-constraint-loosened",
        title: "a constraint on a parameter accepts more",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Calls that work today go on working.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Loosened)),
        message: |c| {
            format!(
                "`{}` of {} is looser{}",
                c.member(),
                c.subject(),
                from_to(c)
            )
        },
    },
    Rule {
        id: "input-constraint-changed",
        title: "a constraint on a parameter accepts other values, or nobody can say",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Some calls that work today may be refused.",
        next: "Compare the two by hand.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Changed)),
        message: |c| format!("`{}` of {} changed{}", c.member(), c.subject(), from_to(c)),
    },
    Rule {
        id: "input-integer-safe-range",
        title: "an integer gained the bounds of what every JSON reader holds",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Schema generators write ±(2^53−1) to say integer; no value that arrives whole is refused.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::SafeRange)),
        message: |c| format!("{} is now bounded by ±(2^53−1)", c.subject()),
    },
    Rule {
        id: "input-format-changed",
        title: "a parameter has a new or another format",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "A server that checks formats refuses values that it took before.",
        next: "Check the values that you pass.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::FormatChanged)),
        message: |c| format!("the format of {} changed{}", c.subject(), from_to(c)),
    },
    Rule {
        id: "input-format-removed",
        title: "a parameter has no format any more",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Calls that work today go on working.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::FormatRemoved)),
        message: |c| format!("the format of {} was removed", c.subject()),
    },
    Rule {
        id: "input-guard-removed",
        title: "a guard on a parameter is gone",
        severity: Grade::Mostly(Severity::Warning, |c| {
            if input(c) == Some(SchemaFact::GuardRemoved { confirmation: true }) {
                Severity::Breaking
            } else {
                Severity::Warning
            }
        }),
        category: Category::Security,
        why: "Values pass that were stopped before. Where the guard was a confirmation, a call that had to be confirmed runs without.",
        next: "Check that the server still refuses what it must.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::GuardRemoved { .. })),
        message: |c| {
            if input(c) == Some(SchemaFact::GuardRemoved { confirmation: true }) {
                format!("the confirmation {} no longer has to be given", c.subject())
            } else {
                format!("the guard `{}` of {} was removed", c.member(), c.subject())
            }
        },
    },
    Rule {
        id: "input-closed",
        title: "parameters that are not named are refused now",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "A caller who follows the schema loses nothing; one who sends more is refused.",
        next: "Check that you pass no parameter that the schema does not name.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Closed)),
        message: |c| format!("{} now refuses parameters that are not named", c.subject()),
    },
    Rule {
        id: "input-opened",
        title: "parameters that are not named are accepted now",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "A misspelt parameter is no longer refused but ignored, and more can be sent than anybody reviewed.",
        next: "Check the spelling of the parameters that you pass.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Opened)),
        message: |c| format!("{} now accepts parameters that are not named", c.subject()),
    },
    Rule {
        id: "input-default-changed",
        title: "the default of a parameter changed",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Calls that leave it out do something else now.",
        next: "Pass the value that you mean.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Default(Step::Changed))),
        message: |c| format!("the default of {} changed{}", c.subject(), from_to(c)),
    },
    Rule {
        id: "input-default-added",
        title: "a parameter has a default now",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Calls that leave it out may do something else only if the default is not what the server did anyway.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Default(Step::Added))),
        message: |c| {
            format!(
                "the default of {} is now {}",
                c.subject(),
                value(c.new.as_ref())
            )
        },
    },
    Rule {
        id: "input-default-removed",
        title: "a parameter has no default any more",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Calls that leave it out may do something else.",
        next: "Pass the value that you mean.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Default(Step::Removed))),
        message: |c| {
            format!(
                "{} no longer has the default {}",
                c.subject(),
                value(c.old.as_ref())
            )
        },
    },
    Rule {
        id: "input-annotation-changed",
        title: "something beside the constraints of a parameter changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "It accepts and refuses the same values.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Annotation)),
        message: |c| format!("`{}` of {} changed{}", c.member(), c.subject(), from_to(c)),
    },
    Rule {
        id: "input-title-changed",
        title: "the title of a parameter changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "People see another title.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Title)),
        message: |c| format!("the title of {} changed{}", c.subject(), from_to(c)),
    },
    Rule {
        id: "input-header-mirrored",
        title: "an argument is copied into an HTTP header",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Security,
        why: "Every proxy and every log on the way sees the argument now.",
        next: "Decide whether what you pass may be seen there.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::HeaderMirrored)),
        message: |c| {
            format!(
                "{} is now copied into the HTTP header {}",
                c.subject(),
                value(c.new.as_ref())
            )
        },
    },
    Rule {
        id: "input-header-unmirrored",
        title: "an argument is no longer copied into an HTTP header",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Gateways that route or allow calls by this header no longer see it.",
        next: "Check the rules of your gateways.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::HeaderUnmirrored)),
        message: |c| format!("{} is no longer copied into an HTTP header", c.subject()),
    },
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
        message: |c| format!("`{}` of `{}` is no valid schema", c.place.pointer, c.item()),
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
        message: |c| format!("the schema of `{}` is nested more than 64 deep", c.item()),
    },
];

/// The parameter; of one that is named in `required` and nowhere else, that name.
fn name(change: &Change) -> String {
    let named = change
        .new
        .as_ref()
        .or(change.old.as_ref())
        .and_then(|value| value.as_str());
    named.map_or_else(|| change.subject(), |name| format!("`{name}`"))
}

/// A value in back-ticks, cut where it is long.
fn value(value: Option<&crate::json::Json>) -> String {
    let text = value.map(crate::json::compact).unwrap_or_default();
    if text.chars().count() <= 60 {
        return format!("`{text}`");
    }
    let cut: String = text.chars().take(59).collect();
    format!("`{cut}…`")
}

fn renamed_to(change: &Change) -> String {
    let new = change
        .covers
        .first()
        .and_then(|place| place.pointer.tokens().last().map(|name| name.into_owned()));
    new.map(|name| format!(" to `{name}`")).unwrap_or_default()
}
