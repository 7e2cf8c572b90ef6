//! Rules about the values that a parameter accepts, and what stands beside them.

use super::{Grade, Rule, as_decided, constraint, from_to, input, only_in, unless_proven, value};
use crate::diff::{SchemaFact, Step};
use crate::report::{Category, Decided, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "input-type-changed",
        title: "a parameter accepts fewer or other types",
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
        category: Category::Schema,
        why: "Calls that pass a value of a type that is no longer accepted are refused.",
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
        message: |c| format!("the type of {} was widened{}", c.subject(), from_to(c)),
    },
    Rule {
        id: "input-enum-value-removed",
        title: "a listed value is no longer accepted",
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
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
        severity: Grade::Mostly(Severity::Breaking, unless_proven),
        category: Category::Schema,
        why: "Calls with a value that is outside now are refused.",
        next: "Check the values that you pass.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Tightened)),
        message: |c| format!("{} was tightened{}", constraint(c), from_to(c)),
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
        message: |c| format!("{} was loosened{}", constraint(c), from_to(c)),
    },
    Rule {
        id: "input-constraint-changed",
        title: "a constraint on a parameter accepts other values, or nobody can say",
        severity: Grade::Mostly(Severity::Warning, as_decided),
        category: Category::Schema,
        why: "Some calls that work today may be refused.",
        next: "Compare the two by hand.",
        since: "0.1.0",
        applies: |c| matches!(input(c), Some(SchemaFact::Changed)),
        message: |c| match (c.is_of_a_whole_schema(), c.decided) {
            (true, Some(Decided::Refuted)) => {
                format!("{} refuses calls that it accepted", c.subject())
            }
            _ => format!("{} changed{}", constraint(c), from_to(c)),
        },
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
];
