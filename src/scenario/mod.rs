//! Scenario files: as written, checked, as meant.

mod builtin;
mod check;
mod checks;
mod expect;
pub mod faults;
mod limits;
mod load;
mod meant;
mod merged;
mod piece;
mod schema;
mod sniff;
mod source;
mod state;
mod written;

pub use builtin::{BUILT_IN, built_in, unknown_built_in};
pub use check::Overrides;
pub use expect::{Expectation, read_claims};
pub use faults::read_fault;
pub use limits::LaidLimits;
pub use load::gather;
pub use meant::Scenario;
pub use merged::Merged;
pub use piece::Piece;
pub use schema::schema;
pub use sniff::holds_exchanges;
pub use source::{Source, file_bytes, why};
pub use state::Frame;
pub use written::*;
