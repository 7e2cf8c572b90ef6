//! `bellwether compat`: two bare schemas, offline.

use std::path::Path;

use super::Context;
use crate::baseline::{Lines, document_of};
use crate::canon;
use crate::cli::{CompatArgs, Direction, Format};
use crate::config::{self, shown};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inclusion::{Answer, Dialect, Judge, Work};
use crate::json::{self, Json, Pointer};
use crate::policy::{self, Question};
use crate::report::{self, Compat, Target};
use crate::{cli, diff, files};

/// One of the two files.
struct File {
    path: String,
    text: String,
    schema: Json,
}

/// Compares the schemas and prints the verdict.
///
/// # Errors
/// A file that cannot be read or holds no schema; an output that cannot be written.
pub(super) fn run(args: &CompatArgs, context: &Context) -> Result<Exit, Failure> {
    let old = read(&args.old, context)?;
    let new = read(&args.new, context)?;
    let mut compat = judged(args, &old, &new);
    let findings = &mut compat.report.findings;
    if let (false, Some(lines)) = (findings.is_empty(), Lines::new(&old.text)) {
        for finding in findings {
            finding.line = Some(lines.line_at(&finding.place.pointer));
        }
    }
    let text = match args.format {
        Format::Json => report::json::render_compat(&compat),
        Format::Human => report::human::render_compat(&compat, &context.terminal.style()),
    };
    context.terminal.print(&text)?;
    Ok(compat.verdict.exit())
}

fn judged(args: &CompatArgs, old: &File, new: &File) -> Compat {
    let dialect = dialect(args.dialect);
    let (side, inner, outer) = match args.direction {
        Direction::Input => (diff::Side::Input, &old.schema, &new.schema),
        Direction::Output => (diff::Side::Output, &new.schema, &old.schema),
    };
    let mut judge = Judge::new(inner, outer, dialect);
    let work = Work::of_one_pair();
    let kept = judge.included(&work);
    let gained = (kept == Answer::Proven).then(|| judge.includes(&work));
    policy::compat(Question {
        side,
        old: &old.schema,
        new: &new.schema,
        comparison: diff::schemas(side, &old.schema, &new.schema, Some((&mut judge, &work))),
        kept,
        gained,
        target: Target {
            name: config::server::DEFAULT_NAME.to_owned(),
            baseline: Some(side_of(old)),
            current: Some(side_of(new)),
            ..Target::default()
        },
    })
}

fn side_of(file: &File) -> report::Side {
    report::Side {
        path: Some(file.path.clone()),
        digest: canon::digest(&file.schema),
    }
}

fn dialect(named: cli::Dialect) -> Dialect {
    match named {
        cli::Dialect::Draft4 => Dialect::Draft4,
        cli::Dialect::Draft6 => Dialect::Draft6,
        cli::Dialect::Draft7 => Dialect::Draft7,
        cli::Dialect::Draft201909 => Dialect::Draft201909,
        cli::Dialect::Draft202012 => Dialect::Draft202012,
    }
}

fn read(path: &Path, context: &Context) -> Result<File, Failure> {
    let path = context.cwd.join(path);
    let shown = shown(&path, &context.cwd);
    let mut text = files::read_text(&path)?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    let refused = |cause: String| {
        Failure::new("schema", format!("could not compare `{shown}`"))
            .cause(cause)
            .next("name a file with one JSON Schema: an object, `true` or `false`")
    };
    let schema = document_of(&text).map_err(|error| refused(error.to_string()))?;
    match schema {
        Json::Object(_) | Json::Bool(_) => Ok(File {
            path: shown,
            text,
            schema,
        }),
        other => {
            let found = other.type_name();
            let position = json::locate(&text, &Pointer::root());
            let place = position.map_or_else(String::new, |place| format!("{place}: "));
            Err(refused(format!(
                "{place}expected a JSON Schema, found {found}"
            )))
        }
    }
}
