//! Rules about what calls come back with.

use super::{Grade, Rule, from_to};
use crate::diff::{Aspect, Change, ResponseChange, What};
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "response-field-added",
        title: "answers have a field that they never had",
        severity: Grade::Always(Severity::Info),
        category: Category::Response,
        why: "Nothing that worked fails: whoever reads answers passes over what they do not know.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| is(c, ResponseChange::FieldAdded),
        message: |c| format!("{} is new in the answers of {}", part(c), c.owner()),
    },
    Rule {
        id: "response-field-removed",
        title: "answers lack a field that they always had",
        severity: Grade::Always(Severity::Warning),
        category: Category::Response,
        why: "Whoever reads it finds nothing. The same call with the same arguments always had it.",
        next: "Find who reads it, and whether it went on purpose.",
        since: "0.1.0",
        applies: |c| is(c, ResponseChange::FieldRemoved),
        message: |c| format!("{} is gone from the answers of {}", part(c), c.owner()),
    },
    Rule {
        id: "response-type-changed",
        title: "a part of the answers has another type",
        severity: Grade::Mostly(Severity::Breaking, |c| match c.what {
            What::Response { sure: false, .. } => Severity::Warning,
            _ => Severity::Breaking,
        }),
        category: Category::Response,
        why: "Whoever reads it gets a value of a type that they do not expect. After one or two answers it may be chance, and is a warning.",
        next: "Have the new type handled, or the old one restored.",
        since: "0.1.0",
        applies: |c| is(c, ResponseChange::TypeChanged),
        message: |c| {
            let (part, from_to) = (part(c), from_to(c));
            format!(
                "the type of {part} in the answers of {} changed{from_to}",
                c.owner()
            )
        },
    },
    Rule {
        id: "response-unstable",
        title: "what was in every answer is in some of them",
        severity: Grade::Always(Severity::Warning),
        category: Category::Response,
        why: "Whoever relies on it fails now and then, which is the hardest to find.",
        next: "Have it handled where it is missing, or find why it comes and goes.",
        since: "0.1.0",
        applies: |c| is(c, ResponseChange::Unstable),
        message: |c| format!("{} comes and goes in the answers of {}", part(c), c.owner()),
    },
    Rule {
        id: "response-stable",
        title: "what was in some answers is in all of them",
        severity: Grade::Always(Severity::Info),
        category: Category::Response,
        why: "Answers read as before.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| is(c, ResponseChange::Stable),
        message: |c| format!("{} is in every answer of {} now", part(c), c.owner()),
    },
    Rule {
        id: "response-violates-output-schema",
        title: "answers contradict the output schema of their own tool",
        severity: Grade::Mostly(Severity::Warning, |c| {
            if is(c, ResponseChange::ContradictsSchema { conformed: true }) {
                Severity::Breaking
            } else {
                Severity::Warning
            }
        }),
        category: Category::Response,
        why: "Clients that hold answers to the schema refuse them. It is breaking where all answers conformed before.",
        next: "Mend the answers, or the schema.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                c.what,
                What::Response {
                    change: ResponseChange::ContradictsSchema { .. },
                    ..
                }
            )
        },
        message: |c| format!("answers of {} contradict its own output schema", c.owner()),
    },
    Rule {
        id: "response-format-changed",
        title: "answers tell the same in another form",
        severity: Grade::Always(Severity::Warning),
        category: Category::Response,
        why: "Whoever reads the old form may not read the new one: another kind of content, a date or a number written otherwise.",
        next: "Have the new form read, or the old one restored.",
        since: "0.1.0",
        applies: |c| format_of(c).is_some_and(|aspect| aspect != Aspect::Size),
        message: |c| {
            let what = match format_of(c) {
                Some(Aspect::Content) => "the kinds of content".to_owned(),
                Some(Aspect::MediaType) => "the media type".to_owned(),
                Some(Aspect::Text) => "the form of the text".to_owned(),
                _ => format!("the format of {}", part(c)),
            };
            format!(
                "{what} in the answers of {} changed{}",
                c.owner(),
                from_to(c)
            )
        },
    },
    Rule {
        id: "response-size-changed",
        title: "answers are of another order of magnitude",
        severity: Grade::Always(Severity::Info),
        category: Category::Response,
        why: "A model has much more to read, or much less to go by.",
        next: "Check that it is on purpose.",
        since: "0.1.0",
        applies: |c| format_of(c) == Some(Aspect::Size),
        message: |c| {
            format!(
                "the size of the answers of {} changed{}",
                c.owner(),
                from_to(c)
            )
        },
    },
    Rule {
        id: "response-content-changed",
        title: "a prompt or a resource says something else",
        severity: Grade::Mostly(Severity::Info, |c| {
            if c.place.at.starts_with("prompts/") {
                Severity::Warning
            } else {
                Severity::Info
            }
        }),
        category: Category::Response,
        why: "It was the same each time, and is the same each time, but another. A prompt is what a model is told to do.",
        next: "Read it before you accept it.",
        since: "0.1.0",
        applies: |c| is(c, ResponseChange::ContentChanged),
        message: |c| format!("{} says something else", c.owner()),
    },
];

fn is(change: &Change, wanted: ResponseChange) -> bool {
    matches!(change.what, What::Response { change, .. } if change == wanted)
}

fn format_of(change: &Change) -> Option<Aspect> {
    match change.what {
        What::Response {
            change: ResponseChange::FormatChanged(aspect),
            ..
        } => Some(aspect),
        _ => None,
    }
}

/// The part of the answers, in back-ticks; where they are meant as a whole, that.
fn part(change: &Change) -> String {
    let tokens: Vec<_> = change.place.pointer.tokens().collect();
    match tokens.get(1).map(AsRef::as_ref) {
        Some("structuredContent") => "the structured content".to_owned(),
        Some("content") => match tokens.get(2) {
            Some(kind) => format!("`{kind}` content"),
            None => "the content".to_owned(),
        },
        _ => match change.parameter().as_str() {
            "" => "what they hold".to_owned(),
            name => format!("`{name}`"),
        },
    }
}
