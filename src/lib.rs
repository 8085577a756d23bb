//! enrollmock stands in for learning platforms' enrollment APIs.

mod admin;
#[cfg(feature = "cli")]
pub mod cli;
pub mod clock;
pub mod emulator;
pub mod exchange;
pub mod http;
pub mod journal;
pub mod outbox;
pub mod place;
pub mod records;
pub mod sandbox;
pub mod scenario;
pub mod seed;
pub mod server;
pub mod tokens;
pub mod vendors;
