//! Which numbers a set of constraints lets through: finds one, or says for certain that there is none.
//!
//! All finite decimals count as numbers, of any size and with any number of digits. Nothing here is rounded.

mod exact;

pub(super) use exact::{Exact, is_multiple};

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_traits::One;

use super::budget::{Budget, Exhausted};
use crate::json::Json;

/// Above so many digits a number with few of them is looked for before the smallest.
const READABLE: i64 = 15;

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bound {
    /// Where the range ends.
    pub at: Exact,
    /// Whether the end itself is outside.
    pub open: bool,
}

/// The numbers in a range that are multiples of some, and not of others, without a few. By default all numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The lower end.
    pub low: Option<Bound>,
    /// The upper end.
    pub high: Option<Bound>,
    /// What every number is a multiple of: of 1 for whole numbers. The sign does not count.
    pub multiples: Vec<Exact>,
    /// What no number is a multiple of. The sign does not count.
    pub not_multiples: Vec<Exact>,
    /// Single numbers that are left out.
    pub except: BTreeSet<Exact>,
}

/// What came of looking for a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// One that fits: zero where it does, else one near to zero and with few digits.
    Number(Json),
    /// None fits.
    None,
    /// The numbers are too long to calculate with, or multiples of zero are asked for.
    Unknown,
}

/// Why looking was given up.
enum Stop {
    Exhausted(Exhausted),
    TooLong,
}

impl From<Exhausted> for Stop {
    fn from(exhausted: Exhausted) -> Self {
        Self::Exhausted(exhausted)
    }
}

impl Numbers {
    /// Looks for a number.
    ///
    /// # Errors
    ///
    /// [`Exhausted`] where the budget ends first.
    pub(super) fn find(&self, budget: &Budget) -> Result<Found, Exhausted> {
        match self.smallest(budget) {
            Ok(Some(number)) => Ok(Found::Number(number.to_json())),
            Ok(None) => Ok(Found::None),
            Err(Stop::TooLong) => Ok(Found::Unknown),
            Err(Stop::Exhausted(exhausted)) => Err(exhausted),
        }
    }

    /// Raises the lower end to that bound, unless it is as high already.
    pub(super) fn at_least(&mut self, bound: Bound) {
        let tighter = self
            .low
            .as_ref()
            .is_none_or(|low| (&low.at, low.open) < (&bound.at, bound.open));
        if tighter {
            self.low = Some(bound);
        }
    }

    /// Lowers the upper end to that bound, unless it is as low already.
    pub(super) fn at_most(&mut self, bound: Bound) {
        let tighter = self
            .high
            .as_ref()
            .is_none_or(|high| (&high.at, !high.open) > (&bound.at, !bound.open));
        if tighter {
            self.high = Some(bound);
        }
    }

    fn smallest(&self, budget: &Budget) -> Result<Option<Exact>, Stop> {
        budget.spend(2)?;
        let mut steps = self.multiples.iter().chain(&self.not_multiples);
        if steps.any(Exact::is_zero) {
            return Err(Stop::TooLong);
        }
        if let (Some(low), Some(high)) = (&self.low, &self.high) {
            let open = low.open || high.open;
            if low.at > high.at || low.at == high.at && open {
                return Ok(None);
            }
            if low.at == high.at {
                let fits = self.lets_through(&low.at, budget)?;
                return Ok(fits.then(|| low.at.clone()));
            }
        }
        // Zero is a multiple of everything.
        let zero = Exact::zero();
        if self.not_multiples.is_empty() && self.has_room_for(&zero) {
            return Ok(Some(zero));
        }
        let Some(step) = self.common_step(budget)? else {
            return self.among_all(budget).map(Some);
        };
        let first = self.nearest().map_or(0, |near| near.magnitude()) - step.magnitude();
        if first > READABLE {
            let (mantissa, exponent) = step.parts().ok_or(Stop::TooLong)?;
            let coarse = Exact::scaled(&mantissa, exponent + first);
            if let Some(number) = self.on_grid(&coarse, budget)? {
                return Ok(Some(number));
            }
        }
        self.on_grid(&step, budget)
    }

    /// The step of the grid that all multiples lie on, or nothing where every number does.
    fn common_step(&self, budget: &Budget) -> Result<Option<Exact>, Stop> {
        let mut common: Option<Exact> = None;
        for step in &self.multiples {
            let step = step.abs();
            common = Some(match common {
                None => step,
                Some(known) => {
                    budget.spend(cost(&known, &step))?;
                    known.common_multiple(&step).ok_or(Stop::TooLong)?
                }
            });
        }
        Ok(common)
    }

    /// Looks among all decimals, of which a range that is more than a point always has one that fits: on finer and
    /// finer grids of powers of ten and their halves.
    fn among_all(&self, budget: &Budget) -> Result<Exact, Stop> {
        let mut level = self.first_level(budget)?;
        loop {
            let step = Exact::power(level);
            if let Some(number) = self.on_grid(&step, budget)? {
                return Ok(number);
            }
            // Where all of a grid is excluded, nothing changes before the size of what excludes it.
            let mut finer = level;
            for excluded in &self.not_multiples {
                if divides(excluded, &step, budget)? {
                    finer = finer.min(excluded.magnitude());
                }
            }
            if finer < level {
                level = finer;
                continue;
            }
            level -= 1;
            let half = Exact::scaled(&BigInt::from(5), level);
            if let Some(number) = self.on_grid(&half, budget)? {
                return Ok(number);
            }
        }
    }

    /// The power of ten to begin with: whole numbers, unless the range is far out or narrow.
    fn first_level(&self, budget: &Budget) -> Result<i64, Stop> {
        let near = self.nearest().map_or(0, |near| near.magnitude());
        let level = if near > READABLE { near } else { 0 };
        let (Some(low), Some(high)) = (&self.low, &self.high) else {
            return Ok(level);
        };
        budget.spend(cost(&low.at, &high.at))?;
        let width = low.at.distance_magnitude(&high.at).ok_or(Stop::TooLong)?;
        Ok(level.min(width + 1))
    }

    /// The number nearest to zero on a grid through zero.
    ///
    /// This ends for unbounded ranges as well. Each of `not_multiples` excludes one step in so many, and none of them
    /// excludes all: so among enough steps in a row, which are never many, one is left (Jacobsthal's function).
    fn on_grid(&self, step: &Exact, budget: &Budget) -> Result<Option<Exact>, Stop> {
        for excluded in &self.not_multiples {
            if divides(excluded, step, budget)? {
                return Ok(None);
            }
        }
        let (mantissa, exponent) = step.parts().ok_or(Stop::TooLong)?;
        let (mut above, mut below) = self.first_steps(step, budget)?;
        let (mut rising, mut falling) = (true, true);
        while rising || falling {
            let upwards = rising && (!falling || above <= below);
            let steps = if upwards { &mut above } else { &mut below };
            let size = &*steps * &mantissa;
            *steps += 1;
            let number = Exact::scaled(&if upwards { size } else { -size }, exponent);
            budget.spend(cost(&number, &number))?;
            if upwards {
                rising = self.is_below_high(&number);
            } else {
                falling = self.is_above_low(&number);
            }
            if self.has_room_for(&number) && self.misses(&number, budget)? {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// How many steps up and down from zero the first numbers are that may be in the range, zero left out.
    fn first_steps(&self, step: &Exact, budget: &Budget) -> Result<(BigInt, BigInt), Stop> {
        let Some(near) = self.nearest() else {
            return Ok((BigInt::one(), BigInt::one()));
        };
        budget.spend(cost(near, step))?;
        let steps = near.steps(step).ok_or(Stop::TooLong)?;
        Ok(if near.is_positive() {
            (steps, BigInt::one())
        } else {
            (BigInt::one(), steps)
        })
    }

    /// The end of the range that is nearest to zero, where zero lies outside.
    fn nearest(&self) -> Option<&Exact> {
        let low = self.low.as_ref().filter(|low| low.at.is_positive());
        let high = self.high.as_ref().filter(|high| high.at.is_negative());
        low.or(high).map(|bound| &bound.at)
    }

    fn lets_through(&self, number: &Exact, budget: &Budget) -> Result<bool, Stop> {
        if !self.has_room_for(number) || !self.misses(number, budget)? {
            return Ok(false);
        }
        for step in &self.multiples {
            if !divides(step, number, budget)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a number is in the range and not left out.
    fn has_room_for(&self, number: &Exact) -> bool {
        self.is_above_low(number) && self.is_below_high(number) && !self.except.contains(number)
    }

    fn is_above_low(&self, number: &Exact) -> bool {
        self.low
            .as_ref()
            .is_none_or(|low| *number > low.at || *number == low.at && !low.open)
    }

    fn is_below_high(&self, number: &Exact) -> bool {
        self.high
            .as_ref()
            .is_none_or(|high| *number < high.at || *number == high.at && !high.open)
    }

    /// Whether a number is a multiple of none of those that it must not be a multiple of.
    fn misses(&self, number: &Exact, budget: &Budget) -> Result<bool, Stop> {
        for excluded in &self.not_multiples {
            if divides(excluded, number, budget)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn divides(step: &Exact, number: &Exact, budget: &Budget) -> Result<bool, Stop> {
    budget.spend(cost(step, number))?;
    is_multiple(number, step).ok_or(Stop::TooLong)
}

/// The work of one calculation with two numbers, one of which may have to be scaled to the other.
fn cost(one: &Exact, two: &Exact) -> u64 {
    let apart = one.magnitude().abs_diff(two.magnitude()).min(5_000);
    let digits = one.digits().max(two.digits()) as u64 + apart;
    2 + digits * digits / 1_000
}

#[cfg(test)]
mod tests;
