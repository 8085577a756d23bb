//! Tests of the whole program, one module a topic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod admin;
mod check_files;
mod determinism;
mod fixtures;
mod ispring_create;
mod ispring_edit;
mod ispring_hostile;
mod ispring_pages;
mod ispring_query;
mod ispring_roles;
mod ispring_tokens;
mod ispring_wire;
mod journal;
mod laws;
mod layering;
mod population;
mod process;
mod readme;
mod records;
mod sockets;
mod stories;
mod support;
