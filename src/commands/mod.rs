//! One file per command: wiring, no judgement.

pub mod init;
pub mod schema;
pub mod validate_config;
