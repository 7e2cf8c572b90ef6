//! Rules about resources and resource templates.

use super::tools::{by_reach, is_renamed, renamed_to};
use super::{Grade, Rule, from_to};
use crate::diff::{Change, Titled, What};
use crate::report::{Category, Severity};
use crate::surface::List;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "resource-added",
        title: "a resource is new",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "Nothing that worked fails.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::ItemAdded(List::Resources),
        message: |c| format!("`{}` was added", c.item()),
    },
    Rule {
        id: "resource-removed",
        title: "a resource is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever asks for it gets an error.",
        next: "Find who uses it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                c.what,
                What::ItemRemoved {
                    list: List::Resources,
                    ..
                }
            )
        },
        message: |c| format!("`{}` was removed", c.item()),
    },
    Rule {
        id: "resource-title-changed",
        title: "the display title of a resource changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "People see another title.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Title(Titled::Item(List::Resources)),
        message: |c| format!("the title of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "resource-icons-changed",
        title: "the icons of a resource changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Documentation,
        why: "People recognise it by its icon, and a client fetches it from where it stands.",
        next: "Check where the icons come from.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Icons(List::Resources, _)),
        message: |c| format!("the icons of `{}` changed", c.item()),
    },
    Rule {
        id: "resource-meta-changed",
        title: "the `_meta` of a resource changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Schema,
        why: "Clients read extensions from `_meta`.",
        next: "Read what the member means to your client.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Meta(List::Resources, _)),
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
        id: "resource-moved",
        title: "the same resource stands under another URI",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever reads it under the old URI gets an error.",
        next: "Change the URI wherever it is used.",
        since: "0.1.0",
        applies: |c| is_renamed(c, List::Resources),
        message: |c| format!("`{}` moved to {}", c.item(), renamed_to(c, "name and type")),
    },
    Rule {
        id: "resource-name-changed",
        title: "the name of a resource changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "It is read by its URI; people and models see another name.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::ResourceName(List::Resources),
        message: |c| format!("the name of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "resource-mime-type-changed",
        title: "the MIME type of a resource changed",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Whoever parses the content by its type may fail.",
        next: "Check who reads it.",
        since: "0.1.0",
        applies: |c| c.what == What::ResourceMimeType(List::Resources),
        message: |c| format!("the MIME type of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "resource-audience-changed",
        title: "the audience of a resource changed",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "What was meant for the user may go to the model now, or the other way round.",
        next: "Check who should see it.",
        since: "0.1.0",
        applies: |c| c.what == What::ResourceAudience(List::Resources),
        message: |c| format!("the audience of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "resource-detail-changed",
        title: "size, priority or age of a resource changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "It is presented differently.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::ResourceDetail(List::Resources),
        message: |c| format!("`{}` of `{}` changed{}", c.member(), c.item(), from_to(c)),
    },
    Rule {
        id: "resource-template-added",
        title: "a resource template is new",
        severity: Grade::Mostly(Severity::Warning, template_reach),
        category: Category::Schema,
        why: "Everything that the template matches can be read through the server now; a `file:` template at a root or home folder reaches every file there.",
        next: "Check what it reaches.",
        since: "0.1.0",
        applies: |c| c.what == What::ItemAdded(List::ResourceTemplates),
        message: |c| format!("`{}` was added", c.item()),
    },
    Rule {
        id: "resource-template-removed",
        title: "a resource template is gone",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever asks for it gets an error.",
        next: "Find who uses it.",
        since: "0.1.0",
        applies: |c| {
            matches!(
                c.what,
                What::ItemRemoved {
                    list: List::ResourceTemplates,
                    ..
                }
            )
        },
        message: |c| format!("`{}` was removed", c.item()),
    },
    Rule {
        id: "resource-template-title-changed",
        title: "the display title of a resource template changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Documentation,
        why: "People see another title.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::Title(Titled::Item(List::ResourceTemplates)),
        message: |c| format!("the title of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "resource-template-icons-changed",
        title: "the icons of a resource template changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Documentation,
        why: "People recognise it by its icon, and a client fetches it from where it stands.",
        next: "Check where the icons come from.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Icons(List::ResourceTemplates, _)),
        message: |c| format!("the icons of `{}` changed", c.item()),
    },
    Rule {
        id: "resource-template-meta-changed",
        title: "the `_meta` of a resource template changed",
        severity: Grade::Mostly(Severity::Info, by_reach),
        category: Category::Schema,
        why: "Clients read extensions from `_meta`.",
        next: "Read what the member means to your client.",
        since: "0.1.0",
        applies: |c| matches!(c.what, What::Meta(List::ResourceTemplates, _)),
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
        id: "resource-template-moved",
        title: "the same resource template stands under another URI",
        severity: Grade::Always(Severity::Breaking),
        category: Category::Schema,
        why: "Whoever reads it under the old URI gets an error.",
        next: "Change the URI wherever it is used.",
        since: "0.1.0",
        applies: |c| is_renamed(c, List::ResourceTemplates),
        message: |c| format!("`{}` moved to {}", c.item(), renamed_to(c, "name and type")),
    },
    Rule {
        id: "resource-template-name-changed",
        title: "the name of a resource template changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "It is read by its URI; people and models see another name.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::ResourceName(List::ResourceTemplates),
        message: |c| format!("the name of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "resource-template-mime-type-changed",
        title: "the MIME type of a resource template changed",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "Whoever parses the content by its type may fail.",
        next: "Check who reads it.",
        since: "0.1.0",
        applies: |c| c.what == What::ResourceMimeType(List::ResourceTemplates),
        message: |c| format!("the MIME type of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "resource-template-audience-changed",
        title: "the audience of a resource template changed",
        severity: Grade::Always(Severity::Warning),
        category: Category::Schema,
        why: "What was meant for the user may go to the model now, or the other way round.",
        next: "Check who should see it.",
        since: "0.1.0",
        applies: |c| c.what == What::ResourceAudience(List::ResourceTemplates),
        message: |c| format!("the audience of `{}` changed{}", c.item(), from_to(c)),
    },
    Rule {
        id: "resource-template-detail-changed",
        title: "size, priority or age of a resource template changed",
        severity: Grade::Always(Severity::Info),
        category: Category::Schema,
        why: "It is presented differently.",
        next: "Nothing needs to be done.",
        since: "0.1.0",
        applies: |c| c.what == What::ResourceDetail(List::ResourceTemplates),
        message: |c| format!("`{}` of `{}` changed{}", c.member(), c.item(), from_to(c)),
    },
];

/// A template over files that starts at a root or home folder, or above one, reaches everything there.
fn template_reach(change: &Change) -> Severity {
    let template = change.item();
    let Some(path) = template.strip_prefix("file:") else {
        return Severity::Warning;
    };
    let fixed = path.split('{').next().unwrap_or_default();
    let folders: Vec<_> = fixed
        .split('/')
        .filter(|folder| !folder.is_empty())
        .collect();
    match folders.as_slice() {
        [] | ["~" | "root" | "home" | "Users"] | ["home" | "Users", _] => Severity::Breaking,
        [drive] | [drive, "Users"] | [drive, "Users", _] if drive.ends_with(':') => {
            Severity::Breaking
        }
        _ => Severity::Warning,
    }
}
