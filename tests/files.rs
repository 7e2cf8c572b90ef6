//! What is written is whole or not there, and the last check is kept where nobody commits it.

mod support;

use std::fs;
use std::path::Path;
use std::time::Duration;

use bellwether::capture::spec::{CommandSpec, Endpoint, ServerSpec, UrlSpec, VersionChoice};
use bellwether::files::{Written, lock, read_text, read_text_if_present, write_atomically};
use bellwether::json::parse;
use bellwether::last_check::{self, Entry, endpoint_digest, recall, remember};
use bellwether::secrets::Secrets;
use bellwether::surface::{Surface, Transport};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    names
}

#[test]
fn every_unreadable_file_says_why() {
    let folder = folder();
    let path = folder.path().join("x");
    let why = |path: &Path| read_text(path).expect_err("unreadable").to_string();
    assert!(why(&path).ends_with("x`: it does not exist"));
    assert_eq!(read_text_if_present(&path).expect("may be missing"), None);
    assert!(why(folder.path()).ends_with("it is a folder"));
    assert!(read_text_if_present(folder.path()).is_err());
    fs::write(&path, b"ab\xff").expect("a file");
    assert!(
        why(&path).ends_with("it is not UTF-8 text: line 1, column 3: byte 2 begins no character")
    );
    assert!(why(&path.join("y")).ends_with("a part of its path is a file, not a folder"));
    let huge = fs::File::create(&path).expect("a file");
    huge.set_len(129 << 20).expect("a sparse file");
    assert!(why(&path).ends_with("it is larger than 128 MiB, the most that is read"));
}

#[test]
fn a_file_is_replaced_whole_and_only_when_it_changes() {
    let folder = folder();
    let path = folder.path().join("deep/er/file");
    assert_eq!(
        write_atomically(&path, b"one").expect("written"),
        Written::Changed
    );
    let before = fs::metadata(&path)
        .expect("a file")
        .modified()
        .expect("a time");
    assert_eq!(
        write_atomically(&path, b"one").expect("written"),
        Written::Unchanged
    );
    assert_eq!(
        fs::metadata(&path)
            .expect("a file")
            .modified()
            .expect("a time"),
        before
    );
    assert_eq!(
        write_atomically(&path, b"two").expect("written"),
        Written::Changed
    );
    assert_eq!(read_text(&path).expect("a file"), "two");
    assert_eq!(names(path.parent().expect("a folder")), ["file"]);
}

#[test]
fn what_cannot_be_written_changes_nothing() {
    let folder = folder();
    let failure = write_atomically(folder.path(), b"x").expect_err("a folder");
    assert_eq!(failure.cause.as_deref(), Some("it is a folder"));
    let file = folder.path().join("file");
    fs::write(&file, "old").expect("a file");
    let failure = write_atomically(&file.join("below"), b"x").expect_err("below a file");
    assert_eq!(
        failure.cause.as_deref(),
        Some("a part of its path is a file, not a folder")
    );
    assert!(write_atomically(&folder.path().join("n".repeat(300)), b"x").is_err());
    write_atomically(&folder.path().join("n".repeat(255)), b"x")
        .expect("the longest name there is");
    fs::remove_file(folder.path().join("n".repeat(255))).expect("a file");
    assert_eq!(names(folder.path()), ["file"]);
    assert_eq!(read_text(&file).expect("a file"), "old");
}

#[test]
fn what_a_killed_run_left_behind_goes_with_the_next() {
    let folder = folder();
    let ours = folder.path().join(".bellwether-aB3dE6aB3dE6aB3d.tmp");
    let others = [
        ".bellwether-backup.tmp",
        ".bellwether-my-own-long-nam.tmp",
        ".bellwether-notes",
        ".bellwether.tmp",
        "mine.tmp",
    ];
    for name in others {
        fs::write(folder.path().join(name), "somebody else's").expect("a file");
    }
    fs::write(&ours, "half a fi").expect("a file");
    let path = folder.path().join("file");
    write_atomically(&path, b"one").expect("written");
    let mut left: Vec<_> = others.to_vec();
    left.insert(4, "file");
    assert_eq!(names(folder.path()), left);
    // Also where there is nothing to write.
    fs::write(&ours, "half").expect("a file");
    assert_eq!(
        write_atomically(&path, b"one").expect("nothing to do"),
        Written::Unchanged
    );
    assert!(!ours.exists());
    // A folder of that name is nobody's temporary file.
    fs::create_dir(&ours).expect("a folder");
    write_atomically(&path, b"two").expect("written");
    assert!(ours.exists());
}

#[test]
fn checks_that_end_at_the_same_moment_keep_each_other() {
    let root = folder();
    let one = surface("one");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (root, one) = (&root, &one);
            scope.spawn(move || {
                let name = format!("server-{number}");
                remember(root.path(), &[entry(&name, "sha256:1", one, None)]).expect("kept");
            });
        }
    });
    for number in 0..8 {
        let kept = recall(root.path(), &format!("server-{number}"), "sha256:1");
        assert!(kept.expect("readable").is_some(), "{number}");
    }
    assert_eq!(names(root.path()), [".gitignore", "last-check.json"]);
}

#[test]
fn a_second_writer_waits_for_the_first() {
    let folder = folder();
    let path = folder.path().join("file");
    let held = lock([path.as_path()]).expect("nobody else");
    std::thread::scope(|scope| {
        let other = scope.spawn(|| write_atomically(&path, b"other"));
        held.write(&path, b"first").expect("written");
        assert_eq!(read_text(&path).expect("a file"), "first");
        drop(held);
        let written = other.join().expect("no panic").expect("its turn came");
        assert_eq!(written, Written::Changed);
    });
    assert_eq!(read_text(&path).expect("a file"), "other");
    // One lock for all files of a folder, however they are named.
    let again = folder.path().join("./other");
    drop(lock([path.as_path(), again.as_path()]).expect("one folder is locked once"));
    assert_eq!(names(folder.path()), ["file"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("a file").mode() & 0o777
    }

    #[test]
    fn permissions_are_those_of_any_other_file() {
        let folder = folder();
        let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
        fs::write(&other, "").expect("a file");
        write_atomically(&ours, b"one").expect("written");
        assert_eq!(mode(&ours), mode(&other));
        fs::set_permissions(&ours, fs::Permissions::from_mode(0o640)).expect("permissions");
        write_atomically(&ours, b"two").expect("written");
        assert_eq!(mode(&ours), 0o640);
    }

    #[test]
    fn a_folder_that_is_a_link_to_nothing_is_told() {
        let folder = folder();
        let link = folder.path().join("link");
        symlink("nowhere", &link).expect("a link");
        let failure = write_atomically(&link.join("file"), b"x").expect_err("no folder");
        assert_eq!(
            failure.cause.as_deref(),
            Some("a part of its path is no folder, or a symbolic link to a missing one")
        );
        assert_eq!(names(folder.path()), ["link"]);
    }

    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let folder = folder();
        let (target, link, far) = (
            folder.path().join("a/target"),
            folder.path().join("link"),
            folder.path().join("far"),
        );
        fs::create_dir(folder.path().join("a")).expect("a folder");
        symlink("a/target", &link).expect("a link");
        symlink("link", &far).expect("a link");
        write_atomically(&far, b"new").expect("through a link to nothing yet");
        write_atomically(&far, b"newer").expect("through a link");
        assert_eq!(read_text(&target).expect("a file"), "newer");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert!(fs::symlink_metadata(&far).expect("a link").is_symlink());
        assert_eq!(names(&folder.path().join("a")), ["target"]);
        let circle = folder.path().join("circle");
        symlink("circle", &circle).expect("a link");
        assert!(write_atomically(&circle, b"x").is_err());
    }

    #[test]
    fn a_link_to_nothing_is_no_missing_file() {
        let folder = folder();
        let link = folder.path().join("link");
        symlink("nowhere", &link).expect("a link");
        for path in [&link, &link.join("file")] {
            let failure = read_text_if_present(path).expect_err("a link to nothing");
            let cause = failure.cause.expect("a cause");
            assert!(
                cause.ends_with("is a symbolic link to what does not exist"),
                "{cause}"
            );
        }
        let circle = folder.path().join("circle");
        symlink("circle", &circle).expect("a link");
        let failure = read_text_if_present(&circle).expect_err("a circle");
        let cause = failure.cause.expect("a cause");
        assert_eq!(cause, "it is a symbolic link that leads round in a circle");
        assert_eq!(
            read_text_if_present(&folder.path().join("file")).expect("none"),
            None
        );
    }

    #[test]
    fn a_planted_link_does_not_choose_what_a_check_overwrites() {
        let folder = folder();
        let (theirs, ours) = (folder.path().join("profile"), folder.path().join("x"));
        fs::write(&theirs, "precious").expect("a file");
        fs::create_dir(&ours).expect("a folder");
        symlink("../profile", ours.join(last_check::FILE)).expect("a link");
        symlink("../new-profile", ours.join(".gitignore")).expect("a link");
        let one = surface("one");
        remember(&ours, &[entry("a", "sha256:1", &one, None)]).expect("kept");
        assert_eq!(read_text(&theirs).expect("a file"), "precious");
        assert_eq!(names(folder.path()), ["profile", "x"]);
        assert!(
            fs::symlink_metadata(ours.join(last_check::FILE))
                .expect("a file")
                .is_file()
        );
        assert!(recall(&ours, "a", "sha256:1").expect("readable").is_some());
        // Nor does another name of a file of theirs.
        fs::remove_file(ours.join(last_check::FILE)).expect("a file");
        fs::hard_link(&theirs, ours.join(last_check::FILE)).expect("a link");
        remember(&ours, &[entry("a", "sha256:1", &one, None)]).expect("kept");
        assert_eq!(read_text(&theirs).expect("a file"), "precious");
    }

    #[test]
    fn a_pipe_is_read_to_its_end_and_not_waited_for_without_one() {
        let folder = folder();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo").success());
        std::thread::scope(|scope| {
            scope.spawn(|| fs::write(&pipe, "x".repeat(200_000)).expect("written"));
            assert_eq!(read_text(&pipe).expect("a text").len(), 200_000);
        });
        std::thread::scope(|scope| {
            let read = scope.spawn(|| read_text_if_present(&pipe));
            let failure = read.join().expect("no panic").expect_err("nobody writes");
            let cause = "it is a pipe, and nobody is at its other end";
            assert_eq!(failure.cause.as_deref(), Some(cause));
        });
        // The reader that was left behind above takes nothing from one who comes in time.
        let other = folder.path().join("other");
        let made = std::process::Command::new("mkfifo").arg(&other).status();
        assert!(made.expect("mkfifo").success());
        std::thread::scope(|scope| {
            let read = scope.spawn(|| fs::read(&other).expect("a text"));
            write_atomically(&other, b"through").expect("written");
            assert_eq!(read.join().expect("no panic"), b"through");
        });
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        write_atomically(Path::new("/dev/null"), b"x").expect("gone");
        assert!(!fs::metadata("/dev/null").expect("a device").is_file());
        if Path::new("/dev/full").exists() {
            let failure = write_atomically(Path::new("/dev/full"), b"x").expect_err("full");
            assert_eq!(failure.cause.as_deref(), Some("the disk is full"));
        }
    }

    #[test]
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn a_read_only_folder_or_file_is_left_alone() {
        let folder = folder();
        let file = folder.path().join("file");
        fs::write(&file, "old").expect("a file");
        let lock = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions")
        };
        lock(folder.path(), 0o555);
        if fs::File::create(folder.path().join("probe")).is_ok() {
            lock(folder.path(), 0o755);
            eprintln!("skipped: root may write everywhere");
            return;
        }
        let failure = write_atomically(&file, b"new").expect_err("a read-only folder");
        assert_eq!(failure.cause.as_deref(), Some("permission denied"));
        assert_eq!(failure.notes, ["the old file is untouched"]);
        write_atomically(&file, b"old").expect("nothing to write");
        lock(folder.path(), 0o755);
        lock(&file, 0o444);
        assert!(write_atomically(&file, b"new").is_err());
        assert_eq!(read_text(&file).expect("a file"), "old");
        assert_eq!(names(folder.path()), ["file"]);
        lock(&file, 0o000);
        let failure = read_text(&file).expect_err("unreadable");
        assert_eq!(failure.cause.as_deref(), Some("permission denied"));
    }
}

/// Whoever is too late does so without harm: each acceptance is there or was refused, and no saved surface is a mixture.
#[test]
fn acceptances_at_the_same_moment_are_made_or_refused() {
    let sandbox = support::Sandbox::new();
    let capture = |said: &str| {
        let tool = |number: u32| {
            format!(r#"{{"name":"t{number}","description":"{said}","inputSchema":{{}}}}"#)
        };
        format!(
            r#"{{"tools":[{}]}}"#,
            (0..20).map(tool).collect::<Vec<_>>().join(",")
        )
    };
    sandbox.write("one.json", &capture("Reads a thing."));
    sandbox.write("two.json", &capture("Reads another thing."));
    sandbox.write("bellwether.yaml", "server: { mock: two.json }\n");
    let save = ["baseline", "save", "--quiet", "--from", "one.json"];
    sandbox.run(&save).expect(0);
    sandbox.run(&["check", "--quiet"]);
    let accepted: Vec<(String, support::Run)> = std::thread::scope(|scope| {
        let accepts = (0..20).map(|number| {
            let tool = format!("tools/t{number}");
            let sandbox = &sandbox;
            scope.spawn(move || {
                let accept = [
                    "baseline",
                    "accept",
                    "--reason",
                    &tool,
                    "--accepted-by",
                    "Ada",
                ];
                let run = sandbox.run(&[&accept[..], &["--force", &tool]].concat());
                (tool, run)
            })
        });
        let accepts: Vec<_> = accepts.collect();
        accepts
            .into_iter()
            .map(|one| one.join().expect("no panic"))
            .collect()
    });
    let mut made = Vec::new();
    for (tool, run) in accepted {
        if run.code == 0 {
            made.push(tool);
            continue;
        }
        let run = run.expect(4);
        let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_told = said.contains("changed meanwhile") || said.contains("another state");
        assert!(is_told && said.contains("bellwether check"), "{said}");
    }
    assert!(!made.is_empty());
    sandbox.run(&["baseline", "verify", "--strict"]).expect(0);
    let log = sandbox
        .run(&["baseline", "log", "--format", "json"])
        .expect(0)
        .json();
    let decisions = &log["baselines"][0]["decisions"];
    let decisions = decisions.as_array().expect("a list").iter();
    let mut recorded: Vec<_> = decisions
        .map(|one| one["reason"].as_str().expect("a text"))
        .collect();
    recorded.sort_unstable();
    made.sort_unstable();
    assert_eq!(recorded, made);
}

#[cfg(unix)]
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn an_older_capture_is_not_accepted_for_one_that_could_not_be_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = support::Sandbox::new();
    let capture = |said: &str| format!(r#"{{"tools":[{{"name":"t","description":"{said}"}}]}}"#);
    sandbox.write("one.json", &capture("Reads."));
    sandbox.write("now.json", &capture("Writes."));
    sandbox.write("bellwether.yaml", "server: { mock: now.json }\n");
    let save = ["baseline", "save", "--quiet", "--from", "one.json"];
    sandbox.run(&save).expect(0);
    sandbox.run(&["check", "--quiet"]);
    sandbox.write("now.json", &capture("Deletes."));
    let folder = sandbox.path().join(".bellwether");
    let permit = |mode| {
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).expect("permissions");
    };
    permit(0o555);
    if fs::File::create(folder.join("probe")).is_ok() {
        permit(0o755);
        eprintln!("skipped: root may write everywhere");
        return;
    }
    let refused = sandbox.run(&["check"]);
    let judged = sandbox.run(&["check", "--no-write"]);
    fs::rename(folder.join("last-check.json"), sandbox.path().join("x")).expect_err("read-only");
    permit(0o755);
    fs::remove_file(folder.join("last-check.json")).expect("a file");
    permit(0o555);
    let unkept = sandbox.run(&["check"]);
    permit(0o755);
    let refused = refused.expect(4);
    assert!(
        refused.stderr.contains("an earlier check captured"),
        "{}",
        refused.stderr
    );
    assert!(judged.code > 0 && judged.code < 4);
    assert_eq!(unkept.code, judged.code);
    assert_eq!(unkept.stdout, judged.stdout);
    assert!(unkept.stderr.contains("is not kept"), "{}", unkept.stderr);
}

fn surface(tool: &str) -> Surface {
    let text = format!(r#"{{"transport":"stdio","tools":[{{"name":"{tool}","x":1.0}}]}}"#);
    Surface::from_document(&parse(&text).expect("JSON")).expect("a surface")
}

fn entry<'a>(
    name: &'a str,
    endpoint: &'a str,
    surface: &'a Surface,
    baseline: Option<&'a str>,
) -> Entry<'a> {
    Entry {
        name,
        endpoint,
        surface,
        observed: None,
        baseline,
        state: None,
        told: &[],
    }
}

#[test]
fn the_last_check_of_each_target_is_kept() {
    let root = folder();
    let folder = root.path().join(".bellwether");
    assert_eq!(recall(&folder, "a", "sha256:1").expect("nothing yet"), None);
    let (one, two) = (surface("one"), surface("two"));
    remember(
        &folder,
        &[
            entry("a", "sha256:1", &one, Some("sha256:b")),
            entry("b", "sha256:1", &two, None),
        ],
    )
    .expect("kept");
    remember(&folder, &[entry("a", "sha256:2", &two, None)]).expect("kept");
    let recalled = |name, endpoint| recall(&folder, name, endpoint).expect("readable");
    let first = recalled("a", "sha256:1").expect("kept");
    assert_eq!(
        (first.surface, first.baseline.as_deref()),
        (one, Some("sha256:b"))
    );
    assert_eq!(recalled("b", "sha256:1").expect("kept").surface, two);
    assert_eq!(recalled("a", "sha256:2").expect("kept").baseline, None);
    assert_eq!(recalled("a", "sha256:3"), None);
    remember(&folder, &[entry("a", "sha256:1", &two, None)]).expect("kept");
    assert_eq!(recalled("a", "sha256:1").expect("kept").surface, two);
    assert_eq!(
        read_text(&folder.join(".gitignore")).expect("a file"),
        "last-check.json\n.bellwether-*\n"
    );
    assert_eq!(names(&folder), [".gitignore", "last-check.json"]);
}

#[test]
fn the_file_does_not_grow_for_ever() {
    let root = folder();
    let one = surface("one");
    for number in 0..40 {
        remember(
            root.path(),
            &[entry("a", &format!("sha256:{number}"), &one, None)],
        )
        .expect("kept");
    }
    assert_eq!(
        recall(root.path(), "a", "sha256:0").expect("readable"),
        None
    );
    assert!(
        recall(root.path(), "a", "sha256:39")
            .expect("readable")
            .is_some()
    );
    let all: Vec<_> = (0..30).map(|number| format!("target{number}")).collect();
    let entries: Vec<_> = all
        .iter()
        .map(|name| entry(name, "sha256:1", &one, None))
        .collect();
    remember(root.path(), &entries).expect("kept");
    assert!(all.iter().all(|name| {
        recall(root.path(), name, "sha256:1")
            .expect("readable")
            .is_some()
    }));
}

#[test]
fn a_damaged_file_is_told_and_replaced() {
    let root = folder();
    let path = root.path().join(last_check::FILE);
    let one = surface("one");
    remember(root.path(), &[entry("a", "sha256:1", &one, None)]).expect("kept");
    let whole = read_text(&path).expect("a file");
    for damaged in [
        whole[..whole.len() / 2].to_owned(),
        String::new(),
        whole.replace("\"one\"", "\"two\""),
        "[]".to_owned(),
    ] {
        fs::write(&path, damaged).expect("a file");
        let failure = recall(root.path(), "a", "sha256:1").expect_err("damaged");
        assert_eq!(failure.cause.as_deref(), Some("it is damaged"));
        remember(root.path(), &[entry("a", "sha256:1", &one, None)]).expect("kept");
        assert!(
            recall(root.path(), "a", "sha256:1")
                .expect("readable")
                .is_some()
        );
    }
}

#[test]
fn an_existing_gitignore_is_the_users() {
    let root = folder();
    fs::write(root.path().join(".gitignore"), "*\n").expect("a file");
    remember(root.path(), &[]).expect("kept");
    assert_eq!(
        read_text(&root.path().join(".gitignore")).expect("a file"),
        "*\n"
    );
}

#[test]
fn an_endpoint_is_told_by_what_is_not_secret() {
    let spec = |endpoint, token: &str| {
        let mut secrets = Secrets::default();
        secrets.add("TOKEN", token);
        ServerSpec {
            name: "default".to_owned(),
            endpoint,
            timeout: Duration::from_secs(1),
            version: VersionChoice::Auto,
            secrets,
        }
    };
    let command = |args: &[&str], env: &str| {
        Endpoint::Command(CommandSpec {
            program: "npx".to_owned(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: vec![("KEY".to_owned(), env.to_owned())],
            cwd: None,
        })
    };
    let url = |url: &str| {
        Endpoint::Url(UrlSpec {
            url: url.to_owned(),
            headers: Vec::new(),
            transport: Transport::StreamableHttp,
        })
    };
    let one = endpoint_digest(&spec(command(&["-t", "secret-one"], "1"), "secret-one"));
    let two = endpoint_digest(&spec(command(&["-t", "secret-two"], "2"), "secret-two"));
    assert_eq!(one, two);
    assert_ne!(
        one,
        endpoint_digest(&spec(command(&["-t secret-one"], "1"), "secret-one"))
    );
    let one = endpoint_digest(&spec(url("https://x.example/?k=secret-one"), "secret-one"));
    assert_eq!(
        one,
        endpoint_digest(&spec(url("https://x.example/?k=secret-two"), "secret-two"))
    );
    assert_ne!(
        one,
        endpoint_digest(&spec(url("https://y.example/"), "secret-two"))
    );
}
