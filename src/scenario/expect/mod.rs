//! `expect` of a scenario: as written, and the door to claims as meant.

mod check;
mod written;

pub(super) use check::check;
pub use check::read_claims;
pub use written::Expectation;
