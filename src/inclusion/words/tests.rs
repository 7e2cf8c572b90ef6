//! What the patterns mean, what is found, and that nothing is found only where there is nothing.

use super::*;

/// Enough for any question that a test asks.
const PLENTY: u64 = 500_000;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn find(must: &[&str], must_not: &[&str]) -> Found {
    find_between(must, must_not, 0, None, &[])
}

fn find_between(
    must: &[&str],
    must_not: &[&str],
    shortest: u64,
    longest: Option<u64>,
    except: &[&str],
) -> Found {
    let must: Vec<Pattern> = must.iter().map(|text| pattern(text)).collect();
    let must_not: Vec<Pattern> = must_not.iter().map(|text| pattern(text)).collect();
    let words = Words {
        must: must.iter().collect(),
        must_not: must_not.iter().collect(),
        shortest,
        longest,
        except: except.iter().copied().collect(),
    };
    words.find(&Budget::new(PLENTY)).expect("enough budget")
}

fn word(text: &str) -> Found {
    Found::Word(text.to_owned())
}

/// Pattern, texts that it accepts, texts that it refuses.
type Meaning = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const MEANINGS: &[Meaning] = &[
    // A match anywhere, and the ends of the text.
    ("a", &["a", "bab", "\na\n"], &["", "b", "A"]),
    ("^a", &["a", "ab"], &["ba", "\na", ""]),
    ("a$", &["a", "ba"], &["ab", "a\n", ""]),
    ("^a$", &["a"], &["a\n", "\na", "aa", ""]),
    ("", &["", "x"], &[]),
    ("^$", &[""], &["x", "\n"]),
    ("$^", &[""], &["x"]),
    ("a^", &[], &["a", ""]),
    ("a|^b|c$", &["xa", "bx", "xc"], &["xb", "cx"]),
    ("^a{2,4}$", &["aa", "aaaa"], &["a", "aaaaa"]),
    ("^a{2}$", &["aa"], &["a", "aaa"]),
    ("^a{2,}?$", &["aa", "aaaaaaa"], &["a"]),
    ("^(?:ab|c)*?d$", &["d", "abd", "cabd"], &["abcc", "ad"]),
    (
        "^(a|ab)(c|bcd)$",
        &["ac", "abc", "abcd", "abbcd"],
        &["abcbcd"],
    ),
    ("^(?<year>[0-9]{4})$", &["2026"], &["226"]),
    // Classes by a letter are ASCII, but for white space.
    ("^\\d$", &["0", "9"], &["\u{663}", "a", ""]),
    ("^\\D$", &["\u{663}", "a"], &["7"]),
    ("^\\w$", &["a", "Z", "_", "0"], &["\u{e9}", "-"]),
    ("^\\W$", &["\u{e9}", "-"], &["a", "_"]),
    (
        "^\\s$",
        &[
            " ", "\t", "\n", "\u{b}", "\u{c}", "\r", "\u{a0}", "\u{feff}", "\u{2028}", "\u{2003}",
            "\u{3000}",
        ],
        &["\u{85}", "\u{200b}", "\u{180e}", "x"],
    ),
    ("^\\S+$", &["a", "\u{85}\u{e9}"], &["", "a b", "\u{feff}"]),
    (
        "^.$",
        &["a", "\u{1f600}", "\u{85}"],
        &["\n", "\r", "\u{2028}", "\u{2029}", "", "ab"],
    ),
    ("^[^]$", &["\n", "a"], &["", "aa"]),
    ("[]", &[], &["", "a"]),
    ("^(?:[]|a)$", &["a"], &[""]),
    // Word boundaries, which stand between characters and not within them.
    (
        "\\bcat\\b",
        &["cat", "a cat.", "\u{e9}cat\u{e9}"],
        &["cats", "_cat", "1cat"],
    ),
    ("^\\B", &["", "\u{e9}", "-"], &["a"]),
    ("\\B", &["ab", "", "\u{e9}", "--"], &["a", "a\u{e9}a"]),
    ("^a\\b", &["a", "a-", "a\u{e9}"], &["aa", "a_"]),
    ("a\\b.", &["a-", "a\u{e9}"], &["a", "ab"]),
    // Escapes.
    ("^\\cJ\\0\\x41\\u0042\\u{43}$", &["\n\0ABC"], &["J0ABC"]),
    ("^\\uD83D\\uDE00$", &["\u{1f600}"], &["\u{fffd}"]),
    (
        "^[\\uD83D\\uDE00-\\uD83D\\uDE4F]$",
        &["\u{1f601}"],
        &["a", "\u{1f650}"],
    ),
    ("^\\t\\n\\v\\f\\r$", &["\t\n\u{b}\u{c}\r"], &[]),
    ("^[\\b]$", &["\u{8}"], &["b"]),
    (
        "^\\/\\.\\$\\^\\(\\)\\[\\]\\{\\}\\|\\*\\+\\?\\\\$",
        &["/.$^()[]{}|*+?\\"],
        &[],
    ),
    // What Annex B reads where Unicode mode would not.
    ("^\\-\\_\\@\\#\\ $", &["-_@# "], &[]),
    ("^{$", &["{"], &[""]),
    ("^a{$", &["a{"], &["a"]),
    ("^a{,5}$", &["a{,5}"], &["aaa"]),
    ("^x{a}]$", &["x{a}]"], &["x"]),
    ("^[\\w-.]$", &["a", "-", "."], &["+"]),
    ("^[\\w-_]$", &["a", "-", "_"], &["+"]),
    ("^[a-]$", &["a", "-"], &["b"]),
    ("^[-a]$", &["a", "-"], &["b"]),
    ("^[.[$^]$", &[".", "[", "$", "^"], &["a"]),
    ("^[^a-c]$", &["d", "\n", "^"], &["a", "b"]),
    // Properties.
    ("^\\p{Lu}$", &["A", "\u{c9}"], &["a"]),
    ("^\\P{Lu}$", &["a", "1"], &["A"]),
    (
        "^[\\p{Letter}\\p{Nd}]$",
        &["a", "\u{663}", "\u{4e2d}"],
        &["-"],
    ),
    ("^\\p{General_Category=Uppercase_Letter}$", &["A"], &["a"]),
    ("^\\p{gc=Decimal_Number}$", &["1", "\u{663}"], &["a"]),
    ("^\\p{Script=Greek}$", &["\u{3b1}"], &["a"]),
    ("^\\p{sc=Grek}\\p{scx=Cyrl}$", &["\u{3b1}\u{434}"], &["ab"]),
    (
        "^\\p{Alphabetic}\\p{ASCII}\\p{Any}$",
        &["aaa"],
        &["a\u{e9}a"],
    ),
    ("^\\p{Emoji_Presentation}$", &["\u{1f600}"], &["1"]),
    ("^\\p{ASCII_Hex_Digit}$", &["f", "0"], &["g"]),
    ("^\\p{Cs}$", &[], &["a"]),
    // Modifiers.
    ("^(?i:ab[x-z])C$", &["abxC", "AByC", "aBZC"], &["abxc"]),
    ("^(?i:k)$", &["k", "K", "\u{212a}"], &["j"]),
    ("^(?s:.)(?s-i:.).$", &["\n\na"], &["\n\n\n"]),
    ("^(?i:[^k])$", &["a"], &["k", "K"]),
    // Look-around at the ends.
    (
        "^(?=.*[A-Z])(?=.*\\d).{8,}$",
        &["Passw0rdd", "0AAAAAAA"],
        &["passw0rdd", "P0", "Password"],
    ),
    ("^(?!foo)bar", &["bar", "barfoo"], &["foobar", "xbar"]),
    ("^(?!.*--)[a-z-]+$", &["a-b"], &["a--b", ""]),
    ("(?!a)^b", &["b"], &["a"]),
    (
        "^((?=.*\\d)(?:(?=.*[a-z]).{2,4}))$",
        &["a1"],
        &["aa", "11", "a1234"],
    ),
    ("^(?!admin$)[a-z]+$", &["admins", "adm"], &["admin"]),
    ("^(?!a|b)", &["", "c"], &["a", "bx"]),
    ("^[a-z-]+(?<!-)$", &["a", "a-b"], &["a-", "-"]),
    ("(?<=\\.js|\\.ts)$", &["a.js", ".ts"], &["a.rs", "js"]),
    // Met in the wild.
    (
        "^(\\([0-9]{3}\\))?[0-9]{3}-[0-9]{4}$",
        &["(888)555-1212", "555-1212"],
        &["(888)555-1212 ext. 532", "(800)FLOWERS"],
    ),
    (
        "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
        &["123e4567-e89b-12d3-a456-426614174000"],
        &["123e4567-e89b-62d3-a456-426614174000", "123e4567"],
    ),
    (
        "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$",
        &["2026-11-21"],
        &["2026-13-01", "2026-11-21T00:00"],
    ),
    (
        "^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$",
        &["a@b.c"],
        &["a@b", "a b@c.d", "@b.c"],
    ),
    (
        "^(?!0{3})\\d{3}-?(?:\\d{2}|x)+$",
        &["123-45"],
        &["000-45", "12345x1"],
    ),
];

#[test]
fn patterns_mean_what_ecma_262_says() {
    for (text, accepted, refused) in MEANINGS {
        let pattern = pattern(text);
        for (words, expected) in [(accepted, true), (refused, false)] {
            for word in *words {
                assert_eq!(pattern.matches(word), Some(expected), "{text} on {word:?}");
            }
        }
    }
}

#[test]
fn all_properties_of_ecma_262_are_known() {
    let known = |name: &str| Pattern::parse(&format!("\\p{{{name}}}"));
    for name in ecma::property_names() {
        match known(name) {
            Ok(_) => {}
            // No table is built in.
            Err(Unsupported::NotRegular) if name.contains("NFKC") || name == "CWKCF" => {}
            Err(error) => panic!("{name}: {error:?}"),
        }
    }
    for name in [
        "Nko",
        "Phags_Pa",
        "SignWriting",
        "Old_Italic",
        "Zzzz",
        "Hira",
    ] {
        assert!(
            known(&format!("Script={name}")).is_ok() || name == "Zzzz",
            "{name}"
        );
    }
}

#[test]
fn what_is_no_expression_is_refused() {
    for text in [
        "(",
        ")",
        "a)",
        "(?:a",
        "[",
        "[a",
        "*a",
        "a**",
        "a{2}{3}",
        "{2}",
        "+",
        "a{3,1}",
        "[z-a]",
        "\\",
        "\\u12",
        "\\xz",
        "\\c1",
        "\\00",
        "\\A",
        "\\z",
        "\\p",
        "\\p{}",
        "\\p{Foo}",
        "\\pL",
        "\\p{letter}",
        "\\p{Greek}",
        "\\p{Script=Foo}",
        "\\p{IsGreek}",
        "(?P<a>b)",
        "(?i)a",
        "(?>a)",
        "(?#a)",
        "(?<>a)",
        "(?<1>a)",
        "^*",
        "\\b+",
        "(?=a)*",
        "\\u{110000}",
        "\\u{}",
        "\\u{ 1}",
        "\\k",
        "[\\B]",
        "[\\1]",
        "\\p{L",
        "(?",
        "(?i",
        "a|*",
    ] {
        let read = Pattern::parse(text);
        assert_eq!(read.err(), Some(Unsupported::Malformed), "{text}");
    }
}

#[test]
fn what_is_not_regular_is_refused() {
    let deep = format!("{}{}", "(".repeat(5000), ")".repeat(5000));
    for text in [
        "(a)\\1",
        "(?<x>a)\\k<x>",
        "a(?=b)c",
        "(?=a)b",
        "(?!a)b",
        "a(?!b)",
        "(?<=a)b",
        "(?<!a)b$",
        "(?:(?=a)b)+",
        "^(?=a)b|c",
        "\\uD800",
        "[\\uD800-\\uDBFF]",
        "(?m:^a)",
        "(?i:\\w)",
        "(?i:\\b)",
        "^(?:a(?=b)|c)",
        "^(?=(?=a)b)",
        &deep,
    ] {
        let read = Pattern::parse(text);
        assert_eq!(read.err(), Some(Unsupported::NotRegular), "{text}");
    }
}

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
            word("a@!.a"),
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
    assert_eq!(found(&["^[a-z]{0,10000}$"], 9000, None), Found::TooLong);
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
