//! Whether a baseline file is what this program wrote, and its trail whole; each damage with its place in the text.
//!
//! What it proves and what not, `docs/audit.md` tells.

use super::document::MEMBERS;
use super::imported::{self, IMPORTED};
use super::places::Places;
use super::spelling::SPELLING;
use super::trail::{self, TRAIL, UNREVIEWED};
use super::{
    Baseline, BaselineError, Format, OBSERVED, digests, document_of, layout, without_mark,
};
use crate::json::{self, Json, Object, Pointer, Position};
use crate::surface::{List, Transport};

/// What is to be said of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// What this program never writes: somebody changed the file by hand, or something broke it.
    pub damage: Vec<Damage>,
    /// Where the text is not what this program writes, although it says the same: a formatter went over it. Looked for
    /// where nothing is damaged.
    pub layout: Option<Damage>,
    /// Where a surface was saved over an accepted one without a decision.
    pub unreviewed: Vec<Damage>,
    /// The number of the entry whose state was there before anything unreviewed, 0 for what was saved first.
    pub way_back: Option<usize>,
    /// A file of the TypeScript bellwether whose hash is not that of what stands in it.
    pub mismatch: Option<Damage>,
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
    /// Its place in the text; nothing where there is no text.
    pub position: Option<Position>,
    /// What is wrong, in a clause; server text in it is raw.
    pub what: String,
}

impl Verification {
    /// Whether nothing is damaged, and the text is what this program writes.
    pub fn is_whole(&self) -> bool {
        self.damage.is_empty() && self.layout.is_none()
    }
}

/// Examines the text of a baseline file. A text that cannot be read is damage as well.
pub fn verify(text: &str) -> Verification {
    let examined = document_of(text).and_then(|document| {
        let baseline = Baseline::of_document(document.clone(), text)?;
        Ok((document, baseline))
    });
    match examined {
        Ok((document, baseline)) => Examiner::new(text).examine(&document, &baseline),
        Err(error) => unread(text, &error),
    }
}

/// As [`verify`], of a text that was read already: `baseline` is what it holds.
pub fn verify_read(text: &str, baseline: &Baseline) -> Verification {
    match document_of(text) {
        Ok(document) => Examiner::new(text).examine(&document, baseline),
        Err(error) => unread(text, &error),
    }
}

fn unread(text: &str, error: &BaselineError) -> Verification {
    Verification {
        damage: vec![Damage {
            position: error.position().or_else(|| beginning(text)),
            what: error.without_position(),
        }],
        ..Verification::default()
    }
}

/// Where a document says which format it has, or else begins.
fn beginning(text: &str) -> Option<Position> {
    let text = without_mark(text);
    let top = Pointer::root();
    json::locate(text, &top.join("formatVersion")).or_else(|| json::locate(text, &top))
}

struct Examiner<'a> {
    text: &'a str,
    found: Verification,
    damage: Vec<(Pointer, String)>,
    unreviewed: Vec<(Pointer, String)>,
    notes: Vec<(Pointer, String)>,
}

impl<'a> Examiner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text: without_mark(text),
            found: Verification::default(),
            damage: Vec::new(),
            unreviewed: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn examine(mut self, document: &Json, baseline: &Baseline) -> Verification {
        self.found.digest = Some(baseline.digest());
        self.found.decisions = baseline.trail.entries.len();
        if let Format::TypeScript { version } = &baseline.format {
            let text = self.text;
            let trail = match baseline.trail.is_empty() {
                true => "it has no trail",
                false => "all that it has of a trail is the last acceptance",
            };
            let what = format!("version {version} of the TypeScript bellwether wrote it: {trail}");
            self.note(&Pointer::root(), what);
            let mut found = self.finish();
            found.mismatch = (!baseline.digest_matches).then(|| Damage {
                position: beginning(text),
                what: "its hash does not verify".to_owned(),
            });
            return found;
        }
        if let Json::Object(object) = document {
            self.members(object);
            self.surface(object, baseline);
            self.digests(object, baseline);
            self.imported(object, baseline);
            self.trail(object, baseline);
        }
        self.repeated(document, &Pointer::root(), false);
        if self.damage.is_empty() {
            self.found.layout = layout::difference(self.text, document, baseline);
        }
        self.finish()
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
        let imported_from = object.get(IMPORTED).and_then(Json::as_str);
        let actual = digests::of(
            &baseline.surface,
            object.get(OBSERVED),
            volatile,
            trail,
            imported_from,
        );
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
            // Of spellings the layout says more.
            if !actual.contains_key(place) && place != SPELLING {
                items = true;
                let what = format!("there is a digest of `{place}`, which is not there");
                self.damage(&top.join("digests").join(place), what);
            }
        }
        let written = object.get("digest");
        if written.and_then(Json::as_str) != self.found.digest.as_deref() {
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

    /// Whether what is said to be taken over can be.
    fn imported(&mut self, object: &Object, baseline: &Baseline) {
        if object.get(IMPORTED).is_none() {
            return;
        }
        let at = Pointer::root().join(IMPORTED);
        if let Some(why) = imported::contradiction(&baseline.surface, &baseline.trail) {
            self.damage(&at, format!("`{IMPORTED}` {why}"));
        }
        if let Some(note) = imported::note(&baseline.sight) {
            self.note(&at, note);
        }
    }

    fn trail(&mut self, object: &Object, baseline: &Baseline) {
        let (entries, unreviewed) = (&baseline.trail.entries, &baseline.trail.unreviewed);
        for (name, is_empty) in [
            (TRAIL, entries.is_empty()),
            (UNREVIEWED, unreviewed.is_empty()),
        ] {
            if is_empty && object.get(name).is_some() {
                let what = format!("`{name}` is there, and nothing stands in it");
                self.damage(&Pointer::root().join(name), what);
            }
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
        let is_whole = self.damage.is_empty();
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
        self.found.way_back = baseline.trail.way_back(&baseline.surface);
        for remark in ways.unreviewed {
            self.unreviewed.push((remark.at, remark.what));
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
                        self.note(at, what);
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
        self.damage.push((at.clone(), what));
    }

    fn note(&mut self, at: &Pointer, what: String) {
        self.notes.push((at.clone(), what));
    }

    /// All that was found, each with its position, or that of the nearest thing around it that is there.
    fn finish(mut self) -> Verification {
        let all = [&self.damage, &self.unreviewed, &self.notes];
        let places = Places::of(self.text, all.into_iter().flatten().map(|(at, _)| at));
        let located = |remarks: Vec<(Pointer, String)>| {
            let located = remarks.into_iter().map(|(at, what)| Damage {
                position: places.at(&at),
                what,
            });
            located.collect()
        };
        self.found.damage = located(self.damage);
        self.found.unreviewed = located(self.unreviewed);
        self.found.notes = located(self.notes);
        self.found
    }
}

/// Where in the document a thing with a digest stands.
fn place_in(object: &Object, place: &str) -> Pointer {
    let top = Pointer::root();
    let found = List::of_place(place).and_then(|(list, key)| {
        let items = object.get(list.member())?.as_array()?;
        let named = |item: &Json| list.key_of(item) == key;
        let index = items.iter().position(named)?;
        Some(top.join(list.member()).join(index))
    });
    found.unwrap_or_else(|| top.join(place))
}

/// Whether a member holds what a server sent.
fn is_of_server(at: &Pointer, name: &str) -> bool {
    if at.is_root() {
        return name == "initialize" || name == "results" || List::of_member(name).is_some();
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
            Self::Conflict { .. } => {
                "a merge left its conflict markers in it: bellwether baseline merge joins both sides".to_owned()
            }
            Self::Json(error) => format!("it is not JSON: {}", error.message),
            other => other.to_string(),
        }
    }
}
