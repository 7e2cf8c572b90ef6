//! The report for people: findings, what else was seen, and the verdict in the last two lines.

mod compat;
mod finding;
mod values;
mod verdict;
mod witness;
mod words;

use std::collections::BTreeMap;

pub use compat::render as render_compat;

use super::page::Page;
use super::style::Role;
use super::{Finding, Report, Style, Target, failure};

/// How many findings of one shape are shown in full.
const SHOWN_OF_A_SHAPE: usize = 5;

/// One finding of a report, in the block that the whole report has for it.
pub fn one(report: &Report, finding: &Finding, style: &Style) -> String {
    let mut page = Page::new(style);
    finding::put(&mut page, report, finding);
    page.finish()
}

/// The whole report. With a verbosity of −2 and below there is none: the exit code says it.
pub fn render(report: &Report, style: &Style) -> String {
    let mut page = Page::new(style);
    if style.verbosity < -1 {
        return page.finish();
    }
    findings(&mut page, report);
    if style.is_verbose() {
        besides(&mut page, report);
    }
    if !style.is_quiet() {
        notes(&mut page, report);
    }
    for target in &report.targets {
        unjudged(&mut page, report, target);
    }
    if !style.is_quiet() {
        verdict::what_next(&mut page, report);
    }
    page.gap();
    verdict::put(&mut page, report);
    page.finish()
}

/// The findings, worst first as the report has them. After a few of one shape the rest is counted.
fn findings(page: &mut Page<'_>, report: &Report) {
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for finding in &report.findings {
        let nth = seen.entry(shape(finding)).or_default();
        *nth += 1;
        if *nth <= SHOWN_OF_A_SHAPE || page.style.is_verbose() {
            page.gap();
            finding::put(page, report, finding);
        } else if *nth == SHOWN_OF_A_SHAPE + 1 {
            let like_this = report
                .findings
                .iter()
                .filter(|f| shape(f) == shape(finding));
            let rest: Vec<_> = like_this.skip(SHOWN_OF_A_SHAPE).collect();
            page.gap();
            finding::put_rest(page, &rest);
        }
    }
}

fn shape(finding: &Finding) -> (&str, u8, &str) {
    (finding.rule, finding.severity as u8, &finding.target)
}

/// What the user's file ignores, and what differs without meaning anything else.
fn besides(page: &mut Page<'_>, report: &Report) {
    for finding in &report.ignored {
        page.gap();
        page.heading(Role::Info, "ignored", finding.rule, &finding.message);
        let place = finding::place(page, report, finding);
        page.arrow(&place);
        if let Some(reason) = &finding.ignored {
            page.remark("reason", reason);
        }
    }
    for equivalence in &report.equivalences {
        page.gap();
        page.heading(Role::Info, "equivalent", "", equivalence.reason);
        let crumbs = finding::crumbs(page, report, &equivalence.target, &equivalence.place);
        page.arrow(&crumbs);
    }
}

fn notes(page: &mut Page<'_>, report: &Report) {
    page.gap();
    for target in &report.targets {
        for note in &target.notes {
            let whose = if report.targets.len() > 1 {
                format!("{}: ", target.name)
            } else {
                String::new()
            };
            page.heading(Role::Info, "note", "", &format!("{whose}{note}"));
        }
    }
}

/// Why a server was not judged, where it was not.
fn unjudged(page: &mut Page<'_>, report: &Report, target: &Target) {
    page.gap();
    if let Some(error) = &target.error {
        failure::put(page, error);
    } else if target.baseline.is_none() {
        let whose = if report.targets.len() > 1 {
            format!(" for {}", page.style.charset().quoted(&target.name))
        } else {
            String::new()
        };
        let message = format!("there is no baseline yet{whose}: nothing was compared");
        page.heading(Role::Info, "note", "", &message);
        let save = format!("bellwether baseline save{}", target.typed);
        page.remark(
            "next",
            &format!("read what the server offers, then approve it: {save}"),
        );
    }
}
