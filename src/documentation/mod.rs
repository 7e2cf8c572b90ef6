//! How well a surface is documented: a score, a grade, and every point lost as an issue with its place.
//!
//! It looks at what is said and never at what it means: no language model, no word list of good and bad prose. What
//! the negotiated revision of the protocol does not have costs nothing.

mod items;
mod kinds;
mod parameters;
mod prose;

use std::fmt;

pub use kinds::{KINDS, Kind};
pub use parameters::{Parameter, Required, parameters};

use crate::json::Json;
use crate::report::Place;
use crate::surface::{List, Surface};

/// A hundred points, in the unit of [`Issue::points`].
pub const ALL_POINTS: u64 = 100_000_000;

/// How much of the score each list decides, where it has items. The shares of lists without items go to the others.
const SHARES: [(List, u64); 4] = [
    (List::Tools, 80),
    (List::Prompts, 10),
    (List::Resources, 5),
    (List::ResourceTemplates, 5),
];

/// How well a surface is documented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100. A hundred only without any issue; where there is nothing to document, there is none.
    pub value: u8,
    /// What the value comes to.
    pub grade: Grade,
    /// Everything that costs points, by the thing, then by name and id.
    pub issues: Vec<Issue>,
}

/// One thing that is not documented as it could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Which kind it is: an id of [`KINDS`].
    pub id: &'static str,
    /// Where: the thing, and the place inside it that lacks something.
    pub place: Place,
    /// The parameter or argument that this is about, `filter.since`; empty where it is about the thing as a whole.
    ///
    /// An issue is the same as another where id, `place.at` and this are: the pointer moves with the order of lists.
    pub name: String,
    /// What it costs, in millionths of a point.
    pub points: u64,
}

impl Issue {
    /// What is known of this kind of issue.
    pub fn kind(&self) -> &'static Kind {
        kinds::of(self.id)
    }
}

/// What a score comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// 90 and more.
    A,
    /// 80 and more.
    B,
    /// 70 and more.
    C,
    /// 60 and more.
    D,
    /// Less than 60.
    F,
}

impl Grade {
    /// The grade of a score from 0 to 100.
    pub fn of(value: u8) -> Self {
        match value {
            90.. => Self::A,
            80.. => Self::B,
            70.. => Self::C,
            60.. => Self::D,
            _ => Self::F,
        }
    }

    /// Its letter.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::F => "F",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The score of a surface. The order of its lists does not matter.
///
/// Each list has a share of the hundred points, each item an equal part of it, each parameter a part of what its tool
/// has for parameters: so neither a long list nor one huge tool drowns the rest.
pub fn score(surface: &Surface) -> Score {
    score_of(surface, |_, _| true)
}

/// The score of a surface as if it had no other items than those that are wanted.
pub fn score_of(surface: &Surface, wanted: impl Fn(List, &Json) -> bool) -> Score {
    let count = |list| {
        let items = surface.items(list).iter();
        items.filter(|item| wanted(list, item)).count()
    };
    let issues = issues(surface, &points(count), &wanted);
    let lost: u64 = issues.iter().map(|issue| issue.points).sum();
    let left = ALL_POINTS.saturating_sub(lost.max(u64::from(!issues.is_empty())));
    let value = u8::try_from(left * 100 / ALL_POINTS).expect("a part of a hundred");
    Score {
        value,
        grade: Grade::of(value),
        issues,
    }
}

/// What the wanted items lack, each at what it costs the surface as a whole: by the thing, then by name and id.
pub fn issues_of(surface: &Surface, wanted: impl Fn(List, &Json) -> bool) -> Vec<Issue> {
    let points = points(|list| surface.items(list).len());
    issues(surface, &points, &wanted)
}

/// How many points each item can lose, by list, where there are so many; lists without items are left out.
fn points(count: impl Fn(List) -> usize) -> Vec<(List, u64)> {
    let counted = SHARES.map(|(list, share)| (list, share, count(list) as u64));
    let present = counted.into_iter().filter(|(_, _, count)| *count > 0);
    let all: u64 = present.clone().map(|(_, share, _)| share).sum();
    present
        .map(|(list, share, count)| (list, ALL_POINTS * share / all / count))
        .collect()
}

fn issues(
    surface: &Surface,
    points: &[(List, u64)],
    wanted: &impl Fn(List, &Json) -> bool,
) -> Vec<Issue> {
    let has = items::Revision::of(surface.protocol_version.as_deref());
    let mut issues = Vec::new();
    for (list, points) in points {
        let items = surface.items(*list).iter();
        for item in items.filter(|item| wanted(*list, item)) {
            items::review(*list, item, has, *points, &mut issues);
        }
    }
    merged(issues)
}

/// The issues in their order. What is wrong in the same way under one name, in two branches of a schema or in two items
/// of one name, is one issue.
fn merged(mut issues: Vec<Issue>) -> Vec<Issue> {
    issues.sort_by(|a, b| key(a).cmp(&key(b)));
    issues.dedup_by(|later, first| {
        let same =
            (later.id, &later.place.at, &later.name) == (first.id, &first.place.at, &first.name);
        if same {
            first.points += later.points;
        }
        same
    });
    issues
}

fn key(issue: &Issue) -> (&str, &str, &str, &str) {
    let Place { at, pointer } = &issue.place;
    (at, &issue.name, issue.id, pointer.as_str())
}
