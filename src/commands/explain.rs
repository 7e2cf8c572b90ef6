//! `bellwether explain RULE`: one rule, and how to change or ignore it.

use super::Context;
use super::rules::word;
use crate::baseline::Source;
use crate::cli::ExplainArgs;
use crate::diff::{self, Sighting};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::{self, Json};
use crate::policy::{self, Ignores, Policy, Subject};
use crate::report::{Finding, Style};
use crate::rules::{self, Grade, Rule};

/// Explains the rule.
///
/// # Errors
/// An id that is no rule's; a configuration with problems.
pub(super) fn run(args: &ExplainArgs, context: &Context) -> Result<Exit, Failure> {
    let rule = rules::find(&args.rule).ok_or_else(|| unknown(&args.rule))?;
    let policy = context.configuration(&args.file)?.policy();
    context
        .terminal
        .print(&explained(rule, &policy, &context.terminal.style()))?;
    Ok(Exit::Clean)
}

/// The explanation of a rule by its id; nothing where there is no such rule.
pub(super) fn of(id: &str, policy: &Policy, style: &Style) -> String {
    rules::find(id).map_or_else(String::new, |rule| explained(rule, policy, style))
}

fn explained(rule: &Rule, policy: &Policy, style: &Style) -> String {
    let usual = rule.severity.usual();
    let by_details = if matches!(rule.severity, Grade::Mostly(..)) {
        ", another where the details say so"
    } else {
        ""
    };
    let effective = policy.severity(rule, None);
    let mine = if effective == Some(usual) {
        String::new()
    } else {
        format!(" · {} in this configuration", word(effective))
    };
    let other = if usual == crate::report::Severity::Warning {
        "breaking"
    } else {
        "warning"
    };
    let found = found(rule);
    let charset = style.charset();
    // The place of the example is of the kind that the rule judges; any other would match nothing.
    let place = found.as_ref().map_or_else(String::new, |found| {
        format!(
            "               at: {}   # as in the example; * for any characters\n",
            charset.visible(&found.place.at)
        )
    });
    let example = found.map_or_else(String::new, |found| example(&found, style));
    format!(
        "{id}: {title}\n{usual} by default{by_details}{mine} · since {since} · {anchor}\n\n{why}\n\n\
         next       {next}\n\n{example}\
         change it  rules:\n             {id}: {other}   # breaking, warning, info or off\n\n\
         ignore it  ignore:\n             - rule: {id}\n{place}               reason: why it is fine\n",
        id = rule.id,
        title = rule.title,
        usual = usual.name(),
        since = rule.since,
        anchor = rule.anchor(),
        why = rule.why,
        next = rule.next,
    )
}

/// What the rule finds in its example, with the values before and after where it has any, each in one line.
fn example(found: &Finding, style: &Style) -> String {
    let charset = style.charset();
    let room = style.width.saturating_sub(19).max(40);
    let value = |value: &Option<Json>| match value {
        Some(value) => charset.shorten(&charset.visible(&json::compact(value)), room),
        None => "nothing".to_owned(),
    };
    let mut text = format!(
        "example    finds   {}\n           at      {}{}\n",
        charset.visible(&found.message),
        found.place.at,
        found.place.pointer,
    );
    if found.old.is_some() || found.new.is_some() {
        text.push_str(&format!(
            "           before  {}\n           after   {}\n",
            value(&found.old),
            value(&found.new),
        ));
    }
    text.push('\n');
    text
}

/// The rule's finding in its own example.
fn found(rule: &Rule) -> Option<Finding> {
    let (before, after) = rules::example(rule.id)?;
    let (before, after) = (Source::parse(before).ok()?, Source::parse(after).ok()?);
    let limits = rules::limits_of_examples();
    let mut behaviour = diff::behaviour(
        Some(Sighting::of_file(&before.surface, before.observed.as_ref())),
        Sighting::of_file(&after.surface, after.observed.as_ref()),
        &limits,
    );
    let due = before.trail.due(rules::DAY_OF_EXAMPLES);
    behaviour.changes.extend(diff::expired(&due));
    let subject = Subject {
        comparison: Some(diff::compare(&before.surface, &after.surface)),
        behaviour,
        ..Subject::default()
    };
    let report = policy::judge(vec![subject], &Ignores::default());
    let mut findings = report.findings.into_iter();
    findings.find(|finding| finding.rule == rule.id)
}

fn unknown(typed: &str) -> Failure {
    let failure = Failure::new("usage", format!("there is no rule `{typed}` to explain"));
    if let Some(retired) = rules::RETIRED.iter().find(|rule| rule.id == typed) {
        let failure = failure.cause(format!("it was dropped in {}", retired.since));
        return match retired.instead {
            Some(id) => failure.next(format!("bellwether explain {id}")),
            None => failure.next("bellwether rules"),
        };
    }
    match rules::did_you_mean(typed) {
        Some(id) => failure.next(format!("did you mean `{id}`? bellwether explain {id}")),
        None => failure.next("list them: bellwether rules"),
    }
}
