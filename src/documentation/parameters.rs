//! The parameters of a tool at every depth: what stands under one name, however its schema is put together.
//!
//! References are followed with the judge's own resolver, and each schema is opened once: one that refers to itself
//! ends, and one that is used in many places costs no more than its text.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::inclusion::{Dialect, Lead, References};
use crate::json::{Json, Pointer};

/// The most schemas that are looked at for one name: references and branches, and branches of those.
const VIEWS_AT_MOST: usize = 64;

/// Keywords that hold one more schema for the same value.
const SAME_VALUE: [&str; 2] = ["then", "else"];

/// Keywords that hold a list of schemas for the same value, and whether all of them hold.
const BRANCHES: [(&str, bool); 3] = [("allOf", true), ("anyOf", false), ("oneOf", false)];

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter<'a> {
    /// Its path from the arguments: `["filter", "tags", "[]", "name"]`; `[]` is any element, `*` any member.
    pub path: Vec<String>,
    /// Where its schema stands, from the root of the tool's schema.
    pub pointer: Pointer,
    /// Whether a caller must send it, where what it stands in is sent.
    pub required: Required,
    /// Its schema, then all that hold for the same value: where references lead, and branches. Not empty.
    pub views: Vec<&'a Json>,
    /// The path of an earlier parameter that has the same schema, and whose parts are therefore listed there alone.
    like: Option<Vec<String>>,
}

/// Whether a caller must send a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Required {
    /// Always.
    Always,
    /// In some branches of the schema.
    Sometimes,
    /// Never.
    Never,
}

impl<'a> Parameter<'a> {
    /// Its own name.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// Its path in words: `filter.tags[].name`.
    pub fn shown(&self) -> String {
        shown(&self.path)
    }

    /// The path of the parameter that its parts are listed under, in words.
    pub fn listed_under(&self) -> Option<String> {
        self.like.as_deref().map(shown)
    }

    /// The first value of a keyword among its schemas.
    pub fn keyword(&self, name: &str) -> Option<&'a Json> {
        self.views.iter().find_map(|view| view.get(name))
    }

    /// The first description among its schemas that is not blank.
    pub fn description(&self) -> Option<&'a str> {
        let mut texts = self
            .views
            .iter()
            .filter_map(|view| view.get_str("description"));
        texts.find(|text| !text.trim().is_empty())
    }
}

/// A path in words: `filter.tags[].name`.
fn shown(path: &[String]) -> String {
    let mut text = String::new();
    for step in path {
        if !text.is_empty() && !step.starts_with('[') {
            text.push('.');
        }
        text.push_str(step);
    }
    text
}

/// The parameters that a tool's schema names, each followed by its own parts, by name.
pub fn parameters(schema: &Json) -> Vec<Parameter<'_>> {
    let references = References::new(schema, Dialect::default());
    let mut walk = Walk {
        references,
        opened: BTreeMap::new(),
        found: BTreeMap::new(),
        queue: VecDeque::new(),
    };
    let views = walk.views(vec![View::of(schema, Pointer::root())]);
    walk.queue.push_back((Vec::new(), views));
    // Breadth first, so that what is used at two depths is listed at the lesser.
    while let Some((path, views)) = walk.queue.pop_front() {
        walk.open(&path, &views);
    }
    walk.found.into_values().collect()
}

struct Walk<'a> {
    references: References<'a>,
    /// The schemas that were opened already, and under which path.
    opened: BTreeMap<Pointer, Vec<String>>,
    found: BTreeMap<Vec<String>, Parameter<'a>>,
    queue: VecDeque<(Vec<String>, Vec<View<'a>>)>,
}

/// A schema that holds for a value.
#[derive(Debug, Clone)]
struct View<'a> {
    schema: &'a Json,
    at: Pointer,
    /// Whether it always holds, and not only in a branch.
    certain: bool,
}

impl<'a> View<'a> {
    fn of(schema: &'a Json, at: Pointer) -> Self {
        Self {
            schema,
            at,
            certain: true,
        }
    }
}

impl<'a> Walk<'a> {
    /// These schemas, and all that hold for the same value.
    fn views(&self, start: Vec<View<'a>>) -> Vec<View<'a>> {
        let mut seen: BTreeSet<Pointer> = start.iter().map(|view| view.at.clone()).collect();
        let mut views = start;
        let mut next = 0;
        while next < views.len() && views.len() < VIEWS_AT_MOST {
            let View {
                schema,
                at,
                certain,
            } = views[next].clone();
            next += 1;
            let mut put = |schema: &'a Json, at: Pointer, certain: bool| {
                if seen.insert(at.clone()) {
                    views.push(View {
                        schema,
                        at,
                        certain,
                    });
                }
            };
            for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
                if let Some(reference) = schema.get_str(keyword)
                    && let Lead::To(target, home) = self.references.follow(&at, keyword, reference)
                {
                    put(target, home, certain);
                }
            }
            for (keyword, all) in BRANCHES {
                let branches = schema.get(keyword).and_then(Json::as_array);
                let branches = branches.unwrap_or_default();
                let certain = certain && (all || branches.len() == 1);
                for (index, branch) in branches.iter().enumerate() {
                    put(branch, at.join(keyword).join(index), certain);
                }
            }
            for keyword in SAME_VALUE {
                if let Some(branch) = schema.get(keyword) {
                    put(branch, at.join(keyword), false);
                }
            }
            if let Some(dependent) = schema.get("dependentSchemas").and_then(Json::as_object) {
                for (name, branch) in dependent.by_name() {
                    put(branch, at.join("dependentSchemas").join(name), false);
                }
            }
        }
        views
    }

    /// Takes up the parts of a value: its members as parameters, and what stands in lists and maps.
    fn open(&mut self, path: &[String], views: &[View<'a>]) {
        let mut members: BTreeMap<&'a str, Vec<View<'a>>> = BTreeMap::new();
        let mut inside: BTreeMap<String, Vec<View<'a>>> = BTreeMap::new();
        for view in views {
            if let Some(earlier) = self.opened.get(&view.at) {
                if let Some(parameter) = self.found.get_mut(path).filter(|_| has_parts(view.schema))
                {
                    parameter.like.get_or_insert_with(|| earlier.clone());
                }
                continue;
            }
            self.opened.insert(view.at.clone(), path.to_vec());
            let object = |keyword: &str| view.schema.get(keyword).and_then(Json::as_object);
            for (name, schema) in object("properties").into_iter().flat_map(|o| o.by_name()) {
                let at = view.at.join("properties").join(name);
                members.entry(name).or_default().push(View::of(schema, at));
            }
            let mut put = |step: String, schema: &'a Json, at: Pointer| {
                if schema.as_object().is_some() {
                    inside.entry(step).or_default().push(View::of(schema, at));
                }
            };
            for (name, schema) in object("patternProperties")
                .into_iter()
                .flat_map(|o| o.by_name())
            {
                let at = view.at.join("patternProperties").join(name);
                put("*".to_owned(), schema, at);
            }
            for (keyword, step) in [
                ("additionalProperties", "*"),
                ("items", "[]"),
                ("additionalItems", "[]"),
            ] {
                if let Some(schema) = view.schema.get(keyword) {
                    put(step.to_owned(), schema, view.at.join(keyword));
                }
            }
            for keyword in ["prefixItems", "items"] {
                let tuple = view.schema.get(keyword).and_then(Json::as_array);
                for (index, schema) in tuple.unwrap_or_default().iter().enumerate() {
                    put(
                        format!("[{index}]"),
                        schema,
                        view.at.join(keyword).join(index),
                    );
                }
            }
        }
        for (name, schemas) in members {
            let required = required(name, views);
            self.take_up(path, name, required, schemas);
        }
        for (step, schemas) in inside {
            let path = [path, &[step]].concat();
            let views = self.views(schemas);
            self.queue.push_back((path, views));
        }
    }

    fn take_up(&mut self, path: &[String], name: &str, required: Required, schemas: Vec<View<'a>>) {
        let path = [path, &[name.to_owned()]].concat();
        let pointer = schemas[0].at.clone();
        let views = self.views(schemas);
        self.found.insert(
            path.clone(),
            Parameter {
                path: path.clone(),
                pointer,
                required,
                views: views.iter().map(|view| view.schema).collect(),
                like: None,
            },
        );
        self.queue.push_back((path, views));
    }
}

fn required(name: &str, views: &[View<'_>]) -> Required {
    let demands = |view: &&View<'_>| {
        let names = view.schema.get("required").and_then(Json::as_array);
        names.is_some_and(|names| names.iter().any(|known| known.as_str() == Some(name)))
    };
    match views.iter().filter(demands).map(|view| view.certain).max() {
        Some(true) => Required::Always,
        Some(false) => Required::Sometimes,
        None => Required::Never,
    }
}

/// Whether a schema has members or elements to list.
fn has_parts(schema: &Json) -> bool {
    [
        "properties",
        "patternProperties",
        "additionalProperties",
        "items",
        "prefixItems",
    ]
    .iter()
    .any(|keyword| matches!(schema.get(keyword), Some(Json::Object(_) | Json::Array(_))))
}
