//! Where references lead, in the spirit of the official test suite of JSON Schema.

mod bases;
mod names;
mod resources;

use super::{Document, Location, Target};
use crate::inclusion::Dialect::{self, Draft4, Draft6, Draft7, Draft201909, Draft202012};
use crate::json::{Json, Pointer, parse};

const ALL: [Dialect; 5] = [Draft4, Draft6, Draft7, Draft201909, Draft202012];

fn json(text: &str) -> Json {
    parse(text).expect("the schema of a test is JSON")
}

fn place(document: &mut Document<'_>, pointer: &str) -> Location {
    let pointer = Pointer::parse(pointer).expect("a pointer");
    document.at(&pointer).expect("a schema")
}

/// Where a reference leads that stands at a pointer: `#` and the pointer of the target, `nowhere`, or a URI.
fn leads(schema: &str, dialect: Dialect, from: &str, reference: &str) -> String {
    let schema = json(schema);
    let mut document = Document::new(&schema, dialect);
    let from = place(&mut document, from);
    match document.resolve(from, reference) {
        Target::At(at) => format!("#{}", document.pointer(at)),
        Target::Remote(uri) => uri,
        Target::Nowhere => "nowhere".to_owned(),
    }
}

/// Holds a table of places, references and where they lead, in one schema.
fn holds(schema: &str, dialect: Dialect, table: &[(&str, &str, &str)]) {
    for (from, reference, target) in table {
        assert_eq!(
            leads(schema, dialect, from, reference),
            *target,
            "{reference} at {from} of {schema} in {dialect:?}"
        );
    }
}
