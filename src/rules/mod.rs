//! The catalogue: what each kind of change means, who is hurt, and what to do about it.
//!
//! One table, one file an area, entries only. Everything that lists, explains or validates rules reads it from here;
//! there is no second place to edit. Nothing here finds a change.

mod acceptances;
mod advice;
mod behaviour;
mod behind;
mod claims;
mod documentation;
mod examples;
mod input;
mod output;
mod parameters;
mod prompts;
mod resources;
mod responses;
mod schemas;
mod server;
mod texts;
mod tools;

pub use self::advice::advice;

use crate::diff::{Alike, Budget, Change, Limits, SchemaFact, Side, What};
use crate::json::{Json, compact, parse};
use crate::measure::Confidence;
use crate::report::{Category, Decided, Severity};

/// One rule.
pub struct Rule {
    /// Stable, kebab-case; reads well after the word "allow".
    pub id: &'static str,
    /// One clause, lower case, no full stop.
    pub title: &'static str,
    /// How bad it is unless the user says otherwise.
    pub severity: Grade,
    /// What it is about.
    pub category: Category,
    /// Who is hurt and why; at most 1,024 bytes.
    pub why: &'static str,
    /// What the reader does next: one imperative sentence.
    pub next: &'static str,
    /// The version that brought it.
    pub since: &'static str,
    /// Whether it judges a change. Exactly one rule does.
    pub applies: fn(&Change) -> bool,
    /// What happened, in a clause; server text in it is raw.
    pub message: fn(&Change) -> String,
}

/// The default severity of a rule.
#[derive(Debug, Clone, Copy)]
pub enum Grade {
    /// The same for every change.
    Always(Severity),
    /// Mostly this; another where the change's details say so.
    Mostly(Severity, fn(&Change) -> Severity),
}

impl Grade {
    /// The severity to list the rule with.
    pub fn usual(self) -> Severity {
        match self {
            Self::Always(severity) | Self::Mostly(severity, _) => severity,
        }
    }

    /// The severity of one change.
    pub fn of(self, change: &Change) -> Severity {
        match self {
            Self::Always(severity) => severity,
            Self::Mostly(_, grade) => grade(change),
        }
    }
}

impl Rule {
    /// Where the catalogue's page tells more.
    pub fn anchor(&self) -> String {
        format!("docs/rules.md#{}", self.id)
    }
}

/// A rule that is gone, so that an old configuration gets an answer.
pub struct Retired {
    /// Its id.
    pub id: &'static str,
    /// The version that dropped it.
    pub since: &'static str,
    /// The rule that does its work now.
    pub instead: Option<&'static str>,
}

/// The rules that are gone.
pub const RETIRED: &[Retired] = &[];

/// The version of the catalogue: the version of this program that last added or dropped a rule, or judged otherwise. A
/// baseline names it.
pub const CATALOGUE_VERSION: &str = "0.1.0";

/// Every rule, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        tools::RULES,
        texts::RULES,
        parameters::RULES,
        input::RULES,
        schemas::RULES,
        output::RULES,
        prompts::RULES,
        resources::RULES,
        server::RULES,
        behaviour::RULES,
        responses::RULES,
        documentation::RULES,
        acceptances::RULES,
        behind::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The ids of every rule, sorted.
pub fn ids() -> Vec<&'static str> {
    let mut ids: Vec<_> = all().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids
}

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// The smallest two captures that differ by what a rule judges, as texts: before and after.
pub fn example(id: &str) -> Option<(&'static str, &'static str)> {
    let (_, before, after) = examples::EXAMPLES.iter().find(|(rule, ..)| *rule == id)?;
    Some((before, after))
}

/// What a user may set about times, as the examples have it: some rules speak only where it is set.
pub fn limits_of_examples() -> Limits {
    Limits {
        budget: Budget {
            p95: Some(800_000),
            ..Budget::default()
        },
        target: Some(Confidence::Medium),
        ..Limits::default()
    }
}

/// A day on which every acceptance in the examples has run out.
pub const DAY_OF_EXAMPLES: &str = "2026-06-01";

/// The rule that judges a change.
pub fn of(change: &Change) -> &'static Rule {
    all()
        .find(|rule| (rule.applies)(change))
        .or_else(|| all().last())
        .expect("the catalogue is not empty")
}

/// The one id that somebody who typed this may have meant.
pub fn did_you_mean(typed: &str) -> Option<&'static str> {
    let near = |id: &str| strsim::damerau_levenshtein(id, typed);
    let best = ids().into_iter().min_by_key(|id| near(id))?;
    (near(best) <= (typed.chars().count() / 4).max(2)).then_some(best)
}

/// The fact about an input schema, if the change is one.
fn input(change: &Change) -> Option<SchemaFact> {
    match change.what {
        What::Schema(Side::Input, fact) => Some(fact),
        _ => None,
    }
}

/// The fact about an output schema, if the change is one.
fn output(change: &Change) -> Option<SchemaFact> {
    match change.what {
        What::Schema(Side::Output, fact) => Some(fact),
        _ => None,
    }
}

/// The severity of a constraint that changed in a way which the structure does not tell: it is as the judge of
/// inclusion decides.
fn as_decided(change: &Change) -> Severity {
    match change.decided {
        Some(Decided::Refuted) => Severity::Breaking,
        Some(Decided::Proven) => Severity::Info,
        Some(Decided::Unknown(_)) | None => Severity::Warning,
    }
}

/// The severity of a loss that the structure tells: breaking, unless the judge of inclusion has proven that nothing is
/// lost.
fn unless_proven(change: &Change) -> Severity {
    proven_or(change, Severity::Breaking)
}

/// The same of what is a warning at most.
fn warning_unless_proven(change: &Change) -> Severity {
    proven_or(change, Severity::Warning)
}

fn proven_or(change: &Change, severity: Severity) -> Severity {
    match change.decided {
        Some(Decided::Proven) => Severity::Info,
        _ => severity,
    }
}

/// A constraint and what it is on; where a schema as a whole is meant, that.
fn constraint(change: &Change) -> String {
    let (member, subject) = (change.member(), change.subject());
    if change.is_of_a_whole_schema() || subject == format!("`{member}`") {
        subject
    } else {
        format!("`{member}` of {subject}")
    }
}

/// The property; of one that is named in `required` and nowhere else, that name.
fn name(change: &Change) -> String {
    let named = change
        .new
        .as_ref()
        .or(change.old.as_ref())
        .and_then(|value| value.as_str());
    named.map_or_else(|| change.subject(), |name| format!("`{name}`"))
}

/// The new name of a property that was renamed.
fn new_name(change: &Change) -> Option<String> {
    let place = change.covers.first()?;
    place.pointer.tokens().last().map(|name| name.into_owned())
}

/// Words for the values on both sides, where they are short enough to read in passing.
fn from_to(change: &Change) -> String {
    let (old, new) = (change.old.as_ref(), change.new.as_ref());
    let text = |value: Option<&Json>| value.is_none_or(|value| value.as_str().is_some());
    let list = |value: Option<&Json>| value.is_some_and(|value| value.as_array().is_some());
    // Beside `5`, the text "5" has to keep its quotes.
    let bare = (text(old) || list(old)) && (text(new) || list(new));
    let short = |value: Option<&Json>| match value {
        None => Some("nothing".to_owned()),
        Some(value) => {
            Some(format!("`{}`", spelled(value, bare))).filter(|text| text.chars().count() <= 60)
        }
    };
    match (short(old), short(new)) {
        (Some(old), Some(new)) => format!(" from {old} to {new}"),
        _ => String::new(),
    }
}

/// Why two things of different names are taken for one: `same schema, description 92 % alike`.
fn evidence(alike: Option<Alike>, definition: &str) -> String {
    let part = |what: &str, alike: u8| match alike {
        100 => format!("same {what}"),
        _ => format!("{what} {alike} % alike"),
    };
    let Some(alike) = alike else {
        return "the rest of its definition is the same".to_owned();
    };
    let mut words = part(definition, alike.definition);
    if alike.respelled {
        words.insert_str(0, "same name in another spelling, ");
    }
    if let Some(text) = alike.text {
        words.push_str(&format!(", {}", part("description", text)));
    }
    words
}

/// A value in back-ticks, cut where it is long. A text that could be taken for another value keeps its quotes.
fn value(value: Option<&Json>) -> String {
    let bare = |value: &Json| value.as_str().is_some_and(|text| parse(text).is_err());
    let text = value
        .map(|value| spelled(value, bare(value)))
        .unwrap_or_default();
    if text.chars().count() <= 60 {
        return format!("`{text}`");
    }
    let cut: String = text.chars().take(59).collect();
    format!("`{cut}…`")
}

/// A value as JSON; a text without its quotes where it is to stand bare and has something to show.
fn spelled(value: &Json, bare: bool) -> String {
    match value.as_str() {
        Some(text) if bare && !text.trim().is_empty() => text.to_owned(),
        _ => compact(value),
    }
}

/// Listed values that one side has and the other has not, as words.
fn only_in(these: Option<&Json>, those: Option<&Json>) -> String {
    let list = |value: Option<&Json>| {
        value
            .and_then(|value| value.as_array().map(<[_]>::to_vec))
            .unwrap_or_default()
    };
    let (these, those) = (list(these), list(those));
    let mut words: Vec<_> = these
        .iter()
        .filter(|value| !those.contains(value))
        .map(|value| self::value(Some(value)))
        .collect();
    let more = words.len().saturating_sub(5);
    words.truncate(5);
    let mut text = words.join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
