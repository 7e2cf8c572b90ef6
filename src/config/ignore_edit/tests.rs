//! What an edit may and may not do to a file that somebody wrote.

use proptest::prelude::*;

use super::*;

fn addition(print: char) -> Addition {
    Addition {
        fingerprint: print.to_string().repeat(16),
        about: "tool-removed at tools/x".to_owned(),
        reason: "retired: \"in\" v3 # really".to_owned(),
        until: Some("2027-03-01".to_owned()),
    }
}

const ENTRY: &str = "  - fingerprint: \"aaaaaaaaaaaaaaaa\"   # tool-removed at tools/x
    reason: \"retired: \\\"in\\\" v3 # really\"
    until: 2027-03-01
";

const FLOW: &str = "{ \"fingerprint\": \"aaaaaaaaaaaaaaaa\", \"reason\": \"retired: \\\"in\\\" v3 # really\", \"until\": \"2027-03-01\" }";

#[track_caller]
fn becomes(old: &str, new: &str) {
    let edited = add(old, &[addition('a')]).expect(old);
    assert_eq!(edited, new, "{old}");
}

#[test]
fn a_file_without_the_key_gets_it_at_its_end() {
    becomes(
        "# mine\nserver: { url: \"http://a\" } # here\n# ignore:\n#   - none\n",
        &format!(
            "# mine\nserver: {{ url: \"http://a\" }} # here\n# ignore:\n#   - none\n\nignore:\n{ENTRY}"
        ),
    );
    becomes("a: 1", &format!("a: 1\n\nignore:\n{ENTRY}"));
    becomes("a: 1\n\n", &format!("a: 1\n\nignore:\n{ENTRY}"));
    becomes(
        "\u{feff}a: 1\n",
        &format!("\u{feff}a: 1\n\nignore:\n{ENTRY}"),
    );
    // Here an empty line more would say more.
    becomes(
        "a: |+\n  text\n",
        &format!("a: |+\n  text\nignore:\n{ENTRY}"),
    );
    becomes("a: |\n  text", &format!("a: |\n  text\n\nignore:\n{ENTRY}"));
    // A file that says where it ends.
    becomes(
        "---\na: 1\n...\n",
        &format!("---\nignore:\n{ENTRY}a: 1\n...\n"),
    );
}

#[test]
fn an_empty_list_is_filled() {
    for (old, head, tail) in [
        (
            "ignore: []   # none yet\nb: 1\n",
            "ignore:   # none yet\n",
            "b: 1\n",
        ),
        (
            "ignore:   # none yet\n  # indeed\nb: 1\n",
            "ignore:   # none yet\n",
            "  # indeed\nb: 1\n",
        ),
        ("a: 1\nignore:", "a: 1\nignore:\n", ""),
        ("ignore: ~\nb: 1\n", "ignore:\n", "b: 1\n"),
        ("ignore: null", "ignore:\n", ""),
        ("ignore: [ ]\n", "ignore:\n", ""),
        ("ignore: [\n]\nb: 1\n", "ignore:\n", "b: 1\n"),
        ("\"ignore\": []\n", "\"ignore\":\n", ""),
    ] {
        becomes(old, &format!("{head}{ENTRY}{tail}"));
    }
    becomes(
        "ignore: [ # none\n]\nb: 1\n",
        &format!("ignore: [{FLOW} # none\n]\nb: 1\n"),
    );
}

#[test]
fn a_list_grows_at_its_end_in_its_own_style() {
    becomes(
        "ignore:\n  # first\n  - rule: x\n    reason: y # because\n  # last\ncheck: {}\n",
        &format!(
            "ignore:\n  # first\n  - rule: x\n    reason: y # because\n{ENTRY}  # last\ncheck: {{}}\n"
        ),
    );
    let flat: String = ENTRY
        .lines()
        .map(|line| format!("{}\n", &line[2..]))
        .collect();
    becomes(
        "ignore:\n- rule: x\n  reason: |\n    text\n\nb: 1\n",
        &format!("ignore:\n- rule: x\n  reason: |\n    text\n\n{flat}b: 1\n"),
    );
    becomes(
        "ignore:\n- {rule: x, reason: y}",
        &format!("ignore:\n- {{rule: x, reason: y}}\n{flat}"),
    );
    becomes(
        "ignore: [ {rule: x, reason: y}, ] # c\n",
        &format!("ignore: [ {{rule: x, reason: y}}, {FLOW}, ] # c\n"),
    );
    becomes(
        "ignore: [\n  {rule: x, reason: y} # c\n]\n",
        &format!("ignore: [\n  {{rule: x, reason: y}}, {FLOW} # c\n]\n"),
    );
}

#[test]
fn a_file_in_braces_stays_in_braces() {
    becomes(
        "{\"a\": 1}\n",
        &format!("{{\"ignore\": [{FLOW}], \"a\": 1}}\n"),
    );
    becomes("{ignore: [], a: 1}", &format!("{{ignore: [{FLOW}], a: 1}}"));
    becomes("{ignore: , a: 1}", &format!("{{ignore: [{FLOW}] , a: 1}}"));
}

#[test]
fn line_ends_stay_what_they_are() {
    let entry = ENTRY.replace('\n', "\r\n");
    becomes("a: 1\r\n", &format!("a: 1\r\n\r\nignore:\r\n{entry}"));
    becomes(
        "ignore: [] # c\r\nb: é\r\n",
        &format!("ignore: # c\r\n{entry}b: é\r\n"),
    );
    becomes(
        "ignore:\r\n  - rule: x\r\n    reason: y\r\nb: 1",
        &format!("ignore:\r\n  - rule: x\r\n    reason: y\r\n{entry}b: 1"),
    );
}

#[test]
fn what_cannot_be_edited_safely_is_refused_with_the_lines_to_add() {
    for old in [
        "a: [",
        "- a\n",
        "ignore: nothing\n",
        "base: &b []\nignore: *b\n",
        "ignore: &b []\nother: *b\n",
        "a: 1\na: 2\n",
    ] {
        let failure = add(old, &[addition('a')]).expect_err(old);
        assert!(
            failure
                .body
                .expect("the lines")
                .contains("fingerprint: \"aaaaaaaaaaaaaaaa\"")
        );
    }
}

#[test]
fn a_new_file_says_so_much_and_no_more() {
    let text = new_file(&[addition('a'), addition('b')]);
    assert!(text.starts_with(MODELINE));
    let grown = add(MODELINE, &[addition('a')]);
    assert!(
        grown.is_err(),
        "a file that says nothing is no configuration"
    );
    assert_eq!(add("a: 1\n", &[]).expect("nothing to do"), "a: 1\n");
    let (tree, _) = tree::parse(&text).expect("YAML");
    assert_eq!(tree.to_json()["ignore"].as_array().map(Vec::len), Some(2));
}

/// A configuration as people write it: keys around the list, comments, either line end.
fn file() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "# a comment\n",
        "\n",
        "a: 1\n",
        "server:\n  command: x # y\n  args: [\"-y\", 'z']\n",
        "baseline:\n    path: a.json\n    # end of it\n",
        "note: |\n  text\n\n  more\n",
        "note: >-\n  text\n",
        "check: { probe: none }\n",
    ]);
    let list = prop::sample::select(vec![
        "",
        "ignore:\n",
        "ignore: [] # c\n",
        "ignore: ~\n",
        "ignore:\n  - rule: x\n    reason: |\n      two\n      lines\n  # between\n  - {rule: y, reason: z}\n",
        "ignore:\n- rule: x\n  reason: é\n  until:\n",
        "ignore: [{rule: x, reason: y},\n  {rule: y, reason: z}]\n",
    ]);
    let lines = || prop::collection::vec(line.clone(), 0..4);
    (lines(), list, lines(), any::<bool>(), any::<bool>()).prop_map(
        |(before, list, after, crlf, ended)| {
            let mut seen = std::collections::BTreeSet::new();
            let mut text = String::new();
            for part in before.into_iter().chain([list]).chain(after) {
                let key = part.split(':').next().unwrap_or_default();
                if part.starts_with(['#', '\n']) || seen.insert(key.to_owned()) {
                    text.push_str(part);
                }
            }
            let text = if ended {
                text
            } else {
                text.trim_end().to_owned()
            };
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        },
    )
}

proptest! {
    #[test]
    fn nothing_but_the_entries_changes(text in file(), reason in "\\PC{1,40}|[ -~]{1,40}", dated in any::<bool>()) {
        let wanted = Addition { reason, until: dated.then(|| "2028-02-29".to_owned()), ..addition('c') };
        let Ok((old, _)) = tree::parse(&text) else { return Ok(()) };
        if old.entries().is_empty() {
            return Ok(());
        }
        let new = add(&text, std::slice::from_ref(&wanted)).expect("a common file can be edited");
        prop_assert!(says(&new, &old.to_json(), std::slice::from_ref(&wanted)));
        // Every old character is there, in its order; only a word for nothing may go.
        let mut rest = new.chars();
        let kept = text.replace(" []", "").replace(" ~", "");
        prop_assert!(
            kept.chars().all(|old| rest.any(|new| new == old)),
            "something is gone from\n{new}"
        );
        // A second edit is as good as the first.
        let again = add(&new, &[addition('d')]).expect("an edited file can be edited");
        prop_assert!(again.contains("dddddddddddddddd") && again.contains("cccccccccccccccc"));
    }

    #[test]
    fn any_text_is_edited_or_refused(text in "[a-c:\\-# \\[\\]{}\n|>&*\"ignore]{0,60}") {
        let _ = add(&text, &[addition('a')]);
    }
}
