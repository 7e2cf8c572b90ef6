//! One file a command: wiring, no judgement.

pub mod mock;
pub mod snapshot;
