//! Tests of the whole program, one module a topic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod check_files;
mod fixtures;
mod population;
mod process;
mod sockets;
mod stories;
