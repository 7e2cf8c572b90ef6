//! Where a schema says what it is called: `$id`, `$anchor` and their kin (JSON Schema core, section 8; in draft-04 to
//! draft-07 sections 7 to 9).

use std::cell::Cell;
use std::collections::BTreeMap;

use url::Url;

use super::{Document, Location, Named, Place, Resource, Step, uri};
use crate::inclusion::Dialect;
use crate::inclusion::keywords::{Holds, holds};
use crate::json::{Json, Object};

/// What a value is in a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A schema.
    Schema,
    /// An array of schemas.
    List,
    /// An object of schemas by name.
    Map,
    /// Nothing that the dialect takes for schemas.
    Other,
}

impl Role {
    /// The role of a value one step below one of this role.
    pub(super) fn below(self, dialect: Dialect, step: Step<'_>, value: &Json) -> Self {
        let role = match (self, step) {
            (Self::Schema, Step::Name(keyword)) => match (holds(dialect, keyword), value) {
                (Some(Holds::List | Holds::SchemaOrList), Json::Array(_)) => Self::List,
                (Some(Holds::Map | Holds::MapOrNames), Json::Object(_)) => Self::Map,
                (Some(Holds::Schema | Holds::SchemaOrList), _) => Self::Schema,
                _ => Self::Other,
            },
            (Self::List, Step::Index(_)) | (Self::Map, Step::Name(_)) => Self::Schema,
            _ => Self::Other,
        };
        let schema = matches!(value, Json::Object(_) | Json::Bool(_));
        if role == Self::Schema && !schema {
            return Self::Other;
        }
        role
    }
}

/// What a resource costs, in steps: its URI is read and listed.
const RESOURCE: u64 = 12;

/// A value on the way that the collector went; it becomes a place when something there has a name.
pub(super) struct Frame<'f, 'a> {
    value: &'a Json,
    above: Option<(&'f Frame<'f, 'a>, Step<'a>)>,
    at: Cell<Option<Location>>,
}

impl<'a> Frame<'_, 'a> {
    /// Where the way begins.
    pub(super) fn at(value: &'a Json, at: Location) -> Self {
        Self {
            value,
            above: None,
            at: Cell::new(Some(at)),
        }
    }
}

/// What a schema says about itself.
#[derive(Default)]
struct Identity<'a> {
    id: Option<&'a str>,
    draft_4_id: Option<&'a str>,
    refers: bool,
    schema: Option<&'a Json>,
    anchor: Option<&'a str>,
    dynamic_anchor: Option<&'a str>,
}

impl<'a> Identity<'a> {
    fn of(schema: &'a Json) -> Self {
        let mut identity = Self::default();
        for (name, value) in schema.as_object().into_iter().flat_map(Object::written) {
            match name {
                "$id" => identity.id = value.as_str(),
                "id" => identity.draft_4_id = value.as_str(),
                "$ref" => identity.refers = value.as_str().is_some(),
                "$schema" => identity.schema = Some(value),
                "$anchor" => identity.anchor = value.as_str(),
                "$dynamicAnchor" => identity.dynamic_anchor = value.as_str(),
                _ => {}
            }
        }
        identity
    }

    /// The dialect that the schema says it is in, and whether that is known; else it is read by the one around it.
    fn dialect(&self, around: (Dialect, bool)) -> (Dialect, bool) {
        match self
            .schema
            .map(|name| name.as_str().and_then(Dialect::of_uri))
        {
            None => around,
            Some(Some(dialect)) => (dialect, true),
            Some(None) => (around.0, false),
        }
    }

    /// The URI and the plain name that the identifier gives, each empty where it gives none.
    fn name(&self, dialect: Dialect) -> (&'a str, &'a str) {
        let id = match dialect {
            Dialect::Draft4 => self.draft_4_id,
            _ => self.id,
        };
        let id = id.filter(|_| dialect > Dialect::Draft7 || !self.refers);
        let (uri, fragment) = uri::split(id.unwrap_or_default());
        if dialect > Dialect::Draft7 {
            (uri, self.anchor.unwrap_or_default())
        } else {
            (uri, fragment)
        }
    }
}

impl<'a> Document<'a> {
    /// Takes up a text of its own with all identifiers in it, and gives its resource.
    pub(super) fn take_up(&mut self, root: &'a Json, dialect: Dialect) -> Resource {
        let resource = self.next_resource();
        let at = self.put(Place {
            value: root,
            above: None,
            resource,
            role: Role::Schema,
        });
        let frame = Frame::at(root, at);
        let identity = Identity::of(root);
        let dialect = identity.dialect((dialect, true));
        let (name, _) = identity.name(dialect.0);
        let unnamed = uri::unnamed();
        let base = if name.is_empty() {
            Some(unnamed)
        } else {
            uri::join(Some(&unnamed), name)
        };
        self.begin(at, base, dialect, true);
        self.anchor(&frame, &identity, resource);
        self.collect_below(&frame, Role::Schema, resource);
        resource
    }

    /// Makes a value that the dialect does not take for a schema a resource, where it has an identifier.
    pub(super) fn enter(&mut self, at: Location) {
        let Place {
            value, resource, ..
        } = *self.place(at);
        let identity = Identity::of(value);
        let frame = Frame::at(value, at);
        if let Some(own) = self.begin_inside(&frame, &identity, resource, false) {
            self.places[at.0 as usize].role = Role::Schema;
            self.anchor(&frame, &identity, own);
            self.collect_below(&frame, Role::Schema, own);
        }
    }

    /// Collects the identifiers below a value of that role.
    fn collect_below(&mut self, above: &Frame<'_, 'a>, role: Role, resource: Resource) {
        match above.value {
            Json::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    self.collect(above, Step::Index(index), value, role, resource);
                }
            }
            Json::Object(object) if object.repeats() => {
                for (name, value) in object.by_name() {
                    self.collect(above, Step::Name(name), value, role, resource);
                }
            }
            Json::Object(object) => {
                for (name, value) in object.written() {
                    self.collect(above, Step::Name(name), value, role, resource);
                }
            }
            _ => {}
        }
    }

    /// Collects the identifiers of a value one step below one of that role, and of all below it.
    fn collect(
        &mut self,
        above: &Frame<'_, 'a>,
        step: Step<'a>,
        value: &'a Json,
        role: Role,
        around: Resource,
    ) {
        let role = role.below(self.named(around).reading, step, value);
        let steps = match value {
            Json::Object(members) if role == Role::Schema => 1 + members.len() as u64 / 4,
            Json::Object(_) | Json::Array(_) => 1,
            _ => return,
        };
        if role == Role::Other || !self.spend(steps) {
            return;
        }
        let frame = Frame {
            value,
            above: Some((above, step)),
            at: Cell::new(None),
        };
        let mut resource = around;
        if role == Role::Schema {
            let identity = Identity::of(value);
            let listed = self.named(around).listed;
            let own = self.begin_inside(&frame, &identity, around, listed);
            resource = own.unwrap_or(around);
            self.anchor(&frame, &identity, resource);
        }
        self.collect_below(&frame, role, resource);
    }

    /// Begins a resource inside another one, where the schema has an identifier.
    fn begin_inside(
        &mut self,
        frame: &Frame<'_, 'a>,
        identity: &Identity<'a>,
        around: Resource,
        listed: bool,
    ) -> Option<Resource> {
        let outer = self.named(around);
        let dialect = identity.dialect((outer.reading, outer.known));
        let (name, _) = identity.name(dialect.0);
        if name.is_empty() {
            return None;
        }
        let base = uri::join(outer.base.as_ref(), name);
        let at = self.locate(frame);
        Some(self.begin(at, base, dialect, listed))
    }

    fn begin(
        &mut self,
        root: Location,
        base: Option<Url>,
        (reading, known): (Dialect, bool),
        listed: bool,
    ) -> Resource {
        self.spend(RESOURCE);
        let resource = self.next_resource();
        if let Some(uri) = base.as_ref().filter(|_| listed) {
            self.by_uri.entry(uri.to_string()).or_insert(resource);
        }
        self.places[root.0 as usize].resource = resource;
        self.resources.push(Named {
            root,
            base,
            listed,
            reading,
            known,
            anchors: BTreeMap::new(),
            dynamic_anchors: BTreeMap::new(),
        });
        resource
    }

    /// Notes the plain names of a schema in its resource; of two that are the same, the first.
    fn anchor(&mut self, frame: &Frame<'_, 'a>, identity: &Identity<'a>, resource: Resource) {
        let reading = self.named(resource).reading;
        let (_, plain) = identity.name(reading);
        let dynamic = identity.dynamic_anchor.unwrap_or_default();
        let dynamic = if reading == Dialect::Draft202012 {
            dynamic
        } else {
            ""
        };
        for name in [plain, dynamic].into_iter().filter(|name| !name.is_empty()) {
            let at = self.locate(frame);
            let anchors = &mut self.resources[resource.0 as usize].anchors;
            anchors.entry(name).or_insert(at);
        }
        if !dynamic.is_empty() {
            let at = self.locate(frame);
            let anchors = &mut self.resources[resource.0 as usize].dynamic_anchors;
            anchors.entry(dynamic).or_insert(at);
        }
    }

    fn locate(&mut self, frame: &Frame<'_, 'a>) -> Location {
        frame.at.get().unwrap_or_else(|| {
            let (above, step) = frame.above.expect("every way begins at a place");
            let above = self.locate(above);
            let at = self.go(above, step, frame.value);
            frame.at.set(Some(at));
            at
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Target};
    use crate::inclusion::Dialect::Draft202012;
    use crate::json::parse;

    #[test]
    fn the_deepest_schema_is_no_trouble() {
        let deep = format!(
            r#"{}{{"$anchor": "bottom"}}{}"#,
            r#"{"not":"#.repeat(1000),
            "}".repeat(1000)
        );
        let thread = std::thread::Builder::new()
            .stack_size(64 << 20)
            .spawn(move || {
                let schema = parse(&deep).expect("JSON");
                let mut document = Document::new(&schema, Draft202012);
                let Target::At(bottom) = document.resolve(document.root(), "#bottom") else {
                    panic!("not found");
                };
                assert_eq!(document.pointer(bottom).tokens().count(), 1000);
            });
        thread.expect("spawns").join().expect("no overflow");
    }
}
