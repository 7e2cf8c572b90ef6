//! How much of a server a file can know, so that nothing is compared that it could not hold.

use std::borrow::Cow;

use crate::json::{Json, Object};
use crate::surface::{List, Listing, Surface};

/// How much of a server a file can know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sight {
    /// Everything that the server sent.
    #[default]
    Full,
    /// What the TypeScript bellwether kept.
    TypeScript(Era),
}

/// What a version of the TypeScript bellwether kept of a server that spoke a revision of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Era {
    /// The version, as its files have it.
    pub(super) version: String,
    /// The revision that was negotiated. Members that it does not have were left out even where they were sent.
    pub(super) revision: String,
    /// Whether titles, output schemas, annotations, task support and instructions were kept (2.0.1 and later).
    pub(super) later_members: bool,
    /// Whether resources were kept (2.0 and later).
    pub(super) resources: bool,
    /// Whether resource templates were kept (2.0.1 and later).
    pub(super) templates: bool,
}

impl Sight {
    /// The part of a surface that a file of this sight could hold. It is the whole surface where nothing was lost.
    pub fn project<'a>(&self, live: &'a Surface) -> Cow<'a, Surface> {
        match self {
            Self::Full => Cow::Borrowed(live),
            Self::TypeScript(era) => Cow::Owned(era.project(live)),
        }
    }

    /// The version of the TypeScript bellwether whose files could hold no more than this.
    pub fn version(&self) -> Option<&str> {
        match self {
            Self::Full => None,
            Self::TypeScript(era) => Some(&era.version),
        }
    }
}

impl Era {
    /// What a version kept, of which this surface is what a file holds or what was taken over from one. Files of one
    /// version differ: parts of it were there before the version said so. Nothing where the version is not known.
    pub(super) fn of(version: &str, surface: &Surface) -> Option<Self> {
        let (major, minor, patch) = numbers(version);
        if !matches!(major, 1 | 2) {
            return None;
        }
        let later = (major, minor, patch) >= (2, 0, 1);
        let has = |list: List| *surface.listing(list) != Listing::Absent;
        let mut era = Self {
            version: version.to_owned(),
            revision: surface.protocol_version.clone().unwrap_or_default(),
            later_members: true,
            resources: major >= 2 || has(List::Resources),
            templates: later || has(List::ResourceTemplates),
        };
        // Only what is taken over counts, so that the same comes of the file and of what was taken over from it.
        let has_later = |item: &Json| {
            let names = ["title", "outputSchema", "annotations", "execution"].into_iter();
            let mut kept = names.filter(|name| era.keeps_member(List::Tools, name));
            kept.any(|name| item.get(name).is_some())
        };
        era.later_members = later || surface.items(List::Tools).iter().any(has_later);
        Some(era)
    }

    fn project(&self, live: &Surface) -> Surface {
        let mut seen = Surface::default();
        seen.protocol_version.clone_from(&live.protocol_version);
        seen.initialize = live.initialize.as_ref().map(|_| self.initialize(live));
        for list in List::ALL {
            let listing = match live.listing(list) {
                _ if !self.keeps_list(list) => Listing::Absent,
                Listing::Read(items) => {
                    Listing::Read(items.iter().map(|item| self.item(list, item)).collect())
                }
                other => other.clone(),
            };
            seen.set_listing(list, listing);
        }
        seen
    }

    fn initialize(&self, live: &Surface) -> Object {
        let mut initialize = Object::new();
        if let Some(version) = &live.protocol_version {
            initialize.push("protocolVersion", version.as_str());
        }
        if let Some(info) = live.server_info() {
            initialize.push("serverInfo", only(info, &["name", "version"]));
        }
        if let Some(capabilities) = live.capabilities() {
            let names = capabilities
                .iter()
                .filter(|(name, _)| self.keeps_capability(name))
                .map(|(name, _)| (name.to_owned(), Object::new().into()));
            initialize.push("capabilities", names.collect::<Object>());
        }
        if let Some(instructions) = live.instructions()
            && self.later_members
            && self.since("2025-06-18")
        {
            initialize.push("instructions", instructions);
        }
        initialize
    }

    /// Whether a list is in such files at all.
    pub(super) fn keeps_list(&self, list: List) -> bool {
        match list {
            List::Tools | List::Prompts => true,
            List::Resources => self.resources,
            List::ResourceTemplates => self.templates,
        }
    }

    fn keeps_capability(&self, name: &str) -> bool {
        match name {
            "tools" | "prompts" | "resources" | "logging" => true,
            "completions" => self.later_members && self.since("2025-03-26"),
            "tasks" => self.later_members && self.since("2025-11-25"),
            _ => false,
        }
    }

    /// The part of an item that such files hold.
    pub(super) fn item(&self, list: List, item: &Json) -> Json {
        let Some(object) = item.as_object() else {
            return item.clone();
        };
        let kept = object
            .iter()
            .filter(|(name, value)| self.keeps_member(list, name) && !is_filler(list, name, value))
            .map(|(name, value)| (name.to_owned(), inside(list, name, value)));
        kept.collect::<Object>().into()
    }

    /// The names of what [`item`](Self::item) leaves out of an item: `icons`, `annotations.x`. What only stands for
    /// nothing is not among them.
    pub(super) fn lost(&self, list: List, item: &Object) -> Vec<String> {
        let mut lost = Vec::new();
        for (name, value) in item.iter() {
            if self.keeps_member(list, name) {
                left_out(name, value, &inside(list, name, value), &mut lost);
            } else {
                lost.push(name.to_owned());
            }
        }
        lost
    }

    /// Whether a member of an item is in such files.
    pub(super) fn keeps_member(&self, list: List, name: &str) -> bool {
        let later = |revision| self.later_members && self.since(revision);
        match (list, name) {
            (List::Tools, "name" | "description" | "inputSchema")
            | (List::Prompts, "name" | "description" | "arguments")
            | (List::Resources, "uri" | "name" | "description" | "mimeType")
            | (List::ResourceTemplates, "uriTemplate" | "name" | "description" | "mimeType") => {
                true
            }
            (_, "title")
            | (List::Tools | List::Resources, "annotations")
            | (List::Resources, "size") => later("2025-03-26"),
            (List::Tools, "outputSchema") => later("2025-06-18"),
            (List::Tools, "execution") => later("2025-11-25"),
            _ => false,
        }
    }

    /// Whether the revision is this one or later; revisions are dates.
    fn since(&self, revision: &str) -> bool {
        self.revision.as_str() >= revision
    }
}

/// `2.1.3-beta` is 2, 1 and 3.
fn numbers(version: &str) -> (u64, u64, u64) {
    let mut parts = version.trim_start_matches('v').split('.').map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit());
        let digits = &part[..digits.unwrap_or(part.len())];
        digits.parse().unwrap_or(0)
    });
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

/// What the TypeScript bellwether wrote for a tool that has no such member; the two cannot be told apart.
fn is_filler(list: List, name: &str, value: &Json) -> bool {
    list == List::Tools
        && match name {
            "description" => value.as_str() == Some(""),
            "inputSchema" => value.as_object().is_some_and(Object::is_empty),
            _ => false,
        }
}

/// The part of a member that such files hold. Schemas are whole.
fn inside(list: List, name: &str, value: &Json) -> Json {
    match (list, name) {
        (List::Tools, "annotations") => only(
            value,
            &[
                "title",
                "readOnlyHint",
                "destructiveHint",
                "idempotentHint",
                "openWorldHint",
            ],
        ),
        (List::Tools, "execution") => only(value, &["taskSupport"]),
        (List::Resources, "annotations") => only(value, &["audience", "priority", "lastModified"]),
        (List::Prompts, "arguments") => value.as_array().map_or_else(
            || value.clone(),
            |arguments| {
                let kept = arguments
                    .iter()
                    .map(|argument| only(argument, &["name", "description", "required"]));
                Json::Array(kept.collect())
            },
        ),
        _ => value.clone(),
    }
}

/// The members of a value, or of the elements of an array, that are not in the kept one.
fn left_out(name: &str, whole: &Json, kept: &Json, lost: &mut Vec<String>) {
    match (whole, kept) {
        (Json::Object(whole), Json::Object(kept)) => {
            let names = whole.iter().map(|(inner, _)| inner);
            let gone = names.filter(|inner| kept.get(inner).is_none());
            lost.extend(gone.map(|inner| format!("{name}.{inner}")));
        }
        (Json::Array(whole), Json::Array(kept)) => {
            for (whole, kept) in whole.iter().zip(kept) {
                left_out(name, whole, kept, lost);
            }
        }
        _ => {}
    }
}

fn only(json: &Json, names: &[&str]) -> Json {
    json.as_object().map_or_else(
        || json.clone(),
        |object| {
            let kept = object.iter().filter(|(name, _)| names.contains(name));
            kept.map(|(name, value)| (name.to_owned(), value.clone()))
                .collect::<Object>()
                .into()
        },
    )
}
