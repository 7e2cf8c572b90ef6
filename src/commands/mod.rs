//! One file a command: wiring, no judgement.

pub mod mock;
