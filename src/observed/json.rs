//! What was observed as the `observed` member of a baseline file: `docs/baseline.md` describes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Answers, ErrorCategory, Failures, Machine, Observed, Shape, Watched};
use crate::json::{Json, Object, Pointer};
use crate::measure::Summary;

/// Why a JSON value is nothing observed, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError {
    /// What is wrong, in a clause.
    pub why: String,
    /// The place in the value.
    pub at: Pointer,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for FormError {}

impl Observed {
    /// The form that a file holds: the same for equal values. Beside the samples of a metric stands what sums them up,
    /// for people to read; reading takes the samples alone.
    pub fn to_json(&self) -> Json {
        let mut whole = Object::new();
        if let Some(machine) = &self.machine {
            whole.push("machine", machine.to_json());
        }
        push_map(&mut whole, "places", &self.places, Watched::to_json);
        push_map(&mut whole, "scenarios", &self.scenarios, |passed| {
            Json::Bool(*passed)
        });
        whole.into()
    }

    /// Reads its form in a file. Members of a later version are passed over.
    ///
    /// # Errors
    /// A member of the wrong shape.
    pub fn from_json(json: &Json) -> Result<Self, FormError> {
        let root = Form::root(json);
        root.object()?;
        Ok(Self {
            machine: root
                .member("machine")
                .map(|form| machine(&form))
                .transpose()?,
            places: root.map("places", watched)?,
            scenarios: root.map("scenarios", |form| {
                form.json
                    .as_bool()
                    .ok_or_else(|| form.wrong("true or false"))
            })?,
        })
    }
}

impl Machine {
    fn to_json(&self) -> Json {
        let mut machine = Object::new();
        machine.push("os", self.os.as_str());
        machine.push("arch", self.arch.as_str());
        machine.push("cpus", u64::from(self.cpus));
        machine.push("ci", Json::Bool(self.ci));
        machine.into()
    }
}

impl Watched {
    fn to_json(&self) -> Json {
        let mut watched = Object::new();
        push_map(&mut watched, "latency", &self.latency, |samples| {
            metric(samples)
        });
        push_map(&mut watched, "calls", &self.calls, Answers::to_json);
        watched.into()
    }
}

/// The samples of one metric, in microseconds, and what sums them up.
fn metric(samples: &[u64]) -> Json {
    let mut metric = Object::new();
    let summary = Summary::of(samples);
    let row = samples.iter().copied().map(Json::from).collect();
    metric.push("samples", Json::Array(row));
    metric.push("n", samples.len() as u64);
    if let Some(times) = summary.percentiles {
        for (name, micros) in [
            ("min", times.min),
            ("p50", times.p50),
            ("p90", times.p90),
            ("p95", times.p95),
            ("p99", times.p99),
        ] {
            metric.push(name, micros);
        }
    }
    let variation = summary.variation.map(|cv| format!("{cv:.3}"));
    if let Some(Ok(variation)) = variation.map(|text| crate::json::parse(&text)) {
        metric.push("cv", variation);
    }
    metric.into()
}

impl Answers {
    fn to_json(&self) -> Json {
        let mut answers = Object::new();
        answers.push("asked", u64::from(self.asked));
        if self.timed_out > 0 {
            answers.push("timedOut", u64::from(self.timed_out));
        }
        if let Some(shape) = &self.shape {
            answers.push("shape", shape.to_json());
        }
        let errors: BTreeMap<_, _> = self
            .errors
            .iter()
            .map(|(category, failures)| (category.name().to_owned(), failures))
            .collect();
        push_map(&mut answers, "errors", &errors, |failures| {
            failures.to_json()
        });
        answers.into()
    }
}

impl Failures {
    fn to_json(&self) -> Json {
        let mut failures = Object::new();
        failures.push("count", u64::from(self.count));
        let texts = self.texts.iter().map(|text| Json::from(text.as_str()));
        failures.push("texts", Json::Array(texts.collect()));
        failures.into()
    }
}

fn push_map<V>(
    object: &mut Object,
    name: &str,
    map: &BTreeMap<String, V>,
    json: impl Fn(&V) -> Json,
) {
    if !map.is_empty() {
        let members = map.iter().map(|(name, value)| (name.as_str(), json(value)));
        object.push(name, members.collect::<Object>());
    }
}

/// A value on the way in, with its place.
struct Form<'a> {
    json: &'a Json,
    at: Pointer,
}

impl<'a> Form<'a> {
    fn root(json: &'a Json) -> Self {
        let at = Pointer::root();
        Self { json, at }
    }

    fn wrong(&self, expected: &str) -> FormError {
        let found = self.json.type_name();
        FormError {
            why: format!("expected {expected}, found {found}"),
            at: self.at.clone(),
        }
    }

    fn object(&self) -> Result<&'a Object, FormError> {
        self.json.as_object().ok_or_else(|| self.wrong("an object"))
    }

    fn member(&self, name: &str) -> Option<Self> {
        let json = self.json.get(name)?;
        let at = self.at.join(name);
        Some(Self { json, at })
    }

    /// The member of a name; one that is missing is wrong.
    fn needed(&self, name: &str) -> Result<Self, FormError> {
        self.member(name).ok_or_else(|| FormError {
            why: format!("it has no `{name}`"),
            at: self.at.clone(),
        })
    }

    fn text(&self) -> Result<String, FormError> {
        let text = self.json.as_str().ok_or_else(|| self.wrong("a text"))?;
        Ok(text.to_owned())
    }

    fn number<N: TryFrom<i64>>(&self) -> Result<N, FormError> {
        let number = match self.json {
            Json::Number(number) => number.as_i64(),
            _ => None,
        };
        number
            .and_then(|number| N::try_from(number).ok())
            .ok_or_else(|| self.wrong("a whole number"))
    }

    fn elements(&self) -> Result<Vec<Self>, FormError> {
        let items = self.json.as_array().ok_or_else(|| self.wrong("an array"))?;
        let elements = items.iter().enumerate().map(|(index, json)| Self {
            json,
            at: self.at.join(index),
        });
        Ok(elements.collect())
    }

    /// A member that maps names; one that is missing is empty.
    fn map<V>(
        &self,
        name: &str,
        value: impl Fn(&Form<'a>) -> Result<V, FormError>,
    ) -> Result<BTreeMap<String, V>, FormError> {
        let Some(form) = self.member(name) else {
            return Ok(BTreeMap::new());
        };
        let members = form.object()?.iter().map(|(name, json)| {
            let at = form.at.join(name);
            Ok((name.to_owned(), value(&Form { json, at })?))
        });
        members.collect()
    }
}

fn machine(form: &Form<'_>) -> Result<Machine, FormError> {
    let ci = form.needed("ci")?;
    Ok(Machine {
        os: form.needed("os")?.text()?,
        arch: form.needed("arch")?.text()?,
        cpus: form.needed("cpus")?.number()?,
        ci: (ci.json.as_bool()).ok_or_else(|| ci.wrong("true or false"))?,
    })
}

fn watched(form: &Form<'_>) -> Result<Watched, FormError> {
    Ok(Watched {
        latency: form.map("latency", |metric| {
            let samples = metric.needed("samples")?.elements()?;
            let samples: Result<Vec<u64>, _> = samples.iter().map(Form::number).collect();
            let mut samples = samples?;
            samples.sort_unstable();
            Ok(samples)
        })?,
        calls: form.map("calls", answers)?,
    })
}

fn answers(form: &Form<'_>) -> Result<Answers, FormError> {
    let shape = form
        .member("shape")
        .map(|form| Shape::from_json(form.json).map_err(|why| FormError { why, at: form.at }));
    let mut errors = BTreeMap::new();
    for (name, failures) in form.map("errors", failures)? {
        // What a later version tells apart is an error all the same.
        let category = ErrorCategory::parse(&name).unwrap_or(ErrorCategory::Other);
        errors.insert(category, failures);
    }
    let timed_out = form.member("timedOut").map(|form| form.number());
    Ok(Answers {
        asked: form.needed("asked")?.number()?,
        timed_out: timed_out.transpose()?.unwrap_or(0),
        shape: shape.transpose()?,
        errors,
    })
}

fn failures(form: &Form<'_>) -> Result<Failures, FormError> {
    let texts = form.needed("texts")?.elements()?;
    let texts: Result<BTreeSet<_>, _> = texts.iter().map(Form::text).collect();
    Ok(Failures {
        count: form.needed("count")?.number()?,
        texts: texts?,
    })
}
