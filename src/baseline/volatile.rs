//! Members that differ from one capture to the next although the server did not change: an order, a text, a default or
//! an example drawn at random. They are named in the file, and from then on compared by shape only.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::BaselineError;
use super::order::maps_names;
use super::trail::{Form, parts};
use crate::canon;
use crate::json::{Json, Object, Pointer};
use crate::report::Place;
use crate::surface::{List, Listing, Surface};

/// The member of the file that names them, and their digest among the digests.
pub(super) const VOLATILE: &str = "volatile";

/// Texts for readers, of any shape.
const TEXTS: [&str; 3] = ["description", "title", "instructions"];

/// Values that only show what could be sent.
const SAMPLES: [&str; 3] = ["default", "example", "examples"];

/// The first part of a place in the handshake, as the trail names it.
const INITIALIZE: &str = "initialize/";

/// The places of a surface that are compared by shape only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Volatile {
    places: BTreeSet<(String, Pointer)>,
}

/// What stands at a place, as far as it may change by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A text: any other text has its shape.
    Text,
    /// A sample: any value of its type has its shape.
    Sample,
    /// A list: the same elements in another order have its shape. Nothing else has.
    Order,
}

impl Volatile {
    /// What two captures of one server differ in, when that is an order, a text, a default or an example.
    ///
    /// # Errors
    /// The things that differ in more than that, sorted: the server has changed.
    pub fn between(reviewed: &Surface, again: &Surface) -> Result<Self, Vec<String>> {
        let (before, after) = (parts::of(reviewed), parts::of(again));
        let mut found = Self::default();
        let mut changed = BTreeSet::new();
        for at in before.keys().chain(after.keys()) {
            let (at_shown, begin) = shown_place(at);
            let (Some(a), Some(b)) = (before.get(at), after.get(at)) else {
                changed.insert(at_shown);
                continue;
            };
            let mut pointers = Vec::new();
            let name = at.strip_prefix(INITIALIZE).unwrap_or_default();
            let is_walked = walk(a, b, &begin, (name, false), &mut pointers);
            // What has no place of its own could not be found again.
            let is_placed = pointers.is_empty() || part_of(reviewed, &at_shown).is_some();
            if is_walked && is_placed {
                let places = pointers.into_iter();
                found
                    .places
                    .extend(places.map(|pointer| (at_shown.clone(), pointer)));
            } else {
                changed.insert(at_shown);
            }
        }
        if changed.is_empty() {
            Ok(found)
        } else {
            Err(changed.into_iter().collect())
        }
    }

    /// Whether nothing is volatile.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The places, sorted.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.places.iter().map(|(at, pointer)| Place {
            at: at.clone(),
            pointer: pointer.clone(),
        })
    }

    /// The places of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let places = self.places.union(&other.places).cloned().collect();
        Self { places }
    }

    /// The places that the other does not have.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let places = self.places.difference(&other.places).cloned().collect();
        Self { places }
    }

    /// The places where a text or a sample stands: it may as well have been changed on purpose, which the same elements
    /// in another order were not.
    #[must_use]
    pub fn of_values(&self, surface: &Surface) -> Self {
        let is_value = |(at, pointer): &&(String, Pointer)| {
            let last = pointer.tokens().last();
            let is_sample = last.is_some_and(|last| SAMPLES.contains(&last.as_ref()));
            let part = part_of(surface, at);
            let value = part.as_ref().and_then(|part| part.at(pointer));
            is_sample || value.is_none_or(|value| value.as_array().is_none())
        };
        Self {
            places: self.places.iter().filter(is_value).cloned().collect(),
        }
    }

    /// The places that are still there in a surface.
    #[must_use]
    pub fn still_in(&self, surface: &Surface) -> Self {
        let there = |(at, pointer): &&(String, Pointer)| {
            part_of(surface, at).is_some_and(|part| part.at(pointer).is_some())
        };
        Self {
            places: self.places.iter().filter(there).cloned().collect(),
        }
    }

    /// What was captured, with the approved sample at every volatile place where the shape is the same. What has
    /// another shape stays as it is, and so is drift.
    pub fn settled<'a>(&self, approved: &Surface, live: &'a Surface) -> Cow<'a, Surface> {
        let mut settled = Cow::Borrowed(live);
        for (at, pointer) in &self.places {
            let (Some(sample), Some(part)) = (part_of(approved, at), part_of(&settled, at)) else {
                continue;
            };
            let tokens: Vec<_> = pointer.tokens().collect();
            let name = if at == "instructions" { at } else { "" };
            let part = settle(&sample, &part, &tokens, (name, false));
            if let Some(part) = part {
                put(settled.to_mut(), at, part);
            }
        }
        settled
    }

    /// What a reader should know of it: where the comparison is not exact. Texts come first and are all named, since a
    /// server may write into them what it likes; of the rest only the first few.
    pub fn note(&self) -> Option<String> {
        const SHOWN: usize = 5;
        self.note_of(SHOWN)
    }

    /// As [`note`](Self::note), with every place.
    pub fn full_note(&self) -> Option<String> {
        self.note_of(self.places.len())
    }

    fn note_of(&self, shown: usize) -> Option<String> {
        let (texts, others): (Vec<_>, Vec<_>) =
            self.places.iter().partition(|place| is_text(place));
        let name = |(at, pointer): &(String, Pointer)| format!("`{at}{pointer}`");
        let texts = texts
            .into_iter()
            .map(|place| format!("{} (any text passes)", name(place)));
        let mut places: Vec<_> = texts.collect();
        let shown = shown.saturating_sub(places.len()).min(others.len());
        places.extend(others[..shown].iter().map(|place| name(place)));
        let rest = match others.len() - shown {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!self.places.is_empty()).then(|| {
            format!(
                "compared by shape only, since the server changes it from one run to the next: {}{rest}",
                places.join(", ")
            )
        })
    }

    /// Reads the member of a file.
    ///
    /// # Errors
    /// A value of another shape than this program writes, with its place in the file.
    pub(super) fn read(json: Option<&Json>) -> Result<Self, BaselineError> {
        let Some(json) = json else {
            return Ok(Self::default());
        };
        let form = Form::new(json, Pointer::root().join(VOLATILE));
        let place = |form: &Form<'_>| -> Result<_, BaselineError> {
            let pointer = Pointer::parse(&form.text_of("pointer")?);
            let pointer = pointer.ok_or_else(|| form.wrong("a place with a JSON Pointer"))?;
            Ok((form.text_of("at")?, pointer))
        };
        let places = form.elements()?;
        let places = places.iter().map(place).collect::<Result<_, _>>()?;
        Ok(Self { places })
    }

    /// The member of a file; nothing where nothing is volatile.
    pub(super) fn to_json(&self) -> Option<Json> {
        let places = self.places.iter().map(|(at, pointer)| {
            let mut place = Object::new();
            place.push("at", at.as_str());
            place.push("pointer", pointer.as_str());
            Json::Object(place)
        });
        (!self.is_empty()).then(|| Json::Array(places.collect()))
    }
}

/// Whether a text for readers stands at a place: in the instructions, or under a name of such texts.
fn is_text((at, pointer): &(String, Pointer)) -> bool {
    let last = pointer.tokens().last();
    TEXTS.contains(&last.as_deref().unwrap_or(at))
}

/// Notes what two values differ in; false where that is more than may change by itself. `named` is the name under which
/// they stand, and whether it is one of the server's own choice.
fn walk(a: &Json, b: &Json, at: &Pointer, named: (&str, bool), found: &mut Vec<Pointer>) -> bool {
    if a == b {
        return true;
    }
    if kind(a, named).is_some_and(|kind| is_alike(kind, a, b)) {
        found.push(at.clone());
        return true;
    }
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len()
                && (a.iter().zip(b).enumerate())
                    .all(|(index, (a, b))| walk(a, b, &at.join(index), ("", false), found))
        }
        (Json::Object(a), Json::Object(b)) => {
            let maps = maps_names(named);
            let (a, b) = (a.by_name(), b.by_name());
            a.len() == b.len()
                && a.iter().all(|(name, a)| {
                    b.get(name)
                        .is_some_and(|b| walk(a, b, &at.join(name), (name, maps), found))
                })
        }
        _ => false,
    }
}

/// What a value under that name is, where it may change by itself.
fn kind(value: &Json, (name, is_own_choice): (&str, bool)) -> Option<Kind> {
    match value {
        _ if !is_own_choice && SAMPLES.contains(&name) => Some(Kind::Sample),
        Json::String(_) if !is_own_choice && TEXTS.contains(&name) => Some(Kind::Text),
        Json::Array(_) => Some(Kind::Order),
        _ => None,
    }
}

fn is_alike(kind: Kind, sample: &Json, live: &Json) -> bool {
    match kind {
        Kind::Text | Kind::Sample => sample.type_name() == live.type_name(),
        Kind::Order => match (sample.as_array(), live.as_array()) {
            (Some(sample), Some(live)) => {
                let sorted = |items: &[Json]| {
                    let mut digests = canon::digests(items);
                    digests.sort_unstable();
                    digests
                };
                sample.len() == live.len() && sorted(sample) == sorted(live)
            }
            _ => false,
        },
    }
}

/// The live value with the sample at a place in it; nothing where what stands there has another shape.
///
/// An element of a list is the same one only in a list of the same length, and under the same name where it has one:
/// the text of one parameter never stands for that of another.
fn settle(
    sample: &Json,
    live: &Json,
    tokens: &[Cow<'_, str>],
    named: (&str, bool),
) -> Option<Json> {
    let Some((token, rest)) = tokens.split_first() else {
        let kind = kind(sample, named)?;
        return is_alike(kind, sample, live).then(|| sample.clone());
    };
    match (sample, live) {
        (Json::Object(sample), Json::Object(live)) => {
            let named = (token.as_ref(), maps_names(named));
            let settled = settle(sample.get(token)?, live.get(token)?, rest, named)?;
            let members = live.iter().map(|(name, value)| {
                let value = if name == token { &settled } else { value };
                (name.to_owned(), value.clone())
            });
            Some(members.collect::<Object>().into())
        }
        (Json::Array(samples), Json::Array(items)) if samples.len() == items.len() => {
            let index: usize = token.parse().ok()?;
            let (sample, item) = (samples.get(index)?, items.get(index)?);
            if sample.get("name") != item.get("name") {
                return None;
            }
            let mut settled = items.clone();
            settled[index] = settle(sample, item, rest, ("", false))?;
            Some(Json::Array(settled))
        }
        _ => None,
    }
}

/// How a report names a part of the trail, and where its value begins there.
fn shown_place(at: &str) -> (String, Pointer) {
    match at.strip_prefix(INITIALIZE) {
        Some("instructions") => ("instructions".to_owned(), Pointer::root()),
        Some(member) => ("server".to_owned(), Pointer::root().join(member)),
        None => (at.to_owned(), Pointer::root()),
    }
}

/// The value of a place. Items that share their name have none: nobody could tell which is which.
fn part_of(surface: &Surface, at: &str) -> Option<Json> {
    if at == "instructions" {
        return surface.initialize.as_ref()?.get(at).cloned();
    }
    if at == "server" {
        return surface.initialize.clone().map(Json::Object);
    }
    let (list, index) = item_of(surface, at)?;
    surface.items(list).get(index).cloned()
}

fn item_of(surface: &Surface, at: &str) -> Option<(List, usize)> {
    let (list, key) = List::of_place(at)?;
    let mut found = (surface.items(list).iter().enumerate())
        .filter(|(_, item)| item.get_str(list.key()) == Some(key));
    let (index, _) = found.next()?;
    found.next().is_none().then_some((list, index))
}

fn put(surface: &mut Surface, at: &str, part: Json) {
    match (at, part) {
        ("server", Json::Object(initialize)) => surface.initialize = Some(initialize),
        ("instructions", part) => {
            let whole = surface.initialize.take().unwrap_or_default();
            let members = whole.iter().map(|(name, value)| {
                let value = if name == at { &part } else { value };
                (name.to_owned(), value.clone())
            });
            surface.initialize = Some(members.collect());
        }
        (_, part) => {
            if let Some((list, index)) = item_of(surface, at) {
                let mut items = surface.items(list).to_vec();
                items[index] = part;
                surface.set_listing(list, Listing::Read(items));
            }
        }
    }
}
