//! A loss that the judge knows of is told, whatever else has changed beside it.

use bellwether::diff::{Change, SchemaFact, Side, What, compare};
use bellwether::json::{Json, parse};
use bellwether::report::Decided;
use bellwether::surface::Surface;
use serde_json::{Value, json};

fn surface(schema: &Value) -> Surface {
    let document = json!({ "tools": [{ "name": "t", "inputSchema": schema }] });
    let document = parse(&document.to_string()).expect("JSON");
    Surface::from_document(&document).expect("a surface")
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    compare(&surface(old), &surface(new)).changes
}

/// The witnesses of the facts that are said to be lost, and what is said.
fn lost(old: &Value, new: &Value) -> Vec<(What, Option<Json>)> {
    let changes = changes(old, new).into_iter();
    changes
        .filter(|change| change.decided == Some(Decided::Refuted))
        .map(|change| (change.what, change.witness))
        .collect()
}

fn unexplained(old: &Value, new: &Value) -> bool {
    let what = What::Schema(Side::Input, SchemaFact::Changed);
    lost(old, new).iter().any(|(found, _)| *found == what)
}

/// Two branches of `oneOf` overlap, which no fact about the one that was loosened tells.
#[test]
fn a_soft_row_hides_no_other_loss() {
    let object = |least: u64| {
        let branches = [
            json!({ "type": "string", "maxLength": 3 }),
            json!({ "type": "string", "minLength": least }),
        ];
        json!({ "type": "object", "properties": { "a": { "oneOf": branches }, "n": { "type": "integer" } } })
    };
    let (old, mut new) = (object(5), object(2));
    assert!(unexplained(&old, &new));
    new["additionalProperties"] = false.into();
    assert!(unexplained(&old, &new));
    new["properties"]["n"]["minimum"] = (-9_007_199_254_740_991_i64).into();
    new["properties"]["n"]["maximum"] = 9_007_199_254_740_991_i64.into();
    assert!(unexplained(&old, &new));
}

/// A name of a schema is no annotation where a reference leads there.
#[test]
fn names_of_schemas_that_change_places_are_a_loss() {
    let named = |first: &str, second: &str| {
        json!({
            "type": "object",
            "properties": {
                "a": { "$ref": "one" },
                "b": { "$id": first, "type": "string" },
                "c": { "$id": second, "type": "integer" },
            },
        })
    };
    assert!(!lost(&named("one", "two"), &named("two", "one")).is_empty());
    assert!(lost(&named("one", "two"), &named("one", "three")).is_empty());
}

/// Where a new name of the whole schema leads a reference away, that is told, and nothing is cleared.
#[test]
fn a_reference_that_leads_away_is_no_matter_of_names() {
    let named = |id: &str| {
        json!({
            "$id": id,
            "type": "object",
            "properties": { "a": { "$ref": "https://example.com/one#/$defs/s" } },
            "$defs": { "s": { "type": "string" } },
        })
    };
    let found = changes(
        &named("https://example.com/one"),
        &named("https://example.com/two"),
    );
    let away = What::Schema(Side::Input, SchemaFact::RemoteReference { was_local: true });
    assert!(found.iter().any(|change| change.what == away), "{found:?}");
    let cleared = |change: &Change| change.decided == Some(Decided::Proven);
    assert!(!found.iter().any(cleared), "{found:?}");
}

/// What callers could send before is no addition, though the schema names it there for the first time.
#[test]
fn an_added_parameter_that_refuses_what_worked_is_a_loss() {
    let mut new = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let old = new.clone();
    new["properties"] = json!({ "a": { "type": "integer" } });
    assert!(unexplained(&old, &new));
    new["properties"] = json!({ "a": { "type": "string" } });
    assert!(lost(&old, &new).is_empty());
}
