//! `bellwether docs`: what it writes is what was approved, nothing that a server says leaves its place, and it never
//! takes a file away.

use bellwether::json::{Json, parse};
use bellwether::measure::Series;
use bellwether::observed::{Call, Machine, Observed, Outcome};
use bellwether::report::contract::{Contract, render};
use bellwether::surface::Surface;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use support::Sandbox;

mod support;

const LIBRARY: &str = include_str!("../fixtures/contract/library.json");

/// A folder with the baseline of a surface.
fn approved(surface: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("captured.json", surface);
    sandbox
        .run(&["baseline", "save", "--from", "captured.json"])
        .expect(0);
    sandbox
}

#[test]
fn the_contract_reads_well() {
    let sandbox = approved(LIBRARY);
    let run = sandbox.run(&["docs"]).expect(0);
    assert_eq!(run.stdout, "wrote CONTRACT.md\n");
    let text = sandbox.read("CONTRACT.md");
    insta::assert_snapshot!("library", text);
    assert!(
        text.contains("| `https://library.example` |"),
        "of a URL that is named, the host alone is listed"
    );
}

#[test]
fn what_has_not_changed_is_left_as_it_is() {
    let sandbox = approved(LIBRARY);
    sandbox.run(&["docs"]).expect(0);
    let path = sandbox.path().join("CONTRACT.md");
    let changed = || {
        std::fs::metadata(&path)
            .expect("a file")
            .modified()
            .expect("a time")
    };
    let before = changed();
    let run = sandbox.run(&["docs"]).expect(0);
    assert_eq!(run.stdout, "CONTRACT.md is up to date\n");
    assert_eq!(changed(), before);
    sandbox.run(&["docs", "--check"]).expect(0);
}

#[test]
fn a_check_says_what_is_out_of_date_and_writes_nothing() {
    let sandbox = approved(LIBRARY);
    let missing = sandbox.run(&["docs", "--check"]).expect(4);
    assert!(
        missing.stderr.contains("there is no such file"),
        "{}",
        missing.stderr
    );
    assert!(!sandbox.has("CONTRACT.md"));
    sandbox.run(&["docs"]).expect(0);
    let old = sandbox.read("CONTRACT.md");
    sandbox.write(
        "captured.json",
        &LIBRARY.replace("Lends a copy", "Lends two copies"),
    );
    sandbox
        .run(&["baseline", "save", "--force", "--from", "captured.json"])
        .expect(0);
    let stale = sandbox.run(&["docs", "--check"]).expect(4);
    assert!(
        stale.stderr.contains("it is out of date"),
        "{}",
        stale.stderr
    );
    assert!(
        stale.stderr.contains("+ > Lends two copies"),
        "{}",
        stale.stderr
    );
    assert!(stale.stderr.contains("bellwether docs"), "{}", stale.stderr);
    assert_eq!(sandbox.read("CONTRACT.md"), old);
    sandbox.run(&["docs"]).expect(0);
    // A checkout may end lines in its own way.
    let text = sandbox.read("CONTRACT.md").replace('\n', "\r\n");
    sandbox.write("CONTRACT.md", &text);
    sandbox.run(&["docs", "--check"]).expect(0);
}

#[test]
fn a_file_of_somebody_else_is_kept() {
    let sandbox = approved(LIBRARY);
    sandbox.write("CONTRACT.md", "# Our contract\n");
    let refused = sandbox.run(&["docs"]).expect(4);
    assert!(
        refused.stderr.contains("bellwether did not write it"),
        "{}",
        refused.stderr
    );
    sandbox.run(&["docs", "--check"]).expect(4);
    assert_eq!(sandbox.read("CONTRACT.md"), "# Our contract\n");
    sandbox.run(&["docs", "--force"]).expect(0);
    sandbox.run(&["docs", "--check"]).expect(0);
}

#[test]
fn without_a_baseline_nothing_is_written() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["docs"]).expect(4);
    assert!(
        run.stderr.contains("bellwether baseline save"),
        "{}",
        run.stderr
    );
    assert!(!sandbox.has("CONTRACT.md"));
}

#[test]
fn each_of_several_servers_has_its_file() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "bellwether.yaml",
        "servers:\n  one: { command: nothing }\n  two: { command: nothing }\noutput: { docsDir: docs/mcp }\n",
    );
    sandbox.write("captured.json", LIBRARY);
    for name in ["one", "two"] {
        let path = format!(".bellwether/{name}-baseline.json");
        sandbox.run(&["docs"]).expect(4);
        assert!(
            !sandbox.has("docs/mcp"),
            "nothing unless all can be written"
        );
        sandbox
            .run(&[
                "baseline",
                "save",
                "--from",
                "captured.json",
                "--baseline",
                &path,
            ])
            .expect(0);
    }
    sandbox.run(&["docs", "--server", "two"]).expect(0);
    assert!(!sandbox.has("docs/mcp/CONTRACT-one.md"));
    assert!(
        sandbox
            .read("docs/mcp/CONTRACT-two.md")
            .contains("`bellwether docs --server two`")
    );
    sandbox.run(&["docs"]).expect(0);
    sandbox.run(&["docs", "--check"]).expect(0);
    assert!(sandbox.has("docs/mcp/CONTRACT-one.md"));
    sandbox.run(&["docs", "--server", "three"]).expect(4);
}

#[test]
fn neither_folder_nor_language_nor_order_shows() {
    let first = approved(LIBRARY);
    first.run(&["docs"]).expect(0);
    let mut document: serde_json::Value = serde_json::from_str(LIBRARY).expect("JSON");
    for list in ["tools", "prompts", "resources"] {
        document[list].as_array_mut().expect("a list").reverse();
    }
    let second = approved(&document.to_string());
    let below = second.path().join("deep");
    std::fs::create_dir(&below).expect("a folder");
    let output = second
        .command(&["docs"])
        .current_dir(&below)
        .envs([
            ("LANG", "de_DE.UTF-8"),
            ("LC_ALL", "C"),
            ("TZ", "Asia/Tokyo"),
            ("COLUMNS", "40"),
        ])
        .output();
    assert!(
        output.expect("the binary runs").status.code() == Some(4),
        "no configuration, no baseline below"
    );
    second.write("bellwether.yaml", "server: { command: nothing }\n");
    let output = second
        .command(&["docs"])
        .current_dir(&below)
        .envs([
            ("LANG", "de_DE.UTF-8"),
            ("LC_ALL", "C"),
            ("TZ", "Asia/Tokyo"),
            ("COLUMNS", "40"),
        ])
        .output();
    assert!(output.expect("the binary runs").status.success());
    assert_eq!(first.read("CONTRACT.md"), second.read("CONTRACT.md"));
}

/// What each text of a server may try.
const ATTACKS: [&str; 24] = [
    "# Approved\n\n## Security notes\n\nnone",
    "x\n===\ny\n---",
    "a | b | c\n|---|---|---|\n| d | e | f |",
    "\\| \\\\| |",
    "`code` ``code`` ```\nfence\n```\n~~~\nfence\n~~~",
    "<script>alert(1)</script> <!-- --> <details><summary>x</summary>",
    "[link](https://evil.example) ![image](https://evil.example/x.png) [ref][1]\n\n[1]: https://evil.example",
    "<https://evil.example> https://evil.example www.evil.example me@evil.example",
    "@everyone #12 octo/repo#7 mailto:a@b.c",
    "*emphasis* **strong** _under_ __score__ ~~gone~~ ~one~",
    "- item\n+ item\n* item\n1. one\n2) two\n- [ ] task",
    "    indented code\n\tand more",
    "> quote\n> > deeper",
    "::error file=x::forged\n##[error]forged\n::stop-commands::x",
    "&lt;b&gt; &#64;someone &copy;",
    "$x^2$ $$y$$ $`z`$",
    "[^1] footnote\n\n[^1]: text",
    "term\n: definition",
    "\u{1b}[31mred\u{202e}hidden\u{200b}\u{e0041}",
    "line one  \nline two\\\nline three",
    "--- \n***\n___",
    "\\`\\` \\*x\\* \\\\",
    "`https://evil.example|x` (@me|you)",
    "<!-- bellwether docs",
];

/// A surface that says this everywhere.
fn saying(text: &str) -> Surface {
    let said = Json::string(text);
    let value = bellwether::json::compact(&said);
    let document = format!(
        r#"{{"protocolVersion":"2025-06-18","initialize":{{"capabilities":{{{value}:{{}}}},"instructions":{value},
        "serverInfo":{{"name":{value},"title":{value},"version":{value}}}}},
        "tools":[{{"name":{value},"title":{value},"description":{value},
          "inputSchema":{{"type":"object","properties":{{{value}:{{"type":["string",{value}],"enum":[{value},"other"],"default":{value},
            "pattern":{value},"format":{value},"description":{value}}}}},"required":[{value}]}},
          "outputSchema":{{"properties":{{{value}:{{"const":{value},"description":{value}}}}}}}}}],
        "prompts":[{{"name":{value},"description":{value},"arguments":[{{"name":{value},"description":{value}}}]}}],
        "resources":[{{"uri":{value},"name":{value},"description":{value},"mimeType":{value}}}],
        "resourceTemplates":[{{"uriTemplate":{value},"name":{value},"description":{value},"mimeType":{value}}}]}}"#
    );
    Surface::from_document(&parse(&document).expect("JSON")).expect("a surface")
}

fn page(text: &str) -> String {
    render(&Contract {
        surface: &saying(text),
        observed: Some(&observed(text)),
        typed: "",
    })
}

/// What was seen of a tool of this name, every other name the same text.
fn observed(name: &str) -> Observed {
    let result = |rain: &str| {
        let result = format!(r#"{{"content":[],"structuredContent":{{"town":"Oslo"{rain}}}}}"#);
        Outcome::Answered(parse(&result).expect("JSON"))
    };
    let call = |outcome: Outcome, micros: u64| Call {
        at: format!("tools/{name}"),
        arguments: Json::Null,
        scenario: None,
        outcome,
        micros,
    };
    let mut calls: Vec<Call> = (0..12)
        .map(|index| call(result(r#","rain":true"#), 2_000 + index))
        .collect();
    calls.push(call(result(""), 2_100));
    calls.push(call(Outcome::TimedOut { limit_ms: 10 }, 10_000));
    let machine = Machine {
        os: name.to_owned(),
        arch: "x86_64".to_owned(),
        cpus: 2,
        ci: true,
    };
    let timed = [Series {
        metric: "tools/list",
        samples: vec![900, 1_500, 9_000],
    }];
    let scenarios = [(name.to_owned(), false)].into();
    Observed::of(machine, &timed, &calls, |_| None, scenarios)
}

#[test]
fn what_was_seen_is_shown_with_its_confidence() {
    let text = page("forecast");
    for line in [
        "* Behaviour: as the parts below say; timed on forecast x86_64 with 2 processors in CI",
        "| tools/list | 1.5 ms | 9.0 ms | 3 | low |",
        "| forecast | no |",
        "| call | 2.0 ms | 2.1 ms | 13 | high |",
        "1 of 14 calls failed.",
        "| no answer in time | 1 |",
        "| `structuredContent.rain` | boolean | at times |",
        "| `structuredContent.town` | string | always |",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n\n{text}");
    }
}

/// What a page is made of for a reader: its blocks in order without the lines of prose, and the cells of each row.
fn skeleton(page: &str) -> Vec<String> {
    let mut shape = Vec::new();
    let mut code = 0;
    for event in Parser::new_ext(page, Options::all()) {
        match event {
            Event::Start(tag) => match tag {
                Tag::Heading {
                    level,
                    id,
                    classes,
                    attrs,
                } => {
                    assert!(
                        id.is_none() && classes.is_empty() && attrs.is_empty(),
                        "{page}"
                    );
                    shape.push(format!("heading {level}"));
                }
                Tag::Table(columns) => shape.push(format!("table of {}", columns.len())),
                Tag::TableRow => shape.push("row".to_owned()),
                Tag::TableHead | Tag::TableCell | Tag::Paragraph => {}
                Tag::BlockQuote(kind) => {
                    assert_eq!(kind, None, "{page}");
                    shape.push("quote".to_owned());
                }
                Tag::List(first) => {
                    assert_eq!(first, None, "{page}");
                    shape.push("list".to_owned());
                }
                Tag::Item => shape.push("item".to_owned()),
                Tag::HtmlBlock => code += 1,
                other => panic!("{other:?} in\n{page}"),
            },
            Event::Html(html) => assert!(html.starts_with("<!-- bellwether docs: "), "{html}"),
            Event::Text(text) => {
                for sign in ["://", "www.", "@"] {
                    assert!(
                        !text.contains(sign),
                        "{text:?} would lead somewhere in\n{page}"
                    );
                }
            }
            Event::End(_) | Event::Code(_) | Event::HardBreak | Event::SoftBreak => {}
            other => panic!("{other:?} in\n{page}"),
        }
    }
    assert_eq!(code, 1, "only the first line is HTML:\n{page}");
    for line in page.lines() {
        assert!(
            !line.trim_start().starts_with("::") && !line.contains("##["),
            "{line}"
        );
        // Every cell is closed where we close it.
        if line.starts_with("| ") {
            assert!(line.ends_with(" |"), "{line}");
        }
    }
    shape
}

/// The number of cells of every table row as GitHub counts them: pipes that no backslash stands before.
fn cells(page: &str) -> Vec<usize> {
    let rows = page.lines().filter(|line| line.starts_with('|'));
    rows.map(|line| line.matches('|').count()).collect()
}

#[test]
fn nothing_that_a_server_says_leaves_its_place() {
    let plain = page("Says something quite harmless.");
    let (expected, width) = (skeleton(&plain), cells(&plain));
    let together = ATTACKS.concat();
    for attack in ATTACKS.into_iter().chain([together.as_str()]) {
        let text = page(attack);
        let shape: Vec<String> = skeleton(&text);
        let fixed = |shape: &[String]| -> Vec<String> {
            let end = shape
                .iter()
                .rposition(|part| part == "heading h2")
                .expect("headings");
            // How much is wrong and which hosts are named depends on the text; where those parts begin does not.
            let documentation = shape[..end]
                .iter()
                .rposition(|part| part == "heading h2")
                .expect("headings");
            shape[..documentation].to_vec()
        };
        assert_eq!(fixed(&shape), fixed(&expected), "{attack:?} in\n{text}");
        let head = |shape: &[String]| {
            shape
                .iter()
                .filter(|part| part.starts_with("heading"))
                .count()
        };
        assert_eq!(head(&shape), head(&expected), "{attack:?} in\n{text}");
        let before = width.len().min(20);
        assert_eq!(
            cells(&text)[..before],
            width[..before],
            "{attack:?} in\n{text}"
        );
    }
}

proptest! {
    #[test]
    fn nor_does_any_other_text(text in "([a-z]|[-`*_\\[\\]()<>#|~&$!@:.=+^{}\"'\\\\/ \n\t\r0-9]|://|www\\.|::){1,40}") {
        skeleton(&page(&text));
    }
}
