//! A JSON Schema as a table: one row for each parameter or field, whatever its depth.

use super::markdown::{Page, cell, value};
use crate::documentation::{Parameter, Required, parameters};
use crate::json::{Json, compact};

/// The most rows of one table.
const ROWS_AT_MOST: usize = 300;

/// The most values of an enumeration.
const VALUES_AT_MOST: usize = 30;

/// The most columns of a description.
const TEXT_WIDTH: usize = 400;

/// Keywords that limit a value, and how that is said.
const LIMITS: [(&str, &str, &str); 14] = [
    ("minimum", "at least ", ""),
    ("exclusiveMinimum", "more than ", ""),
    ("maximum", "at most ", ""),
    ("exclusiveMaximum", "less than ", ""),
    ("multipleOf", "a multiple of ", ""),
    ("minLength", "at least ", " characters"),
    ("maxLength", "at most ", " characters"),
    ("pattern", "matches ", ""),
    ("format", "format ", ""),
    ("minItems", "at least ", " items"),
    ("maxItems", "at most ", " items"),
    ("minProperties", "at least ", " members"),
    ("maxProperties", "at most ", " members"),
    ("contentMediaType", "content ", ""),
];

/// The parameters of a tool.
pub(super) fn put_input(page: &mut Page, schema: Option<&Json>) {
    let all = schema.map(parameters).unwrap_or_default();
    if all.is_empty() {
        page.paragraph("It takes none that it names.");
        return;
    }
    let rows = all.iter().take(ROWS_AT_MOST).map(|parameter| {
        let default = parameter.keyword("default");
        vec![
            value(&parameter.shown()),
            kind(parameter),
            required(parameter.required).to_owned(),
            default
                .map(|json| value(&compact(json)))
                .unwrap_or_default(),
            limits(parameter),
            description(parameter),
        ]
    });
    page.table(
        &[
            "Name",
            "Type",
            "Required",
            "Default",
            "Constraints",
            "Description",
        ],
        &rows.collect::<Vec<_>>(),
    );
    rest(page, all.len());
    if schema.and_then(|schema| schema.get("additionalProperties")?.as_bool()) == Some(false) {
        page.paragraph("It refuses parameters of other names.");
    }
}

/// The fields of a structured result.
pub(super) fn put_output(page: &mut Page, schema: Option<&Json>) {
    let Some(schema) = schema else {
        page.paragraph("It states no output schema.");
        return;
    };
    let all = parameters(schema);
    if all.is_empty() {
        page.paragraph("Its output schema names no fields.");
        return;
    }
    let rows = all.iter().take(ROWS_AT_MOST).map(|field| {
        vec![
            value(&field.shown()),
            kind(field),
            required(field.required).to_owned(),
            limits(field),
            description(field),
        ]
    });
    page.table(
        &["Field", "Type", "Guaranteed", "Constraints", "Description"],
        &rows.collect::<Vec<_>>(),
    );
    rest(page, all.len());
}

/// The fields that answers were seen to have.
pub(super) fn put_seen(page: &mut Page, schema: &Json) {
    let all = parameters(schema);
    let rows = all.iter().take(ROWS_AT_MOST).map(|field| {
        let always = if field.required == Required::Always {
            "always"
        } else {
            "at times"
        };
        vec![value(&field.shown()), kind(field), always.to_owned()]
    });
    page.table(&["Field seen", "Type", "There"], &rows.collect::<Vec<_>>());
    rest(page, all.len());
}

fn rest(page: &mut Page, all: usize) {
    if all > ROWS_AT_MOST {
        page.paragraph(&format!(
            "Cut here: {} more stand in the baseline.",
            all - ROWS_AT_MOST
        ));
    }
}

fn required(required: Required) -> &'static str {
    match required {
        Required::Always => "yes",
        Required::Sometimes => "in some forms",
        Required::Never => "no",
    }
}

fn description(parameter: &Parameter<'_>) -> String {
    cell(parameter.description().unwrap_or_default(), TEXT_WIDTH)
}

/// `string or null`, `array of string`.
fn kind(parameter: &Parameter<'_>) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for view in &parameter.views {
        for kind in stated(view) {
            let kind = match (kind, view.get("items")) {
                ("array", Some(items)) => match stated(items).as_slice() {
                    [] => "array".to_owned(),
                    all => format!("array of {}", all.join(" or ")),
                },
                (kind, _) => kind.to_owned(),
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    // The order of branches means nothing, and null is what a reader looks for last.
    kinds.sort_by_key(|kind| kind == "null");
    if kinds.is_empty() {
        "any".to_owned()
    } else {
        cell(&kinds.join(" or "), 200)
    }
}

/// The types that a schema states by itself.
fn stated(schema: &Json) -> Vec<&str> {
    match schema.get("type") {
        Some(Json::String(kind)) => return vec![kind.as_str()],
        Some(Json::Array(kinds)) => return kinds.iter().filter_map(Json::as_str).collect(),
        _ => {}
    }
    let mut kinds: Vec<&str> = match (schema.get("enum"), schema.get("const")) {
        (Some(Json::Array(values)), _) => values.iter().map(Json::type_name).collect(),
        (_, Some(value)) => vec![value.type_name()],
        _ => Vec::new(),
    };
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The values that a parameter is limited to, those of all branches together.
fn values(parameter: &Parameter<'_>) -> Option<String> {
    let mut values: Vec<String> = Vec::new();
    for view in &parameter.views {
        let listed = view
            .get("enum")
            .and_then(Json::as_array)
            .unwrap_or_default();
        for json in listed.iter().chain(view.get("const")) {
            let text = compact(json);
            if !values.contains(&text) {
                values.push(text);
            }
        }
    }
    // A branch of its own that takes any text leaves the values of the others mere examples.
    let is_open = |view: &&Json| {
        let kind = view.get_str("type").unwrap_or_default();
        let limited = view.get("enum").or(view.get("const")).is_some();
        ["string", "number", "integer"].contains(&kind) && !limited
    };
    let word = if parameter.views[1..].iter().any(is_open) {
        "such as"
    } else if values.len() == 1 {
        "always"
    } else {
        "one of"
    };
    let shown: Vec<String> = (values.iter().take(VALUES_AT_MOST))
        .map(|text| value(text))
        .collect();
    match values.len().saturating_sub(VALUES_AT_MOST) {
        _ if shown.is_empty() => None,
        0 => Some(format!("{word} {}", shown.join(", "))),
        more => Some(format!("{word} {} and {more} more", shown.join(", "))),
    }
}

fn limits(parameter: &Parameter<'_>) -> String {
    let mut said: Vec<String> = values(parameter).into_iter().collect();
    for (keyword, before, after) in LIMITS {
        if let Some(json) = parameter.keyword(keyword) {
            let text = json.as_str().map_or_else(|| compact(json), str::to_owned);
            said.push(format!("{before}{}{after}", value(&text)));
        }
    }
    if parameter.keyword("uniqueItems").and_then(Json::as_bool) == Some(true) {
        said.push("no item twice".to_owned());
    }
    if let Some(elsewhere) = parameter.keyword("$ref").and_then(Json::as_str)
        && !elsewhere.starts_with('#')
    {
        said.push(format!("refers to {}", value(elsewhere)));
    }
    if let Some(path) = parameter.listed_under() {
        let whole = if path.is_empty() {
            "the whole".to_owned()
        } else {
            value(&path)
        };
        said.push(format!("parts as in {whole}"));
    }
    said.join("; ")
}
