//! Resources inside a document, the built-in ones, and the places in them.

use super::{holds, json, place};
use crate::inclusion::Dialect::{Draft4, Draft6, Draft7, Draft201909, Draft202012};
use crate::inclusion::document::{Document, Location, Target, Unknown};
use crate::json::{Json, Pointer};

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
        let (uri, _) = crate::inclusion::document::uri::split(id.expect("a name"));
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
fn large_schemas_are_no_trouble() {
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
}
