//! `bellwether baseline verify`: is the file what was written, and its audit trail whole.

use super::{Context, trails};
use crate::baseline::{self, Damage, Verification};
use crate::cli::{Format, VerifyArgs};
use crate::config::shown;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::verification::{self, Examined, Remark, Verified};

/// Verifies the baselines and prints what was found. Of several, one that cannot be read hides nothing of the others.
///
/// # Errors
/// A name that is not in the configuration; a single baseline that is missing or cannot be read at all.
pub(super) fn run(args: &VerifyArgs, context: &Context) -> Result<Exit, Failure> {
    let path = args.path.as_deref();
    let places = trails::places(path, &args.server, &args.file, context)?;
    let is_single = places.len() == 1;
    let mut examined = Vec::new();
    for (name, path) in places {
        let shown = shown(&path, &context.cwd);
        examined.push(match trails::text(&path, &shown, "verify the baseline") {
            Ok(text) => of_text(name, shown, &text),
            Err(failure) if is_single => return Err(failure),
            Err(failure) => unread(name, shown, failure),
        });
    }
    let verified = Verified::of(examined, args.strict);
    context.terminal.print(&match args.format {
        Format::Json => verification::json(&verified),
        Format::Human => verification::render(&verified, &context.terminal.style()),
    })?;
    Ok(verified.exit_code)
}

fn of_text(name: String, path: String, text: &str) -> Examined {
    let Verification {
        damage,
        layout,
        unreviewed,
        way_back,
        mismatch,
        notes,
        decisions,
        digest,
    } = baseline::verify(text);
    Examined {
        name,
        path,
        digest,
        decisions,
        damage: remarks(damage),
        layout: layout.map(remark),
        unreviewed: remarks(unreviewed),
        way_back,
        mismatch: mismatch.map(remark),
        notes: remarks(notes),
    }
}

fn unread(name: String, path: String, failure: Failure) -> Examined {
    let damage = Damage {
        position: None,
        what: failure.cause.unwrap_or(failure.message),
    };
    Examined {
        name,
        path,
        digest: None,
        decisions: 0,
        damage: vec![remark(damage)],
        layout: None,
        unreviewed: Vec::new(),
        way_back: None,
        mismatch: None,
        notes: Vec::new(),
    }
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
