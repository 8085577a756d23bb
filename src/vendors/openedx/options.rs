//! What OPTIONS gets of a view: what Django REST framework says of it.

use hyper::StatusCode;
use serde::Serialize;

use super::json::rendered;
use super::pages;
use crate::http::Reply;
use crate::vendors::Row;

/// In the order of the framework's own description.
#[derive(Serialize)]
struct Description {
    name: &'static str,
    description: &'static str,
    renders: &'static [&'static str],
    parses: &'static [&'static str],
}

/// A view: the name that the framework makes of its class, and what it is for, in our words.
struct View {
    /// The operations that it does.
    operations: &'static [&'static str],
    name: &'static str,
    description: &'static str,
}

const VIEWS: &[View] = &[
    View {
        operations: &["bulk_enroll"],
        name: "Bulk Enroll",
        description: "Enrolls several people in several courses, or ends their enrollments.",
    },
    View {
        operations: &["list_so2_enrollments"],
        name: "Enrollments",
        description: "Lists enrollments.",
    },
    View {
        operations: &["list_so2_completion"],
        name: "Completion",
        description: "Lists how much of their courses learners did.",
    },
    View {
        operations: &["list_so2_grades"],
        name: "Grades",
        description: "Lists learners' grades.",
    },
    View {
        operations: &["list_user_enrollments", "create_enrollment"],
        name: "Enrollment List",
        description: "Lists one account's enrollments, and enrolls it.",
    },
    View {
        operations: &["get_enrollment"],
        name: "Enrollment",
        description: "Shows one account's enrollment in a course.",
    },
    View {
        operations: &["get_current_user"],
        name: "Account",
        description: "Shows accounts.",
    },
    View {
        operations: &["list_enrollments"],
        name: "Course Enrollments Api List",
        description: "Lists enrollments, page by page.",
    },
];

const PARSES: &[&str] = &[
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
];

/// Accounts are changed by merge patches.
const ACCOUNT_PARSES: &[&str] = &["application/json", "application/merge-patch+json"];

/// What OPTIONS gets of a view of the API.
pub fn describe(row: &Row) -> Option<Reply> {
    let view = VIEWS
        .iter()
        .find(|view| view.operations.contains(&row.id))?;
    let description = Description {
        name: view.name,
        description: view.description,
        renders: &["application/json"],
        parses: match row.id {
            "get_current_user" => ACCOUNT_PARSES,
            _ => PARSES,
        },
    };
    Some(Reply::new(
        StatusCode::OK,
        "application/json",
        rendered(&description),
    ))
}

/// What OPTIONS gets of a view that Django itself answers for: nothing but `Allow`.
pub fn describe_bare() -> Reply {
    Reply::new(StatusCode::OK, pages::HTML, Vec::new())
}
