//! Numbers as they were written, compared by their exact decimal value.

use std::cmp::Ordering;
use std::fmt;

use super::Text;

/// A JSON number: the literal as it was written (`1E2`, `1.0`, `12345678901234567890123`).
#[derive(Debug, Clone)]
pub struct Number(Text);

impl Number {
    /// Takes a literal that is known to be a JSON number.
    pub(crate) fn from_literal(literal: &str) -> Self {
        Self(literal.into())
    }

    /// The literal as it was written.
    pub fn literal(&self) -> &str {
        &self.0
    }

    /// The value as a whole number, where it is one that fits (`1.0` and `1E2` are whole).
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok().or_else(|| self.decimal().to_i64())
    }

    /// The nearest double; infinite where the literal is out of range.
    pub fn as_f64(&self) -> f64 {
        self.0
            .parse()
            .expect("a JSON number literal is a Rust float literal")
    }

    /// The exact value.
    pub fn decimal(&self) -> Decimal {
        Decimal::parse(&self.0)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        // Whole numbers of plain digits, which nearly all are, have one spelling.
        let plain = |number: &Self| number.0.bytes().all(|byte| byte.is_ascii_digit());
        self.0 == other.0 || !(plain(self) && plain(other)) && self.decimal() == other.decimal()
    }
}

impl Eq for Number {}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(value.to_string().into())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An exact decimal: `0.DIGITS × 10^exponent`, with neither leading nor trailing zeros in the digits.
///
/// Zero has no digits, no sign and exponent 0. The exponent saturates at the ends of `i64`, far past anything a
/// reader of JSON can hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// Whether the value is below zero.
    pub negative: bool,
    /// The significant digits.
    pub digits: String,
    /// The power of ten that the fraction `0.digits` is scaled by.
    pub exponent: i64,
}

impl Decimal {
    fn parse(literal: &str) -> Self {
        let (negative, rest) = literal
            .strip_prefix('-')
            .map_or((false, literal), |rest| (true, rest));
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let leading = all.len() - significant.len();
        let digits = significant.trim_end_matches('0');
        if digits.is_empty() {
            return Self {
                negative: false,
                digits: String::new(),
                exponent: 0,
            };
        }
        let point = i64::try_from(whole.len()).unwrap_or(i64::MAX);
        let leading = i64::try_from(leading).unwrap_or(i64::MAX);
        let exponent = saturating_exponent(exponent)
            .saturating_add(point)
            .saturating_sub(leading);
        Self {
            negative,
            digits: digits.to_owned(),
            exponent,
        }
    }

    /// Whether the value has no fraction.
    pub fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|length| length <= self.exponent.max(0))
    }

    fn to_i64(&self) -> Option<i64> {
        if !self.is_integer() || self.exponent > 19 {
            return None;
        }
        let width = usize::try_from(self.exponent).ok()?;
        let sign = if self.negative { "-" } else { "" };
        format!(
            "{sign}{:0<width$}",
            if self.digits.is_empty() {
                "0"
            } else {
                &self.digits
            }
        )
        .parse()
        .ok()
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |decimal: &Self| match (decimal.digits.is_empty(), decimal.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            let size = self.exponent.cmp(&other.exponent);
            let size = size.then_with(|| self.digits.cmp(&other.digits));
            if self.negative { size.reverse() } else { size }
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn saturating_exponent(digits: &str) -> i64 {
    digits.parse().unwrap_or(if digits.starts_with('-') {
        i64::MIN / 2
    } else {
        i64::MAX / 2
    })
}

impl fmt::Display for Decimal {
    /// Plain digits for whole numbers of moderate size, else `d.ddde±x`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        if self.is_integer() && self.exponent <= 400 {
            let width =
                usize::try_from(self.exponent).expect("an integer's exponent is not negative");
            return write!(f, "{:0<width$}", self.digits);
        }
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        write!(
            f,
            "{first}{point}{rest}e{:+}",
            self.exponent.saturating_sub(1)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(literal: &str) -> Number {
        Number::from_literal(literal)
    }

    #[test]
    fn one_value_in_many_spellings_is_one_number() {
        for (a, b) in [
            ("1", "1.0"),
            ("1E2", "100"),
            ("-0", "0"),
            ("0.10", "1e-1"),
            ("1200", "12e2"),
            ("0e9", "0"),
        ] {
            assert_eq!(number(a), number(b), "{a} and {b}");
        }
    }

    #[test]
    fn numbers_that_a_double_confuses_stay_apart() {
        assert_ne!(number("9007199254740993"), number("9007199254740992"));
        assert_ne!(
            number("0.1"),
            number("0.1000000000000000055511151231257827")
        );
        assert_ne!(number("1e400"), number("1e401"));
    }

    #[test]
    fn whole_numbers_are_recognised_in_any_spelling() {
        assert_eq!(number("1.0").as_i64(), Some(1));
        assert_eq!(number("-12e2").as_i64(), Some(-1200));
        assert_eq!(number("1.5").as_i64(), None);
        assert_eq!(number("12345678901234567890123").as_i64(), None);
        assert_eq!(number("0.0").as_i64(), Some(0));
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let rising = [
            "-1e3", "-12", "-1.5", "0", "0.02", "0.1", "1", "1.5", "9", "10", "1e400",
        ];
        for pair in rising.windows(2) {
            assert!(
                number(pair[0]).decimal() < number(pair[1]).decimal(),
                "{pair:?}"
            );
        }
    }

    #[test]
    fn an_absurd_exponent_is_read_without_trouble() {
        assert_eq!(number("1e99999999999999999999").decimal().to_i64(), None);
        assert!(number("1e99999999999999999999").as_f64().is_infinite());
    }
}
