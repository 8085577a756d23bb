//! Tests of the whole program, one module a topic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod population;
mod sockets;
