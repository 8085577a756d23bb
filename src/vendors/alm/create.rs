//! Enrolling a user: everything is in the query, a body is passed over.

use std::sync::Arc;

use super::auth;
use super::document::Shape;
use super::errors;
use super::get::shown;
use super::params::Params;
use super::records::{
    Enrollment, EnrollmentSource, EnrollmentState, Instance, InstanceId, InstanceState,
    LearningObject, LearningObjectId, LearningObjectState, Scope, Second, User,
};
use super::subject::Subject;
use super::tokens::Holder;
use super::world::{Visible, World};
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::alm::Call;

/// What is said where no recorded answer names the rule that was broken.
const GENERIC: &str = "Generic Error";

/// Enrolls the user whom the path names.
pub fn create_user_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let mut world = call.context.write();
    let subject = Subject::named(call, &world, &holder, Scope::AdminWrite)?;
    enroll(call, &mut world, &holder, &subject, Scope::AdminWrite)
}

/// Enrolls the caller.
pub fn create_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let mut world = call.context.write();
    let subject = Subject::caller(call, &world);
    enroll(call, &mut world, &holder, &subject, Scope::LearnerWrite)
}

fn enroll(
    call: &Call<'_>,
    world: &mut World,
    holder: &Holder,
    subject: &Subject,
    scope: Scope,
) -> Result<Reply, ApiError> {
    let params = Params::of(call.request);
    let wish = EnrollParams::read(&params)?;
    let shape = Shape::read(params.query())?;
    let now = Second::of(call.context.now);
    let is_admin = scope == Scope::AdminWrite && world.may(holder, scope);
    let user = Arc::clone(subject.user()?);
    let visible = subject.visible(call, world, holder, scope)?;
    let (object, instance) = wish.find(world)?;
    // Who is enrolled already stays so: the answer is what there is.
    let enrollment = match visible.in_instance(instance.number) {
        Some(existing) => existing,
        None => {
            check_others(&object, &instance, visible, &wish)?;
            check_open(&object, &instance, is_admin, now)?;
            let state = seat(world, &instance)?;
            let made = new_enrollment(&user, &instance, is_admin, state, now);
            world.put_enrollment(made.clone());
            made
        }
    };
    let visible = subject.visible(call, world, holder, scope)?;
    Ok(shown(call, world, visible, &enrollment, &shape))
}

/// Into what.
struct EnrollParams {
    object: String,
    /// None: the default instance.
    instance: Option<String>,
    /// Whether one may be enrolled in several instances of a learning object.
    several: bool,
}

impl EnrollParams {
    fn read(params: &Params) -> Result<Self, ApiError> {
        let object = params.one("loId");
        Ok(EnrollParams {
            object: object
                .ok_or_else(|| errors::missing_param("loId"))?
                .to_owned(),
            instance: params.one("loInstanceId").map(str::to_owned),
            several: params.flag("allowMultiEnrollment")?.unwrap_or(false),
        })
    }

    fn find(&self, world: &World) -> Result<(Arc<LearningObject>, Arc<Instance>), ApiError> {
        let unknown = |id: &str| ApiError::NoSuchRecord(id.to_owned());
        let object = LearningObjectId::read(&self.object).and_then(|id| world.learning_object(id));
        let object = object.ok_or_else(|| unknown(&self.object))?;
        let instance = match &self.instance {
            Some(id) => InstanceId::read(id)
                .and_then(|id| world.instance(id))
                .filter(|instance| instance.learning_object == object.number),
            None => default_instance(world, &object),
        };
        let named = self.instance.as_ref().unwrap_or(&self.object);
        let instance = instance.ok_or_else(|| unknown(named))?;
        Ok((object, instance))
    }
}

/// The instance that is meant where none is named.
fn default_instance(world: &World, object: &LearningObject) -> Option<Arc<Instance>> {
    let instances = object.instances.iter();
    let mut instances = instances.filter_map(|number| world.instance_at(*number));
    instances.find(|instance| instance.is_default)
}

/// Refuses a second enrollment in the same learning object, unless it was asked for.
fn check_others(
    object: &LearningObject,
    instance: &Instance,
    visible: Visible<'_>,
    wish: &EnrollParams,
) -> Result<(), ApiError> {
    let mut others = object.instances.iter().filter(|it| **it != instance.number);
    if !wish.several && others.any(|other| visible.in_instance(*other).is_some()) {
        let info = "Learner is already enrolled in another instance";
        return Err(errors::bad_request(GENERIC, Some(info)));
    }
    Ok(())
}

/// Refuses what was withdrawn, and learners who come too late.
fn check_open(
    object: &LearningObject,
    instance: &Instance,
    is_admin: bool,
    now: Second,
) -> Result<(), ApiError> {
    let is_retired =
        object.state == LearningObjectState::Retired || instance.state == InstanceState::Retired;
    let is_late = instance.enrollment_deadline.is_some_and(|it| now > it);
    let info = match (is_retired, is_late && !is_admin) {
        (false, false) => return Ok(()),
        (true, _) => "Learning object is retired",
        (false, true) => "Deadline crossed for enrollment",
    };
    Err(errors::bad_request(GENERIC, Some(info)))
}

/// What becomes of one more: a seat, a place in the queue, or nothing.
fn seat(world: &mut World, instance: &Instance) -> Result<EnrollmentState, ApiError> {
    let Some(limit) = instance.seat_limit else {
        return Ok(EnrollmentState::Enrolled);
    };
    let occupied = world.occupied(instance.number);
    if occupied.seats < u64::from(limit) {
        return Ok(EnrollmentState::Enrolled);
    }
    let queue = instance.waitlist_limit.map(u64::from);
    if queue.is_none_or(|limit| occupied.waiting < limit) {
        return Ok(EnrollmentState::Waiting);
    }
    let full = "ERROR_ENROLLMENT_WAITLIST_FULL";
    Err(errors::bad_request_with_error_id(full, GENERIC, Some(full)))
}

fn new_enrollment(
    user: &User,
    instance: &Instance,
    is_admin: bool,
    state: EnrollmentState,
    now: Second,
) -> Enrollment {
    Enrollment {
        user: user.number,
        user_id: user.id,
        instance: instance.number,
        instance_id: instance.id,
        source: if is_admin {
            EnrollmentSource::AdminEnroll
        } else {
            EnrollmentSource::SelfEnroll
        },
        state,
        enrolled: now,
        deadline: instance.deadline,
        started: None,
        completed: None,
        last_access: None,
        progress: 0,
        score: 0,
        passed: false,
        rare: None,
    }
}
