//! The rows of the so2 lists, in the key order of the vendor's samples.

use jiff::Timestamp;
use serde::Serialize;

use super::super::json::{append, append_text};
use super::super::list_fields::{RowView, slug};
use super::super::records::Results;
use crate::digits::{self, utc};

/// A share that is not written down.
const NOTHING: &str = "0.00";

#[derive(Serialize)]
struct CompletionRow<'a> {
    username: &'a str,
    email: &'a str,
    course_id: &'a str,
    completion: &'a str,
}

#[derive(Serialize)]
struct GradeRow<'a> {
    username: &'a str,
    email: &'a str,
    course_id: &'a str,
    display_name: &'a str,
    percent_grade: &'a str,
    letter_grade: &'a str,
    passed_timestamp: Option<String>,
    last_date: Option<String>,
}

/// Appends a row of the list of enrollments.
pub fn enrollment(bytes: &mut Vec<u8>, shown: &RowView) {
    bytes.extend_from_slice(b"{\"username\":");
    append_text(bytes, &shown.user.username);
    bytes.extend_from_slice(b",\"email\":");
    append_text(bytes, &shown.user.email);
    bytes.extend_from_slice(b",\"course_id\":");
    append_text(bytes, &shown.course.key);
    bytes.extend_from_slice(if shown.enrollment.active {
        b",\"is_active\":true,\"mode\":\""
    } else {
        b",\"is_active\":false,\"mode\":\""
    });
    bytes.extend_from_slice(slug(shown.enrollment.mode).as_bytes());
    bytes.extend_from_slice(b"\",\"created\":\"");
    append_minute(bytes, shown.enrollment.created);
    bytes.extend_from_slice(b"\"}");
}

/// Appends a row of the list of completion.
pub fn completion(bytes: &mut Vec<u8>, shown: &RowView) {
    let completion = results(shown).and_then(|it| it.completion.as_deref());
    append(
        bytes,
        &CompletionRow {
            username: &shown.user.username,
            email: &shown.user.email,
            course_id: &shown.course.key,
            completion: completion.unwrap_or(NOTHING),
        },
    );
}

/// Appends a row of the list of grades.
pub fn grade(bytes: &mut Vec<u8>, shown: &RowView) {
    let results = results(shown);
    let passed = results.and_then(|it| it.passed);
    let last_date = results.and_then(|it| it.last_date);
    append(
        bytes,
        &GradeRow {
            username: &shown.user.username,
            email: &shown.user.email,
            course_id: &shown.course.key,
            display_name: &shown.course.name,
            percent_grade: results
                .and_then(|it| it.grade.as_deref())
                .unwrap_or(NOTHING),
            letter_grade: results
                .and_then(|it| it.letter_grade.as_deref())
                .unwrap_or(""),
            passed_timestamp: passed.map(microsecond),
            last_date: last_date.map(|it| it.to_string()),
        },
    );
}

fn results(shown: &RowView) -> Option<&Results> {
    shown.enrollment.results.as_deref()
}

/// `2021-03-09 20:15`: in UTC, the seconds cut off.
fn append_minute(bytes: &mut Vec<u8>, at: Timestamp) {
    let at = digits::utc(at);
    digits::date(bytes, at.date());
    bytes.push(b' ');
    digits::minute(bytes, at.time());
}

/// `2020-03-28 23:21:24.354019`: in UTC, with all six digits of the sample, zeros or not.
fn microsecond(at: Timestamp) -> String {
    let at = utc(at);
    let (date, hour, minute, second) = (at.date(), at.hour(), at.minute(), at.second());
    let micros = at.subsec_nanosecond() / 1000;
    format!("{date} {hour:02}:{minute:02}:{second:02}.{micros:06}")
}
