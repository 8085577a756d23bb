//! Leaving: 204, or the reason why not.

use hyper::StatusCode;

use super::auth;
use super::errors;
use super::records::{Enrollment, EnrollmentState, InstanceNumber, Scope};
use super::subject::{Subject, enrollment_named, refuse_others};
use super::tokens::Holder;
use super::world::World;
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::alm::Call;

/// Takes the user whom the path names out of an instance.
pub fn delete_user_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let mut world = call.context.write();
    let subject = Subject::named(call, &world, &holder, Scope::AdminWrite)?;
    leave(call, &mut world, &holder, &subject, Scope::AdminWrite)
}

/// Takes the caller out of an instance.
pub fn delete_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let mut world = call.context.write();
    refuse_others(call)?;
    let subject = Subject::caller(call, &world);
    leave(call, &mut world, &holder, &subject, Scope::LearnerWrite)
}

fn leave(
    call: &Call<'_>,
    world: &mut World,
    holder: &Holder,
    subject: &Subject,
    scope: Scope,
) -> Result<Reply, ApiError> {
    let visible = subject.visible(call, world, holder, scope)?;
    let found = enrollment_named(call, world, &visible).ok_or_else(not_found)?;
    let is_admin = scope == Scope::AdminWrite && world.may(holder, scope);
    if !is_admin {
        check_may_leave(call, world, &found)?;
    }
    world.remove_enrollment(found.user, found.instance);
    move_up(world, found.instance);
    if world.behaviour().unenroll_denies {
        Err(not_found())
    } else {
        Ok(Reply::status(StatusCode::NO_CONTENT))
    }
}

/// Gives a seat that got free to who has waited for it the longest.
fn move_up(world: &mut World, instance: InstanceNumber) {
    let limit = world.instance_at(instance).and_then(|it| it.seat_limit);
    let is_free = limit.is_some_and(|limit| world.occupied(instance).seats < u64::from(limit));
    if let Some(first) = world.first_in_line(instance).filter(|_| is_free) {
        world.put_enrollment(Enrollment {
            state: EnrollmentState::Enrolled,
            ..first
        });
    }
}

/// Refuses learners who may not leave by themselves, or not any more.
fn check_may_leave(call: &Call<'_>, world: &World, found: &Enrollment) -> Result<(), ApiError> {
    let object = world.learning_object(found.instance_id.of);
    let instance = world.instance_at(found.instance);
    let deadline = instance.and_then(|instance| instance.unenrollment_deadline);
    let may_leave = object.is_none_or(|object| object.unenrollment_allowed);
    let is_late = deadline.is_some_and(|deadline| call.context.now > deadline.at());
    let info = match (may_leave, is_late) {
        (true, false) => return Ok(()),
        (false, _) => "Unenrollment is not allowed",
        (true, true) => "Deadline crossed for unenrollment",
    };
    Err(errors::bad_request("Generic Error", Some(info)))
}

fn not_found() -> ApiError {
    let id = "ERROR_ENROLLMENT_NOT_FOUND";
    errors::bad_request_with_error_id(id, "Generic Error", Some(id))
}
