//! What canonical JSON, and so every other digest, does not see of a value: how a number is spelled where that is not
//! canonically (`1.0`, `1E2`, `-0`), and members that a later one of the same name overrides.
//!
//! One more digest covers it, in the files that hold such a thing. Nobody who reads JSON is misled where it does not
//! hold, so that is no damage: it shows as a text that is not what this program writes.

use super::order;
use super::trail::{Trail, UNREVIEWED};
use crate::canon;
use crate::json::{Json, Object, Pointer, compact};
use crate::surface::{List, Surface};

/// Its entry among the digests. No place of an item is called so.
pub(super) const SPELLING: &str = "spelling";

/// What is lost of one value: the part of the file, the place in it, the text.
type Lost = (String, Pointer, String);

/// The digest over what is lost of a surface and of a trail; nothing where nothing is, which is the rule. It does not
/// depend on the order of items and members.
pub(super) fn digest(surface: &Surface, trail: &Trail) -> Option<String> {
    let mut lost = Vec::new();
    if let Some(initialize) = &surface.initialize {
        of_part(&initialize.clone().into(), "initialize", &mut lost);
    }
    for list in List::ALL {
        for item in surface.items(list) {
            of_part(item, &list.place(list.key_of(item)), &mut lost);
        }
        if let Some(beside) = surface.beside.get(&list) {
            of_part(&beside.clone().into(), list.method(), &mut lost);
        }
    }
    for entry in &trail.entries {
        of_part(&entry.to_json(), &entry.hash, &mut lost);
    }
    if let Some(unreviewed) = trail.unreviewed_json() {
        of_part(&unreviewed, UNREVIEWED, &mut lost);
    }
    if lost.is_empty() {
        return None;
    }
    lost.sort_unstable();
    let told = lost.into_iter().map(|(at, pointer, text)| {
        Json::Array(vec![
            Json::string(at),
            Json::string(pointer.as_str()),
            Json::string(text),
        ])
    });
    Some(canon::digest(&Json::Array(told.collect())))
}

/// A document of the file without its entry for this.
pub(super) fn without(mut document: Json) -> Json {
    if let Json::Object(object) = &mut document
        && let Some(Json::Object(mut digests)) = object.take("digests")
    {
        digests.take(SPELLING);
        object.push("digests", digests);
    }
    document
}

/// Whether two documents say the same with the same repeated names; only the spelling of numbers may differ.
///
/// A surface's digest does not see a repeated name, of which the last one counts, but the file must change with it.
pub(super) fn same_as_written(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_as_written(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.written()
                    .zip(b.written())
                    .all(|((name, a), (other, b))| name == other && same_as_written(a, b))
        }
        _ => a == b,
    }
}

fn of_part(json: &Json, at: &str, lost: &mut Vec<Lost>) {
    // Nearly nothing has any, and places cost more than looking.
    if loses(json) {
        walk(json, at, &Pointer::root(), lost);
    }
}

fn walk(json: &Json, at: &str, pointer: &Pointer, lost: &mut Vec<Lost>) {
    match json {
        Json::Number(_) if loses(json) => {
            lost.push((at.to_owned(), pointer.clone(), compact(json)));
        }
        Json::Object(object) if object.repeats() => {
            // The order of names that stand once must not count.
            lost.push((
                at.to_owned(),
                pointer.clone(),
                compact(&order::members(json)),
            ));
        }
        Json::Object(object) => {
            for (name, value) in object.written() {
                walk(value, at, &pointer.join(name), lost);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, at, &pointer.join(index), lost);
            }
        }
        _ => {}
    }
}

fn loses(json: &Json) -> bool {
    match json {
        Json::Number(number) => {
            let literal = number.literal();
            let is_plain = literal.len() < 16 && literal.bytes().all(|byte| byte.is_ascii_digit());
            !is_plain && canon::canonical(json) != literal
        }
        Json::Object(object) => {
            object.repeats() || Object::written(object).any(|(_, value)| loses(value))
        }
        Json::Array(items) => items.iter().any(loses),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn of(tool: &str) -> Option<String> {
        let text = format!(r#"{{"tools":[{{"name":"t","x":{tool}}}]}}"#);
        let surface = Surface::from_document(&parse(&text).expect("JSON")).expect("a surface");
        digest(&surface, &Trail::default())
    }

    #[test]
    fn most_values_lose_nothing() {
        for ordinary in [
            "1",
            "0",
            "-7",
            "0.5",
            "-12.25",
            "9007199254740993",
            "12345678901234567890123",
            "1e+30",
            r#"{"a":1,"b":[true,null,"1.0"]}"#,
        ] {
            assert_eq!(of(ordinary), None, "{ordinary}");
        }
    }

    #[test]
    fn every_other_spelling_has_another_digest() {
        let spellings = [
            "100.0",
            "1e2",
            "1E2",
            "1E+2",
            "-0",
            "1e400",
            "[1e2]",
            r#"{"a":1,"a":2}"#,
            r#"{"a":3,"a":2}"#,
            r#"{"a":3.0,"a":2}"#,
        ];
        let digests: std::collections::BTreeSet<_> = spellings.map(of).into();
        assert_eq!(digests.len(), spellings.len());
        assert!(!digests.contains(&None));
    }

    #[test]
    fn the_order_of_members_does_not_count() {
        assert_eq!(of(r#"{"b":1.0,"a":2.0}"#), of(r#"{"a":2.0,"b":1.0}"#));
        assert_eq!(of(r#"{"b":1,"a":2,"a":3}"#), of(r#"{"a":2,"b":1,"a":3}"#));
    }
}
