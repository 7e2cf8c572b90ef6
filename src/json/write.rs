//! [`Json`] to text. Numbers are written with the digits they came with, repeated names again.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::Json;

/// One line, no white space.
pub fn compact(json: &Json) -> String {
    serde_json::to_string(json).expect("a JSON value is always JSON text")
}

/// Two-space indentation, one member a line, LF, a newline at the end.
pub fn pretty(json: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(json).expect("a JSON value is always JSON text");
    text.push('\n');
    text
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => {
                let literal = RawValue::from_string(number.literal().to_owned());
                literal
                    .expect("a number's literal is JSON")
                    .serialize(serializer)
            }
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.len()))?;
                for (name, value) in object.written() {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}
