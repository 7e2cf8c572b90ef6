//! Rates: is something that happens to some calls, an error or a time-out, happening to more of them?

use super::chance;

/// How unlikely a change has to be before it counts as one: 3 in a million.
///
/// Of the 50 in a million that a tool may raise a false alarm in all (see `regression`), the latency takes 44; the rest is
/// for two rates, errors and time-outs. Small counts cannot reach the bound exactly and stay well below it.
const ALPHA: f64 = 3e-6;

/// To how many of all calls something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// To how many; never more than all of them.
    pub count: u32,
    /// How many there were.
    pub of: u32,
}

/// Where a rate goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// So few calls that even none of them before and all of them now could be chance.
    TooFew,
    /// What differs may be chance.
    Same,
    /// It happens to more of the calls.
    Up,
    /// It happens to fewer of the calls.
    Down,
}

impl Rate {
    /// In percent; nothing where there were no calls.
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.count.min(self.of)) * 100.0 / f64::from(self.of))
    }

    /// The rate of those to which it did not happen: of errors, the rate of success.
    #[must_use]
    pub fn complement(self) -> Self {
        Self {
            count: self.of - self.count.min(self.of),
            ..self
        }
    }

    /// Where the rate goes from here to `new`, by Fisher's exact test, one side at a time.
    ///
    /// It takes every call for a draw of its own. What never happened and now always does is not for this test, which
    /// needs ten calls a side to believe it: that a category of errors is new is a fact without any statistics.
    pub fn trend(self, new: Self) -> Trend {
        let (calls, news) = (self.of as usize, new.of as usize);
        if chance::smallest(calls, news) > ALPHA {
            return Trend::TooFew;
        }
        if self.rises(new) {
            Trend::Up
        } else if self.complement().rises(new.complement()) {
            Trend::Down
        } else {
            Trend::Same
        }
    }

    /// Whether chance does not explain that `new` is as high as it is.
    fn rises(self, new: Self) -> bool {
        let marked = |rate: Self| rate.count.min(rate.of) as usize;
        let all = self.of as usize + new.of as usize;
        let chance = chance::drawing(
            all,
            marked(self) + marked(new),
            new.of as usize,
            marked(new),
        );
        chance <= ALPHA
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(old: (u32, u32), new: (u32, u32)) -> Trend {
        let rate = |(count, of)| Rate { count, of };
        rate(old).trend(rate(new))
    }

    #[test]
    fn few_calls_prove_nothing() {
        assert_eq!(trend((0, 0), (0, 0)), Trend::TooFew);
        assert_eq!(trend((0, 3), (3, 3)), Trend::TooFew);
        // 1 in C(20, 10) is 5 in a million, 1 in C(22, 11) is 1.4.
        assert_eq!(trend((0, 10), (10, 10)), Trend::TooFew);
        assert_eq!(trend((0, 11), (11, 11)), Trend::Up);
        assert_eq!(trend((11, 11), (0, 11)), Trend::Down);
        assert_eq!(trend((0, 11), (10, 11)), Trend::Same);
    }

    #[test]
    fn a_rise_has_to_be_larger_than_chance() {
        // Chances of 43, 4.8 and 1.5 in a million.
        assert_eq!(trend((0, 25), (12, 25)), Trend::Same);
        assert_eq!(trend((0, 25), (14, 25)), Trend::Same);
        assert_eq!(trend((0, 25), (15, 25)), Trend::Up);
        assert_eq!(trend((5, 25), (10, 25)), Trend::Same);
        assert_eq!(trend((2, 25), (19, 25)), Trend::Up);
        assert_eq!(trend((19, 25), (2, 25)), Trend::Down);
        assert_eq!(trend((0, 25), (0, 25)), Trend::Same);
        assert_eq!(trend((25, 25), (25, 25)), Trend::Same);
    }

    #[test]
    fn many_calls_are_judged_as_well() {
        assert_eq!(trend((100, 10_000), (110, 10_000)), Trend::Same);
        assert_eq!(trend((100, 10_000), (200, 10_000)), Trend::Up);
        assert_eq!(trend((0, u32::MAX >> 12), (100, u32::MAX >> 12)), Trend::Up);
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        assert_eq!(trend((9, 3), (0, 3)), Trend::TooFew);
        assert_eq!(trend((0, 30), (99, 30)), Trend::Up);
        assert_eq!(Rate { count: 0, of: 0 }.percent(), None);
        assert_eq!(Rate { count: 1, of: 8 }.percent(), Some(12.5));
        assert_eq!(
            Rate { count: 1, of: 8 }.complement(),
            Rate { count: 7, of: 8 }
        );
    }
}
