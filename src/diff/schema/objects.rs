//! Objects: which properties there are, which must be there, and whether others may.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Held, Node};
use super::spot::{Spot, home, value};
use super::walk::Walk;
use crate::diff::change::Alike;
use crate::diff::renamed_parts::{self, Part};
use crate::diff::schema_fact::SchemaFact;
use crate::json::{Json, Object, Pointer};

/// Compares `properties`, `required` and `additionalProperties`.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    spot: &Spot,
    old: &mut Node<'a>,
    new: &mut Node<'a>,
) {
    let properties = take(old, new, "properties");
    let required = take(old, new, "required");
    let additional = take(old, new, "additionalProperties");
    let was_closed = is_false(additional.0.as_ref());
    let is_object = |v: &Json| v.as_object().is_some();
    let are_names = |v: &Json| names(Some(v)).is_some();
    let malformed = if !well_formed(walk, spot, "properties", &properties, is_object) {
        Some("properties")
    } else if !well_formed(walk, spot, "required", &required, are_names) {
        Some("required")
    } else {
        None
    };
    if let Some(malformed) = malformed {
        // Beside what has no meaning nobody can compare the other.
        for (name, both) in [("properties", &properties), ("required", &required)] {
            let (old, new) = (both.0.as_ref(), both.1.as_ref());
            let told = malformed == name;
            if !told && value(old) != value(new) {
                let spot = spot.keyword(name, home(old), home(new));
                walk.fact(SchemaFact::Changed, &spot, value(old), value(new));
            }
        }
        closing(walk, spot, &additional);
        return;
    }
    let needs = Needs {
        old: names(value(required.0.as_ref())).unwrap_or_default(),
        new: names(value(required.1.as_ref())).unwrap_or_default(),
        spot: spot.keyword(
            "required",
            home(required.0.as_ref()),
            home(required.1.as_ref()),
        ),
        lists: (value(required.0.as_ref()), value(required.1.as_ref())),
    };
    let (before, now) = (object(properties.0.as_ref()), object(properties.1.as_ref()));
    let inside = spot.keyword(
        "properties",
        home(properties.0.as_ref()),
        home(properties.1.as_ref()),
    );
    if !pay(walk, &properties) || !pay(walk, &required) {
        return;
    }
    let by_name = |side: Option<&'a Object>| side.map(Object::by_name).unwrap_or_default();
    let (a, b) = (by_name(before), by_name(now));
    let gone: Vec<_> = a
        .iter()
        .filter(|(name, _)| !b.contains_key(*name))
        .map(|(n, v)| (*n, *v))
        .collect();
    let came: Vec<_> = b
        .iter()
        .filter(|(name, _)| !a.contains_key(*name))
        .map(|(n, v)| (*n, *v))
        .collect();
    if properties.0.is_some() != properties.1.is_some() && gone.is_empty() && came.is_empty() {
        walk.equal(&inside.place, "no properties are named");
    }
    let renames = renames(walk, &needs, &gone, &came);
    let renamed: BTreeSet<&str> = renames.values().map(|(to, _)| *to).collect();
    for (name, schema) in &gone {
        if walk.is_over() {
            return;
        }
        let spot = inside.join(*name);
        let was_required = needs.old.contains(name);
        if let Some((to, alike)) = renames.get(name) {
            walk.fact(
                SchemaFact::PropertyRenamed {
                    required: was_required,
                    alike: *alike,
                },
                &spot,
                Some(schema),
                b.get(to).copied(),
            );
            walk.also(&inside.place.join(*to));
            walk.also(&inside.new.join(*to));
            needs.cover(walk, was_required || needs.new.contains(to));
            continue;
        }
        let fact = if was_required && confirms(name) {
            SchemaFact::GuardRemoved { confirmation: true }
        } else {
            SchemaFact::PropertyRemoved {
                required: was_required,
            }
        };
        walk.fact(fact, &spot, Some(schema), None);
        needs.cover(walk, was_required || needs.new.contains(name));
    }
    for (name, schema) in &came {
        if walk.is_over() {
            return;
        }
        if renamed.contains(name) {
            continue;
        }
        let required = needs.new.contains(name);
        let fact = SchemaFact::PropertyAdded {
            required,
            default: schema.get("default").is_some(),
            to_closed: was_closed,
        };
        walk.fact(fact, &inside.join(*name), None, Some(schema));
        needs.cover(walk, required || needs.old.contains(name));
    }
    let settled: BTreeSet<&str> = gone.iter().chain(&came).map(|(name, _)| *name).collect();
    needs.compare(walk, &inside, &settled, |name| a.contains_key(name));
    for (name, schema) in &a {
        if walk.is_over() {
            return;
        }
        if let Some(other) = b.get(name).filter(|other| !walk.identical(schema, other)) {
            walk.schemas(&inside.join(*name), schema, other);
        }
    }
    closing(walk, spot, &additional);
}

/// Pays for an index of the members of both sides.
fn pay(walk: &Walk<'_>, both: &Both<'_>) -> bool {
    let count = |held: Option<&Held<'_>>| match value(held) {
        Some(Json::Object(object)) => object.len(),
        Some(Json::Array(items)) => items.len(),
        _ => 0,
    };
    let count = count(both.0.as_ref()) + count(both.1.as_ref());
    walk.known.purse.spend(4 * count)
}

/// A keyword of both sides.
pub(super) type Both<'a> = (Option<Held<'a>>, Option<Held<'a>>);

/// Takes a keyword out of both nodes.
pub(super) fn take<'a>(old: &mut Node<'a>, new: &mut Node<'a>, name: &str) -> Both<'a> {
    (old.rest.remove(name), new.rest.remove(name))
}

/// Whether a keyword has the form that it must have on both sides; reports it where it differs and has not.
pub(super) fn well_formed(
    walk: &mut Walk<'_>,
    spot: &Spot,
    name: &str,
    both: &Both<'_>,
    form: fn(&Json) -> bool,
) -> bool {
    let formed = |held: Option<&Held<'_>>| held.is_none_or(|held| form(held.value));
    let (old, new) = (both.0.as_ref(), both.1.as_ref());
    if formed(old) && formed(new) {
        return true;
    }
    if value(old) != value(new) {
        let spot = spot.keyword(name, home(old), home(new));
        let fact = if formed(new) {
            SchemaFact::Changed
        } else {
            SchemaFact::Invalid {
                was_valid: formed(old),
            }
        };
        walk.fact(fact, &spot, value(old), value(new));
    }
    false
}

/// Of longer lists of required names together only the one in question is shown.
const LISTED: usize = 200;

/// What must be there on both sides.
struct Needs<'a> {
    old: BTreeSet<&'a str>,
    new: BTreeSet<&'a str>,
    spot: Spot,
    lists: (Option<&'a Json>, Option<&'a Json>),
}

impl Needs<'_> {
    /// Lets the last change speak for the list of required names, if it has to do with it.
    fn cover(&self, walk: &mut Walk<'_>, concerned: bool) {
        if concerned {
            for pointer in [&self.spot.place, &self.spot.old, &self.spot.new] {
                walk.also(pointer);
            }
        }
    }

    /// Reports names that are newly required, or no longer, and are neither new nor gone.
    fn compare(
        &self,
        walk: &mut Walk<'_>,
        properties: &Spot,
        settled: &BTreeSet<&str>,
        known: impl Fn(&str) -> bool,
    ) {
        if self.old == self.new {
            if self.lists.0 != self.lists.1 {
                walk.equal(&self.spot.place, "the same names are required");
                if self.spot.old != self.spot.place {
                    walk.equal(&self.spot.old.clone(), "the same names are required");
                }
            }
            return;
        }
        for name in self.old.symmetric_difference(&self.new) {
            if settled.contains(name) {
                continue;
            }
            let fact = match (self.new.contains(name), confirms(name)) {
                (true, _) => SchemaFact::Required,
                (false, true) => SchemaFact::GuardRemoved { confirmation: true },
                (false, false) => SchemaFact::Optional,
            };
            if walk.is_over() {
                return;
            }
            let text = Json::from(*name);
            let named = if self.new.contains(name) {
                (None, Some(&text))
            } else {
                (Some(&text), None)
            };
            if known(name) {
                let pointer: Pointer = properties.place.join(*name);
                let spot = Spot {
                    place: pointer.clone(),
                    old: pointer.clone(),
                    new: pointer,
                };
                let long = self.old.len() + self.new.len() > LISTED;
                let (old, new) = if long { named } else { self.lists };
                walk.fact(fact, &spot, old, new);
                self.cover(walk, true);
            } else {
                walk.fact(fact, &self.spot, named.0, named.1);
            }
        }
    }
}

/// Whether a parameter of that name asks for a confirmation.
fn confirms(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    ["confirm", "acknowledge", "approve", "consent", "areyousure"]
        .iter()
        .any(|word| name.contains(word))
}

/// Among more properties that came and went than this nobody looks for those that have another name.
const RENAMES: usize = 1_000;

/// Properties that stand under another name, old to new, and how alike the two are where they are not the same.
fn renames<'a>(
    walk: &Walk<'a>,
    needs: &Needs<'_>,
    gone: &[(&'a str, &'a Json)],
    came: &[(&'a str, &'a Json)],
) -> BTreeMap<&'a str, (&'a str, Option<Alike>)> {
    if gone.len() + came.len() > RENAMES {
        return BTreeMap::new();
    }
    let parts = |properties: &[(&'a str, &'a Json)], required: &BTreeSet<&str>| -> Vec<Part<'a>> {
        let part =
            |(name, schema): &(&'a str, &'a Json)| Part::new(name, schema, required.contains(name));
        properties.iter().map(part).collect()
    };
    let (old, new) = (parts(gone, &needs.old), parts(came, &needs.new));
    let found = renamed_parts::renames(&old, &new, |from, to| {
        walk.known.refers_alike(gone[from].1, came[to].1)
    });
    let named = |(from, (to, alike)): (usize, (usize, _))| (gone[from].0, (came[to].0, alike));
    found.into_iter().map(named).collect()
}

/// What `additionalProperties` says.
enum Rest<'a> {
    Open,
    Closed,
    Schema(&'a Json),
}

fn rest<'a>(held: Option<&Held<'a>>) -> Rest<'a> {
    match value(held) {
        None | Some(Json::Bool(true)) => Rest::Open,
        Some(Json::Bool(false)) => Rest::Closed,
        Some(Json::Object(object)) if object.is_empty() => Rest::Open,
        Some(schema) => Rest::Schema(schema),
    }
}

fn closing<'a>(walk: &mut Walk<'a>, spot: &Spot, both: &Both<'a>) {
    let (old, new) = (both.0.as_ref(), both.1.as_ref());
    let spot = spot.keyword("additionalProperties", home(old), home(new));
    let fact = match (rest(old), rest(new)) {
        (Rest::Open, Rest::Open) | (Rest::Closed, Rest::Closed) => {
            if value(old) != value(new) {
                walk.equal(&spot.place, "accepts the same values");
            }
            return;
        }
        (Rest::Schema(a), Rest::Schema(b)) => {
            walk.schemas(&spot, a, b);
            return;
        }
        (Rest::Open, Rest::Closed) => SchemaFact::Closed,
        (Rest::Closed, Rest::Open) => SchemaFact::Opened,
        (Rest::Open | Rest::Schema(_), _) if !matches!(rest(new), Rest::Open) => {
            SchemaFact::Tightened
        }
        _ => SchemaFact::Loosened,
    };
    walk.fact(fact, &spot, value(old), value(new));
}

fn is_false(held: Option<&Held<'_>>) -> bool {
    value(held).and_then(Json::as_bool) == Some(false)
}

fn object<'a>(held: Option<&Held<'a>>) -> Option<&'a Object> {
    value(held)?.as_object()
}

/// The names in `required`; nothing where it is no list of names.
fn names(value: Option<&Json>) -> Option<BTreeSet<&str>> {
    match value {
        None => Some(BTreeSet::new()),
        Some(Json::Array(names)) => names.iter().map(Json::as_str).collect(),
        Some(_) => None,
    }
}
