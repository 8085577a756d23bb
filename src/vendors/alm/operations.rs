//! What Adobe Learning Manager can do, an operation a row.

use super::records::{AnyOf, Scope};
use super::{Alm, catalog, create, delete, get, grades, list, oauth, people, update};
use crate::platform::{Access, rows};

/// Any scope to read.
const READ: Access<AnyOf> = Access::Needs(&[Scope::LearnerRead, Scope::AdminRead]);
/// The administrator's scope to write: what changes other people's enrollments is the Admin API.
const ADMIN_WRITE: Access<AnyOf> = Access::Needs(&[Scope::AdminWrite]);
/// The learner's scope to read.
const LEARNER_READ: Access<AnyOf> = Access::Needs(&[Scope::LearnerRead]);
/// The learner's scope to write.
const LEARNER_WRITE: Access<AnyOf> = Access::Needs(&[Scope::LearnerWrite]);

rows! { PRIME of Alm:
    /// Lists a user's enrollments, a page at a time.
    GET "/users/{id}/enrollments" list_user_enrollments List, READ, "recorded call of 2024-06-09"
        => list::list_user_enrollments, exact();
    /// Enrolls a user in an instance.
    POST "/users/{id}/enrollments" create_user_enrollment Write, ADMIN_WRITE, "release notes of July 2023, Admin API changes"
        => create::create_user_enrollment, exact();
    /// Shows one of a user's enrollments.
    GET "/users/{id}/enrollments/{enrollment}" get_user_enrollment Read, READ, "release notes of July 2023, Admin API changes"
        => get::get_user_enrollment, exact();
    /// Changes the completion of a user's enrollment.
    PATCH "/users/{id}/enrollments/{enrollment}" update_user_enrollment Write, ADMIN_WRITE, "release notes of July 2023, Admin API changes"
        => update::update_user_enrollment, exact();
    /// Ends a user's enrollment.
    DELETE "/users/{id}/enrollments/{enrollment}" delete_user_enrollment Write, ADMIN_WRITE, "release notes of July 2023, Admin API changes"
        => delete::delete_user_enrollment, exact();
    /// Lists the learner's own enrollments, a page at a time.
    GET "/enrollments" list_enrollments List, LEARNER_READ, "Adobe's reference site, useCompliance"
        => list::list_enrollments, exact();
    /// Enrolls the learner in an instance.
    POST "/enrollments" create_enrollment Write, LEARNER_WRITE, "Adobe's reference site, useTrainingPage"
        => create::create_enrollment, exact();
    /// Shows one of the learner's own enrollments.
    GET "/enrollments/{enrollment}" get_enrollment Read, LEARNER_READ, "Adobe's reference site, useTrainingPage"
        => get::get_enrollment, exact();
    /// Changes the learner's own enrollment.
    PATCH "/enrollments/{enrollment}" update_enrollment Write, LEARNER_WRITE, "Adobe's reference site, useTrainingPage"
        => update::update_enrollment, exact();
    /// Ends the learner's own enrollment.
    DELETE "/enrollments/{enrollment}" delete_enrollment Write, LEARNER_WRITE, "Adobe's reference site, useTrainingPage"
        => delete::delete_enrollment, exact();
    /// Shows a grade in a module.
    GET "/loResourceGrades/{id}" get_resource_grade Read, READ, "text under the recorded call"
        => grades::get_resource_grade, exact();
    /// Shows the user that the token stands for.
    GET "/user" get_current_user Read, READ, "developer manual, users"
        => people::get_current_user, exact();
    /// Shows one user.
    GET "/users/{id}" get_user Read, READ, "developer manual, users"
        => people::get_user, exact();
    /// Shows one learning object.
    GET "/learningObjects/{id}" get_learning_object Read, READ, "developer manual, learningObjects"
        => catalog::get_learning_object, exact();
}

rows! { OAUTH of Alm:
    /// Sends the browser back with a code, as after a login.
    GET "/oauth/o/authorize" authorize Token, Access::Public, "developer manual, OAuth"
        => oauth::authorize, exact(), unmetered();
    /// Issues a token for a code.
    POST "/oauth/token" issue_token Token, Access::Public, "developer manual, OAuth"
        => oauth::issue_token, exact(), unmetered();
    /// Renews a token.
    POST "/oauth/token/refresh" refresh_token Token, Access::Public, "developer manual, OAuth"
        => oauth::refresh_token, exact(), unmetered();
    /// Says what a token is worth.
    GET "/oauth/token/check" check_token Token, Access::Public, "developer manual, OAuth"
        => oauth::check_token, exact(), unmetered();
    /// Issues a learner's token to an administrator's.
    POST "/oauth/o/learnerToken" issue_learner_token Token, Access::Public, "developer manual, OAuth"
        => oauth::issue_learner_token, exact(), unmetered();
    /// Issues a learner's token to an administrator's.
    POST "/oauth/learnerToken" issue_learner_token Token, Access::Public, "developer manual, the other spelling of the same call"
        => oauth::issue_learner_token, exact(), unmetered();
}
