//! Two bare schemas: the judge of inclusion gives the verdict, and the findings explain it without contradicting it.

use super::{Ignores, Policy, Subject, judge};
use crate::diff::{Behaviour, Change, Comparison, SchemaFact, Side, What};
use crate::inclusion::Answer;
use crate::json::Json;
use crate::report::{Compat, Compatibility, Decided, Direction, Severity, Target};
use crate::rules;

/// What there is to say about two schemas before it is judged.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// Whose schemas they are.
    pub side: Side,
    /// What was.
    pub old: &'a Json,
    /// What is now.
    pub new: &'a Json,
    /// Their differences, as [`crate::diff::schemas`] finds them.
    pub comparison: Comparison,
    /// Whether nothing that worked is lost: OLD ⊆ NEW for inputs, NEW ⊆ OLD for outputs.
    pub kept: Answer,
    /// The other way round; nobody needs to ask where something is lost.
    pub gained: Option<Answer>,
    /// The files.
    pub target: Target,
}

/// Judges two schemas (interface.md, `compat`).
///
/// The verdict comes from the answers alone. Without a loss no finding is above info, and where nobody knows of one
/// none is above a warning. Where something is lost a finding is breaking, and the best that fits has the witness.
pub fn compat(question: Question<'_>) -> Compat {
    let Question {
        side,
        old,
        new,
        mut comparison,
        kept,
        gained,
        target,
    } = question;
    let whole = || Change::of_schemas(side, old, new);
    let changes = &mut comparison.changes;
    let (verdict, ceiling) = match kept {
        Answer::Proven => {
            decide(changes, Decided::Proven);
            let verdict = match gained {
                Some(Answer::Proven) => Compatibility::Equivalent,
                _ => Compatibility::Compatible,
            };
            (verdict, Severity::Info)
        }
        Answer::Unknown(doubt) => {
            let decided = Decided::Unknown(doubt);
            let undecided = |change: &&mut Change| change.decided != Some(Decided::Proven);
            decide(changes.iter_mut().filter(undecided), decided);
            if changes
                .iter()
                .all(|change| severity(change) == Severity::Info)
            {
                changes.push(Change {
                    decided: Some(decided),
                    ..whole()
                });
            }
            (Compatibility::Unknown(doubt), Severity::Warning)
        }
        Answer::Refuted(witness) => {
            refute(changes, witness, whole);
            (Compatibility::Breaking, Severity::Breaking)
        }
    };
    let subject = Subject {
        target,
        comparison: Some(comparison),
        behaviour: Behaviour::default(),
        measured: Vec::new(),
        policy: Policy {
            ceiling: Some(ceiling),
            ..Policy::default()
        },
    };
    Compat {
        verdict,
        direction: match side {
            Side::Input => Direction::Input,
            Side::Output => Direction::Output,
        },
        report: judge(vec![subject], &Ignores::default()),
    }
}

/// Says of every fact about the schemas what the judge said of them.
fn decide<'c>(changes: impl IntoIterator<Item = &'c mut Change>, decided: Decided) {
    for change in changes.into_iter().filter(|change| is_fact(change)) {
        (change.decided, change.witness) = (Some(decided), None);
    }
}

/// Gives the witness to the fact that fits it best; where none can be breaking, to one about the schemas as a whole.
fn refute(changes: &mut Vec<Change>, witness: Option<Json>, whole: impl FnOnce() -> Change) {
    let shown = |change: &Change| {
        change.decided == Some(Decided::Refuted) && severity(change) == Severity::Breaking
    };
    if changes.iter().any(shown) {
        // The judge knows where. What no finding of that severity says is left to those that do.
        for change in changes.iter_mut().filter(|change| !shown(change)) {
            if change.decided == Some(Decided::Refuted) {
                (change.decided, change.witness) = (None, None);
            }
        }
        return;
    }
    for change in changes.iter_mut() {
        if change.decided == Some(Decided::Refuted) {
            (change.decided, change.witness) = (None, None);
        }
    }
    let is_open = |change: &Change| matches!(change.what, What::Schema(_, SchemaFact::Changed));
    let is_bad = |change: &Change| severity(change) == Severity::Breaking;
    let fits = |change: &Change| {
        witness
            .as_ref()
            .is_some_and(|witness| speaks_of(change, witness))
    };
    let first = |wanted: &dyn Fn(&Change) -> bool| changes.iter().position(wanted);
    let best = first(&|change| is_bad(change) && fits(change))
        .or_else(|| first(&|change| is_open(change) && fits(change)))
        .or_else(|| first(&is_bad));
    for change in changes
        .iter_mut()
        .filter(|change| is_fact(change) && is_bad(change))
    {
        change.decided = Some(Decided::Refuted);
    }
    let index = best.unwrap_or_else(|| {
        changes.push(whole());
        changes.len() - 1
    });
    changes[index].decided = Some(Decided::Refuted);
    changes[index].witness = witness;
}

fn is_fact(change: &Change) -> bool {
    matches!(change.what, What::Schema(..))
}

/// How bad a change is by the rules alone.
fn severity(change: &Change) -> Severity {
    rules::of(change).severity.of(change)
}

/// Whether a witness has to do with the place of a change: it has a value there, or lacks one that must be there.
fn speaks_of<'w>(change: &Change, witness: &'w Json) -> bool {
    if !is_fact(change) {
        return false;
    }
    let absent = matches!(
        change.what,
        What::Schema(
            _,
            SchemaFact::Required
                | SchemaFact::Optional
                | SchemaFact::PropertyAdded { required: true, .. }
                | SchemaFact::GuardRemoved { confirmation: true }
        )
    );
    let tokens: Vec<_> = change.place.pointer.tokens().collect();
    let last = tokens.len().saturating_sub(2);
    let mut values = vec![witness];
    let mut index = 0;
    while index < tokens.len() && !values.is_empty() {
        let named = tokens.get(index + 1);
        match (tokens[index].as_ref(), named) {
            ("properties", Some(name)) if absent && index == last => {
                values.retain(|value| value.as_object().is_some() && value.get(name).is_none());
                index += 2;
            }
            ("properties", Some(name)) => {
                values = values.iter().filter_map(|value| value.get(name)).collect();
                index += 2;
            }
            ("patternProperties", Some(_)) => {
                values = values.into_iter().flat_map(inside).collect();
                index += 2;
            }
            ("prefixItems", Some(position)) => {
                let position = position.parse::<usize>().unwrap_or(usize::MAX);
                let at = |value: &'w Json| value.as_array()?.get(position);
                values = values.into_iter().filter_map(at).collect();
                index += 2;
            }
            ("items" | "additionalItems" | "unevaluatedItems" | "contains", _) => {
                values = values.into_iter().flat_map(inside).collect();
                index += 1;
            }
            _ => index += 1,
        }
    }
    !values.is_empty()
}

/// The elements or members of a value.
fn inside(value: &Json) -> Vec<&Json> {
    match value {
        Json::Array(items) => items.iter().collect(),
        Json::Object(object) => object.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}
