//! What the patterns mean, what is found, and that nothing is found only where there is nothing.

mod found;
mod laws;
mod meanings;

use super::*;

/// Enough for any question that a test asks.
const PLENTY: u64 = 500_000;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn find(must: &[&str], must_not: &[&str]) -> Found {
    find_between(must, must_not, 0, None, &[])
}

fn find_between(
    must: &[&str],
    must_not: &[&str],
    shortest: u64,
    longest: Option<u64>,
    except: &[&str],
) -> Found {
    let must: Vec<Pattern> = must.iter().map(|text| pattern(text)).collect();
    let must_not: Vec<Pattern> = must_not.iter().map(|text| pattern(text)).collect();
    let words = Words {
        must: must.iter().collect(),
        must_not: must_not.iter().collect(),
        shortest,
        longest,
        except: except.iter().copied().collect(),
    };
    words.find(&Budget::new(PLENTY)).expect("enough budget")
}

fn word(text: &str) -> Found {
    Found::Word(text.to_owned())
}
