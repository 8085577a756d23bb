//! The command line, and the server inside a Rust test.

mod embed;
mod exec;
pub mod process;
