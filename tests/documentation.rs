//! The documentation score: every point lost has a name and a place, and nothing that means nothing costs any.

use std::collections::BTreeSet;

use bellwether::diff::{Documented, What, compare};
use bellwether::documentation::{ALL_POINTS, Grade, KINDS, Score, score};
use bellwether::json::{Json, parse};
use bellwether::surface::Surface;

const LIBRARY: &str = include_str!("../fixtures/contract/library.json");

const FINE: &str = r#"{"name":"read_file","title":"Read a file","description":"Reads a text file and returns what it holds.",
    "inputSchema":{"type":"object","properties":{"path":{"type":"string","description":"Where it is, e.g. notes/today.md"}}},
    "outputSchema":{"type":"object","properties":{"text":{"type":"string"}}},
    "annotations":{"readOnlyHint":true}}"#;

const BARE: &str =
    r#"{"name":"do_it","inputSchema":{"type":"object","properties":{"a":{},"b":{}}}}"#;

fn of(document: &str) -> Score {
    score(&Surface::from_document(&parse(document).expect("JSON")).expect("a surface"))
}

fn tools(tools: &[&str]) -> Score {
    of(&format!(
        r#"{{"protocolVersion":"2025-06-18","tools":[{}]}}"#,
        tools.join(",")
    ))
}

/// The issues as `id at name`.
fn issues(score: &Score) -> BTreeSet<String> {
    let issues = score.issues.iter();
    issues
        .map(|issue| {
            format!("{} {} {}", issue.id, issue.place.at, issue.name)
                .trim()
                .to_owned()
        })
        .collect()
}

#[test]
fn a_full_score_has_no_issue_and_a_bare_tool_fails() {
    let fine = tools(&[FINE]);
    assert_eq!(
        (fine.value, fine.grade, fine.issues.len()),
        (100, Grade::A, 0)
    );
    let bare = tools(&[BARE]);
    assert_eq!((bare.value, bare.grade), (0, Grade::F));
    assert_eq!(
        bare.issues.iter().map(|issue| issue.points).sum::<u64>(),
        ALL_POINTS
    );
    let empty = tools(&[]);
    assert_eq!(
        (empty.value, empty.issues.len()),
        (100, 0),
        "there is nothing to document"
    );
}

#[test]
fn every_kind_has_its_own_id_and_the_library_shows_most() {
    let ids: BTreeSet<&str> = KINDS.iter().map(|kind| kind.id).collect();
    assert_eq!(ids.len(), KINDS.len());
    let library = of(LIBRARY);
    assert!(library.issues.iter().all(|issue| ids.contains(issue.id)));
    assert!(issues(&library).contains("parameter-undescribed tools/lend_book guarantor.tags"));
    assert!(issues(&library).contains("argument-undescribed prompts/recommend mood"));
}

#[test]
fn what_the_revision_does_not_have_costs_nothing() {
    let tool = r#"{"name":"read_file","description":"Reads a text file and returns what it holds.","inputSchema":{"type":"object"}}"#;
    let at = |revision: &str| {
        let score = of(&format!(
            r#"{{"protocolVersion":"{revision}","tools":[{tool}]}}"#
        ));
        (score.value, issues(&score))
    };
    assert_eq!(at("2024-11-05"), (100, BTreeSet::new()));
    assert_eq!(
        at("2025-03-26").1,
        ["tool-without-annotations tools/read_file".to_owned()].into()
    );
    assert_eq!(at("2025-06-18").1.len(), 3);
}

#[test]
fn the_order_of_lists_means_nothing() {
    let mut document: serde_json::Value = serde_json::from_str(LIBRARY).expect("JSON");
    for list in ["tools", "prompts", "resources"] {
        document[list].as_array_mut().expect("a list").reverse();
    }
    document["prompts"][0]["arguments"]
        .as_array_mut()
        .expect("a list")
        .reverse();
    let guarantor = &mut document["tools"][2]["inputSchema"]["properties"]["guarantor"];
    guarantor["anyOf"]
        .as_array_mut()
        .expect("branches")
        .reverse();
    let (before, after) = (of(LIBRARY), of(&document.to_string()));
    assert_eq!(before.value, after.value);
    assert_eq!(issues(&before), issues(&after));
}

#[test]
fn one_huge_tool_drowns_no_other() {
    let many: Vec<String> = (0..500)
        .map(|index| format!(r#""p{index}":{{}}"#))
        .collect();
    let huge = format!(
        r#"{{"name":"huge","inputSchema":{{"type":"object","properties":{{{}}}}}}}"#,
        many.join(",")
    );
    let value = tools(&[FINE, FINE, FINE, &huge]).value;
    assert_eq!(value, tools(&[FINE, FINE, FINE, BARE]).value);
    assert!((70..80).contains(&value), "{value}");
}

#[test]
fn parameters_are_found_at_every_depth_and_once() {
    let deep = r##"{"name":"plant_tree","title":"Plant","description":"Plants a tree of nodes and returns its root.",
        "annotations":{"readOnlyHint":false},"outputSchema":{},
        "inputSchema":{"type":"object","$defs":{"node":{"type":"object","description":"A node",
          "properties":{"kids":{"type":"array","description":"Nodes below","items":{"$ref":"#/$defs/node"}},
                        "label":{"type":"string","default":"oak"}}}},
         "allOf":[{"properties":{"root":{"$ref":"#/$defs/node"}}}],
         "properties":{"by":{"type":"object","description":"Who plants it","additionalProperties":{"type":"object","properties":{"role":{"type":"string"}}}},
                       "away":{"$ref":"https://elsewhere.example/x.json"},
                       "nowhere":{"$ref":"#/$defs/none"}}}}"##;
    let found = issues(&tools(&[deep]));
    let expected = [
        "parameter-undescribed tools/plant_tree away",
        "parameter-undescribed tools/plant_tree by.*.role",
        "parameter-undescribed tools/plant_tree nowhere",
        "parameter-undescribed tools/plant_tree root.label",
        "parameter-untyped tools/plant_tree away",
        "parameter-untyped tools/plant_tree nowhere",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
    let pointers: Vec<String> = tools(&[deep])
        .issues
        .iter()
        .filter(|issue| issue.name == "root.label")
        .map(|issue| issue.place.pointer.to_string())
        .collect();
    assert_eq!(
        pointers,
        ["/inputSchema/$defs/node/properties/label/description"]
    );
}

#[test]
fn a_schema_that_explodes_costs_no_more_than_its_text() {
    let definitions: Vec<String> = (0..200)
        .map(|index| {
            let next = index + 1;
            format!(r##""d{index}":{{"properties":{{"a":{{"$ref":"#/$defs/d{next}"}},"b":{{"$ref":"#/$defs/d{next}"}}}}}}"##)
        })
        .collect();
    let tool = format!(
        r##"{{"name":"explode","inputSchema":{{"$ref":"#/$defs/d0","$defs":{{{},"d200":{{"type":"string"}}}}}}}}"##,
        definitions.join(",")
    );
    assert_eq!(tools(&[&tool]).grade, Grade::F);
}

#[test]
fn the_page_lists_every_kind() {
    let page = include_str!("../docs/contract.md");
    for kind in KINDS {
        let row = format!("| `{}` | {} | {} |\n", kind.id, kind.weight, kind.title);
        assert!(page.contains(&row), "docs/contract.md lacks {row}");
    }
    assert_eq!(
        page.matches("\n| `").count(),
        KINDS.len() + 2,
        "the rows of the two tables"
    );
}

/// What `diff` tells of the grade, as the two scores; both are whole, whatever it looked at.
fn grade_moved(old: &Surface, new: &Surface) -> Option<(u8, u8)> {
    let changes = compare(old, new).changes;
    let moved = changes.iter().find(|change| {
        matches!(
            change.what,
            What::Documentation(Documented::Worse | Documented::Better)
        )
    })?;
    let value = |side: &Option<Json>| match side.as_ref()?.get("score")? {
        Json::Number(value) => u8::try_from(value.as_i64()?).ok(),
        _ => None,
    };
    Some((value(&moved.old)?, value(&moved.new)?))
}

#[test]
fn a_diff_looks_at_what_changed_and_knows_the_score_of_all() {
    let worse = BARE.replace("do_it", "read_file");
    let surface = |tools: &[&str]| {
        let text = format!(
            r#"{{"protocolVersion":"2025-06-18","tools":[{}]}}"#,
            tools.join(",")
        );
        Surface::from_document(&parse(&text).expect("JSON")).expect("a surface")
    };
    let other = FINE.replace("read_file", "read_page");
    let reworded = FINE.replace("Reads a text file", "Opens a text file");
    for (old, new) in [
        (vec![FINE, &other, BARE], vec![&worse, &other, BARE]),
        (vec![&worse, &other], vec![FINE, &other]),
        // One among many moves no grade; another order, and the same again, neither.
        (
            [&vec![FINE; 19][..], &[&other]].concat(),
            [&vec![FINE; 19][..], &[&other.replace("e.g.", "")]].concat(),
        ),
        (vec![FINE, &other, BARE], vec![BARE, &other, &reworded]),
        // Two of one name, of which one changes.
        (vec![FINE, FINE, &other], vec![FINE, &worse, &other]),
    ] {
        let (old, new) = (surface(&old), surface(&new));
        let (before, now) = (score(&old), score(&new));
        let moved = (before.grade != now.grade).then_some((before.value, now.value));
        assert_eq!(grade_moved(&old, &new), moved);
    }
    // What came does not hide what fell.
    let fine: Vec<_> = (0..9)
        .map(|index| FINE.replace("read_file", &format!("page_{index}")))
        .collect();
    let many: Vec<_> = std::iter::once(&worse)
        .chain(&fine)
        .map(String::as_str)
        .collect();
    let (old, new) = (surface(&[FINE]), surface(&many));
    assert_eq!(score(&new).grade, Grade::A);
    assert_eq!(grade_moved(&old, &new), Some((100, 0)));
}
