//! Pipes and devices: whoever reads or writes one may wait for ever for somebody at its other end, so it is done aside.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::MAX_BYTES;

/// How long nothing may come or be taken.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// Reads to the end.
///
/// # Errors
/// `TimedOut` where nothing comes for a while, `FileTooLarge` past [`MAX_BYTES`], and those of the system.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let (send, received) = channel();
    let path = path.to_owned();
    // It ends with the process where nobody ever comes.
    std::thread::spawn(move || {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return drop(send.send(Err(error))),
        };
        loop {
            let mut chunk = vec![0; CHUNK];
            let read = file.read(&mut chunk).map(|count| {
                chunk.truncate(count);
                chunk
            });
            let is_last = read.as_ref().map_or(true, Vec::is_empty);
            if send.send(read).is_err() || is_last {
                return;
            }
        }
    });
    let mut bytes = Vec::new();
    loop {
        let chunk = received.recv_timeout(PATIENCE).map_err(late)??;
        if chunk.is_empty() {
            return Ok(bytes);
        }
        bytes.extend(chunk);
        if bytes.len() as u64 > MAX_BYTES {
            return Err(ErrorKind::FileTooLarge.into());
        }
    }
}

/// Writes everything.
///
/// # Errors
/// `TimedOut` where nobody takes anything for a while, and those of the system.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (send, received) = channel();
    let (path, bytes) = (path.to_owned(), bytes.to_owned());
    std::thread::spawn(move || {
        let written = OpenOptions::new().write(true).open(path);
        let written = written.and_then(|mut file| {
            for chunk in bytes.chunks(CHUNK) {
                file.write_all(chunk)?;
                let _ = send.send(Ok(false));
            }
            Ok(true)
        });
        let _ = send.send(written);
    });
    loop {
        if received.recv_timeout(PATIENCE).map_err(late)?? {
            return Ok(());
        }
    }
}

fn late(_: RecvTimeoutError) -> io::Error {
    ErrorKind::TimedOut.into()
}
