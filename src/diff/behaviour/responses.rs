//! What the answers of a tool, prompt or resource look like now, against what they looked like.
//!
//! Shapes are taken from samples, so a difference between two of them may be chance. What was always so and never is
//! now is a fact; so is what was always so and sometimes is now. What was only sometimes so proves nothing, whatever
//! it is now: a field that may be left out is neither added nor removed. This is why the schemas of two shapes are not
//! compared as such: a schema says what is possible, and forgets how often it was seen.

mod evidence;
mod fields;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use evidence::Answers;

use crate::json::{Json, Pointer};
use crate::observed::{Blocks, Content, Shape, TextForm};

/// One difference between two shapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseFact {
    /// What happened.
    pub what: ResponseChange,
    /// Where: `/response`, then as in the schema of the answer (`/properties/total`, `/items`,
    /// `/additionalProperties`), or `/content/KIND`.
    pub pointer: Pointer,
    /// What it was: a type, a format, a list of kinds, the schema of a field. No value of an answer.
    pub old: Option<Json>,
    /// What it is.
    pub new: Option<Json>,
    /// Whether there were answers enough to rule out chance: a server that does not change shows it at most once in
    /// 20 times. Three answers on both sides are enough.
    pub sure: bool,
}

/// What is different about answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResponseChange {
    /// A field that was never there always is.
    FieldAdded,
    /// A field that was always there never is.
    FieldRemoved,
    /// A value is of another type, or null only.
    TypeChanged,
    /// What was always so is only sometimes.
    Unstable,
    /// What was only sometimes so is always.
    Stable,
    /// The same is told in another form.
    FormatChanged(Aspect),
    /// Answers that were the same each time are the same each time, and others, of the same shape.
    ContentChanged,
    /// Answers contradict the `outputSchema` of their own tool.
    ContradictsSchema {
        /// Whether all of OLD's conformed to theirs.
        conformed: bool,
    },
}

/// Which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The kinds of content blocks, or their order.
    Content,
    /// The media type of a block.
    MediaType,
    /// What a text is written in: JSON, Markdown, plain.
    Text,
    /// The format of a string, of a date above all.
    String,
    /// How a number is written.
    Number,
    /// The order of magnitude of the whole.
    Size,
}

/// Compares what answers looked like with what they look like, by place. Without an OLD only what NEW contradicts by
/// itself is told.
pub fn responses(old: Option<&Shape>, new: &Shape) -> Vec<ResponseFact> {
    let mut facts = Facts::default();
    contradiction(&mut facts, old, new);
    if let Some(old) = old.filter(|old| old.samples > 0 && new.samples > 0) {
        let (old, new) = (old.settled(), new.settled());
        let answers = Answers(old.samples, new.samples);
        structured(&mut facts, &old, &new, answers);
        content(&mut facts, &old.content, &new.content, answers);
        fields::compare(&mut facts, &root(), &old.body, &new.body, answers);
        if facts.0.is_empty() {
            whole(&mut facts, &old, &new, answers);
        }
    }
    facts
        .0
        .sort_by(|a, b| (&a.pointer, a.what).cmp(&(&b.pointer, b.what)));
    facts.0
}

/// The facts so far.
#[derive(Default)]
struct Facts(Vec<ResponseFact>);

impl Facts {
    fn tell(
        &mut self,
        what: ResponseChange,
        pointer: &Pointer,
        old: Option<Json>,
        new: Option<Json>,
        sure: bool,
    ) {
        self.0.push(ResponseFact {
            what,
            pointer: pointer.clone(),
            old,
            new,
            sure,
        });
    }
}

fn root() -> Pointer {
    Pointer::root().join("response")
}

fn contradiction(facts: &mut Facts, old: Option<&Shape>, new: &Shape) {
    // What contradicted when it was approved is no drift.
    if new.contradicting == 0 || old.is_some_and(|old| old.contradicting > 0) {
        return;
    }
    let conformed = old.is_some_and(|old| old.conforming > 0);
    facts.tell(
        ResponseChange::ContradictsSchema { conformed },
        &root(),
        None,
        None,
        true,
    );
}

fn structured(facts: &mut Facts, old: &Shape, new: &Shape, answers: Answers) {
    let at = root().join("structuredContent");
    let presence = evidence::presence((old.structured, old.samples), (new.structured, new.samples));
    fields::tell_presence(facts, presence, &at, (&old.body, &new.body), answers);
}

fn content(facts: &mut Facts, old: &Content, new: &Content, answers: Answers) {
    let at = root().join("content");
    let before = |kind: &str| old.kinds.get(kind).map_or(0, |blocks| blocks.answers);
    let now = |kind: &str| new.kinds.get(kind).map_or(0, |blocks| blocks.answers);
    let mut replaced = false;
    let kinds: BTreeMap<&String, ()> = old
        .kinds
        .keys()
        .chain(new.kinds.keys())
        .map(|kind| (kind, ()))
        .collect();
    for kind in kinds.into_keys() {
        match evidence::presence((before(kind), answers.0), (now(kind), answers.1)) {
            Some(evidence::Presence::Lost | evidence::Presence::Gained) => replaced = true,
            Some(evidence::Presence::Wavers) => {
                let list = |content| Some(kinds_of(content));
                let (what, sure) = (ResponseChange::Unstable, answers.was_steady());
                facts.tell(what, &at.join(kind), list(old), list(new), sure);
            }
            _ => {}
        }
        if let (Some(old), Some(new)) = (old.kinds.get(kind), new.kinds.get(kind)) {
            blocks(facts, &at.join(kind), old, new);
        }
    }
    let reordered = matches!((&old.order, &new.order), (Some(old), Some(new)) if old != new);
    if replaced {
        let what = ResponseChange::FormatChanged(Aspect::Content);
        facts.tell(
            what,
            &at,
            Some(kinds_of(old)),
            Some(kinds_of(new)),
            answers.are_enough(),
        );
    } else if reordered && old.kinds.keys().eq(new.kinds.keys()) {
        let what = ResponseChange::FormatChanged(Aspect::Content);
        let list = |order: &Option<Vec<String>>| order.as_deref().map(names);
        facts.tell(
            what,
            &at,
            list(&old.order),
            list(&new.order),
            answers.are_enough(),
        );
    }
}

/// Blocks of one kind on both sides.
fn blocks(facts: &mut Facts, at: &Pointer, old: &Blocks, new: &Blocks) {
    let sure = Answers(old.answers, new.answers).are_enough();
    let types = |blocks: &Blocks| names(&blocks.media_types.keys().cloned().collect::<Vec<_>>());
    if disjoint(&old.media_types, &new.media_types, |_| true) {
        let what = ResponseChange::FormatChanged(Aspect::MediaType);
        facts.tell(
            what,
            &at.join("mimeType"),
            Some(types(old)),
            Some(types(new)),
            sure,
        );
    }
    let says = |form: &TextForm| *form != TextForm::Empty;
    if disjoint(&old.texts, &new.texts, says) {
        let list = |blocks: &Blocks| {
            let forms = blocks.texts.keys().filter(|form| says(form));
            Some(names(
                &forms.map(|form| form.name().to_owned()).collect::<Vec<_>>(),
            ))
        };
        facts.tell(
            ResponseChange::FormatChanged(Aspect::Text),
            at,
            list(old),
            list(new),
            sure,
        );
    }
}

/// The answers as a whole, where they are alike inside.
fn whole(facts: &mut Facts, old: &Shape, new: &Shape, answers: Answers) {
    let ((least, most), (now_least, now_most)) = (old.magnitude, new.magnitude);
    // Neighbours may be a byte apart: two powers of ten are a factor of more than ten for sure.
    if now_least >= most.saturating_add(2) || least >= now_most.saturating_add(2) {
        let bounds = |of: (u8, u8)| {
            let power = |exponent: u8| 10_u128.saturating_pow(u32::from(exponent));
            let (least, beyond) = (power(of.0), power(of.1.saturating_add(1)));
            Some(Json::string(format!("{least} to {} bytes", beyond - 1)))
        };
        let what = ResponseChange::FormatChanged(Aspect::Size);
        facts.tell(
            what,
            &root(),
            bounds(old.magnitude),
            bounds(new.magnitude),
            answers.are_enough(),
        );
    }
    let steady = |shape: &Shape| shape.digest.clone().filter(|_| shape.samples >= 2);
    if let (Some(before), Some(now)) = (steady(old), steady(new))
        && before != now
    {
        let (before, now) = (Json::string(before), Json::string(now));
        let what = ResponseChange::ContentChanged;
        facts.tell(what, &root(), Some(before), Some(now), answers.are_enough());
    }
}

/// Whether two counts have no key in common that matters, and both have one.
fn disjoint<K: Ord>(
    old: &BTreeMap<K, u32>,
    new: &BTreeMap<K, u32>,
    matters: impl Fn(&K) -> bool,
) -> bool {
    let mut own = old.keys().filter(|key| matters(key)).peekable();
    own.peek().is_some() && new.keys().any(&matters) && own.all(|key| !new.contains_key(key))
}

fn kinds_of(content: &Content) -> Json {
    names(&content.kinds.keys().cloned().collect::<Vec<_>>())
}

/// Names as a list; one alone as itself.
fn names(names: &[String]) -> Json {
    match names {
        [one] => Json::from(one.as_str()),
        several => Json::Array(
            several
                .iter()
                .map(|name| Json::from(name.as_str()))
                .collect(),
        ),
    }
}
