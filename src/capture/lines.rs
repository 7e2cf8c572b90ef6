//! The standard output of a server, line by line through the tap, as the byte stream that rmcp reads.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::tap::Tap;

/// Reads lines from a server and gives rmcp what the tap lets through.
pub(super) struct TappedLines<R> {
    server: R,
    tap: Tap,
    /// The beginning of a line whose end has not come yet.
    partial: Vec<u8>,
    /// Whether that line is too large: the rest of it is passed over.
    skipping: bool,
    /// Lines that rmcp has not read yet, and how much of them it has.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R> TappedLines<R> {
    /// Puts a tap on what a server writes.
    pub(super) fn new(server: R, tap: Tap) -> Self {
        Self {
            server,
            tap,
            partial: Vec::new(),
            skipping: false,
            ready: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    fn take_in(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let last = lines.next_back().unwrap_or_default();
        for line in lines {
            self.keep(line);
            if !std::mem::take(&mut self.skipping) {
                self.admit_partial();
            }
        }
        self.keep(last);
        // rmcp only hears that the stream ended; the session asks the tap why.
        if self.tap.failed() {
            Err(io::Error::other("the tap gave up"))
        } else {
            Ok(())
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.skipping {
            return;
        }
        self.partial.extend_from_slice(bytes);
        if self.partial.len() > Tap::MAX_MESSAGE {
            self.tap.fail_too_large();
            self.partial = Vec::new();
            self.skipping = true;
        }
    }

    fn admit_partial(&mut self) {
        for message in self.tap.admit(&self.partial) {
            self.ready.extend_from_slice(&message);
            self.ready.push(b'\n');
        }
        self.partial.clear();
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for TappedLines<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.given == self.ready.len() {
            if self.ended {
                return Poll::Ready(Ok(()));
            }
            self.ready.clear();
            self.given = 0;
            let mut chunk = [0; 16 << 10];
            let mut buffer = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut self.server).poll_read(cx, &mut buffer))?;
            if buffer.filled().is_empty() {
                self.ended = true;
                self.admit_partial();
            } else {
                self.take_in(buffer.filled())?;
            }
        }
        let count = out.remaining().min(self.ready.len() - self.given);
        let start = self.given;
        out.put_slice(&self.ready[start..start + count]);
        self.given += count;
        Poll::Ready(Ok(()))
    }
}
