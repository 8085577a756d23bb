//! `GET /__admin`: what there is to call.

use hyper::StatusCode;
use serde::Serialize;

use super::{ROWS, World, base_url, json};
use crate::http::{Reply, Request};

#[derive(Serialize)]
struct Index {
    /// Empty: the main world.
    sandbox: String,
    calls: Vec<Call>,
}

#[derive(Serialize)]
struct Call {
    method: String,
    /// With `{name}` for what varies.
    url: String,
    does: &'static str,
}

/// Lists the calls, with links that lead to the world that was asked.
pub fn index(request: &Request, world: &World<'_>) -> Reply {
    let base = base_url(request);
    let calls = ROWS.iter().map(|row| Call {
        method: row.method.to_string(),
        url: format!("{base}{}", row.path),
        does: row.does,
    });
    let index = Index {
        sandbox: world.sandbox.name().to_owned(),
        calls: calls.collect(),
    };
    json(StatusCode::OK, &index)
}
