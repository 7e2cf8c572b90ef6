//! Stands between a client and a server that somebody else wrote, and makes the server slower or leaves something out.
//!
//! ```text
//! meddler [--delay MILLISECONDS] [--drop POINTER]... COMMAND [ARGS]...
//! ```
//!
//! It waits before it hands on a result of a request, and takes the member at each JSON Pointer out of it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use serde_json::Value;

struct Meddling {
    delay: Duration,
    drop: Vec<String>,
    server: Vec<String>,
}

fn main() -> ExitCode {
    let meddling = meddling(std::env::args().skip(1));
    let Some((program, arguments)) = meddling.server.split_first() else {
        return ExitCode::from(2);
    };
    let server = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    match server.map(|server| run(server, &meddling)) {
        Ok(Some(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn meddling(mut arguments: impl Iterator<Item = String>) -> Meddling {
    let mut meddling = Meddling {
        delay: Duration::ZERO,
        drop: Vec::new(),
        server: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--delay" => {
                let milliseconds = arguments.next().and_then(|number| number.parse().ok());
                meddling.delay = Duration::from_millis(milliseconds.expect("a number"));
            }
            "--drop" => meddling.drop.extend(arguments.next()),
            _ => {
                meddling.server.push(argument);
                meddling.server.extend(arguments.by_ref());
            }
        }
    }
    meddling
}

/// Hands everything on until the server has said all it had to say.
fn run(mut server: Child, meddling: &Meddling) -> Option<()> {
    let mut input = server.stdin.take()?;
    let output = BufReader::new(server.stdout.take()?);
    // The end of what the client says closes the server's input, and that ends the server.
    std::thread::spawn(move || std::io::copy(&mut std::io::stdin(), &mut input));
    for line in output.lines() {
        let line = meddled(line.ok()?, meddling);
        let mut out = std::io::stdout();
        writeln!(out, "{line}").and_then(|()| out.flush()).ok()?;
    }
    server.wait().ok().map(drop)
}

fn meddled(line: String, meddling: &Meddling) -> String {
    let Ok(mut message) = serde_json::from_str::<Value>(&line) else {
        return line;
    };
    let Some(result) = message.get_mut("result") else {
        return line;
    };
    std::thread::sleep(meddling.delay);
    for pointer in &meddling.drop {
        let Some((parent, member)) = pointer.rsplit_once('/') else {
            continue;
        };
        if let Some(parent) = result.pointer_mut(parent).and_then(Value::as_object_mut) {
            parent.remove(member);
        }
    }
    message.to_string()
}
