//! One finite decimal, held exactly, with the arithmetic that looking for a number takes.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use crate::json::{Decimal, Json, Number};

/// The longest number that is calculated with, in digits. Comparing has no such limit.
const MAX_DIGITS: usize = 5_000;
/// The furthest apart that the powers of ten of two numbers may be where one is scaled to the other.
const MAX_SHIFT: u32 = 5_000;
/// The longest literal that is written in plain digits, in characters.
const MAX_PLAIN: usize = 40;

/// A finite decimal of any size. One value has one form, so equality, order and hash go by value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::inclusion) struct Exact(Decimal);

impl Exact {
    /// The value of a JSON number, or nothing where its exponent is too large to be held.
    pub(in crate::inclusion) fn of(number: &Number) -> Option<Self> {
        let decimal = number.decimal();
        // A decimal's exponent saturates far beyond this, and then says nothing about the value.
        (decimal.exponent.unsigned_abs() < 1 << 60).then_some(Self(decimal))
    }

    /// Zero.
    pub(in crate::inclusion) fn zero() -> Self {
        Self::scaled(&BigInt::zero(), 0)
    }

    /// `10^exponent`
    pub(super) fn power(exponent: i64) -> Self {
        Self::scaled(&BigInt::one(), exponent)
    }

    /// `mantissa × 10^exponent`
    pub(super) fn scaled(mantissa: &BigInt, exponent: i64) -> Self {
        let all = mantissa.magnitude().to_string();
        let digits = all.trim_end_matches('0');
        let zero = digits.is_empty();
        Self(Decimal {
            negative: mantissa.is_negative(),
            exponent: if zero { 0 } else { exponent + length(&all) },
            digits: digits.to_owned(),
        })
    }

    /// The number as JSON: plain digits where that is short, else one digit before the point and an exponent.
    pub(in crate::inclusion) fn to_json(&self) -> Json {
        Json::Number(Number::from_literal(&self.literal()))
    }

    /// The same without its sign.
    pub(super) fn abs(&self) -> Self {
        let mut decimal = self.0.clone();
        decimal.negative = false;
        Self(decimal)
    }

    /// Whether this is zero.
    pub(super) fn is_zero(&self) -> bool {
        self.0.digits.is_empty()
    }

    /// Whether this is above zero.
    pub(super) fn is_positive(&self) -> bool {
        !self.is_zero() && !self.0.negative
    }

    /// Whether this is below zero.
    pub(super) fn is_negative(&self) -> bool {
        self.0.negative
    }

    /// The power of ten of the first digit: 2 for 345, -1 for 0.5, 0 for zero.
    pub(super) fn magnitude(&self) -> i64 {
        self.0.exponent - i64::from(!self.is_zero())
    }

    /// How many digits are written before trailing and after leading zeros.
    pub(super) fn digits(&self) -> usize {
        self.0.digits.len()
    }

    /// The mantissa and the power of ten that it is scaled by, or nothing where the number is too long.
    pub(super) fn parts(&self) -> Option<(BigInt, i64)> {
        if self.0.digits.len() > MAX_DIGITS {
            return None;
        }
        let exponent = self.0.exponent - length(&self.0.digits);
        let mantissa = self.0.digits.parse().unwrap_or_else(|_| BigInt::zero());
        Some((if self.0.negative { -mantissa } else { mantissa }, exponent))
    }

    /// How many steps of that size lead from zero as far as this number or just past it, whatever its sign;
    /// nothing where that is too much to count.
    pub(super) fn steps(&self, step: &Self) -> Option<BigInt> {
        let target = self.abs();
        if target <= *step {
            return Some(BigInt::from(u8::from(!target.is_zero())));
        }
        let (target, step, _) = aligned(&target, step)?;
        Some(target.div_ceil(&step))
    }

    /// How far apart two numbers are: the power of ten of the first digit of the difference, give or take one.
    pub(super) fn distance_magnitude(&self, other: &Self) -> Option<i64> {
        if self.is_zero() {
            return Some(other.magnitude());
        }
        if other.is_zero() {
            return Some(self.magnitude());
        }
        let near = (self.magnitude() - other.magnitude()).abs() < 2;
        if near && self.is_negative() == other.is_negative() {
            let (one, two, exponent) = aligned(self, other)?;
            return Some(Self::scaled(&(one - two), exponent).magnitude());
        }
        Some(self.magnitude().max(other.magnitude()))
    }

    /// The smallest number above zero that is a multiple of both, neither of which is zero; nothing where it is
    /// too long.
    pub(super) fn common_multiple(&self, other: &Self) -> Option<Self> {
        if self == other {
            return Some(self.clone());
        }
        let (one, two, exponent) = aligned(self, other)?;
        let common = Self::scaled(&one.lcm(&two).abs(), exponent);
        (common.digits() <= MAX_DIGITS).then_some(common)
    }

    fn literal(&self) -> String {
        let Decimal {
            negative,
            digits,
            exponent,
        } = &self.0;
        let sign = if *negative { "-" } else { "" };
        if digits.is_empty() {
            return "0".to_owned();
        }
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let brief = format!("{sign}{first}{point}{rest}e{}", self.magnitude());
        let count = digits.len();
        let most = brief.len().max(MAX_PLAIN);
        let Some(zeros) = usize::try_from(exponent.unsigned_abs())
            .ok()
            .filter(|zeros| *zeros <= most)
        else {
            return brief;
        };
        let plain = if *exponent <= 0 {
            let width = zeros + count;
            format!("{sign}0.{digits:0>width$}")
        } else if zeros >= count {
            format!("{sign}{digits:0<zeros$}")
        } else {
            format!("{sign}{}.{}", &digits[..zeros], &digits[zeros..])
        };
        if plain.len() <= most { plain } else { brief }
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::scaled(&BigInt::from(value), 0)
    }
}

/// Whether a number is a whole number of times another, whose sign does not count. Nothing where they are too long or
/// too far apart to calculate with, or where the other is zero, of which JSON Schema allows no multiples.
pub(in crate::inclusion) fn is_multiple(value: &Exact, of: &Exact) -> Option<bool> {
    if of.is_zero() {
        return None;
    }
    if value.is_zero() {
        return Some(true);
    }
    let shift =
        (value.0.exponent - length(&value.0.digits)) - (of.0.exponent - length(&of.0.digits));
    if shift < 0 {
        // A mantissa does not end in a zero, so it has no power of ten to spare.
        return Some(false);
    }
    if of.0.digits == "1" {
        return Some(true);
    }
    if let (Ok(shift @ 0..=18), Ok(value), Ok(of)) = (
        u32::try_from(shift),
        value.0.digits.parse::<u64>(),
        of.0.digits.parse::<u64>(),
    ) {
        return Some(u128::from(value) * 10_u128.pow(shift) % u128::from(of) == 0);
    }
    let (value, _) = value.abs().parts()?;
    let (of, _) = of.abs().parts()?;
    Some((value * power_of_ten(shift)? % of).is_zero())
}

/// The mantissas of two numbers at the smaller of their exponents, and that exponent.
fn aligned(one: &Exact, two: &Exact) -> Option<(BigInt, BigInt, i64)> {
    let (mut first, high) = one.parts()?;
    let (mut second, low) = two.parts()?;
    let shift = high - low;
    let raised = if shift > 0 { &mut first } else { &mut second };
    *raised *= power_of_ten(shift)?;
    Some((first, second, high.min(low)))
}

fn power_of_ten(shift: i64) -> Option<BigInt> {
    let shift = u32::try_from(shift.unsigned_abs()).ok()?;
    (shift <= MAX_SHIFT).then(|| BigInt::from(10).pow(shift))
}

fn length(digits: &str) -> i64 {
    i64::try_from(digits.len()).expect("a text is shorter than that")
}
