//! One file per command: wiring, no judgement.

pub mod diff;
pub mod explain;
pub mod rules;

use std::io::Write;

use crate::failure::Failure;

/// Writes to where the command's output goes.
fn put(out: &mut dyn Write, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes())
        .map_err(|error| Failure::new("output", "could not write the output").cause(error))
}
