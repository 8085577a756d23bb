//! `GET /api/user/v1/me`: who calls.

use hyper::StatusCode;
use serde::Serialize;

use super::json::rendered;
use crate::http::Reply;
use crate::vendors::{ApiError, AuthError, Call};

#[derive(Serialize)]
struct Me<'a> {
    username: &'a str,
}

/// Shows the caller's user name.
pub fn get_current_user(call: &Call<'_>) -> Result<Reply, ApiError> {
    let user = call.sandbox.openedx().caller(call.principal);
    let user = user.ok_or(ApiError::Unauthenticated(AuthError::Missing))?;
    let me = Me {
        username: &user.username,
    };
    Ok(Reply::new(
        StatusCode::OK,
        "application/json",
        rendered(&me),
    ))
}
