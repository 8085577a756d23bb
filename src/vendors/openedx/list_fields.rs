//! What all lists of enrollments show alike: records, modes, dates.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::records::{Course, Enrollment, Mode, User};
use super::world::World;
use crate::digits::utc;

/// An enrollment with the records it refers to.
#[derive(Clone, Debug)]
pub struct RowView {
    /// The enrollment.
    pub enrollment: Enrollment,
    /// Whose.
    pub user: Arc<User>,
    /// In what.
    pub course: Arc<Course>,
}

impl RowView {
    /// None if what the enrollment refers to is gone.
    pub fn of(enrollment: Enrollment, world: &World) -> Option<RowView> {
        Some(RowView {
            user: world.user(enrollment.user)?,
            course: world.course_at(enrollment.course)?,
            enrollment,
        })
    }
}

/// A mode as upstream's slug.
pub fn slug(mode: Mode) -> &'static str {
    match mode {
        Mode::Audit => "audit",
        Mode::Honor => "honor",
        Mode::Verified => "verified",
        Mode::Professional => "professional",
        Mode::NoIdProfessional => "no-id-professional",
        Mode::Credit => "credit",
        Mode::Masters => "masters",
        Mode::ExecutiveEducation => "executive-education",
        Mode::PaidExecutiveEducation => "paid-executive-education",
        Mode::UnpaidExecutiveEducation => "unpaid-executive-education",
        Mode::PaidBootcamp => "paid-bootcamp",
        Mode::UnpaidBootcamp => "unpaid-bootcamp",
    }
}

/// The microseconds of an instant, in six digits behind a point; nothing where there are none.
pub fn fraction(at: &DateTime) -> String {
    match at.subsec_nanosecond() / 1000 {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    }
}

/// `2021-03-09T20:15:04.123456Z`; no fraction where it is zero.
pub fn moment(at: Timestamp) -> String {
    let at = utc(at);
    let (date, hour, minute, second) = (at.date(), at.hour(), at.minute(), at.second());
    let fraction = fraction(&at);
    format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}
