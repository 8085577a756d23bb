//! From what a request says of dates to an enrollment's dates.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::fields::Fields;
use super::records::{Content, Enrollment};
use crate::platform::{ApiError, quoted};

/// When an enrollment begins, when it should be done, and what happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The day the learner may start.
    pub access: Date,
    /// The day by which it should be done.
    pub due: Option<Date>,
    /// Whether the content is locked after that day.
    pub locks: bool,
}

impl Schedule {
    /// Gives an enrollment these dates.
    pub fn write_to(self, enrollment: &mut Enrollment) {
        enrollment.access = self.access;
        enrollment.due = self.due;
        enrollment.locks = self.locks;
    }
}

/// What a request says of dates, read and checked, before it is known for which content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// In UTC.
    access: DateTime,
    due: Due,
    locks: bool,
}

/// How the due date is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// There is none.
    Unlimited,
    /// As the content says.
    Default,
    /// On this day.
    Date(Date),
    /// So many hours after the access date.
    Period(u32),
}

impl Plan {
    /// What `POST /enrollment` says: `accessDate` may be left out and is `now` then, so may
    /// `lockAfterDueDate`, and `dueDateType` where `missing_type_is_default`.
    ///
    /// # Errors
    /// When a field is missing or cannot be read.
    pub fn for_new(
        fields: &Fields,
        now: Timestamp,
        missing_type_is_default: bool,
    ) -> Result<Plan, ApiError> {
        let due = match given(fields, "dueDateType")? {
            None if missing_type_is_default => Due::Default,
            _ => Due::read(fields)?,
        };
        Ok(Plan {
            access: match given(fields, "accessDate")? {
                Some(text) => moment("accessDate", &text)?,
                None => TimeZone::UTC.to_datetime(now),
            },
            due,
            locks: lock(fields)?.unwrap_or(false),
        })
    }

    /// What an edit and a re-enrollment say: `accessDate` is required, and `lockAfterDueDate` for
    /// `due_date` and `due_period`.
    ///
    /// # Errors
    /// When a field is missing or cannot be read.
    pub fn for_existing(fields: &Fields) -> Result<Plan, ApiError> {
        let access = given(fields, "accessDate")?.ok_or_else(|| missing("accessDate"))?;
        let access = moment("accessDate", &access)?;
        let due = Due::read(fields)?;
        let locks = lock(fields)?;
        let locks = match due {
            Due::Date(_) | Due::Period(_) => locks.ok_or_else(|| missing("lockAfterDueDate"))?,
            Due::Unlimited | Due::Default => locks.unwrap_or(false),
        };
        Ok(Plan { access, due, locks })
    }

    /// The dates for this content.
    ///
    /// # Errors
    /// When the due date would lie beyond the calendar.
    pub fn for_content(self, content: &Content) -> Result<Schedule, ApiError> {
        let due = match self.due {
            Due::Unlimited => None,
            Due::Default => content
                .default_due_hours
                .map(|hours| self.after(hours, "the content's default due date"))
                .transpose()?,
            Due::Date(date) => Some(date),
            Due::Period(hours) => Some(self.after(hours, "duePeriod")?),
        };
        Ok(Schedule {
            access: self.access.date(),
            due,
            // Without a due date there is nothing to lock after.
            locks: self.locks && due.is_some(),
        })
    }

    fn after(self, hours: u32, what: &str) -> Result<Date, ApiError> {
        self.access
            .checked_add(SignedDuration::from_hours(i64::from(hours)))
            .map(DateTime::date)
            .map_err(|_| {
                ApiError::Malformed(format!("{what}, {hours} hours, leads out of the calendar"))
            })
    }
}

impl Due {
    fn read(fields: &Fields) -> Result<Due, ApiError> {
        let kind = given(fields, "dueDateType")?.ok_or_else(|| missing("dueDateType"))?;
        // Fields that the type does not call for are not looked at: the vendor's own sample sends
        // a due date and a period with `unlimited`.
        match kind.as_ref() {
            "unlimited" => Ok(Due::Unlimited),
            "default" => Ok(Due::Default),
            "due_date" => {
                let date = given(fields, "dueDate")?.ok_or_else(|| missing("dueDate"))?;
                Ok(Due::Date(moment("dueDate", &date)?.date()))
            }
            "due_period" => {
                let hours = given(fields, "duePeriod")?.ok_or_else(|| missing("duePeriod"))?;
                let digits = hours.bytes().all(|byte| byte.is_ascii_digit());
                let number = digits.then(|| hours.parse().ok()).flatten();
                number.map(Due::Period).ok_or_else(|| {
                    let hours = quoted(&hours);
                    ApiError::Malformed(format!("duePeriod {hours} is not a number of hours"))
                })
            }
            other => Err(ApiError::Malformed(format!(
                "dueDateType {} is none of unlimited, default, due_date, due_period",
                quoted(other)
            ))),
        }
    }
}

/// Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS` (both UTC) or RFC 3339 with `T` and zone, as UTC.
fn moment(field: &str, text: &str) -> Result<DateTime, ApiError> {
    let read = if has_shape(text, "0000-00-00") {
        text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)).ok()
    } else if has_shape(text, "0000-00-00 00:00:00") {
        text.parse::<DateTime>().ok()
    } else if has_shape(text.get(..19).unwrap_or(""), "0000-00-00T00:00:00") && !text.contains('[')
    {
        let at = text.parse::<Timestamp>().ok();
        at.map(|at| TimeZone::UTC.to_datetime(at))
    } else {
        None
    };
    read.ok_or_else(|| {
        ApiError::Malformed(format!(
            "{field} {} is neither YYYY-MM-DD, YYYY-MM-DD HH:MM:SS nor YYYY-MM-DDTHH:MM:SS with a zone",
            quoted(text)
        ))
    })
}

/// A field that says something: an empty one is as good as none, as `<accessDate/>` is to PHP.
fn given<'a>(fields: &'a Fields, name: &str) -> Result<Option<Cow<'a, str>>, ApiError> {
    Ok(fields.text(name)?.filter(|text| !text.is_empty()))
}

/// Whether the content is to be locked after the due date, if the request says so.
fn lock(fields: &Fields) -> Result<Option<bool>, ApiError> {
    match given(fields, "lockAfterDueDate")? {
        None => Ok(None),
        Some(_) => fields.flag("lockAfterDueDate"),
    }
}

/// Whether `text` is like `shape`, where each `0` stands for a digit.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text
            .bytes()
            .zip(shape.bytes())
            .all(|(byte, like)| match like {
                b'0' => byte.is_ascii_digit(),
                _ => byte == like,
            })
}

/// The day of an instant, in UTC: the vendor shows dates without a time.
pub fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

fn missing(field: &str) -> ApiError {
    ApiError::Malformed(format!("{field} is required"))
}
