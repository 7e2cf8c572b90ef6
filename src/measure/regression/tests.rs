//! What the verdict says of samples whose answer is known. How often it errs is for `tests/simulation.rs`.

use super::*;

/// So many samples from 80 to 120 % of a time, at even distances.
fn around(middle: u64, count: u64) -> Vec<u64> {
    (0..count)
        .map(|i| middle * 4 / 5 + middle * 2 / 5 * i / (count - 1).max(1))
        .collect()
}

fn verdict(old: &[u64], new: &[u64]) -> Verdict {
    compare(old, new, 10.0, Conditions::Apart).verdict
}

fn beside(old: &[u64], new: &[u64]) -> Verdict {
    compare(old, new, 10.0, Conditions::SideBySide).verdict
}

#[test]
fn a_clear_rise_is_told_with_its_numbers() {
    let (old, new) = (around(20_000, 25), around(40_000, 25));
    let told = compare(&old, &new, 10.0, Conditions::Apart);
    assert_eq!(told.verdict, Verdict::Slower(Quantile::P50));
    assert_eq!((told.p50.old, told.p50.new), (20_000, 40_000));
    assert_eq!(told.p50.percent(), Some(100.0));
    assert_eq!(told.confidence, Confidence::High);
    assert!(told.chance.is_some_and(|chance| chance <= MEDIAN_ALPHA));
    assert_eq!(verdict(&new, &old), Verdict::Faster(Quantile::P50));
    assert_eq!(beside(&old, &new), Verdict::Slower(Quantile::P50));
}

#[test]
fn the_same_samples_are_the_same() {
    let old = around(20_000, 25);
    let told = compare(&old, &old, 10.0, Conditions::SideBySide);
    assert_eq!((told.verdict, told.chance), (Verdict::Same, None));
    assert!(!suspected(&old, &old, 10.0));
    assert!(same(&old, &old));
}

#[test]
fn what_two_moods_of_a_machine_explain_is_told_only_side_by_side() {
    let old: Vec<u64> = (0..65).map(|i| 20_000 + i).collect();
    let times = |percent: u64| old.iter().map(|s| s * percent / 100).collect::<Vec<_>>();
    assert_eq!(verdict(&old, &times(121)), Verdict::Same);
    assert_eq!(beside(&old, &times(121)), Verdict::Slower(Quantile::P50));
    assert_eq!(verdict(&old, &times(124)), Verdict::Slower(Quantile::P50));
    assert_eq!(beside(&old, &times(109)), Verdict::Same);
    assert!(same(&old, &times(121)) && !same(&old, &times(124)));
    assert!(!same(&times(124), &old));
}

#[test]
fn the_threshold_is_the_user_s() {
    let (old, new) = (around(20_000, 25), around(40_000, 25));
    let by = |percent| compare(&old, &new, percent, Conditions::Apart).verdict;
    assert_eq!(by(90.0), Verdict::Slower(Quantile::P50));
    assert_eq!(by(110.0), Verdict::Same);
    assert_eq!(by(-5.0), Verdict::Slower(Quantile::P50));
    assert_eq!(by(f64::NAN), Verdict::Slower(Quantile::P50));
    assert_eq!(by(f64::INFINITY), Verdict::Same);
    // A rise of which only the estimate passes the threshold, and chance explains more than half of it.
    let wide: Vec<u64> = (0..25).map(|i| 5_000 + 2_000 * i).collect();
    let wider: Vec<u64> = wide.iter().map(|s| s + 9_000).collect();
    assert_eq!(beside(&wide, &wider), Verdict::Same);
}

#[test]
fn a_rise_below_the_noise_of_a_scheduler_is_none() {
    let (old, new) = (around(300, 65), around(1_100, 65));
    assert_eq!(beside(&old, &new), Verdict::Same);
    assert!(!suspected(&old, &new, 10.0));
    assert!(same(&old, &new));
    let seen = around(1_400, 65);
    assert_eq!(beside(&old, &seen), Verdict::Slower(Quantile::P50));
    assert_eq!(beside(&seen, &old), Verdict::Faster(Quantile::P50));
}

#[test]
fn few_samples_prove_nothing() {
    let far = |count| (around(20_000, count), around(2_000_000, count));
    for count in [1, 2, 5, 9] {
        let (old, new) = far(count);
        assert_eq!(verdict(&old, &new), Verdict::TooFew, "{count}");
        assert!(same(&old, &new), "{count}");
    }
    let (old, new) = far(9);
    assert_eq!(beside(&old, &new), Verdict::Slower(Quantile::P50));
    assert_eq!(beside(&far(8).0, &far(8).1), Verdict::TooFew);
    let (old, new) = far(10);
    assert_eq!(verdict(&old, &new), Verdict::Slower(Quantile::P50));
    assert_eq!(verdict(&[], &new), Verdict::TooFew);
    assert_eq!(verdict(&old, &[]), Verdict::TooFew);
    assert_eq!(
        compare(&[], &[], 10.0, Conditions::Apart).p50.percent(),
        None
    );
}

#[test]
fn one_connect_a_run_raises_nothing() {
    assert_eq!(verdict(&[20_000], &[9_000_000]), Verdict::TooFew);
    assert!(!suspected(&[20_000], &[9_000_000], 10.0));
    assert!(same(&[20_000], &[9_000_000]));
}

#[test]
fn a_few_outliers_decide_nothing() {
    let old = around(20_000, 25);
    let mut new = old.clone();
    for sample in &mut new[..3] {
        *sample *= 50;
    }
    assert_eq!(beside(&old, &new), Verdict::Same);
    assert_eq!(beside(&new, &old), Verdict::Same);
}

#[test]
fn a_tail_alone_takes_many_slow_calls() {
    let old = around(20_000, 65);
    let with = |slow: usize| {
        let mut new = old.clone();
        // Spread over all of them, so that the usual call stays as it was.
        new.iter_mut()
            .step_by(65 / slow)
            .take(slow)
            .for_each(|s| *s *= 10);
        new
    };
    assert_eq!(verdict(&old, &with(5)), Verdict::Same);
    assert_eq!(verdict(&old, &with(25)), Verdict::Slower(Quantile::P95));
    assert_eq!(verdict(&with(25), &old), Verdict::Faster(Quantile::P95));
    assert!(!same(&old, &with(25)));
    let few = around(20_000, 25);
    let mut slow = few.clone();
    slow.iter_mut().rev().take(9).for_each(|s| *s *= 10);
    assert_eq!(verdict(&few, &slow), Verdict::Same);
    assert!(suspected(&few, &slow, 10.0));
}

#[test]
fn what_is_called_slower_was_suspected() {
    let old = around(20_000, 25);
    for percent in (100..260).step_by(5) {
        let new: Vec<u64> = old.iter().map(|s| s * percent / 100).collect();
        for conditions in [Conditions::Apart, Conditions::SideBySide] {
            let told = compare(&old, &new, 10.0, conditions).verdict;
            assert!(!matches!(told, Verdict::Slower(_)) || suspected(&old, &new, 10.0));
        }
    }
    assert!(suspected(&old, &around(24_000, 25), 10.0));
    // One slow sample raises no suspicion, three do.
    assert!(!suspected(&old, &[60_000], 10.0));
    assert!(suspected(&old, &around(60_000, 3), 10.0));
}

#[test]
fn a_baseline_grows_only_out_of_uselessness() {
    assert!(same(&[], &[]));
    assert!(!same(&[], &[1_000]));
    assert!(same(&[1_000], &[]));
    assert!(same(&around(20_000, 5), &around(20_000, 19)));
    assert!(!same(&around(20_000, 5), &around(20_000, 20)));
    assert!(same(&around(20_000, 10), &around(20_000, 1_000)));
}

#[test]
fn the_order_of_samples_and_their_extremes_do_no_harm() {
    let (old, mut new) = (around(20_000, 25), around(40_000, 25));
    let sorted = compare(&old, &new, 10.0, Conditions::Apart);
    new.reverse();
    assert_eq!(compare(&old, &new, 10.0, Conditions::Apart), sorted);
    assert_eq!(
        verdict(&[0; 25], &[u64::MAX; 25]),
        Verdict::Slower(Quantile::P50)
    );
    assert_eq!(
        verdict(&[u64::MAX; 25], &[0; 25]),
        Verdict::Faster(Quantile::P50)
    );
    assert_eq!(verdict(&[7; 300], &[7; 300]), Verdict::Same);
    let (many, more) = (around(20_000, 500), around(30_000, 500));
    assert_eq!(verdict(&many, &more), Verdict::Slower(Quantile::P50));
}

#[test]
fn speeds_of_a_machine_are_a_distribution() {
    let most = SPEEDS.1 / SPEEDS.0;
    assert!((slower_machine(1.0) - 0.5).abs() < 1e-12);
    assert!(slower_machine(most) < 1e-12);
    assert!((slower_machine(1.0 / most) - 1.0).abs() < 1e-12);
    assert!((0.13..0.15).contains(&slower_machine(1.1)));
}
