//! What a request comes to: everything is looked up and checked before anything is done.

use std::collections::HashMap;
use std::sync::Arc;

use hyper::StatusCode;
use jiff::Timestamp;

use super::super::body::python::is_space;
use super::super::refusals;
use super::email::is_email;
use super::fields::{BulkParams, Identifiers};
use super::wire::{Answer, Courses, OfCourse, Outcome};
use super::work::Work;
use crate::platform::Outbox;
use crate::platform::{ApiError, Principal, quoted};
use crate::vendors::openedx::behaviour::{BulkNotFound, Drf, Profile, UnknownCourse};
use crate::vendors::openedx::records::User;
use crate::vendors::openedx::world::World;

/// How many identifiers times courses one request may name: ours, so that one request cannot eat the
/// memory. The vendor's server would give up long before.
const AT_MOST: usize = 100_000;

/// One identifier, looked up.
#[derive(Debug)]
pub struct Target<'a> {
    /// As it was sent.
    pub identifier: &'a str,
    /// What it means.
    pub kind: Kind,
}

/// What an identifier means.
#[derive(Debug)]
pub enum Kind {
    /// No account and no address.
    Invalid,
    /// A switch says that it fails.
    Failing,
    /// An account, or an address that has none.
    Person {
        /// The account.
        user: Option<Arc<User>>,
        /// Its address, or the one that was sent.
        email: String,
    },
}

/// A request that can be carried out.
#[derive(Debug)]
pub struct Plan<'a> {
    asked: &'a BulkParams,
    targets: Vec<Target<'a>>,
}

impl<'a> Plan<'a> {
    /// Looks everything up, in the order in which upstream does.
    ///
    /// # Errors
    /// The first thing that stops upstream, which then takes back what it did so far.
    pub fn check(
        asked: &'a BulkParams,
        world: &World,
        principal: &Principal,
    ) -> Result<Plan<'a>, ApiError> {
        let mut plan = Plan {
            asked,
            targets: Vec::new(),
        };
        let seen = world.seen_by(principal);
        for (at, key) in asked.courses.iter().enumerate() {
            let course = world.course(&key.sent);
            if course.is_none() && !is_made_up(asked, world) {
                return Err(unknown_course(&key.canonical, world));
            }
            let is_staff = world.caller(principal).is_some_and(|user| user.staff);
            if !is_staff && course.is_none_or(|course| !seen.course(course.number)) {
                return Err(ApiError::Forbidden);
            }
            // The identifiers are the same for each course: the first one finds what is wrong.
            if at == 0 {
                plan.targets = targets(asked, world)?;
            }
        }
        Ok(plan)
    }

    /// Does it.
    pub fn carry_out(self, world: &mut World, outbox: &Outbox, now: Timestamp) -> Answer {
        let profile = world.behaviour().profile;
        let mut courses: Vec<(String, OfCourse)> = Vec::new();
        let mut places = HashMap::new();
        for (at, key) in self.asked.courses.iter().enumerate() {
            let known = world.enrolled_course(&key.sent);
            let course = known.unwrap_or_else(|| world.made_up_course(&key.canonical));
            let mut work = Work {
                asked: self.asked,
                course: &course,
                world,
                outbox,
                now,
            };
            let mut results = work.results(&self.targets);
            if let Some(cohort) = self.asked.cohorts.get(at) {
                work.put_into_cohort(cohort, &self.targets, &mut results);
            }
            let of_course = self.of_course(profile, results);
            // A course that comes again overwrites what its key says.
            let place = *places.entry(&*key.sent).or_insert(courses.len());
            match courses.get_mut(place) {
                Some((_, former)) => *former = of_course,
                None => courses.push((key.sent.clone(), of_course)),
            }
        }
        Answer {
            auto_enroll: self.asked.auto_enroll.shown,
            email_students: self.asked.email_students.shown,
            action: self.asked.action.name(),
            courses: Courses(courses),
        }
    }

    fn of_course(&self, profile: Profile, results: Vec<Outcome>) -> OfCourse {
        let action = self.asked.action.name();
        let auto_enroll = self.asked.auto_enroll.acts;
        match profile {
            Profile::Legacy | Profile::Classic => OfCourse::ResultsFirst {
                action,
                results,
                auto_enroll,
            },
            Profile::Ulmo => OfCourse::ResultsLast {
                action,
                auto_enroll,
                results,
            },
        }
    }
}

/// Whether an unknown course is no hindrance.
fn is_made_up(asked: &BulkParams, world: &World) -> bool {
    let behaviour = world.behaviour();
    behaviour.profile == Profile::Ulmo
        && behaviour.unknown_course == UnknownCourse::Enroll
        && !asked.email_students.acts
}

fn unknown_course(key: &str, world: &World) -> ApiError {
    let what = format!("there is no course {key}");
    let detail = match world.behaviour().drf {
        Drf::Before315 => "Not found.".to_owned(),
        Drf::Since315 => format!("Course not found: {key}."),
    };
    match world.behaviour().bulk_not_found {
        BulkNotFound::Detail => refusals::detail(StatusCode::NOT_FOUND, &detail, &what),
        BulkNotFound::Empty => refusals::silence(StatusCode::NOT_FOUND, &what),
    }
}

/// Whom the identifiers mean.
fn targets<'a>(asked: &'a BulkParams, world: &World) -> Result<Vec<Target<'a>>, ApiError> {
    let Identifiers::Text(text) = &asked.identifiers else {
        let what = "the identifiers are a number, which cannot be split";
        return Err(ApiError::Broken(what.to_owned()));
    };
    let pieces = text.split(|c| c == ',' || is_space(c));
    let pieces: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
    if pieces.len().saturating_mul(asked.courses.len()) > AT_MOST {
        return Err(ApiError::Broken(format!(
            "{} identifiers and {} courses are more than {AT_MOST} enrollments",
            pieces.len(),
            asked.courses.len()
        )));
    }
    pieces.into_iter().map(|it| target(it, world)).collect()
}

fn target<'a>(identifier: &'a str, world: &World) -> Result<Target<'a>, ApiError> {
    let user = world.user_meant(identifier).map_err(|_| {
        let quoted = quoted(identifier);
        ApiError::Broken(format!("two accounts answer to {quoted}"))
    })?;
    let email = match &user {
        Some(user) => user.email.clone(),
        None => identifier.to_owned(),
    };
    let failing = &world.behaviour().failing_identifiers;
    // What a switch says counts, whatever the identifier is.
    let kind = if failing.iter().any(|it| it == identifier) {
        Kind::Failing
    } else if user.is_none() && !is_email(identifier) {
        Kind::Invalid
    } else {
        Kind::Person { user, email }
    };
    Ok(Target { identifier, kind })
}
