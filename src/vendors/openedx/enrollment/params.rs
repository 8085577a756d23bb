//! What a POST asks for, read in the order in which upstream's view looks at it.

use std::sync::Arc;

use hyper::StatusCode;

use super::super::body::python::Value;
use super::super::course_key::canonical;
use super::super::list_fields::slug;
use super::super::records::{Course, Enrollment, Mode, User};
use super::super::world::World;
use super::data::{Data, is, text};
use super::{hidden, message};
use crate::platform::ApiError;

/// What is asked for.
#[derive(Debug)]
pub struct EnrollmentParams {
    /// Whom to enroll.
    pub user: Arc<User>,
    /// In what.
    pub course: Arc<Course>,
    /// As sent: it need not be a mode. None: the usual one.
    pub mode: Option<String>,
    /// None: as it is; a new enrollment counts.
    pub active: Option<bool>,
    /// Whether an enrollment that there is already is made again.
    pub force: bool,
    /// Whether the caller may change what there is.
    staff: bool,
}

impl EnrollmentParams {
    /// Reads the fields.
    ///
    /// # Errors
    /// When they say what cannot be, or what the caller may not.
    pub fn read(data: &Data, caller: &Arc<User>, world: &World) -> Result<Self, ApiError> {
        let key = course_key(data)?;
        let user = whose(data, caller, world)?;
        let mode = data.get("mode").map(text).transpose()?;
        let staff = caller.staff;
        if let Some(mode) = mode.as_deref().filter(|mode| !staff && !is_free(mode)) {
            let what =
                format!("User does not have permission to create enrollment with mode [{mode}].");
            return Err(message(StatusCode::FORBIDDEN, what));
        }
        let active = boolean(data, "is_active", "enrollment activation status")?;
        let force = boolean(data, "force_enrollment", "force enrollment status")?;
        let unknown = || no_course(&canonical(&key).unwrap_or_default());
        let course = world.course(&key).ok_or_else(unknown)?;
        Ok(EnrollmentParams {
            user,
            course,
            mode,
            active,
            force: staff && force == Some(true),
            staff,
        })
    }

    /// Whether the caller may and does ask for something else than there is.
    pub fn changes(&self, former: &Enrollment) -> bool {
        self.staff && (self.changes_mode(former) || self.changes_state(former))
    }

    /// Whether the mode asked for is another one.
    pub fn changes_mode(&self, former: &Enrollment) -> bool {
        let mode = self.mode.as_deref();
        mode.is_some_and(|mode| mode != slug(former.mode))
    }

    /// Whether the state asked for is the other one.
    pub fn changes_state(&self, former: &Enrollment) -> bool {
        self.active.is_some_and(|active| active != former.active)
    }

    /// The mode as messages name it.
    pub fn mode_text(&self) -> &str {
        self.mode.as_deref().unwrap_or("None")
    }
}

fn course_key(data: &Data) -> Result<String, ApiError> {
    match data.course_id()? {
        Some(key) if canonical(&key).is_some() => Ok(key),
        Some(key) => Err(no_course(&key)),
        None => Err(bad_request(
            "Course ID must be specified to create a new enrollment.".to_owned(),
        )),
    }
}

fn no_course(key: &str) -> ApiError {
    bad_request(format!("No course '{key}' found for enrollment"))
}

/// A 400 with a message.
pub fn bad_request(what: String) -> ApiError {
    message(StatusCode::BAD_REQUEST, what)
}

/// The account to enroll: by user name, else by address, else the caller.
fn whose(data: &Data, caller: &Arc<User>, world: &World) -> Result<Arc<User>, ApiError> {
    const STAFF_ONLY: &str = "only staff enrolls somebody else";
    let said = |name| data.get(name).filter(|value| value.is_truthy());
    if let Some(name) = said("user") {
        if is(name, &caller.username) {
            return Ok(Arc::clone(caller));
        }
        if !caller.staff {
            return Err(hidden(STAFF_ONLY));
        }
        let name = text(name)?;
        let found = world.user_named(&name);
        return found.ok_or_else(|| no_user(format!("The user {name} does not exist.")));
    }
    if let Some(email) = said("email") {
        if !caller.staff {
            return Err(hidden(STAFF_ONLY));
        }
        let email = text(email)?;
        let found = world.user_with_email(&email);
        return found.ok_or_else(|| {
            let what = format!("The user with the email address {email} does not exist.");
            no_user(what)
        });
    }
    Ok(Arc::clone(caller))
}

fn no_user(what: String) -> ApiError {
    message(StatusCode::NOT_ACCEPTABLE, what)
}

/// Whether everybody may ask for this mode.
fn is_free(mode: &str) -> bool {
    mode == slug(Mode::Audit) || mode == slug(Mode::Honor)
}

/// A field that is true, false or not there.
fn boolean(data: &Data, name: &str, called: &str) -> Result<Option<bool>, ApiError> {
    match data.get(name) {
        None => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(value) => {
            let value = text(value)?;
            Err(bad_request(format!("'{value}' is an invalid {called}.")))
        }
    }
}
