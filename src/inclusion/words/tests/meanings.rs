//! What patterns mean, and which are refused.

use super::*;

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
    // Look-around at one character.
    ("a(?=b)c", &[], &["abc", "ac"]),
    ("a(?=b)[bc]", &["ab"], &["ac"]),
    ("a(?!b)", &["a", "ac", "aba"], &["ab", "b"]),
    ("(?<!a)b", &["b", "cb", "abb"], &["ab"]),
    ("(?<=a|^)b", &["b", "ab"], &["cb"]),
    ("^.(?!$)", &["ab"], &["a"]),
    ("(?<!^)a(?=-|$)", &["ba", "ba-"], &["a", "bab"]),
    ("(?!a)^b?c", &["c", "bc"], &["ac"]),
    ("^(?=a|b)|c", &["ax", "xc"], &["x"]),
    (
        "^(?:(?!-)[A-Za-z0-9-]{1,6}(?<!-)\\.)+[a-z]{2,6}$",
        &["a.bc", "a-b.c.de"],
        &["-a.bc", "a-.bc", "abcdefg.de", ".de"],
    ),
    (
        "^[a-z]+(?:-(?!-)[a-z-]+)?(?<!-)$",
        &["a", "a-b", "a-b--c"],
        &["a-", "a--b", "-"],
    ),
    ("\\$(?!\\{)(?=\\w)[^]+(?<=\\.)", &["$a."], &["${a.", "$-."]),
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
        "a(?=bc).*",
        "(?=.*b)a",
        "(?!ab)a",
        "a(?!bc)",
        "(?<=ab)b",
        "(?<!a.*)b$",
        "(?:(?=ab)a.)+",
        "(?:a(?!b))+",
        "(?:(?<!a)b)+",
        "(?!a)(?:b*)*c",
        "(?!a)(?:^|b)c",
        "^(?=ab).|c",
        "\\uD800",
        "[\\uD800-\\uDBFF]",
        "(?m:^a)",
        "(?i:\\w)",
        "(?i:\\b)",
        "^(?=(?=ab).*b)",
        "^a(?:-(?!-)[a-z-]*)?$",
        &deep,
        &"a".repeat(20_000),
        &"\\p{L}".repeat(1000),
    ] {
        let read = Pattern::parse(text);
        assert_eq!(read.err(), Some(Unsupported::NotRegular), "{text}");
    }
}
