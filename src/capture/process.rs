//! Starts a server as a child process and sees to it that nothing of it outlives us.
//!
//! A child gets a process group of its own; the whole group is killed in every case: at the end, on an error, on a
//! panic (`kill_all`), on Ctrl-C. Grandchildren that leave the group are beyond reach.

use std::collections::BTreeSet;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::spec::CommandSpec;

/// How long a child may take to end after its input was closed, and again after it was asked to terminate.
const GRACE: Duration = Duration::from_secs(1);

/// How much of the end of a child's standard error is kept, in bytes.
const STDERR_KEPT: usize = 64 << 10;

/// The process groups that are alive, for those who must end them without a handle.
static GROUPS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A running server and its process group.
pub(super) struct ServerProcess {
    group: Group,
    /// Waits for the child. When it ends, so does its group: what it left behind would hold its output open.
    exit: JoinHandle<io::Result<ExitStatus>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    stderr_reader: JoinHandle<()>,
}

impl ServerProcess {
    /// Starts the program, with its pipes.
    ///
    /// # Errors
    /// What the system says when it cannot.
    pub(super) fn start(spec: &CommandSpec) -> io::Result<(Self, ChildStdout, ChildStdin)> {
        let mut command = Command::new(&spec.program);
        command
            .args(&spec.args)
            .envs(spec.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(folder) = &spec.cwd {
            command.current_dir(folder);
        }
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let group = Group::of(child.id());
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = child.stdout.take().expect("stdout is piped");
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let tail = keep_tail(
            child.stderr.take().expect("stderr is piped"),
            Arc::clone(&stderr),
        );
        let stderr_reader = tokio::spawn(tail);
        let leader = group.0;
        let exit = tokio::spawn(async move {
            let status = child.wait().await;
            kill(leader);
            status
        });
        Ok((
            Self {
                group,
                exit,
                stderr,
                stderr_reader,
            },
            stdout,
            stdin,
        ))
    }

    /// How the child ended, if it has within the time a dying child needs.
    pub(super) async fn ended(&mut self) -> Option<ExitStatus> {
        timeout(GRACE, &mut self.exit).await.ok()?.ok()?.ok()
    }

    /// Ends the child, whose input must be closed already: waits, asks it to terminate, kills its group.
    pub(super) async fn end(mut self) {
        if self.exit.is_finished() || self.ended().await.is_some() {
            return;
        }
        self.group.terminate();
        let _ = timeout(GRACE, &mut self.exit).await;
    }

    /// Kills the group at once and gives what the child last wrote to its standard error.
    pub(super) async fn last_words(mut self) -> String {
        kill(self.group.0);
        // The pipe ends with the group; one that left the group may hold it open.
        let _ = timeout(GRACE, &mut self.stderr_reader).await;
        String::from_utf8_lossy(&lock(&self.stderr)).into_owned()
    }
}

/// Kills every server that still runs. For the panic hook: it neither waits nor allocates much.
pub fn kill_all() {
    for group in std::mem::take(&mut *lock(&GROUPS)) {
        signal(group, Signal::Kill);
    }
}

/// The process group of one child. Dropping it kills what is left of the group.
struct Group(Option<u32>);

impl Group {
    fn of(leader: Option<u32>) -> Self {
        if let Some(leader) = leader {
            lock(&GROUPS).insert(leader);
        }
        Self(leader)
    }

    fn terminate(&self) {
        if let Some(group) = self.0 {
            signal(group, Signal::Terminate);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        kill(self.0);
    }
}

/// Kills a group that is still known to be ours. A number is forgotten with its first kill: it may be given anew.
fn kill(group: Option<u32>) {
    if let Some(group) = group
        && lock(&GROUPS).remove(&group)
    {
        signal(group, Signal::Kill);
    }
}

enum Signal {
    Terminate,
    Kill,
}

#[cfg(unix)]
fn signal(group: u32, signal: Signal) {
    use rustix::process::{Pid, Signal as Number, kill_process_group};
    if let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        let number = match signal {
            Signal::Terminate => Number::TERM,
            Signal::Kill => Number::KILL,
        };
        // A group that is gone already is what we want.
        let _ = kill_process_group(group, number);
    }
}

/// Elsewhere the child alone is ended, by `kill_on_drop`.
#[cfg(not(unix))]
fn signal(_group: u32, _signal: Signal) {}

async fn keep_tail(mut pipe: impl AsyncRead + Unpin, tail: Arc<Mutex<Vec<u8>>>) {
    let mut chunk = [0; 4096];
    while let Ok(read @ 1..) = pipe.read(&mut chunk).await {
        let mut tail = lock(&tail);
        tail.extend_from_slice(&chunk[..read]);
        let surplus = tail.len().saturating_sub(STDERR_KEPT);
        tail.drain(..surplus);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sleeper() -> CommandSpec {
        CommandSpec {
            program: "sleep".to_owned(),
            args: vec!["600".to_owned()],
            env: Vec::new(),
            cwd: None,
        }
    }

    #[tokio::test]
    async fn the_panic_hook_can_end_every_server() {
        let (mut process, _stdout, _stdin) = ServerProcess::start(&sleeper()).expect("starts");
        kill_all();
        let status = process.ended().await.expect("it was killed");
        assert!(!status.success());
    }

    #[tokio::test]
    async fn dropping_a_server_ends_it() {
        let (process, _stdout, _stdin) = ServerProcess::start(&sleeper()).expect("starts");
        let ServerProcess { group, exit, .. } = process;
        drop(group);
        assert!(
            !exit
                .await
                .expect("not cancelled")
                .expect("it is waited for")
                .success()
        );
    }
}
