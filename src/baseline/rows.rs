//! How the document of a baseline becomes text: numbers that were measured stand in one row a metric.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::OBSERVED;
use crate::json::{Json, compact};

/// A baseline as it is written: as any JSON, but for rows of numbers in what was observed.
pub(super) struct File<'a>(pub(super) &'a Json);

impl Serialize for File<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Json::Object(object) = self.0 else {
            return self.0.serialize(serializer);
        };
        let mut map = serializer.serialize_map(Some(object.len()))?;
        for (name, value) in object.written() {
            if name == OBSERVED {
                map.serialize_entry(name, &Rows(value))?;
            } else {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// A value whose lists of numbers take one line each: twenty-five samples on as many lines are nothing to read.
struct Rows<'a>(&'a Json);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Array(items) if is_row(items) => {
                let numbers: Vec<_> = items.iter().map(compact).collect();
                let row = RawValue::from_string(format!("[{}]", numbers.join(", ")));
                row.expect("numbers between commas are JSON")
                    .serialize(serializer)
            }
            Json::Array(items) => serializer.collect_seq(items.iter().map(Rows)),
            Json::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.len()))?;
                for (name, value) in object.written() {
                    map.serialize_entry(name, &Rows(value))?;
                }
                map.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

fn is_row(items: &[Json]) -> bool {
    !items.is_empty() && items.iter().all(|item| matches!(item, Json::Number(_)))
}
