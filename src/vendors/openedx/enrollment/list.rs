//! `GET /api/enrollment/v1/enrollment`: the enrollments of one account that still count.

use std::collections::HashSet;
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use hyper::StatusCode;

use super::super::json::append;
use super::super::records::{CourseNumber, EnrollmentPlace, Group, User};
use super::super::rows;
use super::shown::Shown;
use super::{JSON, caller};
use crate::http::{Query, Reply};
use crate::records::{Order, Record};
use crate::sandbox::Sandbox;
use crate::vendors::pieces::{self, Pieces};
use crate::vendors::{ApiError, Call};

/// The caller's own enrollments, or those of `user`, the oldest first.
pub fn list_user_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let world = call.sandbox.openedx();
    let caller = caller(call, &world)?;
    let query = Query::parse(call.request.query.as_bytes());
    // As Django reads a query, the last one counts.
    let named = query.pairs().filter(|(name, _)| *name == "user").last();
    let (user, courses) = match named {
        None => (Some(caller), None),
        Some((_, name)) if name == caller.username => (Some(caller), None),
        Some((_, name)) => (
            world.user_named(name),
            (!caller.staff).then(|| caller.administers.iter().copied().collect()),
        ),
    };
    drop(world);
    let listing = Listing {
        sandbox: Arc::clone(call.sandbox),
        user,
        courses,
        behind: Bound::Unbounded,
        is_first: true,
        has_ended: false,
    };
    Ok(Reply::new(StatusCode::OK, JSON, pieces::body(listing)))
}

/// A list under way. Each piece takes the lock anew and goes on behind the last enrollment written.
struct Listing {
    sandbox: Arc<Sandbox>,
    /// None: nobody, who is enrolled in nothing.
    user: Option<Arc<User>>,
    /// The courses that the caller sees. None: all.
    courses: Option<HashSet<CourseNumber>>,
    behind: Bound<EnrollmentPlace>,
    /// Whether no row is written yet.
    is_first: bool,
    has_ended: bool,
}

impl Pieces for Listing {
    fn piece(&mut self, size: usize) -> Bytes {
        let mut json = Vec::new();
        if self.behind == Bound::Unbounded {
            json.push(b'[');
        }
        self.has_ended = self.write_rows(&mut json, size);
        if self.has_ended {
            json.push(b']');
        }
        json.into()
    }

    fn has_ended(&self) -> bool {
        self.has_ended
    }

    fn parts(&self) -> usize {
        1
    }
}

impl Listing {
    /// Writes rows until there are `size` bytes; whether no more rows follow.
    fn write_rows(&mut self, json: &mut Vec<u8>, size: usize) -> bool {
        let Some(user) = &self.user else {
            return true;
        };
        let sandbox = Arc::clone(&self.sandbox);
        let world = sandbox.openedx();
        let groups = [Group::User(user.number)];
        let enrollments = &world.enrollments;
        for enrollment in enrollments.walk_groups(groups, self.behind.clone(), Order::Ascending) {
            if json.len() >= size {
                return false;
            }
            self.behind = Bound::Excluded(enrollment.place());
            let is_seen = |courses: &HashSet<_>| courses.contains(&enrollment.course);
            if !enrollment.active || !self.courses.as_ref().is_none_or(is_seen) {
                continue;
            }
            let Some(row) = rows::Shown::of(enrollment, &world) else {
                continue;
            };
            if !self.is_first {
                json.push(b',');
            }
            append(json, &Shown::of(&row));
            self.is_first = false;
        }
        true
    }
}
