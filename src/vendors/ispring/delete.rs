//! `POST /enrollment/delete`: all of those named, or none.

use hyper::StatusCode;

use super::fields::Fields;
use super::get::find;
use super::listing::note_scope;
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::ispring::Call;

/// Takes enrollments out of every list.
pub fn delete_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let ids = Fields::of_body(call.request)?.some_ids("enrollmentIds")?;
    let mut world = call.context.write();
    note_scope(call, &world);
    let mut found = Vec::with_capacity(ids.len());
    let mut out_of_scope = None;
    for id in ids {
        match find(&world, call, id) {
            Ok(enrollment) => found.push(enrollment),
            // What does not exist is refused before what the caller may not touch.
            Err(error @ ApiError::OutOfScope(_)) => out_of_scope = Some(error),
            Err(error) => return Err(error),
        }
    }
    if let Some(error) = out_of_scope {
        return Err(error);
    }
    for enrollment in found {
        world.delete(enrollment);
    }
    Ok(Reply::status(StatusCode::NO_CONTENT))
}
