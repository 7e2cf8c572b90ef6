//! The decisions of a baseline (`baseline log`), newest first, for people; `markdown` for a page.

mod markdown;

pub use markdown::markdown;

use super::Severity;
use super::page::Page;
use super::style::{Role, Style};

/// The most columns of a name in a list of names.
const NAME_WIDTH: usize = 80;

/// The most findings of a decision that are shown without `-v`.
const FINDINGS_AT_MOST: usize = 5;

/// The decisions of one baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The name of the server in the configuration, `default` where there is only one.
    pub name: String,
    /// The path as the user would write it.
    pub path: String,
    /// The places that were saved without a decision since the last one; nothing where the surface is the accepted
    /// one, and empty where the file does not tell.
    pub unreviewed: Option<Vec<String>>,
    /// What is wrong with the trail, in a clause; nothing where it is whole.
    pub damaged: Option<String>,
    /// The decisions, newest first.
    pub decisions: Vec<Logged>,
}

/// One decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logged {
    /// Its number, from 1, oldest first.
    pub number: usize,
    /// The beginning of its hash.
    pub hash: String,
    /// `accepted`, `restored` or `merged`.
    pub action: &'static str,
    /// When, in UTC.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Where that name came from.
    pub by_source: String,
    /// Why.
    pub reason: String,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// When it is due for review, and whether that day has come.
    pub expires: Option<(String, bool)>,
    /// The version that judged.
    pub tool: String,
    /// The worst severity; nothing where nothing was found.
    pub verdict: Option<Severity>,
    /// What was accepted: severity, rule, message.
    pub findings: Vec<(Severity, String, String)>,
    /// What a merge joins, ours first: the number of each entry, nothing where it is not there, and the beginning of its
    /// hash.
    pub joins: Vec<(Option<usize>, String)>,
    /// The places that changed.
    pub changed: Vec<String>,
    /// The places that had been saved without a decision before it; nothing where there was none.
    pub unreviewed: Option<Vec<String>>,
    /// The digest of the surface from then on.
    pub state: String,
}

/// The decisions in lines.
pub fn render(logs: &[Log], style: &Style) -> String {
    let mut page = Page::new(style);
    for log in logs {
        page.gap();
        if logs.len() > 1 {
            let name = page.shown(&log.name, NAME_WIDTH);
            let path = page.message(&log.path);
            let name = style.paint(Role::Strong, &name);
            page.line(&format!("{name} ({path})"));
            page.gap();
        }
        put(&mut page, log);
    }
    page.finish()
}

fn put(page: &mut Page<'_>, log: &Log) {
    if let Some(damaged) = &log.damaged {
        page.heading(Role::Breaking, "error", "damaged", damaged);
        page.remark("next", "bellwether baseline verify says where");
        page.gap();
    }
    if let Some(places) = &log.unreviewed {
        page.heading(
            Role::Warning,
            "warning",
            "unreviewed-change",
            "the expected surface is not the one that was last accepted, or saved first",
        );
        page.remark("changed", &told(places));
        page.gap();
    }
    if log.decisions.is_empty() {
        let path = page.message(&log.path);
        page.line(&format!("nobody has decided anything yet in {path}"));
    }
    for logged in &log.decisions {
        page.gap();
        decision(page, logged);
    }
}

fn decision(page: &mut Page<'_>, logged: &Logged) {
    let by = page.shown(&logged.by, NAME_WIDTH);
    let source = page.shown(&logged.by_source, NAME_WIDTH);
    let at = page.shown(&logged.at, NAME_WIDTH);
    let number = format!("{} {}", logged.number, page.shown(&logged.hash, NAME_WIDTH));
    let number = page.style.paint(Role::Strong, &number);
    let verdict = logged.verdict.map_or_else(String::new, |severity| {
        format!(" {}", page.style.paint(severity.into(), severity.name()))
    });
    page.line(&format!(
        "{number}  {at}  {}{verdict}  {by} ({source})",
        logged.action
    ));
    page.remark("reason", &logged.reason);
    if let Some(ticket) = &logged.ticket {
        page.remark("ticket", ticket);
    }
    if let Some((day, over)) = &logged.expires {
        let due = if *over { ", due for review" } else { "" };
        page.remark("expires", &format!("{day}{due}"));
    }
    if !logged.joins.is_empty() {
        page.remark("joins", &joined(&logged.joins, str::to_owned));
    }
    let changed = match logged.changed.as_slice() {
        [] => "nothing".to_owned(),
        changed => told(changed),
    };
    page.remark("changed", &changed);
    if let Some(places) = &logged.unreviewed {
        page.remark("before", &format!("unreviewed change: {}", told(places)));
    }
    let all = page.style.is_verbose();
    let shown = if all || logged.findings.len() <= FINDINGS_AT_MOST + 1 {
        logged.findings.len()
    } else {
        FINDINGS_AT_MOST
    };
    for (severity, rule, message) in &logged.findings[..shown] {
        page.remark(severity.name(), &format!("[{rule}] {message}"));
    }
    let more = logged.findings.len() - shown;
    if more > 0 {
        page.remark("more", &format!("{more} more findings; -v shows all"));
    }
    page.remark(
        "state",
        &format!("{} (bellwether {})", logged.state, logged.tool),
    );
}

/// What a merge joins, in a row: `3 0123456789ab, 2 ba9876543210`.
fn joined(joins: &[(Option<usize>, String)], hash: impl Fn(&str) -> String) -> String {
    let named = joins.iter().map(|(number, short)| match number {
        Some(number) => format!("{number} {}", hash(short)),
        None => format!("{} (not in the trail)", hash(short)),
    });
    named.collect::<Vec<_>>().join(", ")
}

/// Places in a row.
fn told(places: &[String]) -> String {
    if places.is_empty() {
        return "nothing that the file tells".to_owned();
    }
    places.join(", ")
}
