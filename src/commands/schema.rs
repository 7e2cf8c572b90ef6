//! `bellwether schema`: the JSON Schema of a file format, for editors.

use std::io::Write;

use crate::cli::{SchemaArgs, SchemaFormat};
use crate::config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::term::unprinted;

/// Prints the schema (draft 7), that of the configuration with the ids of the rules in it.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &SchemaArgs, known_rules: &[&str], out: &mut dyn Write) -> Result<Exit, Failure> {
    let schema = match args.format {
        SchemaFormat::Config => config::schema::schema(known_rules),
        SchemaFormat::Scenarios => config::schema::scenarios(),
    };
    writeln!(out, "{schema:#}").map_err(|error| unprinted(&error))?;
    Ok(Exit::Clean)
}
