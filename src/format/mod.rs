//! The toolbox of files: reading YAML with every fault at its place, laying records over each other, collecting
//! what is wrong. It knows no vendor.

pub mod dates;
mod limits;
mod lost;
mod merge;
mod native;
mod origins;
mod problems;
pub mod read;
mod references;
mod text;

pub use limits::{BucketLimit, ClassLimits, WindowLimit};
pub use lost::Lost;
pub use merge::{Key, Keyed, Lay, Sourced};
pub(crate) use merge::{keyed, switch, switches};
pub use native::{counted, if_true, texts, unless_default, written_true};
pub use origins::check_origin;
pub use problems::{FileId, Problems};
pub use references::{Firsts, is_address, is_lacking, nearest};
pub use text::{Decimal, Text, text};
