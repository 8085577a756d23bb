//! Whose enrollments a call is about, and whether the caller may touch them.

use std::sync::Arc;

use smol_str::SmolStr;

use super::records::{Enrollment, Scope, User, decimal, read_enrollment_id};
use super::tokens::Holder;
use super::world::{Visible, World};
use crate::platform::ApiError;
use crate::vendors::alm::Call;

/// The user whom a call is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What the path calls them.
    named: SmolStr,
    /// None: no user has this id. Only an administrator gets to know, and only once the parameters were
    /// read.
    user: Option<Arc<User>>,
}

impl Subject {
    /// The user whom the path names.
    ///
    /// # Errors
    /// When a learner names another user.
    pub fn named(
        call: &Call<'_>,
        world: &World,
        holder: &Holder,
        scope: Scope,
    ) -> Result<Self, ApiError> {
        let named: SmolStr = call.param("id").into();
        let user = decimal(&named).and_then(|id| world.user(id));
        let is_allowed = match &user {
            Some(user) => world.seen_by(holder, user.number, scope).is_some(),
            None => world.may(holder, scope),
        };
        if is_allowed {
            Ok(Subject { named, user })
        } else {
            Err(ApiError::OutOfScope(named.into()))
        }
    }

    /// The caller.
    pub fn caller(call: &Call<'_>, world: &World) -> Self {
        Subject {
            named: call.principal.name.clone(),
            user: world.caller(call.principal),
        }
    }

    /// The user.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn user(&self) -> Result<&Arc<User>, ApiError> {
        let user = self.user.as_ref();
        user.ok_or_else(|| ApiError::NoSuchRecord(self.named.to_string()))
    }

    /// What the caller sees of the user's enrollments.
    ///
    /// # Errors
    /// When there is no such user, or the caller may not look.
    pub fn visible<'a>(
        &self,
        call: &Call<'_>,
        world: &'a World,
        holder: &Holder,
        scope: Scope,
    ) -> Result<Visible<'a>, ApiError> {
        let user = self.user()?;
        let mut id = itoa::Buffer::new();
        call.notes
            .scope(["enrollments of user ", id.format(user.id)].concat());
        let visible = world.seen_by(holder, user.number, scope);
        visible.ok_or_else(|| ApiError::OutOfScope(self.named.to_string()))
    }
}

/// Refuses the learner's own look-up of an enrollment whose id says that it is another user's.
///
/// # Errors
/// When it is.
pub fn refuse_others(call: &Call<'_>) -> Result<(), ApiError> {
    let named = call.param("enrollment");
    match read_enrollment_id(named) {
        Some((_, user)) if user.to_string() != call.principal.name => {
            Err(ApiError::OutOfScope(named.to_owned()))
        }
        Some(_) | None => Ok(()),
    }
}

/// The enrollment that the path names, if it is among those that the caller sees.
pub fn enrollment_named(
    call: &Call<'_>,
    world: &World,
    visible: &Visible<'_>,
) -> Option<Enrollment> {
    let (instance, user) = read_enrollment_id(call.param("enrollment"))?;
    let found = visible.in_instance(world.instance(instance)?.number)?;
    (found.user_id == user).then_some(found)
}
