//! The vendor's own lists below `/api/so2/v1/`: enrollments, completion, grades.
//!
//! The vendor documents the filters and a sample each, and neither errors nor pages.

mod filters;
mod listing;
mod wire;

use crate::http::{Query, Reply};
use crate::platform::ApiError;
use crate::vendors::openedx::Call;
use filters::{days, selection};
use listing::reply;

/// Answers with every enrollment that the filters let through.
pub fn list_so2_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query = Query::parse(call.request.query.as_bytes());
    let since = days(&query, call)?;
    let mut selection = selection(&query, call);
    selection.since = since;
    Ok(reply(call, selection, wire::enrollment))
}

/// Answers with how much each learner has done. It takes no `days`.
pub fn list_so2_completion(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query = Query::parse(call.request.query.as_bytes());
    Ok(reply(call, selection(&query, call), wire::completion))
}

/// Answers with each learner's grade. It takes no `days`.
pub fn list_so2_grades(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query = Query::parse(call.request.query.as_bytes());
    Ok(reply(call, selection(&query, call), wire::grade))
}
