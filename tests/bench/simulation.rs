//! How often the verdict on latency is wrong and how often it finds what is there, at length:
//! `cargo run --release --example simulation [RUNS]`.
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

#[path = "../support/simulated.rs"]
mod simulated;

use bellwether::measure::{Conditions, Rate, Trend};
use simulated::{Dice, METRICS, Shape, Sizes, World, alarms, found};

const BOTH: [(Conditions, &str); 2] = [
    (Conditions::Apart, "against a baseline"),
    (Conditions::SideBySide, "side by side"),
];

fn main() {
    let runs = std::env::args()
        .nth(1)
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(20_000);
    println!(
        "False alarms in {runs} runs of {METRICS} metrics in which nothing changed, per 1,000 runs\n"
    );
    println!("| latency | how | samples | slower | faster |\n|---|---|---|---|---|");
    let grown = Sizes {
        old: 65,
        ..Sizes::USUAL
    };
    for world in World::ALL {
        for (conditions, how, sizes) in [
            (Conditions::Apart, "against a baseline", Sizes::USUAL),
            (Conditions::Apart, "against a baseline", grown),
            (Conditions::SideBySide, "side by side", Sizes::USUAL),
        ] {
            let alarms = alarms(world, conditions, sizes, 1.0, runs);
            println!(
                "| {} | {how} | {} | {:.2} | {:.2} |",
                world.name(),
                shown(sizes),
                per_thousand(alarms.slower, runs),
                per_thousand(alarms.faster, runs)
            );
        }
    }
    errors(runs);
    println!("\nA true rise of 5 %: runs of {METRICS} metrics with an alarm, per 1,000\n");
    println!("| latency | how | slower |\n|---|---|---|");
    for world in World::ALL {
        for (conditions, how) in BOTH {
            let alarms = alarms(world, conditions, Sizes::USUAL, 1.05, runs / 4);
            let rate = per_thousand(alarms.slower, runs / 4);
            println!("| {} | {how} | {rate:.2} |", world.name());
        }
    }
    power(runs.min(2_000));
}

/// What errors that come as often as before look like.
fn errors(runs: usize) {
    let mut dice = Dice::seeded(7);
    let mut wrong = 0;
    for _ in 0..runs {
        let mut rate = |often: f64| Rate {
            count: (0..25).filter(|_| dice.unit() < often).count() as u32,
            of: 25,
        };
        let up = (0..METRICS).any(|tool| {
            let often = [0.02, 0.1, 0.3, 0.5][tool % 4];
            rate(often).trend(rate(often)) == Trend::Up
        });
        wrong += usize::from(up);
    }
    println!(
        "| errors of 2 to 50 % of the calls | either | 25 : 25 | {:.2} | |",
        per_thousand(wrong, runs)
    );
}

/// How often a true rise is found.
fn power(trials: usize) {
    println!(
        "\nA true rise that is found, in percent of {trials} trials of one metric, log-normal\n"
    );
    println!(
        "| CV | samples | how | 1.2 times | 1.3 | 1.5 | 2 | 3 |\n|---|---|---|---|---|---|---|---|"
    );
    let sizes = [
        (5, 5, 40),
        (10, 10, 0),
        (10, 10, 40),
        (25, 25, 0),
        (25, 25, 40),
        (40, 25, 40),
        (65, 25, 40),
    ];
    for variation in [0.1, 0.2, 0.5] {
        for (old, new, more) in sizes {
            for (conditions, how) in BOTH {
                let sizes = Sizes { old, new, more };
                let cells: String = [1.2, 1.3, 1.5, 2.0, 3.0]
                    .iter()
                    .map(|factor| {
                        let shape = Shape::LogNormal(variation);
                        let found = found(shape, *factor, conditions, sizes, trials);
                        format!(" {:.1} |", found as f64 * 100.0 / trials as f64)
                    })
                    .collect();
                println!("| {variation} | {} | {how} |{cells}", shown(sizes));
            }
        }
    }
}

/// `25 : 25 + 40`: of OLD, of NEW, and how many more where a rise is suspected.
fn shown(sizes: Sizes) -> String {
    match sizes.more {
        0 => format!("{} : {}", sizes.old, sizes.new),
        more => format!("{} : {} + {more}", sizes.old, sizes.new),
    }
}

fn per_thousand(count: usize, all: usize) -> f64 {
    count as f64 * 1000.0 / all as f64
}
