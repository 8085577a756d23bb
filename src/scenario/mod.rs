//! Scenario files: as written, checked, as meant.

mod builtin;
mod check;
mod checks;
pub mod dates;
mod load;
mod meant;
mod merge;
mod merged;
mod native;
mod problems;
pub mod read;
mod schema;
mod source;
mod written;

pub use builtin::{BUILT_IN, built_in, unknown_built_in};
pub use check::Overrides;
pub use load::gather;
pub use meant::Scenario;
pub use merge::{Key, Keyed, Sourced, append, merge_records};
pub(crate) use merge::{switch, switches};
pub use merged::Merged;
pub use native::{Native, native};
pub use problems::{FileId, Problems};
pub use schema::schema;
pub use source::{Source, file_bytes, why};
pub use written::*;
