//! `GET /api/user/v1/me`: who calls.

use hyper::StatusCode;
use serde::Serialize;

use super::json::rendered;
use crate::http::Reply;
use crate::platform::{ApiError, AuthError};
use crate::vendors::openedx::Call;

#[derive(Serialize)]
struct Me<'a> {
    username: &'a str,
}

/// Shows the caller's user name.
pub fn get_current_user(call: &Call<'_>) -> Result<Reply, ApiError> {
    let user = call.context.read().caller(call.principal);
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
