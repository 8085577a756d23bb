//! `POST /api/enrollment/v1/enrollment`: enrolls one account in one course, or changes its enrollment.
//!
//! The order of checks is the upstream view's. An account that is enrolled already keeps what it has,
//! unless staff asks for another mode or state. `email_opt_in`, `enrollment_attributes` and
//! `linked_enterprise_customer` are not read. `force_enrollment` overrules what no scenario holds,
//! closed and full courses, and makes staff's call set the mode anew.

use std::sync::Arc;

use hyper::StatusCode;
use jiff::Timestamp;
use serde::Serialize;

use super::super::list_fields::{RowView, slug};
use super::super::records::{Enrollment, Mode};
use super::super::world::World;
use super::data::{Data, text};
use super::params::{EnrollmentParams, bad_request};
use super::view::CourseDetails;
use super::{answer, caller, refusal};
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::openedx::Call;

/// Enrolls.
pub fn create_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let profile = call.context.read().behaviour().profile;
    let data = Data::read(call.request, profile)?;
    let now = call.context.now;
    let mut world = call.context.write();
    let caller = caller(call, &world)?;
    let wish = EnrollmentParams::read(&data, &caller, &world)?;
    let former = world.enrollment(wish.user.number, wish.course.number);
    let enrollment = match former {
        Some(former) if wish.changes(&former) => update(&wish, former, &mut world)?,
        former => {
            let mode = offered_mode(&wish)?;
            match former.filter(|it| it.active && !wish.force) {
                // Nothing is done any more, not even about the cohort.
                Some(former) => return Ok(shown(wish, former)),
                None => add(&wish, mode, &mut world, now),
            }
        }
    };
    put_into_cohort(&data, &wish, &mut world)?;
    Ok(shown(wish, enrollment))
}

/// Gives an enrollment the mode and the state asked for.
fn update(
    wish: &EnrollmentParams,
    former: Enrollment,
    world: &mut World,
) -> Result<Enrollment, ApiError> {
    if wish.changes_mode(&former) && wish.changes_state(&former) && wish.active == Some(false) {
        let (active, requested) = (slug(former.mode), wish.mode_text());
        return Err(bad_request(format!(
            "Enrollment mode mismatch: active mode={active}, requested mode={requested}. Won't deactivate."
        )));
    }
    let mode = match wish.mode {
        Some(_) => offered_mode(wish)?,
        None => former.mode,
    };
    let enrollment = Enrollment {
        mode,
        active: wish.active.unwrap_or(former.active),
        ..former
    };
    world.put_enrollment(enrollment.clone());
    Ok(enrollment)
}

/// The mode asked for, or else the usual one, if the course offers it.
fn offered_mode(wish: &EnrollmentParams) -> Result<Mode, ApiError> {
    let usual = slug(wish.course.default_mode());
    let wanted = wish.mode.as_deref().unwrap_or(usual);
    let mut modes = wish.course.modes.iter().copied();
    let found = modes.find(|offered| slug(*offered) == wanted);
    found.ok_or_else(|| unavailable(wish))
}

fn unavailable(wish: &EnrollmentParams) -> ApiError {
    #[derive(Serialize)]
    struct Unavailable<'a> {
        message: &'a str,
        course_details: CourseDetails<'a>,
    }
    let (mode, key) = (wish.mode_text(), &wish.course.key);
    let message = format!(
        "The [{mode}] course mode is expired or otherwise unavailable for course run [{key}]."
    );
    let body = Unavailable {
        message: &message,
        course_details: CourseDetails::of(&wish.course),
    };
    refusal(StatusCode::BAD_REQUEST, &body, message.clone())
}

/// Makes an enrollment, or makes a former one count again.
fn add(wish: &EnrollmentParams, mode: Mode, world: &mut World, now: Timestamp) -> Enrollment {
    let enrollment = world.enroll(&wish.user, &wish.course, mode, now);
    let active = wish.active.unwrap_or(true);
    if !active {
        world.unenroll(wish.user.number, wish.course.number);
    }
    Enrollment {
        active,
        ..enrollment
    }
}

/// Puts the account into the cohort asked for. Where there is none of this name, the call is refused, and
/// the enrollment stays made.
fn put_into_cohort(
    data: &Data,
    wish: &EnrollmentParams,
    world: &mut World,
) -> Result<(), ApiError> {
    let Some(name) = data.get("cohort") else {
        return Ok(());
    };
    let name = text(name)?;
    let cohort = wish.course.cohort(&name).map(Arc::clone);
    let cohort = cohort.ok_or_else(|| {
        // The slip is upstream's own.
        bad_request(format!("An error occured while adding to cohort [{name}]"))
    })?;
    world.put_cohort(wish.user.number, wish.course.number, cohort);
    Ok(())
}

fn shown(wish: EnrollmentParams, enrollment: Enrollment) -> Reply {
    answer(&RowView {
        enrollment,
        user: wish.user,
        course: wish.course,
    })
}
