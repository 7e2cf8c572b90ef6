//! Rules about prompts and their arguments.

use super::tools::{by_reach, is_renamed, renamed_to};
use super::{Grade, Rule, evidence, from_to};
use crate::diff::{Argument, Change, Titled, What};
use crate::report::{Category, Severity};
use crate::surface::List;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "prompt-added",
        title: "a prompt is new",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Nothing that worked fails.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::ItemAdded(List::Prompts),
        message: |c| format!("`{}` was added", c.item()),
    },
    Rule {
        id: "prompt-removed",
        title: "a prompt is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever asks for it gets an error.",
        next: "Find who uses it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                c.what,
                What::ItemRemoved {
                    list: List::Prompts,
                    ..
                }
            )
        },
        message: |c| format!("`{}` was removed", c.item()),
    },
    Rule {
        id: "prompt-title-changed",
        title: "the display title of a prompt changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "People see another title.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Title(Titled::Item(List::Prompts)),
        message: |c| format!("the title of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "prompt-icons-changed",
        title: "the icons of a prompt changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Documentation,
        why: "People recognise it by its icon, and a client fetches it from where it stands.",
        next: "Check where the icons come from.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Icons(List::Prompts, _)),
        message: |c| format!("the icons of `{}` changed", c.item()),
    },
    Rule {
        id: "prompt-meta-changed",
        title: "the `_meta` of a prompt changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Schema,
        why: "Clients read extensions from `_meta`.",
        next: "Read what the member means to your client.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Meta(List::Prompts, _)),
        message: |c| {
            format!(
                "`{}` in the `_meta` of `{}` changed{}",
                c.member(),
                c.item(),
                from_to(c)
            )
        },
    },
    Rule {
        id: "prompt-renamed",
        title: "a prompt has another name",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever asks for it by the old name gets an error.",
        next: "Change the name wherever it is used.",
        since: "0.1.0",
        applies: |c| is_renamed(c, List::Prompts),
        message: |c| {
            format!(
                "`{}` was renamed to {}",
                c.item(),
                renamed_to(c, "arguments")
            )
        },
    },
    Rule {
        id: "prompt-argument-added",
        title: "an optional argument of a prompt is new",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Whoever leaves it out loses nothing.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Argument(Argument::Added { required: false }),
        message: |c| {
            format!(
                "optional argument {} of `{}` was added",
                argument(c),
                c.item()
            )
        },
    },
    Rule {
        id: "prompt-required-argument-added",
        title: "a required argument of a prompt is new",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever leaves it out is refused.",
        next: "Pass it wherever the prompt is used.",
        since: "0.1.0",
        applies: |c| c.what == What::Argument(Argument::Added { required: true }),
        message: |c| {
            format!(
                "required argument {} of `{}` was added",
                argument(c),
                c.item()
            )
        },
    },
    Rule {
        id: "prompt-argument-removed",
        title: "an argument of a prompt is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever passes it is refused, or it is ignored.",
        next: "Find who passes it.",
        since: "0.1.0",
        applies: |c| c.what == What::Argument(Argument::Removed),
        message: |c| format!("argument {} of `{}` was removed", argument(c), c.item()),
    },
    Rule {
        id: "prompt-argument-renamed",
        title: "an argument of a prompt has another name",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever passes it under the old name is refused, or it is ignored.",
        next: "Change the name wherever it is passed.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Argument(Argument::Renamed { .. })),
        message: |c| {
            let new = c
                .new
                .as_ref()
                .and_then(|new| new.get_str("name"))
                .unwrap_or_default();
            let alike = match c.what {
                What::Argument(Argument::Renamed { alike }) => alike,
                _ => None,
            };
            format!(
                "argument {} of `{}` was renamed to `{new}`: {}",
                argument(c),
                c.item(),
                evidence(alike, "definition")
            )
        },
    },
    Rule {
        id: "prompt-argument-required",
        title: "an argument of a prompt must be passed now",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever leaves it out is refused.",
        next: "Pass it wherever the prompt is used.",
        since: "0.1.0",
        applies: |c| c.what == What::Argument(Argument::Required),
        message: |c| format!("argument {} of `{}` is now required", argument(c), c.item()),
    },
    Rule {
        id: "prompt-argument-optional",
        title: "an argument of a prompt may be left out now",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Whoever passes it loses nothing.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Argument(Argument::Optional),
        message: |c| format!("argument {} of `{}` is now optional", argument(c), c.item()),
    },
    Rule {
        id: "prompt-argument-title-changed",
        title: "the display title of a prompt's argument changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "People see another title.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Title(Titled::PromptArgument),
        message: |c| {
            format!(
                "the title of argument {} of `{}` changed{}",
                argument(c),
                c.item(),
                from_to(c)
            )
        },
    },
];

/// The argument's name, in back-ticks.
fn argument(change: &Change) -> String {
    let value = change.old.as_ref().or(change.new.as_ref());
    let name = change
        .name
        .as_deref()
        .or_else(|| value.and_then(|value| value.get_str("name")));
    format!("`{}`", name.unwrap_or_default())
}
