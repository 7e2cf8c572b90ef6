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

/// What one of the files is to git.
#[derive(Clone, Copy)]
struct Role {
    name: &'static str,
    /// The number under which git holds it while a merge is not finished.
    stage: u8,
}

const BASE: Role = Role {
    name: "BASE",
    stage: 1,
};
const OURS: Role = Role {
    name: "OURS",
    stage: 2,
};
const THEIRS: Role = Role {
    name: "THEIRS",
    stage: 3,
};

/// One of the files.
struct Side {
    role: Role,
    /// What a message calls it.
    shown: String,
    text: String,
    baseline: Baseline,
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
    let base = subject.text(&args.base)?;
    // Where each branch made the file by itself, git hands over an empty one.
    let base = match base.trim() {
        "" => None,
        _ => Some(subject.side(BASE, &args.base, base)?),
    };
    let ours = subject.side(OURS, &args.ours, subject.text(&args.ours)?)?;
    let theirs = subject.side(THEIRS, &args.theirs, subject.text(&args.theirs)?)?;
    let sides: Vec<&Baseline> = (base.iter().chain([&ours, &theirs]))
        .map(|side| &side.baseline)
        .collect();
    subject.refuse_overwriting(&sides)?;
    let text = subject.joined(base.as_ref(), &ours, &theirs)?;
    let written = lock.write(&output, text.as_bytes())?;
    let place = subject.place();
    context.terminal.say(&match written {
        Written::Changed => format!("joined both baselines in {place}"),
        Written::Unchanged => {
            format!("nothing to join: {place} held what both sides come to, and was left as it is")
        }
    })?;
    Ok(Exit::Clean)
}

impl Subject<'_> {
    fn joined(&self, base: Option<&Side>, ours: &Side, theirs: &Side) -> Result<String, Failure> {
        let sides = Sides {
            base: base.map(|base| &base.baseline),
            ours: &ours.baseline,
            theirs: &theirs.baseline,
            prefer: self.prefer(),
        };
        let refused = |obstacle| self.refused(obstacle);
        self.converted(ours)?;
        self.converted(theirs)?;
        sides.keep_decisions().map_err(refused)?;
        let is_base = |side: &Side| base.is_some_and(|base| base.text == side.text);
        if is_base(theirs) || ours.text == theirs.text {
            return Ok(ours.text.clone());
        }
        if is_base(ours) {
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
        for side in [ours, theirs] {
            if joined.is(&side.baseline) {
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

    fn text(&self, path: &Path) -> Result<String, Failure> {
        files::read_text(&self.context.cwd.join(path))
    }

    /// Understands one of the files, which must be what this program wrote: joined, it would look as if it were.
    fn side(&self, role: Role, path: &Path, text: String) -> Result<Side, Failure> {
        let path = self.context.cwd.join(path);
        // Git hands over temporary files, whose names say nothing.
        let shown = match &self.args.path {
            Some(_) => role.name.to_owned(),
            None => shown(&path, &self.context.cwd),
        };
        let baseline = Baseline::parse(&text).map_err(|error| {
            let failure = self.failure().cause(format!("`{shown}`: {error}"));
            match &self.args.path {
                Some(path) => failure.next(role.look(path)),
                None => failure.next(error.next_of_source(&shown)),
            }
        })?;
        trails::refuse_damaged(&baseline, &text, &self.doing(), &shown).map_err(
            |failure| {
                let look = match &self.args.path {
                    Some(path) => role.look(path),
                    None => format!("bellwether baseline verify {shown}"),
                };
                let then = match role.stage {
                    1 => "merge with an empty file as BASE, where all that the sides hold in different ways is a conflict",
                    _ => "take it from the history of the repository",
                };
                failure
                    .next(format!("see where: {look}; then {then}"))
                    .note(self.untouched())
            },
        )?;
        Ok(Side {
            role,
            shown,
            text,
            baseline,
        })
    }

    /// Refuses a file that has neither digests of ours nor a trail.
    fn converted(&self, side: &Side) -> Result<(), Failure> {
        if side.baseline.format == Format::Bellwether {
            return Ok(());
        }
        let (role, shown) = (side.role.name, &side.shown);
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

    /// The side that is to hold where both changed the same thing.
    fn prefer(&self) -> Option<Prefer> {
        self.args.prefer.map(|side| match side {
            cli::Side::Ours => Prefer::Ours,
            cli::Side::Theirs => Prefer::Theirs,
        })
    }

    /// What the reader should know of what was joined.
    fn tell(&self, joined: &Joined) {
        let terminal = &self.context.terminal;
        if let Some(side) = self.prefer()
            && !joined.preferred.is_empty()
        {
            terminal.note(&format!(
                "both sides had changed {}, taken from {}",
                quoted(&joined.preferred),
                side.name()
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
    fn refuse_overwriting(&self, sides: &[&Baseline]) -> Result<(), Failure> {
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

impl Role {
    /// How to look at it while git has not finished the merge.
    fn look(&self, path: &str) -> String {
        let name = self.name.to_lowercase();
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
