//! `POST /__admin/records`: a piece of scenario, merged into the running world.

use super::{World, body, health, json, refused};
use crate::http::{Reply, Request};
use crate::scenario::Piece;
use hyper::StatusCode;

/// Changes the records, all at once or not at all, and says how many there are now.
pub fn change(request: &Request, world: &World<'_>) -> Reply {
    let body = match body(request) {
        Ok(body) => body,
        Err(reply) => return *reply,
    };
    match world.sandbox.take_in(Piece::read("the body", body)) {
        Ok(()) => json(StatusCode::OK, &health::Counted::of(world)),
        Err(problems) => refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the records cannot be changed so",
            &problems,
        ),
    }
}
