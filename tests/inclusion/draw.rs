//! Schemas and values from a stream of small numbers: with the numbers gone, the simplest of everything.

use bellwether::inclusion::Dialect;
use serde_json::{Map, Value, json};

/// Where the numbers come from.
pub(crate) struct Draw<'d> {
    numbers: std::slice::Iter<'d, u8>,
    dialect: Dialect,
    /// How many definitions there are to refer to.
    definitions: usize,
    /// The first definition that may be referred to for the same value without going round in circles.
    free_from: usize,
    /// Whether the schema being drawn is for a part of the value.
    part: bool,
}

const NAMES: [&str; 3] = ["a", "b", "c"];

const PATTERNS: [&str; 12] = [
    "a",
    "^a",
    "b$",
    "^[a-d]$",
    "^a*$",
    "^(a|b)$",
    "^[^a]",
    "",
    "^ab?$",
    "^[a-d]{2}",
    "^\\d+$",
    "^\\w\\W?$",
];

const TYPES: [&str; 7] = [
    "object", "array", "string", "number", "integer", "boolean", "null",
];

impl<'d> Draw<'d> {
    /// Draws in a dialect.
    pub(crate) fn new(numbers: &'d [u8], dialect: Dialect) -> Self {
        Self {
            numbers: numbers.iter(),
            dialect,
            definitions: 0,
            free_from: 0,
            part: false,
        }
    }

    /// A number below another one.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::from(self.numbers.next().copied().unwrap_or(0)) % count
    }

    fn of<'v, T: ?Sized>(&mut self, values: &[&'v T]) -> &'v T {
        values[self.below(values.len())]
    }

    fn few<T>(&mut self, least: usize, most: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = least + self.below(most + 1 - least);
        (0..count).map(|_| one(self)).collect()
    }

    /// A number.
    fn number(&mut self) -> Value {
        // In draft-04 it is for validators to say whether 1.0 is whole.
        let one = if self.dialect == Dialect::Draft4 {
            json!(1)
        } else {
            json!(1.0)
        };
        [
            json!(0),
            json!(1),
            json!(2),
            json!(-1),
            json!(0.5),
            json!(3),
            one,
            json!(1.5),
        ][self.below(8)]
        .clone()
    }

    fn name(&mut self) -> String {
        self.of(&NAMES).to_owned()
    }

    fn names(&mut self) -> Vec<String> {
        let mut names = self.few(1, 2, Self::name);
        names.sort();
        names.dedup();
        names
    }

    /// Any value; smaller ones first.
    pub(crate) fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => Value::Null,
            1 | 2 => self.number(),
            3 => json!(self.below(2) == 1),
            4 => json!(self.of(&["", "a", "b", "ab"])),
            5 => self.of(&[&json!([]), &json!({})]).clone(),
            6 => Value::Array(self.few(0, 3, |draw| draw.value(depth - 1))),
            _ => {
                let members = self.few(0, 3, |draw| {
                    let name = draw.of(&["a", "b", "c", "ab", "d"]);
                    (name.to_owned(), draw.value(depth - 1))
                });
                Value::Object(members.into_iter().collect())
            }
        }
    }

    /// A whole document, with definitions and references to them where `depth` leaves room.
    pub(crate) fn document(&mut self, depth: usize) -> Value {
        self.definitions = [0, 0, 1, 2][self.below(4)];
        self.free_from = 0;
        let mut root = self.schema(depth);
        if self.definitions > 0 {
            let mut definitions = Map::new();
            for index in 0..self.definitions {
                self.free_from = index + 1;
                let mut definition = self.schema(depth.saturating_sub(1));
                if let Value::Object(members) = &mut definition {
                    self.name_definition(index, members);
                }
                definitions.insert(format!("d{index}"), definition);
            }
            let keyword = self.definitions_keyword();
            match &mut root {
                Value::Object(members) => {
                    drop(members.insert(keyword.to_owned(), definitions.into()))
                }
                other => *other = json!({ keyword: definitions }),
            }
            if let Value::Object(members) = &mut root {
                if self.dialect == Dialect::Draft202012 && self.below(2) == 1 {
                    members.insert("$dynamicAnchor".to_owned(), json!("node"));
                }
                if self.dialect == Dialect::Draft201909 && self.below(2) == 1 {
                    members.insert("$recursiveAnchor".to_owned(), json!(true));
                }
            }
        }
        self.definitions = 0;
        root
    }

    fn definitions_keyword(&self) -> &'static str {
        if self.dialect >= Dialect::Draft201909 {
            "$defs"
        } else {
            "definitions"
        }
    }

    fn name_definition(&mut self, index: usize, members: &mut Map<String, Value>) {
        // References inside a resource of its own would lead elsewhere.
        let text = Value::from(members.clone()).to_string();
        let refers = text.contains("$ref");
        match (self.dialect, self.below(3)) {
            (Dialect::Draft202012, 1) if !refers => {
                members.insert("$dynamicAnchor".to_owned(), json!("node"));
                members.insert("$id".to_owned(), json!(format!("http://x/d{index}")));
            }
            (Dialect::Draft201909, 1) if !refers => {
                members.insert("$recursiveAnchor".to_owned(), json!(true));
                members.insert("$id".to_owned(), json!(format!("http://x/d{index}")));
            }
            (Dialect::Draft201909 | Dialect::Draft202012, 2) => {
                members.insert("$anchor".to_owned(), json!(format!("n{index}")));
            }
            _ => {}
        }
    }

    fn within_part(&mut self, one: impl FnOnce(&mut Self) -> Value) -> Value {
        let part = std::mem::replace(&mut self.part, true);
        let schema = one(self);
        self.part = part;
        schema
    }

    fn part(&mut self, depth: usize) -> Value {
        self.within_part(|draw| draw.schema(depth))
    }

    /// A schema without references.
    pub(crate) fn schema(&mut self, depth: usize) -> Value {
        let booleans = self.dialect != Dialect::Draft4;
        match self.below(12) {
            0 if booleans => return json!(true),
            1 if booleans && self.below(2) == 0 => return json!(false),
            _ => {}
        }
        let mut members = Map::new();
        let theme = self.below(6);
        for _ in 0..1 + self.below(4) {
            self.keyword(theme, depth, &mut members);
        }
        members.into()
    }

    /// Puts a keyword or two into a schema.
    pub(crate) fn keyword(&mut self, theme: usize, depth: usize, members: &mut Map<String, Value>) {
        let depth = match depth.checked_sub(1) {
            Some(below) => below,
            None => return self.flat(theme, members),
        };
        match self.below(8) {
            0 => self.flat(theme, members),
            1 | 2 => self.logic(depth, members),
            3 if self.definitions > 0 => self.reference(members),
            4 => self.element_keyword(depth, members),
            5 | 6 => self.property_keyword(depth, members),
            _ => match theme {
                0 | 1 => self.property_keyword(depth, members),
                2 => self.element_keyword(depth, members),
                _ => self.flat(theme, members),
            },
        }
    }

    fn flat(&mut self, theme: usize, members: &mut Map<String, Value>) {
        let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
        let theme = if self.below(3) == 0 {
            self.below(6)
        } else {
            theme
        };
        match (self.below(6), theme) {
            (0, _) => put("type", json!(self.of(&TYPES))),
            (1, _) if self.below(2) == 0 => {
                let mut types = self.few(1, 3, |draw| draw.of(&TYPES).to_owned());
                types.sort();
                types.dedup();
                put("type", json!(types));
            }
            (2, _) => {
                let mut values: Vec<Value> = self.few(1, 3, |draw| draw.value(2));
                values.dedup();
                if values.len() > 1 && self.dialect <= Dialect::Draft7 {
                    // Earlier metaschemas want the values to differ.
                    values.truncate(1);
                }
                put("enum", values.into());
            }
            (3, 0..=2) if self.dialect > Dialect::Draft4 => put("const", self.value(2)),
            (_, 0) => {
                let name = self.of(&["minProperties", "maxProperties"]);
                put(name, json!(self.below(4)));
            }
            (_, 1) => put("required", json!(self.names())),
            (_, 2) => match self.below(5) {
                0 => put("uniqueItems", json!(true)),
                1 | 2 => put("minItems", json!(self.below(4))),
                _ => put("maxItems", json!(self.below(4))),
            },
            (_, 3) => match self.below(4) {
                0 => put("minLength", json!(self.below(4))),
                1 => put("maxLength", json!(self.below(4))),
                _ => put("pattern", json!(self.of(&PATTERNS))),
            },
            _ => match self.below(6) {
                0 => put("minimum", self.number()),
                1 => put("maximum", self.number()),
                2 => put("type", json!("integer")),
                3 => put(
                    "multipleOf",
                    self.of(&[&json!(1), &json!(2), &json!(0.5), &json!(3), &json!(1.5)])
                        .clone(),
                ),
                which => {
                    let (exclusive, inclusive) = if which == 4 {
                        ("exclusiveMinimum", "minimum")
                    } else {
                        ("exclusiveMaximum", "maximum")
                    };
                    if self.dialect == Dialect::Draft4 {
                        put(inclusive, self.number());
                        put(exclusive, json!(true));
                    } else {
                        put(exclusive, self.number());
                    }
                }
            },
        }
    }

    fn logic(&mut self, depth: usize, members: &mut Map<String, Value>) {
        let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
        match self.below(6) {
            0 => put("not", self.schema(depth)),
            4 | 5 if self.dialect >= Dialect::Draft7 => {
                put("if", self.schema(depth));
                match self.below(3) {
                    0 => put("then", self.schema(depth)),
                    1 => put("else", self.schema(depth)),
                    _ => {
                        put("then", self.schema(depth));
                        put("else", self.schema(depth));
                    }
                }
            }
            which => {
                let name = ["allOf", "anyOf", "oneOf"][which % 3];
                let schemas = self.few(1, 3, |draw| draw.schema(depth));
                put(name, schemas.into());
            }
        }
    }

    fn reference(&mut self, members: &mut Map<String, Value>) {
        let keyword = self.definitions_keyword();
        let first = if self.part { 0 } else { self.free_from };
        let targets = self.definitions.saturating_sub(first);
        let which = self.below(4);
        let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
        match (which, self.dialect) {
            (0, _) if self.part => put("$ref", json!("#")),
            (1, Dialect::Draft202012) if self.part => put("$dynamicRef", json!("#node")),
            (1, Dialect::Draft201909) if self.part => put("$recursiveRef", json!("#")),
            _ if targets > 0 => {
                let target = first + self.below(targets);
                put("$ref", json!(format!("#/{keyword}/d{target}")));
            }
            _ => {}
        }
    }

    fn element_keyword(&mut self, depth: usize, members: &mut Map<String, Value>) {
        let dialect = self.dialect;
        let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
        let tuple = dialect == Dialect::Draft202012;
        match self.below(9) {
            0 | 1 => put("items", self.part(depth)),
            2 | 3 => {
                let parts = self.few(1, 2, |draw| draw.part(depth));
                put(if tuple { "prefixItems" } else { "items" }, parts.into());
                match self.below(3) {
                    0 => {}
                    _ if tuple => put("items", self.part(depth)),
                    _ => put("additionalItems", self.part(depth)),
                }
            }
            4 | 5 if dialect >= Dialect::Draft6 => {
                put("contains", self.part(depth));
                if dialect >= Dialect::Draft201909 {
                    match self.below(4) {
                        0 => put("minContains", json!(self.below(3))),
                        1 => put("maxContains", json!(self.below(3))),
                        2 => {
                            put("minContains", json!(self.below(3)));
                            put("maxContains", json!(1 + self.below(2)));
                        }
                        _ => {}
                    }
                }
            }
            6 if dialect >= Dialect::Draft201909 => put("unevaluatedItems", self.part(depth)),
            7 => put("uniqueItems", json!(true)),
            _ => put(self.of(&["minItems", "maxItems"]), json!(self.below(4))),
        }
    }

    fn property_keyword(&mut self, depth: usize, members: &mut Map<String, Value>) {
        let dialect = self.dialect;
        let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
        match self.below(12) {
            0..=3 => {
                let parts = self.few(1, 3, |draw| (draw.name(), draw.part(depth)));
                put("properties", Value::Object(parts.into_iter().collect()));
            }
            4 | 5 => put("additionalProperties", self.part(depth)),
            6 => {
                let parts = self.few(1, 2, |draw| {
                    (draw.of(&PATTERNS).to_owned(), draw.part(depth))
                });
                put(
                    "patternProperties",
                    Value::Object(parts.into_iter().collect()),
                );
            }
            7 => put("required", json!(self.names())),
            8 if dialect >= Dialect::Draft6 => put("propertyNames", self.part(depth.min(1))),
            9 if dialect >= Dialect::Draft201909 => put("unevaluatedProperties", self.part(depth)),
            10 => {
                let name = self.name();
                match (dialect >= Dialect::Draft201909, self.below(2) == 0) {
                    (true, true) => put("dependentRequired", json!({ name: self.names() })),
                    (true, false) => put("dependentSchemas", json!({ name: self.schema(depth) })),
                    (false, true) => put("dependencies", json!({ name: self.names() })),
                    (false, false) => put("dependencies", json!({ name: self.schema(depth) })),
                }
            }
            _ => put(
                self.of(&["minProperties", "maxProperties"]),
                json!(self.below(4)),
            ),
        }
    }

    /// The same schema but for one place.
    pub(crate) fn changed(&mut self, schema: &Value) -> Value {
        let mut changed = schema.clone();
        for _ in 0..1 + self.below(2) {
            let mut places = Vec::new();
            schemas_in(&changed, &mut String::new(), &mut places);
            let place = places.swap_remove(self.below(places.len()));
            let at = changed.pointer_mut(&place).expect("a place in it");
            self.change(at);
        }
        changed
    }

    fn change(&mut self, at: &mut Value) {
        let kept = ["$defs", "definitions", "$id", "$dynamicAnchor", "$anchor"];
        let which = self.below(8);
        if let (0..=2, Value::Object(members)) = (which, &mut *at) {
            let names: Vec<String> = members
                .keys()
                .filter(|name| !kept.contains(&name.as_str()))
                .cloned()
                .collect();
            if !names.is_empty() {
                let name = &names[self.below(names.len())];
                if which == 0 {
                    members.remove(name);
                    return;
                }
                if let Some(value) = members.get_mut(name) {
                    self.change_value(value);
                }
                return;
            }
        }
        if let (3 | 4, Value::Object(members)) = (which, &mut *at) {
            let theme = self.below(6);
            self.keyword(theme, 1, members);
            return;
        }
        let schema = self.schema(1);
        if let Value::Object(members) = at
            && kept.iter().any(|name| members.contains_key(*name))
        {
            members.insert("anyOf".to_owned(), json!([schema, {}]));
            return;
        }
        *at = match which {
            5 => json!({ "anyOf": [at.clone(), schema] }),
            6 => json!({ "allOf": [at.clone(), schema] }),
            7 => json!({ "not": { "not": at.clone() } }),
            _ => schema,
        };
    }

    fn change_value(&mut self, value: &mut Value) {
        match value {
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or(0.0);
                let step = [1.0, -1.0][self.below(2)];
                let next = (number + step).max(0.0);
                *value = if next.fract() == 0.0 {
                    json!(next as i64)
                } else {
                    json!(next)
                };
            }
            Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
                if items.len() > 1 {
                    items.pop();
                } else if items.iter().all(|item| !item.is_string()) {
                    items.push(self.value(1));
                }
            }
            Value::Bool(flag) => *flag = !*flag,
            _ => {}
        }
    }
}

/// The pointers of all schemas in a schema.
fn schemas_in(schema: &Value, at: &mut String, places: &mut Vec<String>) {
    places.push(at.clone());
    let length = at.len();
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        let below: Vec<(String, &Value)> = match (keyword.as_str(), value) {
            (
                "not"
                | "if"
                | "then"
                | "else"
                | "items"
                | "additionalItems"
                | "contains"
                | "propertyNames"
                | "additionalProperties"
                | "unevaluatedItems"
                | "unevaluatedProperties",
                schema,
            ) if !schema.is_array() => {
                vec![(keyword.clone(), schema)]
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems" | "items", Value::Array(schemas)) => {
                let of = |(index, schema)| (format!("{keyword}/{index}"), schema);
                schemas.iter().enumerate().map(of).collect()
            }
            (
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
                | "dependencies",
                Value::Object(schemas),
            ) => {
                let of = |(name, schema): (&String, _)| {
                    (
                        format!("{keyword}/{}", name.replace('~', "~0").replace('/', "~1")),
                        schema,
                    )
                };
                schemas
                    .iter()
                    .filter(|(_, schema)| !schema.is_array())
                    .map(of)
                    .collect()
            }
            _ => Vec::new(),
        };
        for (step, schema) in below {
            at.push('/');
            at.push_str(&step);
            schemas_in(schema, at, places);
            at.truncate(length);
        }
    }
}
