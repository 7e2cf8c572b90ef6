//! Which server to ask, and how: what configuration and command line come down to.

use std::path::PathBuf;
use std::time::Duration;

use crate::secrets::Secrets;
use crate::surface::Transport;

/// One server to capture.
#[derive(Clone)]
pub struct ServerSpec {
    /// The name in the configuration, `default` where there is only one.
    pub name: String,
    /// Where it is.
    pub endpoint: Endpoint,
    /// How long one request may take. Start-up may take twice that, a whole capture three times.
    pub timeout: Duration,
    /// Which revision of the protocol to ask for.
    pub version: VersionChoice,
    /// The values that must not leave.
    pub secrets: Secrets,
}

/// Where a server is.
#[derive(Clone)]
pub enum Endpoint {
    /// A program to start, which speaks on its standard input and output.
    Command(CommandSpec),
    /// A server that runs already.
    Url(UrlSpec),
}

/// A program to start. No shell is involved.
#[derive(Clone)]
pub struct CommandSpec {
    /// The program, looked up in `PATH` where it has no slash.
    pub program: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// Environment variables on top of those of this process.
    pub env: Vec<(String, String)>,
    /// The folder to start it in; by default the present one.
    pub cwd: Option<PathBuf>,
}

/// A server that runs already.
#[derive(Clone)]
pub struct UrlSpec {
    /// An `http` or `https` URL.
    pub url: String,
    /// Headers to send with every request.
    pub headers: Vec<(String, String)>,
    /// [`Transport::StreamableHttp`] or [`Transport::Sse`].
    pub transport: Transport,
}

/// Which revision of the protocol to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum VersionChoice {
    /// As the baseline was captured, else the newest that the server takes.
    #[default]
    Auto,
    /// This one and no other.
    Pinned(String),
}
