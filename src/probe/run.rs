//! Makes the calls of a plan and measures, on one server or on two side by side.
//!
//! On two servers every question goes to the one and then to the other, and so on, A B A B: what disturbs the machine
//! disturbs both. First come the questions that change nothing (lists, `ping`), then what is harmless by the server's own
//! word, then the scenarios.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::effort::{CALLS_TIME, Effort, LEAST_CALLS, METRIC_TIME};
use super::plan::{Permit, Plan};
use super::side::{Seen, Side, Took};
use super::{Moment, suite};
use crate::capture::spec::ServerSpec;
use crate::capture::{Capture, Session};
use crate::failure::Failure;
use crate::measure::{MORE_SAMPLES, Series, suspected};
use crate::observed::{Observed, SERVER, metric_of};
use crate::scenarios::Step;
use crate::surface::Surface;

/// One server to watch.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// How to reach it.
    pub spec: &'a ServerSpec,
    /// What was approved of it.
    pub approved: Option<&'a Surface>,
    /// What was seen of it when it was approved.
    pub observed: Option<&'a Observed>,
    /// What may be called.
    pub permit: &'a Permit,
    /// How much is measured; nothing where nobody wants that.
    pub effort: Option<Effort>,
}

/// A server that was watched.
pub struct Watched {
    /// What it says about itself.
    pub capture: Capture,
    /// What was called, and what not.
    pub plan: Plan,
    /// What it was seen doing.
    pub seen: Seen,
}

/// Captures one server, measures it and makes the calls that are allowed.
///
/// # Errors
/// Whatever kept the capture from being complete. What goes wrong afterwards is something seen.
pub async fn watch(
    subject: &Subject<'_>,
    progress: &dyn Fn(&Moment<'_>),
) -> Result<Watched, Failure> {
    let mut sides = vec![open(subject).await?];
    work(&mut sides, subject.effort, progress).await?;
    let side = sides.pop().expect("there is one");
    Ok(finish(side).await)
}

/// Watches two servers side by side: the old one and the new one, which is asked in the same revision and judged by
/// what the old one says of itself.
///
/// # Errors
/// Whatever kept one of the captures from being complete.
pub async fn watch_both(
    old: &Subject<'_>,
    new: &Subject<'_>,
    progress: &dyn Fn(&Moment<'_>),
) -> Result<[Watched; 2], Failure> {
    let before = open(old).await?;
    let surface = before.capture.surface.clone();
    let new = Subject {
        approved: Some(&surface),
        ..*new
    };
    let after = match open(&new).await {
        Ok(after) => after,
        Err(failure) => {
            before.session.end().await;
            return Err(failure);
        }
    };
    let mut sides = vec![before, after];
    let effort = new.effort;
    work(&mut sides, effort, progress).await?;
    let after = sides.pop().expect("there are two");
    let before = sides.pop().expect("there are two");
    Ok([finish(before).await, finish(after).await])
}

/// Captures one server and says what would be called; calls nothing.
///
/// # Errors
/// Whatever kept the capture from being complete.
pub async fn rehearse(subject: &Subject<'_>) -> Result<Plan, Failure> {
    let side = open(subject).await?;
    side.session.end().await;
    Ok(side.plan)
}

async fn open<'a>(subject: &Subject<'a>) -> Result<Side<'a>, Failure> {
    let opened = Session::open(subject.spec, subject.approved).await?;
    Ok(Side::new(
        opened,
        subject.permit,
        subject.approved,
        subject.observed,
    ))
}

async fn finish(mut side: Side<'_>) -> Watched {
    side.note_errors();
    let mut notes = side.plan.notes();
    notes.append(&mut side.seen.notes);
    side.capture.notes.append(&mut notes);
    side.capture.notes.extend(side.session.end().await);
    Watched {
        capture: side.capture,
        plan: side.plan,
        seen: side.seen,
    }
}

async fn work(
    sides: &mut [Side<'_>],
    effort: Option<Effort>,
    progress: &dyn Fn(&Moment<'_>),
) -> Result<(), Failure> {
    if let Some(effort) = effort {
        measure(sides, effort, progress).await;
        for side in sides.iter_mut() {
            side.reread().await?;
        }
    }
    let effort = effort.unwrap_or(Effort {
        warmup: 0,
        samples: LEAST_CALLS,
        more_at_first: false,
        threshold: 0.0,
    });
    read(sides, effort, progress).await;
    suite::run(sides, progress).await;
    Ok(())
}

/// Something that is asked again and again.
enum Asked {
    Method(&'static str),
    Reading(Step),
}

impl Asked {
    fn name(&self) -> String {
        match self {
            Self::Method(method) => (*method).to_owned(),
            Self::Reading(step) => step.target.place(),
        }
    }

    fn is_of(&self, side: &Side<'_>) -> bool {
        match self {
            Self::Method(method) => side.methods().contains(method),
            Self::Reading(step) => side.plan.readings.contains(step),
        }
    }

    async fn ask(&self, side: &mut Side<'_>, warms_up: bool) -> Took {
        match self {
            Self::Method(method) => side.ask(method).await,
            Self::Reading(step) => side.read(step, warms_up).await,
        }
    }

    fn approved<'a>(&self, side: &Side<'a>) -> &'a [u64] {
        match self {
            Self::Method(method) => side.approved(SERVER, method),
            Self::Reading(step) => {
                let place = step.target.place();
                side.approved(&place, metric_of(&place))
            }
        }
    }

    /// How many answers there are at least, however slow they come.
    fn least(&self) -> u32 {
        match self {
            Self::Method(_) => 0,
            Self::Reading(_) => LEAST_CALLS,
        }
    }
}

/// Measures every list that a server offers, by its first page, and `ping`.
async fn measure(sides: &mut [Side<'_>], effort: Effort, progress: &dyn Fn(&Moment<'_>)) {
    let mut all: Vec<&'static str> = Vec::new();
    for side in sides.iter() {
        let new = side.methods().into_iter();
        all.extend(
            new.filter(|method| !all.contains(method))
                .collect::<Vec<_>>(),
        );
    }
    let asked: Vec<Asked> = all.into_iter().map(Asked::Method).collect();
    let taken = sample(sides, &asked, effort, None, progress).await;
    for (asked, samples) in asked.iter().zip(taken) {
        for (side, samples) in sides.iter_mut().zip(samples) {
            if let (Asked::Method(metric), true) = (asked, asked.is_of(side)) {
                side.seen.timed.push(Series { metric, samples });
            }
        }
    }
    for side in sides {
        let samples = vec![side.capture.latency.connect];
        let connect = Series {
            metric: crate::observed::CONNECT,
            samples,
        };
        side.seen.timed.push(connect);
    }
}

/// Makes the calls that are harmless by the server's own word.
async fn read(sides: &mut [Side<'_>], effort: Effort, progress: &dyn Fn(&Moment<'_>)) {
    let mut all: Vec<Step> = Vec::new();
    for side in sides.iter() {
        for step in &side.plan.readings {
            if !all.contains(step) {
                all.push(step.clone());
            }
        }
    }
    let asked: Vec<Asked> = all.into_iter().map(Asked::Reading).collect();
    let deadline = Instant::now() + CALLS_TIME;
    sample(sides, &asked, effort, Some(deadline), progress).await;
}

/// Takes samples of everything, from every server; gives them by what was asked, then by server.
async fn sample(
    sides: &mut [Side<'_>],
    asked: &[Asked],
    effort: Effort,
    deadline: Option<Instant>,
    progress: &dyn Fn(&Moment<'_>),
) -> Vec<Vec<Vec<u64>>> {
    let began = Instant::now();
    let mut taken = Vec::new();
    for (index, one) in asked.iter().enumerate() {
        let mut track = Track::new(one, sides);
        let late = || deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if late() {
            let rest: BTreeSet<String> = asked[index..].iter().map(Asked::name).collect();
            for side in sides.iter_mut() {
                side.note_too_late(&rest);
            }
            break;
        }
        let tell = |done: u32, of: u32| {
            let parts = index as f64 + f64::from(done) / f64::from(of.max(1));
            progress(&Moment {
                what: &one.name(),
                done,
                of,
                left: left(began.elapsed(), parts / asked.len() as f64),
            });
        };
        let warm = track.round(sides, effort.warmup, 0, true, &|_, _| ()).await;
        let least = one
            .least()
            .saturating_sub(warm)
            .max(u32::from(one.least() > 0));
        track
            .round(sides, effort.samples, least, false, &tell)
            .await;
        if !late() && track.needs_more(sides, effort) {
            track.round(sides, MORE_SAMPLES, 0, false, &tell).await;
        }
        taken.push(track.samples);
    }
    taken
}

/// One thing while it is asked again and again.
struct Track<'t> {
    asked: &'t Asked,
    /// Which servers are still asked.
    open: Vec<bool>,
    /// What counts, by server.
    samples: Vec<Vec<u64>>,
}

impl<'t> Track<'t> {
    fn new(asked: &'t Asked, sides: &[Side<'_>]) -> Self {
        Self {
            asked,
            open: sides.iter().map(|side| asked.is_of(side)).collect(),
            samples: vec![Vec::new(); sides.len()],
        }
    }

    /// Asks every server up to `most` times, as long as the time is not up; `least` times all the same. Gives how often.
    async fn round(
        &mut self,
        sides: &mut [Side<'_>],
        most: u32,
        least: u32,
        warms_up: bool,
        tell: &dyn Fn(u32, u32),
    ) -> u32 {
        let began = Instant::now();
        let time = METRIC_TIME * u32::try_from(sides.len()).unwrap_or(1);
        let most = most.max(least);
        for done in 0..most {
            if !self.open.contains(&true) || (done >= least && began.elapsed() >= time) {
                return done;
            }
            tell(done, most);
            for (index, side) in sides.iter_mut().enumerate() {
                if !self.open[index] {
                    continue;
                }
                match self.asked.ask(side, warms_up).await {
                    Took::Sample(micros) if !warms_up => self.samples[index].push(micros),
                    Took::Sample(_) | Took::Failed => {}
                    Took::Over => self.open[index] = false,
                }
            }
        }
        most
    }

    /// Whether more samples are worth their time: the newest server may have become slower than it was approved, or than
    /// the one beside it; or nothing is approved, and what is measured now may be what later runs are held against.
    fn needs_more(&self, sides: &[Side<'_>], effort: Effort) -> bool {
        let Some((new, before)) = self.samples.split_last() else {
            return false;
        };
        let old = match before.first() {
            Some(beside) => beside.as_slice(),
            None => sides
                .last()
                .map_or(&[][..], |side| self.asked.approved(side)),
        };
        if old.is_empty() {
            effort.more_at_first
        } else {
            suspected(old, new, effort.threshold)
        }
    }
}

/// The time that is left where a part of the work took so long.
fn left(took: Duration, part: f64) -> Option<Duration> {
    (part > 0.05).then(|| took.mul_f64(((1.0 - part) / part).max(0.0)))
}
