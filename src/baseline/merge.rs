//! Joins what two branches made of one baseline, item by item.
//!
//! An item that only one side changed is taken from that side; one that both changed in the same way is taken once. What
//! both changed in different ways is a conflict, and only a person can say what holds.

mod clashes;
mod trails;

use std::collections::{BTreeMap, BTreeSet};

use super::document::document;
use super::spelling::same_as_written;
use super::trail::{Trail, Who, parts};
use super::{Baseline, Sight, Volatile, imported, observation, spelling, written};
use crate::json::{Json, Object, compact};
use crate::observed::{Observed, Watched};
use crate::surface::Surface;
use clashes::Clashes;
pub use clashes::Prefer;

/// The members of the handshake that are joined member by member: each capability is a thing of its own.
const OPENED: [&str; 2] = ["initialize/capabilities", "initialize/serverInfo"];

/// The baselines to join.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// What both sides began with; nothing where each made the file by itself.
    pub base: Option<&'a Baseline>,
    /// The side that is merged into.
    pub ours: &'a Baseline,
    /// The side that is merged.
    pub theirs: &'a Baseline,
    /// The side that holds where both changed the same thing; nothing where that is a conflict.
    pub prefer: Option<Prefer>,
}

/// What came of two sides. It is the same whichever of them is ours, but for the order of what the trail joins.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The expected surface.
    pub surface: Surface,
    /// What the server was seen doing.
    pub observed: Option<Observed>,
    /// What is compared by shape only.
    pub volatile: Volatile,
    /// The decisions of both sides.
    pub trail: Trail,
    /// How much of a server it can know: less than everything where both sides came from files that could hold no more.
    pub sight: Sight,
    /// The version of the catalogue of rules: the later one of both sides.
    pub catalogue: Option<String>,
    /// What both sides changed in different ways and was taken from the preferred one, sorted by place.
    pub preferred: Vec<String>,
}

/// Why two sides cannot be joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// What both sides changed in different ways, sorted by place.
    Conflicts(Vec<String>),
    /// A side has lost a decision that both began with.
    Lacks {
        /// `OURS` or `THEIRS`.
        side: &'static str,
        /// Which decision of the base, from 1.
        entry: usize,
    },
    /// Something is wrong with the trail of a side, in a clause.
    Trail(String),
}

impl Joined {
    /// The text of the file.
    pub fn text(&self) -> String {
        written(&self.document())
    }

    /// Whether a side holds this already, so that its text can stay as it is.
    pub fn is(&self, side: &Baseline) -> bool {
        let [held, joined] = [side.document(), self.document()].map(spelling::without);
        same_as_written(&held, &joined)
    }

    fn document(&self) -> Json {
        document(
            &self.surface,
            self.observed.as_ref(),
            &self.volatile,
            &self.trail,
            &self.sight,
            self.catalogue.as_deref(),
        )
    }
}

impl Sides<'_> {
    /// Whether each side still has every decision that both began with. Entries of merges are no decisions: git makes
    /// some of its own where branches were merged crosswise.
    ///
    /// # Errors
    /// The first that is missing.
    pub fn keep_decisions(&self) -> Result<(), Obstacle> {
        trails::kept(self)
    }

    /// Whether each side has decisions that the other has not, so that an entry has to join them.
    pub fn has_two_trails(&self) -> bool {
        trails::are_two(&self.ours.trail, &self.theirs.trail)
    }

    /// Joins both sides. `at` is the time in UTC and `who` the person, for the entry that joins two trails.
    ///
    /// # Errors
    /// Conflicts, all of them; a trail that cannot be joined; two trails and nobody who joins them.
    pub fn join(&self, at: &str, who: Option<Who>) -> Result<Joined, Obstacle> {
        self.keep_decisions()?;
        let mut clashes = Clashes::new(self.prefer);
        let surface = surfaces(
            [
                self.base.map(|base| &base.surface),
                Some(&self.ours.surface),
                Some(&self.theirs.surface),
            ],
            &mut clashes,
        );
        let observed = surface
            .as_ref()
            .and_then(|surface| self.observed(surface, &mut clashes));
        let Some(surface) = surface.filter(|_| clashes.is_settled()) else {
            return Err(Obstacle::Conflicts(clashes.open()));
        };
        let trail = trails::join(self, &surface, at, who, &mut clashes)?;
        Ok(Joined {
            volatile: self.volatile().still_in(&surface),
            sight: imported::of(&self.sight(), &surface, &trail),
            surface,
            observed,
            trail,
            catalogue: self.catalogue(),
            preferred: clashes.preferred(),
        })
    }

    /// A merge judges nothing: what an older version of this program joins was still judged with the later catalogue.
    fn catalogue(&self) -> Option<String> {
        let sides = [self.ours, self.theirs];
        let said = sides.into_iter().filter_map(|side| side.catalogue.as_ref());
        said.max_by_key(|said| version(said)).cloned()
    }

    /// Where only one side knows no more than the file that it came from, what that could not hold is to be seen.
    fn sight(&self) -> Sight {
        let (ours, theirs) = (&self.ours.sight, &self.theirs.sight);
        if ours.version() == theirs.version() {
            ours.clone()
        } else {
            Sight::Full
        }
    }

    /// Both sides' places, but for those that one side took away.
    fn volatile(&self) -> Volatile {
        let none = Volatile::default();
        let base = self.base.map_or(&none, |base| &base.volatile);
        let (ours, theirs) = (&self.ours.volatile, &self.theirs.volatile);
        let gone = base.without(ours).and(&base.without(theirs));
        ours.and(theirs).without(&gone)
    }

    /// What was observed, place by place; nothing is told of things that are gone.
    fn observed(&self, surface: &Surface, clashes: &mut Clashes) -> Option<Observed> {
        let none = Observed::default();
        let [base, ours, theirs] = [
            self.base.and_then(|base| base.observed.as_ref()),
            self.ours.observed.as_ref(),
            self.theirs.observed.as_ref(),
        ]
        .map(|observed| observed.unwrap_or(&none));
        let machine = three_way(
            base.machine.as_ref(),
            ours.machine.as_ref(),
            theirs.machine.as_ref(),
        );
        let is_mixed = |machine| {
            // Times of two kinds of machine must not stand in one file.
            [ours, theirs]
                .into_iter()
                .any(|side| side.machine.as_ref() != machine && has_new_times(base, side))
        };
        let machine = match machine {
            Some(machine) if !is_mixed(machine) => machine.cloned(),
            _ => match clashes.side("observed/machine", ours, theirs) {
                Some(side) => return Some(side.clone()),
                None => None,
            },
        };
        let places = joined(
            [&base.places, &ours.places, &theirs.places],
            |at| observation::is_there(at, surface),
            |at| format!("observed/places/{at}"),
            clashes,
        );
        let scenarios = joined(
            [&base.scenarios, &ours.scenarios, &theirs.scenarios],
            |_| true,
            |name| format!("observed/scenarios/{name}"),
            clashes,
        );
        let observed = Observed {
            machine,
            places,
            scenarios,
        };
        (!observed.is_empty()).then_some(observed)
    }
}

/// Joins two surfaces that came from one; nothing where they conflict, or where what comes out is no surface.
fn surfaces(sides: [Option<&Surface>; 3], clashes: &mut Clashes) -> Option<Surface> {
    let mut sides = sides.map(|surface| surface.map(parts::of).unwrap_or_default());
    let is_opened = |place: &&str| sides.iter().all(|parts| can_be_opened(parts, place));
    let opened: Vec<&str> = OPENED.into_iter().filter(is_opened).collect();
    for place in &opened {
        for parts in &mut sides {
            open(parts, place);
        }
    }
    let [base, ours, theirs] = &sides;
    let mut parts = joined([base, ours, theirs], |_| true, shown, clashes);
    if !clashes.is_settled() {
        return None;
    }
    // A member of a handshake that is gone, an item in a list that the other side no longer has.
    for place in opened {
        for orphan in close(&mut parts, place) {
            clashes.leave_open(shown(&orphan));
        }
    }
    let surface = parts::surface(&parts);
    let surface = surface.map_err(|at| clashes.leave_open(shown(&at))).ok();
    surface.filter(|_| clashes.is_settled())
}

/// Whether the members of an object can be parts of their own: a name that stands twice has no place, and a member of the
/// object around it may have the place of one inside.
fn can_be_opened(parts: &BTreeMap<String, Json>, place: &str) -> bool {
    let prefix = format!("{place}/");
    let is_object = match parts.get(place) {
        Some(Json::Object(object)) => !object.repeats(),
        Some(_) => false,
        None => true,
    };
    is_object && !parts.keys().any(|at| at.starts_with(&prefix))
}

/// Makes each member of an object a part of its own.
fn open(parts: &mut BTreeMap<String, Json>, place: &str) {
    let Some(Json::Object(object)) = parts.get(place) else {
        return;
    };
    let members: Vec<_> = object
        .iter()
        .map(|(name, value)| (format!("{place}/{name}"), value.clone()))
        .collect();
    parts.insert(place.to_owned(), Object::new().into());
    parts.extend(members);
}

/// Puts the members that [`open`] took apart into their object again, and names those that have none any more.
fn close(parts: &mut BTreeMap<String, Json>, place: &str) -> Vec<String> {
    let Some(Json::Object(object)) = parts.get(place) else {
        let prefix = format!("{place}/");
        let inside = parts.keys().filter(|at| at.starts_with(&prefix));
        return inside.cloned().collect();
    };
    let mut whole = object.clone();
    let prefix = format!("{place}/");
    parts.retain(|at, value| match at.strip_prefix(&prefix) {
        Some(name) => {
            whole.push(name, value.clone());
            false
        }
        None => true,
    });
    parts.insert(place.to_owned(), whole.into());
    Vec::new()
}

/// A place as a report names it.
fn shown(at: &str) -> String {
    match at.strip_prefix("initialize/") {
        Some("instructions") => "instructions".to_owned(),
        Some(member) if member.starts_with("capabilities/") => member.to_owned(),
        Some(member) => format!("server/{member}"),
        None => at.to_owned(),
    }
}

/// Joins maps entry by entry, those that are wanted. `place` is how a report names an entry.
fn joined<T: Joinable>(
    [base, ours, theirs]: [&BTreeMap<String, T>; 3],
    is_wanted: impl Fn(&str) -> bool,
    place: impl Fn(&str) -> String,
    clashes: &mut Clashes,
) -> BTreeMap<String, T> {
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let mut joined = BTreeMap::new();
    for name in names.into_iter().filter(|name| is_wanted(name)) {
        let (ours, theirs) = (ours.get(name), theirs.get(name));
        let value = three_way(base.get(name), ours, theirs)
            .unwrap_or_else(|| clashes.value(&place(name), ours, theirs));
        if let Some(value) = value {
            joined.insert(name.clone(), value.clone());
        }
    }
    joined
}

/// A value that can stand on two sides.
trait Joinable: Clone + PartialEq {
    /// Which of two equal values is kept: the same one whichever side is ours.
    fn either<'a>(a: &'a Self, b: &'a Self) -> &'a Self {
        let _ = b;
        a
    }
}

impl Joinable for bool {}
impl Joinable for Watched {}
impl Joinable for crate::observed::Machine {}

impl Joinable for Json {
    fn either<'a>(a: &'a Self, b: &'a Self) -> &'a Self {
        // Equal values may be spelled differently: `1` and `1.0`.
        if compact(b) < compact(a) { b } else { a }
    }
}

/// What holds of a value: that of the side that changed it. Nothing where both did, in different ways.
fn three_way<'a, T: Joinable>(
    base: Option<&'a T>,
    ours: Option<&'a T>,
    theirs: Option<&'a T>,
) -> Option<Option<&'a T>> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if ours == theirs => Some(Some(T::either(ours, theirs))),
        _ if ours == theirs || theirs == base => Some(ours),
        _ if ours == base => Some(theirs),
        _ => None,
    }
}

/// Whether a side took times that were not there before.
fn has_new_times(base: &Observed, side: &Observed) -> bool {
    side.places.iter().any(|(at, watched)| {
        let known = base.places.get(at).map(|watched| &watched.latency);
        !watched.latency.is_empty() && known != Some(&watched.latency)
    })
}

/// The three numbers of a version.
fn version(text: &str) -> Option<[u64; 3]> {
    let numbers: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}
