//! An enrollment and the course it is in, as these calls show them.

use serde::Serialize;

use super::super::list_fields::{self, moment, slug};
use super::super::records::{Course, Mode};

/// One enrollment.
#[derive(Debug, Serialize)]
pub struct EnrollmentView<'a> {
    created: String,
    mode: &'static str,
    is_active: bool,
    course_details: CourseDetails<'a>,
    user: &'a str,
}

impl<'a> EnrollmentView<'a> {
    /// An enrollment with the records it refers to.
    pub fn of(row: &'a list_fields::RowView) -> Self {
        EnrollmentView {
            created: moment(row.enrollment.created),
            mode: slug(row.enrollment.mode),
            is_active: row.enrollment.active,
            course_details: CourseDetails::of(&row.course),
            user: &row.user.username,
        }
    }
}

/// A course. No scenario says when it starts or ends.
#[derive(Debug, Serialize)]
pub struct CourseDetails<'a> {
    course_id: &'a str,
    course_name: &'a str,
    enrollment_start: Option<&'a str>,
    enrollment_end: Option<&'a str>,
    course_start: Option<&'a str>,
    course_end: Option<&'a str>,
    invite_only: bool,
    course_modes: Vec<CourseMode<'a>>,
    pacing_type: &'a str,
}

impl<'a> CourseDetails<'a> {
    /// What is shown of this course.
    pub fn of(course: &'a Course) -> Self {
        CourseDetails {
            course_id: &course.key,
            course_name: &course.name,
            enrollment_start: None,
            enrollment_end: None,
            course_start: None,
            course_end: None,
            invite_only: false,
            course_modes: course.modes.iter().copied().map(CourseMode::of).collect(),
            pacing_type: "Instructor Paced",
        }
    }
}

/// A mode that a course offers. No scenario says what it costs.
#[derive(Debug, Serialize)]
struct CourseMode<'a> {
    slug: &'static str,
    name: &'static str,
    min_price: u32,
    suggested_prices: &'a str,
    currency: &'a str,
    expiration_datetime: Option<&'a str>,
    description: Option<&'a str>,
    sku: Option<&'a str>,
    bulk_sku: Option<&'a str>,
}

impl CourseMode<'_> {
    fn of(mode: Mode) -> Self {
        CourseMode {
            slug: slug(mode),
            name: name(mode),
            min_price: 0,
            suggested_prices: "",
            currency: "usd",
            expiration_datetime: None,
            description: None,
            sku: None,
            bulk_sku: None,
        }
    }
}

/// A mode's name for people. Only that of audit is upstream's own; the others are up to those who set up
/// the course.
const fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Audit => "Audit",
        Mode::Honor => "Honor",
        Mode::Verified => "Verified",
        Mode::Professional => "Professional",
        Mode::NoIdProfessional => "No Id Professional",
        Mode::Credit => "Credit",
        Mode::Masters => "Masters",
        Mode::ExecutiveEducation => "Executive Education",
        Mode::PaidExecutiveEducation => "Paid Executive Education",
        Mode::UnpaidExecutiveEducation => "Unpaid Executive Education",
        Mode::PaidBootcamp => "Paid Bootcamp",
        Mode::UnpaidBootcamp => "Unpaid Bootcamp",
    }
}
