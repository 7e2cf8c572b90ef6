//! `bellwether baseline review`: a person at a terminal decides about each finding of the last check.

use std::sync::mpsc::{Receiver, Sender, channel};

use super::recorded::By;
use super::reviewed::{self, Reviewed};
use super::{Context, decided, explain, output};
use crate::cli::ReviewArgs;
use crate::config::{leaf, shown};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::review::{End, Step, Subject, Walk};

/// What the reviewer's side of the terminal sends.
enum Heard {
    /// A line.
    Line(String),
    /// There is no more to read.
    End,
    /// Ctrl-C, or a wish to end.
    Interrupt,
}

/// Walks through the findings, then writes everything in one step. Leaving writes nothing and is no error.
///
/// # Errors
/// No terminal; nobody who decides; nothing that was checked against the present baseline; a file that cannot be
/// written.
pub(super) fn run(args: &ReviewArgs, context: &Context) -> Result<Exit, Failure> {
    if !context.terminal.is_interactive() {
        return Err(no_terminal());
    }
    let by = By::of(&args.decision, "could not review the drift", context)?;
    let reviewed = reviewed::load(args, context)?;
    let style = context.terminal.style();
    let policy = reviewed.config.policy();
    let config = reviewed.config.path.as_deref();
    let config = config.map_or_else(
        || decided::CONFIG.to_owned(),
        |path| shown(path, &context.cwd),
    );
    let today = output::today();
    let subject = Subject {
        report: &reviewed.report,
        style: &style,
        config: &config,
        today: &today,
        day: &|text| leaf::date(text),
        explain: &|rule| explain::of(rule, &policy, &style),
    };
    let End::Write(decisions) = converse(subject, context)? else {
        return Ok(Exit::Clean);
    };
    let Reviewed { report, .. } = &reviewed;
    for said in decided::write(&decisions, report, &reviewed, &by, context)? {
        context.terminal.say(&said)?;
    }
    Ok(Exit::Clean)
}

/// The conversation, to its end.
fn converse(subject: Subject<'_>, context: &Context) -> Result<End, Failure> {
    let heard = listen();
    let (mut walk, Step { mut text, mut end }) = Walk::new(subject);
    loop {
        context.terminal.print(&text)?;
        if let Some(end) = end {
            return Ok(end);
        }
        Step { text, end } = match heard.recv() {
            Ok(Heard::Line(line)) => walk.answer(&line),
            Ok(Heard::End | Heard::Interrupt) | Err(_) => {
                // The question stands on a line of its own that nobody ended.
                context.terminal.print("\n")?;
                walk.leave()
            }
        };
    }
}

/// Listens for lines and for an interrupt, which ends the review instead of the process from here on: it can then say that
/// nothing was written, and does not stop half-way where it writes.
fn listen() -> Receiver<Heard> {
    let (say, heard) = channel();
    let interrupted = say.clone();
    let (ready, listening) = channel();
    // Both threads end with the process.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(interrupts(&interrupted, &ready));
        }
    });
    // Where that thread ended, an interrupt ends the process, and nothing is written either.
    let _ = listening.recv();
    std::thread::spawn(move || {
        loop {
            let mut line = String::new();
            let said = match std::io::stdin().read_line(&mut line) {
                Ok(0) | Err(_) => Heard::End,
                Ok(_) => Heard::Line(line),
            };
            let is_end = matches!(said, Heard::End);
            if say.send(said).is_err() || is_end {
                break;
            }
        }
    });
    heard
}

/// Passes interrupts on, and says when the first one would be.
async fn interrupts(say: &Sender<Heard>, ready: &Sender<()>) {
    let mut next = Box::pin(tokio::signal::ctrl_c());
    // The system is asked for interrupts when this is looked at first.
    let mut came = tokio::select! {
        biased;
        came = &mut next => Some(came),
        () = std::future::ready(()) => None,
    };
    let _ = ready.send(());
    loop {
        let came = match came.take() {
            Some(came) => came,
            None => next.as_mut().await,
        };
        if came.is_err() || say.send(Heard::Interrupt).is_err() {
            return;
        }
        next.set(tokio::signal::ctrl_c());
    }
}

fn no_terminal() -> Failure {
    Failure::new("usage", "could not begin the review")
        .cause("it is a conversation, and standard input or standard output is no terminal")
        .next("run it in a terminal, or decide without one:")
        .note("accept all that drifted: bellwether baseline accept --reason 'why'")
        .note("accept one thing: bellwether baseline accept --reason 'why' tools/NAME")
        .note("accept what one rule found: bellwether baseline accept --reason 'why' --rule ID")
        .note("accept what is mild: bellwether baseline accept --reason 'why' --max-severity info")
        .note("ignore a finding: add it to `ignore:` in bellwether.yaml, by rule or fingerprint (check -v shows both)")
}
