//! The last step of `check` and `diff`: flags into the policy, the report onto the terminal.

use super::Context;
use crate::cli::{Format, ReportArgs};
use crate::failure::Failure;
use crate::policy::{Policy, Threshold};
use crate::report::{self, Report, listing};
use crate::surface::Surface;

/// The policy of the configuration, with the flags of this run over it.
pub(super) fn policy(mut policy: Policy, args: &ReportArgs, fail_on_drift: bool) -> Policy {
    if let Some(level) = args.fail_on_severity {
        let source = format!("--fail-on-severity {}", level.name());
        policy.fail_on = Some(Threshold {
            level: level.severity(),
            source,
        });
    }
    if let Some(level) = args.min_severity {
        let source = format!("--min-severity {}", level.name());
        policy.minimum = level.severity().map(|level| Threshold {
            level: Some(level),
            source,
        });
    }
    policy.fail_on_drift |= fail_on_drift;
    policy
}

/// The day on which this runs, in UTC: `2027-03-01`.
pub(super) fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}

/// The moment at which this runs, in UTC to the second: `2026-11-21T15:10:00Z`.
pub(super) fn now() -> String {
    let now = chrono::Utc::now();
    now.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Prints a report; for people, with the surfaces that nothing was approved of yet.
pub(super) fn print(
    report: &Report,
    unapproved: &[&Surface],
    format: Format,
    context: &Context,
) -> Result<(), Failure> {
    let text = match format {
        Format::Json => report::json::render(report),
        Format::Human => {
            let style = context.terminal.style();
            // Quiet is: findings and verdict.
            let listed = if style.is_quiet() { &[] } else { unapproved };
            let listings: String = listed
                .iter()
                .map(|surface| listing::render(surface, &style) + "\n")
                .collect();
            listings + &report::human::render(report, &style)
        }
    };
    context.terminal.print(&text)
}
