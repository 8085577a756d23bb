//! `POST /api/bulk_enroll/v1/bulk_enroll`: several learners, several courses, in or out.

mod email;
mod fields;
mod idna;
mod input;
mod plan;
mod wire;
mod work;

use hyper::StatusCode;
use hyper::header::{HeaderValue, SET_COOKIE};

use super::behaviour::{Behaviour, Profile};
use super::csrf;
use super::json::rendered;
use super::selection::note_scope;
use crate::http::{Reply, Request};
use crate::platform::{ApiError, decoded};
use crate::vendors::openedx::{Call, Context};
use fields::BulkParams;
use input::Sent;
use plan::Plan;

/// Enrolls or un-enrolls. The answer is 200 even if nothing came of it.
pub fn bulk_enroll(call: &Call<'_>) -> Result<Reply, ApiError> {
    let profile = call.context.read().behaviour().profile;
    let sent = Sent::read(call.request, profile)?;
    note_scope(call);
    let now = call.context.now;
    let (answer, cookie) = {
        let mut world = call.context.write();
        let asked = BulkParams::read(&sent, &world)?;
        let cookie = cookie(&asked, world.behaviour(), call.context);
        let plan = Plan::check(&asked, &world, call.principal);
        let plan = plan.map_err(|error| with_cookie(error, &cookie))?;
        (plan.carry_out(&mut world, call.context.outbox, now), cookie)
    };
    let mut reply = Reply::new(StatusCode::OK, "application/json", rendered(&answer));
    if let Some(cookie) = cookie {
        reply.headers.insert(SET_COOKIE, cookie);
    }
    Ok(reply)
}

/// What the instructor's view sets, through which each course goes up to Teak.
fn cookie(asked: &BulkParams, behaviour: &Behaviour, context: &Context<'_>) -> Option<HeaderValue> {
    let is_set = match behaviour.profile {
        Profile::Legacy | Profile::Classic => behaviour.lms_headers && !asked.courses.is_empty(),
        Profile::Ulmo => false,
    };
    is_set.then(|| csrf::cookie(context)).flatten()
}

/// The view has set its cookie before it finds what is wrong.
fn with_cookie(error: ApiError, cookie: &Option<HeaderValue>) -> ApiError {
    match error {
        ApiError::InItsOwnWords(mut words) => {
            words.cookie = cookie.clone();
            ApiError::InItsOwnWords(words)
        }
        other => other,
    }
}

/// Whether the scenario's release has this path: up to Maple the pattern has no end, and all that begins
/// like it fits.
pub fn is_mounted(request: &Request, context: &Context<'_>) -> bool {
    let world = context.read();
    let behaviour = world.behaviour();
    // Whatever stands before the vendor's own path.
    let path = decoded(&request.path);
    let inner = path.split_once("/api/bulk_enroll/v1/");
    let Some((_, inner)) = inner.filter(|_| behaviour.bulk_enroll_view) else {
        return false;
    };
    match behaviour.profile {
        Profile::Legacy => inner.starts_with("bulk_enroll"),
        Profile::Classic | Profile::Ulmo => {
            inner == "bulk_enroll" || (inner == "bulk_enroll/" && !behaviour.strict_slash)
        }
    }
}
