//! `bellwether check --dry-run`: every call that would be made, and what would not be called, and why. It makes none.

use super::{Context, probing};
use crate::capture::method;
use crate::cli::Format;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::{Json, Object, compact, pretty};
use crate::measure::MORE_SAMPLES;
use crate::probe::{LEAST_CALLS, Plan, Subject};
use crate::scenarios::{Scenario, Step};
use crate::text::Charset;

/// One call that would be made.
struct Call<'a> {
    step: &'a Step,
    /// How often, in words.
    times: String,
    /// Why, in words.
    why: String,
}

/// Captures the servers, prints what would be called, and calls nothing.
///
/// # Errors
/// The first server whose capture is not complete.
pub(super) fn run(
    subjects: &[Subject<'_>],
    format: Format,
    context: &Context,
) -> Result<Exit, Failure> {
    let rehearsals = probing::rehearse_all(subjects, context)?;
    let mut targets = Vec::new();
    let mut text = String::new();
    for (subject, rehearsal) in subjects.iter().zip(rehearsals) {
        let plan = rehearsal?;
        let calls = calls(&plan, subject);
        targets.push(document(&subject.spec.name, &plan, &calls));
        text += &listing(&subject.spec.name, &plan, &calls, context);
    }
    let text = match format {
        Format::Human => text + "exit 0: nothing was called, nothing was compared\n",
        Format::Json => {
            let mut whole = Object::new();
            whole.push("formatVersion", 1);
            whole.push("targets", Json::Array(targets));
            pretty(&Json::from(whole))
        }
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}

/// The calls in the order in which they would be made.
fn calls<'p>(plan: &'p Plan, subject: &Subject<'_>) -> Vec<Call<'p>> {
    let mut calls = Vec::new();
    let effort = subject
        .effort
        .map_or(0, |effort| effort.warmup + effort.samples);
    let most = effort.max(LEAST_CALLS);
    let more = match subject.observed {
        Some(_) => format!(", up to {MORE_SAMPLES} more where it seems slower than it was"),
        None => String::new(),
    };
    for step in &plan.readings {
        calls.push(Call {
            step,
            times: format!("{LEAST_CALLS} to {most} times{more}"),
            why: "`check.probe: readOnly`".to_owned(),
        });
    }
    if plan.runs_scenarios() {
        let once = |step, why: String| Call {
            step,
            times: "once".to_owned(),
            why,
        };
        let setup = plan.suite.setup.iter();
        calls.extend(setup.map(|step| once(step, "setup of all scenarios".to_owned())));
        for scenario in plan.scenarios() {
            let name = &scenario.name;
            let setup = scenario.setup.iter();
            calls.extend(setup.map(|step| once(step, format!("setup of scenario `{name}`"))));
            calls.push(own(scenario));
            let teardown = scenario.teardown.iter();
            calls.extend(teardown.map(|step| once(step, format!("teardown of scenario `{name}`"))));
        }
        let teardown = plan.suite.teardown.iter();
        calls.extend(teardown.map(|step| once(step, "teardown of all scenarios".to_owned())));
    }
    calls
}

fn own(scenario: &Scenario) -> Call<'_> {
    Call {
        step: &scenario.step,
        times: match scenario.repeat {
            1 => "once".to_owned(),
            times => format!("{times} times"),
        },
        why: format!("scenario `{}`", scenario.name),
    }
}

fn document(name: &str, plan: &Plan, calls: &[Call<'_>]) -> Json {
    let calls = calls.iter().map(|call| {
        let mut told = pairs(&[
            ("method", method(&call.step.target)),
            ("name", call.step.target.name()),
        ]);
        told.push("arguments", call.step.shown.clone());
        told.push("times", call.times.as_str());
        told.push("why", call.why.as_str());
        told.into()
    });
    let refused = (plan.refused.iter())
        .map(|(scenario, why)| pairs(&[("scenario", scenario), ("why", why)]).into());
    let withheld = (plan.withheld.iter())
        .map(|one| pairs(&[("at", &one.at), ("why", &one.why.to_string())]).into());
    let mut target = pairs(&[("name", name)]);
    target.push("calls", Json::Array(calls.collect()));
    target.push("refused", Json::Array(refused.collect()));
    target.push("withheld", Json::Array(withheld.collect()));
    target.into()
}

fn pairs(members: &[(&str, &str)]) -> Object {
    let members = members.iter();
    members
        .map(|(name, value)| (*name, Json::from(*value)))
        .collect()
}

/// The same for people. Whatever a server sent is made harmless.
fn listing(name: &str, plan: &Plan, calls: &[Call<'_>], context: &Context) -> String {
    let charset: Charset = context.terminal.style().charset();
    let visible = |text: &str| charset.visible(text);
    let mut text = match calls.len() {
        0 => format!("{}: nothing would be called\n", visible(name)),
        1 => format!("{}: 1 call would be made\n", visible(name)),
        count => format!("{}: {count} calls would be made\n", visible(name)),
    };
    for call in calls {
        let (method, name) = (method(&call.step.target), visible(call.step.target.name()));
        let arguments = visible(&compact(&call.step.shown));
        let (times, why) = (&call.times, visible(&call.why));
        text += &format!("  {method} {name} {arguments}, {times}: {why}\n");
    }
    for (scenario, why) in &plan.refused {
        let (scenario, why) = (visible(scenario), visible(why));
        text += &format!("  not: scenario `{scenario}`: {why}\n");
    }
    for withheld in &plan.withheld {
        let (at, why) = (visible(&withheld.at), visible(&withheld.why.to_string()));
        text += &format!("  not: {at}: {why}\n");
    }
    text
}
