//! Rules about texts that a model or a person reads: one row for each kind of text, one column for each kind of edit.

use super::claims::{claims, short};
use super::{Grade, Rule};
use crate::diff::{Change, Edit, TextOf, What};
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "limit-changed",
        title: "a quantity in a text moved",
        severity: Grade::Always(Severity::Warning),
        category: Category::Documentation,
        why: "The behaviour that the text describes has another limit, size or time now.",
        next: "Check whether you rely on the old quantity.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                c.what,
                What::Text {
                    edit: Edit::Limit { .. },
                    ..
                }
            )
        },
        message: |c| match &c.what {
            What::Text {
                edit: Edit::Limit { subject, from, to },
                ..
            } if subject.is_empty() => {
                format!(
                    "a quantity in {} changed from {} to {}",
                    text_of(c),
                    short(from),
                    short(to)
                )
            }
            What::Text {
                edit: Edit::Limit { subject, from, to },
                ..
            } => format!(
                "{} changed from {} to {}",
                short(subject),
                short(from),
                short(to)
            ),
            _ => String::new(),
        },
    },
    reworded(
        "tool-description-reworded",
        "the description of a tool is dressed in other words",
        |c| is(c, TextOf::Tool, |e| *e == Edit::Reworded),
    ),
    changed(
        "tool-description-changed",
        "the description of a tool changed without a claim that is looked for",
        |c| is(c, TextOf::Tool, |e| *e == Edit::Changed),
    ),
    claim(
        "tool-description-claim-changed",
        "the description of a tool makes another claim",
        |c| is(c, TextOf::Tool, |e| matches!(e, Edit::Claim(_))),
    ),
    removed(
        "tool-description-removed",
        "the description of a tool is gone",
        Severity::Warning,
        |c| is(c, TextOf::Tool, |e| *e == Edit::Removed),
    ),
    added(
        "tool-description-added",
        "the description of a tool is new",
        |c| is(c, TextOf::Tool, |e| *e == Edit::Added),
    ),
    reworded(
        "prompt-description-reworded",
        "the description of a prompt is dressed in other words",
        |c| is(c, TextOf::Prompt, |e| *e == Edit::Reworded),
    ),
    changed(
        "prompt-description-changed",
        "the description of a prompt changed without a claim that is looked for",
        |c| is(c, TextOf::Prompt, |e| *e == Edit::Changed),
    ),
    claim(
        "prompt-description-claim-changed",
        "the description of a prompt makes another claim",
        |c| is(c, TextOf::Prompt, |e| matches!(e, Edit::Claim(_))),
    ),
    removed(
        "prompt-description-removed",
        "the description of a prompt is gone",
        Severity::Warning,
        |c| is(c, TextOf::Prompt, |e| *e == Edit::Removed),
    ),
    added(
        "prompt-description-added",
        "the description of a prompt is new",
        |c| is(c, TextOf::Prompt, |e| *e == Edit::Added),
    ),
    reworded(
        "prompt-argument-description-reworded",
        "the description of a prompt argument is dressed in other words",
        |c| is(c, TextOf::PromptArgument, |e| *e == Edit::Reworded),
    ),
    changed(
        "prompt-argument-description-changed",
        "the description of a prompt argument changed without a claim that is looked for",
        |c| is(c, TextOf::PromptArgument, |e| *e == Edit::Changed),
    ),
    claim(
        "prompt-argument-description-claim-changed",
        "the description of a prompt argument makes another claim",
        |c| is(c, TextOf::PromptArgument, |e| matches!(e, Edit::Claim(_))),
    ),
    removed(
        "prompt-argument-description-removed",
        "the description of a prompt argument is gone",
        Severity::Info,
        |c| is(c, TextOf::PromptArgument, |e| *e == Edit::Removed),
    ),
    added(
        "prompt-argument-description-added",
        "the description of a prompt argument is new",
        |c| is(c, TextOf::PromptArgument, |e| *e == Edit::Added),
    ),
    reworded(
        "resource-description-reworded",
        "the description of a resource is dressed in other words",
        |c| is(c, TextOf::Resource, |e| *e == Edit::Reworded),
    ),
    changed(
        "resource-description-changed",
        "the description of a resource changed without a claim that is looked for",
        |c| is(c, TextOf::Resource, |e| *e == Edit::Changed),
    ),
    claim(
        "resource-description-claim-changed",
        "the description of a resource makes another claim",
        |c| is(c, TextOf::Resource, |e| matches!(e, Edit::Claim(_))),
    ),
    removed(
        "resource-description-removed",
        "the description of a resource is gone",
        Severity::Warning,
        |c| is(c, TextOf::Resource, |e| *e == Edit::Removed),
    ),
    added(
        "resource-description-added",
        "the description of a resource is new",
        |c| is(c, TextOf::Resource, |e| *e == Edit::Added),
    ),
    reworded(
        "resource-template-description-reworded",
        "the description of a resource template is dressed in other words",
        |c| is(c, TextOf::ResourceTemplate, |e| *e == Edit::Reworded),
    ),
    changed(
        "resource-template-description-changed",
        "the description of a resource template changed without a claim that is looked for",
        |c| is(c, TextOf::ResourceTemplate, |e| *e == Edit::Changed),
    ),
    claim(
        "resource-template-description-claim-changed",
        "the description of a resource template makes another claim",
        |c| is(c, TextOf::ResourceTemplate, |e| matches!(e, Edit::Claim(_))),
    ),
    removed(
        "resource-template-description-removed",
        "the description of a resource template is gone",
        Severity::Warning,
        |c| is(c, TextOf::ResourceTemplate, |e| *e == Edit::Removed),
    ),
    added(
        "resource-template-description-added",
        "the description of a resource template is new",
        |c| is(c, TextOf::ResourceTemplate, |e| *e == Edit::Added),
    ),
    reworded(
        "instructions-reworded",
        "the instructions are dressed in other words",
        |c| is(c, TextOf::Instructions, |e| *e == Edit::Reworded),
    ),
    changed(
        "instructions-changed",
        "the instructions changed without a claim that is looked for",
        |c| is(c, TextOf::Instructions, |e| *e == Edit::Changed),
    ),
    claim(
        "instructions-claim-changed",
        "the instructions make another claim",
        |c| is(c, TextOf::Instructions, |e| matches!(e, Edit::Claim(_))),
    ),
    removed(
        "instructions-removed",
        "the instructions are gone",
        Severity::Warning,
        |c| is(c, TextOf::Instructions, |e| *e == Edit::Removed),
    ),
    added("instructions-added", "the instructions are new", |c| {
        is(c, TextOf::Instructions, |e| *e == Edit::Added)
    }),
    reworded(
        "input-description-reworded",
        "the description of a parameter is dressed in other words",
        |c| is(c, TextOf::Input, |e| *e == Edit::Reworded),
    ),
    changed(
        "input-description-changed",
        "the description of a parameter changed without a claim that is looked for",
        |c| is(c, TextOf::Input, |e| *e == Edit::Changed),
    ),
    claim(
        "input-description-claim-changed",
        "the description of a parameter makes another claim",
        |c| is(c, TextOf::Input, |e| matches!(e, Edit::Claim(_))),
    ),
    removed(
        "input-description-removed",
        "the description of a parameter is gone",
        Severity::Info,
        |c| is(c, TextOf::Input, |e| *e == Edit::Removed),
    ),
    added(
        "input-description-added",
        "the description of a parameter is new",
        |c| is(c, TextOf::Input, |e| *e == Edit::Added),
    ),
    reworded(
        "output-description-reworded",
        "the description of a part of a result is dressed in other words",
        |c| is(c, TextOf::Output, |e| *e == Edit::Reworded),
    ),
    changed(
        "output-description-changed",
        "the description of a part of a result changed without a claim that is looked for",
        |c| is(c, TextOf::Output, |e| *e == Edit::Changed),
    ),
    claim(
        "output-description-claim-changed",
        "the description of a part of a result makes another claim",
        |c| is(c, TextOf::Output, |e| matches!(e, Edit::Claim(_))),
    ),
    removed(
        "output-description-removed",
        "the description of a part of a result is gone",
        Severity::Info,
        |c| is(c, TextOf::Output, |e| *e == Edit::Removed),
    ),
    added(
        "output-description-added",
        "the description of a part of a result is new",
        |c| is(c, TextOf::Output, |e| *e == Edit::Added),
    ),
];

type Applies = fn(&Change) -> bool;

const fn rule(
    id: &'static str,
    title: &'static str,
    severity: Severity,
    applies: Applies,
    message: fn(&Change) -> String,
) -> Rule {
    Rule {
        id,
        title,
        severity: Grade::Always(severity),
        category: Category::Documentation,
        why: "It is part of the prompt: a model chooses and calls by it, so another text can mean another behaviour.",
        next: "Read the new text as if it were a prompt.",
        since: "0.1.0",
        applies,
        message,
    }
}

const fn reworded(id: &'static str, title: &'static str, applies: Applies) -> Rule {
    Rule {
        why: "White space, punctuation, case, Markdown or spelling is different; the words are the same.",
        next: "Nothing needs to be done.",
        ..rule(id, title, Severity::Info, applies, |c| {
            format!("{} reworded", subject_is(c))
        })
    }
}

const fn changed(id: &'static str, title: &'static str, applies: Applies) -> Rule {
    rule(id, title, Severity::Info, applies, |c| {
        format!("{} changed", text_of(c))
    })
}

const fn claim(id: &'static str, title: &'static str, applies: Applies) -> Rule {
    Rule {
        why: "A quantity, a default, an obligation, a destination, an error, a format, a side effect, a name or a decisive word is different: what the text promises or permits has changed, and models act on it.",
        next: "Check whether the new claim is one that you approve of.",
        ..rule(id, title, Severity::Warning, applies, |c| {
            format!("a claim in {} changed: {}", text_of(c), claims(c))
        })
    }
}

const fn removed(
    id: &'static str,
    title: &'static str,
    severity: Severity,
    applies: Applies,
) -> Rule {
    Rule {
        why: "Models and people have nothing to choose and call by any more.",
        next: "Check whether the name alone says enough.",
        ..rule(id, title, severity, applies, |c| {
            format!("{} removed", subject_is(c))
        })
    }
}

const fn added(id: &'static str, title: &'static str, applies: Applies) -> Rule {
    rule(id, title, Severity::Info, applies, |c| {
        format!("{} added", subject_is(c))
    })
}

fn is(change: &Change, of: TextOf, edit: fn(&Edit) -> bool) -> bool {
    matches!(&change.what, What::Text { of: text, edit: done } if *text == of && edit(done))
}

/// The text as words: "the description of `read_file`".
fn text_of(change: &Change) -> String {
    match &change.what {
        What::Text {
            of: TextOf::Instructions,
            ..
        } => "the instructions".to_owned(),
        What::Text {
            of: TextOf::Input | TextOf::Output | TextOf::PromptArgument,
            ..
        } => {
            format!("the description of {}", change.subject())
        }
        _ => format!("the description of `{}`", change.item()),
    }
}

fn subject_is(change: &Change) -> String {
    let verb = if matches!(
        change.what,
        What::Text {
            of: TextOf::Instructions,
            ..
        }
    ) {
        "were"
    } else {
        "was"
    };
    format!("{} {verb}", text_of(change))
}
