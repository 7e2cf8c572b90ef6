//! `bellwether mock`: serves a file as an MCP server.

use std::io::{self, Write};
use std::path::Path;

use crate::baseline::{Baseline, BaselineError};
use crate::cli::MockArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::json;
use crate::mock::{Script, http, stdio};

/// Serves until the client closes the input or the process is asked to end. The address of an HTTP server goes to
/// `notices` in a line `listening on URL`.
///
/// # Errors
/// A file that is missing or holds no surface, an address that cannot be listened on, standard input that
/// cannot be read.
pub fn run(args: &MockArgs, notices: &mut dyn Write) -> Result<Exit, Failure> {
    let script = read(&args.file)?;
    let Some(address) = args.http else {
        stdio::serve(&script, io::stdin().lock(), io::stdout().lock())
            .map_err(|error| failure("could not go on serving", &args.file).cause(error))?;
        return Ok(Exit::Clean);
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failure("could not serve", &args.file).cause(error))?;
    let ready = |address| {
        writeln!(notices, "listening on http://{address}/mcp")?;
        notices.flush()
    };
    runtime
        .block_on(http::serve(script, address, ready))
        .map_err(|error| {
            failure("could not serve", &args.file)
                .cause(format!("could not listen on {address}: {error}"))
                .next("name another address; port 0 picks a free one: --http 127.0.0.1:0")
        })?;
    Ok(Exit::Clean)
}

fn read(path: &Path) -> Result<Script, Failure> {
    let text = files::read_text(path).map_err(|unreadable| {
        failure("could not serve", path)
            .cause(unreadable.cause.unwrap_or(unreadable.message))
            .next("name a baseline, a snapshot or a raw capture")
    })?;
    let refuse = |cause: String| {
        failure("could not serve", path)
            .cause(cause)
            .next("make one with `bellwether snapshot COMMAND > FILE`")
    };
    let document = json::parse(&text).map_err(|error| {
        // A baseline that a merge left with conflict markers is not to be made anew.
        match Baseline::parse(&text) {
            Err(conflict @ BaselineError::Conflict { .. }) => {
                let path = path.display().to_string();
                refuse(conflict.to_string()).next(conflict.next(&path))
            }
            _ => refuse(format!("not JSON: {error}")),
        }
    })?;
    Script::from_document(&document).map_err(|error| refuse(error.to_string()))
}

fn failure(what: &str, path: &Path) -> Failure {
    Failure::new("mock", format!("{what} `{}`", path.display()))
}
