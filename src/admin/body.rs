//! Bodies of admin calls.

use hyper::StatusCode;
use serde::Deserialize;

use super::answer::problem;
use crate::http::{Reply, Request};

/// The body, unless it was too large to be received.
pub(super) fn body(request: &Request) -> Result<&[u8], Box<Reply>> {
    if request.oversized {
        let what = "the body is larger than --max-body allows; nothing was changed";
        return Err(Box::new(problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            what.to_owned(),
        )));
    }
    Ok(&request.body)
}

/// Reads a JSON object. serde alone would take an array of the members' values as well.
pub(super) fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    match body.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(body).map_err(|error| format!("the body: {error}")),
        Some(_) => Err("the body: expected an object at line 1 column 1".to_owned()),
        None => Err("the body: it is empty".to_owned()),
    }
}
