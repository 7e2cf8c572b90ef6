//! What a server is compared with: its baseline, or what `--against` names: a file, or another server.

use std::io::Read as _;
use std::path::Path;

use super::target::{self, Target};
use super::{Context, probing};
use crate::baseline::{Baseline, Source};
use crate::capture::spec::{Endpoint, ServerSpec};
use crate::config::shown;
use crate::failure::Failure;
use crate::files;
use crate::last_check;
use crate::observed::Observed;
use crate::probe::Watched;

/// What a server is compared with.
pub(super) struct Approved {
    /// What it is called in reports.
    pub(super) path: String,
    /// The text of the file; nothing where it is another server.
    pub(super) text: Option<String>,
    /// What it says, and what it was seen doing.
    pub(super) source: Source,
    /// The digest of its surface, which both the report and the kept capture name.
    pub(super) digest: String,
}

/// What `--against` names.
pub(super) enum Against {
    /// A file with a surface.
    File(Box<Approved>),
    /// Another server.
    Server(Box<ServerSpec>),
}

impl Approved {
    fn new(path: String, text: Option<String>, source: Source) -> Self {
        Self {
            path,
            digest: source.surface.digest(),
            text,
            source,
        }
    }

    /// Reads the baseline of a server, where there is one.
    ///
    /// # Errors
    /// A file that cannot be read, or is no baseline.
    pub(super) fn baseline(
        path: &Path,
        target: &Target,
        context: &Context,
    ) -> Result<Option<Self>, Failure> {
        let name = &target.spec.name;
        let doing = || format!("could not compare `{name}` with its baseline");
        let shown = shown(path, &context.cwd);
        let text = files::read_text_if_present(path).map_err(|unreadable| {
            let failure = Failure::new("baseline", doing()).cause(&unreadable);
            match unreadable.next {
                Some(next) => failure.next(next),
                None => failure,
            }
        })?;
        let Some(text) = text else {
            return Ok(None);
        };
        let baseline = Baseline::parse(&text).map_err(|error| error.failure(doing(), &shown))?;
        Ok(Some(Self::new(shown, Some(text), baseline.into())))
    }

    /// What another server says, and what it was just seen doing.
    pub(super) fn server(name: &str, watched: &Watched) -> Self {
        let mut source = Source::live(watched.capture.surface.clone());
        source.observed = probing::observed(watched);
        let said = watched.capture.notes.iter();
        source.notes = said.map(|note| format!("{name}: {note}")).collect();
        Self::new(name.to_owned(), None, source)
    }

    /// In which state it is, for who accepts a difference from it.
    pub(super) fn state(&self) -> String {
        last_check::state(&self.digest, self.observed())
    }

    /// What it was seen doing when it was approved.
    pub(super) fn observed(&self) -> Option<&Observed> {
        self.source.observed.as_ref()
    }
}

/// Reads what `--against` names: a file that holds a JSON object, else a URL or a command. A command gets what the
/// configuration gives the server itself: variables, folder, time. A URL gets its headers where it is of the same
/// origin, and no others: they may be secret.
///
/// # Errors
/// A file that holds no surface; a URL or command that cannot be one.
pub(super) fn against(words: &str, target: &Target, context: &Context) -> Result<Against, Failure> {
    let path = context.cwd.join(words);
    if path.is_file() && (holds_object(&path) || words.ends_with(".json")) {
        let text = files::read_text(&path)?;
        let shown = shown(&path, &context.cwd);
        let source = Source::parse(&text)
            .map_err(|error| error.failure(format!("could not compare with `{shown}`"), &shown))?;
        return Ok(Against::File(Box::new(Approved::new(
            shown,
            Some(text),
            source,
        ))));
    }
    let mut spec = target::on_the_line(&[words.to_owned()])?;
    let own = &target.spec;
    spec.name = own.secrets.redact(words).into_owned();
    spec.timeout = own.timeout;
    spec.version = own.version.clone();
    spec.secrets = own.secrets.clone();
    match (&mut spec.endpoint, &own.endpoint) {
        (Endpoint::Command(command), Endpoint::Command(own)) => {
            command.env = own.env.clone();
            command.cwd = own.cwd.clone();
        }
        (Endpoint::Url(url), Endpoint::Url(own)) if same_origin(&url.url, &own.url) => {
            url.headers = own.headers.clone();
            url.transport = own.transport;
        }
        _ => {}
    }
    Ok(Against::Server(Box::new(spec)))
}

/// Whether a file begins as a JSON object does: a program that lies in this folder does not.
fn holds_object(path: &Path) -> bool {
    let mut start = Vec::new();
    let file = std::fs::File::open(path);
    let read = file.and_then(|file| file.take(64).read_to_end(&mut start));
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    read.is_ok() && start.trim_ascii_start().starts_with(b"{")
}

fn same_origin(a: &str, b: &str) -> bool {
    let origin = |text: &str| url::Url::parse(text).ok().map(|url| url.origin());
    origin(a).is_some() && origin(a) == origin(b)
}
