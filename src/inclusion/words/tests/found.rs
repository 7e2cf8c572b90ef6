//! What is found.

use super::*;

#[test]
fn a_shortest_and_legible_word_is_found() {
    for (must, must_not, expected) in [
        (&[][..], &[][..], word("")),
        (&["^a{2,4}$"], &["a"], Found::None),
        (&["a"], &["^a"], word("ba")),
        (&["^a"], &["a"], Found::None),
        (&["\\d+"], &["^[0-9]"], word("a0")),
        (&["^[0-9]"], &["\\d+"], Found::None),
        (&["^\\S+$"], &["^[!-~]+$"], word("\u{aa}")),
        (&["^\\d+$"], &["^[0-9]+$"], Found::None),
        (&["^[0-9]+$"], &["^\\d+$"], Found::None),
        (&["^.$"], &["^[^]$"], Found::None),
        (&["^[^]$"], &["^.$"], word("\n")),
        (&["^(?!foo)bar"], &["^bar"], Found::None),
        (&["^bar"], &["^(?!foo)bar"], Found::None),
        (&["bar"], &["^(?!foo)bar"], word("abar")),
        (&["^foo"], &["^(?!foo)"], word("foo")),
        (&["^fo", "^(?!foo)"], &["^(?=fo)"], Found::None),
        (&["^[A-Z]+$", "X"], &[], word("X")),
        (&["^[^a-zA-Z0-9]$"], &[], word("-")),
        (&["^(aa)*$", "^(aaa)*$"], &["^(aaaaaa)*$"], Found::None),
        (&["^(aa)*$", "^(aaa)*$", "a"], &[], word("aaaaaa")),
        (&["^a+$"], &["^(aa)*$", "^(aaa)*$"], word("a")),
        (
            &["^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$"],
            &["^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$"],
            Found::None,
        ),
        (
            &["^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$"],
            &["^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$"],
            word("a@a./"),
        ),
        (
            &["^\\d{4}-\\d\\d-\\d\\d$"],
            &["^\\d{4}-(0[1-9]|1[0-2])-\\d\\d$"],
            word("0000-00-00"),
        ),
        (&["\\bcat\\b"], &["cat"], Found::None),
        (&["cat"], &["\\bcat\\b"], word("acat")),
        (&["^\\p{L}{1,64}$"], &["^[\\p{L}\\d]{1,64}$"], Found::None),
        (
            &["^\\p{L}{1,65}$"],
            &["^[\\p{L}\\d]{1,64}$"],
            word(&"a".repeat(65)),
        ),
    ] {
        assert_eq!(
            find(must, must_not),
            expected,
            "{must:?} without {must_not:?}"
        );
    }
}

#[test]
fn lengths_are_counted_in_characters() {
    let found = |must: &[&str], shortest, longest| find_between(must, &[], shortest, longest, &[]);
    assert_eq!(found(&[], 3, None), word("aaa"));
    assert_eq!(
        found(&["^\u{1f600}*$"], 2, Some(2)),
        word("\u{1f600}\u{1f600}")
    );
    assert_eq!(found(&[], 3, Some(2)), Found::None);
    assert_eq!(found(&["^(ab)*$"], 3, Some(3)), Found::None);
    assert_eq!(found(&["^(ab)*$"], 3, None), word("abab"));
    assert_eq!(found(&["^a{2,4}$"], 5, None), Found::None);
    assert_eq!(found(&["b$"], 4, None), word("aaab"));
    assert_eq!(
        found(&["b$"], 4096, None),
        word(&format!("{}b", "a".repeat(4095)))
    );
    assert_eq!(found(&["b$"], 4097, None), Found::TooLong);
    assert_eq!(found(&[], 1_000_000_000_000, None), Found::TooLong);
    assert_eq!(
        found(&["^(abc)*$"], 3_000_000_001, Some(3_000_000_002)),
        Found::None
    );
    assert_eq!(
        found(&["^(abc)*$"], 3_000_000_001, Some(3_000_000_003)),
        Found::TooLong
    );
    assert_eq!(
        found(&["^x?(abc)*$"], 1000, Some(1000)),
        word(&format!("x{}", "abc".repeat(333)))
    );
    assert_eq!(found(&["^[a-z]{0,5000}$"], 4500, None), Found::TooLong);
    assert_eq!(found(&["^[a-z]{0,1000}$"], 9000, None), Found::None);
    assert_eq!(
        found(&["^[a-z]{5}$"], u64::MAX, Some(u64::MAX)),
        Found::None
    );
    assert_eq!(found(&[], u64::MAX, Some(u64::MAX)), Found::TooLong);
}

#[test]
fn words_to_avoid_are_avoided() {
    let found =
        |must: &[&str], longest, except: &[&str]| find_between(must, &[], 0, longest, except);
    assert_eq!(found(&[], None, &[""]), word("a"));
    assert_eq!(found(&[], None, &["", "a", "c"]), word("b"));
    assert_eq!(found(&["^a*$"], None, &["", "a", "aaa"]), word("aa"));
    assert_eq!(found(&["^(yes|no)$"], None, &["no"]), word("yes"));
    assert_eq!(found(&["^(yes|no)$"], None, &["no", "yes"]), Found::None);
    assert_eq!(
        found(&["^(yes|no)$"], None, &["no", "yes", "maybe"]),
        Found::None
    );
    assert_eq!(found(&["^[ab]$"], None, &["a"]), word("b"));
    assert_eq!(found(&["^[ab]$"], None, &["a", "b", "c"]), Found::None);
    assert_eq!(
        found(
            &["^\\d{1,2}$"],
            Some(1),
            &["0", "1", "2", "3", "4", "5", "6", "7", "8"]
        ),
        word("9")
    );
    assert_eq!(found(&["^\u{e9}$"], None, &["\u{e9}"]), Found::None);
    let letters: Vec<String> = ('\0'..='\u{ff}').map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(found(&["^[^]$"], None, &letters), word("\u{100}"));
}

#[test]
fn a_small_language_can_be_counted_out() {
    let three = pattern("^(red|green|blue)$");
    let mut known: Vec<String> = Vec::new();
    loop {
        let words = Words {
            must: vec![&three],
            except: known.iter().map(String::as_str).collect(),
            ..Words::default()
        };
        match words.find(&Budget::new(PLENTY)) {
            Ok(Found::Word(next)) => known.push(next),
            other => break assert_eq!(other, Ok(Found::None)),
        }
    }
    assert_eq!(known, ["red", "blue", "green"]);
}

#[test]
fn what_is_too_large_is_unknown_or_out_of_budget_and_never_none() {
    let large = pattern("^(.*a.{40}b.*c.{40}){1000}$");
    assert_eq!(large.matches("a"), None);
    let mut words = Words {
        must: vec![&large],
        ..Words::default()
    };
    assert_eq!(words.find(&Budget::new(PLENTY)), Ok(Found::Unknown));
    assert_eq!(words.find(&Budget::new(0)), Err(Exhausted));
    // What is refused without it is refused with it.
    let (yes, no) = (pattern("^x$"), pattern("x"));
    words.must.push(&yes);
    words.must_not.push(&no);
    assert_eq!(words.find(&Budget::new(PLENTY)), Ok(Found::None));
    words.must_not = vec![&large];
    words.must = vec![&large];
    assert_eq!(words.find(&Budget::new(PLENTY)), Ok(Found::None));

    for text in [
        "a{4294967295}",
        "(?:){4294967295}",
        "((a{1000}){1000}){1000}",
        "a{99999999999}",
    ] {
        let _ = pattern(text).matches("a");
    }
}
