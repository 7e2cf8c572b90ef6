//! What `compat` says to people: the findings, and the verdict in the last two lines.

use super::{Page, besides, findings};
use crate::report::style::Role;
use crate::report::{Compat, Compatibility, Direction, Side, Style, decided};

/// The most columns of a file's name.
const NAME_WIDTH: usize = 200;

/// The whole report. With a verbosity of −2 and below there is none: the exit code says it.
pub fn render(compat: &Compat, style: &Style) -> String {
    let mut page = Page::new(style);
    if style.verbosity < -1 {
        return page.finish();
    }
    findings(&mut page, &compat.report);
    if style.is_verbose() {
        besides(&mut page, &compat.report);
    }
    if !style.is_quiet() {
        what_next(&mut page, compat);
    }
    page.gap();
    let sentence = sentence(&page, compat);
    page.heading(role(compat.verdict), compat.verdict.name(), "", &sentence);
    let reason = match compat.verdict {
        Compatibility::Equivalent => "it is proven in both directions",
        Compatibility::Compatible => "it is proven of every value",
        Compatibility::Breaking if has_witness(compat) => "a value shows it",
        Compatibility::Breaking => {
            "it is proven; a value that shows it is too large to be written down"
        }
        Compatibility::Unknown(doubt) => decided::why(doubt),
    };
    page.line(&format!("exit {}: {reason}", compat.verdict.exit().code()));
    page.finish()
}

fn what_next(page: &mut Page<'_>, compat: &Compat) {
    page.gap();
    match compat.verdict {
        Compatibility::Unknown(doubt) => {
            let advice = decided::advice(doubt);
            let mut findings = compat.report.findings.iter();
            if findings.any(|finding| finding.next == advice) {
                return;
            }
            page.line(&format!("next:  {advice}"));
        }
        Compatibility::Breaking => {
            if let Some(worst) = compat.report.findings.first() {
                page.line(&format!("learn: bellwether explain {}", worst.rule));
            }
        }
        Compatibility::Equivalent | Compatibility::Compatible => {}
    }
}

/// The verdict about the two files, in a clause.
fn sentence(page: &Page<'_>, compat: &Compat) -> String {
    let name = |side: Option<&Side>, other: &str| {
        let path = side.and_then(|side| side.path.as_deref());
        page.shown(path.unwrap_or(other), NAME_WIDTH)
    };
    let target = compat.report.targets.first();
    let old = name(target.and_then(|target| target.baseline.as_ref()), "OLD");
    let new = name(target.and_then(|target| target.current.as_ref()), "NEW");
    match (compat.verdict, compat.direction) {
        (Compatibility::Equivalent, _) => format!("{old} and {new} accept the same values"),
        (Compatibility::Compatible, Direction::Input) => {
            format!("{new} accepts all that {old} accepts")
        }
        (Compatibility::Compatible, Direction::Output) => {
            format!("{new} allows no result that {old} does not allow")
        }
        (Compatibility::Breaking, Direction::Input) => {
            format!("{new} refuses calls that {old} accepts")
        }
        (Compatibility::Breaking, Direction::Output) => {
            format!("{new} allows results that {old} does not allow")
        }
        (Compatibility::Unknown(_), Direction::Input) => {
            format!("nobody can say whether {new} accepts all that {old} accepts")
        }
        (Compatibility::Unknown(_), Direction::Output) => {
            format!("nobody can say whether {new} allows results that {old} does not allow")
        }
    }
}

fn has_witness(compat: &Compat) -> bool {
    let mut findings = compat.report.findings.iter();
    findings.any(|finding| finding.witness.is_some())
}

fn role(verdict: Compatibility) -> Role {
    match verdict {
        Compatibility::Equivalent | Compatibility::Compatible => Role::Info,
        Compatibility::Breaking => Role::Breaking,
        Compatibility::Unknown(_) => Role::Warning,
    }
}
