//! `bellwether rules`: the catalogue.

use serde::Serialize;

use super::Context;
use crate::cli::{Format, RulesArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::pretty;
use crate::policy::Policy;
use crate::report::{Category, Severity};
use crate::rules;

/// Prints the catalogue, with the severities that the policy gives.
///
/// # Errors
/// A configuration with problems; an output that cannot be written.
pub(super) fn run(args: &RulesArgs, context: &Context) -> Result<Exit, Failure> {
    let policy = context.configuration(&args.file)?.policy();
    let text = match args.format {
        Format::Human => table(&policy),
        Format::Json => pretty(&document(&policy)),
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}

/// The severity that counts as a word, `off` where the rule is switched off.
pub(super) fn word(severity: Option<Severity>) -> &'static str {
    severity.map_or("off", Severity::name)
}

fn table(policy: &Policy) -> String {
    let width = rules::ids()
        .iter()
        .map(|id| id.len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    let mut changed = false;
    for rule in rules::all() {
        let effective = policy.severity(rule, None);
        let star = if effective == Some(rule.severity.usual()) {
            ' '
        } else {
            '*'
        };
        changed = changed || star == '*';
        text.push_str(&format!(
            "{:<width$}  {:<8}{star} {}\n",
            rule.id,
            word(effective),
            rule.title
        ));
    }
    text.push_str(&format!("\n{} rules", rules::all().count()));
    if changed {
        text.push_str("; * the configuration gives it this severity");
    }
    text.push_str("\nlearn more: bellwether explain RULE\n");
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    format_version: u32,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: &'static str,
    title: &'static str,
    category: Category,
    default_severity: Severity,
    severity: &'static str,
    depends_on_details: bool,
    why: &'static str,
    next: &'static str,
    since: &'static str,
}

fn document(policy: &Policy) -> Document {
    let entry = |rule: &'static rules::Rule| Entry {
        id: rule.id,
        title: rule.title,
        category: rule.category,
        default_severity: rule.severity.usual(),
        severity: word(policy.severity(rule, None)),
        depends_on_details: matches!(rule.severity, rules::Grade::Mostly(..)),
        why: rule.why,
        next: rule.next,
        since: rule.since,
    };
    Document {
        format_version: 1,
        rules: rules::all().map(entry).collect(),
    }
}
