//! Shapes of answers as servers give them.

use super::*;
use crate::json::{compact, parse};

/// A result with this structured content and nothing else.
fn structured(body: &str) -> Json {
    parse(&format!(
        r#"{{"content": [], "structuredContent": {body}}}"#
    ))
    .expect("valid")
}

/// A result of one text.
fn text(text: &str) -> Json {
    let block: Object = [("type", Json::from("text")), ("text", Json::from(text))]
        .into_iter()
        .collect();
    let content = Json::Array(vec![block.into()]);
    [("content", content)]
        .into_iter()
        .collect::<Object>()
        .into()
}

fn merged(results: &[Json]) -> Shape {
    let shapes = results.iter().map(Shape::of);
    shapes.fold(Shape::default(), |all, one| all.merge(&one))
}

fn body_schema(bodies: &[&str]) -> String {
    let results: Vec<Json> = bodies.iter().map(|body| structured(body)).collect();
    compact(&merged(&results).settled().body.to_schema())
}

#[test]
fn a_shape_tells_types_formats_and_what_may_be_missing() {
    let schema = body_schema(&[
        r#"{"total": 1, "at": "2026-01-31T12:00:00Z", "rows": [{"id": "a", "note": null}], "next": "x"}"#,
        r#"{"total": 2, "at": "2026-02-28T12:00:00Z", "rows": []}"#,
    ]);
    assert_eq!(
        schema,
        concat!(
            r#"{"type":"object","properties":{"at":{"type":"string","format":"date-time"},"next":{"type":"string"},"#,
            r#""rows":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"note":{"type":"null"}},"#,
            r#""required":["id","note"]}},"total":{"type":"integer"}},"required":["at","rows","total"]}"#
        )
    );
}

#[test]
fn the_form_in_a_file_is_read_again() {
    let results = [
        structured(
            r#"{"total": 1.5, "rows": [[], [1]], "by": {"2026-01-31": {"n": 1}, "2026-02-01": {"n": null}}}"#,
        ),
        structured(r#"{"total": "1", "rows": [], "by": {}}"#),
        text("[{\"a\": true}]"),
        text("# Title\n"),
        parse(r#"{"content": [{"type": "image", "data": "AA==", "mimeType": "image/png"}]}"#)
            .expect("valid"),
    ];
    let shape = merged(&results);
    let json = shape.to_json();
    assert_eq!(Shape::from_json(&json), Ok(shape.settled()));
    assert_eq!(Shape::from_json(&json).expect("read").to_json(), json);
    assert!(Shape::from_json(&parse(r#"{"samples": "3"}"#).expect("valid")).is_err());
    assert!(Shape::from_json(&Json::Null).is_err());
}

#[test]
fn no_value_and_no_name_that_is_data_is_kept() {
    let secrets = [
        r#"{"email": "jane@corp.example", "phone": "+49 171 555", "amount": 48213}"#,
        r#"{"jane@corp.example": {"amount": 48213}}"#,
        r#"{"48213": 1, "cus_9x8y7z6w": 2}"#,
        r#"{"users": {"jane": {"id": 1, "amount": 48213}, "joe": {"id": 2, "amount": 1}, "jim": {"id": 3, "amount": 1}}}"#,
        r#"{"deep": [{"/home/jane/notes.txt": "48213"}]}"#,
    ];
    for body in secrets {
        for result in [structured(body), text(body)] {
            let shape = Shape::of(&result);
            let file = format!(
                "{}{}",
                compact(&shape.to_json()),
                compact(&shape.to_schema())
            );
            let digest = shape.digest.expect("one answer is the same each time");
            let file = file.replace(&digest, "");
            for secret in [
                "jane",
                "corp.example",
                "555",
                "48213",
                "cus_9x8y7z6w",
                "notes",
            ] {
                assert!(!file.contains(secret), "{secret} of {body} in {file}");
            }
        }
    }
}

#[test]
fn names_that_differ_from_answer_to_answer_are_data() {
    let schema = body_schema(&[
        r#"{"scores": {"alice": 1, "bob": 2}}"#,
        r#"{"scores": {"carol": 3, "dave": 4}}"#,
    ]);
    assert!(
        schema.contains(r#""scores":{"type":"object","additionalProperties":{"type":"integer"}}"#),
        "{schema}"
    );
    let schema = body_schema(&[r#"{"result": 1}"#, r#"{"error": "x"}"#]);
    assert!(
        schema.contains("result") && schema.contains("error"),
        "{schema}"
    );
}

#[test]
fn json_in_a_text_is_read_as_structured_content_is() {
    let body = r#"{"total": 7}"#;
    let (a, b) = (Shape::of(&text(body)), Shape::of(&structured(body)));
    assert_eq!(a.body, b.body);
    // A text that repeats the structured content says nothing more.
    let mut both = text(r#"{"total": 7, "more": 1}"#);
    if let Json::Object(members) = &mut both {
        members.push("structuredContent", parse(body).expect("valid"));
    }
    assert_eq!(Shape::of(&both).body, b.body);
    // What a list is that came as one text an element.
    let several = parse(
        r#"{"content": [{"type":"text","text":"{\"a\":1}"},{"type":"text","text":"{\"a\":2}"}]}"#,
    );
    let shape = Shape::of(&several.expect("valid"));
    assert_eq!((shape.body.answers, shape.body.seen()), (1, 2));
    assert_eq!(shape.content.kinds["text"].count, (2, 2));
    assert_eq!(shape.content.order, Some(vec!["text".to_owned()]));
}

#[test]
fn prompts_and_resources_have_content_too() {
    let prompt =
        parse(r#"{"messages": [{"role": "user", "content": {"type": "text", "text": "Hi"}}]}"#);
    let shape = Shape::of(&prompt.expect("valid"));
    assert_eq!(shape.content.kinds["text"].texts[&TextForm::Plain], 1);
    let resource = parse(
        r#"{"contents": [{"uri": "x:y", "mimeType": "application/json", "text": "{\"a\":1}"}, {"uri": "x:z", "blob": ""}]}"#,
    );
    let shape = Shape::of(&resource.expect("valid"));
    assert_eq!(
        shape.content.kinds.keys().collect::<Vec<_>>(),
        ["blob", "text"]
    );
    assert_eq!(shape.body.types(), ["object"]);
}

#[test]
fn only_what_is_always_the_same_has_a_digest() {
    let with_meta = parse(r#"{"content": [], "_meta": {"at": 17}}"#).expect("valid");
    let without = parse(r#"{"content": []}"#).expect("valid");
    assert!(
        merged(&[with_meta.clone(), without.clone()])
            .digest
            .is_some()
    );
    assert_eq!(merged(&[with_meta, without, text("x")]).digest, None);
}

#[test]
fn an_enormous_answer_has_a_small_shape() {
    let wide: Vec<String> = (0..3_000).map(|n| format!(r#""{}": 1"#, word(n))).collect();
    let tree = |leaf: String| {
        (0..3).fold(leaf, |inner, level| {
            let members: Vec<String> = (0..40)
                .map(|n| format!(r#""{}{}": {inner}"#, word(n), word(level)))
                .collect();
            format!("{{{}}}", members.join(","))
        })
    };
    let deep = format!("{}1{}", r#"{"a":["#.repeat(200), "]}".repeat(200));
    for body in [
        format!("{{{}}}", wide.join(",")),
        tree("1".to_owned()),
        deep,
    ] {
        let shape = Shape::of(&structured(&body));
        let written = compact(&shape.to_json()).len();
        assert!(written < 200_000, "{written} bytes");
        assert_eq!(Shape::from_json(&shape.to_json()), Ok(shape.settled()));
        compact(&shape.to_schema());
    }
}

/// A word of letters for a number.
fn word(mut number: usize) -> String {
    let mut word = String::from("w");
    while number > 0 {
        word.push(char::from(b"abcdefghijklmnopqrstuvwxyz"[number % 26]));
        number /= 26;
    }
    word
}

#[test]
fn samples_merge_in_any_order_and_grouping() {
    let mut chance = Chance(7);
    for _ in 0..300 {
        let shapes: Vec<Shape> = (0..3)
            .map(|_| Shape::of(&structured(&chance.value(3))))
            .collect();
        let [a, b, c] = shapes.try_into().expect("three");
        let left = a.clone().merge(&b).merge(&c);
        let right = a.clone().merge(&b.clone().merge(&c));
        assert_eq!(left, right);
        assert_eq!(left, c.clone().merge(&b).merge(&a));
        assert_eq!(Shape::default().merge(&a), a);
        assert_eq!(a.clone().merge(&Shape::default()), a);
        assert_eq!(left.settled().settled(), left.settled());
    }
}

#[test]
fn a_result_is_held_against_its_own_schema() {
    let schema = parse(
        r#"{"type": "object", "properties": {"total": {"type": "integer"}}, "required": ["total"]}"#,
    );
    let schema = schema.expect("valid");
    let good = Shape::of_tool(&structured(r#"{"total": 1}"#), Some(&schema));
    let bad = Shape::of_tool(&structured(r#"{"total": "1"}"#), Some(&schema));
    let none = Shape::of_tool(&text("1"), Some(&schema));
    let all = good.merge(&bad).merge(&none);
    assert_eq!((all.conforming, all.contradicting), (1, 2));
    let refused = parse(r#"{"isError": true, "content": []}"#).expect("valid");
    assert_eq!(violates(&schema, &refused), Conformity::Holds);
    let silent = Shape::of_tool(&text("1"), None);
    assert_eq!((silent.conforming, silent.contradicting), (0, 0));
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

    /// A value of any kind as JSON text, with names that are fields' and names that are not.
    fn value(&mut self, depth: u64) -> String {
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => "null".to_owned(),
            1 => "true".to_owned(),
            2 => ["1", "1.5", "1700000000"][self.below(3) as usize].to_owned(),
            3 => r#""text""#.to_owned(),
            4 => r#""2026-01-31""#.to_owned(),
            5 => {
                let items: Vec<String> =
                    (0..self.below(3)).map(|_| self.value(depth - 1)).collect();
                format!("[{}]", items.join(","))
            }
            _ => {
                let names = [
                    "id", "name", "total", "user1", "user2", "user3", "user4", "a@b.cd",
                ];
                let from = self.below(6) as usize;
                let to = from + self.below(3) as usize;
                let members: Vec<String> = (from..to)
                    .map(|n| format!(r#""{}": {}"#, names[n], self.value(depth - 1)))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }
}
