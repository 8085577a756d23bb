//! What iSpring Learn can do, an operation a row.

use super::records::Permission;
use super::{Ispring, create, delete, get, list, paged, token};
use crate::platform::{Access, rows};

const LIST: Access<Permission> = Access::Needs(Permission::ListEnrollments);
const CREATE: Access<Permission> = Access::Needs(Permission::CreateEnrollments);
const EDIT: Access<Permission> = Access::Needs(Permission::EditEnrollments);
const DELETE: Access<Permission> = Access::Needs(Permission::DeleteEnrollments);

rows! { OPERATIONS of Ispring:
    /// Lists every enrollment that the caller sees, all at once.
    GET "/enrollment" list_enrollments List, LIST, "vendor page \"Getting a List of Enrollments\""
        => list::list_enrollments;
    /// Enrolls learners in content.
    POST "/enrollment" create_enrollments Write, CREATE, "vendor page \"Creating an Enrollment\""
        => create::create_enrollments;
    /// Lists the enrollments that the caller sees, a page at a time.
    GET "/enrollments" list_enrollments_paged List, LIST, "vendor OpenAPI, ListEnrollments"
        => paged::list_enrollments_paged;
    /// Lists the same, with the filters in the body.
    POST "/enrollments" list_enrollments_paged List, LIST, "vendor OpenAPI, ListEnrollmentsRequest"
        => paged::list_enrollments_paged;
    /// Shows one enrollment.
    GET "/enrollment/{id}" get_enrollment Read, LIST, "vendor page \"Getting Enrollment Info\""
        => get::get_enrollment;
    /// Gives an enrollment new dates.
    POST "/enrollment/{id}" edit_enrollment Write, EDIT, "vendor page \"Editing an Enrollment\""
        => get::edit_enrollment;
    /// Archives an enrollment and makes a new one in its stead.
    POST "/enrollment/{id}/reenroll" reenroll Write, EDIT, "vendor OpenAPI"
        => get::reenroll;
    /// Deletes enrollments.
    POST "/enrollment/delete" delete_enrollments Write, DELETE, "vendor page \"Deleting an Enrollment\""
        => delete::delete_enrollments;
}

rows! { TOKENS of Ispring:
    /// Issues an access token to a client.
    POST "/api/v3/token" issue_token Token, Access::Public, "vendor page \"Access Token\""
        => token::issue_token, unmetered();
}
