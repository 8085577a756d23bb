//! Changing an enrollment: administrators change the last visit, learners hand in a proof and rate.
//! Every other attribute is passed over.

mod body;

use super::auth;
use super::document::Shape;
use super::get::shown;
use super::params::Params;
use super::records::{Enrollment, EnrollmentState, LoType, Scope};
use super::subject::{Subject, enrollment_named, refuse_others};
use super::tokens::Holder;
use super::world::World;
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::alm::Call;
use body::{Attributes, attributes};

/// Changes an enrollment of the user whom the path names.
pub fn update_user_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let mut world = call.context.write();
    let subject = Subject::named(call, &world, &holder, Scope::AdminWrite)?;
    let attributes = attributes(call, &world)?;
    let last_access = attributes.instant("lastAccessDate")?;
    change(
        call,
        &mut world,
        &holder,
        &subject,
        Scope::AdminWrite,
        |it| {
            it.last_access = last_access.or(it.last_access);
            Ok(())
        },
    )
}

/// Changes one of the caller's own enrollments.
pub fn update_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let mut world = call.context.write();
    refuse_others(call)?;
    let subject = Subject::caller(call, &world);
    let attributes = attributes(call, &world)?;
    change(
        call,
        &mut world,
        &holder,
        &subject,
        Scope::LearnerWrite,
        |it| hand_in(it, &attributes),
    )
}

fn change(
    call: &Call<'_>,
    world: &mut World,
    holder: &Holder,
    subject: &Subject,
    scope: Scope,
    how: impl FnOnce(&mut Enrollment) -> Result<(), ApiError>,
) -> Result<Reply, ApiError> {
    let shape = Shape::read(Params::of(call.request).query())?;
    let visible = subject.visible(call, world, holder, scope)?;
    let found = enrollment_named(call, world, &visible);
    let named = || call.param("enrollment").to_owned();
    let mut enrollment = found.ok_or_else(|| ApiError::NoSuchRecord(named()))?;
    how(&mut enrollment)?;
    world.put_enrollment(enrollment.clone());
    let visible = subject.visible(call, world, holder, scope)?;
    Ok(shown(call, world, visible, &enrollment, &shape))
}

/// A proof, the date on it, and a rating.
fn hand_in(it: &mut Enrollment, attributes: &Attributes) -> Result<(), ApiError> {
    let url = attributes.text("url")?;
    let completed = attributes.instant("dateCompleted")?;
    let mut rare = it.rare.take().map(|rare| *rare).unwrap_or_default();
    rare.rating = attributes.stars("rating")?.or(rare.rating);
    let is_proven = url.is_some();
    rare.url = url.or(rare.url);
    it.rare = rare.boxed();
    if is_proven {
        it.state = with_proof(it);
    }
    // What is not completed has no such date.
    if let (EnrollmentState::Completed, Some(completed)) = (it.state, completed) {
        if it.started.is_some_and(|started| completed < started) {
            return Err(ApiError::Malformed("dateCompleted".to_owned()));
        }
        it.completed = Some(completed);
    }
    Ok(())
}

/// The proof of an external certification is looked at by a manager.
fn with_proof(it: &Enrollment) -> EnrollmentState {
    match (it.instance_id.of.kind, it.state) {
        (
            LoType::Certification,
            EnrollmentState::Enrolled | EnrollmentState::Started | EnrollmentState::Rejected,
        ) => EnrollmentState::PendingApproval,
        (_, state) => state,
    }
}
