//! The command line of `compat`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;

/// `bellwether compat`
#[derive(Debug, Args)]
pub struct CompatArgs {
    /// The file with the schema that was: a JSON object, `true` or `false`.
    pub old: PathBuf,
    /// The file with the schema that is now.
    pub new: PathBuf,
    /// Whose schemas they are.
    #[arg(long, value_name = "DIRECTION")]
    pub direction: Direction,
    /// How to read a schema that has no `$schema`.
    #[arg(long, value_name = "DIALECT", default_value = "2020-12")]
    pub dialect: Dialect,
    /// How to print the verdict.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

/// Whose schemas are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Direction {
    /// What callers send: NEW must accept all that OLD accepts.
    Input,
    /// What callers get: NEW must allow nothing that OLD does not allow.
    Output,
}

/// A dialect of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// `http://json-schema.org/draft-04/schema`
    Draft4,
    /// `http://json-schema.org/draft-06/schema`
    Draft6,
    /// `http://json-schema.org/draft-07/schema`
    Draft7,
    /// `https://json-schema.org/draft/2019-09/schema`
    #[value(name = "2019-09")]
    Draft201909,
    /// `https://json-schema.org/draft/2020-12/schema`, as the Model Context Protocol has it
    #[value(name = "2020-12")]
    Draft202012,
}
