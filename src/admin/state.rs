//! `GET /__admin/state`: the world as it is, as a scenario file.

use super::{World, yaml};
use crate::http::{Reply, Request};

/// The world as it is: `generate` and what differs.
pub fn state(_: &Request, world: &World<'_>) -> Reply {
    yaml(&world.sandbox.state())
}
