//! The numbers that are found, against a table and against trying all.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::json::{Number, compact, parse};

fn exact(literal: &str) -> Exact {
    Exact::of(&Number::from_literal(literal)).expect("an exponent that can be held")
}

/// Numbers in a short notation: a range such as `[0,1)` (an end may be left blank), then `%` what they are multiples
/// of, `!%` what they are no multiples of, `-` what is left out.
fn numbers(text: &str) -> Numbers {
    let mut parts = text.split(' ');
    let range = parts.next().expect("a range");
    let (low, high) = range.split_once(',').expect("two ends");
    let mut numbers = Numbers::default();
    if low.len() > 1 {
        numbers.at_least(Bound {
            at: exact(&low[1..]),
            open: low.starts_with('('),
        });
    }
    if high.len() > 1 {
        numbers.at_most(Bound {
            at: exact(&high[..high.len() - 1]),
            open: high.ends_with(')'),
        });
    }
    for part in parts {
        if let Some(excluded) = part.strip_prefix("!%") {
            numbers.not_multiples.push(exact(excluded));
        } else if let Some(step) = part.strip_prefix('%') {
            numbers.multiples.push(exact(step));
        } else {
            numbers.except.insert(exact(&part[1..]));
        }
    }
    numbers
}

fn find(numbers: &Numbers) -> String {
    match numbers.find(&Budget::new(1_000_000)) {
        Ok(Found::Number(number)) => compact(&number),
        Ok(Found::None) => "none".to_owned(),
        Ok(Found::Unknown) => "unknown".to_owned(),
        Err(Exhausted) => "exhausted".to_owned(),
    }
}

#[test]
fn the_number_nearest_to_zero_is_found_or_none() {
    for (text, expected) in [
        ("(,)", "0"),
        ("(,) -0", "1"),
        ("(,) -0 -1", "-1"),
        ("(,) %1 -0 -1 -2 -1.0 --1", "-2"),
        ("[0.5,0.7]", "0.5"),
        ("(0.5,0.7]", "0.6"),
        ("(0.5,0.6)", "0.55"),
        ("[3,)", "3"),
        ("(15,)", "16"),
        ("(,-3)", "-4"),
        ("(,-3]", "-3"),
        ("[-0.25,-0.2)", "-0.25"),
        ("(99.5,100.4)", "100"),
        ("(0,0.001)", "0.0005"),
        ("(0.951,0.959)", "0.955"),
        ("(0,1e-300)", "5e-301"),
        (
            "(1,1.0000000000000000000000000000000000000001)",
            "1.00000000000000000000000000000000000000005",
        ),
        ("[7,7]", "7"),
        ("[7,7] -7", "none"),
        ("[7,7)", "none"),
        ("(7,7)", "none"),
        ("[8,7]", "none"),
        ("[2.5,2.5] %1", "none"),
        ("[2.5,2.5] %0.5 !%1", "2.5"),
        ("[2.5,2.5] %0.5 !%0.1", "none"),
    ] {
        assert_eq!(find(&numbers(text)), expected, "{text}");
    }
}

#[test]
fn multiples_are_decided_exactly() {
    for (text, expected) in [
        ("[2,4] %1 !%1", "none"),
        ("(,) !%1", "0.5"),
        ("(0,1) !%1 !%0.5", "0.1"),
        ("(,) !%0.1", "0.05"),
        ("(,) !%0.1 !%0.001", "0.0005"),
        ("(,) !%1e-4000", "5e-4001"),
        ("(,) !%3", "1"),
        ("(,) !%0.25", "0.1"),
        ("(,) %6 !%4", "6"),
        ("(,) %6 !%-4", "6"),
        ("(,) %6 !%2", "none"),
        ("(,) %6 !%12 -6 --6", "18"),
        ("(,) %6 %4 -0", "12"),
        ("(,) %0.3 %0.2", "0"),
        ("(,) %0.3 %0.2 -0", "0.6"),
        ("(,) %0.3 %-0.2 !%0.9 -0.6", "-0.6"),
        ("(,) %1.0 !%2 !%3 -1 --1", "5"),
        ("[2,4] %1 !%2 !%3", "none"),
        ("(0,1) %1", "none"),
        ("(-1,1) %1 -0", "none"),
        ("[1,10] %4 %6", "none"),
        ("[1,12] %4 %6", "12"),
        ("[0.05,0.15] %0.1", "0.1"),
        ("(,) %0.1 !%0.2 !%0.3 !%0.5 !%0.7", "0.1"),
        ("[0.2,) %0.1 !%0.2 !%0.3 !%0.5 !%0.7", "1.1"),
        ("(9007199254740992,9007199254740993) %1", "none"),
        ("(9007199254740992,9007199254740993)", "9007199254740992.5"),
        (
            "(9007199254740992,9007199254740993) !%1",
            "9007199254740992.5",
        ),
        ("(9007199254740992,9007199254740993] %1", "9007199254740993"),
        ("[9007199254740993,9007199254740993] %2", "none"),
        ("(,) %0", "unknown"),
        ("(,) !%0", "unknown"),
    ] {
        assert_eq!(find(&numbers(text)), expected, "{text}");
    }
}

#[test]
fn numbers_far_out_are_found_and_written_briefly() {
    for (text, expected) in [
        ("[1e400,)", "1e400"),
        ("(1e400,)", "2e400"),
        ("(1e308,1e400) %1", "2e308"),
        ("(1e400,1e308)", "none"),
        ("(,-1e400] %3", "-3e400"),
        ("[1e999999,)", "1e999999"),
        ("[1e999999,1e999998]", "none"),
        ("[1e999999,1e999999] %1", "1e999999"),
        ("[1e999999,) %7", "7e999999"),
        ("[1e999999,1.0001e999999] %7", "unknown"),
        ("[-1e999999,1e999999] %1 -0", "1"),
        ("[1e-999999,5] %1", "1"),
        ("[1e39,1e39]", "1000000000000000000000000000000000000000"),
        ("[1e40,1e40]", "1e40"),
        ("[-1.5e-50,-1.5e-50]", "-1.5e-50"),
    ] {
        assert_eq!(find(&numbers(text)), expected, "{text}");
    }
    let long = "7".repeat(6_000);
    assert_eq!(find(&numbers(&format!("[{long},{long}]"))).len(), 6_000);
    assert_eq!(find(&numbers(&format!("[{long},) %7"))), "unknown");
    assert_eq!(find(&numbers(&format!("[0,{long}] %7 -0"))), "7");
}

#[test]
fn an_exponent_that_cannot_be_held_gives_no_value() {
    for literal in ["1e99999999999999999999", "-1e-9223372036854775807"] {
        let number = Number::from_literal(literal);
        assert_eq!(Exact::of(&number), None, "{literal}");
    }
}

#[test]
fn multiples_are_recognised_at_any_scale() {
    for (value, of, expected) in [
        ("1e999999", "1", Some(true)),
        ("1e999999", "3", None),
        ("3e5000", "-3", Some(true)),
        ("1e4999", "2.5", Some(true)),
        ("1e5000", "3", Some(false)),
        ("1e-999999", "1", Some(false)),
        ("1.0", "1", Some(true)),
        ("0.3", "0.1", Some(true)),
        ("19.99", "0.01", Some(true)),
        ("4.35", "0.01", Some(true)),
        ("0.07", "0.03", Some(false)),
        ("0", "1e-999999", Some(true)),
        ("1e308", "0.123456789", Some(false)),
        ("123456789123456789123456789", "123456789", Some(true)),
        ("123456789123456789123456788", "123456789", Some(false)),
        ("5", "0", None),
    ] {
        assert_eq!(
            is_multiple(&exact(value), &exact(of)),
            expected,
            "{value} by {of}"
        );
    }
}

#[test]
fn the_work_is_bounded() {
    let mut all = numbers("[1,) %1");
    all.except = (1..4_000).map(Exact::from).collect();
    assert_eq!(all.find(&Budget::new(100)), Err(Exhausted));
    assert_eq!(find(&all), "4000");
}

/// The value in thousandths of thousandths, which the numbers of these tests never leave.
fn millionths(literal: &str) -> i64 {
    let (whole, fraction) = literal.split_once('.').unwrap_or((literal, ""));
    format!("{whole}{fraction:0<6}")
        .parse()
        .expect("few digits")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_found_is_what_trying_all_finds(
        low in -40_i64..40, width in 0_i64..60, open in any::<(bool, bool)>(),
        multiples in vec(1_i64..40, 0..3), not_multiples in vec(1_i64..30, 0..4), except in vec(-30_i64..30, 0..6),
    ) {
        let tenth = |tenths: &i64| Exact::scaled(&BigInt::from(*tenths), -1);
        let high = low + width;
        let numbers = Numbers {
            low: Some(Bound { at: tenth(&low), open: open.0 }),
            high: Some(Bound { at: tenth(&high), open: open.1 }),
            multiples: multiples.iter().map(tenth).collect(),
            not_multiples: not_multiples.iter().map(tenth).collect(),
            except: except.iter().map(tenth).collect(),
        };
        let fits = |value: i64, unit: i64| {
            (value > low * unit || value == low * unit && !open.0)
                && (value < high * unit || value == high * unit && !open.1)
                && multiples.iter().all(|step| value % (step * unit) == 0)
                && not_multiples.iter().all(|step| value % (step * unit) != 0)
                && except.iter().all(|one| value != one * unit)
        };
        let found = find(&numbers);
        if found == "none" {
            prop_assert!(!multiples.is_empty() || width == 0, "{numbers:?}");
            prop_assert!((low..=high).all(|value| !fits(value, 1)), "{numbers:?}");
        } else {
            let value = millionths(&found);
            prop_assert!(fits(value, 100_000), "{found} for {numbers:?}");
            if !multiples.is_empty() {
                let nearest = (low..=high).filter(|value| fits(*value, 1)).min_by_key(|value| (value.abs(), *value < 0));
                prop_assert_eq!(Some(value), nearest.map(|value| value * 100_000));
            }
        }
    }

    #[test]
    fn an_open_range_has_a_number_unless_all_are_excluded(
        low in proptest::option::of(-90_i64..90), scale in -30_i64..30,
        multiples in vec(1_i64..90, 1..4), not_multiples in vec(1_i64..90, 0..9), except in vec(-90_i64..90, 0..9),
    ) {
        let scaled = |value: &i64| Exact::scaled(&BigInt::from(*value), scale);
        let numbers = Numbers {
            low: low.map(|low| Bound { at: scaled(&low), open: true }),
            multiples: multiples.iter().map(scaled).collect(),
            not_multiples: not_multiples.iter().map(scaled).collect(),
            except: except.iter().map(scaled).collect(),
            ..Numbers::default()
        };
        let step = multiples.iter().fold(1, |common, step| num_integer::lcm(common, *step));
        let found = find(&numbers);
        prop_assert_eq!(found == "none", not_multiples.iter().any(|one| step % one == 0), "{:?}", numbers);
        if found != "none" {
            let found = exact(&found);
            prop_assert!(low.is_none_or(|low| found > scaled(&low)) && !numbers.except.contains(&found));
            prop_assert!(numbers.multiples.iter().all(|one| is_multiple(&found, one) == Some(true)));
            prop_assert!(numbers.not_multiples.iter().all(|one| is_multiple(&found, one) == Some(false)));
        }
    }

    #[test]
    fn order_and_multiples_are_those_of_whole_numbers(a in -5_000_i64..5_000, b in 1_i64..500, scale in 0_i64..30) {
        let (one, two) = (Exact::scaled(&a.into(), -scale), Exact::scaled(&b.into(), -scale));
        prop_assert_eq!(one.cmp(&two), a.cmp(&b));
        prop_assert_eq!(is_multiple(&one, &two), Some(a % b == 0));
        let long = |value: i64| Exact::scaled(&(BigInt::from(value) * 1_000_000_007_i64 * 998_244_353_i64), scale);
        prop_assert_eq!(is_multiple(&long(a), &long(b)), Some(a % b == 0));
        prop_assert_eq!(&exact(&compact(&one.to_json())), &one);
    }

    #[test]
    fn a_number_survives_its_literal(literal in "-?(0|[1-9][0-9]{0,60})(\\.[0-9]{1,60})?(e[+-]?[0-9]{1,4})?") {
        let value = exact(&literal);
        let written = value.to_json();
        prop_assert_eq!(&written, &parse(&literal).expect("JSON"));
        let plain = !compact(&written).contains('e');
        prop_assert!(plain || compact(&written).len() <= literal.len() || literal.contains('e'));
    }
}
