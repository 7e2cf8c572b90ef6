//! The official metaschemas of every dialect, as json-schema.org publishes them.

use std::sync::OnceLock;

use super::Dialect;
use crate::json::{self, Json};

/// The metaschema or vocabulary of a URI without fragment, and its dialect. `http` and `https` are the same here, as
/// they are for `$schema`.
pub(super) fn named(uri: &str) -> Option<(&'static Json, Dialect)> {
    static PARSED: [OnceLock<Json>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];
    let name = uri
        .strip_prefix("http://json-schema.org/")
        .or_else(|| uri.strip_prefix("https://json-schema.org/"))?;
    let index = FILES.iter().position(|(known, ..)| *known == name)?;
    let (_, dialect, text) = FILES[index];
    let schema = PARSED[index].get_or_init(|| json::parse(text).expect("a metaschema is JSON"));
    Some((schema, dialect))
}

macro_rules! files {
    ($($name:literal, $dialect:ident, $path:literal;)*) => {
        [$(($name, Dialect::$dialect, include_str!(concat!("metaschemas/", $path)))),*]
    };
}

/// Name below `json-schema.org`, dialect, text.
pub(super) const FILES: [(&str, Dialect, &str); 19] = files![
    "draft-04/schema", Draft4, "draft4.json";
    "draft-06/schema", Draft6, "draft6.json";
    "draft-07/schema", Draft7, "draft7.json";
    "draft/2019-09/schema", Draft201909, "draft2019-09/schema.json";
    "draft/2019-09/meta/applicator", Draft201909, "draft2019-09/applicator.json";
    "draft/2019-09/meta/content", Draft201909, "draft2019-09/content.json";
    "draft/2019-09/meta/core", Draft201909, "draft2019-09/core.json";
    "draft/2019-09/meta/format", Draft201909, "draft2019-09/format.json";
    "draft/2019-09/meta/meta-data", Draft201909, "draft2019-09/meta-data.json";
    "draft/2019-09/meta/validation", Draft201909, "draft2019-09/validation.json";
    "draft/2020-12/schema", Draft202012, "draft2020-12/schema.json";
    "draft/2020-12/meta/applicator", Draft202012, "draft2020-12/applicator.json";
    "draft/2020-12/meta/content", Draft202012, "draft2020-12/content.json";
    "draft/2020-12/meta/core", Draft202012, "draft2020-12/core.json";
    "draft/2020-12/meta/format-annotation", Draft202012, "draft2020-12/format-annotation.json";
    "draft/2020-12/meta/format-assertion", Draft202012, "draft2020-12/format-assertion.json";
    "draft/2020-12/meta/meta-data", Draft202012, "draft2020-12/meta-data.json";
    "draft/2020-12/meta/unevaluated", Draft202012, "draft2020-12/unevaluated.json";
    "draft/2020-12/meta/validation", Draft202012, "draft2020-12/validation.json";
];
