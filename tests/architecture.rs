//! The lines that `docs/architecture.md` draws, which one crate has no compiler check for.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the pure core.
const CORE: [&str; 17] = [
    "baseline",
    "canon",
    "diff",
    "documentation",
    "exit",
    "failure",
    "inclusion",
    "json",
    "measure",
    "observed",
    "policy",
    "report",
    "review",
    "rules",
    "scenarios",
    "surface",
    "text",
];

/// What the core does without: input and output, the clock, the environment, chance, printing, async.
const WORLD: [&str; 14] = [
    "std::fs",
    "std::env",
    "std::process::Command",
    "std::net",
    "std::io::std",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "tokio",
    "rmcp",
    "reqwest",
    "HashMap<",
    "print!(",
    "println!(",
];

/// Who in the core may know whom: each module and the modules that it may use.
const MAY_USE: [(&str, &[&str]); 17] = [
    ("json", &[]),
    ("canon", &["json"]),
    ("surface", &["canon", "json"]),
    ("text", &[]),
    ("failure", &[]),
    ("measure", &[]),
    ("exit", &["report"]),
    ("inclusion", &["canon", "json"]),
    ("observed", &["canon", "inclusion", "json", "measure"]),
    (
        "diff",
        &[
            "canon",
            "documentation",
            "inclusion",
            "json",
            "measure",
            "observed",
            "report",
            "surface",
            "text",
        ],
    ),
    (
        "rules",
        &[
            "diff", "json", "measure", "observed", "report", "surface", "text",
        ],
    ),
    ("documentation", &["inclusion", "json", "report", "surface"]),
    ("scenarios", &["inclusion", "json", "observed", "text"]),
    (
        "policy",
        &[
            "canon",
            "diff",
            "exit",
            "inclusion",
            "json",
            "measure",
            "report",
            "rules",
            "surface",
            "text",
        ],
    ),
    (
        "baseline",
        &[
            "canon", "failure", "json", "observed", "report", "rules", "surface", "text",
        ],
    ),
    ("review", &["baseline", "report", "text"]),
    (
        "report",
        &[
            "documentation",
            "exit",
            "failure",
            "inclusion",
            "json",
            "measure",
            "observed",
            "rules",
            "surface",
            "text",
        ],
    ),
];

/// Every source file, with the module it belongs to and its text without tests.
fn sources() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let inside = path.strip_prefix(&root).expect("below src").to_owned();
                let first = inside
                    .components()
                    .next()
                    .expect("a name")
                    .as_os_str()
                    .to_string_lossy()
                    .into_owned();
                let text = fs::read_to_string(&path).expect("UTF-8");
                let code = text
                    .split("#[cfg(test)]")
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                files.push((inside, first.trim_end_matches(".rs").to_owned(), code));
            }
        }
    }
    files.sort();
    files
}

/// The lines of code, without comments.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn the_core_touches_nothing_of_the_world() {
    for (path, module, text) in sources() {
        if !CORE.contains(&module.as_str()) {
            continue;
        }
        for line in code_lines(&text) {
            for word in WORLD {
                assert!(
                    !line.contains(word),
                    "{}: {word} in the core: {line}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn modules_of_the_core_know_only_whom_they_may() {
    let known = |line: &str, module: &str| {
        [
            format!("crate::{module}::"),
            format!("crate::{module};"),
            format!("crate::{{{module}"),
        ]
        .iter()
        .any(|form| line.contains(form.as_str()))
    };
    let all: Vec<String> = sources().into_iter().map(|(_, module, _)| module).collect();
    for (path, module, text) in sources() {
        let Some((_, may)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            continue;
        };
        for line in code_lines(&text) {
            for other in &all {
                let allowed = *other == module || may.contains(&other.as_str());
                assert!(
                    allowed || !known(line, other),
                    "{}: must not know {other}: {line}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn facts_carry_no_severity() {
    for (path, module, text) in sources() {
        if module == "diff" {
            let found = code_lines(&text).find(|line| line.to_lowercase().contains("severity"));
            assert_eq!(found, None, "{}", path.display());
        }
    }
}

#[test]
fn one_idea_a_file() {
    for (path, _, text) in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= 420,
            "{} has {lines} lines of code: split it",
            path.display()
        );
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(
            !["utils", "util", "helpers", "common", "misc"].contains(&name.as_str()),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_module_says_what_it_is() {
    for (path, _, text) in sources() {
        assert!(
            text.starts_with("//! "),
            "{}: no module doc",
            path.display()
        );
    }
}
