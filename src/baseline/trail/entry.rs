//! One entry of the trail: a decision, what it changed, and its place in the chain.

use super::Decision;
use super::changed::Changed;
use super::form::Form;
use crate::baseline::BaselineError;
use crate::canon;
use crate::json::{Json, Object, Pointer};
use crate::report::{Finding, Severity};

/// The member with the hash of the entry, which is not under that hash.
const HASH: &str = "entry";

/// The members of an entry that this version knows, in the order in which they are written.
const MEMBERS: [&str; 17] = [
    "action",
    "at",
    "by",
    "bySource",
    "reason",
    "ticket",
    "expires",
    "tool",
    "verdict",
    "findings",
    "changed",
    "unreviewed",
    "digestBefore",
    "digestAfter",
    "joins",
    "previous",
    HASH,
];

/// The members of a recorded finding.
const OF_FINDING: [&str; 6] = [
    "rule",
    "severity",
    "at",
    "pointer",
    "fingerprint",
    "message",
];

/// The members of a changed item.
const OF_CHANGED: [&str; 3] = ["at", "before", "after"];

/// The members of `trail` or `unreviewed` that this version does not know, each with its place in the file.
pub(in crate::baseline) fn unknown_members(member: &str, json: &Json) -> Vec<(Pointer, String)> {
    let mut unknown = Vec::new();
    let at = Pointer::root().join(member);
    if member == super::TRAIL {
        each(json, &at, &MEMBERS, &mut unknown);
        for (index, entry) in json.as_array().unwrap_or_default().iter().enumerate() {
            for (name, known) in [
                ("findings", OF_FINDING.as_slice()),
                ("changed", &OF_CHANGED),
                ("unreviewed", &OF_CHANGED),
            ] {
                if let Some(inner) = entry.get(name) {
                    each(inner, &at.join(index).join(name), known, &mut unknown);
                }
            }
        }
    } else {
        each(json, &at, &OF_CHANGED, &mut unknown);
    }
    unknown
}

/// The unknown members of the objects in an array.
fn each(json: &Json, at: &Pointer, known: &[&str], unknown: &mut Vec<(Pointer, String)>) {
    for (index, object) in json.as_array().unwrap_or_default().iter().enumerate() {
        let members = object.as_object().into_iter().flat_map(Object::iter);
        for (name, _) in members.filter(|(name, _)| !known.contains(name)) {
            unknown.push((at.join(index).join(name), name.to_owned()));
        }
    }
}

/// The beginning of the hash of an entry, long enough to name it.
pub fn short(hash: &str) -> String {
    let hex = hash.strip_prefix("sha256:").unwrap_or(hash);
    hex.chars().take(SHOWN_DIGITS).collect()
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Drift was accepted.
    Accepted,
    /// An earlier state was brought back.
    Restored,
    /// Two branches were joined.
    Merged,
}

impl Action {
    const ALL: [Self; 3] = [Self::Accepted, Self::Restored, Self::Merged];

    /// The name used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Restored => "restored",
            Self::Merged => "merged",
        }
    }
}

/// A finding that was accepted, as it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The id of the rule, of which a later version may know nothing.
    pub rule: String,
    /// How bad it was.
    pub severity: Severity,
    /// The thing.
    pub at: String,
    /// The place inside the thing, a JSON Pointer.
    pub pointer: String,
    /// 16 hex digits that tell the finding from others.
    pub fingerprint: String,
    /// What happened; server text in it is raw.
    pub message: String,
}

/// A decision in the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What was done.
    pub action: Action,
    /// When, in UTC.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Where that name came from.
    pub by_source: String,
    /// Why.
    pub reason: String,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// The last day before it is due for review.
    pub expires: Option<String>,
    /// The version of this program, and with it of the catalogue, that judged.
    pub tool: String,
    /// The worst severity among the findings; nothing where there are none.
    pub verdict: Option<Severity>,
    /// What was accepted.
    pub findings: Vec<Recorded>,
    /// The items that it changed, in full.
    pub changed: Vec<Changed>,
    /// What had been saved without a decision since the entry before.
    pub unreviewed: Vec<Changed>,
    /// The digest of the expected surface before.
    pub digest_before: String,
    /// The digest of the expected surface after.
    pub digest_after: String,
    /// The hashes of the entries that a merge joined, ours first.
    pub joins: Vec<String>,
    /// The hash of the entry that it follows.
    pub previous: Option<String>,
    /// The hash of this entry, as the file has it.
    pub hash: String,
    /// The entry as the file has it.
    document: Object,
}

impl Recorded {
    /// What is kept of a finding.
    pub fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.to_owned(),
            severity: finding.severity,
            at: finding.place.at.clone(),
            pointer: finding.place.pointer.as_str().to_owned(),
            fingerprint: finding.fingerprint.clone(),
            message: finding.message.clone(),
        }
    }

    fn read(form: &Form<'_>) -> Result<Self, BaselineError> {
        Ok(Self {
            rule: form.text_of("rule")?,
            severity: severity(&form.member("severity")?)?
                .ok_or_else(|| form.wrong("a finding with a severity"))?,
            at: form.text_of("at")?,
            pointer: form.text_of("pointer")?,
            fingerprint: form.text_of("fingerprint")?,
            message: form.text_of("message")?,
        })
    }

    fn to_json(&self) -> Json {
        let mut finding = Object::new();
        finding.push("rule", self.rule.as_str());
        finding.push("severity", self.severity.name());
        finding.push("at", self.at.as_str());
        finding.push("pointer", self.pointer.as_str());
        finding.push("fingerprint", self.fingerprint.as_str());
        finding.push("message", self.message.as_str());
        finding.into()
    }
}

impl Entry {
    /// The entry of a decision, with its hashes.
    pub(super) fn new(
        decision: Decision<'_>,
        previous: Option<String>,
        unreviewed: Vec<Changed>,
    ) -> Self {
        let changed = Changed::between(decision.before, decision.after);
        let mut entry = Self {
            action: decision.action,
            at: decision.at,
            by: decision.who.name,
            by_source: decision.who.source,
            reason: decision.reason,
            ticket: decision.ticket,
            expires: decision.expires,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            verdict: decision.verdict,
            findings: decision.findings,
            changed,
            unreviewed,
            digest_before: decision.before.digest(),
            digest_after: decision.after.digest(),
            joins: decision.joins,
            previous,
            hash: String::new(),
            document: Object::new(),
        };
        entry.document = entry.members();
        entry.hash = entry.computed_hash();
        entry.document.push(HASH, entry.hash.as_str());
        entry
    }

    /// Reads an entry.
    pub(super) fn read(form: &Form<'_>) -> Result<Self, BaselineError> {
        let document = form.object()?.clone();
        let findings = form.member("findings")?.elements()?;
        let joins = form.elements_of("joins")?;
        let unreviewed = form.optional("unreviewed");
        Ok(Self {
            action: action(&form.member("action")?)?,
            at: form.text_of("at")?,
            by: form.text_of("by")?,
            by_source: form.text_of("bySource")?,
            reason: form.text_of("reason")?,
            ticket: form.optional_text("ticket")?,
            expires: form.optional_text("expires")?,
            tool: form.text_of("tool")?,
            verdict: severity(&form.member("verdict")?)?,
            findings: findings
                .iter()
                .map(Recorded::read)
                .collect::<Result<_, _>>()?,
            changed: Changed::read_all(&form.member("changed")?)?,
            unreviewed: unreviewed.map_or(Ok(Vec::new()), |form| Changed::read_all(&form))?,
            digest_before: form.text_of("digestBefore")?,
            digest_after: form.text_of("digestAfter")?,
            joins: joins.iter().map(Form::text).collect::<Result<_, _>>()?,
            previous: form.optional_text("previous")?,
            hash: form.text_of(HASH)?,
            document,
        })
    }

    /// The entry as the file has it, members of a later version included.
    pub fn to_json(&self) -> Json {
        self.document.clone().into()
    }

    /// The beginning of the hash, long enough to name the entry: 12 hex digits.
    pub fn short_hash(&self) -> String {
        short(&self.hash)
    }

    /// The beginnings of the hashes of the entries that had run out and that this one accepted for another time.
    pub(super) fn renewed(&self) -> impl Iterator<Item = &str> {
        let run_out = self.findings.iter().filter(|it| it.rule == super::RUN_OUT);
        run_out.filter_map(|finding| finding.pointer.strip_prefix("/trail/"))
    }

    /// The hash that the entry should have: over everything in it but the hash.
    pub fn computed_hash(&self) -> String {
        let mut hashed = self.document.clone();
        hashed.take(HASH);
        canon::digest(&hashed.into())
    }

    fn members(&self) -> Object {
        let mut entry = Object::new();
        entry.push("action", self.action.name());
        entry.push("at", self.at.as_str());
        entry.push("by", self.by.as_str());
        entry.push("bySource", self.by_source.as_str());
        entry.push("reason", self.reason.as_str());
        for (name, text) in [("ticket", &self.ticket), ("expires", &self.expires)] {
            if let Some(text) = text {
                entry.push(name, text.as_str());
            }
        }
        entry.push("tool", self.tool.as_str());
        entry.push("verdict", self.verdict.map_or(NONE, Severity::name));
        let findings = self.findings.iter().map(Recorded::to_json);
        entry.push("findings", Json::Array(findings.collect()));
        entry.push("changed", Changed::write_all(&self.changed));
        if !self.unreviewed.is_empty() {
            entry.push("unreviewed", Changed::write_all(&self.unreviewed));
        }
        entry.push("digestBefore", self.digest_before.as_str());
        entry.push("digestAfter", self.digest_after.as_str());
        if !self.joins.is_empty() {
            let joins = self.joins.iter().map(Json::string);
            entry.push("joins", Json::Array(joins.collect()));
        }
        if let Some(previous) = &self.previous {
            entry.push("previous", previous.as_str());
        }
        entry
    }
}

/// How many hex digits of a hash are shown.
const SHOWN_DIGITS: usize = 12;

/// The verdict where nothing was found.
const NONE: &str = "none";

fn action(form: &Form<'_>) -> Result<Action, BaselineError> {
    let word = form.text()?;
    let known = Action::ALL.into_iter().find(|action| action.name() == word);
    known.ok_or_else(|| form.unknown_word("action"))
}

/// A severity, or nothing for `none`.
fn severity(form: &Form<'_>) -> Result<Option<Severity>, BaselineError> {
    let word = form.text()?;
    let all = [Severity::Info, Severity::Warning, Severity::Breaking];
    match all.into_iter().find(|severity| severity.name() == word) {
        None if word != NONE => Err(form.unknown_word("severity")),
        known => Ok(known),
    }
}
