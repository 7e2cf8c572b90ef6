//! Holds a tree against the schema and names every difference, each at its place.
//!
//! It reads the keywords that the schema of `schema` uses and no others; a test holds the two together.

use serde_json::{Map, Value as Json};

use super::leaf;
use super::problem::{Problem, quoted};
use super::suggest::suggest;
use super::tree::{Node, Value};

/// How many known words a message lists before it says nothing instead.
const MAX_LISTED: usize = 14;

/// Every place where the tree is not what the schema allows.
pub(super) fn walk(tree: &Node, schema: &Json) -> Vec<Problem> {
    let mut walk = Walk {
        root: schema,
        problems: Vec::new(),
    };
    walk.node(tree, schema, "");
    walk.problems
}

struct Walk<'a> {
    root: &'a Json,
    problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    fn node(&mut self, node: &Node, schema: &'a Json, at: &str) {
        if let Some(name) = schema["$ref"]
            .as_str()
            .and_then(|path| path.strip_prefix("#/definitions/"))
        {
            let before = self.problems.len();
            self.node(node, &self.root["definitions"][name], at);
            if self.problems.len() == before
                && let Err(message) = leaf::check(name, node)
            {
                self.problems.push(Problem::new(node.span.clone(), message));
            }
        } else if let Some(members) = schema["anyOf"].as_array() {
            // An optional value: one schema, or null, which counts as missing.
            let schema = members.iter().find(|member| member["type"] != "null");
            if let Some(schema) = schema {
                self.node(node, schema, at);
            }
        } else if let Some(words) = words(schema) {
            self.word(node, &words, at);
        } else if self.has_type(node, schema, at) {
            match &node.value {
                Value::Map(_) => self.mapping(node, schema, at),
                Value::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.node(item, &schema["items"], &format!("{at}[{index}]"));
                    }
                }
                Value::Number(number) => {
                    let number = number.as_f64().unwrap_or(0.0);
                    let problem = match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
                        (Some(least), _) if number < least => format!("at least {least}"),
                        (_, Some(most)) if number > most => format!("at most {most}"),
                        _ => return,
                    };
                    self.problems.push(Problem::new(
                        node.span.clone(),
                        format!("{} must be {problem}", name(at)),
                    ));
                }
                _ => {}
            }
        }
    }

    /// One of some words.
    fn word(&mut self, node: &Node, words: &[&str], at: &str) {
        let problem = match &node.value {
            Value::Text(text) if words.contains(&text.as_str()) => return,
            Value::Text(text) => {
                let problem = Problem::new(
                    node.span.clone(),
                    format!("{} cannot be {}", name(at), quoted(text)),
                );
                match (suggest(text, words.iter().copied()), at.ends_with(".rule")) {
                    (Some(word), _) => problem.help(format!("did you mean `{word}`?")),
                    (None, true) => problem.help("`bellwether rules` lists the rules"),
                    (None, false) => problem,
                }
            }
            _ => Problem::new(
                node.span.clone(),
                format!("{} must be a word, not {}", name(at), node.kind()),
            ),
        };
        self.problems
            .push(if words.len() > MAX_LISTED || problem.help.is_some() {
                problem
            } else {
                problem.help(format!("it is one of {}", list(words.iter().copied())))
            });
    }

    fn has_type(&mut self, node: &Node, schema: &Json, at: &str) -> bool {
        let types: Vec<&str> = match &schema["type"] {
            Json::String(one) => vec![one],
            Json::Array(several) => several.iter().filter_map(Json::as_str).collect(),
            _ => return true,
        };
        let fits = types.iter().any(|one| match &node.value {
            Value::Null => *one == "null",
            Value::Bool(_) => *one == "boolean",
            Value::Number(number) => *one == "number" || (*one == "integer" && !number.is_f64()),
            Value::Text(_) => *one == "string",
            Value::List(_) => *one == "array",
            Value::Map(_) => *one == "object",
        });
        if fits {
            return true;
        }
        let wanted: Vec<&str> = types
            .iter()
            .filter(|one| **one != "null")
            .map(|one| word_for(one))
            .collect();
        let wanted = wanted.join(" or ");
        let message = match &node.value {
            Value::Null => format!("{} is empty: it must be {wanted}", name(at)),
            Value::Number(number) if types.contains(&"integer") => {
                format!("{} must be {wanted}, not {number}", name(at))
            }
            _ => format!("{} must be {wanted}, not {}", name(at), node.kind()),
        };
        let problem = Problem::new(node.span.clone(), message);
        let problem = match &node.value {
            Value::Bool(_) | Value::Number(_)
                if types.contains(&"string") && !types.contains(&"integer") =>
            {
                problem.help("put it in quotes")
            }
            Value::Text(text) if types.contains(&"object") && text.contains(':') => {
                problem.help("write a blank after the colon")
            }
            Value::Text(_) if types.contains(&"boolean") => problem.help("write `true` or `false`"),
            _ => problem,
        };
        self.problems.push(problem);
        false
    }

    fn mapping(&mut self, node: &Node, schema: &'a Json, at: &str) {
        let none = Map::new();
        let properties = schema["properties"].as_object();
        for entry in node.entries() {
            let inside = if at.is_empty() {
                entry.key.clone()
            } else {
                format!("{at}.{}", entry.key)
            };
            match (
                properties.and_then(|known| known.get(&entry.key)),
                &schema["additionalProperties"],
            ) {
                // A key with nothing after it counts as missing.
                (Some(_), _) if matches!(entry.node.value, Value::Null) => {}
                (Some(schema), _) => self.node(&entry.node, schema, &inside),
                (None, Json::Bool(false)) => {
                    let known = properties.unwrap_or(&none);
                    self.problems
                        .push(unknown_key(&entry.key, at, known).at(entry.span.clone()));
                }
                (None, schema) => self.node(&entry.node, schema, &inside),
            }
        }
        for required in schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
        {
            if node.get(required).is_none() {
                self.problems.push(Problem::new(
                    node.span.clone(),
                    format!("{} has no `{required}`", name(at)),
                ));
            }
        }
    }
}

fn unknown_key(key: &str, at: &str, known: &Map<String, Json>) -> Problem {
    let words = known.keys().map(String::as_str);
    let (message, list_all) = if at == "rules" {
        (format!("there is no rule {}", quoted(key)), false)
    } else if at.is_empty() {
        (format!("unknown key {}", quoted(key)), true)
    } else {
        (
            format!("unknown key {} in `{}`", quoted(key), plain(at)),
            true,
        )
    };
    let problem = Problem::new(0..0, message);
    match suggest(key, words.clone()) {
        Some(word) => problem.help(format!("did you mean `{word}`?")),
        None if !list_all => problem.help("`bellwether rules` lists the rules"),
        None if known.len() <= MAX_LISTED => {
            problem.help(format!("the keys here are {}", list(words)))
        }
        None => problem,
    }
}

/// The words that a schema of constants allows.
fn words(schema: &Json) -> Option<Vec<&str>> {
    if let Some(several) = schema["oneOf"].as_array() {
        let mut all = Vec::new();
        for one in several {
            match (&one["const"], one["enum"].as_array()) {
                (Json::String(word), _) => all.push(word.as_str()),
                (_, Some(words)) => all.extend(words.iter().filter_map(Json::as_str)),
                _ => return None,
            }
        }
        return Some(all);
    }
    Some(
        schema["enum"]
            .as_array()?
            .iter()
            .filter_map(Json::as_str)
            .collect(),
    )
}

fn word_for(kind: &str) -> &str {
    match kind {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a string",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        other => other,
    }
}

/// The place as a message names it.
fn name(at: &str) -> String {
    if at.is_empty() {
        "the file".to_owned()
    } else {
        format!("`{}`", plain(at))
    }
}

/// A path of keys, some of which the user made up.
fn plain(at: &str) -> String {
    quoted(at).trim_matches('`').to_owned()
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
