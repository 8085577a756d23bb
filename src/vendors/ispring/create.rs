//! `POST /enrollment`: every learner in every course, all or nothing.

use hyper::StatusCode;

use super::behaviour::MissingDueDateType;
use super::fields::Fields;
use super::get::empty;
use super::records::ContentType;
use super::schedule::Plan;
use super::world::Unseen;
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::ispring::Call;

/// How many enrollments one request may make: ours, so that one request cannot eat the memory.
const AT_MOST: usize = 100_000;

/// Enrolls every learner in every course. The answer says nothing but 201.
pub fn create_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let fields = Fields::of_body(call.request)?;
    let courses = fields.some_ids("courseIds")?;
    let learners = fields.some_ids("learnerIds")?;
    let now = call.context.now;
    let mut world = call.context.write();
    let optional = world.behaviour().missing_due_date_type == MissingDueDateType::Default;
    let plan = Plan::for_new(&fields, now, optional)?;
    if courses.len().saturating_mul(learners.len()) > AT_MOST {
        return Err(ApiError::Malformed(format!(
            "{} learners in {} courses are more than {AT_MOST} enrollments",
            learners.len(),
            courses.len()
        )));
    }

    let mut content = Vec::with_capacity(courses.len());
    for id in courses {
        let course = world
            .content(id)
            .ok_or_else(|| ApiError::NoSuchRecord(format!("there is no course {id}")))?;
        // "You can't enroll a user in a training using this method."
        if course.kind == ContentType::Training {
            return Err(ApiError::Malformed(format!("{id} is a training")));
        }
        content.push((course, plan.for_content(&course)?));
    }
    let visible = world.seen_by(call.principal);
    call.notes.scope(visible.in_words());
    let mut users = Vec::with_capacity(learners.len());
    let mut out_of_scope = None;
    for id in learners {
        match visible.learner(id) {
            Ok(user) => users.push(user),
            Err(Unseen::Unknown) => {
                return Err(ApiError::NoSuchRecord(format!("there is no learner {id}")));
            }
            Err(Unseen::OutOfScope) => out_of_scope = Some(id),
        }
    }
    if let Some(id) = out_of_scope {
        return Err(ApiError::OutOfScope(format!(
            "learner {id} is outside the caller's departments"
        )));
    }

    world
        .enroll(&users, &content, now)
        .map_err(|(learner, course)| {
            ApiError::Malformed(format!("learner {learner} is enrolled in {course} already"))
        })?;
    Ok(empty(StatusCode::CREATED))
}
