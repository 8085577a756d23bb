//! Upstream's calls for one learner: `/api/enrollment/v1/enrollment`.
//!
//! A caller may act for itself, staff for everybody; a list of another user's enrollments shows a caller
//! the courses it administers. Upstream lets servers act by `X-Edx-Api-Key` as well: that header is not
//! looked at.
//!
//! What a scenario does not hold has upstream's own defaults in `course_details`: no dates, not by
//! invitation only, `"Instructor Paced"`; a mode costs nothing in US dollars, never expires, has no
//! description and no stock-keeping unit, and is named as its slug reads.

mod create;
mod data;
mod get;
mod list;
mod params;
mod route;
mod view;

pub use create::create_enrollment;
pub use get::get_enrollment;
pub use list::list_user_enrollments;
pub use route::is_route;

use std::sync::Arc;

use hyper::StatusCode;
use serde::Serialize;

use super::json::rendered;
use super::list_fields::RowView as Row;
use super::records::User;
use super::refusals::{self, refusal};
use super::world::World;
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::openedx::Call;
use view::EnrollmentView;

const JSON: &str = "application/json";

/// The account that calls.
fn caller(call: &Call<'_>, world: &World) -> Result<Arc<User>, ApiError> {
    world.caller(call.principal).ok_or(ApiError::Internal)
}

/// An enrollment as the body of an answer.
fn answer(row: &Row) -> Reply {
    Reply::new(StatusCode::OK, JSON, rendered(&EnrollmentView::of(row)))
}

/// The no that hides whether there is anything.
fn hidden(what: &str) -> ApiError {
    refusals::silence(StatusCode::NOT_FOUND, what)
}

/// `{"message":…}`.
fn message(status: StatusCode, message: String) -> ApiError {
    #[derive(Serialize)]
    struct Message<'a> {
        message: &'a str,
    }
    refusal(status, &Message { message: &message }, message.clone())
}
