//! The terminal: colour, width, characters, progress, and the two streams.
//!
//! It decides how things look and prints them; what is printed comes from `report`.

use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

use anstream::AutoStream;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::cli::{ColorChoice, TerminalArgs};
use crate::failure::Failure;
use crate::files;
use crate::report::{self, Style};

/// The columns of a line where there is no terminal, and the most where there is one.
const WIDTH: usize = 100;

/// The fewest columns that lines are fitted to.
const NARROWEST: usize = 40;

/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(100);

/// What is around the process, so that tests need not change it.
pub struct Surroundings<'a> {
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Whether standard input is a terminal.
    pub stdin: bool,
    /// Whether standard output is a terminal.
    pub stdout: bool,
    /// Whether standard error is a terminal.
    pub stderr: bool,
    /// The columns of the terminal, where there is one.
    pub columns: Option<usize>,
}

/// Where the program prints.
#[derive(Clone)]
pub struct Terminal {
    stdout: Style,
    stderr: Style,
    /// The spinners, where progress is shown.
    spinners: Option<MultiProgress>,
    /// Whether somebody can be asked.
    interactive: bool,
}

impl Terminal {
    /// The terminal of this process.
    pub fn new(args: &TerminalArgs) -> Self {
        let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self::within(
            args,
            &Surroundings {
                variable: &|name| std::env::var(name).ok(),
                stdin: io::stdin().is_terminal(),
                stdout: io::stdout().is_terminal(),
                stderr: io::stderr().is_terminal(),
                columns,
            },
        )
    }

    /// A terminal as the surroundings have it.
    pub fn within(args: &TerminalArgs, around: &Surroundings<'_>) -> Self {
        let style = |is_terminal| Style {
            color: color(args.color, around, is_terminal),
            unicode: unicode(around, is_terminal),
            width: width(around),
            verbosity: level(args.verbose) - level(args.quiet),
        };
        let spins =
            around.stderr && args.quiet == 0 && !args.no_progress && set(around, "CI").is_none();
        Self {
            stdout: style(around.stdout),
            stderr: style(around.stderr),
            spinners: spins.then(MultiProgress::new),
            interactive: around.stdin && around.stdout,
        }
    }

    /// Whether somebody sits at both ends: a question is seen, and its answer comes from a keyboard.
    pub fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// How standard output looks.
    pub fn style(&self) -> Style {
        self.stdout
    }

    /// Standard output. A reader that went away is no error.
    pub fn stdout(&self) -> impl Write + use<> {
        // Nothing is taken out of the text: without colour there is none in it.
        let choice = if self.stdout.color {
            anstream::ColorChoice::Always
        } else {
            anstream::ColorChoice::AlwaysAnsi
        };
        Patient(AutoStream::new(io::stdout(), choice))
    }

    /// Prints a text on standard output.
    ///
    /// # Errors
    /// A stream that cannot be written to (a full disk), unless its reader went away.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = self.stdout();
        let result = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        result.map_err(|error| unprinted(&error))
    }

    /// Prints a line of our own on standard output: names and paths in it may be anybody's.
    ///
    /// # Errors
    /// As [`print`](Self::print).
    pub fn say(&self, line: &str) -> Result<(), Failure> {
        self.print(&(self.stdout.charset().visible(line) + "\n"))
    }

    /// Prints something else worth knowing on standard error, unless it is to be quiet.
    pub fn note(&self, note: &str) {
        if !self.stderr.is_quiet() {
            self.complain(&format!("note: {}\n", self.stderr.charset().visible(note)));
        }
    }

    /// Prints a failure on standard error, with the exit code as its last line.
    pub fn failure(&self, failure: &Failure) {
        self.complain(&report::failure::render(failure, &self.stderr));
    }

    /// Shows that a server is being asked, until the value is done or dropped.
    pub fn progress(&self, name: &str) -> Progress {
        let name = self.stderr.charset().visible(name);
        let spinner = self.spinners.as_ref().map(|spinners| {
            let frames = if self.stderr.unicode {
                "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "
            } else {
                "-\\|/ "
            };
            let look = ProgressStyle::with_template("    {spinner} asking {msg}")
                .expect("the template is well formed");
            let spinner =
                spinners.add(ProgressBar::new_spinner().with_style(look.tick_chars(frames)));
            spinner.set_message(name.clone());
            spinner.enable_steady_tick(TICK);
            spinner
        });
        Progress {
            terminal: self.clone(),
            name,
            spinner,
            started: Instant::now(),
        }
    }

    /// Writes to standard error, above the spinners. There is nobody to tell when that fails.
    fn complain(&self, text: &str) {
        let write = || {
            let _ = AutoStream::new(io::stderr(), anstream::ColorChoice::Always)
                .write_all(text.as_bytes());
        };
        match &self.spinners {
            Some(spinners) => spinners.suspend(write),
            None => write(),
        }
    }
}

/// One server that is being asked.
pub struct Progress {
    terminal: Terminal,
    name: String,
    spinner: Option<ProgressBar>,
    started: Instant,
}

impl Progress {
    /// Says how far it is: `weather: tools/search, 12 of 25, 3 s left`.
    pub fn at(&self, what: &str, done: u32, of: u32, left: Option<Duration>) {
        if let Some(spinner) = &self.spinner {
            let what = self.terminal.stderr.charset().visible(what);
            let left = left.map(|left| format!(", {} s left", left.as_secs()));
            let left = left.unwrap_or_default();
            spinner.set_message(format!("{}: {what}, {done} of {of}{left}", self.name));
        }
    }

    /// The server has answered: with `-v` a line says what, and how long it took.
    pub fn done(self, summary: &str) {
        let style = self.terminal.stderr;
        if style.is_verbose() {
            let verb = style.paint(report::Role::Strong, &format!("{:>12}", "Checked"));
            let summary = style.charset().visible(summary);
            let seconds = self.started.elapsed().as_secs_f64();
            self.terminal
                .complain(&format!("{verb} {}  {summary}  {seconds:.1}s\n", self.name));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}

/// A stream whose reader may go away.
struct Patient<W>(W);

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }
}

/// Standard output that could not be written to.
pub fn unprinted(error: &io::Error) -> Failure {
    Failure::new("output", "could not print the whole result")
        .cause(files::reason(error))
        .next("send the output to where it can be written")
}

/// The flag, then what the environment asks for, then a terminal that can, then a CI log that shows colour.
fn color(choice: ColorChoice, around: &Surroundings<'_>, is_terminal: bool) -> bool {
    let forced = |name| set(around, name).is_some_and(|value| value != "0" && value != "false");
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set(around, "NO_COLOR").is_some() => false,
        ColorChoice::Auto if forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") => true,
        ColorChoice::Auto if set(around, "CLICOLOR").is_some_and(|value| value == "0") => false,
        ColorChoice::Auto if is_terminal => set(around, "TERM").is_none_or(|term| term != "dumb"),
        ColorChoice::Auto => {
            set(around, "GITHUB_ACTIONS").is_some() || set(around, "GITLAB_CI").is_some()
        }
    }
}

/// Whether the locale has UTF-8. Where none is named, a file or a log does, and so does Windows.
fn unicode(around: &Surroundings<'_>, is_terminal: bool) -> bool {
    match ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| set(around, name))
    {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        None => !is_terminal || cfg!(windows),
    }
}

fn width(around: &Surroundings<'_>) -> usize {
    let asked = set(around, "COLUMNS").and_then(|columns| columns.parse().ok());
    let there = around.columns.filter(|_| around.stdout);
    asked.or(there).unwrap_or(WIDTH).clamp(NARROWEST, WIDTH)
}

/// The value of a variable that is set to something.
fn set(around: &Surroundings<'_>, name: &str) -> Option<String> {
    (around.variable)(name).filter(|value| !value.is_empty())
}

fn level(count: u8) -> i8 {
    i8::try_from(count).unwrap_or(i8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(args: &[&str], variables: &[(&str, &str)], is_terminal: bool) -> Terminal {
        use clap::Parser as _;
        let args = [&["bellwether", "rules"], args].concat();
        let cli = crate::cli::Cli::try_parse_from(args).expect("valid flags");
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let around = Surroundings {
            variable: &variable,
            stdin: is_terminal,
            stdout: is_terminal,
            stderr: is_terminal,
            columns: Some(72),
        };
        Terminal::within(&cli.terminal, &around)
    }

    #[test]
    fn colour_is_decided_in_the_documented_order() {
        type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], bool, bool);
        let cases: [Case<'_>; 14] = [
            (&["--color", "always"], &[("NO_COLOR", "1")], false, true),
            (&["--color", "never"], &[("FORCE_COLOR", "1")], true, false),
            (&[], &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true, false),
            (&[], &[("NO_COLOR", "")], true, true),
            (&[], &[("FORCE_COLOR", "1"), ("CLICOLOR", "0")], false, true),
            (&[], &[("CLICOLOR_FORCE", "1")], false, true),
            (&[], &[("FORCE_COLOR", "0")], false, false),
            (&[], &[("CLICOLOR", "0")], true, false),
            (&[], &[("TERM", "dumb")], true, false),
            (&[], &[("TERM", "xterm")], true, true),
            (&[], &[], true, true),
            (&[], &[], false, false),
            (&[], &[("GITHUB_ACTIONS", "true")], false, true),
            (&[], &[("GITLAB_CI", "true")], false, true),
        ];
        for (args, variables, is_terminal, expected) in cases {
            let style = terminal(args, variables, is_terminal).style();
            assert_eq!(
                style.color, expected,
                "{args:?} {variables:?} {is_terminal}"
            );
        }
    }

    #[test]
    fn characters_follow_the_locale() {
        for (variables, is_terminal, expected) in [
            (&[("LANG", "en_GB.UTF-8")][..], true, true),
            (&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], true, false),
            (&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8")], true, true),
            (&[("LANG", "de_DE.ISO-8859-1")], false, false),
            (&[], false, true),
        ] {
            assert_eq!(
                terminal(&[], variables, is_terminal).style().unicode,
                expected,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn lines_fit_the_terminal() {
        assert_eq!(terminal(&[], &[], true).style().width, 72);
        assert_eq!(terminal(&[], &[], false).style().width, 100);
        assert_eq!(terminal(&[], &[("COLUMNS", "60")], true).style().width, 60);
        assert_eq!(
            terminal(&[], &[("COLUMNS", "500")], true).style().width,
            100
        );
        assert_eq!(
            terminal(&[], &[("COLUMNS", "wide")], true).style().width,
            72
        );
    }

    #[test]
    fn spinners_turn_for_people_only() {
        let spins = |args: &[&str], variables: &[(&str, &str)], is_terminal| {
            terminal(args, variables, is_terminal).spinners.is_some()
        };
        assert!(spins(&[], &[], true));
        assert!(!spins(&[], &[], false));
        assert!(!spins(&["--quiet"], &[], true));
        assert!(!spins(&["--no-progress"], &[], true));
        assert!(!spins(&[], &[("CI", "true")], true));
        assert_eq!(terminal(&["-vv"], &[], true).style().verbosity, 2);
        assert_eq!(terminal(&["-q"], &[], true).style().verbosity, -1);
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let mut out = Patient(Gone);
        out.write_all(b"text").expect("quiet");
        out.flush().expect("quiet");
    }
}
