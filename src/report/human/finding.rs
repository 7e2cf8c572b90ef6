//! One finding as a block.

use super::{Page, values, witness};
use crate::report::{Decided, Finding, PROVEN_CALLS, PROVEN_RESULTS, Place, Report, decided};

/// The most columns of a name inside a place.
const NAME_WIDTH: usize = 60;

/// The block: what happened, where, before and after, why it matters, what to do.
pub(super) fn put(page: &mut Page<'_>, report: &Report, finding: &Finding) {
    page.heading(
        finding.severity.into(),
        finding.severity.name(),
        finding.rule,
        &finding.message,
    );
    let place = place(page, report, finding);
    page.arrow(&place);
    let mut body = values::lines(page.style, finding);
    let shown = witness::lines(page.style, finding);
    if !body.is_empty() && !shown.is_empty() {
        body.push(String::new());
    }
    body.extend(shown);
    page.body(&body);
    if !finding.covers.is_empty() {
        covers(page, &finding.covers);
    }
    if finding.severity > crate::report::Severity::Info || page.style.is_verbose() {
        let is_the_reason = [PROVEN_CALLS, PROVEN_RESULTS].contains(&finding.why);
        match finding.decided {
            Some(Decided::Unknown(doubt)) => page.remark("unknown", decided::why(doubt)),
            Some(Decided::Proven) if !is_the_reason => {
                page.remark("proven", "nothing that worked is lost");
            }
            Some(_) | None => {}
        }
        let why = if is_the_reason { "proven" } else { "why" };
        for (label, text) in [(why, finding.why), ("next", finding.next)] {
            if !text.is_empty() {
                page.remark(label, text);
            }
        }
        if page.style.is_verbose() && !finding.fingerprint.is_empty() {
            page.remark("fingerprint", &finding.fingerprint);
        }
    }
}

/// What stands for findings that look like those above.
pub(super) fn put_rest(page: &mut Page<'_>, rest: &[&Finding]) {
    let mut names: Vec<&str> = rest
        .iter()
        .map(|finding| finding.place.at.as_str())
        .collect();
    names.dedup();
    let names = page.shown(
        &names.join(", "),
        page.style.width.saturating_sub(40).max(20),
    );
    page.line(&format!(
        "... and {} more like this; -v shows all ({names})",
        rest.len()
    ));
}

/// `file:line  crumbs`
pub(super) fn place(page: &Page<'_>, report: &Report, finding: &Finding) -> String {
    let target = report
        .targets
        .iter()
        .find(|target| target.name == finding.target);
    let file = target
        .and_then(|target| target.baseline.as_ref())
        .and_then(|baseline| baseline.path.as_deref());
    let mut crumbs = crumbs(page, report, &finding.target, &finding.place);
    if let Some(new) = &finding.new_at {
        let (arrow, new) = (if page.style.unicode { "→" } else { "->" }, thing(new).1);
        crumbs.push_str(&format!(" {arrow} {}", page.shown(new, NAME_WIDTH)));
    }
    match (file, finding.line) {
        (Some(file), Some(line)) => {
            format!("{}:{line}  {crumbs}", page.style.charset().visible(file))
        }
        (Some(file), None) => format!("{}  {crumbs}", page.style.charset().visible(file)),
        (None, _) => crumbs,
    }
}

/// `target › tool NAME › input /properties/…`. The target is left out where there is only one without a name.
pub(super) fn crumbs(page: &Page<'_>, report: &Report, target: &str, place: &Place) -> String {
    let mut parts = Vec::new();
    if report.targets.len() > 1 || target != "default" {
        parts.push(page.shown(target, NAME_WIDTH));
    }
    let (kind, name) = thing(&place.at);
    let name = page.shown(name, NAME_WIDTH);
    parts.push(format!("{kind} {name}").trim().to_owned());
    if !place.pointer.is_root() {
        let (side, rest) = side(place.pointer.as_str());
        let rest = last(page, rest);
        parts.push(format!("{side} {rest}").trim().to_owned());
    }
    parts.join(page.style.crumb())
}

/// Further places, as many as a line or two hold.
fn covers(page: &mut Page<'_>, covers: &[Place]) {
    let shown = if page.style.is_verbose() {
        covers.len()
    } else {
        4
    };
    let mut places: Vec<String> = covers
        .iter()
        .take(shown)
        .map(|place| {
            let pointer = last(page, place.pointer.as_str());
            format!("{} {pointer}", page.shown(&place.at, NAME_WIDTH))
                .trim()
                .to_owned()
        })
        .collect();
    if covers.len() > shown {
        places.push(format!("and {} more", covers.len() - shown));
    }
    page.remark("also at", &places.join(", "));
}

/// The kind of a thing and its name.
fn thing(at: &str) -> (&'static str, &str) {
    let Some((list, name)) = at.split_once('/') else {
        return ("", at);
    };
    match list {
        "tools" => ("tool", name),
        "prompts" => ("prompt", name),
        "resources" => ("resource", name),
        "resourceTemplates" => ("resource template", name),
        "capabilities" => ("capability", name),
        "scenarios" => ("scenario", name),
        _ => ("", at),
    }
}

fn side(pointer: &str) -> (&'static str, &str) {
    for (member, name) in [("/inputSchema", "input"), ("/outputSchema", "output")] {
        match pointer.strip_prefix(member) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => return (name, rest),
            _ => {}
        }
    }
    ("", pointer)
}

/// A pointer, cut from its beginning: its end says more.
fn last(page: &Page<'_>, pointer: &str) -> String {
    let charset = page.style.charset();
    let shown = charset.visible(pointer);
    let room = page.style.width.saturating_sub(20).max(NAME_WIDTH);
    if crate::text::width(&shown) <= room {
        return shown;
    }
    format!(
        "{}{}",
        charset.ellipsis(),
        crate::text::tail(&shown, room - 3)
    )
}
