//! The last two lines: what was found, and the exit code with its reason. CI logs are read from the bottom.

use std::collections::BTreeSet;

use super::Page;
use crate::exit::Exit;
use crate::report::style::Role;
use crate::report::{Report, Severity, SurfaceCount, Target};

/// The two lines.
pub(super) fn put(page: &mut Page<'_>, report: &Report) {
    let line = headline(page, report);
    let line = page.style.paint(Role::Strong, &line);
    page.line(&line);
    let verdict = &report.verdict;
    let decided = page.message(&verdict.decided_by);
    let reason = match verdict.severity {
        Some(worst) if verdict.exit_code == Exit::from(worst) && is_rule(&decided) => {
            let article = if worst == Severity::Warning { "a " } else { "" };
            format!("the worst drift is {article}{} ({decided})", worst.name())
        }
        _ => decided,
    };
    page.line(&format!("exit {}: {reason}", verdict.exit_code.code()));
}

/// Whether a sentence names a rule and no more, after the server where there are several.
fn is_rule(decided: &str) -> bool {
    decided.starts_with("rule ") || decided.contains("`: rule ")
}

/// What to type next where there is drift.
pub(super) fn what_next(page: &mut Page<'_>, report: &Report) {
    let Some(worst) = report.findings.first() else {
        return;
    };
    page.gap();
    page.line(&format!("learn:   bellwether explain {}", worst.rule));
    let accepts = report.targets.first();
    if let Some(typed) = accepts.and_then(|target| target.accepts.as_ref()) {
        let typed = page.style.charset().visible(typed);
        let force = match worst.severity {
            Severity::Breaking => " --force",
            Severity::Warning | Severity::Info => "",
        };
        page.line(&format!(
            "approve: bellwether baseline accept --reason 'WHY'{force}{typed}"
        ));
        // `--expect` names the state of one server.
        if let (
            [
                Target {
                    current: Some(seen),
                    ..
                },
            ],
            true,
        ) = (report.targets.as_slice(), page.style.verbosity > 0)
        {
            page.line(&format!(
                "         with --expect {} it accepts this state and no other",
                seen.digest
            ));
        }
    }
}

fn headline(page: &Page<'_>, report: &Report) -> String {
    let judged: Vec<&Target> = report
        .targets
        .iter()
        .filter(|target| is_judged(target))
        .collect();
    let failed = report
        .targets
        .iter()
        .filter(|target| target.error.is_some())
        .count();
    let new = report.targets.len() - judged.len() - failed;
    let drifted: BTreeSet<&str> = report
        .findings
        .iter()
        .map(|finding| finding.target.as_str())
        .collect();

    let mut line = if judged.is_empty() {
        "nothing was compared".to_owned()
    } else if drifted.is_empty() {
        let against = against(page, &judged);
        format!(
            "no drift in {} ({}){against}",
            servers(judged.len()),
            total(&judged)
        )
    } else if let ([target], false) = (judged.as_slice(), failed > 0) {
        format!("drift{}: {}", between(page, target), counts(report))
    } else {
        let of = format!("{} of {}", drifted.len(), servers(judged.len()));
        format!("drift in {of}: {}", counts(report))
    };
    if failed > 0 {
        line.push_str(&format!("; {} could not be checked", servers(failed)));
    }
    if new > 0 {
        line.push_str(&format!("; {} without a baseline", servers(new)));
    }
    match report.summary.ignored {
        0 => {}
        1 => line.push_str("; 1 finding ignored"),
        ignored => line.push_str(&format!("; {ignored} findings ignored")),
    }
    if !report.verdict.complete && failed == 0 {
        line.push_str("; not everything could be compared");
    }
    line
}

fn is_judged(target: &Target) -> bool {
    target.error.is_none() && target.baseline.is_some()
}

/// ` in 1 server`, or ` from OLD to NEW` where two files were compared.
fn between(page: &Page<'_>, target: &Target) -> String {
    let path =
        |side: &Option<crate::report::Side>| side.as_ref().and_then(|side| side.path.clone());
    match (path(&target.baseline), path(&target.current)) {
        (Some(old), Some(new)) => format!(
            " from {} to {}",
            page.shown(&old, 200),
            page.shown(&new, 200)
        ),
        _ => " in 1 server".to_owned(),
    }
}

fn against(page: &Page<'_>, judged: &[&Target]) -> String {
    let mut paths: Vec<&str> = judged
        .iter()
        .filter_map(|target| target.baseline.as_ref()?.path.as_deref())
        .collect();
    paths.dedup();
    match paths.as_slice() {
        [] => String::new(),
        [path] => format!(" against {}", page.shown(path, 200)),
        _ => " against their baselines".to_owned(),
    }
}

fn total(judged: &[&Target]) -> SurfaceCount {
    judged
        .iter()
        .fold(SurfaceCount::default(), |sum, target| SurfaceCount {
            tools: sum.tools + target.surface.tools,
            prompts: sum.prompts + target.surface.prompts,
            resources: sum.resources + target.surface.resources,
            resource_templates: sum.resource_templates + target.surface.resource_templates,
        })
}

fn counts(report: &Report) -> String {
    let summary = report.summary;
    let by_severity = [
        (
            summary.breaking,
            Severity::Breaking.name(),
            Severity::Breaking.name(),
        ),
        (summary.warning, Severity::Warning.name(), "warnings"),
        (summary.info, Severity::Info.name(), Severity::Info.name()),
    ];
    let shown: Vec<String> = by_severity
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    shown.join(", ")
}

fn servers(count: usize) -> String {
    if count == 1 {
        "1 server".to_owned()
    } else {
        format!("{count} servers")
    }
}
