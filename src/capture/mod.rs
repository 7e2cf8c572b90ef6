//! Asks a server what it says about itself and keeps it as it was sent. It has no opinion.

pub mod spec;
