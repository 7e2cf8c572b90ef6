//! Rules about tools as a whole.

use super::{Grade, Rule, evidence, from_to};
use crate::diff::{Change, Hint, Reach, Titled, What};
use crate::report::{Category, Severity};
use crate::surface::List;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "tool-added",
        title: "a tool is new",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Nothing that worked fails. Agents will see and may call the new tool.",
        next: "Read what it does before you accept it.",
        since: "0.1.0",
        applies: |c| c.what == What::ItemAdded(List::Tools),
        message: |c| format!("`{}` was added", c.item()),
    },
    Rule {
        id: "tool-removed",
        title: "a tool is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Every call to it fails now, and so does every prompt or workflow that names it.",
        next: "Find who calls it, or ask the server's authors for its successor.",
        since: "0.1.0",
        applies: |c| {
            c.what
                == What::ItemRemoved {
                    list: List::Tools,
                    deprecated: false,
                }
        },
        message: |c| format!("`{}` was removed", c.item()),
    },
    Rule {
        id: "deprecated-tool-removed",
        title: "a tool is gone that was already called deprecated",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Calls to it fail now, but the baseline already announced its end.",
        next: "Make sure that nobody still calls it.",
        since: "0.1.0",
        applies: |c| {
            c.what
                == What::ItemRemoved {
                    list: List::Tools,
                    deprecated: true,
                }
        },
        message: |c| format!("`{}` was removed, as announced", c.item()),
    },
    Rule {
        id: "tool-renamed",
        title: "a tool has another name",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Calls under the old name fail, although the tool is still there.",
        next: "Change the name wherever it is called or allowed.",
        since: "0.1.0",
        applies: |c| is_renamed(c, List::Tools),
        message: |c| format!("`{}` was renamed to {}", c.item(), renamed_to(c, "schema")),
    },
    Rule {
        id: "all-tools-removed",
        title: "every tool is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "The server offers no tool at all any more; usually it starts without its configuration or credentials.",
        next: "Check how the server is started before you look at anything else.",
        since: "0.1.0",
        applies: |c| c.what == What::AllToolsRemoved,
        message: |c| match c.covers.len() {
            1 => "the only tool was removed".to_owned(),
            count => format!("all {count} tools were removed"),
        },
    },
    Rule {
        id: "tool-name-duplicated",
        title: "two tools have one name",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Clients keep one of the two, and not all the same one: what a call does is left to chance.",
        next: "Have one of them renamed.",
        since: "0.1.0",
        applies: |c| c.what == What::ToolNameDuplicated,
        message: |c| format!("another tool named `{}` was added", c.item()),
    },
    Rule {
        id: "tool-name-invalid",
        title: "a tool has a name that the protocol does not allow",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Clients refuse or rewrite names with other than 1 to 128 ASCII letters, digits, `_`, `-` and `.`.",
        next: "Have the tool renamed.",
        since: "0.1.0",
        applies: |c| c.what == What::ToolNameInvalid,
        message: |c| format!("`{}` is no name that the protocol allows", c.item()),
    },
    Rule {
        id: "tool-title-changed",
        title: "the display title of a tool changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "People see another title when they approve calls.",
        next: "Check that the title still says what the tool does.",
        since: "0.1.0",
        applies: |c| c.what == What::Title(Titled::Item(List::Tools)),
        message: |c| format!("the title of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "tool-icons-changed",
        title: "the icons of a tool changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Documentation,
        why: "People recognise a tool by its icon, and a client fetches it from where it stands.",
        next: "Check where the icons come from.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Icons(List::Tools, _)),
        message: |c| format!("the icons of `{}` changed", c.item()),
    },
    Rule {
        id: "tool-meta-changed",
        title: "the `_meta` of a tool changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Schema,
        why: "Clients read extensions from `_meta`; a member that names a UI resource decides what is shown beside the conversation.",
        next: "Read what the member means to your client.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Meta(List::Tools, _)),
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
        id: "tool-task-support-changed",
        title: "a tool may, must or cannot be called as a task where it was otherwise",
        severity: Grade::Mostly(Severity::Warning, |c| {
            if c.what == (What::TaskSupport { refuses: true }) {
                Severity::Breaking
            } else {
                Severity::Warning
            }
        }),
        category: Category::Schema,
        why: "A client that calls the tool the way that is refused now gets an error.",
        next: "Check how your client calls the tool.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::TaskSupport { .. }),
        message: |c| format!("the task support of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "tool-hint-flipped",
        title: "a tool no longer has the effect on its surroundings that it stated",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Security,
        why: "Clients approve calls by `readOnlyHint` and `destructiveHint`. What was approved on the old statement was approved for another tool.",
        next: "Decide again whether this tool may be called without asking.",
        since: "0.1.0",
        applies: |c| c.what == What::Hint(Hint::Flipped),
        message: |c| format!("`{}` of `{}` changed{}", c.member(), c.item(), from_to(c)),
    },
    Rule {
        id: "tool-trust-claimed",
        title: "a tool newly claims to be harmless",
        severity: Grade::Mostly(Severity::Warning, |c| {
            if c.what == What::Hint(Hint::TrustClaimed { contradicted: true }) {
                Severity::Breaking
            } else {
                Severity::Warning
            }
        }),
        category: Category::Security,
        why: "Clients may now call it without asking. It is a claim that nothing proves, and here and there the tool's own words speak against it.",
        next: "Check that the claim is true before you let it count.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Hint(Hint::TrustClaimed { .. })),
        message: |c| {
            let but = if c.what == What::Hint(Hint::TrustClaimed { contradicted: true }) {
                ", while its name or description says that it acts"
            } else {
                ""
            };
            let value = c.new.as_ref().map(crate::json::compact).unwrap_or_default();
            format!("`{}` newly claims `{}: {value}`{but}", c.item(), c.member())
        },
    },
    Rule {
        id: "tool-hint-spelled-out",
        title: "a hint is stated, or no longer, and means the same",
        severity: Grade::Always(Severity::Info),
        category: Category::Security,
        why: "The effective value is the protocol's default either way.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Hint(Hint::SpelledOut),
        message: |c| {
            let verb = if c.new.is_some() {
                "states"
            } else {
                "no longer states"
            };
            format!(
                "`{}` {verb} `{}`, with the same effective value",
                c.item(),
                c.member()
            )
        },
    },
    Rule {
        id: "tool-hint-changed",
        title: "a hint about repetition, reach or something else changed",
        severity: Grade::Always(Severity::Warning),
        category: Category::Security,
        why: "Clients decide by hints whether they may repeat a call or let it out.",
        next: "Check whether your client relies on it.",
        since: "0.1.0",
        applies: |c| c.what == What::Hint(Hint::Other),
        message: |c| format!("`{}` of `{}` changed{}", c.member(), c.item(), from_to(c)),
    },
    Rule {
        id: "tool-annotation-title-changed",
        title: "the title in a tool's annotations changed",
        severity: Grade::Mostly(Severity::Info, |c| {
            if c.what == What::Hint(Hint::Title { misleading: true }) {
                Severity::Warning
            } else {
                Severity::Info
            }
        }),
        category: Category::Documentation,
        why: "People see this title when they approve a call; it can hide which tool they approve.",
        next: "Compare it with the tool's name.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Hint(Hint::Title { .. })),
        message: |c| {
            format!(
                "the title in the annotations of `{}` changed{}",
                c.item(),
                from_to(c)
            )
        },
    },
    Rule {
        id: "output-schema-added",
        title: "a tool states what its results look like",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Results can be relied on more than before.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::OutputSchemaAdded,
        message: |c| format!("`{}` now has an output schema", c.item()),
    },
    Rule {
        id: "output-schema-removed",
        title: "a tool no longer states what its results look like",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Clients that read structured results have nothing to rely on any more.",
        next: "Check who reads `structuredContent` of this tool.",
        since: "0.1.0",
        applies: |c| c.what == What::OutputSchemaRemoved,
        message: |c| format!("`{}` no longer has an output schema", c.item()),
    },
];

/// Whether an item of this list stands under another name.
pub(super) fn is_renamed(change: &Change, of: List) -> bool {
    matches!(change.what, What::ItemRenamed { list, .. } if list == of)
}

/// The new name or URI of an item, and why the two are taken for one.
pub(super) fn renamed_to(change: &Change, definition: &str) -> String {
    let new = change.new_at.as_deref().and_then(|at| at.split_once('/'));
    let new = new.map(|(_, key)| key).unwrap_or_default();
    let alike = match change.what {
        What::ItemRenamed { alike, .. } => alike,
        _ => None,
    };
    format!("`{new}`: {}", evidence(alike, definition))
}

/// A new URL is worth a look, a new UI resource is another program.
pub(super) fn by_reach(change: &Change) -> Severity {
    let (What::Icons(_, reach)
    | What::Meta(_, reach)
    | What::ServerInfo(reach)
    | What::Unrecognised(reach)) = &change.what
    else {
        return Severity::Info;
    };
    match reach {
        Reach::Nowhere => Severity::Info,
        Reach::NewUrl => Severity::Warning,
        Reach::UiResource => Severity::Breaking,
    }
}
