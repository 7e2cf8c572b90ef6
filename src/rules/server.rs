//! Rules about the server as a whole.

use super::tools::by_reach;
use super::{Grade, Rule, from_to, value};
use crate::diff::{Change, Context, Loss, Step, What};
use crate::report::{Category, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "capability-added",
        title: "the server can do something new",
        severity: Grade::Mostly(Severity::Info, |c| {
            if matches!(
                c.what,
                What::Capability {
                    tentative: true,
                    ..
                }
            ) {
                Severity::Warning
            } else {
                Severity::Info
            }
        }),
        category: Category::Server,
        why: "Nothing that worked fails. What is experimental or an extension may change what clients do.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                c.what,
                What::Capability {
                    step: Step::Added,
                    ..
                }
            )
        },
        message: |c| format!("capability {} was added", capability(c)),
    },
    Rule {
        id: "capability-removed",
        title: "the server can no longer do something",
        severity: Grade::Mostly(Severity::Breaking, |c| {
            if matches!(
                c.what,
                What::Capability {
                    tentative: true,
                    ..
                }
            ) {
                Severity::Warning
            } else {
                Severity::Breaking
            }
        }),
        category: Category::Server,
        why: "Clients that rely on it get errors, or hear nothing any more.",
        next: "Check which clients rely on it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                c.what,
                What::Capability {
                    step: Step::Removed,
                    ..
                }
            )
        },
        message: |c| format!("capability {} was removed", capability(c)),
    },
    Rule {
        id: "capability-changed",
        title: "the server can do something otherwise",
        severity: Grade::Always(Severity::Warning),
        category: Category::Server,
        why: "Clients decide by capabilities what they ask for.",
        next: "Check which clients rely on it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                c.what,
                What::Capability {
                    step: Step::Changed,
                    ..
                }
            )
        },
        message: |c| format!("capability {} changed{}", capability(c), from_to(c)),
    },
    Rule {
        id: "server-name-changed",
        title: "the server has another name",
        severity: Grade::Always(Severity::Warning),
        category: Category::Server,
        why: "It may be another server, or clients that are configured by its name no longer know it.",
        next: "Check that this is the server you mean.",
        since: "0.1.0",
        applies: |c| c.what == What::ServerName,
        message: |c| format!("the server's name changed{}", from_to(c)),
    },
    Rule {
        id: "server-version-changed",
        title: "the server has another version",
        severity: Grade::Always(Severity::Info),
        category: Category::Server,
        why: "Releases explain changes; this one has a number.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::ServerVersion { back: false },
        message: |c| format!("the server's version changed{}", from_to(c)),
    },
    Rule {
        id: "server-version-rolled-back",
        title: "the server has a lower version",
        severity: Grade::Always(Severity::Warning),
        category: Category::Server,
        why: "An older release is running: what was fixed since may be broken again.",
        next: "Find out who rolled it back and why.",
        since: "0.1.0",
        applies: |c| c.what == What::ServerVersion { back: true },
        message: |c| format!("the server's version went back{}", from_to(c)),
    },
    Rule {
        id: "surface-changed-without-version",
        title: "the surface changed under one and the same version",
        severity: Grade::Always(Severity::Info),
        category: Category::Server,
        why: "Nobody who looks at versions can see that something is different.",
        next: "Have the version raised with the change.",
        since: "0.1.0",
        applies: |c| c.what == What::SameVersion,
        message: |c| {
            let version = c
                .new
                .as_ref()
                .and_then(|new| new.as_str())
                .unwrap_or_default();
            format!("the surface changed, and the server still calls itself {version}")
        },
    },
    Rule {
        id: "breaking-without-major-version",
        title: "something breaks, and the version promises that nothing does",
        severity: Grade::Always(Severity::Info),
        category: Category::Server,
        why: "Clients that take every minor or patch release of the server get the break without having asked for it.",
        next: "Have it released under a new major version; before 1.0, under a new minor one.",
        since: "0.1.0",
        applies: |c| c.what == What::NoMajorStep,
        message: |c| {
            if c.old == c.new {
                format!(
                    "there is breaking drift, and the version is still {}",
                    value(c.new.as_ref())
                )
            } else {
                format!(
                    "there is breaking drift, and the version took no major step{}",
                    from_to(c)
                )
            }
        },
    },
    Rule {
        id: "context-cost-grew",
        title: "a model has much more to read",
        severity: Grade::Mostly(Severity::Info, |c| match c.what {
            What::Context(context) if context.is_past_budget() => Severity::Warning,
            _ => Severity::Info,
        }),
        category: Category::Performance,
        why: "Names, descriptions, schemas and instructions go into every conversation: they cost tokens, and the model has less room for the task. A change of what was read before empties the prompt cache from there on.",
        next: "Leave out what is not needed, or raise `check.contextBudget`.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Context(_)),
        message: |c| match c.what {
            What::Context(context) => context_cost(context),
            _ => String::new(),
        },
    },
    Rule {
        id: "server-info-changed",
        title: "what the server says about itself changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Server,
        why: "People see it when they choose or approve the server.",
        next: "Check that it is still the server you mean.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::ServerInfo(_)),
        message: |c| format!("`{}` of the server changed{}", c.member(), from_to(c)),
    },
    Rule {
        id: "protocol-version-changed",
        title: "another revision of the protocol was negotiated",
        severity: Grade::Always(Severity::Info),
        category: Category::Server,
        why: "The two sides speak by other rules; what the older revision does not have cannot be compared.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::ProtocolVersion { back: false },
        message: |c| format!("the protocol version changed{}", from_to(c)),
    },
    Rule {
        id: "protocol-version-downgraded",
        title: "an older revision of the protocol was negotiated",
        severity: Grade::Always(Severity::Warning),
        category: Category::Server,
        why: "What the newer revision has, clients lose; safety that it brought, too.",
        next: "Find out why the server no longer speaks the newer one.",
        since: "0.1.0",
        applies: |c| c.what == What::ProtocolVersion { back: true },
        message: |c| format!("the protocol version went back{}", from_to(c)),
    },
    Rule {
        id: "protocol-members-uncompared",
        title: "members could not be compared, since one side's revision does not have them",
        severity: Grade::Always(Severity::Info),
        category: Category::Server,
        why: "They are missing because the protocol was older there, so they count neither as added nor as removed.",
        next: "Save a new baseline once the revision is settled.",
        since: "0.1.0",
        applies: |c| c.what == What::NotInRevision,
        message: |c| {
            format!(
                "{} members could not be compared: one side's revision of the protocol does not have them",
                c.covers.len()
            )
        },
    },
    Rule {
        id: "transport-changed",
        title: "the server is reached over another transport",
        severity: Grade::Always(Severity::Info),
        category: Category::Server,
        why: "The surface may be the same; how it is reached, secured and logged is not.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Transport,
        message: |c| format!("the transport changed{}", from_to(c)),
    },
];

/// The capability with the path inside it: `resources.subscribe`.
fn capability(change: &Change) -> String {
    let inside: String = change
        .place
        .pointer
        .tokens()
        .map(|token| format!(".{token}"))
        .collect();
    format!("`{}{inside}`", change.item())
}

/// How much more there is to read, in bytes and in tokens at four bytes each, and what a prompt cache loses.
fn context_cost(context: Context) -> String {
    let loss = match context.loss {
        Loss::Nothing => "a prompt cache loses nothing, all of it was appended".to_owned(),
        Loss::Unplaced => {
            "nothing was edited, a prompt cache loses what stands behind the first addition"
                .to_owned()
        }
        Loss::Edited(bytes) => format!("a prompt cache loses {bytes} bytes from the first edit on"),
        Loss::Reordered(bytes) => {
            format!("a prompt cache loses {bytes} bytes, since items were reordered")
        }
    };
    let budget = match context.budget {
        Some(budget) if context.is_past_budget() => format!(", past the budget of {budget}"),
        _ => String::new(),
    };
    format!(
        "what a model reads grew from {} to {} bytes{budget} (about {} to {} tokens); {loss}",
        context.before,
        context.now,
        context.before.div_ceil(4),
        context.now.div_ceil(4),
    )
}
