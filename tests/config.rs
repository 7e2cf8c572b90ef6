//! The promises about `bellwether.yaml`: what loads, what every mistake looks like, and where secrets go.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bellwether::capture::spec::{CommandSpec, Endpoint, UrlSpec, VersionChoice};
use bellwether::config::{self, Loaded, Request, Servers};
use bellwether::failure::Failure;
use bellwether::policy::Threshold;
use bellwether::report::Severity;
use bellwether::surface::Transport;

const RULES: [&str; 6] = [
    "prompt-removed",
    "surface-changed-without-version",
    "tool-added",
    "tool-description-changed",
    "tool-removed",
    "tool-renamed",
];

const SECRET: &str = "s3cret-value-9";

fn env(name: &str) -> Option<String> {
    match name {
        "SECRET_TOKEN" | "API_KEY" | "TOKEN" => Some(SECRET.to_owned()),
        "BLANKS" => Some("two words".to_owned()),
        "MULTILINE" => Some(format!("{SECRET}\nX-Injected: 1")),
        _ => None,
    }
}

fn fixtures(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/configs")
        .join(kind);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn load(path: &Path) -> Result<Loaded, Failure> {
    load_servers(path, &[])
}

fn load_servers(path: &Path, names: &[String]) -> Result<Loaded, Failure> {
    config::load(&Request {
        explicit: Some(path),
        cwd: path.parent().unwrap(),
        known_rules: &RULES,
        servers: Servers::Used {
            names,
            env: &env,
            exe: Path::new("/usr/bin/bellwether"),
        },
    })
}

fn good(name: &str) -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/configs/good")
        .join(name);
    load(&path)
        .unwrap_or_else(|failure| panic!("{failure}\n{}", failure.body.clone().unwrap_or_default()))
}

fn command(loaded: &Loaded, index: usize) -> &CommandSpec {
    match &loaded.servers[index].spec.endpoint {
        Endpoint::Command(command) => command,
        Endpoint::Url(_) => panic!("a URL"),
    }
}

fn url(loaded: &Loaded, index: usize) -> &UrlSpec {
    match &loaded.servers[index].spec.endpoint {
        Endpoint::Url(url) => url,
        Endpoint::Command(_) => panic!("a command"),
    }
}

/// A failure as a person reads it.
fn told(failure: &Failure) -> String {
    let mut told = format!("error[{}]: {failure}\n", failure.stage);
    if let Some(body) = &failure.body {
        told.push_str(&format!("\n{body}\n"));
    }
    if let Some(next) = &failure.next {
        told.push_str(&format!("\nnext: {next}\n"));
    }
    told
}

#[test]
fn every_mistake_is_shown_at_its_line() {
    for path in fixtures("bad") {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let Err(failure) = load(&path) else {
            panic!("{name} loads")
        };
        let told = told(&failure);
        assert!(!told.contains(SECRET), "{name} shows a secret:\n{told}");
        assert!(
            !told.contains('\u{1b}') && !told.contains('\u{202e}'),
            "{name} reaches the terminal raw"
        );
        assert!(failure.next.is_some(), "{name} names no next step");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("bad-{name}"), told);
        });
    }
}

#[test]
fn every_good_file_loads_and_pleases_the_editor_too() {
    let schema = jsonschema::validator_for(&config::schema::schema(&RULES)).unwrap();
    for path in fixtures("good") {
        if let Err(failure) = load(&path) {
            panic!("{}: {}", path.display(), told(&failure));
        }
        if path.ends_with("typescript.yaml") {
            continue;
        }
        let options = serde_yaml::options! { strict_booleans: true };
        let text = fs::read_to_string(&path).unwrap();
        let value: serde_json::Value = serde_yaml::from_str_with_options(&text, options).unwrap();
        let errors: Vec<String> = schema
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
}

#[test]
fn a_command_is_split_without_a_shell_and_values_stay_one_word() {
    let loaded = good("minimal.yaml");
    let spec = command(&loaded, 0);
    assert_eq!(spec.program, "npx");
    assert_eq!(spec.args, ["-y", "@scope/server", "--root", "my files"]);
    assert_eq!(loaded.servers[0].spec.name, "default");
    assert_eq!(loaded.servers[0].spec.timeout, Duration::from_secs(30));
    assert_eq!(loaded.servers[0].spec.version, VersionChoice::Auto);

    let loaded = good("words.yaml");
    let spec = command(&loaded, 0);
    assert_eq!(spec.program, "run");
    assert_eq!(
        spec.args,
        ["two words", "a b", "--plain", "two words", "", "$HOME"]
    );
}

#[test]
fn variables_are_filled_in_and_remembered_as_secrets() {
    let loaded = good("several.yaml");
    let names: Vec<&str> = loaded
        .servers
        .iter()
        .map(|server| server.spec.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["weather", "search", "archive"],
        "the order of the file"
    );

    let weather = command(&loaded, 0);
    let expected = [
        ("API_KEY".to_owned(), SECRET.to_owned()),
        ("MODE".to_owned(), "dry run".to_owned()),
    ];
    assert_eq!(weather.env, expected);
    assert_eq!(
        weather.cwd.as_deref(),
        Some(loaded.dir.as_path()),
        "the folder of the file"
    );
    assert_eq!(loaded.servers[0].spec.timeout, Duration::from_secs(5));

    let search = url(&loaded, 1);
    assert_eq!(search.url, format!("https://example.com/mcp?key={SECRET}"));
    assert_eq!(search.transport, Transport::StreamableHttp);
    assert!(
        search
            .headers
            .contains(&("Authorization".to_owned(), format!("Bearer {SECRET}")))
    );
    assert!(
        search
            .headers
            .contains(&("X-Price".to_owned(), "5$".to_owned()))
    );
    let secrets = &loaded.servers[1].spec.secrets;
    assert_eq!(
        secrets.redact(&search.url),
        "https://example.com/mcp?key=${SECRET_TOKEN}"
    );
    assert_eq!(
        loaded.servers[0].spec.secrets.redact("dry run"),
        "dry run",
        "a default is no secret"
    );
    assert_eq!(
        loaded.servers[1].spec.version,
        VersionChoice::Pinned("2025-06-18".to_owned())
    );

    assert_eq!(url(&loaded, 2).transport, Transport::Sse);
    assert!(loaded.servers[2].spec.secrets.is_empty());
}

#[test]
fn each_server_has_its_own_baseline_completed_by_the_files() {
    let loaded = good("several.yaml");
    let [weather, search, _] = loaded.servers.as_slice() else {
        panic!("three servers")
    };
    let seen = |path: PathBuf| config::shown(&path, &loaded.dir);
    assert_eq!(
        seen(loaded.baseline_to_write(&weather.baseline)),
        ".bellwether/weather-baseline.json"
    );
    assert_eq!(
        seen(loaded.baseline_to_write(&search.baseline)),
        "baselines/search.json"
    );
    let fail_on = |level, source: &str| {
        Some(Threshold {
            level,
            source: source.to_owned(),
        })
    };
    assert_eq!(
        loaded.policy_for(&weather.baseline).fail_on,
        fail_on(Some(Severity::Breaking), "failOnSeverity: breaking")
    );
    let own = loaded.policy_for(&search.baseline);
    assert_eq!(own.fail_on, fail_on(None, "failOnSeverity: none"));
    assert!(own.fail_on_drift && search.baseline.is_required() && !weather.baseline.is_required());
    assert_eq!(
        own.minimum,
        fail_on(Some(Severity::Info), "minimumSeverity: info")
    );
}

#[test]
fn only_the_servers_that_are_asked_need_their_variables() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bellwether.yaml");
    fs::write(
        &path,
        "servers:\n  a: { command: 'a ${UNSET}' }\n  b: { command: b }\n",
    )
    .unwrap();
    let names = |name: &str| [name.to_owned()];
    assert_eq!(
        load_servers(&path, &names("b"))
            .unwrap_or_else(|f| panic!("{f}"))
            .servers
            .len(),
        1
    );
    let Err(failure) = load_servers(&path, &names("a")) else {
        panic!("UNSET is unset")
    };
    assert!(
        failure
            .body
            .unwrap()
            .contains("environment variable `UNSET` is not set")
    );
    let Err(failure) = load_servers(&path, &names("bb")) else {
        panic!("no such server")
    };
    assert_eq!(failure.message, "there is no server `bb`");
    let unused = Request {
        explicit: None,
        cwd: dir.path(),
        known_rules: &RULES,
        servers: Servers::Unused,
    };
    assert!(
        config::load(&unused).is_ok(),
        "a command that asks no server needs no variable"
    );
}

#[test]
fn a_file_of_the_typescript_tool_loads_and_every_old_key_is_named() {
    let loaded = good("typescript.yaml");
    let notes = loaded.notes.join("\n");
    for key in [
        "llm",
        "explore",
        "workflows",
        "server.sessionId",
        "check.metrics",
        "baseline.savePath",
    ] {
        assert!(notes.contains(&format!("`{key}`")), "{key}: {notes}");
    }
    let policy = loaded.policy();
    assert_eq!(policy.minimum, None, "minimumSeverity: none hides nothing");
    assert_eq!(policy.fail_on.unwrap().level, Some(Severity::Warning));
    assert!(policy.suppress_warnings && policy.fail_on_drift);
    assert_eq!(policy.aspects["documentation"], None);
    assert_eq!(policy.aspects["response"], Some(Severity::Warning));
    assert_eq!(policy.rules["prompt-removed"], Some(Severity::Info));
    assert!(!policy.rules.contains_key("tool-removed"));
    assert_eq!(loaded.servers[0].spec.timeout, Duration::from_secs(60));
}

#[test]
fn a_mock_is_this_program_serving_the_file() {
    let loaded = good("mock.yaml");
    let spec = command(&loaded, 0);
    assert_eq!(spec.program, "/usr/bin/bellwether");
    assert_eq!(
        spec.args,
        [
            "mock".to_owned(),
            loaded.dir.join("minimal.yaml").to_str().unwrap().to_owned()
        ]
    );
}

#[test]
fn empty_keys_count_as_missing_and_anchors_are_resolved() {
    assert_eq!(
        url(&good("empty-keys.yaml"), 0).url,
        "https://example.com/mcp"
    );
    let loaded = good("anchors.yaml");
    assert_eq!(command(&loaded, 1).args, ["--two"]);
    assert_eq!(command(&loaded, 1).env, command(&loaded, 0).env);
}

#[test]
fn the_baseline_is_looked_up_in_the_output_folder_first() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    let loaded = |text: &str| {
        fs::write(root.join("bellwether.yaml"), text).unwrap();
        load(&root.join("bellwether.yaml")).unwrap_or_else(|failure| panic!("{}", told(&failure)))
    };
    let read =
        |loaded: &Loaded| config::shown(&loaded.baseline_to_read(&loaded.config.baseline), root);
    let write =
        |loaded: &Loaded| config::shown(&loaded.baseline_to_write(&loaded.config.baseline), root);

    let plain = loaded("server: { command: s }\n");
    assert_eq!(
        (read(&plain), write(&plain)),
        (
            ".bellwether/bellwether-baseline.json".into(),
            ".bellwether/bellwether-baseline.json".into()
        )
    );
    let moved =
        loaded("server: { command: s }\nbaseline: { path: a/b.json }\noutput: { dir: out }\n");
    assert_eq!(
        write(&moved),
        "a/b.json",
        "neither is there: a path with a folder stands where it stands"
    );
    let compared = loaded("server: { command: s }\nbaseline: { comparePath: ./c.json }\n");
    assert_eq!(
        (read(&compared), write(&compared)),
        (
            "c.json".into(),
            ".bellwether/bellwether-baseline.json".into()
        )
    );
    assert!(compared.config.baseline.is_required());

    fs::write(root.join("bellwether-baseline.json"), "").unwrap();
    assert_eq!(read(&plain), "bellwether-baseline.json", "it is there");
    fs::create_dir_all(root.join(".bellwether")).unwrap();
    fs::write(root.join(".bellwether/bellwether-baseline.json"), "").unwrap();
    assert_eq!(
        read(&plain),
        ".bellwether/bellwether-baseline.json",
        "both are there: the output folder first"
    );
}

#[test]
fn the_file_is_found_upwards_to_the_root_of_the_repository() {
    let outer = tempfile::tempdir().unwrap();
    let repository = outer.path().join("repository");
    let deep = repository.join("a/b");
    fs::create_dir_all(&deep).unwrap();
    fs::create_dir(repository.join(".git")).unwrap();
    fs::write(outer.path().join("bellwether.yaml"), "").unwrap();
    let found = |cwd: &Path| config::find(None, cwd).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(found(&deep), None, "not above the repository");
    fs::write(repository.join(".bellwether.yml"), "").unwrap();
    assert_eq!(found(&deep), Some(repository.join(".bellwether.yml")));
    fs::write(repository.join("a/bellwether.yaml"), "").unwrap();
    assert_eq!(
        found(&deep),
        Some(repository.join("a/bellwether.yaml")),
        "the nearest"
    );
    assert_eq!(found(&repository), Some(repository.join(".bellwether.yml")));

    fs::write(repository.join("bellwether.yaml"), "").unwrap();
    let failure = config::find(None, &repository).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "could not choose a configuration: there are both `bellwether.yaml` and `.bellwether.yml`"
    );
    let failure = config::find(Some(Path::new("nowhere.yaml")), &deep).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "could not read the configuration: there is no file `nowhere.yaml`"
    );
}

#[test]
fn a_folder_is_no_configuration_and_is_not_passed_over() {
    let repository = tempfile::tempdir().unwrap();
    let deep = repository.path().join("a");
    fs::create_dir_all(deep.join("bellwether.yaml")).unwrap();
    fs::create_dir(repository.path().join(".git")).unwrap();
    fs::write(repository.path().join("bellwether.yaml"), "").unwrap();
    for explicit in [None, Some(Path::new("bellwether.yaml"))] {
        let failure = config::find(explicit, &deep).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "could not use `bellwether.yaml`: it is a folder"
        );
    }
}

#[test]
fn outside_a_repository_the_owners_own_file_above_is_found() {
    let outer = tempfile::tempdir().unwrap();
    let deep = outer.path().join("a/b");
    fs::create_dir_all(&deep).unwrap();
    fs::write(outer.path().join("bellwether.yaml"), "").unwrap();
    let found = config::find(None, &deep).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(found.is_some(), cfg!(unix));
}

#[test]
fn without_a_file_the_defaults_stand() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".git")).unwrap();
    let loaded = config::load(&Request {
        explicit: None,
        cwd: dir.path(),
        known_rules: &RULES,
        servers: Servers::Unused,
    })
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(loaded.path.is_none() && loaded.servers.is_empty() && loaded.notes.is_empty());
    assert_eq!(loaded.policy(), bellwether::policy::Policy::default());
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_do_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bellwether.yaml");
    fs::write(
        &path,
        "\u{feff}server:\r\n  command: serve\r\n  # é\r\n  cmd: \"ü\"\r\n",
    )
    .unwrap();
    let Err(failure) = load(&path) else {
        panic!("cmd is unknown")
    };
    let body = failure.body.unwrap();
    assert!(
        body.contains("--> bellwether.yaml:4:3") && body.contains("^^^"),
        "{body}"
    );
    fs::write(&path, b"server: \xff\xfe").unwrap();
    let Err(failure) = load(&path) else {
        panic!("not UTF-8")
    };
    assert_eq!(
        failure.cause.as_deref(),
        Some("it is not UTF-8 text (byte 9)")
    );
}

/// Every key of the schema, written as a path.
fn keys() -> BTreeSet<String> {
    fn collect(
        schema: &serde_json::Value,
        root: &serde_json::Value,
        at: &str,
        keys: &mut BTreeSet<String>,
    ) {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.trim_start_matches("#/definitions/");
            if !matches!(name, "Aspects" | "Rules") {
                collect(&root["definitions"][name], root, at, keys);
            }
            return;
        }
        for member in schema["anyOf"].as_array().into_iter().flatten() {
            collect(member, root, at, keys);
        }
        if schema["items"].is_object() {
            collect(&schema["items"], root, at, keys);
        }
        if schema["additionalProperties"].is_object() && at == "servers" {
            keys.insert("servers.NAME.baseline".to_owned());
        }
        for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
            let inside = if at.is_empty() {
                key.clone()
            } else {
                format!("{at}.{key}")
            };
            if inside == "server.baseline" {
                continue;
            }
            collect(inner, root, &inside, keys);
            keys.insert(inside);
        }
    }
    let schema = config::schema::schema(&RULES);
    let mut keys = BTreeSet::new();
    collect(&schema, &schema, "", &mut keys);
    assert!(keys.len() > 40, "{keys:?}");
    keys
}

#[test]
fn the_manual_has_every_key() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manual = fs::read_to_string(root.join("docs/config.md")).unwrap();
    let missing: Vec<String> = keys()
        .into_iter()
        .filter(|key| !manual.contains(&format!("`{key}`")))
        .collect();
    assert!(missing.is_empty(), "docs/config.md lacks {missing:?}");
}

#[test]
fn the_example_loads_and_has_every_key() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("bellwether.example.yaml");
    let text = fs::read_to_string(&path).unwrap();
    config::understand_text(&text, "bellwether.example.yaml", root, &RULES)
        .unwrap_or_else(|failure| panic!("{}", told(&failure)));
    for key in keys() {
        let last = key.rsplit('.').next().unwrap();
        assert!(
            text.contains(&format!("{last}:")),
            "bellwether.example.yaml lacks {key}"
        );
    }
}

#[test]
fn the_reader_knows_every_keyword_of_the_schema() {
    const KNOWN: [&str; 19] = [
        "$ref",
        "$schema",
        "additionalProperties",
        "anyOf",
        "const",
        "definitions",
        "description",
        "enum",
        "format",
        "items",
        "maximum",
        "minimum",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "title",
        "type",
        "default",
    ];
    fn keywords(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            found.insert(keyword.clone());
            match keyword.as_str() {
                "properties" | "definitions" => value
                    .as_object()
                    .unwrap()
                    .values()
                    .for_each(|inner| keywords(inner, found)),
                "anyOf" | "oneOf" => value
                    .as_array()
                    .unwrap()
                    .iter()
                    .for_each(|inner| keywords(inner, found)),
                "items" | "additionalProperties" => keywords(value, found),
                _ => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    keywords(&config::schema::schema(&RULES), &mut found);
    keywords(&config::schema::scenarios(), &mut found);
    let unknown: Vec<&String> = found
        .iter()
        .filter(|keyword| !KNOWN.contains(&keyword.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "src/config/walk.rs does not know {unknown:?}"
    );
}

mod commands {
    use super::*;
    use bellwether::cli::{Cli, Command};
    use bellwether::commands::{init, schema, validate_config};
    use bellwether::exit::Exit;
    use clap::Parser;

    fn init_in(dir: &Path, args: &[&str]) -> Result<String, Failure> {
        let all = ["bellwether", "init"].iter().chain(args);
        let Command::Init(args) = Cli::try_parse_from(all).unwrap().command else {
            panic!("init")
        };
        let mut out = Vec::new();
        let exit = init::run(&args, dir, &RULES, &mut out)?;
        assert_eq!(exit, Exit::Clean);
        Ok(String::from_utf8(out).unwrap())
    }

    fn validate_in(dir: &Path) -> Result<String, Failure> {
        let Command::ValidateConfig(args) = Cli::try_parse_from(["bellwether", "validate-config"])
            .unwrap()
            .command
        else {
            panic!("validate-config")
        };
        let mut out = Vec::new();
        validate_config::run(&args, dir, &env, Path::new("/bellwether"), &RULES, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(".git")).unwrap();
        dir
    }

    #[test]
    fn what_init_writes_is_valid_for_every_preset_and_kind_of_server() {
        for preset in ["local", "ci", "security"] {
            for server in [
                &["npx", "-y", "@scope/server", "--flag", "a \"b\" c"][..],
                &["/a path/with blanks", "x"],
                &["python3 server.py --port 1"],
                &["https://example.com/mcp"],
                &["--url", "https://example.com/mcp"],
                &[],
            ] {
                let dir = folder();
                let mut args = vec!["--preset", preset];
                args.extend(server);
                let said = init_in(dir.path(), &args)
                    .unwrap_or_else(|failure| panic!("{server:?}: {}", told(&failure)));
                assert!(
                    said.starts_with("wrote bellwether.yaml\nwrote bellwether-tests.yaml")
                        && said.contains("bellwether check"),
                    "{said}"
                );
                let valid = validate_in(dir.path())
                    .unwrap_or_else(|failure| panic!("{server:?}: {}", told(&failure)));
                assert!(valid.starts_with("bellwether.yaml: ok\n"), "{valid}");
                let text = fs::read_to_string(dir.path().join("bellwether.yaml")).unwrap();
                assert!(text.starts_with("# yaml-language-server: $schema="));
                let loaded = load(&dir.path().join("bellwether.yaml"))
                    .unwrap_or_else(|failure| panic!("{failure}"));
                assert_eq!(
                    loaded.policy().fail_on,
                    None,
                    "no threshold unless the user sets one"
                );
            }
        }
    }

    #[test]
    fn init_keeps_words_as_they_were_typed() {
        let dir = folder();
        init_in(dir.path(), &["/a path/b", "two words", "${TOKEN}"])
            .unwrap_or_else(|failure| panic!("{}", told(&failure)));
        let loaded =
            load(&dir.path().join("bellwether.yaml")).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(command(&loaded, 0).program, "/a path/b");
        assert_eq!(command(&loaded, 0).args, ["two words", SECRET]);
    }

    #[test]
    fn init_refers_to_the_variables_that_the_project_names() {
        let dir = folder();
        fs::write(
            dir.path().join(".env.example"),
            "# keys\nAPI_KEY=your-key\nexport TOKEN=\nbad name=1\nAPI_KEY=again\n",
        )
        .unwrap();
        let said =
            init_in(dir.path(), &["serve"]).unwrap_or_else(|failure| panic!("{}", told(&failure)));
        assert!(said.contains("2 variables"), "{said}");
        let text = fs::read_to_string(dir.path().join("bellwether.yaml")).unwrap();
        assert!(
            text.contains("    API_KEY: \"${API_KEY}\"")
                && text.contains("    TOKEN: \"${TOKEN}\""),
            "{text}"
        );
        assert!(!text.contains("your-key"));
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("init-env", text); });
    }

    #[test]
    fn init_never_overwrites_by_accident_and_leaves_nothing_behind() {
        let dir = folder();
        fs::write(dir.path().join("bellwether.yaml"), "mine").unwrap();
        let failure = init_in(dir.path(), &["serve"]).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "could not write `bellwether.yaml`: `bellwether.yaml` is there already"
        );
        assert_eq!(
            fs::read_to_string(dir.path().join("bellwether.yaml")).unwrap(),
            "mine"
        );
        init_in(dir.path(), &["--force", "serve"])
            .unwrap_or_else(|failure| panic!("{}", told(&failure)));
        assert!(
            fs::read_to_string(dir.path().join("bellwether.yaml"))
                .unwrap()
                .contains("serve")
        );

        let dir = folder();
        fs::write(dir.path().join(".bellwether.yml"), "mine").unwrap();
        for args in [&["serve"][..], &["--force", "serve"]] {
            init_in(dir.path(), args).unwrap_err();
        }
        init_in(dir.path(), &["--force", "--url", "ftp://example.com"]).unwrap_err();
        let names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names.len(), 2, "{names:?}");

        let dir = folder();
        init_in(dir.path(), &["serve", "${"]).unwrap_err();
        assert!(
            !dir.path().join("bellwether.yaml").exists(),
            "nothing that validate-config refuses"
        );
    }

    #[test]
    fn validate_config_says_what_is_in_the_file() {
        let dir = folder();
        let failure = validate_in(dir.path()).unwrap_err();
        assert_eq!(failure.message, "there is no configuration to validate");
        let several =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/configs/good/several.yaml");
        fs::write(
            dir.path().join("bellwether.yaml"),
            format!("{}\nllm: {{}}\n", fs::read_to_string(several).unwrap()),
        )
        .unwrap();
        let said = validate_in(dir.path()).unwrap_or_else(|failure| panic!("{}", told(&failure)));
        assert_eq!(
            said,
            "bellwether.yaml: ok\n  servers: weather (stdio), search (streamable-http), archive (sse)\n\
             note: ignored, as it has no meaning here: `llm`\n"
        );
    }

    #[test]
    fn the_schema_is_draft_7_and_names_every_rule() {
        let Command::Schema(args) = Cli::try_parse_from(["bellwether", "schema", "config"])
            .unwrap()
            .command
        else {
            panic!("schema")
        };
        let mut out = Vec::new();
        schema::run(&args, &RULES, &mut out).unwrap_or_else(|failure| panic!("{failure}"));
        let schema: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        assert!(jsonschema::meta::is_valid(&schema));
        let rules = schema["definitions"]["Rules"]["properties"]
            .as_object()
            .unwrap();
        assert_eq!(rules.keys().map(String::as_str).collect::<Vec<_>>(), RULES);
        assert!(out.ends_with(b"}\n"));
    }
}

mod damaged {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a slip of the hand leaves of a file, the answer is a configuration or a message with a place.
        #[test]
        fn no_file_makes_the_reader_panic(
            cut in 0_usize..4000, length in 0_usize..60,
            slip in "[-:{}\\[\\]#&*!|>'\"%@`,? \\t\\n\\r\u{85}\u{2028}é\u{1F600}\\x00a0$]{0,6}",
        ) {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let text: Vec<char> = fs::read_to_string(root.join("bellwether.example.yaml")).unwrap().chars().collect();
            let start = cut.min(text.len());
            let end = (start + length).min(text.len());
            let damaged: String = text[..start].iter().copied().chain(slip.chars()).chain(text[end..].iter().copied()).collect();
            if let Err(failure) = config::understand_text(&damaged, "x.yaml", root, &RULES) {
                let body = failure.body.unwrap_or_default();
                prop_assert!(body.is_empty() || body.contains("--> x.yaml:"), "{body}");
            }
        }
    }
}
