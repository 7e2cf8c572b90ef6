//! Where references lead, in the spirit of the official test suite of JSON Schema.

use super::{Document, Location, Target, Unknown};
use crate::inclusion::Dialect::{self, Draft4, Draft6, Draft7, Draft201909, Draft202012};
use crate::json::{Json, Pointer, parse};

const ALL: [Dialect; 5] = [Draft4, Draft6, Draft7, Draft201909, Draft202012];

fn json(text: &str) -> Json {
    parse(text).expect("the schema of a test is JSON")
}

fn place(document: &mut Document<'_>, pointer: &str) -> Location {
    let pointer = Pointer::parse(pointer).expect("a pointer");
    document.at(&pointer).expect("a schema")
}

/// Where a reference leads that stands at a pointer: `#` and the pointer of the target, `nowhere`, or a URI.
fn leads(schema: &str, dialect: Dialect, from: &str, reference: &str) -> String {
    let schema = json(schema);
    let mut document = Document::new(&schema, dialect);
    let from = place(&mut document, from);
    match document.resolve(from, reference) {
        Target::At(at) => format!("#{}", document.pointer(at)),
        Target::Remote(uri) => uri,
        Target::Nowhere => "nowhere".to_owned(),
    }
}

/// Holds a table of places, references and where they lead, in one schema.
fn holds(schema: &str, dialect: Dialect, table: &[(&str, &str, &str)]) {
    for (from, reference, target) in table {
        assert_eq!(
            leads(schema, dialect, from, reference),
            *target,
            "{reference} at {from} of {schema} in {dialect:?}"
        );
    }
}

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

#[test]
fn a_resource_may_have_a_dialect_of_its_own() {
    let schema = json(
        r##"{
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://example.com/",
        "$defs": {
            "seven": {"$id": "seven", "$schema": "http://json-schema.org/draft-07/schema#",
                      "not": {"$id": "#a"}, "$defs": {"x": {"$id": "unseen"}}},
            "four": {"id": "four", "$schema": "http://json-schema.org/draft-04/schema"},
            "plain": {"$schema": "http://json-schema.org/draft-04/schema#"},
            "odd": {"$id": "odd", "$schema": "https://example.com/dialect", "not": {"$id": "in-odd"}},
            "inner": {"$id": "inner"}
        }
    }"##,
    );
    let mut document = Document::new(&schema, Draft6);
    let dialects = [
        ("", Ok(Draft202012)),
        ("/$defs/seven", Ok(Draft7)),
        ("/$defs/seven/not", Ok(Draft7)),
        ("/$defs/four", Ok(Draft4)),
        ("/$defs/plain", Ok(Draft202012)),
        ("/$defs/odd", Err(Unknown)),
        ("/$defs/odd/not", Err(Unknown)),
        ("/$defs/inner", Ok(Draft202012)),
    ];
    for (pointer, dialect) in dialects {
        let at = place(&mut document, pointer);
        assert_eq!(document.dialect(at), dialect, "{pointer}");
    }
    let root = document.root();
    let mut target = |reference| document.resolve(root, reference);
    assert!(matches!(target("seven#a"), Target::At(_)));
    assert!(matches!(target("four"), Target::At(_)));
    assert!(matches!(target("in-odd"), Target::At(_)));
    assert!(matches!(target("unseen"), Target::Remote(_)));
    let odd = json(r#"{"$schema": 7}"#);
    let document = Document::new(&odd, Draft6);
    assert_eq!(document.dialect(document.root()), Err(Unknown));
    assert_eq!(
        Document::new(&Json::Bool(true), Draft6).dialect(Location(0)),
        Ok(Draft6)
    );
}

#[test]
fn the_metaschemas_are_built_in() {
    let schema = json("{}");
    let mut document = Document::new(&schema, Draft202012);
    let root = document.root();
    let mut roots = Vec::new();
    for (uri, dialect) in [
        ("http://json-schema.org/draft-04/schema#", Draft4),
        ("http://json-schema.org/draft-06/schema#", Draft6),
        ("http://json-schema.org/draft-07/schema", Draft7),
        ("https://json-schema.org/draft/2019-09/schema", Draft201909),
        ("https://json-schema.org/draft/2020-12/schema", Draft202012),
    ] {
        let Target::At(at) = document.resolve(root, uri) else {
            panic!("{uri} is not built in");
        };
        assert_eq!(document.dialect(at), Ok(dialect), "{uri}");
        assert!(document.pointer(at).is_root());
        assert_ne!(document.resource(at), document.resource(root));
        assert_eq!(
            document.recursive_anchor(document.resource(at)),
            dialect == Draft201909
        );
        let dynamic = document.dynamic_anchor(document.resource(at), "meta");
        assert_eq!(dynamic, (dialect == Draft202012).then_some(at));
        let parts = document.schema(at).get("allOf").and_then(Json::as_array);
        for part in parts.unwrap_or_default() {
            let reference = part.get_str("$ref").expect("vocabularies are referred to");
            let Target::At(part) = document.resolve(at, reference) else {
                panic!("{reference} is not built in");
            };
            assert_eq!(document.dialect(part), Ok(dialect), "{reference}");
        }
        roots.push(at);
    }
    let same = document.resolve(root, "https://json-schema.org/draft-07/schema#");
    assert_eq!(same, Target::At(roots[2]), "under its other scheme");
    let part = "http://json-schema.org/draft-07/schema#/definitions/schemaArray";
    let Target::At(part) = document.resolve(root, part) else {
        panic!("no part of a metaschema");
    };
    assert_eq!(document.pointer(part).as_str(), "/definitions/schemaArray");
    assert_eq!(document.resolve(part, "#"), Target::At(roots[2]));
    let own = r#"{"$defs": {"mine": {"$id": "http://json-schema.org/draft-07/schema#"}}}"#;
    holds(
        own,
        Draft202012,
        &[(
            "",
            "http://json-schema.org/draft-07/schema#",
            "#/$defs/mine",
        )],
    );
}

#[test]
fn every_vocabulary_is_known_by_its_own_name() {
    for (name, _, text) in crate::inclusion::metaschemas::FILES {
        let text = json(text);
        let id = text.get_str("$id").or_else(|| text.get_str("id"));
        let (uri, _) = super::uri::split(id.expect("a name"));
        assert!(uri.ends_with(&format!("//json-schema.org/{name}")), "{uri}");
    }
}

#[test]
fn dynamic_anchors_belong_to_their_resource() {
    let text = r##"{
        "$id": "https://example.com/tree", "$dynamicAnchor": "node",
        "$defs": {
            "leaf": {"$dynamicAnchor": "leaf", "$anchor": "plain"},
            "strict": {"$id": "strict", "$dynamicAnchor": "node", "$recursiveAnchor": true}
        }
    }"##;
    let schema = json(text);
    let mut document = Document::new(&schema, Draft202012);
    let root = document.root();
    let tree = document.resource(root);
    let leaf = document.child(root, &["$defs", "leaf"]);
    let strict = place(&mut document, "/$defs/strict");
    let inner = document.resource(strict);
    assert_eq!(
        document.dynamic_anchors(tree),
        [("leaf".to_owned(), leaf), ("node".to_owned(), root)]
    );
    assert_eq!(document.dynamic_anchor(inner, "node"), Some(strict));
    assert_eq!(document.dynamic_anchor(inner, "leaf"), None);
    assert_eq!(document.dynamic_anchor(tree, "plain"), None);
    assert_eq!(document.resolve(strict, "#node"), Target::At(strict));
    assert_eq!(document.resolve(leaf, "#node"), Target::At(root));
    assert_eq!(document.resolve(strict, "tree#leaf"), Target::At(leaf));
    assert_eq!(document.resource_root(inner), strict);
    assert!(!document.recursive_anchor(inner), "2020-12 has it no more");

    let mut document = Document::new(&schema, Draft201909);
    let strict = place(&mut document, "/$defs/strict");
    let inner = document.resource(strict);
    let tree = document.resource(document.root());
    assert!(document.recursive_anchor(inner) && !document.recursive_anchor(tree));
    assert_eq!(document.dynamic_anchors(inner), []);
}

#[test]
fn one_place_is_one_location_however_it_is_reached() {
    let schema = json(
        r##"{"properties": {"a/b": {"items": [{}, {"$anchor": "x"}]}, "self": {"$ref": "#"}},
             "type": "string", "type": "object", "not": {"a": 1}, "not": {"b": 2}}"##,
    );
    let mut document = Document::new(&schema, Draft201909);
    let root = document.root();
    let step = document.child(root, &["properties", "a/b"]);
    let step = document.child(step, &["items", "1"]);
    let whole = place(&mut document, "/properties/a~1b/items/1");
    assert_eq!(step, whole);
    assert_eq!(
        document.resolve(root, "#/properties/a~1b/items/1"),
        Target::At(step)
    );
    assert_eq!(document.resolve(root, "#x"), Target::At(step));
    assert_eq!(document.pointer(step).as_str(), "/properties/a~1b/items/1");
    let looped = place(&mut document, "/properties/self");
    assert_eq!(document.resolve(looped, "#"), Target::At(root));
    let last = document.child(root, &["not"]);
    assert!(
        document.schema(last).get("b").is_some(),
        "of a repeated name the last"
    );
    assert_eq!(document.at(&Pointer::root().join("type")), None);
}

#[test]
fn large_and_deep_schemas_are_no_trouble() {
    let members: Vec<String> = (0..40_000)
        .map(|index| format!(r##""n{index}": {{"$anchor": "a{index}"}}"##))
        .collect();
    let members = members.join(",");
    // A repeated name must not cost a square either.
    for more in ["", r#", "n0": {"$anchor": "last"}"#] {
        let schema = json(&format!(r#"{{"$defs": {{{members}{more}}}}}"#));
        let mut document = Document::new(&schema, Draft202012);
        let root = document.root();
        for index in 1..40_000 {
            let child = document.child(root, &["$defs", &format!("n{index}")]);
            let anchor = format!("#a{index}");
            assert_eq!(document.resolve(root, &anchor), Target::At(child));
        }
    }
    let deep = format!(
        r#"{}{{"$anchor": "bottom"}}{}"#,
        r#"{"not":"#.repeat(1000),
        "}".repeat(1000)
    );
    let thread = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || {
            let schema = json(&deep);
            let mut document = Document::new(&schema, Draft202012);
            let Target::At(bottom) = document.resolve(document.root(), "#bottom") else {
                panic!("not found");
            };
            assert_eq!(document.pointer(bottom).tokens().count(), 1000);
        });
    thread.expect("spawns").join().expect("no overflow");
}
