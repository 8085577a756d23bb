//! Refusals that an operation words itself.

use hyper::StatusCode;
use serde::Serialize;

use super::json::rendered;
use crate::platform::{ApiError, Words};

#[derive(Serialize)]
struct Detail<'a> {
    detail: &'a str,
}

/// A no with this body; `what` is for the journal.
pub fn refusal(status: StatusCode, body: &impl Serialize, what: String) -> ApiError {
    ApiError::InItsOwnWords(Words {
        status,
        content_type: Some("application/json"),
        body: String::from_utf8_lossy(&rendered(body)).into_owned(),
        cookie: None,
        what,
    })
}

/// `{"detail":…}`.
pub fn detail(status: StatusCode, detail: &str, what: &str) -> ApiError {
    refusal(status, &Detail { detail }, what.to_owned())
}

/// A no with neither body nor type.
pub fn silence(status: StatusCode, what: &str) -> ApiError {
    ApiError::InItsOwnWords(Words {
        status,
        content_type: None,
        body: String::new(),
        cookie: None,
        what: what.to_owned(),
    })
}
