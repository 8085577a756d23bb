//! What OPTIONS gets of a view: what Django REST framework says of it.

use hyper::StatusCode;
use serde::Serialize;

use super::json::rendered;
use super::pages;
use crate::http::Reply;

/// In the order of the framework's own description.
#[derive(Serialize)]
struct Description {
    name: &'static str,
    description: &'static str,
    renders: &'static [&'static str],
    parses: &'static [&'static str],
}

const PARSES: &[&str] = &[
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
];

/// Accounts are changed by merge patches.
const ACCOUNT_PARSES: &[&str] = &["application/json", "application/merge-patch+json"];

/// What OPTIONS gets of a view: the name that the framework makes of its class, and what it is for, in our
/// words.
fn view(name: &'static str, description: &'static str, parses: &'static [&'static str]) -> Reply {
    let description = Description {
        name,
        description,
        renders: &["application/json"],
        parses,
    };
    Reply::new(StatusCode::OK, "application/json", rendered(&description))
}

/// Each view, by the name of a function.
macro_rules! views {
    ($($view:ident: $name:literal, $description:literal, $parses:expr;)+) => {$(
        #[doc = concat!("What OPTIONS gets of the view `", $name, "`.")]
        pub fn $view() -> Reply {
            view($name, $description, $parses)
        }
    )+};
}

views! {
    bulk_enroll: "Bulk Enroll", "Enrolls several people in several courses, or ends their enrollments.", PARSES;
    so2_enrollments: "Enrollments", "Lists enrollments.", PARSES;
    so2_completion: "Completion", "Lists how much of their courses learners did.", PARSES;
    so2_grades: "Grades", "Lists learners' grades.", PARSES;
    enrollment_list: "Enrollment List", "Lists one account's enrollments, and enrolls it.", PARSES;
    enrollment: "Enrollment", "Shows one account's enrollment in a course.", PARSES;
    account: "Account", "Shows accounts.", ACCOUNT_PARSES;
    course_enrollments: "Course Enrollments Api List", "Lists enrollments, page by page.", PARSES;
}

/// What OPTIONS gets of a view that Django itself answers for: nothing but `Allow`.
pub fn bare() -> Reply {
    Reply::new(StatusCode::OK, pages::HTML, Vec::new())
}
