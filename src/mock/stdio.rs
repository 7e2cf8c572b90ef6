//! The recording on standard input and output: one message a line, until the input ends.

use std::io::{self, BufRead, ErrorKind, Write};

use super::Script;
use super::message::Incoming;

/// Answers every line of `input` on `output`. The end of the input and a client that stopped reading are the
/// ordinary ends.
///
/// # Errors
/// Input that cannot be read, output that cannot be written.
pub fn serve(script: &Script, input: impl BufRead, output: impl Write) -> io::Result<()> {
    match answer_lines(script, input, output) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

fn answer_lines(
    script: &Script,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty()
            && let Some(answer) = script.answer(Incoming::read(&line))
        {
            let mut text = serde_json::to_vec(&answer).map_err(io::Error::other)?;
            text.push(b'\n');
            output.write_all(&text)?;
            output.flush()?;
        }
        line.clear();
    }
    Ok(())
}
