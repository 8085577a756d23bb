//! `GET /__admin/state`: shows the running sandbox as a scenario file.

use super::World;
use super::answer::yaml;
use crate::http::{Reply, Request};

/// Shows the running sandbox: `generate`, and the records that differ.
pub fn state(_: &Request, world: &World<'_>) -> Reply {
    yaml(&world.sandbox.state())
}
