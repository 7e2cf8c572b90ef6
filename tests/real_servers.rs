//! The main job against servers that other people wrote: Node's and Python's, pinned, over every transport they speak.
//!
//! Each test says `skipped: …` where Node or Python is missing. `tests/real-servers` holds the pins.

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::Value;
use support::{Run, Sandbox};

/// A folder below `target` in which the servers are installed once.
fn installed(kind: &'static str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("real-servers")
        .join(kind);
    fs::create_dir_all(&folder).expect("a folder below target");
    folder
}

fn pins(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join("real-servers")
        .join(name)
}

fn is_there(program: &str) -> bool {
    let version = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

fn succeed(command: &mut Command) {
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("it is installed");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Says so past the test harness, which keeps the output of tests that pass to itself.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

/// The folder with the programs of the npm packages, or nothing where there is no npm.
fn node_programs() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        if !is_there("npm") || !is_there("node") {
            return None;
        }
        let folder = installed("node");
        for file in ["package.json", "package-lock.json"] {
            fs::copy(pins(file), folder.join(file)).expect("a copy");
        }
        succeed(
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(&folder),
        );
        Some(folder.join("node_modules").join(".bin"))
    });
    if folder.is_none() {
        skipped("no npm");
    }
    folder.as_deref()
}

/// The folder with the programs of the Python packages, or nothing where there is no Python.
fn python_programs() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        if !is_there("python3") {
            return None;
        }
        let folder = installed("python");
        if !folder.join("bin").join("pip").exists() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        }
        let pip = folder.join("bin").join("pip");
        let options = ["install", "--quiet", "--disable-pip-version-check", "-r"];
        succeed(
            Command::new(pip)
                .args(options)
                .arg(pins("requirements.txt")),
        );
        Some(folder.join("bin"))
    });
    if folder.is_none() {
        skipped("no python3");
    }
    folder.as_deref()
}

/// The whole job: save, check twice, save again, then three edits of the baseline by hand.
fn main_job(config: Option<&str>, server: &[&str]) {
    let sandbox = Sandbox::new();
    if let Some(config) = config {
        sandbox.write("bellwether.yaml", config);
    }
    let run = |command: &[&str]| -> Run { sandbox.run(&[command, server].concat()) };
    let baseline = ".bellwether/bellwether-baseline.json";

    run(&["baseline", "save"]).expect(0);
    let saved = sandbox.read(baseline);
    for _ in 0..2 {
        let report = run(&["check", "--format", "json"]).expect(0).json();
        assert_eq!(report["findings"], Value::Array(Vec::new()));
        assert_eq!(report["verdict"]["severity"], "none");
    }
    run(&["baseline", "save", "--refresh"]).expect(0);
    assert_eq!(
        sandbox.read(baseline),
        saved,
        "saving an unchanged server again changed the baseline"
    );

    let document: Value = serde_json::from_str(&saved).expect("JSON");
    let edited = |edit: &dyn Fn(&mut Vec<Value>)| {
        let mut document = document.clone();
        edit(document["tools"].as_array_mut().expect("tools"));
        sandbox.write(
            baseline,
            &serde_json::to_string_pretty(&document).expect("JSON"),
        );
        run(&["check", "--format", "json"])
    };
    let finding = |run: &Run, rule: &str| -> Value {
        let report = run.json();
        let findings = report["findings"].as_array().expect("a list").clone();
        let notes = report["targets"][0]["notes"].to_string();
        assert!(
            notes.contains("digest"),
            "no note on the digest of an edited file: {notes}"
        );
        let found = findings.iter().find(|finding| finding["rule"] == rule);
        found
            .unwrap_or_else(|| panic!("no {rule} in {findings:#?}"))
            .clone()
    };

    let lost = edited(&|tools| {
        let mut tool = tools[0].clone();
        tool["name"] = "once_was_here".into();
        tool["description"] = "Did something that nothing else does.".into();
        tool["inputSchema"] = serde_json::json!({ "type": "object", "properties": { "only_here": { "type": "string" } } });
        tools.push(tool);
    });
    assert_eq!(
        finding(&lost.expect(3), "tool-removed")["at"],
        "tools/once_was_here"
    );

    let (index, parameter) = a_required_parameter(&document);
    let name = document["tools"][index]["name"].as_str().expect("a name");
    let gained = edited(&|tools| {
        let schema = &mut tools[index]["inputSchema"];
        schema["required"]
            .as_array_mut()
            .expect("a list")
            .retain(|required| *required != *parameter);
        schema["properties"]
            .as_object_mut()
            .expect("an object")
            .remove(&parameter);
    });
    let gained = finding(&gained.expect(3), "input-required-parameter-added");
    assert_eq!(gained["at"], format!("tools/{name}"));
    assert_eq!(
        gained["pointer"],
        format!("/inputSchema/properties/{parameter}")
    );

    let reworded =
        edited(&|tools| tools[0]["description"] = "Something else was said of it before.".into());
    assert!(
        [1, 2].contains(&reworded.code),
        "exit {}: {}",
        reworded.code,
        reworded.stdout
    );
    let findings = reworded.json()["findings"]
        .as_array()
        .expect("a list")
        .clone();
    let rules: Vec<_> = findings
        .iter()
        .map(|finding| finding["rule"].as_str().expect("a rule"))
        .collect();
    assert!(
        rules
            .iter()
            .any(|rule| rule.starts_with("tool-description-")),
        "{rules:?}"
    );
}

/// What a server does: its scenarios pass, and two checks after the first find nothing and change nothing.
struct Behaving {
    sandbox: Sandbox,
    program: PathBuf,
    arguments: &'static str,
}

impl Behaving {
    /// Nothing where there is no npm.
    fn new(program: &str, arguments: &'static str, scenarios: &str) -> Option<Self> {
        let program = node_programs()?.join(program);
        let sandbox = Sandbox::new();
        sandbox.write("tests.yaml", scenarios);
        Some(Self {
            sandbox,
            program,
            arguments,
        })
    }

    /// A check of the server, with somebody between who does what these words say.
    fn run(&self, meddling: &[&str], args: &[&str]) -> Run {
        let program = self.program.to_str().expect("UTF-8");
        let mut words = meddling.to_vec();
        words.extend([program, self.arguments]);
        words.retain(|word| !word.is_empty());
        let (program, arguments) = words.split_first().expect("a program");
        // The times of a busy machine are not what this is about: a rise is one where it is sixfold.
        let config = serde_json::json!({
            "server": { "command": program, "args": arguments },
            "check": { "probe": "scenarios", "performanceThreshold": 500 },
            "scenarios": { "path": "./tests.yaml" },
        });
        self.sandbox.write("bellwether.yaml", &config.to_string());
        self.sandbox.run(args)
    }

    fn check(&self, meddling: &[&str]) -> Run {
        self.run(meddling, &["check", "--format", "json"])
    }

    /// Approves the server, and shows that nothing comes of checking it again.
    fn approve(&self) {
        // Times that a busy machine had no time for give way to better ones: that is no drift, but it changes the file.
        let saved = (0..10)
            .map(|_| self.saved())
            .find(|saved| is_measured(saved));
        let Some(saved) = saved else {
            skipped("the machine is too busy to measure anything");
            return;
        };
        for _ in 0..2 {
            let report = self.check(&[]).expect(0).json();
            assert_eq!(report["findings"], Value::Array(Vec::new()), "{report:#}");
            self.run(&[], &["baseline", "save"]).expect(0);
            let now = self.sandbox.read(BASELINE);
            let moved = now.lines().filter(|line| !saved.contains(line));
            let moved: Vec<&str> = moved.collect();
            assert!(now == saved, "an unchanged server changed it: {moved:#?}");
        }
    }

    /// The baseline of a first check.
    fn saved(&self) -> String {
        if self.sandbox.has(BASELINE) {
            fs::remove_file(self.sandbox.path().join(BASELINE)).expect("it was just there");
        }
        self.check(&[]).expect(0);
        self.run(&[], &["baseline", "save"]).expect(0);
        self.sandbox.read(BASELINE)
    }
}

const BASELINE: &str = ".bellwether/bellwether-baseline.json";

/// Whether a baseline has enough samples of the lists and of `ping`, of which time alone says how many are taken.
fn is_measured(baseline: &str) -> bool {
    let document: Value = serde_json::from_str(baseline).expect("JSON");
    let metrics = document["observed"]["places"]["server"]["latency"].as_object();
    let mut metrics = metrics.expect("times").iter();
    metrics.all(|(name, metric)| {
        let samples = metric["samples"].as_array().map_or(0, Vec::len);
        name == "connect" || samples >= 10
    })
}

/// Two that measure would measure each other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program that stands between, which `cargo test` builds beside the binary.
fn meddler() -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_bellwether"));
    let folder = binary.parent().expect("a folder");
    let program = folder.join("examples").join("meddler");
    program.to_str().expect("UTF-8").to_owned()
}

/// The findings of a rule.
fn found(report: &Value, rule: &str) -> Vec<Value> {
    let findings = report["findings"].as_array().expect("a list").iter();
    findings
        .filter(|one| one["rule"] == rule)
        .cloned()
        .collect()
}

/// The first tool with a required parameter, by index, and the parameter.
fn a_required_parameter(document: &Value) -> (usize, String) {
    let tools = document["tools"].as_array().expect("tools");
    let mut candidates = tools.iter().enumerate().filter_map(|(index, tool)| {
        Some((
            index,
            tool["inputSchema"]["required"]
                .as_array()?
                .first()?
                .as_str()?
                .to_owned(),
        ))
    });
    candidates.next().expect("a tool with a required parameter")
}

fn node_over_stdio(program: &str, arguments: &[&str]) {
    if let Some(programs) = node_programs() {
        let program = programs.join(program);
        main_job(
            None,
            &[&["--", program.to_str().expect("UTF-8")], arguments].concat(),
        );
    }
}

#[test]
fn everything_over_stdio() {
    node_over_stdio("mcp-server-everything", &[]);
}

#[test]
fn filesystem_over_stdio() {
    node_over_stdio("mcp-server-filesystem", &["."]);
}

#[test]
fn memory_over_stdio() {
    node_over_stdio("mcp-server-memory", &[]);
}

/// Nothing of a server that did not change moves a byte: not once more, not in another folder, locale or time zone.
#[test]
fn saving_an_unchanged_server_changes_no_byte() {
    let Some(programs) = node_programs() else {
        return;
    };
    for (program, arguments) in [
        ("mcp-server-everything", &[][..]),
        ("mcp-server-filesystem", &["."]),
        ("mcp-server-memory", &[]),
    ] {
        let program = programs.join(program);
        let server = [&["--", program.to_str().expect("UTF-8")], arguments].concat();
        let save = [&["baseline", "save", "--refresh"], &server[..]].concat();
        let baseline = ".bellwether/bellwether-baseline.json";
        let (here, there) = (Sandbox::new(), Sandbox::new());
        here.run(&save).expect(0);
        let saved = here.read(baseline);
        for _ in 0..10 {
            here.run(&save).expect(0);
            assert_eq!(here.read(baseline), saved, "{}", program.display());
        }
        let elsewhere = there
            .command(&save)
            .env("LC_ALL", "tr_TR.UTF-8")
            .env("TZ", "Asia/Kolkata")
            .output()
            .expect("the binary runs");
        Run::of(elsewhere).expect(0);
        assert_eq!(there.read(baseline), saved, "{}", program.display());
    }
}

#[test]
fn time_of_python_over_stdio() {
    if let Some(programs) = python_programs() {
        let program = programs.join("mcp-server-time");
        main_job(
            None,
            &[
                "--",
                program.to_str().expect("UTF-8"),
                "--local-timezone",
                "UTC",
            ],
        );
    }
}

/// A server of Node on a port of its own, ended with the test.
struct Listening(Child, u16);

impl Listening {
    fn start(program: &Path, mode: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let mut command = Command::new(program);
        command
            .arg(mode)
            .env("PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .expect("it is installed");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains(&port.to_string()));
        assert!(ready, "the server did not say that it listens");
        // It goes on writing; a closed pipe would end it.
        std::thread::spawn(move || lines.for_each(drop));
        Self(child, port)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn everything_over_streamable_http() {
    if let Some(programs) = node_programs() {
        let server = Listening::start(&programs.join("mcp-server-everything"), "streamableHttp");
        main_job(None, &[&format!("http://127.0.0.1:{}/mcp", server.1)]);
    }
}

#[test]
fn everything_over_the_older_http_and_sse() {
    if let Some(programs) = node_programs() {
        let server = Listening::start(&programs.join("mcp-server-everything"), "sse");
        let url = format!("http://127.0.0.1:{}/sse", server.1);
        main_job(
            Some(&format!("server: {{ url: \"{url}\", transport: sse }}\n")),
            &[],
        );
    }
}

/// What `server-everything` is known to do.
const EVERYTHING: &str = "version: 1
scenarios:
  - name: echoes
    tool: echo
    arguments: { message: a bell }
    repeat: 20
    expect: { contains: [a bell], pointers: { /content/0/type: { equals: text } } }
  - name: adds
    tool: get-sum
    arguments: { a: 17, b: 25 }
    expect: { contains: ['42'] }
  - name: tells the weather
    tool: get-structured-content
    arguments: { location: New York }
    repeat: 2
    expect: { pointers: { /structuredContent/temperature: { type: number } } }
  - name: refuses what it cannot echo
    tool: echo
    arguments: {}
    expect: { error: validation }
  - name: has a prompt
    prompt: simple-prompt
    expect: { pointers: { /messages/0/role: { equals: user } } }
";

/// What `server-filesystem` is known to do.
const FILESYSTEM: &str = "version: 1
scenarios:
  - name: reads a file
    tool: read_text_file
    arguments: { path: note.txt }
    repeat: 20
    expect: { contains: [ring the bell] }
  - name: knows no other
    tool: read_text_file
    arguments: { path: missing.txt }
    expect: { error: notFound }
";

#[test]
fn everything_behaves_until_it_is_slow_or_leaves_something_out() {
    let _alone = alone();
    let Some(server) = Behaving::new("mcp-server-everything", "", EVERYTHING) else {
        return;
    };
    server.approve();
    let meddler = meddler();

    let slow = server.check(&[&meddler, "--delay", "400"]).json();
    let slower = found(&slow, "latency-regressed");
    assert!(
        slower.iter().any(|one| one["at"] == "tools/echo"),
        "{slow:#}"
    );
    assert!(found(&slow, "scenario-failed").is_empty(), "{slow:#}");

    let words = [meddler.as_str(), "--drop", "/structuredContent/humidity"];
    let lost = server.check(&words).json();
    let removed = found(&lost, "response-field-removed");
    assert!(
        removed.iter().any(|one| {
            let pointer = one["pointer"].as_str().unwrap_or_default();
            one["at"] == "tools/get-structured-content" && pointer.contains("humidity")
        }),
        "{lost:#}"
    );
    // Nothing but that answer was touched.
    assert!(
        (found(&lost, "response-field-removed").iter())
            .all(|one| one["at"] == "tools/get-structured-content"),
        "{lost:#}"
    );
}

#[test]
fn filesystem_behaves_until_it_is_slow() {
    let _alone = alone();
    let Some(server) = Behaving::new("mcp-server-filesystem", ".", FILESYSTEM) else {
        return;
    };
    server.sandbox.write("note.txt", "ring the bell");
    server.approve();
    let slow = server.check(&[&meddler(), "--delay", "400"]).json();
    let slower = found(&slow, "latency-regressed");
    assert!(
        slower.iter().any(|one| one["at"] == "tools/read_text_file"),
        "{slow:#}"
    );
}
