//! enrollmock stands in for learning platforms' enrollment APIs.

mod admin;
#[cfg(feature = "cli")]
pub mod cli;
pub mod clock;
pub mod delivery;
mod digits;
pub mod embed;
pub mod emulator;
pub mod exchange;
pub mod expect;
pub mod faults;
pub mod format;
pub mod http;
pub mod issuers;
pub mod journal;
mod json;
pub mod limits;
pub mod place;
pub mod platform;
pub mod records;
pub mod sandbox;
pub mod scenario;
pub mod seed;
pub mod server;
pub mod tokens;
pub mod vendors;
pub mod verdict;
pub mod worlds;
mod xml;

pub use embed::{Builder, Server};
pub use platform::Vendor;

// The laws that walk the tables, asked of one vendor more than there is: see `tests/toy`.
#[cfg(test)]
extern crate self as enrollmock;
#[cfg(test)]
#[allow(dead_code, clippy::unwrap_used, clippy::expect_used)]
#[path = "../tests/it/expectations/mod.rs"]
mod expectations;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
#[path = "../tests/it/laws.rs"]
mod laws;
#[cfg(test)]
#[allow(dead_code, clippy::unwrap_used, clippy::expect_used)]
#[path = "../tests/it/support.rs"]
mod support;
#[cfg(test)]
#[allow(dead_code)]
#[path = "../tests/it/surfaces.rs"]
mod surfaces;
