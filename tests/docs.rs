//! What README.md and docs/ tell a reader is true: examples run, settings load, commands parse, links lead somewhere.
//!
//! A block tagged `console run` is run in a copy of `fixtures/demo`; a line `…` in it stands for any lines. A block
//! tagged `yaml` begins with a comment that names its file. `UPDATE=1` rewrites outputs and `docs/cli.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use bellwether::cli::Cli;
use bellwether::exit::Exit;
use bellwether::{config, rules};
use clap::{Arg, Command, CommandFactory as _, Parser as _};
use support::{Run, Sandbox};

mod support;

/// One page for readers.
struct Page {
    path: PathBuf,
    text: String,
}

/// A fenced block of a page.
struct Block<'a> {
    /// What stands behind the opening fence.
    tag: &'a str,
    lines: Vec<&'a str>,
    /// The index of its first line in the page.
    start: usize,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

fn pages() -> Vec<Page> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .expect("the docs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.push(root().join("README.md"));
    paths.sort();
    paths
        .into_iter()
        .map(|path| Page {
            text: fs::read_to_string(&path).expect("UTF-8"),
            path,
        })
        .collect()
}

impl Page {
    fn name(&self) -> String {
        let inside = self.path.strip_prefix(root()).expect("below the root");
        inside.display().to_string()
    }

    /// The fenced blocks, and the prose around them.
    fn parts(&self) -> (Vec<Block<'_>>, String) {
        let mut blocks: Vec<Block<'_>> = Vec::new();
        let mut prose = String::new();
        let mut inside = false;
        for (index, line) in self.text.lines().enumerate() {
            match (inside, line.strip_prefix("```")) {
                (false, Some(tag)) => {
                    blocks.push(Block {
                        tag,
                        lines: Vec::new(),
                        start: index + 1,
                    });
                    inside = true;
                }
                (true, Some(_)) => inside = false,
                (true, None) => blocks.last_mut().expect("opened").lines.push(line),
                (false, None) => {
                    prose.push_str(line);
                    prose.push('\n');
                }
            }
        }
        assert!(!inside, "{}: a block without an end", self.name());
        (blocks, prose)
    }
}

#[test]
fn every_example_prints_what_the_page_shows() {
    let mut ran = 0;
    for page in pages() {
        let (blocks, _) = page.parts();
        let mut lines: Vec<String> = page.text.lines().map(str::to_owned).collect();
        for block in blocks
            .iter()
            .rev()
            .filter(|block| block.tag == "console run")
        {
            ran += 1;
            let actual = play(block, &page.name());
            let shown: Vec<&str> = actual.iter().map(String::as_str).collect();
            if agrees(&block.lines, &shown) {
                continue;
            }
            assert!(
                updating(),
                "{}:{}: the output is another now (UPDATE=1 rewrites it):\n{}",
                page.name(),
                block.start + 1,
                actual.join("\n")
            );
            lines.splice(block.start..block.start + block.lines.len(), actual);
        }
        let text = lines.join("\n") + "\n";
        if text != page.text {
            fs::write(&page.path, text).expect("the page");
        }
    }
    assert!(ran > 0, "no page shows an example");
}

/// Runs the commands of a block one after the other, and gives what it should say.
fn play(block: &Block<'_>, page: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    for file in [
        "approved.json",
        "now.json",
        "bellwether.yaml",
        ".bellwether/bellwether-baseline.json",
        "schemas/order-1.json",
        "schemas/order-2.json",
        "schemas/order-3.json",
        "schemas/order-4.json",
    ] {
        let name = format!("fixtures/demo/{file}");
        let text = fs::read_to_string(root().join(&name)).expect("the example");
        sandbox.write(&name, &text);
    }
    let mut folder = sandbox.path().to_owned();
    let mut last = 0;
    let mut said = Vec::new();
    for line in block.lines.iter().filter(|line| line.starts_with("$ ")) {
        said.push((*line).to_owned());
        let words = shell_words::split(&line[2..]).expect("words");
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["cd", to] => folder.push(to),
            ["echo", "$?"] => said.push(last.to_string()),
            ["bellwether", args @ ..] | ["cargo", "run", "--", args @ ..] => {
                let run = sandbox.command(args).current_dir(&folder).output();
                let run = Run::of(run.expect("the binary runs"));
                last = run.code;
                said.extend(
                    (run.stdout + &run.stderr)
                        .lines()
                        .map(|line| line.trim_end().to_owned()),
                );
            }
            _ => panic!("{page}: no example can run `{line}`"),
        }
    }
    said
}

/// Whether the page shows this output; a line `…` stands for any lines.
fn agrees(page: &[&str], actual: &[&str]) -> bool {
    match page.split_first() {
        None => actual.is_empty(),
        Some((&"…", rest)) => (0..=actual.len()).any(|skipped| agrees(rest, &actual[skipped..])),
        Some((line, rest)) => actual
            .split_first()
            .is_some_and(|(first, others)| first == line && agrees(rest, others)),
    }
}

#[test]
fn every_command_that_a_page_names_can_be_typed() {
    let mut seen = 0;
    for page in pages() {
        let (blocks, prose) = page.parts();
        let mut commands: Vec<String> = Vec::new();
        for block in blocks
            .iter()
            .filter(|block| ["sh", "console", "console run", "yaml"].contains(&block.tag))
        {
            commands.extend(block.lines.iter().map(|line| bare(line).to_owned()));
        }
        for paragraph in prose.split("\n\n").flat_map(|text| text.split("\n| ")) {
            commands.extend(
                paragraph
                    .split('`')
                    .skip(1)
                    .step_by(2)
                    .map(|code| code.replace('\n', " ")),
            );
        }
        for command in commands {
            let command = command.replacen("cargo run -- ", "bellwether ", 1);
            if !command.starts_with("bellwether ") || command.contains('…') {
                continue;
            }
            seen += 1;
            let words = shell_words::split(until_the_shell(&command)).expect("words");
            if let Err(error) = Cli::try_parse_from(words) {
                assert!(!error.use_stderr(), "{}: `{command}`: {error}", page.name());
            }
        }
    }
    assert!(seen > 20, "only {seen} commands were found");
}

/// A line without what a prompt or a CI file puts before the command.
fn bare(line: &str) -> &str {
    let mut line = line.trim();
    for before in ["$ ", "- ", "run: ", "entry: "] {
        line = line.strip_prefix(before).unwrap_or(line);
    }
    line
}

/// The command without comments, redirections and what the shell does next.
fn until_the_shell(command: &str) -> &str {
    [" #", " >", " |", " &&"]
        .iter()
        .filter_map(|end| command.find(end))
        .min()
        .map_or(command, |end| &command[..end])
}

#[test]
fn every_setting_that_a_page_shows_loads() {
    let (mut seen, mut scenarios) = (0, 0);
    for page in pages() {
        for block in page
            .parts()
            .0
            .iter()
            .filter(|block| block.tag.starts_with("yaml"))
        {
            let text = block.lines.join("\n");
            let place = format!("{}:{}", page.name(), block.start + 1);
            let file = block.lines.first().and_then(|line| line.strip_prefix("# "));
            match file.unwrap_or_else(|| panic!("{place}: the first line names no file")) {
                "bellwether.yaml" => {
                    seen += 1;
                    if let Err(failure) =
                        config::understand_text(&text, &place, root(), &rules::ids())
                    {
                        panic!("{place}: {failure:?}");
                    }
                }
                config::scenarios::FILE => {
                    scenarios += 1;
                    let env = |_: &str| Some("value".to_owned());
                    if let Err(failure) = config::scenarios::understand(&text, &place, None, &env) {
                        panic!("{place}: {failure:?}");
                    }
                }
                _ => {
                    if let Err(error) = serde_yaml::from_str::<serde_json::Value>(&text) {
                        panic!("{place}: {error}");
                    }
                }
            }
        }
    }
    assert!(seen > 0, "no page shows a configuration");
    assert!(scenarios > 0, "no page shows a scenario");
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        let (_, prose) = page.parts();
        for link in prose
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.starts_with("https://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = match file {
                "" => page.path.clone(),
                file => page.path.parent().expect("a folder").join(file),
            };
            assert!(path.exists(), "{}: {link} does not exist", page.name());
            if !anchor.is_empty() {
                let text = fs::read_to_string(&path).expect("UTF-8");
                let found = text
                    .lines()
                    .any(|line| line.starts_with('#') && slug(line) == anchor);
                assert!(found, "{}: {link}: no such heading", page.name());
            }
        }
    }
}

/// A heading as links name it.
fn slug(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn every_page_can_be_reached_from_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).expect("UTF-8");
    for page in pages()
        .iter()
        .map(Page::name)
        .filter(|name| name.starts_with("docs"))
    {
        let link = page.replace('\\', "/");
        assert!(
            readme.contains(&format!("({link}")),
            "README.md does not link {link}"
        );
    }
}

#[test]
fn the_tables_of_exit_codes_say_what_the_code_says() {
    let source = fs::read_to_string(root().join("src/exit.rs")).expect("UTF-8");
    let all = [
        Exit::Clean,
        Exit::Info,
        Exit::Warning,
        Exit::Breaking,
        Exit::Error,
        Exit::LowConfidence,
    ];
    for name in ["README.md", "docs/ci.md"] {
        let page = fs::read_to_string(root().join(name)).expect("UTF-8");
        for code in all.map(Exit::code) {
            let meaning = source
                .lines()
                .find_map(|line| line.trim().strip_prefix(&format!("/// {code}: ")))
                .expect("each code has its meaning in a comment");
            let row = format!("| {code} | {}", meaning.trim_end_matches('.'));
            assert!(page.contains(&row), "{name}: no row `{row}`");
        }
    }
}

#[test]
fn the_page_of_commands_is_the_help() {
    let path = root().join("docs/cli.md");
    let mut command = Cli::command();
    command.build();
    let page = commands_page(&command);
    if updating() {
        fs::write(&path, &page).expect("the page");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "docs/cli.md is out of date: UPDATE=1 cargo test --test docs"
    );
    let help = Sandbox::new().run(&["--help"]).expect(0).stdout;
    let listed = help
        .split("Commands:\n")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next());
    for name in listed
        .expect("a list of commands")
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        let heading = format!("## bellwether {name}");
        assert!(
            name == "help" || page.contains(&heading),
            "docs/cli.md has no {heading}"
        );
    }
}

fn commands_page(command: &Command) -> String {
    let mut page = format!(
        "# Every command\n\n{}. `--help` behind a command says the same in the terminal.\n\n<!-- Written by tests/docs.rs from \
         src/cli.rs: UPDATE=1 cargo test --test docs -->\n",
        command.get_about().expect("what it is")
    );
    for child in commands(command) {
        let _ = writeln!(
            page,
            "\n* [bellwether {0}](#bellwether-{0}): {1}",
            child.get_name(),
            child.get_about().expect("help")
        );
    }
    let page = page
        .replace("\n\n* ", "\n* ")
        .replacen("-->\n* ", "-->\n\n* ", 1);
    let mut page = page + "\n## Options of every command\n\n";
    for arg in command.get_arguments().filter(|arg| arg.is_global_set()) {
        page.push_str(&argument(arg));
    }
    if let Some(after) = command.get_after_help() {
        let _ = write!(page, "\n```console\n{after}\n```\n");
    }
    for child in commands(command) {
        describe(child, &mut page);
    }
    page
}

/// The subcommands, without clap's own.
fn commands(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|child| child.get_name() != "help")
}

fn describe(command: &Command, page: &mut String) {
    let name = command.get_bin_name().expect("the command was built");
    let usage = command.clone().render_usage().to_string();
    let about = command
        .get_long_about()
        .or(command.get_about())
        .expect("help")
        .to_string();
    // The last full stop is there where the help has several paragraphs.
    let about = about.trim_end_matches('.');
    let usage = usage.trim_start_matches("Usage: ").trim_end();
    let _ = write!(page, "\n## {name}\n\n{about}.\n\n```text\n{usage}\n```\n");
    let aliases: Vec<_> = command
        .get_visible_aliases()
        .map(|alias| format!("`{alias}`"))
        .collect();
    if !aliases.is_empty() {
        let _ = write!(page, "\nAlso: {}\n", aliases.join(", "));
    }
    let mut list = String::new();
    let (positional, flags): (Vec<&Arg>, Vec<&Arg>) = command
        .get_arguments()
        .filter(|arg| !arg.is_global_set() && !["help", "version"].contains(&arg.get_id().as_str()))
        .partition(|arg| arg.is_positional());
    for arg in positional.into_iter().chain(flags) {
        list.push_str(&argument(arg));
    }
    if !list.is_empty() {
        let _ = write!(page, "\n{list}");
    }
    if let Some(after) = command.get_after_help() {
        let _ = write!(page, "\n```console\n{after}\n```\n");
    }
    for child in commands(command) {
        describe(child, page);
    }
}

/// One flag or argument as an item of a list.
fn argument(arg: &Arg) -> String {
    let mut item = format!("* `{arg}`");
    if let (Some(short), Some(long)) = (arg.get_short(), arg.get_long()) {
        item = item.replacen(&format!("--{long}"), &format!("-{short}, --{long}"), 1);
    }
    let _ = write!(
        item,
        ": {}",
        arg.get_help().expect("every argument has help")
    );
    if let Some(variable) = arg.get_env() {
        let _ = write!(item, "; else the variable `{}`", variable.to_string_lossy());
    }
    let default = arg.get_default_values().first();
    if let Some(default) = default.filter(|_| arg.get_action().takes_values()) {
        let _ = write!(item, " (default: `{}`)", default.to_string_lossy());
    }
    item.push('\n');
    for value in arg
        .get_possible_values()
        .iter()
        .filter(|value| value.get_help().is_some())
    {
        let help = value.get_help().expect("filtered");
        let _ = writeln!(item, "  * `{}`: {help}", value.get_name());
    }
    item
}
