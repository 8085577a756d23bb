//! `GET /api/enrollment/v1/enrollments`: upstream's list for staff, the newest first, page by page.
//!
//! A page starts where its cursor says, so a deep one costs no more than the first.

mod cursor;
mod form;
mod link;
mod page;
mod position;

use std::ops::Bound;

use hyper::StatusCode;
use jiff::Timestamp;
use serde::Serialize;

use super::json::rendered;
use super::list_fields::{RowView, moment, slug};
use super::pages;
use super::records::{Enrollment, EnrollmentPlace, Mode};
use super::refusals::refusal;
use crate::http::{Query, Reply, Request};
use crate::platform::{ApiError, quoted};
use crate::records::Order;
use crate::vendors::openedx::Call;
use cursor::Cursor;
use form::Form;
use link::{host, is_host, with_cursor};
use page::Page;

/// Upstream's page size; no parameter changes it.
const PAGE_SIZE: usize = 100;

/// The body of a page.
#[derive(Serialize)]
struct Body<'a> {
    next: Option<String>,
    previous: Option<String>,
    results: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    created: String,
    mode: &'static str,
    is_active: bool,
    user: &'a str,
    course_id: &'a str,
}

/// The body of most of this list's noes.
#[derive(Serialize)]
struct DeveloperMessage<'a> {
    developer_message: &'a str,
}

/// Answers with the page that the cursor names.
pub fn list_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query = Query::parse(call.request.query.as_bytes());
    let form = Form::read(&query)?;
    is_from_a_host(call)?;
    let cursor = Cursor::of(&query)?.unwrap_or_default();
    let from = start(&cursor)?;
    let world = call.context.read();
    let selection = form.selection(&world);
    let visible = world.seen_by(call.principal);
    let found: Vec<Enrollment> = match from {
        None => Vec::new(),
        Some(from) => {
            let walk = visible.enrollments(&selection, from, order(&cursor));
            walk.skip(cursor.offset).take(PAGE_SIZE + 1).collect()
        }
    };
    let page = Page::of(found, &cursor, PAGE_SIZE);
    call.notes.scope(visible.in_words());
    let link = |cursor: &Option<Cursor>| {
        let cursor = cursor.as_ref()?;
        Some(with_cursor(call.request, &query, &cursor.text()))
    };
    let (next, previous) = (link(&page.next), link(&page.previous));
    let text = |cursor: &Option<Cursor>| cursor.as_ref().map(Cursor::text);
    call.notes.page(crate::platform::Page {
        cursor: self::cursor(call.request),
        shown: page.rows.len(),
        next: text(&page.next),
        previous: text(&page.previous),
    });
    let rows = page.rows.into_iter();
    let shown: Vec<RowView> = rows.filter_map(|row| RowView::of(row, &world)).collect();
    let body = Body {
        next,
        previous,
        results: shown.iter().map(Row::of).collect(),
    };
    Ok(Reply::new(
        StatusCode::OK,
        "application/json",
        rendered(&body),
    ))
}

/// The cursor of a request, whatever it is worth.
pub fn cursor(request: &Request) -> Option<String> {
    let query = Query::parse(request.query.as_bytes());
    query.values("cursor").last().map(str::to_owned)
}

impl<'a> Row<'a> {
    fn of(shown: &'a RowView) -> Self {
        let mode: Mode = shown.enrollment.mode;
        Row {
            created: moment(shown.enrollment.created),
            mode: slug(mode),
            is_active: shown.enrollment.active,
            user: &shown.user.username,
            course_id: &shown.course.key,
        }
    }
}

/// Links are made before the cursor is looked at, and to make one takes a host.
fn is_from_a_host(call: &Call<'_>) -> Result<(), ApiError> {
    let host = host(call.request);
    if is_host(host) {
        Ok(())
    } else {
        let profile = call.context.read().behaviour().profile;
        let what = format!("Host {} is not the name of a host", quoted(host));
        Err(pages::unreadable(profile, &what))
    }
}

fn order(cursor: &Cursor) -> Order {
    if cursor.reverse {
        Order::Ascending
    } else {
        Order::Descending
    }
}

/// Where the walk starts: next to all that were made at the cursor's position. None: past the end of
/// time.
fn start(cursor: &Cursor) -> Result<Option<Bound<EnrollmentPlace>>, ApiError> {
    let Some(position) = &cursor.position else {
        return Ok(Some(Bound::Unbounded));
    };
    let at = position::read(position)?;
    if !cursor.reverse {
        let first = EnrollmentPlace::before_all_of(at);
        return Ok(Some(Bound::Excluded(first)));
    }
    // Dates are whole microseconds.
    let after = Timestamp::from_microsecond(at.as_microsecond().saturating_add(1));
    Ok(after
        .ok()
        .map(|after| Bound::Included(EnrollmentPlace::before_all_of(after))))
}

/// A no with one message.
fn refused(status: StatusCode, message: &str, what: String) -> ApiError {
    let body = DeveloperMessage {
        developer_message: message,
    };
    refusal(status, &body, what)
}
