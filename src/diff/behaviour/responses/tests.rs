//! What is told of answers that changed, and that nothing is told of a server that did not.

use super::*;
use crate::json::{Object, parse};

fn json(text: &str) -> Json {
    parse(text).expect("valid")
}

fn structured(body: &str) -> Json {
    json(&format!(
        r#"{{"content": [], "structuredContent": {body}}}"#
    ))
}

fn text(text: &str) -> Json {
    let block: Object = [("type", Json::from("text")), ("text", Json::from(text))]
        .into_iter()
        .collect();
    [("content", Json::Array(vec![block.into()]))]
        .into_iter()
        .collect::<Object>()
        .into()
}

fn merged(results: &[Json]) -> Shape {
    results
        .iter()
        .fold(Shape::default(), |all, one| all.merge(&Shape::of(one)))
}

/// The facts of which it is sure, as `what pointer`.
fn sure(old: &[Json], new: &[Json]) -> Vec<String> {
    let facts = responses(Some(&merged(old)), &merged(new));
    let facts = facts.into_iter().filter(|fact| fact.sure);
    facts
        .map(|fact| format!("{:?} {}", fact.what, fact.pointer))
        .collect()
}

/// The facts about answers that were each so three times, and are each so now; but for their values.
fn steady(old: &str, new: &str) -> Vec<String> {
    let facts = sure(&vec![structured(old); 3], &vec![structured(new); 3]);
    let about_shapes = |fact: &String| !fact.starts_with("ContentChanged");
    facts.into_iter().filter(about_shapes).collect()
}

fn of_texts(old: &str, new: &str) -> Vec<String> {
    sure(&vec![text(old); 3], &vec![text(new); 3])
}

#[test]
fn fields_come_and_go() {
    for (old, new, facts) in [
        (
            r#"{"a": 1, "total": 2}"#,
            r#"{"a": 1}"#,
            vec!["FieldRemoved /response/properties/total"],
        ),
        (
            r#"{"a": 1}"#,
            r#"{"a": 1, "total": 2}"#,
            vec!["FieldAdded /response/properties/total"],
        ),
        (
            r#"{"a": 1}"#,
            r#"{"a": "1"}"#,
            vec!["TypeChanged /response/properties/a"],
        ),
        (r#"{"a": 1}"#, r#"{"a": null}"#, vec![]),
        (r#"{"a": null}"#, r#"{"a": 1}"#, vec![]),
        (
            r#"{"a": [{"id": 1, "x": 1}]}"#,
            r#"{"a": [{"id": 1}, {"id": 2}]}"#,
            vec!["FieldRemoved /response/properties/a/items/properties/x"],
        ),
        (r#"{"a": [{"id": 1}]}"#, r#"{"a": []}"#, vec![]),
        (r#"{"a": []}"#, r#"{"a": [{"id": 1}]}"#, vec![]),
        (
            r#"{"a/b": {"c": 1}}"#,
            r#"{"a/b": {"c": true}}"#,
            vec!["TypeChanged /response/additionalProperties/properties/c"],
        ),
        (
            r#"{"old": 1, "a": 1}"#,
            r#"{"new": 1, "a": 1}"#,
            vec![
                "FieldAdded /response/properties/new",
                "FieldRemoved /response/properties/old",
            ],
        ),
        (r#"[1, 2]"#, r#"{"a": 1}"#, vec!["TypeChanged /response"]),
        (
            r#"{"total": 1}"#,
            r#"{"2026-01-31": 1}"#,
            vec!["Unstable /response"],
        ),
    ] {
        assert_eq!(steady(old, new), facts, "{old} to {new}");
    }
    // In texts as in structured content.
    assert_eq!(
        of_texts(r#"{"a": 1, "b": 1}"#, r#"{"a": 1}"#),
        ["FieldRemoved /response/properties/b"]
    );
}

#[test]
fn a_null_each_time_is_another_type_once_it_is_no_chance() {
    let (value, null) = (structured(r#"{"a": 1}"#), structured(r#"{"a": null}"#));
    let facts = sure(&vec![value; 6], &vec![null; 6]);
    assert_eq!(facts, ["TypeChanged /response/properties/a"]);
}

#[test]
fn what_was_steady_can_waver() {
    let (with, without) = (structured(r#"{"a": 1, "b": 1}"#), structured(r#"{"a": 1}"#));
    let other = structured(r#"{"a": 1, "b": "one"}"#);
    let some = [with.clone(), without.clone(), with.clone()];
    assert_eq!(
        sure(&vec![with.clone(); 3], &some),
        ["Unstable /response/properties/b"]
    );
    assert_eq!(
        sure(&vec![with.clone(); 3], &[with.clone(), other]),
        ["Unstable /response/properties/b"]
    );
    // Optional fields prove nothing, however often they are missing.
    assert!(sure(&some, &vec![without.clone(); 25]).is_empty());
    assert!(sure(&some, &vec![with.clone(); 3]).is_empty());
    let half = [vec![with.clone(); 12], vec![without.clone(); 13]].concat();
    assert_eq!(
        sure(&half, &vec![with.clone(); 25]),
        ["Stable /response/properties/b"]
    );
    // One answer on both sides is told and is not sure.
    let facts = responses(Some(&merged(&[with])), &merged(&[without]));
    assert_eq!(facts.len(), 1);
    assert!(!facts[0].sure && facts[0].what == ResponseChange::FieldRemoved);
}

#[test]
fn forms_change() {
    for (old, new, facts) in [
        (
            r#"{"at": "2026-01-31T12:00:00Z"}"#,
            r#"{"at": "2026-01-31"}"#,
            vec!["FormatChanged(String) /response/properties/at"],
        ),
        (r#"{"at": "2026-01-31"}"#, r#"{"at": ""}"#, vec![]),
        (
            r#"{"at": 1700000000}"#,
            r#"{"at": 1700000000000}"#,
            vec!["FormatChanged(Number) /response/properties/at"],
        ),
        (r#"{"n": 7}"#, r#"{"n": 1700000000}"#, vec![]),
        (
            r#"{"n": 7}"#,
            r#"{"n": 7.5}"#,
            vec!["FormatChanged(Number) /response/properties/n"],
        ),
    ] {
        assert_eq!(steady(old, new), facts, "{old} to {new}");
    }
    assert_eq!(
        of_texts(r#"{"a": 1}"#, "One."),
        ["FormatChanged(Text) /response/content/text"]
    );
    assert_eq!(
        of_texts("One.", "# One\n"),
        ["FormatChanged(Text) /response/content/text"]
    );
    assert_eq!(of_texts("One.", ""), ["ContentChanged /response"]);
    assert_eq!(
        of_texts("One.", &"One. ".repeat(1_000)),
        ["FormatChanged(Size) /response", "ContentChanged /response"]
    );
    let image = |kind: &str| {
        json(&format!(
            r#"{{"content": [{{"type": "image", "data": "", "mimeType": "image/{kind}"}}]}}"#
        ))
    };
    assert_eq!(
        sure(&vec![text("x"); 3], &vec![image("png"); 3]),
        ["FormatChanged(Content) /response/content"]
    );
    assert_eq!(
        sure(&vec![image("gif"); 3], &vec![image("png"); 3]),
        ["FormatChanged(MediaType) /response/content/image/mimeType"]
    );
}

#[test]
fn a_contradiction_counts_unless_it_was_approved() {
    let schema = json(r#"{"properties": {"a": {"type": "integer"}}}"#);
    let of = |body: &str| Shape::of_tool(&structured(body), Some(&schema));
    let (good, bad) = (of(r#"{"a": 1}"#), of(r#"{"a": "1"}"#));
    let told = |old: Option<&Shape>| {
        let facts = responses(old, &bad).into_iter().map(|fact| fact.what);
        let mut facts =
            facts.filter(|what| matches!(what, ResponseChange::ContradictsSchema { .. }));
        facts.next()
    };
    assert_eq!(
        told(Some(&good)),
        Some(ResponseChange::ContradictsSchema { conformed: true })
    );
    assert_eq!(
        told(None),
        Some(ResponseChange::ContradictsSchema { conformed: false })
    );
    assert_eq!(told(Some(&bad)), None);
}

#[test]
fn a_file_compares_as_what_it_was_written_from() {
    let old = merged(&vec![structured(r#"{"a": 1, "b": {"x@y.zz": [1]}}"#); 3]);
    let new = merged(&vec![structured(r#"{"b": {"z@y.zz": ["1"]}}"#); 3]);
    let read = Shape::from_json(&old.to_json()).expect("written just now");
    let facts = responses(Some(&read), &new);
    assert_eq!(facts, responses(Some(&old), &new));
    assert_eq!(facts.len(), 2, "{facts:?}");
}

/// Numbers by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn percent(&mut self, of: u64) -> bool {
        self.below(100) < of
    }
}

/// What a server's answers are like: values of it differ from answer to answer.
enum Model {
    Text,
    Date,
    Id,
    Whole,
    /// As a language prints them that has one type of number: now and then without a point.
    Fraction,
    Bool,
    List(Box<Model>),
    /// With the share of answers, in percent, that it is null or missing in.
    Record(Vec<(&'static str, Model, u64, u64)>),
    Map(Box<Model>),
}

impl Model {
    fn any(chance: &mut Chance, depth: u64, optional: bool) -> Self {
        match chance.below(if depth == 0 { 6 } else { 10 }) {
            0 => Self::Text,
            1 => Self::Date,
            2 => Self::Id,
            3 => Self::Whole,
            4 => Self::Fraction,
            5 => Self::Bool,
            6 => Self::List(Box::new(Self::any(chance, depth - 1, optional))),
            7 => Self::Map(Box::new(Self::any(chance, depth - 1, optional))),
            _ => Self::record(chance, depth - 1, optional),
        }
    }

    fn record(chance: &mut Chance, depth: u64, optional: bool) -> Self {
        let names = [
            "id",
            "name",
            "total",
            "createdAt",
            "items",
            "next_page",
            "status",
            "owner",
        ];
        let count = 1 + chance.below(8) as usize;
        let field = |name: &&'static str| {
            let null = if chance.percent(30) {
                1 + chance.below(30)
            } else {
                0
            };
            let missing = if optional && chance.percent(50) {
                1 + chance.below(99)
            } else {
                0
            };
            (*name, Self::any(chance, depth, optional), null, missing)
        };
        Self::Record(names[..count].iter().map(field).collect())
    }

    fn answer(&self, chance: &mut Chance) -> String {
        match self {
            Self::Text => {
                let words = [
                    "",
                    "a",
                    "Lorem ipsum",
                    "42 is it",
                    "Grüße",
                    "see https://example.com",
                    "2026",
                ];
                format!("{:?}", words[chance.below(6) as usize])
            }
            Self::Date => format!("\"2026-0{}-1{}\"", 1 + chance.below(9), chance.below(10)),
            Self::Id => format!(
                "\"{:08x}-0000-4000-8000-{:012x}\"",
                chance.below(1 << 32),
                chance.below(1 << 40)
            ),
            Self::Whole => chance.below(1 << 31).to_string(),
            Self::Fraction if chance.percent(5) => chance.below(100).to_string(),
            Self::Fraction => format!("{}.{}", chance.below(100), 1 + chance.below(9)),
            Self::Bool => chance.percent(50).to_string(),
            Self::List(item) => {
                let count = chance.below(4);
                let items: Vec<String> = (0..count).map(|_| item.answer(chance)).collect();
                format!("[{}]", items.join(","))
            }
            Self::Map(value) => {
                let names: Vec<u64> = (0..1 + chance.below(3))
                    .map(|_| chance.below(1 << 30))
                    .collect();
                let members: Vec<String> = names
                    .into_iter()
                    .map(|name| format!("\"k{name}-0123456\": {}", value.answer(chance)))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            Self::Record(fields) => {
                let mut members = Vec::new();
                for (name, value, null, missing) in fields {
                    if !chance.percent(*missing) {
                        let value = if chance.percent(*null) {
                            "null".to_owned()
                        } else {
                            value.answer(chance)
                        };
                        members.push(format!("\"{name}\": {value}"));
                    }
                }
                format!("{{{}}}", members.join(","))
            }
        }
    }
}

/// The facts, of which it is sure, about two halves of the answers of each of many servers.
fn halves(seed: u64, servers: u32, optional: bool) -> Vec<String> {
    let mut chance = Chance(seed);
    let mut all = Vec::new();
    for _ in 0..servers {
        let model = Model::record(&mut chance, 3, optional);
        let count = 3 + chance.below(10);
        let prose = chance.percent(50);
        let mut half = || -> Vec<Json> {
            let answers = (0..count).map(|_| model.answer(&mut chance));
            answers
                .map(|answer| {
                    if prose {
                        text(&answer)
                    } else {
                        structured(&answer)
                    }
                })
                .collect()
        };
        all.extend(sure(&half(), &half()));
    }
    all
}

#[test]
fn a_server_that_does_not_change_is_quiet() {
    assert_eq!(halves(1, 300, false), Vec::<String>::new());
}

#[test]
fn fields_that_may_be_left_out_hardly_ever_alarm() {
    // Half of the fields of these servers may be left out, and there are as few as three answers a side. That all of
    // three had one, and none of three others, is chance in one of 32 at worst.
    let facts = halves(2, 300, true);
    let wavers = facts
        .iter()
        .filter(|fact| fact.starts_with("Unstable"))
        .count();
    let rest: Vec<&String> = facts
        .iter()
        .filter(|fact| !fact.starts_with("Unstable"))
        .collect();
    assert!(rest.len() <= 15, "{rest:?}");
    assert!(wavers <= 300, "{wavers} of 300 servers");
}
