//! One server while it is watched: the conversation, what may be called, and what was seen so far.

use std::collections::{BTreeMap, BTreeSet};

use super::effort::CALLS_TIME;
use super::plan::{self, Permit, Plan, Server};
use crate::capture::{Capture, Session, Withheld};
use crate::failure::Failure;
use crate::measure::Series;
use crate::observed::{Call, Observed, Outcome};
use crate::scenarios::Step;
use crate::surface::{List, Surface};

/// What a server was seen doing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// The metrics of the server as a whole, also where they stayed empty.
    pub timed: Vec<Series>,
    /// What the calls that count come down to so far; the calls themselves would be too much to keep.
    pub observed: Observed,
    /// What was wrong with each scenario, in the order of the file; nothing where it passed.
    pub scenarios: Vec<(String, Vec<String>)>,
    /// What the reader should know.
    pub notes: Vec<String>,
}

/// One server while it is watched.
pub(super) struct Side<'a> {
    pub(super) session: Session<'a>,
    pub(super) capture: Capture,
    pub(super) plan: Plan,
    permit: &'a Permit,
    /// What was approved of it.
    approved: Option<&'a Surface>,
    /// What was seen of it when it was approved.
    pub(super) old: Option<&'a Observed>,
    pub(super) seen: Seen,
    /// Whether the conversation ended while it was measured.
    pub(super) lost: bool,
    /// Whether the server is gone for good.
    gone: bool,
    /// What is not called any more.
    given_up: BTreeSet<String>,
    /// How often each place was called on the server's own word, and how many of these calls failed.
    counts: BTreeMap<String, (u32, u32)>,
    /// What the server has come to say of itself since the plan was made, where that differs.
    lately: Option<Surface>,
}

/// Why a call of the plan may not be made any more.
type Rule = fn(&Server<'_>, &Permit, &Step) -> Result<(), String>;

/// How one call counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Took {
    /// It was answered, in so many microseconds.
    Sample(u64),
    /// It was not, or with an error.
    Failed,
    /// It was not made, and will not be.
    Over,
}

impl<'a> Side<'a> {
    pub(super) fn new(
        (session, capture): (Session<'a>, Capture),
        permit: &'a Permit,
        approved: Option<&'a Surface>,
        old: Option<&'a Observed>,
    ) -> Self {
        let plan = planned(&capture, approved, permit);
        Self {
            session,
            capture,
            plan,
            permit,
            approved,
            old,
            seen: Seen::default(),
            lost: false,
            gone: false,
            given_up: BTreeSet::new(),
            counts: BTreeMap::new(),
            lately: None,
        }
    }

    /// Reads the surface once more if it changed while it was measured, and decides anew what may be called.
    ///
    /// # Errors
    /// Whatever kept that from being complete.
    pub(super) async fn reread(&mut self) -> Result<(), Failure> {
        if let Some(capture) = self.session.reread().await? {
            self.plan = planned(&capture, self.approved, self.permit);
            self.capture = capture;
        }
        Ok(())
    }

    /// The methods that can be asked again and again: the lists that the server offers, and `ping` where it answered one.
    pub(super) fn methods(&self) -> Vec<&'static str> {
        let offered = List::ALL.into_iter().filter(|list| {
            let pages = self.capture.pages.get(list);
            pages.is_some_and(|pages| !pages.is_empty())
        });
        // Last, since what the server had to say before it answers a ping has been seen when it does.
        let ping = self.capture.latency.ping.map(|_| "ping");
        offered.map(List::method).chain(ping).collect()
    }

    /// Asks a method once.
    pub(super) async fn ask(&mut self, method: &'static str) -> Took {
        if self.lost {
            return Took::Over;
        }
        match self.session.sample(method).await {
            Ok(micros) => Took::Sample(micros),
            Err(missed) => {
                self.lost = missed.over;
                self.seen.notes.push(format!(
                    "`{method}` was answered at first, but not while it was measured: {}",
                    missed.reason
                ));
                Took::Over
            }
        }
    }

    /// Makes one call on the server's own word. One that only warms up is forgotten, unless it was no answer at all.
    pub(super) async fn read(&mut self, step: &Step, warms_up: bool) -> Took {
        let place = step.target.place();
        if self.given_up.contains(&place) {
            return Took::Over;
        }
        let made = match self.permitted(step, plan::still_harmless).await {
            Ok(()) => self.make(step, None).await,
            Err(withheld) => Err(withheld),
        };
        let call = match made {
            Ok(call) => call,
            Err(withheld) => {
                self.seen.notes.extend(match withheld {
                    Withheld::Deadly => Some(format!(
                        "`{place}` was the end of the server, twice: it was not called again"
                    )),
                    // Said once: it is so for everything that follows.
                    Withheld::Gone(_) if self.gone => None,
                    Withheld::Forbidden(why) => {
                        Some(format!("`{place}` was not called any more: {why}"))
                    }
                    Withheld::Gone(why) => {
                        self.gone = true;
                        Some(format!(
                            "`{place}` and what comes after it was not called: the server is gone ({why})"
                        ))
                    }
                });
                self.given_up.insert(place);
                return Took::Over;
            }
        };
        let answered = matches!(
            call.outcome,
            Outcome::Answered(_) | Outcome::Refused { .. } | Outcome::Status(_)
        );
        let took = match call.outcome {
            _ if call.outcome.success().is_some() => Took::Sample(call.micros),
            Outcome::TimedOut { limit_ms } => {
                self.seen.notes.push(format!(
                    "`{place}` was not answered within {limit_ms} ms: it was not called again"
                ));
                Took::Over
            }
            Outcome::TooLarge { limit } => {
                let limit = limit >> 20;
                self.seen.notes.push(format!(
                    "`{place}` answered with more than {limit} MiB: it was not called again"
                ));
                Took::Over
            }
            _ => Took::Failed,
        };
        if took == Took::Over {
            self.given_up.insert(place);
        }
        if !warms_up || !answered {
            self.keep(&call);
        }
        took
    }

    /// Takes in a call that counts.
    pub(super) fn keep(&mut self, call: &Call) {
        let schema = plan::output_schema(&self.capture.surface, &call.at);
        self.seen.observed.record(call, schema);
        if call.scenario.is_none() {
            let (asked, failed) = self.counts.entry(call.at.clone()).or_default();
            *asked += 1;
            *failed += u32::from(call.outcome.success().is_none());
        }
    }

    /// Makes one call that a scenario lists.
    ///
    /// # Errors
    /// Why it was not made.
    pub(super) async fn call(
        &mut self,
        step: &Step,
        scenario: Option<&str>,
    ) -> Result<Call, Withheld> {
        self.permitted(step, plan::still_listed).await?;
        self.make(step, scenario).await
    }

    async fn make(&mut self, step: &Step, scenario: Option<&str>) -> Result<Call, Withheld> {
        let tool = plan::tool(&self.capture.surface, step.target.name()).cloned();
        let called = (self.session)
            .call(&step.target, &step.arguments, tool.as_ref(), step.timeout)
            .await?;
        Ok(Call {
            at: step.target.place(),
            // What came from the environment is in those that were sent.
            arguments: step.shown.clone(),
            scenario: scenario.map(str::to_owned),
            outcome: called.outcome,
            micros: called.micros,
        })
    }

    /// Asks once more whether a call may be made, where the server has said since that its lists changed, or was started
    /// again: what it said before is no permission then.
    async fn permitted(&mut self, step: &Step, rule: Rule) -> Result<(), Withheld> {
        if let Some(surface) = self.session.news(&step.target).await? {
            self.lately = Some(surface);
        }
        let Some(now) = &self.lately else {
            return Ok(());
        };
        let approved = self.approved;
        rule(&Server { now, approved }, self.permit, step).map_err(Withheld::Forbidden)
    }

    /// The samples of a metric when it was approved.
    pub(super) fn approved(&self, place: &str, metric: &str) -> &'a [u64] {
        let watched = self.old.and_then(|old| old.places.get(place));
        let samples = watched.and_then(|watched| watched.latency.get(metric));
        samples.map_or(&[], Vec::as_slice)
    }

    /// Says what answered with errors where nobody knows yet that it does.
    pub(super) fn note_errors(&mut self) {
        let known = |at: &str| self.old.is_some_and(|old| old.places.contains_key(at));
        let told = |at: &str| self.given_up.contains(at);
        let notes: Vec<String> = (self.counts.iter())
            .filter(|(at, (_, failed))| *failed > 0 && !known(at.as_str()) && !told(at.as_str()))
            .map(|(at, (asked, failed))| {
                if asked == failed {
                    format!("`{at}` answered every call with an error")
                } else {
                    format!("`{at}` answered some calls with an error, and some not")
                }
            })
            .collect();
        self.seen.notes.extend(notes);
    }

    /// Says what was not called any more, because all calls together took too long.
    pub(super) fn note_too_late(&mut self, places: &BTreeSet<String>) {
        let here = |place: &&String| {
            let readings = &self.plan.readings;
            readings.iter().any(|step| step.target.place() == **place)
        };
        let names: Vec<&str> = places.iter().filter(here).map(String::as_str).collect();
        if !names.is_empty() {
            self.seen.notes.push(format!(
                "not probed, since all calls together took {} s: {}",
                CALLS_TIME.as_secs(),
                plan::named(&names)
            ));
        }
    }
}

fn planned(capture: &Capture, approved: Option<&Surface>, permit: &Permit) -> Plan {
    let now = &capture.surface;
    Plan::new(&Server { now, approved }, permit)
}
