//! `GET /__admin`: lists the calls.

use hyper::StatusCode;
use serde::Serialize;

use super::answer::json;
use super::url::base_url;
use super::{ROWS, World};
use crate::http::{Reply, Request};

#[derive(Serialize)]
struct IndexView {
    /// Empty for the default sandbox.
    sandbox: String,
    calls: Vec<CallView>,
}

#[derive(Serialize)]
struct CallView {
    method: String,
    /// With `{name}` for a segment that varies.
    url: String,
    does: &'static str,
}

/// Lists the calls, with links into the sandbox of the request.
pub fn index(request: &Request, world: &World<'_>) -> Reply {
    let base = base_url(request);
    let calls = ROWS.iter().map(|row| CallView {
        method: row.method.to_string(),
        url: format!("{base}{}", row.path),
        does: row.does,
    });
    let index = IndexView {
        sandbox: world.sandbox.name().to_owned(),
        calls: calls.collect(),
    };
    json(StatusCode::OK, &index)
}
