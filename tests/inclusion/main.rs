//! The judge of inclusion against an independent validator, on drawn schemas and values.
//!
//! `PROPTEST_CASES` sets how many are drawn.

mod closed;
mod cost;
mod draw;
mod found;
mod oracle;
mod values;

use bellwether::inclusion::{Answer, Dialect, included};
use jsonschema::Validator;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use draw::Draw;
use oracle::{DIALECTS, json, validator, value};

/// Two schemas of one dialect that an independent validator takes, the new one often the old one with a change.
struct Pair {
    dialect: Dialect,
    old: Value,
    new: Value,
    accepts: Validator,
    still_accepts: Validator,
}

impl Pair {
    fn drawn(numbers: &[u8], which: u8, dialect: Dialect) -> Option<Self> {
        let mut draw = Draw::new(numbers, dialect);
        let old = draw.document(2);
        let new = if which & 3 > 0 {
            draw.changed(&old)
        } else {
            draw.document(2)
        };
        let (old, new) = if which < 128 { (old, new) } else { (new, old) };
        // Here the validator reads 2019-09 as 2020-12.
        let text = format!("{old} {new}");
        if dialect == Dialect::Draft201909
            && text.contains("contains")
            && text.contains("unevaluatedItems")
        {
            return None;
        }
        let (accepts, still_accepts) = (validator(&old, dialect)?, validator(&new, dialect)?);
        Some(Self {
            dialect,
            old,
            new,
            accepts,
            still_accepts,
        })
    }

    fn answer(&self) -> Answer {
        included(&json(&self.old), &json(&self.new), self.dialect)
    }

    /// Whether a value is accepted by the old schema and refused by the new one.
    fn is_lost(&self, value: &Value) -> bool {
        self.accepts.is_valid(value) && !self.still_accepts.is_valid(value)
    }

    /// A value that was lost, among all small ones and some that the schemas suggest.
    fn lost(&self, numbers: &[u8]) -> Option<Value> {
        let mut draw = Draw::new(numbers, self.dialect);
        let suggested = (0..20).map(|turn| {
            let schema = if turn % 2 == 0 { &self.old } else { &self.new };
            values::suggested(&mut draw, schema, schema, 5)
        });
        let suggested: Vec<Value> = suggested.collect();
        let mut all = values::small_values().into_iter().chain(suggested);
        all.find(|value| self.is_lost(value))
    }
}

fn dialects() -> impl Strategy<Value = Dialect> {
    proptest::sample::select(DIALECTS.to_vec())
}

fn numbers() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..200)
}

fn cases() -> ProptestConfig {
    let set = std::env::var_os("PROPTEST_CASES").is_some();
    let config = ProptestConfig::default();
    ProptestConfig {
        cases: if set { config.cases } else { 150 },
        failure_persistence: None,
        ..config
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_value_contradicts_the_judge(
        numbers in numbers(), more in numbers(), which in any::<u8>(), dialect in dialects()
    ) {
        let Some(pair) = Pair::drawn(&numbers, which, dialect) else {
            return Ok(());
        };
        match pair.answer() {
            Answer::Proven => {
                let lost = pair.lost(&more);
                prop_assert!(lost.is_none(), "{} in {}: {lost:?}", pair.old, pair.new);
            }
            Answer::Refuted(Some(witness)) => {
                let witness = value(&witness);
                prop_assert!(pair.is_lost(&witness), "{} in {}: {witness}", pair.old, pair.new);
            }
            Answer::Refuted(None) | Answer::Unknown(_) => {}
        }
    }

    #[test]
    fn what_is_a_law_of_logic_is_never_refuted(
        numbers in numbers(), other in numbers(), dialect in dialects()
    ) {
        let a = Draw::new(&numbers, dialect).schema(2);
        let b = Draw::new(&other, dialect).schema(2);
        let never = json!({ "not": {} });
        let laws = [
            (never, a.clone()),
            (a.clone(), json!({})),
            (a.clone(), json!({ "anyOf": [a, b] })),
            (json!({ "allOf": [a, b] }), a.clone()),
            (a.clone(), json!({ "not": { "not": a } })),
            (json!({ "allOf": [{ "oneOf": [a] }] }), a.clone()),
        ];
        for (inner, outer) in laws {
            let answer = included(&json(&inner), &json(&outer), dialect);
            prop_assert!(!matches!(answer, Answer::Refuted(_)), "{inner} in {outer}: {answer:?}");
        }
    }

    #[test]
    fn inclusion_is_passed_on(numbers in numbers(), other in numbers(), dialect in dialects()) {
        let a = Draw::new(&numbers, dialect).document(2);
        let b = Draw::new(&other, dialect).changed(&a);
        let c = Draw::new(&numbers, dialect).changed(&b);
        if [&a, &b, &c].iter().all(|schema| validator(schema, dialect).is_some())
            && included(&json(&a), &json(&b), dialect) == Answer::Proven
            && included(&json(&b), &json(&c), dialect) == Answer::Proven
        {
            let answer = included(&json(&a), &json(&c), dialect);
            prop_assert!(!matches!(answer, Answer::Refuted(_)), "{a} in {b} in {c}: {answer:?}");
        }
    }
}
