//! Arguments for a tool from what its own schema offers: `examples`, `default`, `const`, `enum`. Nothing is invented.

use crate::inclusion::{Conformity, Dialect, Lead, References, conforms};
use crate::json::{Json, Object, Pointer};

/// How many combinations of the values that a schema offers are tried.
const MOST_TRIES: usize = 64;

/// How deep objects inside objects are put together.
const DEEPEST: usize = 8;

/// How many references are followed from one schema to the next.
const MOST_REFERENCES: usize = 16;

/// Arguments that the schema of a tool accepts, put together from what it offers.
///
/// The examples of the whole object come first, then the required parameters alone, then all parameters that have a
/// value of their own.
///
/// # Errors
/// Why there are none, in a clause.
pub fn build(schema: Option<&Json>) -> Result<Json, String> {
    let Some(root) = schema.filter(|schema| schema.as_object().is_some()) else {
        return Err("it has no input schema".to_owned());
    };
    let offers = Offers(References::new(root, Dialect::default()));
    let (top, at) = (root, &Pointer::root());
    let whole = offers.own(top, at).into_iter().cloned();
    let whole = whole.filter(|value| value.as_object().is_some());
    if let Some(arguments) = whole.take(MOST_TRIES).find(|value| accepts(root, value)) {
        return Ok(arguments);
    }
    let required = offers.objects(top, at, false, DEEPEST);
    let missing = required.as_ref().err().cloned();
    let required = required.unwrap_or_default();
    let all = offers.objects(top, at, true, DEEPEST).unwrap_or_default();
    let mut tries = required.into_iter().chain(all);
    tries
        .find(|arguments| accepts(root, arguments))
        .ok_or_else(|| match missing {
            Some(name) => format!("its required argument `{name}` has no example"),
            None => "what its schema offers as examples does not fulfil it".to_owned(),
        })
}

/// Whether a schema accepts a value, for sure.
pub fn accepts(schema: &Json, value: &Json) -> bool {
    conforms(schema, value) == Conformity::Holds
}

/// What the schemas of one document offer, each told with its place in it.
struct Offers<'a>(References<'a>);

impl<'a> Offers<'a> {
    /// The objects that can be put together from a schema's own values, the first of each first.
    ///
    /// # Errors
    /// The name of a required property that has none.
    fn objects(
        &self,
        schema: &'a Json,
        at: &Pointer,
        with_optional: bool,
        deep: usize,
    ) -> Result<Vec<Json>, String> {
        let properties = schema.get("properties").and_then(Json::as_object);
        let required: Vec<&str> = (schema.get("required").and_then(Json::as_array))
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let mut built = vec![Object::new()];
        let mut names = required.clone();
        if with_optional {
            let optional = properties.into_iter().flat_map(|all| all.iter());
            names.extend(
                optional
                    .map(|(name, _)| name)
                    .filter(|name| !required.contains(name)),
            );
        }
        for name in names {
            let property = properties.and_then(|all| all.get(name));
            let at = at.join("properties").join(name);
            let values = property.map(|property| self.values(property, at, with_optional, deep));
            let values = values.unwrap_or_default();
            if values.is_empty() {
                if required.contains(&name) {
                    return Err(name.to_owned());
                }
                continue;
            }
            let room = (MOST_TRIES / built.len()).max(1);
            built = (values.iter().take(room))
                .flat_map(|value| {
                    built.iter().map(move |object| {
                        let mut object = object.clone();
                        object.push(name, value.clone());
                        object
                    })
                })
                .collect();
        }
        Ok(built.into_iter().map(Json::Object).collect())
    }

    /// The values that a schema offers for what it describes; of an object without any, those of its properties.
    fn values(&self, schema: &'a Json, at: Pointer, with_optional: bool, deep: usize) -> Vec<Json> {
        let (schema, at) = self.resolved(schema, at);
        let own: Vec<Json> = self.own(schema, &at).into_iter().cloned().collect();
        let is_object = schema.get_str("type") == Some("object");
        if own.is_empty() && is_object && deep > 0 && schema.get("properties").is_some() {
            return (self.objects(schema, &at, with_optional, deep - 1)).unwrap_or_default();
        }
        own
    }

    /// The values that a schema names itself, or the one that it refers to.
    fn own(&self, schema: &'a Json, at: &Pointer) -> Vec<&'a Json> {
        let (schema, _) = self.resolved(schema, at.clone());
        let list = |name| {
            schema
                .get(name)
                .and_then(Json::as_array)
                .unwrap_or_default()
        };
        let one = |name| schema.get(name);
        let examples = list("examples").iter().chain(one("default"));
        examples.chain(one("const")).chain(list("enum")).collect()
    }

    /// The schema that a reference within the document leads to; the schema itself where it has none.
    fn resolved(&self, schema: &'a Json, at: Pointer) -> (&'a Json, Pointer) {
        let mut here = (schema, at);
        for _ in 0..MOST_REFERENCES {
            let Some(reference) = here.0.get_str("$ref") else {
                break;
            };
            match self.0.follow(&here.1, "$ref", reference) {
                Lead::To(schema, at) => here = (schema, at),
                Lead::Metaschema | Lead::Remote | Lead::Nowhere => break,
            }
        }
        here
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn built(schema: &str) -> Result<String, String> {
        let schema = json::parse(schema).expect("JSON");
        build(Some(&schema)).map(|arguments| json::compact(&arguments))
    }

    #[test]
    fn values_come_from_the_schema_in_a_fixed_order() {
        for (schema, arguments) in [
            (r#"{"type":"object"}"#, "{}"),
            (
                r#"{"type":"object","properties":{"a":{"type":"string"}}}"#,
                "{}",
            ),
            (
                r#"{"properties":{"a":{"examples":["x","y"],"default":"z"}},"required":["a"]}"#,
                r#"{"a":"x"}"#,
            ),
            (
                r#"{"properties":{"a":{"default":3}},"required":["a"]}"#,
                r#"{"a":3}"#,
            ),
            (
                r#"{"properties":{"a":{"const":"c"},"b":{"enum":["e","f"]}},"required":["a","b"]}"#,
                r#"{"a":"c","b":"e"}"#,
            ),
            (
                r#"{"examples":[{"a":"whole"}],"properties":{"a":{"default":"part"}},"required":["a"]}"#,
                r#"{"a":"whole"}"#,
            ),
            (
                r##"{"$defs":{"D":{"enum":["d"]}},"properties":{"a":{"$ref":"#/$defs/D"}},"required":["a"]}"##,
                r#"{"a":"d"}"#,
            ),
            (
                r##"{"$defs":{"D":{"$anchor":"d","enum":["d"]}},"properties":{"a":{"$ref":"#d"}},"required":["a"]}"##,
                r#"{"a":"d"}"#,
            ),
            (
                r#"{"properties":{"at":{"type":"object","properties":{"x":{"default":1}},"required":["x"]}},"required":["at"]}"#,
                r#"{"at":{"x":1}}"#,
            ),
            (
                r#"{"properties":{"a":{"default":"x"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}"#,
                r#"{"a":"x"}"#,
            ),
        ] {
            assert_eq!(built(schema).as_deref(), Ok(arguments), "{schema}");
        }
    }

    #[test]
    fn an_example_that_the_schema_refuses_is_passed_over() {
        let schema =
            r#"{"properties":{"a":{"type":"integer","examples":["ten",10]}},"required":["a"]}"#;
        assert_eq!(built(schema).as_deref(), Ok(r#"{"a":10}"#));
        let schema =
            r#"{"properties":{"a":{"type":"integer","examples":["ten"]}},"required":["a"]}"#;
        assert!(built(schema).is_err());
    }

    #[test]
    fn nothing_is_invented() {
        for (schema, why) in [
            (
                r#"{"properties":{"path":{"type":"string"}},"required":["path"]}"#,
                "its required argument `path` has no example",
            ),
            (
                r#"{"required":["path"]}"#,
                "its required argument `path` has no example",
            ),
            (
                r#"{"properties":{"a":{"default":"A","pattern":"^(?=b)"}},"required":["a"]}"#,
                "what its schema offers as examples does not fulfil it",
            ),
            ("true", "it has no input schema"),
        ] {
            assert_eq!(built(schema), Err(why.to_owned()), "{schema}");
        }
        assert!(build(None).is_err());
    }
}
