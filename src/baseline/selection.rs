//! Which of the things that drifted somebody accepts: all, or those that selectors name.
//!
//! A thing is taken over whole or not at all (`accept`), so one with a finding that was not selected is refused.

mod refusal;

use std::collections::{BTreeMap, BTreeSet};

pub use refusal::Refusal;

use super::accept::SERVER;
use super::trail::RUN_OUT;
use crate::report::{Finding, Report, Severity};

/// Rules that sum up what all the others found: they stand at the server as a whole and at no thing of their own.
pub const SUMMARIES: [&str; 5] = [
    "breaking-without-major-version",
    "context-cost-grew",
    "documentation-degraded",
    "documentation-improved",
    "surface-changed-without-version",
];

/// Things that have no name behind a slash.
const NAMELESS: [&str; 2] = ["instructions", SERVER];

/// What things with a name begin with.
const PREFIXES: [&str; 6] = [
    "tools/",
    "prompts/",
    "resources/",
    "resourceTemplates/",
    "capabilities/",
    "scenarios/",
];

/// A finding as somebody was told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The id of its rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The thing.
    pub at: String,
    /// The place in the thing, a JSON Pointer.
    pub pointer: String,
    /// The new name of something renamed or moved.
    pub new_at: Option<String>,
    /// The other things it speaks for.
    pub covers: Vec<String>,
    /// 16 hex digits.
    pub fingerprint: String,
    /// What happened, in a clause.
    pub message: String,
    /// Whether it was shown.
    pub standing: Standing,
}

/// Whether a finding was shown to the reader, and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was shown and counted.
    Shown,
    /// The user's file ignores it.
    Ignored,
    /// The user's thresholds hide it.
    Hidden,
    /// The user switched its rule off: it is no finding, and only says that the thing changed.
    Off,
}

/// What somebody wants to accept; everything where nothing is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whole things.
    pub things: BTreeSet<String>,
    /// The things that findings with these fingerprints touch.
    pub fingerprints: BTreeSet<String>,
    /// The things that findings of these rules touch.
    pub rules: BTreeSet<String>,
    /// Only findings up to this severity.
    pub most: Option<Severity>,
}

/// What is to be taken over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The things, for [`accepted`](super::accept::accepted).
    pub things: BTreeSet<String>,
    /// The findings about them, in the order told; those that are ignored or hidden too, since things are taken whole.
    pub findings: Vec<Told>,
    /// Whether nothing that drifted is left.
    pub is_all: bool,
    /// The things that are left since the reader was shown nothing of them: all that was found there is ignored, hidden or
    /// switched off. Who names such a thing gets it.
    pub unseen: BTreeSet<String>,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Shown, Self::Ignored, Self::Hidden, Self::Off];

    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Ignored => "ignored",
            Self::Hidden => "hidden",
            Self::Off => "off",
        }
    }
}

impl Wanted {
    /// Whether everything is wanted.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a selector as it is typed: a thing, or the fingerprint of a finding. False where it is neither.
    pub fn add(&mut self, selector: &str) -> bool {
        let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        if is_thing(selector) {
            self.things.insert(selector.to_owned())
        } else if selector.len() == 16 && selector.chars().all(is_hex) {
            self.fingerprints.insert(selector.to_owned())
        } else {
            return false;
        };
        true
    }

    /// Whether a finding is selected by what it is and not by the thing that it is about.
    fn picks(&self, told: &Told) -> bool {
        let named = self.fingerprints.contains(&told.fingerprint);
        let by_rule = self.rules.contains(&told.rule);
        let by_severity =
            self.things.is_empty() && self.fingerprints.is_empty() && self.rules.is_empty();
        let counts = told.standing == Standing::Shown;
        (named || (counts && (by_rule || by_severity))) && self.reaches(told)
    }

    fn reaches(&self, told: &Told) -> bool {
        self.most.is_none_or(|most| told.severity <= most)
    }
}

impl Told {
    /// What a report told of one server: what was shown first, in its order.
    pub fn of(report: &Report, target: &str) -> Vec<Self> {
        let findings = [
            (&report.findings, Standing::Shown),
            (&report.ignored, Standing::Ignored),
            (&report.hidden, Standing::Hidden),
            (&report.off, Standing::Off),
        ];
        let told = findings.into_iter().flat_map(|(findings, standing)| {
            let of_target = findings.iter().filter(|finding| finding.target == target);
            of_target.map(move |finding| Self::new(finding, standing))
        });
        told.collect()
    }

    fn new(finding: &Finding, standing: Standing) -> Self {
        let covers: BTreeSet<&String> = finding.covers.iter().map(|place| &place.at).collect();
        Self {
            rule: finding.rule.to_owned(),
            severity: finding.severity,
            at: finding.place.at.clone(),
            pointer: finding.place.pointer.as_str().to_owned(),
            new_at: finding.new_at.clone(),
            covers: covers.into_iter().cloned().collect(),
            fingerprint: finding.fingerprint.clone(),
            message: finding.message.clone(),
            standing,
        }
    }

    /// Whether it only sums up what others tell.
    pub fn is_summary(&self) -> bool {
        SUMMARIES.contains(&self.rule.as_str())
    }

    /// Whether it says that an acceptance has run out. That is no drift: whoever accepts it changes nothing.
    pub fn is_run_out(&self) -> bool {
        self.rule == RUN_OUT
    }

    /// The things that it is about, each once; none for a summary, and for an acceptance that has run out.
    pub fn touches(&self) -> BTreeSet<&str> {
        if self.is_summary() || self.is_run_out() {
            return BTreeSet::new();
        }
        let others = self.covers.iter().chain(&self.new_at);
        let all = std::iter::once(&self.at).chain(others);
        all.map(String::as_str).filter(|at| is_thing(at)).collect()
    }
}

impl Chosen {
    /// All of the things in which two surfaces differ, and those that findings about what was observed touch.
    pub fn all(told: &[Told], differing: &BTreeSet<String>) -> Self {
        Self {
            things: drifted(told, differing),
            findings: told.to_vec(),
            is_all: true,
            unseen: BTreeSet::new(),
        }
    }
}

/// Chooses among the things in which two surfaces differ, and those that findings about what was observed touch.
///
/// # Errors
/// A selector that fits nothing, and things with a finding that was not selected.
pub fn choose(
    told: &[Told],
    differing: &BTreeSet<String>,
    wanted: &Wanted,
) -> Result<Chosen, Refusal> {
    let drifted = drifted(told, differing);
    let unseen = unseen(told, differing);
    if wanted.is_all() {
        let things = drifted.difference(&unseen).cloned().collect();
        return Ok(Chosen {
            findings: findings(told, &things, |told| {
                told.standing == Standing::Shown || (unseen.is_empty() && told.is_summary())
            }),
            things,
            is_all: unseen.is_empty(),
            unseen,
        });
    }
    refuse_unmatched(told, &drifted, wanted)?;
    let named = with_renames(told, wanted.things.clone());
    let picked: Vec<&Told> = told.iter().filter(|told| wanted.picks(told)).collect();
    let mut things = named.clone();
    things.extend(touched(picked.iter().copied()));
    things.retain(|thing| drifted.contains(thing));
    let things = with_renames(told, things);
    if things.is_empty() && !picked.iter().any(|told| told.is_run_out()) {
        return Err(match (wanted.most, picked.is_empty()) {
            (Some(most), true) => Refusal::NoneUpTo(most),
            _ => Refusal::OnlySummaries,
        });
    }
    let is_selected =
        |told: &Told| wanted.picks(told) || (meets(told, &named) && wanted.reaches(told));
    let mut entangled = BTreeMap::new();
    for other in told {
        if other.standing == Standing::Shown && !is_selected(other) {
            for thing in other.touches() {
                if things.contains(thing) {
                    entangled
                        .entry(thing.to_owned())
                        .or_insert_with(|| other.clone());
                }
            }
        }
    }
    if !entangled.is_empty() {
        return Err(Refusal::Entangled(entangled.into_iter().collect()));
    }
    let is_all = things == drifted;
    Ok(Chosen {
        findings: findings(told, &things, |told| {
            (is_all && told.is_summary()) || wanted.picks(told)
        }),
        unseen: unseen.difference(&things).cloned().collect(),
        things,
        is_all,
    })
}

/// The findings about these things, also those that nobody was shown, since things are taken whole; of those that sum up
/// others, and of those about what has run out, the ones that fit.
fn findings(told: &[Told], things: &BTreeSet<String>, fits: impl Fn(&Told) -> bool) -> Vec<Told> {
    let is_finding = |told: &&Told| told.standing != Standing::Off;
    let is_apart = |told: &Told| told.is_summary() || told.is_run_out();
    let is_of = |told: &&Told| meets(told, things) || (is_apart(told) && fits(told));
    let found = told.iter().filter(is_finding).filter(is_of);
    found.cloned().collect()
}

fn meets(told: &Told, things: &BTreeSet<String>) -> bool {
    told.touches().iter().any(|thing| things.contains(*thing))
}

/// The things about which something was found, and nothing shown.
fn unseen(told: &[Told], differing: &BTreeSet<String>) -> BTreeSet<String> {
    let (shown, other): (Vec<&Told>, Vec<&Told>) = told
        .iter()
        .partition(|told| told.standing == Standing::Shown);
    // Of what was observed nobody asks where its rule is off.
    let counts =
        |told: &&Told, thing: &str| told.standing != Standing::Off || differing.contains(thing);
    let shown = touched(shown.into_iter());
    let other = other.iter().flat_map(|told| {
        let things = told.touches().into_iter();
        things.filter(move |thing| counts(told, thing))
    });
    let other = other.map(str::to_owned);
    other.filter(|thing| !shown.contains(thing)).collect()
}

/// The worst of the findings, also of those that are ignored or hidden: whoever takes a thing takes all of it.
pub fn worst(findings: &[Told]) -> Option<Severity> {
    let judged = findings
        .iter()
        .filter(|told| told.standing != Standing::Off);
    judged.map(|told| told.severity).max()
}

fn refuse_unmatched(
    told: &[Told],
    drifted: &BTreeSet<String>,
    wanted: &Wanted,
) -> Result<(), Refusal> {
    let things = wanted.things.iter();
    let mut unmatched = things.filter(|thing| !drifted.contains(*thing));
    let mut prints = wanted.fingerprints.iter();
    let mut rules = wanted.rules.iter();
    let print = || prints.find(|print| told.iter().all(|told| told.fingerprint != **print));
    let rule = || {
        rules.find(|rule| {
            let is_of = |told: &Told| told.rule == **rule && told.standing == Standing::Shown;
            !told.iter().any(is_of)
        })
    };
    match unmatched.next().or_else(print).or_else(rule) {
        None => Ok(()),
        Some(selector) => Err(Refusal::Unmatched {
            selector: selector.clone(),
            drifted: drifted.iter().cloned().collect(),
        }),
    }
}

fn drifted(told: &[Told], differing: &BTreeSet<String>) -> BTreeSet<String> {
    differing
        .iter()
        .cloned()
        .chain(touched(told.iter()))
        .collect()
}

fn touched<'a>(told: impl Iterator<Item = &'a Told>) -> BTreeSet<String> {
    let touched = told.flat_map(Told::touches);
    touched.map(str::to_owned).collect()
}

/// Adds the other name of everything that was renamed.
fn with_renames(told: &[Told], mut things: BTreeSet<String>) -> BTreeSet<String> {
    loop {
        let before = things.len();
        for told in told {
            if let Some(new) = &told.new_at
                && (things.contains(new) || things.contains(&told.at))
            {
                things.extend([new.clone(), told.at.clone()]);
            }
        }
        if things.len() == before {
            return things;
        }
    }
}

/// Whether a text names a thing that can be taken over.
fn is_thing(text: &str) -> bool {
    NAMELESS.contains(&text) || PREFIXES.iter().any(|prefix| text.starts_with(prefix))
}
