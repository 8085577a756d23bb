//! What the filters of the so2 lists select. Parameters that no list knows are passed over.

use hyper::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::super::records::{CourseNumber, UserNumber, whole_micros};
use super::super::refusals;
use super::super::selection::Selection;
use super::super::world::World;
use crate::http::Query;
use crate::platform::{ApiError, quoted};
use crate::vendors::openedx::Call;

const HOURS_PER_DAY: i64 = 24;

/// What `course_id` and `username` select.
pub fn selection(query: &Query, call: &Call<'_>) -> Selection {
    let world = call.context.read();
    Selection {
        users: value(query, "username").map(|names| users(names, &world)),
        courses: value(query, "course_id").map(|key| courses(key, &world)),
        ..Selection::default()
    }
}

/// Since when `days` asks: so many times 24 hours before the clock's now, that instant included.
///
/// # Errors
/// When it is no whole number.
pub fn days(query: &Query, call: &Call<'_>) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = value(query, "days") else {
        return Ok(None);
    };
    let Some(days) = whole_number(text) else {
        return Err(bad_days(text, call));
    };
    let hours = days.saturating_mul(HOURS_PER_DAY);
    // What reaches back before the calendar begins reaches everything.
    let since = SignedDuration::try_from_hours(hours)
        .and_then(|ago| call.context.now.checked_sub(ago).ok());
    Ok(Some(since.map_or(Timestamp::MIN, whole_micros)))
}

/// The last value of a parameter, as Django gives it. An empty one is none.
fn value<'a>(query: &'a Query, name: &str) -> Option<&'a str> {
    query.values(name).last().filter(|value| !value.is_empty())
}

/// The accounts of user names with commas between; an unknown name selects none. A raw `+` arrives as a
/// space, which user names may have as well: what is there to the letter comes first.
fn users(names: &str, world: &World) -> Vec<UserNumber> {
    let user = |name: &str| {
        let exact = world.user_named(name);
        exact.or_else(|| world.user_named(&name.replace(' ', "+")))
    };
    let known = names.split(',').filter_map(user);
    known.map(|user| user.number).collect()
}

/// The course of a key, at most. The vendor's page writes keys with a raw `+`, which arrives as a
/// space, and its samples are no well-formed keys: any text is looked up as it is.
fn courses(key: &str, world: &World) -> Vec<CourseNumber> {
    let course = world
        .enrolled_course(key)
        .or_else(|| world.enrolled_course(&key.replace(' ', "+")));
    course.map(|course| course.number).into_iter().collect()
}

/// A number of at least 0, however large. A `+` in front arrives as a space.
fn whole_number(text: &str) -> Option<i64> {
    let digits = text.trim_ascii();
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than a number holds still reach everything.
    is_number.then(|| digits.parse().unwrap_or(i64::MAX))
}

fn bad_days(text: &str, call: &Call<'_>) -> ApiError {
    let world = call.context.read();
    let detail = &world.behaviour().so2_bad_days;
    let what = format!("days {} is not a whole number", quoted(text));
    refusals::detail(StatusCode::BAD_REQUEST, detail, &what)
}
