//! Scenario files: as written, checked, as meant.

mod builtin;
mod check;
mod checks;
mod expect;
pub mod faults;
mod limits;
mod load;
mod merged;
mod patch;
mod resolved;
mod schema;
#[cfg(feature = "cli")]
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
pub use merged::Merged;
pub use patch::Patch;
pub use resolved::Scenario;
pub use schema::schema;
#[cfg(feature = "cli")]
pub use sniff::holds_exchanges;
pub use source::Source;
#[cfg(feature = "cli")]
pub use source::{file_bytes, why};
pub use state::Frame;
pub use written::*;
