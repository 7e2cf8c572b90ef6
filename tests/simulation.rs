//! The verdict on latency is seldom wrong and finds what is there: `tests/bench/simulation.rs` in small. Everything is
//! seeded, so each number below comes out the same every time.

#[path = "support/simulated.rs"]
mod simulated;

use bellwether::measure::Conditions::{Apart, SideBySide};
use bellwether::measure::{Conditions, Rate, Trend};
use simulated::{Alarms, Dice, Shape, Sizes, World, alarms, found};

/// Enough to notice a verdict that is wrong ten times as often as it may be.
const RUNS: usize = 150;

fn quiet(conditions: Conditions, sizes: Sizes) {
    for world in World::ALL {
        let wrong = alarms(world, conditions, sizes, 1.0, RUNS);
        assert_eq!(wrong, Alarms::default(), "{}", world.name());
    }
}

fn percent_found(variation: f64, factor: f64, conditions: Conditions, sizes: Sizes) -> f64 {
    let trials = 200;
    let found = found(
        Shape::LogNormal(variation),
        factor,
        conditions,
        sizes,
        trials,
    );
    found as f64 * 100.0 / trials as f64
}

#[test]
fn nothing_changed_and_nothing_is_told_against_a_baseline() {
    quiet(Apart, Sizes::USUAL);
}

#[test]
fn nothing_changed_and_nothing_is_told_side_by_side() {
    quiet(SideBySide, Sizes::USUAL);
}

#[test]
fn a_rise_below_the_threshold_is_quiet() {
    for conditions in [Apart, SideBySide] {
        let wrong = alarms(World::LogNormal, conditions, Sizes::USUAL, 1.05, RUNS);
        assert_eq!(wrong, Alarms::default());
    }
}

#[test]
fn a_rise_by_half_is_found() {
    let grown = Sizes {
        old: 65,
        ..Sizes::USUAL
    };
    assert!(percent_found(0.2, 1.5, SideBySide, Sizes::USUAL) >= 99.0);
    assert!(percent_found(0.2, 1.5, Apart, grown) >= 99.0);
    // What 25 samples in the baseline leave to be known of a machine that may have been at its best then.
    assert!(percent_found(0.2, 1.5, Apart, Sizes::USUAL) >= 90.0);
    assert!(percent_found(0.2, 2.0, Apart, Sizes::USUAL) >= 99.0);
}

#[test]
fn ten_samples_find_what_is_twice_as_slow() {
    let ten = Sizes {
        old: 10,
        new: 10,
        more: 0,
    };
    assert!(percent_found(0.2, 2.0, Apart, ten) >= 70.0);
    assert!((3.0..12.0).contains(&percent_found(0.2, 1.5, Apart, ten)));
    assert!(percent_found(0.2, 1.5, Apart, Sizes { more: 40, ..ten }) >= 35.0);
}

#[test]
fn errors_as_often_as_before_are_quiet_and_a_flood_of_them_is_not() {
    let mut dice = Dice::seeded(7);
    let mut rate = |often: f64| Rate {
        count: (0..25).filter(|_| dice.unit() < often).count() as u32,
        of: 25,
    };
    for often in [0.0, 0.02, 0.1, 0.3, 0.5, 0.9, 1.0] {
        let trends = (0..1_000).map(|_| rate(often).trend(rate(often)));
        assert_eq!(
            trends.filter(|trend| *trend != Trend::Same).count(),
            0,
            "{often}"
        );
    }
    let risen = (0..1_000).filter(|_| rate(0.05).trend(rate(0.95)) == Trend::Up);
    assert!(risen.count() >= 990);
}
