//! Runs scenarios: setup, then each scenario, then teardown, exactly as the file has them.

use super::Moment;
use super::effort::MOST_TIMEOUTS;
use super::side::Side;
use crate::capture::Withheld;
use crate::observed::{Call, Outcome, categorise};
use crate::scenarios::{Expectations, Scenario, Step, check};

/// Runs the scenarios on every server, each scenario on one server after the other, its repeats in turn.
pub(super) async fn run(sides: &mut [Side<'_>], progress: &dyn Fn(&Moment<'_>)) {
    let mut setup = Vec::new();
    for side in sides.iter_mut() {
        let steps = if side.plan.runs_scenarios() {
            side.plan.suite.setup.clone()
        } else {
            Vec::new()
        };
        setup.push(around(side, &steps, "the setup of all scenarios", None).await);
    }
    let mut all: Vec<Scenario> = Vec::new();
    for side in sides.iter() {
        for scenario in &side.plan.suite.scenarios {
            if !all.contains(scenario) {
                all.push(scenario.clone());
            }
        }
    }
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    for (done, scenario) in (0..).zip(&all) {
        progress(&Moment {
            what: &scenario.name,
            done,
            of: count,
            left: None,
        });
        let mut runs: Vec<Run> = Vec::new();
        for (side, setup) in sides.iter_mut().zip(&setup) {
            runs.push(Run::begin(side, scenario, setup).await);
        }
        for _ in 0..scenario.repeat {
            for (side, run) in sides.iter_mut().zip(&mut runs) {
                run.once(side, scenario).await;
            }
        }
        for (side, run) in sides.iter_mut().zip(runs) {
            run.end(side, scenario).await;
        }
    }
    for side in sides.iter_mut() {
        if side.plan.runs_scenarios() {
            let steps = side.plan.suite.teardown.clone();
            let wrong = around(side, &steps, "the teardown of all scenarios", None).await;
            side.seen.notes.extend(wrong);
        }
    }
}

/// One scenario on one server.
struct Run {
    /// Whether its calls are made at all.
    is_made: bool,
    /// Whether its own setup was begun, so that its teardown is due.
    is_begun: bool,
    timeouts: u32,
    /// What was not as expected, each thing once.
    wrong: Vec<String>,
    /// Whether the server has it.
    is_here: bool,
}

impl Run {
    async fn begin(side: &mut Side<'_>, scenario: &Scenario, setup: &[String]) -> Self {
        let is_here = side.plan.suite.scenarios.contains(scenario);
        let refused = side.plan.refused.get(&scenario.name).cloned();
        let mut wrong: Vec<String> = refused.into_iter().collect();
        if wrong.is_empty() && is_here {
            wrong.extend(setup.iter().cloned());
        }
        let is_begun = is_here && wrong.is_empty();
        if is_begun {
            wrong = around(side, &scenario.setup, "its setup", Some(&scenario.name)).await;
        }
        Self {
            is_made: is_begun && wrong.is_empty(),
            is_begun,
            timeouts: 0,
            wrong,
            is_here,
        }
    }

    async fn once(&mut self, side: &mut Side<'_>, scenario: &Scenario) {
        if !self.is_made {
            return;
        }
        match side.call(&scenario.step, Some(&scenario.name)).await {
            Ok(call) => {
                for miss in check(&scenario.expect, &call) {
                    self.add(miss.to_string());
                }
                self.timeouts += u32::from(matches!(call.outcome, Outcome::TimedOut { .. }));
                self.is_made = self.timeouts < MOST_TIMEOUTS;
                side.keep(&call);
            }
            Err(withheld) => {
                self.add(format!("it was not called: {}", why(&withheld)));
                self.is_made = false;
            }
        }
    }

    async fn end(mut self, side: &mut Side<'_>, scenario: &Scenario) {
        if !self.is_here {
            return;
        }
        if self.is_begun {
            let name = Some(scenario.name.as_str());
            for wrong in around(side, &scenario.teardown, "its teardown", name).await {
                self.add(wrong);
            }
        }
        side.seen
            .scenarios
            .push((scenario.name.clone(), self.wrong));
    }

    fn add(&mut self, wrong: String) {
        if !self.wrong.contains(&wrong) {
            self.wrong.push(wrong);
        }
    }
}

/// Makes calls that must not fail, and says what went wrong with the first that did, after which the rest of a setup is
/// not made; of a teardown all are.
async fn around(
    side: &mut Side<'_>,
    steps: &[Step],
    what: &str,
    scenario: Option<&str>,
) -> Vec<String> {
    let is_teardown = what.contains("teardown");
    let mut wrong = Vec::new();
    for step in steps {
        let place = step.target.place();
        let failed = match side.call(step, scenario).await {
            Ok(call) => failed(&call),
            Err(withheld) => Some(format!("it was not called: {}", why(&withheld))),
        };
        if let Some(reason) = failed {
            wrong.push(format!("{what} failed at `{place}`: {reason}"));
            if !is_teardown {
                break;
            }
        }
    }
    wrong
}

fn failed(call: &Call) -> Option<String> {
    categorise(&call.outcome)?;
    let misses = check(&Expectations::default(), call);
    misses.first().map(ToString::to_string)
}

fn why(withheld: &Withheld) -> String {
    match withheld {
        Withheld::Deadly => "it was the end of the server, twice".to_owned(),
        Withheld::Gone(why) => format!("the server is gone ({why})"),
        Withheld::Forbidden(why) => why.clone(),
    }
}
