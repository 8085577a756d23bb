//! `GET /api/enrollment/v1/enrollment/USER,COURSE` and `…/COURSE`.

use hyper::StatusCode;

use super::super::course_key::is_course_key;
use super::super::list_fields::RowView;
use super::route::Which;
use super::{answer, caller, hidden, message};
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::openedx::Call;

/// One enrollment, ended ones included; where there is none, a 200 that says nothing.
pub fn get_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let which = call.param("which");
    let which = Which::of(which).ok_or(ApiError::NoSuchPath)?;
    let world = call.context.read();
    let caller = caller(call, &world)?;
    let username = which.username.unwrap_or(&caller.username);
    let own = username == caller.username;
    if !own && !caller.staff {
        return Err(hidden("only staff sees an enrollment of somebody else"));
    }
    if !is_course_key(which.course) {
        let course = which.course;
        return Err(message(
            StatusCode::BAD_REQUEST,
            format!(
                "An error occurred while retrieving enrollments for user '{username}' in course '{course}'"
            ),
        ));
    }
    let user = if own {
        Some(caller)
    } else {
        world.user_named(username)
    };
    let (Some(user), Some(course)) = (user, world.enrolled_course(which.course)) else {
        return Ok(Reply::status(StatusCode::OK));
    };
    match world.enrollment(user.number, course.number) {
        Some(enrollment) => Ok(answer(&RowView {
            enrollment,
            user,
            course,
        })),
        None => Ok(Reply::status(StatusCode::OK)),
    }
}
