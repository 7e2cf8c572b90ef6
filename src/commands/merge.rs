//! `bellwether baseline merge`: what two branches made of one baseline, and git's merge driver for it.

use std::path::Path;

use super::who::who;
use super::{Context, output};
use crate::baseline::merge::{Obstacle, Sides};
use crate::baseline::{Baseline, Format};
use crate::cli::MergeArgs;
use crate::config::shown;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// What a failure says was not done.
const DOING: &str = "could not merge the baselines";

/// One of the files.
struct Side {
    shown: String,
    text: String,
    /// Nothing where the file is empty.
    baseline: Option<Baseline>,
}

/// Joins the files and writes the result.
///
/// # Errors
/// A conflict; a file that is no whole baseline of this program, or was edited by hand. Nothing is written then.
pub(super) fn run(args: &MergeArgs, context: &Context) -> Result<Exit, Failure> {
    let output = context.cwd.join(args.output.as_ref().unwrap_or(&args.ours));
    let lock = files::lock([output.as_path()])?;
    let base = read(&args.base, true, context)?;
    let ours = read(&args.ours, false, context)?;
    let theirs = read(&args.theirs, false, context)?;
    let text = joined(&base, &ours, &theirs, args, context)?;
    lock.write(&output, text.as_bytes())?;
    let output = shown(&output, &context.cwd);
    context
        .terminal
        .print(&format!("joined both baselines in {output}\n"))?;
    Ok(Exit::Clean)
}

fn joined(
    base: &Side,
    ours: &Side,
    theirs: &Side,
    args: &MergeArgs,
    context: &Context,
) -> Result<String, Failure> {
    let (Some(our), Some(their)) = (&ours.baseline, &theirs.baseline) else {
        unreachable!("only BASE may be empty");
    };
    if base.text == theirs.text || ours.text == theirs.text {
        return Ok(ours.text.clone());
    }
    if base.text == ours.text {
        return Ok(theirs.text.clone());
    }
    for (side, baseline) in [(ours, our), (theirs, their)] {
        whole(side, baseline)?;
    }
    let sides = Sides {
        base: base.baseline.as_ref(),
        ours: our,
        theirs: their,
    };
    let by = sides
        .has_two_trails()
        .then(|| who(args.accepted_by.as_deref(), DOING, context))
        .transpose()?;
    let joined = sides.join(&output::now(), by).map_err(obstacle)?;
    for note in [our, their].into_iter().flat_map(|side| &side.notes) {
        context.terminal.note(note);
    }
    joined
        .text()
        .map_err(|error| error.failure(DOING, &ours.shown))
}

fn read(path: &Path, may_be_empty: bool, context: &Context) -> Result<Side, Failure> {
    let path = context.cwd.join(path);
    let shown = shown(&path, &context.cwd);
    let text = files::read_text(&path)?;
    let baseline = if may_be_empty && text.trim().is_empty() {
        None
    } else {
        let read = Baseline::parse(&text);
        Some(read.map_err(|error| {
            Failure::new("baseline", DOING)
                .cause(format!("`{shown}`: {error}"))
                .next(error.next(&shown))
        })?)
    };
    Ok(Side {
        shown,
        text,
        baseline,
    })
}

/// Refuses what a merge would make look like something that this program wrote.
fn whole(side: &Side, baseline: &Baseline) -> Result<(), Failure> {
    let shown = &side.shown;
    if baseline.format != Format::Bellwether {
        return Err(Failure::new("baseline", DOING)
            .cause(format!("the TypeScript bellwether wrote `{shown}`"))
            .next(format!(
                "convert it first: bellwether baseline save --from {shown}"
            )));
    }
    if !baseline.digest_matches {
        return Err(Failure::new("baseline", DOING)
            .cause(format!(
                "`{shown}` was edited by hand: its digests do not match"
            ))
            .next(format!(
                "look at it with bellwether baseline verify {shown}"
            )));
    }
    Ok(())
}

fn obstacle(obstacle: Obstacle) -> Failure {
    let failure = Failure::new("baseline", DOING).note("nothing was written: OURS is as it was");
    match obstacle {
        Obstacle::Conflicts(places) => {
            let places: Vec<_> = places.iter().map(|at| format!("`{at}`")).collect();
            failure
                .cause(format!(
                    "both sides changed {}, each in another way",
                    places.join(", ")
                ))
                .next(
                    "take one side whole (git checkout --ours or --theirs, then git add), then run bellwether check to \
                     see what the other side changed",
                )
        }
        Obstacle::Trail(why) => failure
            .cause(why)
            .next("find out which side is whole: bellwether baseline verify"),
    }
}
