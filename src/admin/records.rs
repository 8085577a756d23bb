//! `POST /__admin/records`: merges a piece of scenario into the running sandbox.

use hyper::StatusCode;

use super::World;
use super::answer::{json, refused};
use super::body::body;
use super::health::Counts;
use crate::http::{Reply, Request};
use crate::scenario::Patch;

/// Changes the records, all at once or not at all, and says how many there are now.
pub fn change(request: &Request, world: &World<'_>) -> Reply {
    let body = match body(request) {
        Ok(body) => body,
        Err(reply) => return *reply,
    };
    match world.sandbox.patch(Patch::read("the body", body)) {
        Ok(()) => json(StatusCode::OK, &Counts::of(world)),
        Err(problems) => refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the records cannot be changed so",
            &problems,
        ),
    }
}
