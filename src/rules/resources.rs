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
        severity: Grade::Mostly(Severity::Warning, |c| reach(c.item())),
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
        title: "the same resource template is written otherwise",
        severity: Grade::Mostly(Severity::Breaking, |c| match c.what {
            What::TemplateReach { .. } => Severity::Warning,
            _ => Severity::Breaking,
        }),
        category: Category::Schema,
        why: "Whoever reads by the old URI gets an error; where only the variables have other names, whoever fills them in by name does.",
        next: "Change the URI wherever it is used.",
        since: "0.1.0",
        applies: |c| {
            is_renamed(c, List::ResourceTemplates) || c.what == What::TemplateReach { wider: false }
        },
        message: |c| {
            if matches!(c.what, What::TemplateReach { .. }) {
                format!(
                    "`{}` is now `{}`, which matches the same",
                    c.item(),
                    new_key(c)
                )
            } else {
                format!("`{}` moved to {}", c.item(), renamed_to(c, "name and type"))
            }
        },
    },
    Rule {
        id: "resource-template-widened",
        title: "a resource template reaches further",
        severity: Grade::Mostly(Severity::Warning, |c| reach(new_key(c))),
        category: Category::Schema,
        why: "What it matched it still matches; now more can be read through the server, and from a root or home folder every file there.",
        next: "Check what it reaches.",
        since: "0.1.0",
        applies: |c| c.what == What::TemplateReach { wider: true },
        message: |c| format!("`{}` is now `{}`, which matches more", c.item(), new_key(c)),
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

/// The new URI of a resource or template.
fn new_key(change: &Change) -> &str {
    let new = change.new_at.as_deref().and_then(|at| at.split_once('/'));
    new.map(|(_, key)| key).unwrap_or_default()
}

/// A template over files that starts at a root or home folder, or above one, reaches everything there.
fn reach(template: &str) -> Severity {
    let Some((scheme, path)) = template.split_once(':') else {
        return Severity::Warning;
    };
    if !scheme.eq_ignore_ascii_case("file") {
        return Severity::Warning;
    }
    let fixed = path.split('{').next().unwrap_or_default();
    // A host may stand between `//` and the path.
    let fixed = match fixed.strip_prefix("//") {
        Some(rest) => rest.split_once('/').map_or("", |(_, path)| path),
        None => fixed,
    };
    let mut folders = Vec::new();
    for folder in fixed.split('/') {
        match folder {
            "" | "." => {}
            ".." => drop(folders.pop()),
            folder => folders.push(folder),
        }
    }
    if let Some(drive) = folders.first()
        && (drive.ends_with(':') || drive.ends_with('|') || drive.to_lowercase().ends_with("%3a"))
    {
        folders.remove(0);
    }
    let folders: Vec<_> = folders.into_iter().map(str::to_lowercase).collect();
    match folders.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["root" | "home" | "users"] | ["home" | "users", _] | ["var", "root"] => {
            Severity::Breaking
        }
        [home] if home.starts_with('~') => Severity::Breaking,
        _ => Severity::Warning,
    }
}
