//! A capture as a document in which each item stands byte for byte as the server sent it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::Capture;
use crate::json::{self, Json};
use crate::surface::{FORMAT_VERSION, List};

/// The document of `snapshot --raw`: the shape of a snapshot, the handshake and the items as sent.
pub fn document(capture: &Capture) -> String {
    json::pretty(&RawDocument(capture))
}

struct RawDocument<'a>(&'a Capture);

impl Serialize for RawDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(capture) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("formatVersion", &FORMAT_VERSION)?;
        map.serialize_entry("protocolVersion", &capture.surface.protocol_version)?;
        map.serialize_entry("transport", &capture.surface.transport)?;
        map.serialize_entry("initialize", raw(&capture.handshake))?;
        for list in List::ALL {
            map.serialize_entry(list.member(), &items(capture, list))?;
        }
        let beside = &capture.surface.beside;
        if !beside.is_empty() {
            let results = beside
                .iter()
                .map(|(list, members)| (list.method().to_owned(), members.clone().into()));
            map.serialize_entry("results", &Json::Object(results.collect()))?;
        }
        map.end()
    }
}

fn items(capture: &Capture, list: List) -> Vec<&RawValue> {
    let pages = capture.pages.get(&list).into_iter().flatten();
    pages
        .flat_map(|page| {
            let members: BTreeMap<String, &RawValue> =
                serde_json::from_str(page).expect("the page was read as an object before");
            let items: Vec<&RawValue> = members
                .get(list.member())
                .map(|items| {
                    serde_json::from_str(items.get())
                        .expect("the items were read as an array before")
                })
                .unwrap_or_default();
            items
        })
        .collect()
}

fn raw(text: &str) -> &RawValue {
    serde_json::from_str(text).expect("the handshake was read as an object before")
}
