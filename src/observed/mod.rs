//! What a server was seen doing: calls as they went, the shapes of answers, the categories of errors.

mod call;
mod errors;
mod shape;

pub use call::{Call, Outcome};
pub use errors::{ErrorCategory, categorise, error_digest, error_text, normalised};
pub use shape::Shape;
