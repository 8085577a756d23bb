//! One enrollment, by its id.

use hyper::StatusCode;

use super::auth;
use super::document::{self, Links, Shape};
use super::errors::JSON_API;
use super::links;
use super::params::Params;
use super::records::{Enrollment, Scope};
use super::subject::{Subject, enrollment_named, refuse_others};
use super::tokens::Holder;
use super::world::{Visible, World};
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::alm::Call;

/// An enrollment of the user whom the path names.
pub fn get_user_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let world = call.context.read();
    let subject = Subject::named(call, &world, &holder, Scope::AdminRead)?;
    find(call, &world, &holder, &subject, Scope::AdminRead)
}

/// One of the caller's own enrollments.
pub fn get_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let world = call.context.read();
    refuse_others(call)?;
    let subject = Subject::caller(call, &world);
    find(call, &world, &holder, &subject, Scope::LearnerRead)
}

fn find(
    call: &Call<'_>,
    world: &World,
    holder: &Holder,
    subject: &Subject,
    scope: Scope,
) -> Result<Reply, ApiError> {
    let shape = Shape::read(Params::of(call.request).query())?;
    let visible = subject.visible(call, world, holder, scope)?;
    let found = enrollment_named(call, world, &visible);
    let named = || call.param("enrollment").to_owned();
    let found = found.ok_or_else(|| ApiError::NoSuchRecord(named()))?;
    Ok(shown(call, world, visible, &found, &shape))
}

/// The answer that is one enrollment.
pub fn shown(
    call: &Call<'_>,
    world: &World,
    visible: Visible<'_>,
    enrollment: &Enrollment,
    shape: &Shape,
) -> Reply {
    let links = Links {
        self_: links::own(call.request),
        next: None,
    };
    let body = document::one(world, visible, &links, enrollment, shape);
    Reply::new(StatusCode::OK, JSON_API, body)
}
