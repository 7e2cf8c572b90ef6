//! What a server does otherwise than it did.

mod responses;

pub use responses::{Aspect, ResponseChange, ResponseFact, responses};
