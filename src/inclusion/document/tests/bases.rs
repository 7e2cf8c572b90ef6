//! Bases of every kind.

use super::holds;
use crate::inclusion::Dialect::Draft202012;

#[test]
fn bases_of_every_scheme() {
    let schema =
        r#"{"$id": "BASE", "$defs": {"a": {"$anchor": "anchor"}, "b": {"$id": "b.json"}}}"#;
    for (base, b) in [
        (
            "urn:uuid:deadbeef-1234-0000-0000-4321feebdaed",
            "urn:b.json",
        ),
        ("urn:example:1/406/47452/2", "urn:b.json"),
        ("urn:example:foo-bar?+CCResolve:cc=uk", "urn:b.json"),
        ("urn:example:weather?=op=map&lat=39.56", "urn:b.json"),
        ("tag:example.com,2026:schema", "tag:b.json"),
        ("file:///folder/file.json", "file:///folder/b.json"),
        ("file:///c:/folder/file.json", "file:///c:/folder/b.json"),
        (
            "https://example.com/dir/x.json?v=1",
            "https://example.com/dir/b.json",
        ),
        ("https://example.com", "https://example.com/b.json"),
        ("x.json", "b.json"),
        ("/rooted/x.json", "/rooted/b.json"),
    ] {
        holds(
            &schema.replace("BASE", base),
            Draft202012,
            &[
                ("", "#/$defs/a", "#/$defs/a"),
                ("", &format!("{base}#/$defs/a"), "#/$defs/a"),
                ("", &format!("{base}#anchor"), "#/$defs/a"),
                ("/$defs/b", base, "#"),
                ("", "b.json", "#/$defs/b"),
                ("", b, "#/$defs/b"),
            ],
        );
    }
    let unnamed = r#"{"$defs": {"a": {"$id": "one/two.json", "not": {}}, "b": {"$anchor": "b"}}}"#;
    holds(
        unnamed,
        Draft202012,
        &[
            ("", "one/two.json#/not", "#/$defs/a/not"),
            ("/$defs/a/not", "two.json", "#/$defs/a"),
            ("/$defs/a/not", "three.json#x", "one/three.json#x"),
            ("/$defs/a/not", "/#b", "#/$defs/b"),
            ("/$defs/a/not", "#b", "nowhere"),
        ],
    );
}

#[test]
fn an_identifier_that_is_no_uri_still_bounds_a_resource() {
    let long = format!("https://example.com/{}", "a".repeat(5000));
    for id in ["http://[", "https://example.com:port/", &long] {
        let schema =
            format!(r#"{{"not": {{}}, "items": {{"$id": "{id}", "$defs": {{"a": {{}}}}}}}}"#);
        holds(
            &schema,
            Draft202012,
            &[
                ("/items", "#/$defs/a", "#/items/$defs/a"),
                ("/items", "#/not", "nowhere"),
                ("/items", "x.json", "x.json"),
                ("/items", "https://example.com/x", "https://example.com/x"),
                ("", id, id),
            ],
        );
    }
}

#[test]
fn of_two_of_one_name_the_first_is_meant() {
    let schema = r##"{
        "$id": "https://example.com/r",
        "allOf": [
            {"$id": "same", "not": {}, "$anchor": "s"},
            {"$id": "same", "items": {"$anchor": "s"}},
            {"$id": "", "contains": {}}
        ]
    }"##;
    holds(
        schema,
        Draft202012,
        &[
            ("", "same", "#/allOf/0"),
            ("/allOf/1/items", "#", "#/allOf/1"),
            ("/allOf/1/items", "#s", "#/allOf/1/items"),
            ("/allOf/2/contains", "#", "#"),
        ],
    );
}
