//! `bellwether baseline merge`: what two branches made of one baseline, and git's merge driver for it.

use std::path::Path;

use super::who::who;
use super::{Context, output, trails};
use crate::baseline::merge::{Joined, Obstacle, Prefer, Sides};
use crate::baseline::trail::Action;
use crate::baseline::{Baseline, BaselineError, Format, verify};
use crate::cli::{self, MergeArgs};
use crate::config::shown;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{self, Written};

/// One of the files.
struct Side {
    /// Which git calls it: `BASE`, `OURS`, `THEIRS`.
    role: &'static str,
    /// The number under which git holds it while a merge is not finished.
    stage: u8,
    /// What a message calls it.
    shown: String,
    text: String,
    /// Nothing where the file is empty.
    baseline: Option<Baseline>,
}

/// What is merged, for messages.
struct Subject<'a> {
    args: &'a MergeArgs,
    context: &'a Context,
    /// The file that gets the result.
    output: &'a Path,
}

/// Joins the files and writes the result.
///
/// # Errors
/// A conflict; a file that is no whole baseline of this program; another file in the place of the result. Nothing is
/// written then.
pub(super) fn run(args: &MergeArgs, context: &Context) -> Result<Exit, Failure> {
    let output = context.cwd.join(args.output.as_ref().unwrap_or(&args.ours));
    let subject = Subject {
        args,
        context,
        output: &output,
    };
    let lock = files::lock([output.as_path()])?;
    let base = subject.read("BASE", 1, &args.base)?;
    let ours = subject.read("OURS", 2, &args.ours)?;
    let theirs = subject.read("THEIRS", 3, &args.theirs)?;
    subject.refuse_overwriting([&base, &ours, &theirs])?;
    let text = subject.joined(&base, &ours, &theirs)?;
    let written = lock.write(&output, text.as_bytes())?;
    // A path is what somebody else may have named: git's, a branch's.
    let charset = context.terminal.style().charset();
    let place = charset.visible(&subject.place());
    context.terminal.print(&match written {
        Written::Changed => format!("joined both baselines in {place}\n"),
        Written::Unchanged => {
            format!(
                "nothing to join: {place} held what both sides come to, and was left as it is\n"
            )
        }
    })?;
    Ok(Exit::Clean)
}

impl Subject<'_> {
    fn joined(&self, base: &Side, ours: &Side, theirs: &Side) -> Result<String, Failure> {
        let (Some(our), Some(their)) = (&ours.baseline, &theirs.baseline) else {
            unreachable!("only BASE may be empty");
        };
        let sides = Sides {
            base: base.baseline.as_ref(),
            ours: our,
            theirs: their,
            prefer: self.args.prefer.map(|side| match side {
                cli::Side::Ours => Prefer::Ours,
                cli::Side::Theirs => Prefer::Theirs,
            }),
        };
        let refused = |obstacle| self.refused(obstacle);
        self.converted(ours, our)?;
        self.converted(theirs, their)?;
        sides.keep_decisions().map_err(refused)?;
        if base.text == theirs.text || ours.text == theirs.text {
            return Ok(ours.text.clone());
        }
        if base.text == ours.text {
            return Ok(theirs.text.clone());
        }
        let by = sides
            .has_two_trails()
            .then(|| {
                let given = self.args.accepted_by.as_deref();
                who(given, &self.doing(), self.context)
            })
            .transpose()?;
        let joined = sides.join(&output::now(), by).map_err(refused)?;
        self.tell(&joined);
        // Bytes that say the same stay as they are.
        for (side, baseline) in [(ours, our), (theirs, their)] {
            if joined.is(baseline) {
                return Ok(side.text.clone());
            }
        }
        let text = joined.text();
        match verify(&text).damage.first() {
            None => Ok(text),
            Some(damage) => Err(self.failure().cause(format!(
                "what both sides come to is no whole baseline: {}",
                damage.what
            ))),
        }
    }

    /// Reads one of the files, which must be what this program wrote: joined, it would look as if it were.
    fn read(&self, role: &'static str, stage: u8, path: &Path) -> Result<Side, Failure> {
        let path = self.context.cwd.join(path);
        // Git hands over temporary files, whose names say nothing.
        let shown = match &self.args.path {
            Some(_) => role.to_owned(),
            None => shown(&path, &self.context.cwd),
        };
        let mut side = Side {
            role,
            stage,
            shown,
            text: files::read_text(&path)?,
            baseline: None,
        };
        if stage == 1 && side.text.trim().is_empty() {
            return Ok(side);
        }
        let read = Baseline::parse(&side.text).map_err(|error| {
            let cause = format!("`{}`: {error}", side.shown);
            let failure = self.failure().cause(cause);
            match &self.args.path {
                Some(path) => failure.next(side.look(path)),
                None => failure.next(error.next_of_source(&side.shown)),
            }
        })?;
        trails::refuse_damaged(&read, &side.text, &self.doing(), &side.shown).map_err(
            |failure| {
                let look = match &self.args.path {
                    Some(path) => side.look(path),
                    None => format!("bellwether baseline verify {}", side.shown),
                };
                let then = match stage {
                    1 => "merge with an empty file as BASE, where all that the sides hold in different ways is a conflict",
                    _ => "take it from the history of the repository",
                };
                failure
                    .next(format!("see where: {look}; then {then}"))
                    .note(self.untouched())
            },
        )?;
        side.baseline = Some(read);
        Ok(side)
    }

    /// Refuses a file that has neither digests of ours nor a trail.
    fn converted(&self, side: &Side, baseline: &Baseline) -> Result<(), Failure> {
        if baseline.format == Format::Bellwether {
            return Ok(());
        }
        let (role, shown) = (side.role, &side.shown);
        Err(self
            .failure()
            .cause(format!("the TypeScript bellwether wrote `{shown}`"))
            .next(match &self.args.path {
                None => format!(
                    "convert it first: bellwether baseline save --from {shown} --baseline NEW.json, then merge NEW.json"
                ),
                Some(_) => format!(
                    "convert it on the branch of {role} first: bellwether baseline save --from FILE"
                ),
            }))
    }

    /// What the reader should know of what was joined.
    fn tell(&self, joined: &Joined) {
        let terminal = &self.context.terminal;
        if let Some(side) = self.args.prefer
            && !joined.preferred.is_empty()
        {
            let side = match side {
                cli::Side::Ours => "OURS",
                cli::Side::Theirs => "THEIRS",
            };
            terminal.note(&format!(
                "both sides had changed {}, taken from {side}",
                quoted(&joined.preferred)
            ));
        }
        if let Some(note) = joined.volatile.note() {
            terminal.note(&note);
        }
    }

    fn refused(&self, obstacle: Obstacle) -> Failure {
        let path = self.args.path.as_deref().unwrap_or("PATH");
        match obstacle {
            Obstacle::Conflicts(places) => self
                .failure()
                .cause(format!(
                    "both sides changed {}, each in another way",
                    quoted(&places)
                ))
                .next(format!(
                    "say which side holds there; the decisions of both stay: {} --prefer ours (or theirs). Then \
                     bellwether check tells what the other side had changed",
                    self.by_hand(path)
                )),
            Obstacle::Lacks { side, entry } => self
                .failure()
                .cause(format!(
                    "{side} lacks entry {entry} of the trail of BASE, and a decision never leaves a trail"
                ))
                .next(
                    "to undo a decision: bellwether baseline restore; to have that of another branch: merge the branch, \
                     or run bellwether check and accept here",
                ),
            Obstacle::Trail(why) => self.failure().cause(why).next(
                "accept what that side holds on its own branch, or take the file from before it was edited by hand",
            ),
        }
    }

    /// Refuses to write over a file whose decisions would be gone with it.
    fn refuse_overwriting(&self, sides: [&Side; 3]) -> Result<(), Failure> {
        let MergeArgs {
            base, ours, theirs, ..
        } = self.args;
        let real = |path: &Path| self.context.cwd.join(path).canonicalize().ok();
        let place = real(self.output);
        let is_side = [base, ours, theirs].iter().any(|side| real(side) == place);
        // A device or a pipe holds nothing.
        if is_side || !self.output.is_file() {
            return Ok(());
        }
        let refuse = |why: &str| {
            let shown = self.place();
            Err(self
                .failure()
                .cause(format!("`{shown}` is there already, and {why}"))
                .next(format!(
                    "name another file with --output; or, if {shown} is to go, move it away first"
                )))
        };
        let text = files::read_text(self.output)?;
        let held = match Baseline::parse(&text) {
            Ok(held) => held,
            // Git left its markers there, or nothing was written yet.
            Err(BaselineError::Conflict { .. } | BaselineError::Empty) => return Ok(()),
            Err(_) => return refuse("is no baseline"),
        };
        let sides: Vec<&Baseline> = sides
            .iter()
            .filter_map(|side| side.baseline.as_ref())
            .collect();
        // A merge is no decision: to merge once more makes another entry.
        let decisions = held.trail.entries.iter();
        let mut decisions = decisions
            .filter(|entry| entry.action != Action::Merged)
            .peekable();
        if decisions.peek().is_none() {
            let is_of_side = sides.iter().any(|side| side.digest() == held.digest());
            return match is_of_side {
                true => Ok(()),
                false => refuse("holds another surface than BASE, OURS and THEIRS"),
            };
        }
        let is_known = |hash: &str| {
            let mut known = sides.iter().flat_map(|side| &side.trail.entries);
            known.any(|entry| entry.hash == hash)
        };
        match decisions.find(|entry| !is_known(&entry.hash)) {
            None => Ok(()),
            Some(lost) => refuse(&format!(
                "its decision {} is in none of the files that are merged",
                lost.short_hash()
            )),
        }
    }

    /// How the three files are joined without git's help.
    fn by_hand(&self, path: &str) -> String {
        let MergeArgs {
            base,
            ours,
            theirs,
            output,
            ..
        } = self.args;
        let command = "bellwether baseline merge";
        if self.args.path.is_none() {
            let cwd = &self.context.cwd;
            let [base, ours, theirs] = [base, ours, theirs].map(|file| shown(&cwd.join(file), cwd));
            let output = match output {
                Some(_) => format!(" --output {}", self.place()),
                None => String::new(),
            };
            return format!("{command} {base} {ours} {theirs}{output}");
        }
        format!(
            "git show :1:{path} >base.json; git show :2:{path} >ours.json; git show :3:{path} >theirs.json; \
             {command} base.json ours.json theirs.json --output {path}"
        )
    }

    /// The file that gets the result, as a message names it.
    fn place(&self) -> String {
        match &self.args.path {
            Some(path) if self.args.output.is_none() => path.clone(),
            _ => shown(self.output, &self.context.cwd),
        }
    }

    /// What is said last of a merge that failed.
    fn untouched(&self) -> String {
        // Git's own temporary file is no name that says anything.
        let place = match &self.args.path {
            Some(_) if self.args.output.is_none() => "OURS".to_owned(),
            _ => format!("`{}`", self.place()),
        };
        match self.output.exists() {
            true => format!("nothing was written: {place} is as it was"),
            false => format!("nothing was written: there is no {place}"),
        }
    }

    /// What was not done.
    fn doing(&self) -> String {
        match &self.args.path {
            Some(path) => format!("could not merge `{path}`"),
            None => "could not merge the baselines".to_owned(),
        }
    }

    fn failure(&self) -> Failure {
        Failure::new("baseline", self.doing()).note(self.untouched())
    }
}

impl Side {
    /// How to look at it while git has not finished the merge.
    fn look(&self, path: &str) -> String {
        let name = self.role.to_lowercase();
        format!(
            "git show :{}:{path} >{name}.json; bellwether baseline verify {name}.json",
            self.stage
        )
    }
}

fn quoted(places: &[String]) -> String {
    let places: Vec<_> = places.iter().map(|at| format!("`{at}`")).collect();
    places.join(", ")
}
