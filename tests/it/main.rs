//! Tests of the whole program, shelved as the source is: one folder a vendor, one a room.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;
mod surfaces;

mod alm;
mod ispring;
mod openedx;

mod expectations;
mod laws;
mod limits;

mod admin;
mod cli;
mod faults;
mod house;
mod journal;
mod scenario;
mod server;
