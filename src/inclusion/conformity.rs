//! Whether one value satisfies a schema, and where it does not.

use super::Dialect;
use super::budget::{Budget, Exhausted};
use super::document::{Document, Location, Target};
use super::formula::Formulas;
use super::holds::weight;
use super::reading::{Openness, Reading, Side};
use super::search::Search;
use crate::json::{Json, Object, Pointer};

/// The least and the most work that one value may cost, in steps.
const WORK: (u64, u64) = (1_000_000, 10_000_000);

/// How far down the reason for a contradiction is followed.
const DEEP: usize = 64;

/// Whether a value satisfies a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conformity {
    /// It does.
    Holds,
    /// It does not.
    Contradicts {
        /// The keyword in the schema, or the schema inside it, that it does not satisfy.
        schema: Pointer,
        /// The part of the value. It may hold names that are data.
        value: Pointer,
    },
    /// Nobody can say within the work allowed: the schema leads to another document, is malformed, or too hard.
    Unknown,
}

/// Whether a value satisfies a schema (JSON Schema 2020-12, where it names no other dialect). What annotates and does
/// not assert, as `format`, refuses nothing; no other document is fetched.
pub fn conforms(schema: &Json, value: &Json) -> Conformity {
    let dialect = Dialect::default();
    let document = Document::new(schema, dialect);
    let root = document.root();
    let reading = Reading::new(document, Document::new(&Json::Bool(true), dialect));
    let mut search = Search::new(Formulas::default(), reading);
    search.restart(Budget::new(
        weight(value).saturating_mul(20).clamp(WORK.0, WORK.1),
    ));
    match search.conforms_to(root, value) {
        Ok(Some(true)) => Conformity::Holds,
        Ok(Some(false)) => search.blame(root, value),
        Ok(None) | Err(Exhausted) => Conformity::Unknown,
    }
}

/// A schema, the value it speaks of, and where that is.
type Spot<'v> = (Location, &'v Json, Pointer);

impl Search<'_> {
    fn conforms_to(&mut self, at: Location, value: &Json) -> Result<Option<bool>, Exhausted> {
        let place = self.reading.place(Side::Inner, at, Openness::Plain);
        let id = self.reader().read(place)?;
        self.holds(id, value)
    }

    /// Follows a contradiction to the innermost place that is one.
    fn blame(&mut self, root: Location, value: &Json) -> Conformity {
        let mut spot: Spot<'_> = (root, value, Pointer::root());
        for _ in 0..DEEP {
            let inner = self.inner_spots(&spot);
            let failing = inner
                .into_iter()
                .find(|(at, value, _)| self.conforms_to(*at, value) == Ok(Some(false)));
            match failing {
                Some(inner) => spot = inner,
                None => break,
            }
        }
        let (at, value, place) = spot;
        let schema = self.reading.document(Side::Inner).pointer(at);
        let schema = match self.keyword(at, value) {
            Some(keyword) => schema.join(keyword),
            None => schema,
        };
        Conformity::Contradicts {
            schema,
            value: place,
        }
    }

    /// The schemas that a schema applies to its value and to the values inside.
    fn inner_spots<'v>(&mut self, (at, value, place): &Spot<'v>) -> Vec<Spot<'v>> {
        let document = self.reading.document(Side::Inner);
        let Json::Object(schema) = document.schema(*at) else {
            return Vec::new();
        };
        let mut spots = Vec::new();
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str)
            && let Target::At(target) = document.resolve(*at, reference)
        {
            spots.push((target, *value, place.clone()));
        }
        let all = schema.get("allOf").and_then(Json::as_array);
        for index in 0..all.map_or(0, <[Json]>::len) {
            let part = document.child(*at, &["allOf", &index.to_string()]);
            spots.push((part, *value, place.clone()));
        }
        match value {
            Json::Object(members) => {
                for (name, inside) in members.iter() {
                    if let Some(keyword) = keyword_of(schema, name) {
                        let at = document.child(*at, &keyword);
                        spots.push((at, inside, place.join(name)));
                    }
                }
            }
            Json::Array(items) => {
                let first = schema.get("prefixItems").and_then(Json::as_array);
                let first = first.map_or(0, <[Json]>::len);
                let rest = matches!(schema.get("items"), Some(Json::Object(_) | Json::Bool(_)));
                for (index, inside) in items.iter().enumerate() {
                    let at = if index < first {
                        document.child(*at, &["prefixItems", &index.to_string()])
                    } else if rest {
                        document.child(*at, &["items"])
                    } else {
                        break;
                    };
                    spots.push((at, inside, place.join(index)));
                }
            }
            _ => {}
        }
        spots
    }

    /// The keyword of a schema that a value does not satisfy.
    fn keyword(&mut self, at: Location, value: &Json) -> Option<String> {
        let Json::Object(schema) = self.reading.document(Side::Inner).schema(at) else {
            return None;
        };
        let place = self.reading.place(Side::Inner, at, Openness::Plain);
        let names: Vec<&str> = schema.iter().map(|(name, _)| name).collect();
        let keyword = names.into_iter().find(|name| {
            // What is left over depends on what is not.
            let beside = match *name {
                "additionalProperties" => vec!["properties", "patternProperties"],
                "items" | "additionalItems" => vec!["prefixItems", "items"],
                _ => Vec::new(),
            };
            let keywords: Vec<String> = [*name]
                .into_iter()
                .chain(beside)
                .map(str::to_owned)
                .collect();
            let id = self.reader().only(place, &keywords);
            id.and_then(|id| self.holds(id, value)) == Ok(Some(false))
        });
        keyword.map(str::to_owned)
    }
}

/// Where the schema of a property stands, as far as its name tells.
fn keyword_of<'a>(schema: &Object, name: &'a str) -> Option<Vec<&'a str>> {
    if schema
        .get("properties")
        .and_then(|properties| properties.get(name))
        .is_some()
    {
        return Some(vec!["properties", name]);
    }
    let others = matches!(schema.get("additionalProperties"), Some(Json::Object(_)));
    (others && schema.get("patternProperties").is_none()).then(|| vec!["additionalProperties"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    const SCHEMA: &str = r##"{
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {
            "total": {"type": "integer", "minimum": 0},
            "when": {"type": "string", "format": "date-time"},
            "rows": {"type": "array", "items": {"$ref": "#/definitions/row"}}
        },
        "required": ["total"],
        "additionalProperties": false,
        "definitions": {"row": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}}
    }"##;

    fn check(value: &str) -> Option<(String, String)> {
        let schema = parse(SCHEMA).expect("valid");
        match conforms(&schema, &parse(value).expect("valid")) {
            Conformity::Holds => None,
            Conformity::Contradicts { schema, value } => {
                Some((schema.to_string(), value.to_string()))
            }
            Conformity::Unknown => panic!("{value} is not undecidable"),
        }
    }

    #[test]
    fn a_contradiction_has_a_place() {
        assert_eq!(
            check(r#"{"total": 3, "when": "not a date", "rows": [{"id": "a"}]}"#),
            None
        );
        for (value, schema, place) in [
            ("[]", "/type", ""),
            ("{}", "/required", ""),
            (r#"{"total": "3"}"#, "/properties/total/type", "/total"),
            (r#"{"total": -1}"#, "/properties/total/minimum", "/total"),
            (r#"{"total": 1, "extra": 1}"#, "/additionalProperties", ""),
            (
                r#"{"total": 1, "rows": [{"id": "a"}, {}]}"#,
                "/definitions/row/required",
                "/rows/1",
            ),
            (
                r#"{"total": 1, "rows": [{"id": 7}]}"#,
                "/definitions/row/properties/id/type",
                "/rows/0/id",
            ),
        ] {
            assert_eq!(
                check(value),
                Some((schema.to_owned(), place.to_owned())),
                "{value}"
            );
        }
    }

    #[test]
    fn what_nobody_can_say_is_unknown() {
        for schema in [
            r#"{"$ref": "https://example.com/other.json"}"#,
            r#"{"pattern": "(t).*\\1"}"#,
            r#"{"type": 7}"#,
        ] {
            let schema = parse(schema).expect("valid");
            assert_eq!(
                conforms(&schema, &Json::from("text")),
                Conformity::Unknown,
                "{schema:?}"
            );
        }
        let both = parse(r#"{"$ref": "https://example.com/other.json", "type": "object"}"#)
            .expect("valid");
        assert!(matches!(
            conforms(&both, &Json::Null),
            Conformity::Contradicts { .. }
        ));
    }

    #[test]
    fn a_large_value_is_looked_at_within_bounds() {
        let rows = vec![parse(r#"{"id": "a"}"#).expect("valid"); 20_000];
        let value: Object = [("total", Json::from(1)), ("rows", Json::Array(rows))]
            .into_iter()
            .collect();
        assert_eq!(
            conforms(&parse(SCHEMA).expect("valid"), &value.into()),
            Conformity::Holds
        );
    }
}
