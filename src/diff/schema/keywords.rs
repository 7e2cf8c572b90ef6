//! What is left when structure is done: texts, defaults, formats, annotations, and keywords nobody knows.

use super::inclusion::{self, Answer};
use super::node::{Held, Node};
use super::spot::{Spot, home, value};
use super::walk::Walk;
use crate::diff::change::{Step, What};
use crate::diff::members::words;
use crate::diff::schema_fact::{SchemaFact, Side};
use crate::diff::text;
use crate::diff::text_fact::TextOf;
use crate::inclusion::Lead;
use crate::json::Json;

/// Keywords that accept and refuse values in ways that only a proof could compare.
const CONSTRAINTS: [&str; 12] = [
    "not",
    "if",
    "then",
    "else",
    "minContains",
    "maxContains",
    "dependentRequired",
    "dependencies",
    "$dynamicRef",
    "$recursiveRef",
    "enum",
    "const",
];

/// Dialects whose rules are known.
const DIALECTS: [&str; 5] = [
    "://json-schema.org/draft-04/schema",
    "://json-schema.org/draft-06/schema",
    "://json-schema.org/draft-07/schema",
    "://json-schema.org/draft/2019-09/schema",
    "://json-schema.org/draft/2020-12/schema",
];

/// Compares every keyword that is left in two nodes.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, spot: &Spot, mut old: Node<'a>, mut new: Node<'a>) {
    for name in ["$defs", "definitions"] {
        // A definition matters only where it is referred to.
        old.rest.remove(name);
        new.rest.remove(name);
    }
    let names: std::collections::BTreeSet<&str> =
        old.rest.keys().chain(new.rest.keys()).copied().collect();
    for name in names {
        let (a, b) = (old.rest.get(name), new.rest.get(name));
        let same = match (value(a), value(b)) {
            (Some(a), Some(b)) => walk.identical(a, b) && leads_alike(walk, name, a),
            _ => false,
        };
        if !same {
            keyword(walk, spot, name, a, b);
        }
    }
    let names: std::collections::BTreeSet<&String> =
        old.hidden.keys().chain(new.hidden.keys()).collect();
    for name in names {
        let (a, b) = (old.hidden.get(name), new.hidden.get(name));
        if value(a) != value(b) {
            let keyword = name.rsplit('/').next().unwrap_or(name);
            walk.fact(
                SchemaFact::Annotation,
                &spot.keyword(keyword, home(a), home(b)),
                value(a),
                value(b),
            );
        }
    }
}

fn keyword<'a>(
    walk: &mut Walk<'a>,
    spot: &Spot,
    name: &str,
    old: Option<&Held<'a>>,
    new: Option<&Held<'a>>,
) {
    let spot = spot.keyword(name, home(old), home(new));
    let (a, b) = (value(old), value(new));
    let step = match (a, b) {
        (None, _) => Step::Added,
        (_, None) => Step::Removed,
        _ => Step::Changed,
    };
    let fact = match name {
        "description" => match (words(a), words(b)) {
            (Some(before), Some(now)) => {
                let of = if walk.side == Side::Input {
                    TextOf::Input
                } else {
                    TextOf::Output
                };
                let edit = text::edit(of, "", before, now);
                walk.record(What::Text { of, edit }, &spot, a, b);
                return;
            }
            _ => SchemaFact::Annotation,
        },
        "title" => SchemaFact::Title,
        "default" => SchemaFact::Default(step),
        "format" if step == Step::Removed => SchemaFact::FormatRemoved,
        "format" => SchemaFact::FormatChanged,
        "x-mcp-header" if step == Step::Removed => SchemaFact::HeaderUnmirrored,
        "x-mcp-header" => SchemaFact::HeaderMirrored,
        "$schema" => match (dialect(a), dialect(b)) {
            (_, None) => SchemaFact::Invalid {
                was_valid: dialect(a).is_some(),
            },
            (Some(before), Some(now)) if before == now => {
                walk.equal(&spot.place, "the same dialect");
                return;
            }
            (Some(_), Some(_)) if !walk.depends_on_dialect() => {
                walk.equal(&spot.place, "both dialects read this schema alike");
                return;
            }
            _ => SchemaFact::Changed,
        },
        "$ref" => reference(walk, a, b),
        // A type that is none, or a schema that is none.
        "type" | "" if b.is_some() => SchemaFact::Invalid {
            was_valid: a.is_none(),
        },
        "type" | "" => SchemaFact::Changed,
        "not" | "if" | "then" | "else" if means_the_same(walk, &spot, a, b) => {
            walk.equal(&spot.place, "the same schema in another spelling");
            return;
        }
        _ if CONSTRAINTS.contains(&name) => match step {
            Step::Added if !matches!(name, "then" | "else" | "maxContains") => {
                SchemaFact::Tightened
            }
            Step::Removed if !matches!(name, "then" | "else" | "minContains") => {
                SchemaFact::Loosened
            }
            _ => SchemaFact::Changed,
        },
        _ => SchemaFact::Annotation,
    };
    walk.fact(fact, &spot, a, b);
}

/// Whether two schemas that a structural walk cannot compare one by one are known to accept the same values.
fn means_the_same<'a>(
    walk: &Walk<'a>,
    spot: &Spot,
    old: Option<&'a Json>,
    new: Option<&'a Json>,
) -> bool {
    let (Some(old), Some(new)) = (old, new) else {
        return false;
    };
    let old_rank = walk.known.in_order(true, std::slice::from_ref(old));
    (old_rank.is_some() && old_rank == walk.known.in_order(false, std::slice::from_ref(new)))
        || inclusion::equal(walk, spot, old, new) != Answer::Unknown
}

/// Whether a reference of the same text on both sides, which was not followed, leads to the same.
fn leads_alike(walk: &Walk<'_>, name: &str, reference: &Json) -> bool {
    match (name, reference.as_str()) {
        ("$ref" | "$dynamicRef" | "$recursiveRef", Some(text)) => {
            walk.known.leads_alike(name, text)
        }
        _ => true,
    }
}

/// A reference that was not followed.
fn reference(walk: &Walk<'_>, old: Option<&Json>, new: Option<&Json>) -> SchemaFact {
    let leads = |old: bool, value: Option<&Json>| {
        let leads = |text| walk.known.leads("$ref", text, old);
        value.and_then(Json::as_str).map(leads)
    };
    let is = |lead: &Option<Vec<Lead<'_>>>, wanted: Lead<'_>| {
        lead.as_ref()
            .is_some_and(|leads| leads.iter().all(|lead| *lead == wanted))
    };
    let (was, now) = (leads(true, old), leads(false, new));
    if is(&now, Lead::Remote) {
        SchemaFact::RemoteReference {
            was_local: !is(&was, Lead::Remote),
        }
    } else if is(&now, Lead::Nowhere) || (new.is_some() && now.is_none()) {
        SchemaFact::Invalid {
            was_valid: old.is_none(),
        }
    } else {
        SchemaFact::Changed
    }
}

/// The dialect of `$schema`, by index; the default where it is missing, nothing where it is unknown.
fn dialect(value: Option<&Json>) -> Option<usize> {
    let Some(value) = value else {
        return Some(DIALECTS.len() - 1);
    };
    let uri = value.as_str()?.trim_end_matches('#').trim_end_matches('/');
    DIALECTS.iter().position(|known| {
        uri.strip_prefix("https")
            .or_else(|| uri.strip_prefix("http"))
            == Some(known)
    })
}
