//! What holds for every pattern: another engine agrees, and so does trying all short words.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// One character of each kind that the made-up patterns tell apart.
const KINDS: [char; 6] = ['a', 'b', '1', '-', 'z', '!'];

/// All words of those kinds, up to a length.
fn short_words(longest: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut last = 0;
    for _ in 0..longest {
        let longer = words[last..]
            .iter()
            .flat_map(|word| KINDS.map(|c| format!("{word}{c}")));
        let longer: Vec<String> = longer.collect();
        last = words.len();
        words.extend(longer);
    }
    words
}

fn expressions() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "a", "b", "-", "1", ".", "[ab]", "[^a]", "\\d", "\\w", "\\W", "\\D", "^", "$", "\\b",
        "\\B", "",
    ]);
    atom.prop_map(str::to_owned)
        .prop_recursive(4, 16, 3, |inner| {
            let repeated =
                prop::sample::select(vec!["*", "+", "?", "{2}", "{1,2}", "{2,}", "*?", "??"]);
            prop_oneof![
                (inner.clone(), repeated).prop_map(|(sub, times)| format!("(?:{sub}){times}")),
                (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("{one}{other}")),
                (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one}|{other})")),
            ]
        })
}

fn patterns() -> impl Strategy<Value = String> {
    let around = prop::sample::select(vec!["(?=", "(?!"]);
    prop_oneof![
        3 => expressions(),
        2 => expressions().prop_map(|inner| format!("^(?:{inner})$")),
        1 => (around, expressions(), expressions())
            .prop_map(|(around, ahead, rest)| format!("^{around}{ahead}){rest}")),
    ]
}

/// Sequences that look around at a character on their way.
fn looking() -> impl Strategy<Value = String> {
    let around = prop::sample::select(vec![
        "(?=a)", "(?![ab])", "(?<=-)", "(?<!\\w)", "(?!$)", "(?<!^)", "(?=-|$)", "(?<=a|^)",
        "(?!\\D)",
    ]);
    let piece = prop_oneof![
        2 => expressions(),
        1 => around.prop_map(str::to_owned),
    ];
    let sequence = prop::collection::vec(piece, 2..6).prop_map(|pieces| pieces.concat());
    let around = prop::sample::select(vec![("", ""), ("(?:-", "z)+"), ("^(?:", ")$"), ("", "|b")]);
    (around, sequence).prop_map(|((open, close), inside)| format!("{open}{inside}{close}"))
}

/// Another engine's word on it; nothing where it refuses to repeat what is empty.
fn judge(text: &str) -> Option<jsonschema::Validator> {
    jsonschema::validator_for(&serde_json::json!({ "pattern": text })).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn another_engine_matches_the_same_texts(text in patterns()) {
        let theirs = judge(&text);
        prop_assume!(theirs.is_some());
        let (ours, theirs) = (pattern(&text), theirs.expect("just asked"));
        for word in short_words(3) {
            let expected = theirs.is_valid(&word.as_str().into());
            prop_assert_eq!(ours.matches(&word), Some(expected), "{} on {:?}", &text, word);
        }
    }

    #[test]
    fn another_engine_looks_around_as_far(text in looking()) {
        let (ours, theirs) = (Pattern::parse(&text), judge(&text));
        prop_assume!(ours.is_ok() && theirs.is_some());
        let (ours, theirs) = (ours.expect("just asked"), theirs.expect("just asked"));
        for word in short_words(3) {
            let expected = theirs.is_valid(&word.as_str().into());
            prop_assert_eq!(ours.matches(&word), Some(expected), "{} on {:?}", &text, word);
        }
    }

    #[test]
    fn what_is_found_is_a_shortest_word_and_nothing_is_found_only_where_there_is_nothing(
        must in prop::collection::vec(patterns(), 0..3),
        must_not in prop::collection::vec(patterns(), 0..3),
        shortest in 0_u64..4,
        more in prop::option::of(0_u64..3),
        avoided in prop::collection::btree_set("[ab1!z-]{0,2}", 0..8),
    ) {
        let longest = more.map(|more| shortest + more);
        let fits = |word: &str| {
            let length = word.chars().count() as u64;
            let judged = |text: &String, expected| {
                judge(text).is_none_or(|theirs| theirs.is_valid(&word.into()) == expected)
            };
            length >= shortest
                && longest.is_none_or(|longest| length <= longest)
                && !avoided.contains(word)
                && must.iter().all(|text| judged(text, true))
                && must_not.iter().all(|text| judged(text, false))
        };
        let read = |texts: &[String]| texts.iter().map(|text| pattern(text)).collect::<Vec<_>>();
        let (yes, no) = (read(&must), read(&must_not));
        let matches = |word: &str| {
            yes.iter().all(|pattern| pattern.matches(word) == Some(true))
                && no.iter().all(|pattern| pattern.matches(word) == Some(false))
        };
        let found = Words {
            must: yes.iter().collect(),
            must_not: no.iter().collect(),
            shortest,
            longest,
            except: avoided.iter().map(String::as_str).collect(),
        }
        .find(&Budget::new(PLENTY))
        .expect("enough budget");
        let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
        for word in short_words(4) {
            let length = word.chars().count() as u64;
            let in_range = length >= shortest && longest.is_none_or(|longest| length <= longest);
            if in_range && matches(&word) {
                *counts.entry(length).or_default() += usize::from(!avoided.contains(&word));
            }
        }
        let least = counts.iter().find(|(_, count)| **count > 0).map(|(length, _)| *length);
        match &found {
            Found::Word(word) => {
                prop_assert!(fits(word), "{:?}", word);
                let length = word.chars().count() as u64;
                prop_assert!(least.is_none_or(|least| length <= least), "{:?}", word);
                // Words of other characters than the kinds may escape the avoided ones, and only they.
                if least != Some(length) && length <= 4 {
                    prop_assert!(word.chars().any(|c| !KINDS.contains(&c)), "{:?}", word);
                }
            }
            Found::None => prop_assert_eq!(least, None),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
