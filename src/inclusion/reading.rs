//! Schemas as formulas: where references lead, in which dialect, and which schemas stand inside themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Doubt;
use super::budget::{Budget, Exhausted};
use super::dialect::Dialect;
use super::document::{Document, Location, Resource, Target};
use super::formula::{Formulas, Id, Link, Node};
use super::search::Search;
use crate::json::{Json, compact};

/// Which of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The one whose values are asked for.
    Inner,
    /// The one that is to accept them.
    Outer,
}

/// How the openness of objects is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Openness {
    /// As the specification has it.
    Plain,
    /// As a caller sees it, who sends only what the schema names; for a whole value, of which all of these schemas
    /// speak.
    Closed(Fellows),
    /// The same, for a schema beside others that speak of the same value.
    ClosedWithin(Fellows),
}

impl Openness {
    /// As a caller sees a value of which one schema speaks.
    pub(super) const CLOSED: Self = Self::Closed(Fellows(0));
}

/// The number of a set of schemas that speak of the same value from different places; 0 for a schema alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fellows(u32);

/// The names of the dynamic scope: which anchor leads where (JSON Schema 2020-12 core, section 8.2.3.2).
type Scope = BTreeMap<String, Location>;

/// The name under which a scope keeps `$recursiveAnchor`; no anchor can have it.
const RECURSIVE: &str = "#";

/// A schema in its dynamic scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) side: Side,
    pub(super) at: Location,
    scope: u32,
    pub(super) openness: Openness,
}

impl Place {
    /// The same schema, read in another way.
    pub(super) fn read(self, openness: Openness) -> Self {
        Self { openness, ..self }
    }
}

/// Two documents, and what was read of them so far.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    inner: Document<'a>,
    outer: Document<'a>,
    scopes: Vec<Scope>,
    scope_numbers: BTreeMap<Scope, u32>,
    /// Schemas that speak of the same value, by number from 1 on.
    fellows: Vec<BTreeSet<Place>>,
    fellow_numbers: BTreeMap<BTreeSet<Place>, Fellows>,
    pub(super) beside: BTreeMap<Place, Option<Rc<Vec<Place>>>>,
    known: BTreeMap<Place, Id>,
    open: BTreeSet<Place>,
    links: Vec<Place>,
    link_numbers: BTreeMap<Place, Link>,
}

impl<'a> Reading<'a> {
    /// Of two documents nothing yet.
    pub(super) fn new(inner: Document<'a>, outer: Document<'a>) -> Self {
        Self {
            inner,
            outer,
            scopes: Vec::new(),
            scope_numbers: BTreeMap::new(),
            fellows: Vec::new(),
            fellow_numbers: BTreeMap::new(),
            beside: BTreeMap::new(),
            known: BTreeMap::new(),
            open: BTreeSet::new(),
            links: Vec::new(),
            link_numbers: BTreeMap::new(),
        }
    }

    /// Whether all identifiers in both documents were found.
    pub(super) fn is_whole(&self) -> bool {
        self.inner.is_whole() && self.outer.is_whole()
    }

    /// Forgets what was being read when a question was given up.
    pub(super) fn restart(&mut self) {
        self.open.clear();
    }

    /// The schemas from which everything starts that speaks of the value that a schema speaks of.
    pub(super) fn starts(&self, place: Place) -> BTreeSet<Place> {
        match place.openness {
            Openness::Closed(Fellows(number @ 1..)) | Openness::ClosedWithin(Fellows(number)) => {
                self.fellows[number as usize - 1].clone()
            }
            _ => BTreeSet::from([place.read(Openness::Plain)]),
        }
    }

    /// The number of schemas that speak of the same value.
    pub(super) fn fellows(&mut self, starts: BTreeSet<Place>) -> Fellows {
        if let Some(number) = self.fellow_numbers.get(&starts) {
            return *number;
        }
        self.fellows.push(starts.clone());
        let number = u32::try_from(self.fellows.len()).expect("the budget ends before that");
        self.fellow_numbers.insert(starts, Fellows(number));
        Fellows(number)
    }

    /// The document of one side.
    pub(super) fn document(&mut self, side: Side) -> &mut Document<'a> {
        match side {
            Side::Inner => &mut self.inner,
            Side::Outer => &mut self.outer,
        }
    }

    /// A schema with nothing around it.
    pub(super) fn place(&mut self, side: Side, at: Location, openness: Openness) -> Place {
        let scope = self.scope(Scope::new());
        self.entered(Place {
            side,
            at,
            scope,
            openness,
        })
    }

    fn scope(&mut self, scope: Scope) -> u32 {
        if let Some(number) = self.scope_numbers.get(&scope) {
            return *number;
        }
        let number = u32::try_from(self.scopes.len()).expect("the budget ends before that");
        self.scopes.push(scope.clone());
        self.scope_numbers.insert(scope, number);
        number
    }

    /// The place with the resource it stands in as part of its scope; what stands further out comes first.
    fn entered(&mut self, mut place: Place) -> Place {
        let document = self.document(place.side);
        let resource = document.resource(place.at);
        let mut anchors = document.dynamic_anchors(resource);
        if document.recursive_anchor(resource) {
            anchors.push((RECURSIVE.to_owned(), document.resource_root(resource)));
        }
        if !anchors.is_empty() {
            let mut scope = self.scopes[place.scope as usize].clone();
            for (name, at) in anchors {
                scope.entry(name).or_insert(at);
            }
            place.scope = self.scope(scope);
        }
        place
    }

    /// Whether a dynamic reference from here could lead to anything else than it says.
    pub(super) fn has_dynamic_scope(&self, place: Place) -> bool {
        !self.scopes[place.scope as usize].is_empty()
    }

    /// The schema below another one.
    pub(super) fn below(&mut self, place: Place, tokens: &[&str], openness: Openness) -> Place {
        let at = self.document(place.side).child(place.at, tokens);
        self.entered(Place {
            at,
            openness,
            ..place
        })
    }

    /// The dialect that a schema is written in; nothing where it names one that nobody knows.
    pub(super) fn dialect(&mut self, place: Place) -> Option<Dialect> {
        self.document(place.side).dialect(place.at).ok()
    }

    /// The schema itself.
    pub(super) fn schema(&mut self, place: Place) -> &'a Json {
        self.document(place.side).schema(place.at)
    }

    /// What `$ref`, `$dynamicRef` or `$recursiveRef` leads to.
    pub(super) fn referred(&mut self, place: Place, keyword: &str, reference: &str) -> Referred {
        let document = self.document(place.side);
        let at = match document.resolve(place.at, reference) {
            Target::At(at) => at,
            Target::Remote(uri) => return Referred::Remote(uri),
            Target::Nowhere => return Referred::Nowhere,
        };
        let resource: Resource = document.resource(at);
        let dynamic = match keyword {
            "$recursiveRef" => document
                .recursive_anchor(resource)
                .then(|| RECURSIVE.to_owned()),
            "$dynamicRef" => reference.split_once('#').and_then(|(_, anchor)| {
                let meant = document.dynamic_anchor(resource, anchor) == Some(at);
                meant.then(|| anchor.to_owned())
            }),
            _ => None,
        };
        let outermost = dynamic
            .and_then(|name| self.scopes[place.scope as usize].get(&name).copied())
            .unwrap_or(at);
        Referred::To(self.entered(Place {
            at: outermost,
            ..place
        }))
    }
}

/// What a reference leads to.
#[derive(Debug)]
pub(super) enum Referred {
    /// A schema.
    To(Place),
    /// Another document, by its URI.
    Remote(String),
    /// Nothing.
    Nowhere,
}

/// A reader: turns schemas into formulas.
#[derive(Debug)]
pub(super) struct Reader<'r, 'a> {
    pub(super) reading: &'r mut Reading<'a>,
    pub(super) formulas: &'r mut Formulas,
    pub(super) budget: &'r Budget,
}

impl<'a> Search<'a> {
    /// A reader for what the search needs.
    pub(super) fn reader(&mut self) -> Reader<'_, 'a> {
        Reader {
            reading: &mut self.reading,
            formulas: &mut self.formulas,
            budget: &self.budget,
        }
    }

    /// The formula of a schema that stands inside itself.
    pub(super) fn opened(&mut self, link: Link) -> Result<Id, Exhausted> {
        let place = self.reading.links[link.0 as usize];
        self.reader().read(place)
    }
}

impl Reader<'_, '_> {
    /// The formula of a schema.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] when the budget is.
    pub(super) fn read(&mut self, place: Place) -> Result<Id, Exhausted> {
        if let Some(id) = self.reading.known.get(&place) {
            return Ok(*id);
        }
        if self.reading.open.contains(&place) {
            let link = self.link(place);
            return Ok(self.formulas.intern(Node::Link(link)));
        }
        self.budget.spend(24)?;
        self.reading.open.insert(place);
        let id = self.schema(place);
        self.reading.open.remove(&place);
        let id = id?;
        self.reading.known.insert(place, id);
        Ok(id)
    }

    fn link(&mut self, place: Place) -> Link {
        if let Some(link) = self.reading.link_numbers.get(&place) {
            return *link;
        }
        let number = u32::try_from(self.reading.links.len()).expect("the budget ends before that");
        self.reading.links.push(place);
        self.reading.link_numbers.insert(place, Link(number));
        Link(number)
    }

    /// Something in a schema that nobody can decide. Where its text refers to nothing else, the same text means the
    /// same in both documents.
    pub(super) fn opaque(&mut self, place: Place, keyword: &str, value: &Json, doubt: Doubt) -> Id {
        let mut text = format!("{keyword} {}", compact(value));
        if refers(value) {
            text.push_str(&format!(" {}", self.whereabouts(place)));
        }
        self.formulas.opaque(text, doubt)
    }

    /// A text that no other place has.
    pub(super) fn whereabouts(&mut self, place: Place) -> String {
        let document = self.reading.document(place.side);
        let (pointer, resource) = (document.pointer(place.at), document.resource(place.at));
        let (side, scope) = (place.side, place.scope);
        format!("at {pointer} of {resource:?} of {side:?} in {scope}")
    }
}

/// Whether a text holds anything that may lead elsewhere.
fn refers(value: &Json) -> bool {
    match value {
        Json::Object(members) => members.iter().any(|(name, value)| {
            matches!(
                name,
                "$ref" | "$dynamicRef" | "$recursiveRef" | "$id" | "id" | "$schema"
            ) || refers(value)
        }),
        Json::Array(items) => items.iter().any(refers),
        _ => false,
    }
}
