//! One JSON Schema document with the resources inside it, and where each reference leads.
//!
//! Identifiers (`$id`, `$anchor` and their kin) are collected once, only where the dialect has schemas; places are told
//! apart when somebody goes there. Below a keyword that holds no schemas an `$id` names nothing that others can refer
//! to, yet it is the base of what stands below it: a reference may lead there, and then it is a schema.

mod identifiers;
mod uri;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use url::Url;

use self::identifiers::Role;
use super::{Dialect, metaschemas};
use crate::json::{Json, Pointer};

/// A place in a document. The same place is always the same location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Location(u32);

/// A schema resource of a document: the document itself, or a schema inside it that has an identifier of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Resource(u32);

/// A `$schema` names no dialect that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unknown;

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// To this schema.
    At(Location),
    /// To another document, which is never fetched: its URI with the fragment, absolute where a base is known.
    Remote(String),
    /// Into this document, at nothing or at what is no schema.
    Nowhere,
}

/// One JSON Schema document. The metaschemas of all dialects are there as further resources.
#[derive(Debug)]
pub(super) struct Document<'a> {
    places: Vec<Place<'a>>,
    resources: Vec<Named<'a>>,
    /// Places by the address of their value, which is their identity.
    by_address: BTreeMap<usize, Location>,
    by_uri: BTreeMap<String, Resource>,
    /// The members of large objects that somebody looked into.
    members: BTreeMap<Location, BTreeMap<&'a str, &'a Json>>,
    /// What finding the identifiers has cost so far, in steps.
    cost: u64,
}

#[derive(Debug)]
struct Place<'a> {
    value: &'a Json,
    above: Option<(Location, Step<'a>)>,
    resource: Resource,
    role: Role,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

#[derive(Debug)]
struct Named<'a> {
    root: Location,
    /// Nothing where the identifier is no URI: then a relative reference names nothing.
    base: Option<Url>,
    /// Whether it can be referred to by its URI.
    listed: bool,
    /// The dialect; where it is unknown, the one that the schema is read by to find identifiers.
    reading: Dialect,
    known: bool,
    anchors: BTreeMap<&'a str, Location>,
    dynamic_anchors: BTreeMap<&'a str, Location>,
}

/// What finding the identifiers of a document may cost, in steps; a document where it costs more is not read.
const IDENTIFIERS: u64 = 50_000;

/// Objects of more members than this are looked into by index.
const LARGE: usize = 16;

impl<'a> Document<'a> {
    /// The document of a schema, which is read by this dialect where it has no `$schema`.
    pub(super) fn new(root: &'a Json, dialect: Dialect) -> Self {
        let mut document = Self {
            places: Vec::new(),
            resources: Vec::new(),
            by_address: BTreeMap::new(),
            by_uri: BTreeMap::new(),
            members: BTreeMap::new(),
            cost: 0,
        };
        document.take_up(root, dialect);
        document
    }

    /// What finding the identifiers has cost, in steps.
    pub(super) fn cost(&self) -> u64 {
        self.cost
    }

    /// Whether all identifiers were found. Else nobody can say where a reference leads, nor what a schema means.
    pub(super) fn is_whole(&self) -> bool {
        self.cost < IDENTIFIERS
    }

    /// Notes what finding identifiers costs; whether to go on.
    fn spend(&mut self, steps: u64) -> bool {
        self.cost = self.cost.saturating_add(steps).min(IDENTIFIERS);
        self.is_whole()
    }

    /// The whole schema.
    pub(super) fn root(&self) -> Location {
        Location(0)
    }

    /// Whether a place stands in the document itself, and not in a metaschema.
    pub(super) fn is_own(&self, at: Location) -> bool {
        let mut top = at;
        while let Some((above, _)) = self.place(top).above {
            top = above;
        }
        top == self.root()
    }

    /// Whether the document is its only resource.
    pub(super) fn is_alone(&self) -> bool {
        self.resources.len() == 1
    }

    /// Where the resources of the document itself begin.
    pub(super) fn own_resources(&self) -> Vec<Pointer> {
        let roots = self.resources.iter().map(|resource| resource.root);
        let own = roots.filter(|root| self.is_own(*root));
        own.map(|root| self.pointer(root)).collect()
    }

    /// What stands at a place.
    pub(super) fn schema(&self, at: Location) -> &'a Json {
        self.place(at).value
    }

    /// The place below another one, by keyword, index or name. It must be there.
    pub(super) fn child(&mut self, at: Location, tokens: &[&str]) -> Location {
        tokens.iter().fold(at, |at, token| {
            self.below(at, token)
                .expect("only what was seen in a schema is asked for")
        })
    }

    /// The schema at a pointer from the root; nothing where there is none.
    pub(super) fn at(&mut self, pointer: &Pointer) -> Option<Location> {
        self.find(self.root(), pointer)
    }

    /// The pointer to a place from the root of the text it stands in (a metaschema is a text of its own).
    pub(super) fn pointer(&self, at: Location) -> Pointer {
        let mut steps = Vec::new();
        let mut place = self.place(at);
        while let Some((above, step)) = place.above {
            steps.push(step);
            place = self.place(above);
        }
        let root = Pointer::root();
        steps.iter().rev().fold(root, |pointer, step| match step {
            Step::Name(name) => pointer.join(name),
            Step::Index(index) => pointer.join(index),
        })
    }

    /// The dialect of the resource that a place belongs to.
    ///
    /// # Errors
    ///
    /// [`Unknown`] where its `$schema` names none.
    pub(super) fn dialect(&self, at: Location) -> Result<Dialect, Unknown> {
        let resource = self.named(self.resource(at));
        resource.known.then_some(resource.reading).ok_or(Unknown)
    }

    /// The resource that a place belongs to: that of the nearest identifier at or above it.
    pub(super) fn resource(&self, at: Location) -> Resource {
        self.place(at).resource
    }

    /// The root of a resource.
    pub(super) fn resource_root(&self, resource: Resource) -> Location {
        self.named(resource).root
    }

    /// Where a reference at a place leads: that of `$ref`, and the static part of `$dynamicRef` and `$recursiveRef`.
    pub(super) fn resolve(&mut self, from: Location, reference: &str) -> Target {
        let (name, fragment) = uri::split(reference);
        let resource = if name.is_empty() {
            self.resource(from)
        } else {
            let base = self.named(self.resource(from)).base.as_ref();
            let Some(uri) = uri::join(base, name) else {
                return Target::Remote(reference.to_owned());
            };
            let Some(resource) = self.of_uri(&uri) else {
                return Target::Remote(uri::text(&uri, fragment));
            };
            resource
        };
        let root = self.resource_root(resource);
        let found = uri::decoded(fragment).and_then(|fragment| {
            if let Some(pointer) = Pointer::parse(&fragment) {
                self.find(root, &pointer)
            } else {
                self.named(resource).anchors.get(&*fragment).copied()
            }
        });
        found.map_or(Target::Nowhere, Target::At)
    }

    /// The schema that has this `$dynamicAnchor` in a resource (2020-12).
    pub(super) fn dynamic_anchor(&self, resource: Resource, name: &str) -> Option<Location> {
        self.named(resource).dynamic_anchors.get(name).copied()
    }

    /// Every `$dynamicAnchor` of a resource, by name (2020-12).
    pub(super) fn dynamic_anchors(&self, resource: Resource) -> Vec<(String, Location)> {
        let anchors = self.named(resource).dynamic_anchors.iter();
        anchors
            .map(|(name, at)| ((*name).to_owned(), *at))
            .collect()
    }

    /// Whether a resource has `$recursiveAnchor: true` at its root (2019-09).
    pub(super) fn recursive_anchor(&self, resource: Resource) -> bool {
        let Named { root, reading, .. } = self.named(resource);
        let anchor = self.schema(*root).get("$recursiveAnchor");
        *reading == Dialect::Draft201909 && anchor.and_then(Json::as_bool) == Some(true)
    }

    fn of_uri(&mut self, uri: &Url) -> Option<Resource> {
        if let Some(resource) = self.by_uri.get(uri.as_str()) {
            return Some(*resource);
        }
        let (schema, dialect) = metaschemas::named(uri.as_str())?;
        // It may be there under its other scheme.
        let known = self.by_address.get(&address(schema)).copied();
        let resource = match known {
            Some(at) => self.resource(at),
            None => {
                // Of these there are few, all of them small.
                let cost = self.cost;
                let resource = self.take_up(schema, dialect);
                self.cost = cost;
                resource
            }
        };
        self.by_uri.insert(uri.to_string(), resource);
        Some(resource)
    }

    fn find(&mut self, from: Location, pointer: &Pointer) -> Option<Location> {
        let mut tokens = pointer.tokens();
        let at = tokens.try_fold(from, |at, token| self.below(at, &token))?;
        matches!(self.schema(at), Json::Object(_) | Json::Bool(_)).then_some(at)
    }

    fn below(&mut self, at: Location, token: &str) -> Option<Location> {
        let (step, value) = match self.schema(at) {
            Json::Array(items) => {
                let index: usize = token.parse().ok()?;
                let plain = token == "0" || !token.starts_with(['0', '+']);
                (Step::Index(index), items.get(index).filter(|_| plain)?)
            }
            Json::Object(object) if object.len() > LARGE => {
                let members = self.members.entry(at).or_insert_with(|| object.by_name());
                let (name, value) = members.get_key_value(token)?;
                (Step::Name(name), *value)
            }
            Json::Object(object) => {
                let (name, value) = object.written().filter(|(name, _)| *name == token).last()?;
                (Step::Name(name), value)
            }
            _ => return None,
        };
        Some(self.go(at, step, value))
    }

    /// The place one step below another.
    fn go(&mut self, above: Location, step: Step<'a>, value: &'a Json) -> Location {
        if let Some(known) = self.by_address.get(&address(value)) {
            return *known;
        }
        let Place { resource, role, .. } = *self.place(above);
        let role = role.below(self.named(resource).reading, step, value);
        let at = self.put(Place {
            value,
            above: Some((above, step)),
            resource,
            role,
        });
        if role == Role::Other {
            self.enter(at);
        }
        at
    }

    fn put(&mut self, place: Place<'a>) -> Location {
        let at = self.next_location();
        self.by_address.insert(address(place.value), at);
        self.places.push(place);
        at
    }

    fn next_location(&self) -> Location {
        let index = u32::try_from(self.places.len());
        Location(index.expect("a schema of fewer than 2^32 values"))
    }

    fn next_resource(&self) -> Resource {
        let index = u32::try_from(self.resources.len());
        Resource(index.expect("a schema of fewer than 2^32 values"))
    }

    fn place(&self, at: Location) -> &Place<'a> {
        &self.places[at.0 as usize]
    }

    fn named(&self, resource: Resource) -> &Named<'a> {
        &self.resources[resource.0 as usize]
    }
}

/// The address of a value, which no other value of the same lifetime has.
fn address(value: &Json) -> usize {
    std::ptr::from_ref(value).addr()
}
