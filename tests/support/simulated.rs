//! Servers whose latency is known, to see how often the verdict on it is wrong. Seeded: the same every time.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the test and the example use their own parts"
)]

use bellwether::measure::{Conditions, MORE_SAMPLES, Verdict, compare, suspected};

/// How many metrics a run has.
pub const METRICS: usize = 20;

/// How many samples a metric has at first.
pub const SAMPLES: usize = 25;

/// The threshold of all of this, in percent: the default.
pub const THRESHOLD: f64 = 10.0;

/// The first answers of a server that is not warm yet take so many times as long.
const WARMING: [f64; 3] = [8.0, 4.0, 2.0];

/// SplitMix64: enough for this, and no dependency.
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Above 0 and below 1.
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// By the standard normal distribution (Box and Muller).
    fn normal(&mut self) -> f64 {
        let (radius, angle) = (self.unit(), self.unit());
        (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }

    /// Around 1, with this coefficient of variation.
    fn log_normal(&mut self, variation: f64) -> f64 {
        (self.normal() * (1.0 + variation * variation).ln().sqrt()).exp()
    }
}

/// How the samples of one metric are spread, as factors of its usual time.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Log-normal with this coefficient of variation.
    LogNormal(f64),
    /// This part of all calls takes three times as long: a cache that misses.
    Bimodal(f64),
    /// Pareto with an exponent of 1.5, which has no variance.
    HeavyTail,
}

impl Shape {
    fn draw(self, dice: &mut Dice) -> f64 {
        match self {
            Self::LogNormal(variation) => dice.log_normal(variation),
            Self::Bimodal(missed) => {
                let slow = dice.unit() < missed;
                dice.log_normal(0.1) * if slow { 3.0 } else { 1.0 }
            }
            Self::HeavyTail => dice.unit().powf(-1.0 / 1.5),
        }
    }
}

/// What a run is like in which nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    LogNormal,
    Bimodal,
    /// The first samples of NEW are slow.
    WarmUp,
    /// The first samples of OLD are slow.
    WarmUpBefore,
    HeavyTail,
    /// All samples of a side are multiplied by a factor between 0.9 and 1.1, each side by its own.
    Machine,
    /// A fifth each of narrow, wide, bimodal and heavy-tailed metrics, slow first samples of NEW, and the factor.
    AllAtOnce,
}

impl World {
    pub const ALL: [Self; 7] = [
        Self::LogNormal,
        Self::Bimodal,
        Self::WarmUp,
        Self::WarmUpBefore,
        Self::HeavyTail,
        Self::Machine,
        Self::AllAtOnce,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::LogNormal => "log-normal, CV 0.05 to 0.5",
            Self::Bimodal => "bimodal, 10 to 50 % take 3 times as long",
            Self::WarmUp => "first 3 of NEW 8, 4, 2 times as slow",
            Self::WarmUpBefore => "first 3 of OLD 8, 4, 2 times as slow",
            Self::HeavyTail => "heavy tail, Pareto 1.5",
            Self::Machine => "machine at 0.9 to 1.1 in either run",
            Self::AllAtOnce => "all of these at once",
        }
    }

    fn shape(self, metric: usize) -> Shape {
        const VARIATIONS: [f64; 5] = [0.05, 0.1, 0.2, 0.3, 0.5];
        const MISSED: [f64; 4] = [0.1, 0.2, 0.35, 0.5];
        match self {
            Self::Bimodal => Shape::Bimodal(MISSED[metric % 4]),
            Self::HeavyTail => Shape::HeavyTail,
            Self::AllAtOnce => match metric % 5 {
                0 => Shape::LogNormal(0.1),
                1 => Shape::LogNormal(0.2),
                2 => Shape::LogNormal(0.5),
                3 => Shape::Bimodal(MISSED[metric / 5 % 4]),
                _ => Shape::HeavyTail,
            },
            _ => Shape::LogNormal(VARIATIONS[metric % 5]),
        }
    }

    fn machine_moves(self) -> bool {
        matches!(self, Self::Machine | Self::AllAtOnce)
    }
}

/// One side of one metric, to be asked for samples.
pub struct Server {
    shape: Shape,
    /// Microseconds.
    usual: f64,
    warming: usize,
}

impl Server {
    /// Warm, with a usual time of 20 ms multiplied by a factor.
    pub fn warm(shape: Shape, factor: f64) -> Self {
        Self {
            shape,
            usual: 20_000.0 * factor,
            warming: WARMING.len(),
        }
    }

    fn answer(&mut self, dice: &mut Dice) -> u64 {
        let warming = WARMING.get(self.warming).copied().unwrap_or(1.0);
        self.warming += 1;
        (self.shape.draw(dice) * self.usual * warming).round() as u64
    }

    fn answers(&mut self, dice: &mut Dice, count: usize) -> Vec<u64> {
        (0..count).map(|_| self.answer(dice)).collect()
    }
}

/// How many samples there are of each side, and of NEW how many more where a rise is suspected (side by side: of both).
#[derive(Clone, Copy)]
pub struct Sizes {
    pub old: usize,
    pub new: usize,
    pub more: usize,
}

impl Sizes {
    /// What is usual.
    pub const USUAL: Self = Self {
        old: SAMPLES,
        new: SAMPLES,
        more: MORE_SAMPLES as usize,
    };
}

/// Samples two servers as a check does and says what became of the metric.
pub fn judged(
    dice: &mut Dice,
    old: &mut Server,
    new: &mut Server,
    sizes: Sizes,
    conditions: Conditions,
) -> Verdict {
    let mut before = old.answers(dice, sizes.old);
    let mut after = new.answers(dice, sizes.new);
    if sizes.more > 0 && suspected(&before, &after, THRESHOLD) {
        after.extend(new.answers(dice, sizes.more));
        if conditions == Conditions::SideBySide {
            before.extend(old.answers(dice, sizes.more));
        }
    }
    compare(&before, &after, THRESHOLD, conditions).verdict
}

/// In how many of all runs at least one metric was found slower, or faster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Alarms {
    pub slower: usize,
    pub faster: usize,
}

/// Runs a server with 20 metrics so many times, NEW slower by a factor, and counts the runs with alarms.
pub fn alarms(
    world: World,
    conditions: Conditions,
    sizes: Sizes,
    factor: f64,
    runs: usize,
) -> Alarms {
    let seed = world as u64 * 1_000 + conditions as u64 * 100 + sizes.old as u64;
    let mut dice = Dice::seeded(seed);
    let mut alarms = Alarms::default();
    for _ in 0..runs {
        let mut speed = || match world.machine_moves() {
            true => 0.9 + 0.2 * dice.unit(),
            false => 1.0,
        };
        let first = speed();
        // Side by side there is one run, and the machine does both in it.
        let speeds = match conditions {
            Conditions::Apart => (first, speed()),
            Conditions::SideBySide => (first, first),
        };
        let (mut slower, mut faster) = (false, false);
        for metric in 0..METRICS {
            let shape = world.shape(metric);
            let (mut old, mut new) = (
                Server::warm(shape, speeds.0),
                Server::warm(shape, speeds.1 * factor),
            );
            match world {
                World::WarmUp | World::AllAtOnce => new.warming = 0,
                World::WarmUpBefore => old.warming = 0,
                _ => {}
            }
            match judged(&mut dice, &mut old, &mut new, sizes, conditions) {
                Verdict::Slower(_) => slower = true,
                Verdict::Faster(_) => faster = true,
                Verdict::Same | Verdict::TooFew => {}
            }
        }
        alarms.slower += usize::from(slower);
        alarms.faster += usize::from(faster);
    }
    alarms
}

/// In how many of all trials a server that became slower by a factor is called slower, on an even machine.
pub fn found(
    shape: Shape,
    factor: f64,
    conditions: Conditions,
    sizes: Sizes,
    trials: usize,
) -> usize {
    let mut dice = Dice::seeded(sizes.new as u64);
    (0..trials)
        .filter(|_| {
            let (mut old, mut new) = (Server::warm(shape, 1.0), Server::warm(shape, factor));
            let verdict = judged(&mut dice, &mut old, &mut new, sizes, conditions);
            matches!(verdict, Verdict::Slower(_))
        })
        .count()
}
