//! `GET /api/enrollment/v1/enrollment`: the enrollments of one account that still count.

use std::collections::HashSet;
use std::ops::Bound;
use std::sync::Arc;

use hyper::StatusCode;

use super::super::json::append;
use super::super::list_fields;
use super::super::records::{CourseNumber, EnrollmentPlace, Group, User};
use super::view::EnrollmentView;
use super::{JSON, caller};
use crate::http::{Query, Reply};
use crate::platform::{self, Pieces, Shared};
use crate::platform::{ApiError, Page};
use crate::records::{Order, Record};
use crate::vendors::openedx::Call;
use crate::vendors::openedx::World;

/// The caller's own enrollments, or those of `user`, the oldest first.
pub fn list_user_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let world = call.context.read();
    let caller = caller(call, &world)?;
    let query = Query::parse(call.request.query.as_bytes());
    // As Django reads a query, the last one counts.
    let named = query.values("user").last();
    let (user, courses): (_, Option<HashSet<CourseNumber>>) = match named {
        None => (Some(caller), None),
        Some(name) if name == caller.username => (Some(caller), None),
        Some(name) => (
            world.user_named(name),
            (!caller.staff).then(|| caller.administers.iter().copied().collect()),
        ),
    };
    call.notes.scope(match (&user, &courses) {
        (None, _) => "nobody: no account has this name".to_owned(),
        (Some(user), None) => format!("all enrollments of {}", user.username),
        (Some(user), Some(courses)) => {
            let count = courses.len();
            let name = &user.username;
            format!("enrollments of {name} in the {count} courses that the caller administers")
        }
    });
    drop(world);
    let listing = Listing {
        world: call.context.world.clone(),
        user,
        courses,
        behind: Bound::Unbounded,
        shown: 0,
        has_ended: false,
    };
    let body = platform::body(listing, call.notes);
    Ok(Reply::new(StatusCode::OK, JSON, body))
}

/// A list under way. Each piece takes the lock anew and goes on behind the last enrollment written.
struct Listing {
    world: Shared<World>,
    /// None: an unknown user, who is enrolled in nothing.
    user: Option<Arc<User>>,
    /// The courses that the caller sees. None: all.
    courses: Option<HashSet<CourseNumber>>,
    behind: Bound<EnrollmentPlace>,
    /// How many rows are written.
    shown: usize,
    has_ended: bool,
}

impl Pieces for Listing {
    fn piece(&mut self, size: usize, json: &mut Vec<u8>) {
        if self.behind == Bound::Unbounded {
            json.push(b'[');
        }
        self.has_ended = self.write_rows(json, size);
        if self.has_ended {
            json.push(b']');
        }
    }

    fn has_ended(&self) -> bool {
        self.has_ended
    }

    fn parts(&self) -> usize {
        1
    }

    fn page(&self) -> Page {
        Page {
            cursor: None,
            shown: self.shown,
            next: None,
            previous: None,
        }
    }
}

impl Listing {
    /// Writes rows until there are `size` bytes; whether no more rows follow.
    fn write_rows(&mut self, json: &mut Vec<u8>, size: usize) -> bool {
        let Some(user) = &self.user else {
            return true;
        };
        let shared = self.world.clone();
        let world = shared.read();
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
            let Some(row) = list_fields::RowView::of(enrollment, &world) else {
                continue;
            };
            if self.shown > 0 {
                json.push(b',');
            }
            append(json, &EnrollmentView::of(&row));
            self.shown += 1;
        }
        true
    }
}
