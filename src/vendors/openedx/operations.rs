//! What Open edX can do, an operation a row.

use super::{Openedx, bulk_enroll, enrollment, list, me, options, so2, token};
use crate::platform::{Access, rows};

/// The right of global staff, and of course administrators where a switch says so.
#[derive(Clone, Copy, Debug)]
pub struct Staff;

const STAFF: Access<Staff> = Access::Needs(Staff);

rows! { STAFF_VIEWS of Openedx:
    /// Enrolls several people in several courses, or ends their enrollments.
    POST "/api/bulk_enroll/v1/bulk_enroll" bulk_enroll Write, STAFF, "vendor page \"Enrollments\", Bulk enroll or unenroll users"
        => bulk_enroll::bulk_enroll, when(bulk_enroll::is_mounted), options(options::bulk_enroll);
    /// Enrolls several people in several courses, or ends their enrollments.
    POST "/api/bulk_enroll/v1/{*rest}" bulk_enroll Write, STAFF, "upstream bulk_enroll/urls.py up to Maple"
        => bulk_enroll::bulk_enroll, exact(), when(bulk_enroll::is_mounted), options(options::bulk_enroll);
    /// Lists enrollments with dates and cohorts.
    GET "/api/so2/v1/enrollments" list_so2_enrollments List, STAFF, "vendor page \"Enrollments\""
        => so2::list_so2_enrollments, unmetered(), options(options::so2_enrollments);
    /// Lists how much of their courses learners did.
    GET "/api/so2/v1/completion" list_so2_completion List, STAFF, "vendor page \"Completion\""
        => so2::list_so2_completion, unmetered(), options(options::so2_completion);
    /// Lists learners' grades.
    GET "/api/so2/v1/grades" list_so2_grades List, STAFF, "vendor page \"Grades\""
        => so2::list_so2_grades, unmetered(), options(options::so2_grades);
}

rows! { ENROLLMENT_VIEWS of Openedx:
    /// Lists one account's active enrollments.
    GET "/api/enrollment/v1/enrollment" list_user_enrollments List, Access::Known, "upstream enrollments/views.py, EnrollmentListView"
        => enrollment::list_user_enrollments, exact(), options(options::enrollment_list);
    /// Enrolls an account in a course, or changes or ends its enrollment.
    POST "/api/enrollment/v1/enrollment" create_enrollment Write, Access::Known, "upstream enrollments/views.py, EnrollmentListView"
        => enrollment::create_enrollment, exact(), options(options::enrollment_list);
    /// Shows one account's enrollment in a course.
    GET "/api/enrollment/v1/enrollment/{*which}" get_enrollment Read, Access::Known, "upstream enrollments/views.py, EnrollmentView"
        => enrollment::get_enrollment, exact(), when(enrollment::is_route), options(options::enrollment);
    /// Shows the caller's user name.
    GET "/api/user/v1/me" get_current_user Read, Access::Known, "upstream user_api/urls.py"
        => me::get_current_user, exact(), unmetered(), options(options::account);
}

rows! { LIST_VIEWS of Openedx:
    /// Lists enrollments, a page at a time.
    GET "/api/enrollment/v1/enrollments" list_enrollments List, STAFF, "upstream enrollments/views.py, CourseEnrollmentsApiListView"
        => list::list_enrollments, options(options::course_enrollments);
}

rows! { TOKENS of Openedx:
    /// Issues an access token, and renews one.
    POST "/oauth2/access_token" issue_token Token, Access::Public, "upstream oauth_dispatch/urls.py"
        => token::issue_token, unmetered(), options(options::bare);
    /// Takes a token back.
    POST "/oauth2/revoke_token" revoke_token Token, Access::Public, "upstream oauth_dispatch/urls.py"
        => token::revoke_token, unmetered(), options(options::bare);
}
