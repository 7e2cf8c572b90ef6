//! `bellwether explain RULE`: one rule, and how to change or ignore it.

use super::Context;
use super::rules::word;
use crate::cli::ExplainArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::policy::Policy;
use crate::rules::{self, Grade, Rule};

/// Explains the rule.
///
/// # Errors
/// An id that is no rule's; a configuration with problems.
pub(super) fn run(args: &ExplainArgs, context: &Context) -> Result<Exit, Failure> {
    let rule = rules::find(&args.rule).ok_or_else(|| unknown(&args.rule))?;
    let policy = context.configuration(&args.file)?.policy();
    context.terminal.print(&explained(rule, &policy))?;
    Ok(Exit::Clean)
}

fn explained(rule: &Rule, policy: &Policy) -> String {
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
    format!(
        "{id}: {title}\n{usual} by default{by_details}{mine} · since {since} · {anchor}\n\n{why}\n\n\
         next       {next}\n\n\
         change it  rules:\n             {id}: {other}   # breaking, warning, info or off\n\n\
         ignore it  ignore:\n             - rule: {id}\n               at: tools/NAME\n               reason: why it is fine\n",
        id = rule.id,
        title = rule.title,
        usual = usual.name(),
        since = rule.since,
        anchor = rule.anchor(),
        why = rule.why,
        next = rule.next,
    )
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
