//! What is expected of an answer, and whether it is so.

use std::collections::BTreeMap;
use std::time::Duration;

use super::miss::{self, Miss};
use crate::inclusion::{Conformity, Type, conforms};
use crate::json::{Json, Object, Pointer, parse};
use crate::observed::{Call, ErrorCategory, Outcome, categorise};

/// What is expected of an answer. Where neither `is_error` nor `error` says otherwise, the call must not fail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expectations {
    /// What the result of a tool says with `isError`; a missing one is `false`. A JSON-RPC error is no result.
    pub is_error: Option<bool>,
    /// What the text of the answer must have in it.
    pub contains: Vec<String>,
    /// What the text of the answer must not have in it.
    pub not_contains: Vec<String>,
    /// What must stand at places inside the answer.
    pub pointers: BTreeMap<Pointer, Expected>,
    /// The JSON Schema that the structured content must fulfil, or else the JSON in the text.
    pub schema: Option<Json>,
    /// The longest that every single call may take.
    pub latency: Option<Duration>,
    /// The category of the error that the call must end in, whichever way the server says so.
    pub error: Option<ErrorCategory>,
}

/// What must stand at one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expected {
    /// This value, compared as JSON compares: `1.0` is `1`, the order of members does not matter.
    pub equals: Option<Json>,
    /// Something, or nothing at all.
    pub exists: Option<bool>,
    /// A value of this type.
    pub kind: Option<Type>,
    /// Text in which this regular expression (ECMA-262, Unicode mode) matches.
    pub matches: Option<String>,
}

/// Everything that is not as expected, in the order of the fields of [`Expectations`]; nothing where all is.
///
/// Of a call that failed and should not have, that alone is told: the rest follows from it. A JSON-RPC error that is
/// expected is looked at as the object of its `code` and `message`.
pub fn check(expect: &Expectations, call: &Call) -> Vec<Miss> {
    if let Some(miss) = ending(expect, &call.outcome) {
        return vec![miss];
    }
    let answer = Answered::of(&call.outcome);
    let mut misses = Vec::new();
    for wanted in &expect.contains {
        match &answer.text {
            Some(text) if text.contains(wanted) => {}
            Some(text) => misses.push(Miss::new(miss::having(wanted), miss::text(text))),
            None => misses.push(Miss::new(miss::having(wanted), "no text")),
        }
    }
    for unwanted in &expect.not_contains {
        let text = answer.text.as_deref().unwrap_or_default();
        if let Some(at) = text.find(unwanted) {
            misses.push(Miss::new(
                miss::not_having(unwanted),
                miss::text_around(text, at),
            ));
        }
    }
    for (pointer, expected) in &expect.pointers {
        let value = answer.body.as_ref().and_then(|body| body.at(pointer));
        misses.extend(expected.misses(pointer, value));
    }
    if let Some(schema) = &expect.schema {
        misses.extend(answer.against(schema));
    }
    if let Some(budget) = expect.latency
        && u128::from(call.micros) > budget.as_micros()
    {
        misses.push(Miss::new(
            format!("an answer within {}", miss::millis(budget.as_micros())),
            miss::millis(call.micros.into()),
        ));
    }
    misses
}

/// Whether the expression can be searched for in linear time, as every expression of a scenario must: it is one
/// (ECMA-262 in Unicode mode), and needs neither back-references nor look-around inside.
pub fn is_searchable(expression: &str) -> bool {
    finds(expression, "") != Conformity::Unknown
}

/// Whether the call failed where it should not have, did not where it should have, or failed otherwise.
fn ending(expect: &Expectations, outcome: &Outcome) -> Option<Miss> {
    let failed = outcome.success().is_none();
    let calls_itself_error = failed && matches!(outcome, Outcome::Answered(_));
    let wanted = match (expect.is_error, expect.error) {
        (Some(true), _) if !calls_itself_error => "a result with `isError: true`".to_owned(),
        (_, Some(category)) if categorise(outcome) != Some(category) => {
            format!("an error of the category `{}`", category.name())
        }
        (None | Some(false), None) if failed => "no error".to_owned(),
        _ => return None,
    };
    Some(Miss::new(wanted, miss::ending(outcome)))
}

/// What there is to look at of an answer.
struct Answered {
    /// The result, or the `code` and `message` of an error.
    body: Option<Json>,
    /// The text, block after block, a line each.
    text: Option<String>,
}

impl Answered {
    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Answered(result) => Self {
                body: Some(result.clone()),
                text: text_of(result),
            },
            Outcome::Refused { code, message } => {
                let mut body = Object::new();
                body.push(
                    "code",
                    parse(&code.to_string()).expect("a whole number is JSON"),
                );
                body.push("message", message.as_str());
                Self {
                    body: Some(body.into()),
                    text: Some(message.clone()),
                }
            }
            _ => Self {
                body: None,
                text: None,
            },
        }
    }

    fn against(&self, schema: &Json) -> Option<Miss> {
        let wanted = "content that fulfils the schema";
        let structured = self.body.as_ref().and_then(|b| b.get("structuredContent"));
        let parsed;
        let value = match (structured, &self.text) {
            (Some(value), _) => value,
            (None, None) => return Some(Miss::new(wanted, "neither structured content nor text")),
            (None, Some(text)) => match parse(text) {
                Ok(value) => {
                    parsed = value;
                    &parsed
                }
                Err(_) => {
                    let came = format!("text that is no JSON: {}", miss::text(text));
                    return Some(Miss::new(wanted, came));
                }
            },
        };
        match conforms(schema, value) {
            Conformity::Holds => None,
            Conformity::Contradicts {
                schema,
                value: place,
            } => {
                let there = value.at(&place).unwrap_or(value);
                let there = miss::refused(&place, there, &schema);
                Some(Miss::new(wanted, there))
            }
            Conformity::Unknown => Some(Miss::new(wanted, miss::UNDECIDED)),
        }
    }
}

impl Expected {
    fn misses(&self, pointer: &Pointer, value: Option<&Json>) -> Vec<Miss> {
        let wanted = |what: &str| format!("{} {what}", miss::place(pointer));
        let nothing = || "nothing there".to_owned();
        let Some(value) = value else {
            let wants = match self {
                Self {
                    exists: Some(false),
                    ..
                } => return Vec::new(),
                Self {
                    equals: Some(value),
                    ..
                } => format!("to be {}", miss::value(value)),
                Self {
                    matches: Some(expression),
                    ..
                } => format!("to match {}", miss::text(expression)),
                Self {
                    kind: Some(kind), ..
                } => format!("to be of the type `{}`", kind.name()),
                _ => "to exist".to_owned(),
            };
            return vec![Miss::new(wanted(&wants), nothing())];
        };
        let mut misses = Vec::new();
        let mut missed = |wants: &str, came: String| misses.push(Miss::new(wanted(wants), came));
        if self.exists == Some(false) {
            missed("not to exist", miss::value(value));
        }
        if let Some(equal) = &self.equals
            && equal != value
        {
            missed(&format!("to be {}", miss::value(equal)), miss::value(value));
        }
        if let Some(kind) = self.kind
            && !kind.includes(Type::of(value))
        {
            let wants = format!("to be of the type `{}`", kind.name());
            missed(&wants, miss::value(value));
        }
        if let Some(expression) = &self.matches {
            let wants = format!("to match {}", miss::text(expression));
            match value.as_str().map(|text| finds(expression, text)) {
                Some(Conformity::Holds) => {}
                Some(Conformity::Contradicts { .. }) | None => missed(&wants, miss::value(value)),
                Some(Conformity::Unknown) => missed(&wants, miss::UNDECIDED.to_owned()),
            }
        }
        misses
    }
}

/// The text of a result: of its content (tools), its messages (prompts) or its contents (resources).
fn text_of(result: &Json) -> Option<String> {
    let list = |name: &str| result.get(name).and_then(Json::as_array).unwrap_or(&[]);
    let messages = list("messages").iter().filter_map(|one| one.get("content"));
    let blocks = list("content").iter().chain(list("contents"));
    let blocks = blocks.chain(messages.flat_map(|content| match content {
        Json::Array(blocks) => blocks.as_slice(),
        block => std::slice::from_ref(block),
    }));
    let text = |block: &Json| {
        let holder = block.get("resource").unwrap_or(block);
        holder.get_str("text").map(str::to_owned)
    };
    let texts: Vec<String> = blocks.filter_map(text).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// Whether the expression matches somewhere in the text.
fn finds(expression: &str, text: &str) -> Conformity {
    let schema = Object::from_iter([("pattern", Json::from(expression))]);
    conforms(&schema.into(), &text.into())
}
