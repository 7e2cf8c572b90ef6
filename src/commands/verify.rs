//! `bellwether baseline verify`: is the file what was written, and its audit trail whole.

use super::{Context, trails};
use crate::baseline::{self, Damage, Verification};
use crate::cli::{Format, VerifyArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::verification::{self, Examined, Remark, Verified};

/// Verifies the baselines and prints what was found.
///
/// # Errors
/// A baseline that is missing or cannot be read at all.
pub(super) fn run(args: &VerifyArgs, context: &Context) -> Result<Exit, Failure> {
    let path = args.path.as_deref();
    let files = trails::read(
        path,
        &args.server,
        &args.file,
        "verify the baseline",
        context,
    )?;
    let examined = files.into_iter().map(|file| {
        let Verification {
            damage,
            layout,
            unreviewed,
            notes,
            decisions,
            digest,
        } = baseline::verify(&file.text);
        Examined {
            name: file.name,
            path: file.shown,
            digest,
            decisions,
            damage: remarks(damage),
            layout: layout.map(remark),
            unreviewed: remarks(unreviewed),
            notes: remarks(notes),
        }
    });
    let verified = Verified::of(examined.collect(), args.strict);
    context.terminal.print(&match args.format {
        Format::Json => verification::json(&verified),
        Format::Human => verification::render(&verified, &context.terminal.style()),
    })?;
    Ok(verified.exit_code)
}

fn remarks(found: Vec<Damage>) -> Vec<Remark> {
    found.into_iter().map(remark).collect()
}

fn remark(damage: Damage) -> Remark {
    Remark {
        line: damage.position.map(|position| position.line),
        column: damage.position.map(|position| position.column),
        what: damage.what,
    }
}
