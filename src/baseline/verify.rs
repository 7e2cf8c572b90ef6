//! Whether a baseline file is what this program wrote, and its trail whole; each damage with its place in the text.
//!
//! What it proves and what not, `docs/audit.md` tells.

use super::document::MEMBERS;
use super::trail::{self, TRAIL, UNREVIEWED};
use super::{Baseline, BaselineError, CATALOGUE, Format, OBSERVED, digests, document_of};
use crate::json::{self, Json, Object, Pointer, Position};
use crate::rules::CATALOGUE_VERSION;
use crate::surface::{List, Transport};

/// What is to be said of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// What this program never writes: somebody changed the file by hand, or something broke it.
    pub damage: Vec<Damage>,
    /// Where a surface was saved over an accepted one without a decision.
    pub unreviewed: Vec<Damage>,
    /// What the reader should know besides.
    pub notes: Vec<Damage>,
    /// How many decisions the file holds.
    pub decisions: usize,
    /// The digest of the surface, computed; nothing where the file cannot be read.
    pub digest: Option<String>,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Its place in the text; nothing where it is the whole file.
    pub position: Option<Position>,
    /// What is wrong, in a clause; server text in it is raw.
    pub what: String,
}

impl Verification {
    /// Whether nothing is damaged.
    pub fn is_whole(&self) -> bool {
        self.damage.is_empty()
    }
}

/// Examines the text of a baseline file. A text that cannot be read is damage as well.
pub fn verify(text: &str) -> Verification {
    let examined = document_of(text).and_then(|document| {
        let baseline = Baseline::parse(text)?;
        Ok((document, baseline))
    });
    match examined {
        Ok((document, baseline)) => Examiner::new(text).examine(&document, &baseline),
        Err(error) => Verification {
            damage: vec![Damage {
                position: error.position(),
                what: error.without_position(),
            }],
            ..Verification::default()
        },
    }
}

struct Examiner<'a> {
    text: &'a str,
    found: Verification,
}

impl<'a> Examiner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
            found: Verification::default(),
        }
    }

    fn examine(mut self, document: &Json, baseline: &Baseline) -> Verification {
        self.found.digest = Some(baseline.digest());
        self.found.decisions = baseline.trail.entries.len();
        if let Format::TypeScript { version } = &baseline.format {
            let trail = match baseline.trail.is_empty() {
                true => "it has no trail",
                false => "all that it has of a trail is the last acceptance",
            };
            let what = format!("version {version} of the TypeScript bellwether wrote it: {trail}");
            self.note(&Pointer::root(), what);
            if !baseline.digest_matches {
                self.note(&Pointer::root(), "its hash does not verify".to_owned());
            }
            return self.found;
        }
        if let Json::Object(object) = document {
            self.members(object);
            self.catalogue(object);
            self.surface(object, baseline);
            self.digests(object, baseline);
            self.trail(object, baseline);
        }
        self.repeated(document, &Pointer::root(), false);
        self.found
    }

    /// Members of the file that nothing else looks at.
    fn members(&mut self, object: &Object) {
        for (name, _) in object.iter() {
            if !MEMBERS.contains(&name) {
                let what = format!("`{name}` is no member of a baseline");
                self.damage(&Pointer::root().join(name), what);
            }
        }
    }

    /// The version of the catalogue, which no digest sees.
    fn catalogue(&mut self, object: &Object) {
        let Some(said) = object.get(CATALOGUE) else {
            return;
        };
        let at = Pointer::root().join(CATALOGUE);
        match said.as_str().and_then(version) {
            None => self.damage(&at, format!("`{CATALOGUE}` is no version")),
            said if said > version(CATALOGUE_VERSION) => {
                let what = format!("a catalogue of rules newer than {CATALOGUE_VERSION} judged it");
                self.note(&at, what);
            }
            _ => {}
        }
    }

    /// What the digest of the surface does not see.
    fn surface(&mut self, object: &Object, baseline: &Baseline) {
        let top = Pointer::root();
        let said = object.get("protocolVersion").map(Json::as_str);
        if said.is_some_and(|said| said != baseline.surface.protocol_version.as_deref()) {
            let what = "`protocolVersion` is not that of `initialize`".to_owned();
            self.damage(&top.join("protocolVersion"), what);
        }
        let transport = object.get("transport");
        if transport.is_some_and(|name| name.as_str().and_then(Transport::of_name).is_none()) {
            self.damage(
                &top.join("transport"),
                "there is no such transport".to_owned(),
            );
        }
        let Some(results) = object.get("results") else {
            return;
        };
        let at = top.join("results");
        let Some(results) = results.as_object() else {
            return self.damage(&at, "`results` is not an object".to_owned());
        };
        for (method, value) in results.iter() {
            if List::of_method(method).is_none() || value.as_object().is_none() {
                let what = format!("`{method}` is no result of a list");
                self.damage(&at.join(method), what);
            }
        }
    }

    fn digests(&mut self, object: &Object, baseline: &Baseline) {
        let top = Pointer::root();
        let none = Object::new();
        let recorded = object.get("digests").and_then(Json::as_object);
        if recorded.is_none() && object.get("digests").is_some() {
            self.damage(
                &top.join("digests"),
                "`digests` is not an object".to_owned(),
            );
        }
        let recorded = recorded.unwrap_or(&none);
        let (volatile, trail) = (&baseline.volatile, &baseline.trail);
        let actual = digests::of(&baseline.surface, object.get(OBSERVED), volatile, trail);
        let mut items = false;
        // Of the trail the chain says more.
        for (place, digest) in actual.iter().filter(|(place, _)| *place != TRAIL) {
            let known = recorded.get(place);
            if known != Some(digest) {
                items = true;
                let at = place_in(object, place);
                self.damage(
                    &at,
                    match known {
                        Some(_) => format!("`{place}` is not what its digest was taken of"),
                        None => format!("`{place}` has no digest"),
                    },
                );
            }
        }
        for (place, _) in recorded.iter() {
            if !actual.contains_key(place) {
                items = true;
                let what = format!("there is a digest of `{place}`, which is not there");
                self.damage(&top.join("digests").join(place), what);
            }
        }
        let written = object.get("digest");
        if written.and_then(Json::as_str) != Some(baseline.digest().as_str()) {
            let what = match written {
                None => "it has no digest",
                Some(_) if items => "the digest is not that of the surface",
                Some(_) => {
                    "the digest is not that of the surface: it was changed, or `initialize` or another member beside the items"
                }
            };
            let at = if written.is_some() {
                top.join("digest")
            } else {
                top
            };
            self.damage(&at, what.to_owned());
        }
    }

    fn trail(&mut self, object: &Object, baseline: &Baseline) {
        if baseline.trail.is_empty() {
            for name in [TRAIL, UNREVIEWED] {
                if object.get(name).is_some() {
                    let what = format!("`{name}` is there, and no decision stands in it");
                    self.damage(&Pointer::root().join(name), what);
                }
            }
            return;
        }
        for name in [TRAIL, UNREVIEWED] {
            if let Some(json) = object.get(name) {
                for (at, member) in trail::unknown_members(name, json) {
                    let what = format!("`{member}` is no member that this version knows");
                    self.damage(&at, what);
                }
            }
        }
        for remark in baseline.trail.chain() {
            self.damage(&remark.at, remark.what);
        }
        let is_whole = self.found.damage.is_empty();
        let recorded = object
            .get("digests")
            .and_then(|digests| digests.get_str(TRAIL));
        if is_whole && recorded != baseline.trail.digest().as_deref() {
            let what = match recorded {
                Some(_) => {
                    "`trail` is not what its digest was taken of: an entry was removed or added at its end"
                }
                None => "`trail` has no digest",
            };
            self.damage(&Pointer::root().join(TRAIL), what.to_owned());
        }
        let ways = baseline.trail.ways(&baseline.surface);
        for remark in ways.damage {
            self.damage(&remark.at, remark.what);
        }
        for remark in ways.unreviewed {
            let found = self.at(&remark.at, remark.what);
            self.found.unreviewed.push(found);
        }
    }

    /// Names that stand twice in one object. A server may send such; this program writes none of its own.
    fn repeated(&mut self, json: &Json, at: &Pointer, of_server: bool) {
        match json {
            Json::Object(object) => {
                for name in object.repeated_names() {
                    let what = format!(
                        "`{name}` stands more than once in one object; the last one counts"
                    );
                    if of_server {
                        self.note(at, format!("{what}, and no digest sees the others"));
                    } else {
                        self.damage(at, what);
                    }
                }
                for (name, value) in object.iter() {
                    let of_server = of_server || is_of_server(at, name);
                    self.repeated(value, &at.join(name), of_server);
                }
            }
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.repeated(item, &at.join(index), of_server);
                }
            }
            _ => {}
        }
    }

    fn damage(&mut self, at: &Pointer, what: String) {
        let found = self.at(at, what);
        self.found.damage.push(found);
    }

    fn note(&mut self, at: &Pointer, what: String) {
        let found = self.at(at, what);
        self.found.notes.push(found);
    }

    /// The position of a place, or of the nearest thing around it that is there.
    fn at(&self, at: &Pointer, what: String) -> Damage {
        let tokens: Vec<_> = at.tokens().collect();
        let position = (0..=tokens.len()).rev().find_map(|length| {
            let near = tokens[..length]
                .iter()
                .fold(Pointer::root(), |at, token| at.join(token));
            json::locate(self.text, &near)
        });
        Damage { position, what }
    }
}

/// The three numbers of a version, as this program spells one.
fn version(text: &str) -> Option<[u64; 3]> {
    let numbers: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
    let numbers: [u64; 3] = numbers?.try_into().ok()?;
    (numbers.map(|number| number.to_string()).join(".") == text).then_some(numbers)
}

/// Where in the document a thing with a digest stands.
fn place_in(object: &Object, place: &str) -> Pointer {
    let top = Pointer::root();
    let found = place.split_once('/').and_then(|(member, key)| {
        let list = List::ALL.into_iter().find(|list| list.member() == member)?;
        let items = object.get(member)?.as_array()?;
        let named = |item: &Json| item.get_str(list.key()).unwrap_or_default() == key;
        Some(top.join(member).join(items.iter().position(named)?))
    });
    found.unwrap_or_else(|| top.join(place))
}

/// Whether a member holds what a server sent.
fn is_of_server(at: &Pointer, name: &str) -> bool {
    if at.is_root() {
        return name == "initialize"
            || name == "results"
            || List::ALL.iter().any(|list| list.member() == name);
    }
    matches!(name, "before" | "after")
}

impl BaselineError {
    /// Where in the text, where that is known.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Truncated(position) | Self::NotAnObject(_, position) => Some(*position),
            Self::Conflict { line } => Some(Position {
                line: *line,
                column: 1,
            }),
            Self::Json(error) => Some(error.position),
            Self::Unknown { position, .. } => *position,
            Self::Empty => Some(Position { line: 1, column: 1 }),
            Self::Newer(_) | Self::UnknownTypeScript(_) | Self::Capture | Self::Incomplete(_) => {
                None
            }
        }
    }

    /// What is wrong, without saying where.
    fn without_position(&self) -> String {
        match self {
            Self::Unknown { why, .. } => why.clone(),
            Self::Empty => "it is empty".to_owned(),
            Self::Truncated(_) => "it is cut off: the JSON ends early".to_owned(),
            Self::Conflict { .. } => "a merge left its conflict markers in it".to_owned(),
            Self::Json(error) => format!("it is not JSON: {}", error.message),
            other => other.to_string(),
        }
    }
}
