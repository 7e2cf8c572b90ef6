//! Captures servers, several at a time, until all have answered or the user interrupts.

use std::io;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::runtime::{Builder, Runtime};

use super::Context;
use crate::capture::spec::ServerSpec;
use crate::capture::{self, Capture};
use crate::failure::Failure;
use crate::report::SurfaceCount;
use crate::surface::Surface;

/// How many servers are captured at the same time.
pub(super) const AT_ONCE: usize = 4;

/// A server to capture, and what its baseline holds.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The server.
    pub(super) spec: &'a ServerSpec,
    /// What was approved of it.
    pub(super) approved: Option<&'a Surface>,
}

/// Captures the servers and gives the results in the same order.
///
/// # Errors
/// An interrupt (Ctrl-C, SIGTERM, SIGHUP, SIGQUIT), after which no server runs any more.
pub(super) fn capture_all(
    wanted: &[Wanted<'_>],
    context: &Context,
) -> Result<Vec<Result<Capture, Failure>>, Failure> {
    let captures = stream::iter(wanted)
        .map(|wanted| async move {
            let progress = context.terminal.progress(&wanted.spec.name);
            let result = capture::capture(wanted.spec, wanted.approved).await;
            if let Ok(capture) = &result {
                progress.done(&SurfaceCount::of(&capture.surface).to_string());
            }
            result
        })
        .buffered(AT_ONCE)
        .collect::<Vec<_>>();
    unless_interrupted(captures)
}

/// Waits for something that asks servers.
///
/// # Errors
/// As [`capture_all`].
pub(super) fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    runtime()?.block_on(async {
        // Before the first server starts: a signal that came in between would leave it behind.
        let interrupt = interrupt()
            .map_err(|error| Failure::new("capture", "could not wait for signals").cause(error))?;
        tokio::select! {
            result = work => Ok(result),
            signal = interrupt => Err(interrupted(signal)),
        }
    })
}

fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new("capture", "could not capture anything").cause(error))
}

fn interrupted(signal: &str) -> Failure {
    Failure::new("capture", "interrupted: nothing was judged")
        .cause(format!("{signal} was received"))
}

/// Takes over the signals at once; what it gives waits until the user wants no more.
#[cfg(unix)]
fn interrupt() -> io::Result<impl Future<Output = &'static str>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut int = signal(SignalKind::interrupt())?;
    let mut term = signal(SignalKind::terminate())?;
    let mut hup = signal(SignalKind::hangup())?;
    let mut quit = signal(SignalKind::quit())?;
    Ok(async move {
        tokio::select! {
            _ = int.recv() => "SIGINT",
            _ = term.recv() => "SIGTERM",
            _ = hup.recv() => "SIGHUP",
            _ = quit.recv() => "SIGQUIT",
        }
    })
}

/// Takes over Ctrl-C at once; what it gives waits until the user wants no more.
#[cfg(windows)]
fn interrupt() -> io::Result<impl Future<Output = &'static str>> {
    let mut pressed = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        pressed.recv().await;
        "Ctrl-C"
    })
}
