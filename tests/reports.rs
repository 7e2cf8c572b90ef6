//! What is printed: one canonical report in every format, and what no server can make of it.

#[path = "support/canonical.rs"]
mod canonical;

use bellwether::failure::Failure;
use bellwether::json;
use bellwether::report::{self, Style};

use proptest::prelude::*;

use canonical::{HOSTILE, clean, offline, report, surface, unapproved};

const PLAIN: Style = Style {
    color: false,
    unicode: true,
    width: 100,
    verbosity: 0,
};
const COLOR: Style = Style {
    color: true,
    ..PLAIN
};
const ASCII: Style = Style {
    unicode: false,
    ..PLAIN
};
const NARROW: Style = Style { width: 60, ..PLAIN };
const VERBOSE: Style = Style {
    verbosity: 1,
    ..PLAIN
};
const QUIET: Style = Style {
    verbosity: -1,
    ..PLAIN
};

#[test]
fn for_people() {
    insta::assert_snapshot!("human", report::human::render(&report(), &PLAIN));
    insta::assert_snapshot!(
        "human-color",
        escaped(&report::human::render(&report(), &COLOR))
    );
    insta::assert_snapshot!("human-ascii", report::human::render(&report(), &ASCII));
    insta::assert_snapshot!("human-narrow", report::human::render(&report(), &NARROW));
    insta::assert_snapshot!("human-verbose", report::human::render(&report(), &VERBOSE));
    insta::assert_snapshot!("human-quiet", report::human::render(&report(), &QUIET));
    insta::assert_snapshot!("human-offline", report::human::render(&offline(), &PLAIN));
    insta::assert_snapshot!(
        "human-unapproved",
        report::human::render(&unapproved(), &PLAIN)
    );
}

#[test]
fn a_clean_run_is_two_lines() {
    assert_eq!(
        report::human::render(&clean(), &PLAIN),
        "no drift in 2 servers (24 tools, 2 prompts) against bellwether-baseline.json\nexit 0: no drift\n"
    );
    let silent = Style {
        verbosity: -2,
        ..PLAIN
    };
    assert_eq!(report::human::render(&report(), &silent), "");
}

#[test]
fn for_programs() {
    let text = report::json::render(&report());
    insta::assert_snapshot!("json", text);
    let document = json::parse(&text).expect("JSON");
    let members: Vec<&str> = document
        .as_object()
        .expect("an object")
        .iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        members,
        [
            "formatVersion",
            "tool",
            "verdict",
            "summary",
            "targets",
            "findings",
            "ignored",
            "equivalences"
        ]
    );
    let finding = &document
        .get("findings")
        .and_then(json::Json::as_array)
        .expect("findings")[2];
    assert_eq!(
        finding.get_str("at"),
        Some(format!("tools/{HOSTILE}").as_str()),
        "strings are raw"
    );
    assert!(!text.contains('\r') && text.ends_with("}\n"));
}

#[test]
fn surfaces() {
    insta::assert_snapshot!("listing", report::listing::render(&surface(), &PLAIN));
    insta::assert_snapshot!(
        "listing-ascii",
        report::listing::render(&surface(), &Style { width: 60, ..ASCII })
    );
}

#[test]
fn failures() {
    insta::assert_snapshot!(
        "failure-capture",
        report::failure::render(&capture_failure(), &PLAIN)
    );
    let config = Failure::new("config", "could not use `bellwether.yaml`")
        .cause("1 problem")
        .body("error: unknown key `comand` in a server\n --> bellwether.yaml:5:5\n  |\n5 |     comand: npx\n  |     ^^^^^^")
        .next("correct the file, then run `bellwether validate-config`");
    insta::assert_snapshot!("failure-config", report::failure::render(&config, &PLAIN));
}

/// Everything that reaches a terminal or a log, in every style.
#[test]
fn no_server_can_forge_a_line() {
    for style in [
        PLAIN,
        COLOR,
        ASCII,
        NARROW,
        VERBOSE,
        QUIET,
        Style {
            verbosity: 1,
            width: 40,
            ..COLOR
        },
    ] {
        let printed = [
            report::human::render(&report(), &style),
            report::listing::render(&surface(), &style),
            report::failure::render(&capture_failure(), &style),
        ];
        for text in printed {
            assert_harmless(&text, &style);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_a_server_says_stays_behind_the_frame(
        old in TEXT, new in TEXT, name in TEXT, verbosity in 0_i8..2, color: bool, unicode: bool, width in 1_usize..100,
    ) {
        let style = Style { color, unicode, width, verbosity };
        let mut report = offline();
        let finding = &mut report.findings[0];
        finding.message = name.clone();
        finding.place.at = format!("tools/{name}");
        finding.place.pointer = finding.place.pointer.join(&name);
        (finding.old, finding.new) = (Some(json::Json::string(old.clone())), Some(json::Json::string(new.clone())));
        assert_harmless(&report::human::render(&report, &style), &style);
        let items = |text: String| json::Json::Array(vec![json::Json::string(text); 3]);
        let finding = &mut report.findings[0];
        finding.witness = Some(items(format!("{new}{old}")));
        (finding.old, finding.new) = (Some(items(old)), Some(items(new)));
        assert_harmless(&report::human::render(&report, &style), &style);
    }
}

/// Texts made of what is worth breaking, and of anything else.
const TEXT: &str = "(word |##|\\[|#|::|cmd\\[|\\[-|\\+\\}|\n|\r|\t|\u{1b}\\[31m|\u{200d}|\u{202e}|é|你好|👩\u{200d}💻|\u{301}|.){0,40}";

/// No line that a runner obeys, nothing that a terminal obeys but our own colours, nothing unseen.
#[track_caller]
fn assert_harmless(text: &str, style: &Style) {
    for line in text.lines() {
        let bare = without_colour(line);
        for line in [line, &bare] {
            assert!(!line.trim_start().starts_with("::"), "{line:?}");
            for command in ["##[", "##vso["] {
                assert!(!line.contains(command), "{line:?}");
            }
        }
        assert!(!bare.contains(char::is_control), "{bare:?}");
        assert!(style.unicode || bare.is_ascii(), "{bare:?}");
        for unseen in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{e0041}', '\u{9b}'] {
            assert!(!bare.contains(unseen), "{bare:?}");
        }
    }
}

/// A frame must not complete what harmless pieces begin, nor a text forge the marks of a diff.
#[test]
fn words_and_marks_stay_apart() {
    let text = report::human::render(&report(), &PLAIN);
    assert!(
        text.contains("{\\+ +\\}") && text.contains("[\\- -\\]"),
        "{text}"
    );
}

#[test]
fn colour_says_nothing_that_words_do_not() {
    let colored = without_colour(&report::human::render(&clean(), &COLOR));
    assert_eq!(colored, report::human::render(&clean(), &PLAIN));
    let headings = |text: &str| {
        let lines = text.lines().filter(|line| line.contains("]: "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let colored = without_colour(&report::human::render(&report(), &COLOR));
    assert_eq!(
        headings(&colored),
        headings(&report::human::render(&report(), &PLAIN))
    );
}

#[test]
fn long_texts_do_not_bury_the_verdict() {
    for words in [1_400, 50_000] {
        let mut report = offline();
        let many = |word: &str| {
            let words = (0..words).map(|number| format!("{word}{number} "));
            words.collect::<String>()
        };
        report.findings[0].old = Some(json::Json::string(many("a")));
        report.findings[0].new = Some(json::Json::string(many("b")));
        let text = report::human::render(&report, &PLAIN);
        assert!(text.len() < 5_000, "{}", text.len());
        assert!(text.ends_with("exit 3: the worst drift is breaking\n"));
    }
}

fn capture_failure() -> Failure {
    Failure::new("capture", "could not start `weather`")
        .cause("it exited with 1 before it answered `initialize`, which a server does that has not found its settings")
        .body(format!("npm error 404  '@acme/weather-mpc' is not in this registry\n  ::add-mask::a\n{HOSTILE}"))
        .next("run it yourself: npx -y @acme/weather-mpc")
        .note("nothing was checked")
}

fn escaped(text: &str) -> String {
    text.replace('\u{1b}', "<ESC>")
}

/// The text without our own colours.
fn without_colour(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (codes, rest) = part.split_once('m').expect("a colour ends in m");
        assert!(
            codes
                .chars()
                .all(|char| char.is_ascii_digit() || char == ';'),
            "{codes:?}"
        );
        bare.push_str(rest);
    }
    bare
}
