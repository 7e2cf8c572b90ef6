//! Pointers, plain names and identifiers, dialect by dialect.

use super::{ALL, holds, leads};
use crate::inclusion::Dialect::{Draft4, Draft6, Draft7, Draft201909, Draft202012};

#[test]
fn pointers_lead_anywhere_in_the_document() {
    let schema = r#"{
        "properties": {"a": {"type": "string"}, "%25": {"not": true}, "$id": {"not": false}},
        "items": {"anyOf": [{}, {"properties": {"": {}}}]},
        "definitions": {"til~de": {}, "sl/ash": {}, "per%cent": {}, "quo\"te": {}, "é": {}, "n": 5},
        "x-own": {"deep": [{}, {"any": {"keyword": {}}}]},
        "enum": [{"type": "null"}, 7]
    }"#;
    for dialect in ALL {
        holds(
            schema,
            dialect,
            &[
                ("/properties/a", "#", "#"),
                ("/properties/a", "", "#"),
                ("", "#/properties/a", "#/properties/a"),
                ("", "#/items/anyOf/1", "#/items/anyOf/1"),
                ("", "#/items/anyOf/2", "nowhere"),
                ("", "#/items/anyOf/01", "nowhere"),
                ("", "#/items/anyOf/+1", "nowhere"),
                ("", "#/items/anyOf", "nowhere"),
                (
                    "",
                    "#/items/anyOf/1/properties/",
                    "#/items/anyOf/1/properties/",
                ),
                ("", "#/definitions/til~0de", "#/definitions/til~0de"),
                ("", "#/definitions/sl~1ash", "#/definitions/sl~1ash"),
                ("", "#/definitions/sl%7E1ash", "#/definitions/sl~1ash"),
                ("", "#/definitions/per%25cent", "#/definitions/per%cent"),
                ("", "#/definitions/quo%22te", "#/definitions/quo\"te"),
                ("", "#/definitions/quo\"te", "#/definitions/quo\"te"),
                ("", "#/definitions/%C3%A9", "#/definitions/é"),
                ("", "#/definitions/é", "#/definitions/é"),
                ("", "#/definitions/%C3", "nowhere"),
                ("", "#/definitions/n", "nowhere"),
                ("", "#/definitions/gone", "nowhere"),
                ("", "#definitions/n", "nowhere"),
                ("", "#/properties/%2525", "#/properties/%25"),
                ("", "#/properties/$id", "#/properties/$id"),
                (
                    "",
                    "#/x-own/deep/1/any/keyword",
                    "#/x-own/deep/1/any/keyword",
                ),
                ("", "#/enum/0", "#/enum/0"),
                ("", "#/enum/1", "nowhere"),
                ("", "other.json#/definitions/a", "other.json#/definitions/a"),
                (
                    "",
                    "https://example.com/a.json#",
                    "https://example.com/a.json",
                ),
                ("", "http://[/", "http://[/"),
            ],
        );
    }
}

#[test]
fn an_identifier_moves_the_base() {
    for dialect in ALL {
        let id = if dialect == Draft4 { "id" } else { "$id" };
        let schema = r#"{
            "ID": "https://example.com/shop/order.json",
            "definitions": {
                "item": {"ID": "item.json", "definitions": {"price": {}}, "items": {"properties": {"a": {}}}},
                "parts": {"ID": "parts/", "definitions": {"bolt": {"ID": "bolt.json"}}},
                "far": {"ID": "HTTPS://Other.example.com:443/x/../far", "not": {}}
            },
            "not": {}
        }"#
        .replace("ID", id);
        let shop = "https://example.com/shop/";
        holds(
            &schema,
            dialect,
            &[
                ("/not", "item.json", "#/definitions/item"),
                ("/not", "/shop/item.json#", "#/definitions/item"),
                ("/not", "order.json", "#"),
                ("/definitions/item", "order.json#/not", "#/not"),
                ("/definitions/item/items", "#", "#/definitions/item"),
                (
                    "/definitions/item/items/properties/a",
                    "#/definitions/price",
                    "#/definitions/item/definitions/price",
                ),
                ("/definitions/item/items", "#/not", "nowhere"),
                (
                    "",
                    "#/definitions/item/definitions/price",
                    "#/definitions/item/definitions/price",
                ),
                (
                    "",
                    "parts/bolt.json",
                    "#/definitions/parts/definitions/bolt",
                ),
                (
                    "/definitions/parts",
                    "bolt.json",
                    "#/definitions/parts/definitions/bolt",
                ),
                ("", "bolt.json", &format!("{shop}bolt.json")),
                (
                    "/definitions/parts",
                    "nut.json#/a",
                    &format!("{shop}parts/nut.json#/a"),
                ),
                (
                    "",
                    "https://other.example.com/far#/not",
                    "#/definitions/far/not",
                ),
                (
                    "/definitions/far/not",
                    "item.json",
                    "https://other.example.com/item.json",
                ),
            ],
        );
    }
}

#[test]
fn identifiers_count_only_where_the_dialect_has_schemas() {
    let schema = r#"{
        "$id": "https://example.com/",
        "enum": [{"$id": "in-enum", "$anchor": "a"}], "const": {"$id": "in-const", "$anchor": "b"},
        "examples": [{"$id": "in-examples"}], "default": {"$id": "in-default"},
        "x-own": {"$id": "in-own", "$anchor": "c", "$defs": {"d": {"$id": "in-own-defs", "$anchor": "d"}}},
        "properties": {"$id": {"type": "string"}, "$anchor": {}, "p": {"$id": "real"}},
        "$defs": {"list": [{"$id": "in-list"}], "nested": {"x-more": {"$id": "in-more"}}},
        "not": {"$id": 5, "$anchor": ["e"]}
    }"#;
    for dialect in [Draft201909, Draft202012] {
        for name in [
            "in-enum",
            "in-const",
            "in-examples",
            "in-default",
            "in-own",
            "in-own-defs",
            "in-list",
            "in-more",
        ] {
            let uri = format!("https://example.com/{name}");
            holds(schema, dialect, &[("", name, &uri)]);
        }
        holds(
            schema,
            dialect,
            &[
                ("", "real", "#/properties/p"),
                ("", "#a", "nowhere"),
                ("", "#b", "nowhere"),
                ("", "#c", "nowhere"),
                ("", "#e", "nowhere"),
                ("/properties/$id", "#", "#"),
                // Who goes there finds a schema with a base of its own.
                ("", "#/x-own", "#/x-own"),
                ("/x-own", "#c", "#/x-own"),
                ("/x-own", "#", "#/x-own"),
                ("/x-own/$defs/d", "#d", "#/x-own/$defs/d"),
                ("/x-own/$defs/d", "b", "https://example.com/b"),
                ("/enum/0", "#a", "#/enum/0"),
            ],
        );
    }
}

#[test]
fn keywords_hold_schemas_by_dialect() {
    for (keyword, first, last) in [
        (r#""not": HERE"#, Draft4, Draft202012),
        (r#""allOf": [true, HERE]"#, Draft4, Draft202012),
        (r#""patternProperties": {"^a": HERE}"#, Draft4, Draft202012),
        (r#""definitions": {"a": HERE}"#, Draft4, Draft202012),
        (r#""items": HERE"#, Draft4, Draft202012),
        (r#""items": [true, HERE]"#, Draft4, Draft201909),
        (r#""additionalItems": HERE"#, Draft4, Draft201909),
        (r#""dependencies": {"a": ["b"], "c": HERE}"#, Draft4, Draft7),
        (r#""contains": HERE"#, Draft6, Draft202012),
        (r#""propertyNames": HERE"#, Draft6, Draft202012),
        (r#""if": true, "then": HERE"#, Draft7, Draft202012),
        (r#""$defs": {"a": HERE}"#, Draft201909, Draft202012),
        (
            r#""dependentSchemas": {"a": HERE}"#,
            Draft201909,
            Draft202012,
        ),
        (r#""unevaluatedItems": HERE"#, Draft201909, Draft202012),
        (r#""contentSchema": HERE"#, Draft201909, Draft202012),
        (r#""prefixItems": [HERE]"#, Draft202012, Draft202012),
        (r#""allOf": {"a": HERE}"#, Draft202012, Draft4),
        (r#""properties": [HERE]"#, Draft202012, Draft4),
        (r#""not": [HERE]"#, Draft202012, Draft4),
    ] {
        for dialect in ALL {
            let id = if dialect == Draft4 { "id" } else { "$id" };
            let schema =
                format!("{{{keyword}}}").replace("HERE", &format!(r#"{{"{id}": "here"}}"#));
            let found = leads(&schema, dialect, "", "here").starts_with('#');
            assert_eq!(
                found,
                first <= dialect && dialect <= last,
                "{schema} in {dialect:?}"
            );
        }
    }
}

#[test]
fn plain_names_by_dialect() {
    let legacy = r##"{
        "ID": "https://example.com/root", "not": {"ID": "#inner"},
        "allOf": [
            {"ID": "other", "not": {"ID": "#inner"}, "items": {"ID": "#only-there"}},
            {"ID": "third#named"},
            {"ID": "#/definitions/pointer"}
        ]
    }"##;
    for (dialect, id) in [(Draft4, "id"), (Draft6, "$id"), (Draft7, "$id")] {
        holds(
            &legacy.replace("ID", id),
            dialect,
            &[
                ("", "#inner", "#/not"),
                ("/not", "#", "#"),
                ("/allOf/0/items", "#inner", "#/allOf/0/not"),
                ("", "other#inner", "#/allOf/0/not"),
                ("", "#only-there", "nowhere"),
                ("", "other#only-there", "#/allOf/0/items"),
                ("", "third#named", "#/allOf/1"),
                ("/allOf/1", "#named", "#/allOf/1"),
                ("", "#/definitions/pointer", "nowhere"),
                ("", "#gone", "nowhere"),
            ],
        );
    }
    let anchors = r##"{
        "$id": "https://example.com/root", "not": {"$anchor": "inner"},
        "allOf": [
            {"$id": "other", "not": {"$anchor": "inner"}, "items": {"$dynamicAnchor": "moving"}},
            {"$id": "#old"},
            {"$anchor": "inner"}, {"$anchor": "pér"}
        ]
    }"##;
    for dialect in [Draft201909, Draft202012] {
        holds(
            anchors,
            dialect,
            &[
                ("", "#inner", "#/not"),
                ("/allOf/0/items", "#inner", "#/allOf/0/not"),
                ("", "other#inner", "#/allOf/0/not"),
                ("/allOf/1", "#", "#"),
                ("", "#old", "nowhere"),
                ("", "#p%C3%A9r", "#/allOf/3"),
                ("/not", "https://example.com/root#inner", "#/not"),
            ],
        );
    }
    holds(
        anchors,
        Draft202012,
        &[("", "other#moving", "#/allOf/0/items")],
    );
    holds(anchors, Draft201909, &[("", "other#moving", "nowhere")]);
    holds(
        r#"{"not": {"$anchor": "a"}}"#,
        Draft7,
        &[("", "#a", "nowhere")],
    );
    holds(
        r##"{"not": {"$id": "#a"}}"##,
        Draft4,
        &[("", "#a", "nowhere")],
    );
    holds(
        r##"{"not": {"id": "#a"}}"##,
        Draft7,
        &[("", "#a", "nowhere")],
    );
}

#[test]
fn an_identifier_beside_a_reference_counts_from_2019_on() {
    let schema = r##"{
        "ID": "https://example.com/base/root",
        "definitions": {
            "near": {"ID": "name"}, "far": {"ID": "/name"},
            "beside": {"ID": "https://example.com/", "$ref": "name"},
            "plain": {"ID": "#plain", "$ref": "#"},
            "property": {"ID": "https://example.com/prop", "properties": {"$ref": {"type": "string"}}}
        }
    }"##;
    for dialect in ALL {
        let id = if dialect == Draft4 { "id" } else { "$id" };
        let ignored = dialect <= Draft7;
        let beside = if ignored { "near" } else { "far" };
        holds(
            &schema.replace("ID", id),
            dialect,
            &[
                (
                    "/definitions/beside",
                    "name",
                    &format!("#/definitions/{beside}"),
                ),
                ("", "#plain", "nowhere"),
                ("", "/prop", "#/definitions/property"),
            ],
        );
    }
    // Beside a reference, definitions are as good a target as anywhere.
    holds(
        r##"{"$ref": "#/definitions/a", "definitions": {"a": {"$id": "a.json"}}}"##,
        Draft7,
        &[
            ("", "#/definitions/a", "#/definitions/a"),
            ("", "a.json", "#/definitions/a"),
        ],
    );
}
