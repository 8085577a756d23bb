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
mod origins;
mod problems;
pub mod read;
mod references;
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
pub use origins::check_origin;
pub use problems::{FileId, Problems};
pub use references::{Firsts, is_address, is_lacking, nearest};
pub use schema::schema;
pub use source::{Source, file_bytes, why};
pub use written::*;
