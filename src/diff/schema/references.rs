//! References: what they lead to inside a document, and which ones a schema holds.

use crate::inclusion::{Lead, References};
use crate::json::{Json, Pointer};

/// What a reference inside the document leads to, and where that stands.
pub(super) fn resolve<'a>(
    references: &References<'a>,
    base: &Pointer,
    home: &Pointer,
    (keyword, reference): (&str, &str),
) -> Option<(&'a Json, Pointer)> {
    let from = Pointer::parse(home.as_str().strip_prefix(base.as_str())?)?;
    let Lead::To(target, inside) = references.follow(&from, keyword, reference) else {
        return None;
    };
    let home = Pointer::parse(&format!("{base}{inside}"))?;
    Some((target, home))
}

/// Where the same text of a reference leads from each base in a document.
pub(super) struct Ends<'a> {
    bases: Vec<Pointer>,
    pub(super) leads: Vec<Lead<'a>>,
}

impl<'a> Ends<'a> {
    pub(super) fn of(references: &References<'a>, keyword: &str, reference: &str) -> Self {
        let bases = if references.alone() {
            vec![Pointer::root()]
        } else {
            references.bases()
        };
        let lead = |base: &Pointer| references.follow(base, keyword, reference);
        let leads = bases.iter().map(lead).collect();
        Self { bases, leads }
    }

    /// Whether it leads to the same text from each base on both sides; from bases that differ nobody can say.
    pub(super) fn same(&self, other: &Self, equal: impl Fn(&Json, &Json) -> bool) -> bool {
        let same = |(a, b): (&Lead<'_>, &Lead<'_>)| match (a, b) {
            (Lead::To(a, _), Lead::To(b, _)) => equal(a, b),
            (Lead::Remote, Lead::Remote) | (Lead::Metaschema, Lead::Metaschema) => true,
            // What leads nowhere from one base may not stand there.
            (Lead::Nowhere, Lead::Nowhere) => self.bases.len() > 1,
            _ => false,
        };
        self.bases == other.bases && self.leads.iter().zip(&other.leads).all(same)
    }

    /// The schemas that it leads to.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &'a Json> {
        self.leads.iter().filter_map(|lead| match lead {
            Lead::To(schema, _) => Some(*schema),
            _ => None,
        })
    }
}

/// Whether every reference of both schemas leads into definitions, and these are the same.
pub(super) fn refers_to_nothing_that_differs(old: &Json, new: &Json) -> bool {
    let same = |name| old.get(name) == new.get(name);
    same("$defs") && same("definitions") && only_definitions(old) && only_definitions(new)
}

/// Whether every reference of a whole schema leads into its definitions.
pub(super) fn only_definitions(root: &Json) -> bool {
    leads_to_definitions(root, true)
}

fn leads_to_definitions(value: &Json, top: bool) -> bool {
    match value {
        Json::Object(object) => object.iter().all(|(name, value)| match (name, value) {
            ("$ref", Json::String(reference)) => {
                reference.starts_with("#/$defs/") || reference.starts_with("#/definitions/")
            }
            ("$dynamicRef" | "$recursiveRef", Json::String(_)) => false,
            // Below an identifier of its own a pointer starts elsewhere.
            ("$id" | "id", Json::String(_)) if !top => false,
            _ => leads_to_definitions(value, false),
        }),
        Json::Array(items) => items.iter().all(|item| leads_to_definitions(item, false)),
        _ => true,
    }
}

/// Every reference in a text, each with its keyword.
pub(super) fn references_in<'v>(value: &'v Json, found: &mut Vec<(&'v str, &'v str)>) {
    match value {
        Json::Object(object) => {
            for (name, value) in object.iter() {
                match (name, value) {
                    ("$ref" | "$dynamicRef" | "$recursiveRef", Json::String(reference)) => {
                        found.push((name, reference))
                    }
                    _ => references_in(value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| references_in(item, found)),
        _ => {}
    }
}
