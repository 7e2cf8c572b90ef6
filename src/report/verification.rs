//! Whether baselines are as they were written (`baseline verify`), for people and for programs.

use serde::Serialize;

use super::page::Page;
use super::style::{Role, Style};
use crate::exit::Exit;

/// What was found in every baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// The version of this format: 1.
    pub format_version: u32,
    /// What the process exits with: 0 or 4.
    pub exit_code: Exit,
    /// Whether an unreviewed change fails as damage does.
    pub strict: bool,
    /// The baselines, in the order of the configuration.
    pub baselines: Vec<Examined>,
}

/// What was found in one baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Examined {
    /// The name of the server in the configuration, `default` where there is only one.
    pub name: String,
    /// The path as the user would write it.
    pub path: String,
    /// The digest of the surface; null where the file cannot be read.
    pub digest: Option<String>,
    /// How many decisions it holds.
    pub decisions: usize,
    /// What was changed by hand, or broken.
    pub damage: Vec<Remark>,
    /// Where the text is not what bellwether writes, although it says the same; null where it is, and where something
    /// is damaged.
    pub layout: Option<Remark>,
    /// Where a surface came without a decision.
    pub unreviewed: Vec<Remark>,
    /// The number of the entry whose state was there before anything unreviewed, 0 for what was saved first; null where
    /// there is none.
    pub way_back: Option<usize>,
    /// Where a file of the TypeScript bellwether has a hash that is not that of what stands in it; null where not.
    pub mismatch: Option<Remark>,
    /// What the reader should know besides.
    pub notes: Vec<Remark>,
}

/// One thing that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The line, from 1; null where it is the whole file.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// What it is; server text in it is raw.
    pub what: String,
}

/// What to do about a file of the TypeScript bellwether that is not what it wrote.
const MISMATCH: &str = "take it from the history of the repository, or run bellwether check and read what it holds before relying on it";

/// What to do about a baseline that something else has laid out.
const LAYOUT: &str = "keep formatters away from it (.prettierignore, .gitattributes), and take it from the history of the repository; where nothing has drifted, bellwether baseline save --force writes it anew";

impl Verified {
    /// What was found, and what it comes to.
    pub fn of(baselines: Vec<Examined>, strict: bool) -> Self {
        let fails = |one: &Examined| {
            !one.damage.is_empty() || one.layout.is_some() || (strict && one.is_doubtful())
        };
        let exit_code = match baselines.iter().any(fails) {
            true => Exit::Error,
            false => Exit::Clean,
        };
        Self {
            format_version: 1,
            exit_code,
            strict,
            baselines,
        }
    }
}

impl Examined {
    /// Whether it holds what nobody accepted, or may.
    fn is_doubtful(&self) -> bool {
        !self.unreviewed.is_empty() || self.mismatch.is_some()
    }

    /// What became of it, in a clause.
    fn state(&self) -> String {
        match (self.damage.len(), self.unreviewed.len()) {
            (0, _) if self.layout.is_some() => "not damaged, but not as it was written".to_owned(),
            (0, _) if self.mismatch.is_some() => {
                "readable, but its hash does not verify".to_owned()
            }
            (0, 0) => "whole".to_owned(),
            (0, _) => "whole, with changes that nobody accepted".to_owned(),
            (1, _) => "damaged in 1 place".to_owned(),
            (places, _) => format!("damaged in {places} places"),
        }
    }
}

/// The document for programs.
pub fn json(verified: &Verified) -> String {
    crate::json::pretty(verified)
}

/// The lines for people, the exit code with its reason last.
pub fn render(verified: &Verified, style: &Style) -> String {
    let mut page = Page::new(style);
    for examined in &verified.baselines {
        let doubtful = if verified.strict {
            (Role::Breaking, "error")
        } else {
            (Role::Warning, "warning")
        };
        put(
            &mut page,
            examined,
            &examined.damage,
            (Role::Breaking, "error"),
            "damaged",
        );
        let error = (Role::Breaking, "error");
        if let Some(layout) = &examined.layout {
            put(
                &mut page,
                examined,
                std::slice::from_ref(layout),
                error,
                "layout",
            );
            page.remark("next", LAYOUT);
        }
        put(
            &mut page,
            examined,
            &examined.unreviewed,
            doubtful,
            "unreviewed-change",
        );
        if let Some(entry) = examined.way_back {
            page.remark(
                "next",
                &format!(
                    "bring back what was read last (bellwether baseline restore {entry} --reason WHY), then run bellwether check and accept what you read"
                ),
            );
        }
        if let Some(mismatch) = &examined.mismatch {
            let mismatch = std::slice::from_ref(mismatch);
            put(&mut page, examined, mismatch, doubtful, "hash-mismatch");
            page.remark("next", MISMATCH);
        }
        put(
            &mut page,
            examined,
            &examined.notes,
            (Role::Info, "note"),
            "",
        );
    }
    page.gap();
    for examined in &verified.baselines {
        let path = page.message(&examined.path);
        let how = examined.state();
        page.line(&format!(
            "{path}: {how} ({})",
            decisions(examined.decisions)
        ));
    }
    let any = |of: fn(&Examined) -> bool| verified.baselines.iter().any(of);
    let is_unreviewed = any(|one| !one.unreviewed.is_empty());
    let is_mismatch = any(|one| one.mismatch.is_some());
    let reason = match verified.exit_code {
        Exit::Clean if is_unreviewed => {
            "nothing is damaged; `--strict` fails on an unreviewed change"
        }
        Exit::Clean if is_mismatch => {
            "the hash of a baseline does not verify; `--strict` fails on that"
        }
        Exit::Clean => "nothing was changed behind its digests",
        _ if any(|one| !one.damage.is_empty()) => "a baseline is damaged",
        _ if any(|one| one.layout.is_some()) => "a baseline is not the text that bellwether writes",
        _ if is_unreviewed => "a surface is expected that nobody accepted",
        _ => "the hash of a baseline does not verify",
    };
    page.line(&format!("exit {}: {reason}", verified.exit_code.code()));
    page.finish()
}

fn put(
    page: &mut Page<'_>,
    examined: &Examined,
    remarks: &[Remark],
    (role, label): (Role, &str),
    id: &str,
) {
    for remark in remarks {
        page.heading(role, label, id, &remark.what);
        let mut place = page.message(&examined.path);
        if let (Some(line), Some(column)) = (remark.line, remark.column) {
            place.push_str(&format!(":{line}:{column}"));
        }
        page.arrow(&place);
    }
}

fn decisions(count: usize) -> String {
    match count {
        0 => "no decisions".to_owned(),
        1 => "1 decision".to_owned(),
        count => format!("{count} decisions"),
    }
}
